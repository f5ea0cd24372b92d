//! Packets in XML: the root element shows the system, and its content shows the kind.

use std::ops::Range;

use memchr::memmem;

use super::PacketKind;
use super::evidence::Evidence;
use crate::Limits;
use crate::text::name::local_part;
use crate::xml::{Reader, Tag, Tags, Token};

/// The root elements of all kinds.
pub(super) const ROOTS: &[&str] = &["packet", "GetMigrationProcessResponse", "Error"];

/// The names of elements in an answer of DataWorks or its gateway, except common words.
const DATAWORKS: &[&str] =
    &["RequestId", "HttpStatusCode", "ErrorMessage", "ErrorCode", "HostId", "TaskStatus", "TaskName"];

/// Common words: they are evidence only in an `Error`.
const GATEWAY: &[&str] = &["Code", "Message", "Recommend"];

/// What a root element shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Root {
    Packet,
    Error,
    Other,
}

/// The kind of a valid packet that the code generated for its schema recognizes immediately. It is the kind that the
/// packet shows, since a valid packet has no evidence of another one. `warnings`: the packet must also have no
/// warnings. `None` means nothing either way.
pub(super) fn predicted(document: &[u8], limits: &Limits, warnings: bool) -> Option<PacketKind> {
    let after = match document.strip_prefix(b"<?xml") {
        Some(declaration) => declaration.get(memmem::find(declaration, b"?>")? + 2..)?.trim_ascii_start(),
        None => document,
    };
    let kinds: &[PacketKind] = match after {
        _ if after.starts_with(b"<packet") => &[PacketKind::PleskResponse, PacketKind::PleskRequest],
        _ if after.starts_with(b"<GetMigrationProcessResponse") => &[PacketKind::DataWorksResponse],
        _ => return None,
    };
    let is_predicted = |kind: &PacketKind| kind.schema().is_some_and(|it| it.is_predicted(document, limits, warnings));
    kinds.iter().copied().find(is_predicted)
}

/// The first evidence for each kind, in document order. After the first, more is searched for in `more` bytes.
pub(super) fn evidence(head: &[u8], more: usize) -> Vec<Evidence> {
    // In a document that is not well-formed, the reader finds more of the elements.
    let found = tags_of(head).map(|tags| evidence_in(tags, more)).unwrap_or_default();
    if found.is_empty() { evidence_in(elements_of_reader(head), more) } else { found }
}

fn evidence_in<'h>(elements: impl Iterator<Item = (usize, &'h str, usize)>, more: usize) -> Vec<Evidence> {
    let mut found: Vec<Evidence> = Vec::new();
    let mut root = Root::Other;
    let mut has_children = false;
    let mut end = usize::MAX;
    for (depth, name, at) in elements {
        if at > end {
            break;
        }
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
            _ => element_kind(root, depth, name).map(|kind| (kind, ["it holds `", name, "`"].concat())),
        };
        if let Some((kind, reason)) = shown
            && found.iter().all(|known| known.kind != kind)
        {
            found.push(Evidence { kind, reason });
            end = end.min(at.saturating_add(more));
        }
    }
    // An empty root counts; one with other children belongs to something else.
    if root == Root::Error && !has_children {
        found.push(Evidence { kind: PacketKind::DataWorksResponse, reason: "its root is `Error`".to_owned() });
    }
    found
}

/// Whether the root element is that of a Plesk packet.
pub(super) fn is_packet(head: &[u8]) -> bool {
    elements_of_reader(head).any(|(depth, name, _)| depth == 0 && root_of(name) == Root::Packet)
}

/// The elements of a document without a DOCTYPE: their depths, their names without prefixes, and where they begin. If
/// the document is well-formed, they are those of the reader.
fn tags_of(head: &[u8]) -> Option<impl Iterator<Item = (usize, &str, usize)>> {
    let text = match std::str::from_utf8(head) {
        Ok(text) => text,
        // It may end within a character.
        Err(error) => std::str::from_utf8(head.get(..error.valid_up_to())?).ok()?,
    };
    let has_doctype = memmem::find(head, b"<!DOCTYPE").is_some();
    let mut depth = 0_usize;
    let elements = Tags::new(text, 0).filter_map(move |tag| match tag {
        Tag::Start { name, at } => {
            depth += 1;
            Some((depth - 1, local_part(name), at))
        }
        Tag::End => {
            depth = depth.saturating_sub(1);
            None
        }
    });
    (!has_doctype).then_some(elements)
}

