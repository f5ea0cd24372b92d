//! `PC02xx`: elements, and their content.

use std::borrow::Cow;
use std::fmt::{Display, Formatter};

use super::fragments::{OR, Pieces, all_of, any_of, did_you_mean, found_text, message, shown, ticked};
use super::name::{Allowed, Misnamed, Name, ShownName, are_mixed, within};
use super::{Code, EXPECTED, Expected, Words, listed};
use crate::diagnostic::correction::Correction;
use crate::text::nearest::Meant;
use crate::text::white_space::is_blank;

/// Something that can be in a content model, by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Item<'s> {
    /// An element.
    Element(Name<'s>),
    /// Elements that can substitute for one and were not named.
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

    /// Among other items, and possibly with an element that was found.
    fn shown(&self, items: &[Item<'_>], found: Option<Name<'_>>) -> ShownItem<'s> {
        let names = || items.iter().filter_map(Item::name).chain(found);
        match self {
            Item::Element(name) => ShownItem::Element(name.among(names())),
            _ => self.shown_alone(),
        }
    }

    /// For an item whose local part no other one has.
    fn shown_alone(&self) -> ShownItem<'s> {
        match self {
            Item::Element(name) => ShownItem::Element(name.shown()),
            Item::StandIn(name) => ShownItem::Described(format!("another element that can replace {}", name.shown())),
            Item::Any(allowed) => ShownItem::Described(allowed.shown("element")),
        }
    }

    fn plain(&self) -> Cow<'s, str> {
        match self {
            Item::Element(name) => name.plain(),
            Item::StandIn(name) => Cow::Owned(format!("another element that can replace {}", name.plain())),
            Item::Any(allowed) => Cow::Owned(allowed.shown("element")),
        }
    }
}

/// An item as it is shown.
enum ShownItem<'s> {
    Element(ShownName<'s>),
    Described(String),
}

impl ShownItem<'_> {
    fn append_to(self, pieces: Pieces) -> Pieces {
        match self {
            ShownItem::Element(name) => name.append_to(pieces),
            ShownItem::Described(text) => pieces.text(&text),
        }
    }
}

impl Display for ShownItem<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            ShownItem::Element(name) => name.fmt(formatter),
            ShownItem::Described(text) => formatter.write_str(text),
        }
    }
}

/// One thing that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missing<'s> {
    /// One of these.
    pub(crate) items: Vec<Item<'s>>,
    /// How often it has occurred, and how often it must at least, if that is more than once.
    pub(crate) counts: Option<(u32, u32)>,
}

/// The root is not an element that the schema declares. `has_namesake`: a declared element has the same local part in
/// another namespace.
pub(crate) fn unexpected_root<'s>(
    found: Name<'s>,
    declared: impl ExactSizeIterator<Item = Name<'s>> + Clone,
    has_namesake: impl Fn(Name<'_>) -> bool,
    meant: Option<(Name<'_>, Meant)>,
) -> Words {
    if declared.len() == 0 {
        let message = format!("the schema declares no element that can be the root, found {}", found.shown());
        return Words::new(Code::UnexpectedRoot, message).found(found.local);
    }
    let names = || declared.clone();
    let shown = |name: Name<'s>| match has_namesake(name) {
        true => name.in_namespace(),
        false => name.among([found].into_iter()),
    };
    let roots = any_of(names().map(shown));
    let message = message(format_args!("expected the root {roots}, found {}", shown(found)));
    let words = Words::new(Code::UnexpectedRoot, message).expected(names().map(|name| name.plain())).found(found.local);
    match meant {
        Some((name, meant)) => {
            let correction = (name.namespace == found.namespace).then(|| Correction::local(name.local, meant));
            words.help(did_you_mean(&name.plain(), found.local)).corrected(correction.flatten())
        }
        None => words.help("is this a document of another kind?"),
    }
}

