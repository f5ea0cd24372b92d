//! ISO Schematron `assert` and `report` inside `xs:appinfo`: checks of one element and its content.
//!
//! A pattern is directly in `xs:appinfo`, anywhere in the schema's documents. Within a pattern, the first rule whose
//! context matches an element applies to it (ISO/IEC 19757-3, section 6.5). Supported are:
//!
//! - `sch:pattern` (`id`), `sch:rule` (`context`, `id`), `sch:assert` and `sch:report` (`test`, `role`, `see`, `id`, `subject`),
//!   `sch:ns` (`prefix`, `uri`; for all documents of the schema), `sch:title`, `sch:p`; `xml:lang` everywhere.
//! - `role` is `warning` or `error`; without it a check is an error.
//! - `subject` is a child, or several separated by `|`: the check is reported at the first of them that exists, and
//!   otherwise at the context element.
//! - A context is `name`, `parent/name` and so on, with or without `//` before it.
//! - A test is an XPath 1.0 expression over the context element: its attributes (`@name`, `@*`), its children (`name`,
//!   `*`), its text (`.`, `text()`), the order of its children (`a/following-sibling::b`, `b/preceding-sibling::a`),
//!   numbers, literals, `and`, `or`, `= != < <= > >=`, unary minus, parentheses, and the functions `count()`, `not()`,
//!   `true()`, `false()`, `boolean()`, `number()`, `string-length()`, `normalize-space()`, `translate()`,
//!   `substring-before()` and `substring-after()`. Only the existence of `text()` and of siblings can be tested.
//! - A name without a prefix is in no namespace, as in XPath. A name that the schema declares nowhere is an error: it
//!   is a typo, or a rule that can never apply.
//!
//! Schematron in a schema is an annotation, like everything in `xs:appinfo`, unless the schema asks for its rules to be
//! run (`<rules xmlns="urn:packetcheck"/>` in an `xs:appinfo` of one of the documents that include one another) or the
//! caller does. Then everything else is refused, with its place, when the schema is compiled. Values are exactly those
//! of XPath 1.0: node sets compare by any of their members, numbers are IEEE doubles, `number('+5')` is NaN, and an
//! `xsi:` attribute is an attribute like any other, while a namespace declaration is not an attribute.
//!
//! There is one difference from a processor that runs over trees: rules apply to *declared* elements. Below an element
//! of `xs:anyType`, an element that the schema does not declare matches no context, whatever its name.

mod bind;
mod evaluate;
mod expression;
mod facts;
mod questions;
mod read;
mod seen;

use std::sync::Arc;

use crate::compiled::{Compiled, NameId};
use crate::diagnostic::Code;
use crate::xsd::{SchemaError, SchemaFile};
use expression::Expression;
pub(crate) use questions::Numbers;
use questions::{ComparedNumber, TextTest};
pub(crate) use read::Written;
pub(crate) use seen::{Mark, SeenStack};

/// `role="warning"` makes a rule a warning; without a role it is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// The document is invalid.
    Error,
    /// The document stays valid.
    Warning,
}

/// One assert or report, bound to an element declaration that it applies to.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// The severity when it fires.
    pub(crate) role: Role,
    /// The text of the assert or report, white space collapsed.
    pub(crate) message: Box<str>,
    /// Where to read more (a URL or the name of a page), if given.
    pub(crate) see: Option<Box<str>>,
    /// The children that it concerns: it is reported at the first one that exists, otherwise at the element.
    pub(crate) subject: Box<[NameId]>,
    /// Names that the ancestors must have, nearest first, if the declaration alone does not decide it.
    pub(crate) ancestors: Vec<NameId>,
    /// Paths of earlier rules of the same pattern, nearest first: if one of them matches, this rule does not apply.
    pub(crate) unless: Vec<Vec<NameId>>,
    test: Arc<Expression>,
    /// The truth value of the test at which it fires: `true` for a report, `false` for an assert.
    fires_on: bool,
}

/// What was seen in an element.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    /// Attributes, without namespace declarations; those in the `xsi:` namespace count.
    attributes: &'a [Node],
    /// Children in document order with their string-values (needed where `RuleSet::keeps_text` requests them, otherwise
    /// empty).
    children: &'a [Node],
    /// The texts of both.
    texts: &'a str,
    /// The string-value of the element itself: all text in it, at any depth (needed if `Facts::keep_own_text`).
    text: &'a str,
    /// Whether it has text nodes of its own.
    has_text: bool,
}

/// An attribute or a child, and its text in `Seen::texts`.
#[derive(Debug, Clone, Copy)]
struct Node {
    name: NameId,
    start: u32,
    end: u32,
}

impl<'a> Seen<'a> {
    fn text_of(&self, node: &Node) -> &'a str {
        self.texts.get(node.start as usize..node.end as usize).unwrap_or_default()
    }
}

