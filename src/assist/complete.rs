//! Completions at a place in a document.

use std::sync::Arc;

use super::cursor::{Attribute, Markup, attributes};
use super::names::{Written, escaped};
use super::place::{Place, Spot};
use super::values::{Value, values};
use super::{Completion, CompletionKind, Completions, Piece};
use crate::Schema;
use crate::check::{Here, INSTANCE, Room};
use crate::compiled::{
    AttributeUse, Compiled, Content, ElementDeclaration, ElementId, Leaf, Process, TypeDefinition, TypeId,
    ValueConstraint, Wildcard,
};
use crate::datatype::Kind;

/// The most elements, attributes or types that are offered at one place.
pub const ITEMS: usize = 1000;

/// What can be written at a place in a document according to its schema. Without a schema, only the end tag of the open
/// element is offered.
///
/// ```
/// use packetcheck::{assist, plesk};
///
/// let text = "<packet><migration><";
/// let offered = assist::complete(Some(plesk::request_schema()), text, text.len());
/// let labels: Vec<&str> = offered.items.iter().map(|item| item.label.as_str()).collect();
/// assert!(labels.contains(&"check") && labels.contains(&"get_status"));
/// assert_eq!(labels.last(), Some(&"/migration"));
/// ```
#[must_use]
pub fn complete(schema: Option<&Schema>, text: &str, offset: usize) -> Completions {
    let Some(place) = Place::new(schema, text, offset) else { return Completions { span: 0..0, items: Vec::new() } };
    let at = place.offset;
    let spot = place.spot();
    if let (Spot::Text | Spot::Value(..), Some(span)) = (&spot, place.reference()) {
        return Completions { span, items: ENTITIES.map(entity).into() };
    }
    match spot {
        Spot::Other => Completions { span: at..at, items: Vec::new() },
        Spot::Text => place.in_text(),
        Spot::Name(tag) => place.in_name(&tag),
        Spot::EndName(tag) => place.in_end_name(&tag),
        Spot::AttributeName(tag, attribute) => place.in_attribute_name(&tag, attribute.as_ref()),
        Spot::Value(tag, attribute) => place.in_value(&tag, &attribute),
    }
}

