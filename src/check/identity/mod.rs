//! Identity constraints in documents (part 1, section 3.11.4): keys that must exist and be unique, and references that
//! must lead to a key.
//!
//! The plain version is the Recommendation's: at the end of an element with a constraint, find the elements that the
//! selector selects in it, find what the fields select in each of these, and compare the values; then look for each
//! reference among the keys of this element and of its descendants. For each element with a constraint, that walks over
//! everything in it once more (the tests of this module do so). The tracker does not walk over anything again. The walk
//! tells it when elements begin and end, and it keeps
//!
//! - how far each path has matched at the open element and at its ancestors (`paths`), if it has matched at all;
//! - values as numbers, so that keys are compared as numbers (`values`);
//! - the keys of each open element with the constraint, without duplicates (`scope`): if an element with the same
//!   constraint is inside another, its keys are merged into those of the outer one when it ends (`ends`);
//! - the tables of keys that elements pass to their ancestors, for references further out (`tables`).
//!
//! The cost: an element that no path can reach costs nothing and need not be reported (`IdentityIndex::touches` and
//! `Tracker::expects` tell which ones); an element that is reached costs as much as the paths that reach it and the
//! results of its constraints. A constraint that is in scope and selects nothing costs nothing: only its element is
//! noted (`hosts`), and the constraint becomes active when its selector first matches (`active`).
//!
//! So the work is linear in the document, multiplied by a factor only for schemas made to cause it: a reference is
//! looked up once for each open element that has its constraint; a key is passed on once for each such element if
//! elements with keys and elements with references alternate in their nesting; a field with `.//` is offered to all
//! selected elements around it. Each of these three factors is at most `Limits::depth`. Memory is linear in the keys:
//! about fifty bytes per key, plus its text once (`values`, `sets`, `nodes`; adding many items moves nothing, see
//! `pieces`). The memory is kept for the next document (`sets`, `slots` and `chains` are designed for that: a second
//! document of the same kind allocates nothing).
//!
//! Content that could not be read provides no keys, and errors that it could explain are not reported: see
//! `Tracker::mark_incomplete`.

mod active;
mod chains;
mod content;
mod ends;
mod fault;
mod hosts;
mod levels;
mod nodes;
mod paths;
mod pieces;
mod scope;
mod sets;
mod slots;
mod span;
mod tables;
#[cfg(test)]
mod tests;

mod values;

use crate::compiled::{Category, Compiled, ConstraintId, IdentityIndex, NameId, NamespaceId, Path, PathId};

use active::{Active, Found, Offer};
pub(crate) use content::{Begin, Content};
use fault::Faults;
pub(crate) use fault::{Breach, Fault};
use hosts::Hosts;
use levels::{Horizon, Level};
pub(crate) use nodes::NodeId;
use nodes::Nodes;
use paths::{Child, Origins, Paths};
use scope::Qualified;
pub(crate) use span::Span;
use tables::Inherited;
use values::{ValueId, Values};

/// The number of bytes of memory kept from one document to the next.
const KEPT: usize = 1 << 22;

/// The number of bytes kept for what each constraint needs in addition to its keys.
const KEPT_EACH: usize = 1 << 12;

/// The state of the constraints of the open elements.
///
/// An open element is identified by its depth, which the walk passes in; a child's depth is its parent's plus one.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    /// Whether an element was reported since the last clear.
    is_used: bool,
    /// The open elements that were reported, starting with the outermost one that has a constraint.
    levels: Vec<Level>,
    hosts: Hosts,
    paths: Paths,
    /// The constraints that have selected something, followed by unused ones whose memory can be reused.
    active: Vec<Active>,
    /// The number of constraints in use.
    active_count: usize,
    /// For each `ConstraintId`, its index in `active` plus one; zero if it is not active.
    places: Vec<u32>,
    values: Values,
    nodes: Nodes,
    qualified: Qualified,
    inherited: Inherited,
    /// The selected elements that need no further report.
    settled: Horizon,
    /// The elements that may lack keys because something could not be read.
    incomplete: Horizon,
    faults: Faults,
    origins: Origins,
    noted: Vec<ConstraintId>,
}

