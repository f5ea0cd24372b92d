//! `new`: a packet from a few words.

use packetcheck::{dataworks, plesk};

use crate::args::{NewArguments, NewDataWorksPacket, NewPleskPacket, NewSystem};
use crate::encode::print_packet;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: NewArguments) -> Result<Status, Trouble> {
    let packet = match arguments.system {
        NewSystem::Plesk { packet } => {
            let (pretty, request) = match packet {
                NewPleskPacket::GetStatus { pretty, ids } => (pretty, plesk::Request::get_status(ids)),
                NewPleskPacket::Finish { pretty, ids } => (pretty, plesk::Request::finish(ids)),
                NewPleskPacket::GetFs { pretty } => (pretty, plesk::Request::get_fs()),
                NewPleskPacket::Check { pretty } => (pretty, plesk::Request::check()),
            };
            if pretty { request.to_xml_pretty() } else { request.to_xml() }
        }
        NewSystem::DataWorks { packet: NewDataWorksPacket::Request { project_id, migration_id, parameters } } => {
            let request = dataworks::Request::new(project_id, migration_id);
            let with =
                |request: dataworks::Request<'static>, (name, value): (String, String)| request.with(name, value);
            parameters.into_iter().fold(request, with).to_query().map(String::into_bytes)
        }
    };
    print_packet(packet.map_err(|error| Trouble::Message(error.to_string()))?)
}
