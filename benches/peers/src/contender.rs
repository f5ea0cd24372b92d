//! The contenders, and what each can read.

#[cfg(c_peers)]
use crate::c_peers;
use crate::inputs::shapes::Shape;
use crate::{generated, json_peers, ours, scans, xml_peers, xml_writer};

/// One way to read (or write) messages.
pub struct Contender {
    /// Its name in the table.
    pub name: &'static str,
    /// The messages that it can read.
    pub takes: fn(Form) -> bool,
    /// What it does with them.
    pub does: Does,
    /// Prepares the timed pass over a corpus: everything that need not be done for each message is done here. A pass
    /// returns how many items it met (see `Corpus::items`), so that all do the same work.
    pub prepare: for<'c> fn(&'c Corpus) -> Pass<'c>,
}

/// What a contender does: those that do the same are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    Read,
    Write,
}

impl Contender {
    /// The contender that its ratio refers to: events without checks, values without limits, bytes without a schema.
    pub fn base(&self, form: Form) -> &'static str {
        match self.does {
            Does::Write => WRITER,
            Does::Read if form.is_json() => PLAIN_JSON,
            Does::Read => RAW_XML,
        }
    }
}

/// The format of a corpus's messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    PleskRequest,
    PleskResponse,
    DataworksXml,
    DataworksJson,
    SmsTask,
    /// A document with its own schema.
    Shape(&'static Shape),
}

impl Form {
    fn is_plesk(self) -> bool {
        matches!(self, Form::PleskRequest | Form::PleskResponse)
    }

    fn is_xml(self) -> bool {
        !self.is_json()
    }

    fn is_json(self) -> bool {
        matches!(self, Form::DataworksJson | Form::SmsTask)
    }

    /// XML with a schema in a file.
    #[cfg(c_peers)]
    fn is_xml_packet(self) -> bool {
        self.is_plesk() || self == Form::DataworksXml
    }

    /// The name of the element, or of the member, that repeats.
    pub fn item(self) -> &'static str {
        match self {
            Form::PleskRequest | Form::PleskResponse => "get_status",
            Form::DataworksXml => "Data",
            Form::DataworksJson => "TaskName",
            Form::SmsTask => "process_trace",
            Form::Shape(shape) => shape.item.trim_matches(['<', ' ']),
        }
    }
}

/// The messages of one corpus.
pub struct Corpus {
    /// Its name in the table.
    pub name: &'static str,
    /// The bytes.
    pub packets: Vec<Vec<u8>>,
    /// Their format.
    pub form: Form,
}

impl Corpus {
    /// Mean size of a message.
    pub fn bytes(&self) -> usize {
        let total: usize = self.packets.iter().map(Vec::len).sum();
        (total + self.packets.len() / 2) / self.packets.len().max(1)
    }

    /// The number of repeated items in its messages, from a byte search: every contender must find the same number.
    pub fn items(&self) -> usize {
        let mark: &[u8] = match self.form {
            Form::PleskRequest | Form::PleskResponse => b"<get_status>",
            Form::DataworksXml => b"<Data>",
            Form::DataworksJson => b"\"TaskName\"",
            Form::SmsTask => b"\"process_trace\"",
            Form::Shape(shape) => shape.item.as_bytes(),
        };
        self.packets.iter().map(|packet| packet.windows(mark.len()).filter(|window| *window == mark).count()).sum()
    }
}

/// Every contender, in the order of the table.
pub const ALL: &[Contender] = &[
    read("packetcheck validate", |_| true, ours::validate),
    read("packetcheck explain", |_| true, ours::explain),
    read("packetcheck decode", |_| true, ours::decode),
    write("packetcheck encode", Form::is_plesk, ours::encode),
    write("packetcheck encode serde", Form::is_plesk, ours::encode_by_serde),
    read("generated decode", |form| form == Form::PleskResponse, generated::decode),
    write("generated encode", |form| form == Form::PleskResponse, generated::encode),
    read("packetcheck quick-xml", Form::is_plesk, ours::quick_xml_events),
    read(RAW_XML, Form::is_xml, xml_peers::raw),
    read("quick-xml serde", Form::is_plesk, xml_peers::serde),
    write(WRITER, Form::is_plesk, xml_writer::write),
    read("roxmltree", Form::is_plesk, xml_peers::tree),
    #[cfg(peer = "rapidxml")]
    read("rapidxml", Form::is_xml_packet, c_peers::rapidxml),
    #[cfg(peer = "pugixml")]
    read("pugixml", Form::is_xml_packet, c_peers::pugixml),
    #[cfg(peer = "expat")]
    read("expat", Form::is_xml_packet, c_peers::expat),
    #[cfg(peer = "libxml2")]
    read("libxml2 and schema", Form::is_xml_packet, c_peers::libxml2),
    read(PLAIN_JSON, Form::is_json, json_peers::serde_json),
    read("sonic-rs plain", Form::is_json, json_peers::sonic),
    read("value and jsonschema", Form::is_json, json_peers::jsonschema),
    read("memchr of <", Form::is_xml, scans::memchr),
    read("simdutf8", |_| true, scans::simdutf8),
];

const RAW_XML: &str = "quick-xml raw";
const WRITER: &str = "quick-xml writer";
const PLAIN_JSON: &str = "serde_json plain";

/// A contender's pass over a corpus.
pub type Pass<'c> = Box<dyn FnMut() -> usize + 'c>;

const fn read(name: &'static str, takes: fn(Form) -> bool, prepare: for<'c> fn(&'c Corpus) -> Pass<'c>) -> Contender {
    Contender { name, takes, does: Does::Read, prepare }
}

const fn write(name: &'static str, takes: fn(Form) -> bool, prepare: for<'c> fn(&'c Corpus) -> Pass<'c>) -> Contender {
    Contender { name, takes, does: Does::Write, prepare }
}
