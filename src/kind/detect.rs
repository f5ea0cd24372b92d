//! Detects the kind of a packet from its content alone. If a document is not a packet of the expected kind, finds out
//! what it is instead.

use std::ops::Range;

#[cfg(feature = "http")]
use super::capture::{self, CapturedMessage};
use super::evidence::{self, Evidence, LOOK_AHEAD, Look};
use super::{PacketKind, Syntax, foreign, json, xml};
use crate::diagnostic::places::in_utf8;
#[cfg(feature = "http")]
use crate::diagnostic::places::to_original;
use crate::diagnostic::secret::{self, SecretNames};
use crate::diagnostic::words::{self, Name, Words};
use crate::diagnostic::{Code, Diagnostic, Report, Severity};
use crate::{Limits, Schema, check};

/// A kind that was detected, with the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Detected {
    /// The kind.
    pub kind: PacketKind,
    /// Why it was detected, such as "it holds `result`"; empty if the kind was given.
    pub reason: String,
    /// The kind that it could equally be, if it was close; the reason then names that too.
    pub alternative: Option<PacketKind>,
}

/// The kind detected for a document, and all its errors and warnings.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Explained {
    /// The detected kind; for an HTTP capture, that of the first message that shows one. `None` if a kind was given.
    pub detected: Option<Detected>,
    /// The messages, if it is an HTTP capture.
    #[cfg(feature = "http")]
    pub messages: Vec<CapturedMessage>,
    /// Every error and warning, in document order.
    pub report: Report,
}

impl PacketKind {
    /// Detects the kind of a packet from its content alone, even if the packet is broken.
    ///
    /// A kind needs evidence: a member, an element or a parameter that only its packets have. What begins with `<` is
    /// XML. In a `packet`, `system`, `output` and `result`, and what a result begins with if `result` itself was
    /// forgotten, indicate an answer; `request-settings`, `password` and the parameters of operations indicate a
    /// request. A packet with none of these is taken for a request, since `<check/>` in `migration` is a complete
    /// operation. An answer of DataWorks is recognized by its root, or by one of its elements. What begins with `{` or
    /// `[` is JSON: its kind is the one that has most of the top-level members, among those with a member that no other
    /// kind has; common words such as `name` or `Message` are not evidence. Anything else may be a query string.
    ///
    /// The first 64 KiB of a packet are read, and the rest if these show nothing. An HTTP capture has the kind of the
    /// first message that shows one: a request by its path, its fields, its query or its body, an answer by its request
    /// or its body.
    ///
    /// ```
    /// use packetcheck::PacketKind;
    ///
    /// let detected = PacketKind::detect(b"<packet><migration><check/></migration></packet>");
    /// assert_eq!(detected.map(|detected| detected.kind), Some(PacketKind::PleskRequest));
    /// assert!(PacketKind::detect(br#"{"name":"Ada"}"#).is_none());
    /// ```
    pub fn detect(document: &[u8]) -> Option<Detected> {
        PacketKind::detect_limited(document, &Limits::default())
    }

    /// As [`PacketKind::detect`], with your own limits for a capture.
    #[cfg_attr(not(feature = "http"), expect(unused_variables))]
    pub fn detect_limited(document: &[u8], limits: &Limits) -> Option<Detected> {
        #[cfg(feature = "http")]
        if capture::is_capture(document) {
            return capture::detect(document, limits);
        }
        #[cfg(feature = "http")]
        if let Some(decoded) = capture::transcoded(document, limits) {
            return PacketKind::detect_limited(decoded.text().as_bytes(), limits);
        }
        detect_packet(document)
    }

    /// Whether a packet is valid for the kind it shows: the verdict of [`PacketKind::explain_detected`], without a
    /// report.
    ///
    /// ```
    /// use packetcheck::PacketKind;
    ///
    /// assert!(PacketKind::is_valid_detected(b"<packet><migration><check/></migration></packet>"));
    /// assert!(!PacketKind::is_valid_detected(br#"{"name":"Ada"}"#));
    /// ```
    pub fn is_valid_detected(document: &[u8]) -> bool {
        let limits = Limits::default();
        if xml::predicted(document, &limits, false).is_some() {
            return true;
        }
        #[cfg(feature = "http")]
        if capture::is_capture(document) || capture::transcoded(document, &limits).is_some() {
            return Explained::of(document, None, &limits).report.is_valid();
        }
        detect_packet(document)
            .is_some_and(|detected| (detected.kind.column(|entry| entry.is_valid))(document, &limits))
    }

