//! Schemas in memory: what compiles to what, and what is refused with which words where.

use super::{Source, compile};
use crate::automaton::Automaton;
use crate::schema::{
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

/// The message for a schema that is wrong, without the place.
fn refused(body: &str) -> String {
    let text = schema(body);
    match compile(Source::Memory(&[("test.xsd", &text)])) {
        Err(error) => error.message().to_owned(),
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

/// Whether children of these names are a complete content of the type.
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
        "type `unsignedInt` is not declared in no namespace; the built-in type is in the namespace of XSD"
    );
    assert_eq!(refused("<s:element name='a' type='b'/>"), "type `b` is not declared");
    let default = "<schema xmlns='http://www.w3.org/2001/XMLSchema'><element name='a' type='unsignedInt'/></schema>";
    assert!(compile(Source::Memory(&[("test.xsd", default)])).is_ok());
}

#[path = "../../tests/support/vendor_shape.rs"]
#[allow(dead_code, unreachable_pub)]
mod vendor_shape;

#[test]
fn a_set_of_the_vendors_shape_loads_whole() {
    for set in [vendor_shape::output_set(), vendor_shape::input_set()] {
        let documents: Vec<(&str, &str)> = set.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let lines: usize = documents.iter().map(|(_, text)| text.lines().count()).sum();
        assert!(documents.len() >= 60 && lines >= 15_000, "{} files, {lines} lines", documents.len());
        let started = std::time::Instant::now();
        let compiled = compile(Source::Memory(&documents)).expect("the set compiles");
        eprintln!("{} files, {lines} lines: {:?}", documents.len(), started.elapsed());
        assert_eq!(compiled.documents.len(), documents.len());
        let packet = root(&compiled, "packet");
        assert_eq!(packet.documentation.as_deref(), Some("The root of every packet."));
    }
}
