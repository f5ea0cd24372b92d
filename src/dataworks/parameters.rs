//! The documented rules for the parameters of a request.
//!
//! One pass reads and checks them: a request is short, so there is no faster path that stops early. A parameter is an
//! error where the documentation states a requirement; where its pages differ, or other sources print something else, a
//! warning names both. `ORIGIN.md` next to the schema lists the pages.

use std::collections::HashMap;
use std::ops::Range;

use super::query::{self, Fault};
use super::request::{Parameter, Request};
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::secret::{self, SecretNames};
use crate::diagnostic::words::{self, Words};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::text::{nearest, url};
use crate::xml::{self, FaultKind};
use crate::{Limits, json, operation};

/// The version of the API that has the operation.
pub(super) const VERSION: &str = "2020-05-18";

/// The allowed values of a parameter.
pub(super) enum Rule {
    /// Any text.
    Any,
    /// A 64-bit integer; required.
    Long,
    /// One value.
    Only(&'static str),
    /// One value is documented, but there are other ways to sign.
    Usually(&'static str),
    /// One of these values; other spellings of them are printed too.
    Spelt(&'static [&'static str]),
    /// `yyyy-MM-ddTHH:mm:ssZ`
    Timestamp,
}

/// The parameters that are documented or known from practice, with their allowed values and whether a request that is
/// signed in the query must have them.
pub(super) const KNOWN: &[(&str, Rule, bool)] = &[
    ("Action", Rule::Only(Request::ACTION), true),
    ("ProjectId", Rule::Long, false),
    ("MigrationId", Rule::Long, false),
    ("RegionId", Rule::Any, false),
    ("Version", Rule::Only(VERSION), true),
    ("Format", Rule::Spelt(&["JSON", "XML"]), false),
    ("AccessKeyId", Rule::Any, true),
    ("SignatureNonce", Rule::Any, true),
    ("Timestamp", Rule::Timestamp, true),
    ("SignatureMethod", Rule::Usually("HMAC-SHA1"), true),
    ("SignatureVersion", Rule::Usually("1.0"), true),
    ("SignatureType", Rule::Any, false),
    ("Signature", Rule::Any, false),
];

/// A text that contains parameters.
#[derive(Debug, Clone)]
pub(super) struct Source<'a> {
    pub(super) bytes: &'a [u8],
    /// The place of the query, or the form body, in it.
    pub(super) query: Range<usize>,
}

/// Reads the parameters of a request, with everything to report about them.
pub(super) fn read<'a>(bytes: &'a [u8], limits: &Limits) -> (Vec<Parameter<'a>>, Report) {
    if let Some(report) = too_large(bytes, limits) {
        return (Vec::new(), report);
    }
    let query = query::find(bytes);
    // In a URL, or a part of one, something comes before the parameters.
    let action = if query.start == 0 { Action::Elsewhere } else { Action::Here };
    let (parameters, mut reports) = read_sources(&[Source { bytes, query: query.clone() }], action, limits);
    let mut report = reports.pop().unwrap_or_default();
    check_url(bytes.get(..query.start).unwrap_or_default(), &mut report, limits);
    secret::conceal(&mut report, bytes, &SecretNames::of_credentials());
    (parameters, report)
}