impl<'s> Place<'_, 's> {
    fn compiled(&self) -> &'s Compiled {
        self.schema.compiled()
    }

    /// Between tags: text of the element, or other elements.
    fn in_text(&self) -> Completions {
        let here = self.around();
        let is_part = |character: char| !character.is_whitespace() && !matches!(character, '<' | '>' | '&');
        let span = self.word(is_part);
        let mut items = match here.room {
            Room::Value => self.element_values(&here),
            _ => self.elements(&here, "<", false),
        };
        // An end tag does not replace what was typed before it.
        if span.start == self.offset {
            items.extend(self.end_tag(&here, "</"));
        }
        Completions { span, items }
    }

    fn element_values(&self, here: &Here) -> Vec<Completion> {
        let declaration = here.element.and_then(|element| self.compiled().elements.get(element.index()));
        let constraint = declaration.and_then(|declaration| declaration.value.as_ref());
        let simple = here.type_id.and_then(|type_id| self.compiled().simple_content(type_id));
        let values = simple.map(|simple| values(simple, constraint)).unwrap_or_default();
        values.into_iter().map(|value| value_item(value, "")).collect()
    }

    fn in_name(&self, tag: &Markup) -> Completions {
        let here = self.around();
        let span = tag.name(self.text);
        // In an existing tag, only the name is replaced.
        let is_whole = tag.is_closed || !attributes(self.text, tag).is_empty();
        let mut items = self.elements(&here, "", is_whole);
        items.extend(self.end_tag(&here, "/").filter(|_| !is_whole));
        Completions { span, items }
    }

    fn in_end_name(&self, tag: &Markup) -> Completions {
        let span = tag.name(self.text);
        let name = self.around().open.pop();
        let item = |name: String| {
            let text = if tag.is_closed { name } else { format!("{name}>") };
            simple_item(CompletionKind::EndTag, text.trim_end_matches('>').to_owned(), text)
        };
        Completions { span, items: name.map(item).into_iter().collect() }
    }

    /// The end tag of the open element, unless it follows already.
    fn end_tag(&self, here: &Here, before: &str) -> impl Iterator<Item = Completion> + use<> {
        let is_early = matches!(here.room, Room::Children { may_end: false, .. });
        let item = here.open.last().filter(|name| !self.is_ended(name)).map(|name| {
            let item = simple_item(CompletionKind::EndTag, format!("/{name}"), format!("{before}{name}>"));
            Completion { detail: is_early.then(|| "required content is missing".to_owned()), ..item }
        });
        item.into_iter()
    }

    /// The elements that can come here. `before` is written before the name; with `is_whole`, only the name is written.
    fn elements(&self, here: &Here, before: &str, is_whole: bool) -> Vec<Completion> {
        let schema = self.compiled();
        let item = |element: ElementId| {
            let declaration = schema.elements.get(element.index())?;
            let Written { name, declaration: binding } = here.element_name(schema, declaration.name);
            let text = format!("{before}{name}");
            let template = match is_whole {
                true => vec![Piece::Text(text.clone())],
                false => self.whole_element(here, element, &name, &[&text, &*binding.unwrap_or_default()].concat()),
            };
            Some(Completion {
                kind: CompletionKind::Element,
                label: name,
                detail: type_label(schema, declaration.type_id),
                documentation: schema.documentation(element).map(str::to_owned),
                text,
                template,
            })
        };
        candidates(schema, &here.room).into_iter().filter_map(item).collect()
    }

    /// An element with its required attributes, its fixed text if it has any, and its end tag.
    fn whole_element(&self, here: &Here, element: ElementId, name: &str, begin: &str) -> Vec<Piece> {
        let schema = self.compiled();
        let mut pieces = Pieces(vec![Piece::Text(begin.to_owned())]);
        let Some(declaration) = schema.elements.get(element.index()) else { return pieces.0 };
        let complex = match schema.type_of(element) {
            TypeDefinition::Complex(complex) => Some(complex),
            TypeDefinition::Simple(_) => None,
        };
        for attribute in
            complex.into_iter().flat_map(|complex| &complex.attributes).filter(|attribute| attribute.required)
        {
            let Written { name, declaration } = here.attribute_name(schema, attribute.name);
            pieces.text(&format!("{} {name}=\"", declaration.unwrap_or_default()));
            pieces.value(attribute.value.as_ref());
            pieces.text("\"");
        }
        if complex.is_some_and(|complex| complex.is_abstract) {
            // The element must name another type.
            let mut types = self.types_of(here, Some(declaration));
            let Written { name, declaration: binding } = here.instance_name("type");
            pieces.text(&format!("{} {name}=\"", binding.unwrap_or_default()));
            match (types.next(), types.next()) {
                (Some((name, _)), None) => pieces.text(&escaped(&name)),
                _ => pieces.0.push(Piece::Stop),
            }
            pieces.text("\"");
        }
        if complex.is_some_and(|complex| matches!(complex.content, Content::Empty) && !complex.is_abstract) {
            pieces.text("/>");
            return pieces.0;
        }
        pieces.text(">");
        pieces.value(declaration.value.as_ref());
        pieces.text(&format!("</{name}>"));
        pieces.0
    }

    fn in_attribute_name(&self, tag: &Markup, attribute: Option<&Attribute>) -> Completions {
        let here = self.in_tag(tag, attribute);
        let span = attribute.map_or(self.offset..self.offset, |attribute| attribute.name.clone());
        let has_value = attribute.is_some_and(|attribute| attribute.value.is_some());
        let given: Vec<&str> = attributes(self.text, tag)
            .into_iter()
            .filter(|other| Some(other) != attribute)
            .filter_map(|other| self.text.get(other.name))
            .collect();
        let mut items: Vec<Completion> = self
            .declared_attributes(&here, has_value)
            .into_iter()
            .chain(self.instance_attributes(&here, has_value))
            .filter(|item| !given.contains(&item.label.as_str()))
            .collect();
        items.truncate(ITEMS);
        Completions { span, items }
    }

    /// What is known within an element. For an element of an abstract type, the walk knows nothing until `xsi:type`
    /// names another.
    fn in_tag(&self, tag: &Markup, without: Option<&Attribute>) -> Here {
        let mut here = self.within(tag, without);
        if here.element.is_none() {
            let schema = self.compiled();
            let name = self.text.get(tag.name(self.text)).unwrap_or_default();
            let is_this = |element: &ElementId| {
                let declaration = schema.elements.get(element.index());
                declaration.is_some_and(|declaration| {
                    is_abstract(schema, declaration.type_id) && here.element_name(schema, declaration.name).name == name
                })
            };
            here.element = candidates(schema, &self.around().room).into_iter().find(is_this);
        }
        here
    }

    /// The attributes of the type, the required ones first.
    fn declared_attributes(&self, here: &Here, has_value: bool) -> Vec<Completion> {
        let schema = self.compiled();
        let Some(TypeDefinition::Complex(complex)) = here.type_id.and_then(|id| schema.types.get(id.index())) else {
            return Vec::new();
        };
        let item = |attribute: &Arc<AttributeUse>| {
            let required = if attribute.required { "required, " } else { "" };
            Completion {
                detail: Some(format!("{required}{}", attribute.simple.describe())),
                documentation: attribute.documentation.as_deref().map(str::to_owned),
                ..attribute_item(here.attribute_name(schema, attribute.name), attribute.value.as_ref(), has_value)
            }
        };
        let of = |required: bool| complex.attributes.iter().filter(move |attribute| attribute.required == required);
        of(true).chain(of(false)).map(item).collect()
    }

    /// `xsi:type` if another type can be named, and `xsi:nil` if it is allowed.
    fn instance_attributes(&self, here: &Here, has_value: bool) -> Vec<Completion> {
        let declaration = here.element.and_then(|element| self.compiled().elements.get(element.index()));
        let Some(declaration) = declaration else { return Vec::new() };
        let mut items = Vec::new();
        if self.types(here).any(|(_, id)| id != declaration.type_id) {
            let item = attribute_item(here.instance_name("type"), None, has_value);
            let required = if is_abstract(self.compiled(), declaration.type_id) { "required, " } else { "" };
            items.push(Completion { detail: Some(format!("{required}the name of a type")), ..item });
        }
        if declaration.nillable {
            let item = attribute_item(here.instance_name("nil"), None, has_value);
            items.push(Completion { detail: Some("`true` or `false`".to_owned()), ..item });
        }
        items
    }

    /// The types that the element can have (cvc-elt.4.3), as written here.
    fn types<'h>(&self, here: &'h Here) -> impl Iterator<Item = (String, TypeId)> + use<'h, 's> {
        let declaration = here.element.and_then(|element| self.compiled().elements.get(element.index()));
        self.types_of(here, declaration)
    }

    /// The types that an element with this declaration can have, as written here.
    fn types_of<'h>(
        &self,
        here: &'h Here,
        declaration: Option<&'s ElementDeclaration>,
    ) -> impl Iterator<Item = (String, TypeId)> + use<'h, 's> {
        let schema = self.compiled();
        let named = schema.named_types.iter().filter(move |(_, id)| {
            let is_concrete = !is_abstract(schema, **id);
            declaration.is_some_and(|declaration| is_concrete && schema.is_type_allowed(**id, declaration))
        });
        named.filter_map(|(name, id)| Some((here.value_name(schema, *name)?, *id)))
    }

    fn in_value(&self, tag: &Markup, attribute: &Attribute) -> Completions {
        let here = self.in_tag(tag, Some(attribute));
        let whole = attribute.value.clone().unwrap_or(self.offset..self.offset);
        let is_quoted = attribute.value.is_some() && matches!(self.text.as_bytes().get(whole.end), Some(b'"' | b'\''));
        let value = self.text.get(whole.clone()).unwrap_or_default();
        let name = self.text.get(attribute.name.clone()).unwrap_or_default();
        let is_list = attribute_named(self.compiled(), &here, name)
            .is_none_or(|declaration| matches!(declaration.simple.kind(), Kind::List | Kind::Union));
        // In a list, and in a value that is not closed, only one word is replaced. The same is true in a value of
        // several lines, since editors replace text within one line.
        let is_one = is_quoted && !(is_list && value.contains(char::is_whitespace)) && !value.contains(['\n', '\r']);
        let is_part =
            |character: char| !character.is_whitespace() && !matches!(character, '"' | '\'' | '<' | '>' | '=');
        let span = if is_one { whole } else { self.word(is_part) };
        let quote = if is_quoted { "" } else { "\"" };
        let mut items = self.attribute_values(&here, name, quote);
        items.truncate(ITEMS);
        if attribute.value.is_none() {
            for item in &mut items {
                item.text.insert(0, '"');
                item.template = vec![Piece::Text(item.text.clone())];
            }
        }
        if self.text.as_bytes().get(span.end) == Some(&b'\'') {
            let escape = |text: &mut String| *text = text.replace('\'', "&apos;");
            for item in &mut items {
                escape(&mut item.text);
                let texts = item.template.iter_mut();
                texts.for_each(|piece| {
                    if let Piece::Text(text) = piece {
                        escape(text)
                    }
                });
            }
        }
        Completions { span, items }
    }

    fn attribute_values(&self, here: &Here, name: &str, quote: &str) -> Vec<Completion> {
        let schema = self.compiled();
        if name == "xmlns" || name.starts_with("xmlns:") {
            let namespaces = schema.names.namespaces.iter().filter(|namespace| !namespace.is_empty());
            let values = namespaces.map(|namespace| Value { text: namespace.to_string(), detail: None });
            return values.map(|value| value_item(value, quote)).collect();
        }
        if name == here.instance_name("type").name {
            let mut types: Vec<(String, TypeId)> = self.types(here).collect();
            types.sort();
            let item = |(name, id): (String, TypeId)| Completion {
                documentation: documentation_of_type(schema, id).map(str::to_owned),
                ..value_item(Value { text: name, detail: None }, quote)
            };
            return types.into_iter().map(item).collect();
        }
        if name == here.instance_name("nil").name {
            let value = |text: &str| value_item(Value { text: text.to_owned(), detail: None }, quote);
            return ["true", "false"].map(value).into();
        }
        let attribute = attribute_named(schema, here, name);
        let values = attribute.map(|attribute| values(&attribute.simple, attribute.value.as_ref())).unwrap_or_default();
        values.into_iter().map(|value| value_item(value, quote)).collect()
    }
}