impl Tracker {
    /// Whether some element of the document had a constraint.
    #[inline]
    pub(crate) fn is_used(&self) -> bool {
        self.is_used
    }

    /// Forgets the document, and frees the memory if there is a lot of it.
    #[cold]
    pub(crate) fn clear(&mut self) {
        if self.size() > KEPT {
            *self = Tracker::default();
            return;
        }
        self.is_used = false;
        self.forget();
    }

    /// The size of the memory in bytes, without that of `active`, whose items are limited individually.
    fn size(&self) -> usize {
        let lists = self.levels.capacity() * size_of::<Level>() + self.faults.size();
        let documents = self.values.size() + self.nodes.size() + self.qualified.size() + self.inherited.size();
        lists + documents + self.hosts.size() + self.paths.size() + self.places.capacity() * size_of::<u32>()
    }

    fn forget(&mut self) {
        self.levels.clear();
        self.faults.clear();
        self.release_active();
        self.values.clear();
        self.nodes.clear();
        self.qualified.clear();
        self.inherited.clear();
        self.paths.clear();
        self.hosts.clear();
        self.settled = Horizon::default();
        self.incomplete = Horizon::default();
    }

    fn release_active(&mut self) {
        for active in self.active.get(..self.active_count).unwrap_or_default() {
            if let Some(place) = self.places.get_mut(active.constraint.index()) {
                *place = 0;
            }
        }
        self.active_count = 0;
    }

    /// Whether no open element has a constraint; then only elements with constraints have to be reported.
    #[inline]
    pub(crate) fn is_idle(&self) -> bool {
        self.levels.is_empty()
    }

    /// Whether an element that begins at a depth can matter whatever its name is. Any other element matters only if
    /// `IdentityIndex::touches` its declaration. An element that does not matter need not be reported, and neither need
    /// its attributes and its value; its descendants can still matter.
    #[inline]
    pub(crate) fn expects(&self, depth: u32) -> bool {
        self.levels.last().is_some_and(|level| {
            level.takes_any_descendant || level.waits_for_any && Some(level.depth) == depth.checked_sub(1)
        })
    }

    /// Whether the end of an open element has to be reported: it was reported itself, or inherited something from its
    /// descendants.
    #[inline]
    pub(crate) fn ends_at(&self, depth: u32) -> bool {
        self.levels.last().is_some_and(|level| level.depth == depth) || self.inherited.depth() == Some(depth)
    }

    /// Begins an element at a depth; called before its attributes.
    pub(crate) fn begin(&mut self, schema: &Compiled, depth: u32, element: &Begin<'_>) {
        let index = &schema.identity_index;
        if self.levels.is_empty() {
            if element.constraints.is_empty() {
                return;
            }
            self.start(index, schema.constraints.len());
        }
        self.settled.lower(depth);
        self.incomplete.lower(depth);
        let marks = self.paths.marks();
        let child = Child { depth, namespace: element.namespace, name: element.name };
        self.take_steps(index, &child);
        let around = self.levels.last();
        self.levels.push(Level {
            depth,
            tag: element.tag,
            is_nillable: element.is_nillable,
            is_wanted: false,
            wants_attributes: false,
            waits_for_any: false,
            takes_any_descendant: around.is_some_and(|level| level.takes_any_descendant),
            marks,
        });
        self.open_host(index, element.constraints, depth);
        self.select(schema);
        self.note_expectations(index);
    }

    /// Begins the first element with constraints, possibly of another schema than before.
    fn start(&mut self, index: &IdentityIndex, constraints: usize) {
        self.is_used = true;
        let faults = std::mem::take(&mut self.faults);
        self.forget();
        self.faults = faults;
        self.paths.make_room(index);
        self.hosts.make_room(index);
        self.places.resize(constraints, 0);
    }

    /// Advances the paths that match a child.
    fn take_steps(&mut self, index: &IdentityIndex, child: &Child) {
        // This comes first: the steps waiting now wait for this child, not for its children.
        self.paths.advance(index, self.levels.last(), child);
        let around = child.depth.checked_sub(1);
        for step in index.steps_to(child.name) {
            let facts = index.path(step.path);
            let leads_to = match (step.step, facts.long) {
                (0, _) => {
                    let host = self.hosts.innermost(index.host(facts.constraint));
                    host.is_some_and(|host| facts.path.descends || Some(self.hosts.depth(host)) == around)
                }
                (steps, Some(long)) => around.is_some_and(|depth| self.paths.leads_to(long, depth, steps)),
                (_, None) => false,
            };
            if leads_to {
                self.paths.take(step.path, facts, step.step, child.depth);
            }
        }
    }

