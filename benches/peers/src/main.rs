//! One table of packetcheck and its peers: the same bytes, the same run, taken in turns.
//!
//! In a round every contender goes once through the whole corpus; the next round starts with another one, so that no one
//! always follows the same neighbour and a slow moment of the machine falls on all. Time per packet is a round's time
//! over its packets; the table gives the least and the median of the rounds.

mod contender;
#[path = "../../inputs/mod.rs"]
mod inputs;
mod json_peers;
mod ours;
// Built by other readers and dropped by the benchmark: nobody reads them.
#[allow(dead_code)]
mod plain;
mod xml_peers;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Instant;

use contender::{ALL, BASELINES, Contender, Corpus, Form};
use inputs::{Layout, json};
use serde::Serialize;

/// The task details that the documentation prints.
const SMS_EXAMPLE: &[u8] = include_bytes!("../../../tests/data/sms/documentation/show_task.json");

const USAGE: &str = "usage: packetcheck-peers [--json] [--rounds N] [--corpus NAME] [--contender NAME]";

/// One line of the table; all times are per packet.
#[derive(Serialize)]
struct Line {
    corpus: &'static str,
    contender: &'static str,
    bytes: usize,
    min_ns: f64,
    median_ns: f64,
}

struct Options {
    json: bool,
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
    for corpus in corpora().iter().filter(|corpus| wanted(corpus.name, &options.corpus)) {
        let is_in =
            |contender: &&Contender| (contender.takes)(corpus.form) && wanted(contender.name, &options.contender);
        let contenders: Vec<&Contender> = ALL.iter().filter(is_in).collect();
        lines.extend(compete(corpus, &contenders, options.rounds));
    }
    if lines.is_empty() {
        eprintln!("no corpus or contender of that name\n{USAGE}");
        return ExitCode::from(2);
    }
    if options.json {
        println!("{}", serde_json::to_string_pretty(&lines).expect("numbers and names have a JSON form"));
    } else {
        print_table(&lines);
    }
    ExitCode::SUCCESS
}

fn options(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
    let mut options = Options { json: false, rounds: 200, corpus: None, contender: None };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("expected a value after `{argument}`"));
        match argument.as_str() {
            "--json" => options.json = true,
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

fn corpora() -> Vec<Corpus> {
    let corpus = |name, form, packets| Corpus { name, form, packets };
    let mix = |layout| inputs::responses(inputs::MIX_PACKETS, layout);
    let large = |layout| vec![inputs::large_response(inputs::LARGE_NODES, layout)];
    vec![
        corpus("mix.pretty", Form::PleskResponse, mix(Layout::Pretty)),
        corpus("mix.min", Form::PleskResponse, mix(Layout::Minified)),
        corpus("requests", Form::PleskRequest, inputs::requests(inputs::REQUEST_PACKETS)),
        corpus("large.pretty", Form::PleskResponse, large(Layout::Pretty)),
        corpus("large.min", Form::PleskResponse, large(Layout::Minified)),
        corpus("dataworks.xml", Form::DataworksXml, json::answers(json::ANSWERS, true)),
        corpus("dataworks.json", Form::DataworksJson, json::answers(json::ANSWERS, false)),
        corpus("sms.example", Form::SmsTask, vec![SMS_EXAMPLE.to_vec()]),
        corpus("sms.large", Form::SmsTask, vec![json::task(json::LARGE_DISKS, json::LARGE_STEPS)]),
    ]
}

/// Holds the contenders' answers together, then times them in turns.
fn compete(corpus: &Corpus, contenders: &[&Contender], rounds: usize) -> Vec<Line> {
    let mut passes: Vec<_> = contenders.iter().map(|contender| (contender.prepare)(corpus)).collect();
    for (contender, pass) in contenders.iter().zip(&mut passes) {
        assert_eq!(pass(), corpus.items(), "{} meets every item of {}", contender.name, corpus.name);
    }
    let mut times = vec![Vec::with_capacity(rounds); passes.len()];
    for round in 0..rounds {
        for turn in 0..passes.len() {
            let index = (round + turn) % passes.len();
            let start = Instant::now();
            black_box(passes[index]());
            times[index].push(start.elapsed().as_nanos() as f64 / corpus.packets.len() as f64);
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
        }
    };
    contenders.iter().zip(times).map(line).collect()
}

fn print_table(lines: &[Line]) {
    println!(
        "{:<16}{:<24}{:>9}{:>14}{:>14}{:>10}{:>10}",
        "corpus", "contender", "bytes", "min ns", "median ns", "MB/s", "x base"
    );
    for line in lines {
        let raw = lines.iter().find(|other| other.corpus == line.corpus && BASELINES.contains(&other.contender));
        let ratio = raw.map_or_else(|| "-".to_owned(), |raw| format!("{:.2}", raw.median_ns / line.median_ns));
        let speed = line.bytes as f64 * 1_000.0 / line.median_ns;
        println!(
            "{:<16}{:<24}{:>9}{:>14.1}{:>14.1}{:>10.0}{:>10}",
            line.corpus, line.contender, line.bytes, line.min_ns, line.median_ns, speed, ratio
        );
    }
}
