//! Converts documents to JSON and back: what `decode`, `encode` and `convert` have in common.

mod refusal;

use std::cell::RefCell;
use std::io;
use std::ops::Range;
use std::path::PathBuf;

use packetcheck::codec::table::Table;
use packetcheck::http::looks_like_http;
use packetcheck::{FormatOptions, Layout, Limits, PacketKind, Schema, Syntax, format};

use crate::args::LocationArguments;
use crate::input::Source;
use crate::input::walk::only_one_stdin;
use crate::output::{Output, complain_styled};
use crate::plan::{Basis, Configured, explain_by_content, explain_by_kind, names, sources, unreadable};
use crate::schema::show_warnings;
use crate::status::{Status, Trouble};
pub(crate) use refusal::{Refusal, complain_of};
use refusal::{described_refusal, invalid, moved, refused, shown};

/// Converts documents to JSON and back.
pub(crate) struct Conversion {
    by: By,
    limits: Limits,
    /// Whether all packets of an HTTP capture are decoded.
    takes_captures: bool,
    /// The tables of the records at the requested path, for each kind that occurred.
    tables: RefCell<Vec<(Option<PacketKind>, Table)>>,
}

enum By {
    /// By the code for a kind; if none is given, for the kind that the content shows.
    Kind(Option<PacketKind>),
    /// By a schema, with its name.
    Schema(Schema, Basis),
}

/// The result of converting a document.
pub(crate) struct Converted {
    pub(crate) bytes: Vec<u8>,
    /// Warnings about the document, in the form of `check`.
    pub(crate) remarks: Option<String>,
}

/// How a document is written from JSON.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Written<'a> {
    /// The name of its root, if one is given.
    pub(crate) root: Option<&'a str>,
    /// Whether JSON is written if the kind has two forms.
    pub(crate) json: bool,
    pub(crate) pretty: bool,
    /// Whether each line is a document and is written on one line.
    pub(crate) lines: bool,
}

impl Conversion {
    /// A conversion by a compiled schema, or by the code for a kind.
    pub(crate) fn new(
        kind: Option<PacketKind>,
        schemas: &[PathBuf],
        locations: &LocationArguments,
        limits: Limits,
    ) -> Result<Conversion, Trouble> {
        if schemas.is_empty() {
            return Ok(Conversion::of(By::Kind(kind), limits));
        }
        let schema = Schema::from_sources(&sources(schemas, locations));
        let schema = schema.map_err(|error| Trouble::Schema(Box::new(error)))?;
        show_warnings(&schema);
        Ok(Conversion::of(By::Schema(schema.with_limits(limits), Basis::Schema(names(schemas))), limits))
    }

    /// The conversion that the configuration gives for a file.
    pub(crate) fn configured(configured: Configured, limits: Limits) -> Conversion {
        let by = match configured {
            Configured::Kind(kind) => By::Kind(Some(kind)),
            Configured::Schema(schema, name) => By::Schema(schema, Basis::Schema(name)),
        };
        Conversion::of(by, limits)
    }

    fn of(by: By, limits: Limits) -> Conversion {
        Conversion { by, limits, takes_captures: false, tables: RefCell::default() }
    }

    /// The same conversion, which also accepts HTTP captures and returns the JSON of all packets in one.
    pub(crate) fn with_captures(self) -> Conversion {
        Conversion { takes_captures: true, ..self }
    }

    /// Whether a document is JSON from which a packet can be written.
    pub(crate) fn is_json(&self, document: &[u8]) -> bool {
        let begin = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document).trim_ascii_start().first();
        match begin {
            Some(b'{' | b'[') => true,
            // If the root is given, its value can be anything.
            Some(b'"' | b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => matches!(self.by, By::Schema(..)),
            _ => false,
        }
    }

    /// Converts a document to JSON that ends with a line feed.
    pub(crate) fn to_json(&self, name: &str, document: &[u8], pretty: bool) -> Result<Converted, Refusal> {
        let (mut bytes, remarks) = match &self.by {
            By::Schema(schema, basis) => {
                let json =
                    if pretty { schema.decode_to_json_pretty(document) } else { schema.decode_to_json(document) };
                (json.map_err(|error| invalid(name, document, schema, basis, &error))?, None)
            }
            By::Kind(kind) => {
                let (basis, remarks) = self.accept(name, document, *kind)?;
                if matches!(basis, Basis::Capture(_)) && !self.takes_captures {
                    return Err(Refusal::Unread(format!("{name}: {NO_CAPTURE}")));
                }
                let values = match kind {
                    Some(kind) => kind.decode_limited(document, &self.limits),
                    None => PacketKind::decode_detected_limited(document, &self.limits),
                };
                // A valid document can always be decoded.
                let values = values.map_err(|error| Refusal::Unread(error.to_string()))?;
                (if pretty { values } else { minified(&values, &self.limits)? }, remarks)
            }
        };
        if !bytes.ends_with(b"\n") {
            bytes.push(b'\n');
        }
        Ok(Converted { bytes, remarks })
    }

