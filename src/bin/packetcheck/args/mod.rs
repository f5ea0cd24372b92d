//! The command line arguments.

pub(crate) mod new;

use std::path::PathBuf;

use clap::builder::{
    PathBufValueParser, PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser, ValueParser,
};
use clap::{ArgGroup, Args, CommandFactory, Parser, Subcommand, ValueEnum};
use packetcheck::diagnostic::Code;
use packetcheck::{Indent, Limits, PacketKind};

use crate::input::InputArguments;
use crate::input::pieces::Division;
use crate::progress::{Alarm, span, timestamp};
use crate::results::ResultArguments;

/// Check, decode and write API packets as their documentation promises
///
/// A packet is checked against a schema: one of those built in, which are written from the public documentation of
/// the API, or any XML Schema of yours. Every error is shown at its place, with what was expected there, what the
/// documentation says about it, and what to do.
#[derive(Debug, Parser)]
#[command(name = "packetcheck", version, arg_required_else_help = true, term_width = 80)]
#[command(after_help = STATUS, after_long_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,

    /// When to use colours: auto, always or never; auto is on terminals, unless NO_COLOR or CLICOLOR=0 is set, and always with FORCE_COLOR
    #[arg(long, value_name = "WHEN", value_enum, global = true, default_value_t = ColorWish::Auto, hide_possible_values = true, display_order = 900)]
    pub(crate) color: ColorWish,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorWish {
    Auto,
    Always,
    Never,
}

macro_rules! status {
    () => {
        "\
Exit status:
  0    all valid (warnings allowed)
  1    something is invalid
  2    something could not be checked: unreadable file, bad schema, wrong usage
  130  interrupted: everything found until then was shown
  141  the output is no longer read: its pipe was closed early"
    };
}

const STATUS: &str = status!();

const EXAMPLES: &str = concat!(
    status!(),
    "

Examples:
  packetcheck check answer.xml                check one packet
  packetcheck check --strict answers/         a folder, warnings as errors
  packetcheck status answers/                 the progress of migrations
  packetcheck decode answer.xml               the same as JSON
  packetcheck fmt answer.xml                  the same, indented
  packetcheck new plesk get-status 24175      write a request
  packetcheck explain PC0203                  what a code means"
);

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Check(CheckArguments),
    Status(StatusArguments),
    Decode(DecodeArguments),
    Encode(EncodeArguments),
    Convert(ConvertArguments),
    Generate(GenerateArguments),
    Diff(DiffArguments),
    Fmt(FmtArguments),
    Redact(RedactArguments),
    New(new::NewArguments),
    Explain(ExplainArguments),
    Lsp(LspArguments),
    Schema(SchemaArguments),
    Config(ConfigArguments),
    Completions(CompletionsArguments),
    Man(ManArguments),
}

/// Check packets, and show every error at its place
///
/// Without --as, --schema or --well-formed the kind of each packet is found from its content, and the output says
/// which it is. A file may be an HTTP capture: messages as they are sent, the output of curl -v, or a HAR file. Then
/// every message in it is checked, request and response, head and body. Results go to standard output, problems to standard
/// error; a file that cannot be read never hides the others.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES, group = ArgGroup::new("located").multiple(true))]
pub(crate) struct CheckArguments {
    #[command(flatten)]
    pub(crate) checker: CheckerArguments,

    /// Fix errors with one certain remedy, in the files themselves: misspelt names, the order of elements, white space around
    /// values, missing namespace declarations, wrong encoding labels, & and ]]> in text. Then check the result. A document
    /// from standard input goes to standard output, and everything else to standard error
    #[arg(long, conflicts_with_all = ["watch", "lines", "several", "write_baseline"])]
    pub(crate) fix: bool,

    /// With --fix: write nothing to files, show what would be fixed as a patch
    #[arg(long, requires = "fix", conflicts_with_all = ["formats", "output"])]
    pub(crate) diff: bool,

    /// With --fix: also apply fixes that are likely but not certain, such as the upper and lower case of a value
    #[arg(long = "unsafe", requires = "fix")]
    pub(crate) unsafe_fixes: bool,

    #[command(flatten)]
    pub(crate) configuration: ConfigurationArguments,

    /// Omit diagnostics that are in this file, and count them
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,

    /// Write all diagnostics to this file, for --baseline
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub(crate) write_baseline: Option<PathBuf>,

    /// Check this many files at the same time; as many as there are processors if not given
    #[arg(long, short, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,

    #[command(flatten)]
    pub(crate) results: ResultArguments,

    /// Check again whenever a file changes, until interrupted: documents, schemas and the files next to them, and
    /// packetcheck.toml
    #[arg(long, conflicts_with = "write_baseline")]
    pub(crate) watch: bool,

    /// Check each line of a file as a separate document
    #[arg(long, conflicts_with = "several")]
    lines: bool,

    /// Check each of several documents in a file separately
    #[arg(long = "documents")]
    several: bool,