/// The entities that every document has.
const ENTITIES: [&str; 5] = ["amp", "lt", "gt", "quot", "apos"];

fn entity(name: &str) -> Completion {
    simple_item(CompletionKind::Value, format!("{name};"), format!("{name};"))
}

fn is_abstract(schema: &Compiled, id: TypeId) -> bool {
    matches!(schema.types.get(id.index()), Some(TypeDefinition::Complex(complex)) if complex.is_abstract)
}

/// The elements that can come next, in the order of the content or of the schema.
fn candidates(schema: &Compiled, room: &Room) -> Vec<ElementId> {
    let roots = || schema.root_names.iter().filter_map(|name| schema.roots.get(name)).copied();
    let is_usable = |element: &ElementId| !schema.elements[element.index()].is_abstract;
    let mut found: Vec<ElementId> = Vec::new();
    let mut add = |element| {
        if found.len() < ITEMS && !found.contains(&element) {
            found.push(element);
        }
    };
    match room {
        Room::Root | Room::Anything => roots().filter(is_usable).for_each(add),
        Room::Children { model, leaves, .. } => {
            let Some(model) = schema.models.get(model.index()) else { return found };
            for leaf in leaves.iter().filter_map(|leaf| model.leaf(*leaf)) {
                match leaf {
                    Leaf::Element(asked) => schema.usable(*asked).for_each(&mut add),
                    Leaf::Wildcard(wildcard) => {
                        let admitted = roots().filter(is_usable).filter(|element| admits(schema, wildcard, *element));
                        admitted.for_each(&mut add);
                    }
                }
            }
        }
        Room::Value | Room::Nothing => {}
    }
    found
}

