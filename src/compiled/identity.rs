//! Identity constraints (part 1, section 3.11): what has to be unique, or to be there, below an element.

use super::{ConstraintId, NameId, NamespaceId, Place};

/// `xs:unique`, `xs:key` or `xs:keyref`.
#[derive(Debug, Clone)]
pub(crate) struct IdentityConstraint {
    pub(crate) name: NameId,
    pub(crate) category: Category,
    /// The elements that it is about, as seen from the element that it is declared on: the union of what these lead to.
    pub(crate) selector: Box<[Path]>,
    /// What identifies each of them.
    pub(crate) fields: Box<[Field]>,
    /// The form tells all of a schema, for a generator too; our own engine does not look here.
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
    /// As it stands in the schema, for messages.
    pub(crate) written: Box<str>,
}

/// One path of the part of XPath that selectors and fields are written in (section 3.11.6): steps to children, with
/// those that stay where they are (`.`) left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Path {
    /// It begins with `.//`: the steps may begin at any descendant, or at the element itself.
    pub(crate) descends: bool,
    /// At most `Path::STEPS`.
    pub(crate) steps: Box<[NameTest]>,
    /// It ends at an attribute of the element that the steps lead to.
    pub(crate) attribute: Option<NameTest>,
}

impl Path {
    /// Steps that a path may have: how far each path is, is kept in the bits of a word.
    pub(crate) const STEPS: usize = 63;
}

/// What a step goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameTest {
    /// `*`
    Any,
    /// `prefix:*`
    Namespace(NamespaceId),
    Name(NameId),
}

impl NameTest {
    /// Whether a name passes, as far as the schema knows it and its namespace.
    pub(crate) fn takes(self, namespace: Option<NamespaceId>, name: Option<NameId>) -> bool {
        match self {
            NameTest::Any => true,
            NameTest::Namespace(wanted) => namespace == Some(wanted),
            NameTest::Name(wanted) => name == Some(wanted),
        }
    }
}
