//! From the root document to all that it includes and imports, each once.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::depth::{ATTRIBUTES, Excess, NESTING, find_excess};
use super::error::{Failure, Faults, Result, SchemaError, fault};
use super::model::Components;
use super::parse;
use super::reader::{Node, Reader, XSD, construct, is};
use super::redefine::{self, Parts};
use super::{Source, error};
use crate::compiled::{Document, Methods, Names, NamespaceId, Place};
use crate::diagnostic::Code;

/// Bytes that one schema document may have.
const DOCUMENT_BYTES: u64 = 64 << 20;

/// Documents that a schema may consist of.
const DOCUMENTS: usize = 10_000;

/// Everything that was read.
pub(super) struct Loaded {
    pub(super) documents: Vec<Document>,
    pub(super) names: Names,
    pub(super) components: Components,
    pub(super) faults: Faults,
}

/// Loads the root and all it needs. An include that leads back to a document read before is nothing new.
pub(super) fn load(source: Source<'_>) -> std::result::Result<Loaded, SchemaError> {
    let mut loader = Loader {
        source,
        documents: Vec::new(),
        names: Names::default(),
        components: Components::default(),
        texts: HashMap::new(),
        wanted: HashSet::new(),
        queue: VecDeque::new(),
        faults: Faults::default(),
        parts: Parts::default(),
    };
    loader.want_roots()?;
    while let Some(wish) = loader.queue.pop_front() {
        loader.read(wish);
    }
    redefine::apply(&mut loader.components, &mut loader.names, &loader.parts, &loader.faults);
    let Loader { documents, names, components, faults, .. } = loader;
    Ok(Loaded { documents, names, components, faults })
}

/// What identifies a document: its canonical path, or its name in memory.
type Identity = PathBuf;

/// A document to be read.
struct Wish {
    identity: Identity,
    /// As it is shown to the user.
    path: String,
    reason: Reason,
}

/// Why a document is read, which decides the target namespace that it must have.
#[derive(Clone, Copy)]
enum Reason {
    Root,
    /// The namespace of the document that includes it, and the place of the `xs:include`.
    Include(NamespaceId, Place),
    /// The namespace to import, and the place of the `xs:import`.
    Import(NamespaceId, Place),
    /// The namespace of the document that redefines it, and the place of the `xs:redefine`.
    Redefine(NamespaceId, Place),
}

struct Loader<'s> {
    source: Source<'s>,
    documents: Vec<Document>,
    names: Names,
    components: Components,
    /// Documents whose text is known; one may be read for several namespaces.
    texts: HashMap<Identity, Arc<str>>,
    /// What was wanted already: the document and the namespace it is read for.
    wanted: HashSet<(Identity, NamespaceId)>,
    queue: VecDeque<Wish>,
    faults: Faults,
    parts: Parts<(Identity, NamespaceId)>,
}

