//! Formatting: the layout of a document, as edits of its white space.

use std::ops::Range;

use packetcheck::{FormatError, FormatOptions, Indent, Limits, format, xml};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Refusal;
use super::protocol::TextEdit;
use super::server::{Snapshot, read};
use super::workspace::Workspace;

#[derive(Debug, Deserialize)]
struct Asked {
    options: Options,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    tab_size: u8,
    insert_spaces: bool,
}

pub(crate) fn formatting(document: &Snapshot, workspace: &Workspace, params: &Value) -> Result<Value, Refusal> {
    let Asked { options } = read(params)?;
    let indent = if options.insert_spaces { Indent::Spaces(options.tab_size.min(16)) } else { Indent::Tab };
    let limits = workspace.plan_of(document).map_or_else(|_| Limits::default(), |plan| *plan.checker.limits());
    // The declared encoding is that of the file.
    let text = xml::without_label(document.text.as_str());
    let schema = workspace.schema_of(document);
    let formatted = match format(text.as_bytes(), schema.as_ref(), &FormatOptions::new().indent(indent), &limits) {
        Ok(formatted) => formatted,
        // Diagnostics report the errors. An error here would be shown whenever an unfinished document is saved.
        Err(FormatError::Malformed(_)) => return Ok(Value::Null),
        Err(error) => return Err(Refusal::failed(error.to_string())),
    };
    let formatted = String::from_utf8(formatted).map_err(|error| Refusal::failed(error.to_string()))?;
    let edits = edits(&text, &formatted);
    let ranges = document.text.ranges(edits.iter().map(|(span, _)| span));
    let edits = ranges.into_iter().zip(&edits);
    let edits = edits.map(|(range, (_, new_text))| TextEdit { range, new_text: (*new_text).to_owned() });
    Ok(json!(edits.collect::<Vec<_>>()))
}

/// The runs of white space that differ between two texts, which are otherwise the same.
fn edits<'n>(old: &str, new: &'n str) -> Vec<(Range<usize>, &'n str)> {
    let length = |text: &str, at: usize, is_part: fn(&u8) -> bool| {
        text.as_bytes().get(at..).unwrap_or_default().iter().take_while(|byte| is_part(byte)).count()
    };
    let (mut at, mut then, mut edits) = (0, 0, Vec::new());
    loop {
        let end = at + length(old, at, u8::is_ascii_whitespace);
        let new_end = then + length(new, then, u8::is_ascii_whitespace);
        let space = new.get(then..new_end).unwrap_or_default();
        if old.get(at..end) != Some(space) {
            edits.push((at..end, space));
        }
        let is_word = |byte: &u8| !byte.is_ascii_whitespace();
        let word = length(old, end, is_word).min(length(new, new_end, is_word));
        if word == 0 {
            return edits;
        }
        (at, then) = (end + word, new_end + word);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn edits_lead_from_one_text_to_the_other(
            words in prop::collection::vec(("[ \n\t]{0,2}", "[ \n\t]{0,2}", "[a-zä]{1,3}"), 0..8),
            last in ("[ \n]{0,2}", "[ \n]{0,2}"),
        ) {
            let old: String = words.iter().map(|(space, _, word)| [space.as_str(), word].concat()).collect();
            let new: String = words.iter().map(|(_, space, word)| [space.as_str(), word].concat()).collect();
            let (old, new) = (old + &last.0, new + &last.1);
            let mut edited = old.clone();
            for (span, text) in edits(&old, &new).into_iter().rev() {
                edited.replace_range(span, text);
            }
            prop_assert_eq!(edited, new);
        }
    }
}
