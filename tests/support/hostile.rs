//! Schemas that require much work, and documents that make the most of them, each with the right verdict.

use std::fmt::Write as _;

/// A schema, and what is expected of it.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// The text of the schema document.
    pub(crate) schema: String,
    pub(crate) outcome: Outcome,
}

pub(crate) enum Outcome {
    /// It compiles, and gives the expected verdicts on these documents.
    Checks(Vec<Document>),
    /// It is rejected below its first line, with this message.
    Refused(&'static str),
}

pub(crate) struct Document {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    pub(crate) is_valid: bool,
}

/// All cases; each is made on demand, since some are large.
pub(crate) const CASES: &[fn() -> Case] = &[
    range_in_range,
    pair_in_range,
    five_thousand_pairs,
    two_hundred_thousand_occurrences,
    five_thousand_in_five_thousand,
    five_thousand_exactly_in_five_thousand,
    a_thousand_in_all,
    a_thousand_wildcards,
    fifty_thousand_wildcards,
    wildcards_that_are_shared,
    pattern_with_nested_loops,
    pattern_with_two_ways_through,
    pattern_with_ranges_in_ranges,
    pattern_of_four_nested_thousands,
    pattern_of_four_different_thousands,
    a_decimal_with_a_long_bound,
    a_decimal_with_many_digits,
    a_decimal_with_a_long_value,
    circle_of_one_type,
    circle_of_two_hundred_types,
    type_that_contains_itself,
    ten_thousand_members_of_a_substitution_group,
    twenty_thousand_keys_and_references,
    choice_of_ten_thousand,
    enumeration_of_ten_thousand,
    enumeration_that_is_shared,
    enumeration_that_is_restricted,
    a_thousand_attributes,
    group_that_is_shared,
    attributes_that_are_inherited,
    documentation_that_is_shared,
    names_that_nobody_knows,
    one_name_in_many_places,
    the_wrong_order,
];

/// A schema document with these top-level components, from its second line on.
pub(crate) fn schema(components: &str) -> String {
    format!("<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema'>\n{components}\n</s:schema>")
}

/// An element `r` with a content model.
fn model(particle: &str) -> String {
    schema(&format!("<s:element name='r'><s:complexType>{particle}</s:complexType></s:element>"))
}

/// An element `r` with facets for its text.
fn restriction(base: &str, facets: &str) -> String {
    schema(&format!(
        "<s:element name='r'><s:simpleType><s:restriction base='{base}'>\n{facets}\n</s:restriction></s:simpleType></s:element>"
    ))
}

fn pattern(expression: &str) -> String {
    restriction("s:string", &format!("<s:pattern value='{expression}'/>"))
}

fn checks<const N: usize>(name: &'static str, schema: String, documents: [(&'static str, bool, String); N]) -> Case {
    let document = |(name, is_valid, content)| Document { name, text: format!("<r>{content}</r>"), is_valid };
    Case { name, schema, outcome: Outcome::Checks(documents.map(document).into()) }
}

fn range_in_range() -> Case {
    let schema = model(
        "<s:sequence minOccurs='0' maxOccurs='2000'><s:element name='a' minOccurs='0' maxOccurs='2000'/></s:sequence>",
    );
    checks(
        "0 to 2000 in 0 to 2000",
        schema,
        [
            ("none", true, String::new()),
            ("100,000", true, "<a/>".repeat(100_000)),
            ("another name", false, "<b/>".repeat(100)),
        ],
    )
}

/// The inner and the outer count cannot be merged.
fn pair_in_range() -> Case {
    let schema = model(
        "<s:sequence minOccurs='0' maxOccurs='2000'><s:element name='a' minOccurs='0' maxOccurs='2000'/>\
         <s:element name='b' minOccurs='0' maxOccurs='2000'/></s:sequence>",
    );
    checks(
        "0 to 2000 of each of two in 0 to 2000",
        schema,
        [
            ("2,000 rounds", true, "<a/><b/>".repeat(2_000)),
            ("2,001 rounds", false, "<a/><b/>".repeat(2_001)),
            ("the first two at the front", true, format!("{}{}", "<a/>".repeat(2_001), "<b/><a/>".repeat(1_998))),
            ("one round too many", false, format!("{}{}", "<a/>".repeat(2_001), "<b/><a/>".repeat(2_000))),
        ],
    )
}

