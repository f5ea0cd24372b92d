//! Schemas in memory: what they compile to, and which errors are reported at which place.

use super::{SchemaError, Source, Sources, compile};
use crate::automaton::Automaton;
use crate::compiled::{
    Compiled, ComplexType, Content, Derivation, ElementDeclaration, Leaf, NameId, SimpleDefinition, TypeDefinition,
};

/// A schema document around some declarations; `s:` is the prefix of XSD, bare names are in no namespace.
fn schema(body: &str) -> String {
    format!("<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'>{body}</s:schema>")
}

fn compiled(body: &str) -> Compiled {
    let text = schema(body);
    compile(Source::Memory(&[("test.xsd", &text)])).unwrap_or_else(|error| panic_with(&error.to_string()))
}

#[allow(clippy::panic)]
fn panic_with<T>(message: &str) -> T {
    panic!("{message}")
}

fn refusal_of(documents: &[(&str, &str)]) -> String {
    match compile(Source::Memory(documents)) {
        Err(error) => error.to_string(),
        Ok(_) => panic_with("the schema compiles"),
    }
}

/// The message for an invalid schema, without the place.
fn refused(body: &str) -> String {
    error_of(body).message().to_owned()
}

/// The error of an invalid schema.
fn error_of(body: &str) -> SchemaError {
    let text = schema(body);
    match compile(Source::Memory(&[("test.xsd", &text)])) {
        Err(error) => error,
        Ok(_) => panic_with("the schema compiles"),
    }
}

fn name(compiled: &Compiled, local: &str) -> NameId {
    compiled.names.lookup("", local).expect("the name is in the schema")
}

fn root<'c>(compiled: &'c Compiled, local: &str) -> &'c ElementDeclaration {
    &compiled.elements[compiled.roots[&name(compiled, local)].index()]
}

fn complex<'c>(compiled: &'c Compiled, local: &str) -> &'c ComplexType {
    match &compiled.types[compiled.named_types[&name(compiled, local)].index()] {
        TypeDefinition::Complex(complex) => complex,
        TypeDefinition::Simple(_) => panic_with("the type is simple"),
    }
}

fn simple<'c>(compiled: &'c Compiled, element: &ElementDeclaration) -> &'c SimpleDefinition {
    match &compiled.types[element.type_id.index()] {
        TypeDefinition::Simple(simple) => simple,
        TypeDefinition::Complex(_) => panic_with("the type is complex"),
    }
}

/// Whether children of these names are complete content of the type.
fn takes(compiled: &Compiled, complex: &ComplexType, children: &[&str]) -> bool {
    let Content::Elements { model, .. } = complex.content else { return children.is_empty() };
    let model = &compiled.models[model.index()];
    let mut memory = Vec::new();
    model.automaton.enter(&mut memory);
    let mut state = Automaton::START;
    for child in children {
        let allowed = model.automaton.allowed(state, &memory);
        let leaf = allowed.into_iter().find(|leaf| match &model.leaves[leaf.0 as usize] {
            Leaf::Element(element) => compiled.names.local(compiled.elements[element.index()].name) == *child,
            Leaf::Wildcard(_) => true,
        });
        let Some(next) = leaf.and_then(|leaf| model.automaton.advance(state, leaf, &mut memory, 0)) else {
            return false;
        };
        state = next;
    }
    model.automaton.accepts(state, &memory)
}

fn attribute_names(compiled: &Compiled, complex: &ComplexType) -> Vec<String> {
    complex.attributes.iter().map(|attribute| compiled.names.local(attribute.name).to_owned()).collect()
}

#[test]
fn a_type_of_the_users_own_is_not_the_built_in_one() {
    let compiled = compiled(
        "<s:simpleType name='string'><s:restriction base='s:string'><s:maxLength value='3'/></s:restriction></s:simpleType>
         <s:element name='own' type='string'/><s:element name='built' type='s:string'/>",
    );
    assert!(simple(&compiled, root(&compiled, "own")).simple.check("four").is_err());
    assert!(simple(&compiled, root(&compiled, "built")).simple.check("four").is_ok());
}

