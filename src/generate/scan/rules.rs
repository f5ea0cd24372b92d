//! The rules of an element as code: facts, as in the walk.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Function;
use crate::check::RuleTable;
use crate::compiled::NameId;
use crate::generate::names::ident;

/// How code has the text of a child.
pub(super) enum Text<'v> {
    /// It is the `value`.
    Value,
    /// Of an enumeration: the variants of this type that `value` is, and their texts.
    Enumeration(TokenStream, &'v [(String, String)]),
    /// It began at `start`, and the end tag that has been taken is this long.
    Since(usize),
    /// It has none.
    Empty,
    /// It has not.
    Unknown,
}

/// What comes before the content of an element with rules, and after it.
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
    // Rules that facts do not decide.
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
    let literals = literals(&known.literals);
    let literals = (!known.literals.is_empty()).then(|| quote! { facts |= match &*text { #literals _ => 0 }; });
    let ask = known.asks().then(|| ask(function, rules, true, index, &quote! { &text }, known.set_by_text()));
    quote! { #any #seen #literals #ask }
}

/// The facts after a child of a name; `None` where errors depend on a text that code does not have.
pub(super) fn child(function: &Function<'_>, name: NameId, text: &Text<'_>) -> Option<TokenStream> {
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
    let read = match text {
        _ if !known.is_read() => TokenStream::new(),
        Text::Unknown if known.set_by_text() & rules.needs(false).facts != 0 => return None,
        Text::Unknown => quote! { if M::WARNINGS { return None; } },
        Text::Value => {
            let literals = literals(&known.literals);
            let literals =
                (!known.literals.is_empty()).then(|| quote! { facts |= match &*value { #literals _ => 0 }; });
            let ask = known.asks().then(|| ask(function, rules, false, index, &quote! { &value }, known.set_by_text()));
            quote! { #literals #ask }
        }
        Text::Empty => {
            let ask = known.asks().then(|| ask(function, rules, false, index, &quote! { "" }, known.set_by_text()));
            let empty = known.literals.iter().filter(|(text, _)| text.is_empty()).map(|(_, bit)| set(*bit));
            quote! { #(#empty)* #ask }
        }
        Text::Since(close) => {
            let close = Literal::usize_unsuffixed(*close);
            let (literals, is_compared) = (literals(&known.literals), !known.literals.is_empty());
            let literals = is_compared.then(|| quote! { facts |= match text { #literals _ => 0 }; });
            let ask = known.asks().then(|| ask(function, rules, false, index, &quote! { text }, known.set_by_text()));
            quote! { let text = scan.since(start, #close); #literals #ask }
        }
        Text::Enumeration(path, values) => {
            let arms = values.iter().map(|(variant, text)| {
                let literal = known.literals.iter().find(|(literal, _)| **literal == **text);
                let (variant, bit) = (ident(variant), bits(literal.map_or(0, |(_, bit)| *bit)));
                quote! { #path::#variant => #bit, }
            });
            let literals = (!known.literals.is_empty()).then(|| quote! { facts |= match value { #(#arms)* }; });
            let ask = known
                .asks()
                .then(|| ask(function, rules, false, index, &quote! { value.as_str() }, known.set_by_text()));
            quote! { #literals #ask }
        }
    };
    let any_or_seen = set(rules.facts.any_child | known.seen);
    // The order is that of the walk: what came before, how often, that it came, and then its text.
    Some(quote! { #(#after)* #twice #any_or_seen #read })
}

/// Whether a child without attributes and children, with text or without, leaves nothing to say in any mode; `None` where it
/// may make the document invalid.
pub(super) fn leaf(rules: Option<&RuleTable>, has_text: bool) -> Option<TokenStream> {
    let Some(rules) = rules else { return Some(TokenStream::new()) };
    if !rules.are_facts_of_content(false) || rules.has_errors() {
        return None;
    }
    let facts = if has_text { rules.facts.any_text } else { 0 };
    let is_clean = !rules.is_late(true) && rules.terms(true).iter().all(|(mask, value)| facts & mask != *value);
    Some(if is_clean {
        TokenStream::new()
    } else {
        quote! { if M::WARNINGS { return None; } }
    })
}

fn ask(
    function: &Function<'_>,
    rules: &RuleTable,
    is_attribute: bool,
    index: usize,
    text: &TokenStream,
    sets: u64,
) -> TokenStream {
    let (Some(element), index) = (function.job.element, Literal::usize_unsuffixed(index)) else {
        return TokenStream::new();
    };
    let element = Literal::u32_unsuffixed(element);
    let ask = quote! { facts = scan.ask(#element, (#is_attribute, #index), #text, facts, &mut numbers)?; };
    if sets & rules.needs(false).facts != 0 {
        ask
    } else {
        quote! { if M::WARNINGS { #ask } }
    }
}

fn literals(literals: &[(Box<str>, u64)]) -> TokenStream {
    let arms = literals.iter().map(|(text, bit)| {
        let (text, bit) = (&**text, bits(*bit));
        quote! { #text => #bit, }
    });
    quote! { #(#arms)* }
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
