//! Fixes of text, values, the encoding, and JSON.

use std::ops::Range;

use super::Edit;
use super::candidates::{Document, Draft};
use crate::text::invisible::is_unseen;
use crate::text::name::skip_ncname;
use crate::xml::{escape_text, escape_value};

/// The entities that every document has.
const ENTITIES: [&str; 5] = ["amp", "lt", "gt", "apos", "quot"];

/// The entities of HTML 4 that XML does not have.
const HTML_ENTITIES: &str = "
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot
    cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml
    Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig
    agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute
    ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml OElig oelig Scaron scaron Yuml fnof circ tilde
    Alpha Beta Gamma Delta Epsilon Zeta Eta Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho Sigma Tau Upsilon Phi Chi Psi Omega
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigmaf sigma tau upsilon phi chi psi
    omega thetasym upsih piv ensp emsp thinsp zwnj zwj lrm rlm ndash mdash lsquo rsquo sbquo ldquo rdquo bdquo dagger Dagger bull
    hellip permil prime Prime lsaquo rsaquo oline frasl euro image weierp real trade alefsym larr uarr rarr darr harr crarr lArr
    uArr rArr dArr hArr forall part exist empty nabla isin notin ni prod sum minus lowast radic prop infin ang and or cap cup int
    there4 sim cong asymp ne equiv le ge sub sup nsub sube supe oplus otimes perp sdot lceil rceil lfloor rfloor lang rang loz
    spades clubs hearts diams";

fn is_of_html(name: &str) -> bool {
    HTML_ENTITIES.split_ascii_whitespace().any(|entity| entity == name)
}

/// Escapes an `&` that is text. If the rest of a reference follows it, the reference may have been meant instead.
pub(super) fn escape_ampersand(document: &Document<'_>, span: &Range<usize>) -> Option<Draft> {
    let (text, at) = (document.text, span.start);
    (text.as_bytes().get(at) == Some(&b'&')).then_some(())?;
    let end = skip_ncname(text, at + 1);
    let name = text.get(at + 1..end)?;
    if ENTITIES.contains(&name) {
        let title = format!("write `&{name};`");
        return Some(Draft { is_safe: false, title, edits: vec![Edit::new(end..end, ";")] });
    }
    // A character number without its `;`.
    (text.as_bytes().get(at + 1) != Some(&b'#')).then_some(())?;
    // `&copy=` is a parameter of a query.
    let is_of_html = is_of_html(name) && text.as_bytes().get(end) != Some(&b'=');
    let is_safe = !is_of_html && !is_spaced_reference(text.get(at + 1..)?);
    Some(Draft { is_safe, title: "write `&amp;`".to_owned(), edits: vec![Edit::new(at..at + 1, "&amp;")] })
}

/// Whether a text is white space and the rest of a reference, as in ` amp;`.
fn is_spaced_reference(text: &str) -> bool {
    let rest = text.trim_start_matches(is_unseen);
    let begins = |entity: &str| rest.strip_prefix(entity).is_some_and(|rest| rest.starts_with(';'));
    let name = rest.get(..skip_ncname(rest, 0)).unwrap_or_default();
    rest.len() < text.len() && (rest.starts_with('#') || begins(name) && (ENTITIES.contains(&name) || is_of_html(name)))
}

/// Escapes `]]>` in text.
pub(super) fn escape_cdata_end(document: &Document<'_>, span: &Range<usize>) -> Option<Draft> {
    document.text.get(span.start..)?.starts_with("]]>").then_some(())?;
    let at = span.start + "]]".len();
    Some(Draft { is_safe: true, title: "write `]]&gt;`".to_owned(), edits: vec![Edit::new(at..at + 1, "&gt;")] })
}

/// Corrects the name of the encoding to the one that the bytes are in. The error can be at a byte in the middle. (In
/// the text of a transcoded document the label is blanked out; the text before it is unchanged.)
pub(super) fn relabel(document: &Document<'_>, span: &Range<usize>, label: &str) -> Option<Draft> {
    let place = crate::xml::encoding_label(document.bytes).unwrap_or_else(|| span.clone());
    Some(Draft { is_safe: true, title: format!("declare `{label}`"), edits: vec![Edit::new(place, label)] })
}

/// Removes invisible characters around a value; in JSON, inside its quotes.
pub(super) fn trim(document: &Document<'_>, span: &Range<usize>) -> Option<Draft> {
    let text = document.text.get(span.clone())?;
    let (start, pieces) = match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inside) => (span.start + 1, json_pieces(inside)),
        // The span of the diagnostic may not include the invisible characters.
        None => {
            let before = document.text.get(..span.start)?;
            let start = before.trim_end_matches(is_unseen).len();
            let after = document.text.get(span.end..)?;
            let end = span.end + after.len() - after.trim_start_matches(is_unseen).len();
            (start, xml_pieces(document.text.get(start..end)?)?)
        }
    };
    let mut edits: Vec<Edit> = Vec::new();
    let first = pieces.iter().position(|(_, piece)| *piece == Piece::Seen)?;
    let last = pieces.iter().rposition(|(_, piece)| *piece == Piece::Seen)?;
    for (index, (range, piece)) in pieces.into_iter().enumerate() {
        if piece != Piece::Unseen || first < index && index < last {
            continue;
        }
        let range = start + range.start..start + range.end;
        match edits.last_mut() {
            Some(edit) if edit.span.end == range.start => edit.span.end = range.end,
            _ => edits.push(Edit::new(range, "")),
        }
    }
    let title = String::from("remove the white space around the value");
    (!edits.is_empty()).then_some(Draft { is_safe: true, title, edits })
}