    /// Opens the innermost element as a host, if it has constraints.
    fn open_host(&mut self, index: &IdentityIndex, constraints: &[ConstraintId], depth: u32) {
        let Some(declaration) = constraints.first().map(|first| index.host(*first)) else { return };
        let Some(begun) = index.begun_by(declaration) else { return };
        let is_outermost = self.hosts.innermost(declaration).is_none();
        self.hosts.push(declaration, depth);
        begun.here.iter().for_each(|path| self.paths.reach(*path));
        begun.waiting.iter().for_each(|path| self.paths.wait(*path));
        if is_outermost {
            begun.roaming.iter().for_each(|path| self.paths.wait_for_descendants(*path));
        }
    }

    /// Clause 1: selects the innermost element by the constraints whose selectors match completely.
    fn select(&mut self, schema: &Compiled) {
        let Some(level) = self.levels.last().copied() else { return };
        let index = &schema.identity_index;
        for number in 0..self.paths.reached(level.marks).len() {
            let Some(path) = self.paths.reached(level.marks).get(number).copied() else { return };
            let facts = index.path(path);
            if facts.field.is_none() {
                self.select_by(schema, facts.constraint, &level);
            }
        }
        self.paths.sort_reached(level.marks);
    }

    /// Selects the innermost element by a constraint, whose fields begin there, and returns whether it was not selected
    /// before.
    fn select_by(&mut self, schema: &Compiled, id: ConstraintId, level: &Level) -> bool {
        let Some(constraint) = schema.constraints.get(id.index()) else { return false };
        let index = &schema.identity_index;
        let active = self.activate(id);
        let Some(is_outermost) = active.select(constraint, level.depth, level.tag) else { return false };
        index.fields(id).for_each(|path| self.paths.begin(path, index.path(path), is_outermost));
        true
    }

    fn activate(&mut self, id: ConstraintId) -> &mut Active {
        let place = self.active_at(id).unwrap_or_else(|| {
            let place = self.active_count;
            match self.active.get_mut(place) {
                Some(spare) => spare.renew(id),
                None => self.active.push(Active::new(id)),
            }
            self.active_count += 1;
            if let Some(known) = self.places.get_mut(id.index()) {
                *known = self.active_count as u32;
            }
            place
        });
        // `place` is the index of an item: it was found, or has just been added.
        &mut self.active[place]
    }

    /// The index of a constraint in `active`.
    fn active_at(&self, id: ConstraintId) -> Option<usize> {
        at(&self.places, id)
    }

    /// Notes what the innermost element, its attributes and its descendants can be.
    fn note_expectations(&mut self, index: &IdentityIndex) {
        let Some(level) = self.levels.last_mut() else { return };
        for path in self.paths.reached(level.marks) {
            let facts = index.path(*path);
            level.is_wanted |= facts.field.is_some() && facts.path.attribute.is_none();
            level.wants_attributes |= facts.path.attribute.is_some();
        }
        level.waits_for_any = self.paths.waits_for_any(index, level.marks);
        level.takes_any_descendant |= self.paths.takes_any_descendant(index, level.marks);
    }

    /// The level of the open element at a depth, if it was reported.
    fn level(&self, depth: u32) -> Option<&Level> {
        self.levels.last().filter(|level| level.depth == depth)
    }

    /// Whether attributes of the element at a depth, which has just begun, can be fields.
    pub(crate) fn wants_attributes(&self, schema: &Compiled, depth: u32) -> bool {
        let has_driven = !schema.identity_index.all_driven().is_empty();
        self.level(depth).is_some_and(|level| level.wants_attributes || has_driven)
    }

    /// Whether an attribute with this name can be a field.
    pub(crate) fn wants_attribute(&self, schema: &Compiled, depth: u32, name: Option<NameId>) -> bool {
        self.wants_attributes(schema, depth) && schema.identity_index.takes_attribute(name)
    }