    #[command(flatten)]
    pub(crate) input: InputArguments,
}

/// Who decides whether documents are valid.
#[derive(Debug, Args)]
pub(crate) struct CheckerArguments {
    /// The kind of all packets, with or without HTTP around them; in a capture, messages in the other direction are of the
    /// kind that belongs to it
    #[arg(long = "as", value_name = "KIND", value_parser = kind(), group = "judge")]
    pub(crate) kind: Option<PacketKind>,

    /// Check against this XML Schema and what it includes; several files are one schema. In a WSDL file, the schemas
    /// inside are used
    #[arg(long = "schema", value_name = "FILE.xsd", value_parser = schema_file(), groups = ["judge", "located"])]
    pub(crate) schemas: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) locations: LocationArguments,

    /// Also use the schemas that a document itself names (xsi:schemaLocation), for this document only, if they are in a
    /// permitted folder. Without --schema they are the only ones, and the document's folder is permitted
    #[arg(long, conflicts_with_all = ["kind", "well_formed"], group = "located")]
    pub(crate) allow_schema_location: bool,

    /// Only check that it is well-formed XML
    #[arg(long, group = "judge")]
    pub(crate) well_formed: bool,

    #[command(flatten)]
    pub(crate) documents: DocumentArguments,

    /// Treat warnings as errors, including those about the schema
    #[arg(long)]
    pub(crate) strict: bool,
}

impl CheckArguments {
    /// How the documents of a file with several are divided.
    pub(crate) fn division(&self) -> Option<Division> {
        match (self.lines, self.several) {
            (true, _) => Some(Division::Lines),
            (_, true) => Some(Division::Documents),
            _ => None,
        }
    }
}

/// Serve editors, by the Language Server Protocol
///
/// An editor starts this command and talks to it on standard input and output. It shows what check reports while you type,
/// offers what may be written at the cursor, and shows what the schema says about an element, an attribute or a value and where
/// it is declared. It offers fixes for errors with a certain remedy, formats documents as fmt does, and lists what is in them.
///
/// Documents are checked as by check: by the kind that their content shows, by packetcheck.toml in their folder or above, or by
/// the options here, which apply to all documents. Schema documents (*.xsd) are checked as such. Schemas and configuration are
/// read again when they change.
#[derive(Debug, Args)]
#[command(after_help = LSP_EXAMPLES, group = ArgGroup::new("located").multiple(true))]
pub(crate) struct LspArguments {
    #[command(flatten)]
    pub(crate) checker: CheckerArguments,

    #[command(flatten)]
    pub(crate) configuration: ConfigurationArguments,

    /// Use standard input and output, as always: some editors add this option
    #[arg(long, hide = true)]
    pub(crate) stdio: bool,
}

const LSP_EXAMPLES: &str = "\
Examples:
  packetcheck lsp                           the command for the editor to start
  packetcheck lsp --schema order.xsd        all documents are of one schema
  packetcheck lsp --allow-schema-location   documents name their schemas

docs/editors.md has the settings for VS Code, Neovim, Helix and Emacs.";

/// Where the configuration is.
#[derive(Debug, Args)]
pub(crate) struct ConfigurationArguments {
    /// Use this file instead of packetcheck.toml, which is looked for in the current folder and those above
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Do not look for packetcheck.toml
    #[arg(long, conflicts_with = "config")]
    pub(crate) no_config: bool,
}

/// Where schema documents come from, in addition to the folders of the named ones (by the argument `schemas` of the
/// command: without it these would be of no use).
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct LocationArguments {
    /// Read this file where a schema document names the location or namespace; nothing is ever read over a network
    #[arg(long = "map", value_name = "URI=FILE", value_parser = mapping, requires = "located")]
    pub(crate) map: Vec<(String, PathBuf)>,

    /// Apply all entries of an OASIS XML catalog in the same way
    #[arg(long = "catalog", value_name = "FILE", requires = "located")]
    pub(crate) catalogs: Vec<PathBuf>,

    /// Also permit schema documents in this folder, in addition to the folders of the named files. Locations
    /// on a network are resolved to files in permitted folders, by file name and namespace
    #[arg(long = "folder", value_name = "FOLDER", value_parser = folder(), requires = "located")]
    pub(crate) folders: Vec<PathBuf>,

    /// Run the Schematron rules in the schema documents; without this they are run if the schema itself says so
    #[arg(long = "rules", requires = "located")]
    pub(crate) rules: bool,
}

/// By what documents are written from JSON.
#[derive(Debug, Default, Args)]
pub(crate) struct MappingArguments {
    /// The kind of the packet
    #[arg(long = "as", value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Option<PacketKind>,

