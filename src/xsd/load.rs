//! Loads the root document and everything that it includes and imports, each once.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::built_in::{BUILT_IN, BuiltIn, is_built_in};
use super::document::Text;
use super::duplicates;
use super::error::SchemaError;
use super::fault::{Failure, Fault, Faults, Result, fault};
use super::files::{FileId, Files, Found, From};
use super::locate::{Locator, Wanted, local_path, normalized, words};
use super::memory::InMemory;
use super::missing::{self, Absence, Refusal};
use super::model::Components;
use super::parse::{self, Link, Purpose};
use super::prose::Look;
use super::reader::{Node, Reader, XSD, is};
use super::redefine::{self, Parts};
use super::sources::{Hint, Sources};
use super::tree::{parse_xml, without_doctype};
use super::{Source, Visit, wsdl};
use crate::compiled::{Document, Names, NamespaceId, Place};
use crate::diagnostic::Code;
use crate::xml;

/// The namespaces of text in `xs:appinfo` that is read by `rules` or `mark`.
const READ_BY_OTHERS: [&str; 3] =
    ["http://purl.oclc.org/dsdl/schematron", "http://www.ascc.net/xml/schematron", "urn:packetcheck"];

/// The most documents that a schema may consist of.
const DOCUMENTS: usize = 10_000;

/// The most bytes of documents that are read again because a document with another namespace includes them. The
/// declarations of such a document are made for each namespace.
const REPEATED: usize = 16 << 20;

/// Everything that was read.
pub(super) struct Loaded {
    pub(super) documents: Vec<Document>,
    pub(super) names: Names,
    pub(super) components: Components,
    pub(super) faults: Faults,
    /// All documents that were read.
    pub(super) sources: Sources,
}

/// Loads the root and all it needs. An include that leads back to a document that was already read adds nothing.
pub(super) fn load(source: Source<'_>, visit: Visit<'_>) -> std::result::Result<Loaded, SchemaError> {
    let from = match source {
        Source::Files(sources) if !sources.documents.is_empty() => From::Memory(InMemory::of(sources)?),
        Source::Files(sources) => From::Files(Box::new(Locator::new(sources)?)),
        Source::Memory(documents) | Source::Roots(_, documents) => {
            let documents = documents.iter().map(|(name, text)| (*name, Text::of(text)));
            From::Memory(InMemory::new(documents, &[]))
        }
    };
    let mut loader = Loader {
        files: Files::new(from),
        documents: Vec::new(),
        origins: Vec::new(),
        names: Names::default(),
        components: Components::default(),
        wanted: HashSet::new(),
        roots: HashSet::new(),
        root_files: Vec::new(),
        imported: HashSet::new(),
        unlocated: Vec::new(),
        declared: HashSet::new(),
        known: HashMap::new(),
        repeated: 0,
        queue: VecDeque::new(),
        faults: Faults::default(),
        parts: Parts::default(),
        is_marked: false,
    };
    loader.want_roots(source)?;
    loader.read_all(visit);
    // A built-in document can import another one.
    for built_in in BUILT_IN {
        loader.want_built_in(built_in);
        loader.read_all(visit);
    }
    loader.hold_imports_without_location();
    let Loader { files, root_files, mut documents, origins, mut names, mut components, faults, parts, .. } = loader;
    let sources = files.into_sources(&root_files, &names, source.runs_rules());
    let compositions = parts.compositions(documents.len());
    for (document, composition) in documents.iter_mut().zip(&compositions) {
        document.composition = *composition;
    }
    duplicates::settle(components.take_duplicates(), &documents, &origins, &names, &faults);
    redefine::apply(&mut components, &mut names, &parts, &faults);
    Ok(Loaded { documents, names, components, faults, sources })
}

/// A document to read.
struct Wish {
    file: FileId,
    reason: Reason,
}

