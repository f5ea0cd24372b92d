//! Credentials: they come from files, never from the command line, where every process sees them.

use std::path::Path;

use packetcheck::Limits;

use crate::input::Source;
use crate::status::Trouble;

/// The line that a file holds.
pub(super) fn read(path: &Path) -> Result<String, Trouble> {
    let source = Source::named(path);
    let trouble = |why: &str| Trouble::Message(format!("{}: {why}", source.name()));
    let bytes = source.read(&Limits::default()).map_err(|why| trouble(&why))?;
    let text = String::from_utf8(bytes).map_err(|_| trouble("expected text in UTF-8"))?;
    let line = text.strip_suffix('\n').map_or(&*text, |line| line.strip_suffix('\r').unwrap_or(line));
    match line {
        "" => Err(trouble("expected a line, found nothing")),
        line if line.contains('\n') => Err(trouble("expected one line, found several")),
        line => Ok(line.to_owned()),
    }
}