    /// Write documents of this XML Schema, as for check, from what `decode --schema` writes
    #[arg(long = "schema", value_name = "FILE.xsd", value_parser = schema_file(), group = "located", conflicts_with = "kind")]
    pub(crate) schemas: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) locations: LocationArguments,

    /// The root of the documents, named as in their JSON (Q{namespace}NAME if NAME alone is ambiguous). The JSON need not
    /// name it then, and is refused if it names another
    #[arg(long, value_name = "NAME", requires = "schemas", conflicts_with = "kind")]
    pub(crate) root: Option<String>,
}

/// What documents may have, and what each of them may spend.
#[derive(Debug, Default, Args)]
pub(crate) struct DocumentArguments {
    /// Accept documents with a DOCTYPE: its internal subset is read but not applied, nothing that it names is loaded, and
    /// anything that it would change is an error
    #[arg(long)]
    allow_doctype: bool,

    #[command(flatten)]
    spending: LimitArguments,
}

impl DocumentArguments {
    pub(crate) fn limits(&self) -> Limits {
        self.limits_over(Limits::default())
    }

    /// These limits, with those of the configuration where none is set here.
    pub(crate) fn limits_over(&self, configured: Limits) -> Limits {
        let mut limits = self.spending.limits_over(configured);
        limits.allow_doctype |= self.allow_doctype;
        limits
    }
}

/// What a document may spend.
#[derive(Debug, Default, Args)]
pub(crate) struct LimitArguments {
    /// Set a limit for each document, such as depth=4096: document_bytes, depth, attributes, name_bytes, namespace_bytes, parameters (of a
    /// query string), messages, fields and decoded_bytes (of an HTTP capture) or diagnostics. May be repeated
    #[arg(long = "limit", value_name = "NAME=VALUE", value_parser = limit)]
    limits: Vec<(String, usize)>,
}

impl LimitArguments {
    pub(crate) fn limits(&self) -> Limits {
        self.limits_over(Limits::default())
    }

    fn limits_over(&self, mut limits: Limits) -> Limits {
        for (name, value) in &self.limits {
            // The value was already accepted when the command line was parsed.
            let _ = limits.set(name, *value);
        }
        limits
    }
}

fn limit(text: &str) -> Result<(String, usize), String> {
    let (name, value) = text.split_once('=').ok_or("expected the name of a limit, `=` and a number")?;
    let number = value.parse().map_err(|_| format!("expected a whole number, found `{}`", value.escape_debug()));
    // A wrong name is reported before a wrong number.
    Limits::default().set(name, *number.as_ref().unwrap_or(&1)).map_err(|error| error.to_string())?;
    Ok((name.to_owned(), number?))
}

/// A schema file must have a path, from which the documents that it includes are found.
fn schema_file() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match path.as_os_str() == "-" {
        true => Err("expected a file: a schema is not read from standard input"),
        false => Ok(path),
    })
}

/// An existing folder.
fn folder() -> impl TypedValueParser<Value = PathBuf> {
    PathBufValueParser::new().try_map(|path| match path.is_dir() {
        true => Ok(path),
        false => Err("expected a folder"),
    })
}

/// The last equals sign separates the two: locations often contain one, file names rarely.
fn mapping(text: &str) -> Result<(String, PathBuf), String> {
    match text.rsplit_once('=') {
        Some((uri, file)) if !uri.is_empty() && !file.is_empty() => Ok((uri.to_owned(), PathBuf::from(file))),
        _ => Err("expected a location or namespace, `=` and a file".to_owned()),
    }
}

const CHECK_EXAMPLES: &str = "\
Examples:
  packetcheck check answer.xml request.xml
  packetcheck check answers/
  packetcheck check --schema agent_output.xsd answer.xml
  packetcheck check capture.http curl.log capture.har polls.tar.gz
  packetcheck check --lines packets.log.zst
  packetcheck check --fix answers/
  packetcheck check --fix --diff answers/ | patch -p0
  git diff --name-only -z '*.xml' | packetcheck check --files-from -
  curl … | packetcheck check --as plesk-response -
  packetcheck check --format jsonl answers/ | jq 'select(.verdict != \"valid\")'
  packetcheck check --format sarif=errors.sarif answers/
  packetcheck check --format html answers/ > check.html";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusFormat {
    /// A table for people
    Text,
    /// One JSON array, one object per migration
    Json,
    /// One JSON object per migration, one per line
    Jsonl,
    /// A page with the progress of each over time, for any browser
    Html,
}

/// Show the progress of migrations, with a bar for each
///
/// Status messages of all systems become one table with a row for each migration: its state, how much is done, how much time
/// remains, how old the newest message is, what is being done, and what went wrong.
///
/// Messages that name the same task are about one migration. For answers that name none, the request decides: in an HTTP
/// capture that of the exchange; in a folder the request with the same name (`7.request.xml`, `7.response.xml`) or, if a request
/// comes first, the one before the answer. Otherwise a folder is one migration if at least three answers share a total.
///
/// The time of a message comes from its head (the field Date), a date in the file name (2024-05-01T12:00:00,
/// 20240501-1200, seconds since 1970; in UTC), or the time of the file; with --interval it is known without any of these.
/// The rate is that of the newest messages. There is no estimate if progress went back or has stopped, or if the
/// newest message is old. Packets that are invalid or have no status are reported on standard error.
#[derive(Debug, Args)]
#[command(after_help = STATUS_EXAMPLES)]
pub(crate) struct StatusArguments {
    /// The kind of all packets; detected from their content if not given
    #[arg(long = "as", value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Option<PacketKind>,

