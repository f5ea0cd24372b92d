//! The rules of an element as code: facts, as in the walk.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Function;
use crate::check::RuleTable;
use crate::compiled::NameId;
use crate::rules::ChildFacts;

/// How the text of a child is available to code.
pub(super) enum Text {
    /// As the `value`.
    Value,
    /// In the variable `text`.
    Kept,
    /// It began at `start`, and the end tag after it, already read, has this length.
    Since(usize),
    /// The child has no text.
    Empty,
    /// Not at all.
    Unknown,
}

/// The code before and after the content of an element with rules.
pub(super) fn around(rules: &RuleTable) -> (TokenStream, TokenStream) {
    let fires = |warnings: bool| {
        let terms = rules.terms(warnings).iter().map(|(mask, value)| {
            let (mask, value) = (bits(*mask), bits(*value));
            quote! { facts & #mask == #value }
        });
        let terms: Vec<TokenStream> = terms.collect();
        if terms.is_empty() {
            quote! { false }
        } else {
            quote! { #(#terms)||* }
        }
    };
    let (errors, all) = (fires(false), fires(true));
    // Some rules are not decided by facts.
    let late = (!rules.are_facts_of_content(true)).then(|| quote! { if M::WARNINGS { return None; } });
    let before = quote! { #late let mut facts = 0_u64; let mut numbers = [0.0; 4]; };
    let after = quote! { if if M::WARNINGS { #all } else { #errors } { return None; } };
    (before, after)
}

/// The facts after an attribute whose value is `text`.
pub(super) fn attribute(function: &Function<'_>, name: NameId) -> TokenStream {
    let Some(rules) = function.rules else { return TokenStream::new() };
    let any = set(rules.facts.any_attribute);
    let found = rules.facts.attributes.iter().enumerate().find(|(_, known)| known.name == Some(name));
    let Some((index, known)) = found else { return any };
    let seen = set(known.seen);
    let read = read(function, rules, (true, index), known, &quote! { &*text });
    quote! { #any #seen #read }
}

/// The facts after a child with a name; `None` if errors depend on a text that is not available to code.
pub(super) fn child(function: &Function<'_>, name: NameId, text: &Text) -> Option<TokenStream> {
    let Some(rules) = function.rules else { return Some(TokenStream::new()) };
    let any = set(rules.facts.any_child);
    let found = rules.facts.children.iter().enumerate().find(|(_, known)| known.name == Some(name));
    let Some((index, known)) = found else { return Some(any) };
    let after = known.after.iter().map(|(before, after)| {
        let (before, after) = (bits(*before), bits(*after));
        quote! { if facts & #before != 0 { facts |= #after; } }
    });
    let seen = bits(known.seen);
    let twice = known.twice.then(|| quote! { facts |= (facts & #seen) << 1; });
    let text = match text {
        _ if !known.is_read() => TokenStream::new(),
        Text::Unknown if known.set_by_text() & rules.needs(false).facts != 0 => return None,
        Text::Unknown => quote! { if M::WARNINGS { return None; } },
        Text::Empty => {
            let ask = known.asks().then(|| ask(function, rules, (false, index), known, &quote! { "" }));
            let empty = known.literals.iter().filter(|(text, _)| text.is_empty()).map(|(_, bit)| set(*bit));
            quote! { #(#empty)* #ask }
        }
        Text::Value => read(function, rules, (false, index), known, &quote! { &*value }),
        Text::Kept => read(function, rules, (false, index), known, &quote! { text }),
        Text::Since(close) => {
            let close = Literal::usize_unsuffixed(*close);
            let read = read(function, rules, (false, index), known, &quote! { text });
            quote! { let text = scan.since(start, #close); #read }
        }
    };
    let any_or_seen = set(rules.facts.any_child | known.seen);
    // The order is the same as in the walk: facts about earlier children, the count, the presence, and then the text.
    Some(quote! { #(#after)* #twice #any_or_seen #text })
}

/// The code after the tag of a child without attributes and children that leaves it to the walk if its own rules
/// require that; `None` if they can make the document invalid. `may_have_text`: the child is not known to be empty.
pub(super) fn leaf(rules: Option<&RuleTable>, may_have_text: bool) -> Option<TokenStream> {
    let Some(rules) = rules else { return Some(TokenStream::new()) };
    if !rules.are_facts_of_content(false) || rules.has_errors() {
        return None;
    }
    let is_clean =
        |facts: u64| !rules.is_late(true) && rules.terms(true).iter().all(|(mask, value)| facts & mask != *value);
    Some(match (is_clean(0), !may_have_text || is_clean(rules.facts.any_text)) {
        (true, true) => TokenStream::new(),
        (false, true) if may_have_text => quote! { if M::WARNINGS && scan.is_end() { return None; } },
        _ => quote! { if M::WARNINGS { return None; } },
    })
}

/// The facts about the text of a child or an attribute: the literal that it equals, and the results of tests.
fn read(
    function: &Function<'_>,
    rules: &RuleTable,
    place: (bool, usize),
    known: &ChildFacts,
    text: &TokenStream,
) -> TokenStream {
    let arms = known.literals.iter().map(|(literal, bit)| {
        let (literal, bit) = (&**literal, bits(*bit));
        quote! { #literal => #bit, }
    });
    let literals = (!known.literals.is_empty()).then(|| quote! { facts |= match #text { #(#arms)* _ => 0 }; });
    let ask = known.asks().then(|| ask(function, rules, place, known, text));
    quote! { #literals #ask }
}

fn ask(
    function: &Function<'_>,
    rules: &RuleTable,
    (is_attribute, index): (bool, usize),
    known: &ChildFacts,
    text: &TokenStream,
) -> TokenStream {
    let Some(element) = function.job.element else { return TokenStream::new() };
    let (element, index) = (Literal::u32_unsuffixed(element), Literal::usize_unsuffixed(index));
    let ask = quote! { facts = scan.ask(#element, (#is_attribute, #index), #text, facts, &mut numbers)?; };
    // Facts that are already known can make the test unnecessary.
    let given = known.asked_given().into_iter().map(|(mask, value)| match mask {
        0 => quote! { true },
        _ => {
            let (mask, value) = (bits(mask), bits(value));
            quote! { facts & #mask == #value }
        }
    });
    if known.set_by_text() & rules.needs(false).facts != 0 {
        quote! { if #(#given)||* { #ask } }
    } else {
        quote! { if M::WARNINGS && (#(#given)||*) { #ask } }
    }
}

fn set(of: u64) -> TokenStream {
    let literal = bits(of);
    if of == 0 {
        TokenStream::new()
    } else {
        quote! { facts |= #literal; }
    }
}

fn bits(bits: u64) -> Literal {
    Literal::u64_suffixed(bits)
}
