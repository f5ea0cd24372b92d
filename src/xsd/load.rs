//! From the root document to all that it includes and imports, each once.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document::{Text, read_file};
use super::error::SchemaError;
use super::fault::{Failure, Faults, Result, fault};
use super::locate::{Locator, Refusal, local_path, normalized, words};
use super::model::Components;
use super::parse::{self, Link, Purpose};
use super::reader::{Node, Reader, XSD, is};
use super::redefine::{self, Parts};
use super::sources::Hint;
use super::tree::{parse_xml, without_doctype};
use super::{Source, Visit, xml_namespace};
use crate::compiled::{Document, Names, NamespaceId, Place};
use crate::diagnostic::Code;
use crate::xml;

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
pub(super) fn load(source: Source<'_>, visit: Visit<'_>) -> std::result::Result<Loaded, SchemaError> {
    let mut loader = Loader {
        source: match source {
            Source::Files(sources) => From::Files(Locator::new(sources)?),
            Source::Memory(documents) => From::Memory(InMemory::new(documents)),
        },
        documents: Vec::new(),
        names: Names::default(),
        components: Components::default(),
        texts: HashMap::new(),
        wanted: HashSet::new(),
        queue: VecDeque::new(),
        faults: Faults::default(),
        parts: Parts::default(),
    };
    loader.want_roots(source)?;
    while let Some(wish) = loader.queue.pop_front() {
        loader.read(wish, visit);
    }
    loader.faults.or_note(xml_namespace::declare(&mut loader.components, &mut loader.names));
    redefine::apply(&mut loader.components, &mut loader.names, &loader.parts, &loader.faults);
    let Loader { documents, names, components, faults, .. } = loader;
    Ok(Loaded { documents, names, components, faults })
}

/// What identifies a document: its canonical path, or its name in memory.
type Identity = PathBuf;

/// A document that was found, and its text.
type Read = (Identity, Text);

/// The same, or why it is not there.
type Found = std::result::Result<Read, (Code, String)>;

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

impl Reason {
    /// The namespace that is wanted, and where; a root is wanted by the caller.
    fn wish(self) -> Option<(NamespaceId, Place)> {
        match self {
            Reason::Root => None,
            Reason::Include(namespace, place)
            | Reason::Import(namespace, place)
            | Reason::Redefine(namespace, place) => Some((namespace, place)),
        }
    }
}

/// Where documents are looked up.
enum From<'s> {
    Files(Locator),
    Memory(InMemory<'s>),
}

struct Loader<'s> {
    source: From<'s>,
    documents: Vec<Document>,
    names: Names,
    components: Components,
    /// Documents whose text is known; one may be read for several namespaces.
    texts: HashMap<Identity, Text>,
    /// What was wanted already: the document and the namespace it is read for.
    wanted: HashSet<(Identity, NamespaceId)>,
    queue: VecDeque<Wish>,
    faults: Faults,
    parts: Parts<(Identity, NamespaceId)>,
}