fn five_thousand_pairs() -> Case {
    let schema =
        model("<s:sequence minOccurs='5000' maxOccurs='5000'><s:element name='a'/><s:element name='b'/></s:sequence>");
    checks(
        "(a, b) 5000 times",
        schema,
        [
            ("5,000", true, "<a/><b/>".repeat(5_000)),
            ("4,999", false, "<a/><b/>".repeat(4_999)),
            ("5,001", false, "<a/><b/>".repeat(5_001)),
            ("the last one half", false, format!("{}<a/>", "<a/><b/>".repeat(4_999))),
        ],
    )
}

fn two_hundred_thousand_occurrences() -> Case {
    let schema = model("<s:sequence><s:element name='a' maxOccurs='200000'/></s:sequence>");
    checks(
        "maxOccurs 200,000",
        schema,
        [("200,000", true, "<a/>".repeat(200_000)), ("200,001", false, "<a/>".repeat(200_001))],
    )
}

fn five_thousand_in_five_thousand() -> Case {
    let schema =
        model("<s:sequence minOccurs='0' maxOccurs='5000'><s:element name='a' maxOccurs='5000'/></s:sequence>");
    checks("maxOccurs 5000 in 5000", schema, [("100,000", true, "<a/>".repeat(100_000))])
}

fn five_thousand_exactly_in_five_thousand() -> Case {
    let schema = model(
        "<s:sequence maxOccurs='5000'><s:element name='a' minOccurs='5000' maxOccurs='5000'/><s:element name='b'/></s:sequence>",
    );
    let rounds = format!("{}<b/>", "<a/>".repeat(5_000)).repeat(20);
    checks(
        "(a 5000 times, b) up to 5000 times",
        schema,
        [("20 rounds", true, rounds.clone()), ("a short one after", false, format!("{rounds}<a/><b/>"))],
    )
}

fn a_thousand_in_all() -> Case {
    let mut members = String::new();
    for number in 0..1_000 {
        let _ = write!(members, "<s:element name='e{number}'/>");
    }
    let content =
        |numbers: &mut dyn Iterator<Item = usize>| numbers.map(|number| format!("<e{number}/>")).collect::<String>();
    checks(
        "all of 1000",
        model(&format!("<s:all>{members}</s:all>")),
        [
            ("backwards", true, content(&mut (0..1_000).rev())),
            ("scattered", true, content(&mut (0..1_000).map(|number| number * 7 % 1_000))),
            ("one missing", false, content(&mut (1..1_000))),
            ("one twice", false, content(&mut (0..1_000).chain([500]))),
        ],
    )
}

/// A choice of wildcards, each for its own namespace: any two have to be compared.
fn wildcards(count: usize) -> String {
    let members: String =
        (0..count).map(|number| format!("<s:any namespace='urn:{number}' processContents='lax'/>")).collect();
    model(&format!("<s:choice maxOccurs='unbounded'>{members}</s:choice>"))
}

fn a_thousand_wildcards() -> Case {
    let schema = wildcards(1_000);
    let all = "<a xmlns='urn:999'/>".repeat(10_000);
    checks(
        "1,000 wildcards",
        schema,
        [("of the last", true, all.clone()), ("of none", false, format!("{all}<a xmlns='urn:1000'/>"))],
    )
}

fn wildcards_that_are_shared() -> Case {
    let members: String =
        (0..1_000).map(|number| format!("<s:any namespace='urn:{number}' processContents='lax'/>")).collect();
    let types: String = (0..1_000)
        .map(|number| format!("\n<s:complexType name='t{number}'><s:group ref='g'/></s:complexType>"))
        .collect();
    Case {
        name: "1,000 wildcards in 1,000 types",
        schema: schema(&format!("<s:group name='g'><s:choice>{members}</s:choice></s:group>{types}")),
        outcome: Outcome::Refused("too many of their particles"),
    }
}

fn fifty_thousand_wildcards() -> Case {
    let outcome = Outcome::Refused("have to be compared");
    Case { name: "50,000 wildcards", schema: wildcards(50_000), outcome }
}

/// `$` is literal in a pattern of XML Schema.
fn pattern_with_nested_loops() -> Case {
    checks(
        "pattern (a+)+$",
        pattern("(a+)+$"),
        [
            ("100,000 a, $", true, format!("{}$", "a".repeat(100_000))),
            ("100,000 a", false, "a".repeat(100_000)),
            ("40 a", false, "a".repeat(40)),
        ],
    )
}

fn pattern_with_two_ways_through() -> Case {
    checks(
        "pattern ((a+)+)+b|(a|aa)+c",
        pattern("((a+)+)+b|(a|aa)+c"),
        [
            ("40 a, b", true, format!("{}b", "a".repeat(40))),
            ("40 a, c", true, format!("{}c", "a".repeat(40))),
            ("40 a", false, "a".repeat(40)),
            ("100,000 a", false, "a".repeat(100_000)),
        ],
    )
}

