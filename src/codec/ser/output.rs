//! The document that is being written, and the declarations of its names.

use std::cell::Cell;
use std::fmt::Write as _;

use super::instance::Instance;
use super::undeclared::Undeclared;
use super::{Error, Layout};
use crate::check::INSTANCE;
use crate::codec::content::Asked;
use crate::codec::keys::Keys;
use crate::codec::name::{self, Place};
use crate::codec::{VALUE_DEPTH, content, qname, too_deep};
use crate::compiled::{Compiled, Content, ElementId, NameId, NamespaceId, Process, TypeDefinition, TypeId};
use crate::datatype::{Kind, SimpleType};
use crate::xml::{Writer, XML_NAMESPACE};

/// Where a field goes if its content model has the name in several places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// To the first place that is not before the fields already written.
    FollowFields,
    /// To the first place.
    TakeFirst,
}

pub(super) struct Output<'s> {
    pub(super) lists: Box<Lists>,
    pub(super) schema: &'s Compiled,
    pub(super) keys: Keys<'s>,
    layout: Layout,
    /// The namespace of names without a prefix in the next element.
    namespace: NamespaceId,
    depth: usize,
    names: Names,
    /// A name was written that its content model has in several places.
    repeated: bool,
    refused_field: Option<String>,
    /// The first element that begins at a depth.
    first: (usize, Option<ElementId>),
    /// The last key of a map, whose value comes next.
    pub(super) key: Option<String>,
    undeclared: Undeclared,
}

/// Buffers for writing a document. They are kept for the next document of the thread, so that most documents allocate
/// nothing.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) writer: Writer,
    /// A buffer for numbers and attributes.
    pub(super) scalar: String,
    /// For each field that holds children, in all open elements: its rank among the children of the type, and where it
    /// was written.
    pub(super) ranges: Vec<(usize, usize)>,
}

thread_local! {
    static SPARE: Cell<Option<Box<Lists>>> = const { Cell::new(None) };
}

impl Lists {
    /// The most bytes that are kept for a value.
    const LONGEST: usize = 1 << 12;

    /// Takes the buffers of the thread. If a value writes another document while it is written, that one gets new ones.
    fn take() -> Box<Lists> {
        SPARE.try_with(Cell::take).ok().flatten().unwrap_or_default()
    }

    fn keep(mut self: Box<Lists>) {
        if self.scalar.capacity() > Lists::LONGEST {
            self.scalar = String::new();
        }
        self.ranges.clear();
        // A thread that is ending can no longer keep them, so they are dropped.
        let _ = SPARE.try_with(|spare| spare.set(Some(self)));
    }
}

