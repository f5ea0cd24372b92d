//! An element as the fields of a struct or the entries of a map: its attributes, its text and its children.

use std::borrow::Cow;

use serde::de::{DeserializeSeed, MapAccess};

use super::reader::{Node, Reader, Role, attribute_type, normalize, value_of};
use super::scalar::{Scalar, key};
use super::siblings::{Siblings, Which};
use crate::check::{Attribute, Event, Text};
use crate::codec::{Error, TEXT, VALUE, content, qname};
use crate::compiled::TypeDefinition;
use crate::datatype::SimpleType;
use crate::text::nearest::nearest;
use crate::text::white_space::is_blank;

/// An element as a struct or a map.
pub(super) struct Fields<'r, 's, 'de> {
    reader: &'r mut Reader<'s, 'de>,
    node: Node,
    /// The name of the struct; `None` for a map, which accepts any key.
    name: Option<&'static str>,
    /// Empty for a map.
    fields: &'static [&'static str],
    /// Text and children were found in mixed content.
    has_text: bool,
    has_children: bool,
    /// The field of the last child: the next child usually belongs to the same field or the one after it.
    last: usize,
    part: Part,
    next: Next<'s, 'de>,
}

/// What is passed on next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// The attribute with this number.
    Attribute(usize),
    /// The default with this number, of the attributes that are absent.
    Default(usize),
    /// Text and children.
    Content,
    /// Nothing: the text of a leaf was passed on.
    Over,
}

/// The kind of value that belongs to the last key.
enum Next<'s, 'de> {
    Nothing,
    Attribute(Cow<'de, str>, Option<&'s SimpleType>),
    Text(Text<'de>),
    /// A child, by its field name.
    Child,
    /// Children that no other field names; they belong to this field.
    Choice(&'static str),
}

impl<'r, 's, 'de> Fields<'r, 's, 'de> {
    #[inline]
    pub(super) fn new(
        reader: &'r mut Reader<'s, 'de>,
        node: Node,
        name: &'static str,
        fields: &'static [&'static str],
    ) -> Self {
        Fields { name: Some(name), fields, ..Fields::of_map(reader, node) }
    }

    pub(super) fn of_map(reader: &'r mut Reader<'s, 'de>, node: Node) -> Self {
        Fields {
            reader,
            node,
            name: None,
            fields: &[],
            has_text: false,
            has_children: false,
            last: 0,
            part: Part::Attribute(0),
            next: Next::Nothing,
        }
    }

    /// The document has something for which the struct has no field: nothing is dropped silently.
    #[cold]
    fn no_field(&self, what: &str, name: &str) -> Error {
        let struct_name = match self.name {
            None | Some("") => "the struct".to_owned(),
            Some(name) => format!("struct `{name}`"),
        };
        let element = self.reader.name_of(&self.node.note);
        // A field without a counterpart here may be meant for it. With a mark before both, short names may differ by a
        // letter.
        let strays: Vec<&str> = self.fields.iter().copied().filter(|field| !self.is_name(field)).collect();
        let marked: Vec<String> = strays.iter().map(|field| format!("@{field}")).collect();
        let meant = nearest(&format!("@{name}"), marked.iter().map(String::as_str));
        match meant.and_then(|index| strays.get(index)) {
            Some(stray) => Error::mismatch(format_args!(
                "{struct_name} has field `{stray}`, but `<{element}>` has no such attribute or child; did you mean `{name}`?"
            )),
            None => {
                Error::mismatch(format_args!("{struct_name} has no field for the {what} `{name}` of `<{element}>`"))
            }
        }
    }

    /// Text and children, whose order separate fields would lose.
    #[cold]
    fn torn_apart(&self) -> Error {
        let element = self.reader.name_of(&self.node.note);
        Error::mismatch(format_args!(
            "`<{element}>` has text between its children: read it as `Any`, or into a field `$value` with a `Vec` of an enum that has a variant `$text`"
        ))
    }

    #[inline]
    fn field(&mut self, name: &str) -> Option<&'static str> {
        let (before, after) = self.fields.split_at(self.last.min(self.fields.len()));
        if let Some(found) = after.iter().position(|field| *field == name) {
            self.last += found;
            return after.get(found).copied();
        }
        before.iter().copied().find(|field| *field == name)
    }

    /// The attributes that are present, including namespace declarations; must be called before anything else is read.
    fn attributes(&self) -> &[Attribute] {
        if self.node.open { self.reader.attributes() } else { &[] }
    }

