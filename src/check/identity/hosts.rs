//! The open elements that have constraints.

use super::chains::{Chain, Chains};
use crate::compiled::{ConstraintId, HostId, IdentityIndex};

/// The open elements that have constraints. A constraint is in scope while an element with its declaration is open.
/// Nearly always nothing more is noted: a constraint is noted at an element only once it has keys or references there.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    open: Vec<Host>,
    /// For each `HostId`, the index of the innermost open element plus one; zero if none is open.
    innermost: Vec<u32>,
    /// The noted constraints of all elements.
    constraints: Chains<ConstraintId>,
}

/// An open element with constraints.
#[derive(Debug, Clone, Copy)]
struct Host {
    declaration: HostId,
    depth: u32,
    /// The index of the next outer element with the same declaration, plus one.
    outer: u32,
    /// The depth of the outermost element with the same declaration.
    outermost: u32,
    /// The constraints that have keys or references in it.
    constraints: Chain,
}

/// The index of an open element with constraints.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open(u32);

impl Hosts {
    /// Forgets all elements, but keeps the memory.
    pub(super) fn clear(&mut self) {
        while let Some(host) = self.open.pop() {
            self.put_innermost(host.declaration, 0);
        }
        self.constraints.clear();
    }

    /// Prepares for a document of a schema.
    pub(super) fn make_room(&mut self, index: &IdentityIndex) {
        self.innermost.resize(index.host_count(), 0);
    }

    /// The size of the memory in bytes, used or not.
    pub(super) fn size(&self) -> usize {
        let lists = self.open.capacity() * size_of::<Host>() + self.innermost.capacity() * size_of::<u32>();
        lists + self.constraints.size()
    }

    fn put_innermost(&mut self, declaration: HostId, number: u32) {
        if let Some(innermost) = self.innermost.get_mut(declaration.index()) {
            *innermost = number;
        }
    }

    /// Adds an element with constraints that begins.
    pub(super) fn push(&mut self, declaration: HostId, depth: u32) {
        let outer = self.innermost.get(declaration.index()).copied().unwrap_or(0);
        let outermost = self.at(outer).map_or(depth, |host| host.outermost);
        self.open.push(Host { declaration, depth, outer, outermost, constraints: Chain::default() });
        self.put_innermost(declaration, self.open.len() as u32);
    }

    /// Removes the innermost element.
    pub(super) fn pop(&mut self) {
        if let Some(host) = self.open.pop() {
            self.put_innermost(host.declaration, host.outer);
        }
    }

    fn at(&self, number: u32) -> Option<&Host> {
        self.open.get((number as usize).checked_sub(1)?)
    }

    /// The innermost element with constraints, if it has this depth.
    pub(super) fn last(&self, depth: u32) -> Option<Open> {
        self.open.last().filter(|host| host.depth == depth).map(|_| Open(self.open.len() as u32))
    }

    /// The innermost open element with a declaration.
    pub(super) fn innermost(&self, declaration: HostId) -> Option<Open> {
        self.innermost.get(declaration.index()).copied().filter(|number| *number != 0).map(Open)
    }

    /// The innermost open element with a declaration that is not deeper than `depth`.
    pub(super) fn up_to(&self, declaration: HostId, depth: u32) -> Option<Open> {
        let mut open = self.innermost(declaration)?;
        while self.depth(open) > depth {
            open = self.outer(open)?;
        }
        Some(open)
    }

    /// The next outer element with the same declaration.
    pub(super) fn outer(&self, open: Open) -> Option<Open> {
        self.at(open.0).map(|host| host.outer).filter(|number| *number != 0).map(Open)
    }

    pub(super) fn depth(&self, open: Open) -> u32 {
        self.at(open.0).map_or(0, |host| host.depth)
    }

    /// The depth of the outermost open element with a declaration.
    pub(super) fn outermost_depth(&self, declaration: HostId) -> Option<u32> {
        self.innermost(declaration).and_then(|open| self.at(open.0)).map(|host| host.outermost)
    }

    /// Notes that a constraint has keys or references in an element.
    pub(super) fn note(&mut self, open: Open, constraint: ConstraintId) {
        let Hosts { open: hosts, constraints, .. } = self;
        if let Some(host) = (open.0 as usize).checked_sub(1).and_then(|index| hosts.get_mut(index)) {
            constraints.push(&mut host.constraints, constraint);
        }
    }

    /// Takes the noted constraints of an element.
    pub(super) fn take_constraints(&mut self, open: Open) -> impl Iterator<Item = ConstraintId> + '_ {
        let Hosts { open: hosts, constraints, .. } = self;
        let host = (open.0 as usize).checked_sub(1).and_then(|index| hosts.get_mut(index));
        let mut noted = host.map(|host| std::mem::take(&mut host.constraints)).unwrap_or_default();
        std::iter::from_fn(move || constraints.pop(&mut noted))
    }
}