impl Loader<'_> {
    fn want_roots(&mut self, source: Source<'_>) -> std::result::Result<(), SchemaError> {
        match source {
            Source::Files(sources) => {
                sources.roots.iter().try_for_each(|file| self.want_file(file))?;
                sources.hints.iter().try_for_each(|hint| self.want_hint(hint))?;
            }
            Source::Memory(documents) => {
                if let Some((name, text)) = documents.first() {
                    self.want_root((*name).to_owned(), PathBuf::from(name), Text::of(text));
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

    /// A document that is named by one that is to be checked (part 1, section 4.3.2).
    fn want_hint(&mut self, hint: &Hint) -> std::result::Result<(), SchemaError> {
        let From::Files(locator) = &self.source else { return Ok(()) };
        let refused = |message| SchemaError::unreadable(hint.location.clone(), message);
        let base = hint.base.canonicalize().unwrap_or_else(|_| hint.base.clone());
        let identity = match locator.locate(&hint.location, &base, hint.namespace.as_deref()) {
            Ok(identity) => identity,
            Err(Refusal::NotPermitted(message) | Refusal::Absent(message) | Refusal::Remote(message)) => {
                return Err(refused(message));
            }
        };
        let text = read_file(&identity).map_err(|reason| refused(format!("`{}` {reason}", hint.location)))?;
        self.want_root(identity.display().to_string(), identity, text);
        Ok(())
    }

    fn want_root(&mut self, path: String, identity: Identity, text: Text) {
        self.texts.insert(identity.clone(), text);
        self.queue.push_back(Wish { identity, path, reason: Reason::Root });
    }

    fn read(&mut self, wish: Wish, visit: Visit<'_>) {
        let Some(Text { text, fault: broken, original }) = self.texts.get(&wish.identity).cloned() else { return };
        // At most `DOCUMENTS`.
        let document = u32::try_from(self.documents.len()).unwrap_or(u32::MAX);
        self.documents.push(Document { path: wish.path.clone(), text: Arc::clone(&text), original });
        if let Err(failure) = self.read_text(&text, broken.as_deref(), document, &wish, visit) {
            self.miss(failure, wish.reason);
        }
    }

    fn read_text(
        &mut self,
        text: &Arc<str>,
        broken: Option<&xml::Fault>,
        document: u32,
        wish: &Wish,
        visit: Visit<'_>,
    ) -> Result<()> {
        let text = without_doctype(text, document, &self.faults)?;
        if let Some(document) = self.documents.last_mut() {
            document.text = Arc::clone(&text);
        }
        let tree = parse_xml(&text, broken, document, &self.faults)?;
        visit(document, &tree);
        self.read_schema(tree.root_element(), document, &wish.identity, wish.reason)
    }

    /// A document cannot be read: what it declares is not to be missed once more at each use.
    fn miss(&mut self, failure: Failure, reason: Reason) {
        self.faults.note(failure);
        match reason.wish() {
            None => self.components.lacks_root = true,
            Some((namespace, _)) => {
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
            Some(uri) => self.names.intern_namespace(uri),
            None => NamespaceId::NONE,
        };
        let target = self.target(own, reason)?;
        // A root becomes known here: what it is read for stands in the document itself. Another root may have had it.
        if !self.wanted.insert((identity.to_owned(), target)) && matches!(reason, Reason::Root) {
            return Ok(());
        }
        let mut reader = Reader::new(&mut self.names, &self.faults, document, target, own != target);
        let links = parse::schema(&mut reader, root, &mut self.components);
        self.parts.read((identity.to_owned(), target), document);
        for Link { location, purpose, place } in links {
            let reason = match purpose {
                Purpose::Include => Reason::Include(target, place),
                Purpose::Import(namespace) => Reason::Import(namespace, place),
                Purpose::Redefine => Reason::Redefine(target, place),
            };
            let wanted = match (location, purpose) {
                (Some(location), _) => self.want(location, identity, document, reason),
                (None, Purpose::Import(namespace)) => self.want_namespace(namespace, place),
                (None, _) => Ok(()),
            };
            if let Err(failure) = wanted {
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

    /// Queues a document, unless it was before.
    fn want(&mut self, location: &str, from: &Path, document: u32, reason: Reason) -> Result<()> {
        let Some((namespace, place)) = reason.wish() else { return Ok(()) };
        let found = match &self.source {
            From::Files(locator) => {
                let namespace = match reason {
                    Reason::Import(..) => self.names.namespaces.get(namespace.index()).map(|uri| &**uri),
                    _ => None,
                };
                let base = from.parent().unwrap_or(Path::new(""));
                let found = locator.locate(location, base, namespace);
                self.read_found(location, found, place)?
            }
            From::Memory(documents) => self.find_in_memory(documents, from, location),
        };
        let Some((identity, text)) = self.or_hold(found, namespace, place) else { return Ok(()) };
        let shown = self.documents.get(document as usize).map(|known| Path::new(&known.path));
        let beside = shown.and_then(Path::parent).unwrap_or(Path::new(""));
        let path = local_path(location).map(|path| beside.join(path)).ok();
        // As the user would write it, where that is what was read and not a file of the table.
        let path = match (&self.source, path) {
            (From::Memory(_), Some(path)) => path,
            (From::Files(locator), Some(path)) if locator.canonical(&path).is_ok_and(|path| path == identity) => path,
            _ => identity.clone(),
        };
        match reason {
            Reason::Include(..) => self.parts.include(document, (identity.clone(), namespace)),
            Reason::Redefine(_, place) => self.parts.redefine(place, (identity.clone(), namespace)),
            Reason::Root | Reason::Import(..) => {}
        }
        self.queue_found(identity, text, path.display().to_string(), reason)
    }

    /// Queues the document of an import that names none, if the table has one for the namespace.
    fn want_namespace(&mut self, namespace: NamespaceId, place: Place) -> Result<()> {
        let From::Files(locator) = &self.source else { return Ok(()) };
        let Some(uri) = self.names.namespaces.get(namespace.index()).map(|uri| uri.to_string()) else { return Ok(()) };
        let Some(found) = locator.locate_namespace(&uri) else { return Ok(()) };
        let found = self.read_found(&uri, found, place)?;
        let Some((identity, text)) = self.or_hold(found, namespace, place) else { return Ok(()) };
        let path = identity.display().to_string();
        self.queue_found(identity, text, path, Reason::Import(namespace, place))
    }

    fn queue_found(&mut self, identity: Identity, text: Text, path: String, reason: Reason) -> Result<()> {
        let Some((namespace, place)) = reason.wish() else { return Ok(()) };
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

    /// The text of a document that was looked for; the inner error says why it is not there.
    fn read_found(&self, location: &str, found: std::result::Result<PathBuf, Refusal>, place: Place) -> Result<Found> {
        let identity = match found {
            Ok(identity) => identity,
            Err(Refusal::NotPermitted(message)) => return fault(Code::RefusedLocation, place, message),
            Err(Refusal::Absent(message)) => return Ok(Err((Code::Unreadable, message))),
            Err(Refusal::Remote(message)) => return Ok(Err((Code::RefusedLocation, message))),
        };
        if let Some(text) = self.texts.get(&identity) {
            let text = text.clone();
            return Ok(Ok((identity, text)));
        }
        match read_file(&identity) {
            Ok(text) => Ok(Ok((identity, text))),
            Err(reason) => fault(Code::Unreadable, place, format!("`{location}` {reason}")),
        }
    }

    /// A document among those in memory, by its name beside the one that wants it.
    fn find_in_memory(&self, documents: &InMemory<'_>, from: &Path, location: &str) -> Found {
        let path = local_path(location).map_err(|message| (Code::RefusedLocation, message))?;
        let wanted = normalized(&from.parent().unwrap_or(Path::new("")).join(path));
        let Some((name, text)) = documents.by_path.get(&wanted) else {
            return Err((Code::Unreadable, format!("`{location}` is not among the documents given")));
        };
        let identity = PathBuf::from(name);
        let text = self.texts.get(&identity).map_or_else(|| Text::of(text), Text::clone);
        Ok((identity, text))
    }

    /// Sections 4.2.1 to 4.2.3: that a location resolves to nothing is no fault in itself; it is one where something of
    /// the namespace is missed.
    fn or_hold(&mut self, found: Found, namespace: NamespaceId, place: Place) -> Option<Read> {
        let held = found.or_else(|(code, message)| fault(code, place, message));
        held.map_err(|failure| {
            self.faults.hold(namespace, failure);
            self.components.incomplete.insert(namespace);
        })
        .ok()
    }
}

/// Documents in memory, each found by its name without `.` and `..`; of two with one name it is the first.
struct InMemory<'s> {
    by_path: HashMap<PathBuf, (&'s str, &'s str)>,
}

impl<'s> InMemory<'s> {
    fn new(documents: &[(&'s str, &'s str)]) -> InMemory<'s> {
        let mut by_path = HashMap::with_capacity(documents.len());
        for (name, text) in documents.iter().copied() {
            by_path.entry(normalized(Path::new(name))).or_insert((name, text));
        }
        InMemory { by_path }
    }
}