    /// For the command and the Python package: the kind of a packet that is certainly valid and has no warnings. It is
    /// the one that [`PacketKind::detect`] finds. `None` means nothing either way.
    #[doc(hidden)]
    pub fn spotless(document: &[u8], limits: &Limits) -> Option<PacketKind> {
        xml::predicted(document, limits, true)
    }

    /// Detects the kind and reports every error and warning. A document that shows no kind is invalid.
    ///
    /// ```
    /// use packetcheck::PacketKind;
    ///
    /// let (detected, report) = PacketKind::explain_detected(b"<packet><migration><check/></migration></packet>");
    /// assert_eq!((detected.map(|detected| detected.kind), report.errors), (Some(PacketKind::PleskRequest), 0));
    /// ```
    pub fn explain_detected(document: &[u8]) -> (Option<Detected>, Report) {
        PacketKind::explain_detected_limited(document, &Limits::default())
    }

    /// As [`PacketKind::explain_detected`], with your own limits.
    pub fn explain_detected_limited(document: &[u8], limits: &Limits) -> (Option<Detected>, Report) {
        let Explained { detected, report, .. } = Explained::of(document, None, limits);
        (detected, report)
    }

    /// Replaces the report on a document by the cause of its errors if the document is not a packet of this kind. The
    /// verdict stays the same.
    pub(super) fn name_the_cause(self, document: &[u8], report: Report) -> Report {
        match report.is_valid() {
            true => self.name_the_cause_in_values(document, report),
            // A complete XML document with the root of a packet is neither a page nor a message, and has nothing before
            // or after it.
            false if self.column(|entry| entry.syntax) == Syntax::Xml && is_about_content(&report) => {
                in_place_of_symptoms(self.another(document), document, report)
            }
            false => {
                let cause = self.cause(document).or_else(|| self.of_another_syntax(document));
                in_place_of_symptoms(cause, document, report)
            }
        }
    }

    /// Replaces the report on values in the same way; values are JSON whatever the syntax of the kind.
    pub(super) fn name_the_cause_in_values(self, document: &[u8], report: Report) -> Report {
        match report.is_valid() {
            true if self.column(|entry| entry.syntax) == Syntax::Xml => report,
            true => self.warn_of_foreign_members(document, report),
            false => in_place_of_symptoms(self.cause(document), document, report),
        }
    }

    /// What a document is, if that is known and it is not a packet of this kind.
    fn cause(self, document: &[u8]) -> Option<Diagnostic> {
        foreign::recognize(document).or_else(|| self.another(document))
    }

    /// Reports a packet of another kind, if it has nothing that packets of this kind have.
    fn another(self, document: &[u8]) -> Option<Diagnostic> {
        let found = evidence::of(document);
        if found.iter().any(|evidence| evidence.kind == self) {
            return None;
        }
        let words = match found.first() {
            Some(Evidence { kind, reason }) => words::another_kind(self.name(), &[kind.name()], reason),
            None => {
                let Detected { kind, reason, alternative } = detect_packet(document)?;
                let others: Vec<PacketKind> = [Some(kind), alternative].into_iter().flatten().collect();
                if others.contains(&self) {
                    return None;
                }
                let names: Vec<&str> = others.iter().map(|other| other.name()).collect();
                words::another_kind(self.name(), &names, &reason)
            }
        };
        let (span, path) = beginning(document);
        Some(Diagnostic::new(words, span, path))
    }

