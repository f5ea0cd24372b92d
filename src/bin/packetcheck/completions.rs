//! `completions` and `man`: what a package of the command installs beside it.

use clap::CommandFactory;

use crate::args::{Arguments, CompletionsArguments, ManArguments};
use crate::output::Output;
use crate::status::{Status, Trouble};

pub(crate) fn run(arguments: &CompletionsArguments) -> Result<Status, Trouble> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "packetcheck", &mut script);
    print(&script)
}

pub(crate) fn run_man(arguments: &ManArguments) -> Result<Status, Trouble> {
    let mut command = Arguments::command();
    // Gives the subcommands their full names, which their pages begin with.
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
