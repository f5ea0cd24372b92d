//! Compares packetcheck with its peers in one table: the same bytes, in the same run, alternately.
//!
//! In a round every contender goes through the whole corpus, several times if that is short; the next round starts with
//! another contender, so that none always follows the same neighbor. Times are processor time of the thread, which
//! excludes other processes of a busy machine. Time per packet is a round's time divided by the number of its packets.
//! Speeds and ratios use the least time of all rounds, the least disturbed one; medians move with the load of the
//! machine, and their distance from the least time shows how busy it was.
//!
//! `--once` is for counting instructions: one pass of each, in a function of its own.

#[cfg(c_peers)]
mod c_peers;
mod contender;
mod generated;
#[path = "../../inputs/mod.rs"]
mod inputs;
mod instructions;
mod json_peers;
mod ours;
// Built by other readers and dropped by the benchmark, but never read.
#[allow(dead_code)]
mod plain;
mod scans;
mod xml_peers;
mod xml_writer;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

use contender::{ALL, Contender, Corpus, Form, Pass};
use cpu_time::ThreadTime;
use inputs::shapes::{self, Shape};
use inputs::{Layout, json};
use serde::Serialize;

/// The task details that the documentation prints.
const SMS_EXAMPLE: &[u8] = include_bytes!("../../../tests/data/sms/documentation/show_task.json");

const USAGE: &str =
    "usage: packetcheck-peers [--json | --once] [--instructions] [--rounds N] [--corpus NAME] [--contender NAME]";

/// A reading takes at least this long, unless a single pass does anyway: the clock itself costs a few hundred nanoseconds.
const SHORTEST: Duration = Duration::from_micros(200);

/// One line of the table; all times are processor time per packet.
#[derive(Serialize)]
struct Line {
    corpus: &'static str,
    contender: &'static str,
    bytes: usize,
    min_ns: f64,
    median_ns: f64,
    /// The contender that the ratio refers to.
    base: &'static str,
    /// Counted by callgrind, if requested.
    instructions: Option<u64>,
}

struct Options {
    json: bool,
    once: bool,
    instructions: bool,
    rounds: usize,
    corpus: Option<String>,
    contender: Option<String>,
}

fn main() -> ExitCode {
    let options = match options(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    let wanted = |name: &str, filter: &Option<String>| filter.as_deref().is_none_or(|filter| filter == name);
    let mut lines = Vec::new();
    let mut is_known = false;
    for plan in PLANS.iter().filter(|plan| wanted(plan.name, &options.corpus)) {
        let is_in = |contender: &&Contender| (contender.takes)(plan.form) && wanted(contender.name, &options.contender);
        let contenders: Vec<&Contender> = ALL.iter().filter(is_in).collect();
        if contenders.is_empty() {
            continue;
        }
        is_known = true;
        if options.once {
            run_once(&plan.corpus(), &contenders);
        } else {
            let mut competed = compete(&plan.corpus(), &contenders, options.rounds);
            for line in competed.iter_mut().filter(|_| options.instructions) {
                line.instructions = instructions::count(line.contender, line.corpus);
            }
            lines.extend(competed);
        }
    }
    if !is_known {
        eprintln!("no corpus or contender of that name\n{USAGE}");
        return ExitCode::from(2);
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&lines).expect("numbers and names have a JSON form"));
    } else if !options.once {
        print_table(&lines);
    }
    ExitCode::SUCCESS
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options =
        Options { json: false, once: false, instructions: false, rounds: 200, corpus: None, contender: None };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("expected a value after `{argument}`"));
        match argument.as_str() {
            "--json" => options.json = true,
            "--once" => options.once = true,
            "--instructions" => options.instructions = true,
            "--rounds" => {
                let value = value()?;
                options.rounds = value
                    .parse()
                    .ok()
                    .filter(|rounds| *rounds > 0)
                    .ok_or_else(|| format!("expected a positive number of rounds, found `{value}`"))?;
            }
            "--corpus" => options.corpus = Some(value()?),
            "--contender" => options.contender = Some(value()?),
            _ => return Err(format!("unknown argument `{argument}`")),
        }
    }
    Ok(options)
}

/// A corpus that is made on demand.
struct Plan {
    name: &'static str,
    form: Form,
    packets: fn() -> Vec<Vec<u8>>,
}

impl Plan {
    fn corpus(&self) -> Corpus {
        Corpus { name: self.name, packets: (self.packets)(), form: self.form }
    }
}

