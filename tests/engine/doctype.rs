//! A document type declaration: refused, or parsed but not applied; in schemas always the latter.

use std::error::Error;

use packetcheck::diagnostic::Code;
use packetcheck::xml::{Fault, FaultKind, check_well_formed};
use packetcheck::{Limits, Schema, check};

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

fn allowing() -> Limits {
    let mut limits = Limits::default();
    limits.allow_doctype = true;
    limits
}

fn faults(document: &str) -> Vec<Fault> {
    check_well_formed(document.as_bytes(), &allowing()).faults
}

/// Accepts a root `a` with any attributes, and any content laxly.
fn schema() -> Schema {
    let text = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="a"><xs:complexType mixed="true">
        <xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="lax" /></xs:sequence>
        <xs:anyAttribute processContents="lax"/></xs:complexType></xs:element></xs:schema>"#;
    Schema::from_documents(&[("a.xsd", text)]).expect("a schema that compiles")
}

#[test]
fn a_doctype_is_refused_unless_it_is_allowed() {
    let document = b"<!DOCTYPE a><a/>";
    let schema = schema();
    assert!(!schema.is_valid(document));
    let report = schema.explain(document);
    assert_eq!((report.errors, report.diagnostics[0].code), (1, Code::Doctype));
    let schema = schema.with_limits(allowing());
    assert!(schema.is_valid(document) && schema.explain(document).is_valid());
    assert!(schema.decode::<serde::de::IgnoredAny>(document).is_ok());
    assert!(check::well_formed(document, &allowing()).is_valid());
}

#[test]
fn subsets_that_are_right() {
    for subset in [
        "",
        " \r\n\t",
        "<!-- a > ] --><?p ]> ?>",
        "<!ELEMENT a EMPTY><!ELEMENT p:b ANY >",
        "<!ELEMENT a (#PCDATA)><!ELEMENT b ( #PCDATA )*><!ELEMENT c (#PCDATA | a| p:b)* >",
        "<!ELEMENT a (b)><!ELEMENT a (b?,(c|d+)*,e)+ ><!ELEMENT a ((((b))))>",
        "<!ATTLIST a><!ATTLIST a b CDATA #IMPLIED c ID #REQUIRED\nd (x|1|:y) #IMPLIED e NOTATION (n|m) #IMPLIED>",
        "<!ATTLIST p:b p:c NMTOKENS #IMPLIED>",
        "<!ENTITY e 'a &b; &#38; <c>'><!ENTITY f SYSTEM 'x'><!ENTITY g PUBLIC \"-//X//Y\" 'x' NDATA n>",
        "<!ENTITY % e ''><!ENTITY % f SYSTEM \"x'>\"> %e; %f; <!ELEMENT a ANY>",
        "<!NOTATION n SYSTEM 'x'><!NOTATION n PUBLIC 'x' ><!NOTATION n PUBLIC 'x' \"y\">",
        // Declared again, by another name, in the text of an entity.
        "<!ENTITY % e '<!ENTITY &#37; f \"<!ELEMENT a ANY>\"> &#37;f;'>%e;%f;",
        "%undeclared;",
    ] {
        for external in ["", " SYSTEM 'x.dtd'", " PUBLIC \"-//X//Y 1.0//EN\" 'x.dtd'"] {
            let document = format!("<?xml version='1.0'?><!-- a --><!DOCTYPE a{external} [{subset}] ><a/>");
            assert_eq!(faults(&document), [], "{document}");
        }
    }
    assert_eq!(faults("<!DOCTYPE a:b><a/>"), []);
}

