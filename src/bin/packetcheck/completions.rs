//! `completions` and `man`: files that a package installs along with the command.

use clap::builder::PossibleValue;
use clap::{Command, CommandFactory};
use clap_complete::Shell;

use crate::args::{Arguments, CompletionsArguments, ManArguments};
use crate::output::Output;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &CompletionsArguments) -> Result<Status, Trouble> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(arguments.shell, &mut command, NAME, &mut script);
    if arguments.shell == Shell::Fish {
        script.extend_from_slice(operands_for_fish(&command).as_bytes());
    }
    print(&script)
}

const NAME: &str = "packetcheck";

/// Completions for fish that `clap_complete` leaves out: the values of operands, such as the codes of `explain`.
fn operands_for_fish(command: &Command) -> String {
    let mut out = String::new();
    for command in command.get_subcommands().filter(|command| command.get_name() != "help") {
        let is_in = format!("__fish_{NAME}_using_subcommand {}", command.get_name());
        out.push_str(&values_for_fish(command, &is_in));
        for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
            let is_in = format!("{is_in}; and __fish_seen_subcommand_from {}", inner.get_name());
            out.push_str(&values_for_fish(inner, &is_in));
        }
    }
    out
}

/// A line for each value; `is_in` is the condition under which it is offered.
fn values_for_fish(command: &Command, is_in: &str) -> String {
    let values = command.get_positionals().filter_map(|operand| operand.get_value_parser().possible_values()).flatten();
    let line = |value: PossibleValue| {
        let help = value.get_help().map(|help| format!(" -d {}", quoted(&help.to_string()))).unwrap_or_default();
        format!("complete -c {NAME} -n {} -f -a {}{help}\n", quoted(is_in), quoted(value.get_name()))
    };
    values.map(line).collect()
}

/// A quoted word for fish: in single quotes, a backslash escapes a backslash or a quote.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

pub(crate) fn run_man(arguments: &ManArguments) -> Result<Status, Trouble> {
    let mut command = Arguments::command();
    // Gives the subcommands their full names, with which their pages begin.
    command.build();
    if let Some(name) = &arguments.command {
        let found = command.find_subcommand(name).cloned();
        command =
            found.ok_or_else(|| Trouble::Message(format!("expected a command such as `check`, found `{name}`")))?;
    }
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page).map_err(|error| Trouble::writing(&error))?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Status, Trouble> {
    let mut output = Output::stdout();
    output.write(bytes)?;
    output.finish()?;
    Ok(Status::Valid)
}
