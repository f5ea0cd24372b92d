//! `Schema`, the public type: compiled, immutable, shared between threads.

use std::collections::{BTreeSet, HashSet};
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, OnceLock};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Limits;
use crate::check::{self, Against, Begun, Table};
use crate::codec::{self, Error, Forms, KeyFacts, Layout};
use crate::compiled::{Compiled, ElementId};
use crate::diagnostic::secret::{self, MarkedNames, SecretNames};
use crate::diagnostic::{Lines, Report};
use crate::records::Records;
use crate::rules;
use crate::xsd::{self, SchemaError, SchemaFile, Source, Sources};

/// A compiled schema. Cheap to clone; clones share their data.
///
/// # Examples
///
/// ```
/// # fn main() -> Result<(), packetcheck::SchemaError> {
/// let schema = packetcheck::Schema::from_documents(&[(
///     "note.xsd",
///     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="note" type="xs:integer"/></xs:schema>"#,
/// )])?;
/// assert!(schema.is_valid(b"<note>7</note>"));
/// assert_eq!(schema.explain(b"<note>x</note>").errors, 1);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Schema {
    parts: Arc<Parts>,
    limits: Limits,
    /// Code that was generated for the schema.
    prediction: Option<&'static Prediction>,
}

/// Code that recognizes valid documents of one schema, as written by `packetcheck generate`
/// ([`Schema::with_prediction`]).
#[derive(Debug)]
pub struct Prediction {
    version: &'static str,
    fingerprint: u64,
    is_predicted: IsPredicted,
}

/// Whether a document is certainly valid within limits, and without warnings if the last argument is `true`. If
/// `false`, the walk decides.
type IsPredicted = fn(&Schema, &Limits, &[u8], bool) -> bool;

impl Prediction {
    /// For generated code: the version of the library that generated it, and the schema that it was generated for.
    pub const fn new(version: &'static str, fingerprint: u64, is_predicted: IsPredicted) -> Prediction {
        Prediction { version, fingerprint, is_predicted }
    }
}

/// What [`Schema::check_reader`] found in a document.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// Every error and warning.
    pub report: Report,
    /// The lines that the report refers to, for [`diagnostic::render`](crate::diagnostic::render).
    pub lines: Lines,
}

struct Parts {
    compiled: Compiled,
    warnings: Vec<SchemaFile>,
    /// The documents that it was compiled from, in memory.
    sources: Sources,
    /// The compiled schema in the form that walks use, with the rules.
    table: Table,
    /// The forms of its elements in JSON.
    forms: Forms,
    /// The keys of its names in serde types, computed on first use.
    keys: OnceLock<KeyFacts>,
    /// Names of elements whose content must not be shown.
    secrets: MarkedNames,
}