fn admits(schema: &Compiled, wildcard: &Wildcard, element: ElementId) -> bool {
    let namespace = schema.names.namespace_id(schema.elements[element.index()].name);
    wildcard.process != Process::Skip && wildcard.namespaces.allows(Some(namespace))
}

/// The declaration of an attribute of the open element.
pub(super) fn attribute_named<'s>(schema: &'s Compiled, here: &Here, written: &str) -> Option<&'s Arc<AttributeUse>> {
    let (prefix, local) = written.split_once(':').unwrap_or(("", written));
    let namespace = match prefix {
        "" => "",
        "xml" => crate::xml::XML_NAMESPACE,
        prefix => here.namespace_of(prefix)?,
    };
    if namespace == INSTANCE {
        return None;
    }
    let name = schema.names.lookup(namespace, local)?;
    match schema.types.get(here.type_id?.index())? {
        TypeDefinition::Complex(complex) => {
            let own = complex.attributes.iter().find(|attribute| attribute.name == name);
            own.or_else(|| schema.global_attributes.get(&name).filter(|_| complex.any_attribute.is_some()))
        }
        TypeDefinition::Simple(_) => None,
    }
}

pub(super) fn documentation_of_type(schema: &Compiled, id: TypeId) -> Option<&str> {
    match schema.types.get(id.index())? {
        TypeDefinition::Simple(definition) => definition.documentation.as_deref(),
        TypeDefinition::Complex(complex) => complex.documentation.as_deref(),
    }
}