#[test]
fn bare_names_need_a_declaration_of_their_own() {
    assert_eq!(
        refused("<s:element name='a' type='unsignedInt'/>"),
        "type `unsignedInt` is not declared; the built-in type of that name is in the namespace of XSD, this one is in no \
         namespace"
    );
    assert_eq!(refused("<s:element name='a' type='b'/>"), "type `b` is not declared");
    let default = "<schema xmlns='http://www.w3.org/2001/XMLSchema'><element name='a' type='unsignedInt'/></schema>";
    assert!(compile(Source::Memory(&[("test.xsd", default)])).is_ok());
}

#[path = "../../tests/support/vendor_shape.rs"]
#[allow(dead_code)]
mod vendor_shape;

#[test]
fn a_set_of_the_vendors_shape_loads_whole() {
    for set in [vendor_shape::output_set(), vendor_shape::input_set()] {
        let documents: Vec<(&str, &str)> = set.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let lines: usize = documents.iter().map(|(_, text)| text.lines().count()).sum();
        assert!(documents.len() >= 60 && lines >= vendor_shape::LINES, "{} files, {lines} lines", documents.len());
        let compiled = compile(Source::Memory(&documents)).expect("the set compiles");
        // Circular includes: each document is read once.
        assert_eq!(compiled.documents.len(), documents.len());
        let packet = root(&compiled, "packet");
        assert_eq!(packet.documentation.as_deref(), Some("The root of every packet."));
    }
}

#[test]
fn an_element_without_a_type_takes_anything() {
    let compiled = compiled("<s:element name='a'/>");
    let declaration = root(&compiled, "a");
    assert_eq!(declaration.type_id, compiled.any_type);
    let TypeDefinition::Complex(any) = &compiled.types[compiled.any_type.index()] else {
        return panic_with("anyType is complex");
    };
    assert!(matches!(any.content, Content::Elements { mixed: true, .. }));
    assert!(any.any_attribute.is_some() && any.base.is_none());
    assert!(takes(&compiled, any, &["x", "y"]) && takes(&compiled, any, &[]));
}

#[test]
fn empty_is_empty() {
    for body in [
        "",
        "<s:sequence/>",
        "<s:all/>",
        "<s:choice minOccurs='0'/>",
        "<s:sequence maxOccurs='0' minOccurs='0'><s:element name='b'/></s:sequence>",
    ] {
        let compiled = compiled(&format!("<s:complexType name='t'>{body}</s:complexType>"));
        assert!(matches!(complex(&compiled, "t").content, Content::Empty), "{body}");
    }
    let compiled = compiled("<s:complexType name='t' mixed='true'/>");
    assert!(matches!(complex(&compiled, "t").content, Content::Elements { mixed: true, .. }));
}

#[test]
fn extension_is_the_base_then_the_own() {
    let compiled = compiled(
        "<s:complexType name='a'><s:sequence><s:element name='x'/></s:sequence><s:attribute name='p'/></s:complexType>
         <s:complexType name='b'><s:complexContent><s:extension base='a'><s:choice><s:element name='y'/><s:element name='z'/></s:choice><s:attribute name='q' use='required'/></s:extension></s:complexContent></s:complexType>
         <s:complexType name='c'><s:complexContent><s:extension base='b'/></s:complexContent></s:complexType>",
    );
    for name in ["b", "c"] {
        let derived = complex(&compiled, name);
        assert_eq!(derived.derivation, Derivation::Extension);
        assert!(takes(&compiled, derived, &["x", "y"]) && takes(&compiled, derived, &["x", "z"]));
        assert!(!takes(&compiled, derived, &["y", "x"]) && !takes(&compiled, derived, &["x"]));
        assert_eq!(attribute_names(&compiled, derived), ["p", "q"]);
    }
    let inherits = [complex(&compiled, "b"), complex(&compiled, "c")].map(|complex| match complex.content {
        Content::Elements { model, .. } => Some(model),
        _ => None,
    });
    assert_eq!(inherits[0], inherits[1]);
}

#[test]
fn particles_that_occur_no_times_are_dropped() {
    let compiled = compiled(
        "<s:complexType name='t'><s:sequence><s:element name='x'/><s:element ref='nowhere' minOccurs='0' maxOccurs='0'/></s:sequence></s:complexType>",
    );
    assert!(takes(&compiled, complex(&compiled, "t"), &["x"]));
}

