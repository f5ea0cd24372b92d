//! Packets in JSON: the top-level members show the kind.

use std::borrow::Cow;
use std::ops::Range;

use super::PacketKind;
use super::evidence::Evidence;
use crate::diagnostic::words::json as say;
use crate::diagnostic::{Diagnostic, Severity};
use crate::json::Root;
use crate::text::lookalike::narrowed;
use crate::text::nearest::{nearest, same_letters};

/// The evidence for a kind in JSON.
pub(super) struct Members {
    pub(super) root: &'static Root,
    /// Names that only messages of this kind have, alone or in combination. Common words are not among them, nor names
    /// that another kind has too.
    pub(super) evidence: &'static [&'static [&'static str]],
}

/// The kinds in JSON.
fn kinds() -> impl Iterator<Item = (PacketKind, &'static Members)> {
    PacketKind::ALL.into_iter().filter_map(|kind| Some((kind, kind.column(|entry| entry.members)?)))
}

/// The most names that are looked at.
const MOST_NAMES: usize = 256;

/// No kind has more sets of names as evidence, and no set has more than eight names.
const MOST_SETS: usize = 32;

impl Members {
    /// The first of the names that shows this kind.
    fn shown_by<'n>(&self, names: &[&'n str]) -> Option<&'n str> {
        let has = |name: &&str| names.contains(name);
        let shows = |name: &str| self.evidence.iter().any(|set| set.contains(&name) && set.iter().all(has));
        names.iter().copied().find(|name| shows(name))
    }

    /// The names of its members, including those of its error body.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        let alternative = self.root.alternative.iter();
        let of_alternative = alternative.flat_map(|alternative| {
            alternative.shape.members.iter().map(|member| member.name).chain(alternative.marks.iter().copied())
        });
        self.root.main.members.iter().map(|member| member.name).chain(of_alternative)
    }

    fn has(&self, name: &str) -> bool {
        self.names().any(|member| member == name)
    }

    /// A warning for each name that is not one of its members but was meant as one.
    fn warnings(
        &self,
        names: &[(String, Range<usize>)],
        meant: impl Fn(&str) -> Option<&'static str>,
    ) -> Vec<Diagnostic> {
        let warning = |(name, span): &(String, Range<usize>)| {
            let words = say::misspelt_member(name, meant(name).filter(|_| !self.has(name))?);
            let mut warning = Diagnostic::new(words, span.clone(), format!("/{}", name.escape_debug()));
            warning.severity = Severity::Warning;
            Some(warning)
        };
        names.iter().filter_map(warning).collect()
    }
}

/// The evidence in a document for each kind. The kind that has most of the top-level members comes first; ties keep the
/// order of the kinds.
pub(super) fn evidence(head: &[u8]) -> Vec<Evidence> {
    let names = names(head);
    let names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
    let shown = kinds().filter_map(|(kind, members)| Some((kind, members, members.shown_by(&names)?)));
    let mut shown: Vec<_> = shown.collect();
    shown.sort_by_key(|(_, members, _)| std::cmp::Reverse(names.iter().filter(|name| members.has(name)).count()));
    let reason = |name: &str| format!("it has `{}`", name.escape_debug());
    shown.into_iter().map(|(kind, _, name)| Evidence { kind, reason: reason(name) }).collect()
}

/// Whether a document shows that it is of a kind: the first member that is enough, alone or with those before it, ends
/// the search.
pub(super) fn shows(kind: PacketKind, head: &[u8]) -> bool {
    let Some(own) = kind.column(|entry| entry.members) else { return false };
    // For each set, one bit for each name that was present.
    let mut given = [0_u8; MOST_SETS];
    let mut names = Names::new(head).take(MOST_NAMES);
    names.any(|(name, _)| {
        let mut is_enough = false;
        for (set, given) in own.evidence.iter().zip(&mut given) {
            if let Some(index) = set.iter().position(|known| *known == name) {
                *given |= 1 << index;
                is_enough |= given.count_ones() as usize == set.len();
            }
        }
        is_enough
    })
}

/// Whether a document has top-level members, and none that messages of this kind have.
pub(super) fn has_only_unknown_members(kind: PacketKind, head: &[u8]) -> bool {
    let names = names(head);
    let members = kind.column(|entry| entry.members);
    !names.is_empty() && members.is_some_and(|members| !names.iter().any(|(name, _)| members.has(name)))
}

