//! What a schema says about the white space in each element of a document.

use crate::compiled::{Compiled, Content, TypeDefinition, TypeId};
use crate::xml::XML_NAMESPACE;
use crate::{Limits, Schema, check};

/// What is known about the white space between the tags in an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// The white space is insignificant: the element has element-only content.
    Nothing,
    /// The white space is content, or not allowed.
    Content,
    /// There is no schema, or the document is invalid at the element.
    Unknown,
}

/// The elements of a document, by the offsets of their tags.
pub(super) struct Elements {
    known: std::iter::Peekable<std::vec::IntoIter<Element>>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Element {
    tag: u32,
    pub(super) known: Known,
    /// The schema supplies `xml:space="preserve"` if the attribute is missing.
    pub(super) preserves: bool,
}

impl Elements {
    /// The elements that the schema describes; none without a schema.
    pub(super) fn new(text: &str, schema: Option<&Schema>, limits: &Limits) -> Elements {
        let mut elements = Vec::new();
        if let Some(schema) = schema {
            let compiled = schema.compiled();
            let mut types: Vec<Option<(Known, bool)>> = vec![None; compiled.types.len()];
            check::elements(compiled, schema.table(), limits, text, |note, is_admitted| {
                let type_id = note.type_id;
                let is_declared = (note.element.index() < compiled.elements.len()) || type_id != compiled.any_type;
                let of_type = match types.get_mut(type_id.index()) {
                    Some(of_type) if is_declared => *of_type.get_or_insert_with(|| of_type_of(compiled, type_id)),
                    _ => (Known::Unknown, false),
                };
                // Elements that only a wildcard admits have the type `xs:anyType`, which is mixed (section 3.4.7,
                // cvc-assess-elt).
                let is_content = note.nil || (of_type.0 == Known::Unknown && is_admitted);
                let known = if is_content { Known::Content } else { of_type.0 };
                elements.push(Element { tag: note.at.saturating_sub(1), known, preserves: of_type.1 });
            });
        }
        // After an error, the walk may go back.
        elements.sort_by_key(|element| element.tag);
        Elements { known: elements.into_iter().peekable() }
    }

    /// What is known about the element whose tag is at an offset. Offsets only increase.
    pub(super) fn at(&mut self, tag: usize) -> Element {
        while self.known.next_if(|element| (element.tag as usize) < tag).is_some() {}
        let found = self.known.next_if(|element| element.tag as usize == tag);
        found.unwrap_or(Element { tag: 0, known: Known::Unknown, preserves: false })
    }
}

fn of_type_of(compiled: &Compiled, type_id: TypeId) -> (Known, bool) {
    let Some(TypeDefinition::Complex(complex)) = compiled.types.get(type_id.index()) else {
        return (Known::Content, false);
    };
    let known = match complex.content {
        Content::Elements { mixed: false, .. } => Known::Nothing,
        Content::Elements { mixed: true, .. } | Content::Simple(_) | Content::Empty => Known::Content,
    };
    let is_space = |name| compiled.names.local(name) == "space" && compiled.names.namespace(name) == XML_NAMESPACE;
    let default = complex
        .attributes
        .iter()
        .filter(|attribute| is_space(attribute.name))
        .find_map(|attribute| attribute.value.as_ref().map(|value| value.value.trim_ascii() == "preserve"));
    (known, default.unwrap_or(false))
}
