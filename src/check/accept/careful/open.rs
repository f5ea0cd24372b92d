//! A start tag: what the element is, its type, and how its content will be walked (section 3.3.4, cvc-elt).

use super::attributes::Instance;
use super::place::Placed;
use crate::automaton::Automaton;
use crate::check::accept::{Details, Event, Frame, Machine, Mode, Note, Stop};
use crate::check::table::NONE;
use crate::compiled::{Content, ElementDeclaration, ElementId, ModelId, Process, TypeDefinition, TypeId};
use crate::xml::{RawAttribute, lex, split};

impl<'s, 'a, const DECODE: bool> Machine<'s, 'a, DECODE> {
    pub(super) fn open(&mut self) -> Result<Event, Stop> {
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
        if !raw.is_empty() {
            self.scopes.open(self.depth + 1, raw)?;
            self.scopes.check_attributes(raw)?;
            self.settle_namespace();
        }
        let (prefix, local) = split(tag.name, tag.prefix_length);
        let namespace = self.scopes.resolve(prefix).ok_or(Stop::Refused)?;
        let name = self.schema.names.lookup(namespace, local);
        let namespace = self.schema.names.lookup_namespace(namespace);
        let placed = self.place(name, namespace)?;
        let start = self.at;
        self.at = tag.end;
        self.push(&placed, (start as u32 + 1, tag.name.len() as u32), tag.empty);
        let first = self.scratch.attributes.len();
        self.track(&placed, (name, namespace), start, raw);
        let nil = self.enter(&placed, raw)?;
        if DECODE {
            let Details { element, type_id, name: (at, length), .. } = self.details();
            self.scratch.notes.push(Note {
                element: element.unwrap_or(ElementId(NONE)),
                type_id,
                at,
                length,
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

    /// Opens an element of which no more is known than what it is taken for; `name`: where its name stands.
    fn push(&mut self, placed: &Placed, name: (u32, u32), empty: bool) {
        self.put_around(self.frame);
        self.frame = Frame {
            facts: 0,
            edge: placed.edge,
            state: 0,
            rules: NONE,
            details: self.scratch.details.len() as u32,
            mode: Mode::Any { lax: false },
            empty,
        };
        self.scratch.details.push(Details {
            element: placed.element,
            type_id: self.schema.any_type,
            name,
            memory: self.scratch.memory.len() as u32,
            seen: self.scratch.seen.len() as u32,
        });
    }

    /// Settles type, attributes and content of the element whose frame was just pushed; tells whether it is nil.
    fn enter(&mut self, placed: &Placed, raw: &[RawAttribute<'a>]) -> Result<bool, Stop> {
        if placed.process == Some(Process::Skip) {
            self.note_attributes(raw);
            return Ok(false);
        }
        let declaration = placed.element.map(|element| &self.schema.elements[element.index()]);
        let instance = self.instance(placed.element, raw)?;
        let type_id = self.settle_type(placed.process, declaration, &instance)?;
        if let Some(element) = placed.element.filter(|element| self.table.rules_at(element.0).is_some()) {
            self.frame.rules = element.0;
        }
        self.check_attributes(type_id, raw)?;
        let nil = is_nil(&instance, declaration)?;
        if nil {
            self.track_nil(type_id);
            self.frame.mode = Mode::Empty;
        } else if placed.element.is_some() || instance.type_id.is_some() {
            self.frame.mode = self.content(placed.element, type_id)?;
        } else {
            self.frame.mode = Mode::Any { lax: true };
        }
        if self.frame.rules != NONE && self.needs_more(type_id) {
            return Err(Stop::Unsure);
        }
        Ok(nil)
    }

    /// The type of the element: the one that its `xsi:type` names, or else the declared one; without either any.
    fn settle_type(
        &mut self,
        process: Option<Process>,
        declaration: Option<&ElementDeclaration>,
        instance: &Instance,
    ) -> Result<TypeId, Stop> {
        let type_id = match (instance.type_id, declaration) {
            // cvc-elt.2.
            (_, Some(declaration)) if declaration.is_abstract => return Err(Stop::Refused),
            // cvc-elt.4.3.
            (Some(named), Some(declaration)) if !self.schema.is_type_allowed(named, declaration) => {
                return Err(Stop::Refused);
            }
            (Some(named), _) => named,
            (None, Some(declaration)) => declaration.type_id,
            // Section 3.10.1: strict asks for a declaration or a type.
            (None, None) if process == Some(Process::Strict) => return Err(Stop::Refused),
            (None, None) => self.schema.any_type,
        };
        // cvc-type.2; of a nil element too: what has no content still has a type.
        if matches!(&self.schema.types[type_id.index()], TypeDefinition::Complex(complex) if complex.is_abstract) {
            return Err(Stop::Refused);
        }
        if let Some(details) = self.scratch.details.last_mut() {
            details.type_id = type_id;
        }
        Ok(type_id)
    }

    /// How the content of a type is walked (cvc-type.3, cvc-complex-type.2), and the start of that walk.
    fn content(&mut self, element: Option<ElementId>, type_id: TypeId) -> Result<Mode, Stop> {
        let complex = match &self.schema.types[type_id.index()] {
            TypeDefinition::Simple(_) => return Ok(Mode::Simple),
            TypeDefinition::Complex(complex) => complex,
        };
        let (model, mixed) = match complex.content {
            Content::Empty => return Ok(Mode::Empty),
            Content::Simple(_) => return Ok(Mode::Simple),
            Content::Elements { model, mixed } => (model, mixed),
        };
        // cvc-elt.5 for mixed content.
        if element.is_some_and(|element| self.schema.elements[element.index()].value.is_some()) {
            return Err(Stop::Unsure);
        }
        match self.start_in_table(element, type_id, model, mixed) {
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

    /// The state of the table that the walk of a content begins in, if the quick way can have it from there.
    fn start_in_table(&self, element: Option<ElementId>, type_id: TypeId, model: ModelId, mixed: bool) -> Option<u32> {
        if self.is_tracking() {
            return None;
        }
        let declared = element.filter(|element| self.schema.elements[element.index()].type_id == type_id);
        declared.and_then(|element| self.table.starts[element.index()]).or_else(|| {
            let is_plain = !mixed && self.frame.rules == NONE;
            if is_plain { self.table.models[model.index()].start } else { None }
        })
    }
}

/// Whether an element is nil (cvc-elt.3). Without a declaration nobody asks for it: the clause is about declared ones.
fn is_nil(instance: &Instance, declaration: Option<&ElementDeclaration>) -> Result<bool, Stop> {
    let (Some(nil), Some(declaration)) = (instance.nil, declaration) else { return Ok(false) };
    // Clauses 3.1 and 3.2.2: only of a nillable one, and not where there is a fixed value.
    let is_fixed = declaration.value.as_ref().is_some_and(|value| value.fixed);
    if declaration.nillable && !(nil && is_fixed) { Ok(nil) } else { Err(Stop::Refused) }
}