impl<'s> Output<'s> {
    /// Begins a document after the existing content of `buffer`.
    pub(super) fn new(keys: Keys<'s>, layout: Layout, names: Names, buffer: Vec<u8>) -> Output<'s> {
        let mut lists = Lists::take();
        lists.writer.begin(buffer);
        lists.writer.declaration();
        Output {
            lists,
            schema: keys.schema,
            keys,
            layout,
            namespace: NamespaceId(0),
            depth: 0,
            names,
            repeated: false,
            refused_field: None,
            first: (usize::MAX, None),
            key: None,
            undeclared: Undeclared::default(),
        }
    }

    /// Returns the document, and whether it contains a name that its content model has in several places.
    pub(super) fn finish(self) -> (Vec<u8>, bool) {
        let Output { mut lists, layout, repeated, .. } = self;
        let mut bytes = lists.writer.take_bytes();
        if layout == Layout::Pretty {
            bytes.push(b'\n');
        }
        lists.keep();
        (bytes, repeated)
    }

    /// Notes the field whose value has no form, unless a field inside it was noted.
    #[cold]
    pub(super) fn refuse_field(&mut self, name: &str) {
        self.refused_field.get_or_insert_with(|| name.trim_start_matches('@').to_owned());
    }

    /// The innermost field whose value has no form.
    pub(super) fn refused_field(&self) -> Option<&str> {
        self.refused_field.as_deref()
    }

    /// Begins the content of an element: in mixed content, white space would be text. Returns the layout outside of it.
    #[inline]
    pub(super) fn begin_content(&mut self, type_id: TypeId) -> Layout {
        let around = self.layout;
        if around == Layout::Pretty && content::is_mixed(self.schema, type_id) {
            self.layout = Layout::Compact;
        }
        around
    }

    pub(super) fn end_content(&mut self, around: Layout) {
        self.layout = around;
    }

    /// Begins an element. The caller ends it with the returned value.
    #[inline]
    pub(super) fn start(&mut self, element: ElementId, instance: Instance) -> Result<Started, Error> {
        match instance.is_empty() {
            true => Ok(Started { around: self.start_plain(element)?, has_instance: false, prefixes: Vec::new() }),
            false => {
                self.enter(element)?;
                self.start_instance(element, instance)
            }
        }
    }

    /// Begins an element. Returns only the namespace outside of it.
    #[inline]
    fn start_around(&mut self, element: ElementId, instance: Instance) -> Result<NamespaceId, Error> {
        match instance.is_empty() {
            true => self.start_plain(element),
            false => self.start(element, instance).map(|started| started.around),
        }
    }

    /// Begins an element without a type or nil state of its own. Returns the namespace outside of it.
    pub(super) fn start_plain(&mut self, element: ElementId) -> Result<NamespaceId, Error> {
        self.enter(element)?;
        let Some(declaration) = self.schema.elements.get(element.index()) else {
            return self.start_instance(element, Instance::default()).map(|started| started.around);
        };
        let name = &self.schema.names.names[declaration.name.index()];
        // Names of the schema are valid names.
        self.lists.writer.start_declared(&name.local);
        let around = std::mem::replace(&mut self.namespace, name.namespace);
        if around != name.namespace {
            self.lists.writer.attribute("xmlns", &self.schema.names.namespaces[name.namespace.index()])?;
        }
        self.depth += 1;
        Ok(around)
    }

    /// Writes what comes before the tag of an element.
    #[inline]
    fn enter(&mut self, element: ElementId) -> Result<(), Error> {
        if self.depth >= VALUE_DEPTH {
            return Err(too_deep());
        }
        self.new_line()?;
        if self.first.0 == self.depth {
            self.first.1.get_or_insert(element);
        }
        Ok(())
    }

    /// Begins an element that names its type, is nil, or has no declaration.
    #[cold]
    fn start_instance(&mut self, element: ElementId, instance: Instance) -> Result<Started, Error> {
        let names = &self.schema.names;
        let (name_namespace, local) = self.name_of(element);
        let local = local.to_owned();
        let type_name = instance.type_id.and_then(|type_id| self.schema.type_name(type_id));
        let type_namespace = type_name.map(|name| names.namespace_id(name));
        let (around, mut prefix) = (self.namespace, None);
        // A name in no namespace cannot have a prefix, so its element needs one if it is in a namespace.
        let has_bare_names = instance.has_bare_names || type_namespace == Some(NamespaceId::NONE);
        self.namespace = if has_bare_names { NamespaceId::NONE } else { name_namespace };
        if self.namespace == name_namespace {
            self.lists.writer.start(&local)?;
        } else {
            self.lists.writer.start(&format!("{}:{local}", prefix_of(name_namespace)))?;
            prefix = Some(name_namespace);
        }
        if around != self.namespace {
            self.declare("xmlns", self.namespace)?;
        }
        let mut prefixes: Vec<NamespaceId> = prefix.into_iter().collect();
        prefixes.extend(type_namespace.filter(|namespace| *namespace != self.namespace && prefix != Some(*namespace)));
        for namespace in &prefixes {
            self.declare(&format!("xmlns:{}", prefix_of(*namespace)), *namespace)?;
        }
        let has_instance = type_name.is_some() || instance.nil.is_some();
        if has_instance {
            self.lists.writer.attribute("xmlns:xsi", INSTANCE)?;
        }
        if let (Some(name), Some(namespace)) = (type_name, type_namespace) {
            let local = names.local(name);
            match namespace == self.namespace {
                true => self.lists.writer.attribute("xsi:type", local)?,
                false => self.lists.writer.attribute("xsi:type", &format!("{}:{local}", prefix_of(namespace)))?,
            }
        }
        if let Some(nil) = instance.nil {
            self.lists.writer.attribute("xsi:nil", if nil { "true" } else { "false" })?;
        }
        self.depth += 1;
        Ok(Started { around, has_instance, prefixes })
    }

    /// The namespace of an element, and its local name.
    pub(super) fn name_of(&self, element: ElementId) -> (NamespaceId, &str) {
        match self.schema.elements.get(element.index()) {
            Some(declaration) => {
                let name = &self.schema.names.names[declaration.name.index()];
                (name.namespace, &name.local)
            }
            None => self.undeclared.name_of(self.schema, element),
        }
    }

    /// The name of a namespace.
    pub(super) fn namespace(&self, id: NamespaceId) -> &str {
        match self.schema.names.namespaces.get(id.index()) {
            Some(namespace) => namespace,
            None => self.undeclared.namespace(self.schema, id),
        }
    }

    /// Writes a namespace declaration.
    fn declare(&mut self, attribute: &str, id: NamespaceId) -> Result<(), Error> {
        let namespace = self.namespace(id).to_owned();
        Ok(self.lists.writer.attribute(attribute, &namespace)?)
    }

    /// The child of a type that a key names and a wildcard admits: the global element, or an element without a
    /// declaration.
    pub(super) fn admitted(&mut self, type_id: TypeId, key: &str) -> Option<ElementId> {
        let model = content::model(self.schema, type_id)?;
        let name = name::read(self.schema, Place::Child(model), key);
        let namespace = self.schema.names.lookup_namespace(&name.namespace);
        let process = content::admits(self.schema, type_id, namespace).map(|(_, process)| process).next()?;
        let global = name.id(self.schema).and_then(|id| self.schema.roots.get(&id));
        Some(match global.filter(|_| process != Process::Skip) {
            Some(global) => *global,
            None => self.undeclared.element(self.schema, &name),
        })
    }

    /// Whether the declaration of an element allows it to be nil.
    pub(super) fn is_nillable(&self, element: ElementId) -> bool {
        self.schema.elements.get(element.index()).is_some_and(|declaration| declaration.nillable)
    }

    /// The name by which an element is looked up among children.
    fn asked(&self, element: ElementId) -> Asked {
        match self.schema.elements.get(element.index()) {
            Some(_) => Asked::of(self.schema, element),
            None => {
                let namespace = self.namespace(self.name_of(element).0);
                Asked { name: None, namespace: self.schema.names.lookup_namespace(namespace) }
            }
        }
    }

    /// A prefix for a namespace, from those that an element has.
    pub(super) fn prefix_for(&self, namespace: &str, known: &mut Vec<(String, String)>) -> String {
        if let Some((prefix, _)) = known.iter().find(|(_, bound)| bound == namespace) {
            return prefix.clone();
        }
        let prefix = match self.schema.names.lookup_namespace(namespace) {
            Some(namespace) => prefix_of(namespace),
            None => format!("other{}", known.len()),
        };
        known.push((prefix.clone(), namespace.to_owned()));
        prefix
    }

    /// Whether names without a prefix are in no namespace in the open element.
    pub(super) fn takes_bare_names(&self) -> bool {
        self.namespace == NamespaceId::NONE
    }

    /// Calls a function, and returns the first child of the open element that it writes.
    pub(super) fn first_child_of(
        &mut self,
        write: impl FnOnce(&mut Self) -> Result<(), Error>,
    ) -> Result<Option<ElementId>, Error> {
        let around = std::mem::replace(&mut self.first, (self.depth, None));
        let written = write(self);
        let (_, first) = std::mem::replace(&mut self.first, around);
        written.map(|()| first)
    }

    /// Begins an element whose name and attributes declare their own prefixes, and perhaps a default namespace.
    pub(super) fn start_written(&mut self, name: &str, declares_default: bool) -> Result<Started, Error> {
        if self.depth >= VALUE_DEPTH {
            return Err(too_deep());
        }
        self.new_line()?;
        self.lists.writer.start(name)?;
        if self.namespace != NamespaceId::NONE && !declares_default {
            self.lists.writer.attribute("xmlns", "")?;
        }
        self.depth += 1;
        Ok(Started { around: self.namespace, has_instance: false, prefixes: Vec::new() })
    }

    #[inline]
    pub(super) fn end(&mut self, around: NamespaceId, has_children: bool) -> Result<(), Error> {
        self.depth -= 1;
        if has_children {
            self.new_line()?;
        }
        self.lists.writer.end();
        self.namespace = around;
        Ok(())
    }

    #[inline]
    fn new_line(&mut self) -> Result<(), Error> {
        match self.layout {
            Layout::Compact => Ok(()),
            Layout::Pretty => self.indent(),
        }
    }

    #[inline(never)]
    fn indent(&mut self) -> Result<(), Error> {
        if self.lists.writer.depth() > 0 {
            self.lists.writer.text("\n")?;
            for _ in 0..self.depth {
                self.lists.writer.text("  ")?;
            }
        }
        Ok(())
    }

    /// Writes an element that contains only text.
    pub(super) fn leaf(&mut self, element: ElementId, instance: Instance, text: &str) -> Result<(), Error> {
        let type_id = instance.type_id.unwrap_or_else(|| self.type_of(element));
        let simple = self.schema.simple_content(type_id).map(|simple| &**simple);
        if simple.is_some_and(SimpleType::needs_context) {
            return self.leaf_of_names(element, instance, simple, text);
        }
        let around = self.start_around(element, instance)?;
        self.lists.writer.text(text)?;
        self.end(around, false)
    }

    /// Writes such an element for a type whose values can contain names, which get prefixes.
    #[inline(never)]
    fn leaf_of_names(
        &mut self,
        element: ElementId,
        instance: Instance,
        simple: Option<&SimpleType>,
        text: &str,
    ) -> Result<(), Error> {
        let (mut names, mut has_bare_names) = (Vec::new(), false);
        let text = qname::write(simple, text, &mut |namespace| {
            has_bare_names |= namespace.is_empty();
            Ok(match namespace {
                "" => String::new(),
                XML_NAMESPACE => "xml".to_owned(),
                _ => self.prefix_for(namespace, &mut names),
            })
        })?;
        let started = self.start(element, Instance { has_bare_names, ..instance })?;
        for (prefix, namespace) in names {
            let is_declared = self.schema.names.lookup_namespace(&namespace);
            if !is_declared.is_some_and(|namespace| started.prefixes.contains(&namespace)) {
                self.lists.writer.attribute(&format!("xmlns:{prefix}"), &namespace)?;
            }
        }
        self.lists.writer.text(&text)?;
        self.end(started.around, false)
    }

    /// Writes an integer.
    pub(super) fn integer(&mut self, element: ElementId, instance: Instance, number: i128) -> Result<(), Error> {
        let Ok(magnitude) = u64::try_from(number.unsigned_abs()) else { return self.number(element, instance, number) };
        // 2^64 has twenty digits.
        let mut digits = [b'-'; 21];
        let (mut rest, mut begin) = (magnitude, digits.len());
        loop {
            begin -= 1;
            if let Some(digit) = digits.get_mut(begin) {
                *digit = b'0' + (rest % 10) as u8;
            }
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        begin -= usize::from(number < 0);
        let around = self.start_around(element, instance)?;
        self.lists.writer.plain_text(digits.get(begin..).unwrap_or_default());
        self.end(around, false)
    }

    pub(super) fn number(
        &mut self,
        element: ElementId,
        instance: Instance,
        number: impl std::fmt::Display,
    ) -> Result<(), Error> {
        let started = self.start(element, instance)?;
        let Lists { writer, scalar, .. } = &mut *self.lists;
        scalar.clear();
        let _ = write!(scalar, "{number}"); // a String takes all
        writer.text(scalar)?;
        self.end(started.around, false)
    }

    /// The rank of a child of a type, given the ranks for its key: the first one, or with `FollowFields` the first one
    /// from `last` on.
    fn rank(&mut self, ranks: impl Iterator<Item = usize>, last: usize) -> usize {
        let mut ranks = ranks.peekable();
        let Some(first) = ranks.next() else { return usize::MAX };
        if ranks.peek().is_none() {
            return first;
        }
        self.repeated = true;
        match self.names {
            Names::FollowFields if first < last => ranks.find(|rank| *rank >= last).unwrap_or(first),
            _ => first,
        }
    }

    /// The rank of the children that a key names, if several particles take them.
    #[inline(never)]
    pub(super) fn rank_of_key(&mut self, type_id: TypeId, key: &str, last: usize) -> usize {
        self.rank(self.keys.ranks(type_id, key), last)
    }

    /// The rank of an element among the children of a type.
    #[inline]
    pub(super) fn rank_of(&mut self, type_id: TypeId, element: ElementId, last: usize) -> usize {
        let declared = self.schema.elements.get(element.index()).map(|declaration| declaration.name);
        match declared.and_then(|name| self.keys.only_child(type_id, name)) {
            Some(child) => child.rank,
            None => self.rank_among(type_id, element, declared, last),
        }
    }

    /// The rank of an element that several particles may take.
    #[inline(never)]
    fn rank_among(&mut self, type_id: TypeId, element: ElementId, declared: Option<NameId>, last: usize) -> usize {
        let keys = self.keys;
        let mut ranks = declared.into_iter().flat_map(|name| keys.ranks_of(type_id, name)).peekable();
        if ranks.peek().is_some() {
            return self.rank(ranks, last);
        }
        let admitting = content::admits(self.schema, type_id, self.asked(element).namespace);
        self.rank(admitting.map(|(rank, _)| rank), last)
    }

    /// Whether there can be several elements with this name among the children of a type.
    pub(super) fn may_repeat(&self, parent: TypeId, element: ElementId) -> bool {
        let (schema, asked) = (self.schema, self.asked(element));
        content::model(schema, parent).is_some_and(|model| content::may_repeat(schema, model, asked))
    }

    /// Whether the children of a type can be without elements of this name.
    pub(super) fn may_lack(&self, parent: TypeId, element: ElementId) -> bool {
        let (schema, asked) = (self.schema, self.asked(element));
        content::model(schema, parent).is_some_and(|model| content::may_lack(schema, model, asked))
    }

    /// What kind of text the content is, if it is text of a simple type.
    pub(super) fn kind(&self, type_id: TypeId) -> Option<Kind> {
        match &self.schema.types[type_id.index()] {
            TypeDefinition::Simple(definition) => Some(definition.simple.kind()),
            TypeDefinition::Complex(complex) => match &complex.content {
                Content::Simple(simple) => Some(simple.kind()),
                _ => None,
            },
        }
    }

    pub(super) fn type_of(&self, element: ElementId) -> TypeId {
        self.schema.elements.get(element.index()).map_or(self.schema.any_type, |declaration| declaration.type_id)
    }

    pub(super) fn only_root(&self) -> Result<ElementId, Error> {
        let mut roots = self.schema.roots.values();
        match (roots.next(), roots.next()) {
            (Some(root), None) => Ok(*root),
            _ => Err(Error::mismatch(
                "expected a struct or variant named like a root element, since the schema has several",
            )),
        }
    }
}

/// The prefix for a namespace, where one is needed.
pub(super) fn prefix_of(namespace: NamespaceId) -> String {
    format!("ns{}", namespace.index())
}

/// An element that has begun.
pub(super) struct Started {
    /// The namespace of names without a prefix outside of it.
    pub(super) around: NamespaceId,
    /// Whether it declares `xsi`.
    pub(super) has_instance: bool,
    /// The namespaces for which it declares prefixes.
    pub(super) prefixes: Vec<NamespaceId>,
}
