//! Packets in JSON: the members at the top show the kind.

use super::{Detected, Kind};
use crate::json::Root;
use crate::{dataworks, sms};

/// The kinds in JSON, with what their documents may be.
const KINDS: &[(Kind, &Root)] =
    &[(Kind::DataWorksResponse, dataworks::RESPONSE), (Kind::SmsTask, sms::TASK), (Kind::SmsProgress, sms::PROGRESS)];

/// Names that are looked at.
const MOST_NAMES: usize = 256;

/// The kind of what a document begins with: the one that has most of the members at the top. A name counts half if it
/// is right but for the case of its letters and for underscores.
///
/// It is close where another kind has as many, or has one that the kind taken does not have.
pub(super) fn detect(head: &[u8]) -> Option<Detected> {
    let names = names(head);
    let count = |root: &Root| names.iter().map(|name| weight(root, name)).sum::<usize>();
    // Of several with the same count the first is taken.
    let (kind, root) = KINDS.iter().copied().rev().max_by_key(|(_, root)| count(root))?;
    if count(root) == 0 {
        return None;
    }
    let is_of = |root: &Root, name: &str| weight(root, name) > 0;
    let others = || KINDS.iter().copied().filter(|(other, _)| *other != kind);
    let own = names.iter().find(|name| is_of(root, name) && !others().any(|(_, other)| is_of(other, name)));
    let shown_by = own.or_else(|| names.iter().find(|name| is_of(root, name)))?;
    let foreign = others().find_map(|(other, theirs)| {
        let name = names.iter().find(|name| is_of(theirs, name) && !is_of(root, name))?;
        Some((other, format!(", though also `{}` of `{other}`", name.escape_debug())))
    });
    let as_many = || {
        let (other, _) = others().find(|(_, other)| count(other) == count(root))?;
        Some((other, format!(", which `{other}` could have too")))
    };
    let (alternative, addition) = match foreign.or_else(as_many) {
        Some((other, addition)) => (Some(other), addition),
        None => (None, String::new()),
    };
    Some(Detected { kind, reason: format!("it has `{}`{addition}", shown_by.escape_debug()), alternative })
}

/// How much a name speaks for documents of a kind.
fn weight(root: &Root, name: &str) -> usize {
    let alternative = root.alternative.iter().flat_map(|alternative| alternative.shape.members);
    let members = || root.main.members.iter().chain(alternative.clone()).map(|member| member.name);
    if members().any(|member| member == name) {
        2
    } else {
        usize::from(members().any(|member| is_nearly(member, name)))
    }
}

fn is_nearly(member: &str, name: &str) -> bool {
    let letters = |text: &'_ str| {
        text.chars().filter(|character| *character != '_').map(|character| character.to_ascii_lowercase()).collect()
    };
    let (member, name): (String, String) = (letters(member), letters(name));
    member == name
}

/// The names of the members of the outermost object, or of the first one in an array around it. Nothing is expected to
/// be right: a name is any string at that depth that a colon follows, or that follows a brace or a comma; so is a word
/// there without quotes.
fn names(head: &[u8]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut objects = 0_usize;
    let mut arrays = 0_usize;
    let mut may_be_name = false;
    let mut at = 0;
    while let Some(&byte) = head.get(at) {
        let rest = head.get(at + 1..).unwrap_or_default();
        let length = match byte {
            b'"' | b'\'' => string_length(rest, byte),
            b'A'..=b'Z' | b'a'..=b'z' | b'_' => word_length(rest),
            _ => 0,
        };
        let is_top = objects == 1 && arrays == 0;
        match byte {
            b'{' => (objects, may_be_name) = (objects + 1, objects == 0),
            // A brace too many does not end the object.
            b'}' => (objects, may_be_name) = (objects.saturating_sub(1).max(1), false),
            b'[' if objects > 0 => arrays += 1,
            b']' => arrays = arrays.saturating_sub(1),
            b',' => may_be_name = is_top,
            b'"' | b'\'' => {
                let behind = rest.get(length + 1..).unwrap_or_default();
                let is_named = behind.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b':');
                if is_top && (may_be_name || is_named) {
                    names.push(resolved(rest.get(..length).unwrap_or_default()));
                }
                may_be_name = false;
                at += 1;
            }
            b'A'..=b'Z' | b'a'..=b'z' | b'_' if is_top && may_be_name => {
                names.push(resolved(head.get(at..=at + length).unwrap_or_default()));
                may_be_name = false;
            }
            _ => {}
        }
        if names.len() == MOST_NAMES {
            break;
        }
        at += length + 1;
    }
    names
}

