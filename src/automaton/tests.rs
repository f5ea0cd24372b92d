//! Compares the table with a matcher that has none.

use std::collections::HashSet;

use proptest::prelude::*;

use super::{Ambiguity, Automaton, BuildError, Labels, LeafId, Memory, Particle, StateId, Term};

fn particle(min: u32, max: Option<u32>, term: Term) -> Particle {
    Particle { min, max, term }
}

fn leaf(number: u32) -> Particle {
    range(number, 1, Some(1))
}

fn range(number: u32, min: u32, max: Option<u32>) -> Particle {
    particle(min, max, Term::Leaf(LeafId(number)))
}

fn sequence(min: u32, max: Option<u32>, members: Vec<Particle>) -> Particle {
    particle(min, max, Term::Sequence(members))
}

fn choice(min: u32, max: Option<u32>, members: Vec<Particle>) -> Particle {
    particle(min, max, Term::Choice(members))
}

/// Every leaf has a name of its own.
fn build(particle: &Particle) -> Result<Automaton, BuildError> {
    Automaton::build(particle, &Labels { span: &|leaf| Some(leaf.0..leaf.0 + 1), overlap: &|_, _| false })
}

/// Leaves with the same number modulo 10 have the same name.
fn build_named(particle: &Particle) -> Result<Automaton, BuildError> {
    Automaton::build(particle, &Labels { span: &|leaf| Some(leaf.0 % 10..leaf.0 % 10 + 1), overlap: &|_, _| false })
}

struct Walk<'a> {
    automaton: &'a Automaton,
    state: StateId,
    memory: Vec<u32>,
}

/// Words of another walk before ours.
const BASE: usize = 2;

impl<'a> Walk<'a> {
    fn new(automaton: &'a Automaton) -> Self {
        let mut memory = vec![7; BASE];
        automaton.enter(&mut memory);
        Walk { automaton, state: Automaton::START, memory }
    }

    fn take(&mut self, number: u32) -> bool {
        let next = self.automaton.advance(self.state, LeafId(number), &mut self.memory, BASE);
        self.state = next.unwrap_or(self.state);
        next.is_some()
    }

    fn accepts(&self) -> bool {
        self.automaton.accepts(self.state, &self.memory[BASE..])
    }

    fn allowed(&self) -> Vec<u32> {
        self.automaton.allowed(self.state, &self.memory[BASE..]).into_iter().map(|leaf| leaf.0).collect()
    }

    fn required(&self) -> Vec<u32> {
        self.automaton.required(self.state, &self.memory[BASE..]).into_iter().map(|leaf| leaf.0).collect()
    }

    fn skip_to(&mut self, number: u32) -> Option<Vec<u32>> {
        let words = &self.memory[BASE..];
        let found = self.automaton.skip_to(self.state, &[LeafId(number)], words, &mut { usize::MAX })?;
        self.memory.truncate(BASE);
        self.memory.extend(found.memory);
        self.state = found.state;
        Some(found.missing.into_iter().flat_map(|(leaf, times)| std::iter::repeat_n(leaf.0, times as usize)).collect())
    }
}

fn matches(automaton: &Automaton, word: &[u32]) -> bool {
    let mut walk = Walk::new(automaton);
    word.iter().all(|number| walk.take(*number)) && walk.accepts()
}

fn built(particle: &Particle) -> Automaton {
    build(particle).expect("the particle is deterministic")
}

#[test]
fn a_choice_without_bound_has_two_states() {
    let automaton = built(&choice(1, None, (0..60).map(leaf).collect()));
    assert!(automaton.is_plain());
    assert_eq!(automaton.states.len(), 2);
    assert!(!automaton.states[0].accepting && automaton.states[1].accepting);
    assert!(automaton.states.iter().all(|state| state.edges.len() == 60));
}

