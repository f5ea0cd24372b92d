//! packetcheck on the schema sets and documents of real standards, next to quick-xml and libxml2: the same bytes, in the
//! same run, alternately. `README.md` says what is measured and how to run it.

mod archive;
mod clock;
mod figures;
#[cfg(feature = "libxml2")]
mod libxml2;
mod measure;
mod set;
mod table;
mod yardstick;

use std::error::Error;
use std::process::ExitCode;

use figures::Row;

const USAGE: &str = "usage: packetcheck-real [--json] [--rounds N] [--set NAME]...";

struct Options {
    json: bool,
    rounds: usize,
    /// All sets if empty.
    sets: Vec<String>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match run(&options) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { json: false, rounds: 50, sets: Vec::new() };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("expected a value after `{argument}`"));
        match argument.as_str() {
            "--json" => options.json = true,
            "--rounds" => {
                let value = value()?;
                let rounds = value.parse().ok().filter(|rounds| *rounds > 0);
                options.rounds = rounds.ok_or(format!("expected a positive number of rounds, found `{value}`"))?;
            }
            "--set" => options.sets.push(value()?),
            _ => return Err(format!("unknown argument `{argument}`")),
        }
    }
    Ok(options)
}

/// Fails if a verdict is wrong, after everything is measured.
fn run(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    let place = archive::place();
    let Some(folder) = archive::find(&place)? else {
        eprintln!("passed over: there are no schema sets in {} (set REAL_DIR to name another place)", place.display());
        return Ok(ExitCode::SUCCESS);
    };
    let mut sets = set::read_all(&folder)?;
    sets.retain(|set| options.sets.is_empty() || options.sets.contains(&set.name));
    if sets.is_empty() {
        return Err("no set of that name".into());
    }
    let mut rows: Vec<Row> = Vec::new();
    for set in sets {
        eprintln!("{}", set.name);
        rows.push(measure::measure(set, options.rounds)?);
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&rows)?);
    } else {
        table::print(&rows);
    }
    let is_right = rows.iter().all(|row| row.wrong.is_empty());
    Ok(if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