#[test]
fn simple_content_has_attributes_and_facets() {
    let compiled = compiled(
        "<s:complexType name='a'><s:simpleContent><s:extension base='s:integer'><s:attribute name='unit' type='s:string' default='m'/></s:extension></s:simpleContent></s:complexType>
         <s:complexType name='b'><s:simpleContent><s:restriction base='a'><s:maxInclusive value='9'/><s:attribute name='unit' use='prohibited'/></s:restriction></s:simpleContent></s:complexType>",
    );
    let Content::Simple(simple) = &complex(&compiled, "b").content else { return panic_with("simple content") };
    assert!(simple.check("9").is_ok() && simple.check("10").is_err());
    assert!(complex(&compiled, "b").attributes.is_empty());
    assert_eq!(attribute_names(&compiled, complex(&compiled, "a")), ["unit"]);
}

#[test]
fn groups_are_put_in_place() {
    let compiled = compiled(
        "<s:group name='g'><s:sequence><s:element name='x'/><s:element name='y' minOccurs='0'/></s:sequence></s:group>
         <s:attributeGroup name='h'><s:attribute name='p'/><s:attributeGroup ref='i'/></s:attributeGroup>
         <s:attributeGroup name='i'><s:attribute ref='q'/></s:attributeGroup><s:attribute name='q' type='s:int'/>
         <s:element name='z' type='s:string'/>
         <s:complexType name='t'><s:sequence><s:group ref='g' maxOccurs='2'/><s:element ref='z'/></s:sequence><s:attributeGroup ref='h'/></s:complexType>
         <s:complexType name='u'><s:group ref='all'/></s:complexType><s:group name='all'><s:all><s:element name='v'/><s:element name='w'/></s:all></s:group>",
    );
    let t = complex(&compiled, "t");
    assert!(takes(&compiled, t, &["x", "y", "x", "z"]) && !takes(&compiled, t, &["x", "x", "x", "z"]));
    assert_eq!(attribute_names(&compiled, t), ["p", "q"]);
    assert!(takes(&compiled, complex(&compiled, "u"), &["w", "v"]));
    assert!(compiled.global_attributes.contains_key(&name(&compiled, "q")));
}

#[test]
fn documentation_is_that_of_the_element_or_of_its_type() {
    let note = |text: &str| format!("<s:annotation><s:documentation>{text}</s:documentation></s:annotation>");
    let compiled = compiled(&format!(
        "<s:element name='a' type='t'>{}</s:element><s:element name='b' type='t'/><s:complexType name='t'>{}</s:complexType>",
        note("of\n   the <b>element</b>"),
        note("of the type")
    ));
    let documentation = |local: &str| compiled.documentation(compiled.roots[&name(&compiled, local)]);
    assert_eq!(documentation("a"), Some("of the element"));
    assert_eq!(documentation("b"), Some("of the type"));
}

#[test]
fn built_in_types_are_found_by_name_and_know_their_bases() {
    let compiled = compiled("<s:element name='a'/>");
    let find = |local: &str| {
        let name = compiled.names.lookup(super::reader::XSD, local).expect("a built-in name");
        compiled.named_types[&name]
    };
    let base = |local: &str| match &compiled.types[find(local).index()] {
        TypeDefinition::Simple(simple) => simple.base,
        TypeDefinition::Complex(_) => None,
    };
    assert_eq!(base("unsignedInt"), Some(find("unsignedLong")));
    assert_eq!(base("token"), Some(find("normalizedString")));
    assert_eq!(base("string"), Some(find("anySimpleType")));
    assert_eq!(base("anySimpleType"), None);
    assert_eq!(find("anyType"), compiled.any_type);
    assert_eq!(base("ID"), Some(find("NCName")));
    assert_eq!(base("ENTITIES"), Some(find("anySimpleType")));
}

