//! A request in one of its forms: only the body, the whole HTTP request, or a `curl` command.

use std::fmt::Display;
use std::path::PathBuf;

use packetcheck::http::{CurlCommand, WriteError, write_request};
use packetcheck::operation::Draft;
use packetcheck::{Explained, Limits, PacketKind};

use crate::args::new::{MessageArguments, MessageForm};
use crate::conversion::complain_of;
use crate::encode::print_packet;
use crate::input::STDIN;
use crate::output::Output;
use crate::plan::Basis;
use crate::status::{Status, Trouble};

/// A request to be written.
pub(super) struct Outgoing<'m> {
    pub(super) kind: PacketKind,
    pub(super) message: &'m MessageArguments,
    /// Where the shell finds credentials: the names of fields, and the files.
    pub(super) files: Vec<(&'static str, PathBuf)>,
}

impl Outgoing<'_> {
    /// Writes it to standard output.
    pub(super) fn print(&self, draft: Draft) -> Result<Status, Trouble> {
        let Some(request) = draft.request else {
            self.complain(&draft.body);
            return print_packet(draft.body);
        };
        if self.message.form == MessageForm::Curl {
            self.check_files()?;
            return print(self.command().write(&request).map_err(unwritten)?.as_bytes());
        }
        let wire = write_request(&request).map_err(refused)?;
        self.complain(&wire);
        // A line break at the end would be one byte more than the head announces.
        print(&wire)
    }

    /// A command is run later: it can read files that the shell can name, but not our standard input.
    fn check_files(&self) -> Result<(), Trouble> {
        for path in self.files.iter().map(|(_, path)| path.as_path()) {
            if path.as_os_str() == STDIN {
                return Err(refused("a curl command needs a file, found `-`: it does not have this standard input"));
            }
            if path.to_str().is_none() {
                return Err(refused(format!("a curl command needs a name in UTF-8, found {}", path.display())));
            }
        }
        Ok(())
    }

    fn command(&self) -> CurlCommand {
        let with_file = |command: CurlCommand, (field, path): &(&'static str, PathBuf)| {
            command.with_file(*field, path.to_string_lossy())
        };
        let command = self.files.iter().fold(CurlCommand::new(), with_file);
        match &self.message.body_file {
            Some(path) => command.with_body_file(path),
            None => command,
        }
    }

    /// Shows warnings about the request.
    fn complain(&self, written: &[u8]) {
        let Explained { report, .. } = Explained::of(written, Some(self.kind), &Limits::default());
        complain_of("the packet", written, &Basis::Kind(self.kind, None), &report);
    }
}

fn print(bytes: &[u8]) -> Result<Status, Trouble> {
    let mut output = Output::stdout();
    output.write(bytes)?;
    output.finish()?;
    Ok(Status::Valid)
}

fn refused(error: impl Display) -> Trouble {
    Trouble::Message(error.to_string())
}

/// Why no command was written.
fn unwritten(error: WriteError) -> Trouble {
    match error {
        WriteError::SecretBody | WriteError::BinaryBody => Trouble::Message(format!("{error} (`--body-file FILE`)")),
        error => refused(error),
    }
}