    /// Reports a document that is not in the syntax of this kind: anything that its reader could report would be a
    /// symptom.
    fn of_another_syntax(self, document: &[u8]) -> Option<Diagnostic> {
        let text = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document).trim_ascii_start();
        let found = match text.first()? {
            b'<' => "XML",
            b'{' | b'[' => "JSON",
            _ => return None,
        };
        let expected = match (self.column(|entry| entry.syntax), found) {
            (Syntax::Xml, "JSON") => "XML",
            (Syntax::Json, "XML") => "JSON",
            (Syntax::Query, _) => "a query string",
            _ => return None,
        };
        let (span, path) = beginning(document);
        Some(Diagnostic::new(words::another_syntax(self.name(), expected, found), span, path))
    }

    /// Warns about unknown members. JSON can have any members, so a message of another kind, or of none, is valid, but
    /// that is rarely intended.
    fn warn_of_foreign_members(self, document: &[u8], mut report: Report) -> Report {
        if Look::of(document) != Look::Json || json::shows(self, &evidence::head(document)) {
            return report;
        }
        let head = evidence::head(document);
        let warnings = match self.another(document) {
            Some(warning) => vec![warning],
            // Names that are nearly right are already reported.
            None if !report.diagnostics.is_empty() || !json::has_only_unknown_members(self, &head) => Vec::new(),
            None => match json::nearly_members(self, &head) {
                warnings if warnings.is_empty() => {
                    let (span, path) = beginning(document);
                    vec![Diagnostic::new(words::no_member(self.name()), span, path)]
                }
                warnings => warnings,
            },
        };
        if !warnings.is_empty() {
            report.warnings += warnings.len();
            let warning = |mut warning: Diagnostic| {
                warning.severity = Severity::Warning;
                warning
            };
            report.diagnostics.splice(0..0, warnings.into_iter().map(warning));
            report = masked(document, report);
        }
        report
    }
}

impl Explained {
    /// Explains a document by the given kind, or by the one it shows.
    ///
    /// ```
    /// use packetcheck::{Explained, Limits, PacketKind};
    ///
    /// let explained = Explained::of(br#"{"state": "RUNNING", "sub_tasks": [{"progress": 101}]}"#, None, &Limits::new());
    /// assert_eq!(explained.detected.map(|detected| detected.kind), Some(PacketKind::SmsTask));
    /// assert_eq!(explained.report.diagnostics[0].path, "/sub_tasks/0/progress");
    /// ```
    pub fn of(document: &[u8], kind: Option<PacketKind>, limits: &Limits) -> Explained {
        #[cfg(feature = "http")]
        if capture::is_capture(document) {
            let (messages, report) = capture::explain(document, kind, limits);
            let detected = messages.iter().find_map(|message| message.detected.clone()).filter(|_| kind.is_none());
            return Explained { detected, messages, report };
        }
        #[cfg(feature = "http")]
        if let Some(decoded) = capture::transcoded(document, limits) {
            let mut explained = Explained::of(decoded.text().as_bytes(), kind, limits);
            to_original(&mut explained.report, &decoded);
            return explained;
        }
        let detected = if kind.is_some() { None } else { detect_packet(document) };
        let report = match kind.or(detected.as_ref().map(|detected| detected.kind)) {
            Some(kind) => kind.explain_packet(document, limits),
            None => masked(document, of_no_kind(document, limits)),
        };
        Explained {
            detected,
            #[cfg(feature = "http")]
            messages: Vec::new(),
            report,
        }
    }

    /// For the command: replaces the report on a document that should follow a schema, or just be XML, by the cause of
    /// its errors if the document is something else, as for packets. The verdict stays the same.
    #[doc(hidden)]
    pub fn name_the_cause(document: &[u8], schema: Option<&Schema>, report: Report) -> Report {
        if report.is_valid() {
            return report;
        }
        // The report is already masked.
        let Some(cause) = foreign::recognize_in_xml(document, schema) else { return report };
        let mut report = in_place_of_symptoms(Some(cause), document, report);
        if let Some(schema) = schema {
            schema.conceal(document, &mut report);
        }
        report
    }
}

impl Detected {
    /// A kind that was given, not detected.
    #[cfg(feature = "http")]
    pub(super) fn named(kind: PacketKind) -> Detected {
        Detected { kind, reason: String::new(), alternative: None }
    }
}

impl From<Evidence> for Detected {
    fn from(Evidence { kind, reason }: Evidence) -> Detected {
        Detected { kind, reason, alternative: None }
    }
}

