//! Qualified names as values: `Q{namespace}local`, as in JSON, since values do not have prefixes.

use std::borrow::Cow;

use super::Error;
use super::json::{expanded, has_names};
use super::name::split_qualified;
use crate::datatype::{Context, Kind, SimpleType};
use crate::text::name::is_ncname;
use crate::text::white_space::{items, trim};

/// Converts a text in a document to a value.
#[inline]
pub(super) fn read<'t>(simple: Option<&SimpleType>, text: Cow<'t, str>, context: &dyn Context) -> Cow<'t, str> {
    match simple.filter(|simple| simple.needs_context()).and_then(|simple| without_prefixes(simple, &text, context)) {
        Some(value) => Cow::Owned(value),
        None => text,
    }
}

fn without_prefixes(simple: &SimpleType, text: &str, context: &dyn Context) -> Option<String> {
    if !has_names(simple) {
        return None;
    }
    match simple.kind() {
        Kind::Union => without_prefixes(simple.member_in(text, context)?, text, context),
        Kind::List => {
            let item = simple.item()?;
            let value = |text: &str| without_prefixes(item, text, context).unwrap_or_else(|| text.to_owned());
            Some(items(text).map(value).collect::<Vec<_>>().join(" "))
        }
        _ => Some(expanded(trim(text), context).into_owned()),
    }
}

/// Converts a value to the text that is written. `prefix` returns a prefix for a namespace (`""` for none).
///
/// # Errors
///
/// There cannot be such a prefix.
pub(super) fn write<'t>(
    simple: Option<&SimpleType>,
    value: &'t str,
    prefix: &mut dyn FnMut(&str) -> Result<String, Error>,
) -> Result<Cow<'t, str>, Error> {
    let Some(simple) = simple.filter(|simple| simple.needs_context() && has_names(simple)) else {
        return Ok(Cow::Borrowed(value));
    };
    let is_list = simple.kind() == Kind::List;
    let is_name = simple.is_name() || is_list && simple.item().is_some_and(|item| item.is_name());
    let (mut text, mut has_names) = (String::new(), false);
    // If the type has no lists, the whole text is at most one name.
    let parts: Box<dyn Iterator<Item = &str>> = match has_lists(simple) {
        true => Box::new(items(value)),
        false => Box::new(std::iter::once(trim(value))),
    };
    for item in parts {
        if !text.is_empty() {
            text.push(' ');
        }
        match split_qualified(item).filter(|(_, local)| is_ncname(local)) {
            Some((namespace, local)) => {
                let prefix = prefix(namespace)?;
                has_names = true;
                text.extend([&*prefix, if prefix.is_empty() { "" } else { ":" }, local]);
            }
            None => {
                // Without a prefix, it would be a name in the default namespace.
                if is_name && is_ncname(item) {
                    prefix("")?;
                }
                text.push_str(item);
            }
        }
    }
    // The value of a union may be a string, including its white space.
    if is_list || has_names { Ok(Cow::Owned(text)) } else { Ok(Cow::Borrowed(value)) }
}

fn has_lists(simple: &SimpleType) -> bool {
    simple.kind() == Kind::List || simple.members().iter().any(|member| has_lists(member))
}