impl Loader<'_> {
    fn want_roots(&mut self) -> std::result::Result<(), SchemaError> {
        match self.source {
            Source::Files(files) => files.iter().try_for_each(|file| self.want_file(file))?,
            Source::Memory(documents) => {
                if let Some((name, text)) = documents.first() {
                    self.want_root((*name).to_owned(), PathBuf::from(name), Arc::from(*text));
                }
            }
        }
        match self.queue.is_empty() {
            true => Err(SchemaError::unreadable(String::from("schema"), "expected at least one document")),
            false => Ok(()),
        }
    }

    fn want_file(&mut self, file: &Path) -> std::result::Result<(), SchemaError> {
        let path = file.display().to_string();
        let unreadable = |reason: String| SchemaError::unreadable(path.clone(), reason);
        let identity = file.canonicalize().map_err(|error| unreadable(format!("cannot be read: {}", words(&error))))?;
        let text = read_file(&identity).map_err(unreadable)?;
        self.want_root(path, identity, text);
        Ok(())
    }

    fn want_root(&mut self, path: String, identity: Identity, text: Arc<str>) {
        self.texts.insert(identity.clone(), text);
        self.queue.push_back(Wish { identity, path, reason: Reason::Root });
    }

    fn read(&mut self, wish: Wish) {
        let Some(text) = self.texts.get(&wish.identity).cloned() else { return };
        // At most `DOCUMENTS`.
        let document = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        self.documents.push(Document { path: wish.path, text: Arc::clone(&text) });
        let read = parse_xml(&text, document)
            .and_then(|tree| self.read_schema(tree.root_element(), document, &wish.identity, wish.reason));
        if let Err(failure) = read {
            self.miss(failure, wish.reason);
        }
    }

    /// A document cannot be read: what it declares is not to be missed once more at each use.
    fn miss(&mut self, failure: Failure, reason: Reason) {
        self.faults.note(failure);
        match reason {
            Reason::Root => self.components.lacks_root = true,
            Reason::Include(namespace, _) | Reason::Import(namespace, _) | Reason::Redefine(namespace, _) => {
                self.components.incomplete.insert(namespace);
            }
        }
    }

    fn read_schema(&mut self, root: Node<'_>, document: u32, identity: &Path, reason: Reason) -> Result<()> {
        let place = Place { document, offset: u32::try_from(root.range().start).unwrap_or(u32::MAX) };
        if root.tag_name().namespace() != Some(XSD) || !is(root, "schema") {
            let message = format!("expected the root element `xs:schema`, found `{}`", root.tag_name().name());
            return fault(Code::SchemaSyntax, place, message);
        }
        let own = match root.attribute("targetNamespace") {
            Some("") => return fault(Code::SchemaSyntax, place, "expected `targetNamespace` not to be empty"),
            Some(XSD) => return error::unsupported(place, "a schema for the namespace of XSD itself"),
            Some(uri) => self.names.intern_namespace(uri),
            None => NamespaceId(0),
        };
        let target = self.target(own, reason)?;
        // A root becomes known here: what it is read for stands in the document itself. Another root may have had it.
        if !self.wanted.insert((identity.to_owned(), target)) && matches!(reason, Reason::Root) {
            return Ok(());
        }
        let mut includes = Vec::new();
        let mut imported = Vec::new();
        let mut reader = Reader {
            names: &mut self.names,
            faults: &self.faults,
            told: HashSet::new(),
            document,
            target,
            is_chameleon: own != target,
            imported: Vec::new(),
            qualified_elements: false,
            qualified_attributes: false,
            block_default: Methods::NONE,
            final_default: Methods::NONE,
            last_bindings: RefCell::default(),
        };
        reader.check_attributes(
            root,
            &[
                "targetNamespace",
                "elementFormDefault",
                "attributeFormDefault",
                "version",
                "blockDefault",
                "finalDefault",
            ],
        )?;
        let form = |name| reader.or_note(parse::form_named(&reader, root, name)).flatten().unwrap_or(false);
        let (elements, attributes) = (form("elementFormDefault"), form("attributeFormDefault"));
        (reader.qualified_elements, reader.qualified_attributes) = (elements, attributes);
        let block = reader.or_note(reader.methods(root, "blockDefault", parse::ELEMENT_BLOCK)).flatten();
        let finals = reader.or_note(reader.methods(root, "finalDefault", parse::FINAL_DEFAULT)).flatten();
        (reader.block_default, reader.final_default) = (block.unwrap_or_default(), finals.unwrap_or_default());
        for child in reader.children(root)? {
            match child.tag_name().name() {
                "include" => {
                    reader.check_attributes(child, &["schemaLocation"])?;
                    reader.or_note(reader.leaf(child));
                    if let Some(location) = reader.or_note(reader.required(child, "schemaLocation")) {
                        let place = reader.attribute_place(child, "schemaLocation");
                        includes.push((location, Reason::Include(target, place)));
                    }
                }
                "import" => {
                    let namespace = import(&mut reader, child);
                    let Some(namespace) = reader.or_note(namespace) else { continue };
                    imported.push(namespace);
                    if let Some(location) = reader.trimmed(child, "schemaLocation") {
                        let place = reader.attribute_place(child, "schemaLocation");
                        includes.push((location, Reason::Import(namespace, place)));
                    }
                }
                "redefine" => {
                    reader.check_attributes(child, &["schemaLocation"])?;
                    if let Some(location) = reader.or_note(reader.required(child, "schemaLocation")) {
                        let place = reader.attribute_place(child, "schemaLocation");
                        includes.push((location, Reason::Redefine(target, place)));
                    }
                }
                // These come first (part 1, section 3.15.2).
                "annotation" => {}
                _ => break,
            }
        }
        reader.imported = imported;
        reader.check_ids(root)?;
        parse::schema(&mut reader, root, &mut self.components)?;
        self.parts.read((identity.to_owned(), target), document);
        for (location, reason) in includes {
            if let Err(failure) = self.want(location, identity, document, reason) {
                self.miss(failure, reason);
            }
        }
        Ok(())
    }

    /// The namespace that a document is read for (part 1, sections 4.2.1 and 4.2.3).
    fn target(&self, own: NamespaceId, reason: Reason) -> Result<NamespaceId> {
        let called = |namespace: NamespaceId| match self.names.namespaces.get(namespace.index()) {
            Some(uri) if !uri.is_empty() => format!("the target namespace `{uri}`"),
            _ => String::from("no target namespace"),
        };
        match reason {
            Reason::Root => Ok(own),
            Reason::Include(target, _) | Reason::Redefine(target, _) if own == target || own == NamespaceId(0) => {
                Ok(target)
            }
            Reason::Import(target, _) if own == target => Ok(target),
            Reason::Include(target, place) | Reason::Import(target, place) | Reason::Redefine(target, place) => fault(
                match reason {
                    Reason::Redefine(..) => Code::SrcRedefine,
                    Reason::Import(..) => Code::SrcImport,
                    _ => Code::SrcInclude,
                },
                place,
                format!("expected a document with {}, found one with {}", called(target), called(own)),
            ),
        }
    }

    /// Queues a document, unless it was before.
    fn want(&mut self, location: &str, from: &Path, document: u32, reason: Reason) -> Result<()> {
        let (Reason::Include(namespace, place) | Reason::Import(namespace, place) | Reason::Redefine(namespace, place)) =
            reason
        else {
            return Ok(());
        };
        if let Some((scheme, _)) = location.split_once("://") {
            let message = format!("`{location}` is not read: expected a local path, found one of `{scheme}`");
            return fault(Code::RefusedLocation, place, message);
        }
        let base = from.parent().unwrap_or(Path::new(""));
        let (identity, text) = match self.source {
            Source::Files(_) => self.find_file(&base.join(location), location, place)?,
            Source::Memory(documents) => find_in_memory(documents, base, location, place)?,
        };
        let shown = self.documents.get(document as usize).map(|known| Path::new(&known.path));
        let path = shown.and_then(Path::parent).unwrap_or(Path::new("")).join(location).display().to_string();
        match reason {
            Reason::Include(..) => self.parts.include(document, (identity.clone(), namespace)),
            Reason::Redefine(_, place) => self.parts.redefine(place, (identity.clone(), namespace)),
            Reason::Root | Reason::Import(..) => {}
        }
        if !self.wanted.insert((identity.clone(), namespace)) {
            return Ok(());
        }
        if self.wanted.len() > DOCUMENTS {
            return fault(Code::SchemaLimit, place, format!("expected at most {DOCUMENTS} documents"));
        }
        self.texts.insert(identity.clone(), text);
        self.queue.push_back(Wish { identity, path, reason });
        Ok(())
    }

    fn find_file(&self, path: &Path, location: &str, place: Place) -> Result<(Identity, Arc<str>)> {
        let identity = match path.canonicalize() {
            Ok(identity) => identity,
            Err(error) => {
                return fault(Code::Unreadable, place, format!("`{location}` cannot be read: {}", words(&error)));
            }
        };
        if let Some(text) = self.texts.get(&identity) {
            let text = Arc::clone(text);
            return Ok((identity, text));
        }
        match read_file(&identity) {
            Ok(text) => Ok((identity, text)),
            Err(reason) => fault(Code::Unreadable, place, format!("`{location}` {reason}")),
        }
    }
}

