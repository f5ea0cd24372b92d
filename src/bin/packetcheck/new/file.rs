//! Parameters in files. Credentials come from files and never from the command line, which every process can see.

use std::path::Path;

use packetcheck::Limits;

use crate::input::Source;
use crate::status::Trouble;

/// Reads a file that holds one line.
pub(super) fn read(path: &Path) -> Result<String, Trouble> {
    let text = read_text(path)?;
    let line = text.strip_suffix('\n').map_or(&*text, |line| line.strip_suffix('\r').unwrap_or(line));
    match line {
        "" => Err(trouble(path, "expected a line, found nothing")),
        line if line.contains('\n') => Err(trouble(path, "expected one line, found several")),
        line => Ok(line.to_owned()),
    }
}

/// Reads a file as text.
pub(super) fn read_text(path: &Path) -> Result<String, Trouble> {
    let bytes = Source::named(path).read(&Limits::default()).map_err(|why| trouble(path, &why))?;
    String::from_utf8(bytes).map_err(|_| trouble(path, "expected text in UTF-8"))
}

fn trouble(path: &Path, why: &str) -> Trouble {
    Trouble::Message(format!("{}: {why}", Source::named(path).name()))
}
