//! What `explain` reports for small schemas and small documents with one error each.

use std::time::Instant;

use crate::Limits;
use crate::check::table::Table;
use crate::compiled::Compiled;
use crate::diagnostic::{Report, Severity};
use crate::rules;
use crate::xsd::{self, Source};

struct Compilation {
    schema: Compiled,
    table: Table,
}

impl Compilation {
    /// Explains a document, and compares the result with the walk alone and with the bare verdict.
    fn explain(&self, document: &str) -> Report {
        let (bytes, limits) = (document.as_bytes(), Limits::default());
        let report = super::explain(&self.schema, &self.table, &limits, bytes);
        let alone = super::explain_without_prediction(&self.schema, &self.table, &limits, bytes);
        assert_eq!(report.diagnostics, alone.diagnostics, "{document}");
        assert_eq!((report.errors, report.warnings), (alone.errors, alone.warnings), "{document}");
        let is_valid = super::is_valid(&self.schema, &self.table, &limits, bytes);
        assert_eq!(is_valid, report.is_valid(), "{document}: {:#?}", report.diagnostics);
        report
    }

    /// The code, the path and the bytes at fault of each diagnostic.
    fn faults(&self, document: &str) -> Vec<(String, String, String)> {
        let report = self.explain(document);
        assert_eq!(report.errors + report.warnings, report.diagnostics.len());
        let place = |span: &std::ops::Range<usize>| document.get(span.clone()).unwrap_or("outside").to_owned();
        let faults = report.diagnostics.iter();
        faults.map(|fault| (fault.code.to_string(), fault.path.clone(), place(&fault.span))).collect()
    }
}

/// Compiles declarations in a schema without a namespace.
fn compile(declarations: &str) -> Compilation {
    let text = format!(
        r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:sch="http://purl.oclc.org/dsdl/schematron">
             {declarations}
           </xs:schema>"#
    );
    let schema = xsd::compile(Source::Memory(&[("test.xsd", &text)])).expect("a valid schema");
    let table = Table::new(&schema, rules::compile(&schema).expect("valid rules"));
    Compilation { schema, table }
}

/// The code, the path and the bytes at fault.
type Expected<'t> = (&'t str, &'t str, &'t str);