/// The rules of one element declaration.
#[derive(Debug, Clone)]
pub(crate) struct RuleSet {
    /// In the order of the schema's documents.
    pub(crate) rules: Vec<Rule>,
    /// The same rules in a fast form.
    pub(crate) facts: Facts,
}

/// The fast form of a rule set: what each child sets among 64 facts, and which facts make a rule fire.
#[derive(Debug, Clone, Default)]
pub(crate) struct Facts {
    /// By child name; a child with a name that is not here sets only `any_child`.
    pub(crate) children: Vec<ChildFacts>,
    /// By attribute name (`xmlns` never counts); one that is not here sets only `any_attribute`.
    pub(crate) attributes: Vec<ChildFacts>,
    /// Set by any child, after what `children` says about it (0: not needed).
    pub(crate) any_child: u64,
    /// Set by any attribute (0: not needed).
    pub(crate) any_attribute: u64,
    /// Set when the element has text nodes of its own (0: not needed).
    pub(crate) any_text: u64,
    /// Rules that facts decide: the rule number, and the terms (mask, value): it fires if `facts & mask == value` for
    /// one.
    pub(crate) decided: Vec<(usize, Vec<(u64, u64)>)>,
    /// Rules that need the texts themselves (`Rule::fires` on a `Seen`): the rule number, and terms of which one must
    /// hold for the rule to fire, whatever the texts are.
    pub(crate) late: Vec<(usize, Vec<(u64, u64)>)>,
    /// Whether a late rule reads the text of the element itself.
    pub(crate) keep_own_text: bool,
    /// Whether a late rule reads the texts of all children.
    pub(crate) keep_all_texts: bool,
    /// Whether a late rule looks at attributes: whether there are any, or at their values.
    pub(crate) late_looks_at_attributes: bool,
    /// Whether a late rule uses `text()`.
    pub(crate) late_looks_at_text: bool,
}

/// What a child (or attribute) with one name sets. First `after` is looked at, then the bits are set.
#[derive(Debug, Clone, Default)]
pub(crate) struct ChildFacts {
    /// The name they belong to.
    pub(crate) name: Option<NameId>,
    /// Set when one is met (0: not needed); the bit above it (`seen << 1`) when it was already set, if `twice`.
    pub(crate) seen: u64,
    /// Whether a rule asks if there is more than one.
    pub(crate) twice: bool,
    /// Set when its string-value is exactly this.
    pub(crate) literals: Vec<(Box<str>, u64)>,
    /// `(before, set)`: set if the fact `before` is already set (sibling order).
    pub(crate) after: Vec<(u64, u64)>,
    /// Further questions of rules about its string-value.
    tests: Vec<TextTest>,
    /// Numbers in it that are compared with those in another child.
    compared: Vec<ComparedNumber>,
    /// Whether a late rule reads its text.
    pub(crate) keep_text: bool,
}

/// All rules of a schema, by element declaration.
#[derive(Debug, Clone, Default)]
pub(crate) struct Rules {
    /// `None` if no rule applies to the declaration.
    pub(crate) by_element: Vec<Option<Box<RuleSet>>>,
}

impl Rules {
    /// For a child or attribute whose name the schema does not know: no rule names it, but `*` matches it.
    pub(crate) const UNKNOWN_NAME: NameId = NameId(u32::MAX);
}

impl Rule {
    /// Whether the assert fails or the report succeeds, by XPath 1.0 (numbers are IEEE doubles).
    pub(crate) fn fires(&self, seen: &Seen<'_>) -> bool {
        evaluate::truth(&self.test, seen) == self.fires_on
    }

    /// Whether the element is where the rule's context requires. `ancestor(0)` is the name of its parent, `ancestor(1)`
    /// that of its grandparent, and so on; `None` above the root.
    pub(crate) fn applies(&self, ancestor: &dyn Fn(usize) -> Option<NameId>) -> bool {
        let fits = |path: &[NameId]| path.iter().enumerate().all(|(up, name)| ancestor(up) == Some(*name));
        fits(&self.ancestors) && !self.unless.iter().any(|path| fits(path))
    }
}

/// Compiles the Schematron in the schema's documents to rules, each bound to the element declarations that it applies
/// to.
///
/// # Errors
///
/// Everything outside what the module documentation lists, with its place.
pub(crate) fn compile_written(
    schema: &Compiled,
    written: Written,
    is_run: &dyn Fn(u32) -> bool,
) -> Result<Rules, SchemaError> {
    let patterns = read::patterns(schema, written, is_run)?;
    if patterns.is_empty() { Ok(Rules::default()) } else { bind::bind(schema, &patterns) }
}

