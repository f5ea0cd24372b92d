//! Identity constraints in documents (part 1, section 3.11.4): keys that are unique and there, references that lead to
//! one.
//!
//! The plain version is the Recommendation's: at the end of an element with a constraint, find what the selector
//! selects in it, of each of these what the fields select, and compare the values; then look for each reference among
//! the keys of this element and of those in it. That walks over a part of the document once for each element with a
//! constraint around it. What is here walks over nothing: it is told of each element when it begins and when it ends,
//! by either way through a document, and keeps
//!
//! - how far each path is at the open element and those around it (`progress`): one word a path, whatever the number of
//!   elements that it began at. Which ones these are follows from the depth;
//! - values as numbers, so that keys are compared as numbers (`values`);
//! - the keys of each open element with the constraint, once each (`scope`): where one with the same constraint is in
//!   another, the keys of the inner one are poured into those of the outer one when it ends (`ends`);
//! - the tables of keys that elements hand to those around them, for references that stand further out (`tables`).
//!
//! Here is what the tracker is told, element by element; each constraint then does its own part (`active`).
//!
//! Work is linear in the document, times what a schema has to provoke: a reference is looked up once for each open
//! element that has its constraint; a key is handed on once for each such element where those with keys and those with
//! references stand in one another by turns; a field with `.//` is offered to all the selected elements around. Each of
//! the three is at most `Limits::depth`. Memory is linear in the keys, and kept for the next document.
//!
//! What could not be read is no key, and nothing is said about what may be among it: see `Tracker::spoil`.

mod active;
mod content;
mod ends;
mod fault;
mod nodes;
mod progress;
mod scope;
mod span;
mod tables;

mod values;

use crate::compiled::{Compiled, ConstraintId, NameId, NamespaceId, Path};

use active::{Active, Found, Offer};
pub(crate) use content::{Begin, Content};
pub(crate) use fault::{Breach, Fault};
pub(crate) use nodes::NodeId;
use nodes::Nodes;
use progress::Origins;
pub(crate) use span::Span;
use tables::Inherited;
use values::Values;

/// Bytes of memory that are kept from one document to the next.
const KEPT: usize = 1 << 22;

/// What is known of the constraints of the open elements.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    /// Something was told since it was cleared.
    is_used: bool,
    /// The open elements, from the outermost with a constraint on.
    levels: Vec<Level>,
    /// The constraints that open elements have.
    active: Vec<Active>,
    /// Memory for those.
    spare: Vec<Active>,
    values: Values,
    nodes: Nodes,
    inherited: Inherited,
    origins: Origins,
    faults: Vec<Fault>,
}

#[derive(Debug, Clone, Copy)]
struct Level {
    tag: Span,
    is_nillable: bool,
    /// It is a field of something.
    is_wanted: bool,
    /// Its attributes may be.
    wants_attributes: bool,
}

impl Tracker {
    /// Some element of the document had a constraint.
    #[inline]
    pub(crate) fn is_used(&self) -> bool {
        self.is_used
    }

    /// Forgets the document, and the memory where that is much.
    #[cold]
    pub(crate) fn clear(&mut self) {
        if self.values.size() + self.nodes.size() > KEPT {
            *self = Tracker::default();
            return;
        }
        self.is_used = false;
        self.levels.clear();
        self.spare.append(&mut self.active);
        self.faults.clear();
        self.forget();
    }

    fn forget(&mut self) {
        self.values.clear();
        self.nodes.clear();
        self.inherited.clear();
    }

    /// No open element has a constraint: nothing has to be told but elements that have one.
    #[inline]
    pub(crate) fn is_idle(&self) -> bool {
        self.levels.is_empty()
    }

    /// An element begins; before its attributes.
    pub(crate) fn begin(&mut self, schema: &Compiled, element: &Begin<'_>) {
        if self.levels.is_empty() {
            if element.constraints.is_empty() {
                return;
            }
            self.is_used = true;
            self.forget();
        }
        let depth = self.levels.len() as u32;
        for active in &mut self.active {
            active.enter(active.of(schema), element.namespace, element.name);
        }
        for id in element.constraints {
            self.open_scope(schema, *id, depth);
        }
        let (tag, is_nillable) = (element.tag, element.is_nillable);
        let mut level = Level { tag, is_nillable, is_wanted: false, wants_attributes: false };
        for active in &mut self.active {
            let constraint = active.of(schema);
            active.select(constraint, depth);
            active.note_wishes(constraint, &mut level);
        }
        self.levels.push(level);
    }

