//! `diff`: compares two documents by their meaning.

mod json;
mod moves;
mod text;

use packetcheck::compare::{CompareError, Comparison};
use packetcheck::{Limits, PacketKind, Progress, Schema};

use crate::args::{DiffArguments, DiffFormat};
use crate::config::Configuration;
use crate::conversion::complain_of;
use crate::input::Source;
use crate::input::walk::only_one_stdin;
use crate::output::{Output, complain, json_line};
use crate::plan::{Basis, Configured, configured_rules, explain_by_content, explain_by_kind, sources};
use crate::plan::{explain_by_schema, names, unreadable};
use crate::schema::show_warnings;
use crate::status::{Status, Trouble};
use moves::Move;

/// A document that is compared.
struct Side {
    source: Source,
    bytes: Vec<u8>,
}

pub(crate) fn run(arguments: &DiffArguments) -> Result<Status, Trouble> {
    only_one_stdin(&[arguments.old.clone(), arguments.new.clone()])?;
    let configuration = Configuration::find(&arguments.configuration)?;
    let limits = arguments.documents.limits_over(configuration.limits());
    let read = |path| {
        let source = Source::named(path);
        match source.read(&limits) {
            Ok(bytes) => Ok(Side { source, bytes }),
            Err(why) => Err(Trouble::Message(format!("{}: {why}", source.name()))),
        }
    };
    let (old, new) = (read(&arguments.old)?, read(&arguments.new)?);
    let checker = Checker::new(arguments, &configuration, &old.source, limits)?;
    let kinds = match (checker.accept(&old), checker.accept(&new)) {
        (Some(old), Some(new)) => (old, new),
        _ => return Ok(Status::Unchecked),
    };
    let (comparison, kind) = match checker.compare(kinds, &old, &new) {
        Ok(compared) => compared,
        Err(why) => {
            complain(&why);
            return Ok(Status::Unchecked);
        }
    };
    let moves = match kind {
        Some(kind) => moves::between(&progress(kind, &old, &limits), &progress(kind, &new, &limits)),
        None => Vec::new(),
    };
    show(arguments.format, &comparison, &moves, &old, &new)?;
    Ok(if comparison.is_empty() { Status::Valid } else { Status::Invalid })
}

fn show(
    format: DiffFormat,
    comparison: &Comparison<'_>,
    moves: &[Move],
    old: &Side,
    new: &Side,
) -> Result<(), Trouble> {
    let mut output = Output::stdout();
    let (old, new) = (old.source.name(), new.source.name());
    match format {
        DiffFormat::Text => text::show(&mut output, comparison, moves, &old, &new)?,
        DiffFormat::Json => output.write(&json_line(&json::Report::new(comparison, moves, &old, &new)))?,
    }
    output.finish()
}

/// What a packet says about migrations. The packet is valid, so this does not fail.
fn progress(kind: PacketKind, side: &Side, limits: &Limits) -> Vec<Progress<'static>> {
    Progress::of_packet_limited(kind, &side.bytes, limits).unwrap_or_default()
}

/// Decides whether documents are valid, and which parts of them mean the same.
struct Checker {
    by: By,
    limits: Limits,
}

enum By {
    Kind(Option<PacketKind>),
    Schema(Schema, String),
}

impl Checker {
    fn new(
        arguments: &DiffArguments,
        configuration: &Configuration,
        old: &Source,
        limits: Limits,
    ) -> Result<Checker, Trouble> {
        if !arguments.schemas.is_empty() {
            let schema = Schema::from_sources(&sources(&arguments.schemas, &arguments.locations));
            let schema = schema.map_err(|error| Trouble::Schema(Box::new(error)))?;
            show_warnings(&schema);
            let by = By::Schema(schema.with_limits(limits), names(&arguments.schemas));
            return Ok(Checker { by, limits });
        }
        let configured = match (arguments.kind, configuration.rules()?.position(old)) {
            (None, Some(rule)) => configured_rules(configuration, limits)?.into_iter().nth(rule),
            _ => None,
        };
        let by = match configured {
            Some(Configured::Schema(schema, name)) => By::Schema(schema, name),
            Some(Configured::Kind(kind)) => By::Kind(Some(kind)),
            None => By::Kind(arguments.kind),
        };
        Ok(Checker { by, limits })
    }

    /// Checks a document and shows its errors. Returns what it was checked as, or nothing if it has errors.
    fn accept(&self, side: &Side) -> Option<Basis> {
        let (basis, report) = match &self.by {
            By::Kind(Some(kind)) => explain_by_kind(&side.bytes, *kind, &self.limits),
            By::Kind(None) => explain_by_content(&side.bytes, &self.limits),
            By::Schema(schema, name) => (Basis::Schema(name.clone()), explain_by_schema(&side.bytes, schema)),
        };
        if report.is_valid() {
            return Some(basis);
        }
        match unreadable(&report) {
            Some(why) => complain(&format!("{}: {why}", side.source.name())),
            None => complain_of(&side.source.name(), &side.bytes, &basis, &report),
        }
        None
    }

    /// Compares two valid documents. Returns the kind that both have, or why they cannot be compared.
    fn compare<'d>(
        &self,
        bases: (Basis, Basis),
        old: &'d Side,
        new: &'d Side,
    ) -> Result<(Comparison<'d>, Option<PacketKind>), String> {
        let why = |error: CompareError| match error {
            CompareError::Forms => {
                let names = [old.source.name(), new.source.name()];
                format!("{} and {}: {error}; `packetcheck decode` shows others as JSON", names[0], names[1])
            }
            error => error.to_string(),
        };
        match (&self.by, bases) {
            (By::Schema(schema, _), _) => {
                Comparison::new(schema, &old.bytes, &new.bytes).map(|comparison| (comparison, None)).map_err(why)
            }
            (By::Kind(_), (Basis::Kind(one, _), Basis::Kind(other, _))) if one == other => {
                let comparison = Comparison::of_packets(one, &old.bytes, &new.bytes, &self.limits);
                comparison.map(|comparison| (comparison, Some(one))).map_err(why)
            }
            (By::Kind(_), (Basis::Kind(one, _), Basis::Kind(other, _))) => {
                let names = [old.source.name(), new.source.name()];
                Err(format!("expected two packets of one kind, found {} ({one}) and {} ({other})", names[0], names[1]))
            }
            (By::Kind(_), _) => Err(why(CompareError::Forms)),
        }
    }
}
