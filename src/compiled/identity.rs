//! Identity constraints (part 1, section 3.11): what must be unique, or must exist, below an element.

use super::{ConstraintId, NameId, NamespaceId, Place};

/// `xs:unique`, `xs:key` or `xs:keyref`.
#[derive(Debug, Clone)]
pub(crate) struct IdentityConstraint {
    pub(crate) name: NameId,
    pub(crate) category: Category,
    /// The elements that it applies to, as paths from the element that declares it: the union of what these select.
    pub(crate) selector: Box<[Path]>,
    /// What identifies each of those elements.
    pub(crate) fields: Box<[Field]>,
    /// This form contains the whole schema, for a generator too; our own engine does not read this field.
    #[allow(dead_code, reason = "for other readers of this form")]
    pub(crate) place: Place,
}

/// {identity-constraint category}.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Category {
    Unique,
    Key,
    /// {referenced key}: a `xs:key` or `xs:unique` with as many fields.
    Keyref(ConstraintId),
}

/// `xs:field`.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    pub(crate) paths: Box<[Path]>,
    /// As written in the schema, for messages.
    pub(crate) written: Box<str>,
}

/// One path of the XPath subset for selectors and fields (section 3.11.6): steps to children, without those that stay
/// in place (`.`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    /// Whether it begins with `.//`: the steps may begin at any descendant, or at the element itself.
    pub(crate) descends: bool,
    /// At most `Path::STEPS` steps.
    pub(crate) steps: Box<[NameTest]>,
    /// The attribute where it ends, of the element that the steps lead to.
    pub(crate) attribute: Option<NameTest>,
}

impl Path {
    /// The most steps that a path may have: the progress along each path is kept in the bits of a word.
    pub(crate) const STEPS: usize = 63;
}

/// What a step selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameTest {
    /// `*`
    Any,
    /// `prefix:*`
    Namespace(NamespaceId),
    Name(NameId),
}

impl NameTest {
    /// Whether the test matches a name, as far as the schema knows it and its namespace.
    pub(crate) fn takes(self, namespace: Option<NamespaceId>, name: Option<NameId>) -> bool {
        match self {
            NameTest::Any => true,
            NameTest::Namespace(wanted) => namespace == Some(wanted),
            NameTest::Name(wanted) => name == Some(wanted),
        }
    }
}