    /// Treat all messages that name no task as about the same one, such as the answers of one Plesk server over time.
    /// A different total still means another migration
    #[arg(long)]
    pub(crate) one_task: bool,

    /// The time between messages that have no dates, in the order of their names, such as `30s` or `5 min`; with --watch also
    /// the time between readings, 2 s if not given
    #[arg(long, value_name = "SPAN", value_parser = span)]
    pub(crate) interval: Option<jiff::SignedDuration>,

    /// Read everything again from time to time: redraw the table on a terminal; elsewhere write what has changed. Ends when
    /// interrupted, or as --fail-on says
    #[arg(long)]
    pub(crate) watch: bool,

    /// Fail, with exit status 1, if there is such a migration. May be repeated, or a list with commas
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    pub(crate) fail_on: Vec<Alarm>,

    /// The time from which the age of messages is counted, instead of the present
    #[arg(long, value_name = "TIME", hide = true, value_parser = timestamp)]
    pub(crate) now: Option<jiff::Timestamp>,

    #[command(flatten)]
    pub(crate) configuration: ConfigurationArguments,

    #[command(flatten)]
    pub(crate) documents: DocumentArguments,

    /// How to show results
    #[arg(long, value_enum, default_value_t = StatusFormat::Text)]
    pub(crate) format: StatusFormat,

    #[command(flatten)]
    pub(crate) input: InputArguments,
}

const STATUS_EXAMPLES: &str = "\
Examples:
  packetcheck status answers/
  packetcheck status --one-task answer-*.xml
  packetcheck status capture.har
  packetcheck status --fail-on failed,stalled polls/
  packetcheck status --watch --interval 10s polls/
  packetcheck status --format html polls/ > status.html
  curl … | packetcheck status -
  packetcheck status --format jsonl answers/ | jq 'select(.state == \"failed\")'";

/// Show a packet as JSON
///
/// A packet in XML is mapped as in docs/json.md, and `encode` reverses this. The packet is checked first: its errors
/// are shown on standard error, as by `check`. For an HTTP capture, each packet in it is shown, one after another;
/// with --as only those of this kind.
#[derive(Debug, Args)]
#[command(after_help = DECODE_EXAMPLES, group = ArgGroup::new("located").multiple(true))]
pub(crate) struct DecodeArguments {
    /// The kind of the packet; detected from its content if not given
    #[arg(long = "as", value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Option<PacketKind>,

    /// Decode documents by this XML Schema, as for check, with the mapping of docs/json.md, which `encode --schema`
    /// reverses
    #[arg(long = "schema", value_name = "FILE.xsd", value_parser = schema_file(), group = "located", conflicts_with = "kind")]
    pub(crate) schemas: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) locations: LocationArguments,

    /// How to write what is decoded by a schema: indented, or one document per line
    #[arg(long, value_enum, default_value_t = JsonFormat::Json, requires = "schemas", conflicts_with = "kind")]
    pub(crate) format: JsonFormat,

    #[command(flatten)]
    pub(crate) documents: DocumentArguments,

    /// The packet or capture, or - for standard input; with --schema several documents
    #[arg(required = true, value_name = "FILE")]
    pub(crate) paths: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum JsonFormat {
    Json,
    Jsonl,
}

