//! Identity constraints: `xs:key`, `xs:keyref` and `xs:unique` in schemas and on documents, on both paths, and compared
//! with a plain implementation of the rules of the Recommendation.

use std::collections::{BTreeSet, HashMap};

use packetcheck::Schema;
use packetcheck::diagnostic::{Diagnostic, LineIndex};
use proptest::prelude::*;
use roxmltree::{Document, Node};

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

fn schema(declarations: &str) -> Result<Schema> {
    let text = format!(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='urn:t'>\n{declarations}\n</xs:schema>"
    );
    Ok(Schema::from_documents(&[("test.xsd", &text)])?)
}

/// An order: items and references to them, by attributes and by elements, in sections that may be nested.
fn order(constraints: &str) -> Result<Schema> {
    schema(&format!(
        "<xs:element name='order' type='Section'>{constraints}</xs:element>
         <xs:complexType name='Section'>
           <xs:choice minOccurs='0' maxOccurs='unbounded'>
             <xs:element name='section' type='Section'/>
             <xs:element name='item' type='Item'/>
             <xs:element name='discount' type='Item'/>
             <xs:any namespace='urn:skip' processContents='skip'/>
           </xs:choice>
         </xs:complexType>
         <xs:complexType name='Item'>
           <xs:sequence>
             <xs:element name='number' type='xs:decimal' minOccurs='0' maxOccurs='2' nillable='true'/>
             <xs:element name='name' minOccurs='0' default='none'/>
             <xs:element name='kind' minOccurs='0' type='xs:QName'/>
           </xs:sequence>
           <xs:attribute name='id' type='xs:integer'/>
           <xs:attribute name='shop' type='xs:string' default='main'/>
         </xs:complexType>"
    ))
}

/// `line:column path span: message (related)` for each diagnostic; also checks that both paths agree.
fn reported(schema: &Schema, document: &str) -> Vec<String> {
    let report = schema.explain_without_prediction(document.as_bytes());
    assert_eq!(schema.is_valid(document.as_bytes()), report.is_valid(), "{document}\n{report:#?}");
    let index = LineIndex::new(document.as_bytes());
    let words = |found: &Diagnostic| {
        let place = index.line_column(found.span.start);
        let mut words = format!("{} {}:{} {}: {}", found.code, place.line, place.column, found.path, found.message);
        if let Some((span, label)) = &found.related {
            words += &format!(" ({label}: {})", &document[span.clone()]);
        }
        words
    };
    report.diagnostics.iter().map(words).collect()
}

/// A constraint; `element` is its category and, for a keyref, what it refers to.
fn written(element: &str, name: &str, selector: &str, fields: &[&str]) -> String {
    let fields: String = fields.iter().map(|field| format!("<xs:field xpath='{field}'/>")).collect();
    let close = element.split(' ').next().unwrap_or_default();
    format!("<xs:{element} name='{name}'><xs:selector xpath='{selector}'/>{fields}</xs:{close}>")
}

/// An order in which these fields of the items are unique.
fn unique(fields: &[&str]) -> Result<Schema> {
    order(&written("unique", "u", "item", fields))
}

/// An order whose items have keys, to which its discounts refer.
fn linked() -> Result<Schema> {
    order(&(KEY.to_owned() + &written("keyref refer='itemKey'", "itemOf", ".//discount", &["@id"])))
}

const KEY: &str = "<xs:key name='itemKey'><xs:selector xpath='.//item'/><xs:field xpath='@id'/></xs:key>";

#[test]
fn keys_exist_and_are_unique() -> Result {
    let keyed = order(KEY)?;
    assert_eq!(reported(&keyed, "<order><item id='1'/><section><item id='2'/></section></order>"), [""; 0]);
    assert_eq!(
        reported(&keyed, "<order>\n<item id='7'/>\n<section><item id='+07'/></section></order>"),
        [
            "PC0414 3:20 /order/section/item: expected each value of `itemKey` once, found `+07` again (first found here: 7)"
        ]
    );
    assert_eq!(
        reported(&keyed, "<order>\n<item id='7'/>\n<item/></order>"),
        ["PC0415 3:1 /order/item[2]: missing field `@id` of the key `itemKey` in `item`"]
    );
    Ok(())
}