    /// The key of an attribute, or `None` if there are no more.
    fn attribute_key<K: DeserializeSeed<'de>>(&mut self, seed: K, number: usize) -> Result<Result<K::Value, K>, Error> {
        let mut number = number;
        loop {
            let Some(attribute) = self.attributes().get(number).copied() else {
                self.part = Part::Default(0);
                return Ok(Err(seed));
            };
            number += 1;
            self.part = Part::Attribute(number);
            let role = self.reader.role_of(&self.node, &attribute);
            if role == Role::Declaration || role == Role::KnownType && self.node.is_typed {
                continue;
            }
            self.reader.set_place(attribute.at, attribute.length);
            let raw = attribute.raw(self.reader.text());
            let type_id = self.node.note.type_id;
            let namespace = || Cow::Owned(self.reader.namespace_of_attribute(&raw).to_owned());
            let name = self.reader.keys.of_attribute(type_id, raw.prefix_length > 0, raw.local_name(), namespace);
            if self.name.is_some() && self.field_of_attribute(&name).is_none() {
                match role {
                    // They do not change the value.
                    Role::Hint | Role::NotNil | Role::KnownType => continue,
                    _ => return Err(self.no_field("attribute", &name)),
                }
            }
            self.next = match role {
                Role::Type | Role::KnownType => Next::Attribute(self.reader.type_key(&attribute), None),
                Role::Nil | Role::NotNil => {
                    Next::Attribute(value_of(self.reader.text(), &attribute, None), self.reader.boolean())
                }
                _ => {
                    let simple = attribute_type(self.reader.schema, type_id, &attribute);
                    let value = value_of(self.reader.text(), &attribute, simple);
                    Next::Attribute(qname::read(simple, value, &self.reader.around()), simple)
                }
            };
            return self.key_of_attribute(seed, &name).map(Ok);
        }
    }

    /// The key of an absent attribute with a default, or `None` if there are no more.
    fn default_key<K: DeserializeSeed<'de>>(&mut self, seed: K, number: usize) -> Result<Result<K::Value, K>, Error> {
        let TypeDefinition::Complex(complex) = &self.reader.schema.types[self.node.note.type_id.index()] else {
            self.part = Part::Content;
            return Ok(Err(seed));
        };
        let here = self.attributes();
        let absent = |name| !here.iter().any(|attribute| attribute.name == Some(name));
        let rest = complex.attributes.iter().enumerate().skip(number);
        let mut defaults = rest.filter_map(|(number, declared)| Some((number, declared, declared.value.as_ref()?)));
        let Some((number, declared, constraint)) = defaults.find(|(_, declared, _)| absent(declared.name)) else {
            self.part = Part::Content;
            return Ok(Err(seed));
        };
        self.part = Part::Default(number + 1);
        let value = normalize(&declared.simple, Cow::Owned(constraint.value.to_string()));
        let value = qname::read(Some(&declared.simple), value, &constraint.bindings);
        self.next = Next::Attribute(value, Some(&declared.simple));
        let names = &self.reader.schema.names;
        let namespace = names.namespace(declared.name);
        let type_id = self.node.note.type_id;
        let local = names.local(declared.name);
        let name = self.reader.keys.of_attribute(type_id, !namespace.is_empty(), local, || namespace.into());
        self.key_of_attribute(seed, &name).map(Ok)
    }

    /// The field for an attribute: `@name`, or `name`.
    fn field_of_attribute(&self, name: &str) -> Option<&'static str> {
        let marked = |field: &&'static str| field.strip_prefix('@') == Some(name);
        let fields = || self.fields.iter().copied();
        fields().find(marked).or_else(|| fields().find(|field| *field == name))
    }

    fn key_of_attribute<K: DeserializeSeed<'de>>(&mut self, seed: K, name: &str) -> Result<K::Value, Error> {
        match self.field_of_attribute(name) {
            Some(field) => key(seed, field),
            None => key(seed, &format!("@{name}")),
        }
    }

    /// The field for a child that no other field names: `$value`, or the first field that is neither an attribute nor a
    /// child of this type. The latter does not apply to children that a wildcard admits.
    fn choice_field(&self, child: &str) -> Option<&'static str> {
        let explicit = self.fields.iter().copied().find(|field| *field == VALUE);
        explicit.or_else(|| self.fields.iter().copied().find(|field| !self.is_name(field) && self.is_name(child)))
    }

    fn is_name(&self, field: &str) -> bool {
        let type_id = self.node.note.type_id;
        if let TypeDefinition::Simple(_) = &self.reader.schema.types[type_id.index()] {
            return true;
        }
        let keys = self.reader.keys;
        field.starts_with(['@', '$'])
            || keys.attribute(type_id, field).is_some()
            || keys.child(type_id, field).is_some()
    }

    #[inline]
    fn siblings(&mut self, which: Which) -> Siblings<'_, 's, 'de> {
        let model = content::model(self.reader.schema, self.node.note.type_id);
        let interleaved = model.is_some_and(|model| self.reader.table.is_interleaved(self.reader.schema, model));
        let mixed = content::is_mixed(self.reader.schema, self.node.note.type_id);
        Siblings { reader: &mut *self.reader, which, interleaved, mixed, model }
    }

    /// Makes the text that was just read the next value, if there is a field for it. Without a field, only white space
    /// is accepted.
    #[inline]
    fn take_text(&mut self) -> Result<bool, Error> {
        let text = self.reader.text_here();
        let is_wanted = match self.name {
            None => !text.raw.is_empty() || self.reader.simple_type(self.node.note.type_id).is_some(),
            Some(_) => self.fields.contains(&TEXT),
        };
        if is_wanted {
            self.has_text = true;
            self.next = Next::Text(text);
        } else if !is_blank(text.raw) && self.name.is_some() {
            return Err(self.no_field("text", TEXT));
        }
        Ok(is_wanted)
    }

    /// As `take_text`, for text among the children of mixed content.
    fn take_mixed_text(&mut self) -> Result<bool, Error> {
        let is_text = !is_blank(&self.reader.text_here().resolve());
        self.has_text |= is_text;
        if self.has_text && self.has_children {
            return Err(self.torn_apart());
        }
        if is_text && self.name.is_some() && !self.fields.contains(&TEXT) {
            return Err(self.torn_apart());
        }
        if is_text { self.take_text() } else { Ok(false) }
    }

    /// The key of the text of an element that has ended without text: the text is empty, or the default.
    fn key_of_no_text<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let is_wanted = self.name.is_none() || self.fields.contains(&TEXT);
        let has_value = !self.node.note.nil && self.reader.simple_type(self.node.note.type_id).is_some();
        if self.has_text || !is_wanted || !has_value {
            return Ok(None);
        }
        self.next = Next::Text(Text { raw: "", plain: true });
        key(seed, TEXT).map(Some)
    }

    /// The key of the next text or child.
    #[inline]
    fn content_key<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        if !self.node.open {
            self.part = Part::Over;
            if !self.take_text()? {
                return Ok(None);
            }
            return key(seed, TEXT).map(Some);
        }
        let is_mixed = content::is_mixed(self.reader.schema, self.node.note.type_id);
        loop {
            match self.reader.peek()? {
                Event::Start | Event::Leaf => break,
                // The items of an enum sequence: texts and children.
                Event::Text if is_mixed && self.fields.contains(&VALUE) => {
                    self.next = Next::Choice(VALUE);
                    return key(seed, VALUE).map(Some);
                }
                Event::Text => {
                    self.reader.next()?;
                    if if is_mixed { self.take_mixed_text()? } else { self.take_text()? } {
                        return key(seed, TEXT).map(Some);
                    }
                }
                Event::End | Event::Eof => {
                    self.reader.next()?;
                    self.part = Part::Over;
                    return self.key_of_no_text(seed);
                }
            }
        }
        if is_mixed {
            self.has_children = true;
            if self.has_text {
                return Err(self.torn_apart());
            }
        }
        let model = content::model(self.reader.schema, self.node.note.type_id);
        let Some(name) = self.reader.peek_key(model)? else { return Ok(None) };
        if let Some(field) = self.field(&name) {
            self.next = Next::Child;
            return key(seed, field).map(Some);
        }
        match self.choice_field(&name) {
            Some(field) => {
                self.next = Next::Choice(field);
                key(seed, field).map(Some)
            }
            None if self.name.is_some() => {
                self.reader.next_element()?; // for the place
                Err(self.no_field("child", &name))
            }
            None => {
                self.next = Next::Child;
                key(seed, &name).map(Some)
            }
        }
    }
}

