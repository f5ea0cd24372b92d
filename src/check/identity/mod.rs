//! Identity constraints in documents (part 1, section 3.11.4): keys that are unique and there, references that lead to
//! one.
//!
//! The plain version is the Recommendation's: at the end of an element with a constraint, find what the selector selects
//! in it, of each of these what the fields select, and compare the values; then look for each reference among the keys
//! of this element and of those in it. That walks over a part of the document once for each element with a constraint
//! around it. What is here walks over nothing: it is told of each element when it begins and when it ends, by either way
//! through a document, and keeps
//!
//! - how far each path is at the open element and those around it (`progress`): one word a path, whatever the number of
//!   elements that it began at. Which ones these are follows from the depth;
//! - values as numbers, so that keys are compared as numbers (`values`);
//! - the keys of each open element with the constraint, once each: where one with the same constraint is in another,
//!   the keys of the inner one are poured into those of the outer one when it ends;
//! - the tables of keys that elements hand to those around them, for references that stand further out (`tables`).
//!
//! Work is linear in the document, times what a schema has to provoke: a reference is looked up once for each open
//! element that has its constraint; a key is handed on once for each such element where those with keys and those with
//! references stand in one another by turns; a field with `.//` is offered to all the selected elements around. Each of
//! the three is at most `Limits::depth`. Memory is linear in the keys, and kept for the next document.
//!
//! What could not be read is no key, and nothing is said about what may be among it: see `Tracker::spoil`.

mod progress;
mod tables;
mod values;

use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use crate::compiled::{Category, Compiled, ConstraintId, IdentityConstraint, NameId, NamespaceId, Path};
use crate::datatype::{Context, SimpleType};

use progress::{Origins, Progress};
use tables::{Inherited, Lookup};
use values::{ByNumber, ValueId, Values};

/// Values for which memory is kept from one document to the next.
const KEPT: usize = 1 << 16;

/// Bytes of the document; those from 0 to 0: nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Span {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Span {
    /// Documents are shorter than 4 GiB.
    pub(crate) fn new(range: Range<usize>) -> Span {
        Span { start: range.start as u32, end: range.end as u32 }
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    pub(crate) fn is_nowhere(self) -> bool {
        self.end == 0
    }

    fn hull(self, other: Span) -> Span {
        match (self.is_nowhere(), other.is_nowhere()) {
            (true, _) => other,
            (_, true) => self,
            _ => Span { start: self.start.min(other.start), end: self.end.max(other.end) },
        }
    }
}

/// An element that begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Begin<'s> {
    /// The constraints of its declaration.
    pub(crate) constraints: &'s [ConstraintId],
    pub(crate) namespace: Option<NamespaceId>,
    pub(crate) name: Option<NameId>,
    /// Its declaration is.
    pub(crate) is_nillable: bool,
    /// Its start tag.
    pub(crate) tag: Span,
}

/// What an element or attribute holds.
#[derive(Clone, Copy)]
pub(crate) enum Content<'v> {
    /// A valid value, the default one included, with what is around it.
    Value(&'v SimpleType, &'v str, &'v dyn Context),
    /// No value, since its type is not simple.
    NotSimple,
    /// No value, since it is nil; its type is simple.
    Nil,
    /// A value that is not valid, which was said.
    Unknown,
}

/// What breaks a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breach {
    /// Another one has the same key (4.1, 4.2.2).
    Duplicate(NodeId, NodeId),
    /// It has not all the fields of the key (4.2.1).
    Missing,
    /// A field of a key may be nil (4.2.3).
    Nillable,
    /// A field is several nodes (3).
    Several(Span),
    /// A field is no simple value (3).
    NotSimple,
    /// No key is what it refers to (4.3).
    Dangling(NodeId),
}

/// A constraint that is not satisfied (cvc-identity-constraint).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) constraint: ConstraintId,
    /// Which field it is about, where it is about one.
    pub(crate) field: usize,
    pub(crate) breach: Breach,
    /// What is at fault.
    pub(crate) place: Span,
    /// The start tag of the selected element.
    pub(crate) element: Span,
}

/// A selected element with all its fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

