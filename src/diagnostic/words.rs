//! All the words of diagnostics about documents, composed from fragments. Whoever finds a fault gives data; how it is
//! said stands here alone.
//!
//! Lower case, no full stop; what was required, then what was found; names and texts in backticks, cut when they are
//! long, and no control character raw.

use std::fmt::Write as _;

use crate::datatype;
use crate::xml;

use super::Code;

pub(crate) mod json;

/// What a diagnostic says, before it has a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) code: Code,
    pub(crate) message: String,
    pub(crate) expected: Vec<String>,
    pub(crate) found: Option<String>,
    pub(crate) help: Option<String>,
}

impl Words {
    fn new(code: Code, message: String) -> Words {
        Words { code, message, expected: Vec::new(), found: None, help: None }
    }

    fn expected<S: AsRef<str>>(mut self, expected: impl IntoIterator<Item = S>) -> Words {
        self.expected = expected.into_iter().map(|text| shown(text.as_ref())).collect();
        self
    }

    fn found(mut self, found: &str) -> Words {
        self.found = Some(shown(found));
        self
    }

    fn help(mut self, help: impl Into<String>) -> Words {
        self.help = Some(help.into());
        self
    }

    fn remedy(self) -> Words {
        let remedy = self.code.remedy();
        self.help(remedy)
    }
}

impl Words {
    /// A fault in a schema, which `xsd` puts into words itself.
    pub(crate) fn of_schema(code: Code, message: String) -> Words {
        Words::new(code, message).remedy()
    }
}

// ---- fragments ----

/// How many characters of a name or text are shown.
const SHOWN: usize = 72;

/// How many of several alternatives are named.
const NAMED: usize = 10;

/// A text as it can be shown: cut when it is long, characters that cannot be seen written as `\n` or `\u{1b}`.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(SHOWN) + 3);
    for (count, character) in text.chars().enumerate() {
        if count == SHOWN {
            shown.push('…');
            break;
        }
        if is_visible(character) {
            shown.push(character);
        } else {
            shown.extend(character.escape_default());
        }
    }
    shown
}