    fn open_scope(&mut self, schema: &Compiled, id: ConstraintId, depth: u32) {
        let constraint = &schema.constraints[id.index()];
        if let Some(known) = self.active.iter_mut().find(|active| active.constraint == id) {
            return known.open_scope(constraint, depth);
        }
        let mut active = self.spare.pop().unwrap_or_else(|| Active::new(id));
        active.renew(id, constraint);
        active.open_scope(constraint, depth);
        self.active.push(active);
    }

    /// Whether attributes of the element that has just begun may be fields.
    pub(crate) fn wants_attributes(&self) -> bool {
        self.levels.last().is_some_and(|level| level.wants_attributes)
    }

    /// Whether the open element is a field, and its value was not told yet.
    pub(crate) fn wants_value(&self) -> bool {
        self.levels.last().is_some_and(|level| level.is_wanted)
    }

    /// An attribute of the element that has just begun, a default one included.
    pub(crate) fn attribute(
        &mut self,
        schema: &Compiled,
        namespace: Option<NamespaceId>,
        name: Option<NameId>,
        content: Content<'_>,
        place: Span,
    ) {
        if self.wants_attributes() {
            let is_it = |path: &Path| path.attribute.is_some_and(|test| test.takes(namespace, name));
            self.offer(schema, is_it, content, place, false);
        }
    }

    /// The value of the open element.
    pub(crate) fn value(&mut self, schema: &Compiled, content: Content<'_>, place: Span) {
        let Some(level) = self.levels.last_mut() else { return };
        let is_nillable = level.is_nillable;
        if std::mem::replace(&mut level.is_wanted, false) {
            self.offer(schema, |path| path.attribute.is_none(), content, place, is_nillable);
        }
    }

    /// Gives a value to all fields that it is.
    fn offer(
        &mut self,
        schema: &Compiled,
        is_it: impl Fn(&Path) -> bool,
        content: Content<'_>,
        place: Span,
        is_nillable: bool,
    ) {
        let depth = self.levels.len().saturating_sub(1) as u32;
        let mut number = None;
        for active in &mut self.active {
            let constraint = active.of(schema);
            let mut first = constraint.selector.len();
            for (index, field) in constraint.fields.iter().enumerate() {
                let paths = (first..).zip(&field.paths).filter(|(_, path)| is_it(path));
                active.find_origins(paths, depth, &mut self.origins);
                first += field.paths.len();
                if self.origins.is_empty() {
                    continue;
                }
                let content = *number.get_or_insert_with(|| content.number(&mut self.values));
                let offer = Offer { constraint, field: index, content, place, is_nillable };
                active.give(&self.origins, &offer, &self.levels, &mut self.faults);
            }
        }
    }

    /// The open element ends; `rest` is its content where no value was told.
    pub(crate) fn end(&mut self, schema: &Compiled, rest: Content<'_>) {
        let Some(level) = self.levels.last().copied() else { return };
        self.value(schema, rest, level.tag);
        let depth = self.levels.len() as u32 - 1;
        let Tracker { active, values, nodes, origins, faults, .. } = self;
        let mut found = Found { values, nodes, origins, faults };
        for active in active {
            active.settle_target(active.of(schema), depth, level.tag, &mut found);
        }
        self.look_references_up(schema, depth);
        self.close_scopes(schema, depth);
        self.active.iter_mut().for_each(Active::leave);
        self.spare.extend(self.active.extract_if(.., |active| active.scopes.is_empty()));
        self.levels.pop();
    }

    /// Something in the open element could not be read: fields and keys may be missing that are there.
    pub(crate) fn spoil(&mut self) {
        self.spoil_fields();
        self.active.iter_mut().for_each(Active::spoil_scopes);
        self.inherited.spoil();
    }

    /// Something is missing in the open element, and that was said: it may be a field.
    pub(crate) fn spoil_fields(&mut self) {
        self.active.iter_mut().for_each(Active::spoil_targets);
    }

    /// Whether a constraint is broken by what was told so far.
    pub(crate) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// What was found since this was asked last.
    pub(crate) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// Where the fields of a selected element stand, as long as no other outermost element with a constraint has begun;
    /// a default value stands nowhere.
    pub(crate) fn fields(&self, node: NodeId) -> &[Span] {
        self.nodes.fields(node)
    }

    /// All of them together.
    pub(crate) fn place(&self, node: NodeId) -> Span {
        self.nodes.place(node)
    }
}