#[test]
fn leaves_with_the_same_followers_share_a_state() {
    // ((a, b) | (c, d?))*: nothing, a, b or d, c.
    let pairs =
        vec![sequence(1, Some(1), vec![leaf(0), leaf(1)]), sequence(1, Some(1), vec![leaf(2), range(3, 0, Some(1))])];
    let automaton = built(&choice(0, None, pairs));
    assert_eq!(automaton.states.len(), 4);
    let target = |state: usize, number: u32| {
        let edges = &automaton.states[state].edges;
        edges.iter().find(|edge| edge.leaf == LeafId(number)).map(|edge| edge.target.index())
    };
    let (after_a, after_c) = (target(0, 0).expect("a may come"), target(0, 2).expect("c may come"));
    assert_ne!(after_a, after_c);
    assert_eq!(target(after_a, 1), target(after_c, 3));
}

#[test]
fn edges_are_in_document_order() {
    let automaton = built(&sequence(0, None, vec![range(0, 0, Some(1)), leaf(1), range(2, 0, None)]));
    for state in &automaton.states {
        assert!(state.edges.is_sorted_by_key(|edge| edge.leaf));
    }
}

#[test]
fn a_million_is_a_small_table() {
    let automaton = built(&range(0, 2, Some(1_000_000)));
    assert_eq!(automaton.states.len(), 2);
    let mut walk = Walk::new(&automaton);
    assert!((0..1_000_000).all(|_| walk.take(0)) && walk.accepts());
    assert!(!walk.take(0));
    assert_eq!(walk.memory.len(), BASE + 1);
}

#[test]
fn ranges_of_ranges_become_one() {
    for (inner, outer, most) in [((0, 2000), (0, 2000), 4_000_000), ((0, 5000), (1, 5000), 25_000_000)] {
        let nested = sequence(outer.0, Some(outer.1), vec![range(0, inner.0, Some(inner.1))]);
        let automaton = built(&nested);
        assert_eq!(automaton.states.len(), 2);
        let mut walk = Walk::new(&automaton);
        assert!(walk.accepts());
        walk.take(0);
        walk.memory[BASE] = most - 1;
        assert!(walk.take(0) && walk.accepts() && !walk.take(0));
    }
}

#[test]
fn pairs_are_counted_once() {
    let automaton = built(&sequence(5000, Some(5000), vec![leaf(0), leaf(1)]));
    let mut walk = Walk::new(&automaton);
    for round in 0..5000 {
        assert!(!walk.accepts());
        assert!(walk.take(0) && walk.take(1), "round {round}");
    }
    assert!(walk.accepts() && walk.allowed().is_empty());
}

#[test]
fn ranges_with_an_option_between_rounds_stay_small() {
    for min in [0, 1, 2] {
        let body = vec![range(0, min, Some(2000)), range(1, 0, Some(1))];
        let automaton = built(&sequence(0, Some(2000), body));
        let mut walk = Walk::new(&automaton);
        assert!((0..6000).all(|_| walk.take(0)));
        assert!(walk.accepts() && walk.take(1) && walk.accepts());
        assert!(walk.memory.len() < BASE + 1 + 4 * 4, "{} words", walk.memory.len());
    }
}

#[test]
fn models_that_need_too_much_memory_are_refused() {
    let body = vec![range(0, 2, Some(2000)), range(1, 0, Some(1))];
    assert!(matches!(build(&sequence(2000, Some(2000), body)), Err(BuildError::TooComplex(_))));
    let deep = (0..100_000).fold(leaf(0), |inner, _| sequence(1, Some(1), vec![inner]));
    assert!(matches!(build(&deep), Err(BuildError::TooComplex(_))));
    // Dropping it would recurse as deep as well; that is up to the caller.
    std::mem::forget(deep);
}