    /// Checks a packet, and returns what it was checked as and its warnings.
    fn accept(
        &self,
        name: &str,
        document: &[u8],
        kind: Option<PacketKind>,
    ) -> Result<(Basis, Option<String>), Refusal> {
        let (basis, report) = match kind {
            Some(kind) => explain_by_kind(document, kind, &self.limits),
            None => explain_by_content(document, &self.limits),
        };
        if let Some(why) = unreadable(&report) {
            return Err(Refusal::Unread(format!("{name}: {why}")));
        }
        let shown = || shown(name, document, &basis, &report);
        if !report.is_valid() {
            return Err(Refusal::Report(shown()));
        }
        let remarks = (!report.diagnostics.is_empty()).then(shown);
        Ok((basis, remarks))
    }

    /// Writes the document that JSON describes or, if each line describes one, each of those. Every document ends with
    /// a line feed.
    pub(crate) fn for_each_document(
        &self,
        name: &str,
        text: &[u8],
        written: &Written<'_>,
        mut each: impl FnMut(Result<Converted, Refusal>) -> Result<(), Trouble>,
    ) -> Result<(), Trouble> {
        if !written.lines {
            return each(self.document(name, text, 0..text.len(), written));
        }
        let mut begin = 0;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            let end = begin + line.len();
            if !line.trim_ascii().is_empty() {
                each(self.document(name, text, begin..end, written))?;
            }
            begin = end;
        }
        Ok(())
    }

    /// Writes the document that a part of a text describes.
    fn document(
        &self,
        name: &str,
        text: &[u8],
        part: Range<usize>,
        written: &Written<'_>,
    ) -> Result<Converted, Refusal> {
        let begin = part.start;
        let json = text.get(part).unwrap_or_default();
        let mut converted = match &self.by {
            By::Schema(schema, basis) => {
                let document = match (written.root, written.pretty && !written.lines) {
                    (None, false) => schema.encode_from_json(json),
                    (None, true) => schema.encode_from_json_pretty(json),
                    (Some(root), false) => schema.encode_root_from_json(root, json),
                    (Some(root), true) => schema.encode_root_from_json_pretty(root, json),
                };
                let bytes = document.map_err(|error| match error.report() {
                    // The schema does not declare this root; the JSON is not at fault.
                    None => Refusal::Usage(format!("--root: {error}")),
                    Some(report) => refused(name, text, basis, Some(&moved(report, begin)), &error),
                })?;
                Converted { bytes, remarks: None }
            }
            By::Kind(kind) => self.packet(name, text, json, *kind, written)?,
        };
        if written.lines {
            converted.bytes = on_one_line(&converted.bytes);
        } else if !converted.bytes.ends_with(b"\n") {
            // Servers do the same.
            converted.bytes.push(b'\n');
        }
        Ok(converted)
    }

    /// Writes the packet that JSON describes.
    fn packet(
        &self,
        name: &str,
        text: &[u8],
        json: &[u8],
        kind: Option<PacketKind>,
        written: &Written<'_>,
    ) -> Result<Converted, Refusal> {
        if looks_like_http(json).is_some() {
            return Err(Refusal::Unread(format!("{name}: {NO_CAPTURE}")));
        }
        let detected = || PacketKind::detect_limited(json, &self.limits).map(|detected| detected.kind);
        let Some(kind) = kind.or_else(detected) else {
            let why = "this JSON does not show the kind of packet: pass `--as` or `--schema`";
            return Err(Refusal::Unread(format!("{name}: {why}")));
        };
        let layout = Layout::default().json(written.json).pretty(written.pretty && !written.lines);
        let packet = kind.encode_limited(json, &layout, &self.limits);
        let packet = packet.map_err(|refusal| described_refusal(&refusal, kind, name, text))?;
        let report = kind.explain_limited(&packet, &self.limits);
        let shown = || shown("the packet", &packet, &Basis::Kind(kind, None), &report);
        if !report.is_valid() {
            return Err(Refusal::Report(shown()));
        }
        let remarks = (!report.diagnostics.is_empty()).then(shown);
        Ok(Converted { bytes: packet, remarks })
    }

    /// The kind of a JSON packet, if packets of this kind have no form other than JSON.
    pub(crate) fn has_no_other_form(&self, json: &[u8]) -> Option<PacketKind> {
        let By::Kind(kind) = &self.by else { return None };
        let detected = || PacketKind::detect_limited(json, &self.limits).map(|detected| detected.kind);
        kind.or_else(detected).filter(|kind| kind.syntax() == Syntax::Json)
    }

    /// Writes the elements of a document at a path, each as an object on one line. Nothing is written for an invalid
    /// document. Returns the warnings, in the form of `check`.
    pub(crate) fn write_records(
        &self,
        name: &str,
        document: &[u8],
        path: &str,
        writer: &mut dyn io::Write,
    ) -> Result<Option<String>, Refusal> {
        let (kind, remarks) = match &self.by {
            By::Schema(schema, _) => {
                if !schema.is_valid(document) {
                    self.to_json(name, document, false)?;
                }
                (None, None)
            }
            By::Kind(kind) => match self.accept(name, document, *kind)? {
                (Basis::Kind(kind, _), remarks) => (Some(kind), remarks),
                _ => return Err(Refusal::Unread(format!("{name}: {NO_CAPTURE}"))),
            },
        };
        let table = self.table(name, kind, path)?;
        let written = table.records_into(document, writer);
        written.map_err(|error| Refusal::Unread(format!("{name}: {error}")))?;
        Ok(remarks)
    }

    fn table(&self, name: &str, kind: Option<PacketKind>, path: &str) -> Result<Table, Refusal> {
        let known = |(of, table): &(Option<PacketKind>, Table)| (*of == kind).then(|| table.clone());
        if let Some(table) = self.tables.borrow().iter().find_map(known) {
            return Ok(table);
        }
        let schema = match &self.by {
            By::Schema(schema, _) => schema.clone(),
            By::Kind(_) => {
                let none = || Refusal::Unread(format!("{name}: records are only taken from packets in XML"));
                kind.and_then(PacketKind::schema).ok_or_else(none)?.with_limits(self.limits)
            }
        };
        let table = Table::new(&schema, path).map_err(|error| match &self.by {
            // Packets of another kind may have such elements.
            By::Kind(None) => Refusal::Unread(format!("{name}: --path: {error}")),
            _ => Refusal::Usage(format!("--path: {error}")),
        })?;
        self.tables.borrow_mut().push((kind, table.clone()));
        Ok(table)
    }
}