/// Why a document is read, which determines its required target namespace.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reason {
    Root,
    /// The document is built in.
    BuiltIn,
    /// The namespace of the document that includes it, and the place of the `xs:include`.
    Include(NamespaceId, Place),
    /// The namespace to import, and the place of the `xs:import`.
    Import(NamespaceId, Place),
    /// The namespace of the document that redefines it, and the place of the `xs:redefine`.
    Redefine(NamespaceId, Place),
}

impl Reason {
    /// The wanted namespace, and where it is wanted; `None` for a root, which the caller wants.
    fn wanted(self) -> Option<(NamespaceId, Place)> {
        match self {
            Reason::Root | Reason::BuiltIn => None,
            Reason::Include(namespace, place)
            | Reason::Import(namespace, place)
            | Reason::Redefine(namespace, place) => Some((namespace, place)),
        }
    }
}

struct Loader<'s> {
    files: Files<'s>,
    documents: Vec<Document>,
    /// Why each document was read.
    origins: Vec<Reason>,
    names: Names,
    components: Components,
    /// The documents that were already requested, each with the namespace it is read for.
    wanted: HashSet<(FileId, NamespaceId)>,
    roots: HashSet<FileId>,
    /// The roots of the caller, in order.
    root_files: Vec<FileId>,
    /// Namespaces that documents import, and those of the documents that were read.
    imported: HashSet<NamespaceId>,
    /// Imports without a location for whose namespace no file is given.
    unlocated: Vec<(NamespaceId, Place)>,
    declared: HashSet<NamespaceId>,
    /// The documents by namespace and length, to find copies.
    known: HashMap<(NamespaceId, usize), Vec<u32>>,
    repeated: usize,
    queue: VecDeque<Wish>,
    faults: Faults,
    parts: Parts<(FileId, NamespaceId)>,
    /// Whether references in the prose of the current document are marked (see `prose`).
    is_marked: bool,
}

