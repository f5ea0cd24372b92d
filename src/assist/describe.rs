//! What the schema says about the element, attribute or value at a place, and where it declares it.

use std::ops::Range;
use std::sync::Arc;

use super::complete::{attribute_named, documentation_of_type};
use super::cursor::{Attribute, Markup};
use super::place::{Place, Spot};
use super::{Declaration, Description};
use crate::Schema;
use crate::check::{Here, Room};
use crate::compiled::{self, AttributeUse, Compiled, ElementId, TypeDefinition, TypeId, ValueConstraint};
use crate::text::white_space::trimmed;

/// The declarations in the schema of what is at a place.
enum Subject<'s> {
    Element(ElementId, TypeId),
    Attribute(&'s Arc<AttributeUse>),
    Type(TypeId),
}

/// What the schema says about the element, attribute or value at a place, if it declares it.
///
/// ```
/// use packetcheck::{assist, plesk};
///
/// let text = "<packet><migration><check/></migration></packet>";
/// let described = assist::describe(plesk::request_schema(), text, 21).unwrap();
/// assert_eq!((described.name.as_str(), described.span), ("check", 20..25));
/// assert!(described.documentation.is_some());
/// assert_eq!(assist::describe(plesk::request_schema(), "<other/>", 3), None);
/// ```
#[must_use]
pub fn describe(schema: &Schema, text: &str, offset: usize) -> Option<Description> {
    let (subject, span) = subject_at(schema, text, offset)?;
    let schema = schema.compiled();
    let name = text.get(span.clone())?.to_owned();
    Some(match subject {
        Subject::Element(element, type_id) => {
            let declaration = schema.elements.get(element.index())?;
            let nillable = declaration.nillable.then(|| "may be nil".to_owned());
            Description {
                name: schema.local_name(element).to_owned(),
                facts: constraint_facts(declaration.value.as_ref()).chain(nillable).collect(),
                documentation: schema
                    .documentation(element)
                    .or_else(|| documentation_of_type(schema, type_id))
                    .map(str::to_owned),
                ..of_type(schema, type_id, "element", span)
            }
        }
        Subject::Type(type_id) => Description {
            name,
            documentation: documentation_of_type(schema, type_id).map(str::to_owned),
            ..of_type(schema, type_id, "type", span)
        },
        Subject::Attribute(attribute) => Description {
            span,
            what: "attribute",
            name: schema.names.local(attribute.name).to_owned(),
            type_name: attribute.simple.name().map(str::to_owned),
            value: Some(attribute.simple.describe()),
            facts: attribute
                .required
                .then(|| "required".to_owned())
                .into_iter()
                .chain(constraint_facts(attribute.value.as_ref()))
                .collect(),
            documentation: attribute.documentation.as_deref().map(str::to_owned),
        },
    })
}

fn of_type(schema: &Compiled, type_id: TypeId, what: &'static str, span: Range<usize>) -> Description {
    Description {
        span,
        what,
        name: String::new(),
        type_name: schema.type_name(type_id).map(|name| schema.names.local(name).to_owned()),
        value: schema.simple_content(type_id).map(|simple| simple.describe()),
        facts: Vec::new(),
        documentation: None,
    }
}

fn constraint_facts(constraint: Option<&ValueConstraint>) -> impl Iterator<Item = String> {
    constraint.into_iter().map(|constraint| {
        let word = if constraint.fixed { "always" } else { "by default" };
        format!("{word} `{}`", constraint.value)
    })
}

/// Where the element, attribute or type at a place is declared, if the declaration is in a document of the schema.
///
/// ```
/// use packetcheck::{assist, plesk};
///
/// let text = "<packet><migration><check/></migration></packet>";
/// let found = assist::declaration(plesk::request_schema(), text, 21).unwrap();
/// assert!(found.path.ends_with(".xsd") && found.text[found.offset..].starts_with("<xs:element name=\"check\""));
/// ```
#[must_use]
pub fn declaration<'s>(schema: &'s Schema, text: &str, offset: usize) -> Option<Declaration<'s>> {
    let (subject, _) = subject_at(schema, text, offset)?;
    let schema = schema.compiled();
    let place = match subject {
        Subject::Element(element, _) => schema.elements.get(element.index())?.place,
        Subject::Attribute(attribute) => attribute.place,
        Subject::Type(type_id) => match schema.types.get(type_id.index())? {
            TypeDefinition::Complex(complex) => complex.place,
            TypeDefinition::Simple(_) => return None,
        },
    };
    let compiled::Document { path, text, .. } =
        schema.documents.get(place.document as usize).filter(|document| !document.is_built_in)?;
    let offset = usize::try_from(place.offset).ok().filter(|offset| *offset < text.len())?;
    Some(Declaration { path, text, offset })
}

fn subject_at<'s>(schema: &'s Schema, text: &str, offset: usize) -> Option<(Subject<'s>, Range<usize>)> {
    let place = Place::new(Some(schema), text, offset)?;
    match place.spot() {
        Spot::Other => None,
        Spot::Name(tag) => element_of(&place.within(&tag, None), tag.name(text)),
        Spot::EndName(tag) => {
            let (name, here) = (tag.name(text), place.around());
            let is_its_end = here.open.last().is_some_and(|open| Some(open.as_str()) == text.get(name.clone()));
            is_its_end.then(|| element_of(&here, name)).flatten()
        }
        Spot::AttributeName(tag, attribute) => attribute_of(&place, &tag, &attribute?),
        Spot::Value(tag, attribute) => value_of(&place, &tag, &attribute),
        Spot::Text => {
            let here = place.around();
            if !matches!(here.room, Room::Value) {
                return None;
            }
            // The text between two tags.
            let start = text.get(..place.offset)?.rfind('>').map_or(0, |before| before + 1);
            let end = text.get(place.offset..)?.find('<').map_or(text.len(), |length| place.offset + length);
            element_of(&here, trimmed(text.get(start..end)?, start))
        }
    }
}

fn element_of<'s>(here: &Here, span: Range<usize>) -> Option<(Subject<'s>, Range<usize>)> {
    Some((Subject::Element(here.element?, here.type_id?), span))
}

fn attribute_of<'s>(place: &Place<'_, 's>, tag: &Markup, attribute: &Attribute) -> Option<(Subject<'s>, Range<usize>)> {
    let here = place.within(tag, None);
    let name = place.text.get(attribute.name.clone())?;
    Some((Subject::Attribute(attribute_named(place.schema.compiled(), &here, name)?), attribute.name.clone()))
}

/// The value of an attribute; for `xsi:type`, the type that it names.
fn value_of<'s>(place: &Place<'_, 's>, tag: &Markup, attribute: &Attribute) -> Option<(Subject<'s>, Range<usize>)> {
    let here = place.within(tag, None);
    let name = place.text.get(attribute.name.clone())?;
    let span = attribute.value.clone()?;
    if name == here.instance_name("type").name {
        return Some((Subject::Type(here.type_id?), span));
    }
    Some((Subject::Attribute(attribute_named(place.schema.compiled(), &here, name)?), span))
}