/// Neither a control character nor one that changes how its neighbours are shown.
fn is_visible(character: char) -> bool {
    !character.is_control()
        && !matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// In backticks.
pub(crate) fn ticked(text: &str) -> String {
    format!("`{}`", shown(text))
}

/// `` `a` ``, `` `a` or `b` ``, `` `a`, `b` or `c` ``; of many only the first.
fn any_of(items: &[String]) -> String {
    joined(items, "or")
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``; of many only the first.
fn all_of(items: &[String]) -> String {
    joined(items, "and")
}

fn joined(items: &[String], word: &str) -> String {
    let (last, before) = match items {
        [] => return String::from("nothing"),
        [only] => return only.clone(),
        _ if items.len() > NAMED => (format!("{} others", items.len() + 1 - NAMED), &items[..NAMED - 1]),
        [before @ .., last] => (last.clone(), before),
    };
    format!("{} {word} {last}", before.join(", "))
}

/// `1 character`, `2 characters`.
fn counted(count: u64, plural: &str) -> String {
    let unit = if count == 1 { plural.strip_suffix('s').unwrap_or(plural) } else { plural };
    format!("{count} {unit}")
}

/// A text as something that was found: nothing, white space, or itself.
fn found_text(text: &str) -> String {
    if text.is_empty() {
        String::from("nothing")
    } else if text.bytes().all(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
        String::from(if text.contains(['\n', '\r']) {
            "only white space with a line break"
        } else {
            "only white space"
        })
    } else {
        ticked(text)
    }
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean {}?", ticked(name))
}

// ---- PC01xx and PC06xx ----

/// A breach of XML, or a limit.
pub(crate) fn well_formedness(fault: &xml::Fault) -> Words {
    Words::new(Code::of(&fault.kind), fault.kind.to_string()).remedy()
}

/// What the second place of a breach of XML is.
pub(crate) fn well_formedness_related(code: Code) -> &'static str {
    match code {
        Code::MismatchedEndTag | Code::UnclosedElement => "it begins here",
        Code::DuplicateAttribute => "it is first given here",
        Code::UndeclaredPrefix | Code::ReservedPrefix => "declared here",
        _ => "because of this",
    }
}

// ---- PC02xx: elements ----

/// Something that can stand in a content model, as it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    let names: Vec<_> = declared.iter().map(|name| ticked(name)).collect();
    if declared.is_empty() {
        let message = format!("the schema declares no element that can be the root, found {}", ticked(found));
        return Words::new(Code::UnexpectedRoot, message).found(found);
    }
    let words =
        Words::new(Code::UnexpectedRoot, format!("expected the root {}, found {}", any_of(&names), ticked(found)))
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
    let named =
        |alternatives: &Alternatives<'_>| -> Vec<String> { alternatives.iter().map(|item| item.shown()).collect() };
    let what = match missing {
        [one] if one.len() == 1 => format!("required element {}", any_of(&named(one))),
        [one] => format!("one of the elements {}", any_of(&named(one))),
        several => {
            let items: Vec<_> = several.iter().map(|one| any_of(&named(one))).collect();
            format!("required elements {}", all_of(&items))
        }
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
    let mut names: Vec<_> = allowed.iter().map(|item| item.shown()).collect();
    if may_end {
        names.push(match allowed {
            [] => format!("no further element in {}", ticked(parent)),
            _ => format!("the end of {}", ticked(parent)),
        });
    } else if names.is_empty() {
        names.push(format!("no element in {}", ticked(parent)));
    }
    let end = may_end.then(|| format!("</{parent}>"));
    Words::new(Code::UnexpectedElement, format!("expected {}, found {}", any_of(&names), ticked(found)))
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

// ---- PC03xx: attributes ----

/// A required attribute is not there.
pub(crate) fn missing_attribute(attribute: &str, element: &str) -> Words {
    Words::new(
        Code::MissingAttribute,
        format!("missing required attribute {} of {}", ticked(attribute), ticked(element)),
    )
    .expected([attribute])
}

/// An attribute that the schema does not have here.
pub(crate) fn unexpected_attribute(found: &str, element: &str, allowed: &[&str], meant: Option<&str>) -> Words {
    let names: Vec<_> = allowed.iter().map(|name| ticked(name)).collect();
    let required = match names.len() {
        0 => String::from("no attribute"),
        1 => format!("only the attribute {}", names[0]),
        _ => format!("only the attributes {}", all_of(&names)),
    };
    let words = Words::new(
        Code::UnexpectedAttribute,
        format!("expected {required} of {}, found {}", ticked(element), ticked(found)),
    )
    .expected(allowed)
    .found(found);
    match meant {
        Some(meant) => words.help(did_you_mean(meant)),
        None => words.help("remove the attribute"),
    }
}

/// An attribute under a strict wildcard without a declaration.
pub(crate) fn undeclared_attribute(attribute: &str) -> Words {
    Words::new(
        Code::UndeclaredAttribute,
        format!("expected an attribute that the schema declares, found {}", ticked(attribute)),
    )
    .found(attribute)
    .remedy()
}

// ---- PC04xx: values ----

/// Where a value stands.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holder<'a> {
    Element(&'a str),
    Attribute(&'a str),
}

impl Holder<'_> {
    fn shown(self) -> String {
        match self {
            Holder::Element(name) => ticked(name),
            Holder::Attribute(name) => format!("the attribute {}", ticked(name)),
        }
    }
}

/// A value that its type does not have. `described` is the type in words; `trimmed` tells that without the white space
/// around it the value would be right.
pub(crate) fn value(fault: &datatype::Fault, described: &str, text: &str, holder: Holder<'_>, trimmed: bool) -> Words {
    let mut innermost = fault;
    let mut place = holder.shown();
    let mut item = None;
    let mut depth = 0;
    while let datatype::Fault::Item { index, fault } = innermost {
        // A list has no lists as items, but a union of lists may be one: the number of the outermost is the helpful one.
        item.get_or_insert(*index);
        innermost = fault;
        depth += 1;
        if depth == 8 {
            break;
        }
    }
    let text = match item {
        Some(index) => {
            place = format!("item {} of {place}", index + 1);
            text.split_ascii_whitespace().nth(index).unwrap_or(text)
        }
        None => text,
    };
    let found = found_text(text);
    let (code, required, expected, found) = match innermost {
        datatype::Fault::Lexical { expected } => {
            let described = if item.is_some() { *expected } else { described };
            (Code::NotInLexicalSpace, described.to_owned(), vec![described.to_owned()], found)
        }
        datatype::Fault::NotEnumerated { values } => {
            let names: Vec<_> = values.iter().map(|value| ticked(value)).collect();
            (Code::NotEnumerated, any_of(&names), values.iter().map(|value| value.to_string()).collect(), found)
        }
        datatype::Fault::Pattern { pattern } => {
            let required = format!("a value that matches the pattern {}", ticked(pattern));
            (Code::PatternMismatch, required, vec![pattern.to_string()], found)
        }
        datatype::Fault::Length { facet, limit, actual, unit } => {
            let required = format!("a length {}{}", bound(facet), counted(*limit, unit));
            (Code::LengthOutside, required.clone(), vec![required], counted(*actual, unit))
        }
        datatype::Fault::Range { facet, limit } => {
            let required = format!("a value {}{}", bound(facet), shown(limit));
            (Code::RangeOutside, required.clone(), vec![required], found)
        }
        datatype::Fault::Digits { facet, limit, actual } => {
            let which = if *facet == "fractionDigits" { " after the point" } else { "" };
            let required = format!("at most {}{which}", counted(*limit, "digits"));
            (Code::DigitsOutside, required.clone(), vec![required], actual.to_string())
        }
        datatype::Fault::NoMember { members } => {
            let names: Vec<_> = members.iter().map(|member| shown(member)).collect();
            (Code::NoMemberType, any_of(&names), names, found)
        }
        datatype::Fault::UndeclaredPrefix { prefix } => {
            let required = match &**prefix {
                "" => String::from("a name in a namespace"),
                prefix => format!("a name whose prefix {} is declared", ticked(prefix)),
            };
            (Code::UndeclaredPrefixInValue, required.clone(), vec![required], found)
        }
        datatype::Fault::UndeclaredNotation => {
            let required = String::from("the name of a notation that the schema declares");
            (Code::UndeclaredNotation, required.clone(), vec![required], found)
        }
        datatype::Fault::UndeclaredEntity => {
            let required = String::from("the name of an unparsed entity, of which no document here can declare any,");
            (Code::UndeclaredEntity, required.clone(), vec![required], found)
        }
        datatype::Fault::Item { .. } => {
            (Code::NotInLexicalSpace, described.to_owned(), vec![described.to_owned()], found)
        }
    };
    let words =
        Words::new(code, format!("expected {required} in {place}, found {found}")).expected(expected).found(text);
    let respelt = match innermost {
        datatype::Fault::NotEnumerated { values } => {
            values.iter().find(|value| value.eq_ignore_ascii_case(text.trim_ascii()) && ***value != *text.trim_ascii())
        }
        _ => None,
    };
    match respelt {
        Some(meant) => words.help(did_you_mean(meant)),
        None if trimmed => words.help("remove the white space around the value: it counts here"),
        None => words,
    }
}

/// `at most `, `more than `: what a facet asks for.
fn bound(facet: &str) -> &'static str {
    match facet {
        "length" => "of exactly ",
        "minLength" | "minInclusive" => "of at least ",
        "maxLength" | "maxInclusive" => "of at most ",
        "minExclusive" => "above ",
        "maxExclusive" => "below ",
        _ => "of ",
    }
}

/// An ID that another element has already.
pub(crate) fn duplicate_id(id: &str, holder: Holder<'_>) -> Words {
    let message = format!("expected an ID of its own in {}, found {} again", holder.shown(), ticked(id));
    Words::new(Code::DuplicateId, message).found(id).remedy()
}

/// What the second place of a duplicate ID is.
pub(crate) const FIRST_ID: &str = "it is first given here";

/// A reference to an ID that no element has.
pub(crate) fn unknown_id(id: &str, holder: Holder<'_>) -> Words {
    let message = format!("expected an ID of this document in {}, found {}", holder.shown(), ticked(id));
    Words::new(Code::UnknownId, message).found(id).remedy()
}

/// An attribute that only a wildcard lets pass, and that is a second ID of its element.
pub(crate) fn second_id(attribute: &str, element: &str) -> Words {
    let message = format!("expected one ID on {}, found {} as well", ticked(element), ticked(attribute));
    Words::new(Code::SecondId, message).found(attribute).remedy()
}

/// A value that is not the fixed one.
pub(crate) fn fixed_value(fixed: &str, text: &str, holder: Holder<'_>) -> Words {
    let code = match holder {
        Holder::Element(_) => Code::FixedElement,
        Holder::Attribute(_) => Code::FixedAttribute,
    };
    Words::new(
        code,
        format!("expected the fixed value {} in {}, found {}", ticked(fixed), holder.shown(), found_text(text)),
    )
    .expected([fixed])
    .found(text)
    .remedy()
}

/// An element with a fixed value that has children.
pub(crate) fn fixed_value_with_child(fixed: &str, element: &str, child: &str) -> Words {
    Words::new(
        Code::FixedElement,
        format!(
            "expected the fixed value {} in {}, found the element {}",
            ticked(fixed),
            ticked(element),
            ticked(child)
        ),
    )
    .expected([fixed])
    .found(child)
    .remedy()
}

/// A key that another element has. Values that stand nowhere are default ones.
pub(crate) fn duplicate_key(constraint: &str, values: &[Option<String>]) -> Words {
    let found = sequence(values);
    let message = format!("expected each value of {} once, found {found} again", ticked(constraint));
    Words { found: single(values), ..Words::new(Code::DuplicateKey, message).remedy() }
}

/// An element without a field of its key.
pub(crate) fn missing_key_field(field: &str, constraint: &str, element: &str) -> Words {
    let message = format!("missing field {} of the key {} in {}", ticked(field), ticked(constraint), ticked(element));
    Words::new(Code::MissingKeyField, message).expected([field]).remedy()
}

/// A field of a key whose declaration lets it be nil.
pub(crate) fn nillable_key_field(field: &str, constraint: &str, element: &str) -> Words {
    let (field, constraint) = (ticked(field), ticked(constraint));
    let message =
        format!("expected no nillable element as field {field} of the key {constraint}, found {}", ticked(element));
    Words::new(Code::NillableKeyField, message).found(element).remedy()
}

/// A field that is several nodes.
pub(crate) fn several_fields(field: &str, constraint: &str) -> Words {
    let message = format!("expected the field {} of {} once, found it again", ticked(field), ticked(constraint));
    Words::new(Code::SeveralFields, message).remedy()
}

/// A field that is no simple value.
pub(crate) fn field_without_value(field: &str, constraint: &str) -> Words {
    let (field, constraint) = (ticked(field), ticked(constraint));
    let message =
        format!("expected a simple value for the field {field} of {constraint}, found content of another kind");
    Words::new(Code::FieldWithoutValue, message).remedy()
}

/// A reference to a key that no element has.
pub(crate) fn dangling_reference(constraint: &str, key: &str, values: &[Option<String>]) -> Words {
    let found = sequence(values);
    let message =
        format!("expected a value of {} for the reference {}, found {found}", ticked(key), ticked(constraint));
    Words { found: single(values), ..Words::new(Code::DanglingReference, message).remedy() }
}

/// The values of a key.
fn sequence(values: &[Option<String>]) -> String {
    let values: Vec<_> =
        values.iter().map(|value| value.as_deref().map_or("the default value".into(), found_text)).collect();
    all_of(&values)
}

/// The value, where it is only one.
fn single(values: &[Option<String>]) -> Option<String> {
    match values {
        [Some(value)] => Some(shown(value)),
        _ => None,
    }
}

// ---- PC05xx: rules ----

/// A rule of the schema: its own text is the message.
pub(crate) fn rule(message: &str, warning: bool, see: Option<&str>) -> Words {
    let code = if warning { Code::RuleWarning } else { Code::RuleBroken };
    let mut text = String::with_capacity(message.len());
    for character in message.chars() {
        if is_visible(character) {
            text.push(character);
        } else {
            let _ = write!(text, "{}", character.escape_default());
        }
    }
    let words = Words::new(code, text);
    match see {
        Some(see) => words.help(format!("see {see}")),
        None => words,
    }
}

// ---- PC08xx: parameters of a query ----

/// `%` without two digits behind it.
pub(crate) fn malformed_escape(written: &str) -> Words {
    let message = format!("expected two hexadecimal digits behind `%`, found {}", ticked(written));
    Words::new(Code::MalformedEscape, message).found(written).remedy()
}

/// Escapes (or bytes) that are no UTF-8.
pub(crate) fn escaped_bytes_not_utf8(name: &str, written: &str) -> Words {
    let message = format!("expected UTF-8 in the parameter {}, found {}", ticked(name), ticked(written));
    Words::new(Code::ParameterNotUtf8, message).found(written).remedy()
}

/// A character that should have been escaped.
pub(crate) fn unescaped_character(written: &str) -> Words {
    let message = format!("expected only characters that a URL can hold, found {} unescaped", ticked(written));
    Words::new(Code::UnescapedCharacter, message).found(written).remedy()
}

/// A parameter that every request has.
pub(crate) fn missing_parameter(name: &str) -> Words {
    Words::new(Code::MissingParameter, format!("missing required parameter {}", ticked(name))).expected([name]).remedy()
}

/// A parameter that a request has whose signature stands among its parameters.
pub(crate) fn missing_parameter_of_signature(name: &str) -> Words {
    let message = format!("missing parameter {}, which is required beside `Signature`", ticked(name));
    Words::new(Code::MissingParameter, message).expected([name]).remedy()
}

/// The parameter that names the operation, which is not always there.
pub(crate) fn missing_action() -> Words {
    let message = "missing parameter `Action`: older pages of the documentation require it; newer ones do not list it, \
                   and clients may name the operation in the header `x-acs-action`";
    Words::new(Code::MissingParameter, message.to_owned()).expected(["Action"])
}

/// A parameter given twice.
pub(crate) fn duplicate_parameter(name: &str) -> Words {
    let message = format!("expected the parameter {} once, found it again", ticked(name));
    Words::new(Code::DuplicateParameter, message).found(name).remedy()
}

/// A value that is not among the documented ones.
pub(crate) fn parameter_value(name: &str, documented: &[&str], value: &str) -> Words {
    let named: Vec<_> = documented.iter().map(|value| ticked(value)).collect();
    let message = format!("expected {} in the parameter {}, found {}", any_of(&named), ticked(name), found_text(value));
    Words::new(Code::ParameterValue, message).expected(documented).found(value).remedy()
}

/// A value that should be a 64-bit integer.
pub(crate) fn parameter_not_an_integer(name: &str, value: &str) -> Words {
    let message = format!("expected a 64-bit integer in the parameter {}, found {}", ticked(name), found_text(value));
    Words::new(Code::ParameterNotAnInteger, message).found(value).remedy()
}

/// A value that should be a time.
pub(crate) fn parameter_not_a_time(name: &str, value: &str) -> Words {
    let shape = "yyyy-MM-ddTHH:mm:ssZ";
    let message =
        format!("expected a time as {} in the parameter {}, found {}", ticked(shape), ticked(name), found_text(value));
    Words::new(Code::ParameterValue, message).expected([shape]).found(value).remedy()
}

/// A name that is nearly that of a known parameter.
pub(crate) fn misspelt_parameter(found: &str, meant: &str) -> Words {
    let message = format!("expected the parameter {}, found {}", ticked(meant), ticked(found));
    Words::new(Code::MisspeltParameter, message).expected([meant]).found(found).help(did_you_mean(meant))
}

/// More parameters than `Limits::parameters`.
pub(crate) fn too_many_parameters(limit: usize) -> Words {
    let message = format!("expected at most {}, found more", counted(limit as u64, "parameters"));
    Words::new(Code::TooManyParameters, message).remedy()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_and_escaped() {
        assert_eq!(shown("a\u{1b}[0m\nb"), "a\\u{1b}[0m\\nb");
        assert_eq!(shown("é\u{202e}"), "é\\u{202e}");
        assert_eq!(shown(&"ä".repeat(100)), format!("{}…", "ä".repeat(SHOWN)));
    }

    #[test]
    fn lists_read_well() {
        let items = |count: usize| -> Vec<String> { (0..count).map(|item| ticked(&item.to_string())).collect() };
        assert_eq!(any_of(&items(1)), "`0`");
        assert_eq!(any_of(&items(2)), "`0` or `1`");
        assert_eq!(all_of(&items(3)), "`0`, `1` and `2`");
        assert!(any_of(&items(12)).ends_with("`8` or 3 others"));
    }

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

    #[test]
    fn lengths_are_singular_and_plural() {
        let fault = datatype::Fault::Length { facet: "maxLength", limit: 1, actual: 2, unit: "characters" };
        assert_eq!(
            value(&fault, "text", "ab", Holder::Attribute("kind"), false).message,
            "expected a length of at most 1 character in the attribute `kind`, found 2 characters"
        );
    }
}
