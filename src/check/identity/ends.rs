//! The end of an element that has constraints: its references are looked up, and its keys are passed to its ancestors.

use std::ops::Range;

use super::Tracker;
use super::fault::Fault;
use super::hosts::{Hosts, Open};
use super::scope::Lookup;
use crate::compiled::{Category, Compiled, ConstraintId, IdentityIndex};

impl Tracker {
    /// Ends the innermost element with constraints, which has this depth.
    pub(super) fn close_host(&mut self, schema: &Compiled, depth: u32) {
        let Some(host) = self.hosts.last(depth) else { return };
        let mut noted = std::mem::take(&mut self.noted);
        noted.extend(self.hosts.take_constraints(host));
        noted.sort_unstable();
        let known = self.faults.len();
        for id in &noted {
            self.look_up_references(schema, *id, host);
        }
        self.sort_faults(schema, known);
        let known = self.faults.len();
        for id in &noted {
            self.close_scope(schema, *id, host);
        }
        self.sort_faults(schema, known);
        noted.clear();
        self.noted = noted;
        self.hosts.pop();
    }

    /// Clause 4.3: checks that each reference of the element that ends is to one of its keys, whether its own or
    /// inherited from descendants.
    fn look_up_references(&mut self, schema: &Compiled, id: ConstraintId, host: Open) {
        let Some(Category::Keyref(key)) = schema.constraints.get(id.index()).map(|keyref| keyref.category) else {
            return;
        };
        let depth = self.hosts.depth(host);
        let (Some(place), own_place) = (self.active_at(id), self.active_at(key)) else { return };
        let Tracker { active, hosts, qualified, inherited, nodes, faults, incomplete, .. } = self;
        let Some(scope) = active.get_mut(place).and_then(|active| active.scopes.last_mut()) else { return };
        let mut references = std::mem::take(&mut scope.references);
        // The element with the key may be among what could not be read.
        let elsewhere = if incomplete.contains(depth) { Lookup::Unknown } else { Lookup::Missing };
        let own = own_place.and_then(|place| active.get(place)).and_then(|active| active.scope_at(depth));
        let keys = &qualified.keys;
        qualified.references.retain(&mut references, |(sequence, member)| {
            let lookup = own.map_or(elsewhere, |scope| scope.look_up(sequence, keys).or(elsewhere));
            let lookup = lookup.or(inherited.look_up(depth, key, sequence));
            if lookup == Lookup::Missing {
                faults.push(Fault::dangling(id, member.node(), sequence, nodes));
            }
            // Errors here are reported once; valid sequences are checked again by the ancestors.
            lookup == Lookup::Found && member.is_everywhere()
        });
        if let Some(outer) = hosts.outer(host).filter(|_| !references.is_empty())
            && let Some(scope) = active.get_mut(place).and_then(|active| active.scope(outer, hosts, qualified))
        {
            qualified.references.join(&mut scope.references, references);
        }
    }

    /// Section 3.11.5: passes keys on to the ancestors.
    fn close_scope(&mut self, schema: &Compiled, id: ConstraintId, host: Open) {
        let depth = self.hosts.depth(host);
        let Some(place) = self.active_at(id) else { return };
        let Tracker { active, hosts, qualified, inherited, nodes, faults, incomplete, .. } = self;
        let Some(active) = active.get_mut(place) else { return };
        let Some(scope) = active.scopes.pop_if(|scope| scope.depth == depth) else { return };
        // An ancestor with the same constraint will have these keys as its own, so they need not be passed to it,
        // unless an element in between has references to them.
        let outer = hosts.outer(host);
        let between = outer.map_or(0, |outer| hosts.depth(outer) + 1)..depth;
        let is_asked_for = is_referred_to(&schema.identity_index, hosts, id, between);
        let is_handed_on = is_asked_for || scope.has_local_keys;
        if is_handed_on && is_referred_to(&schema.identity_index, hosts, id, 0..depth) {
            let handed_on = qualified.keys.members(&scope.keys);
            let handed_on = handed_on.filter(|(_, member)| is_asked_for || !member.is_everywhere());
            let is_incomplete = scope.is_incomplete || incomplete.contains(depth);
            inherited.add_own(depth, id, handed_on.map(|(sequence, _)| sequence), is_incomplete);
        }
        match outer.and_then(|outer| active.scope(outer, hosts, qualified)) {
            Some(outer) => outer.merge_inner(id, scope, qualified, nodes, faults),
            None => qualified.keys.release(scope.keys),
        }
    }

    /// Passes what an element inherited from its descendants on to its parent.
    pub(super) fn pass_up(&mut self, schema: &Compiled, depth: u32) {
        if self.inherited.depth() == Some(depth) {
            let hosts = &self.hosts;
            self.inherited.pass_up(depth, |key| is_referred_to(&schema.identity_index, hosts, key, 0..depth));
        }
    }
}

/// Whether an open element in a range of depths has references to a key.
fn is_referred_to(index: &IdentityIndex, hosts: &Hosts, key: ConstraintId, depths: Range<u32>) -> bool {
    let Some(last) = depths.end.checked_sub(1) else { return false };
    let mut referrers = index.referrers(key).iter();
    referrers.any(|host| hosts.up_to(*host, last).is_some_and(|open| hosts.depth(open) >= depths.start))
}
