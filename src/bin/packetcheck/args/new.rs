//! The words of `new`.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{Args, Subcommand, ValueEnum};
use packetcheck::json::Names;
use packetcheck::sms::SubTaskName;

use super::new_plesk::NewPleskPacket;

/// Write a new packet
#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    #[command(subcommand)]
    pub(crate) system: NewSystem,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NewSystem {
    /// A request to a Plesk server
    Plesk {
        #[command(subcommand)]
        packet: NewPleskPacket,
    },
    /// A request to Alibaba Cloud DataWorks
    #[command(name = "dataworks")]
    DataWorks {
        #[command(subcommand)]
        packet: NewDataWorksPacket,
    },
    /// A message to Huawei Cloud SMS
    Sms {
        #[command(subcommand)]
        packet: NewSmsPacket,
    },
}

/// What is written of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageForm {
    Body,
    Http,
    Curl,
}

/// How a request is written, and where it is sent.
#[derive(Debug, Args)]
pub(crate) struct MessageArguments {
    /// What to write: the body alone, the whole HTTP request as it is sent, or a command line of curl that sends it, in which
    /// files and variables of the shell stand for credentials
    #[arg(long, value_enum, value_name = "FORM", default_value_t = MessageForm::Body)]
    pub(crate) form: MessageForm,

    /// Where the request is sent, such as https://server.example.com
    #[arg(long, value_name = "URL", required_if_eq_any = [("form", "http"), ("form", "curl")])]
    pub(crate) endpoint: Option<String>,

    /// With --form curl: a file with the body, which the command names; needed where the body has a password in it
    #[arg(long, value_name = "FILE")]
    pub(crate) body_file: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum NewSmsPacket {
    /// Ask for the details of a task: a request without a body
    #[command(after_help = NEW_SHOW_TASK_EXAMPLES)]
    ShowTask {
        /// The task
        #[arg(value_name = "ID")]
        task: String,

        /// Where the request is sent, such as https://sms.example.com
        #[arg(long, value_name = "URL")]
        endpoint: String,

        /// A file with the token of the user in one line; - for standard input, though not with --form curl
        #[arg(long, value_name = "FILE")]
        token_file: Option<PathBuf>,

        /// What to write: the whole HTTP request as it is sent, or a curl command that sends it. The command reads the token
        /// from the file, or else from the shell variable X_AUTH_TOKEN. The body alone is empty
        #[arg(long, value_enum, value_name = "FORM", default_value_t = MessageForm::Http)]
        form: MessageForm,
    },
    /// Report the progress of a step of a task, as JSON
    #[command(after_help = NEW_SMS_EXAMPLES, override_usage = NEW_SMS_USAGE)]
    Progress(NewSmsProgress),
}

/// The words of `progress`.
#[derive(Debug, Args)]
pub(crate) struct NewSmsProgress {
    /// The step, such as MIGRATE_LINUX_FILE
    #[arg(long, value_name = "NAME", value_parser = step(), hide_possible_values = true)]
    pub(crate) step: SubTaskName,

    /// How much of it is done, in percent
    #[arg(long, value_name = "0..100")]
    pub(crate) progress: i32,

    /// Bytes that are migrated
    #[arg(long, value_name = "BYTES")]
    pub(crate) replicated: i64,

    /// Bytes to migrate
    #[arg(long, value_name = "BYTES")]
    pub(crate) total: i64,

    /// What is going on, in words
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) trace: String,

    /// Seconds that remain
    #[arg(long, value_name = "SECONDS")]
    pub(crate) remain: Option<i64>,

    /// Put each member on a line of its own, indented
    #[arg(long)]
    pub(crate) pretty: bool,

    /// The task that it is about; needed for more than the body
    #[arg(long, value_name = "ID", required_if_eq_any = [("form", "http"), ("form", "curl")])]
    pub(crate) task: Option<String>,

    /// A file with the token of the user in one line, needed for --form http; - for standard input. Without it the command
    /// that --form curl writes reads the token from the shell variable X_AUTH_TOKEN
    #[arg(long, value_name = "FILE", required_if_eq("form", "http"))]
    pub(crate) token_file: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) message: MessageArguments,
}

const NEW_SHOW_TASK_EXAMPLES: &str = "\
Examples:
  packetcheck new sms show-task ef3b9722-07a0-40ae-89b0-889ee96dfc56 \\
    --endpoint https://sms.example.com --token-file token.txt
  packetcheck new sms show-task ef3b9722-07a0-40ae-89b0-889ee96dfc56 \\
    --endpoint https://sms.example.com --token-file token.txt --form curl | sh";

const NEW_SMS_USAGE: &str = "\
packetcheck new sms progress --step <NAME> --progress <0..100>
         --replicated <BYTES> --total <BYTES> [OPTIONS]";

const NEW_SMS_EXAMPLES: &str = "\
Examples:
  packetcheck new sms progress --step MIGRATE_LINUX_FILE --progress 10 \\
    --replicated 1000 --total 10000 --remain 90";

fn step() -> ValueParser {
    let named = |name: String| SubTaskName::from_name(&name).ok_or("expected a step of a task");
    PossibleValuesParser::new(SubTaskName::NAMES).try_map(named).into()
}

#[derive(Debug, Subcommand)]
pub(crate) enum NewDataWorksPacket {
    /// Ask how far an import is, as a query string or form body
    ///
    /// Who sends it adds the parameters that sign it.
    #[command(after_help = NEW_DATAWORKS_EXAMPLES, override_usage = NEW_DATAWORKS_USAGE)]
    Request {
        /// The workspace
        #[arg(long, value_name = "ID")]
        project_id: i64,

        /// The migration package, as CreateImportMigration answered it
        #[arg(long, value_name = "ID")]
        migration_id: i64,

        /// More parameters, such as Version=2020-05-18; they are escaped as need be
        #[arg(long = "with", value_name = "NAME=VALUE", value_parser = parameter)]
        parameters: Vec<(String, String)>,

        /// Put the parameters into the body of a POST, not into the query of a GET
        #[arg(long)]
        post: bool,

        #[command(flatten)]
        message: MessageArguments,
    },
}

const NEW_DATAWORKS_USAGE: &str = "\
packetcheck new dataworks request --project-id <ID> --migration-id <ID>
         [--with <NAME=VALUE>]... [OPTIONS]";

const NEW_DATAWORKS_EXAMPLES: &str = "\
Examples:
  packetcheck new dataworks request --project-id 123456 --migration-id 7
  packetcheck new dataworks request --project-id 123456 --migration-id 7 \\
    --with Version=2020-05-18 --with Format=JSON";

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected a name, `=` and a value")?;
    Ok((name.to_owned(), value.to_owned()))
}
