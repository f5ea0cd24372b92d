//! The grammar of appendix F: branches, pieces, quantifiers, groups.

use regex_syntax::hir::{Class, ClassUnicode, Hir, Repetition};

use super::class::{self, Escape};
use super::counted::Counted;
use super::run::Run;
use crate::datatype::Constraint;

/// The most states that the automaton of one derivation step may have: room for three hundred repetitions of `\w`,
/// which take some five megabytes. A pattern that is larger only because of unrolled repetitions may still be counted.
pub(super) const STATES_LIMIT: u64 = 1 << 17;

/// How deep groups may be nested: the tree is walked recursively.
const GROUPS_LIMIT: usize = 100;

/// A violation of the grammar: what was expected, and what was found.
#[derive(Debug)]
pub(super) struct PatternError {
    /// In characters, from 1.
    at: usize,
    expected: String,
    found: String,
    /// The pattern is valid, but exceeds a limit.
    is_limit: bool,
}

impl PatternError {
    pub(super) fn constraint(&self) -> Constraint {
        if self.is_limit { Constraint::SchemaLimit } else { Constraint::PatternSyntax }
    }

    /// The message.
    pub(super) fn in_pattern(&self, pattern: &str) -> String {
        let PatternError { at, expected, found, .. } = self;
        format!("expected {expected} at character {at} of the pattern `{pattern}`, found {found}")
    }
}

/// A parsed pattern.
pub(super) enum Parsed {
    /// Nothing but one class, repeated or not.
    Run(Run),
    /// Anything else: its tree, and an upper bound of the states of its automaton.
    Expression(Hir, u64),
    /// A pattern with too many states when unrolled, which has a counted form.
    Counted(Counted),
}

/// Parses one regular expression (production 1) whose automaton may have `states_left` states.
pub(super) fn parse(pattern: &str, states_left: u64) -> Result<Parsed, PatternError> {
    Parser::new(pattern, states_left).parse()
}

/// A part of the expression, and an upper bound of the states it takes.
struct Part {
    expression: Hir,
    states: u64,
    /// The states without those of repeated copies, which is the size of the tree.
    written: u64,
}

/// An incomplete regular expression: whole branches, and the pieces of the last one.
#[derive(Default)]
struct Group {
    branches: Vec<Hir>,
    pieces: Vec<Hir>,
    /// Characters after the last piece, none with a quantifier: together they become one piece.
    literal: String,
    states: u64,
    written: u64,
}

impl Group {
    fn is_empty(&self) -> bool {
        self.branches.is_empty() && self.pieces.is_empty() && self.literal.is_empty()
    }

    fn push_character(&mut self, character: char) {
        self.literal.push(character);
        let states = character.len_utf8() as u64;
        self.states = self.states.saturating_add(states);
        self.written = self.written.saturating_add(states);
    }

    fn end_literal(&mut self) {
        if !self.literal.is_empty() {
            self.pieces.push(Hir::literal(self.literal.as_bytes()));
            self.literal.clear();
        }
    }

    fn push(&mut self, piece: Part) {
        self.end_literal();
        self.pieces.push(piece.expression);
        self.states = self.states.saturating_add(piece.states);
        self.written = self.written.saturating_add(piece.written);
    }

    fn end_branch(&mut self) {
        self.end_literal();
        self.branches.push(Hir::concat(std::mem::take(&mut self.pieces)));
        self.states = self.states.saturating_add(1);
        self.written = self.written.saturating_add(1);
    }

    fn finish(mut self) -> Part {
        self.end_branch();
        Part {
            expression: Hir::alternation(self.branches),
            states: self.states.saturating_add(1),
            written: self.written.saturating_add(1),
        }
    }
}

/// Parses from left to right; open groups are on a stack of their own.
pub(super) struct Parser<'a> {
    rest: std::str::Chars<'a>,
    /// Characters read.
    at: usize,
    states_left: u64,
}

impl<'a> Parser<'a> {
    fn new(pattern: &'a str, states_left: u64) -> Parser<'a> {
        Parser { rest: pattern.chars(), at: 0, states_left }
    }

    fn parse(mut self) -> Result<Parsed, PatternError> {
        let mut open: Vec<Group> = Vec::new();
        let mut group = Group::default();
        while let Some(character) = self.next() {
            let atom = match character {
                '|' => {
                    group.end_branch();
                    continue;
                }
                '(' if open.len() == GROUPS_LIMIT => {
                    return Err(self.excess(format!("groups nested at most {GROUPS_LIMIT} deep"), "one more"));
                }
                '(' => {
                    open.push(std::mem::take(&mut group));
                    continue;
                }
                ')' => {
                    let Some(outer) = open.pop() else { return Err(self.unexpected_last("`\\)`", ')')) };
                    std::mem::replace(&mut group, outer).finish()
                }
                '[' => self.class_part(|parser| class::parse_expression(parser))?,
                '\\' => match class::parse_escape(&mut self)? {
                    Escape::Character(character) => literal(character),
                    Escape::Class(class) => class_part(class),
                },
                '.' => class_part(class::wildcard()),
                '?' | '*' | '+' | '{' => {
                    return Err(self.unexpected_last(&format!("something to repeat or `\\{character}`"), character));
                }
                '}' | ']' => return Err(self.unexpected_last(&format!("`\\{character}`"), character)),
                _ if self.is_between_characters(&group, &open) => {
                    group.push_character(character);
                    self.check_written(&group, &open)?;
                    continue;
                }
                _ => literal(character),
            };
            let piece = self.quantified(atom)?;
            if self.peek().is_none() && open.is_empty() && group.is_empty() {
                // However often a class is repeated, on its own it takes no automaton, and so has no size.
                if let Some(run) = Run::of(&piece.expression) {
                    return Ok(Parsed::Run(run));
                }
            }
            group.push(piece);
            self.check_written(&group, &open)?;
        }
        if !open.is_empty() {
            return Err(self.unexpected("`)`".to_owned(), "the end"));
        }
        let whole = group.finish();
        if whole.states <= self.states_left {
            return Ok(Parsed::Expression(whole.expression, whole.states));
        }
        Counted::of(&whole.expression).map(Parsed::Counted).ok_or_else(|| self.too_large())
    }

    /// Whether the character just read is a piece by itself, and not all of the pattern.
    fn is_between_characters(&self, group: &Group, open: &[Group]) -> bool {
        match self.peek() {
            Some('?' | '*' | '+' | '{') => false,
            Some(_) => true,
            None => !open.is_empty() || !group.is_empty(),
        }
    }

    fn class_part(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<ClassUnicode, PatternError>,
    ) -> Result<Part, PatternError> {
        parse(self).map(class_part)
    }

    /// Productions 4 to 8: the atom with the quantifier that follows it, if any.
    fn quantified(&mut self, atom: Part) -> Result<Part, PatternError> {
        let (min, max) = match self.peek() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => {
                self.next();
                return self.quantity().map(|(min, max)| repeat(atom, min, max));
            }
            _ => return Ok(atom),
        };
        self.next();
        Ok(repeat(atom, min, max))
    }