/// The elements that the reader finds, in the form of [`tags_of`].
fn elements_of_reader(head: &[u8]) -> impl Iterator<Item = (usize, &str, usize)> {
    // A document with a DOCTYPE shows its kind too; whether a DOCTYPE is allowed is checked elsewhere.
    let limits = Limits { allow_doctype: true, ..Limits::default() };
    let mut reader = Reader::new(head, &limits).ok();
    let mut depth = 0_usize;
    std::iter::from_fn(move || {
        loop {
            match reader.as_mut()?.next(&mut |_| {}) {
                Token::Start { name, span, .. } => {
                    depth += 1;
                    return Some((depth - 1, local_part(name), span.0));
                }
                Token::End { .. } => depth = depth.saturating_sub(1),
                Token::Text { .. } => {}
                Token::Eof => return None,
            }
        }
    })
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

/// The kind that a root element shows on its own, and why. A name in another case, or a part of the answer without its
/// root, is a mistake in a packet of that kind.
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
        // The parameters of operations, including those of other operators.
        (Root::Packet, 3, "migration_id" | "host" | "login" | "selected-objects" | "filter" | "dataset") => {
            Some(PacketKind::PleskRequest)
        }
        (Root::Packet, _, "result" | "migration_status" | "finished") => Some(PacketKind::PleskResponse),
        // Deeper, a request of another operator may have them.
        (Root::Packet, 2..=4, "status" | "errcode" | "errtext") => Some(PacketKind::PleskResponse),
        (Root::Other, 1, name) if DATAWORKS.contains(&name) => Some(PacketKind::DataWorksResponse),
        _ => None,
    }
}

/// The name of the root element and the place of its tag; empty if there is none.
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
    use super::super::evidence::Look;
    use super::*;
    use crate::check::well_formed;

    fn kind(document: &str) -> Option<PacketKind> {
        PacketKind::detect(document.as_bytes()).map(|detected| detected.kind)
    }

    #[test]
    fn tags_show_what_the_reader_finds() {
        for folder in ["plesk/agreed", "plesk/documentation", "plesk/operations", "dataworks"] {
            let files = std::fs::read_dir(format!("tests/data/{folder}")).expect("samples");
            for path in files.map(|file| file.expect("a sample").path()).filter(|path| path.is_file()) {
                let document = std::fs::read(&path).expect("a sample");
                if Look::of(&document) == Look::Xml && well_formed(&document, &Limits::default()).is_valid() {
                    let tags = tags_of(&document).map(Iterator::collect::<Vec<_>>);
                    assert_eq!(tags, Some(elements_of_reader(&document).collect()), "{}", path.display());
                }
            }
        }
    }

    #[test]
    fn evidence_of_another_kind_is_found_far_away_where_it_matters() {
        let mixed = |between: usize| {
            format!(
                "<packet><migration><get_status><result/>{}<filter/></get_status></migration></packet>",
                "<x/>".repeat(between)
            )
        };
        for (between, alternative) in [(0, Some(PacketKind::PleskRequest)), (1000, None)] {
            let detected = PacketKind::detect(mixed(between).as_bytes()).expect("a packet");
            assert_eq!((detected.kind, detected.alternative), (PacketKind::PleskResponse, alternative));
        }
        let report = PacketKind::PleskRequest.explain(mixed(1000).as_bytes());
        assert!(!report.diagnostics[0].message.contains("the answer of a Plesk server"), "{report}");
    }

    /// A predicted packet therefore does not have to be detected.
    #[test]
    fn predicted_packets_have_the_detected_kind() {
        let mut found = std::collections::BTreeMap::new();
        for folder in
            ["plesk/agreed", "plesk/documentation", "plesk/operations", "plesk/wire", "dataworks/agreed", "dataworks"]
        {
            let files = std::fs::read_dir(format!("tests/data/{folder}")).expect("samples");
            for path in files.map(|file| file.expect("a sample").path()).filter(|path| path.is_file()) {
                let document = std::fs::read(&path).expect("a sample");
                let (detected, report) = PacketKind::explain_detected(&document);
                for warnings in [false, true] {
                    let Some(kind) = predicted(&document, &Limits::default(), warnings) else { continue };
                    assert_eq!(Some(kind), detected.as_ref().map(|detected| detected.kind), "{}", path.display());
                    assert!(report.is_valid() && !(warnings && report.warnings > 0), "{}", path.display());
                    *found.entry(kind.name()).or_insert(0) += 1;
                }
            }
        }
        let found: Vec<_> = found.into_iter().filter(|(_, count)| *count > 3).map(|(kind, _)| kind).collect();
        assert_eq!(found, ["dataworks-response", "plesk-request", "plesk-response"]);
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
    fn distant_evidence_counts_if_there_is_no_other() {
        // The first look ends within a character.
        let packet = format!("<packet><!--x{}--><system/></packet>", "é".repeat(1 << 16));
        assert_eq!(kind(&packet), Some(PacketKind::PleskResponse));
    }

    #[test]
    fn other_documents_have_no_kind() {
        assert_eq!(kind(""), None);
        assert_eq!(kind("<html><packet/></html>"), None);
    }
}