#[test]
fn a_unique_value_may_be_missing() -> Result {
    let unique = unique(&["@id", "number"])?;
    assert_eq!(reported(&unique, "<order><item/><item id='1'/><item id='1'/><item id='2'/></order>"), [""; 0]);
    let two = "<order><item id='1'><number>2</number></item><item id='1'><number>2.0</number></item></order>";
    assert_eq!(
        reported(&unique, two),
        ["PC0414 1:56 /order/item[2]: expected each value of `u` once, found `1` and `2.0` again (first found here: \
          1'><number>2)"]
    );
    // A section is not selected, and a nil element has no value.
    let apart = "<order xmlns:i='http://www.w3.org/2001/XMLSchema-instance'>\
                 <item id='1'><number i:nil='true'/></item><item id='1'><number i:nil='1'/></item>\
                 <section><item id='1'><number>2</number></item></section>\
                 <item id='1'><number>2</number></item></order>";
    assert_eq!(reported(&unique, apart), [""; 0]);
    Ok(())
}

#[test]
fn references_lead_to_keys() -> Result {
    let linked = linked()?;
    let right = "<order><discount id='2'/><section><item id='02'/><discount/></section></order>";
    assert_eq!(reported(&linked, right), [""; 0]);
    assert_eq!(
        reported(
            &linked,
            "<order>\n<item id='1'/>\n<section>\n <discount id='1'/>\n <discount id='3'/></section></order>"
        ),
        ["PC0419 5:16 /order/section/discount[2]: expected a value of `itemKey` for the reference `itemOf`, found `3`"]
    );
    // One error: the missing key may be the one that is meant.
    assert_eq!(
        reported(&linked, "<order><item id='x'/><discount id='3'/></order>"),
        ["PC0401 1:18 /order/item: expected an integer in the attribute `id`, found `x`"]
    );
    Ok(())
}

#[test]
fn fields_are_one_simple_value() -> Result {
    let number = order(&written("key", "k", "item", &["number"]))?;
    assert_eq!(
        reported(&number, "<order><item><number>1</number></item></order>"),
        [
            "PC0416 1:22 /order/item/number: expected an element that is not nillable as field `number` of the key `k`, found \
          `number`"
        ]
    );
    let number = unique(&["number"])?;
    assert_eq!(
        reported(&number, "<order><item><number>1</number><number>2</number></item></order>"),
        [
            "PC0417 1:40 /order/item/number[2]: expected the field `number` of `u` once, found it again (first found here: \
          1)"
        ]
    );
    let itself = unique(&["."])?;
    assert_eq!(
        reported(&itself, "<order><item/></order>"),
        ["PC0418 1:8 /order/item: expected a simple value for the field `.` of `u`, found content of another kind"]
    );
    // `@*` is both attributes, including the default one.
    let all = unique(&["@*"])?;
    assert_eq!(reported(&all, "<order><item/></order>"), [""; 0]);
    assert_eq!(reported(&all, "<order><item id='1'/></order>").len(), 1);
    // The same node by two paths counts once.
    let twice = unique(&["@id|./@id"])?;
    assert_eq!(reported(&twice, "<order><item id='1'/><item id='2'/></order>"), [""; 0]);
    Ok(())
}

#[test]
fn default_values_are_values() -> Result {
    let attribute = unique(&["@shop"])?;
    assert_eq!(
        reported(&attribute, "<order><item/><item shop='other'/><item/></order>"),
        [
            "PC0414 1:35 /order/item[3]: expected each value of `u` once, found the default value again (first found here: \
          <item/>)"
        ]
    );
    let element = schema(
        "<xs:element name='a'><xs:complexType><xs:sequence>
           <xs:element name='b' type='xs:int' default='7' maxOccurs='9'/></xs:sequence></xs:complexType>
           <xs:key name='k'><xs:selector xpath='b'/><xs:field xpath='.'/></xs:key></xs:element>",
    )?;
    assert_eq!(reported(&element, "<a><b/><b>8</b></a>"), [""; 0]);
    assert_eq!(
        reported(&element, "<a><b>07</b><b/></a>"),
        ["PC0414 1:13 /a/b[2]: expected each value of `k` once, found the default value again (first found here: 07)"]
    );
    Ok(())
}