/// The faults of the values of a request, which are JSON: of each value, and of the parameters they make.
pub(super) fn explain_json(bytes: &[u8], limits: &Limits) -> Report {
    let values = json::from_slice::<Request<'_>>(bytes, limits);
    let of_values = values.err().and_then(|error| error.report().cloned()).unwrap_or_default();
    let members = if json::is_readable(&json::well_formed(bytes, limits)) { json::members(bytes) } else { None };
    let Some((members, end)) = members else { return of_values };
    let parameter = |member| {
        let json::Placed { name, name_span, value, value_span } = member;
        let value = match value {
            json::Token::String(text) => text,
            json::Token::Number(number) => number.into(),
            _ => "".into(),
        };
        (Parameter { name, value }, Place { source: 0, name: name_span, value: value_span })
    };
    let (parameters, places): (Vec<_>, Vec<_>) = members.into_iter().map(parameter).unzip();
    let mut kept = [KeptDiagnostics::new(limits)];
    check(&parameters, &places, end, Action::Elsewhere, &mut kept);
    let [mut kept] = kept;
    let mut report = kept.finish();
    for diagnostic in &mut report.diagnostics {
        // A missing parameter is reported for the object, at its end.
        diagnostic.path = match diagnostic.span.start == end {
            true => String::new(),
            false => format!("/{}", words::shown(&diagnostic.path).replace('~', "~0").replace('/', "~1")),
        };
        diagnostic.span.end = diagnostic.span.end.max(diagnostic.span.start + 1);
    }
    // A value with another type has no text that a rule could check; repeated names are already reported.
    let is_known = |diagnostic: &Diagnostic| of_values.diagnostics.iter().any(|known| known.span == diagnostic.span);
    for known in report.diagnostics.extract_if(.., |diagnostic| is_known(diagnostic)) {
        match known.severity {
            Severity::Error => report.errors -= 1,
            Severity::Warning => report.warnings -= 1,
        }
    }
    kept.take(report);
    kept.take(of_values);
    let mut report = kept.finish();
    secret::conceal(&mut report, bytes, &SecretNames::of_credentials());
    report
}

/// Checks what comes before the parameters in a URL: its scheme, its host, its path.
fn check_url(bytes: &[u8], report: &mut Report, limits: &Limits) {
    let url = bytes.strip_suffix(b"?").unwrap_or(bytes);
    if url.is_empty() {
        return;
    }
    let mut kept = KeptDiagnostics::new(limits);
    let parts = url::parts(url);
    operation::placeholders(url, |severity, words, span| add(&mut kept, severity, words, span, ""));
    operation::check_url(url, &parts, |severity, words, span| add(&mut kept, severity, words, span, ""));
    if !matches!(url.get(parts.path.clone()), Some(b"" | b"/")) {
        add(&mut kept, Severity::Warning, words::url::unexpected_path("/"), parts.path, "");
    }
    kept.take(std::mem::take(report));
    *report = kept.finish();
}

pub(super) fn too_large(bytes: &[u8], limits: &Limits) -> Option<Report> {
    let limit = limits.document_bytes.min(u32::MAX as usize);
    (bytes.len() > limit).then(|| {
        let mut kept = KeptDiagnostics::new(limits);
        let fault = xml::Fault::new(FaultKind::DocumentTooLarge { limit, found: bytes.len() }, limit..limit);
        add(&mut kept, Severity::Error, words::well_formedness(&fault), fault.span, "");
        kept.finish()
    })
}

/// Reads the parameters of several texts as those of one request, with everything to report about each text. Missing
/// ones are reported for the last text.
pub(super) fn read_sources<'a>(
    sources: &[Source<'a>],
    action: Action,
    limits: &Limits,
) -> (Vec<Parameter<'a>>, Vec<Report>) {
    let mut kept: Vec<_> = sources.iter().map(|_| KeptDiagnostics::new(limits)).collect();
    let mut parameters = Vec::new();
    let mut places = Vec::new();
    let pairs = sources.iter().zip(0..).flat_map(|(source, index)| {
        query::pairs(source.bytes, source.query.clone()).map(move |pair| (source, index, pair))
    });
    let mut is_whole = true;
    for (source, index, pair) in pairs {
        let mut add = |severity, words, span, name: &str| {
            if let Some(kept) = kept.get_mut(index) {
                add(kept, severity, words, span, name);
            }
        };
        if parameters.len() >= limits.parameters {
            add(Severity::Error, words::too_many_parameters(limits.parameters), pair.name.span(), "");
            is_whole = false;
            break;
        }
        // The name that they concern is known once it is decoded.
        let mut faults = KeptFaults::new(limits.diagnostics);
        let name = pair.name.decode(|fault, span| faults.add(fault, span));
        if let Some(kept) = kept.get_mut(index) {
            faults.report(source.bytes, &name, kept);
        }
        let value = pair.value.decode(|fault, span| faults.add(fault, span));
        if let Some(kept) = kept.get_mut(index) {
            faults.report(source.bytes, &name, kept);
        }
        places.push(Place { source: index, name: pair.name.span(), value: pair.value.span() });
        parameters.push(Parameter { name, value });
    }
    if is_whole {
        let end = sources.last().map_or(0, |source| source.query.end);
        check(&parameters, &places, end, action, &mut kept);
    }
    (parameters, kept.iter_mut().map(KeptDiagnostics::finish).collect())
}