    /// Whether the open element at a depth is a field whose value was not reported yet.
    pub(crate) fn wants_value(&self, depth: u32) -> bool {
        self.level(depth).is_some_and(|level| level.is_wanted)
    }

    /// Reports an attribute, given or with its default value, of the element at a depth, which has just begun.
    pub(crate) fn attribute(
        &mut self,
        schema: &Compiled,
        depth: u32,
        (namespace, name): (Option<NamespaceId>, Option<NameId>),
        content: Content<'_>,
        place: Span,
    ) {
        if !self.wants_attribute(schema, depth, name) {
            return;
        }
        for id in schema.identity_index.driven_by(name) {
            self.drive(schema, *id, depth);
        }
        let is_it = |path: &Path| path.attribute.is_some_and(|test| test.takes(namespace, name));
        self.offer(schema, is_it, content, place, false);
    }

    /// Handles an attribute that is a field of a constraint whose selector takes any element
    /// (`IdentityIndex::driven_by`): if an element around the innermost one has the constraint, the innermost one is
    /// selected.
    fn drive(&mut self, schema: &Compiled, id: ConstraintId, depth: u32) {
        let index = &schema.identity_index;
        let Some(level) = self.levels.last().copied() else { return };
        let host = index.host(id);
        let hosts = &self.hosts;
        let leads_here = |path: &PathId| {
            let origin = depth.checked_sub(index.path(*path).len() as u32);
            origin.is_some_and(|depth| hosts.up_to(host, depth).is_some())
        };
        if !index.selector(id).any(|path| leads_here(&path)) {
            return;
        }
        let before = self.paths.marks();
        index.selector(id).filter(leads_here).for_each(|path| self.paths.reach(path));
        if !self.select_by(schema, id, &level) {
            self.paths.forget_reached(before);
        }
    }

    /// Reports the value of the open element at a depth.
    pub(crate) fn value(&mut self, schema: &Compiled, depth: u32, content: Content<'_>, place: Span) {
        let Some(level) = self.levels.last_mut().filter(|level| level.depth == depth) else { return };
        let is_nillable = level.is_nillable;
        if std::mem::replace(&mut level.is_wanted, false) {
            self.offer(schema, |path| path.attribute.is_none(), content, place, is_nillable);
        }
    }

    /// Gives a value to all the fields that it belongs to.
    fn offer(
        &mut self,
        schema: &Compiled,
        is_it: impl Fn(&Path) -> bool,
        content: Content<'_>,
        place: Span,
        is_nillable: bool,
    ) {
        let Some(level) = self.levels.last() else { return };
        let (index, known, settled) = (&schema.identity_index, self.faults.len(), self.settled);
        let Tracker { paths, active, places, values, origins, faults, .. } = self;
        let mut number = None;
        for reached in index.by_field(paths.reached(level.marks)) {
            origins.clear();
            for facts in reached.iter().map(|path| index.path(*path)).filter(|facts| is_it(&facts.path)) {
                origins.add(facts, level.depth);
            }
            let of = reached.first().map(|path| index.path(*path)).filter(|_| !origins.is_empty());
            let Some((id, Some(field))) = of.map(|facts| (facts.constraint, facts.field)) else { continue };
            let active = at(places, id).and_then(|place| active.get_mut(place));
            let (Some(active), Some(constraint)) = (active, schema.constraints.get(id.index())) else { continue };
            let content = *number.get_or_insert_with(|| content.number(values));
            active.give(origins, &Offer { constraint, field, content, place, is_nillable, settled }, faults);
        }
        self.sort_faults(schema, known);
    }

    /// Ends the open element at a depth; `rest` is its content if no value was reported.
    pub(crate) fn end(&mut self, schema: &Compiled, depth: u32, rest: Content<'_>) {
        if let Some(level) = self.level(depth).copied() {
            self.value(schema, depth, rest, level.tag);
            self.settle_targets(schema, &level);
            self.close_host(schema, depth);
            self.paths.leave(level.marks);
            self.levels.pop();
        }
        self.pass_up(schema, depth);
        if self.levels.is_empty() {
            self.release_active();
        }
    }

