//! The words of `new plesk`.

use std::path::PathBuf;

use super::new::MessageArguments;
use clap::builder::{PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{ArgGroup, Args, Subcommand, ValueEnum};
use packetcheck::plesk::{DbServer, Ip, MappedDbServer, MappedIp, SystemType};

#[derive(Debug, Subcommand)]
pub(crate) enum NewPleskPacket {
    /// Start a migration: from which server, and what
    #[command(after_help = NEW_START_EXAMPLES, override_usage = NEW_START_USAGE)]
    Start(Box<NewPleskStart>),
    /// Ask for the status of migrations
    #[command(after_help = NEW_EXAMPLES)]
    GetStatus {
        #[command(flatten)]
        packet: PleskPacketArguments,

        /// The migrations, as `start` answered them: one operation is written for each
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// Stop migrations at once; their dumps and logs are deleted
    #[command(after_help = "Example:\n  packetcheck new plesk finish 24175")]
    Finish {
        #[command(flatten)]
        packet: PleskPacketArguments,

        /// The migrations, as `start` answered them: one operation is written for each
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
    },
    /// Ask for the partitions of the destination server (Plesk for Unix)
    #[command(after_help = "Example:\n  packetcheck new plesk get-fs")]
    GetFs {
        #[command(flatten)]
        packet: PleskPacketArguments,
    },
    /// Ask whether Migration Manager is installed
    #[command(after_help = "Example:\n  packetcheck new plesk check")]
    Check {
        #[command(flatten)]
        packet: PleskPacketArguments,
    },
}

/// What all packets of Plesk may have.
#[derive(Debug, Args)]
pub(crate) struct PleskPacketArguments {
    /// The protocol version that the packet is written for, such as 1.6.9.0; without it the server takes its newest one
    #[arg(long, value_name = "VERSION")]
    pub(crate) packet_version: Option<String>,

    /// Put each element on a line of its own, indented
    #[arg(long)]
    pub(crate) pretty: bool,

    /// A file with the login name of an administrator of the server that is asked, in one line. Needed for --form http,
    /// unless there is a key; with --form curl variables of the shell stand for what has no file
    #[arg(long, value_name = "FILE", requires = "auth_password_file")]
    pub(crate) auth_login_file: Option<PathBuf>,

    /// A file with the password to it
    #[arg(long, value_name = "FILE", requires = "auth_login_file")]
    pub(crate) auth_password_file: Option<PathBuf>,

    /// A file with a secret key of the server, in place of login name and password
    #[arg(long, value_name = "FILE", conflicts_with_all = ["auth_login_file", "auth_password_file"])]
    pub(crate) auth_key_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) message: MessageArguments,
}

/// The words of `start`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true))]
pub(crate) struct NewPleskStart {
    /// The host name or the IP address of the source server
    #[arg(long, value_name = "HOST")]
    pub(crate) host: String,

    /// The login name of an administrator of the source server
    #[arg(long, value_name = "NAME")]
    pub(crate) login: String,

    /// A file with the password to it in one line, or - for standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: PathBuf,

    /// Where the destination server keeps the content for the time being; without it in the default folder
    #[arg(long, value_name = "FOLDER", default_value = "", hide_default_value = true)]
    pub(crate) directory: String,

    /// The operating system of the source server; Plesk for Windows requires it
    #[arg(long, value_name = "SYSTEM", value_parser = system_type())]
    pub(crate) system_type: Option<SystemType>,

    /// How content gets from one server to the other, on Linux: archive (without this) or rsync
    #[arg(long, value_name = "HOW", value_parser = ["archive", "rsync"], hide_possible_values = true)]
    pub(crate) content_transport: Option<String>,

    /// Migrate web hosting without mail, or mail without web hosting
    #[arg(long, value_enum, value_name = "PART")]
    pub(crate) only: Option<Part>,

    /// Migrate this reseller account; may be given for several
    #[arg(long = "reseller", value_name = "NAME", group = "what")]
    pub(crate) resellers: Vec<String>,

    /// Migrate this customer account; may be given for several
    #[arg(long = "customer", value_name = "NAME", group = "what", requires = "target_owner")]
    pub(crate) customers: Vec<String>,

    /// Migrate this subscription; may be given for several
    #[arg(long = "webspace", value_name = "NAME", group = "what", requires = "target_owner")]
    pub(crate) webspaces: Vec<String>,

    /// Migrate what this file says: the member `selected-objects` in the form that `decode` shows. It can name customers
    /// and subscriptions of a reseller, and give each object addresses of its own
    #[arg(long, value_name = "FILE.json", group = "what")]
    pub(crate) objects: Option<PathBuf>,

    /// The login name of the new owner of customers or subscriptions on the destination server; admin for its administrator
    #[arg(long, value_name = "NAME", conflicts_with_all = ["resellers", "objects"])]
    pub(crate) target_owner: Option<String>,

    /// Replace an IP address by one of the destination server, for each object that is named; before an address that one
    /// has alone stands `exclusive:`. May be given for several, but for subscriptions
    #[arg(long = "ip", value_name = "OLD=NEW", value_parser = mapped_ip, conflicts_with = "objects")]
    pub(crate) ips: Vec<MappedIp<'static>>,

    /// Replace a database server, for each subscription that is named; both are TYPE:HOST:PORT, such as mysql:localhost:3306
    #[arg(long = "db-server", value_name = "OLD=NEW", value_parser = mapped_db_server, requires = "webspaces")]
    pub(crate) db_servers: Vec<MappedDbServer<'static>>,

    #[command(flatten)]
    pub(crate) packet: PleskPacketArguments,
}

/// A part of what can be migrated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    Hosting,
    Mail,
}