/// The kind of a document without a head.
pub(super) fn detect_packet(document: &[u8]) -> Option<Detected> {
    let mut found = evidence::near_the_first(document).into_iter();
    if let Some(first) = found.next() {
        let other = found.next();
        let alternative = other.as_ref().map(|other| other.kind);
        let addition = other.map(|other| format!(", but also: {} (`{}`)", other.reason, other.kind));
        let reason = first.reason + &addition.unwrap_or_default();
        return Some(Detected { kind: first.kind, reason, alternative });
    }
    let is_packet = |part: &[u8]| (Look::of(part) == Look::Xml && xml::is_packet(part)).then_some(());
    evidence::first_shown(document, is_packet).map(|()| Detected {
        kind: PacketKind::PleskRequest,
        reason: "nothing in it shows whether it is a request or an answer".to_owned(),
        alternative: Some(PacketKind::PleskResponse),
    })
}

/// Whether a report is complete, and none of it is about the syntax or the root.
fn is_about_content(report: &Report) -> bool {
    let is_of_content = |diagnostic: &Diagnostic| {
        let code = diagnostic.code;
        code != Code::UnexpectedRoot
            && ["PC02", "PC03", "PC04", "PC05"].iter().any(|group| code.as_str().starts_with(group))
    };
    report.diagnostics.len() == report.errors + report.warnings && report.diagnostics.iter().all(is_of_content)
}

fn in_place_of_symptoms(cause: Option<Diagnostic>, document: &[u8], report: Report) -> Report {
    match cause {
        Some(cause) => masked(document, Report { diagnostics: vec![cause], errors: 1, warnings: 0 }),
        None => report,
    }
}

/// A report without the credentials of a document.
fn masked(document: &[u8], mut report: Report) -> Report {
    secret::conceal(&mut report, document, &SecretNames::of_credentials());
    report
}

/// The report on a document that shows no kind: what it is instead, or what keeps it from being what it looks like, or
/// otherwise that it is not a packet.
fn of_no_kind(document: &[u8], limits: &Limits) -> Report {
    if let Some(cause) = foreign::recognize(document) {
        return Report { diagnostics: vec![cause], errors: 1, warnings: 0 };
    }
    match Look::of(document) {
        Look::Xml => {
            let report = check::well_formed(document, limits);
            if !report.is_valid() {
                return report;
            }
            let mut report = Report::default();
            in_utf8(document, &mut report, |text, report| {
                let (root, span) = xml::root(text.unwrap_or_default());
                let roots = xml::ROOTS.iter().map(|root| Name::without_namespace(root));
                let words = words::unexpected_root(Name::without_namespace(root), roots, |_| false, None);
                *report = one_error(words, span, format!("/{root}"));
            });
            report
        }
        Look::Json => {
            let mut report = no_packet(document, "JSON without a member that only one kind has");
            let misspelt = json::misspelt(&evidence::head(document));
            report.warnings += misspelt.len();
            report.diagnostics.extend(misspelt);
            report
        }
        Look::Text => no_packet(document, "text that is neither XML nor JSON nor a query string"),
    }
}

/// Points at the first line.
fn no_packet(document: &[u8], found: &str) -> Report {
    one_error(words::no_kind(found), first_line(document), String::new())
}

/// The beginning of a document: the tag of its root, or its first line; and the path to that.
fn beginning(document: &[u8]) -> (Range<usize>, String) {
    match xml::root(document) {
        ("", _) => (first_line(document), String::new()),
        (root, span) => (span, format!("/{root}")),
    }
}

fn first_line(document: &[u8]) -> Range<usize> {
    let start = document.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let line = document.get(start..).unwrap_or_default();
    let end = start + memchr::memchr2(b'\n', b'\r', line).unwrap_or(line.len());
    // Places are kept in 32 bits.
    start..end.min(start.saturating_add(LOOK_AHEAD))
}

fn one_error(words: Words, span: Range<usize>, path: String) -> Report {
    Report { diagnostics: vec![Diagnostic::new(words, span, path)], errors: 1, warnings: 0 }
}