#[test]
fn namespaces_follow_form_and_chameleons() {
    let root_text = "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema' xmlns='urn:a' targetNamespace='urn:a' elementFormDefault='qualified' attributeFormDefault='unqualified'>
        <s:include schemaLocation='common.xsd'/>
        <s:import namespace='urn:b' schemaLocation='b.xsd'/>
        <s:element name='r'><s:complexType><s:sequence><s:element name='l' type='mine'/><s:element name='u' form='unqualified' type='s:string'/><s:element ref='b:e' xmlns:b='urn:b'/><s:any namespace='##other'/></s:sequence><s:attribute name='p'/></s:complexType></s:element></s:schema>";
    // The bare reference is into the namespace of the including document.
    let common = "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'><s:simpleType name='mine'><s:restriction base='other'/></s:simpleType><s:simpleType name='other'><s:restriction base='s:int'/></s:simpleType></s:schema>";
    let other = "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema' targetNamespace='urn:b' xmlns:b='urn:b'><s:element name='e' type='b:t'/><s:simpleType name='t'><s:restriction base='s:int'/></s:simpleType></s:schema>";
    let documents = [("main.xsd", root_text), ("common.xsd", common), ("b.xsd", other)];
    let compiled = compile(Source::Memory(&documents)).expect("the set compiles");
    let names = &compiled.names;
    for (namespace, local) in [("urn:a", "r"), ("urn:a", "l"), ("", "u"), ("urn:b", "e"), ("", "p"), ("urn:a", "mine")]
    {
        assert!(names.lookup(namespace, local).is_some(), "{{{namespace}}}{local}");
    }
    assert_eq!((names.lookup("urn:a", "e"), names.lookup("", "r"), names.lookup("urn:c", "r")), (None, None, None));
    let e = names.lookup("urn:b", "e").expect("it is there");
    assert_eq!((names.local(e), names.namespace(e)), ("e", "urn:b"));
    // Without the import, the reference is refused.
    let without = root_text.replace("<s:import namespace='urn:b' schemaLocation='b.xsd'/>", "");
    let message = refusal_of(&[("main.xsd", &without), ("common.xsd", common)]);
    assert!(message.contains("`b:e` is in namespace `urn:b`, which this document does not import"), "{message}");
}

#[test]
fn a_file_is_read_once_whatever_it_is_called() {
    let a =
        schema("<s:include schemaLocation='sub/../b.xsd'/><s:include schemaLocation='./b.xsd'/><s:element name='a'/>");
    let b = schema("<s:include schemaLocation='a.xsd'/><s:include schemaLocation='b.xsd'/><s:element name='b'/>");
    let compiled = compile(Source::Memory(&[("a.xsd", &a), ("b.xsd", &b)])).expect("the set compiles");
    assert_eq!((compiled.documents.len(), compiled.roots.len()), (2, 2));
}

#[test]
fn includes_stay_local() {
    for location in ["http://example.org/a.xsd", "https://example.org/a.xsd"] {
        let message = refused(&format!("<s:include schemaLocation='{location}'/><s:element name='a' type='t'/>"));
        assert!(message.contains("is not read: nothing is read over a network"), "{message}");
    }
    let missed = "<s:include schemaLocation='b.xsd'/><s:element name='a' type='t'/><s:element name='b' type='t'/>";
    assert_eq!(refused(missed), "`b.xsd` is not among the given documents");
    let missing = compile(Source::Files(&Sources::new().root("no/such/file.xsd"))).expect_err("there is no such file");
    assert_eq!((missing.path(), missing.line()), ("no/such/file.xsd", 0));
    assert!(missing.to_string().starts_with("no/such/file.xsd: cannot be read: "));
}

#[test]
fn faults_have_their_place() {
    let text = "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'>\n <s:element name='é' type='s:string'/>\n <s:element name='é' type='s:string'/></s:schema>";
    let error = compile(Source::Memory(&[("dir/test.xsd", text)])).expect_err("declared twice");
    assert_eq!((error.path(), error.line(), error.column()), ("dir/test.xsd", 3, 2));
    assert_eq!(error.message(), "`é` is declared twice");
    let ill_formed = compile(Source::Memory(&[("test.xsd", "<a>\n<b></a>")])).expect_err("not well-formed");
    assert_eq!(ill_formed.line(), 2);
}

