//! Redefined groups that do not contain the original (part 1, section 4.2.2).

use super::Compiler;
use super::attribute::Resolved;
use super::restriction::{Restricted, Restriction};
use crate::compiled::NameId;
use crate::diagnostic::Code;
use crate::xsd::fault::fault;
use crate::xsd::model::Reference;

impl Compiler<'_> {
    /// Section 4.2.2, Redefinition Constraints and Semantics, clauses 6.2.2 and 7.2.2: groups that do not contain the
    /// original must restrict it.
    pub(super) fn check_redefined_groups(&mut self) {
        for (new, old) in &self.components.restricted_groups {
            // A group that could not be made was already reported.
            if let (Ok(base), Ok(own)) = (self.group(Reference { name: *old, place: new.place }), self.group(*new)) {
                let of = Restricted::Group(*old);
                self.restrictions.push(Restriction { place: new.place, own: Some(own), base, of });
            }
        }
        for (new, old) in &self.components.restricted_attribute_groups {
            let base = self.attribute_group(Reference { name: *old, place: new.place });
            if let (Ok(base), Ok(own)) = (base, self.attribute_group(*new)) {
                let is_there = |name: NameId| own.uses.iter().any(|found| found.attribute.name == name);
                let missing =
                    base.uses.iter().find(|found| found.attribute.required && !is_there(found.attribute.name));
                if let Some(missing) = missing {
                    let local = self.names.local(missing.attribute.name);
                    let message = format!("attribute `{local}` is required by the original attribute group");
                    self.faults.or_note(fault::<()>(Code::DerivationOkRestriction, new.place, message));
                    continue;
                }
                let restricted = self.restrict_attributes(&base, Resolved::clone(&own), new.place);
                self.faults.or_note(restricted);
            }
        }
    }
}