const DECODE_EXAMPLES: &str = "\
Examples:
  packetcheck decode answer.xml
  curl … | packetcheck decode --as plesk-response - | jq .
  packetcheck decode --schema order.xsd --format jsonl orders/*.xml";

/// Write a packet from its JSON
///
/// The JSON has the form that `decode` writes. The packet is checked before it is written: nothing invalid is ever written.
#[derive(Debug, Args)]
#[command(after_help = ENCODE_EXAMPLES, group = ArgGroup::new("located").multiple(true))]
#[command(group = ArgGroup::new("judge").required(true).args(["kind", "schemas"]))]
pub(crate) struct EncodeArguments {
    #[command(flatten)]
    pub(crate) mapping: MappingArguments,

    /// What the files hold, with --schema: one document each, or one per line, each written on its own line
    #[arg(long, value_enum, default_value_t = JsonFormat::Json, requires = "schemas", conflicts_with = "kind")]
    pub(crate) format: JsonFormat,

    /// Write JSON where the kind has two forms; XML if not given
    #[arg(long, conflicts_with = "schemas")]
    pub(crate) json: bool,

    /// Put each element or member on its own line, indented
    #[arg(long)]
    pub(crate) pretty: bool,

    #[command(flatten)]
    pub(crate) limits: LimitArguments,

    /// The JSON, or - for standard input; with --schema several files
    #[arg(required = true, value_name = "FILE")]
    pub(crate) paths: Vec<PathBuf>,
}

const ENCODE_EXAMPLES: &str = "\
Examples:
  packetcheck encode --as plesk-request request.json > request.xml
  packetcheck decode answer.xml | packetcheck encode --as plesk-response -
  packetcheck encode --schema order.xsd --pretty order.json > order.xml
  packetcheck encode --schema order.xsd --root order --format jsonl orders.jsonl";

/// Convert many documents: XML to JSON, and JSON to XML
///
/// XML becomes JSON by the mapping of docs/json.md, and JSON becomes the XML that it describes, by the kind of each
/// packet or by a schema (--schema, or packetcheck.toml). The result goes to a file next to the document, with another ending, or
/// to --out. Existing files are only replaced with --force. Standard input is converted to standard output.
///
/// Each document is checked: if it is invalid, its errors are shown on standard error, as by `check`, and nothing is written.
#[derive(Debug, Args)]
#[command(after_help = CONVERT_EXAMPLES, group = ArgGroup::new("located").multiple(true))]
#[command(mut_arg("paths", |paths| paths.help(CONVERT_PATHS)))]
#[command(mut_arg("kind", |kind| kind.help(CONVERT_KIND)))]
#[command(mut_arg("schemas", |schemas| schemas.help(CONVERT_SCHEMAS)))]
#[command(mut_arg("root", |root| root.help("The root of documents written from JSON, as for encode")))]
pub(crate) struct ConvertArguments {
    #[command(flatten)]
    pub(crate) mapping: MappingArguments,

    /// The folder for the results, created if it is missing; files found in folders keep their relative paths. With -
    /// all go to standard output
    #[arg(long, value_name = "FOLDER")]
    pub(crate) out: Option<PathBuf>,

    /// Replace existing files
    #[arg(long)]
    pub(crate) force: bool,

    /// Remove all insignificant white space, instead of indenting
    #[arg(long)]
    pub(crate) minify: bool,

    /// How JSON is written and read: one document per file, or one per line
    #[arg(long, value_enum, default_value_t = JsonFormat::Json)]
    pub(crate) format: JsonFormat,

    /// With --format jsonl: write only the elements at this path, such as /order/item, each as an object on a line. Names are
    /// written as in JSON
    #[arg(long = "path", value_name = "PATH", conflicts_with = "root")]
    pub(crate) records: Option<String>,

    #[command(flatten)]
    pub(crate) documents: DocumentArguments,

    #[command(flatten)]
    pub(crate) configuration: ConfigurationArguments,

    #[command(flatten)]
    pub(crate) input: InputArguments,
}

const CONVERT_KIND: &str =
    "The kind of all packets; detected from their content if not given, except for the JSON of Plesk";

const CONVERT_SCHEMAS: &str = "Convert documents by this XML Schema and what it includes; several are one schema";

const CONVERT_PATHS: &str = "Files, folders, or - for standard input. In folders, and the folders in them, files named *.xml, *.json and *.jsonl. Hidden \
    files are left out, and those that a .gitignore names; links to folders are not followed. Compressed files are opened";

const CONVERT_EXAMPLES: &str = "\
Examples:
  packetcheck convert answer.xml                          writes answer.json
  curl … | packetcheck convert - | jq .
  packetcheck convert --schema order.xsd --out json orders/
  packetcheck convert --schema order.xsd --force orders/*.json
  packetcheck convert --format jsonl --path /packet/migration --out - polls/";

/// Compare two packets or documents by their meaning
///
/// Changed, added and removed items are shown, each with its path and its place in both documents. Equivalent forms are not
/// differences: white space between tags, prefixes, the order of attributes, comments, CDATA sections, another notation for a number
/// or any other value of its type, an explicit default. Items of lists are matched by the keys of the schema
/// (xs:key, xs:unique, xs:ID) or by their `id`, or else as many as possible in their order. For status messages, the progress
/// of the migrations is shown too. Secrets are not shown.
///
/// Both documents must be valid: the errors of one that is not are shown on standard error, as by `check`.
#[derive(Debug, Args)]
#[command(after_help = DIFF_EXAMPLES, group = ArgGroup::new("located").multiple(true))]
pub(crate) struct DiffArguments {
    /// The kind of both packets; detected from their content if not given
    #[arg(long = "as", value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Option<PacketKind>,

    /// The XML Schema of both documents and what it includes; several are one schema
    #[arg(long = "schema", value_name = "FILE.xsd", value_parser = schema_file(), group = "located", conflicts_with = "kind")]
    pub(crate) schemas: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) locations: LocationArguments,

    /// How to show differences
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub(crate) format: DiffFormat,

    #[command(flatten)]
    pub(crate) documents: DocumentArguments,

    #[command(flatten)]
    pub(crate) configuration: ConfigurationArguments,

    /// The old document, or - for standard input
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,

    /// The new document, or - for standard input
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For people
    Text,
    /// One JSON object
    Json,
}

const DIFF_EXAMPLES: &str = "\
Exit status:
  0    the documents are equivalent
  1    they differ
  2    not compared: one is invalid or cannot be read, or wrong usage

Examples:
  packetcheck diff monday.xml tuesday.xml
  curl … | packetcheck diff answer.xml -
  packetcheck diff --schema order.xsd old.xml new.xml
  packetcheck diff --format json a.json b.json | jq -r '.differences[].path'";

/// Reformat packets: indented, or without white space between tags
///
/// Only insignificant white space changes: between the tags of elements that hold no text, and between the
/// tokens of JSON. Everything else stays byte for byte: attributes, references, CDATA sections, comments, instructions, the
/// declaration, the encoding. A comment after a space at the end of a line stays there. Nothing in an element with xml:space="preserve" changes.
///
/// A schema (--schema, --as, or packetcheck.toml) says which elements can hold text; they stay as they are. Without one,
/// an element that does hold text stays as it is, with everything in it.
///
/// One file is written to standard output. Several files, or folders, need --write, --check or --diff. In folders, files named
/// *.xml and *.json are formatted, or with --glob those that match. With --check or --diff the exit status is 1 if a file would
/// change, or is malformed.
#[derive(Debug, Args)]
#[command(after_help = FMT_EXAMPLES, group = ArgGroup::new("located").multiple(true))]
#[command(group = ArgGroup::new("mode"), mut_arg("paths", |paths| paths.help(FMT_PATHS)))]
pub(crate) struct FmtArguments {
    /// Write each file back to its place, if it changes: through a new file that replaces it, with the same permissions. For a
    /// link, its target is written
    #[arg(long, group = "mode")]
    pub(crate) write: bool,

    /// Write nothing: list the files that would change
    #[arg(long, group = "mode")]
    pub(crate) check: bool,

    /// Write nothing to files: show what would change, as a patch
    #[arg(long, group = "mode")]
    pub(crate) diff: bool,

    /// Remove all insignificant white space
    #[arg(long, conflicts_with = "indent")]
    pub(crate) minify: bool,

    /// Indent each level by this many spaces, at most 16, or by a `tab`
    #[arg(long, value_name = "WIDTH", value_parser = indent, default_value = "2")]
    pub(crate) indent: Indent,

    /// The kind of all packets, whose schema says which elements can hold text
    #[arg(long = "as", value_name = "KIND", value_parser = kind())]
    pub(crate) kind: Option<PacketKind>,

    /// The XML Schema that says which elements can hold text, with what it includes; several are one schema
    #[arg(long = "schema", value_name = "FILE.xsd", value_parser = schema_file(), group = "located", conflicts_with = "kind")]
    pub(crate) schemas: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) locations: LocationArguments,

    #[command(flatten)]
    pub(crate) documents: DocumentArguments,

    #[command(flatten)]
    pub(crate) configuration: ConfigurationArguments,

    #[command(flatten)]
    pub(crate) input: InputArguments,
}

fn indent(text: &str) -> Result<Indent, String> {
    match text.parse() {
        _ if text == "tab" => Ok(Indent::Tab),
        Ok(width) if width <= 16 => Ok(Indent::Spaces(width)),
        _ => Err("expected a number of spaces, at most 16, or `tab`".to_owned()),
    }
}

const FMT_PATHS: &str = "Files, folders, or - for standard input. In folders, and the folders in them, files named *.xml and *.json, except hidden \
    files and those that a .gitignore names; links to folders are not followed. A compressed file is opened to write it to \
    standard output";

const FMT_EXAMPLES: &str = "\
Examples:
  packetcheck fmt answer.xml
  curl … | packetcheck fmt -
  packetcheck fmt --write --indent 4 answers/
  packetcheck fmt --check answers/                    in CI
  packetcheck fmt --diff answers/ | patch -p0
  packetcheck fmt --minify --schema order.xsd order.xml > small.xml";

/// Write a packet or a capture with its secrets masked, to show it to others
///
/// Letters become `x` and digits `1`: everything keeps its place, and valid documents stay valid. Secrets are the values that no
/// diagnostic shows: those named like a credential, in any form, and with --schema those that it marks. A secret elsewhere,
/// under another name, is not recognised: look at the result.
#[derive(Debug, Args)]
#[command(after_help = REDACT_EXAMPLES, group = ArgGroup::new("located").multiple(true))]
pub(crate) struct RedactArguments {
    /// Also mask what this XML Schema marks as secret
    #[arg(long = "schema", value_name = "FILE.xsd", value_parser = schema_file(), group = "located")]
    pub(crate) schemas: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) locations: LocationArguments,

    #[command(flatten)]
    pub(crate) documents: DocumentArguments,

    /// The packets and captures, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) paths: Vec<PathBuf>,
}

const REDACT_EXAMPLES: &str = "\
Examples:
  packetcheck redact request.xml > for-the-ticket.xml
  packetcheck redact capture.har > for-the-ticket.har";

/// Write Rust types for an XML Schema, with the code that reads and writes them
///
/// The folder gets `mod.rs` and the schema documents, which the code embeds. For each root there are functions
/// that decode and encode a document; both check it against the schema. The code needs only the crate `packetcheck`. A build
/// script can do the same with `packetcheck::generate`.
#[derive(Debug, Args)]
#[command(after_help = GENERATE_EXAMPLES, group = ArgGroup::new("located").multiple(true))]
pub(crate) struct GenerateArguments {
    /// The schema, with what it includes, as for check; several are one schema
    #[arg(long = "schema", value_name = "FILE.xsd", required = true, value_parser = schema_file(), group = "located")]
    pub(crate) schemas: Vec<PathBuf>,

    #[command(flatten)]
    pub(crate) locations: LocationArguments,

    /// A root element that documents have, by its local name; all global elements if none is given
    #[arg(long = "root", value_name = "NAME")]
    pub(crate) roots: Vec<String>,

    /// Write no types, only the code that recognises valid documents, for `Schema::with_prediction`
    #[arg(long, conflicts_with_all = ["renames", "exact", "whole", "non_exhaustive", "few", "serde"])]
    pub(crate) verdict_only: bool,

    /// Give a type, or a member of one (Type.member), another name than it would have
    #[arg(long = "rename", value_name = "NAME=NAME", value_parser = renaming)]
    pub(crate) renames: Vec<(String, String)>,

    /// Make elements of a type of the schema a struct, although `xsi:type` may name a derived type: such a document is valid, but not decoded
    #[arg(long, value_name = "TYPE")]
    pub(crate) exact: Vec<String>,

    /// Keep elements of a type of the schema whole, as text or markup; in a choice all of them are one variant
    #[arg(long, value_name = "TYPE")]
    pub(crate) whole: Vec<String>,

    /// Leave room for more variants or fields in a type of the generated code: `#[non_exhaustive]`
    #[arg(long, value_name = "TYPE")]
    pub(crate) non_exhaustive: Vec<String>,

    /// Store a single child of a field (Type.field) inline
    #[arg(long, value_name = "FIELD")]
    pub(crate) few: Vec<String>,

    /// Derive `Serialize` and `Deserialize` of serde for the types
    #[arg(long)]
    pub(crate) serde: bool,

    /// The folder to write, created if it is missing; if none is given, only the code is written, to standard output
    #[arg(long = "out", value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,

    /// Write nothing: fail if a file in the folder differs from what would be written
    #[arg(long, requires = "folder")]
    pub(crate) check: bool,
}

/// `NAME=NAME`
fn renaming(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, wanted)) if is_rust_name(wanted) => Ok((name.to_owned(), wanted.to_owned())),
        Some(_) => Err("expected letters, digits and `_` as the name in Rust".to_owned()),
        None => Err("expected the generated name, `=` and the name in Rust".to_owned()),
    }
}

fn is_rust_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

const GENERATE_EXAMPLES: &str = "\
Examples:
  packetcheck generate --schema order.xsd --out src/order
  packetcheck generate --schema order.xsd --out src/order --check    in CI
  packetcheck generate --schema ubl.xsd --root Invoice               show code
  packetcheck generate --schema order.xsd --serde --rename OrderType=Order --rename Order.type=kind";

/// Say what a code means, with an example and the remedy
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_EXAMPLES)]
pub(crate) struct ExplainArguments {
    /// Codes such as PC0203; all are listed if none is given
    #[arg(value_name = "CODE", value_parser = Offered(codes), hide_possible_values = true)]
    pub(crate) codes: Vec<String>,

    /// How to show them
    #[arg(long, value_enum, default_value_t = ExplainFormat::Text)]
    pub(crate) format: ExplainFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExplainFormat {
    /// For people
    Text,
    /// One JSON array
    Json,
}

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  packetcheck explain PC0203 PC0401
  packetcheck explain --format json | jq -r '.[].code'
  packetcheck explain             list all codes";

/// Check schemas; list or show those that are built in
#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    #[command(subcommand)]
    pub(crate) command: SchemaCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum SchemaCommand {
    /// Check XML Schemas, and show every error at its place
    ///
    /// Each file is a schema with all that it includes and imports, or a WSDL file with schemas inside. Constraints have the names
    /// of the Recommendation; `packetcheck explain` describes each.
    #[command(after_help = SCHEMA_CHECK_EXAMPLES)]
    Check(SchemaCheckArguments),
    /// Write an XML catalog of the schema documents in a folder
    ///
    /// The catalog (OASIS) names the file for each location on a network that one of the documents imports, and for each
    /// namespace that a single file has, with the files that it includes. File names are relative to the current folder: write
    /// the catalog there.
    #[command(after_help = SCHEMA_CATALOG_EXAMPLES)]
    Catalog(SchemaCatalogArguments),
    /// List the kinds of packets and the documents of their schemas
    List,
    /// Show the schema of a kind
    #[command(after_help = SCHEMA_EXAMPLES)]
    Show {
        /// The kind of packet
        #[arg(value_name = "KIND", value_parser = kind())]
        kind: PacketKind,
        /// One of its documents; the one that includes the others if not given
        #[arg(value_name = "DOCUMENT")]
        document: Option<String>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct SchemaCheckArguments {
    /// Treat all files as one schema
    #[arg(long)]
    pub(crate) together: bool,

    #[command(flatten)]
    pub(crate) locations: LocationArguments,

    /// Treat warnings as errors
    #[arg(long)]
    pub(crate) strict: bool,

    #[command(flatten)]
    pub(crate) results: ResultArguments,

    /// The schemas, or folders: in a folder, all *.xsd and *.wsdl are checked that no other one in it includes
    #[arg(required = true, value_name = "PATH", value_parser = schema_file(), group = "located")]
    pub(crate) schemas: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaCatalogArguments {
    /// The folders
    #[arg(required = true, value_name = "FOLDER", value_parser = folder())]
    pub(crate) folders: Vec<PathBuf>,
}

const SCHEMA_CATALOG_EXAMPLES: &str = "\
Example:
  packetcheck schema catalog gml > catalog.xml
  packetcheck check --schema city.xsd --catalog catalog.xml city.xml";

const SCHEMA_CHECK_EXAMPLES: &str = "\
Examples:
  packetcheck schema check agent_output.xsd
  packetcheck schema check schemas/
  packetcheck schema check --together orders.xsd customers.xsd
  packetcheck schema check --map http://www.w3.org/2001/xml.xsd=xml.xsd a.xsd
  packetcheck schema check --format jsonl a.xsd | jq .files[].diagnostics[]";

const SCHEMA_EXAMPLES: &str = "\
Examples:
  packetcheck schema show plesk-response
  packetcheck schema show plesk-response migration_output.xsd";

/// Show the effective configuration
///
/// It is the file packetcheck.toml in the current folder, or else in the nearest one above it. `check` uses all of it, `status`,
/// `convert`, `diff` and `fmt` what it says about files and limits. Its paths and globs begin at its folder; those of the command line
/// begin at the current folder.
#[derive(Debug, Args)]
#[command(after_help = CONFIG_EXAMPLES)]
pub(crate) struct ConfigArguments {
    #[command(subcommand)]
    pub(crate) command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Show what it sets
    Show {
        /// Use this file
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
}

const CONFIG_EXAMPLES: &str = "\
Example of a packetcheck.toml:
  exclude = [\"target/\"]
  baseline = \"known.txt\"

  [severity]
  PC0502 = \"off\"                  # or \"error\", \"warning\"

  [limits]
  depth = 4096

  [[files]]
  glob = [\"answers/**\"]
  kind = \"plesk-response\"

  [[files]]
  glob = [\"*.gpx\"]
  schema = [\"schemas/gpx.xsd\"]";

/// Write completions for a shell
#[derive(Debug, Args)]
#[command(after_help = COMPLETIONS_EXAMPLES)]
pub(crate) struct CompletionsArguments {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  packetcheck completions bash > ~/.local/share/bash-completion/completions/packetcheck
  packetcheck completions zsh > ~/.zfunc/_packetcheck
  packetcheck completions fish > ~/.config/fish/completions/packetcheck.fish";

/// Write the manual page
#[derive(Debug, Args)]
#[command(after_help = MAN_EXAMPLES)]
pub(crate) struct ManArguments {
    /// The page of one command; the main page if not given
    #[arg(value_name = "COMMAND", value_parser = Offered(commands), hide_possible_values = true)]
    pub(crate) command: Option<String>,
}

const MAN_EXAMPLES: &str = "\
Examples:
  packetcheck man | man -l -
  packetcheck man check > packetcheck-check.1";

/// Any text, with possible values for shell completion: other values are refused elsewhere, with a better message.
#[derive(Clone)]
struct Offered(fn() -> Vec<PossibleValue>);

impl TypedValueParser for Offered {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new((self.0)().into_iter()))
    }
}

fn codes() -> Vec<PossibleValue> {
    Code::all().map(|code| PossibleValue::new(code.as_str()).help(code.title())).collect()
}

fn commands() -> Vec<PossibleValue> {
    let command = Arguments::command();
    command.get_subcommands().map(|command| PossibleValue::new(command.get_name().to_owned())).collect()
}

fn kind() -> ValueParser {
    PossibleValuesParser::new(PacketKind::ALL.map(PacketKind::name)).try_map(|name| name.parse::<PacketKind>()).into()
}
