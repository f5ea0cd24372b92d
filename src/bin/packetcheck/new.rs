//! `new`: a packet from a few words.

use packetcheck::plesk::Request;

use crate::args::{NewArguments, NewPleskPacket, NewSystem};
use crate::output::Output;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: NewArguments) -> Result<Status, Trouble> {
    let NewSystem::Plesk { packet: NewPleskPacket::GetStatus { ids } } = arguments.system;
    let packet = Request::get_status(ids).to_xml().map_err(|error| Trouble::Message(error.to_string()))?;
    let mut output = Output::stdout();
    output.write(&packet)?;
    output.finish()?;
    Ok(Status::Valid)
}