/// A warning for each top-level member of a document of no kind that would be evidence if it were spelled right: if
/// there is one, for all members that are similar to those of that kind.
pub(super) fn misspelt(head: &[u8]) -> Vec<Diagnostic> {
    let names = names(head);
    let nearly = |name: &str, known: &str| same_letters(&narrowed(name), known);
    let shows = |members: &&Members| {
        let mut single = members.evidence.iter().filter(|set| set.len() == 1).flat_map(|set| set.iter());
        single.any(|known| names.iter().any(|(name, _)| nearly(name, known)))
    };
    let Some(members) = kinds().map(|(_, members)| members).find(shows) else { return Vec::new() };
    members.warnings(&names, |name| members.names().find(|member| nearly(name, member)))
}

/// A warning for each top-level member whose name is similar to a member of a kind, including those of its error body.
pub(super) fn nearly_members(kind: PacketKind, head: &[u8]) -> Vec<Diagnostic> {
    let Some(members) = kind.column(|entry| entry.members) else { return Vec::new() };
    members.warnings(&names(head), |name| members.names().nth(nearest(name, members.names())?))
}

/// The names of the top-level members with their places, up to the limit.
fn names(head: &[u8]) -> Vec<(String, Range<usize>)> {
    Names::new(head).take(MOST_NAMES).map(|(name, place)| (name.into_owned(), place)).collect()
}

/// The names of the members of the outermost object, or of the first one in an array around it, each with its place. No
/// valid syntax is assumed: a name is any string at that depth that a colon follows, or that follows a brace or a
/// comma; so is an unquoted word there.
struct Names<'d> {
    head: &'d [u8],
    at: usize,
    objects: usize,
    arrays: usize,
    may_be_name: bool,
}