    /// Completes the key-sequences of the constraints that selected the innermost element.
    fn settle_targets(&mut self, schema: &Compiled, level: &Level) {
        let (index, known, settled) = (&schema.identity_index, self.faults.len(), self.settled);
        let Tracker { paths, active, places, origins, values, nodes, qualified, hosts, faults, .. } = self;
        let mut found = Found { values, nodes, qualified, hosts, faults };
        for reached in index.by_field(paths.reached(level.marks)) {
            let of = reached.first().map(|path| index.path(*path)).filter(|facts| facts.field.is_none());
            let Some(id) = of.map(|facts| facts.constraint) else { continue };
            let active = at(places, id).and_then(|place| active.get_mut(place));
            let (Some(active), Some(constraint)) = (active, schema.constraints.get(id.index())) else { continue };
            origins.clear();
            reached.iter().for_each(|path| origins.add(index.path(*path), level.depth));
            active.settle_target(constraint, index.host(id), level.depth, settled, origins, &mut found);
        }
        self.sort_faults(schema, known);
    }

    /// Sorts errors that were found at the same time into the order of the constraints, those of outer elements first.
    fn sort_faults(&mut self, schema: &Compiled, known: usize) {
        let new = self.faults.from(known);
        if new.len() > 1 {
            let (index, hosts) = (&schema.identity_index, &self.hosts);
            new.sort_by_key(|fault| (hosts.outermost_depth(index.host(fault.constraint)), fault.constraint));
        }
    }

    /// Notes that something in the open element could not be read: existing fields and keys may be missing.
    pub(crate) fn mark_incomplete(&mut self) {
        self.settled = Horizon::ALL;
        self.incomplete = Horizon::ALL;
        self.inherited.mark_incomplete();
    }

    /// Notes that something is missing in the open element at a depth, which was reported: it may be a field.
    pub(crate) fn mark_fields_incomplete(&mut self, schema: &Compiled, depth: u32) {
        self.settled = Horizon::ALL;
        // These constraints may select the element too, although only its attributes would have shown that.
        let index = &schema.identity_index;
        for id in index.all_driven() {
            let is_unique = schema.constraints.get(id.index()).is_some_and(|known| known.category == Category::Unique);
            let origin = |path| depth.checked_sub(index.path(path).len() as u32);
            let host = index.host(*id);
            let is_selected = |path| origin(path).is_some_and(|depth| self.hosts.up_to(host, depth).is_some());
            if is_unique && index.selector(*id).any(is_selected) {
                self.activate(*id);
                let Tracker { active, hosts, qualified, places, .. } = self;
                let place = at(places, *id);
                if let Some(active) = place.and_then(|place| active.get_mut(place)) {
                    active.mark_incomplete(host, hosts, qualified);
                }
            }
        }
    }

    /// Whether what was reported so far violates a constraint.
    pub(crate) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// Takes the errors found since the last call.
    pub(crate) fn take_faults(&mut self) -> (Vec<Fault>, usize) {
        self.faults.take()
    }

    /// The places of the fields of a selected element; a default value is nowhere. They are valid until another
    /// outermost element with a constraint begins.
    pub(crate) fn fields(&self, node: NodeId) -> Vec<Span> {
        self.nodes.fields(node)
    }

    /// The values of a sequence, as `SimpleType::spell_across_types` writes them.
    pub(crate) fn spellings(&self, sequence: ValueId) -> Vec<String> {
        self.values.spellings(sequence)
    }

    /// The start tag of a selected element.
    pub(crate) fn tag(&self, node: NodeId) -> Span {
        self.nodes.tag(node)
    }

    /// Whether the innermost element is selected by a constraint.
    pub(crate) fn has_selected(&self) -> bool {
        let depth = self.levels.last().map(|level| level.depth);
        let active = self.active.get(..self.active_count).unwrap_or_default();
        active.iter().any(|active| depth.is_some_and(|depth| active.selects(depth)))
    }

    /// The range from the first to the last field of a selected element.
    pub(crate) fn place(&self, node: NodeId) -> Span {
        self.nodes.place(node)
    }
}

/// The index of a constraint among the active ones, if it is active.
fn at(places: &[u32], id: ConstraintId) -> Option<usize> {
    (*places.get(id.index())? as usize).checked_sub(1)
}