/// The message about a capture where a packet is expected.
const NO_CAPTURE: &str = "expected a packet, found an HTTP capture; `packetcheck decode` shows the packets in it";

/// Writes the results for documents to standard output, one after another.
pub(crate) struct Printer {
    output: Output,
    status: Status,
}

impl Printer {
    pub(crate) fn new() -> Printer {
        Printer { output: Output::stdout(), status: Status::Valid }
    }

    pub(crate) fn take(&mut self, result: Result<Converted, Refusal>) -> Result<(), Trouble> {
        match result {
            Ok(Converted { bytes, remarks }) => {
                if let Some(remarks) = remarks {
                    self.output.flush()?;
                    complain_styled(&remarks);
                }
                self.output.write(&bytes)
            }
            Err(refusal) => {
                self.output.flush()?;
                self.status = self.status.max(refusal.show()?);
                Ok(())
            }
        }
    }

    pub(crate) fn finish(self) -> Result<Status, Trouble> {
        self.output.finish()?;
        Ok(self.status)
    }
}

/// Reads files and passes each to a function with its name. A file that is invalid or cannot be read does not hide the
/// others.
pub(crate) fn print_each(
    paths: &[PathBuf],
    limits: &Limits,
    mut each: impl FnMut(&str, &[u8], &mut Printer) -> Result<(), Trouble>,
) -> Result<Status, Trouble> {
    only_one_stdin(paths)?;
    let mut printer = Printer::new();
    for path in paths {
        let source = Source::named(path);
        match source.read(limits) {
            Ok(bytes) => each(&source.name(), &bytes, &mut printer)?,
            Err(why) => printer.take(Err(Refusal::Unread(format!("{}: {why}", source.name()))))?,
        }
    }
    printer.finish()
}

/// JSON without white space between its tokens.
fn minified(json: &[u8], limits: &Limits) -> Result<Vec<u8>, Refusal> {
    format(json, None, &FormatOptions::new().minify(true), limits).map_err(|error| Refusal::Unread(error.to_string()))
}

/// A document without the line break after its declaration, and with references for the line breaks in its text.
fn on_one_line(document: &[u8]) -> Vec<u8> {
    let document = document.trim_ascii_end();
    let mut line = Vec::with_capacity(document.len() + 1);
    let declaration = document.iter().position(|byte| *byte == b'\n').filter(|end| document[..*end].ends_with(b"?>"));
    for (index, byte) in document.iter().enumerate() {
        match byte {
            b'\n' if Some(index) == declaration => {}
            b'\n' => line.extend_from_slice(b"&#10;"),
            other => line.push(*other),
        }
    }
    line.push(b'\n');
    line
}