impl<'de> MapAccess<'de> for Fields<'_, '_, 'de> {
    type Error = Error;

    #[inline]
    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let mut seed = seed;
        loop {
            let key = match self.part {
                Part::Attribute(number) => self.attribute_key(seed, number)?,
                Part::Default(number) => self.default_key(seed, number)?,
                Part::Content => return self.content_key(seed),
                Part::Over => return Ok(None),
            };
            match key {
                Ok(key) => return Ok(Some(key)),
                Err(unused) => seed = unused,
            }
        }
    }

    #[inline]
    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        match std::mem::replace(&mut self.next, Next::Nothing) {
            Next::Attribute(text, simple) => seed.deserialize(Scalar { text, simple }),
            Next::Text(text) => {
                let simple = self.reader.simple_type(self.node.note.type_id);
                let text = self.reader.or_default(&self.node, text.resolve());
                let text = match simple {
                    Some(simple) => normalize(simple, text),
                    None => text,
                };
                let text = qname::read(simple, text, &self.reader.around());
                seed.deserialize(Scalar { text, simple })
            }
            Next::Child => seed.deserialize(self.siblings(Which::Named)),
            Next::Choice(field) => seed.deserialize(self.siblings(Which::Others { named: self.fields, field })),
            Next::Nothing => Err(Error::mismatch("a value was requested twice")),
        }
    }
}
