//! Rewrites a particle with fewer repetitions, keeping the language and the conflicts between leaves.

use super::{BuildError, LeafId, Particle, Term};

/// The most levels of nesting that a particle may have; the functions here and in `build` recurse as deep.
const NESTING: usize = 1024;

/// A particle without needless nesting: no repetition of exactly once, no sequence in a sequence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expression {
    /// Matches no content at all (a choice without members).
    Nothing,
    /// Matches only empty content.
    Empty,
    Leaf(LeafId),
    Sequence(Vec<Expression>),
    Choice(Vec<Expression>),
    /// Not exactly once; the body is neither `Nothing` nor `Empty`, and if it may be empty, `min` is 0.
    Repeat {
        min: u32,
        max: Option<u32>,
        body: Box<Expression>,
    },
}

impl Expression {
    /// Whether it matches empty content.
    pub(super) fn is_nullable(&self) -> bool {
        match self {
            Expression::Nothing | Expression::Leaf(_) => false,
            Expression::Empty => true,
            Expression::Sequence(members) => members.iter().all(Expression::is_nullable),
            Expression::Choice(members) => members.iter().any(Expression::is_nullable),
            Expression::Repeat { min, .. } => *min == 0,
        }
    }
}

/// Rewrites a particle.
pub(super) fn simplify(particle: &Particle) -> Result<Expression, BuildError> {
    particle_limited(particle, NESTING)
}

fn particle_limited(particle: &Particle, levels: usize) -> Result<Expression, BuildError> {
    let Some(levels) = levels.checked_sub(1) else {
        return Err(BuildError::TooComplex("its groups are nested too deeply"));
    };
    if particle.max == Some(0) {
        return Ok(Expression::Empty);
    }
    let body = match &particle.term {
        Term::Leaf(leaf) => Expression::Leaf(*leaf),
        Term::Sequence(members) => sequence(members, levels)?,
        Term::Choice(members) => choice(members, levels)?,
        Term::All(_) => return Err(BuildError::TooComplex("`xs:all` is inside another group")),
    };
    Ok(repeat(body, particle.min, particle.max))
}

fn sequence(members: &[Particle], levels: usize) -> Result<Expression, BuildError> {
    let mut flat = Vec::with_capacity(members.len());
    for member in members {
        match particle_limited(member, levels)? {
            Expression::Empty => {}
            Expression::Sequence(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    Ok(match flat.len() {
        0 => Expression::Empty,
        1 => flat.swap_remove(0),
        _ => Expression::Sequence(flat),
    })
}

fn choice(members: &[Particle], levels: usize) -> Result<Expression, BuildError> {
    let mut flat = Vec::with_capacity(members.len());
    let mut optional = false;
    for member in members {
        match particle_limited(member, levels)? {
            Expression::Nothing => {}
            Expression::Empty => optional = true,
            Expression::Choice(inner) => flat.extend(inner),
            other => flat.push(other),
        }
    }
    let body = match flat.len() {
        0 if optional => return Ok(Expression::Empty),
        0 => return Ok(Expression::Nothing),
        1 => flat.swap_remove(0),
        _ => Expression::Choice(flat),
    };
    Ok(if optional { repeat(body, 0, Some(1)) } else { body })
}

fn repeat(body: Expression, min: u32, max: Option<u32>) -> Expression {
    if body == Expression::Empty || (body == Expression::Nothing && min == 0) {
        return Expression::Empty;
    }
    if body == Expression::Nothing || (min == 1 && max == Some(1)) {
        return body;
    }
    let min = if body.is_nullable() { 0 } else { min };
    let (min, max, body) = match body {
        Expression::Repeat { min: inner_min, max: inner_max, body } => {
            match product((inner_min, inner_max), (min, max)) {
                Some((min, max)) => (min, max, body),
                None => (min, max, Box::new(Expression::Repeat { min: inner_min, max: inner_max, body })),
            }
        }
        other => (min, max, Box::new(other)),
    };
    let body = if max.is_none() && min <= 1 { Box::new(inside_star(*body)) } else { body };
    Expression::Repeat { min, max, body }
}

/// The range equivalent to a range of ranges, if the totals leave no gap: `(r{2,3}){2}` is `r{4,6}`, but `(r{2}){1,3}`
/// is 2, 4 or 6 times.
fn product(
    (inner_min, inner_max): (u32, Option<u32>),
    (outer_min, outer_max): (u32, Option<u32>),
) -> Option<(u32, Option<u32>)> {
    let rounds = u64::from(outer_min);
    // Between the most of `rounds` rounds and the least of one more: is there a total that neither reaches?
    let most = inner_max.map(|max| u64::from(max) * rounds);
    let without_gap = match most {
        Some(most) => (rounds + 1) * u64::from(inner_min) <= most + 1,
        None => rounds > 0 || inner_min <= 1,
    };
    if outer_max != Some(outer_min) && !without_gap {
        return None;
    }
    let max = match (inner_max, outer_max) {
        (Some(inner), Some(outer)) => Some(inner.saturating_mul(outer)),
        _ => None,
    };
    Some((inner_min.saturating_mul(outer_min), max))
}

/// In the body of an unbounded repetition, an alternative need not be repeated itself: `(a{1,5} | b)*` is `(a | b)*`.
fn inside_star(body: Expression) -> Expression {
    match body {
        Expression::Choice(members) => Expression::Choice(members.into_iter().map(inside_star).collect()),
        Expression::Repeat { min: 1, body, .. } => inside_star(*body),
        Expression::Repeat { min: 0, body, .. } => {
            Expression::Repeat { min: 0, max: Some(1), body: Box::new(inside_star(*body)) }
        }
        other => other,
    }
}