#[derive(Debug, Clone, Copy)]
struct Node {
    tag: Span,
    /// Its first field in `Nodes::fields`, and how many there are.
    first: u32,
    count: u32,
}

/// The elements that have a key-sequence.
#[derive(Debug, Default)]
struct Nodes {
    nodes: Vec<Node>,
    /// Where their fields stand.
    fields: Vec<Span>,
}

impl Nodes {
    fn clear(&mut self) {
        self.nodes.clear();
        self.fields.clear();
    }

    fn add(&mut self, tag: Span, fields: impl Iterator<Item = Span>) -> NodeId {
        let first = self.fields.len() as u32;
        self.fields.extend(fields);
        self.nodes.push(Node { tag, first, count: self.fields.len() as u32 - first });
        NodeId(self.nodes.len() as u32 - 1)
    }

    fn tag(&self, NodeId(node): NodeId) -> Span {
        self.nodes.get(node as usize).map_or(Span::default(), |node| node.tag)
    }

    fn fields(&self, NodeId(node): NodeId) -> &[Span] {
        let Some(node) = self.nodes.get(node as usize) else { return &[] };
        self.fields.get(node.first as usize..(node.first + node.count) as usize).unwrap_or_default()
    }

    /// All its fields; the start tag where none stands in the document.
    fn place(&self, node: NodeId) -> Span {
        let hull = self.fields(node).iter().fold(Span::default(), |hull, field| hull.hull(*field));
        if hull.start == hull.end { self.tag(node) } else { hull }
    }
}

/// What is known of the constraints of the open elements.
#[derive(Debug, Default)]
pub(crate) struct Tracker {
    /// The open elements, from the outermost with a constraint on.
    levels: Vec<Level>,
    /// The constraints that open elements have.
    active: Vec<Active>,
    spare: Vec<Active>,
    values: Values,
    nodes: Nodes,
    inherited: Inherited,
    origins: Origins,
    spelling: String,
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

/// A constraint that some open element has.
#[derive(Debug, Default)]
struct Active {
    constraint: Option<ConstraintId>,
    progress: Progress,
    /// The elements that have it, outermost first.
    scopes: Vec<Scope>,
    /// The open elements that it selects, outermost first.
    targets: Vec<Target>,
    /// Their fields, so many each as the constraint has.
    fields: Vec<Slot>,
}

/// An open element with a constraint.
#[derive(Debug)]
struct Scope {
    depth: u32,
    /// Of a key: the qualified node set.
    keys: ByNumber<ValueId, Member>,
    /// Of a reference: the same.
    references: Vec<(ValueId, Member)>,
    /// Some of the keys are selected from this element alone.
    has_local_keys: bool,
    is_incomplete: bool,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    node: NodeId,
    /// It is selected from all elements further out that have the constraint as well.
    is_everywhere: bool,
}

/// An open element that is selected.
#[derive(Debug, Clone, Copy)]
struct Target {
    depth: u32,
    /// What there is to say of it was said.
    is_settled: bool,
}

/// A field of one.
#[derive(Debug, Clone, Copy)]
enum Slot {
    Empty,
    /// It is there, without a value.
    Nil(Span),
    Value(ValueId, Span),
}

impl Tracker {
    /// Forgets the document.
    pub(crate) fn clear(&mut self) {
        if self.values.len() > KEPT {
            *self = Tracker::default();
            return;
        }
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
            self.forget();
        }
        let depth = self.levels.len() as u32;
        for active in &mut self.active {
            let paths = active.of(schema).into_iter().flat_map(paths);
            active.progress.enter(paths, element.namespace, element.name);
        }
        for constraint in element.constraints {
            self.open_scope(schema, *constraint, depth);
        }
        let (tag, is_nillable) = (element.tag, element.is_nillable);
        let mut level = Level { tag, is_nillable, is_wanted: false, wants_attributes: false };
        for active in &mut self.active {
            if let Some(constraint) = active.of(schema) {
                active.select(constraint, depth);
                active.note_wishes(constraint, &mut level);
            }
        }
        self.levels.push(level);
    }

