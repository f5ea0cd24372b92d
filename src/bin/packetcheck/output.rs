//! The only place that prints.

use std::io::{self, BufWriter, IsTerminal, StderrLock, StdoutLock, Write};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use packetcheck::diagnostic::render::text::Style;
use packetcheck::diagnostic::render::{json, visible};
use serde::Serialize;
use terminal_size::Width;

use crate::args::ColorWish;
use crate::status::Trouble;

/// Buffered standard output. Nothing is lost silently: every write and the last flush are checked.
pub(crate) struct Output {
    stream: BufWriter<AutoStream<StdoutLock<'static>>>,
    colored: bool,
}

impl Output {
    pub(crate) fn stdout() -> Output {
        let stdout = io::stdout();
        let colored = is_colored(AutoStream::choice(&stdout));
        // Escape sequences are only written if colours are wanted, so none ever has to be removed.
        let choice = if colored { ColorChoice::Always } else { ColorChoice::AlwaysAnsi };
        Output { stream: BufWriter::new(AutoStream::new(stdout.lock(), choice)), colored }
    }

    /// Whether standard output is a terminal that shows colours, and they are not turned off.
    pub(crate) fn is_colored(&self) -> bool {
        self.colored
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.stream.write_all(bytes).map_err(|error| Trouble::writing(&error))
    }

    /// Writes out what is buffered.
    pub(crate) fn flush(&mut self) -> Result<(), Trouble> {
        self.stream.flush().map_err(|error| Trouble::writing(&error))
    }

    /// Finishes the output. Must be called at the end, because a full disk may show only here.
    pub(crate) fn finish(mut self) -> Result<(), Trouble> {
        self.flush()
    }
}

/// Reports a problem on standard error. If standard error itself is closed, nothing can be reported.
pub(crate) fn complain(message: &str) {
    let mut stderr = stderr();
    let lines: Vec<_> = message.lines().map(visible).collect();
    let _ = writeln!(stderr, "packetcheck: {}", lines.join("\n"));
}

/// Writes text to standard error, without its escape sequences if colours are not wanted.
pub(crate) fn complain_styled(text: &str) {
    let _ = stderr().write_all(text.as_bytes());
}

/// Writes lines for programs to standard error.
pub(crate) fn complain_plainly(lines: &[u8]) {
    let _ = io::stderr().lock().write_all(lines);
}

/// Whether GitHub runs this in a workflow, and reads annotations from the output.
pub(crate) fn is_on_github() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true")
}

/// How diagnostics are drawn on standard error.
pub(crate) fn stderr_style() -> Style {
    style_of(&io::stderr())
}

/// How diagnostics are drawn on standard output.
pub(crate) fn stdout_style() -> Style {
    style_of(&io::stdout())
}

/// The output is not adapted to terminals with fewer columns.
const NARROWEST: usize = 40;

/// Text is as wide as the terminal; if there is no terminal, lines are not wrapped.
fn style_of<S: RawStream + AsHandle>(stream: &S) -> Style {
    let style = Style::new(is_colored(AutoStream::choice(stream)));
    match (stream.is_terminal(), terminal_size::terminal_size_of(stream)) {
        (false, _) => style.width(None),
        // The default of a new style.
        (true, None) => style,
        (true, Some((Width(columns), _))) => style.width(Some(usize::from(columns).max(NARROWEST))),
    }
}

#[cfg(unix)]
use std::os::fd::AsFd as AsHandle;
#[cfg(windows)]
use std::os::windows::io::AsHandle;

/// Sets once for the whole run whether colours are wanted, for any stream.
pub(crate) fn choose_color(choice: ColorWish) {
    let is_forced = std::env::var_os("FORCE_COLOR").is_some_and(|value| !value.is_empty() && value != "0");
    match choice {
        ColorWish::Always => ColorChoice::Always.write_global(),
        ColorWish::Never => ColorChoice::Never.write_global(),
        // NO_COLOR, CLICOLOR and CLICOLOR_FORCE are checked when a stream is opened.
        ColorWish::Auto if is_forced => ColorChoice::Always.write_global(),
        ColorWish::Auto => {}
    }
}

/// A colour for a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Color {
    Green,
    Yellow,
    Red,
    Cyan,
}

/// A word in its colour; unchanged if it has none.
pub(crate) fn painted(word: &str, color: Option<Color>) -> String {
    let style = match color {
        None => return word.to_owned(),
        Some(Color::Green) => "\u{1b}[32m",
        Some(Color::Yellow) => "\u{1b}[33m",
        Some(Color::Red) => "\u{1b}[1;31m",
        Some(Color::Cyan) => "\u{1b}[36m",
    };
    format!("{style}{word}\u{1b}[0m")
}

/// A line of JSON, as all commands write it for programs.
pub(crate) fn json_line(value: &impl Serialize) -> Vec<u8> {
    // Serializing strings and numbers into memory cannot fail.
    let mut line = json::to_line(value).unwrap_or_default();
    line.push(b'\n');
    line
}

/// Whether the terminal cannot show the blocks of a bar.
pub(crate) fn is_plain() -> bool {
    let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let locale = set("LC_ALL").or_else(|| set("LC_CTYPE")).or_else(|| set("LANG"));
    is_dumb() || locale.is_some_and(|locale| !locale.to_ascii_lowercase().replace('-', "").contains("utf8"))
}

/// Moves to the upper left corner of a terminal and clears everything below.
pub(crate) const CLEAR: &[u8] = b"\x1b[2J\x1b[H";

/// Whether standard output is a terminal without escape sequences.
pub(crate) fn is_dumb() -> bool {
    io::stdout().is_terminal() && std::env::var_os("TERM").is_some_and(|terminal| terminal == "dumb")
}

fn stderr() -> AutoStream<StderrLock<'static>> {
    AutoStream::auto(io::stderr().lock())
}

fn is_colored(choice: ColorChoice) -> bool {
    choice != ColorChoice::Never
}