/// Asserts that there is exactly one error, at its place.
#[test]
fn subsets_that_are_wrong() {
    for (subset, at) in [
        ("x", "x"),
        ("<!ELEMENT a>", ">"),
        ("<!ELEMENT a (b>", ">"),
        ("<!ELEMENT a ()>", ")"),
        ("<!ELEMENT a (b,c|d)>", "|d"),
        ("<!ELEMENT a (b c)>", "c)"),
        ("<!ELEMENT a (#PCDATA|b)>", ">"),
        ("<!ELEMENT a (#PCDATA,b)*>", ",b"),
        ("<!ELEMENT a (b)**>", "*>"),
        ("<!ELEMENT a (b ?)>", "?)"),
        ("<!ELEMENT a:b:c ANY>", ":c"),
        ("<!ATTLIST a b CDATA>", ">"),
        ("<!ATTLIST a b STRING #IMPLIED>", "STRING"),
        ("<!ATTLIST a b () #IMPLIED>", ") #"),
        ("<!ATTLIST a b CDATA #FIXED>", ">"),
        ("<!ATTLIST a b CDATA 'x'c CDATA 'y'>", "c CDATA 'y"),
        ("<!ATTLIST a b CDATA '<'>", "<'"),
        ("<!ATTLIST a b CDATA '&c;'>", "&c;"),
        ("<!ENTITY c SYSTEM 'x'><!ATTLIST a b CDATA '&c;'>", "&c;"),
        ("<!ENTITY a>", ">"),
        ("<!ENTITY a:b 'x'>", ":b"),
        ("<!ENTITY a '%b;'>", "%b;"),
        ("<!ENTITY a '&b'>", "&b'"),
        ("<!ENTITY a '&#0;'>", "&#0;"),
        ("<!ENTITY a '\u{1}'>", "\u{1}"),
        ("<!ENTITY % a SYSTEM 'x' NDATA n>", "NDATA"),
        ("<!ENTITY a PUBLIC '{' 'x'>", "{"),
        ("<!ENTITY a PUBLIC 'x'>", ">"),
        ("<!NOTATION n>", ">"),
        ("<![INCLUDE[<!ELEMENT a ANY>]]>", "<!["),
        ("<!ELEMENT %a; ANY>", "%a;"),
        ("<!-- a -- b -->", "-- b"),
        ("<?xml version='1.0'?>", "xml v"),
        ("% a;", " a;"),
        ("%a", "]"),
        // In the text of an entity: reported where it is included.
        ("<!ENTITY % a '<!ELEMENT'>%a;", "%a;"),
        ("<!ENTITY % a 'x'> %a;", "%a;"),
        ("<!ENTITY % a '&#37;b;'><!ENTITY % b '&#37;a;'>\n%a;", "%a;"),
        ("<!ENTITY % a '<!ELEMENT a ANY>]'>%a;", "%a;"),
    ] {
        let document = format!("<!DOCTYPE a [{subset}]><a/>");
        let found = faults(&document);
        assert_eq!(found.len(), 1, "{document}: {found:?}");
        let rest = &document[found[0].span.start..];
        assert!(rest.starts_with(at), "{document}: {found:?}");
        let report = schema().with_limits(allowing()).explain(document.as_bytes());
        assert_eq!(report.errors, 1, "{document}: {:?}", report.diagnostics);
        assert!(!schema().with_limits(allowing()).is_valid(document.as_bytes()));
    }
    for (document, at) in [
        ("<!doctype a><a/>", 0),
        ("<!DOCTYPE><a/>", 9),
        ("<!DOCTYPE a SYSTEM><a/>", 18),
        ("<!DOCTYPE a SYSTEM 'x'[]]><a/>", 24),
        ("<!DOCTYPE a><!DOCTYPE a><a/>", 12),
        ("<a/><!DOCTYPE a>", 4),
        ("<a><!DOCTYPE a></a>", 3),
        ("<?xml version='1.0' standalone='yes'?><!DOCTYPE a [%b;]><a/>", 51),
    ] {
        let found = faults(document);
        assert_eq!(found.iter().map(|fault| fault.span.start).collect::<Vec<_>>(), [at], "{document}: {found:?}");
    }
    // A document cut anywhere is rejected.
    let whole =
        "<!DOCTYPE a PUBLIC 'p' 's' [<!ELEMENT a (b,c)*><!ATTLIST a b (c|d) 'c'><!ENTITY % e 'f'> %g; <!-- h -->]>";
    for end in 0..whole.len() {
        let cut = &whole[..end];
        assert_eq!(faults(cut).len(), 1, "{cut}");
    }
}

