//! Reads every valid document of the real schema sets with the code generated for its set, writes the value again, and
//! compares the two as JSON, by the mapping that needs no generated code. Exits with status 1 if any differ.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use packetcheck::{Error, Limits, Schema, xml};
use serde_json::Value;

include!(concat!(env!("OUT_DIR"), "/sets.rs"));

/// The results for the documents of a set.
#[derive(Default)]
struct Round {
    path: PathBuf,
    document: Vec<u8>,
    /// Whether one of the roots matched.
    is_read: bool,
    last_error: String,
    documents: usize,
    failures: Vec<String>,
}

impl Round {
    fn begin(&mut self, path: &str) {
        self.path = PathBuf::from(path);
        self.is_read = false;
        self.documents += 1;
        let bytes = std::fs::read(path).unwrap_or_default();
        match xml::decode(&bytes, &Limits::default()) {
            Ok(document) => self.document = document.into_owned(),
            Err(fault) => self.failures.push(format!("{path}: {fault:?}")),
        }
    }

    fn trip<'d, T: 'd>(
        &'d mut self,
        schema: &Schema,
        decode: fn(&'d [u8]) -> Result<T, Error>,
        encode: fn(&T) -> Result<Vec<u8>, Error>,
        encode_pretty: fn(&T) -> Result<Vec<u8>, Error>,
    ) {
        let Round { path, document, is_read, last_error, failures, .. } = self;
        let value = match decode(document) {
            Ok(value) => value,
            Err(error) => return *last_error = error.to_string(),
        };
        *is_read = true;
        for written in [encode(&value), encode_pretty(&value)] {
            let compared = written.map_err(|error| error.to_string()).and_then(|written| {
                let (before, after) = (json(schema, document)?, json(schema, &written)?);
                if before == after { Ok(()) } else { Err("what is written differs".into()) }
            });
            if let Err(why) = compared {
                failures.push(format!("{}: {why}", path.display()));
            }
        }
    }

    fn end(&mut self) {
        if !self.is_read {
            self.failures.push(format!("{}: {}", self.path.display(), self.last_error));
        }
    }
}

fn json(schema: &Schema, document: &[u8]) -> Result<Value, String> {
    let json = schema.decode_to_json(document).map_err(|error| error.to_string())?;
    serde_json::from_slice(&json).map(meaning).map_err(|error| error.to_string())
}

/// JSON without what generated types do not keep: the location of a schema, and an `xsi:type` that names the declared
/// type (that others are kept is verified by comparing the members that they bring). Numbers are compared by value.
fn meaning(value: Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.into_iter().map(meaning).collect()),
        Value::Object(mut members) => {
            let had_type = members.remove("@xsi:type").is_some();
            members.remove("@xsi:schemaLocation");
            members.remove("@xsi:noNamespaceSchemaLocation");
            match members.remove("$text") {
                Some(text) if had_type && members.is_empty() => meaning(text),
                text => {
                    members.extend(text.map(|text| ("$text".to_owned(), text)));
                    Value::Object(members.into_iter().map(|(name, value)| (name, meaning(value))).collect())
                }
            }
        }
        Value::Number(number) => number.as_f64().map_or(Value::Number(number), Value::from),
        other => other,
    }
}

fn main() -> ExitCode {
    if SETS.is_empty() {
        eprintln!("passed over: no schema sets at `REAL_DIR` or ../shared/real beside the checkout");
        return ExitCode::SUCCESS;
    }
    println!("{:<32} {:>9} {:>8} {:>9}", "set", "lines", "read", "the same");
    let mut status = ExitCode::SUCCESS;
    for (name, run) in SETS {
        let mut round = Round::default();
        run(&mut round);
        let failed: std::collections::BTreeSet<&str> =
            round.failures.iter().filter_map(|failure| failure.split(':').next()).collect();
        let lines = lines_of(name);
        println!("{name:<32} {lines:>9} {:>8} {:>9}", round.documents, round.documents - failed.len());
        for failure in &round.failures {
            eprintln!("{failure}");
            status = ExitCode::FAILURE;
        }
    }
    status
}

/// The number of lines of a set's code.
fn lines_of(name: &str) -> usize {
    let module: String = name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect();
    let path = Path::new(env!("OUT_DIR")).join(module).join("mod.rs");
    std::fs::read_to_string(path).map_or(0, |code| code.lines().count())
}
