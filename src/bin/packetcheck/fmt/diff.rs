//! A unified diff of a document and the same document laid out anew.
//!
//! Both are the same but for white space, so lines are not searched for: two lines begin at the same place where as many other
//! bytes come before both. One pass over each text finds all differences.

use std::ops::Range;

/// Lines that differ, by their numbers from 0 on. Between two of these, lines are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    old: Range<usize>,
    new: Range<usize>,
}

/// A line of a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Line<'t> {
    /// Where the lines after it are: `@@ -1,3 +1,4 @@`.
    Place {
        old: (usize, usize),
        new: (usize, usize),
    },
    Same(&'t [u8]),
    Removed(&'t [u8]),
    Added(&'t [u8]),
}

/// How many lines are shown that are the same, before and after each difference.
const CONTEXT: usize = 3;

/// Hands on the lines of a diff, in order; none where the texts are the same.
pub(super) fn diff<'t, E>(
    old: &'t [u8],
    new: &'t [u8],
    mut each: impl FnMut(Line<'t>) -> Result<(), E>,
) -> Result<(), E> {
    let (old, new) = (lines(old), lines(new));
    let changes = changes(&old, &new);
    for hunk in changes.chunk_by(|one, other| other.old.start - one.old.end <= 2 * CONTEXT) {
        let ([first, ..], [.., last]) = (hunk, hunk) else { continue };
        let before = CONTEXT.min(first.old.start);
        let after = CONTEXT.min(old.len() - last.old.end);
        each(Line::Place {
            old: place(first.old.start - before..last.old.end + after),
            new: place(first.new.start - before..last.new.end + after),
        })?;
        let mut at = first.old.start - before;
        let part = |lines: &[&'t [u8]], range: Range<usize>| lines.get(range).unwrap_or_default().to_vec();
        for change in hunk {
            part(&old, at..change.old.start).into_iter().map(Line::Same).try_for_each(&mut each)?;
            part(&old, change.old.clone()).into_iter().map(Line::Removed).try_for_each(&mut each)?;
            part(&new, change.new.clone()).into_iter().map(Line::Added).try_for_each(&mut each)?;
            at = change.old.end;
        }
        part(&old, at..at + after).into_iter().map(Line::Same).try_for_each(&mut each)?;
    }
    Ok(())
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').collect()
}

/// The number of the first line, from 1 on, and how many there are; where there is none, the line before.
fn place(lines: Range<usize>) -> (usize, usize) {
    (lines.start + usize::from(!lines.is_empty()), lines.len())
}

fn changes(old: &[&[u8]], new: &[&[u8]]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    let (mut one, mut other) = (0, 0);
    while one < old.len() || other < new.len() {
        if one < old.len() && old.get(one) == new.get(other) {
            (one, other) = (one + 1, other + 1);
            continue;
        }
        let begin = (one, other);
        let (mut of_old, mut of_new) = (0, 0);
        loop {
            match (old.get(one), new.get(other)) {
                (Some(line), next) if of_old <= of_new || next.is_none() => {
                    of_old += weight(line);
                    one += 1;
                }
                (_, Some(line)) => {
                    of_new += weight(line);
                    other += 1;
                }
                (_, None) => break,
            }
            if of_old == of_new {
                break;
            }
        }
        match changes.last_mut().filter(|last| (last.old.end, last.new.end) == begin) {
            Some(last) => (last.old.end, last.new.end) = (one, other),
            None => changes.push(Change { old: begin.0..one, new: begin.1..other }),
        }
    }
    changes
}

/// How many bytes a line has that formatting keeps.
fn weight(line: &[u8]) -> usize {
    line.iter().filter(|byte| !byte.is_ascii_whitespace()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(old: &str, new: &str) -> String {
        let mut out = String::new();
        let text = |line: &[u8]| String::from_utf8_lossy(line).into_owned();
        let done: Result<(), ()> = diff(old.as_bytes(), new.as_bytes(), |line| {
            out.push_str(&match line {
                Line::Place { old, new } => format!("@{},{} {},{}\n", old.0, old.1, new.0, new.1),
                Line::Same(line) => format!(" {}", text(line)),
                Line::Removed(line) => format!("-{}", text(line)),
                Line::Added(line) => format!("+{}", text(line)),
            });
            Ok(())
        });
        assert_eq!(done, Ok(()));
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
}