fn pattern_with_ranges_in_ranges() -> Case {
    checks(
        "pattern ((a{0,100}){0,100}){0,100}b",
        pattern("((a{0,100}){0,100}){0,100}b"),
        [
            ("b", true, String::from("b")),
            ("1,000,000 a, b", true, format!("{}b", "a".repeat(1_000_000))),
            ("1,000,001 a, b", false, format!("{}b", "a".repeat(1_000_001))),
            ("40 a", false, "a".repeat(40)),
        ],
    )
}

fn pattern_of_four_nested_thousands() -> Case {
    Case {
        name: "pattern (((a{1,1000}){1,1000}){1,1000}){1,1000}",
        schema: pattern("(((a{1,1000}){1,1000}){1,1000}){1,1000}"),
        outcome: Outcome::Refused("at most 131072 states"),
    }
}

fn pattern_of_four_different_thousands() -> Case {
    Case {
        name: "pattern ((((a{1,1000}b?){1,1000}c?){1,1000}d?){1,1000}e?)",
        schema: pattern("((((a{1,1000}b?){1,1000}c?){1,1000}d?){1,1000}e?)"),
        outcome: Outcome::Refused("at most 131072 states"),
    }
}

fn a_decimal_with_a_long_bound() -> Case {
    let digits = "9".repeat(100_000);
    checks(
        "decimal, maxInclusive of 100,000 digits",
        restriction("s:decimal", &format!("<s:maxInclusive value='{digits}.5'/>")),
        [
            ("the same", true, format!("{digits}.5000")),
            ("more by little", false, format!("{digits}.5001")),
            ("a digit more", false, format!("{digits}0")),
        ],
    )
}

fn a_decimal_with_many_digits() -> Case {
    let digits = "9".repeat(100_000);
    checks(
        "decimal, totalDigits 100,000",
        restriction("s:decimal", "<s:totalDigits value='100000'/><s:fractionDigits value='1'/>"),
        [("as many", true, format!("000{digits}.0")), ("one more", false, format!("{digits}.5"))],
    )
}

fn a_decimal_with_a_long_value() -> Case {
    let digits = "9".repeat(100_000);
    checks(
        "decimal, enumeration of 100,000 digits",
        restriction("s:decimal", &format!("<s:enumeration value='{digits}'/>")),
        [("spelled otherwise", true, format!("+0{digits}.00")), ("negative", false, format!("-{digits}"))],
    )
}

/// Types each of which extends the next one, and the last one the first.
fn circle(name: &'static str, length: usize) -> Case {
    let mut types = String::from("<s:element name='r' type='t0'/>");
    for number in 0..length {
        let base = (number + 1) % length;
        let _ = write!(
            types,
            "\n<s:complexType name='t{number}'><s:complexContent><s:extension base='t{base}'/></s:complexContent></s:complexType>"
        );
    }
    Case { name, schema: schema(&types), outcome: Outcome::Refused("derived from itself") }
}

fn circle_of_one_type() -> Case {
    circle("a type derived from itself", 1)
}

fn circle_of_two_hundred_types() -> Case {
    circle("200 types derived in a circle", 200)
}

fn type_that_contains_itself() -> Case {
    let schema = schema(
        "<s:element name='r' type='t'/><s:complexType name='t'><s:sequence>\
         <s:element name='r' type='t' minOccurs='0'/></s:sequence></s:complexType>",
    );
    checks(
        "a type that contains itself",
        schema,
        [("100 deep", true, format!("{}{}", "<r>".repeat(100), "</r>".repeat(100)))],
    )
}

/// Half of the members substitute for the head through another one.
fn ten_thousand_members_of_a_substitution_group() -> Case {
    const MEMBERS: usize = 10_000;
    let mut elements = String::from(
        "<s:element name='r'><s:complexType><s:sequence><s:element ref='head' maxOccurs='unbounded'/>\
         <s:element ref='other' minOccurs='0'/></s:sequence></s:complexType></s:element>\
         <s:element name='head' type='s:decimal' abstract='true'/><s:element name='other'/>",
    );
    for number in 0..MEMBERS {
        let head = if number % 2 == 0 { String::from("head") } else { format!("m{}", number - 1) };
        let _ = write!(elements, "<s:element name='m{number}' type='s:integer' substitutionGroup='{head}'/>");
    }
    let all: String = (0..MEMBERS).rev().map(|number| format!("<m{number}>{number}</m{number}>")).collect();
    checks(
        "a substitution group of 10,000 members",
        schema(&elements),
        [
            ("all of them", true, format!("{all}<other/>")),
            ("the abstract head", false, format!("{all}<head>1</head>")),
            ("a wrong value", false, format!("{all}<m9999>x</m9999>")),
            ("one after the end", false, format!("{all}<other/><m0>1</m0>")),
        ],
    )
}

