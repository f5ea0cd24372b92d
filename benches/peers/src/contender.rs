//! The contenders, and what each can read.

use crate::inputs::shapes::Shape;
use crate::{generated, json_peers, ours, xml_peers};

/// One way to read (or write) messages.
pub struct Contender {
    /// As it is called in the table.
    pub name: &'static str,
    /// The messages that it can take.
    pub takes: fn(Form) -> bool,
    /// Makes the timed pass over a corpus ready: whatever it does not have to do for every message is done here. A pass
    /// returns how many items it met (see `Corpus::items`), so that all are held to the same work.
    pub prepare: for<'c> fn(&'c Corpus) -> Box<dyn FnMut() -> usize + 'c>,
}

/// What the messages of a corpus are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    PleskRequest,
    PleskResponse,
    DataworksXml,
    DataworksJson,
    SmsTask,
    /// A document that comes with a schema of its own.
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
}

/// The messages of one corpus.
pub struct Corpus {
    /// As it is called in the table.
    pub name: &'static str,
    /// The bytes.
    pub packets: Vec<Vec<u8>>,
    /// What they are.
    pub form: Form,
}

impl Corpus {
    /// Mean size of a message.
    pub fn bytes(&self) -> usize {
        let total: usize = self.packets.iter().map(Vec::len).sum();
        (total + self.packets.len() / 2) / self.packets.len().max(1)
    }

    /// What repeats in its messages, by a search for the bytes: what every contender's answer must come to.
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
    Contender { name: "packetcheck validate", takes: |_| true, prepare: ours::validate },
    Contender { name: "packetcheck explain", takes: |_| true, prepare: ours::explain },
    Contender { name: "packetcheck decode", takes: |_| true, prepare: ours::decode },
    Contender { name: "packetcheck encode", takes: Form::is_plesk, prepare: ours::encode },
    Contender { name: "generated decode", takes: |form| form == Form::PleskResponse, prepare: generated::decode },
    Contender { name: "generated encode", takes: |form| form == Form::PleskResponse, prepare: generated::encode },
    Contender { name: "packetcheck quick-xml", takes: Form::is_plesk, prepare: ours::quick_xml_events },
    Contender { name: RAW_XML, takes: Form::is_xml, prepare: xml_peers::raw },
    Contender { name: "quick-xml serde", takes: Form::is_plesk, prepare: xml_peers::serde },
    Contender { name: "roxmltree", takes: Form::is_plesk, prepare: xml_peers::tree },
    Contender { name: PLAIN_JSON, takes: Form::is_json, prepare: json_peers::serde_json },
    Contender { name: "sonic-rs plain", takes: Form::is_json, prepare: json_peers::sonic },
    Contender { name: "value and jsonschema", takes: Form::is_json, prepare: json_peers::jsonschema },
];

const RAW_XML: &str = "quick-xml raw";
const PLAIN_JSON: &str = "serde_json plain";

/// Those that ratios refer to: events without checks, values without limits.
pub const BASELINES: [&str; 2] = [RAW_XML, PLAIN_JSON];