impl<'d> Names<'d> {
    fn new(head: &'d [u8]) -> Names<'d> {
        Names { head, at: 0, objects: 0, arrays: 0, may_be_name: false }
    }
}

impl<'d> Iterator for Names<'d> {
    type Item = (Cow<'d, str>, Range<usize>);

    fn next(&mut self) -> Option<(Cow<'d, str>, Range<usize>)> {
        let head = self.head;
        while let Some(&byte) = head.get(self.at) {
            let at = self.at;
            let rest = head.get(at + 1..).unwrap_or_default();
            let length = match byte {
                b'"' | b'\'' => string_length(rest, byte),
                b'A'..=b'Z' | b'a'..=b'z' | b'_' => word_length(rest),
                _ => 0,
            };
            self.at += length + 1;
            let is_top = self.objects == 1 && self.arrays == 0;
            match byte {
                b'{' => (self.objects, self.may_be_name) = (self.objects + 1, self.objects == 0),
                // An extra brace does not end the object.
                b'}' => (self.objects, self.may_be_name) = (self.objects.saturating_sub(1).max(1), false),
                b'[' if self.objects > 0 => self.arrays += 1,
                b']' => self.arrays = self.arrays.saturating_sub(1),
                b',' => self.may_be_name = is_top,
                b'"' | b'\'' => {
                    self.at += 1;
                    let after = rest.get(length + 1..).unwrap_or_default();
                    let is_named = || after.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
                    if is_top && (std::mem::take(&mut self.may_be_name) || is_named()) {
                        return Some((resolved(rest.get(..length).unwrap_or_default()), at..at + length + 2));
                    }
                    self.may_be_name = false;
                }
                b'A'..=b'Z' | b'a'..=b'z' | b'_' if is_top && std::mem::take(&mut self.may_be_name) => {
                    return Some((resolved(head.get(at..=at + length).unwrap_or_default()), at..at + length + 1));
                }
                _ => {}
            }
        }
        None
    }
}

/// The number of bytes before the quote that ends a string, or before the line break if it was forgotten.
fn string_length(rest: &[u8], quote: u8) -> usize {
    let mut is_escaped = false;
    let is_end = |byte: &u8| {
        let was_escaped = is_escaped;
        is_escaped = !was_escaped && *byte == b'\\';
        !was_escaped && (*byte == quote || *byte == b'\n')
    };
    rest.iter().position(is_end).unwrap_or(rest.len())
}

fn word_length(rest: &[u8]) -> usize {
    rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_').unwrap_or(rest.len())
}

/// A name with its escapes resolved, if they are valid.
fn resolved(name: &[u8]) -> Cow<'_, str> {
    let name = String::from_utf8_lossy(name);
    let escaped = name.contains('\\').then(|| serde_json::from_str(&format!("\"{name}\"")).ok()).flatten();
    escaped.map_or(name, Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(document: &str) -> Option<(PacketKind, String, Option<PacketKind>)> {
        PacketKind::detect(document.as_bytes()).map(|detected| (detected.kind, detected.reason, detected.alternative))
    }

    fn kind(document: &str) -> Option<PacketKind> {
        detected(document).map(|(kind, ..)| kind)
    }

    #[test]
    fn evidence_is_what_only_one_kind_has() {
        for (kind, members) in kinds() {
            assert!(members.evidence.len() <= MOST_SETS && members.evidence.iter().all(|set| set.len() <= 8));
            for name in members.evidence.iter().copied().flatten() {
                assert!(members.has(name), "{name}");
                assert!(!kinds().any(|(other, members)| other != kind && members.has(name)), "{name}");
            }
        }
    }

    #[test]
    fn members_show_the_kind() {
        let (task, report) = (Some(PacketKind::SmsTask), Some(PacketKind::SmsProgress));
        assert_eq!(kind(r#"{"id": "1", "state": "RUNNING", "sub_tasks": [{"progress": 1}]}"#), task);
        assert_eq!(kind(r#"{"error_msg": "no", "error_code": "SMS.6531"}"#), task);
        assert_eq!(kind(r#"{"errorMsg": "no", "errorCode": "SMS.6531"}"#), task);
        assert_eq!(kind(r#"{"subtask_name": "CLONE_VM", "progress": 5}"#), report);
        assert_eq!(kind(r#"{"Data": [], "RequestId": "1"}"#), Some(PacketKind::DataWorksResponse));
        assert_eq!(kind(r#"{"Code": "InternalError", "Message": "no"}"#), Some(PacketKind::DataWorksResponse));
        assert_eq!(
            detected(r#"{"totalsize": 5}"#),
            Some((PacketKind::SmsProgress, "it has `totalsize`".to_owned(), None))
        );
    }

    #[test]
    fn broken_documents_show_it_too() {
        let (task, report) = (Some(PacketKind::SmsTask), Some(PacketKind::SmsProgress));
        assert_eq!(kind(r#"{"subtask_name"#), report);
        assert_eq!(kind(r#"{"subtask_name": "CLONE_VM"#), report);
        assert_eq!(kind(r#"{'os_type': "x"}"#), task);
        assert_eq!(kind(r#"{os_type: "x"}"#), task);
        assert_eq!(kind(r#"{"os_t\u0079pe": "x"}"#), task);
        assert_eq!(kind("{\"name: \n \"sub_tasks\": ["), task);
        assert_eq!(kind(r#"[{"replicatesize" 5}]"#), report);
        assert_eq!(kind("\u{feff}{\"replicatesize\": 5}}"), report);
        assert_eq!(kind(r#"{"a\"": {"sub_tasks": 1}, "totalsize": 1}"#), report);
    }

    #[test]
    fn a_close_second_kind_is_mentioned() {
        let close = detected(r#"{"name": "x", "os_type": "LINUX", "subtask_name": "CLONE_VM"}"#);
        let reason = "it has `os_type`, but also: it has `subtask_name` (`sms-progress`)".to_owned();
        assert_eq!(close, Some((PacketKind::SmsTask, reason, Some(PacketKind::SmsProgress))));
    }

    #[test]
    fn other_documents_show_no_kind() {
        for document in [
            "{}",
            "[]",
            "{",
            "\"",
            "[[[[",
            "{\"packet\": 1}",
            "{\"a\": {\"sub_tasks\": 1}}",
            "[\"progress\"]",
            "{\"a\": os_type}",
            // Common words, or names that two kinds have.
            r#"{"name": "x", "version": "1.0.0", "type": "module", "id": 1, "state": "x"}"#,
            r#"{"message": "Internal Server Error"}"#,
            r#"{"Message": "An error has occurred."}"#,
            r#"{"migrate_speed": 1}"#,
            // Names that are only similar.
            r#"{"subtaskName": "CLONE_VM"}"#,
            r#"{"httpStatusCode": 200, "requestId": 7}"#,
        ] {
            assert_eq!(kind(document), None, "{document}");
        }
    }
}