/// Where the operation is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// By the parameter `Action`.
    Here,
    /// Perhaps in a head that is not there.
    Elsewhere,
    /// By the field `x-acs-action`.
    #[cfg(feature = "http")]
    InField,
}

/// Faults in how a part is written: the first ones are kept, all are counted.
struct KeptFaults {
    first: Vec<(Fault, Range<usize>)>,
    limit: usize,
    other_errors: usize,
}

impl KeptFaults {
    fn new(limit: usize) -> KeptFaults {
        KeptFaults { first: Vec::new(), limit: limit.max(1), other_errors: 0 }
    }

    fn add(&mut self, fault: Fault, span: Range<usize>) {
        // A part has at most one warning, which comes before its errors, so it is always kept.
        match self.first.len() < self.limit {
            true => self.first.push((fault, span)),
            false => self.other_errors += 1,
        }
    }

    fn report(&mut self, bytes: &[u8], name: &str, kept: &mut KeptDiagnostics) {
        for (fault, span) in self.first.drain(..) {
            let written = String::from_utf8_lossy(bytes.get(span.clone()).unwrap_or_default());
            let (severity, words) = match fault {
                Fault::Escape => (Severity::Error, words::malformed_escape(&written)),
                Fault::Utf8 => (Severity::Error, words::escaped_bytes_not_utf8(name, &written)),
                Fault::Unescaped => (Severity::Warning, words::unescaped_character(&written)),
            };
            add(kept, severity, words, span, name);
        }
        kept.count_errors(std::mem::take(&mut self.other_errors));
    }
}

/// The place of a parameter.
struct Place {
    /// The index of the text.
    source: usize,
    name: Range<usize>,
    value: Range<usize>,
}