#[test]
fn several_configurations_at_one_place() {
    // (a{2,3}, b?){2}
    let automaton = built(&sequence(2, Some(2), vec![range(0, 2, Some(3)), range(1, 0, Some(1))]));
    for (word, expected) in [
        (&[0, 0, 0][..], false),
        (&[0, 0, 0, 0], true),
        (&[0, 0, 0, 0, 0], true),
        (&[0, 0, 0, 0, 0, 0], true),
        (&[0, 0, 0, 0, 0, 0, 0], false),
        (&[0, 0, 1, 0, 0, 1], true),
        (&[0, 0, 0, 0, 1], true),
        (&[0, 0, 1, 0], false),
        (&[0, 0, 0, 0, 0, 0, 1], true),
        (&[0, 1, 0, 0], false),
    ] {
        assert_eq!(matches(&automaton, word), expected, "{word:?}");
    }
}

#[test]
fn competing_leaves_are_named() {
    let ambiguity =
        |first, second| Err(BuildError::Ambiguity(Ambiguity { first: LeafId(first), second: LeafId(second) }));
    let verdict = |particle| build_named(&particle).map(|_| ());
    // (a?, a), (a{1,2}, a), ((a, b) | (a, c)), (a, b?)*, b
    assert_eq!(verdict(sequence(1, Some(1), vec![range(0, 0, Some(1)), leaf(10)])), ambiguity(0, 10));
    assert_eq!(verdict(sequence(1, Some(1), vec![range(0, 1, Some(2)), leaf(10)])), ambiguity(0, 10));
    let branches = vec![sequence(1, Some(1), vec![leaf(0), leaf(1)]), sequence(1, Some(1), vec![leaf(10), leaf(2)])];
    assert_eq!(verdict(choice(1, Some(1), branches)), ambiguity(0, 10));
    let rounds = sequence(0, None, vec![leaf(0), range(1, 0, Some(1))]);
    assert_eq!(verdict(sequence(1, Some(1), vec![rounds, leaf(11)])), ambiguity(1, 11));
    // ((a{2,3}){2}, a): the fourth may be either.
    let nested = sequence(2, Some(2), vec![range(0, 2, Some(3))]);
    assert_eq!(verdict(sequence(1, Some(1), vec![nested, leaf(10)])), ambiguity(0, 10));
    // (a{2}, a), ((a, b){3}, a): a fixed number of times is no conflict.
    assert_eq!(verdict(sequence(1, Some(1), vec![range(0, 2, Some(2)), leaf(10)])), Ok(()));
    let pairs = sequence(3, Some(3), vec![leaf(0), leaf(1)]);
    assert_eq!(verdict(sequence(1, Some(1), vec![pairs, leaf(10)])), Ok(()));
    // all(a, b, a)
    assert_eq!(verdict(particle(1, Some(1), Term::All(vec![leaf(0), leaf(1), leaf(10)]))), ambiguity(0, 10));
}

#[test]
fn overlaps_with_wildcards_are_checked() {
    let labels = Labels {
        span: &|leaf| (leaf.0 < 5).then_some(leaf.0..leaf.0 + 1),
        overlap: &|one, other| one.0 == 0 || other.0 == 0,
    };
    let with_zero = sequence(1, Some(1), vec![range(5, 0, None), leaf(0)]);
    assert!(Automaton::build(&with_zero, &labels).is_err());
    let with_one = sequence(1, Some(1), vec![range(5, 0, None), leaf(1)]);
    assert!(Automaton::build(&with_one, &labels).is_ok());
}

#[test]
fn all_takes_each_member_once() {
    let members = vec![leaf(0), range(1, 0, Some(1)), leaf(2)];
    let automaton = built(&particle(1, Some(1), Term::All(members.clone())));
    assert!(!automaton.is_plain());
    let mut walk = Walk::new(&automaton);
    assert_eq!((walk.allowed(), walk.required()), (vec![0, 1, 2], vec![0, 2]));
    assert!(walk.take(2) && !walk.take(2) && !walk.accepts());
    assert_eq!((walk.allowed(), walk.required()), (vec![0, 1], vec![0]));
    assert_eq!(walk.skip_to(2), None);
    assert!(walk.take(0) && walk.accepts() && walk.take(1) && walk.accepts() && walk.allowed().is_empty());
    // Optional as a whole: nothing, or all that is required.
    let optional = built(&particle(0, Some(1), Term::All(members)));
    assert!(matches(&optional, &[]) && !matches(&optional, &[1]) && matches(&optional, &[0, 2]));
}