/// The name of a type, or a description of its values.
fn type_label(schema: &Compiled, id: TypeId) -> Option<String> {
    let name = schema.type_name(id).filter(|_| id != schema.any_type);
    name.map(|name| schema.names.local(name).to_owned())
        .or_else(|| schema.simple_content(id).map(|simple| simple.describe()))
}

struct Pieces(Vec<Piece>);

impl Pieces {
    fn text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.0.push(Piece::Text(text.to_owned())),
        }
    }

    /// Appends a fixed value; any other value is left to the author.
    fn value(&mut self, constraint: Option<&ValueConstraint>) {
        match constraint.filter(|constraint| constraint.fixed) {
            Some(fixed) => self.text(&escaped(&fixed.value)),
            None => self.0.push(Piece::Stop),
        }
    }
}

fn simple_item(kind: CompletionKind, label: String, text: String) -> Completion {
    let template = vec![Piece::Text(text.clone())];
    Completion { kind, label, detail: None, documentation: None, text, template }
}

fn value_item(value: Value, quote: &str) -> Completion {
    let text = format!("{}{quote}", escaped(&value.text));
    Completion { detail: value.detail.map(str::to_owned), ..simple_item(CompletionKind::Value, value.text, text) }
}

fn attribute_item(written: Written, constraint: Option<&ValueConstraint>, has_value: bool) -> Completion {
    let Written { name, declaration } = written;
    if has_value {
        return simple_item(CompletionKind::Attribute, name.clone(), name);
    }
    // The declaration of the name's prefix comes first.
    let declaration = declaration.map(|binding| format!("{} ", binding.trim_start())).unwrap_or_default();
    let mut pieces = Pieces(vec![Piece::Text(format!("{declaration}{name}=\""))]);
    pieces.value(constraint);
    pieces.text("\"");
    let text = format!("{declaration}{name}=\"\"");
    Completion { template: pieces.0, ..simple_item(CompletionKind::Attribute, name, text) }
}
