//! A place in a document, and its surroundings.

use std::ops::Range;
use std::sync::OnceLock;

use super::cursor::{Attribute, Kind, Markup, attributes, markup};
use crate::Schema;
use crate::check::{self, Here};

/// A place in a document, with the schema of the document.
pub(super) struct Place<'t, 's> {
    pub(super) schema: &'s Schema,
    pub(super) text: &'t str,
    pub(super) offset: usize,
    /// The markup that the place is in.
    pub(super) inside: Option<Markup>,
    /// The end of the last tag before it.
    before: usize,
}

/// The part of a tag or a text that contains a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spot {
    /// Between tags.
    Text,
    /// The name in a start tag.
    Name(Markup),
    /// The name in an end tag.
    EndName(Markup),
    /// Between attributes, or in the name of one.
    AttributeName(Markup, Option<Attribute>),
    /// The value of an attribute, which may lack its quotes.
    Value(Markup, Attribute),
    /// A comment or similar markup.
    Other,
}

/// A schema without declarations, with which a walk still tracks the open elements.
fn nothing() -> Option<&'static Schema> {
    static NOTHING: OnceLock<Option<Schema>> = OnceLock::new();
    let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>"#;
    NOTHING.get_or_init(|| Schema::from_documents(&[("nothing.xsd", text)]).ok()).as_ref()
}

impl<'t, 's> Place<'t, 's> {
    pub(super) fn new(schema: Option<&'s Schema>, text: &'t str, offset: usize) -> Option<Place<'t, 's>> {
        let schema = match schema {
            Some(schema) => schema,
            None => nothing()?,
        };
        let is_between = |at: &usize| text.is_char_boundary(*at);
        let offset = (0..=offset.min(text.len())).rev().find(is_between).unwrap_or_default();
        let (mut inside, mut before) = (None, 0);
        for markup in markup(text).take_while(|markup| markup.span.start < offset) {
            if offset < markup.span.end || offset == markup.span.end && !markup.is_closed {
                inside = Some(markup);
                break;
            }
            if markup.is_tag() {
                before = markup.span.end;
            }
        }
        Some(Place { schema, text, offset, inside, before })
    }

    pub(super) fn spot(&self) -> Spot {
        let Some(tag) = self.inside.clone() else { return Spot::Text };
        match tag.kind {
            Kind::Other => Spot::Other,
            Kind::End => {
                let name = tag.name(self.text);
                let is_at_name = name.start <= self.offset && self.offset <= name.end;
                if is_at_name { Spot::EndName(tag) } else { Spot::Other }
            }
            Kind::Start if self.offset <= tag.name(self.text).end => Spot::Name(tag),
            Kind::Start => {
                let found = attributes(self.text, &tag)
                    .into_iter()
                    .find(|attribute| attribute.name.start <= self.offset && self.offset <= attribute.end);
                if let Some(attribute) = self.without_quotes(&tag) {
                    return Spot::Value(tag, attribute);
                }
                match found {
                    Some(attribute) if self.is_in_value(&attribute) => Spot::Value(tag, attribute),
                    found => Spot::AttributeName(tag, found.filter(|attribute| self.offset <= attribute.name.end)),
                }
            }
        }
    }

    fn is_in_value(&self, attribute: &Attribute) -> bool {
        attribute.value.as_ref().is_some_and(|value| value.start <= self.offset && self.offset <= value.end)
    }

    /// The name of an entity that ends here, after its `&`.
    pub(super) fn reference(&self) -> Option<Range<usize>> {
        let before = self.text.get(..self.offset)?;
        let start =
            before.trim_end_matches(|character: char| character.is_ascii_alphanumeric() || character == '#').len();
        before.get(..start)?.ends_with('&').then_some(start..self.offset)
    }

    /// The attribute with an unquoted value that ends here, after its `=`.
    fn without_quotes(&self, tag: &Markup) -> Option<Attribute> {
        let before = self.text.get(tag.span.start..self.offset)?;
        let is_part =
            |character: char| !character.is_whitespace() && !matches!(character, '=' | '"' | '\'' | '<' | '>');
        let before = before.trim_end_matches(is_part).trim_end().strip_suffix('=')?.trim_end();
        let end = tag.span.start + before.len();
        attributes(self.text, tag).into_iter().find(|attribute| attribute.name.end == end && attribute.value.is_none())
    }

    /// Whether the end tag of the open element follows.
    pub(super) fn is_ended(&self, name: &str) -> bool {
        let from = self.inside.as_ref().map_or(self.offset, |inside| inside.span.end);
        let Some(rest) = self.text.get(from..) else { return false };
        let mut depth = 0_usize;
        for markup in markup(rest).filter(Markup::is_tag) {
            match markup.kind {
                Kind::End if depth == 0 => return rest.get(markup.name(rest)) == Some(name),
                Kind::End => depth -= 1,
                _ if rest.get(markup.span.clone()).is_some_and(|tag| tag.ends_with("/>")) => {}
                _ => depth += 1,
            }
        }
        false
    }

    /// What is known before the markup that contains the place.
    pub(super) fn around(&self) -> Here {
        self.walk(self.text.get(..self.before).unwrap_or_default())
    }

    /// What is known within an element, as if its start tag were complete, but without one of its attributes.
    pub(super) fn within(&self, tag: &Markup, without: Option<&Attribute>) -> Here {
        let whole = |attribute: &Attribute| {
            let value = self.text.get(attribute.value.clone()?)?;
            let quote = if value.contains('"') { '\'' } else { '"' };
            Some(format!(" {}={quote}{value}{quote}", self.text.get(attribute.name.clone())?))
        };
        let mut text = self.text.get(..self.before).unwrap_or_default().to_owned();
        text.push('<');
        text.push_str(self.text.get(tag.name(self.text)).unwrap_or_default());
        let attributes = attributes(self.text, tag);
        text.extend(attributes.iter().filter(|attribute| Some(*attribute) != without).filter_map(whole));
        text.push('>');
        self.walk(&text)
    }

    fn walk(&self, text: &str) -> Here {
        check::here(self.schema.compiled(), self.schema.table(), self.schema.limits(), text)
    }

    /// The part of the line around the place whose characters satisfy a condition.
    pub(super) fn word(&self, is_part: impl Fn(char) -> bool) -> Range<usize> {
        let (before, after) = self.text.split_at_checked(self.offset).unwrap_or((self.text, ""));
        let start = before.trim_end_matches(&is_part).len();
        start..self.text.len() - after.trim_start_matches(&is_part).len()
    }
}