#[test]
fn names_are_compared_by_namespace() -> Result {
    let kinds = unique(&["kind"])?;
    let document = |second: &str| {
        format!(
            "<order xmlns:p='urn:1'><item><kind>p:a</kind></item>\
             <item xmlns:q='urn:1' xmlns:p='urn:2'><kind>{second}</kind></item></order>"
        )
    };
    assert_eq!(reported(&kinds, &document("p:a")), [""; 0]);
    assert_eq!(reported(&kinds, &document("a")), [""; 0]);
    assert_eq!(reported(&kinds, &document("q:a")).len(), 1);
    Ok(())
}

#[test]
fn skipped_content_is_neither_selected_nor_a_field() -> Result {
    let any = order(&written("key", "k", ".//*", &["@shop"]))?;
    let document = "<order><item/><s:x xmlns:s='urn:skip'><s:y><item/></s:y></s:x></order>";
    assert_eq!(reported(&any, document), [""; 0]);
    Ok(())
}

#[test]
fn a_key_is_in_reach_in_the_element_of_the_reference() -> Result {
    // The key is declared on a part, the reference on the whole: keys of all parts are in scope unless two parts have
    // the same one.
    let parts = schema(
        "<xs:element name='whole'>
           <xs:complexType><xs:sequence>
             <xs:element name='part' maxOccurs='9'>
               <xs:complexType><xs:sequence>
                 <xs:element name='k' type='xs:int' minOccurs='0' maxOccurs='9'/>
               </xs:sequence></xs:complexType>
               <xs:key name='key'><xs:selector xpath='k'/><xs:field xpath='.'/></xs:key>
             </xs:element>
             <xs:element name='r' type='xs:int' minOccurs='0' maxOccurs='9'/>
           </xs:sequence></xs:complexType>
           <xs:keyref name='ref' refer='key'><xs:selector xpath='r'/><xs:field xpath='.'/></xs:keyref>
         </xs:element>",
    )?;
    assert_eq!(reported(&parts, "<whole><part><k>1</k></part><part><k>2</k></part><r>1</r><r>2</r></whole>"), [""; 0]);
    assert_eq!(
        reported(&parts, "<whole><part><k>1</k></part><part><k>1</k></part><r>1</r></whole>"),
        ["PC0419 1:53 /whole/r: expected a value of `key` for the reference `ref`, found `1`"]
    );
    Ok(())
}

#[test]
fn a_secret_is_not_shown() -> Result {
    let schema = schema(
        "<xs:element name='a'><xs:complexType><xs:sequence>
           <xs:element name='password' type='xs:string' maxOccurs='9'>
             <xs:annotation><xs:appinfo><secret xmlns='urn:packetcheck'/></xs:appinfo></xs:annotation></xs:element>
         </xs:sequence></xs:complexType>
         <xs:unique name='u'><xs:selector xpath='password'/><xs:field xpath='.'/></xs:unique></xs:element>",
    )?;
    let said = format!(
        "{:?}",
        reported(&schema, "<a><password>Zq</password><password>Zq</password></a>")[0].split(" (").next()
    );
    assert!(said.contains("PC0414") && !said.contains("Zq"), "{said}");
    Ok(())
}

