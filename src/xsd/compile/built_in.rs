//! The types that every schema has: anyType (part 1, section 3.4.7) and the built-in simple types (part 2, section 3).

use std::rc::Rc;
use std::sync::Arc;

use super::Compiler;
use super::attribute::Resolved;
use super::content::Effective;
use super::particle::{Tree, TreeTerm};
use super::types::Definition;
use crate::compiled::{
    ComplexType, Content, Derivation, Methods, NameId, NamespaceConstraint, Place, Process, SimpleDefinition,
    TypeDefinition, TypeId, Wildcard,
};
use crate::datatype::SimpleType;
use crate::xsd::fault::Result;
use crate::xsd::reader::XSD;

/// The built-in simple types of XSD 1.0 with their bases, bases first.
pub(super) const BUILT_INS: &[(&str, &str)] = &[
    ("anySimpleType", ""),
    ("string", "anySimpleType"),
    ("boolean", "anySimpleType"),
    ("decimal", "anySimpleType"),
    ("float", "anySimpleType"),
    ("double", "anySimpleType"),
    ("duration", "anySimpleType"),
    ("dateTime", "anySimpleType"),
    ("time", "anySimpleType"),
    ("date", "anySimpleType"),
    ("gYearMonth", "anySimpleType"),
    ("gYear", "anySimpleType"),
    ("gMonthDay", "anySimpleType"),
    ("gDay", "anySimpleType"),
    ("gMonth", "anySimpleType"),
    ("hexBinary", "anySimpleType"),
    ("base64Binary", "anySimpleType"),
    ("anyURI", "anySimpleType"),
    ("QName", "anySimpleType"),
    ("NOTATION", "anySimpleType"),
    ("normalizedString", "string"),
    ("token", "normalizedString"),
    ("language", "token"),
    ("NMTOKEN", "token"),
    ("NMTOKENS", "anySimpleType"),
    ("Name", "token"),
    ("NCName", "Name"),
    ("ID", "NCName"),
    ("IDREF", "NCName"),
    ("IDREFS", "anySimpleType"),
    ("ENTITY", "NCName"),
    ("ENTITIES", "anySimpleType"),
    ("integer", "decimal"),
    ("nonPositiveInteger", "integer"),
    ("negativeInteger", "nonPositiveInteger"),
    ("long", "integer"),
    ("int", "long"),
    ("short", "int"),
    ("byte", "short"),
    ("nonNegativeInteger", "integer"),
    ("unsignedLong", "nonNegativeInteger"),
    ("unsignedInt", "unsignedLong"),
    ("unsignedShort", "unsignedInt"),
    ("unsignedByte", "unsignedShort"),
    ("positiveInteger", "nonNegativeInteger"),
];

impl Compiler<'_> {
    pub(super) fn add_built_ins(&mut self) -> Result<()> {
        let namespace = self.names.intern_namespace(XSD);
        let name = self.names.intern(namespace, "anyType");
        self.any_type = self.add_any_type(name)?;
        self.named_types.insert(name, self.any_type);
        for (local, base) in BUILT_INS {
            let Some(simple) = SimpleType::built_in(local) else { continue };
            let name = self.names.intern(namespace, local);
            // Bases are listed before the types derived from them.
            let base = self.names.lookup_local(namespace, base).and_then(|base| self.named_types.get(&base)).copied();
            let definition = SimpleDefinition { name: Some(name), simple, base, documentation: None };
            let id = self.add_definition(Definition::built_in(TypeDefinition::Simple(definition)));
            self.named_types.insert(name, id);
            if *local == "anySimpleType" {
                self.any_simple_type = id;
            }
        }
        Ok(())
    }

    /// Section 3.4.7: any attributes, any content.
    fn add_any_type(&mut self, name: NameId) -> Result<TypeId> {
        let place = Place::default();
        let wildcard = Wildcard { namespaces: NamespaceConstraint::Any, process: Process::Lax, place };
        let tree = Tree::new(0, None, Arc::new(TreeTerm::Wildcard(wildcard.clone())), place)?;
        let model = self.model(&tree, place);
        let mut definition = Definition::built_in(TypeDefinition::Complex(ComplexType {
            name: Some(name),
            base: None,
            derivation: Derivation::Restriction,
            is_abstract: false,
            block: Methods::NONE,
            attributes: Vec::new(),
            any_attribute: Some(wildcard.clone()),
            content: Content::Elements { model, mixed: true },
            documentation: None,
            place,
        }));
        definition.attributes = Rc::new(Resolved { wildcard: Some(wildcard), ..Resolved::default() });
        definition.content = Some(Effective::Elements { tree, mixed: true, model });
        Ok(self.add_definition(definition))
    }
}