#[test]
fn errors_have_their_messages() {
    for (body, message) in [
        ("<s:element nam='a'/>", "attribute `nam` is not allowed on `xs:element`"),
        ("<s:elemant name='a'/>", "`xs:elemant` is not allowed here in `xs:schema`"),
        (
            "<s:element name='a'/><s:import namespace='urn:b'/><s:element name='b' xmlns:b='urn:b' ref='b:c'/>",
            "expected `xs:import` before all declarations, found it after `xs:element`",
        ),
        (
            "<s:complexType name='t'><s:attribute name='a'/><s:sequence/></s:complexType>",
            "expected `xs:sequence` before `xs:attribute` in `xs:complexType`, found it after",
        ),
        (
            "<s:element name='a'><s:key name='k'><s:selector xpath='b'/><s:field xpath='.'/></s:key><s:complexType/></s:element>",
            "expected `xs:complexType` before `xs:key` in `xs:element`, found it after",
        ),
        (
            "<s:simpleType name='t'><s:restriction><s:length value='1'/><s:simpleType><s:list itemType='s:int'/></s:simpleType>\
             </s:restriction></s:simpleType>",
            "expected `xs:simpleType` before `xs:length` in `xs:restriction`, found it after",
        ),
        ("<x/>", "expected an element of XSD in `xs:schema`, found `x`"),
        ("text", "expected no text in `xs:schema`"),
        ("<s:element/>", "missing required attribute `name` of `xs:element`"),
        ("<s:element name='a:b'/>", "expected a name without a colon for `name`, found `a:b`"),
        ("<s:element name='a' type='s:nothing'/>", "type `nothing` is not declared"),
        ("<s:element name='a' type='p:t'/>", "prefix `p` is not declared"),
        (
            "<s:element name='a' type='s:int'><s:complexType/></s:element>",
            "`xs:element` has both a `type` and `xs:complexType`",
        ),
        ("<s:element name='a' default='1' fixed='1'/>", "`xs:element` has both `default` and `fixed`"),
        (
            "<s:element name='a' type='s:int' default='x'/>",
            "expected an integer from -2147483648 to 2147483647 as the value, found `x`",
        ),
        ("<s:element name='a' id='x'/><s:element name='b' id='x'/>", "expected another `id` than `x`"),
        ("<s:element name='a' id='1'/>", "expected a name without a colon for `id`, found `1`"),
        (
            "<s:complexType name='t'><s:anyAttribute/></s:complexType><s:complexType name='u'><s:complexContent><s:restriction base='t'><s:anyAttribute processContents='lax'/></s:restriction></s:complexContent></s:complexType>",
            "expected `xs:anyAttribute` to allow no more than that of the base type",
        ),
        ("<s:element name='a' nillable='yes'/>", "expected `true` or `false` for `nillable`, found `yes`"),
        (
            "<s:complexType name='t'><s:sequence><s:element name='a' minOccurs='2'/></s:sequence></s:complexType>",
            "expected `minOccurs` not to exceed `maxOccurs`, found 2 and 1",
        ),
        (
            "<s:complexType name='t'><s:sequence><s:element name='a' minOccurs='-1'/></s:sequence></s:complexType>",
            "expected a whole number that is not negative for `minOccurs`, found `-1`",
        ),
        (
            "<s:complexType name='t'><s:sequence><s:element ref='a'/></s:sequence></s:complexType>",
            "element `a` is not declared",
        ),
        ("<s:complexType name='t'><s:group ref='a'/></s:complexType>", "group `a` is not declared"),
        ("<s:complexType name='t'><s:attributeGroup ref='a'/></s:complexType>", "attribute group `a` is not declared"),
        ("<s:complexType name='t'><s:attribute ref='a'/></s:complexType>", "attribute `a` is not declared"),
        (
            "<s:attribute name='a' type='t'/><s:complexType name='t'/>",
            "expected a simple type, found type `t`, which is complex",
        ),
        (
            "<s:complexType name='t'><s:complexContent><s:extension base='t'/></s:complexContent></s:complexType>",
            "type `t` is derived from itself",
        ),
        (
            "<s:simpleType name='t'><s:union memberTypes='u'/></s:simpleType><s:simpleType name='u'><s:list itemType='t'/></s:simpleType>",
            "type `t` is derived from itself",
        ),
        ("<s:group name='g'><s:sequence><s:group ref='g'/></s:sequence></s:group>", "group `g` contains itself"),
        (
            "<s:attributeGroup name='g'><s:attributeGroup ref='g'/></s:attributeGroup>",
            "attribute group `g` contains itself",
        ),
        (
            "<s:complexType name='t'><s:sequence><s:all/></s:sequence></s:complexType>",
            "`xs:all` may only be the whole of a content model",
        ),
        (
            "<s:complexType name='t'><s:all><s:element name='a' maxOccurs='2'/></s:all></s:complexType>",
            "expected an element in `xs:all` to occur at most once: more is only allowed in XSD 1.1, and schemas are read as XSD 1.0",
        ),
        (
            "<s:complexType name='t'><s:complexContent><s:extension base='s:int'/></s:complexContent></s:complexType>",
            "type `int` is simple: expected `xs:simpleContent`",
        ),
        (
            "<s:complexType name='t'/><s:complexType name='u'><s:simpleContent><s:extension base='t'/></s:simpleContent></s:complexType>",
            "expected a base with simple content, found type `t`",
        ),
        (
            "<s:complexType name='t'><s:sequence><s:element name='a'/></s:sequence></s:complexType><s:complexType name='u' mixed='true'><s:complexContent><s:extension base='t'><s:sequence><s:element name='b'/></s:sequence></s:extension></s:complexContent></s:complexType>",
            "expected element-only content like that of the base type, found mixed content",
        ),
        (
            "<s:complexType name='t'><s:sequence><s:element name='a'/></s:sequence></s:complexType><s:complexType name='u'><s:complexContent><s:restriction base='t'><s:sequence><s:element name='b'/></s:sequence></s:restriction></s:complexContent></s:complexType>",
            "expected a restriction of the content of type `t`, found element `b`",
        ),
        (
            "<s:complexType name='t'><s:attribute name='a' use='required'/></s:complexType><s:complexType name='u'><s:complexContent><s:restriction base='t'><s:attribute name='a'/></s:restriction></s:complexContent></s:complexType>",
            "attribute `a` is required by the base type",
        ),
        (
            "<s:complexType name='t'><s:attribute name='a' type='s:int'/></s:complexType><s:complexType name='u'><s:complexContent><s:restriction base='t'><s:attribute name='a' type='s:string'/></s:restriction></s:complexContent></s:complexType>",
            "expected a type derived from type `int` for attribute `a`, found type `string`",
        ),
    ] {
        assert_eq!(refused(body), message, "{body}");
    }
}