#[test]
fn schemas_are_refused_with_constraint_place_and_words() -> Result {
    let key = |name: &str, fields: &[&str]| written("key", name, "b", fields) + "\n";
    let (one, two) = (&["@c"][..], &["@c", "@d"][..]);
    let keyref = |refer: &str| written(&format!("keyref refer='{refer}'"), "r", "b", one);
    for (constraints, constraint, line, column, message) in [
        (key("k", one) + &key("k", one), "sch-props-correct", 3, 1, "`k` is declared twice"),
        (keyref("k"), "src-resolve", 2, 33, "key `k` is not declared"),
        (key("k", two) + &keyref("k"), "c-props-correct", 3, 1, "expected as many fields as `k` has (2), found 1"),
        (
            key("k", one) + &keyref("r"),
            "c-props-correct",
            3,
            12,
            "expected the name of an `xs:key` or `xs:unique`, found `r`, an `xs:keyref`",
        ),
        (key("k", &[]), "schema-syntax", 2, 22, "expected at least one `xs:field` in `xs:key`"),
        (
            "<xs:unique name='u'><xs:field xpath='@c'/></xs:unique>".to_owned(),
            "schema-syntax",
            2,
            42,
            "expected `xs:selector` at the beginning of `xs:unique`",
        ),
        (
            "<xs:unique name='u'><xs:selector xpath='@b'/><xs:field xpath='c'/></xs:unique>".to_owned(),
            "c-selector-xpath",
            2,
            55,
            "expected `xs:selector` to select elements, found an attribute",
        ),
        (
            "<xs:unique name='u'><xs:selector xpath='b'/><xs:field xpath='x:c'/></xs:unique>".to_owned(),
            "c-fields-xpaths",
            2,
            76,
            "prefix `x` is not declared",
        ),
        (
            "<xs:unique name='u' refer='k'><xs:selector xpath='b'/><xs:field xpath='c'/></xs:unique>".to_owned(),
            "schema-syntax",
            2,
            42,
            "attribute `refer` is not allowed on `xs:unique`",
        ),
        (
            key("k", one) + "<xs:complexType/>",
            "schema-syntax",
            3,
            1,
            "expected `xs:complexType` before `xs:key` in `xs:element`, found it after",
        ),
    ] {
        let declaration = format!("<xs:element name='a'>{constraints}</xs:element>");
        let error = match schema(&declaration) {
            Ok(_) => return Err(format!("the schema compiles: {declaration}").into()),
            Err(error) => error,
        };
        let error = error.downcast_ref::<packetcheck::SchemaError>().ok_or("another error")?;
        assert_eq!(
            (error.constraint(), error.line(), error.column(), error.message(), error.errors()),
            (constraint, line, column, message, 1),
            "{declaration}"
        );
    }
    Ok(())
}

#[test]
fn twenty_thousand_keys_and_references_are_checked() -> Result {
    const COUNT: usize = 20_000;
    let linked = linked()?;
    let mut document = String::from("<order>");
    for number in 0..COUNT {
        document += &format!("<item id='{number}'/><discount id='{}'/>", COUNT - 1 - number);
    }
    assert!(linked.is_valid(format!("{document}</order>").as_bytes()));
    let dangling = format!("{document}<discount id='{COUNT}'/></order>");
    assert_eq!(reported(&linked, &dangling).len(), 1);
    assert!(reported(&linked, &dangling)[0].contains("found `20000`"));
    Ok(())
}

#[test]
fn deeply_nested_constraints_are_checked() -> Result {
    let nested = schema(
        "<xs:element name='n'>
           <xs:complexType><xs:sequence><xs:element ref='n' minOccurs='0' maxOccurs='unbounded'/></xs:sequence>
             <xs:attribute name='id' type='xs:int'/><xs:attribute name='to' type='xs:int'/></xs:complexType>
           <xs:key name='k'><xs:selector xpath='.//*'/><xs:field xpath='@id'/></xs:key>
           <xs:keyref name='r' refer='k'><xs:selector xpath='.//n'/><xs:field xpath='.//@to'/></xs:keyref>
         </xs:element>",
    )?;
    // 1,000 levels, each with the constraints; at the innermost one a reference that only the outermost resolves.
    let open: String = (0..1_000).map(|level| format!("<n id='{level}'>")).collect();
    let leaves: String = (1_000..21_000).map(|leaf| format!("<n id='{leaf}'/>")).collect();
    let close = "</n>".repeat(1_000);
    assert!(nested.is_valid(format!("{open}{leaves}{close}").as_bytes()));
    assert!(!nested.is_valid(format!("{open}{leaves}<n id='1'/>{close}").as_bytes()));
    assert_eq!(reported(&nested, &format!("{open}{leaves}<n id='1'/>{close}")).len(), 1);
    assert!(!nested.is_valid(format!("{open}{leaves}<n id='-1' to='5'/>{close}").as_bytes()));
    Ok(())
}