/// The tree of a document that is small and flat enough.
fn parse_xml(text: &str, document: u32) -> Result<roxmltree::Document<'_>> {
    let place = |offset: usize| Place { document, offset: u32::try_from(offset).unwrap_or(u32::MAX) };
    if text.len() as u64 > DOCUMENT_BYTES {
        return fault(Code::SchemaLimit, place(0), format!("expected at most {DOCUMENT_BYTES} bytes"));
    }
    match find_excess(text) {
        Some(Excess::Nesting(offset)) => {
            fault(Code::SchemaLimit, place(offset), format!("expected at most {NESTING} levels of nesting"))
        }
        Some(Excess::Attributes(offset)) => {
            fault(Code::SchemaLimit, place(offset), format!("expected at most {ATTRIBUTES} attributes"))
        }
        None => roxmltree::Document::parse(text).or_else(|reason| {
            let position = reason.pos();
            let offset = offset_of(text, position.row as usize, position.col as usize);
            fault(Code::NotWellFormed, place(offset), format!("expected well-formed XML, found: {reason}"))
        }),
    }
}

/// The byte at a line and column, both counted from 1, the column in characters.
fn offset_of(text: &str, row: usize, column: usize) -> usize {
    let line_start: usize = text.split_inclusive('\n').take(row.saturating_sub(1)).map(str::len).sum();
    let line = text.get(line_start..).unwrap_or_default();
    line_start + line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(offset, _)| offset)
}

