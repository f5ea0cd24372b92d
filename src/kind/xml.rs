//! Packets in XML: the root element shows the system, what is in it the kind.

use std::ops::Range;

use super::{Detected, Kind};
use crate::Limits;
use crate::xml::{Reader, Token};

/// The root elements of all kinds.
pub(super) const ROOTS: &[&str] = &["packet", "GetMigrationProcessResponse", "Error"];

/// What the elements in an answer of DataWorks or its gateway are called.
const DATAWORKS: &[&str] = &[
    "RequestId",
    "HttpStatusCode",
    "ErrorMessage",
    "Success",
    "ErrorCode",
    "Data",
    "HostId",
    "Code",
    "Message",
    "Recommend",
    "TaskStatus",
    "TaskName",
];

/// The kind of what a document begins with.
pub(super) fn detect(head: &[u8]) -> Option<Detected> {
    // A document with a DOCTYPE shows its kind too; whether it may have one is for others to say.
    let limits = Limits { allow_doctype: true, ..Limits::default() };
    let mut reader = Reader::new(head, &limits).ok()?;
    let mut depth = 0_usize;
    let mut in_packet = false;
    loop {
        match reader.next(&mut |_| {}) {
            Token::Start { name, prefix_length, .. } => {
                let local = local_name(name, prefix_length);
                let found = match depth {
                    0 => root_kind(local),
                    _ => element_kind(depth, local, in_packet),
                };
                if let Some((kind, reason)) = found {
                    return Some(Detected { kind, reason, alternative: None });
                }
                in_packet |= depth == 0 && local.eq_ignore_ascii_case("packet");
                depth += 1;
            }
            Token::End { .. } => depth = depth.saturating_sub(1),
            Token::Text { .. } => {}
            Token::Eof if in_packet => {
                let reason = "nothing in it tells a request from an answer".to_owned();
                let alternative = Some(Kind::PleskResponse);
                return Some(Detected { kind: Kind::PleskRequest, reason, alternative });
            }
            Token::Eof => return None,
        }
    }
}

/// The kind that a root element alone shows, and why. One in other letters, or a part of the answer without its root,
/// is a mistake in a packet of that kind.
fn root_kind(name: &str) -> Option<(Kind, String)> {
    let root = |root: &&&str| root.eq_ignore_ascii_case(name);
    match ROOTS.iter().skip(1).find(root) {
        Some(root) => Some((Kind::DataWorksResponse, format!("its root is `{root}`"))),
        None if DATAWORKS.contains(&name) => Some((Kind::DataWorksResponse, format!("it begins with `{name}`"))),
        None => None,
    }
}

/// The kind that an element shows, and why.
fn element_kind(depth: usize, name: &str, in_packet: bool) -> Option<(Kind, String)> {
    let kind = match in_packet {
        true => packet_kind(depth, name),
        false => DATAWORKS.contains(&name).then_some(Kind::DataWorksResponse),
    };
    Some((kind?, format!("it holds `{name}`")))
}

fn local_name(name: &str, prefix_length: usize) -> &str {
    name.get(prefix_length..).unwrap_or(name).trim_start_matches(':')
}

/// The kind whose packets alone have such an element at such a depth: operators are at 1, operations at 2.
fn packet_kind(depth: usize, name: &str) -> Option<Kind> {
    match (depth, name) {
        // Not what is in it: a name there is a piece of it.
        (_, name) if name.eq_ignore_ascii_case("password") => Some(Kind::PleskRequest),
        (_, "result" | "status" | "errcode" | "errtext") => Some(Kind::PleskResponse),
        (1, "system" | "output") => Some(Kind::PleskResponse),
        (1, "request-settings") => Some(Kind::PleskRequest),
        (1 | 2, _) => None,
        (_, _) => Some(Kind::PleskRequest),
    }
}

/// The name of the root element and where its tag stands; empty where there is none.
pub(super) fn root(document: &[u8]) -> (&str, Range<usize>) {
    let limits = Limits { allow_doctype: true, ..Limits::default() };
    let Ok(mut reader) = Reader::new(document, &limits) else { return ("", 0..0) };
    loop {
        match reader.next(&mut |_| {}) {
            Token::Start { name, span, .. } => return (name, span.0..span.1),
            Token::Eof => return ("", 0..0),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Kind;

    fn kind(document: &str) -> Option<Kind> {
        Kind::detect(document.as_bytes()).map(|detected| detected.kind)
    }

    #[test]
    fn whole_packets_show_their_kind() {
        let request = "<packet><migration><get_status><migration_id>1</migration_id></get_status></migration></packet>";
        assert_eq!(kind(request), Some(Kind::PleskRequest));
        assert_eq!(kind("<packet><migration><check/></migration></packet>"), Some(Kind::PleskRequest));
        assert_eq!(kind("<packet><request-settings/></packet>"), Some(Kind::PleskRequest));
        let response = "<packet><migration><check><result><status>ok</status></result></check></migration></packet>";
        assert_eq!(kind(response), Some(Kind::PleskResponse));
        assert_eq!(kind("<?xml version='1.0'?>\n\t<packet><system/></packet>"), Some(Kind::PleskResponse));
    }

    #[test]
    fn broken_packets_show_it_too() {
        assert_eq!(kind("<packet><migration><get_status><result><sta"), Some(Kind::PleskResponse));
        assert_eq!(kind("<packet><migration><get_status><status>"), Some(Kind::PleskResponse));
        assert_eq!(kind("<packet><migration><get_status></migration>"), Some(Kind::PleskRequest));
        assert_eq!(kind("<packet a=1><operator><get><result>"), Some(Kind::PleskResponse));
        assert_eq!(kind("<Packet><migration><get_status><result>"), Some(Kind::PleskResponse));
        assert_eq!(kind("<packet"), None);
    }

    #[test]
    fn answers_of_dataworks_show_themselves() {
        for document in [
            "<GetMigrationProcessResponse/>",
            "<getMigrationProcessResponse>",
            "<Error><Code>",
            "<RequestId>1</RequestId><Data/>",
            "<OtherResponse><HttpStatusCode>200</HttpStatusCode></OtherResponse>",
        ] {
            assert_eq!(kind(document), Some(Kind::DataWorksResponse), "{document}");
        }
        assert_eq!(kind("<rss><channel/></rss>"), None);
    }

    #[test]
    fn what_stands_far_behind_is_not_looked_at() {
        // The look-ahead ends within a character.
        let packet = format!("<packet><!--x{}--><system/></packet>", "é".repeat(1 << 16));
        assert_eq!(kind(&packet), Some(Kind::PleskRequest));
    }

    #[test]
    fn what_is_no_packet_has_none() {
        assert_eq!(kind(""), None);
        assert_eq!(kind("<html><packet/></html>"), None);
    }
}