#[test]
fn a_reference_to_an_entity_that_is_declared_is_an_error_there() {
    for (root, at) in [("<a>1 &e; 2</a>", "&e;"), ("<a b='&e;'/>", "&e;"), ("<a><b/>&e;&e;</a>", "&e;&e;")] {
        let document = format!("<!DOCTYPE a [<!ENTITY e 'x'>]>{root}");
        let found = faults(&document);
        assert_eq!(found[0].kind, FaultKind::DeclaredEntity { name: "e".into() });
        assert!(document[found[0].span.start..].starts_with(at));
        let schema = schema().with_limits(allowing());
        assert!(!schema.is_valid(document.as_bytes()));
        let diagnostic = &schema.explain(document.as_bytes()).diagnostics[0];
        assert_eq!(diagnostic.code, Code::UnknownEntity);
        assert_eq!(
            diagnostic.message,
            "expected no entity of the document type declaration, which is not applied, found `&e;`"
        );
        assert_eq!(diagnostic.help.as_deref(), Some("write the text of the entity `&e;`"));
    }
    // An undeclared one does not exist, and a name that is shown shortened is looked up in full.
    let long = "e".repeat(100);
    for (name, declared) in [("f", false), (long.as_str(), true), (&long[..99], false)] {
        let found = faults(&format!("<!DOCTYPE a [<!ENTITY e 'x'><!ENTITY {long} 'x'>]><a>&{name};</a>"));
        assert_eq!(matches!(found[0].kind, FaultKind::DeclaredEntity { .. }), declared, "{name}");
        assert_eq!(matches!(found[0].kind, FaultKind::UnknownEntity { .. }), !declared, "{name}");
    }
    // The five predefined entities keep their meaning, whatever is declared.
    assert_eq!(faults("<!DOCTYPE a [<!ENTITY lt '&#38;#60;'>]><a>&lt;</a>"), []);
}

#[test]
fn an_attribute_that_would_be_changed_is_an_error_at_its_element() {
    for (subset, root, changed) in [
        ("<!ATTLIST a b CDATA #IMPLIED>", "<a/>", None),
        ("<!ATTLIST a b CDATA 'x'>", "<a/>", Some("b")),
        ("<!ATTLIST a b CDATA #FIXED 'x'>", "<a/>", Some("b")),
        ("<!ATTLIST a b CDATA 'x'>", "<a b='x'/>", None),
        ("<!ATTLIST a b CDATA 'x'>", "<a b='y'/>", None),
        ("<!ATTLIST b c CDATA 'x'>", "<a/>", None),
        ("<!ATTLIST b c CDATA 'x'>", "<a><b c='x'/><b/></a>", Some("c")),
        ("<!ATTLIST a b NMTOKENS #IMPLIED>", "<a b='x y'/>", None),
        ("<!ATTLIST a b NMTOKENS #IMPLIED>", "<a b=' x  y'/>", Some("b")),
        ("<!ATTLIST a b ID #IMPLIED>", "<a b='x '/>", Some("b")),
        ("<!ATTLIST a b (x|y) #IMPLIED>", "<a b='\nx'/>", Some("b")),
        ("<!ATTLIST a b CDATA #IMPLIED>", "<a b=' x '/>", None),
        // The first declaration counts.
        ("<!ATTLIST a b CDATA #IMPLIED><!ATTLIST a b ID 'x'>", "<a b=' x '/>", None),
        ("<!ATTLIST a b CDATA 'x'><!ATTLIST a b CDATA #IMPLIED>", "<a/>", Some("b")),
        // Namespaces: using a prefix without declaring it is an error of its own.
        ("<!ATTLIST a xmlns:p CDATA 'urn:p'>", "<a/>", None),
        ("<!ATTLIST a xmlns:p CDATA 'urn:p'>", "<a xmlns:p='urn:p'><p:b/></a>", None),
        ("<!ATTLIST b xmlns:p CDATA 'urn:p'>", "<a xmlns:p='urn:p'><b/></a>", None),
        ("<!ATTLIST b xmlns:p CDATA 'urn:q'>", "<a xmlns:p='urn:p'><b/></a>", Some("xmlns:p")),
        ("<!ATTLIST b xmlns CDATA 'urn:q'>", "<a><b/></a>", Some("xmlns")),
        ("<!ATTLIST b xmlns CDATA ''>", "<a><b/></a>", None),
        // In the text of an entity, and after an entity that is not read.
        ("<!ENTITY % e '<!ATTLIST a b CDATA &#34;x&#34;>'>%e;", "<a/>", Some("b")),
        ("%e;<!ATTLIST a b CDATA 'x'>", "<a/>", None),
        ("<!ENTITY e 'x'><!ATTLIST a b CDATA '&e;'>", "<a/>", Some("b")),
    ] {
        let document = format!("<!DOCTYPE a [{subset}]>{root}");
        let found = faults(&document);
        let names: Vec<&str> = found
            .iter()
            .filter_map(|fault| match &fault.kind {
                FaultKind::ChangedByDoctype { attribute, .. } => Some(&**attribute),
                _ => None,
            })
            .collect();
        assert_eq!(names.len(), found.len(), "{document}: {found:?}");
        assert_eq!(names, changed.into_iter().collect::<Vec<_>>(), "{document}");
        let schema = schema().with_limits(allowing());
        assert_eq!(schema.is_valid(document.as_bytes()), changed.is_none(), "{document}");
        let report = schema.explain(document.as_bytes());
        assert_eq!(report.errors, found.len(), "{document}: {:?}", report.diagnostics);
        if let (Some(fault), Some(said)) = (found.first(), report.diagnostics.first()) {
            assert_eq!((said.code, &said.span), (Code::Doctype, &fault.span));
            assert!(said.path.starts_with("/a"), "{said:?}");
        }
    }
    // Used without its own declaration.
    let found = faults("<!DOCTYPE a [<!ATTLIST a xmlns:p CDATA 'urn:p'>]><a><p:b/></a>");
    assert_eq!(found.len(), 1);
    let of_doctype = |element: &str| FaultKind::PrefixOfDoctype {
        prefix: "p".into(),
        element: element.into(),
        namespace: Some("urn:p".into()),
    };
    assert_eq!(found[0].kind, of_doctype("a"));
    let list = "<!ATTLIST b xmlns:p CDATA #FIXED 'urn:p'>";
    for (document, kind) in [
        ("<a><b p:c=''/><p:d/></a>", of_doctype("b")),
        ("<a><b><c><p:d/></c></b></a>", of_doctype("b")),
        // No element around it has an attribute list that declares the prefix.
        ("<a><p:b/><b/></a>", FaultKind::UndeclaredPrefix { prefix: "p".into() }),
        ("<a><b><q:b/></b></a>", FaultKind::UndeclaredPrefix { prefix: "q".into() }),
    ] {
        let found = faults(&format!("<!DOCTYPE a [{list}]>{document}"));
        assert_eq!(found.iter().map(|fault| &fault.kind).collect::<Vec<_>>(), [&kind], "{document}");
    }
    let report =
        schema().with_limits(allowing()).explain(b"<!DOCTYPE a [<!ATTLIST a xmlns:p CDATA 'urn:p'>]><a><p:b/></a>");
    let help = report.diagnostics[0].help.as_deref().unwrap_or_default();
    assert!(report.errors == 1 && help.ends_with("write `xmlns:p=\"urn:p\"` on `a`"), "{report:?}");
    // If the document is standalone, unread declarations change nothing (section 5.1).
    let document =
        "<?xml version='1.0' standalone='yes'?><!DOCTYPE a [<!ENTITY % e SYSTEM 'x'>%e;<!ATTLIST a b CDATA 'x'>]><a/>";
    assert_eq!(faults(document).len(), 1);
}