    /// Production 5 after the brace: `n}`, `n,}` or `n,m}`.
    fn quantity(&mut self) -> Result<(u32, Option<u32>), PatternError> {
        let min = self.number()?;
        let max = match self.peek() {
            Some(',') => {
                self.next();
                match self.peek() {
                    Some('}') => None,
                    _ => Some(self.number()?),
                }
            }
            _ => Some(min),
        };
        self.expect('}')?;
        match max {
            Some(max) if max < min => Err(self.unexpected(format!("a quantity of at least {min}"), &format!("{max}"))),
            _ => Ok((min, max)),
        }
    }

    /// Production 8. A number beyond 32 bits becomes the largest one, which is too many for any part that is not empty.
    fn number(&mut self) -> Result<u32, PatternError> {
        let mut number = None;
        while let Some(digit) = self.peek().and_then(|character| character.to_digit(10)) {
            self.next();
            number = Some(number.unwrap_or(0_u32).saturating_mul(10).saturating_add(digit));
        }
        number.ok_or_else(|| self.unexpected_next("a number"))
    }

    /// The size is checked as it grows, so that an oversized tree is never held whole.
    fn check_written(&self, group: &Group, open: &[Group]) -> Result<(), PatternError> {
        let written = open.iter().fold(group.written, |sum, outer| sum.saturating_add(outer.written));
        if written < self.states_left { Ok(()) } else { Err(self.too_large()) }
    }

    fn too_large(&self) -> PatternError {
        self.excess(format!("a pattern whose automaton has at most {STATES_LIMIT} states"), "a larger one")
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let character = self.rest.next()?;
        self.at += 1;
        Some(character)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.clone().next()
    }

    /// The character after the next.
    pub(super) fn peek_second(&self) -> Option<char> {
        self.rest.clone().nth(1)
    }

    /// Whether the rest begins with a text.
    pub(super) fn is_at(&self, text: &str) -> bool {
        self.rest.as_str().starts_with(text)
    }

    pub(super) fn expect(&mut self, wanted: char) -> Result<(), PatternError> {
        if self.peek() != Some(wanted) {
            return Err(self.unexpected_next(&format!("`{wanted}`")));
        }
        self.next();
        Ok(())
    }

    /// The fault of the next character, or of the end.
    pub(super) fn unexpected_next(&self, expected: &str) -> PatternError {
        let found = self.peek().map_or_else(|| "the end".to_owned(), |character| format!("`{character}`"));
        PatternError { at: self.at + 1, expected: expected.to_owned(), found, is_limit: false }
    }

    /// The fault of the character just read.
    pub(super) fn unexpected_last(&self, expected: &str, found: char) -> PatternError {
        self.unexpected(expected.to_owned(), &format!("`{found}`"))
    }

    /// The fault of what was just read: valid, but too much.
    fn excess(&self, expected: String, found: &str) -> PatternError {
        PatternError { is_limit: true, ..self.unexpected(expected, found) }
    }

    /// The fault of what was just read.
    pub(super) fn unexpected(&self, expected: String, found: &str) -> PatternError {
        PatternError { at: self.at, expected, found: found.to_owned(), is_limit: false }
    }
}

fn literal(character: char) -> Part {
    let mut buffer = [0; 4];
    let bytes = character.encode_utf8(&mut buffer).as_bytes();
    let states = bytes.len() as u64;
    Part { expression: Hir::literal(bytes), states, written: states }
}

fn class_part(class: ClassUnicode) -> Part {
    let states = class::states(&class);
    Part { expression: Hir::class(Class::Unicode(class)), states, written: states }
}

fn repeat(atom: Part, min: u32, max: Option<u32>) -> Part {
    // A bounded repetition is unrolled; an unbounded one is its minimum and a loop.
    let copies = u64::from(max.unwrap_or(min).max(1));
    let states = atom.states.saturating_add(2).saturating_mul(copies);
    let repetition = Repetition { min, max, greedy: true, sub: Box::new(atom.expression) };
    Part { expression: Hir::repetition(repetition), states, written: atom.written.saturating_add(2) }
}