const NEW_START_USAGE: &str = "\
packetcheck new plesk start --host <HOST> --login <NAME> --password-file <FILE>
         <--reseller <NAME>|--customer <NAME>|--webspace <NAME>|--objects <FILE.json>>
         [OPTIONS]";

const NEW_START_EXAMPLES: &str = "\
Examples:
  packetcheck new plesk start --host source.example.com --login admin \\
    --password-file password.txt --customer jimmy --target-owner admin \\
    --ip 192.0.2.1=198.51.100.7 --packet-version 1.6.9.0
  packetcheck new plesk start --host source.example.com --login admin \\
    --password-file password.txt --objects objects.json --only mail";

const NEW_EXAMPLES: &str = "\
Examples:
  packetcheck new plesk get-status 24175 24176 > request.xml
  packetcheck new plesk get-status --pretty 24175
  packetcheck new plesk get-status 24175 --form curl \\
    --endpoint https://plesk.example.com --auth-key-file key.txt | sh";

fn system_type() -> ValueParser {
    let named = |name: String| if name == "unix" { SystemType::Unix } else { SystemType::Windows };
    PossibleValuesParser::new(["unix", "windows"]).map(named).into()
}

/// `OLD=NEW`.
fn two(text: &str) -> Result<(&str, &str), String> {
    text.split_once('=').ok_or_else(|| "expected what is there, `=` and what replaces it".to_owned())
}

fn mapped_ip(text: &str) -> Result<MappedIp<'static>, String> {
    let ip = |text: &str| match text.strip_prefix("exclusive:") {
        Some(address) => Ip::exclusive(address.to_owned()),
        None => Ip::shared(text.strip_prefix("shared:").unwrap_or(text).to_owned()),
    };
    let (old, new) = two(text)?;
    Ok(MappedIp { old: ip(old), new: ip(new) })
}

fn mapped_db_server(text: &str) -> Result<MappedDbServer<'static>, String> {
    let server = |text: &str| {
        let (kind, address) = text.split_once(':').ok_or("expected TYPE:HOST:PORT")?;
        let (host, port) = address.rsplit_once(':').ok_or("expected TYPE:HOST:PORT")?;
        Ok::<_, &str>(DbServer::new(host.to_owned(), port.to_owned(), kind.to_owned()))
    };
    let (old, new) = two(text)?;
    Ok(MappedDbServer { old: server(old)?, new: server(new)? })
}
