//! The arguments of `new`: a subcommand for each system, with a subcommand for each template of its kinds.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, ValueParser};
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Args, Command, FromArgMatches, ValueEnum, ValueHint, value_parser};
use packetcheck::PacketKind;
use packetcheck::operation::{Parameter, ParameterForm, Presence, Template};

/// The widest line of a usage text.
const WIDTH: usize = 80;

/// A packet to write.
#[derive(Debug)]
pub(crate) struct NewArguments {
    pub(crate) kind: PacketKind,
    pub(crate) template: &'static Template,
    pub(crate) message: MessageArguments,
    /// The arguments for the parameters.
    pub(crate) typed: ArgMatches,
}

/// What is written for a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MessageForm {
    Body,
    Http,
    Curl,
}

/// How a request is written, and where it is sent.
#[derive(Debug, Args)]
pub(crate) struct MessageArguments {
    /// What to write: only the body, the whole HTTP request as it is sent, or a command line of curl that sends it, in which
    /// files and shell variables replace credentials
    #[arg(long, value_enum, value_name = "FORM", default_value_t = MessageForm::Body)]
    pub(crate) form: MessageForm,

    /// Where the request is sent, such as https://server.example.com
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url, required_if_eq_any = [("form", "http"), ("form", "curl")])]
    pub(crate) endpoint: Option<String>,

    /// With --form curl: a file with the body, which the command names; needed if the body has a password in it
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) body_file: Option<String>,
}

/// The same for a request without a body.
#[derive(Debug, Args)]
struct HeadArguments {
    /// What to write: the whole HTTP request as it is sent, or a command line of curl that sends it, in which a file or a
    /// shell variable replaces a credential. The body is empty
    #[arg(long, value_enum, value_name = "FORM", default_value_t = MessageForm::Http)]
    form: MessageForm,

    /// Where the request is sent, such as https://server.example.com
    #[arg(long, value_name = "URL", value_hint = ValueHint::Url)]
    endpoint: String,
}

impl From<HeadArguments> for MessageArguments {
    fn from(HeadArguments { form, endpoint }: HeadArguments) -> MessageArguments {
        MessageArguments { form, endpoint: Some(endpoint), body_file: None }
    }
}

impl Args for NewArguments {
    fn augment_args(command: Command) -> Command {
        let mut systems: BTreeMap<usize, Command> = BTreeMap::new();
        for (position, kind) in PacketKind::ALL.into_iter().enumerate() {
            let system = kind.system();
            let is_same = |other: &PacketKind| other.system() == system;
            let first = PacketKind::ALL.iter().position(is_same).unwrap_or(position);
            let templates = kind.templates().iter().map(|template| subcommand(kind, template));
            let command = systems.remove(&first).unwrap_or_else(|| {
                group(Command::new(system.name)).about(format!("A request to {}", system.description))
            });
            systems.insert(first, command.subcommands(templates));
        }
        group(command).about("Write a new packet").subcommands(systems.into_values())
    }

    fn augment_args_for_update(command: Command) -> Command {
        NewArguments::augment_args(command)
    }
}

impl FromArgMatches for NewArguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<NewArguments, clap::Error> {
        let system = matches.subcommand();
        let operation = system.and_then(|(system, matches)| Some((system, matches.subcommand()?)));
        let found = operation.and_then(|(system, (name, typed))| {
            let mut kinds = PacketKind::ALL.into_iter().filter(|kind| kind.system().name == system);
            kinds.find_map(|kind| Some((kind, kind.template(name)?, typed)))
        });
        let (kind, template, typed) = found.ok_or_else(|| clap::Error::new(ErrorKind::MissingSubcommand))?;
        let message = match template.has_body {
            true => MessageArguments::from_arg_matches(typed)?,
            false => HeadArguments::from_arg_matches(typed)?.into(),
        };
        Ok(NewArguments { kind, template, message, typed: typed.clone() })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = NewArguments::from_arg_matches(matches)?;
        Ok(())
    }
}

/// A command that only has subcommands.
fn group(command: Command) -> Command {
    command.subcommand_required(true).arg_required_else_help(true)
}

fn subcommand(kind: PacketKind, template: &'static Template) -> Command {
    let words = format!("packetcheck new {} {}", kind.system().name, template.name);
    let mut command = Command::new(template.name).override_usage(usage(&words, template));
    if !template.examples.is_empty() {
        let heading = if template.examples.len() == 1 { "Example" } else { "Examples" };
        let example = |words_after: &&str| format!("\n  {words} {words_after}").trim_end().to_owned();
        command =
            command.after_help(format!("{heading}:{}", template.examples.iter().map(example).collect::<String>()));
    }
    command = command.args(template.parameters().map(argument));
    let alternatives = with_presence(template, Presence::OneOf);
    if !alternatives.is_empty() {
        let names = alternatives.iter().map(|parameter| parameter.name);
        command = command.group(ArgGroup::new("what").args(names).required(true));
    }
    command = match template.has_body {
        true => MessageArguments::augment_args(command),
        false => HeadArguments::augment_args(command),
    };
    // The parameters are examined only now: clap's messages about those arguments would otherwise replace ours.
    match template.details {
        "" => command.about(template.description),
        details => command.about(template.description).long_about(format!("{}\n\n{details}", template.description)),
    }
}