/// Section 4.2.3: the namespace that an `xs:import` makes known.
fn import(reader: &mut Reader<'_>, node: Node<'_>) -> Result<NamespaceId> {
    reader.check_attributes(node, &["namespace", "schemaLocation"])?;
    reader.leaf(node)?;
    let namespace = reader.trimmed(node, "namespace").map_or(NamespaceId(0), |uri| reader.names.intern_namespace(uri));
    if namespace == reader.target {
        let message = format!("{} of the target namespace itself: use `xs:include`", construct(node));
        return error::fault(Code::SrcImport, reader.place(node), message);
    }
    Ok(namespace)
}

/// A document among those in memory, by its name beside the one that wants it.
fn find_in_memory(
    documents: &[(&str, &str)],
    base: &Path,
    location: &str,
    place: Place,
) -> Result<(Identity, Arc<str>)> {
    let wanted = normalized(&base.join(location));
    match documents.iter().find(|(name, _)| normalized(Path::new(name)) == wanted) {
        Some((name, text)) => Ok((PathBuf::from(name), Arc::from(*text))),
        None => fault(Code::Unreadable, place, format!("`{location}` is not among the documents given")),
    }
}

/// The path without `.` and `..`, as far as names can tell.
fn normalized(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}

/// The words of an error of the operating system, without its number.
fn words(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error ") {
        Some((words, _)) => words.to_owned(),
        None => text,
    }
}

/// The text of a file; UTF-8 and what is the same in it.
fn read_file(path: &Path) -> std::result::Result<Arc<str>, String> {
    let unreadable = |error: std::io::Error| format!("cannot be read: {}", words(&error));
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(DOCUMENT_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > DOCUMENT_BYTES {
        return Err(format!("cannot be read: expected at most {DOCUMENT_BYTES} bytes, found more"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.into()),
        Err(_) => Err(String::from("cannot be read: expected UTF-8, which is the only encoding supported yet")),
    }
}
