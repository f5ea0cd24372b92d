//! `new`: a packet from a few words.
//!
//! It is no column of the table of kinds: what it takes are options of the command, which differ from operation to operation
//! and become typed values of a system. The kind comes in when the packet is written, to say what is odd in it.

mod message;
mod secret;
mod start;

use packetcheck::json::{Int, Long, Member, OutsideLimits, Text};
use packetcheck::plesk::Credentials;
use packetcheck::sms::{ProgressReport, ReportProgress, ShowTask};
use packetcheck::{Layout, PacketKind, dataworks, plesk};

use crate::args::new::{
    MessageArguments, MessageForm, NewArguments, NewDataWorksPacket, NewSmsPacket, NewSmsProgress, NewSystem,
};
use crate::args::new_plesk::{NewPleskPacket, PleskPacketArguments};
use crate::status::{Status, Trouble};

use message::{Outgoing, refused};

pub(crate) fn run(arguments: NewArguments) -> Result<Status, Trouble> {
    match arguments.system {
        NewSystem::Plesk { packet } => {
            let (packet, request) = match packet {
                NewPleskPacket::Start(arguments) => start::request(*arguments)?,
                NewPleskPacket::GetStatus { packet, ids } => (packet, plesk::Request::get_status(ids)),
                NewPleskPacket::Finish { packet, ids } => (packet, plesk::Request::finish(ids)),
                NewPleskPacket::GetFs { packet } => (packet, plesk::Request::get_fs()),
                NewPleskPacket::Check { packet } => (packet, plesk::Request::check()),
            };
            new_plesk(packet, request)
        }
        NewSystem::DataWorks {
            packet: NewDataWorksPacket::Request { project_id, migration_id, parameters, post, message },
        } => {
            let mut request = dataworks::Request::new(project_id, migration_id);
            for (name, value) in parameters {
                request = request.with(name, value);
            }
            let body = request.encode().map_err(refused)?.into_bytes();
            let outgoing = Outgoing { kind: PacketKind::DataWorksRequest, message: &message, files: Vec::new() };
            outgoing.print(body, |endpoint| match post {
                true => request.to_http_form(endpoint),
                false => request.to_http(endpoint),
            })
        }
        NewSystem::Sms { packet: NewSmsPacket::ShowTask { task, endpoint, token_file, form } } => {
            if form == MessageForm::Body {
                return Err(Trouble::Message("this request has no body: `--form http` writes all of it".to_owned()));
            }
            let message = MessageArguments { form, endpoint: Some(endpoint), body_file: None };
            let files = token_file.iter().map(|path| ("X-Auth-Token", path.clone())).collect();
            let outgoing = Outgoing { kind: PacketKind::SmsTaskRequest, message: &message, files };
            let request = ShowTask::new(task).map_err(refused)?;
            // A command has a variable for it where there is no file.
            let request = match token_file.is_some() || form == MessageForm::Curl {
                true => request.with_token(outgoing.credential(token_file.as_deref())?).map_err(refused)?,
                false => request,
            };
            outgoing.print(Vec::new(), |endpoint| request.to_http(endpoint))
        }
        NewSystem::Sms { packet: NewSmsPacket::Progress(arguments) } => new_progress(arguments),
    }
}

fn new_plesk(packet: PleskPacketArguments, request: plesk::Request<'_>) -> Result<Status, Trouble> {
    let request = match packet.packet_version {
        Some(version) => request.with_version(version),
        None => request,
    };
    let body = if packet.pretty { request.encode_pretty() } else { request.encode() }.map_err(refused)?;
    let PleskPacketArguments {
        message, auth_login_file: login, auth_password_file: password, auth_key_file: key, ..
    } = packet;
    if message.form == MessageForm::Http && login.is_none() && key.is_none() {
        let why = "`--form http` needs `--auth-login-file` and `--auth-password-file`, or `--auth-key-file`";
        return Err(Trouble::Message(why.to_owned()));
    }
    let fields = [("HTTP_AUTH_LOGIN", &login), ("HTTP_AUTH_PASSWD", &password), ("KEY", &key)];
    let files = fields.into_iter().filter_map(|(field, path)| Some((field, path.clone()?))).collect();
    let outgoing = Outgoing { kind: PacketKind::PleskRequest, message: &message, files };
    let credentials = match &key {
        Some(key) => Credentials::key(outgoing.credential(Some(key))?),
        None => {
            let (login, password) = (login.as_deref(), password.as_deref());
            Credentials::login(outgoing.credential(login)?, outgoing.credential(password)?)
        }
    };
    outgoing.print(body.clone(), |endpoint| {
        let mut http = request.to_http(endpoint, &credentials)?;
        *http.body_mut() = body;
        Ok(http)
    })
}

fn new_progress(arguments: NewSmsProgress) -> Result<Status, Trouble> {
    let NewSmsProgress { step, progress, replicated, total, trace, remain, pretty, task, token_file, message } =
        arguments;
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
    let body = PacketKind::SmsProgress.encode(&report.encode().map_err(refused)?, &layout).map_err(refused)?;
    let files = token_file.iter().map(|path| ("X-Auth-Token", path.clone())).collect();
    let outgoing = Outgoing { kind: PacketKind::SmsProgress, message: &message, files };
    let token = outgoing.credential(token_file.as_deref())?;
    outgoing.print(body.clone(), |endpoint| {
        let mut http = ReportProgress::new(task.unwrap_or_default(), token, report)?.to_http(endpoint)?;
        *http.body_mut() = body;
        Ok(http)
    })
}

/// Why the value of an option cannot stand in the packet.
fn outside(option: &str) -> impl Fn(OutsideLimits) -> Trouble {
    move |why| Trouble::Message(format!("{option}: {why}"))
}