#[test]
fn ambiguity_and_inconsistency_name_both_places() {
    let text = "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'><s:complexType name='t'><s:sequence>\n<s:element name='a' minOccurs='0'/>\n<s:element name='a'/>\n</s:sequence></s:complexType></s:schema>";
    let error = compile(Source::Memory(&[("t.xsd", text)])).expect_err("ambiguous");
    assert_eq!(
        error.to_string(),
        "t.xsd:3:1: this content model is ambiguous: `a` competes with `a` for the same element"
    );
    let text = "<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'><s:complexType name='t'><s:sequence>\n<s:element name='a' type='s:int'/>\n<s:element name='b'/>\n<s:element name='a' type='s:string'/></s:sequence></s:complexType></s:schema>";
    let error = compile(Source::Memory(&[("t.xsd", text)])).expect_err("inconsistent");
    assert_eq!(error.to_string(), "t.xsd:4:1: `a` has another type here than elsewhere in the same content model");
    let wildcard = refused(
        "<s:complexType name='t'><s:sequence><s:any minOccurs='0'/><s:element name='a'/></s:sequence></s:complexType>",
    );
    assert!(wildcard.starts_with("this content model is ambiguous: `a` competes with `xs:any`"), "{wildcard}");
}

#[test]
fn hostile_schemas_end_soon() {
    // Groups that double at each step.
    let mut body = String::from("<s:group name='g0'><s:sequence><s:element name='a'/></s:sequence></s:group>");
    for step in 1..40 {
        let before = step - 1;
        body.push_str(&format!("<s:group name='g{step}'><s:sequence><s:group ref='g{before}'/><s:group ref='g{before}'/></s:sequence></s:group>"));
    }
    body.push_str("<s:complexType name='t'><s:group ref='g39'/></s:complexType>");
    assert_eq!(refused(&body), "expected at most 65536 particles in one content model");
    // Nesting, in the document and by reference.
    let open = "<s:sequence>".repeat(250);
    let close = "</s:sequence>".repeat(250);
    compiled(&format!("<s:complexType name='t'>{open}<s:element name='a'/>{close}</s:complexType>"));
    let (open, close) = ("<s:sequence>".repeat(100_000), "</s:sequence>".repeat(100_000));
    assert_eq!(
        refused(&format!("<s:complexType name='t'>{open}{close}</s:complexType>")),
        "expected at most 256 levels of nesting"
    );
    let nested = "<s:complexType><s:sequence><s:element name='a'>".repeat(80);
    let ends = "</s:element></s:sequence></s:complexType>".repeat(80);
    compiled(&format!("<s:element name='a'>{nested}{ends}</s:element>"));
    for forward in [true, false] {
        let chain = (0..5_000).map(|step| {
            let (own, base) = if forward { (step, step + 1) } else { (step + 1, step) };
            format!("<s:complexType name='t{own}'><s:complexContent><s:extension base='t{base}'/></s:complexContent></s:complexType>")
        });
        let end = if forward { 5_000 } else { 0 };
        let message = refused(&format!("{}<s:complexType name='t{end}'/>", chain.collect::<String>()));
        assert!(message.starts_with("expected at most 256 "), "{message}");
        let chain = (0..5_000).map(|step| {
            let (own, inner) = if forward { (step, step + 1) } else { (step + 1, step) };
            format!("<s:group name='g{own}'><s:sequence><s:group ref='g{inner}' minOccurs='0'/></s:sequence></s:group>")
        });
        let end = if forward { 5_000 } else { 0 };
        let message = refused(&format!("{}<s:group name='g{end}'><s:sequence/></s:group>", chain.collect::<String>()));
        assert!(message.starts_with("expected at most 256 "), "{message}");
    }
    compiled(
        "<s:complexType name='t'><s:sequence minOccurs='0' maxOccurs='5000'><s:element name='a' maxOccurs='99999999999999999999'/></s:sequence></s:complexType>",
    );
}

