//! Schematron rules in user-defined schemas: what is checked, what is refused, and that both paths agree.

use packetcheck::diagnostic::Severity;
use packetcheck::{Schema, SchemaError};
use proptest::prelude::*;

const SCHEMATRON: &str = "http://purl.oclc.org/dsdl/schematron";

/// `r` holds any number of `a`, `b`, `c` in any order, and so does `g` inside it; both accept attributes and text.
fn schema_with(appinfo: &str) -> Result<Schema, SchemaError> {
    schema_of(
        appinfo,
        r#"<xs:element name="r" type="letters"/>
        <xs:complexType name="letters" mixed="true">
          <xs:choice minOccurs="0" maxOccurs="unbounded">
            <xs:element name="a" type="xs:string"/>
            <xs:element name="b" type="xs:string"/>
            <xs:element name="c" type="xs:string"/>
            <xs:element name="g" type="letters"/>
          </xs:choice>
          <xs:attribute name="x"/>
          <xs:attribute name="y"/>
        </xs:complexType>"#,
    )
}

fn schema_of(appinfo: &str, declarations: &str) -> Result<Schema, SchemaError> {
    let text = format!(
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:sch="{SCHEMATRON}">
<xs:annotation><xs:appinfo><rules xmlns="urn:packetcheck"/>
{appinfo}
</xs:appinfo></xs:annotation>
{declarations}
</xs:schema>"#
    );
    Schema::from_documents(&[("letters.xsd", &text)])
}