#[test]
fn missing_leaves_are_those_that_cannot_be_skipped() {
    let required = |particle: &Particle, word: &[u32]| {
        let automaton = built(particle);
        let mut walk = Walk::new(&automaton);
        assert!(word.iter().all(|number| walk.take(*number)));
        walk.required()
    };
    // (a?, b, c)
    let one = sequence(1, Some(1), vec![range(0, 0, Some(1)), leaf(1), leaf(2)]);
    assert_eq!(required(&one, &[]), [1]);
    assert_eq!(required(&one, &[1]), [2]);
    // ((a, b) | c?), (d | e)
    let pair = sequence(1, Some(1), vec![leaf(0), leaf(1)]);
    let branches = choice(1, Some(1), vec![pair, range(2, 0, Some(1))]);
    let two = sequence(1, Some(1), vec![branches, choice(1, Some(1), vec![leaf(3), leaf(4)])]);
    assert_eq!(required(&two, &[]), [3, 4]);
    assert_eq!(required(&two, &[0]), [1]);
    // ((a?, b){2}, c)
    let rounds = sequence(2, Some(2), vec![range(0, 0, Some(1)), leaf(1)]);
    let three = sequence(1, Some(1), vec![rounds, leaf(2)]);
    assert_eq!(required(&three, &[1]), [1]);
    assert_eq!(required(&three, &[1, 1]), [2]);
    // (a, (b?, c)?){2}
    let tail = sequence(0, Some(1), vec![range(1, 0, Some(1)), leaf(2)]);
    assert_eq!(required(&sequence(2, Some(2), vec![leaf(0), tail]), &[0]), [0]);
    // (a | b)+
    assert_eq!(required(&choice(1, None, vec![leaf(0), leaf(1)]), &[]), [0, 1]);
}

#[test]
fn a_path_assumes_the_fewest_leaves() {
    let pair = sequence(1, Some(1), vec![leaf(2), leaf(3)]);
    let model =
        sequence(1, Some(1), vec![leaf(0), choice(1, Some(1), vec![pair, leaf(4)]), range(5, 3, Some(3)), leaf(6)]);
    let automaton = built(&model);
    let mut walk = Walk::new(&automaton);
    assert_eq!(walk.skip_to(0), Some(vec![]));
    let mut copy = Walk { automaton: &automaton, state: walk.state, memory: walk.memory.clone() };
    assert_eq!(copy.skip_to(6), Some(vec![4, 5, 5, 5]));
    assert!(copy.accepts());
    assert_eq!(walk.skip_to(3), Some(vec![2]));
    assert_eq!(walk.skip_to(0), None);
    assert_eq!(walk.allowed(), [5]);
}

/// The plain matcher: what is left to match after a leaf, as lists of particles, without a table.
type Rest = Vec<Particle>;

fn nullable(particle: &Particle) -> bool {
    particle.min == 0
        || particle.max == Some(0)
        || match &particle.term {
            Term::Leaf(_) => false,
            Term::Sequence(members) | Term::All(members) => members.iter().all(nullable),
            Term::Choice(members) => members.iter().any(nullable),
        }
}

fn derive_all(rest: &[Particle], number: u32, found: &mut HashSet<Rest>) {
    let Some((first, tail)) = rest.split_first() else { return };
    if first.max != Some(0) {
        let again = particle(first.min.saturating_sub(1), first.max.map(|max| max - 1), first.term.clone());
        let mut inside = HashSet::new();
        derive_term(&first.term, number, &mut inside);
        for mut after in inside {
            after.push(again.clone());
            after.extend_from_slice(tail);
            found.insert(after);
        }
    }
    if nullable(first) {
        derive_all(tail, number, found);
    }
}