/// Each of these would take forever, or all memory, in a reader that expands entities.
#[test]
fn hostile_subsets_come_to_an_end() {
    let laughs: String =
        (1..40).map(|n| format!("<!ENTITY % e{n} '{}'>", format!("&#37;e{};", n - 1).repeat(10))).collect();
    let deep: String = (1..100).map(|n| format!("<!ENTITY % e{n} '&#37;e{};'>", n - 1)).collect();
    let start = format!("<!ENTITY % e0 '{}'>", "<!-- x -->".repeat(100));
    for (subset, name) in [(laughs, "e39"), (deep, "e99")] {
        let found = faults(&format!("<!DOCTYPE a [{start}{subset}%{name};]><a/>"));
        assert_eq!(found.len(), 1);
        assert!(matches!(found[0].kind, FaultKind::DoctypeTooLarge { .. }), "{found:?}");
        assert!(found[0].kind.is_limit());
    }
    let many: String = (0..100).map(|n| format!(" xmlns:p{n} CDATA 'urn:p'")).collect();
    assert!(faults(&format!("<!DOCTYPE a [<!ATTLIST a{many}>]><a/>"))[0].kind.is_limit());
    let groups = format!("<!ELEMENT a {}b{}>", "(".repeat(1 << 20), ")".repeat(1 << 20));
    let attributes =
        |count| -> String { (0..count).map(|n| format!("<!ATTLIST a b{n} CDATA #IMPLIED c{n} ID 'x'>")).collect() };
    let entities = "<!ENTITY e '&e;&e;&e;'>".repeat(50_000);
    let percent = "%e;".repeat(200_000);
    for subset in [&groups, &entities, &percent] {
        assert_eq!(faults(&format!("<!DOCTYPE a [{subset}]><a/>")), []);
    }
    let document = |count| format!("<!DOCTYPE x [{}]><x>{}</x>", attributes(count), "<a/>".repeat(50_000));
    assert_eq!(check_well_formed(document(4_000).as_bytes(), &allowing()).count, 50_000);
    assert!(matches!(
        faults(&document(5_000))[..],
        [Fault { kind: FaultKind::DoctypeTooLarge { limit: 8192, .. }, .. }]
    ));
}