/// Every corpus, in the order of the table.
const PLANS: &[Plan] = &[
    Plan { name: "mix.pretty", form: Form::PleskResponse, packets: || mix(Layout::Pretty) },
    Plan { name: "mix.min", form: Form::PleskResponse, packets: || mix(Layout::Minified) },
    Plan { name: "requests", form: Form::PleskRequest, packets: || inputs::requests(inputs::REQUEST_PACKETS) },
    Plan { name: "large.pretty", form: Form::PleskResponse, packets: || large(Layout::Pretty) },
    Plan { name: "large.min", form: Form::PleskResponse, packets: || large(Layout::Minified) },
    Plan { name: "dataworks.xml", form: Form::DataworksXml, packets: || json::answers(json::ANSWERS, true) },
    Plan { name: "prefixes", form: Form::Shape(&shapes::PREFIXES), packets: || shape(&shapes::PREFIXES) },
    Plan { name: "attributes", form: Form::Shape(&shapes::ATTRIBUTES), packets: || shape(&shapes::ATTRIBUTES) },
    Plan { name: "mixed", form: Form::Shape(&shapes::MIXED), packets: || shape(&shapes::MIXED) },
    Plan { name: "wildcards", form: Form::Shape(&shapes::WILDCARDS), packets: || shape(&shapes::WILDCARDS) },
    Plan { name: "identity", form: Form::Shape(&shapes::IDENTITY), packets: || shape(&shapes::IDENTITY) },
    Plan { name: "dataworks.json", form: Form::DataworksJson, packets: || json::answers(json::ANSWERS, false) },
    Plan { name: "sms.example", form: Form::SmsTask, packets: || vec![SMS_EXAMPLE.to_vec()] },
    Plan { name: "sms.large", form: Form::SmsTask, packets: || vec![json::task(json::LARGE_DISKS, json::LARGE_STEPS)] },
];

fn mix(layout: Layout) -> Vec<Vec<u8>> {
    inputs::responses(inputs::MIX_PACKETS, layout)
}

fn large(layout: Layout) -> Vec<Vec<u8>> {
    vec![inputs::large_response(inputs::LARGE_NODES, layout)]
}

fn shape(shape: &Shape) -> Vec<Vec<u8>> {
    vec![shape.document.as_bytes().to_vec()]
}

/// Prepares the passes and compares the contenders' answers.
fn prepare<'c>(corpus: &'c Corpus, contenders: &[&Contender]) -> Vec<Pass<'c>> {
    let mut passes: Vec<Pass<'c>> = contenders.iter().map(|contender| (contender.prepare)(corpus)).collect();
    for (contender, pass) in contenders.iter().zip(&mut passes) {
        assert_eq!(pass(), corpus.items(), "{} meets every item of {}", contender.name, corpus.name);
    }
    passes
}

/// One pass of each, and the number of its packets.
fn run_once(corpus: &Corpus, contenders: &[&Contender]) {
    for (contender, mut pass) in contenders.iter().zip(prepare(corpus, contenders)) {
        counted_pass(&mut pass);
        println!("{}\t{}\t{}", contender.name, corpus.name, corpus.packets.len());
    }
}

/// The function whose instructions `../record/measure.sh` counts. Nothing else calls it.
#[inline(never)]
fn counted_pass(pass: &mut Pass<'_>) {
    black_box(pass());
}

/// Times the contenders alternately.
fn compete(corpus: &Corpus, contenders: &[&Contender], rounds: usize) -> Vec<Line> {
    let mut passes = prepare(corpus, contenders);
    let repeats: Vec<u32> = passes.iter_mut().map(repeats_of).collect();
    let mut times = vec![Vec::with_capacity(rounds); passes.len()];
    for round in 0..rounds {
        for turn in 0..passes.len() {
            let index = (round + turn) % passes.len();
            let elapsed = time(&mut passes[index], repeats[index]);
            times[index].push(elapsed.as_nanos() as f64 / f64::from(repeats[index]) / corpus.packets.len() as f64);
        }
    }
    let line = |(contender, mut times): (&&Contender, Vec<f64>)| {
        times.sort_by(f64::total_cmp);
        let rounded = |nanoseconds: f64| (nanoseconds * 10.0).round() / 10.0;
        Line {
            corpus: corpus.name,
            contender: contender.name,
            bytes: corpus.bytes(),
            min_ns: rounded(times[0]),
            median_ns: rounded(times[times.len() / 2]),
            base: contender.base(corpus.form),
            instructions: None,
        }
    };
    contenders.iter().zip(times).map(line).collect()
}

/// The number of passes between two readings of the clock.
fn repeats_of(pass: &mut Pass<'_>) -> u32 {
    let one = time(pass, 1).max(Duration::from_nanos(1));
    u32::try_from(SHORTEST.as_nanos().div_ceil(one.as_nanos())).unwrap_or(u32::MAX)
}

fn time(pass: &mut Pass<'_>, repeats: u32) -> Duration {
    let start = ThreadTime::now();
    for _ in 0..repeats {
        black_box(pass());
    }
    start.elapsed()
}

fn print_table(lines: &[Line]) {
    println!(
        "{:<16}{:<26}{:>9}{:>14}{:>14}{:>10}{:>10}{:>14}",
        "corpus", "contender", "bytes", "min ns", "median ns", "MB/s", "x base", "instructions"
    );
    for line in lines {
        let base = lines.iter().find(|other| other.corpus == line.corpus && other.contender == line.base);
        let ratio = base.map_or_else(|| "-".to_owned(), |base| format!("{:.2}", base.min_ns / line.min_ns));
        let speed = line.bytes as f64 * 1_000.0 / line.min_ns;
        let instructions = line.instructions.map_or_else(|| "-".to_owned(), |count| count.to_string());
        println!(
            "{:<16}{:<26}{:>9}{:>14.1}{:>14.1}{:>10.0}{:>10}{:>14}",
            line.corpus, line.contender, line.bytes, line.min_ns, line.median_ns, speed, ratio, instructions
        );
    }
}
