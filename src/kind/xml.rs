//! Packets in XML: the root element shows the system, what is in it the kind.

use std::ops::Range;

use super::PacketKind;
use super::evidence::Evidence;
use crate::Limits;
use crate::xml::{Reader, Token};

/// The root elements of all kinds.
pub(super) const ROOTS: &[&str] = &["packet", "GetMigrationProcessResponse", "Error"];

/// What the elements in an answer of DataWorks or its gateway are called, but for words that anybody uses.
const DATAWORKS: &[&str] =
    &["RequestId", "HttpStatusCode", "ErrorMessage", "ErrorCode", "HostId", "TaskStatus", "TaskName"];

/// Words that anybody uses: they show something in an `Error` alone.
const GATEWAY: &[&str] = &["Code", "Message", "Recommend"];

/// What a root element shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    Packet,
    Error,
    Other,
}

/// The first piece of evidence for each kind, in the order of the document.
pub(super) fn evidence(head: &[u8]) -> Vec<Evidence> {
    let mut found: Vec<Evidence> = Vec::new();
    let mut root = Root::Other;
    let mut has_children = false;
    for_each_element(head, |depth, name| {
        has_children |= depth > 0;
        let shown = match depth {
            0 => {
                root = root_of(name);
                root_kind(name)
            }
            1 if root == Root::Error => {
                let is_known = GATEWAY.contains(&name) || DATAWORKS.contains(&name);
                is_known.then(|| (PacketKind::DataWorksResponse, format!("its root is `Error`, and it holds `{name}`")))
            }
            _ => element_kind(root, depth, name).map(|kind| (kind, format!("it holds `{name}`"))),
        };
        if let Some((kind, reason)) = shown
            && found.iter().all(|known| known.kind != kind)
        {
            found.push(Evidence { kind, reason });
        }
    });
    // One that says nothing; with other children it is somebody else's.
    if root == Root::Error && !has_children {
        found.push(Evidence { kind: PacketKind::DataWorksResponse, reason: "its root is `Error`".to_owned() });
    }
    found
}

/// Whether the root element is that of a packet of Plesk.
pub(super) fn is_packet(head: &[u8]) -> bool {
    let mut is_packet = false;
    for_each_element(head, |depth, name| is_packet |= depth == 0 && root_of(name) == Root::Packet);
    is_packet
}

/// Goes through the elements: how deep they are, and their names without prefixes.
fn for_each_element(head: &[u8], mut visit: impl FnMut(usize, &str)) {
    // A document with a DOCTYPE shows its kind too; whether it may have one is for others to say.
    let limits = Limits { allow_doctype: true, ..Limits::default() };
    let Ok(mut reader) = Reader::new(head, &limits) else { return };
    let mut depth = 0_usize;
    loop {
        match reader.next(&mut |_| {}) {
            Token::Start { name, prefix_length, .. } => {
                visit(depth, local_name(name, prefix_length));
                depth += 1;
            }
            Token::End { .. } => depth = depth.saturating_sub(1),
            Token::Text { .. } => {}
            Token::Eof => return,
        }
    }
}

fn local_name(name: &str, prefix_length: usize) -> &str {
    name.get(prefix_length..).unwrap_or(name).trim_start_matches(':')
}

fn root_of(name: &str) -> Root {
    if name.eq_ignore_ascii_case("packet") {
        Root::Packet
    } else if name.eq_ignore_ascii_case("Error") {
        Root::Error
    } else {
        Root::Other
    }
}

/// The kind that a root element alone shows, and why. One in other letters, or a part of the answer without its root,
/// is a mistake in a packet of that kind.
fn root_kind(name: &str) -> Option<(PacketKind, String)> {
    let root = |root: &&&str| root.eq_ignore_ascii_case(name);
    match ROOTS.iter().filter(|root| root_of(root) == Root::Other).find(root) {
        Some(root) => Some((PacketKind::DataWorksResponse, format!("its root is `{root}`"))),
        None if DATAWORKS.contains(&name) => Some((PacketKind::DataWorksResponse, format!("it begins with `{name}`"))),
        None => None,
    }
}

