//! The elements of a document, one after another.

use std::borrow::Cow;

use super::{OtherAttribute, QualifiedName, Scalar};
use crate::check::{Attribute as Noted, Event};
use crate::codec::de::{self, Node, Role, attribute_type, value_of};
use crate::codec::{Any, Error};
use crate::compiled::TypeDefinition;
use crate::text::name::local_part;
use crate::text::white_space::is_blank;

/// The elements of one document.
pub struct Reader<'r, 's, 'de> {
    events: &'r mut de::Reader<'s, 'de>,
}

/// An element that has begun.
#[derive(Debug, Clone, Copy)]
pub struct Element(Node);

/// An attribute of an element that has just begun.
pub struct Attribute<'s, 'de> {
    /// Its name without a prefix.
    pub local: &'de str,
    /// Its namespace, if the schema names the attribute.
    pub namespace: Option<&'s str>,
    /// Its value, with white space as its type requires.
    pub value: Cow<'de, str>,
    index: usize,
}

/// A part of mixed content.
pub enum Item<'de> {
    /// Text between children.
    Text(Cow<'de, str>),
    /// A child.
    Child(Element),
}

impl Element {
    pub(super) fn new(node: Node) -> Element {
        Element(node)
    }

    /// Whether it is `xsi:nil="true"`.
    pub fn is_nil(&self) -> bool {
        self.0.note.nil
    }
}

impl<'r, 's, 'de> Reader<'r, 's, 'de> {
    pub(super) fn new(events: &'r mut de::Reader<'s, 'de>) -> Self {
        Reader { events }
    }

