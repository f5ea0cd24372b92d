//! Runs the contenders on one set.

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::time::Duration;

use allocation_counter::AllocationInfo;
use packetcheck::Schema;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde::de::IgnoredAny;

use crate::clock::{Pass, Rounds, making, over, take_turns};
use crate::figures::{Compilation, Pace, Row, megabytes_per_second, milliseconds};
use crate::set::{Document, Set};
use crate::yardstick::Yardstick;

/// Processor time for each contender to compile a schema again and again.
const COMPILING: Duration = Duration::from_secs(2);

/// Processor time for each contender to go through the documents of one kind again and again.
const CHECKING: Duration = Duration::from_secs(1);

/// Measures one set. Verdicts are checked before anything is timed.
pub fn measure(set: Set, rounds: usize) -> Result<Row, Box<dyn Error>> {
    let mut row = Row::new(&set.name);
    let (schema, allocated) = match compile_counted(&set) {
        Ok(compiled) => compiled,
        Err(refusal) => {
            row.wrong.push(format!("the schema is refused: {refusal}"));
            return Ok(row);
        }
    };
    let yardstick = Yardstick::new(&set, &mut row.notes);
    let (valid, invalid): (Vec<&Document>, Vec<&Document>) =
        readable(&set, &schema, &mut row).into_iter().partition(|document| document.is_valid);
    row.schema = Some(compilation(&set, &schema, &allocated, &yardstick, rounds)?);
    row.valid = valid_documents(&valid, &schema, &yardstick, rounds, &mut row.notes);
    row.invalid = invalid_documents(&invalid, &schema, &yardstick, rounds, &mut row.notes);
    Ok(row)
}

/// The schema and what it allocated, or the first reason for its refusal.
fn compile_counted(set: &Set) -> Result<(Schema, AllocationInfo), String> {
    let mut outcome = None;
    let allocated = allocation_counter::measure(|| outcome = Some(set.compile()));
    match outcome {
        Some(Ok(schema)) => Ok((schema, allocated)),
        Some(Err(error)) => Err(format!("{} {}", error.code(), error.message())),
        None => Err("nothing was compiled".to_owned()),
    }
}

/// The documents with the expected verdict. The rest are listed, and make the run fail.
fn readable<'s>(set: &'s Set, schema: &Schema, row: &mut Row) -> Vec<&'s Document> {
    let mut documents = Vec::new();
    for document in &set.documents {
        let report = schema.explain(&document.bytes);
        let is_agreed = schema.is_valid(&document.bytes) == report.is_valid();
        if is_agreed && report.is_valid() == document.is_valid {
            documents.push(document);
        } else {
            let first = report.diagnostics.first().map_or("no diagnostic", |diagnostic| diagnostic.message.as_str());
            row.wrong.push(format!("{}: {first}", document.name));
        }
    }
    documents
}

fn compilation(
    set: &Set,
    schema: &Schema,
    allocated: &AllocationInfo,
    yardstick: &Yardstick,
    rounds: usize,
) -> Result<Compilation, Box<dyn Error>> {
    let mut bytes = 0;
    for path in schema.documents() {
        // A built-in document is not a file.
        bytes += fs::metadata(path).map_or(0, |metadata| metadata.len()) as usize;
    }
    let mut passes = vec![making(|| set.compile())];
    passes.extend(yardstick.compiling().filter(|_| yardstick.compiled_in() < Some(COMPILING)));
    let least = take_turns(&mut passes, Rounds { at_most: rounds, budget: COMPILING });
    Ok(Compilation {
        documents: schema.documents().count(),
        bytes,
        packetcheck_ms: milliseconds(least[0]),
        libxml2_ms: least.get(1).copied().or(yardstick.compiled_in()).map(milliseconds),
        peak_bytes: allocated.bytes_max,
        kept_bytes: u64::try_from(allocated.bytes_current).unwrap_or(0),
    })
}

