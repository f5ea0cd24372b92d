//! The careful way: one text run and one tag, lexed, resolved, looked up and checked, whatever they are.

use super::ids::Default;
use super::{Attribute, Details, Event, Frame, Machine, Mode, Note, Stop, Text, scratch};
use crate::automaton::{Automaton, LeafId, StateId};
use crate::check::context::Around;
use crate::check::instance::{self, INSTANCE, is_instance};
use crate::check::table::{ModelTable, NONE, TypeTable};
use crate::check::white_space::is_white_space;
use crate::compiled::{
    AttributeUse, Compiled, Content, ElementId, Leaf, ModelId, NameId, NamespaceId, Process, StandIn, TypeDefinition,
    TypeId, Wildcard,
};
use crate::datatype::{Context, SimpleType};
use crate::rules::Seen;
use crate::xml::{RawAttribute, attribute_value, lex};

/// A namespace that no schema names.
const FOREIGN: NamespaceId = NamespaceId(u32::MAX);

/// Where an element that begins was found a place.
pub(super) struct Placed {
    /// Its declaration; `None`: a wildcard lets it pass undeclared.
    pub(super) element: Option<ElementId>,
    /// The edge of the table that it took (`NONE`: none).
    edge: u32,
    /// The processing of the wildcard that took it, if one did.
    pub(super) process: Option<Process>,
}