/// Compares the errors of each document with the expected ones.
fn check(schema: &Compilation, cases: &[(&str, &[Expected<'_>])]) {
    for (document, expected) in cases {
        let faults = schema.faults(document);
        let faults: Vec<_> = faults.iter().map(|(code, path, text)| (&**code, &**path, &**text)).collect();
        assert_eq!(faults, *expected, "{document}: {:#?}", schema.explain(document).diagnostics);
    }
}

fn result() -> Compilation {
    compile(
        r#"<xs:element name="result"><xs:complexType><xs:sequence>
             <xs:element name="status" type="Status"/>
             <xs:element name="errcode" type="xs:unsignedInt" minOccurs="0"/>
             <xs:element name="errtext" type="xs:string" minOccurs="0"/>
             <xs:choice minOccurs="0">
               <xs:element name="progress"><xs:complexType><xs:sequence>
                 <xs:element name="total" type="xs:integer"/>
                 <xs:element name="completed" type="xs:integer"/>
               </xs:sequence></xs:complexType></xs:element>
               <xs:element name="finished"><xs:complexType/></xs:element>
             </xs:choice>
           </xs:sequence></xs:complexType></xs:element>
           <xs:simpleType name="Status"><xs:restriction base="xs:string">
             <xs:enumeration value="ok"/><xs:enumeration value="error"/>
           </xs:restriction></xs:simpleType>"#,
    )
}

#[test]
fn one_fault_gives_one_message() {
    check(
        &result(),
        &[
            ("<result><status>ok</status></result>", &[]),
            ("<result> <status>ok</status>&#32;<![CDATA[ ]]><!-- x --></result>", &[]),
            ("<result/>", &[("PC0203", "/result", "<result/>")]),
            ("<result></result>", &[("PC0203", "/result", "</result>")]),
            ("<result><errcode>1</errcode></result>", &[("PC0203", "/result", "<errcode>")]),
            // order
            ("<result><errcode>1</errcode><status>ok</status></result>", &[("PC0206", "/result/status", "<status>")]),
            (
                "<result><status>ok</status><errtext/><errcode>1</errcode></result>",
                &[("PC0206", "/result/errcode", "<errcode>")],
            ),
            (
                "<result><status>ok</status><progress><completed>1</completed><total>2</total></progress></result>",
                &[("PC0206", "/result/progress/total", "<total>")],
            ),
            // too many, excluded
            (
                "<result><status>ok</status><errcode>1</errcode><errcode>2</errcode></result>",
                &[("PC0205", "/result/errcode[2]", "<errcode>")],
            ),
            (
                "<result><status>ok</status><finished/><progress><total>1</total><completed>1</completed></progress></result>",
                &[("PC0202", "/result/progress", "<progress>")],
            ),
            // missing inside
            (
                "<result><status>ok</status><progress><completed>1</completed></progress></result>",
                &[("PC0203", "/result/progress", "<completed>")],
            ),
            ("<result><status>ok</status><progress/></result>", &[("PC0203", "/result/progress", "<progress/>")]),
            // misspelt: its content is checked anyway
            ("<result><statsu>ok</statsu></result>", &[("PC0204", "/result/statsu", "<statsu>")]),
            (
                "<result><Status>no</Status></result>",
                &[("PC0204", "/result/Status", "<Status>"), ("PC0402", "/result/Status", "no")],
            ),
            // unexpected: reported once, skipped with its content, and it may stand for the missing one
            ("<result><status>ok</status><site><x/>text</site></result>", &[("PC0202", "/result/site", "<site>")]),
            ("<result><site/></result>", &[("PC0202", "/result/site", "<site/>")]),
            ("<result><site/><errcode>1</errcode></result>", &[("PC0202", "/result/site", "<site/>")]),
            // text
            ("<result>x<status>ok</status></result>", &[("PC0207", "/result", "x")]),
            ("<result><status>ok</status><finished>\n</finished></result>", &[("PC0208", "/result/finished", "\n")]),
            (
                "<result><status>ok</status><finished><a/><b/></finished></result>",
                &[("PC0208", "/result/finished/a", "<a/>")],
            ),
            ("<result><status>ok</status><finished><!-- x --></finished></result>", &[]),
            ("<result><status>o<b>k</b></status></result>", &[("PC0209", "/result/status/b", "<b>")]),
            // values
            ("<result><status> ok </status></result>", &[("PC0402", "/result/status", " ok ")]),
            ("<result><status>no</status></result>", &[("PC0402", "/result/status", "no")]),
            ("<result><status/></result>", &[("PC0402", "/result/status", "<status/>")]),
            (
                "<result><status>ok</status><errcode> 4294967296 </errcode></result>",
                &[("PC0405", "/result/errcode", "4294967296")],
            ),
            (
                "<result><status>ok</status><errcode></errcode></result>",
                &[("PC0401", "/result/errcode", "<errcode></errcode>")],
            ),
            // attributes
            (r#"<result a="1"><status>ok</status></result>"#, &[("PC0302", "/result", r#"a="1""#)]),
            // the root
            ("<other/>", &[("PC0201", "/other", "<other/>")]),
            ("<Result><status>ok</status></Result>", &[("PC0201", "/Result", "<Result>")]),
            (
                r#"<result xmlns="urn:x"><status>ok</status></result>"#,
                &[("PC0201", "/result", r#"<result xmlns="urn:x">"#)],
            ),
        ],
    );
}

#[test]
fn malformed_content_hides_structural_errors_around_it() {
    check(
        &result(),
        &[
            ("", &[("PC0101", "", "")]),
            ("<result><status>o & k</status></result>", &[("PC0109", "/result/status", "&")]),
            ("<result><status>ok</statsu></result>", &[("PC0122", "/result/status", "</statsu>")]),
            (r#"<result><status x=1>ok</status></result>"#, &[("PC0116", "/result", "1")]),
            ("<result><status>ok</status>", &[("PC0124", "/result", "")]),
            ("<!DOCTYPE result><result/>", &[("PC0107", "", "<!DOCTYPE")]),
        ],
    );
}

#[test]
fn long_names_that_begin_alike_are_distinguished() {
    // Sixteen letters, the same and one or more after them, and all with end tags beyond 24 bytes.
    let (short, long, longer) = ("migrationstatuss", "migrationstatusst", "migrationstatusstillgoingon");
    let schema = compile(&format!(
        r#"<xs:element name="{longer}"><xs:complexType><xs:sequence>
             <xs:choice maxOccurs="unbounded">
               <xs:element name="{long}" type="xs:int"/>
               <xs:element name="{short}" type="xs:string"/>
               <xs:element name="{longer}"><xs:complexType><xs:attribute name="a"/></xs:complexType></xs:element>
             </xs:choice>
           </xs:sequence></xs:complexType></xs:element>"#
    ));
    let around = |content: &str| format!("<{longer}>{content}</{longer}>");
    let valid = format!("<{long}>1</{long}><{short}>x</{short}><{longer}/><{longer} a=\"\"/><{longer}></{longer}>");
    check(
        &schema,
        &[
            (&around(&valid), &[]),
            (&around(&format!("<{long} >1</{long} >")), &[]),
            (
                &around(&format!("<{long}>x</{long}>")),
                &[("PC0401", "/migrationstatusstillgoingon/migrationstatusst", "x")],
            ),
            (
                &around(&format!("<{longer}x/>")),
                &[(
                    "PC0204",
                    "/migrationstatusstillgoingon/migrationstatusstillgoingonx",
                    "<migrationstatusstillgoingonx/>",
                )],
            ),
            (
                &format!("<{longer}><{short}/></{longer}x>"),
                &[("PC0122", "/migrationstatusstillgoingon", "</migrationstatusstillgoingonx>")],
            ),
        ],
    );
}

#[test]
fn an_element_with_children_is_not_taken_for_one_whose_name_it_begins() {
    // Sixteen letters are all that is compared of the longer name at first.
    let schema = compile(
        r#"<xs:element name="a"><xs:complexType><xs:choice>
             <xs:element name="migrate-resellers"><xs:complexType><xs:sequence><xs:element name="y"/></xs:sequence></xs:complexType></xs:element>
             <xs:element name="migrate-reseller"><xs:complexType><xs:sequence><xs:element name="x"/></xs:sequence></xs:complexType></xs:element>
           </xs:choice></xs:complexType></xs:element>
           <xs:element name="migrate-customers"><xs:complexType><xs:sequence><xs:element name="y"/></xs:sequence></xs:complexType></xs:element>"#,
    );
    check(
        &schema,
        &[
            ("<a><migrate-reseller><x/></migrate-reseller></a>", &[]),
            ("<a><migrate-resellers><y/></migrate-resellers></a>", &[]),
            ("<migrate-customers><y/></migrate-customers>", &[]),
            ("<migrate-customer><y/></migrate-customers>", &[("PC0201", "/migrate-customer", "<migrate-customer>")]),
        ],
    );
}

#[test]
fn attributes_are_checked() {
    let schema = compile(
        r#"<xs:element name="a"><xs:complexType>
             <xs:attribute name="version" type="xs:string" use="required"/>
             <xs:attribute name="count" type="xs:unsignedByte"/>
             <xs:attribute name="kind" type="xs:string" fixed="k"/>
           </xs:complexType></xs:element>"#,
    );
    check(
        &schema,
        &[
            (r#"<a version="1"/>"#, &[]),
            (r#"<a version="1" kind="k" count=" 7 "/>"#, &[]),
            (r#"<a/>"#, &[("PC0301", "/a", "<a/>")]),
            (r#"<a Version="1"/>"#, &[("PC0302", "/a", r#"Version="1""#)]),
            (r#"<a version="1" count="x"/>"#, &[("PC0401", "/a", "x")]),
            (r#"<a version="1" count="256"/>"#, &[("PC0405", "/a", "256")]),
            (r#"<a version="1" kind="j"/>"#, &[("PC0303", "/a", "j")]),
            (r#"<a version="1" xmlns:p="urn:p" p:kind="k"/>"#, &[("PC0302", "/a", r#"p:kind="k""#)]),
            (
                r#"<a version="1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="x"/>"#,
                &[],
            ),
            (r#"<a version="1" version="2"/>"#, &[("PC0118", "", "version")]),
        ],
    );
}

#[test]
fn types_and_nil_of_the_instance_are_checked() {
    let schema = compile(
        r#"<xs:element name="a" type="Base" nillable="true"/>
           <xs:element name="b" type="xs:integer" nillable="true"/>
           <xs:element name="c" type="xs:string" default="d"/>
           <xs:element name="d" type="xs:integer" fixed="7"/>
           <xs:element name="e" type="Abstract" nillable="true"/>
           <xs:complexType name="Base"><xs:sequence><xs:element name="x" type="xs:string"/></xs:sequence></xs:complexType>
           <xs:complexType name="More"><xs:complexContent><xs:extension base="Base">
             <xs:sequence><xs:element name="y" type="xs:string"/></xs:sequence>
           </xs:extension></xs:complexContent></xs:complexType>
           <xs:complexType name="Other"><xs:sequence/></xs:complexType>
           <xs:complexType name="Abstract" abstract="true"><xs:sequence/></xs:complexType>"#,
    );
    let xsi = |document: &str| document.replacen('>', r#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">"#, 1);
    let cases: &[(&str, &[&str])] = &[
        (r#"<a xsi:type="More"><x/><y/></a>"#, &[]),
        (r#"<a xsi:type="More"><x/></a>"#, &["PC0203"]),
        (r#"<a xsi:type=" Other "><x/></a>"#, &["PC0213"]),
        (r#"<a xsi:type="Nothing"><x/></a>"#, &["PC0212"]),
        (r#"<a xsi:nil="true"></a>"#, &[]),
        (r#"<a xsi:nil="true"> </a>"#, &["PC0211"]),
        (r#"<a xsi:nil="1"><x/></a>"#, &["PC0211"]),
        (r#"<a xsi:nil="false"><x/></a>"#, &[]),
        (r#"<a xsi:nil="yes"><x/></a>"#, &["PC0401"]),
        (r#"<b xsi:nil="true"></b>"#, &[]),
        (r#"<b xsi:nil="true">7</b>"#, &["PC0211"]),
        (r#"<c xsi:nil="false"></c>"#, &["PC0210"]),
        (r#"<c></c>"#, &[]),
        (r#"<d></d>"#, &[]),
        (r#"<d> +07 </d>"#, &[]),
        (r#"<d>8</d>"#, &["PC0408"]),
        (r#"<e></e>"#, &["PC0214"]),
        (r#"<e xsi:nil="true"></e>"#, &["PC0214"]),
    ];
    for (document, expected) in cases {
        let faults = schema.faults(&xsi(document));
        let codes: Vec<_> = faults.iter().map(|(code, ..)| &**code).collect();
        assert_eq!(codes, *expected, "{document}: {faults:?}");
    }
}

/// Section 5.2: if no element is declared, `xsi:type` says what the root is.
#[test]
fn a_schema_with_only_types_checks_roots_by_their_type() {
    let schema = compile(
        r#"<xs:complexType name="Pair"><xs:sequence><xs:element name="x" type="xs:int"/></xs:sequence></xs:complexType>
           <xs:simpleType name="Digit"><xs:restriction base="xs:string"><xs:pattern value="[1-3]"/></xs:restriction></xs:simpleType>"#,
    );
    let xsi = |document: &str| document.replacen('>', r#" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">"#, 1);
    let cases: &[(&str, &[&str])] = &[
        (r#"<any xsi:type="Pair"><x>1</x></any>"#, &[]),
        (r#"<x xsi:type="Digit">2</x>"#, &[]),
        (r#"<any xsi:type="Digit">4</any>"#, &["PC0403"]),
        (r#"<any xsi:type="Pair"><y/></any>"#, &["PC0202"]),
        (r#"<any xsi:type="Other"></any>"#, &["PC0201"]),
        (r#"<any></any>"#, &["PC0201"]),
        (r#"<x></x>"#, &["PC0201"]),
    ];
    for (document, expected) in cases {
        let faults = schema.faults(&xsi(document));
        let codes: Vec<_> = faults.iter().map(|(code, ..)| &**code).collect();
        assert_eq!(codes, *expected, "{document}: {faults:?}");
    }
}

#[test]
fn wildcards_check_what_they_say() {
    let schema = compile(
        r#"<xs:element name="lax"><xs:complexType><xs:sequence>
             <xs:any processContents="lax" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
           <xs:element name="strict"><xs:complexType><xs:sequence>
             <xs:any processContents="strict" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
           <xs:element name="skip"><xs:complexType><xs:sequence>
             <xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence></xs:complexType></xs:element>
           <xs:element name="number" type="xs:integer"/>
           <xs:element name="anything"/>
           <xs:simpleType name="N"><xs:restriction base="xs:integer"/></xs:simpleType>"#,
    );
    let xsi = r#"<lax><u xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true">t</u></lax>"#;
    let typed = r#"<lax><u xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true" xsi:type="N"/></lax>"#;
    check(
        &schema,
        &[
            (xsi, &[]),
            (typed, &[("PC0401", "/lax/u", &typed[5..typed.len() - 6])]),
            ("<lax><number>x</number></lax>", &[("PC0401", "/lax/number", "x")]),
            ("<lax><unknown>t<number>x</number></unknown></lax>", &[("PC0401", "/lax/unknown/number", "x")]),
            ("<strict><number>1</number></strict>", &[]),
            ("<strict><unknown><number>x</number></unknown></strict>", &[("PC0216", "/strict/unknown", "<unknown>")]),
            ("<skip><number>x</number><unknown/></skip>", &[]),
            (
                r#"<anything a="1">t<number>1</number><b><number>x</number></b></anything>"#,
                &[("PC0401", "/anything/b/number", "x")],
            ),
        ],
    );
}

#[test]
fn missing_elements_are_named() {
    let schema = compile(
        r#"<xs:element name="all"><xs:complexType><xs:all>
             <xs:element name="a"/><xs:element name="b"/><xs:element name="c" minOccurs="0"/>
           </xs:all></xs:complexType></xs:element>
           <xs:element name="choice"><xs:complexType><xs:sequence>
             <xs:choice><xs:element name="a"/><xs:element name="b"/></xs:choice>
             <xs:element name="c"/>
           </xs:sequence></xs:complexType></xs:element>
           <xs:element name="three"><xs:complexType><xs:sequence>
             <xs:element name="a"/><xs:element name="b" minOccurs="2" maxOccurs="3"/><xs:element name="c"/>
           </xs:sequence></xs:complexType></xs:element>"#,
    );
    for (document, message) in [
        ("<all/>", "missing required elements `a` and `b` in `all`"),
        ("<all><b/></all>", "missing required element `a` in `all`"),
        ("<all><a/><b/><a/></all>", "expected at most one `a` in `all`, found another"),
        ("<choice/>", "missing one of the elements `a` or `b` in `choice`"),
        ("<choice><c/></choice>", "missing one of the elements `a` or `b` before `c`"),
        ("<choice><c/><b/></choice>", "expected `b` before `c`, found it after"),
        ("<choice><a/><b/><c/></choice>", "expected only one of `a` and `b`, found both"),
        ("<three><c/></three>", "missing required elements `a` and `b` (at least 2) before `c`"),
        ("<three/>", "missing required elements `a`, `b` (at least 2) and `c` in `three`"),
        ("<three><a/><b/><c/></three>", "expected at least 2 `b` before `c`, found 1"),
        ("<three><a/><b/><b/><b/><b/><c/></three>", "expected at most 3 `b` in `three`, found another"),
    ] {
        let report = schema.explain(document);
        let messages: Vec<_> = report.diagnostics.iter().map(|diagnostic| &*diagnostic.message).collect();
        assert_eq!(messages, [message], "{document}");
    }
}

#[test]
fn rules_are_evaluated_where_nothing_else_is_wrong() {
    let schema = compile(
        r#"<xs:element name="result"><xs:complexType>
             <xs:annotation><xs:appinfo><sch:pattern><sch:rule context="result">
               <sch:assert test="not(status = 'error') or errcode">expected `errcode`</sch:assert>
               <sch:report test="status = 'ok' and errcode" role="warning">expected no `errcode`</sch:report>
             </sch:rule></sch:pattern></xs:appinfo></xs:annotation>
             <xs:sequence>
               <xs:element name="status" type="xs:NCName"/>
               <xs:element name="errcode" type="xs:unsignedInt" minOccurs="0"/>
             </xs:sequence></xs:complexType></xs:element>"#,
    );
    check(
        &schema,
        &[
            ("<result><status>ok</status></result>", &[]),
            ("<result><status>error</status></result>", &[("PC0501", "/result", "<result>")]),
            ("<result><status>ok</status><errcode>1</errcode></result>", &[("PC0502", "/result", "<result>")]),
            ("<result><status>error</status><errcode>x</errcode></result>", &[("PC0401", "/result/errcode", "x")]),
            ("<result><status>error</status><errcod>1</errcod></result>", &[("PC0204", "/result/errcod", "<errcod>")]),
        ],
    );
    let report = schema.explain("<result><status>ok</status><errcode>1</errcode></result>");
    assert_eq!(report.diagnostics[0].severity, Severity::Warning);
    assert!(report.is_valid());
}

/// Letters of another script that look the same count as one typing error, also in the name of an element that can
/// stand for another.
#[test]
fn a_stand_in_is_meant_by_letters_that_look_like_its_own() {
    let schema = compile(
        r#"<xs:element name="part" type="xs:string"/>
           <xs:element name="speaker" substitutionGroup="part"/>
           <xs:element name="r"><xs:complexType><xs:sequence><xs:element ref="part"/></xs:sequence></xs:complexType></xs:element>"#,
    );
    let report = schema.explain("<r><\u{455}\u{440}\u{435}\u{430}ker>7</\u{455}\u{440}\u{435}\u{430}ker></r>");
    let help = report.diagnostics.first().and_then(|fault| fault.help.as_deref()).unwrap_or_default();
    assert!(help.starts_with("did you mean `speaker`?"), "{report:#?}");
}

/// A list is put into words once for several errors: each message is the same as if it were the only one.
#[test]
fn one_error_does_not_change_the_words_of_the_next() {
    let schema = compile(
        r#"<xs:complexType name="t">
             <xs:choice minOccurs="0" maxOccurs="unbounded">
               <xs:element name="some"/><xs:element name="other"/><xs:element name="deep" type="t"/>
             </xs:choice>
             <xs:attribute name="first"/><xs:attribute name="second"/>
           </xs:complexType>
           <xs:element name="r" type="t"/>
           <xs:element name="s"><xs:complexType><xs:attribute name="first"/></xs:complexType></xs:element>"#,
    );
    let words = |document: &str| {
        let report = schema.explain(document).diagnostics.into_iter();
        report.map(|fault| (fault.message, fault.expected, fault.found)).collect::<Vec<_>>()
    };
    let errors = [
        "<mistaken/>",
        "<unknown/>",
        "<e xmlns='urn:o'/>",
        "<deep mistaken='' first=''/>",
        "<deep o:first='' first='' xmlns:o='urn:o'/>",
        "<deep><mistaken/></deep>",
        "<deep><deep unknown=''/></deep>",
    ];
    for one in errors {
        for other in errors {
            let all = words(&format!("<r>{one}<some/>{other}<some/>{one}</r>"));
            let (one, other) = (words(&format!("<r>{one}</r>")), words(&format!("<r>{other}</r>")));
            assert!(!one.is_empty());
            assert_eq!(all, [one.clone(), other, one].concat());
        }
    }
    assert_eq!(words("<r unknown=''/>").first().map(|(_, expected, _)| expected.len()), Some(2));
    assert_eq!(words("<s unknown=''/>").first().map(|(_, expected, _)| expected.len()), Some(1));
}

#[test]
fn only_the_first_diagnostics_are_kept_and_all_are_counted() {
    let schema = result();
    let document = format!("<result><status>ok</status>{}</result>", "<errcode>x</errcode>".repeat(1000));
    let report = schema.explain(&document);
    assert_eq!(report.diagnostics.len(), 100);
    assert_eq!(report.errors, 1000 + 999);
    assert!(report.diagnostics.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start));
}

/// Not a measurement: a quadratic walk would take minutes.
#[test]
fn many_faults_and_many_siblings_cost_linear_time() {
    let schema = compile(
        r#"<xs:element name="list"><xs:complexType><xs:sequence maxOccurs="unbounded">
             <xs:element name="old" type="xs:integer"/><xs:element name="new" type="xs:integer"/>
           </xs:sequence></xs:complexType></xs:element>"#,
    );
    let start = Instant::now();
    for piece in
        ["<old>x</old><new/>", "<new>1</new>", "<odl>1</odl>", "<else/>", "text<a/>", "&x;<old>1</old>", "<old a='1'/>"]
    {
        let document = format!("<list>{}</list>", piece.repeat(10_000));
        assert!(schema.explain(&document).errors >= 9_999, "{piece}");
    }
    let many_names: String = (0..20_000).map(|number| format!("<n{number}/>")).collect();
    assert_eq!(schema.explain(&format!("<list>{many_names}</list>")).errors, 20_000);
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}