/// A type that restricts another one: the content of both.
fn restriction(base: &str, own: &str) -> String {
    format!(
        "<s:complexType name='t'>{base}</s:complexType><s:complexType name='u'><s:complexContent>\
         <s:restriction base='t'>{own}</s:restriction></s:complexContent></s:complexType>"
    )
}

#[test]
fn restricted_content_has_its_counterpart_in_the_base() {
    const ELEMENTS: &str = "<s:sequence><s:element name='a' type='s:decimal' minOccurs='0' maxOccurs='5'/>\
                            <s:element name='b'/><s:element name='c' minOccurs='0'/></s:sequence>";
    for (base, own) in [
        (ELEMENTS, "<s:sequence><s:element name='b'/></s:sequence>"),
        (ELEMENTS, "<s:sequence><s:element name='a' type='s:int' maxOccurs='2'/><s:element name='b'/></s:sequence>"),
        // Pointless groups are ignored.
        (ELEMENTS, "<s:sequence><s:sequence><s:choice><s:element name='b'/></s:choice></s:sequence></s:sequence>"),
        (
            "<s:sequence><s:any maxOccurs='3' processContents='lax'/></s:sequence>",
            "<s:sequence><s:element name='a'/><s:element name='b' minOccurs='0' maxOccurs='2'/></s:sequence>",
        ),
        (
            "<s:choice maxOccurs='2'><s:element name='a'/><s:element name='b'/></s:choice>",
            "<s:sequence><s:element name='b'/><s:element name='a'/></s:sequence>",
        ),
        (
            "<s:all><s:element name='a'/><s:element name='b' minOccurs='0'/></s:all>",
            "<s:sequence><s:element name='b'/><s:element name='a'/></s:sequence>",
        ),
        (
            "<s:choice><s:element name='a'/><s:element name='b'/><s:element name='c'/></s:choice>",
            "<s:choice><s:element name='a'/><s:element name='c'/></s:choice>",
        ),
    ] {
        compiled(&restriction(base, own));
    }
    for (base, own, message) in [
        (
            ELEMENTS,
            "<s:sequence><s:element name='b'/><s:element name='b'/></s:sequence>",
            "found element `b` (rcase-Recurse)",
        ),
        (
            ELEMENTS,
            "<s:sequence><s:element name='a' type='s:string'/><s:element name='b'/></s:sequence>",
            "found element `a` (rcase-NameAndTypeOK)",
        ),
        (
            ELEMENTS,
            "<s:sequence><s:element name='a' type='s:decimal' maxOccurs='6'/><s:element name='b'/></s:sequence>",
            "found element `a` (rcase-NameAndTypeOK)",
        ),
        (
            ELEMENTS,
            "<s:choice><s:element name='b'/><s:element name='c'/></s:choice>",
            "found `xs:choice` (cos-particle-restrict)",
        ),
        (ELEMENTS, "", "found no content at all (cos-particle-restrict)"),
        (
            "<s:sequence><s:any maxOccurs='3' processContents='lax'/></s:sequence>",
            "<s:sequence><s:any processContents='skip'/></s:sequence>",
            "found `xs:any` (rcase-NSSubset)",
        ),
        (
            "<s:sequence><s:any maxOccurs='2'/></s:sequence>",
            "<s:sequence><s:element name='a'/><s:element name='b' maxOccurs='2'/></s:sequence>",
            "found `xs:sequence` (rcase-NSRecurseCheckCardinality)",
        ),
        (
            "<s:choice maxOccurs='2'><s:element name='a'/><s:element name='b'/></s:choice>",
            "<s:sequence><s:element name='a'/><s:element name='b'/><s:element name='a'/></s:sequence>",
            "found `xs:sequence` (rcase-MapAndSum)",
        ),
        (
            "<s:all><s:element name='a'/><s:element name='b'/></s:all>",
            "<s:sequence><s:element name='b'/></s:sequence>",
            "found element `b` (rcase-NameAndTypeOK)",
        ),
    ] {
        let expected = format!("expected a restriction of the content of type `t`, {message}");
        let error = error_of(&restriction(base, own));
        assert_eq!(format!("{} ({})", error.message(), error.constraint()), expected, "{own}");
    }
}