impl Loader<'_> {
    fn want_roots(&mut self, source: Source<'_>) -> std::result::Result<(), SchemaError> {
        match source {
            Source::Files(sources) if !sources.documents.is_empty() => {
                sources.roots.iter().try_for_each(|name| self.want_given(name))?;
                sources.hints.iter().try_for_each(|hint| self.want_given_hint(hint))?;
            }
            Source::Files(sources) => {
                sources.roots.iter().try_for_each(|file| self.want_file(file))?;
                self.want_hints(&sources.hints)?;
            }
            Source::Memory(documents) => {
                documents.first().map_or(Ok(()), |(name, _)| self.want_given(Path::new(name)))?;
            }
            Source::Roots(roots, _) => roots.iter().try_for_each(|name| self.want_given(Path::new(name)))?,
        }
        match self.queue.is_empty() {
            true => Err(SchemaError::unreadable(String::from("schema"), "expected at least one document")),
            false => Ok(()),
        }
    }

    /// Requests a root in memory.
    fn want_given(&mut self, name: &Path) -> std::result::Result<(), SchemaError> {
        let From::Memory(documents) = &self.files.source else { return Ok(()) };
        let Some((name, text)) = documents.get(name) else {
            let reason = "is not among the given documents";
            return Err(SchemaError::unreadable(name.display().to_string(), reason));
        };
        let text = text.clone();
        self.want_root(name.to_owned(), PathBuf::from(name), text, Reason::Root);
        Ok(())
    }

    /// Requests a document in memory that is named by a document to validate.
    fn want_given_hint(&mut self, hint: &Hint) -> std::result::Result<(), SchemaError> {
        let From::Memory(documents) = &self.files.source else { return Ok(()) };
        let namespace = hint.namespace.as_deref().unwrap_or_default();
        let wanted = Wanted { location: &hint.location, namespace, is_import: true };
        match documents.find(&hint.base, &wanted) {
            Ok((name, _)) => self.want_given(Path::new(name)),
            Err(refusal) => Err(SchemaError::unreadable(hint.location.clone(), refusal.into_message())),
        }
    }

    fn want_file(&mut self, file: &Path) -> std::result::Result<(), SchemaError> {
        let path = file.display().to_string();
        let unreadable = |reason: String| SchemaError::unreadable(path.clone(), reason);
        let From::Files(locator) = &self.files.source else { return Ok(()) };
        let identity = locator.root(file).map_err(|error| unreadable(format!("cannot be read: {}", words(&error))))?;
        let text = locator.read(&identity).map_err(|unread| unreadable(unread.reason))?;
        self.want_root(path, identity, text, Reason::Root);
        Ok(())
    }

    /// Requests the documents named by a document to validate (part 1, section 4.3.2).
    fn want_hints(&mut self, hints: &[Hint]) -> std::result::Result<(), SchemaError> {
        let From::Files(locator) = &self.files.source else { return Ok(()) };
        let (mut found, mut absences) = (Vec::new(), Vec::new());
        for hint in hints {
            let base = hint.base.canonicalize().unwrap_or_else(|_| hint.base.clone());
            let namespace = hint.namespace.as_deref().unwrap_or_default();
            let wanted = Wanted { location: &hint.location, namespace, is_import: true };
            match locator.locate(wanted, &base, &hint.base) {
                Ok(identity) => found.push((hint, identity)),
                // The place is not in a document of the schema.
                Err(refusal) => absences.push(Absence {
                    location: hint.location.clone(),
                    namespace: NamespaceId::NONE,
                    place: Place { document: 0, offset: 0 },
                    refusal,
                }),
            }
        }
        let path = match absences.as_slice() {
            [only] => only.location.clone(),
            _ => String::from("xsi:schemaLocation"),
        };
        if let Some(fault) = missing::into_fault(absences) {
            return Err(fault.of_unread(path));
        }
        found.into_iter().try_for_each(|(hint, identity)| self.want_hint(hint, identity))
    }

    fn want_hint(&mut self, hint: &Hint, identity: PathBuf) -> std::result::Result<(), SchemaError> {
        let From::Files(locator) = &self.files.source else { return Ok(()) };
        let text = locator.read(&identity).map_err(|unread| {
            SchemaError::unreadable(hint.location.clone(), format!("`{}` {}", hint.location, unread.reason))
        })?;
        let beside = local_path(&hint.location).map(|path| normalized(&hint.base.join(path))).ok();
        let path = beside.filter(|path| locator.canonical(path).is_ok_and(|path| path == identity));
        let path = path.unwrap_or_else(|| identity.clone()).display().to_string();
        self.want_root(path, identity, text, Reason::Root);
        Ok(())
    }

    /// Requests the built-in document of an imported namespace for which no document was read.
    fn want_built_in(&mut self, BuiltIn { namespace, name, text }: &BuiltIn) {
        let imported = self.names.lookup_namespace(namespace).filter(|namespace| self.imported.contains(namespace));
        if imported.is_some_and(|namespace| !self.declared.contains(&namespace)) {
            // No file of a caller has such a path.
            self.want_root((*name).to_owned(), PathBuf::from(format!("\0{name}")), Text::of(text), Reason::BuiltIn);
        }
    }

    fn want_root(&mut self, path: String, identity: PathBuf, text: Text, reason: Reason) {
        let file = self.files.add(identity, path, text);
        if self.roots.insert(file) {
            self.queue.push_back(Wish { file, reason });
            if matches!(reason, Reason::Root) {
                self.root_files.push(file);
            }
        }
    }

    fn read_all(&mut self, visit: Visit<'_>) {
        while let Some(wish) = self.queue.pop_front() {
            self.read(wish, visit);
            if self.faults.met_limit() {
                return self.queue.clear();
            }
        }
    }

    fn read(&mut self, Wish { file, reason }: Wish, visit: Visit<'_>) {
        let Text { text, fault: broken, original } = self.files.text(file);
        // There are at most `DOCUMENTS`.
        let document = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        let is_built_in = matches!(reason, Reason::BuiltIn);
        let path = self.files.path(file).to_owned();
        let is_root = matches!(reason, Reason::Root);
        self.documents.push(Document { is_built_in, is_root, ..Document::new(path, Arc::clone(&text), original) });
        self.origins.push(reason);
        if let Err(failure) = self.read_text(&text, broken.as_deref(), (document, file, reason), visit) {
            self.miss(failure, reason);
        }
    }

    fn read_text(
        &mut self,
        text: &Arc<str>,
        broken: Option<&xml::Fault>,
        (document, file, reason): (u32, FileId, Reason),
        visit: Visit<'_>,
    ) -> Result<()> {
        let blanked = without_doctype(text, document, &self.faults)?;
        if let Some(document) = self.documents.last_mut() {
            document.text = Arc::clone(&blanked);
        }
        let Look { excess, easy, is_marked } = Look::at(&blanked, &READ_BY_OTHERS);
        self.is_marked = is_marked;
        let easy = easy.as_deref().unwrap_or(&blanked);
        let tree = parse_xml(easy, (text, excess), broken, document, &self.faults)?;
        let root = tree.root_element();
        let is_read = match wsdl::is_wsdl(root) {
            true => self.read_wsdl(root, document, file, reason)?,
            false => self.read_document(root, document, file, reason)?,
        };
        if is_read {
            visit(document, &tree);
        } else {
            self.documents.pop();
            self.origins.pop();
        }
        Ok(())
    }

    /// Notes a document that cannot be read: its declarations must not be reported as missing at each use.
    fn miss(&mut self, failure: Failure, reason: Reason) {
        self.faults.note(failure);
        match reason.wanted() {
            None => self.components.lacks_root = true,
            Some((namespace, _)) => {
                self.components.incomplete.insert(namespace);
            }
        }
    }

    /// Reads a schema document; returns whether it is a new one.
    fn read_document(&mut self, root: Node<'_>, document: u32, file: FileId, reason: Reason) -> Result<bool> {
        let place = place_of(root, document);
        if root.tag_name().namespace() != Some(XSD) || !is(root, "schema") {
            return fault(Code::SchemaSyntax, place, no_schema(root));
        }
        let own = self.own_namespace(root, document)?;
        let target = self.target(own, reason)?;
        // The namespace of a root is only known here, since it is in the document itself. Another root may already have
        // requested the document.
        if !self.wanted.insert((file, target)) && matches!(reason, Reason::Root) {
            return Ok(false);
        }
        // A document with the same bytes is the same document, wherever it is, except for the locations in it.
        let text = self.documents.last().map(|document| Arc::clone(&document.text)).unwrap_or_default();
        let alike = self.known.entry((target, text.len())).or_default();
        let copy_of = |known: &u32| self.documents.get(*known as usize).is_some_and(|known| known.text == text);
        if let Some(first) = alike.iter().copied().find(copy_of) {
            if let Some(first) = self.documents.get(first as usize) {
                self.files.share(file, &first.text);
            }
            self.parts.read((file, target), first);
            let mut reader = Reader::new(&mut self.names, &self.faults, first, target, false);
            reader.is_marked = self.is_marked;
            let links = parse::links_of_copy(&mut reader, root);
            self.follow(links, first, file, target);
            return Ok(false);
        }
        alike.push(document);
        self.parts.read((file, target), document);
        self.read_schema(root, document, file, target);
        Ok(true)
    }

    /// The schemas in a WSDL document, each for its own namespace.
    fn read_wsdl(&mut self, root: Node<'_>, document: u32, file: FileId, reason: Reason) -> Result<bool> {
        if !matches!(reason, Reason::Root) {
            let message = "expected the root element `xs:schema`, found a WSDL document";
            return fault(Code::SchemaSyntax, place_of(root, document), message);
        }
        let (schemas, imports) = (wsdl::schemas(root), wsdl::imports(root));
        if schemas.is_empty() && imports.is_empty() {
            let message = "expected an `xs:schema` in the `wsdl:types` of this WSDL document";
            return fault(Code::SchemaSyntax, place_of(root, document), message);
        }
        for schema in schemas {
            let target = self.own_namespace(schema, document);
            if let Some(target) = self.faults.or_note(target) {
                self.wanted.insert((file, target));
                self.parts.read((file, target), document);
                self.read_schema(schema, document, file, target);
            }
        }
        for (import, location, namespace) in imports {
            let namespace = self.names.intern_namespace(namespace);
            let place = place_of(import, document);
            let found = self.find(location, file, Reason::Import(namespace, place))?;
            if let Some(found) = found.filter(|found| self.roots.insert(*found)) {
                self.queue.push_back(Wish { file: found, reason: Reason::Root });
            }
        }
        Ok(true)
    }

    fn own_namespace(&mut self, root: Node<'_>, document: u32) -> Result<NamespaceId> {
        match root.attribute("targetNamespace") {
            Some("") => {
                let message = "expected `targetNamespace` not to be empty";
                fault(Code::SchemaSyntax, place_of(root, document), message)
            }
            Some(uri) => Ok(self.names.intern_namespace(uri)),
            None => Ok(NamespaceId::NONE),
        }
    }

    fn read_schema(&mut self, root: Node<'_>, document: u32, file: FileId, target: NamespaceId) {
        self.declared.insert(target);
        let is_chameleon = target != NamespaceId::NONE && !root.has_attribute("targetNamespace");
        let mut reader = Reader::new(&mut self.names, &self.faults, document, target, is_chameleon);
        reader.is_marked = self.is_marked;
        let links = parse::schema(&mut reader, root, &mut self.components);
        self.follow(links, document, file, target);
    }

    /// Queues the documents that a document names.
    fn follow(&mut self, links: Vec<Link<'_>>, document: u32, file: FileId, target: NamespaceId) {
        for Link { location, purpose, place } in links {
            let reason = match purpose {
                Purpose::Include => Reason::Include(target, place),
                Purpose::Import(namespace) => Reason::Import(namespace, place),
                Purpose::Redefine => Reason::Redefine(target, place),
            };
            let wanted = match (location, purpose) {
                (Some(location), _) => self.want(location, file, document, reason),
                (None, Purpose::Import(namespace)) => self.want_namespace(namespace, place),
                (None, _) => Ok(()),
            };
            if let Err(failure) = wanted {
                self.miss(failure, reason);
            }
        }
    }

    /// The namespace that a document is read for (part 1, sections 4.2.1 and 4.2.3).
    fn target(&self, own: NamespaceId, reason: Reason) -> Result<NamespaceId> {
        let called = |namespace: NamespaceId| match self.names.namespaces.get(namespace.index()) {
            Some(uri) if !uri.is_empty() => format!("the target namespace `{uri}`"),
            _ => String::from("no target namespace"),
        };
        match reason {
            Reason::Root | Reason::BuiltIn => Ok(own),
            Reason::Include(target, _) | Reason::Redefine(target, _) if own == target || own == NamespaceId::NONE => {
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

    /// Queues a document, unless it was queued before.
    fn want(&mut self, location: &str, from: FileId, document: u32, reason: Reason) -> Result<()> {
        let Some((namespace, _)) = reason.wanted() else { return Ok(()) };
        let Some(file) = self.find(location, from, reason)? else { return Ok(()) };
        match reason {
            Reason::Include(..) => self.parts.include(document, (file, namespace)),
            Reason::Redefine(_, place) => self.parts.redefine(place, (file, namespace)),
            Reason::Import(..) => drop(self.imported.insert(namespace)),
            Reason::Root | Reason::BuiltIn => {}
        }
        self.queue_found(file, reason)
    }

    /// The document that a location leads to; `None` if it is missing, which is kept or reported.
    fn find(&mut self, location: &str, from: FileId, reason: Reason) -> Result<Option<FileId>> {
        let Some((namespace, place)) = reason.wanted() else { return Ok(None) };
        let is_import = matches!(reason, Reason::Import(..));
        let uri = self.names.namespaces.get(namespace.index()).map_or("", |uri| uri);
        let found = self.files.locate(location, from, is_import, (namespace, uri));
        if let Some((first, other)) = self.files.take_rival() {
            let message = format!(
                "`{location}` resolves to `{}`; `{}` matches as well, but is another document",
                first.display(),
                other.display()
            );
            let help = Some(format!("name the right one with `--map {location}=FILE` or a catalog"));
            self.faults.warn(Fault::new(Code::SrcImport, place, message).with_help(help));
        }
        self.or_hold(found, location, namespace, place)
    }

    /// Queues the document for an import without a location, if the table names one for the namespace.
    fn want_namespace(&mut self, namespace: NamespaceId, place: Place) -> Result<()> {
        self.imported.insert(namespace);
        let Some(uri) = self.names.namespaces.get(namespace.index()).map(|uri| uri.to_string()) else { return Ok(()) };
        let Some(found) = self.files.locate_namespace(&uri) else {
            self.unlocated.push((namespace, place));
            return Ok(());
        };
        match self.or_hold(found, &uri, namespace, place)? {
            Some(file) => self.queue_found(file, Reason::Import(namespace, place)),
            None => Ok(()),
        }
    }

    /// An import without a location is satisfied by any document of its namespace that was read for another reason.
    fn hold_imports_without_location(&mut self) {
        for (namespace, place) in std::mem::take(&mut self.unlocated) {
            if !self.declared.contains(&namespace) && self.components.incomplete.insert(namespace) {
                let location = self.names.namespaces.get(namespace.index()).map_or("", |uri| uri).to_owned();
                self.faults.hold(Absence { location, namespace, place, refusal: Refusal::NoLocation });
            }
        }
    }

    fn queue_found(&mut self, file: FileId, reason: Reason) -> Result<()> {
        let Some((namespace, place)) = reason.wanted() else { return Ok(()) };
        if !self.wanted.insert((file, namespace)) {
            return Ok(());
        }
        if self.wanted.len() > DOCUMENTS {
            return fault(Code::SchemaLimit, place, format!("expected at most {DOCUMENTS} documents"));
        }
        self.repeated += self.files.add_reader(file);
        if self.repeated > REPEATED {
            let message = format!("expected at most {REPEATED} bytes of documents that several namespaces include");
            return fault(Code::SchemaLimit, place, message);
        }
        self.queue.push_back(Wish { file, reason });
        Ok(())
    }

    /// Sections 4.2.1 to 4.2.3: a location that resolves to nothing is not an error in itself, but it is if something
    /// of the namespace is needed.
    fn or_hold(
        &mut self,
        found: Found,
        location: &str,
        namespace: NamespaceId,
        place: Place,
    ) -> Result<Option<FileId>> {
        match found {
            Found::File(file) => return Ok(Some(file)),
            Found::Unreadable(message) => return fault(Code::Unreadable, place, message),
            Found::Undecoded { path, reason } => {
                return Err(Failure::of(Fault::new(Code::Unreadable, place, reason).about_undecoded(path)));
            }
            Found::Reported => {}
            // A built-in document is used instead.
            Found::Absent(_) if self.names.namespaces.get(namespace.index()).is_some_and(|uri| is_built_in(uri)) => {
                self.imported.insert(namespace);
                return Ok(None);
            }
            Found::Absent(refusal) => {
                self.faults.hold(Absence { location: location.to_owned(), namespace, place, refusal });
                self.components.incomplete.insert(namespace);
            }
        }
        Ok(None)
    }
}

fn place_of(node: Node<'_>, document: u32) -> Place {
    Place { document, offset: u32::try_from(node.range().start).unwrap_or(u32::MAX) }
}

/// Why a root element is not that of a schema document. If its name is right, its namespace is wrong.
fn no_schema(root: Node<'_>) -> String {
    let name = root.tag_name().name();
    if name != "schema" {
        return format!("expected the root element `xs:schema`, found `{name}`");
    }
    let found = match root.tag_name().namespace() {
        Some(namespace) => format!("in the namespace `{namespace}`"),
        None => String::from("in no namespace"),
    };
    format!("expected the root element `schema` in the namespace `{XSD}`, found it {found}")
}