/// A warning that says how to run the rules that are not run, if there are any.
pub(crate) fn warn_of_passed_over(
    schema: &Compiled,
    written: &Written,
    is_run: &dyn Fn(u32) -> bool,
) -> Option<SchemaFile> {
    let (count, document, offset) = written.passed_over(is_run)?;
    let patterns = if count == 1 { "1 Schematron pattern is" } else { &format!("{count} Schematron patterns are") };
    let message = format!("{patterns} not run: Schematron is only an annotation unless it is requested");
    let help = "pass `--rules`, or write `<rules xmlns=\"urn:packetcheck\"/>` into an `xs:appinfo`";
    Some(SchemaFile::warning(Code::AppInfo, schema.documents.get(document as usize)?, offset, message, help))
}

/// Compiles the rules of a schema whose documents have not been read yet.
#[cfg(test)]
pub(crate) fn compile(schema: &Compiled) -> Result<Rules, SchemaError> {
    let mut written = Written::default();
    for (index, document) in (0..).zip(&schema.documents) {
        let tree = crate::xsd::parse_checked(&document.text).expect("a document that was compiled");
        written.read(index, &tree);
    }
    compile_written(schema, written, &|_| true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xsd::Source;

    const RESPONSE: &[(&str, &str)] = &[
        ("response.xsd", include_str!("../../schemas/plesk/response.xsd")),
        ("common.xsd", include_str!("../../schemas/plesk/common.xsd")),
        ("migration_output.xsd", include_str!("../../schemas/plesk/migration_output.xsd")),
        ("operators.xsd", include_str!("../../schemas/plesk/operators.xsd")),
    ];

    fn rules_of(documents: &[(&str, &str)]) -> Result<(Compiled, Rules), SchemaError> {
        let schema = crate::xsd::compile(Source::Memory(documents))?;
        let rules = compile(&schema)?;
        Ok((schema, rules))
    }

    /// Prediction relies on this: facts alone decide what makes a packet invalid, and what it is warned about.
    #[test]
    fn rules_of_the_embedded_schema_keep_no_texts() {
        let (_, rules) = rules_of(RESPONSE).expect("the embedded schema compiles");
        let (mut decided, mut late) = (0, 0);
        for set in rules.by_element.iter().flatten() {
            decided += set.facts.decided.len();
            late += set.facts.late.len();
        }
        // `object` is declared in two places, so its rules count twice. Questions about numbers, words surrounded by
        // white space, identifiers of nothing but white space and versions are answered where they occur.
        assert_eq!((decided, late), (49, 0));
    }

    /// A declaration with only one possible parent needs no look at the document; one that `xsi:type` or a second
    /// parent can place elsewhere does.
    #[test]
    fn ancestors_are_checked_only_where_the_schema_leaves_them_open() {
        let schema = |appinfo: &str| {
            format!(
                r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:sch="http://purl.oclc.org/dsdl/schematron">
                <xs:annotation><xs:appinfo>{appinfo}</xs:appinfo></xs:annotation>
                <xs:element name="r"><xs:complexType><xs:sequence>
                  <xs:element name="one"><xs:complexType><xs:sequence>
                    <xs:element name="x" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
                  <xs:element name="two" type="shared"/><xs:element name="three" type="shared"/>
                </xs:sequence></xs:complexType></xs:element>
                <xs:complexType name="shared"><xs:sequence>
                  <xs:element name="y" type="xs:string"/></xs:sequence></xs:complexType></xs:schema>"#
            )
        };
        let ancestors = |context: &str| {
            let appinfo = format!(
                r#"<sch:pattern><sch:rule context="{context}"><sch:report test=".">x</sch:report></sch:rule></sch:pattern>"#
            );
            let (compiled, rules) = rules_of(&[("r.xsd", &schema(&appinfo))]).expect(context);
            let rules = rules.by_element.into_iter().flatten().flat_map(|set| set.rules);
            let names = |rule: Rule| {
                rule.ancestors.iter().map(|name| compiled.names.names[name.index()].local.to_string()).collect()
            };
            rules.map(names).collect::<Vec<Vec<String>>>()
        };
        let none: Vec<String> = Vec::new();
        assert_eq!(ancestors("x"), std::slice::from_ref(&none));
        assert_eq!(ancestors("one/x"), std::slice::from_ref(&none));
        assert_eq!(ancestors("r/one/x"), std::slice::from_ref(&none));
        assert_eq!(ancestors("two/y"), [["two"]]);
        assert_eq!(ancestors("r/two/y"), [["two", "r"]]);
        assert_eq!(ancestors("y"), [none]);
    }

    /// Compiling has to stay cheap: it happens once in every process.
    #[test]
    fn a_schema_without_rules_is_not_read_again() {
        let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="r"/></xs:schema>"#;
        let (_, rules) = rules_of(&[("r.xsd", text)]).expect("it is plain");
        assert!(rules.by_element.is_empty());
    }
}
