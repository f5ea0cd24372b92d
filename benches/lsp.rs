//! How long an editor waits: the real server has a document of 1 MB open, and text is typed in the middle of it, key by
//! key. After each key, the bench measures how long it takes until diagnostics for that version arrive, and until
//! completions arrive.
//!
//! `cargo bench --bench lsp` prints the median and the maximum over all keys. The promise is a median of 100 ms for
//! diagnostics and 50 ms for completions; the bench fails if it is not kept. As a test, it types only a few keys.

#![allow(clippy::print_stdout, reason = "the figures are its results")]

#[path = "../tests/support/editor.rs"]
#[allow(dead_code)]
mod editor;
#[path = "inputs/mod.rs"]
mod inputs;

use std::path::Path;
use std::time::{Duration, Instant};

use editor::{Editor, Outcome};
use inputs::{Layout, large_response};
use serde_json::json;

/// The nodes of an answer that has about 1 MB, indented or not.
const NODES: [usize; 2] = [4_300, 6_300];

/// The typed text: an answer between two others, with a typing error that is corrected.
const TYPED: &str = "<get_status><result><status>ok</status><migratoin\u{8}\u{8}\u{8}ion_status><total>7</total><completed>4</completed>\
     </migration_status></result></get_status>";

const DIAGNOSTICS: Duration = Duration::from_millis(100);
const COMPLETIONS: Duration = Duration::from_millis(50);

fn main() -> Outcome {
    let is_measured = std::env::args().any(|argument| argument == "--bench");
    let keys = if is_measured { usize::MAX } else { 4 };
    let [pretty, minified] = if is_measured { NODES } else { [10; 2] };
    let mut is_kept = true;
    println!("{:26} {:>9}   {:>22}   {:>22}", "", "", "diagnostics", "completions");
    println!("{:26} {:>9}   {:>10} {:>11}   {:>10} {:>11}", "document", "bytes", "median", "worst", "median", "worst");
    for (name, layout, nodes, comment) in [
        ("one element per line", Layout::Pretty, pretty, ""),
        ("all in one line", Layout::Minified, minified, ""),
        ("all in one line, not ASCII", Layout::Minified, minified, "<!-- \u{1F600} -->"),
    ] {
        let text = String::from_utf8(large_response(nodes, layout))?.replacen(
            "<migration>",
            &format!("<migration>{comment}"),
            1,
        );
        let (mut diagnostics, mut completions) = play(&text, keys)?;
        let bytes = text.len();
        let (diagnostics, worst) = (median(&mut diagnostics), diagnostics.last().copied().unwrap_or_default());
        let (completions, slowest) = (median(&mut completions), completions.last().copied().unwrap_or_default());
        println!("{name:26} {bytes:>9}   {diagnostics:>10.1?} {worst:>11.1?}   {completions:>10.1?} {slowest:>11.1?}");
        is_kept &= diagnostics <= DIAGNOSTICS && completions <= COMPLETIONS;
    }
    if is_kept || !is_measured { Ok(()) } else { Err("slower than promised".into()) }
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Types in the middle of a document. Returns the times until diagnostics and completions arrived, for each key.
fn play(text: &str, keys: usize) -> Outcome<(Vec<Duration>, Vec<Duration>)> {
    let uri = "file:///packetcheck-bench/answer.xml";
    let mut editor = Editor::start(Path::new("."), &["--no-config"], &["utf-16"])?;
    editor.open(uri, text)?;
    assert!(editor.diagnostics(uri, 1)?.is_empty(), "the document is valid");
    let middle = text.len() / 2;
    let at = middle + text.get(middle..).and_then(|rest| rest.find("<get_status>")).ok_or("no node")?;
    let before = text.get(..at).unwrap_or_default();
    let line = u32::try_from(before.matches('\n').count())?;
    let start = before.rsplit('\n').next().unwrap_or_default().encode_utf16().count();
    let mut character = u32::try_from(start)?;
    let (mut diagnostics, mut completions, mut last) = (Vec::new(), Vec::new(), Vec::new());
    for (version, key) in (2..).zip(TYPED.chars().take(keys)) {
        let begun = Instant::now();
        if key == '\u{8}' {
            editor.change(uri, version, [line, character - 1, line, character], "")?;
            character -= 1;
        } else {
            editor.change(uri, version, [line, character, line, character], &key.to_string())?;
            character += 1;
        }
        last = editor.diagnostics(uri, version)?;
        diagnostics.push(begun.elapsed());
        let begun = Instant::now();
        let offered = editor.at("textDocument/completion", uri, line, character)?;
        completions.push(begun.elapsed());
        if key == '<' {
            assert_ne!(offered["items"], json!([]), "something may be written after {key}");
        }
    }
    let is_over = keys > TYPED.len();
    assert_eq!(last.is_empty(), is_over, "the document is valid again once all is typed");
    editor.quit()?;
    Ok((diagnostics, completions))
}