fn derive_term(term: &Term, number: u32, found: &mut HashSet<Rest>) {
    match term {
        Term::Leaf(leaf) if leaf.0 == number => {
            found.insert(Vec::new());
        }
        Term::Leaf(_) => {}
        Term::Sequence(members) => derive_all(members, number, found),
        Term::Choice(members) => {
            members.iter().for_each(|member| derive_all(std::slice::from_ref(member), number, found));
        }
        Term::All(members) => {
            for (index, member) in members.iter().enumerate() {
                if member.term == Term::Leaf(LeafId(number)) && member.max != Some(0) {
                    let mut others = members.clone();
                    others.remove(index);
                    found.insert(vec![particle(1, Some(1), Term::All(others))]);
                }
            }
        }
    }
}

fn step(rests: &HashSet<Rest>, number: u32) -> HashSet<Rest> {
    let mut found = HashSet::new();
    rests.iter().for_each(|rest| derive_all(rest, number, &mut found));
    found
}

fn accepts(rests: &HashSet<Rest>) -> bool {
    rests.iter().any(|rest| rest.iter().all(nullable))
}

/// The length of the shortest completion that uses none of `without`, up to a bound.
fn completes_without(rests: &HashSet<Rest>, leaves: u32, without: &[u32]) -> bool {
    let mut frontier = vec![rests.clone()];
    for _ in 0..4 {
        if frontier.iter().any(accepts) {
            return true;
        }
        frontier = frontier
            .iter()
            .flat_map(|rests| (0..leaves).filter(|leaf| !without.contains(leaf)).map(|leaf| step(rests, leaf)))
            .filter(|rests| !rests.is_empty())
            .take(200)
            .collect();
    }
    false
}

fn bounds() -> impl Strategy<Value = (u32, Option<u32>)> {
    prop_oneof![
        4 => Just((1, Some(1))),
        2 => Just((0, Some(1))),
        1 => Just((0, None)),
        1 => Just((1, None)),
        1 => Just((2, None)),
        4 => (0_u32..4, 0_u32..3).prop_map(|(min, more)| (min, Some(min + more))),
    ]
}

/// Random particles; leaves are numbered afterwards.
fn particles() -> impl Strategy<Value = Particle> {
    let leaves = bounds().prop_map(|(min, max)| range(0, min, max));
    let inner = leaves.prop_recursive(4, 8, 3, |inner| {
        (bounds(), any::<bool>(), prop::collection::vec(inner, 1..4)).prop_map(|((min, max), is_choice, members)| {
            if is_choice { choice(min, max, members) } else { sequence(min, max, members) }
        })
    });
    let members = prop::collection::vec((0_u32..2).prop_map(|min| range(0, min, Some(1))), 1..5);
    let all = (0_u32..2, members).prop_map(|(min, members)| particle(min, Some(1), Term::All(members)));
    prop_oneof![8 => inner, 1 => all]
}

