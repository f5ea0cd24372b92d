//! Answers as plain values, random ones, and many spellings of each: the inputs of property tests.

use proptest::prelude::*;

use super::inputs::SplitMix64;

/// The content of one `get_status` node, numbers and words as texts: the form in which independent readers are
/// compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    InProgress { total: String, completed: String, description: Option<String> },
    Succeeded,
    FinishedWithError { object: Option<(String, String)>, message: String },
    Failed { code: u32, text: String },
}

/// An answer's version and the content of its `get_status` nodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Packet {
    pub(crate) version: Option<String>,
    pub(crate) answers: Vec<Answer>,
}

/// A random packet that is valid without a warning.
pub(crate) fn packets() -> impl Strategy<Value = Packet> {
    let version = proptest::option::of("1\\.[0-5]\\.[0-9]{1,2}\\.[0-9]");
    (version, proptest::collection::vec(answers(), 1..4)).prop_map(|(version, answers)| Packet { version, answers })
}

fn answers() -> impl Strategy<Value = Answer> {
    let counts = (any::<u64>(), any::<u64>()).prop_map(|(one, other)| {
        // Kept within the range where a double holds every whole number: the rules compare as XPath 1.0 does.
        let (one, other) = (one >> 12, other >> 12);
        (one.max(other).to_string(), one.min(other).to_string())
    });
    prop_oneof![
        4 => (counts, proptest::option::of(texts()))
            .prop_map(|((total, completed), description)| Answer::InProgress { total, completed, description }),
        3 => Just(Answer::Succeeded),
        2 => (proptest::option::of((texts(), texts())), texts())
            .prop_map(|(object, message)| Answer::FinishedWithError { object, message }),
        1 => (any::<u32>(), texts()).prop_map(|(code, text)| Answer::Failed { code, text }),
    ]
}

/// Any text that XML can hold, preferring characters that have to be escaped.
fn texts() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        12 => proptest::char::range(' ', '~'),
        2 => proptest::sample::select(vec!['<', '>', '&', '\'', '"', ']', '\t', '\n', '\r']),
        1 => proptest::char::range('\u{80}', '\u{d7ff}'),
        1 => proptest::char::range('\u{e000}', '\u{fffd}'),
        1 => proptest::char::range('\u{10000}', '\u{10ffff}'),
    ];
    proptest::collection::vec(character, 0..24).prop_map(|characters| characters.into_iter().collect())
}

impl Packet {
    /// The packet as XML, in a spelling determined by the seed: white space and comments between tags, references and
    /// CDATA sections in texts, quotes, the declaration, signs and zeros of codes, both forms of empty elements.
    pub(crate) fn spell(&self, seed: u64) -> String {
        let mut speller = Speller { random: SplitMix64::new(seed), text: String::new(), plain: seed.is_multiple_of(4) };
        speller.packet(self);
        speller.text
    }
}

struct Speller {
    random: SplitMix64,
    text: String,
    /// Texts as a server writes them, nothing unusual between tags.
    plain: bool,
}

impl Speller {
    fn packet(&mut self, packet: &Packet) {
        let declarations = ["", "<?xml version=\"1.0\"?>", "<?xml version='1.0' encoding='utf-8' ?>\n"];
        let declaration = self.random.pick(&declarations);
        self.text.push_str(declaration);
        self.between();
        let mut attribute = String::new();
        if let Some(version) = &packet.version {
            let quote = self.random.pick(&["\"", "'"]);
            attribute = format!(" version={quote}{version}{quote}");
        }
        self.open("packet", &attribute);
        // Where one operator ends and the next begins does not affect the meaning.
        self.open("migration", "");
        for (index, answer) in packet.answers.iter().enumerate() {
            if index > 0 && self.random.chance(30) {
                self.close("migration");
                self.open("migration", "");
            }
            self.open("get_status", "");
            self.open("result", "");
            self.answer(answer);
            self.close("result");
            self.close("get_status");
        }
        self.close("migration");
        self.close("packet");
    }

    fn answer(&mut self, answer: &Answer) {
        if let Answer::Failed { code, text } = answer {
            self.leaf("status", "error");
            self.code(*code);
            self.leaf("errtext", text);
            return;
        }
        self.leaf("status", "ok");
        if let Answer::InProgress { total, completed, description } = answer {
            self.open("migration_status", "");
            self.leaf("total", total);
            self.leaf("completed", completed);
            if let Some(description) = description {
                self.leaf("description", description);
            }
            self.close("migration_status");
            return;
        }
        self.open("finished", "");
        if let Answer::FinishedWithError { object, message } = answer {
            self.open("error", "");
            if let Some((kind, name)) = object {
                self.open("object", "");
                self.leaf("type", kind);
                self.leaf("name", name);
                self.close("object");
            }
            self.leaf("message", message);
            self.close("error");
        } else {
            let empty = self.random.pick(&["<success/>", "<success></success>", "<success />"]);
            self.text.push_str(empty);
            self.between();
        }
        self.close("finished");
    }

    fn open(&mut self, name: &str, attributes: &str) {
        self.text.extend(["<", name, attributes, ">"]);
        self.between();
    }

    fn close(&mut self, name: &str) {
        self.text.extend(["</", name, ">"]);
        self.between();
    }

    /// An `unsignedInt` in one of its spellings.
    fn code(&mut self, code: u32) {
        let spelling = match self.random.below(if self.plain { 1 } else { 5 }) {
            1 => format!("+{code}"),
            2 => format!("000{code}"),
            3 => format!(" \n{code}\t"),
            _ => code.to_string(),
        };
        self.text.extend(["<errcode>", &spelling, "</errcode>"]);
        self.between();
    }

    fn leaf(&mut self, name: &str, value: &str) {
        self.text.extend(["<", name, ">"]);
        for character in value.chars() {
            self.character(character);
        }
        self.text.extend(["</", name, ">"]);
        self.between();
    }

    fn character(&mut self, character: char) {
        if !self.plain && self.random.chance(2) {
            self.text.push_str("<!-- c --><?p i?>");
        }
        match (character, self.random.below(if self.plain { 1 } else { 20 })) {
            ('\r', _) | (_, 1) => self.text.push_str(&format!("&#x{:X};", character as u32)),
            (_, 2) => self.text.push_str(&format!("&#{};", character as u32)),
            (_, 3) => self.text.extend(["<![CDATA[", character.encode_utf8(&mut [0; 4]), "]]>"]),
            // Section 2.11: the reader gets a line feed.
            ('\n', 4) => self.text.push_str("\r\n"),
            // Separated from a line feed that may follow.
            ('\n', 5) => self.text.push_str("\r<![CDATA[]]>"),
            ('<', _) => self.text.push_str("&lt;"),
            ('&', _) => self.text.push_str("&amp;"),
            // `]]>` is not allowed in text.
            ('>', _) => self.text.push_str("&gt;"),
            (other, _) => self.text.push(other),
        }
    }

    /// What may occur between tags without a meaning.
    fn between(&mut self) {
        if self.plain {
            return;
        }
        let filling = self.random.pick(&["", "", "", "\n", "\n    ", "\r\n\t", " ", "<!-- between -->", "\n<?p?>\n"]);
        self.text.push_str(filling);
    }
}
