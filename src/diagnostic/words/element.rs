//! `PC02xx`: elements, and what stands in them.

use super::fragments::{all_of, any_of, did_you_mean, found_text, shown, ticked};
use super::{Code, Words};

/// Something that can stand in a content model, as it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Item<'s> {
    /// An element.
    Element(&'s str),
    /// Those that may stand for an element and were not named.
    StandIn(&'s str),
    /// A wildcard.
    AnyElement,
}

impl Item<'_> {
    fn shown(self) -> String {
        match self {
            Item::Element(name) => ticked(name),
            Item::StandIn(name) => format!("another element that may stand for {}", ticked(name)),
            Item::AnyElement => String::from("any element"),
        }
    }

    fn plain(self) -> String {
        match self {
            Item::Element(name) => name.to_owned(),
            Item::StandIn(name) => format!("another element that may stand for {name}"),
            Item::AnyElement => String::from("any element"),
        }
    }
}

/// One thing that is missing: one of these.
pub(crate) type Alternatives<'s> = Vec<Item<'s>>;

/// The root is none that the schema has.
pub(crate) fn unexpected_root(found: &str, declared: &[&str], meant: Option<&str>) -> Words {
    if declared.is_empty() {
        let message = format!("the schema declares no element that can be the root, found {}", ticked(found));
        return Words::new(Code::UnexpectedRoot, message).found(found);
    }
    let roots = any_of(declared.iter().map(|name| ticked(name)));
    let words = Words::new(Code::UnexpectedRoot, format!("expected the root {roots}, found {}", ticked(found)))
        .expected(declared)
        .found(found);
    match meant {
        Some(meant) => words.help(did_you_mean(meant)),
        None => words.help("is this a document of another kind?"),
    }
}

/// The document shows no kind.
pub(crate) fn no_kind(found: &str) -> Words {
    Words::new(Code::NoKind, format!("expected a packet of a known kind, found {found}")).remedy()
}

/// The name is right and the namespace is not.
pub(crate) fn wrong_namespace(code: Code, name: &str, expected: &str, found: &str) -> Words {
    let namespace = |namespace: &str| match namespace {
        "" => String::from("no namespace"),
        named => format!("namespace {}", ticked(named)),
    };
    let words = Words::new(
        code,
        format!("expected {} in {}, found it in {}", ticked(name), namespace(expected), namespace(found)),
    )
    .expected([name])
    .found(name);
    match expected {
        "" => words.help("remove the namespace: `xmlns`, or the prefix of the name"),
        _ => words.help(format!("declare it: `xmlns=\"{}\"`", shown(expected))),
    }
}

/// Elements are missing, before another (`before`) or before the end of `parent`.
pub(crate) fn missing_elements(missing: &[Alternatives<'_>], parent: &str, before: Option<&str>) -> Words {
    let named = |alternatives: &Alternatives<'_>| any_of(alternatives.iter().map(|item| item.shown()));
    let what = match missing {
        [one] if one.len() == 1 => format!("required element {}", named(one)),
        [one] => format!("one of the elements {}", named(one)),
        several => format!("required elements {}", all_of(several.iter().map(named))),
    };
    let place = match before {
        Some(before) => format!("before {}", ticked(before)),
        None => format!("in {}", ticked(parent)),
    };
    let mut words = Words::new(Code::MissingElement, format!("missing {what} {place}"))
        .expected(missing.iter().flatten().map(|item| item.plain()));
    words.found = Some(match before {
        Some(before) => shown(before),
        None => format!("</{}>", shown(parent)),
    });
    words
}

/// The content model has no choice to offer: the schema can be used, and no such element is ever valid.
pub(crate) fn impossible_content(element: &str) -> Words {
    let message = format!("{} can have no content that is valid: the schema gives it an empty choice", ticked(element));
    Words::new(Code::MissingElement, message)
}

/// An element stands where others could, and it could not.
pub(crate) fn unexpected_element(found: &str, parent: &str, allowed: &[Item<'_>], may_end: bool) -> Words {
    let last = match (allowed, may_end) {
        ([], true) => Some(format!("no further element in {}", ticked(parent))),
        (_, true) => Some(format!("the end of {}", ticked(parent))),
        ([], false) => Some(format!("no element in {}", ticked(parent))),
        (_, false) => None,
    };
    let count = allowed.len() + usize::from(last.is_some());
    let name = |index: usize| match allowed.get(index) {
        Some(item) => item.shown(),
        None => last.clone().unwrap_or_default(),
    };
    let expected = any_of((0..count).map(name));
    let end = may_end.then(|| format!("</{parent}>"));
    Words::new(Code::UnexpectedElement, format!("expected {expected}, found {}", ticked(found)))
        .expected(allowed.iter().map(|item| item.plain()).chain(end))
        .found(found)
}

/// Two elements that exclude each other.
pub(crate) fn exclusive_elements(found: &str, other: &str) -> Words {
    Words::new(
        Code::UnexpectedElement,
        format!("expected only one of {} and {}, found both", ticked(other), ticked(found)),
    )
    .found(found)
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

/// An element behind one that it must stand before.
pub(crate) fn out_of_order(name: &str, before: &str) -> Words {
    Words::new(Code::ElementOutOfOrder, format!("expected {} before {}, found it after", ticked(name), ticked(before)))
        .expected([before])
        .found(name)
        .help(format!("move {} before {}", ticked(name), ticked(before)))
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

/// `xsi:type` with a name that is no type.
pub(crate) fn unknown_type(found: &str, meant: Option<&str>) -> Words {
    let words = Words::new(
        Code::UnknownType,
        format!("expected a type of the schema in `xsi:type`, found {}", found_text(found)),
    )
    .found(found);
    match meant {
        Some(meant) => words.help(did_you_mean(meant)),
        None => words.remedy(),
    }
}

/// `xsi:type` with a name that is no type, on an element that is only laxly assessed.
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
pub(crate) fn type_not_derived(found: &str, declared: Option<&str>) -> Words {
    let what = match declared {
        Some(declared) => format!("a type derived from {}", ticked(declared)),
        None => String::from("a type derived from the element's own"),
    };
    Words::new(Code::TypeNotDerived, format!("expected {what} in `xsi:type`, found {}", ticked(found)))
        .found(found)
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
        let one = [vec![Item::Element("errcode")]];
        assert_eq!(
            missing_elements(&one, "result", Some("errtext")).message,
            "missing required element `errcode` before `errtext`"
        );
        let either = [vec![Item::Element("success"), Item::Element("error")]];
        assert_eq!(
            missing_elements(&either, "finished", None).message,
            "missing one of the elements `success` or `error` in `finished`"
        );
        let two = [vec![Item::Element("old")], vec![Item::Element("new")]];
        assert_eq!(missing_elements(&two, "ip", None).message, "missing required elements `old` and `new` in `ip`");
    }
}