    /// The name of an element, without a prefix.
    #[inline]
    pub fn local(&self, element: &Element) -> &'de str {
        self.events.name_of(&element.0.note)
    }

    /// The namespace and the local name of an element; `None` for one that the schema does not declare, which a wildcard
    /// admits.
    #[inline]
    pub fn name(&self, element: &Element) -> Option<(&'s str, &'s str)> {
        let schema = self.events.schema;
        let name = schema.elements.get(element.0.note.element.index())?.name;
        Some((schema.names.namespace(name), schema.names.local(name)))
    }

    /// The name of the type of an element, `xsi:type` considered, with its namespace; `None` for a type without a name.
    pub fn type_name(&self, element: &Element) -> Option<(&'s str, &'s str)> {
        let schema = self.events.schema;
        let name = match schema.types.get(element.0.note.type_id.index())? {
            TypeDefinition::Simple(definition) => definition.name?,
            TypeDefinition::Complex(complex) => complex.name?,
        };
        Some((schema.names.namespace(name), schema.names.local(name)))
    }

    /// The attributes of an element that has just begun; to be called before anything else of it is read. They include
    /// neither those of XML Schema itself (`xsi:`) nor namespace declarations.
    #[inline]
    pub fn attributes(&self, element: &Element) -> impl Iterator<Item = Attribute<'s, 'de>> {
        let noted = if element.0.open { self.events.attributes() } else { &[] };
        let own = noted.iter().enumerate().filter(|(_, noted)| self.events.role_of(&element.0, noted) == Role::Own);
        own.map(|(index, noted)| self.attribute(element, index, noted))
    }

    #[inline]
    fn attribute(&self, element: &Element, index: usize, attribute: &Noted) -> Attribute<'s, 'de> {
        let text = self.events.text();
        let (at, length) = (attribute.at as usize, attribute.length as usize);
        let name = text.get(at..at + length).unwrap_or_default();
        let schema = self.events.schema;
        let simple = attribute_type(schema, element.0.note.type_id, attribute);
        Attribute {
            local: local_part(name),
            namespace: attribute.name.filter(|_| simple.is_some()).map(|name| schema.names.namespace(name)),
            value: value_of(text, attribute, simple),
            index,
        }
    }

    /// An attribute that the schema admits without naming it.
    pub fn other_attribute(&self, attribute: Attribute<'s, 'de>) -> OtherAttribute<'de> {
        let noted = self.events.attributes().get(attribute.index);
        let name =
            noted.and_then(|noted| self.events.text().get(noted.at as usize..(noted.at + noted.length) as usize));
        let prefix = name.and_then(|name| name.split_once(':')).map(|(prefix, _)| prefix);
        let namespace = prefix.and_then(|prefix| self.events.namespace_of_prefix(prefix)).unwrap_or_default();
        OtherAttribute {
            namespace: Cow::Owned(namespace.to_owned()),
            local: Cow::Borrowed(attribute.local),
            value: attribute.value,
        }
    }

    /// The value of an attribute.
    ///
    /// # Errors
    ///
    /// Its type differs from that in the schema.
    #[inline]
    pub fn attribute_value<T: Scalar<'de>>(&self, attribute: Attribute<'s, 'de>) -> Result<T, Error> {
        T::parse(attribute.value).ok_or_else(|| self.outdated(attribute.local))
    }

    /// The names that are the value of an attribute.
    pub fn attribute_names(&self, attribute: &Attribute<'s, 'de>) -> Vec<QualifiedName<'de>> {
        self.names(&attribute.value)
    }

    /// The name that is the value of an attribute.
    ///
    /// # Errors
    ///
    /// Its type differs from that in the schema.
    pub fn attribute_name(&self, attribute: &Attribute<'s, 'de>) -> Result<QualifiedName<'de>, Error> {
        self.attribute_names(attribute).pop().ok_or_else(|| self.outdated(attribute.local))
    }

    /// The names in a text, resolved by the prefixes that are declared here.
    fn names(&self, text: &str) -> Vec<QualifiedName<'de>> {
        let resolved = |name: &str| {
            let (prefix, local) = name.split_once(':').unwrap_or(("", name));
            let namespace = self.events.namespace_of_prefix(prefix).unwrap_or_default();
            QualifiedName { namespace: Cow::Owned(namespace.to_owned()), local: Cow::Owned(local.to_owned()) }
        };
        text.split_ascii_whitespace().map(resolved).collect()
    }

    /// The names that are the value of an element.
    ///
    /// # Errors
    ///
    /// The document is invalid.
    pub fn name_values(&mut self, element: &Element) -> Result<Vec<QualifiedName<'de>>, Error> {
        if !element.0.open {
            let text = self.events.text_of(&element.0)?;
            return Ok(self.names(&text));
        }
        // After the end of the element, its prefixes are no longer declared.
        let mut text = String::new();
        let mut names = Vec::new();
        while let Some(item) = self.item(element)? {
            if let Item::Text(part) = item {
                text.push_str(&part);
                names = self.names(&text);
            }
        }
        Ok(names)
    }

    /// The name that is the value of an element.
    ///
    /// # Errors
    ///
    /// The document is invalid, or its type is another one than the schema has.
    pub fn name_value(&mut self, element: &Element) -> Result<QualifiedName<'de>, Error> {
        self.name_values(element)?.pop().ok_or_else(|| self.outdated(self.local(element)))
    }

    /// The next child of an element, or `None` at its end. Text between children is read over.
    ///
    /// # Errors
    ///
    /// The document is invalid.
    #[inline]
    pub fn child(&mut self, parent: &Element) -> Result<Option<Element>, Error> {
        while let Some(item) = self.item(parent)? {
            match item {
                Item::Child(element) => return Ok(Some(element)),
                Item::Text(text) if is_blank(&text) => {}
                Item::Text(_) => return Err(self.outdated("$text")),
            }
        }
        Ok(None)
    }

    /// The next text or child of an element with mixed content, or `None` at its end.
    ///
    /// # Errors
    ///
    /// The document is invalid.
    pub fn item(&mut self, parent: &Element) -> Result<Option<Item<'de>>, Error> {
        if !parent.0.open {
            return Ok(None);
        }
        match self.events.peek()? {
            Event::Start | Event::Leaf => self.events.next_element().map(|node| Some(Item::Child(Element(node)))),
            Event::Text => {
                self.events.next()?;
                Ok(Some(Item::Text(self.events.text_here().resolve())))
            }
            Event::End | Event::Eof => {
                self.events.next()?;
                Ok(None)
            }
        }
    }

    /// The value of an element with simple content.
    ///
    /// # Errors
    ///
    /// The document is invalid, or its type is another one than the schema has.
    #[inline]
    pub fn value<T: Scalar<'de>>(&mut self, element: &Element) -> Result<T, Error> {
        let text = self.events.text_of(&element.0)?;
        T::parse(text).ok_or_else(|| self.outdated(self.local(element)))
    }

    /// Reads an element that the schema does not declare, or that has no Rust type.
    ///
    /// # Errors
    ///
    /// The document is invalid.
    pub fn anything(&mut self, element: &Element) -> Result<Any<'de>, Error> {
        self.events.anything(&element.0, false)
    }

    /// An element with its name, as markup.
    ///
    /// # Errors
    ///
    /// The document is invalid.
    pub fn markup(&mut self, element: &Element) -> Result<Any<'de>, Error> {
        self.events.anything(&element.0, true)
    }

    /// Skips the rest of an element.
    ///
    /// # Errors
    ///
    /// The document is invalid.
    pub fn skip(&mut self, element: &Element) -> Result<(), Error> {
        self.events.skip(&element.0)
    }

    /// Reads a value that can contain others. Values can nest up to 128 elements deep.
    ///
    /// # Errors
    ///
    /// Those of the function, and an error if the nesting is too deep.
    pub fn nested<T>(&mut self, read: impl FnOnce(&mut Reader<'_, 's, 'de>) -> Result<T, Error>) -> Result<T, Error> {
        self.events.nested(|events| read(&mut Reader { events }))
    }

    /// The error for content that the schema allows but the generated types do not: they were generated for another
    /// schema.
    #[cold]
    pub fn outdated(&self, name: &str) -> Error {
        Error::mismatch(format_args!("the generated types have no place for `{name}`: generate them again"))
    }

    /// The error for a child or an attribute that is missing, which the schema requires.
    #[cold]
    pub fn missing(&self, name: &str) -> Error {
        Error::mismatch(format_args!(
            "the generated types require `{name}`, and the schema does not: generate them again"
        ))
    }

    /// The error for a document with another root.
    #[cold]
    pub fn other_root(&self, element: &Element, expected: &str) -> Error {
        Error::mismatch(format_args!("expected the root `{expected}`, found `{}`", self.local(element)))
    }

    /// The error for an element whose type, by `xsi:type`, is not one of the known ones.
    #[cold]
    pub fn other_type(&self, element: &Element) -> Error {
        let name = self.type_name(element).map_or("a type without a name", |(_, local)| local);
        let element = self.local(element);
        Error::mismatch(format_args!(
            "the Rust type of `{element}` has no place for `{name}`, the type that the document gives it by `xsi:type`"
        ))
    }
}