fn number(particle: &mut Particle, next: &mut u32) {
    match &mut particle.term {
        Term::Leaf(leaf) => {
            *leaf = LeafId(*next);
            *next += 1;
        }
        Term::Sequence(members) | Term::Choice(members) | Term::All(members) => {
            members.iter_mut().for_each(|member| number(member, next));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn the_table_agrees_with_the_plain_matcher(
        mut model in particles(),
        choices in prop::collection::vec((any::<prop::sample::Index>(), 0_u32..12), 0..14),
    ) {
        let mut leaves = 0;
        number(&mut model, &mut leaves);
        let automaton = build(&model).expect("every leaf has a name of its own");
        let mut walk = Walk::new(&automaton);
        let mut rests = HashSet::from([vec![model.clone()]]);
        for (index, wild) in choices {
            let viable: Vec<u32> = (0..leaves).filter(|leaf| !step(&rests, *leaf).is_empty()).collect();
            prop_assert_eq!(walk.allowed(), viable.clone());
            prop_assert_eq!(walk.accepts(), accepts(&rests));
            let required = walk.required();
            prop_assert_eq!(required.is_empty(), walk.accepts());
            prop_assert!(required.iter().all(|leaf| viable.contains(leaf)));
            prop_assert!(required.is_empty() || !completes_without(&rests, leaves, &required));
            // The path found to any leaf leads there, and no shorter part of it does.
            let mut copy = Walk { automaton: &automaton, state: walk.state, memory: walk.memory.clone() };
            if let Some(supposed) = copy.skip_to(wild) {
                let mut on_the_way = rests.clone();
                for leaf in supposed {
                    prop_assert!(step(&on_the_way, wild).is_empty());
                    on_the_way = step(&on_the_way, leaf);
                }
                on_the_way = step(&on_the_way, wild);
                prop_assert_eq!(copy.accepts(), accepts(&on_the_way));
                prop_assert!(!on_the_way.is_empty());
            }
            // Usually a leaf that may occur, sometimes any.
            let leaf = if viable.is_empty() || wild == 0 { wild % leaves } else { viable[index.index(viable.len())] };
            let before = walk.memory.clone();
            let taken = walk.take(leaf);
            prop_assert_eq!(taken, viable.contains(&leaf));
            if !taken {
                prop_assert_eq!(walk.memory.len(), before.len());
                prop_assert_eq!(walk.memory, before);
                break;
            }
            prop_assert_eq!(&walk.memory[..BASE], [7; BASE]);
            rests = step(&rests, leaf);
        }
    }

    #[test]
    fn leaves_around_a_leaf_are_those_that_a_search_finds(mut model in particles()) {
        let mut leaves = 0;
        number(&mut model, &mut leaves);
        let automaton = build(&model).expect("every leaf has a name of its own");
        for one in 0..leaves {
            let around = automaton.around(LeafId(one), &mut { usize::MAX }).expect("there are enough steps");
            let without_steps = automaton.around(LeafId(one), &mut { 0 });
            prop_assert!(without_steps.is_none());
            for other in (0..leaves).filter(|other| *other != one) {
                let follows = |first: u32, second: u32| {
                    let mut walk = Walk::new(&automaton);
                    walk.skip_to(first).is_some() && walk.skip_to(second).is_some()
                };
                let (after, before) = (follows(one, other), follows(other, one));
                prop_assert!(!after || around.may_follow(LeafId(other)), "{} after {}", other, one);
                prop_assert!(!before || around.may_precede(LeafId(other)), "{} before {}", other, one);
                // A search gives up where counters ask for many leaves on the way.
                let is_counted = matches!(automaton.memory, Memory::Values { .. } | Memory::Boxes { .. });
                if !is_counted && leaves <= 16 {
                    prop_assert_eq!(around.may_follow(LeafId(other)), after, "{} after {}", other, one);
                    prop_assert_eq!(around.may_precede(LeafId(other)), before, "{} before {}", other, one);
                }
            }
        }
    }

    #[test]
    fn a_deterministic_table_never_offers_one_name_twice(
        mut model in particles(),
        names in prop::collection::vec(0_u32..3, 12),
        choices in prop::collection::vec(any::<prop::sample::Index>(), 0..14),
    ) {
        let mut leaves = 0;
        number(&mut model, &mut leaves);
        let name = |leaf: u32| names[leaf as usize % names.len()];
        let labels = Labels { span: &|leaf| Some(name(leaf.0)..name(leaf.0) + 1), overlap: &|_, _| false };
        match Automaton::build(&model, &labels) {
            Ok(automaton) => {
                let mut walk = Walk::new(&automaton);
                for index in choices {
                    let allowed = walk.allowed();
                    let distinct: HashSet<u32> = allowed.iter().map(|leaf| name(*leaf)).collect();
                    prop_assert_eq!(distinct.len(), allowed.len());
                    if allowed.is_empty() { break; }
                    prop_assert!(walk.take(allowed[index.index(allowed.len())]));
                }
            }
            Err(BuildError::Ambiguity(Ambiguity { first, second })) => {
                prop_assert!(first < second && name(first.0) == name(second.0));
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }
}
