//! For code that uses quick-xml: the same events, checked against a schema (feature `quick-xml`).
//!
//! [`Reader`] replaces a [`quick_xml::NsReader`] over a slice. Its events are quick-xml's own and borrow from the
//! document. The document is validated when the reader is created, in a fraction of the time that reading takes. The
//! reader returns events as usual up to the first error, then an [`Error`] with the whole report, then the end.
//!
//! ```
//! use packetcheck::{Schema, quick_xml::Reader};
//! use quick_xml::events::Event;
//!
//! let schema = Schema::from_documents(&[("note.xsd",
//!     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="note"><xs:complexType><xs:sequence>
//!          <xs:element name="day" type="xs:date" maxOccurs="unbounded"/>
//!        </xs:sequence></xs:complexType></xs:element></xs:schema>"#)])?;
//! let mut reader = Reader::new(&schema, b"<note><day>2026-02-28</day><day>2026-02-30</day></note>");
//! let mut days = Vec::new();
//! let error = loop {
//!     match reader.read_event() {
//!         Ok(Event::Text(text)) => days.push(text.to_string()),
//!         Ok(Event::Eof) => unreachable!("the second day is not a date"),
//!         Ok(_) => {}
//!         Err(error) => break error,
//!     }
//! };
//! assert_eq!(days, ["2026-02-28"]);
//! assert_eq!(error.to_string(), "1:33: PC0401: expected a date (`2006-01-31`) in `day`, found `2026-02-30`");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The feature is bound to quick-xml 0.42, whose types it exposes: changing that requires a new minor version of this
//! crate.

use ::quick_xml::NsReader;
use ::quick_xml::events::{BytesText, Event};
use ::quick_xml::name::{NamespaceResolver, QName, ResolveResult};
use ::quick_xml::reader::{Config, Span};

use crate::Schema;
use crate::codec::Error;

/// Reads the events of a document up to its first error. See the [module](self).
#[derive(Debug)]
pub struct Reader<'d> {
    events: NsReader<&'d [u8]>,
    state: State,
}

#[derive(Debug)]
enum State {
    Valid,
    /// Where the first error begins.
    Until(u64, Error),
    /// The error has been returned.
    Over,
}

impl<'d> Reader<'d> {
    /// Creates a reader of a document in UTF-8 ([`xml::decode`](crate::xml::decode) converts other encodings, which are
    /// errors here), with the limits of the schema. Nothing is copied. A document with errors is walked twice, to get
    /// the report.
    ///
    /// ```
    /// use packetcheck::{Schema, quick_xml::Reader};
    /// use quick_xml::events::Event;
    ///
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
    /// let schema = Schema::from_documents(&[("n.xsd", text)])?;
    /// assert!(matches!(Reader::new(&schema, b"<n>7</n>").read_event()?, Event::Start(_)));
    /// assert!(Reader::new(&schema, b"<m/>").read_event().is_err());
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn new(schema: &Schema, document: &'d [u8]) -> Reader<'d> {
        let is_utf8 = std::str::from_utf8(document).is_ok();
        let state = match is_utf8 && schema.is_valid(document) {
            true => State::Valid,
            false => {
                let report = schema.explain(document);
                let error = match report.is_valid() {
                    // quick-xml would not decode it.
                    true => Error::mismatch("expected a document in UTF-8, found another encoding: decode it first"),
                    false => Error::invalid(report, document),
                };
                State::Until(error.span().filter(|_| is_utf8).map_or(0, |span| span.start as u64), error)
            }
        };
        Reader { events: NsReader::from_reader(document), state }
    }

    /// The configuration of quick-xml. Checks that it turns off are still made.
    pub fn config_mut(&mut self) -> &mut Config {
        self.events.config_mut()
    }

    /// The next event, which borrows from the document.
    ///
    /// # Errors
    ///
    /// The first error of the document is before the end of this event. The next event is [`Event::Eof`].
    pub fn read_event(&mut self) -> Result<Event<'d>, Error> {
        if let State::Over = self.state {
            return Ok(Event::Eof);
        }
        let event = self.events.read_event();
        self.pass(event)
    }

    /// As [`read_event`](Self::read_event), with the namespace of the element.
    ///
    /// # Errors
    ///
    /// As [`read_event`](Self::read_event).
    pub fn read_resolved_event(&mut self) -> Result<(ResolveResult<'_>, Event<'d>), Error> {
        let event = self.read_event()?;
        Ok(self.events.resolver().resolve_event(event))
    }

    /// Reads up to the end tag of an element whose start tag was read, as
    /// [`NsReader::read_to_end`](::quick_xml::NsReader::read_to_end) does.
    ///
    /// # Errors
    ///
    /// As [`read_event`](Self::read_event).
    pub fn read_to_end(&mut self, end: QName<'_>) -> Result<Span, Error> {
        let span = self.events.read_to_end(end);
        self.pass(span)
    }

    /// As [`read_to_end`](Self::read_to_end), and returns the markup that was read.
    ///
    /// # Errors
    ///
    /// As [`read_event`](Self::read_event).
    pub fn read_text(&mut self, end: QName<'_>) -> Result<BytesText<'d>, Error> {
        let text = self.events.read_text(end);
        self.pass(text)
    }

    /// The namespaces in force, for the names of attributes.
    pub fn resolver(&self) -> &NamespaceResolver {
        self.events.resolver()
    }

    /// The number of bytes that were read.
    pub fn buffer_position(&self) -> u64 {
        self.events.buffer_position()
    }

    /// Passes an event on, unless the first error is in it.
    fn pass<T>(&mut self, read: Result<T, ::quick_xml::Error>) -> Result<T, Error> {
        let is_reached = match &self.state {
            State::Valid => false,
            // The last event is empty, and comes after everything else.
            State::Until(start, _) => *start < self.events.buffer_position() || read.is_err() || self.is_at_end(),
            State::Over => false,
        };
        if is_reached && let State::Until(_, error) = std::mem::replace(&mut self.state, State::Over) {
            return Err(error);
        }
        read.map_err(|error| Error::mismatch(format_args!("quick-xml refuses a valid document: {error}")))
    }

    fn is_at_end(&mut self) -> bool {
        self.events.get_ref().is_empty()
    }
}
