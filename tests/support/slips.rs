//! Typing errors in valid documents, each of a kind that `fix` should fix.

use roxmltree::{Document, Node, ParsingOptions};

/// A kind of typing error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Slip {
    /// The name of an element, in both tags.
    Element,
    /// The name of an element in different case.
    ElementCase,
    /// The name in an end tag.
    EndTag,
    /// The name of an attribute.
    Attribute,
    /// Two neighbours with different names are exchanged.
    Neighbours,
    /// A child is moved to the end.
    Moved,
    /// White space around the text of an element.
    BlankElement,
    /// White space around the value of an attribute.
    BlankAttribute,
    /// A no-break space after the text of an element.
    NoBreak,
    /// A reference to an ampersand is replaced by an ampersand.
    Ampersand,
    /// The declaration of a namespace is removed from the root.
    Namespace,
    /// Another encoding is declared.
    Label,
}

impl Slip {
    pub(crate) const ALL: [Slip; 12] = [
        Slip::Element,
        Slip::ElementCase,
        Slip::EndTag,
        Slip::Attribute,
        Slip::Neighbours,
        Slip::Moved,
        Slip::BlankElement,
        Slip::BlankAttribute,
        Slip::NoBreak,
        Slip::Ampersand,
        Slip::Namespace,
        Slip::Label,
    ];
}

/// Pseudo-random numbers, the same in each run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound.max(1)
    }

    pub(crate) fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        all.get(self.below(all.len())).cloned()
    }
}

/// The document with one typing error; `None` if there is no place for one.
pub(crate) fn slipped(text: &str, slip: Slip, dice: &mut Dice) -> Option<String> {
    let tree =
        Document::parse_with_options(text, ParsingOptions { allow_dtd: true, ..ParsingOptions::default() }).ok()?;
    let elements: Vec<Node<'_, '_>> = tree.root_element().descendants().filter(Node::is_element).collect();
    match slip {
        Slip::Element | Slip::ElementCase => {
            let element = dice.one_of(&elements)?;
            let (start, end) = names(text, element);
            let name = &text[start.clone()];
            let other = if slip == Slip::Element { misspelt(name, dice)? } else { in_other_case(name, dice)? };
            let mut ranges = vec![start];
            ranges.extend(end);
            Some(replaced(text, ranges.into_iter().map(|range| (range, other.clone()))))
        }
        Slip::EndTag => {
            let ends: Vec<_> = elements.iter().filter_map(|element| names(text, *element).1).collect();
            let range = dice.one_of(&ends)?;
            let other = misspelt(&text[range.clone()], dice)?;
            Some(replaced(text, [(range, other)]))
        }
        Slip::Attribute => {
            let all = elements.iter().flat_map(|element| element.attributes());
            let names: Vec<_> = all.map(|attribute| attribute.range_qname()).collect();
            let range = dice.one_of(&names)?;
            let local = text[range.clone()].rfind(':').map_or(range.start, |at| range.start + at + 1);
            let other = misspelt(&text[local..range.end], dice)?;
            Some(replaced(text, [(local..range.end, other)]))
        }
        Slip::Neighbours => {
            let pairs: Vec<_> = elements
                .iter()
                .filter_map(|element| Some((*element, element.next_sibling_element()?)))
                .filter(|(one, other)| one.tag_name() != other.tag_name())
                .collect();
            let (one, other) = dice.one_of(&pairs)?;
            let moved = (other.range(), text[one.range()].to_owned());
            Some(replaced(text, [(one.range(), text[other.range()].to_owned()), moved]))
        }
        Slip::Moved => {
            let early: Vec<_> = elements.iter().filter(|element| element.next_sibling_element().is_some()).collect();
            let early = dice.one_of(&early)?;
            let last = early.parent()?.last_element_child()?;
            let start = text[..early.range().start].trim_end().len();
            let whole = start..early.range().end;
            let end = last.range().end;
            Some(replaced(text, [(whole.clone(), String::new()), (end..end, text[whole].to_owned())]))
        }
        Slip::BlankElement | Slip::NoBreak => {
            let is_leaf = |node: &Node<'_, '_>| {
                let mut children = node.children();
                children.next().is_some_and(|child| child.is_text() && !text[child.range()].trim().is_empty())
                    && children.next().is_none()
            };
            let leaves: Vec<_> = elements.iter().filter(|element| is_leaf(element)).collect();
            let range = dice.one_of(&leaves)?.first_child()?.range();
            let around = if slip == Slip::NoBreak { ["", "\u{a0}"] } else { [" ", "\n"] };
            Some(replaced(text, [(range.clone(), format!("{}{}{}", around[0], &text[range], around[1]))]))
        }
        Slip::BlankAttribute => {
            let all = elements.iter().flat_map(|element| element.attributes());
            let values: Vec<_> =
                all.map(|attribute| attribute.range_value()).filter(|range| !range.is_empty()).collect();
            let range = dice.one_of(&values)?;
            Some(replaced(text, [(range.clone(), format!(" {} ", &text[range]))]))
        }
        Slip::Ampersand => {
            let places: Vec<_> = text.match_indices("&amp;").map(|(at, _)| at).collect();
            let at = dice.one_of(&places)?;
            Some(replaced(text, [(at..at + 5, String::from("&"))]))
        }
        Slip::Namespace => {
            let root = &text[tree.root_element().range()];
            let tag = &root[..root.find('>')?];
            let places: Vec<_> = tag.match_indices(" xmlns").map(|(at, _)| at).collect();
            let at = dice.one_of(&places)?;
            let quote = at + tag[at..].find(['"', '\''])?;
            let end = quote + 2 + tag[quote + 1..].find(tag[quote..].chars().next()?)?;
            let start = tree.root_element().range().start;
            Some(replaced(text, [(start + at..start + end, String::new())]))
        }
        Slip::Label => {
            let label = ["encoding=\"UTF-8\"", "encoding='UTF-8'"].into_iter().find_map(|label| text.find(label))?;
            let other = dice.one_of(&["UTF-16", "UTF-16LE", "Shift_JIS", "US-ASCII"])?;
            (label < 100).then(|| replaced(text, [(label + 10..label + 15, other.to_owned())]))
        }
    }
}

