//! A request in one of its forms: the body alone, as it is sent, or as a command line of `curl`.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use packetcheck::http::{CurlCommand, WriteError, write_request};
use packetcheck::{Error, Explained, Limits, PacketKind};

use super::secret;
use crate::args::new::{MessageArguments, MessageForm};
use crate::decode::complain_of;
use crate::encode::print_packet;
use crate::output::Output;
use crate::plan::Basis;
use crate::status::{Status, Trouble};

/// What stands for a credential where a command names a file or a variable in its place.
const IN_COMMAND: &str = "unused";

/// A request on its way out.
pub(super) struct Outgoing<'m> {
    pub(super) kind: PacketKind,
    pub(super) message: &'m MessageArguments,
    /// Where the shell finds credentials: names of fields, and files.
    pub(super) files: Vec<(&'static str, PathBuf)>,
}

impl Outgoing<'_> {
    /// A credential: what the file holds, or where a command refers to it, anything.
    pub(super) fn credential(&self, path: Option<&Path>) -> Result<String, Trouble> {
        match (self.message.form, path) {
            (MessageForm::Curl, _) | (_, None) => Ok(IN_COMMAND.to_owned()),
            (_, Some(path)) => secret::read(path),
        }
    }

    /// Writes it to standard output: the body, or what `request` makes of the endpoint.
    pub(super) fn print(
        &self,
        body: Vec<u8>,
        request: impl FnOnce(&str) -> Result<http::Request<Vec<u8>>, Error>,
    ) -> Result<Status, Trouble> {
        let endpoint = self.message.endpoint.as_deref().unwrap_or_default();
        match self.message.form {
            MessageForm::Body => {
                self.complain(&body);
                print_packet(body)
            }
            MessageForm::Http => {
                let wire = write_request(&request(endpoint).map_err(refused)?).map_err(refused)?;
                self.complain(&wire);
                // A line break at the end would be one byte more than the head says.
                print(&wire)
            }
            MessageForm::Curl => {
                let command = CurlCommand::new();
                let command = self
                    .files
                    .iter()
                    .fold(command, |command, (field, path)| command.with_file(*field, path.to_string_lossy()));
                let command = match &self.message.body_file {
                    Some(path) => command.with_body_file(path),
                    None => command,
                };
                print(command.write(&request(endpoint).map_err(refused)?).map_err(unwritten)?.as_bytes())
            }
        }
    }

    /// Shows what is odd in it.
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

pub(super) fn refused(error: impl Display) -> Trouble {
    Trouble::Message(error.to_string())
}

/// Why there is no command.
fn unwritten(error: WriteError) -> Trouble {
    match error {
        WriteError::SecretBody | WriteError::BinaryBody => Trouble::Message(format!("{error} (`--body-file FILE`)")),
        error => refused(error),
    }
}
