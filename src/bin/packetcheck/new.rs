//! `new`: a packet from a few words.

use packetcheck::plesk::Request;

use crate::args::{NewArguments, NewPleskPacket, NewSystem};
use crate::encode::print_packet;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: NewArguments) -> Result<Status, Trouble> {
    let NewSystem::Plesk { packet: NewPleskPacket::GetStatus { pretty, ids } } = arguments.system;
    let request = Request::get_status(ids);
    let packet = if pretty { request.to_xml_pretty() } else { request.to_xml() };
    print_packet(packet.map_err(|error| Trouble::Message(error.to_string()))?)
}
