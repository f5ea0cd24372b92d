//! `new`: a packet from a few words.

use std::fmt::Display;

use packetcheck::json::{Int, Long, Member, OutsideLimits, Text};
use packetcheck::sms::ProgressReport;
use packetcheck::{Kind, Layout, dataworks, plesk};

use crate::args::{NewArguments, NewDataWorksPacket, NewPleskPacket, NewSmsPacket, NewSystem};
use crate::encode::print_packet;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: NewArguments) -> Result<Status, Trouble> {
    print_packet(match arguments.system {
        NewSystem::Plesk { packet } => {
            let (pretty, request) = match packet {
                NewPleskPacket::GetStatus { pretty, ids } => (pretty, plesk::Request::get_status(ids)),
                NewPleskPacket::Finish { pretty, ids } => (pretty, plesk::Request::finish(ids)),
                NewPleskPacket::GetFs { pretty } => (pretty, plesk::Request::get_fs()),
                NewPleskPacket::Check { pretty } => (pretty, plesk::Request::check()),
            };
            if pretty { request.to_xml_pretty() } else { request.to_xml() }.map_err(refused)?
        }
        NewSystem::DataWorks { packet: NewDataWorksPacket::Request { project_id, migration_id, parameters } } => {
            let mut request = dataworks::Request::new(project_id, migration_id);
            for (name, value) in parameters {
                request = request.with(name, value);
            }
            request.to_query().map_err(refused)?.into_bytes()
        }
        NewSystem::Sms {
            packet: NewSmsPacket::Progress { step, progress, replicated, total, trace, remain, pretty },
        } => {
            let mut report = ProgressReport::new(
                step,
                Int::new(progress).map_err(outside("--progress"))?,
                Long::new(replicated).map_err(outside("--replicated"))?,
                Long::new(total).map_err(outside("--total"))?,
                Text::new(trace).map_err(outside("--trace"))?,
            );
            if let Some(remain) = remain {
                report.remain_time = Member::Value(Long::new(remain).map_err(outside("--remain"))?);
            }
            let layout = Layout::default().pretty(pretty);
            Kind::SmsProgress.encode(&report.to_json().map_err(refused)?, &layout).map_err(refused)?
        }
    })
}

fn refused(error: impl Display) -> Trouble {
    Trouble::Message(error.to_string())
}

/// Why the value of an option cannot stand in the packet.
fn outside(option: &str) -> impl Fn(OutsideLimits) -> Trouble {
    move |why| Trouble::Message(format!("{option}: {why}"))
}