fn twenty_thousand_keys_and_references() -> Case {
    const KEYS: usize = 20_000;
    let schema = schema(
        "<s:element name='r'><s:complexType><s:sequence>\
           <s:element name='k' maxOccurs='unbounded'><s:complexType><s:attribute name='id' type='s:int'/></s:complexType></s:element>\
           <s:element name='f' minOccurs='0' maxOccurs='unbounded'><s:complexType><s:attribute name='to' type='s:int'/></s:complexType></s:element>\
         </s:sequence></s:complexType>\
         <s:key name='key'><s:selector xpath='k'/><s:field xpath='@id'/></s:key>\
         <s:keyref name='ref' refer='key'><s:selector xpath='f'/><s:field xpath='@to'/></s:keyref></s:element>",
    );
    let keys: String = (0..KEYS).map(|number| format!("<k id='{number}'/>")).collect();
    // Other spellings of the same values, in another order.
    let references: String = (0..KEYS).map(|number| format!("<f to='+0{}'/>", number * 7 % KEYS)).collect();
    checks(
        "20,000 keys and as many references",
        schema,
        [
            ("all found", true, format!("{keys}{references}")),
            ("one key twice", false, format!("{keys}<k id='00'/>{references}")),
            ("one not found", false, format!("{keys}{references}<f to='{KEYS}'/>")),
            ("none found", false, format!("{keys}{}", "<f to='-1'/>".repeat(KEYS))),
        ],
    )
}

fn choice_of_ten_thousand() -> Case {
    const MEMBERS: usize = 10_000;
    let members: String = (0..MEMBERS).map(|number| format!("<s:element name='e{number}' type='s:int'/>")).collect();
    let all: String = (0..MEMBERS).rev().map(|number| format!("<e{number}>{number}</e{number}>")).collect();
    checks(
        "a choice of 10,000",
        model(&format!("<s:choice maxOccurs='unbounded'>{members}</s:choice>")),
        [
            ("20,000", true, all.repeat(2)),
            ("another name after", false, format!("{all}<e/>")),
            ("a wrong value after", false, format!("{all}<e9999>x</e9999>")),
        ],
    )
}

/// An enumeration of this many texts.
fn enumeration(values: usize) -> String {
    (0..values).map(|number| format!("<s:enumeration value='v{number}'/>")).collect()
}

fn enumeration_of_ten_thousand() -> Case {
    const VALUES: usize = 10_000;
    let values = enumeration(VALUES);
    let schema = model(&format!(
        "<s:sequence><s:element name='a' maxOccurs='unbounded'><s:simpleType><s:restriction base='s:string'>{values}\
         </s:restriction></s:simpleType></s:element></s:sequence>"
    ));
    let all: String = (0..VALUES).rev().map(|number| format!("<a>v{number}</a>")).collect();
    checks(
        "an enumeration of 10,000",
        schema,
        [("20,000", true, all.repeat(2)), ("another text after", false, format!("{all}<a>v</a>"))],
    )
}

/// Each element has the type, and must not have all its values.
fn enumeration_that_is_shared() -> Case {
    let elements: String =
        (0..300).map(|number| format!("<s:element name='e{number}' type='t' minOccurs='0'/>")).collect();
    let schema = schema(&format!(
        "<s:element name='r'><s:complexType><s:sequence>{elements}</s:sequence></s:complexType></s:element>\
         <s:simpleType name='t'><s:restriction base='s:string'>{}</s:restriction></s:simpleType>",
        enumeration(5_000)
    ));
    checks(
        "an enumeration of 5,000 in 300 optional elements",
        schema,
        [
            ("the last ones", true, String::from("<e299>v4999</e299>")),
            ("another text", false, String::from("<e7>v</e7>")),
        ],
    )
}

fn enumeration_that_is_restricted() -> Case {
    let types: String = (0..2_000)
        .map(|number| format!("<s:simpleType name='t{number}'><s:restriction base='t'/></s:simpleType>"))
        .collect();
    let schema = schema(&format!(
        "<s:element name='r' type='t1999'/>{types}\
         <s:simpleType name='t'><s:restriction base='s:string'>{}</s:restriction></s:simpleType>",
        enumeration(5_000)
    ));
    checks(
        "an enumeration of 5,000 with 2,000 restrictions",
        schema,
        [("the last value", true, String::from("v4999")), ("another text", false, String::from("v5000"))],
    )
}

