//! The command `packetcheck`: parses arguments, calls the library and writes the results.
//!
//! Exit status 0: everything is valid. 1: something is invalid. 2: something could not be checked. Results go to
//! standard output, problems to standard error. If the reader closes the pipe early, the command ends without a message
//! and with status 141, as if SIGPIPE had ended it (128 plus the number of the signal).
#![forbid(unsafe_code)]

mod args;
mod baseline;
mod capture;
mod check;
mod completions;
mod config;
mod conversion;
mod convert;
mod decode;
mod diff;
mod encode;
mod explain;
mod fixer;
mod fmt;
mod generate;
mod input;
mod lsp;
mod new;
mod output;
mod page;
mod patch;
mod plan;
mod progress;
mod redact;
mod results;
mod schema;
mod status;
mod waiting;
mod watch;
mod workers;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use output::Output;
use status::{Status, Trouble};

fn main() -> ExitCode {
    let status = match Arguments::try_parse() {
        Ok(arguments) => {
            output::choose_color(arguments.color);
            run(arguments.command)
        }
        Err(answer) => show_answer(&answer),
    };
    match status.or_else(Trouble::report) {
        Ok(status) => status.into(),
        Err(Trouble::ClosedPipe) => ExitCode::from(status::CLOSED_PIPE),
        Err(Trouble::Interrupted) => ExitCode::from(status::INTERRUPTED),
        Err(Trouble::Schema(_) | Trouble::Message(_)) => Status::Unchecked.into(),
    }
}

fn run(command: Command) -> Result<Status, Trouble> {
    match command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Status(arguments) => progress::run(&arguments),
        Command::Decode(arguments) => decode::run(&arguments),
        Command::Encode(arguments) => encode::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Config(arguments) => config::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Fmt(arguments) => fmt::run(&arguments),
        Command::Redact(arguments) => redact::run(&arguments),
        Command::New(arguments) => new::run(arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Lsp(arguments) => lsp::run(arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Man(arguments) => completions::run_man(&arguments),
    }
}

/// Shows the output of `clap`: help and version go to standard output, an error in the arguments to standard error.
fn show_answer(answer: &clap::Error) -> Result<Status, Trouble> {
    let text = answer.render();
    if answer.use_stderr() {
        output::complain_styled(&text.ansi().to_string());
        return Ok(Status::Unchecked);
    }
    let mut output = Output::stdout();
    let text = if output.is_colored() { text.ansi().to_string() } else { text.to_string() };
    output.write(text.as_bytes())?;
    output.finish()?;
    Ok(Status::Valid)
}
