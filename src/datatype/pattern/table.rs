//! All patterns of a type as one table: a deterministic automaton for the texts that every step matches.
//!
//! The plain version runs one lazily determinised automaton per step ([`super::automaton`]): each looks up a cache of
//! its thread, and a type with four steps reads its text four times. Here the steps are determinised together and in
//! advance: a state of the table is one set of states for each step's nondeterministic automaton, and if one of the
//! sets is empty the text is refused, so the table accepts the intersection. A text then costs two loads per byte (its
//! class, the next state), whatever the number of steps, and no memory of its own (bench `datatype`).
//!
//! The number of such states can be exponential in the size of a pattern, and finding the next one takes work in
//! proportion to that size. Both are counted while the table is built; past [`ENTRIES`] or [`WORK`] no table is made.
//! Unicode classes make large automata (`\w` has some thousand states), and texts rarely use most of their characters:
//! if there is no table for all texts, there may still be one for ASCII. What no table decides, the steps decide one by
//! one.

use std::collections::{HashMap, VecDeque};

use regex_automata::nfa::thompson::{NFA, State};
use regex_automata::util::primitives::StateID;

/// The most transitions of one table: 64 kB.
const ENTRIES: usize = 1 << 15;

/// The most states of the nondeterministic automata that building may visit: about two milliseconds.
const WORK: usize = 1 << 18;

/// The most states of all nondeterministic automata together, as estimated: with more, building a table is not even
/// tried.
pub(super) const SOURCES: u64 = 1 << 12;

/// Separates the sets of the steps in a state; no automaton has this many states.
const SEPARATOR: u32 = u32::MAX;

/// The state from which nothing matches, and which is never left.
const DEAD: u16 = 0;

/// A complete table over classes of bytes. States are offsets of their rows.
pub(super) struct Table {
    classes: Box<[u8; 256]>,
    next: Box<[u16]>,
    /// Whether the state of each row accepts.
    accepting: Box<[bool]>,
    /// The length of a row is two to this power.
    shift: u32,
    start: u16,
    /// The table says nothing about other texts.
    ascii_only: bool,
}

impl Table {
    /// The table of the texts that all automata match as a whole, unless it would be too large.
    pub(super) fn build(automata: &[NFA]) -> Option<Table> {
        Builder::new(automata).build()
    }

    /// The table that decides ASCII texts, from automata that match no others.
    pub(super) fn build_ascii(automata: &[NFA]) -> Option<Table> {
        Some(Table { ascii_only: true, ..Table::build(automata)? })
    }

    /// Whether the text matches; `None` if the table cannot decide.
    #[inline]
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        let mut state = self.start;
        for byte in text.bytes() {
            let class = self.classes[usize::from(byte)];
            // Every row has an entry for every class. The processor predicts a branch here, but would wait for a
            // conditional move.
            state = *self.next.get(usize::from(state) + usize::from(class))?;
        }
        let is_accepted = self.accepting.get(usize::from(state) >> self.shift).copied().unwrap_or(false);
        (is_accepted || !self.ascii_only || text.is_ascii()).then_some(is_accepted)
    }
}

/// A table that is being built, breadth first.
struct Builder<'n> {
    automata: &'n [NFA],
    classes: Box<[u8; 256]>,
    /// One byte of each class.
    representatives: Vec<u8>,
    shift: u32,
    /// The known states and their rows.
    known: HashMap<Box<[u32]>, u16>,
    /// States whose rows are yet to be written, in the order of the rows.
    open: VecDeque<Box<[u32]>>,
    next: Vec<u16>,
    accepting: Vec<bool>,
    closure: Closure,
}