fn with_presence(template: &Template, presence: Presence) -> Vec<&'static Parameter> {
    template.parameters().filter(|parameter| parameter.presence == presence).collect()
}

/// The name of the option for a parameter; a secret is passed in a file.
pub(crate) fn option(parameter: &Parameter) -> String {
    match is_in_file(parameter.form) {
        true => format!("{}-file", parameter.name),
        false => parameter.name.to_owned(),
    }
}

/// Whether a parameter is one line of text in a file.
fn is_in_file(form: ParameterForm) -> bool {
    matches!(form, ParameterForm::Secret | ParameterForm::Credential(_))
}

fn argument(parameter: &'static Parameter) -> Arg {
    let mut argument = Arg::new(parameter.name).help(help(parameter));
    if !parameter.is_operand {
        argument = argument.long(option(parameter));
    }
    argument = match (parameter.form, parameter.is_repeated) {
        (ParameterForm::Flag, _) => argument.action(ArgAction::SetTrue),
        (form, is_repeated) => {
            let argument = argument.value_name(parameter.value_name).value_parser(parser(form));
            argument.action(if is_repeated { ArgAction::Append } else { ArgAction::Set })
        }
    };
    if parameter.is_operand && parameter.is_repeated {
        argument = argument.num_args(1..);
    }
    argument = match (parameter.presence, parameter.form) {
        (Presence::Required, _) => argument.required(true),
        // In a command, a shell variable takes its place.
        (Presence::InMessage, ParameterForm::Credential(_)) => argument.required_if_eq("form", "http"),
        (Presence::InMessage, _) => argument.required_if_eq_any([("form", "http"), ("form", "curl")]),
        _ => argument,
    };
    let argument = parameter.requires.iter().fold(argument, |argument, name| argument.requires(*name));
    argument.conflicts_with_all(parameter.excludes)
}

fn parser(form: ParameterForm) -> ValueParser {
    match form {
        ParameterForm::Choice(choices) => PossibleValuesParser::new(choices).into(),
        ParameterForm::Checked(check) => ValueParser::new(move |text: &str| check(text).map(|()| text.to_owned())),
        ParameterForm::Document => value_parser!(PathBuf),
        form if is_in_file(form) => value_parser!(PathBuf),
        _ => ValueParser::string(),
    }
}

fn help(parameter: &Parameter) -> String {
    let mut help = parameter.description.to_owned();
    if is_in_file(parameter.form) {
        help.push_str(": a file that holds it in one line, or - for standard input");
    }
    help.push_str(match (parameter.presence, parameter.form) {
        (Presence::InMessage, ParameterForm::Credential(_)) => " [needed for --form http]",
        (Presence::InMessage, _) => " [needed for --form http and --form curl]",
        _ => "",
    });
    help
}

/// The usage line with the required arguments, wrapped to the width of a terminal.
fn usage(words: &str, template: &Template) -> String {
    let shown = |parameter: &&Parameter| {
        let value = format!("<{}>", parameter.value_name);
        let shown = match parameter.is_operand {
            true => value,
            false => format!("--{} {value}", option(parameter)),
        };
        if parameter.is_operand && parameter.is_repeated { format!("{shown}...") } else { shown }
    };
    let (operands, options): (Vec<_>, Vec<_>) =
        with_presence(template, Presence::Required).into_iter().partition(|parameter| parameter.is_operand);
    let mut parts: Vec<String> = options.iter().map(shown).collect();
    if !template.has_body {
        parts.push("--endpoint <URL>".to_owned());
    }
    let alternatives: Vec<String> = with_presence(template, Presence::OneOf).iter().map(shown).collect();
    if !alternatives.is_empty() {
        parts.push(format!("<{}>", alternatives.join("|")));
    }
    parts.extend(operands.iter().map(shown));
    parts.insert(0, "[OPTIONS]".to_owned());
    let mut usage = words.to_owned();
    // The first line begins after `Usage: `.
    let mut width = "Usage: ".len() + usage.len();
    for part in parts {
        if width + 1 + part.len() > WIDTH {
            usage.push_str("\n         ");
            width = "        ".len();
        } else {
            usage.push(' ');
        }
        usage.push_str(&part);
        width += 1 + part.len();
    }
    usage
}