    fn open_scope(&mut self, schema: &Compiled, id: ConstraintId, depth: u32) {
        let known = self.active.iter().position(|active| active.constraint == Some(id));
        let index = known.unwrap_or_else(|| {
            let mut active = self.spare.pop().unwrap_or_default();
            active.constraint = Some(id);
            active.scopes.clear();
            active.targets.clear();
            active.fields.clear();
            active.progress.reset(active.of(schema).map_or(0, |constraint| paths(constraint).count()));
            self.active.push(active);
            self.active.len() - 1
        });
        let Some(active) = self.active.get_mut(index) else { return };
        let selectors = active.of(schema).map_or(0, |constraint| constraint.selector.len());
        (0..selectors).for_each(|number| active.progress.begin(number));
        active.scopes.push(Scope {
            depth,
            keys: ByNumber::default(),
            references: Vec::new(),
            has_local_keys: false,
            is_incomplete: false,
        });
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
        let mut offer = None;
        for active in &mut self.active {
            let Some(constraint) = active.of(schema) else { continue };
            let mut number = constraint.selector.len();
            for (index, field) in constraint.fields.iter().enumerate() {
                self.origins.clear();
                for path in &field.paths {
                    if is_it(path) && active.progress.is_there(number, path) {
                        self.origins.add(path, depth);
                    }
                    number += 1;
                }
                if self.origins.is_empty() {
                    continue;
                }
                let content = *offer.get_or_insert_with(|| spelled(&mut self.values, &mut self.spelling, content));
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
        for active in &mut self.active {
            if let Some(constraint) = active.of(schema) {
                active.settle_target(
                    constraint,
                    depth,
                    level.tag,
                    &mut Found {
                        values: &mut self.values,
                        nodes: &mut self.nodes,
                        origins: &mut self.origins,
                        faults: &mut self.faults,
                    },
                );
            }
        }
        self.look_references_up(schema, depth);
        self.close_scopes(schema, depth);
        let active = &self.active;
        self.inherited.rise(depth, |key| is_referred_to(schema, active, key, 0..depth));
        self.active.iter_mut().for_each(|active| active.progress.leave());
        self.spare.extend(self.active.extract_if(.., |active| active.scopes.is_empty()));
        self.levels.pop();
    }

    /// Clause 4.3, for the references of the element that ends.
    fn look_references_up(&mut self, schema: &Compiled, depth: u32) {
        for index in 0..self.active.len() {
            let Some(active) = self.active.get_mut(index) else { return };
            let Some(Category::Keyref(key)) = active.of(schema).map(|constraint| constraint.category) else { continue };
            let (id, Some(scope)) = (active.constraint, active.scope_at(depth)) else { continue };
            let mut references = std::mem::take(&mut scope.references);
            let is_incomplete = scope.is_incomplete;
            let own = self.active.iter_mut().find(|active| active.constraint == Some(key));
            let own = own.and_then(|active| active.scope_at(depth));
            references.retain(|(sequence, member)| {
                let own = own.as_ref().map_or(Lookup::Missing, |scope| match scope.keys.contains_key(sequence) {
                    true => Lookup::Found,
                    false if scope.is_incomplete => Lookup::Unknown,
                    false => Lookup::Missing,
                });
                match (own, self.inherited.look_up(depth, key, *sequence)) {
                    (Lookup::Found, _) | (_, Lookup::Found) => true,
                    (Lookup::Unknown, _) | (_, Lookup::Unknown) => false,
                    _ if is_incomplete => false,
                    _ => {
                        self.faults.extend(id.map(|constraint| Fault {
                            constraint,
                            field: 0,
                            breach: Breach::Dangling(member.node),
                            place: self.nodes.place(member.node),
                            element: self.nodes.tag(member.node),
                        }));
                        false
                    }
                }
            });
            references.retain(|(_, member)| member.is_everywhere);
            let scopes = self.active.get_mut(index).map(|active| &mut active.scopes);
            if let Some([.., outer, _]) = scopes.map(Vec::as_mut_slice) {
                outer.references.append(&mut references);
            }
        }
    }

    /// Section 3.11.5: keys go on to the elements around.
    fn close_scopes(&mut self, schema: &Compiled, depth: u32) {
        for index in 0..self.active.len() {
            let Some(active) = self.active.get_mut(index) else { return };
            let Some(scope) = active.scopes.pop_if(|scope| scope.depth == depth) else { continue };
            let Some(id) = active.constraint else { continue };
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
    }

    /// Something in the open element could not be read: fields and keys may be missing that are there.
    pub(crate) fn spoil(&mut self) {
        self.spoil_fields();
        let scopes = self.active.iter_mut().flat_map(|active| &mut active.scopes);
        scopes.for_each(|scope| scope.is_incomplete = true);
        self.inherited.spoil();
    }

    /// Something is missing in the open element, and that was said: it may be a field.
    pub(crate) fn spoil_fields(&mut self) {
        let targets = self.active.iter_mut().flat_map(|active| &mut active.targets);
        targets.for_each(|target| target.is_settled = true);
    }

    /// Whether a constraint is broken by what was told so far.
    pub(crate) fn has_faults(&self) -> bool {
        !self.faults.is_empty()
    }

    /// What was found since this was asked last.
    pub(crate) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// Where the fields of a selected element stand, as long as no other outermost element with a constraint has begun; a
    /// default value stands nowhere.
    pub(crate) fn fields(&self, node: NodeId) -> &[Span] {
        self.nodes.fields(node)
    }

    /// All of them together.
    pub(crate) fn place(&self, node: NodeId) -> Span {
        self.nodes.place(node)
    }
}

/// The type of an attribute that every element may have: `xsi:type`, `xsi:nil`, `xsi:schemaLocation` or
/// `xsi:noNamespaceSchemaLocation` (section 3.2.7).
pub(crate) fn instance_type(local: &str) -> Option<Arc<SimpleType>> {
    match local {
        "type" => SimpleType::built_in("QName"),
        "nil" => SimpleType::built_in("boolean"),
        "schemaLocation" => SimpleType::list(&SimpleType::built_in("anyURI")?, None).ok(),
        _ => SimpleType::built_in("anyURI"),
    }
}

/// Whether an open element of some depths has references to a key.
fn is_referred_to(schema: &Compiled, active: &[Active], key: ConstraintId, depths: Range<u32>) -> bool {
    active.iter().any(|active| {
        let below = active.scopes.partition_point(|scope| scope.depth < depths.end);
        active.of(schema).is_some_and(|constraint| constraint.category == Category::Keyref(key))
            && active.scopes.get(..below).and_then(<[Scope]>::last).is_some_and(|scope| scope.depth >= depths.start)
    })
}

/// The paths of a constraint: those of the selector, then those of the fields.
fn paths(constraint: &IdentityConstraint) -> impl Iterator<Item = &Path> {
    constraint.selector.iter().chain(constraint.fields.iter().flat_map(|field| &field.paths))
}

fn spelled(values: &mut Values, spelling: &mut String, content: Content<'_>) -> Offered {
    match content {
        Content::Value(simple, text, context) => {
            spelling.clear();
            match simple.spell_across_types(text, context, spelling) {
                true => Offered::Value(values.value(spelling)),
                false => Offered::Unknown,
            }
        }
        Content::NotSimple => Offered::NotSimple,
        Content::Nil => Offered::Nil,
        Content::Unknown => Offered::Unknown,
    }
}

/// `Content` with the value as a number.
#[derive(Debug, Clone, Copy)]
enum Offered {
    Value(ValueId),
    NotSimple,
    Nil,
    Unknown,
}

/// What is given to a field.
struct Offer<'s> {
    constraint: &'s IdentityConstraint,
    field: usize,
    content: Offered,
    place: Span,
    is_nillable: bool,
}

/// Where what is found goes.
struct Found<'t> {
    values: &'t mut Values,
    nodes: &'t mut Nodes,
    origins: &'t mut Origins,
    faults: &'t mut Vec<Fault>,
}

impl Active {
    fn of<'s>(&self, schema: &'s Compiled) -> Option<&'s IdentityConstraint> {
        schema.constraints.get(self.constraint?.index())
    }

    fn scope_at(&mut self, depth: u32) -> Option<&mut Scope> {
        self.scopes.last_mut().filter(|scope| scope.depth == depth)
    }

    /// Begins a target where the selector leads to the element that begins.
    fn select(&mut self, constraint: &IdentityConstraint, depth: u32) {
        let progress = &self.progress;
        let mut selectors = constraint.selector.iter().enumerate();
        if !selectors.any(|(number, path)| progress.is_there(number, path)) {
            return;
        }
        let count = constraint.selector.len()..paths(constraint).count();
        count.for_each(|number| self.progress.begin(number));
        self.targets.push(Target { depth, is_settled: false });
        self.fields.extend(constraint.fields.iter().map(|_| Slot::Empty));
    }

    fn note_wishes(&self, constraint: &IdentityConstraint, level: &mut Level) {
        if self.targets.is_empty() {
            return;
        }
        for (number, path) in paths(constraint).enumerate().skip(constraint.selector.len()) {
            if self.progress.is_there(number, path) {
                level.is_wanted |= path.attribute.is_none();
                level.wants_attributes |= path.attribute.is_some();
            }
        }
    }

    /// Gives a value to a field of the targets where its paths began.
    fn give(&mut self, origins: &Origins, offer: &Offer<'_>, levels: &[Level], faults: &mut Vec<Fault>) {
        for index in 0..self.targets.partition_point(|target| Some(target.depth) <= origins.up_to()) {
            self.give_to(index, offer, levels, faults);
        }
        for depth in origins.exact() {
            if let Ok(index) = self.targets.binary_search_by_key(&depth, |target| target.depth) {
                self.give_to(index, offer, levels, faults);
            }
        }
    }

    fn give_to(&mut self, index: usize, offer: &Offer<'_>, levels: &[Level], faults: &mut Vec<Fault>) {
        let slot = self.fields.get_mut(index * offer.constraint.fields.len() + offer.field);
        let (Some(target), Some(slot)) = (self.targets.get_mut(index), slot) else { return };
        if target.is_settled {
            return;
        }
        let is_key = offer.constraint.category == Category::Key;
        let breach = match (*slot, offer.content) {
            // Clause 3: at most one node, of a simple type.
            (Slot::Value(_, first) | Slot::Nil(first), _) => Some(Breach::Several(first)),
            (Slot::Empty, Offered::NotSimple) => Some(Breach::NotSimple),
            // Clause 4.2.3.
            (Slot::Empty, Offered::Value(_) | Offered::Nil) if is_key && offer.is_nillable => Some(Breach::Nillable),
            (Slot::Empty, Offered::Nil) => {
                *slot = Slot::Nil(offer.place);
                None
            }
            (Slot::Empty, Offered::Value(value)) => {
                *slot = Slot::Value(value, offer.place);
                None
            }
            (Slot::Empty, Offered::Unknown) => {
                target.is_settled = true;
                None
            }
        };
        if let (Some(breach), Some(constraint)) = (breach, self.constraint) {
            target.is_settled = true;
            let element = levels.get(target.depth as usize).map_or(offer.place, |level| level.tag);
            let place = if offer.place.is_nowhere() { element } else { offer.place };
            faults.push(Fault { constraint, field: offer.field, breach, place, element });
        }
    }

    /// The element of a depth ends: if it is a target, its key-sequence is known now.
    fn settle_target(&mut self, constraint: &IdentityConstraint, depth: u32, tag: Span, found: &mut Found<'_>) {
        let (Some(id), Some(target)) = (self.constraint, self.targets.pop_if(|target| target.depth == depth)) else {
            return;
        };
        let first = self.targets.len() * constraint.fields.len();
        let slots = self.fields.get(first..).unwrap_or_default();
        let missing = slots.iter().position(|slot| slot.value().is_none());
        if missing.is_none() && !target.is_settled {
            let values = slots.iter().filter_map(Slot::value);
            let sequence = found.values.sequence(values.clone().map(|(value, _)| value));
            let node = found.nodes.add(tag, values.map(|(_, place)| place));
            self.find_origins(constraint, depth, found.origins);
            self.enter(id, constraint.category, sequence, node, found);
        } else if target.is_settled && !matches!(constraint.category, Category::Keyref(_)) {
            self.scopes.iter_mut().for_each(|scope| scope.is_incomplete = true);
        } else if let Some(field) = missing.filter(|_| constraint.category == Category::Key) {
            // Clause 4.2.1. Without a field it is not in the qualified node set, which of a key alone is wrong.
            found.faults.push(Fault { constraint: id, field, breach: Breach::Missing, place: tag, element: tag });
            self.scopes.iter_mut().for_each(|scope| scope.is_incomplete = true);
        }
        self.fields.truncate(first);
    }

    /// The elements that the innermost one is selected from.
    fn find_origins(&self, constraint: &IdentityConstraint, depth: u32, origins: &mut Origins) {
        origins.clear();
        for (number, path) in constraint.selector.iter().enumerate() {
            if self.progress.is_there(number, path) {
                origins.add(path, depth);
            }
        }
    }

    /// Puts a key-sequence where its element is selected from.
    fn enter(&mut self, id: ConstraintId, category: Category, sequence: ValueId, node: NodeId, found: &mut Found<'_>) {
        let mut first = None;
        let everywhere = self.scopes.iter().rposition(|scope| Some(scope.depth) <= found.origins.up_to());
        if let Some(scope) = everywhere.and_then(|index| self.scopes.get_mut(index)) {
            first = scope.add(category, sequence, Member { node, is_everywhere: true });
        }
        for depth in found.origins.exact() {
            let index = self.scopes.binary_search_by_key(&depth, |scope| scope.depth).ok();
            if let Some(scope) = index.and_then(|index| self.scopes.get_mut(index)) {
                first = first.or(scope.add(category, sequence, Member { node, is_everywhere: false }));
            }
        }
        found.faults.extend(first.map(|first| duplicate(id, node, first, found.nodes)));
    }
}

