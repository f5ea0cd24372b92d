//! The open elements that have constraints.

use super::chains::{Chain, Chains};
use crate::compiled::{ConstraintId, HostId, IdentityIndex};

/// See the module. A constraint is in scope where its declaration is open, which is all that is noted of nearly all of
/// them: that one has keys or references here is noted when it has.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    open: Vec<Host>,
    /// By `HostId`: the innermost one, plus one; zero: none is open.
    innermost: Vec<u32>,
    /// Of all of them.
    constraints: Chains<ConstraintId>,
}

/// An open element with constraints.
#[derive(Debug, Clone, Copy)]
struct Host {
    declaration: HostId,
    depth: u32,
    /// The next one further out with the same declaration, plus one.
    outer: u32,
    /// The depth of the outermost one.
    outermost: u32,
    /// Constraints that have something in it.
    constraints: Chain,
}

/// One of those that are open.
#[derive(Debug, Clone, Copy)]
pub(super) struct Open(u32);

impl Hosts {
    /// Forgets all of them, but not the memory.
    pub(super) fn clear(&mut self) {
        while let Some(host) = self.open.pop() {
            self.put_innermost(host.declaration, 0);
        }
        self.constraints.clear();
    }

    /// A document of a schema begins.
    pub(super) fn make_room(&mut self, index: &IdentityIndex) {
        self.innermost.resize(index.host_count(), 0);
    }

    /// Bytes that they hold, whether there are any or not.
    pub(super) fn size(&self) -> usize {
        let lists = self.open.capacity() * size_of::<Host>() + self.innermost.capacity() * size_of::<u32>();
        lists + self.constraints.size()
    }

    fn put_innermost(&mut self, declaration: HostId, number: u32) {
        if let Some(innermost) = self.innermost.get_mut(declaration.index()) {
            *innermost = number;
        }
    }

    /// An element with constraints begins.
    pub(super) fn push(&mut self, declaration: HostId, depth: u32) {
        let outer = self.innermost.get(declaration.index()).copied().unwrap_or(0);
        let outermost = self.at(outer).map_or(depth, |host| host.outermost);
        self.open.push(Host { declaration, depth, outer, outermost, constraints: Chain::default() });
        self.put_innermost(declaration, self.open.len() as u32);
    }

    /// The innermost one ends.
    pub(super) fn pop(&mut self) {
        if let Some(host) = self.open.pop() {
            self.put_innermost(host.declaration, host.outer);
        }
    }

    fn at(&self, number: u32) -> Option<&Host> {
        self.open.get((number as usize).checked_sub(1)?)
    }

    /// The innermost one of all, if it is of a depth.
    pub(super) fn last(&self, depth: u32) -> Option<Open> {
        self.open.last().filter(|host| host.depth == depth).map(|_| Open(self.open.len() as u32))
    }

    /// The innermost element of a declaration.
    pub(super) fn innermost(&self, declaration: HostId) -> Option<Open> {
        self.innermost.get(declaration.index()).copied().filter(|number| *number != 0).map(Open)
    }

    /// The innermost one that is at most as far in as a depth.
    pub(super) fn up_to(&self, declaration: HostId, depth: u32) -> Option<Open> {
        let mut open = self.innermost(declaration)?;
        while self.depth(open) > depth {
            open = self.outer(open)?;
        }
        Some(open)
    }

    /// The next one further out with the same declaration.
    pub(super) fn outer(&self, open: Open) -> Option<Open> {
        self.at(open.0).map(|host| host.outer).filter(|number| *number != 0).map(Open)
    }

    pub(super) fn depth(&self, open: Open) -> u32 {
        self.at(open.0).map_or(0, |host| host.depth)
    }

    /// The depth of the outermost element of a declaration.
    pub(super) fn outermost_depth(&self, declaration: HostId) -> Option<u32> {
        self.innermost(declaration).and_then(|open| self.at(open.0)).map(|host| host.outermost)
    }

    /// Notes that a constraint has something in an element.
    pub(super) fn note(&mut self, open: Open, constraint: ConstraintId) {
        let Hosts { open: hosts, constraints, .. } = self;
        if let Some(host) = (open.0 as usize).checked_sub(1).and_then(|index| hosts.get_mut(index)) {
            constraints.push(&mut host.constraints, constraint);
        }
    }

    /// Takes what was noted of an element.
    pub(super) fn take_constraints(&mut self, open: Open) -> impl Iterator<Item = ConstraintId> + '_ {
        let Hosts { open: hosts, constraints, .. } = self;
        let host = (open.0 as usize).checked_sub(1).and_then(|index| hosts.get_mut(index));
        let mut noted = host.map(|host| std::mem::take(&mut host.constraints)).unwrap_or_default();
        std::iter::from_fn(move || constraints.pop(&mut noted))
    }
}