// ---- the rules of the Recommendation, implemented by walking over the tree ----

/// An element, or one of its attributes.
type Found = BTreeSet<(usize, Option<String>)>;

/// What a union of paths selects.
fn walk(xpath: &str, from: Node<'_, '_>) -> Found {
    let mut found = Found::new();
    for path in xpath.split('|') {
        let (mut nodes, steps) = match path.strip_prefix(".//") {
            Some(rest) => (from.descendants().filter(Node::is_element).collect(), rest),
            None => (vec![from], path),
        };
        for step in steps.split('/') {
            if let Some(attribute) = step.strip_prefix('@') {
                for node in std::mem::take(&mut nodes) {
                    let named = node.attributes().filter(|found| attribute == "*" || found.name() == attribute);
                    found.extend(named.map(|found| (node.id().get_usize(), Some(found.name().to_owned()))));
                }
            } else if step != "." {
                let is_it = |node: &Node<'_, '_>| node.is_element() && (step == "*" || node.has_tag_name(step));
                nodes = nodes.iter().flat_map(|node| node.children().filter(is_it)).collect();
            }
        }
        found.extend(nodes.iter().map(|node| (node.id().get_usize(), None)));
    }
    found
}

/// A constraint of the generated schema.
#[derive(Debug, Clone)]
struct Constraint {
    selector: &'static str,
    fields: Vec<&'static str>,
}

/// A key-sequence and the element that has it.
type Table = HashMap<Vec<String>, usize>;

/// One row of the table.
type Member = (Vec<String>, usize);

/// The qualified node set (clause 3 and the definition in clause 4), or `None` if a field is invalid; and whether it
/// contains everything that is selected.
fn qualified(constraint: &Constraint, scope: Node<'_, '_>) -> Option<(Vec<Member>, bool)> {
    let mut members = Vec::new();
    let mut is_all = true;
    for (target, _) in walk(constraint.selector, scope) {
        let node = scope.document().get_node(roxmltree::NodeId::from(target as u32))?;
        let mut sequence = Vec::new();
        for field in &constraint.fields {
            let found = walk(field, node);
            if found.len() > 1 {
                return None;
            }
            if let Some((holder, attribute)) = found.into_iter().next() {
                let holder = scope.document().get_node(roxmltree::NodeId::from(holder as u32))?;
                sequence.push(value(holder, attribute.as_deref())?);
            }
        }
        match sequence.len() == constraint.fields.len() {
            true => members.push((sequence, target)),
            false => is_all = false,
        }
    }
    Some((members, is_all))
}

/// A value with its primitive type; `None` if there is no simple one.
fn value(node: Node<'_, '_>, attribute: Option<&str>) -> Option<String> {
    let text = |text: &str| format!("text {text}");
    let number = |text: &str| text.trim().parse::<f64>().ok().map(|number| format!("number {number}"));
    match (attribute, node.tag_name().name()) {
        (Some("id"), _) => number(node.attribute("id")?),
        (Some(name), _) => node.attribute(name).map(text),
        (None, "v") => number(node.text().unwrap_or_default()),
        (None, "s") => Some(text(node.text().unwrap_or_default())),
        (None, _) => None,
    }
}

/// Whether the constraints of all `n` in an element are satisfied; and the element's node table (section 3.11.5).
fn table_of_valid(element: Node<'_, '_>, is_key: bool, key: &Constraint, keyref: &Constraint) -> Option<Table> {
    let mut table = Table::new();
    let mut conflicts = BTreeSet::new();
    for child in element.children().filter(Node::is_element) {
        for (sequence, node) in table_of_valid(child, is_key, key, keyref)? {
            if table.insert(sequence.clone(), node).is_some() {
                conflicts.insert(sequence);
            }
        }
    }
    table.retain(|sequence, _| !conflicts.contains(sequence));
    if element.has_tag_name("n") {
        let (keys, is_all) = qualified(key, element)?;
        let own: Table = keys.iter().cloned().collect();
        if own.len() < keys.len() || is_key && !is_all {
            return None;
        }
        table.extend(own);
        let (references, _) = qualified(keyref, element)?;
        if !references.iter().all(|(sequence, _)| table.contains_key(sequence)) {
            return None;
        }
    }
    Some(table)
}