/// The name is right and the namespace is not.
pub(crate) fn wrong_namespace(code: Code, name: Name<'_>, misnamed: Misnamed<'_>) -> Words {
    let message = format!("expected {}, found it {}", name.in_namespace(), within(misnamed.namespace));
    let words = Words::new(code, message).expected([name.local]).found(name.local);
    words.help(misnamed.help(name)).corrected(misnamed.correction(name))
}

/// Elements are missing, before another (`before`) or before the end of `parent`.
pub(crate) fn missing_elements(missing: &[Missing<'_>], parent: &str, before: Option<Name<'_>>) -> Words {
    let names = || missing.iter().flat_map(|missing| missing.items.iter().filter_map(Item::name));
    let place = match before {
        Some(before) => format!("before {}", before.among(names())),
        None => format!("in {}", ticked(parent)),
    };
    let listed = |items: &[Item<'_>]| any_of(items.iter().map(|item| item.shown(items, before))).to_string();
    let counted = |missing: &Missing<'_>| match missing.counts {
        Some((0, least)) => format!("{} (at least {least})", listed(&missing.items)),
        Some((found, least)) => format!("{} (at least {least}, found {found})", listed(&missing.items)),
        None => listed(&missing.items),
    };
    let is_named = !missing.iter().flat_map(|missing| &missing.items).any(|item| matches!(item, Item::Any(_)));
    let message = match missing {
        [Missing { items, counts: Some((found, least)) }] if is_named => {
            let of = if items.len() == 1 { "" } else { "of " };
            let found = if *found == 0 { String::from("none") } else { found.to_string() };
            message(format_args!("expected at least {least} {of}{} {place}, found {found}", listed(items)))
        }
        [Missing { items, .. }] if is_named && items.len() == 1 => {
            message(format_args!("missing required element {} {place}", listed(items)))
        }
        [Missing { items, .. }] if is_named => {
            message(format_args!("missing one of the elements {} {place}", listed(items)))
        }
        // Wildcards are described in words, which are only readable at the end.
        [one] => message(format_args!("missing a required element {place}: {}", counted(one))),
        several if is_named => {
            message(format_args!("missing required elements {} {place}", all_of(several.iter().map(counted))))
        }
        several => message(format_args!("missing required elements {place}: {}", all_of(several.iter().map(counted)))),
    };
    let expected = missing.iter().flat_map(|missing| missing.items.iter().map(Item::plain));
    let mut words = Words::new(Code::MissingElement, message).expected(expected);
    words.found = Some(match before {
        Some(before) => shown(before.local),
        None => format!("</{}>", shown(parent)),
    });
    words
}

/// The content model has a choice without alternatives: the schema can be used, but no such element is ever valid.
pub(crate) fn impossible_content(element: &str) -> Words {
    let message = format!("no content of {} is valid: the schema gives it an empty choice", ticked(element));
    Words::new(Code::MissingElement, message)
}

/// The elements that could be at a place, in words.
#[derive(Debug, Clone)]
pub(crate) struct AllowedElements {
    /// `` `a`, `b` or the end of `c` ``
    listed: String,
    /// Whether one of them is a wildcard for particular namespaces.
    is_limited: bool,
    expected: Expected,
}

impl AllowedElements {
    /// For the place where `found` was found, or anything that shares no local part with them.
    pub(crate) fn new(parent: &str, allowed: &[Item<'_>], may_end: bool, found: Option<Name<'_>>) -> AllowedElements {
        let is_mixed = are_mixed(allowed.iter().filter_map(Item::name).chain(found));
        let item = |pieces: Pieces, index: usize| match (allowed.get(index), allowed, may_end) {
            (Some(item), ..) if is_mixed => item.shown(allowed, found).append_to(pieces),
            (Some(item), ..) => item.shown_alone().append_to(pieces),
            (None, [], true) => pieces.text("no further element in ").ticked(parent),
            (None, [], false) => pieces.text("no element in ").ticked(parent),
            (None, _, _) => pieces.text("the end of ").ticked(parent),
        };
        let count = allowed.len() + usize::from(may_end || allowed.is_empty());
        let end = may_end.then(|| Cow::Owned(["</", parent, ">"].concat()));
        let is_limited = |item: &Item<'_>| matches!(item, Item::Any(allowed) if allowed.is_limited());
        AllowedElements {
            listed: Pieces::new("").listed(0..count, OR, item).message(),
            is_limited: allowed.iter().any(is_limited),
            expected: listed(allowed.iter().map(Item::plain).chain(end)),
        }
    }

    /// Whether these words would differ for an element with this name.
    pub(crate) fn depend_on(&self, found: Name<'_>) -> bool {
        self.expected.len() >= EXPECTED || self.expected.may_have(found.local)
    }

    /// An element that is not allowed here; `among` lists what is allowed, if that can have the same local part.
    pub(crate) fn unexpected(&self, found: Name<'_>, among: &[Item<'_>]) -> Words {
        let found_name = match self.is_limited {
            true => found.in_namespace(),
            false => found.among(among.iter().filter_map(Item::name)),
        };
        let pieces = Pieces::new("expected ").text(&self.listed).text(", found ");
        let words = Words::new(Code::UnexpectedElement, found_name.append_to(pieces).message()).found(found.local);
        Words { expected: self.expected.clone(), ..words }
    }
}

impl Words {
    /// An element with an expected name follows the one that was found.
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
pub(crate) fn unknown_element(found: &str, name: &str, meant: Meant) -> Words {
    Words::new(Code::UnknownElement, format!("expected {}, found {}", ticked(name), ticked(found)))
        .expected([name])
        .found(found)
        .help(did_you_mean(name, found))
        .corrected(Correction::local(name, meant))
}

/// One too many; `most` is how often it may occur.
pub(crate) fn too_many_elements(name: &str, parent: &str, most: usize) -> Words {
    let most = if most == 1 { String::from("one") } else { most.to_string() };
    Words::new(
        Code::TooManyElements,
        format!("expected at most {most} {} in {}, found another", ticked(name), ticked(parent)),
    )
    .found(name)
}

/// One too many, and the one before it has another name: both substitute for `head`.
pub(crate) fn too_many_stand_ins(name: &str, other: &str, head: &str, parent: &str, most: usize) -> Words {
    let (name_shown, other, parent) = (ticked(name), ticked(other), ticked(parent));
    let message = match most {
        1 => format!("expected only one of {other} and {name_shown} in {parent}, found both"),
        _ => format!("expected at most {most} elements that can replace {} in {parent}, found another", ticked(head)),
    };
    Words::new(Code::TooManyElements, message).found(name)
}

/// An element after one that it must precede.
pub(crate) fn out_of_order(name: Name<'_>, before: Name<'_>) -> Words {
    let (shown, after) = (name.among([before].into_iter()), before.among([name].into_iter()));
    Words::new(Code::ElementOutOfOrder, format!("expected {shown} before {after}, found it after"))
        .expected([before.local])
        .found(name.local)
        .help(format!("move {shown} before {after}"))
        .corrected(Correction::Order { first: vec![name.local.to_owned()] })
}

/// Elements after one that they must precede, in the order of the schema; `is_in_order`: they occur in that order.
pub(crate) fn several_out_of_order(names: &[Name<'_>], before: Name<'_>, is_in_order: bool) -> Words {
    /// The order of more elements is not written out.
    const WRITTEN_OUT: usize = 8;
    let all = || names.iter().copied().chain([before]);
    let shown: Vec<ShownName<'_>> = names.iter().map(|name| name.among(all())).collect();
    let before_shown = before.among(all());
    let words = Words::new(
        Code::ElementOutOfOrder,
        message(format_args!("expected {} before {before_shown}, found them after", all_of(&shown))),
    )
    .expected(names.iter().map(|name| name.local))
    .found(before.local)
    .corrected(Correction::Order { first: names.iter().map(|name| name.local.to_owned()).collect() });
    match shown.last() {
        Some(last) if is_in_order => words.help(format!("move {before_shown} after {last}")),
        _ if shown.len() < WRITTEN_OUT => {
            let order: Vec<String> = shown.iter().map(ToString::to_string).collect();
            words.help(format!("put them in this order: {}, {before_shown}", order.join(", ")))
        }
        _ => words.help("put them in the order of the schema"),
    }
}

/// A start tag, or the tag of an empty element, in place of the end tag of `element`.
pub(crate) fn start_tag_for_end_tag(element: &str, is_empty: bool) -> Words {
    let (right, end) = (format!("</{element}>"), if is_empty { "/>" } else { ">" });
    let written = format!("<{element}{end}");
    Words::new(Code::MismatchedEndTag, format!("expected {}, found {}", ticked(&right), ticked(&written)))
        .expected([&right])
        .found(&written)
        .help(format!("write {}", ticked(&right)))
}

/// The end tag of an element without its start tag, after text, which may be a secret.
pub(crate) fn missing_start_tag(element: &str) -> Words {
    let (start, end) = (format!("<{element}>"), format!("</{element}>"));
    let message = format!("expected {} before the text, found only {} after it", ticked(&start), ticked(&end));
    Words::new(Code::UnexpectedEndTag, message)
        .expected([&start])
        .found(&end)
        .help(format!("write {} before the text", ticked(&start)))
}

/// Text where only elements are allowed.
pub(crate) fn unexpected_text(text: &str, parent: &str) -> Words {
    Words::new(
        Code::UnexpectedText,
        format!("expected only elements in {}, found the text {}", ticked(parent), ticked(text)),
    )
    .found(text)
}

/// What was found where nothing is allowed.
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
        Stood::Text(text) if is_blank(text) => {
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

/// An element with a fixed value is nil.
pub(crate) fn nil_with_fixed_value(element: &str, fixed: &str) -> Words {
    Words::new(
        Code::NilWithContent,
        format!("expected {} to have its fixed value {}, found `xsi:nil`", ticked(element), ticked(fixed)),
    )
    .expected([fixed])
    .help("remove `xsi:nil`")
}

/// A child in an element with simple content.
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

/// `xsi:type` with a name that is not that of a type; `meant` is a type with a similar name, or with the same name in
/// another namespace.
pub(crate) fn unknown_type(written: &str, misnamed: Misnamed<'_>, is_bound: bool, meant: Option<Name<'_>>) -> Words {
    let place = match written.is_empty() {
        true => String::new(),
        false if is_bound => format!(" {}", within(misnamed.namespace)),
        false => format!(", whose prefix {} is not declared", ticked(misnamed.prefix)),
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

/// `xsi:type` with a value that is not a name, or one with an undeclared prefix, on an element without a declaration.
pub(crate) fn no_type_name(found: &str, (prefix, is_bound): (&str, bool)) -> Words {
    let reason = match is_bound || prefix.is_empty() {
        true => String::new(),
        false => format!(", whose prefix {} is not declared", ticked(prefix)),
    };
    let message = format!("expected the name of a type in `xsi:type`, found {}{reason}", found_text(found));
    Words::new(Code::UnknownType, message).found(found).help("name a type, or remove `xsi:type`")
}

/// `xsi:type` with a name that is not that of a type, on an element that is only laxly assessed.
pub(crate) fn content_not_checked(element: &str, found: &str) -> Words {
    let (element, found_shown) = (ticked(element), found_text(found));
    let message = format!(
        "the content of {element} is not checked: the schema has no type {found_shown}, which `xsi:type` names"
    );
    Words::new(Code::UnknownType, message).found(found).help("add the schema that has the type, or correct its name")
}

/// `xsi:type` with a type that cannot replace the declared one.
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

/// A type that `block` excludes, derived by extension or otherwise by restriction.
pub(crate) fn type_blocked(found: &str, element: &str, is_extension: bool) -> Words {
    let how = if is_extension { "extension" } else { "restriction" };
    let message = format!(
        "expected a type not derived by {how} in `xsi:type`, since the schema blocks that for {}, found {}",
        ticked(element),
        ticked(found)
    );
    Words::new(Code::TypeBlocked, message).found(found).remedy()
}

/// An element that would substitute for another one if `block` did not forbid it.
pub(crate) fn substitution_blocked(found: &str, head: &str) -> Words {
    let message = format!(
        "expected {head} itself, since the schema does not allow {found} to replace it",
        head = ticked(head),
        found = ticked(found)
    );
    Words::new(Code::SubstitutionBlocked, message).expected([head]).found(found).remedy()
}

/// An abstract type, without `xsi:type` or named by it.
pub(crate) fn abstract_type(element: &str, type_name: Option<&str>, is_named: bool) -> Words {
    let what = type_name
        .map_or_else(|| String::from("of an abstract type"), |name| format!("of the abstract type {}", ticked(name)));
    let message = format!("expected `xsi:type` with a type that can be used, found {} {what}", ticked(element));
    let words = Words::new(Code::AbstractType, message);
    match is_named {
        true => words.help("name one of the types that are derived from it and not abstract"),
        false => words.remedy(),
    }
}

/// An abstract element.
pub(crate) fn abstract_element(element: &str) -> Words {
    Words::new(
        Code::AbstractElement,
        format!("expected an element that can replace {}, found the abstract element itself", ticked(element)),
    )
    .found(element)
    .remedy()
}

/// An element without a declaration under a strict wildcard; `declared` are the elements that have one.
pub(crate) fn undeclared_element<'s>(
    written: &str,
    element: Name<'_>,
    declared: impl Iterator<Item = Name<'s>>,
) -> Words {
    undeclared(Code::UndeclaredElement, "an element", written, element, declared)
}

/// An undeclared element or attribute, with a hint if only another namespace declares its local part.
pub(super) fn undeclared<'s>(
    code: Code,
    what: &str,
    written: &str,
    name: Name<'_>,
    declared: impl Iterator<Item = Name<'s>>,
) -> Words {
    let mut namesakes: Vec<Name<'s>> = declared.filter(|declared| declared.is_like(name)).collect();
    namesakes.sort_by_key(|namesake| namesake.namespace);
    let place = if namesakes.is_empty() { String::new() } else { format!(" {}", within(name.namespace)) };
    let message = format!("expected {what} that the schema declares, found {}{place}", ticked(written));
    let words = Words::new(code, message).found(written);
    match namesakes.is_empty() {
        true => words.remedy(),
        false => words.help(format!("the schema declares {}", all_of(namesakes.into_iter().map(Name::in_namespace)))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_elements_are_named_with_their_place() {
        let missing = |locals: &[&'static str]| {
            let items = locals.iter().map(|local| Item::Element(Name::without_namespace(local))).collect();
            Missing { items, counts: None }
        };
        let before = Name::without_namespace("errtext");
        let one = [missing(&["errcode"])];
        assert_eq!(
            missing_elements(&one, "result", Some(before)).message,
            "missing required element `errcode` before `errtext`"
        );
        let either = [missing(&["success", "error"])];
        assert_eq!(
            missing_elements(&either, "finished", None).message,
            "missing one of the elements `success` or `error` in `finished`"
        );
        let two = [missing(&["old"]), missing(&["new"])];
        assert_eq!(missing_elements(&two, "ip", None).message, "missing required elements `old` and `new` in `ip`");
        let few = [Missing { counts: Some((1, 3)), ..missing(&["ip"]) }];
        assert_eq!(missing_elements(&few, "ips", None).message, "expected at least 3 `ip` in `ips`, found 1");
        let wildcard = [Missing { items: vec![Item::Any(Allowed::OneOf(vec!["urn:t"]))], counts: None }];
        assert_eq!(
            missing_elements(&wildcard, "ip", None).message,
            "missing a required element in `ip`: any element in namespace `urn:t`"
        );
    }
}