/// The ranges of the local part in the start tag of an element, and in its end tag.
fn names(text: &str, element: Node<'_, '_>) -> (std::ops::Range<usize>, Option<std::ops::Range<usize>>) {
    let (whole, length) = (element.range(), element.tag_name().name().len());
    let written = &text[whole.start + 1..whole.end];
    let end = written.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(written.len());
    let start = whole.start + 1 + end - length..whole.start + 1 + end;
    let last = text[whole.clone()].rfind("</").map(|at| whole.start + at);
    let end = last.map(|at| at + text[at..whole.end].trim_end_matches(['>', ' ', '\n', '\t', '\r']).len());
    (start.clone(), end.map(|end| end - length..end).filter(|end| text[end.clone()] == text[start]))
}

/// A name with two letters exchanged, one added or one removed.
fn misspelt(name: &str, dice: &mut Dice) -> Option<String> {
    let letters: Vec<char> = name.chars().collect();
    if letters.len() < 4 || !name.is_ascii() {
        return None;
    }
    let at = 1 + dice.below(letters.len() - 2);
    let mut other = letters.clone();
    match dice.below(3) {
        0 => other.swap(at, at + 1),
        1 => _ = other.remove(at),
        _ => other.insert(at, letters[at]),
    }
    (other != letters).then(|| other.into_iter().collect())
}

pub(crate) fn in_other_case(name: &str, dice: &mut Dice) -> Option<String> {
    let other = match dice.below(3) {
        0 => name.to_ascii_uppercase(),
        1 => name.to_ascii_lowercase(),
        _ => {
            let (first, rest) = name.split_at_checked(1)?;
            let is_lower = first.chars().all(char::is_lowercase);
            format!("{}{rest}", if is_lower { first.to_ascii_uppercase() } else { first.to_ascii_lowercase() })
        }
    };
    (other != name).then_some(other)
}

fn replaced(text: &str, edits: impl IntoIterator<Item = (std::ops::Range<usize>, String)>) -> String {
    let mut edits: Vec<_> = edits.into_iter().collect();
    edits.sort_by_key(|(range, _)| range.start);
    let (mut out, mut at) = (String::with_capacity(text.len() + 64), 0);
    for (range, replacement) in edits {
        out.push_str(&text[at..range.start]);
        out.push_str(&replacement);
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}