impl<'n> Builder<'n> {
    fn new(automata: &'n [NFA]) -> Builder<'n> {
        let (classes, representatives) = byte_classes(automata);
        let largest = automata.iter().map(|automaton| automaton.states().len()).max().unwrap_or(0);
        Builder {
            automata,
            classes,
            shift: representatives.len().next_power_of_two().trailing_zeros(),
            representatives,
            known: HashMap::new(),
            open: VecDeque::new(),
            next: Vec::new(),
            accepting: Vec::new(),
            closure: Closure { seen: vec![0; largest], turn: 0, open: Vec::new(), work: 0 },
        }
    }

    fn build(mut self) -> Option<Table> {
        self.push_row(false)?;
        let start = self.start()?;
        let start = self.row(start)?;
        let mut at = 1_usize;
        while let Some(state) = self.open.pop_front() {
            for class in 0..self.representatives.len() {
                let Some(next) = self.step(&state, *self.representatives.get(class)?)? else { continue };
                let row = self.row(next)?;
                *self.next.get_mut((at << self.shift) + class)? = row;
            }
            at += 1;
        }
        let (next, accepting) = (self.next.into(), self.accepting.into());
        Some(Table { classes: self.classes, next, accepting, shift: self.shift, start, ascii_only: false })
    }

    /// Appends an empty row, and returns its offset.
    fn push_row(&mut self, accepting: bool) -> Option<u16> {
        let offset = self.next.len();
        let end = offset + (1 << self.shift);
        if end > ENTRIES {
            return None;
        }
        self.next.resize(end, DEAD);
        self.accepting.push(accepting);
        u16::try_from(offset).ok()
    }

    /// The row of a state; a new one if it has none.
    fn row(&mut self, state: Box<[u32]>) -> Option<u16> {
        if let Some(row) = self.known.get(&state) {
            return Some(*row);
        }
        let accepting = is_accepting(self.automata, &state);
        let row = self.push_row(accepting)?;
        self.open.push_back(state.clone());
        self.known.insert(state, row);
        Some(row)
    }

    /// The state before the first byte; `None` beyond a limit.
    fn start(&mut self) -> Option<Box<[u32]>> {
        let mut state = Vec::new();
        for automaton in self.automata {
            self.closure.begin();
            self.closure.add(automaton.start_anchored());
            self.closure.finish(automaton, &mut state)?;
        }
        Some(state.into())
    }

    /// The state after one more byte: `Some(None)` if a step refuses, `None` beyond a limit.
    fn step(&mut self, state: &[u32], byte: u8) -> Option<Option<Box<[u32]>>> {
        let mut next = Vec::with_capacity(state.len());
        let sets = state.split(|member| *member == SEPARATOR);
        for (automaton, set) in self.automata.iter().zip(sets) {
            let length = next.len();
            self.closure.begin();
            for member in set {
                self.closure.spend(1)?;
                let source = automaton.states().get(*member as usize)?;
                let target = match source {
                    State::ByteRange { trans } => trans.matches_byte(byte).then_some(trans.next),
                    State::Sparse(sparse) => {
                        self.closure.spend(sparse.transitions.len())?;
                        sparse.matches_byte(byte)
                    }
                    State::Dense(dense) => dense.matches_byte(byte),
                    _ => None,
                };
                target.into_iter().for_each(|target| self.closure.add(target));
            }
            self.closure.finish(automaton, &mut next)?;
            // Only the separator: this step refuses.
            if next.len() == length + 1 {
                return Some(None);
            }
        }
        Some(Some(next.into()))
    }
}

/// Whether every step's set has a matching state.
fn is_accepting(automata: &[NFA], state: &[u32]) -> bool {
    let is_match =
        |automaton: &NFA, member: u32| matches!(automaton.states().get(member as usize), Some(State::Match { .. }));
    let mut sets = automata.iter().zip(state.split(|member| *member == SEPARATOR));
    sets.all(|(automaton, set)| set.iter().any(|member| is_match(automaton, *member)))
}

/// The classes of bytes that no automaton distinguishes, and one byte of each.
fn byte_classes(automata: &[NFA]) -> (Box<[u8; 256]>, Vec<u8>) {
    let mut classes = Box::new([0; 256]);
    let mut representatives = Vec::new();
    let mut known: HashMap<Vec<u8>, u8> = HashMap::new();
    for (byte, class) in (0..=u8::MAX).zip(classes.iter_mut()) {
        let key = automata.iter().map(|automaton| automaton.byte_classes().get(byte)).collect();
        *class = *known.entry(key).or_insert_with(|| {
            representatives.push(byte);
            // At most 256 bytes have at most 256 classes.
            (representatives.len() - 1) as u8
        });
    }
    (classes, representatives)
}

/// The states reachable from a set without reading a byte, with the work spent on all sets so far.
struct Closure {
    /// The round in which a state was last seen.
    seen: Vec<u32>,
    turn: u32,
    open: Vec<StateID>,
    work: usize,
}

impl Closure {
    fn begin(&mut self) {
        self.turn += 1;
        self.open.clear();
    }

    fn spend(&mut self, states: usize) -> Option<()> {
        self.work += states;
        (self.work <= WORK).then_some(())
    }

    fn add(&mut self, state: StateID) {
        if let Some(seen) = self.seen.get_mut(state.as_usize()).filter(|seen| **seen != self.turn) {
            *seen = self.turn;
            self.open.push(state);
        }
    }

    /// Appends the states that read a byte or match, sorted, and a separator; `None` beyond a limit.
    fn finish(&mut self, automaton: &NFA, set: &mut Vec<u32>) -> Option<()> {
        let first = set.len();
        while let Some(id) = self.open.pop() {
            self.spend(1)?;
            match automaton.states().get(id.as_usize())? {
                State::ByteRange { .. } | State::Sparse(_) | State::Dense(_) | State::Match { .. } => {
                    set.push(id.as_u32());
                }
                State::Union { alternates } => {
                    self.spend(alternates.len())?;
                    alternates.iter().for_each(|alternate| self.add(*alternate));
                }
                State::BinaryUnion { alt1, alt2 } => {
                    self.add(*alt1);
                    self.add(*alt2);
                }
                State::Capture { next, .. } => self.add(*next),
                State::Fail => {}
                // Patterns have no anchors.
                State::Look { .. } => return None,
            }
        }
        set.get_mut(first..)?.sort_unstable();
        set.push(SEPARATOR);
        Some(())
    }
}
