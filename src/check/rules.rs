//! What `explain` asks of the rules' data.

use crate::diagnostic::Severity;
use crate::rules::{Role, RuleSet};
use crate::schema::NameId;

/// Whether any rule of the set reads the string-value of the children of a name, whoever decides it on the quick path.
pub(super) fn reads_text(set: &RuleSet, name: NameId) -> bool {
    let is_compared = |name| set.facts.children.iter().any(|facts| facts.name == Some(name) && !facts.literals.is_empty());
    set.keeps_text(name) || is_compared(name)
}

/// What a rule means when it fires.
pub(super) fn severity(role: Role) -> Severity {
    match role {
        Role::Error => Severity::Error,
        Role::Warning => Severity::Warning,
    }
}
