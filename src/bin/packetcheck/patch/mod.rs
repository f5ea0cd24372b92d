//! Patches: unified diffs of a document and its new version.

mod layout;
mod moved;

use std::borrow::Cow;
use std::ops::Range;

use packetcheck::diagnostic::render::visible;
use packetcheck::{Limits, xml};

use crate::output::{Color, painted};

/// How two documents differ, which determines how identical lines are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Differ {
    /// Only in white space.
    InLayout,
    /// In a few lines, some of which may have moved.
    InLines,
}

/// A patch of a file: coloured for people, or else exact, for `patch`.
pub(crate) fn patch(path: &str, old: &[u8], new: &[u8], differ: Differ, is_colored: bool, limits: &Limits) -> Vec<u8> {
    // A patch contains the bytes of the file, which works only if line feeds are single bytes in its encoding.
    let (old, new) = match is_colored || old.iter().take(4).any(|byte| matches!(byte, 0 | 0xFE | 0xFF)) {
        true => (legible(old, limits), legible(new, limits)),
        false => (Cow::Borrowed(old), Cow::Borrowed(new)),
    };
    let paint = |line: &str, color| painted(line, Some(color).filter(|_| is_colored));
    let mut path = visible(path).into_owned();
    if path.contains(' ') {
        // A tab ends the name for `patch`.
        path.push('\t');
    }
    let head = [paint(&format!("--- {path}"), Color::Red), paint(&format!("+++ {path}"), Color::Green)];
    let mut out = format!("{}\n", head.join("\n")).into_bytes();
    diff(&old, &new, differ, |line| {
        let (sign, text, color) = match line {
            Line::Place { old, new } => {
                let range = |(first, count)| match count {
                    1 => format!("{first}"),
                    _ => format!("{first},{count}"),
                };
                let place = format!("@@ -{} +{} @@", range(old), range(new));
                out.extend_from_slice(format!("{}\n", paint(&place, Color::Cyan)).as_bytes());
                return;
            }
            Line::Same(text) => (" ", text, None),
            Line::Removed(text) => ("-", text, Some(Color::Red)),
            Line::Added(text) => ("+", text, Some(Color::Green)),
        };
        let (text, end) = match text.strip_suffix(b"\n") {
            Some(text) => (text, "\n"),
            None => (text, "\n\\ No newline at end of file\n"),
        };
        if !is_colored {
            [sign.as_bytes(), text, end.as_bytes()].iter().for_each(|part| out.extend_from_slice(part));
            return;
        }
        let text = String::from_utf8_lossy(text);
        let line = format!("{sign}{}", visible(text.strip_suffix('\r').unwrap_or(&text)));
        out.extend_from_slice(format!("{}{end}", painted(&line, color)).as_bytes());
    });
    out
}

/// A document in UTF-8, without the label of another encoding.
fn legible<'d>(document: &'d [u8], limits: &Limits) -> Cow<'d, [u8]> {
    xml::decode(document, limits).unwrap_or(Cow::Borrowed(document))
}