/// What a piece of a value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Seen,
    Unseen,
    /// Not a part of the value.
    Markup,
}

impl From<char> for Piece {
    fn from(character: char) -> Piece {
        if is_unseen(character) { Piece::Unseen } else { Piece::Seen }
    }
}

/// The characters of an XML value, some of them references; `None` if it contains elements.
fn xml_pieces(text: &str) -> Option<Vec<(Range<usize>, Piece)>> {
    let (mut pieces, mut at, mut is_in_cdata) = (Vec::new(), 0, false);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let through = |end: &str| rest.find(end).map_or(rest.len(), |index| index + end.len());
        let (length, piece) = match is_in_cdata {
            true if rest.starts_with("]]>") => {
                is_in_cdata = false;
                (3, Piece::Markup)
            }
            false if rest.starts_with("<![CDATA[") => {
                is_in_cdata = true;
                (9, Piece::Markup)
            }
            false if rest.starts_with("<!--") => (through("-->"), Piece::Markup),
            false if rest.starts_with("<?") => (through("?>"), Piece::Markup),
            false if rest.starts_with('<') => return None,
            false if rest.starts_with('&') => {
                let length = through(";");
                let number = rest.get(1..length).and_then(|reference| reference.strip_prefix('#')?.strip_suffix(';'));
                let character = number.and_then(|number| match number.strip_prefix('x') {
                    Some(number) => u32::from_str_radix(number, 16).ok(),
                    None => number.parse().ok(),
                });
                (length, character.and_then(char::from_u32).map_or(Piece::Seen, Piece::from))
            }
            _ => {
                let character = rest.chars().next()?;
                (character.len_utf8(), character.into())
            }
        };
        pieces.push((at..at + length, piece));
        at += length;
    }
    Some(pieces)
}

/// The characters of a JSON string, some of them escaped.
fn json_pieces(text: &str) -> Vec<(Range<usize>, Piece)> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    while let Some(rest) = text.get(at..)
        && let Some(character) = rest.chars().next()
    {
        let (length, piece) = match rest.strip_prefix('\\').and_then(|escape| escape.chars().next()) {
            None => (character.len_utf8(), character.into()),
            Some('n' | 't' | 'r' | 'b' | 'f') => (2, Piece::Unseen),
            Some('u') => {
                let number = rest.get(2..6).and_then(|number| u32::from_str_radix(number, 16).ok());
                (rest.len().min(6), number.and_then(char::from_u32).map_or(Piece::Seen, Piece::from))
            }
            Some(other) => (1 + other.len_utf8(), Piece::Seen),
        };
        pieces.push((at..at + length, piece));
        at += length;
    }
    pieces
}

/// Replaces a value.
pub(super) fn replace(document: &Document<'_>, span: &Range<usize>, value: &str) -> Option<Draft> {
    let text = document.text.get(span.clone())?;
    let replacement = match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(_) => serde_json::to_string(value).ok()?,
        // Comments and CDATA sections would be lost.
        None if text.contains('<') => return None,
        None => {
            let mut escaped = Vec::new();
            let before = document.text.get(..span.start)?.chars().next_back();
            match before {
                Some('"' | '\'') => escape_value(&mut escaped, value),
                _ => escape_text(&mut escaped, value),
            }
            String::from_utf8(escaped).ok().filter(|value| before != Some('\'') || !value.contains('\''))?
        }
    };
    let title = format!("write `{value}`");
    Some(Draft { is_safe: false, title, edits: vec![Edit::new(span.clone(), replacement)] })
}

/// Renames a JSON member.
pub(super) fn rename_member(document: &Document<'_>, at: &Range<usize>, name: &str, is_safe: bool) -> Option<Draft> {
    let found = document.text.get(at.clone())?;
    (found.len() >= 2 && found.starts_with('"') && found.ends_with('"')).then_some(())?;
    let edits = vec![Edit::new(at.clone(), serde_json::to_string(name).ok()?)];
    Some(Draft { is_safe, title: format!("write `{name}`"), edits })
}

/// Replaces a JSON string by its contents.
pub(super) fn unquote(document: &Document<'_>, span: &Range<usize>) -> Option<Draft> {
    let found = document.text.get(span.clone())?;
    found.strip_prefix('"')?.strip_suffix('"')?;
    let edits = vec![Edit::new(span.start..span.start + 1, ""), Edit::new(span.end - 1..span.end, "")];
    Some(Draft { is_safe: false, title: "remove the quotes".to_owned(), edits })
}
