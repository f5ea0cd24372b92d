//! Element declarations (part 1, section 3.3), and the default values of elements and attributes.

use super::content::Effective;
use super::{Compiler, index_of};
use crate::compiled::{Content, ElementDeclaration, ElementId, Place, TypeDefinition, TypeId, ValueConstraint};
use crate::datatype::SimpleType;
use crate::diagnostic::Code;
use crate::xsd::fault::{Result, fault};
use crate::xsd::model;

impl<'m> Compiler<'m> {
    /// Adds a local element declaration. If its type does not exist, the element has a broken type.
    pub(super) fn add_element(&mut self, element: &'m model::Element) -> ElementId {
        let type_id = match &element.type_use {
            Some(type_use) => self.type_id(type_use),
            None => Ok(self.any_type),
        };
        let type_id = self.faults.or_note(type_id).unwrap_or_else(|| self.add_broken_type());
        self.declare_element(element, type_id)
    }

    /// Adds an element declaration with a given type.
    pub(super) fn declare_element(&mut self, element: &'m model::Element, type_id: TypeId) -> ElementId {
        let constraints = self.number_constraints(&element.constraints);
        let id = ElementId(index_of(self.elements.len()));
        self.elements.push(ElementDeclaration {
            name: element.name,
            type_id,
            nillable: element.nillable,
            is_abstract: element.is_abstract,
            block: element.block,
            value: element.value.clone(),
            constraints,
            documentation: element.documentation.clone(),
            place: element.place,
        });
        id
    }

    /// NOTATION itself cannot be the type of an element.
    pub(super) fn check_element_types(&self) {
        for element in &self.elements {
            if let Some(simple) = self.simple_content_of(element.type_id) {
                self.faults.or_note(self.check_notation_use(simple, element.place));
            }
        }
    }

    /// Section 3.3.6, Element Default Valid (Immediate).
    pub(super) fn check_element_values(&self) {
        for element in &self.elements {
            if let Some(value) = &element.value {
                self.faults.or_note(self.check_element_value(element, value));
            }
        }
    }

    fn check_element_value(&self, element: &ElementDeclaration, value: &ValueConstraint) -> Result<()> {
        match self.definition(element.type_id).and_then(|definition| definition.done.as_ref()) {
            Some(TypeDefinition::Simple(simple)) => {
                self.check_value(&simple.simple, value, Code::EPropsCorrect, element.place)
            }
            Some(TypeDefinition::Complex(complex)) => match &complex.content {
                Content::Simple(simple) => self.check_value(simple, value, Code::EPropsCorrect, element.place),
                Content::Elements { mixed: true, .. } if self.is_emptiable(element.type_id) => Ok(()),
                _ => {
                    let message = format!(
                        "`{}` has a default or fixed value, so its content must be simple, or mixed and emptiable",
                        self.names.local(element.name)
                    );
                    fault(Code::CosValidDefault, element.place, message)
                }
            },
            None => Ok(()),
        }
    }

    /// Whether a type's content model allows no children at all.
    fn is_emptiable(&self, id: TypeId) -> bool {
        match self.definition(id).and_then(|definition| definition.content.as_ref()) {
            Some(Effective::Elements { tree, .. }) => tree.is_emptiable(),
            _ => false,
        }
    }

    /// Checks a default or fixed value, which must be valid for the type; the type must not be ID (a-props-correct.2
    /// and 3, e-props-correct.2 and 5). `code` depends on what the value belongs to.
    pub(super) fn check_value(
        &self,
        simple: &SimpleType,
        value: &ValueConstraint,
        code: Code,
        place: Place,
    ) -> Result<()> {
        if simple.is_id() {
            return fault(code, place, "expected no default or fixed value of an ID, found one");
        }
        let text = &value.value;
        match simple.check_in(text, &value.bindings) {
            Ok(()) => Ok(()),
            Err(_) => fault(code, place, format!("expected {} as the value, found `{text}`", simple.describe())),
        }
    }
}
