//! The only place that prints.

use std::io::{self, BufWriter, StderrLock, StdoutLock, Write};

use anstream::{AutoStream, ColorChoice};
use packetcheck::diagnostic::render::visible;

use crate::status::Trouble;

/// Standard output, buffered. Nothing is lost silently: every write and the last flush are looked at.
pub(crate) struct Output {
    stream: BufWriter<AutoStream<StdoutLock<'static>>>,
    colored: bool,
}

impl Output {
    pub(crate) fn stdout() -> Output {
        let stdout = io::stdout();
        let colored = is_colored(AutoStream::choice(&stdout));
        // What is written holds escape sequences only where they are wanted, so none is ever to be taken out.
        let choice = if colored { ColorChoice::Always } else { ColorChoice::AlwaysAnsi };
        Output { stream: BufWriter::new(AutoStream::new(stdout.lock(), choice)), colored }
    }

    /// Standard output is a terminal that shows colours, and nobody asked for none.
    pub(crate) fn is_colored(&self) -> bool {
        self.colored
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.stream.write_all(bytes).map_err(|error| Trouble::writing(&error))
    }

    /// Hands over what was written so far.
    pub(crate) fn flush(&mut self) -> Result<(), Trouble> {
        self.stream.flush().map_err(|error| Trouble::writing(&error))
    }

    /// To be called at the end: a full disk may show only here.
    pub(crate) fn finish(mut self) -> Result<(), Trouble> {
        self.flush()
    }
}

/// Says on standard error what went wrong. That standard error itself is gone cannot be told to anybody.
pub(crate) fn complain(message: &str) {
    let mut stderr = stderr();
    let lines: Vec<_> = message.lines().map(visible).collect();
    let _ = writeln!(stderr, "packetcheck: {}", lines.join("\n"));
}

/// Writes text with escape sequences to standard error, which are taken out where they are not wanted.
pub(crate) fn complain_styled(text: &str) {
    let _ = stderr().write_all(text.as_bytes());
}

/// Standard error is a terminal that shows colours, and nobody asked for none.
pub(crate) fn is_stderr_colored() -> bool {
    is_colored(AutoStream::choice(&io::stderr()))
}

fn stderr() -> AutoStream<StderrLock<'static>> {
    AutoStream::auto(io::stderr().lock())
}

fn is_colored(choice: ColorChoice) -> bool {
    choice != ColorChoice::Never
}