/// What the attributes of an element say of itself.
#[derive(Default)]
struct Instance {
    type_id: Option<TypeId>,
    nil: Option<bool>,
}

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    /// The next event, by the careful way.
    #[cold]
    #[inline(never)]
    pub(super) fn careful(&mut self) -> Result<Event, Stop> {
        if self.depth == 0 {
            return self.around_root();
        }
        if self.frame.empty {
            return match self.frame.mode {
                Mode::Simple => self.simple_text(Text::EMPTY),
                _ => self.end(),
            };
        }
        let run = lex::text_run(self.text, self.at)?;
        let text = Text { raw: run.raw, plain: run.plain };
        self.at += run.raw.len();
        match self.frame.mode {
            Mode::Elements | Mode::Model { mixed: false } => {
                if !run.blank && !text.resolve().bytes().all(is_white_space) {
                    return Err(Stop::Refused);
                }
                if let Some(rules) = self.rules().filter(|rules| rules.facts.any_text != 0) {
                    let has_text = !run.raw.is_empty() && !text.resolve().is_empty();
                    self.frame.facts |= if has_text { rules.facts.any_text } else { 0 };
                }
            }
            Mode::Model { mixed: true } | Mode::Any { .. } => {
                if !run.raw.is_empty() && !text.resolve().is_empty() {
                    self.frame.facts |= self.rules().map_or(0, |rules| rules.facts.any_text);
                    return Ok(self.note_text(text));
                }
            }
            Mode::Simple => return self.simple_text(text),
            Mode::SimpleRead | Mode::Empty => {
                if !run.raw.is_empty() && !text.resolve().is_empty() {
                    return Err(Stop::Refused);
                }
            }
        }
        match self.bytes.get(self.at + 1) {
            Some(b'/') => self.end(),
            Some(_) => self.open(),
            None => Err(Stop::Refused),
        }
    }

    /// What there is to know of the open element.
    fn details(&self) -> Details {
        self.details_of(&self.frame)
    }

    /// The same of one around it.
    fn details_of(&self, frame: &Frame) -> Details {
        if let Some(details) = self.scratch.details.get(frame.details as usize) {
            return *details;
        }
        let edge = self.table.edges.get(frame.edge as usize);
        Details {
            element: edge.map(|edge| edge.element),
            type_id: edge.map_or(self.schema.any_type, |edge| edge.type_id),
            name: (0, 0),
            // An element that was begun the quick way has nothing there.
            memory: self.scratch.memory.len() as u32,
            seen: self.scratch.seen.len() as u32,
        }
    }

    /// The name that the end tag of the open element has to repeat.
    fn name_as_written(&self) -> &str {
        let Details { element, name: (at, length), .. } = self.details();
        match element {
            // Begun the quick way: without a prefix.
            Some(element) if self.frame.details == NONE => self.schema.local_name(element),
            _ => self.text.get(at as usize..(at + length) as usize).unwrap_or_default(),
        }
    }

    fn around_root(&mut self) -> Result<Event, Stop> {
        if self.frame.state != self.table.finished {
            return self.open();
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        if rest != "\n" && !rest.is_empty() && lex::misc(self.text, self.at)? != self.text.len() {
            return Err(Stop::Refused);
        }
        self.at = self.text.len();
        self.scratch.ids.settle(self.schema)?;
        Ok(Event::Eof)
    }

    fn rules(&self) -> Option<&'s crate::check::table::RuleTable> {
        self.table.rules_at(self.frame.rules)
    }

    fn note_text(&mut self, text: Text<'a>) -> Event {
        if DECODE {
            // The walk stands behind the text.
            let Details { element, type_id, name: (at, length), .. } = self.details();
            let (first, last) = ((self.at - text.raw.len()) as u32, self.at as u32);
            let element = element.unwrap_or(ElementId(NONE));
            let event = Event::Text;
            let (nil, plain, normal) = (false, text.plain, false);
            let note = Note { element, type_id, at, length, prefix: 0, first, last, event, nil, plain, normal };
            self.scratch.notes.push(note);
        }
        Event::Text
    }

    /// The text of an element of a simple type, as it stands.
    fn simple_text(&mut self, text: Text<'a>) -> Result<Event, Stop> {
        let resolved = text.resolve();
        let details = self.details();
        let declaration = details.element.and_then(|element| self.schema.elements.get(element.index()));
        let constraint = declaration.and_then(|declaration| declaration.value.as_ref());
        let simple = self.simple_type()?;
        let around = Around { schema: self.schema, scopes: &self.scopes };
        let (value, context): (&str, &dyn Context) = match constraint {
            Some(constraint) if resolved.is_empty() => (&constraint.value, &constraint.bindings),
            _ => (&*resolved, &around),
        };
        simple.check_in(value, context).map_err(|_| Stop::Refused)?;
        if constraint.is_some_and(|constraint| constraint.fixed && !constraint.is(simple, value, context)) {
            return Err(Stop::Refused);
        }
        if simple.needs_context() {
            let ids = &mut self.scratch.ids;
            match details.element {
                Some(element) if resolved.is_empty() && constraint.is_some() => {
                    ids.add_default(Default::Element(element, details.type_id));
                }
                _ => simple.links(value, context, &mut |link, name| ids.add(link, name)),
            }
        }
        if !resolved.is_empty() {
            self.frame.facts |= self.rules().map_or(0, |rules| rules.facts.any_text);
        }
        if let Some(declaration) = declaration {
            self.tell_parent(declaration.name, &resolved, text);
        }
        self.track_text(simple, value, constraint.filter(|_| resolved.is_empty()));
        self.frame.mode = Mode::SimpleRead;
        Ok(self.note_text(text))
    }

    fn simple_type(&self) -> Result<&'s SimpleType, Stop> {
        match &self.schema.types[self.details().type_id.index()] {
            TypeDefinition::Simple(definition) => Ok(&definition.simple),
            TypeDefinition::Complex(complex) => match &complex.content {
                Content::Simple(simple) => Ok(simple),
                _ => Err(Stop::Unsure),
            },
        }
    }

    /// Facts and texts that the rules of the element around want of a child's text.
    fn tell_parent(&mut self, name: NameId, resolved: &str, text: Text<'a>) {
        // The walk stands behind the text (a text without bytes has no place to be wrong about).
        let end = self.at as u32;
        let Some(parent) = self.scratch.stack.get_mut(self.depth.wrapping_sub(1)) else { return };
        let Some(rules) = self.table.rules_at(parent.rules) else { return };
        if let Some(child) = rules.child(name) {
            for (literal, set) in &child.literals {
                if **literal == *resolved {
                    parent.facts |= set;
                }
            }
        }
        if !rules.late.is_empty()
            && let Some(seen) = self.scratch.seen.last_mut()
        {
            seen.text = (end - text.raw.len() as u32, text.raw.len() as u32);
            seen.plain = text.plain;
        }
    }

    /// The end of the open element.
    fn end(&mut self) -> Result<Event, Stop> {
        if !self.frame.empty {
            let (name, end) = lex::end_tag(self.text, self.at, self.limits)?;
            if name != self.name_as_written() {
                return Err(Stop::Refused);
            }
            self.at = end;
        }
        let complete = match self.frame.mode {
            Mode::Elements => self.table.states[self.frame.state as usize].accepting,
            Mode::Model { .. } => {
                let memory = self.scratch.memory.get(self.details().memory as usize..).unwrap_or_default();
                self.automaton()?.accepts(StateId(self.frame.state), memory)
            }
            Mode::Simple => false,
            Mode::SimpleRead | Mode::Empty | Mode::Any { .. } => true,
        };
        if !complete {
            return Err(Stop::Refused);
        }
        self.judge()?;
        self.track_end()?;
        if self.frame.details != NONE {
            let Details { memory, seen, .. } = self.details();
            self.scratch.memory.truncate(memory as usize);
            self.scratch.seen.truncate(seen as usize);
        }
        Ok(self.close())
    }

    fn model(&self) -> Result<ModelId, Stop> {
        match &self.schema.types[self.details().type_id.index()] {
            TypeDefinition::Complex(complex) => match complex.content {
                Content::Elements { model, .. } => Ok(model),
                _ => Err(Stop::Unsure),
            },
            TypeDefinition::Simple(_) => Err(Stop::Unsure),
        }
    }

    fn automaton(&self) -> Result<&'s Automaton, Stop> {
        Ok(&self.schema.models[self.model()?.index()].automaton)
    }

    /// What the rules say at the end of an element.
    fn judge(&mut self) -> Result<(), Stop> {
        let Some(rules) = self.rules() else { return Ok(()) };
        let facts = self.frame.facts;
        for fire in &rules.errors {
            if fire.fires(facts) && self.is_at(&fire.ancestors, &fire.unless)? {
                return Err(Stop::Refused);
            }
        }
        for fire in &rules.warnings {
            self.warned |= fire.fires(facts) && self.is_at(&fire.ancestors, &fire.unless)?;
        }
        if rules.late.is_empty() {
            return Ok(());
        }
        let children = self.scratch.seen.get(self.details().seen as usize..).unwrap_or_default();
        let seen = Seen {
            children: children.iter().map(|child| (child.name, self.seen_text(child).resolve())).collect(),
            ..Seen::default()
        };
        for rule in &rules.late {
            if rule.fires(&seen) && self.is_at(&rule.ancestors, &rule.unless)? {
                match rule.role {
                    crate::rules::Role::Error => return Err(Stop::Refused),
                    crate::rules::Role::Warning => self.warned = true,
                }
            }
        }
        Ok(())
    }

    fn seen_text(&self, child: &scratch::Child) -> Text<'a> {
        let (at, length) = (child.text.0 as usize, child.text.1 as usize);
        Text { raw: self.text.get(at..at + length).unwrap_or_default(), plain: child.plain }
    }

    /// Whether a rule with these paths is about the open element.
    fn is_at(&self, ancestors: &[NameId], unless: &[Vec<NameId>]) -> Result<bool, Stop> {
        for path in unless {
            if self.is_inside(path)? {
                return Ok(false);
            }
        }
        self.is_inside(ancestors)
    }

    /// Whether the elements around the open one have these names, nearest first.
    fn is_inside(&self, ancestors: &[NameId]) -> Result<bool, Stop> {
        let mut around = self.scratch.stack.iter().take(self.depth).skip(1).rev();
        for name in ancestors {
            let Some(frame) = around.next() else { return Ok(false) };
            let element = self.details_of(frame).element.ok_or(Stop::Unsure)?;
            let declaration = &self.schema.elements[element.index()];
            if declaration.name != *name {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// A start tag.
    fn open(&mut self) -> Result<Event, Stop> {
        if self.depth >= self.limits.depth {
            return Err(Stop::Refused);
        }
        let mut raw = self.scratch.take_attributes();
        let event = self.open_tag(&mut raw);
        self.scratch.put_attributes(raw);
        event
    }

    fn open_tag(&mut self, raw: &mut Vec<RawAttribute<'a>>) -> Result<Event, Stop> {
        let tag = lex::start_tag(self.text, self.at, self.limits, raw)?;
        let depth = self.depth + 1;
        if !raw.is_empty() {
            self.scopes.open(depth, raw)?;
            self.scopes.check_attributes(raw)?;
            self.settle_namespace();
        }
        let (prefix, local) = split(tag.name, tag.prefix_length);
        let namespace = self.scopes.resolve(prefix).ok_or(Stop::Refused)?;
        let name = self.schema.names.lookup(namespace, local);
        let namespace = self.schema.names.lookup_namespace(namespace);
        let at = self.at + 1;
        let placed = self.place(name, namespace)?;
        self.at = tag.end;
        self.put_around(self.frame);
        self.frame = Frame {
            facts: 0,
            edge: placed.edge,
            state: 0,
            rules: NONE,
            details: self.scratch.details.len() as u32,
            mode: Mode::Any { lax: false },
            empty: tag.empty,
        };
        self.scratch.details.push(Details {
            element: placed.element,
            type_id: self.schema.any_type,
            name: (at as u32, tag.name.len() as u32),
            memory: self.scratch.memory.len() as u32,
            seen: self.scratch.seen.len() as u32,
        });
        let first = self.scratch.attributes.len();
        self.track(&placed, name, namespace, at - 1);
        let nil = self.enter(&placed, raw)?;
        if DECODE {
            self.scratch.notes.push(Note {
                element: placed.element.unwrap_or(ElementId(NONE)),
                type_id: self.details().type_id,
                at: at as u32,
                length: tag.name.len() as u32,
                prefix: (tag.name.len() - local.len()) as u32,
                first: first as u32,
                last: self.scratch.attributes.len() as u32,
                event: Event::Start,
                nil,
                plain: true,
                normal: true,
            });
        }
        Ok(Event::Start)
    }

    /// Settles type, attributes and content of the element whose frame was just pushed; tells whether it is nil.
    fn enter(&mut self, placed: &Placed, raw: &[RawAttribute<'a>]) -> Result<bool, Stop> {
        if placed.process == Some(Process::Skip) {
            self.note_attributes(raw);
            return Ok(false);
        }
        let instance = self.instance(placed.element, raw)?;
        let declaration = placed.element.map(|element| &self.schema.elements[element.index()]);
        let declared = declaration.map_or(self.schema.any_type, |declaration| declaration.type_id);
        if declaration.is_some_and(|declaration| declaration.is_abstract) {
            return Err(Stop::Refused);
        }
        if placed.element.is_none() && instance.type_id.is_none() {
            if placed.process == Some(Process::Strict) {
                return Err(Stop::Refused);
            }
            self.frame.mode = Mode::Any { lax: true };
        }
        let type_id = instance.type_id.unwrap_or(declared);
        if let (Some(type_id), Some(declaration)) = (instance.type_id, declaration)
            && !self.schema.is_type_allowed(type_id, declaration)
        {
            return Err(Stop::Refused);
        }
        if let Some(details) = self.scratch.details.last_mut() {
            details.type_id = type_id;
        }
        if let Some(element) = placed.element.filter(|element| self.table.rules_at(element.0).is_some()) {
            self.frame.rules = element.0;
        }
        self.check_attributes(type_id, raw)?;
        let nil = match (instance.nil, declaration) {
            (Some(_), Some(declaration)) if !declaration.nillable => return Err(Stop::Refused),
            (Some(true), Some(declaration)) if declaration.value.as_ref().is_some_and(|value| value.fixed) => {
                return Err(Stop::Refused);
            }
            // Without a declaration nobody asks for it (cvc-elt.3 is about declared elements).
            (nil, declaration) => nil == Some(true) && declaration.is_some(),
        };
        if nil {
            // Section 3.4.4 holds for a nil element too: what has no content still has a type.
            if matches!(&self.schema.types[type_id.index()], TypeDefinition::Complex(complex) if complex.is_abstract) {
                return Err(Stop::Refused);
            }
            self.track_nil(type_id);
            self.frame.mode = Mode::Empty;
        } else if placed.element.is_some() || instance.type_id.is_some() {
            self.frame.mode = self.content(placed.element, type_id, declared)?;
        }
        if self.frame.rules != NONE && self.needs_more(type_id) {
            return Err(Stop::Unsure);
        }
        Ok(nil)
    }

    /// Rules that look at texts which are not kept while walking.
    fn needs_more(&self, type_id: TypeId) -> bool {
        let simple = matches!(self.schema.types[type_id.index()], TypeDefinition::Simple(_));
        self.rules().is_some_and(|rules| {
            let facts = &rules.facts;
            let texts = facts.keep_own_text || facts.keep_all_texts;
            let others = facts.late_looks_at_attributes || facts.late_looks_at_text;
            !rules.late.is_empty() && (simple || texts || others)
        })
    }

    /// How the content of a type is walked, and the start of that walk.
    fn content(&mut self, element: Option<ElementId>, type_id: TypeId, declared: TypeId) -> Result<Mode, Stop> {
        let constrained = element.is_some_and(|element| self.schema.elements[element.index()].value.is_some());
        let complex = match &self.schema.types[type_id.index()] {
            TypeDefinition::Simple(_) => return Ok(Mode::Simple),
            TypeDefinition::Complex(complex) => complex,
        };
        if complex.is_abstract {
            return Err(Stop::Refused);
        }
        match complex.content {
            Content::Empty => Ok(Mode::Empty),
            Content::Simple(_) => Ok(Mode::Simple),
            Content::Elements { .. } if constrained => Err(Stop::Unsure),
            Content::Elements { model, mixed } => {
                let own =
                    element.filter(|_| type_id == declared).and_then(|element| self.table.starts[element.index()]);
                let start = own.or_else(|| {
                    let ruled = self.frame.rules != NONE;
                    if ruled || mixed { None } else { self.table.models[model.index()].start }
                });
                let start = start.filter(|_| !self.is_tracking());
                match start {
                    // `<a/>`: nothing is to come, and the shorter way would go on with what stands behind it.
                    Some(start) if self.frame.empty => match self.table.states[start as usize].accepting {
                        true => Ok(Mode::Empty),
                        false => Err(Stop::Refused),
                    },
                    Some(start) => {
                        self.frame.state = start;
                        Ok(Mode::Elements)
                    }
                    None => {
                        self.frame.state = Automaton::START.0;
                        self.schema.models[model.index()].automaton.enter(&mut self.scratch.memory);
                        Ok(Mode::Model { mixed })
                    }
                }
            }
        }
    }

    /// Moves the walk of the open element's content over a child of a name, and says what the child is.
    fn place(&mut self, name: Option<NameId>, namespace: Option<NamespaceId>) -> Result<Placed, Stop> {
        let placed = match self.frame.mode {
            Mode::Elements if self.frame.state == self.table.document && self.schema.roots.is_empty() => {
                // As `explain` has it in `place_root`: `xsi:type` stands for a declaration, or there is none.
                self.frame.state = self.table.finished;
                Placed { element: None, edge: NONE, process: Some(Process::Strict) }
            }
            Mode::Elements => self.place_in_table(name.ok_or(Stop::Refused)?)?,
            Mode::Model { .. } => self.place_in_model(name, namespace)?,
            Mode::Any { lax } => self.place_anywhere(name, if lax { Process::Lax } else { Process::Skip }),
            Mode::Simple | Mode::SimpleRead | Mode::Empty => return Err(Stop::Refused),
        };
        if let Some(rules) = self.rules() {
            let child = name.and_then(|name| rules.child(name));
            self.frame.facts = match name {
                Some(name) => rules.observe(name, self.frame.facts),
                None => self.frame.facts | rules.facts.any_child,
            };
            let asks = child.is_some_and(|child| child.keep_text || !child.literals.is_empty());
            if asks && !self.is_simple(&placed) {
                return Err(Stop::Unsure);
            }
            if !rules.late.is_empty() {
                let name = name.ok_or(Stop::Unsure)?;
                self.scratch.seen.push(scratch::Child { name, text: (0, 0), plain: true });
            }
        }
        Ok(placed)
    }

    /// The text of the child will be known when it has been read.
    fn is_simple(&self, placed: &Placed) -> bool {
        placed.element.is_some_and(|element| match self.schema.type_of(element) {
            TypeDefinition::Simple(_) => true,
            TypeDefinition::Complex(complex) => matches!(complex.content, Content::Simple(_)),
        })
    }

    fn place_in_table(&mut self, name: NameId) -> Result<Placed, Stop> {
        let state = &self.table.states[self.frame.state as usize];
        let edges = &self.table.edges[state.first as usize..state.last as usize];
        let index = edges.iter().position(|edge| edge.name == name).ok_or(Stop::Refused)?;
        self.frame.state = edges[index].target;
        Ok(Placed { element: Some(edges[index].element), edge: state.first + index as u32, process: None })
    }

    fn place_in_model(&mut self, name: Option<NameId>, namespace: Option<NamespaceId>) -> Result<Placed, Stop> {
        let id = self.model()?;
        let model = &self.schema.models[id.index()];
        let leaves = &self.table.models[id.index()];
        let named = name.into_iter().flat_map(|name| leaves.named(name));
        let schema = self.schema;
        let stood_for = name.into_iter().flat_map(|name| stood_for(schema, leaves, name));
        for leaf in named.chain(stood_for).chain(leaves.wildcards.iter().copied()) {
            let placed = match model.leaves.get(leaf.0 as usize) {
                Some(Leaf::Element(asked)) => match name.and_then(|name| self.schema.stands_for(name, *asked)) {
                    Some(StandIn::Valid(element)) => Placed { element: Some(element), edge: NONE, process: None },
                    Some(StandIn::Blocked(_)) | None => continue,
                },
                Some(Leaf::Wildcard(wildcard)) if wildcard.namespaces.allows(namespace) => {
                    self.place_anywhere(name, wildcard.process)
                }
                Some(Leaf::Wildcard(_)) | None => continue,
            };
            let state = StateId(self.frame.state);
            let base = self.details().memory as usize;
            let Some(StateId(next)) = model.automaton.advance(state, leaf, &mut self.scratch.memory, base) else {
                continue;
            };
            self.frame.state = next;
            return Ok(placed);
        }
        Err(Stop::Refused)
    }

    fn place_anywhere(&self, name: Option<NameId>, process: Process) -> Placed {
        let known = name.filter(|_| process != Process::Skip).and_then(|name| self.schema.roots.get(&name)).copied();
        Placed { element: known, edge: NONE, process: Some(process) }
    }

    /// `xsi:type` and `xsi:nil`.
    fn instance(&self, element: Option<ElementId>, raw: &[RawAttribute<'a>]) -> Result<Instance, Stop> {
        let mut instance = Instance::default();
        for attribute in raw {
            let (prefix, local) = split(attribute.name, attribute.prefix_length);
            if prefix.is_empty() || prefix == "xmlns" || self.scopes.resolve(prefix) != Some(INSTANCE) {
                continue;
            }
            let value = attribute_value(attribute.value);
            match local {
                "nil" => instance.nil = Some(instance::nil(&value).ok_or(Stop::Refused)?),
                "type" => {
                    instance.type_id = instance::named_type(self.schema, &self.scopes, &value);
                    if instance.type_id.is_none() && element.is_some() {
                        return Err(Stop::Refused);
                    }
                }
                _ => {}
            }
        }
        Ok(instance)
    }

    fn check_attributes(&mut self, type_id: TypeId, raw: &[RawAttribute<'a>]) -> Result<(), Stop> {
        let (known, any) = match (&self.table.types[type_id.index()], &self.schema.types[type_id.index()]) {
            (Some(known), TypeDefinition::Complex(complex)) => (Some(known), complex.any_attribute.as_ref()),
            _ => (None, None),
        };
        let mut required = 0;
        let mut has_id = known.is_some_and(|known| known.has_id);
        for attribute in raw {
            let (prefix, local) = split(attribute.name, attribute.prefix_length);
            let namespace = match prefix {
                "" if local == "xmlns" => continue,
                "" => "",
                "xmlns" => continue,
                _ => self.scopes.resolve(prefix).ok_or(Stop::Refused)?,
            };
            let name = self.schema.names.lookup(namespace, local);
            if is_instance(namespace, local) {
                self.note_facts(name, attribute);
                self.track_instance_attribute(name, local, attribute);
                continue;
            }
            let declared = known.and_then(|known| {
                known
                    .attributes
                    .iter()
                    .find(|known| Some(known.declaration.name) == name)
                    .map(|known| &known.declaration)
            });
            let declaration = match (declared, any) {
                (Some(declaration), _) => {
                    self.check_value(declaration, attribute)?;
                    required += usize::from(declaration.required);
                    Some(declaration)
                }
                (None, Some(any)) => {
                    let allowed = any.namespaces.allows(self.schema.names.lookup_namespace(namespace));
                    let declaration = self.check_wild_attribute(any, allowed, name, attribute)?;
                    let is_id = declaration.is_some_and(|declaration| declaration.simple.is_id());
                    // cvc-complex-type.5: an element has one ID at most.
                    if is_id && std::mem::replace(&mut has_id, true) {
                        return Err(Stop::Refused);
                    }
                    declaration
                }
                (None, None) => return Err(Stop::Refused),
            };
            self.note_attribute(name, attribute);
            if let Some(declaration) = declaration {
                self.track_attribute(declaration, attribute);
            }
        }
        if let Some(known) = known {
            if required != known.required {
                return Err(Stop::Refused);
            }
            self.add_defaults(type_id, known, raw);
        }
        self.track_defaults(type_id, raw);
        Ok(())
    }

    /// References to IDs in defaults of attributes that are not there.
    fn add_defaults(&mut self, type_id: TypeId, known: &TypeTable, raw: &[RawAttribute<'a>]) {
        for index in &known.linked_defaults {
            let Some(declaration) = known.attributes.get(*index).map(|known| &known.declaration) else { continue };
            if !self.is_given(declaration.name, raw) {
                self.scratch.ids.add_default(Default::Attribute(type_id, *index));
            }
        }
    }

    /// Whether an attribute is among those of a tag.
    pub(super) fn is_given(&self, name: NameId, raw: &[RawAttribute<'a>]) -> bool {
        raw.iter().any(|attribute| {
            let (prefix, local) = split(attribute.name, attribute.prefix_length);
            let namespace = if prefix.is_empty() { Some("") } else { self.scopes.resolve(prefix) };
            namespace.and_then(|namespace| self.schema.names.lookup(namespace, local)) == Some(name)
        })
    }

    /// Gives the declaration that the attribute was checked by, if there is one.
    fn check_wild_attribute(
        &mut self,
        any: &Wildcard,
        allowed: bool,
        name: Option<NameId>,
        attribute: &RawAttribute<'a>,
    ) -> Result<Option<&'s AttributeUse>, Stop> {
        if !allowed {
            return Err(Stop::Refused);
        }
        let global = name.and_then(|name| self.schema.global_attributes.get(&name));
        match (any.process, global) {
            (Process::Skip, _) | (Process::Lax, None) => Ok(None),
            (Process::Strict, None) => Err(Stop::Refused),
            (_, Some(declaration)) => {
                self.check_value(declaration, attribute)?;
                Ok(Some(declaration))
            }
        }
    }

    /// Checks an attribute's value by its declaration.
    fn check_value(&mut self, declaration: &AttributeUse, attribute: &RawAttribute<'_>) -> Result<(), Stop> {
        let value = attribute_value(attribute.value);
        let simple = &declaration.simple;
        let around = Around { schema: self.schema, scopes: &self.scopes };
        simple.check_in(&value, &around).map_err(|_| Stop::Refused)?;
        let fixed = declaration.value.as_ref().filter(|constraint| constraint.fixed);
        if fixed.is_some_and(|fixed| !fixed.is(simple, &value, &around)) {
            return Err(Stop::Refused);
        }
        if simple.needs_context() {
            let ids = &mut self.scratch.ids;
            simple.links(&value, &around, &mut |link, name| ids.add(link, name));
        }
        Ok(())
    }

    /// Keeps the attributes of an element that nothing is checked of.
    fn note_attributes(&mut self, raw: &[RawAttribute<'a>]) {
        for attribute in raw {
            if attribute.name != "xmlns" && !attribute.name.starts_with("xmlns:") {
                self.note_attribute(None, attribute);
            }
        }
    }

    /// Keeps an attribute for those who decode, and notes the facts that it sets.
    fn note_attribute(&mut self, name: Option<NameId>, attribute: &RawAttribute<'a>) {
        self.note_facts(name, attribute);
        if DECODE {
            self.scratch.attributes.push(Attribute {
                name,
                at: attribute.name_at as u32,
                length: attribute.name.len() as u32,
                value: (attribute.value_at as u32, attribute.value.len() as u32),
                plain: false,
            });
        }
    }

    /// What the rules of an element know of an attribute of its own.
    fn note_facts(&mut self, name: Option<NameId>, attribute: &RawAttribute<'a>) {
        if let Some(rules) = self.rules() {
            let mut facts = self.frame.facts | rules.facts.any_attribute;
            if let Some(known) = rules.facts.attributes.iter().find(|known| name.is_some() && known.name == name) {
                let value = attribute_value(attribute.value);
                let literals = known.literals.iter().filter(|(literal, _)| **literal == *value);
                facts |= literals.fold(known.seen, |facts, (_, set)| facts | set);
            }
            self.frame.facts = facts;
        }
    }

    /// The namespace declarations in force, as attributes that can be written.
    pub(crate) fn declarations(&self) -> String {
        self.scopes.as_attributes()
    }

    /// What names without a prefix mean from here on.
    fn settle_namespace(&mut self) {
        if self.scopes.is_empty() {
            self.namespace = NamespaceId(0);
            return;
        }
        let default = self.scopes.resolve("").unwrap_or_default();
        self.namespace = self.schema.names.lookup_namespace(default).unwrap_or(FOREIGN);
    }

    /// Ends the declarations of the element that is left.
    #[cold]
    pub(super) fn leave_scope(&mut self) {
        self.scopes.close(self.depth);
        self.settle_namespace();
    }
}

/// The leaves that ask for an element for which one of this name may stand.
fn stood_for<'s>(schema: &'s Compiled, leaves: &'s ModelTable, name: NameId) -> impl Iterator<Item = LeafId> + 's {
    let global = Some(name).filter(|_| !leaves.heads.is_empty()).and_then(|name| schema.roots.get(&name));
    let span = global.and_then(|global| schema.substitutions.span(*global));
    span.into_iter().flat_map(|span| leaves.heads.around(span.start)).copied()
}

/// The prefix and the local part of a qualified name as written.
fn split(name: &str, prefix_length: usize) -> (&str, &str) {
    match prefix_length {
        0 => ("", name),
        _ => (name.get(..prefix_length).unwrap_or_default(), name.get(prefix_length + 1..).unwrap_or_default()),
    }
}
