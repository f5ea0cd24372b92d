//! The end of an element that has constraints: its references are looked up, and its keys go to the elements around.

use std::ops::Range;

use super::Tracker;
use super::active::Active;
use super::fault::Fault;
use super::tables::Lookup;
use crate::compiled::{Category, Compiled, ConstraintId};

impl Tracker {
    /// Clause 4.3: each reference of the element that ends is to one of its keys, own ones or from elements in it.
    pub(super) fn look_references_up(&mut self, schema: &Compiled, depth: u32) {
        for index in 0..self.active.len() {
            let Some(active) = self.active.get_mut(index) else { return };
            let (id, Category::Keyref(key)) = (active.constraint, active.of(schema).category) else { continue };
            let Some(scope) = active.scopes.last_mut().filter(|scope| scope.depth == depth) else { continue };
            let mut references = std::mem::take(&mut scope.references);
            // What could not be read may have been the one element with the key.
            let elsewhere = if scope.is_incomplete { Lookup::Unknown } else { Lookup::Missing };
            let own = self.active.iter().find(|active| active.constraint == key);
            let own = own.and_then(|active| active.scope_at(depth));
            references.retain(|(sequence, member)| {
                let lookup = own.map_or(elsewhere, |scope| scope.look_up(*sequence).or(elsewhere));
                let lookup = lookup.or(self.inherited.look_up(depth, key, *sequence));
                if lookup == Lookup::Missing {
                    self.faults.push(Fault::dangling(id, member.node, &self.nodes));
                }
                // What is wrong here is told once; of what is right the elements around ask again.
                lookup == Lookup::Found && member.is_everywhere
            });
            if let Some([.., outer, _]) = self.active.get_mut(index).map(|active| active.scopes.as_mut_slice()) {
                outer.references.append(&mut references);
            }
        }
    }

    /// Section 3.11.5: keys go on to the elements around.
    pub(super) fn close_scopes(&mut self, schema: &Compiled, depth: u32) {
        for index in 0..self.active.len() {
            let Some(active) = self.active.get_mut(index) else { return };
            let Some(scope) = active.scopes.pop_if(|scope| scope.depth == depth) else { continue };
            let id = active.constraint;
            // What an element around with the same constraint will have as its own need not be handed to it, unless
            // somebody between asks for it.
            let outer = active.scopes.last().map(|scope| scope.depth);
            let is_asked_for = is_referred_to(schema, &self.active, id, outer.map_or(0, |outer| outer + 1)..depth);
            let is_handed_on = is_asked_for || scope.has_local_keys;
            if is_handed_on && is_referred_to(schema, &self.active, id, 0..depth) {
                let handed_on = scope.keys.iter().filter(|(_, member)| is_asked_for || !member.is_everywhere);
                let keys = handed_on.map(|(sequence, member)| (*sequence, member.node));
                self.inherited.add_own(depth, id, keys, scope.is_incomplete);
            }
            if let Some(outer) = self.active.get_mut(index).and_then(|active| active.scopes.last_mut()) {
                outer.pour(id, scope, &self.nodes, &mut self.faults);
            }
        }
        let active = &self.active;
        self.inherited.rise(depth, |key| is_referred_to(schema, active, key, 0..depth));
    }
}

/// Whether an open element of some depths has references to a key.
fn is_referred_to(schema: &Compiled, active: &[Active], key: ConstraintId, depths: Range<u32>) -> bool {
    active.iter().any(|active| {
        let below = active.scopes.partition_point(|scope| scope.depth < depths.end);
        let outer = active.scopes.get(..below).and_then(<[_]>::last);
        active.of(schema).category == Category::Keyref(key) && outer.is_some_and(|scope| scope.depth >= depths.start)
    })
}