fn a_thousand_attributes() -> Case {
    let attributes: String = (0..1_000).map(|number| format!("<s:attribute name='x{number}' type='s:int'/>")).collect();
    let schema = model(&format!(
        "<s:sequence><s:element name='a' maxOccurs='unbounded'><s:complexType>{attributes}</s:complexType></s:element></s:sequence>"
    ));
    let all: String = (0..1_000).rev().map(|number| format!("<a x{number}='1'/>")).collect();
    checks(
        "1000 attributes",
        schema,
        [("10,000", true, all.repeat(10)), ("another one after", false, format!("{all}<a x='1'/>"))],
    )
}

/// Each of its elements may be followed by all later ones, separately in each type.
fn group_that_is_shared() -> Case {
    let elements: String =
        (0..60).map(|number| format!("<s:element name='e{number}' type='s:int' minOccurs='0'/>")).collect();
    let types: String = (0..3_000)
        .map(|number| format!("<s:complexType name='t{number}'><s:group ref='g'/></s:complexType>"))
        .collect();
    let schema = schema(&format!(
        "<s:element name='r' type='t2999'/><s:group name='g'><s:sequence>{elements}</s:sequence></s:group>{types}"
    ));
    Case { name: "a group of 60 optional elements in 3,000 types", schema, outcome: Outcome::Refused("too many edges") }
}

fn attributes_that_are_inherited() -> Case {
    let attributes: String = (0..500).map(|number| format!("<s:attribute name='x{number}' type='s:int'/>")).collect();
    let types: String = (0..3_000)
        .map(|number| {
            format!(
                "\n<s:complexType name='t{number}'><s:complexContent><s:extension base='t'/></s:complexContent></s:complexType>"
            )
        })
        .collect();
    Case {
        name: "500 attributes in 3,000 derived types",
        schema: schema(&format!("<s:complexType name='t'>{attributes}</s:complexType>{types}")),
        outcome: Outcome::Refused("at most 262144 attributes"),
    }
}

/// All elements of the type have its documentation, and share it.
fn documentation_that_is_shared() -> Case {
    let words = "words ".repeat(50_000);
    let elements: String = (0..3_000).map(|number| format!("<s:element name='e{number}' type='t'/>")).collect();
    let schema = schema(&format!(
        "<s:complexType name='t'><s:annotation><s:documentation>{words}</s:documentation></s:annotation></s:complexType>\
         <s:element name='r' type='t'/>{elements}"
    ));
    checks(
        "documentation of 300,000 bytes for 3,000 elements",
        schema,
        [("an empty element", true, String::new()), ("one with text", false, String::from("text"))],
    )
}

/// For each of them, the schema could mean any of its own names.
fn names_that_nobody_knows() -> Case {
    let members: String = (0..10_000).map(|number| format!("<s:element name='name{number}'/>")).collect();
    let unknown: String = (0..10_000).map(|number| format!("<nome{number}x/>")).collect();
    checks(
        "a choice of 10,000, met by other names",
        model(&format!("<s:choice maxOccurs='unbounded'>{members}</s:choice>")),
        [("10,000 unknown", false, unknown)],
    )
}

/// If a child is not allowed, any of its places may be meant.
fn one_name_in_many_places() -> Case {
    const PAIRS: usize = 2_000;
    let pairs = "<s:element name='a'/><s:element name='b'/>".repeat(PAIRS);
    checks(
        "a sequence of 2,000 pairs, written out",
        model(&format!("<s:sequence>{pairs}</s:sequence>")),
        [
            ("as it is", true, "<a/><b/>".repeat(PAIRS)),
            ("the one alone", false, "<a/>".repeat(2 * PAIRS)),
            ("the others after", false, format!("{}{}", "<a/><b/>".repeat(PAIRS), "<b/>".repeat(PAIRS))),
        ],
    )
}

/// Each child comes before all earlier ones.
fn the_wrong_order() -> Case {
    let members: String = (0..1_000).map(|number| format!("<s:element name='e{number}'/>")).collect();
    let content: String = (0..1_000).rev().map(|number| format!("<e{number}/>")).collect();
    checks(
        "a sequence of 1,000",
        model(&format!("<s:sequence>{members}</s:sequence>")),
        [("backwards", false, content)],
    )
}