fn valid_documents(
    documents: &[&Document],
    schema: &Schema,
    yardstick: &Yardstick,
    rounds: usize,
    notes: &mut Vec<String>,
) -> Option<Pace> {
    let decodes = |document: &[u8]| schema.decode::<IgnoredAny>(document).is_ok();
    let mut race = Race::new(documents, notes);
    race.enter(Contender::QuickXmlRaw, |document| read_raw(document).is_some());
    race.enter(Contender::IsValid, |document| schema.is_valid(document));
    race.enter(Contender::Explain, |document| schema.explain(document).is_valid());
    race.enter(Contender::Decode, decodes);
    if let Some(validate) = yardstick.streaming() {
        race.enter(Contender::Libxml2, validate);
    }
    race.run(rounds)
}

fn invalid_documents(
    documents: &[&Document],
    schema: &Schema,
    yardstick: &Yardstick,
    rounds: usize,
    notes: &mut Vec<String>,
) -> Option<Pace> {
    let mut race = Race::new(documents, notes);
    race.enter(Contender::QuickXmlRaw, |document| read_raw(document).is_some());
    race.enter(Contender::Explain, |document| !schema.explain(document).is_valid());
    if let Some(mut validate) = yardstick.trees() {
        race.enter(Contender::Libxml2, move |document| !validate(document));
    }
    race.run(rounds)
}

/// Every event, with the reader's defaults; `None` if it stops.
fn read_raw(document: &[u8]) -> Option<usize> {
    let mut reader = Reader::from_reader(document);
    let mut events = 0;
    loop {
        match reader.read_event().ok()? {
            Event::Eof => return Some(events),
            event => {
                black_box(&event);
                events += 1;
            }
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Contender {
    QuickXmlRaw,
    IsValid,
    Explain,
    Decode,
    Libxml2,
}

impl Contender {
    fn name(self) -> &'static str {
        match self {
            Contender::QuickXmlRaw => "quick-xml",
            Contender::IsValid => "is_valid",
            Contender::Explain => "explain",
            Contender::Decode => "decode",
            Contender::Libxml2 => "libxml2",
        }
    }
}

/// Contenders and the documents that each gets right.
struct Race<'a, 'n> {
    documents: Vec<&'a Document>,
    entered: Vec<(Contender, usize)>,
    passes: Vec<Pass<'a>>,
    notes: &'n mut Vec<String>,
}

impl<'a, 'n> Race<'a, 'n> {
    fn new(documents: &[&'a Document], notes: &'n mut Vec<String>) -> Race<'a, 'n> {
        Race { documents: documents.to_vec(), entered: Vec::new(), passes: Vec::new(), notes }
    }

    /// `act` returns whether it got a document right. Only those are timed, and the rest are listed.
    fn enter(&mut self, contender: Contender, mut act: impl FnMut(&[u8]) -> bool + 'a) {
        let (right, wrong): (Vec<&Document>, Vec<&Document>) =
            self.documents.iter().partition(|document| act(&document.bytes));
        if !wrong.is_empty() {
            let names: Vec<&str> = wrong.iter().map(|document| document.name.as_str()).collect();
            self.notes.push(format!("{} is timed without {}", contender.name(), names.join(", ")));
        }
        let bytes = right.iter().map(|document| document.bytes.len()).sum();
        if bytes > 0 {
            self.entered.push((contender, bytes));
            let documents = right.iter().map(|document| document.bytes.as_slice()).collect();
            self.passes.push(over(documents, move |document| {
                black_box(act(document));
            }));
        }
    }

    /// `None` if there are no documents.
    fn run(mut self, rounds: usize) -> Option<Pace> {
        if self.documents.is_empty() {
            return None;
        }
        let least = take_turns(&mut self.passes, Rounds { at_most: rounds, budget: CHECKING });
        let pace_of = |wanted: Contender| {
            let index = self.entered.iter().position(|(contender, _)| *contender == wanted)?;
            Some(megabytes_per_second(self.entered[index].1, least[index]))
        };
        Some(Pace {
            documents: self.documents.len(),
            bytes: self.documents.iter().map(|document| document.bytes.len()).sum(),
            quick_xml_raw: pace_of(Contender::QuickXmlRaw),
            is_valid: pace_of(Contender::IsValid),
            explain: pace_of(Contender::Explain),
            decode: pace_of(Contender::Decode),
            libxml2: pace_of(Contender::Libxml2),
        })
    }
}