#[test]
fn variants_for_another_version_are_named() {
    let versions = "xmlns:vc='http://www.w3.org/2007/XMLSchema-versioning'";
    let of_new = |attribute: &str| format!("<s:{attribute} vc:minVersion='1.1' {versions}/>");
    let of_old = |attribute: &str| format!("<s:{attribute} vc:maxVersion='1.1' {versions}/>");
    for (body, message) in [
        (
            [of_new("element name='a' type='s:int'"), of_old("element name='a' type='s:string'")].concat(),
            "`a` is declared twice",
        ),
        (
            ["<s:attribute name='a'/>".to_owned(), of_new("attribute name='a' type='s:int'")].concat(),
            "`a` is declared twice",
        ),
        (
            format!(
                "<s:attributeGroup name='g'>{}{}</s:attributeGroup>",
                of_new("attribute name='a'"),
                of_old("attribute name='a'")
            ),
            "attribute `a` is declared twice",
        ),
        (
            format!(
                "<s:complexType name='t'><s:sequence>{}{}</s:sequence></s:complexType>",
                of_new("element name='a' type='s:int'"),
                of_old("element name='a' type='s:string'")
            ),
            "`a` has another type here than elsewhere in the same content model",
        ),
    ] {
        let text = format!("<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'>{body}</s:schema>");
        let error = compile(Source::Memory(&[("test.xsd", &text)])).expect_err(message);
        let (start, cause) = error.message().split_once(": `vc:").expect("the cause is named");
        assert_eq!(start, message);
        assert!(
            cause.ends_with("Version` chooses one of the two in XSD 1.1, and schemas are read as XSD 1.0"),
            "{cause}"
        );
    }
}