/// A bare form body may lack `Action`, since its client may name the operation in a header.
fn check(parameters: &[Parameter<'_>], places: &[Place], end: usize, action: Action, kept: &mut [KeptDiagnostics]) {
    let last = kept.len().saturating_sub(1);
    let mut add = |source: usize, severity, words, span, name: &str| {
        if let Some(kept) = kept.get_mut(source) {
            add(kept, severity, words, span, name);
        }
    };
    let mut first: HashMap<&str, &Place> = HashMap::with_capacity(parameters.len());
    let (mut near_misses, mut duplicates) = (Vec::new(), Vec::new());
    for (Parameter { name, value }, place) in parameters.iter().zip(places) {
        let known = KNOWN.iter().find(|(known, ..)| known == name);
        if let Some(earlier) = first.get(&**name) {
            // No page says which of two values counts; for an unknown parameter it may be a list.
            let severity = if known.is_some() { Severity::Error } else { Severity::Warning };
            let related = (earlier.source == place.source).then(|| earlier.name.clone());
            duplicates.push((severity, name, place, related));
            continue;
        }
        first.insert(name, place);
        match known {
            Some((_, rule, _)) => {
                if let Some((severity, words)) = rule.fault(name, value) {
                    add(place.source, severity, words, place.value.clone(), name);
                }
            }
            None => {
                let meant = nearest::nearest(name, KNOWN.iter().map(|(known, ..)| *known));
                near_misses.extend(meant.and_then(|index| KNOWN.get(index)).map(|(known, ..)| (*known, name, place)));
            }
        }
    }
    let signed = first.contains_key("Signature");
    for (name, rule, when_signed) in KNOWN.iter().filter(|(name, ..)| !first.contains_key(name)) {
        let (severity, words) = match rule {
            Rule::Long => (Severity::Error, words::missing_parameter(name)),
            _ if signed && *when_signed => (Severity::Error, words::missing_parameter_of_signature(name)),
            _ if *name == "Action" => match action {
                Action::Here => (Severity::Error, words::missing_parameter(name)),
                Action::Elsewhere => (Severity::Warning, words::missing_action()),
                #[cfg(feature = "http")]
                Action::InField => continue,
            },
            _ => continue,
        };
        // A name that is nearly right is more informative than a missing one.
        match near_misses.iter().position(|(meant, ..)| meant == name) {
            Some(index) => {
                let (meant, found, place) = near_misses.swap_remove(index);
                add(place.source, severity, words::misspelt_parameter(found, meant), place.name.clone(), found);
            }
            None => add(last, severity, words, end..end, name),
        }
    }
    for (meant, found, place) in near_misses {
        add(place.source, Severity::Warning, words::misspelt_parameter(found, meant), place.name.clone(), found);
    }
    for (severity, name, place, related) in duplicates {
        let Some(kept) = kept.get_mut(place.source) else { continue };
        kept.add(severity, || {
            let mut diagnostic =
                Diagnostic::new(words::duplicate_parameter(name), place.name.clone(), name.to_string());
            diagnostic.related = related.map(|earlier| (earlier, "first given here".to_owned()));
            diagnostic
        });
    }
}

fn add(kept: &mut KeptDiagnostics, severity: Severity, words: Words, span: Range<usize>, name: &str) {
    kept.add(severity, || Diagnostic::new(words, span, name.to_owned()));
}

/// The fault of the value that a parameter has elsewhere: in a field of the head.
#[cfg(feature = "http")]
pub(super) fn fault_of_value(name: &str, value: &str) -> Option<(Severity, Words)> {
    KNOWN.iter().find(|(known, ..)| *known == name)?.1.fault(name, value)
}

impl Rule {
    /// The fault of a value.
    fn fault(&self, name: &str, value: &str) -> Option<(Severity, Words)> {
        let wrong = |severity, documented: &[&str]| Some((severity, words::parameter_value(name, documented, value)));
        match self {
            Rule::Any => None,
            Rule::Long if long(value).is_some() => None,
            Rule::Long => Some((Severity::Error, words::parameter_not_an_integer(name, value))),
            Rule::Only(only) if value == *only => None,
            Rule::Only(only) => wrong(Severity::Error, &[*only]),
            Rule::Usually(usual) if value == *usual => None,
            Rule::Usually(usual) => wrong(Severity::Warning, &[*usual]),
            Rule::Spelt(values) if values.contains(&value) => None,
            Rule::Spelt(values) if values.iter().any(|known| known.eq_ignore_ascii_case(value)) => {
                wrong(Severity::Warning, values)
            }
            Rule::Spelt(values) => wrong(Severity::Error, values),
            Rule::Timestamp if is_timestamp(value) => None,
            Rule::Timestamp => Some((Severity::Error, words::parameter_not_a_time(name, value))),
        }
    }
}

/// A 64-bit integer in decimal digits.
pub(super) fn long(text: &str) -> Option<i64> {
    if text.starts_with('+') { None } else { text.parse().ok() }
}

/// `yyyy-MM-ddTHH:mm:ssZ`, each field within its range.
fn is_timestamp(text: &str) -> bool {
    let shape = b"0000-00-00T00:00:00Z";
    let fits = |(byte, shape): (u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == *shape };
    let within = |at: usize, least: u32, most: u32| {
        let field = text.get(at..at + 2).and_then(|field| field.parse::<u32>().ok());
        field.is_some_and(|field| (least..=most).contains(&field))
    };
    text.len() == shape.len()
        && text.bytes().zip(shape).all(fits)
        && within(5, 1, 12)
        && within(8, 1, 31)
        && within(11, 0, 23)
        && within(14, 0, 59)
        && within(17, 0, 60)
}
