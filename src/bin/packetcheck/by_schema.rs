//! `decode` and `encode` by a schema of the caller's: documents as JSON, and back.

use std::path::PathBuf;

use packetcheck::{Error, Limits, Schema};

use crate::args::{JsonFormat, LocationArguments};
use crate::decode::complain_of;
use crate::encode::print_packet;
use crate::input::{Source, unicode};
use crate::output::{Output, complain};
use crate::plan::{Basis, sources};
use crate::schema::show_warnings;
use crate::status::{Status, Trouble};

/// A schema and what it is called.
pub(crate) struct BySchema {
    schema: Schema,
    basis: Basis,
}

impl BySchema {
    /// Compiles it.
    pub(crate) fn new(paths: &[PathBuf], locations: &LocationArguments, limits: &Limits) -> Result<BySchema, Trouble> {
        let schema = Schema::from_sources(&sources(paths, locations));
        let schema = schema.map_err(|error| Trouble::Schema(Box::new(error)))?;
        show_warnings(&schema);
        let names: Vec<String> = paths.iter().map(|path| unicode(path)).collect();
        Ok(BySchema { schema: schema.with_limits(*limits), basis: Basis::Schema(names.join(", ")) })
    }

    /// Documents as JSON, one after the other. One that is invalid or cannot be read hides none of the others.
    pub(crate) fn decode(&self, paths: &[PathBuf], limits: &Limits, format: JsonFormat) -> Result<Status, Trouble> {
        let mut output = Output::stdout();
        let mut status = Status::Valid;
        for path in paths {
            let source = Source::named(path);
            let document = match source.read(limits) {
                Ok(document) => document,
                Err(why) => {
                    complain(&format!("{}: {why}", source.name()));
                    status = Status::Unchecked;
                    continue;
                }
            };
            let json = match format {
                JsonFormat::Json => self.schema.decode_to_json_pretty(&document),
                JsonFormat::Jsonl => self.schema.decode_to_json(&document).map(|mut json| {
                    json.push(b'\n');
                    json
                }),
            };
            match json {
                Ok(json) => output.write(&json)?,
                Err(error) => {
                    output.flush()?;
                    self.show(&source.name(), &document, &error);
                    status = status.max(Status::Invalid);
                }
            }
        }
        output.finish()?;
        Ok(status)
    }

    /// Writes the document that a JSON text describes.
    pub(crate) fn encode(&self, source: &Source, json: &[u8], pretty: bool) -> Result<Status, Trouble> {
        let document = match pretty {
            true => self.schema.encode_from_json_pretty(json),
            false => self.schema.encode_from_json(json),
        };
        match document {
            Ok(document) => print_packet(document),
            Err(error) => {
                self.show(&source.name(), json, &error);
                Ok(Status::Invalid)
            }
        }
    }

    fn show(&self, name: &str, text: &[u8], error: &Error) {
        match error.report().filter(|report| !report.diagnostics.is_empty()) {
            Some(report) => complain_of(name, text, &self.basis, report),
            None => complain(&format!("{name}:{error}")),
        }
    }
}