/// A random element: `n` has the constraints, `v` and `s` have values.
fn element() -> impl Strategy<Value = String> {
    let id = prop_oneof![2 => Just(""), 1 => Just(" id='1'"), 1 => Just(" id='01'"), 1 => Just(" id='2'"),
        1 => Just(" id=' 3'"), 1 => Just(" id='4'"), 1 => Just(" id='5'")];
    let to = prop_oneof![4 => Just(""), 1 => Just(" to='1'"), 1 => Just(" to='2'")];
    let leaf = prop_oneof![
        Just("<v>1</v>".to_owned()),
        Just("<v>2.0</v>".to_owned()),
        Just("<v>3</v>".to_owned()),
        Just("<s>1</s>".to_owned()),
        (id.clone(), to.clone()).prop_map(|(id, to)| format!("<i{id}{to}/>")),
    ];
    leaf.prop_recursive(4, 24, 5, move |inner| {
        let name = prop_oneof![Just("n"), Just("i"), Just("r")];
        (name, id.clone(), to.clone(), prop::collection::vec(inner, 0..5))
            .prop_map(|(name, id, to, children)| format!("<{name}{id}{to}>{}</{name}>", children.concat()))
    })
}

fn constraint(fields: usize) -> impl Strategy<Value = Constraint> {
    let selector = prop::sample::select(vec![
        "i", ".//i", "n", "r", ".//r", ".", "*", ".//*", ".//n/i", "n/i|i", ".//v", "v|.//n/s", "./i/.", ".//.",
    ]);
    let field =
        prop::sample::select(vec!["@id", "@to", "v", "s", ".//v", "@*", "i/@id", "@id|@to", ".//@id", "v|s", "."]);
    (selector, prop::collection::vec(field, fields)).prop_map(|(selector, fields)| Constraint { selector, fields })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn prediction_and_walk_agree_with_the_definition(
        children in prop::collection::vec(element(), 0..6),
        is_key in any::<bool>(),
        (key, keyref) in (1..3usize).prop_flat_map(|fields| (constraint(fields), constraint(fields))),
    ) {
        let category = if is_key { "key" } else { "unique" };
        let declarations = format!(
            "<xs:element name='n' type='T'>{}{}</xs:element>
             <xs:element name='i' type='T'/><xs:element name='r' type='T'/>
             <xs:element name='v' type='xs:decimal'/><xs:element name='s' type='xs:string'/>
             <xs:complexType name='T'>
               <xs:choice minOccurs='0' maxOccurs='unbounded'>
                 <xs:element ref='n'/><xs:element ref='i'/><xs:element ref='r'/><xs:element ref='v'/><xs:element ref='s'/>
               </xs:choice>
               <xs:attribute name='id' type='xs:integer'/><xs:attribute name='to' type='xs:string'/>
             </xs:complexType>",
            written(category, "k", key.selector, &key.fields),
            written("keyref refer='k'", "r", keyref.selector, &keyref.fields),
        );
        let schema = schema(&declarations).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let document = format!("<n>{}</n>", children.concat());
        let tree = Document::parse(&document).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let expected = table_of_valid(tree.root_element(), is_key, &key, &keyref).is_some();
        let report = schema.explain_without_prediction(document.as_bytes());
        prop_assert_eq!(schema.is_valid(document.as_bytes()), expected, "{} {:?} {:?}\n{}", category, key, keyref, document);
        prop_assert_eq!(report.is_valid(), expected, "{} {:?} {:?}\n{}\n{:#?}", category, key, keyref, document, report);
    }
}

#[test]
fn the_seed_of_the_fuzz_target_is_valid() -> Result {
    let schema = Schema::from_documents(&[("everything.xsd", include_str!("../../fuzz/schemas/everything.xsd"))])?;
    assert_eq!(reported(&schema, include_str!("../../fuzz/seeds/check/everything.xml")), [""; 0]);
    Ok(())
}