impl Schema {
    /// Compiles a schema document and the documents that it includes. They are looked up relative to the including
    /// document, in the folder of the root and its subfolders, never over a network; see [`Sources`].
    ///
    /// ```
    /// let schema = packetcheck::Schema::from_file("tests/data/schemas/fine.xsd")?;
    /// assert!(schema.is_valid(b"<disk>7</disk>"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Everything in the schema that is wrong or not supported, with its place.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Schema, SchemaError> {
        Schema::from_files(&[path])
    }

    /// Compiles several schema documents, with the documents that they include and import, into one schema, with one or
    /// several namespaces.
    ///
    /// ```
    /// let schema = packetcheck::Schema::from_files(&["tests/data/schemas/fine.xsd"])?;
    /// assert!(schema.is_valid(b"<disk>7</disk>"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::from_file`].
    pub fn from_files(paths: &[impl AsRef<Path>]) -> Result<Schema, SchemaError> {
        Schema::from_sources(&paths.iter().fold(Sources::new(), Sources::root))
    }

    /// Compiles the schema documents of [`Sources`]: roots, a table of locations, permitted folders.
    ///
    /// ```
    /// use packetcheck::{Schema, Sources};
    ///
    /// let sources = Sources::new().root("tests/data/values/po.xsd").folder("tests/data/schemas");
    /// assert_eq!(Schema::from_sources(&sources)?.documents().count(), 2);
    /// assert!(Schema::from_sources(&Sources::new().root("nowhere.xsd")).is_err());
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::from_file`].
    pub fn from_sources(sources: &Sources) -> Result<Schema, SchemaError> {
        Schema::compile(Source::Files(sources))
    }

    /// Compiles schema documents in memory, each with its name. The first is the root; included documents are looked up
    /// by name among the others.
    ///
    /// ```
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
    /// let schema = packetcheck::Schema::from_documents(&[("n.xsd", text)])?;
    /// assert_eq!(schema.element_count(), 1);
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::from_file`].
    pub fn from_documents(documents: &[(&str, &str)]) -> Result<Schema, SchemaError> {
        Schema::compile(Source::Memory(documents))
    }

    /// As [`Schema::from_documents`], with the names of the root documents; several roots form one schema. An import by
    /// URL is resolved to the document with the same file name and the imported namespace.
    ///
    /// ```
    /// let schema = |name: &str| format!(
    ///     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="{name}" type="xs:int"/></xs:schema>"#
    /// );
    /// let (a, b) = (schema("a"), schema("b"));
    /// let schema = packetcheck::Schema::from_roots(&["a.xsd", "b.xsd"], &[("a.xsd", &a), ("b.xsd", &b)])?;
    /// assert!(schema.is_valid(b"<a>1</a>") && schema.is_valid(b"<b>2</b>"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::from_file`].
    pub fn from_roots(roots: &[&str], documents: &[(&str, &str)]) -> Result<Schema, SchemaError> {
        Schema::compile(Source::Roots(roots, documents))
    }

    fn compile(source: Source<'_>) -> Result<Schema, SchemaError> {
        Schema::compile_openly(source).map_err(SchemaError::concealed)
    }

    fn compile_openly(source: Source<'_>) -> Result<Schema, SchemaError> {
        let (mut written, mut marks) = (rules::Written::default(), xsd::Marks::default());
        let (compiled, mut warnings, sources) = xsd::compile_with_warnings(source, &mut |document, tree| {
            written.read(document, tree);
            marks.read(document, tree);
        })?;
        let is_run = |document: u32| source.runs_rules() || marks.run_rules(&compiled, document);
        let passed_over = rules::warn_of_passed_over(&compiled, &written, &is_run);
        let rules = rules::compile_written(&compiled, written, &is_run);
        let (rules, secrets) = match (rules, marks.into_names(&compiled)) {
            (Ok(rules), Ok(secrets)) => (rules, secrets),
            (Err(one), Err(other)) => return Err(one.and(other)),
            (Err(error), _) | (_, Err(error)) => return Err(error),
        };
        passed_over.into_iter().for_each(|file| file.add_to(&mut warnings));
        let table = Table::new(&compiled, rules);
        let forms = Forms::new(&compiled);
        let parts = Parts {
            compiled,
            warnings,
            sources,
            table,
            forms,
            keys: OnceLock::new(),
            secrets: MarkedNames::new(secrets),
        };
        Ok(Schema { parts: Arc::new(parts), limits: Limits::default(), prediction: None })
    }

    /// Parts of the schema that are legal but surely not intended, each with its place: missing documents (to which
    /// nothing refers, or the schema would have been refused), names that two imported documents declare, Schematron
    /// rules that are not run, patterns with `^` and `$`, and the like.
    ///
    /// ```
    /// use packetcheck::Schema;
    ///
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
    ///   <xs:include schemaLocation="nowhere.xsd"/><xs:element name="a"/></xs:schema>"#;
    /// let schema = Schema::from_documents(&[("a.xsd", text)])?;
    /// assert_eq!(schema.warnings()[0].report().warnings, 1);
    /// # Ok::<(), packetcheck::SchemaError>(())
    /// ```
    pub fn warnings(&self) -> &[SchemaFile] {
        &self.parts.warnings
    }

    /// Returns the same schema with other limits for documents.
    ///
    /// ```
    /// use packetcheck::{Limits, plesk};
    ///
    /// let schema = plesk::request_schema().with_limits(Limits::new().depth(2));
    /// let error = schema.explain(b"<packet><migration><check/></migration></packet>");
    /// assert_eq!(error.diagnostics[0].message, "expected at most 2 open elements, found one more");
    /// ```
    pub fn with_limits(&self, limits: Limits) -> Schema {
        Schema { limits, ..self.clone() }
    }

    /// Returns the same schema with code that was generated for it (`packetcheck generate`): [`Schema::is_valid`] and
    /// [`Schema::explain`] use it first, and it decides most valid documents. Code for another schema, or from another
    /// version of this library, is ignored.
    #[must_use]
    pub fn with_prediction(&self, prediction: &'static Prediction) -> Schema {
        let is_of_this =
            prediction.version == env!("CARGO_PKG_VERSION") && prediction.fingerprint == self.fingerprint();
        Schema { prediction: is_of_this.then_some(prediction), ..self.clone() }
    }

    /// As `with_prediction`, for a schema of this library; does nothing in WebAssembly, which is loaded over a network.
    /// There the code would be a tenth of the total size, and the walk is fast enough.
    pub(crate) fn with_own_prediction(&self, prediction: &'static Prediction) -> Schema {
        if cfg!(target_family = "wasm") { self.clone() } else { self.with_prediction(prediction) }
    }

    /// The generated code that it uses, if any.
    pub fn prediction(&self) -> Option<&'static Prediction> {
        self.prediction
    }

    /// A number that differs for other schemas (FNV-1a over its documents and over which elements have rules).
    pub(crate) fn fingerprint(&self) -> u64 {
        let Compiled { documents, elements, .. } = &self.parts.compiled;
        let mut hash = 0xCBF2_9CE4_8422_2325;
        let mut add = |bytes: &[u8]| {
            hash = bytes.iter().fold(hash, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01B3));
        };
        for document in documents.iter().filter(|document| !document.is_built_in) {
            add(document.text.as_bytes());
            add(b"\0");
        }
        for element in (0..).map(ElementId).take(elements.len()) {
            add(&[u8::from(self.parts.table.rules_of(element).is_some())]);
        }
        hash
    }

    pub(crate) fn is_predicted(&self, bytes: &[u8], limits: &Limits, warnings: bool) -> bool {
        self.prediction.is_some_and(|prediction| (prediction.is_predicted)(self, limits, bytes, warnings))
    }

    /// Whether a document is valid. Stops at the first error. Allocates nothing once a thread has checked a document of
    /// the same schema and size (with a [prediction](Schema::with_prediction): a document that the prediction does not
    /// recognize).
    ///
    /// ```
    /// let schema = packetcheck::plesk::request_schema();
    /// assert!(schema.is_valid(b"<packet><migration><check/></migration></packet>"));
    /// assert!(!schema.is_valid(b"<packet><migration><chekc/></migration></packet>"));
    /// ```
    pub fn is_valid(&self, bytes: &[u8]) -> bool {
        self.is_valid_within(bytes, &self.limits)
    }

    /// As [`Schema::is_valid`], with other limits.
    #[inline]
    pub(crate) fn is_valid_within(&self, bytes: &[u8], limits: &Limits) -> bool {
        self.is_predicted(bytes, limits, false)
            || check::is_valid(&self.parts.compiled, &self.parts.table, limits, bytes)
    }

    /// Every error and warning in a document, with place and cause. For a valid document this takes up to one and a
    /// half times as long as [`Schema::is_valid`] (`benches/peers` prints both), and longer if rules that only warn
    /// read the text of the element itself.
    ///
    /// ```
    /// let report = packetcheck::plesk::request_schema().explain(b"<packet><migration><chekc/></migration></packet>");
    /// assert_eq!((report.errors, report.diagnostics[0].help.as_deref()), (1, Some("did you mean `check`?")));
    /// ```
    pub fn explain(&self, bytes: &[u8]) -> Report {
        self.explain_within(bytes, &self.limits)
    }

    /// As [`Schema::explain`], with other limits.
    #[inline]
    pub(crate) fn explain_within(&self, bytes: &[u8], limits: &Limits) -> Report {
        if self.is_predicted(bytes, limits, true) {
            return Report::default();
        }
        let mut report = check::explain(&self.parts.compiled, &self.parts.table, limits, bytes);
        if !report.diagnostics.is_empty() {
            self.conceal(bytes, &mut report);
        }
        report
    }

    /// As [`Schema::is_valid`], for a document that is read from a file, a pipe or a socket. Only a part of a large
    /// document is in memory: the start tags of the open elements, the longest tag or text, and the keys and IDs so
    /// far. Its size is bounded only by [`Limits::stream_bytes`](crate::Limits#structfield.stream_bytes).
    ///
    /// A document that is not in UTF-8, or that has a document type declaration or an error before its root element, is
    /// read into memory completely (up to [`Limits::document_bytes`](crate::Limits#structfield.document_bytes)).
    ///
    /// ```
    /// let packet = &b"<packet><migration><check/></migration></packet>"[..];
    /// assert!(packetcheck::plesk::request_schema().is_valid_reader(packet)?);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of the reader.
    pub fn is_valid_reader(&self, reader: impl Read) -> io::Result<bool> {
        self.is_valid_in_pieces(reader, check::PIECE)
    }

    /// As [`Schema::is_valid_reader`], reading `piece` bytes at a time, for tests.
    #[doc(hidden)]
    pub fn is_valid_in_pieces(&self, reader: impl Read, piece: usize) -> io::Result<bool> {
        match check::begin(Box::new(reader), &self.limits, piece)? {
            Begun::Whole(document) => Ok(self.is_valid(&document)),
            Begun::InPieces(document) => document.validate(self.against()),
        }
    }

    /// As [`Schema::explain`], for a document of which only a part is in memory, as with [`Schema::is_valid_reader`]:
    /// every error and warning, and the lines that they refer to.
    ///
    /// If the document is not well-formed, the rest of it, starting at the first such error, is read into memory, up to
    /// [`Limits::document_bytes`](crate::Limits#structfield.document_bytes). A secret is always masked; another value
    /// that repeats it is masked if both are within 64 KiB of each other.
    ///
    /// ```
    /// use packetcheck::diagnostic::render::text;
    ///
    /// let packet = &b"<packet><migration>\n  <chekc/></migration></packet>"[..];
    /// let checked = packetcheck::plesk::request_schema().check_reader(packet)?;
    /// let drawn = text::diagnostics("-", &checked.lines, &checked.report.diagnostics, false);
    /// assert!(drawn.contains("2 |   <chekc/></migration></packet>"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of the reader.
    pub fn check_reader(&self, reader: impl Read) -> io::Result<Checked> {
        self.check_in_pieces(reader, check::PIECE)
    }

    /// As [`Schema::check_reader`], reading `piece` bytes at a time, for tests.
    #[doc(hidden)]
    pub fn check_in_pieces(&self, reader: impl Read, piece: usize) -> io::Result<Checked> {
        match check::begin(Box::new(reader), &self.limits, piece)? {
            Begun::Whole(document) => {
                let report = self.explain(&document);
                let lines = Lines::of(document, &report.diagnostics);
                Ok(Checked { report, lines })
            }
            Begun::InPieces(document) => {
                let mut found = BTreeSet::new();
                let (report, lines) = document.explain(self.against(), &mut |part, report| {
                    self.with_secret_names(|names| secret::conceal_in_part(report, part, names, &mut found));
                })?;
                Ok(Checked { report, lines })
            }
        }
    }

    /// The elements at a path of a document as values, one after another. Only a part of a large document is in memory,
    /// as with [`Schema::check_reader`], and the longest of these elements.
    ///
    /// The path is written as in diagnostics, without positions: the local names from the root on. The rest of the
    /// document is checked too. After an error in the document, or an error of the reader, the iterator returns that
    /// error and ends. A valid element that does not fit the type is also an error, but the iterator continues with the
    /// next element. Places in such an error are relative to the element.
    ///
    /// ```
    /// use packetcheck::plesk::response_schema;
    /// use serde::Deserialize;
    ///
    /// #[derive(Deserialize)]
    /// struct GetStatus { result: Vec<Outcome> }
    /// #[derive(Deserialize)]
    /// struct Outcome { status: String, errcode: u32, #[allow(dead_code)] errtext: String }
    ///
    /// let packet = &b"<packet><migration><get_status><result><status>error</status><errcode>1013</errcode>\
    ///     <errtext>No such task</errtext></result></get_status></migration></packet>"[..];
    /// let records = response_schema().records::<GetStatus>(packet, "/packet/migration/get_status");
    /// let records: Vec<GetStatus> = records.collect::<Result<_, _>>()?;
    /// assert_eq!((&*records[0].result[0].status, records[0].result[0].errcode), ("error", 1013));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn records<'r, T: DeserializeOwned>(&self, reader: impl Read + 'r, path: &str) -> Records<'r, T> {
        Records::new(self, Box::new(reader), path, check::PIECE)
    }

    /// As [`Schema::records`], reading `piece` bytes at a time, for tests.
    #[doc(hidden)]
    pub fn records_in_pieces<'r, T: DeserializeOwned>(
        &self,
        reader: impl Read + 'r,
        path: &str,
        piece: usize,
    ) -> Records<'r, T> {
        Records::new(self, Box::new(reader), path, piece)
    }

    pub(crate) fn against(&self) -> Against<'_> {
        Against { schema: &self.parts.compiled, table: &self.parts.table, limits: &self.limits }
    }

    /// As [`Schema::explain`], without prediction, for tests that compare the two.
    #[doc(hidden)]
    pub fn explain_without_prediction(&self, bytes: &[u8]) -> Report {
        let Parts { compiled, table, .. } = &*self.parts;
        let mut report = check::explain_without_prediction(compiled, table, &self.limits, bytes);
        if !report.diagnostics.is_empty() {
            self.conceal(bytes, &mut report);
        }
        report
    }

    /// The documents that the schema was compiled from, each once, in the order in which they were read.
    ///
    /// ```
    /// let schema = packetcheck::Schema::from_file("tests/data/values/po.xsd")?;
    /// let documents: Vec<&str> = schema.documents().collect();
    /// assert!(documents[0].ends_with("po.xsd") && documents[1].ends_with("types.xsd"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn documents(&self) -> impl Iterator<Item = &str> {
        let mut seen = HashSet::new();
        let given = self.parts.compiled.documents.iter().filter(|document| !document.is_built_in);
        let paths = given.map(|document| document.path.as_str());
        paths.filter(move |path| seen.insert(*path))
    }

    /// Everything that the schema was compiled from, in memory: each document that was read, with its bytes, the roots,
    /// and the documents that locations were resolved to. The same schema can be compiled from this without the files;
    /// limits have to be set again.
    ///
    /// ```
    /// use packetcheck::Schema;
    ///
    /// let schema = Schema::from_file("tests/data/values/po.xsd")?;
    /// assert_eq!(schema.sources().documents().count(), 2);
    /// let again = Schema::from_sources(schema.sources())?;
    /// assert!(again.documents().eq(schema.documents()) && again.sources() == schema.sources());
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn sources(&self) -> &Sources {
        &self.parts.sources
    }

    /// The number of global element declarations.
    pub fn element_count(&self) -> usize {
        self.parts.compiled.roots.len()
    }

    /// The number of named type definitions, without those of XSD itself.
    pub fn type_count(&self) -> usize {
        let compiled = &self.parts.compiled;
        compiled.named_types.keys().filter(|name| compiled.names.namespace(**name) != xsd::XSD).count()
    }

    /// The names of secrets, whose values diagnostics mask: those whose declaration has `<secret
    /// xmlns="urn:packetcheck"/>` in its `xs:appinfo`, and those that such a mark in an annotation of the schema names.
    /// Prefixes and case do not matter, and a nearly identical name is included unless the schema declares it.
    /// `password` is masked without a mark.
    ///
    /// ```
    /// assert!(packetcheck::plesk::request_schema().secrets().iter().any(|name| &**name == "password"));
    /// ```
    pub fn secrets(&self) -> &[Box<str>] {
        self.parts.secrets.marked()
    }

    /// Reads a document into a value, and checks it in the same pass. Borrows from `bytes` where the type allows it.
    ///
    /// See [`codec`](crate::codec) for how elements and attributes become fields.
    ///
    /// ```
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
    /// let schema = packetcheck::Schema::from_documents(&[("n.xsd", text)])?;
    /// assert_eq!(schema.decode::<i32>(b"<n> 7 </n>")?, 7);
    /// assert!(schema.decode::<u8>(b"<n>256</n>").is_err());
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The document is invalid (then [`Error::report`] has the diagnostics), or it does not fit the type.
    pub fn decode<'de, T: Deserialize<'de>>(&self, bytes: &'de [u8]) -> Result<T, Error> {
        codec::decode(self, bytes)
    }

    /// As [`Schema::decode`], and returns a report of the warnings in the document, which is empty if there are none.
    /// Values and warnings come from one pass.
    ///
    /// ```
    /// use packetcheck::plesk::{Response, response_schema};
    ///
    /// let packet = b"<packet version='1.6.9.1'><migration><get_status><result><status>error</status>\
    ///     <errcode>1013</errcode><errtext>No such task</errtext></result></get_status></migration></packet>";
    /// let (response, report) = response_schema().decode_with_warnings::<Response<'_>>(packet)?;
    /// assert_eq!(response.get_status().count(), 1);
    /// assert!(report.diagnostics[0].to_string().contains("1.6.9.1"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::decode`].
    pub fn decode_with_warnings<'de, T: Deserialize<'de>>(&self, bytes: &'de [u8]) -> Result<(T, Report), Error> {
        codec::decode_with_warnings(self, bytes)
    }

    /// Writes a value as a document in UTF-8, without line breaks between elements.
    ///
    /// ```
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
    /// let schema = packetcheck::Schema::from_documents(&[("n.xsd", text)])?;
    /// assert!(schema.encode(&7)?.ends_with(b"<n>7</n>"));
    /// assert_eq!(schema.encode("x").unwrap_err().report().map(|report| report.errors), Some(1));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The value has a shape that no element can have, or the resulting document would be invalid.
    pub fn encode<T: Serialize + ?Sized>(&self, value: &T) -> Result<Vec<u8>, Error> {
        // Most packets fit.
        let mut buffer = Vec::with_capacity(512);
        codec::encode(self, value, Layout::Compact, &mut buffer)?;
        Ok(buffer)
    }

    /// As [`Schema::encode`], appended to a buffer of the caller. After an error, the buffer is unchanged.
    ///
    /// ```
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
    /// let schema = packetcheck::Schema::from_documents(&[("n.xsd", text)])?;
    /// let mut buffer = b"first ".to_vec();
    /// schema.encode_into(&7, &mut buffer)?;
    /// assert!(buffer.starts_with(b"first <?xml") && buffer.ends_with(b"<n>7</n>"));
    /// assert!(schema.encode_into("x", &mut buffer).is_err());
    /// assert!(buffer.ends_with(b"<n>7</n>"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::encode`].
    pub fn encode_into<T: Serialize + ?Sized>(&self, value: &T, buffer: &mut Vec<u8>) -> Result<(), Error> {
        codec::encode(self, value, Layout::Compact, buffer)
    }

    /// As [`Schema::encode`], with each element on its own line, indented by two spaces.
    ///
    /// ```
    /// use packetcheck::plesk::{Request, request_schema};
    ///
    /// let packet = request_schema().encode_pretty(&Request::check())?;
    /// assert!(packet.ends_with(b"  <migration>\n    <check/>\n  </migration>\n</packet>\n"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::encode`].
    pub fn encode_pretty<T: Serialize + ?Sized>(&self, value: &T) -> Result<Vec<u8>, Error> {
        let mut buffer = Vec::with_capacity(512);
        codec::encode(self, value, Layout::Pretty, &mut buffer)?;
        Ok(buffer)
    }

    /// Writes a document as JSON, by the mapping of [`codec`](crate::codec#json), and checks it in the same pass.
    /// Documents in encodings other than UTF-8 are transcoded first.
    ///
    /// ```
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
    /// let schema = packetcheck::Schema::from_documents(&[("n.xsd", text)])?;
    /// assert_eq!(schema.decode_to_json(b"<n>007</n>")?, br#"{"n":7}"#);
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The document is invalid.
    pub fn decode_to_json(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        codec::to_json(self, bytes, Vec::new(), Layout::Compact)
    }

    /// As [`Schema::decode_to_json`], with each member and item on its own line, indented by two spaces.
    ///
    /// ```
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
    /// let schema = packetcheck::Schema::from_documents(&[("n.xsd", text)])?;
    /// assert_eq!(schema.decode_to_json_pretty(b"<n>7</n>")?, b"{\n  \"n\": 7\n}\n");
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::decode_to_json`].
    pub fn decode_to_json_pretty(&self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        codec::to_json(self, bytes, Vec::new(), Layout::Pretty)
    }

    /// Writes a document as JSON while reading it. The memory that this needs grows with the depth of the document and
    /// its longest value, not with its size. After an error, the output is an incomplete object.
    ///
    /// ```
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
    /// let schema = packetcheck::Schema::from_documents(&[("n.xsd", text)])?;
    /// let mut json = Vec::new();
    /// schema.decode_to_json_into(b"<n>7</n>", &mut json)?;
    /// assert_eq!(json, br#"{"n":7}"#);
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The document is invalid, or the writer failed.
    pub fn decode_to_json_into(&self, bytes: &[u8], writer: impl std::io::Write) -> Result<(), Error> {
        codec::to_json(self, bytes, writer, Layout::Compact).map(drop)
    }

    /// Writes the document that JSON represents, in UTF-8, without line breaks between elements: the reverse of
    /// [`Schema::decode_to_json`]. Members can be in any order.
    ///
    /// ```
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="n" type="xs:int"/></xs:schema>"#;
    /// let schema = packetcheck::Schema::from_documents(&[("n.xsd", text)])?;
    /// assert!(schema.encode_from_json(br#"{"n":7}"#)?.ends_with(b"<n>7</n>"));
    /// let error = schema.encode_from_json(br#"{"m":7}"#).unwrap_err();
    /// assert_eq!(error.report().map(|report| &*report.diagnostics[0].path), Some("/m"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The text is not JSON, the JSON does not represent a document, or the document would be invalid.
    /// [`Error::report`] has the diagnostics; their places are in the JSON, and their paths are JSON Pointers (RFC
    /// 6901).
    pub fn encode_from_json(&self, json: &[u8]) -> Result<Vec<u8>, Error> {
        codec::from_json(self, None, json, Layout::Compact)
    }

    /// As [`Schema::encode_from_json`], with each element on its own line, indented by two spaces, wherever white space
    /// is insignificant.
    ///
    /// ```
    /// use packetcheck::plesk::request_schema;
    ///
    /// let json = br#"{"packet": {"$value": [{"migration": {"$value": [{"check": {}}]}}]}}"#;
    /// let packet = request_schema().encode_from_json_pretty(json)?;
    /// assert!(packet.ends_with(b"  <migration>\n    <check/>\n  </migration>\n</packet>\n"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::encode_from_json`].
    pub fn encode_from_json_pretty(&self, json: &[u8]) -> Result<Vec<u8>, Error> {
        codec::from_json(self, None, json, Layout::Pretty)
    }

    /// As [`Schema::encode_from_json`], with the root that the caller names, so that the JSON does not have to. An
    /// object whose only member has the name of this root is the JSON of a document; anything else is the value of the
    /// root. JSON that names another root is refused. The name is written as in JSON: `order`, or `Q{urn:shop}order` if
    /// `order` alone is ambiguous.
    ///
    /// ```
    /// let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
    ///   <xs:element name="n" type="xs:int"/><xs:element name="m" type="xs:int"/></xs:schema>"#;
    /// let schema = packetcheck::Schema::from_documents(&[("n.xsd", text)])?;
    /// assert!(schema.encode_root_from_json("n", b"7")?.ends_with(b"<n>7</n>"));
    /// assert!(schema.encode_root_from_json("n", br#"{"n":7}"#)?.ends_with(b"<n>7</n>"));
    /// assert!(schema.encode_root_from_json("n", br#"{"m":7}"#).is_err());
    /// assert!(schema.encode_root_from_json("x", b"7").unwrap_err().to_string().contains("expected a global element"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::encode_from_json`], or the schema has no such global element (then the error has no report).
    pub fn encode_root_from_json(&self, root: &str, json: &[u8]) -> Result<Vec<u8>, Error> {
        codec::from_json(self, Some(root), json, Layout::Compact)
    }

    /// As [`Schema::encode_root_from_json`], with each element on its own line, indented by two spaces, wherever white
    /// space is insignificant.
    ///
    /// # Errors
    ///
    /// As [`Schema::encode_root_from_json`].
    pub fn encode_root_from_json_pretty(&self, root: &str, json: &[u8]) -> Result<Vec<u8>, Error> {
        codec::from_json(self, Some(root), json, Layout::Pretty)
    }

    /// Whether a global element has this local name.
    pub(crate) fn has_root(&self, name: &str) -> bool {
        let compiled = &self.parts.compiled;
        compiled.roots.keys().any(|root| compiled.names.local(*root) == name)
    }

    /// In the diagnostics of a document, masks the values of names that the schema marks or that are names of
    /// credentials.
    pub(crate) fn conceal(&self, document: &[u8], report: &mut Report) {
        self.with_secret_names(|names| secret::conceal(report, document, names));
    }

    /// Calls a function with the names of secrets, including those of the schema.
    pub(crate) fn with_secret_names<T>(&self, call: impl FnOnce(&SecretNames<'_>) -> T) -> T {
        let names = &self.parts.compiled.names;
        call(&SecretNames::new(&self.parts.secrets, &|name| names.has_local(name)))
    }

    /// As `with_secret_names`, for output that shows values of valid documents, whose names the schema knows. Names
    /// that are exactly those of credentials are included even if the schema declares them.
    pub(crate) fn with_sure_secret_names<T>(&self, call: impl FnOnce(&SecretNames<'_>) -> T) -> T {
        let names = &self.parts.compiled.names;
        call(&SecretNames::new(&self.parts.secrets, &|name| names.has_local(name) && !secret::is_of_credential(name)))
    }

    pub(crate) fn compiled(&self) -> &Compiled {
        &self.parts.compiled
    }

    pub(crate) fn table(&self) -> &Table {
        &self.parts.table
    }

    pub(crate) fn forms(&self) -> &Forms {
        &self.parts.forms
    }

    pub(crate) fn key_facts(&self) -> &KeyFacts {
        self.parts.keys.get_or_init(|| KeyFacts::new(&self.parts.compiled))
    }

    /// The limits for documents: the default ones, or those of [`Schema::with_limits`].
    pub fn limits(&self) -> &Limits {
        &self.limits
    }
}

impl std::fmt::Debug for Schema {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let document = self.parts.compiled.documents.first().map(|document| document.path.as_str());
        formatter.debug_struct("Schema").field("document", &document).finish_non_exhaustive()
    }
}
