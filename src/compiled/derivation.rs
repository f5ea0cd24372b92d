//! Derivation of types, and what `block` and `final` forbid (part 1, sections 3.4.6 and 3.14.6).

use super::{Compiled, Derivation, TypeDefinition, TypeId};

/// Derivation and substitution methods: {disallowed substitutions}, {prohibited substitutions}, {final} and the like
/// are such sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Methods(u8);

impl Methods {
    pub(crate) const NONE: Methods = Methods(0);
    pub(crate) const EXTENSION: Methods = Methods(1);
    pub(crate) const RESTRICTION: Methods = Methods(2);
    pub(crate) const SUBSTITUTION: Methods = Methods(4);
    pub(crate) const LIST: Methods = Methods(8);
    pub(crate) const UNION: Methods = Methods(16);

    pub(crate) const fn and(self, other: Methods) -> Methods {
        Methods(self.0 | other.0)
    }

    /// Those that are in both.
    pub(crate) const fn common(self, other: Methods) -> Methods {
        Methods(self.0 & other.0)
    }

    pub(crate) const fn intersects(self, other: Methods) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) const fn contains(self, other: Methods) -> bool {
        self.0 & other.0 == other.0
    }
}

/// How a type is derived from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Path {
    /// The {derivation method}s of all steps; empty if it is the same type.
    pub(crate) methods: Methods,
    /// The {prohibited substitutions} of the types between the two.
    pub(crate) prohibited: Methods,
}

/// Type definitions by number: finished, or still being made.
pub(crate) trait Types {
    fn definition_of(&self, id: TypeId) -> Option<&TypeDefinition>;

    /// xs:anyType, from which every type is derived.
    fn any_type_id(&self) -> TypeId;

    /// How `derived` is derived from `base`, `None` if it is not (Type Derivation OK, Complex and Simple; the caller
    /// compares their subset with the methods of the path).
    ///
    /// A chain of bases is acyclic, and its length was bounded when the types were made.
    fn derivation(&self, derived: TypeId, base: TypeId) -> Option<Path> {
        let union = match self.definition_of(base) {
            Some(TypeDefinition::Simple(definition)) => Some(&*definition.simple),
            _ => None,
        };
        let mut path = Path::default();
        let mut at = derived;
        loop {
            if at == base {
                return Some(path);
            }
            let (next, method) = match self.definition_of(at)? {
                TypeDefinition::Complex(complex) => (complex.base?, Methods::from(complex.derivation)),
                TypeDefinition::Simple(definition) => {
                    // Type Derivation OK (Simple), clause 2.2.4: as a restriction from a member of a union.
                    if union.is_some_and(|union| union.has_member(&definition.simple)) {
                        path.methods = path.methods.and(Methods::RESTRICTION);
                        return Some(path);
                    }
                    (definition.base.unwrap_or(self.any_type_id()), Methods::RESTRICTION)
                }
            };
            path.methods = path.methods.and(method);
            if next != base {
                path.prohibited = path.prohibited.and(self.prohibited_by(next));
            }
            at = next;
        }
    }

    /// Whether `derived` may be used in place of `base`, by none of the methods `blocked`.
    fn is_validly_derived(&self, derived: TypeId, base: TypeId, blocked: Methods) -> bool {
        self.derivation(derived, base).is_some_and(|path| !path.methods.intersects(blocked))
    }

    /// The {prohibited substitutions} of a type; a simple type has none.
    fn prohibited_by(&self, id: TypeId) -> Methods {
        match self.definition_of(id) {
            Some(TypeDefinition::Complex(complex)) => complex.block,
            _ => Methods::NONE,
        }
    }
}

impl Types for Compiled {
    fn definition_of(&self, id: TypeId) -> Option<&TypeDefinition> {
        self.types.get(id.index())
    }

    fn any_type_id(&self) -> TypeId {
        self.any_type
    }
}

impl From<Derivation> for Methods {
    fn from(derivation: Derivation) -> Methods {
        match derivation {
            Derivation::Extension => Methods::EXTENSION,
            Derivation::Restriction => Methods::RESTRICTION,
        }
    }
}