/// The kind that an element shows. Operators are at depth 1, operations at 2, results at 3.
fn element_kind(root: Root, depth: usize, name: &str) -> Option<PacketKind> {
    match (root, depth, name) {
        (Root::Packet, _, name) if name.eq_ignore_ascii_case("password") => Some(PacketKind::PleskRequest),
        (Root::Packet, 1, "system" | "output") => Some(PacketKind::PleskResponse),
        (Root::Packet, 1, "request-settings") => Some(PacketKind::PleskRequest),
        // The parameters of operations, also of other operators.
        (Root::Packet, 3, "migration_id" | "host" | "login" | "selected-objects" | "filter" | "dataset") => {
            Some(PacketKind::PleskRequest)
        }
        (Root::Packet, _, "result" | "migration_status" | "finished") => Some(PacketKind::PleskResponse),
        // Deeper a request of another operator may have them.
        (Root::Packet, 2..=4, "status" | "errcode" | "errtext") => Some(PacketKind::PleskResponse),
        (Root::Other, 1, name) if DATAWORKS.contains(&name) => Some(PacketKind::DataWorksResponse),
        _ => None,
    }
}

/// The name of the root element and where its tag is; empty where there is none.
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
    use super::PacketKind;

    fn kind(document: &str) -> Option<PacketKind> {
        PacketKind::detect(document.as_bytes()).map(|detected| detected.kind)
    }

    #[test]
    fn whole_packets_show_their_kind() {
        let request = "<packet><migration><get_status><migration_id>1</migration_id></get_status></migration></packet>";
        assert_eq!(kind(request), Some(PacketKind::PleskRequest));
        assert_eq!(kind("<packet><migration><check/></migration></packet>"), Some(PacketKind::PleskRequest));
        assert_eq!(kind("<packet><request-settings/></packet>"), Some(PacketKind::PleskRequest));
        let response = "<packet><migration><check><result><status>ok</status></result></check></migration></packet>";
        assert_eq!(kind(response), Some(PacketKind::PleskResponse));
        assert_eq!(kind("<?xml version='1.0'?>\n\t<packet><system/></packet>"), Some(PacketKind::PleskResponse));
        let site = "<packet><site><set><filter/><values><gen_setup><status>0</status></gen_setup></values></set></site></packet>";
        assert_eq!(kind(site), Some(PacketKind::PleskRequest));
    }

    #[test]
    fn broken_packets_show_it_too() {
        assert_eq!(kind("<packet><migration><get_status><result><sta"), Some(PacketKind::PleskResponse));
        assert_eq!(kind("<packet><migration><get_status><status>"), Some(PacketKind::PleskResponse));
        assert_eq!(kind("<packet><migration><get_status><migration_status>"), Some(PacketKind::PleskResponse));
        assert_eq!(kind("<packet><migration><get_status></migration>"), Some(PacketKind::PleskRequest));
        assert_eq!(kind("<packet a=1><operator><get><result>"), Some(PacketKind::PleskResponse));
        assert_eq!(kind("<Packet><migration><get_status><result>"), Some(PacketKind::PleskResponse));
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
            assert_eq!(kind(document), Some(PacketKind::DataWorksResponse), "{document}");
        }
        for document in [
            "<rss><channel/></rss>",
            "<x><Data/></x>",
            "<Message>no</Message>",
            "<a><b><RequestId/></b></a>",
            "<Error><text/></Error>",
        ] {
            assert_eq!(kind(document), None, "{document}");
        }
    }

    #[test]
    fn what_is_far_from_the_beginning_counts_where_nothing_else_does() {
        // The first look ends within a character.
        let packet = format!("<packet><!--x{}--><system/></packet>", "é".repeat(1 << 16));
        assert_eq!(kind(&packet), Some(PacketKind::PleskResponse));
    }

    #[test]
    fn what_is_no_packet_has_none() {
        assert_eq!(kind(""), None);
        assert_eq!(kind("<html><packet/></html>"), None);
    }
}
