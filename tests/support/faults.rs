//! Ways to break a valid answer in one place, each with that place.

use std::ops::Range;

use super::inputs::SplitMix64;

/// Breaks a packet; returns the bytes within which the one error must begin. `None` if there is nothing in the packet
/// to break like this.
pub(crate) type Break = fn(&str, &mut SplitMix64) -> Option<(String, Range<usize>)>;

/// Every way, by name.
pub(crate) const ALL: &[(&str, Break)] = &[
    ("a status that is no such word", |packet, random| replace(packet, random, "status", "done")),
    ("a code that is no number", |packet, random| replace(packet, random, "errcode", "12x")),
    ("a code that is too large", |packet, random| replace(packet, random, "errcode", "4294967296")),
    ("a total that is no number", |packet, random| replace(packet, random, "total", "many")),
    ("an empty number", |packet, random| replace(packet, random, "completed", "")),
    ("a required element is missing", |packet, random| {
        let element = element(packet, random, "completed")?;
        let next = next_tag(packet, element.end)?;
        let shift = element.len();
        Some((without(packet, &element), element.start..next.end - shift))
    }),
    ("a code is missing, which a rule requires", |packet, random| {
        let element = element(packet, random, "errcode")?;
        let result = packet[..element.start].rfind("<result")?;
        let end = element.start + packet[element.end..].find("</result>")?;
        Some((without(packet, &element), result..end))
    }),
    ("an unknown element", |packet, random| insert_after(packet, random, "<result>", "<surprise>x</surprise>")),
    ("an unknown element at the end", |packet, random| insert_before(packet, random, "</result>", "<surprise/>")),
    ("text between elements", |packet, random| insert_after(packet, random, "<migration>", "stray")),
    ("an unknown attribute", |packet, random| insert_after(packet, random, "<get_status", " late=\"1\"")),
    ("an attribute twice", |packet, random| {
        insert_after(packet, random, "<packet", " version='1' version='2'")
            .filter(|_| !packet.contains("<packet version"))
    }),
    ("a bare ampersand", |packet, random| insert_after(packet, random, "<message>", "& ")),
    ("an unknown entity", |packet, random| insert_after(packet, random, "<errtext>", "&nbsp;")),
    ("a control character", |packet, random| insert_after(packet, random, "<description>", "\u{1}")),
    ("`]]>` in text", |packet, random| insert_after(packet, random, "<name>", "]]>")),
    ("two hyphens in a comment", |packet, random| insert_after(packet, random, "<migration>", "<!-- a -- b -->")),
    ("an end tag of another name", |packet, random| {
        let at = occurrence(packet, random, "</total>")?;
        Some((packet[..at].to_owned() + "</totel>" + &packet[at + 8..], at..at + 8))
    }),
    ("an element twice", |packet, random| {
        let element = element(packet, random, "status")?;
        let copy = packet[element.clone()].to_owned();
        Some((packet[..element.end].to_owned() + &copy + &packet[element.end..], element.end..element.end + copy.len()))
    }),
    ("a second body", |packet, random| insert_after(packet, random, "</finished>", "<finished><success/></finished>")),
    ("two elements in the wrong order", |packet, random| {
        let kind = element(packet, random, "type")?;
        let name = kind.end + packet[kind.end..].find("<name>")?;
        let name = name..name + packet[name..].find("</name>")? + 7;
        let swapped =
            [&packet[..kind.start], &packet[name.clone()], &packet[kind.end..name.start], &packet[kind.clone()]];
        Some((swapped.concat() + &packet[name.end..], kind.start..name.end))
    }),
    ("the document breaks off", |packet, _| {
        let at = packet.rfind("</packet>")?;
        Some((packet[..at].to_owned(), 0..at + 1))
    }),
    ("an element after the root", |packet, _| Some((format!("{packet}<more/>"), packet.len()..packet.len() + 7))),
    ("a namespace that the schema does not know", |packet, random| {
        insert_after(packet, random, "<packet", " xmlns='urn:x'")
            .map(|(text, place)| (text, place.start - 7..place.end))
    }),
    ("a prefix that is not declared", |packet, random| insert_after(packet, random, "<result", " p:a='1'")),
];

/// Where one of the occurrences of `needle` begins.
fn occurrence(packet: &str, random: &mut SplitMix64, needle: &str) -> Option<usize> {
    let places: Vec<usize> = packet.match_indices(needle).map(|(at, _)| at).collect();
    places.get(random.below(places.len() as u64) as usize).copied()
}

/// One of the elements with a name, tags included.
fn element(packet: &str, random: &mut SplitMix64, name: &str) -> Option<Range<usize>> {
    let start = occurrence(packet, random, &format!("<{name}>"))?;
    let end_tag = format!("</{name}>");
    Some(start..start + packet[start..].find(&end_tag)? + end_tag.len())
}

/// The next tag at or after a place.
fn next_tag(packet: &str, from: usize) -> Option<Range<usize>> {
    let (at, _) = packet[from..].match_indices('<').find(|(at, _)| !packet[from + at + 1..].starts_with(['!', '?']))?;
    Some(from + at..from + at + packet[from + at..].find('>')? + 1)
}

fn without(packet: &str, range: &Range<usize>) -> String {
    packet[..range.start].to_owned() + &packet[range.end..]
}

/// Other content for an element.
fn replace(packet: &str, random: &mut SplitMix64, name: &str, content: &str) -> Option<(String, Range<usize>)> {
    let element = element(packet, random, name)?;
    let inner = element.start + name.len() + 2..element.end - name.len() - 3;
    let text = packet[..inner.start].to_owned() + content + &packet[inner.end..];
    // Empty content has no place of its own: its tags count.
    Some((text, element.start..inner.start + content.len() + name.len() + 3))
}

fn insert_after(packet: &str, random: &mut SplitMix64, tag: &str, what: &str) -> Option<(String, Range<usize>)> {
    let at = occurrence(packet, random, tag)? + tag.len();
    Some((packet[..at].to_owned() + what + &packet[at..], at..at + what.len()))
}

fn insert_before(packet: &str, random: &mut SplitMix64, tag: &str, what: &str) -> Option<(String, Range<usize>)> {
    let at = occurrence(packet, random, tag)?;
    Some((packet[..at].to_owned() + what + &packet[at..], at..at + what.len()))
}