/// How many bytes stand before the quote that ends a string, or before the line break where it was forgotten.
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

/// A name with its escapes resolved, if they are right.
fn resolved(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name);
    let escaped = name.contains('\\').then(|| serde_json::from_str(&format!("\"{name}\"")).ok()).flatten();
    escaped.unwrap_or_else(|| name.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(document: &str) -> Option<(Kind, String, Option<Kind>)> {
        Kind::detect(document.as_bytes()).map(|detected| (detected.kind, detected.reason, detected.alternative))
    }

    fn kind(document: &str) -> Option<Kind> {
        detected(document).map(|(kind, ..)| kind)
    }

    #[test]
    fn members_show_the_kind() {
        let (task, report) = (Some(Kind::SmsTask), Some(Kind::SmsProgress));
        assert_eq!(kind(r#"{"id": "1", "state": "RUNNING", "sub_tasks": [{"progress": 1}]}"#), task);
        assert_eq!(kind(r#"{"error_msg": "no", "error_code": "SMS.6531"}"#), task);
        assert_eq!(kind(r#"{"subtask_name": "CLONE_VM", "progress": 5}"#), report);
        assert_eq!(kind(r#"{"Data": [], "RequestId": "1"}"#), Some(Kind::DataWorksResponse));
        assert_eq!(kind(r#"{"Code": "InternalError"}"#), Some(Kind::DataWorksResponse));
        assert_eq!(detected(r#"{"totalsize": 5}"#), Some((Kind::SmsProgress, "it has `totalsize`".to_owned(), None)));
    }

    #[test]
    fn broken_documents_show_it_too() {
        let (task, report) = (Some(Kind::SmsTask), Some(Kind::SmsProgress));
        assert_eq!(kind(r#"{"subtask_name"#), report);
        assert_eq!(kind(r#"{"subtask_name": "CLONE_VM"#), report);
        assert_eq!(kind(r#"{'name': "x"}"#), task);
        assert_eq!(kind(r#"{name: "x"}"#), task);
        assert_eq!(kind(r#"{"n\u0061me": "x"}"#), task);
        assert_eq!(kind("{\"name: \n \"sub_tasks\": ["), task);
        assert_eq!(kind(r#"{"subtaskName": "CLONE_VM"}"#), report);
        assert_eq!(kind(r#"[{"replicatesize" 5}]"#), report);
        assert_eq!(kind("\u{feff}{\"replicatesize\": 5}}"), report);
        assert_eq!(kind(r#"{"a\"": {"sub_tasks": 1}, "totalsize": 1}"#), report);
    }

    #[test]
    fn what_is_close_is_said() {
        let close = detected(r#"{"name": "x", "state": "RUNNING", "subtask_name": "CLONE_VM"}"#);
        let reason = "it has `name`, though also `subtask_name` of `sms-progress`".to_owned();
        assert_eq!(close, Some((Kind::SmsTask, reason, Some(Kind::SmsProgress))));
        let both = detected(r#"{"migrate_speed": 1}"#);
        let reason = "it has `migrate_speed`, which `sms-progress` could have too".to_owned();
        assert_eq!(both, Some((Kind::SmsTask, reason, Some(Kind::SmsProgress))));
    }

    #[test]
    fn other_documents_show_none() {
        for document in [
            "{}",
            "[]",
            "{",
            "\"",
            "[[[[",
            "{\"packet\": 1}",
            "{\"a\": {\"sub_tasks\": 1}}",
            "[\"progress\"]",
            "{\"a\": name}",
        ] {
            assert_eq!(kind(document), None, "{document}");
        }
    }
}