impl Slot {
    fn value(&self) -> Option<(ValueId, Span)> {
        match self {
            Slot::Value(value, place) => Some((*value, *place)),
            Slot::Empty | Slot::Nil(_) => None,
        }
    }
}

impl Scope {
    /// Adds a key or a reference; gives the element that has the same key.
    fn add(&mut self, category: Category, sequence: ValueId, member: Member) -> Option<NodeId> {
        match category {
            Category::Keyref(_) => {
                self.references.push((sequence, member));
                None
            }
            Category::Key | Category::Unique => {
                self.has_local_keys |= !member.is_everywhere;
                self.add_key(sequence, member)
            }
        }
    }

    /// Clauses 4.1 and 4.2.2; gives the element that has the same key.
    fn add_key(&mut self, sequence: ValueId, member: Member) -> Option<NodeId> {
        match self.keys.entry(sequence) {
            Entry::Vacant(slot) => {
                slot.insert(member);
                None
            }
            Entry::Occupied(mut slot) => {
                slot.get_mut().is_everywhere |= member.is_everywhere;
                (slot.get().node != member.node).then_some(slot.get().node)
            }
        }
    }

    /// Takes in the keys of an element in this one that has the same constraint.
    fn pour(&mut self, id: ConstraintId, mut inner: Scope, nodes: &Nodes, faults: &mut Vec<Fault>) {
        self.is_incomplete |= inner.is_incomplete;
        if inner.has_local_keys {
            inner.keys.retain(|_, member| member.is_everywhere);
        }
        if inner.keys.len() > self.keys.len() {
            std::mem::swap(&mut self.keys, &mut inner.keys);
        }
        for (sequence, member) in inner.keys {
            if let Some(other) = self.add_key(sequence, member) {
                let is_later = nodes.tag(other).start > nodes.tag(member.node).start;
                let (node, first) = if is_later { (other, member.node) } else { (member.node, other) };
                faults.push(duplicate(id, node, first, nodes));
            }
        }
    }
}

fn duplicate(constraint: ConstraintId, node: NodeId, first: NodeId, nodes: &Nodes) -> Fault {
    let (place, element) = (nodes.place(node), nodes.tag(node));
    Fault { constraint, field: 0, breach: Breach::Duplicate(node, first), place, element }
}