fn escaped(test: &str) -> String {
    test.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// One report for each test, whose message is its number; all warnings, so that none ends the check.
fn reports(tests: &[String]) -> String {
    let reports = tests
        .iter()
        .enumerate()
        .map(|(number, test)| format!(r#"<sch:report role="warning" test="{}">{number}</sch:report>"#, escaped(test)));
    format!(r#"<sch:pattern><sch:rule context="r">{}</sch:rule></sch:pattern>"#, reports.collect::<String>())
}

/// The messages of `explain`, in order; the walk alone must find the same.
fn messages(schema: &Schema, document: &str) -> Vec<String> {
    let report = schema.explain(document.as_bytes());
    let complete = schema.explain_without_prediction(document.as_bytes());
    assert_eq!(report.diagnostics, complete.diagnostics, "{document}");
    assert_eq!(schema.is_valid(document.as_bytes()), report.is_valid(), "{document}");
    report.diagnostics.into_iter().map(|diagnostic| diagnostic.message).collect()
}

fn fires(test: &str, document: &str) -> bool {
    let schema = schema_with(&reports(&[test.to_owned()])).expect(test);
    !messages(&schema, document).is_empty()
}

#[test]
fn an_assert_fires_when_its_test_fails_and_a_report_when_it_holds() {
    let schema = schema_with(
        r#"<sch:pattern id="p"><sch:title>letters</sch:title><sch:p>about <b>letters</b></sch:p>
          <sch:rule context="r">
            <sch:assert test="a" id="needs-a">expected `a`,
               found   none</sch:assert>
            <sch:report test="b" role="warning" see="the page of b">expected no `b`, found one</sch:report>
          </sch:rule></sch:pattern>"#,
    )
    .expect("all of this is supported");
    assert_eq!(messages(&schema, "<r><a/></r>"), [""; 0]);
    assert_eq!(messages(&schema, "<r/>"), ["expected `a`, found none"]);
    assert_eq!(messages(&schema, "<r><a/><b/></r>"), ["expected no `b`, found one"]);
    let report = schema.explain(b"<r>\n <g/><b/></r>");
    let found: Vec<_> =
        report.diagnostics.iter().map(|found| (found.severity, &found.path[..], &found.message[..])).collect();
    assert_eq!(
        found,
        [(Severity::Error, "/r", "expected `a`, found none"), (Severity::Warning, "/r", "expected no `b`, found one"),]
    );
    assert_eq!((report.errors, report.warnings), (1, 1));
}

/// With a `subject` a check is reported at the first such child, with its path; if there is none, at the element.
#[test]
fn a_check_about_a_child_is_reported_at_the_child() {
    let schema = schema_with(
        r#"<sch:pattern><sch:rule context="g">
            <sch:report test="a or b" role="warning" subject="a | b">x</sch:report>
            <sch:report test="c &gt; 1" subject="c">y</sch:report>
            <sch:assert test="c" role="warning" subject="c">z</sch:assert>
          </sch:rule></sch:pattern>"#,
    )
    .expect("all of this is supported");
    let places = |document: &str| {
        messages(&schema, document);
        let report = schema.explain(document.as_bytes());
        let place =
            |found: packetcheck::diagnostic::Diagnostic| (found.message, document[found.span].to_owned(), found.path);
        report.diagnostics.into_iter().map(place).collect::<Vec<_>>()
    };
    let place = |message: &str, text: &str, path: &str| (message.to_owned(), text.to_owned(), path.to_owned());
    assert_eq!(
        places("<r><a/><g> <c>1</c><b>1</b><g><c>2</c><a/></g><a/></g></r>"),
        [place("x", "<b>", "/r/g/b"), place("y", "<c>", "/r/g/g/c"), place("x", "<a/>", "/r/g/g/a")]
    );
    assert_eq!(places("<r><g/></r>"), [place("z", "<g/>", "/r/g")]);
    for (subject, expected) in
        [("*", "`*` in the subject"), ("a/b", "expected"), ("d", "expected a name that the schema")]
    {
        let appinfo = format!(
            r#"<sch:pattern><sch:rule context="r"><sch:report test="a" subject="{subject}">x</sch:report></sch:rule></sch:pattern>"#
        );
        let error = schema_with(&appinfo).map(|_| ()).expect_err(subject).to_string();
        assert!(error.contains(expected), "{error}");
    }
}

/// A child that no wildcard admits is also an error of its parent, so no rule is evaluated for the parent.
#[test]
fn no_rules_are_evaluated_for_an_element_with_an_undeclared_child() {
    let schema = schema_of(
        r#"<sch:pattern><sch:rule context="r"><sch:assert test="a">expected `a`, found none</sch:assert></sch:rule></sch:pattern>"#,
        r###"<xs:element name="r"><xs:complexType><xs:sequence><xs:element name="a" minOccurs="0"/>
          <xs:any namespace="##other" minOccurs="0"/></xs:sequence></xs:complexType></xs:element>"###,
    )
    .expect("the rule is supported");
    let undeclared = "expected an element that the schema declares, found `x`";
    assert_eq!(messages(&schema, "<r><x xmlns='urn:x'/></r>"), [undeclared]);
    assert_eq!(messages(&schema, "<r><a/><x xmlns='urn:x'/></r>"), [undeclared]);
    assert_eq!(messages(&schema, "<r/>"), ["expected `a`, found none"]);
}

#[test]
fn tests_see_attributes_children_text_and_order() {
    for (test, document, expected) in [
        ("@x", "<r x=''/>", true),
        ("@*", "<r/>", false),
        ("@*", "<r xmlns:p='urn:p'/>", false),
        ("@*", "<r xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xsi:type='letters'/>", true),
        ("@x = '1'", "<r x='1'/>", true),
        ("@x > 1", "<r x='2'/>", true),
        ("@x > 1", "<r y='2'/>", false),
        ("a = 'x&amp;y'", "<r><a>x&amp;y</a></r>", false),
        ("a = 'x&y'", "<r><a>x&amp;y</a></r>", true),
        ("a = 'x&y'", "<r><a><![CDATA[x&y]]></a></r>", true),
        ("a = 'x'", "<r><a> x</a></r>", false),
        ("a = 'x'", "<r><a/><a>x</a></r>", true),
        ("a > 5", "<r><a>7</a></r>", true),
        ("text()", "<r> <a/></r>", true),
        ("text()", "<r><a>t</a></r>", false),
        ("text()", "<r><!-- t --></r>", false),
        ("text() and a > 5", "<r>t<a>7</a></r>", true),
        (". = '12'", "<r>1<a>2</a></r>", true),
        ("g = '12'", "<r><g>1<a>2</a></g></r>", true),
        ("string-length(normalize-space()) = 3", "<r> 1 <a> 2</a></r>", true),
        ("a/following-sibling::b", "<r><b/><a/><g/></r>", false),
        ("a/following-sibling::b", "<r><b/><a/><g/><b/></r>", true),
        ("a/preceding-sibling::b", "<r><b/><g><b/></g><a/></r>", true),
        ("count(a) > 1", "<r><a/><g><a/></g></r>", false),
        ("count(a) > 1", "<r><a/><g/><a/></r>", true),
        ("count(*) = 2", "<r><a/><g><a/></g></r>", true),
        ("true()", "<r/>", true),
    ] {
        assert_eq!(fires(test, document), expected, "{test} on {document}");
    }
}

#[test]
fn a_context_is_a_path_and_the_first_in_a_pattern_takes_the_element() {
    let rule = |context, name| {
        format!(r#"<sch:rule context="{context}"><sch:report role="warning" test="a">{name}</sch:report></sch:rule>"#)
    };
    let first = [rule("//g/g", "inner"), rule("r/g", "outer"), rule("g", "never")].concat();
    let second = [rule("r", "root"), rule("g", "any")].concat();
    let schema = schema_with(&format!("<sch:pattern>{first}</sch:pattern><sch:pattern>{second}</sch:pattern>"))
        .expect("contexts are supported");
    assert_eq!(messages(&schema, "<r><a/></r>"), ["root"]);
    assert_eq!(messages(&schema, "<r><g><a/></g></r>"), ["outer", "any"]);
    assert_eq!(messages(&schema, "<r><g><g><a/></g></g></r>"), ["inner", "any"]);
}

#[test]
fn names_in_a_namespace_need_a_prefix() {
    let schema = |context: &str, test: &str| {
        let text = format!(
            r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t" elementFormDefault="qualified">
            <xs:annotation><xs:appinfo><rules xmlns="urn:packetcheck"/><ns xmlns="{SCHEMATRON}" prefix="p" uri="urn:t"/><pattern xmlns="{SCHEMATRON}">
            <rule context="{context}"><report test="{test}">found</report></rule></pattern></xs:appinfo></xs:annotation>
            <xs:element name="r"><xs:complexType><xs:sequence><xs:element name="e" type="xs:string" minOccurs="0"/>
            </xs:sequence><xs:attribute name="x"/></xs:complexType></xs:element></xs:schema>"#
        );
        Schema::from_documents(&[("r.xsd", &text)])
    };
    let prefixed = schema("p:r", "p:e = '1'").expect("both names are declared");
    assert_eq!(messages(&prefixed, "<r xmlns='urn:t'><e>1</e></r>"), ["found"]);
    assert_eq!(messages(&prefixed, "<t:r xmlns:t='urn:t'><t:e>2</t:e></t:r>"), [""; 0]);
    // A local attribute is in no namespace.
    let attribute = schema("//p:r", "@x").expect("both names are declared");
    assert_eq!(messages(&attribute, "<t:r xmlns:t='urn:t' x=''/>"), ["found"]);
    for (context, test) in [("r", "p:e"), ("p:r", "e"), ("p:r", "@p:x")] {
        let error = schema(context, test).expect_err("the name is in another namespace").to_string();
        assert!(error.contains("expected a name that the schema declares, found `"), "{error}");
    }
}

/// The mark shows the place of the error; it is not part of the schema.
#[test]
fn unsupported_parts_are_refused_with_their_place() {
    let outside = "is outside the part of XPath that rules may use";
    for (inner, expected) in [
        (r#"§<sch:let name="n" value="1"/>"#, "`let` is not supported here in Schematron rules"),
        (
            r#"<sch:assert test="a">x §<sch:value-of select="a"/></sch:assert>"#,
            "expected only text in an assert or report, found an element",
        ),
        (
            r#"<sch:assert test="a" §diagnostics="d">x</sch:assert>"#,
            "the attribute `diagnostics` of `assert` is not supported in Schematron rules",
        ),
        (
            r#"§<sch:assert test="a" role="fatal">x</sch:assert>"#,
            "expected the role `error` or `warning`, found `fatal`",
        ),
        (r#"§<sch:assert test="a"> </sch:assert>"#, "expected a message in an assert or report, found none"),
        (r#"§<sch:assert>x</sch:assert>"#, "missing attribute `test` of the Schematron element `assert`"),
        (r#"<sch:assert test="a or §[b]">x</sch:assert>"#, "in `test=\"a or [b]\"`: expected an expression, found `[`"),
        (
            r#"<sch:assert test="§a/b">x</sch:assert>"#,
            &format!("in `test=\"a/b\"`: a path deeper than the children {outside}"),
        ),
        (
            r#"<sch:assert test="b and §last()">x</sch:assert>"#,
            &format!("in `test=\"b and last()\"`: the function `last()` {outside}"),
        ),
        (
            r#"<sch:assert test="§z">x</sch:assert>"#,
            "in `test=\"z\"`: expected a name that the schema declares, found `z`",
        ),
        (
            r#"<sch:assert test="§p:a">x</sch:assert>"#,
            "in `test=\"p:a\"`: expected a prefix that `sch:ns` declares, found `p`",
        ),
        ("§words", "expected elements of Schematron, found text"),
        ("§<b/>", "`b` is not supported here in Schematron rules"),
    ] {
        expect_refusal(&format!(r#"<sch:pattern><sch:rule context="r">{inner}</sch:rule></sch:pattern>"#), expected);
    }
    for (appinfo, expected) in [
        (
            r#"<sch:pattern §abstract="true"/>"#,
            "the attribute `abstract` of `pattern` is not supported in Schematron rules",
        ),
        (r#"§<sch:phase id="p"/>"#, "`phase` is not supported here in Schematron rules"),
        (r#"§<sch:schema/>"#, "`schema` is not supported here in Schematron rules"),
        (r#"<b>§<sch:pattern/></b>"#, "expected Schematron directly inside `xs:appinfo`, found it elsewhere"),
        (
            r#"<sch:ns prefix="p" uri="urn:p"/>§<sch:ns prefix="p" uri="urn:q"/>"#,
            "expected one namespace for the prefix `p`, found two",
        ),
        (
            r#"<sch:pattern><sch:rule context="a§[1]"/></sch:pattern>"#,
            "in `context=\"a[1]\"`: expected an operator or the end, found `[`",
        ),
        (
            r#"<sch:pattern><sch:rule context="§*"/></sch:pattern>"#,
            &format!("in `context=\"*\"`: `*` in the context of a rule {outside}"),
        ),
        (
            r#"<sch:pattern><sch:rule context="§a/b"/></sch:pattern>"#,
            "expected a context that a declared element can match, found one that none matches",
        ),
    ] {
        expect_refusal(appinfo, expected);
    }
}

/// Rules of Schematron 1.5 look like those of the ISO standard, but would never be enforced.
#[test]
fn schematron_1_5_is_refused_where_rules_are_run() {
    let old = r#"<sch:pattern xmlns:sch="http://www.ascc.net/xml/schematron" name="p"><sch:rule context="a"><sch:report test="b">x</sch:report></sch:rule></sch:pattern>"#;
    let error = schema_with(old).expect_err("rules are to be run").to_string();
    let expected =
        "expected ISO Schematron, in the namespace `http://purl.oclc.org/dsdl/schematron`, found Schematron 1.5";
    assert!(error.ends_with(expected), "{error}");
}

fn expect_refusal(marked: &str, expected: &str) {
    let column = marked.chars().position(|c| c == '§').expect("the mark") + 1;
    let error = schema_with(&marked.replace('§', "")).expect_err(marked);
    assert_eq!(error.to_string(), format!("letters.xsd:3:{column}: {expected}"));
}

fn operand() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a",
        "b",
        "c",
        "g",
        "*",
        ".",
        "@x",
        "@y",
        "@*",
        "count(a)",
        "count(*)",
        "count(@*)",
        "0",
        "1",
        "-2.5",
        "'1'",
        "''",
        "'ok'",
        "number(a)",
        "string-length(b)",
        "normalize-space(c)",
        "translate(a, '+', '')",
        "substring-before(b, '.')",
        "substring-after(b, '.')",
        "true()",
        "-a",
    ])
    .prop_map(str::to_owned)
}

fn test_expression() -> impl Strategy<Value = String> {
    let comparison = (operand(), prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]), operand())
        .prop_map(|(left, operator, right)| format!("{left} {operator} {right}"));
    let order = (prop::sample::select(vec!["a", "b", "*"]), prop::sample::select(vec!["a", "c", "*"]), any::<bool>())
        .prop_map(|(one, other, forward)| {
            format!("{one}/{}-sibling::{other}", if forward { "following" } else { "preceding" })
        });
    let leaf = prop_oneof![4 => comparison, 2 => operand(), 1 => order, 1 => Just("text()".to_owned())];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("not({inner})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left}) and ({right})")),
            (inner.clone(), inner).prop_map(|(left, right)| format!("({left} or {right})")),
        ]
    })
}

fn content(depth: u32) -> BoxedStrategy<String> {
    let text =
        prop::sample::select(vec!["", "1", "ok", " 2.5\n", "+1", "<![CDATA[1]]>", "&#49;", "o<!-- - -->k", "-3"]);
    let leaf = (prop::sample::select(vec!["a", "b", "c"]), text.clone()).prop_map(|(name, text)| {
        if text.is_empty() { format!("<{name}/>") } else { format!("<{name}>{text}</{name}>") }
    });
    let plain = prop_oneof![6 => leaf, 1 => text.prop_map(str::to_owned)].boxed();
    let part = if depth == 0 { plain } else { prop_oneof![5 => plain, 1 => element("g", depth - 1)].boxed() };
    prop::collection::vec(part, 0..5).prop_map(|parts| parts.concat()).boxed()
}

fn element(name: &'static str, depth: u32) -> BoxedStrategy<String> {
    let attributes = prop::sample::select(vec!["", " x='1'", " y='ok' x=''", " xmlns:p='urn:p'", " y=' 2.5'"]);
    (attributes, content(depth))
        .prop_map(move |(attributes, content)| format!("<{name}{attributes}>{content}</{name}>"))
        .boxed()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// `messages` asserts that prediction and the walk alone agree.
    #[test]
    fn prediction_and_walk_agree(
        tests in prop::collection::vec(test_expression(), 1..8),
        documents in prop::collection::vec(element("r", 2), 1..6),
        role in prop::sample::select(vec!["warning", "error"]),
    ) {
        let appinfo = reports(&tests).replace("role=\"warning\"", &format!("role=\"{role}\""));
        let schema = schema_with(&appinfo).map_err(|error| TestCaseError::fail(format!("{error}: {tests:?}")))?;
        for document in &documents {
            messages(&schema, document);
        }
    }

    /// Compiling a schema ends without a panic, whatever its tests contain.
    #[test]
    fn a_test_can_contain_any_text(test in "[-abc@*./'\"()<>=!|$: 0-9ortxn]{0,40}") {
        let _ = schema_with(&reports(&[test]));
    }
}
