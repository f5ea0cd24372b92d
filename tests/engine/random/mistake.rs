//! Mistakes in the bytes of a document.

use super::Dice;

const PIECES: &[&[u8]] = &[
    b"<",
    b">",
    b"&",
    b"\"",
    b"'",
    b" ",
    b"x",
    b"/",
    b"\x00",
    b"\xff",
    b"]]>",
    b"<!---->",
    b"<x/>",
    b"&#32;",
    b"1",
    b"\t",
    b"\r\n",
    b"=",
    b"<a>",
    b"</a>",
    b"<t:a/>",
    b"<a xmlns=\"\"/>",
    b"<!-- -- -->",
    b"<?p?>",
    b"<![CDATA[]]>",
    b"<![CDATA[ x ]]>",
    b"&amp;",
    b"&lt;",
    b"&nope;",
    b"&#x0;",
    b" k=\"1\"",
    b" xsi:nil=\"true\"",
    b" xsi:type=\"t:T0\"",
    b" xmlns=\"urn:t\"",
    b" xmlns:t=\"urn:u\"",
    b"\xef\xbb\xbf",
    b"text",
    b"\xc3\xa9",
    b":",
    b"u:",
    b"t:",
    b"<!DOCTYPE a>",
    b"<?xml version=\"1.0\"?>",
    b"\x0b",
    b"<u:n>7</u:n>",
    b"<g1/>",
    b"</",
    b"/>",
    b"<b>1</b>",
    b" xmlns:p=\"\"",
    b" xsi:nil=\"0\"",
    b" xml:space=\"x\"",
    b" xmlns:xsi=\"urn:x\"",
    b" u:id=\"i1\"",
];

/// A copy of a document with one mistake (or a harmless change).
pub(crate) fn mistaken(document: &[u8], dice: &mut Dice) -> Vec<u8> {
    if document.is_empty() {
        return b"<".to_vec();
    }
    let at = dice.below(document.len());
    match dice.below(16) {
        0 => [&document[..at], &document[at + 1..]].concat(),
        1 => [&document[..at], dice.pick(PIECES), &document[at..]].concat(),
        2 => [&document[..at], dice.pick(PIECES), &document[at + 1..]].concat(),
        3 => {
            let mut copy = document.to_vec();
            let other = dice.below(document.len());
            copy.swap(at, other);
            copy
        }
        4 if dice.chance(1, 3) => document[..at].to_vec(),
        5 => {
            let end = (at + dice.below(12)).min(document.len());
            [&document[..at], &document[end..]].concat()
        }
        // A piece after a tag, or in one, after its name.
        6 => {
            let at = document[at..].iter().position(|byte| *byte == b'>').map_or(at, |offset| at + offset + 1);
            [&document[..at], dice.pick(PIECES), &document[at..]].concat()
        }
        7 => {
            let at = document[at..]
                .iter()
                .position(|byte| matches!(byte, b'>' | b' ' | b'/'))
                .map_or(at, |offset| at + offset);
            [&document[..at], dice.pick(PIECES), &document[at..]].concat()
        }
        8 => {
            let mut copy = document.to_vec();
            copy[at] = copy[at].wrapping_add(1 + dice.below(3) as u8);
            copy
        }
        _ => retagged(document, dice),
    }
}

/// Pieces from one `<` to the next: one is lost, doubled, moved or renamed, or an attribute in it is.
fn retagged(document: &[u8], dice: &mut Dice) -> Vec<u8> {
    let cuts: Vec<usize> = (0..document.len()).filter(|at| document[*at] == b'<').chain([document.len()]).collect();
    if cuts.len() < 3 {
        return document.to_vec();
    }
    let index = dice.below(cuts.len() - 2);
    let (first, second, third) = (cuts[index], cuts[index + 1], cuts[index + 2]);
    let (before, one, other, after) =
        (&document[..first], &document[first..second], &document[second..third], &document[third..]);
    match dice.below(11) {
        0 => [before, other, after].concat(),
        1 => [before, one, one, other, after].concat(),
        2 => [before, other, one, after].concat(),
        3 => [before, one, other, one, other, after].concat(),
        4 => [before, after].concat(),
        5 => {
            let name: &[u8] = dice.pick(&[&b"<b"[..], b"<zz", b"</a", b"<u:n", b"<t:c", b"<gg"]);
            let rest = one.iter().position(|byte| matches!(byte, b' ' | b'>' | b'/')).map_or(one.len(), |at| at);
            [before, name, &one[rest..], other, after].concat()
        }
        // An attribute twice.
        6 => {
            let Some(space) = one.iter().position(|byte| *byte == b' ') else { return document.to_vec() };
            let Some(end) = one.iter().position(|byte| *byte == b'>') else { return document.to_vec() };
            let end = if end > 0 && one[end - 1] == b'/' { end - 1 } else { end };
            if space >= end {
                return document.to_vec();
            }
            [before, &one[..end], &one[space..end], &one[end..], other, after].concat()
        }
        // Attributes lost.
        7 => {
            let Some(space) = one.iter().position(|byte| *byte == b' ') else { return document.to_vec() };
            let Some(end) = one.iter().position(|byte| *byte == b'>') else { return document.to_vec() };
            if space >= end {
                return document.to_vec();
            }
            [before, &one[..space], &one[end..], other, after].concat()
        }
        // Text lost.
        8 => {
            let Some(end) = one.iter().position(|byte| *byte == b'>') else { return document.to_vec() };
            [before, &one[..=end], other, after].concat()
        }
        9 => {
            let swapped: Vec<u8> = one
                .iter()
                .map(|byte| match byte {
                    b'"' => b'\'',
                    b't' => b'u',
                    other => *other,
                })
                .collect();
            [before, &swapped[..], other, after].concat()
        }
        _ => {
            let moved = dice.below(cuts.len() - 1);
            let at = cuts[moved];
            if at < second {
                [&document[..at], one, &document[at..]].concat()
            } else {
                [before, &document[second..at], one, &document[at..]].concat()
            }
        }
    }
}