/// Lines that differ, by their numbers from 0. The lines between two changes are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// A line of a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'t> {
    /// The position of the lines that follow: `@@ -1,3 +1,4 @@`.
    Place {
        old: (usize, usize),
        new: (usize, usize),
    },
    Same(&'t [u8]),
    Removed(&'t [u8]),
    Added(&'t [u8]),
}

/// The number of identical lines shown before and after each difference.
const CONTEXT: usize = 3;

/// Passes on the lines of a diff in order; none if the texts are the same.
fn diff<'t>(old: &'t [u8], new: &'t [u8], differ: Differ, mut each: impl FnMut(Line<'t>)) {
    let (old, new) = (lines(old), lines(new));
    let changes = match differ {
        Differ::InLayout => layout::changes(&old, &new),
        Differ::InLines => moved::changes(&old, &new),
    };
    for hunk in changes.chunk_by(|one, other| other.old.start - one.old.end <= 2 * CONTEXT) {
        let ([first, ..], [.., last]) = (hunk, hunk) else { continue };
        let before = CONTEXT.min(first.old.start);
        let after = CONTEXT.min(old.len() - last.old.end);
        each(Line::Place {
            old: place(first.old.start - before..last.old.end + after),
            new: place(first.new.start - before..last.new.end + after),
        });
        let mut at = first.old.start - before;
        let part = |lines: &[&'t [u8]], range: Range<usize>| lines.get(range).unwrap_or_default().to_vec();
        for change in hunk {
            part(&old, at..change.old.start).into_iter().map(Line::Same).for_each(&mut each);
            part(&old, change.old.clone()).into_iter().map(Line::Removed).for_each(&mut each);
            part(&new, change.new.clone()).into_iter().map(Line::Added).for_each(&mut each);
            at = change.old.end;
        }
        part(&old, at..at + after).into_iter().map(Line::Same).for_each(&mut each);
    }
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

/// The number of the first line, counted from 1, and the number of lines. For no lines, the number of the line before.
fn place(lines: Range<usize>) -> (usize, usize) {
    (lines.start + usize::from(!lines.is_empty()), lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        shown_by(Differ::InLayout, old, new)
    }

    fn shown_by(differ: Differ, old: &str, new: &str) -> String {
        let mut out = String::new();
        let text = |line: &[u8]| String::from_utf8_lossy(line).into_owned();
        diff(old.as_bytes(), new.as_bytes(), differ, |line| {
            out.push_str(&match line {
                Line::Place { old, new } => format!("@{},{} {},{}\n", old.0, old.1, new.0, new.1),
                Line::Same(line) => format!(" {}", text(line)),
                Line::Removed(line) => format!("-{}", text(line)),
                Line::Added(line) => format!("+{}", text(line)),
            });
        });
        out
    }

    #[test]
    fn lines_are_compared_by_what_comes_before_them() {
        assert_eq!(shown("a\nb\n", "a\nb\n"), "");
        assert_eq!(shown("ab\nc\n", "a\nb\nc\n"), "@1,2 1,3\n-ab\n+a\n+b\n c\n");
        assert_eq!(shown("a\n\n\nb\n", "a\nb\n"), "@1,4 1,2\n a\n-\n-\n b\n");
        assert_eq!(shown("a", "a\n"), "@1,1 1,1\n-a+a\n");
        assert_eq!(shown("\n\n", ""), "@1,2 0,0\n-\n-\n");
        assert_eq!(shown("1\n2\n3\n4\n5\n6\n", " 1\n2\n3\n4\n5\n6\n"), "@1,4 1,4\n-1\n+ 1\n 2\n 3\n 4\n");
        let (old, new) = ("1\n2\n3\n4\n5\n6\n7\n8\n9\n", " 1\n2\n3\n4\n5\n6\n7\n8\n 9\n");
        assert_eq!(shown(old, new), "@1,4 1,4\n-1\n+ 1\n 2\n 3\n 4\n@6,4 6,4\n 6\n 7\n 8\n-9\n+ 9\n");
    }
    #[test]
    fn lines_that_changed_or_moved_are_found() {
        let shown = |old: &str, new: &str| shown_by(Differ::InLines, old, new);
        assert_eq!(shown("a\nb\n", "a\nb\n"), "");
        assert_eq!(shown("a\nb\nc\n", "a\nB\nc\n"), "@1,3 1,3\n a\n-b\n+B\n c\n");
        assert_eq!(shown("a\nb\nc\n", "b\na\nc\n"), "@1,3 1,3\n-a\n b\n+a\n c\n");
        assert_eq!(shown("a\n", "a"), "@1,1 1,1\n-a\n+a");
        assert_eq!(shown("", "a\n"), "@0,0 1,1\n+a\n");
        // Lines that occur several times are not matched.
        assert_eq!(shown("x\nx\nb\nx\n", "x\nx\nB\nx\n"), "@1,4 1,4\n x\n x\n-b\n+B\n x\n");
        let old = "<a>\n</a>\n".repeat(1000);
        let new = old.replacen("<a>", "<b>", 900).replacen("<b>", "<a>", 899);
        assert_eq!(shown(&old, &new), "@1796,7 1796,7\n </a>\n <a>\n </a>\n-<a>\n+<b>\n </a>\n <a>\n </a>\n");
    }
}