fn schema_with(doctype: &str, rest: &str) -> String {
    format!(
        "{doctype}<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:ds='urn:ds'>\n\
         <xs:element name='a' type='xs:string'{rest}/></xs:schema>"
    )
}

#[test]
fn schemas_with_unused_dtd_declarations_are_read() -> Result {
    for doctype in [
        "<!DOCTYPE xs:schema>",
        "<!DOCTYPE xs:schema PUBLIC '-//W3C//DTD XMLSCHEMA 200102//EN' 'XMLSchema.dtd'>\n",
        // As in the schemas of XML Signature and of XML Schema itself.
        "<!DOCTYPE schema PUBLIC '-//W3C//DTD XMLSchema 200102//EN' 'http://www.w3.org/2001/XMLSchema.dtd' [\
         <!ATTLIST schema xmlns:ds CDATA #FIXED 'urn:ds'><!ENTITY dsig 'urn:ds'><!ENTITY % p ''><!ENTITY % s ''>]>",
        "<!DOCTYPE xs:schema SYSTEM 'XMLSchema.dtd' [<!ATTLIST xs:schema id ID #IMPLIED xmlns:ds CDATA 'urn:ds'>\
         <!ATTLIST xs:element id ID #IMPLIED>]>",
        // Never used, so never expanded.
        "<!DOCTYPE x [<!ENTITY a 'aaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;'> \u{e9}]>",
    ]
    .map(|doctype| doctype.replace(" \u{e9}", "<!--\u{e9}-->"))
    {
        let schema = Schema::from_documents(&[("a.xsd", &schema_with(&doctype, ""))])?;
        assert!(schema.is_valid(b"<a/>"), "{doctype}");
        // Places are those in the original document.
        let broken = schema_with(&doctype, " nillable='x'");
        let error = Schema::from_documents(&[("a.xsd", &broken)]).expect_err("no boolean");
        let at = broken.find("nillable").ok_or("it is there")?;
        let line_start = broken[..at].rfind('\n').map_or(0, |end| end + 1);
        assert_eq!(
            (error.line(), error.column()),
            (broken[..at].matches('\n').count() + 1, at - line_start + 1),
            "{error}"
        );
    }
    Ok(())
}

#[test]
fn schemas_that_use_declarations_are_refused_there() {
    for (subset, rest, code, at, words) in [
        ("<!ENTITY t 'x'>", " default='&t;'", Code::Unsupported, "&t;", "`&t;`"),
        ("<!ATTLIST xs:element nillable CDATA 'true'>", "", Code::Unsupported, "<xs:element", "`nillable`"),
        ("<!ATTLIST xs:element id ID #IMPLIED>", " id=' x'", Code::Unsupported, "<xs:element", "`id`"),
        ("<!ATTLIST xs:element xmlns:ds CDATA 'urn:other'>", "", Code::Unsupported, "<xs:element", "`xmlns:ds`"),
        ("<!ATTLIST xs:schema xmlns:q CDATA #FIXED 'urn:q'>", " q:r=''", Code::Unsupported, "q:r", "on `xs:schema`"),
        ("<!ELEMENT a>", "", Code::NotWellFormed, ">", "declaration"),
    ] {
        let text = schema_with(&format!("<!DOCTYPE xs:schema [\n{subset}]>"), rest);
        let error = Schema::from_documents(&[("a.xsd", &text)]).expect_err("it would mean another schema");
        assert_eq!((error.errors(), error.code()), (1, code), "{error}");
        assert!(error.message().contains(words), "{error}");
        let span = &error.files()[0].report().diagnostics[0].span;
        assert!(text[span.start..].starts_with(at), "{error}");
    }
}
