//! The document that is being written, and what the schema says of the names in it.

use std::fmt::Write as _;

use super::{Error, Layout};
use crate::codec::{VALUE_DEPTH, content, too_deep};
use crate::compiled::{AttributeUse, Compiled, Content, ElementId, NamespaceId, TypeDefinition, TypeId};
use crate::datatype::Kind;
use crate::xml::Writer;

/// Where a field goes whose name a content model has at several places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// To the first of them that is not before the fields written already.
    FollowFields,
    /// To the first of them.
    StandFirst,
}

pub(super) struct Output<'s> {
    pub(super) writer: Writer,
    pub(super) schema: &'s Compiled,
    layout: Layout,
    /// The namespace of names without a prefix where the next element stands.
    namespace: NamespaceId,
    depth: usize,
    /// Where numbers are spelt.
    pub(super) scalar: String,
    names: Names,
    /// A name was written that its content model has at several places.
    repeated: bool,
    refused_field: Option<String>,
}

impl<'s> Output<'s> {
    /// Begins a document after what `buffer` holds.
    pub(super) fn new(schema: &'s Compiled, layout: Layout, names: Names, buffer: Vec<u8>) -> Output<'s> {
        let mut writer = Writer::with_buffer(buffer);
        writer.declaration();
        Output {
            writer,
            schema,
            layout,
            namespace: NamespaceId(0),
            depth: 0,
            scalar: String::new(),
            names,
            repeated: false,
            refused_field: None,
        }
    }

    /// The document, and whether a name was written that its content model has at several places.
    pub(super) fn finish(self) -> (Vec<u8>, bool) {
        let mut bytes = self.writer.into_bytes();
        if self.layout == Layout::Pretty {
            bytes.push(b'\n');
        }
        (bytes, self.repeated)
    }

    /// Notes the field whose value has no form, unless one inside it is noted.
    #[cold]
    pub(super) fn refuse_field(&mut self, name: &str) {
        self.refused_field.get_or_insert_with(|| name.trim_start_matches('@').to_owned());
    }

    /// The innermost field whose value has no form.
    pub(super) fn refused_field(&self) -> Option<&str> {
        self.refused_field.as_deref()
    }

    /// Begins the content of an element: white space in mixed content would be text. Gives the layout around it.
    pub(super) fn begin_content(&mut self, is_mixed: bool) -> Layout {
        let around = self.layout;
        if is_mixed {
            self.layout = Layout::Compact;
        }
        around
    }

    pub(super) fn end_content(&mut self, around: Layout) {
        self.layout = around;
    }

    /// Begins an element; the caller ends it with what it gets.
    pub(super) fn start(&mut self, element: ElementId) -> Result<Started, Error> {
        if self.depth >= VALUE_DEPTH {
            return Err(too_deep());
        }
        self.new_line()?;
        let declaration = &self.schema.elements[element.index()];
        let name = &self.schema.names.names[declaration.name.index()];
        self.writer.start(&name.local)?;
        let around = std::mem::replace(&mut self.namespace, name.namespace);
        if around != name.namespace {
            self.writer.attribute("xmlns", &self.schema.names.namespaces[name.namespace.index()])?;
        }
        self.depth += 1;
        Ok(Started { around })
    }

    /// Begins an element whose name and attributes declare what they need, if not a default namespace.
    pub(super) fn start_written(&mut self, name: &str, declares_default: bool) -> Result<Started, Error> {
        if self.depth >= VALUE_DEPTH {
            return Err(too_deep());
        }
        self.new_line()?;
        self.writer.start(name)?;
        if self.namespace != NamespaceId::NONE && !declares_default {
            self.writer.attribute("xmlns", "")?;
        }
        self.depth += 1;
        Ok(Started { around: self.namespace })
    }

    pub(super) fn end(&mut self, started: Started, has_children: bool) -> Result<(), Error> {
        self.depth -= 1;
        if has_children {
            self.new_line()?;
        }
        self.writer.end();
        self.namespace = started.around;
        Ok(())
    }

    fn new_line(&mut self) -> Result<(), Error> {
        if self.layout == Layout::Pretty && self.writer.depth() > 0 {
            self.writer.text("\n")?;
            for _ in 0..self.depth {
                self.writer.text("  ")?;
            }
        }
        Ok(())
    }

    /// A whole element with text only.
    pub(super) fn leaf(&mut self, element: ElementId, text: &str) -> Result<(), Error> {
        let started = self.start(element)?;
        self.writer.text(text)?;
        self.end(started, false)
    }

    pub(super) fn number(&mut self, element: ElementId, number: impl std::fmt::Display) -> Result<(), Error> {
        let started = self.start(element)?;
        self.scalar.clear();
        let _ = write!(self.scalar, "{number}"); // a String takes all
        self.writer.text(&self.scalar)?;
        self.end(started, false)
    }

    pub(super) fn child(&self, type_id: TypeId, name: &str) -> Option<ElementId> {
        content::leaves(self.schema, type_id).iter().find_map(|leaf| content::named(self.schema, leaf, name))
    }

    /// Where a child of this name stands among those of its type, behind those of the rank `last`.
    pub(super) fn rank(&mut self, type_id: TypeId, name: &str, last: usize) -> usize {
        let schema = self.schema;
        let leaves = content::leaves(schema, type_id).iter().enumerate();
        let is_named = |leaf| content::named(schema, leaf, name).is_some();
        let mut ranks = leaves.filter_map(|(rank, leaf)| is_named(leaf).then_some(rank)).peekable();
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

    /// Whether there may be several elements of the name among the children of a type.
    pub(super) fn may_repeat(&self, parent: TypeId, element: ElementId) -> bool {
        let (schema, name) = (self.schema, self.schema.local_name(element));
        content::model(schema, parent).is_some_and(|model| content::may_repeat(schema, model, name))
    }

    /// Whether the children of a type can do without elements of the name.
    pub(super) fn may_lack(&self, parent: TypeId, element: ElementId) -> bool {
        let (schema, name) = (self.schema, self.schema.local_name(element));
        content::model(schema, parent).is_some_and(|model| content::may_lack(schema, model, name))
    }

    pub(super) fn attribute(&self, type_id: TypeId, name: &str) -> Option<&'s AttributeUse> {
        match &self.schema.types[type_id.index()] {
            TypeDefinition::Complex(complex) => {
                let mut uses = complex.attributes.iter().map(|attribute| &**attribute);
                uses.find(|attribute| self.schema.names.local(attribute.name) == name)
            }
            TypeDefinition::Simple(_) => None,
        }
    }

    /// The content is text of a simple type, and what kind of text.
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
        self.schema.elements[element.index()].type_id
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

    pub(super) fn root(&self, name: &str) -> Option<ElementId> {
        self.schema.roots.values().copied().find(|root| self.schema.local_name(*root) == name)
    }
}

/// An element that was begun.
pub(super) struct Started {
    around: NamespaceId,
}
