//! `PC02xx`: elements, and what stands in them.

use super::fragments::{all_of, any_of, did_you_mean, found_text, message, shown, ticked};
use super::name::{Allowed, Misnamed, Name, within};
use super::{Code, Words};

/// Something that can be in a content model, as it is named.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Item<'s> {
    /// An element.
    Element(Name<'s>),
    /// Those that may stand for an element and were not named.
    StandIn(Name<'s>),
    /// A wildcard.
    Any(Allowed<'s>),
}

impl<'s> Item<'s> {
    fn name(&self) -> Option<Name<'s>> {
        match self {
            Item::Element(name) => Some(*name),
            Item::StandIn(_) | Item::Any(_) => None,
        }
    }

    /// Among others, and perhaps beside an element that was found.
    fn shown(&self, items: &[Item<'_>], found: Option<Name<'_>>) -> String {
        let names = || items.iter().filter_map(Item::name).chain(found);
        match self {
            Item::Element(name) => name.among(names()),
            Item::StandIn(name) => format!("another element that may stand for {}", name.shown()),
            Item::Any(allowed) => allowed.shown("element"),
        }
    }

    fn plain(&self) -> String {
        match self {
            Item::Element(name) => name.plain(),
            Item::StandIn(name) => format!("another element that may stand for {}", name.plain()),
            Item::Any(allowed) => allowed.shown("element"),
        }
    }
}

/// One thing that is missing: one of these.
pub(crate) type Alternatives<'s> = Vec<Item<'s>>;

/// The root is not an element that the schema declares.
pub(crate) fn unexpected_root<'s>(
    found: Name<'s>,
    declared: impl ExactSizeIterator<Item = Name<'s>> + Clone,
    meant: Option<Name<'_>>,
) -> Words {
    if declared.len() == 0 {
        let message = format!("the schema declares no element that can be the root, found {}", found.shown());
        return Words::new(Code::UnexpectedRoot, message).found(found.local);
    }
    let names = || declared.clone();
    let roots = any_of(names().map(|name| name.among(names().chain([found]))));
    let message = message(format_args!("expected the root {roots}, found {}", found.among(names())));
    let words = Words::new(Code::UnexpectedRoot, message).expected(names().map(|name| name.plain())).found(found.local);
    match meant {
        Some(meant) => words.help(did_you_mean(&meant.plain())),
        None => words.help("is this a document of another kind?"),
    }
}

/// The name is right and the namespace is not.
pub(crate) fn wrong_namespace(code: Code, name: Name<'_>, misnamed: Misnamed<'_>) -> Words {
    let message = format!("expected {}, found it {}", name.in_namespace(), within(misnamed.namespace));
    Words::new(code, message).expected([name.local]).found(name.local).help(misnamed.help(name))
}

/// Elements are missing, before another (`before`) or before the end of `parent`.
pub(crate) fn missing_elements(missing: &[Alternatives<'_>], parent: &str, before: Option<Name<'_>>) -> Words {
    fn any_of_these<'a>(items: &'a [Item<'_>], before: Option<Name<'a>>) -> String {
        any_of(items.iter().map(|item| item.shown(items, before))).to_string()
    }
    let what = match missing {
        [one] if one.len() == 1 => format!("required element {}", any_of_these(one, before)),
        [one] => format!("one of the elements {}", any_of_these(one, before)),
        several => {
            format!("required elements {}", all_of(several.iter().map(|items| any_of_these(items, before))))
        }
    };
    let place = match before {
        Some(before) => {
            let names = missing.iter().flatten().filter_map(Item::name);
            format!("before {}", before.among(names))
        }
        None => format!("in {}", ticked(parent)),
    };
    let mut words = Words::new(Code::MissingElement, message(format_args!("missing {what} {place}")))
        .expected(missing.iter().flatten().map(Item::plain));
    words.found = Some(match before {
        Some(before) => shown(before.local),
        None => format!("</{}>", shown(parent)),
    });
    words
}

/// The content model has no choice to offer: the schema can be used, and no such element is ever valid.
pub(crate) fn impossible_content(element: &str) -> Words {
    let message = format!("{} can have no content that is valid: the schema gives it an empty choice", ticked(element));
    Words::new(Code::MissingElement, message)
}

/// An element is where others could be, and it could not.
pub(crate) fn unexpected_element(found: Name<'_>, parent: &str, allowed: &[Item<'_>], may_end: bool) -> Words {
    let last = match (allowed, may_end) {
        ([], true) => Some(format!("no further element in {}", ticked(parent))),
        (_, true) => Some(format!("the end of {}", ticked(parent))),
        ([], false) => Some(format!("no element in {}", ticked(parent))),
        (_, false) => None,
    };
    let count = allowed.len() + usize::from(last.is_some());
    let name = |index: usize| match allowed.get(index) {
        Some(item) => item.shown(allowed, Some(found)),
        None => last.clone().unwrap_or_default(),
    };
    let expected = any_of((0..count).map(name));
    let end = may_end.then(|| format!("</{parent}>"));
    let is_limited = |item: &Item<'_>| matches!(item, Item::Any(allowed) if allowed.is_limited());
    let found_name = match allowed.iter().any(is_limited) {
        true => found.in_namespace(),
        false => found.among(allowed.iter().filter_map(Item::name)),
    };
    Words::new(Code::UnexpectedElement, message(format_args!("expected {expected}, found {found_name}")))
        .expected(allowed.iter().map(Item::plain).chain(end))
        .found(found.local)
}

impl Words {
    /// The element of an expected name comes after the one that was found.
    pub(crate) fn superfluous(self, found: &str) -> Words {
        self.help(format!("remove {}", ticked(found)))
    }
}

/// Two elements that exclude each other.
pub(crate) fn exclusive_elements(found: Name<'_>, other: Name<'_>) -> Words {
    let (one, both) = (other.among([found].into_iter()), found.among([other].into_iter()));
    Words::new(Code::UnexpectedElement, format!("expected only one of {one} and {both}, found both"))
        .found(found.local)
        .help("remove one of the two")
}

/// A name that is nearly right.
pub(crate) fn unknown_element(found: &str, meant: &str) -> Words {
    Words::new(Code::UnknownElement, format!("expected {}, found {}", ticked(meant), ticked(found)))
        .expected([meant])
        .found(found)
        .help(did_you_mean(meant))
}

/// Once too often; `most` is how often it may be there.
pub(crate) fn too_many_elements(name: &str, parent: &str, most: usize) -> Words {
    let most = if most == 1 { String::from("one") } else { most.to_string() };
    Words::new(
        Code::TooManyElements,
        format!("expected at most {most} {} in {}, found another", ticked(name), ticked(parent)),
    )
    .found(name)
}

/// An element after one that it must precede.
pub(crate) fn out_of_order(name: Name<'_>, before: Name<'_>) -> Words {
    let (shown, after) = (name.among([before].into_iter()), before.among([name].into_iter()));
    Words::new(Code::ElementOutOfOrder, format!("expected {shown} before {after}, found it after"))
        .expected([before.local])
        .found(name.local)
        .help(format!("move {shown} before {after}"))
}

/// Text where only elements may be.
pub(crate) fn unexpected_text(text: &str, parent: &str) -> Words {
    Words::new(
        Code::UnexpectedText,
        format!("expected only elements in {}, found the text {}", ticked(parent), ticked(text)),
    )
    .found(text)
}

/// What stood where nothing may be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stood<'a> {
    Text(&'a str),
    Element(&'a str),
}

impl Stood<'_> {
    fn shown(self) -> String {
        match self {
            Stood::Element(name) => format!("the element {}", ticked(name)),
            Stood::Text(text) => match found_text(text) {
                blank if blank.starts_with("only") => blank.trim_start_matches("only ").to_owned(),
                text => format!("the text {text}"),
            },
        }
    }

    fn plain(&self) -> &str {
        match self {
            Stood::Text(text) | Stood::Element(text) => text,
        }
    }
}

/// An element that must be empty is not.
pub(crate) fn not_empty(element: &str, stood: Stood<'_>) -> Words {
    let words =
        Words::new(Code::NotEmpty, format!("expected {} to be empty, found {}", ticked(element), stood.shown()))
            .found(stood.plain());
    match stood {
        Stood::Text(text) if text.trim().is_empty() => {
            words.help(format!("write `<{}/>`: not even white space is allowed in it", shown(element)))
        }
        _ => words,
    }
}

/// An element that is nil has content.
pub(crate) fn nil_with_content(element: &str, stood: Stood<'_>) -> Words {
    Words::new(
        Code::NilWithContent,
        format!("expected {} to be empty because of `xsi:nil`, found {}", ticked(element), stood.shown()),
    )
    .found(stood.plain())
    .remedy()
}

/// An element is nil that has a fixed value.
pub(crate) fn nil_with_fixed_value(element: &str, fixed: &str) -> Words {
    Words::new(
        Code::NilWithContent,
        format!("expected {} to have its fixed value {}, found `xsi:nil`", ticked(element), ticked(fixed)),
    )
    .expected([fixed])
    .help("remove `xsi:nil`")
}

/// A child in an element of text.
pub(crate) fn child_in_simple_content(element: &str, described: &str, child: &str) -> Words {
    Words::new(
        Code::ChildInSimpleContent,
        format!("expected {described} in {}, found the element {}", ticked(element), ticked(child)),
    )
    .expected([described])
    .found(child)
    .remedy()
}

/// `xsi:nil` where the schema does not allow it.
pub(crate) fn not_nillable(element: &str) -> Words {
    Words::new(Code::NotNillable, format!("expected {} to have a value, found `xsi:nil`", ticked(element))).remedy()
}

/// `xsi:type` with a name that is not that of a type; `meant` is a type that has the name nearly, or in another namespace.
pub(crate) fn unknown_type(written: &str, misnamed: Misnamed<'_>, meant: Option<Name<'_>>) -> Words {
    let place = match written.is_empty() {
        true => String::new(),
        false => format!(" {}", within(misnamed.namespace)),
    };
    let words = Words::new(
        Code::UnknownType,
        format!("expected a type of the schema in `xsi:type`, found {}{place}", found_text(written)),
    )
    .found(written);
    match meant {
        Some(meant) => words.help(misnamed.help(meant)),
        None => words.remedy(),
    }
}

/// `xsi:type` with a name that is not that of a type, on an element that is only laxly assessed.
pub(crate) fn content_not_checked(element: &str, found: &str) -> Words {
    let found = found.trim_matches(['"', '\'']);
    let message = format!(
        "the content of {} is not checked: the schema has no type {}, which `xsi:type` names",
        ticked(element),
        found_text(found)
    );
    Words::new(Code::UnknownType, message).found(found).help("add the schema that has the type, or correct its name")
}

/// `xsi:type` with a type that cannot stand for the declared one.
pub(crate) fn type_not_derived(written: &str, found: Name<'_>, declared: Option<Name<'_>>) -> Words {
    let what = match declared {
        Some(declared) => format!("a type derived from {}", declared.among([found].into_iter())),
        None => String::from("a type derived from the element's own"),
    };
    let place = match declared.is_some_and(|declared| declared.is_like(found)) {
        true => format!(" {}", within(found.namespace)),
        false => String::new(),
    };
    Words::new(Code::TypeNotDerived, format!("expected {what} in `xsi:type`, found {}{place}", ticked(written)))
        .found(written)
        .remedy()
}

/// A type that `block` keeps out, derived by extension or else by restriction.
pub(crate) fn type_blocked(found: &str, element: &str, is_extension: bool) -> Words {
    let how = if is_extension { "extension" } else { "restriction" };
    let message = format!(
        "expected a type not derived by {how} in `xsi:type`, as the schema blocks that for {}, found {}",
        ticked(element),
        ticked(found)
    );
    Words::new(Code::TypeBlocked, message).found(found).remedy()
}

/// An element that would stand for another one, if `block` did not forbid it.
pub(crate) fn substitution_blocked(found: &str, head: &str) -> Words {
    let message = format!(
        "expected {head} itself, as the schema blocks that {found} stands for it",
        head = ticked(head),
        found = ticked(found)
    );
    Words::new(Code::SubstitutionBlocked, message).expected([head]).found(found).remedy()
}

/// An abstract type without `xsi:type`.
pub(crate) fn abstract_type(element: &str, type_name: Option<&str>) -> Words {
    let what = type_name
        .map_or_else(|| String::from("of an abstract type"), |name| format!("of the abstract type {}", ticked(name)));
    Words::new(
        Code::AbstractType,
        format!("expected `xsi:type` with a type that can be used, found {} {what}", ticked(element)),
    )
    .remedy()
}

/// An abstract element.
pub(crate) fn abstract_element(element: &str) -> Words {
    Words::new(
        Code::AbstractElement,
        format!("expected an element that stands for {}, found the abstract element itself", ticked(element)),
    )
    .found(element)
    .remedy()
}

/// An element under a strict wildcard without a declaration.
pub(crate) fn undeclared_element(element: &str) -> Words {
    Words::new(
        Code::UndeclaredElement,
        format!("expected an element that the schema declares, found {}", ticked(element)),
    )
    .found(element)
    .remedy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_elements_are_named_with_their_place() {
        let item = |local| Item::Element(Name::without_namespace(local));
        let before = Name::without_namespace("errtext");
        let one = [vec![item("errcode")]];
        assert_eq!(
            missing_elements(&one, "result", Some(before)).message,
            "missing required element `errcode` before `errtext`"
        );
        let either = [vec![item("success"), item("error")]];
        assert_eq!(
            missing_elements(&either, "finished", None).message,
            "missing one of the elements `success` or `error` in `finished`"
        );
        let two = [vec![item("old")], vec![item("new")]];
        assert_eq!(missing_elements(&two, "ip", None).message, "missing required elements `old` and `new` in `ip`");
    }
}
