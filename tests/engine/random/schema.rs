//! Schemas with every construct that the walk handles.

use super::Dice;

pub(crate) const TARGET: &str = "urn:t";
pub(crate) const OTHER: &str = "urn:u";

/// A simple type and values of it.
pub(crate) struct Simple {
    pub(crate) name: &'static str,
    pub(crate) values: &'static [&'static str],
}

/// Valid values, followed by some that are invalid for most types.
pub(crate) const SIMPLES: &[Simple] = &[
    Simple {
        name: "xs:string",
        values: &["", "a b", " x ", "ok", "long text with & and < in it, of more than sixteen"],
    },
    Simple { name: "xs:int", values: &["1", "-7", " 12 ", "+3"] },
    Simple { name: "xs:token", values: &["ok", " a  b ", ""] },
    Simple { name: "xs:boolean", values: &["true", "0", " 1\n"] },
    Simple { name: "xs:decimal", values: &["1.50", "-.5", "1.5"] },
    Simple { name: "xs:date", values: &["2024-02-29", "2023-01-01Z"] },
    Simple { name: "xs:anyURI", values: &["urn:a", "http://h/%20#f"] },
    Simple { name: "xs:QName", values: &["t:n", "u:n", "n", "xsi:n"] },
    Simple { name: "xs:ID", values: &["i1", "i2", "i3", "i4", "i5", "i6", "i7", "i8", "i9"] },
    Simple { name: "xs:IDREF", values: &["i1", "i2", "i3"] },
    Simple { name: "xs:IDREFS", values: &["i1 i2", " i3  i1 "] },
    Simple { name: "xs:normalizedString", values: &["a\tb", ""] },
    Simple { name: "t:Enum", values: &["one", "two", "thr\u{e9}e"] },
    Simple { name: "t:Ints", values: &["1 2 3", "", "4"] },
    Simple { name: "t:Either", values: &["5", "one", " true"] },
    Simple { name: "t:Code", values: &["AB1", "XY123"] },
    Simple { name: "t:Note", values: &["t:gif", "t:png"] },
    Simple { name: "t:Linked", values: &["i1", "i2", "7", "8"] },
];

const DECLARED: &str = r#"
<xs:notation name="gif" public="g"/><xs:notation name="png" public="p"/>
<xs:simpleType name="Enum"><xs:restriction base="xs:string">
  <xs:enumeration value="one"/><xs:enumeration value="two"/><xs:enumeration value="thr&#xe9;e"/>
</xs:restriction></xs:simpleType>
<xs:simpleType name="Ints"><xs:list itemType="xs:int"/></xs:simpleType>
<xs:simpleType name="Either"><xs:union memberTypes="xs:int t:Enum xs:boolean"/></xs:simpleType>
<xs:simpleType name="Code"><xs:restriction base="xs:token">
  <xs:pattern value="[A-Z]{2}\d{1,3}"/><xs:maxLength value="5"/>
</xs:restriction></xs:simpleType>
<xs:simpleType name="Note"><xs:restriction base="xs:NOTATION">
  <xs:enumeration value="t:gif"/><xs:enumeration value="t:png"/>
</xs:restriction></xs:simpleType>
<xs:simpleType name="Linked"><xs:union memberTypes="xs:IDREF xs:int"/></xs:simpleType>
"#;

const OTHERS: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:u" xmlns:u="urn:u">
<xs:element name="n" type="xs:int"/>
<xs:element name="m"><xs:complexType mixed="true">
  <xs:sequence><xs:any minOccurs="0" maxOccurs="2" processContents="lax"/></xs:sequence>
  <xs:attribute name="k" type="xs:int" default="4"/>
</xs:complexType></xs:element>
<xs:element name="w" type="xs:ID"/>
<xs:attribute name="at" type="xs:boolean"/><xs:attribute name="id" type="xs:ID"/>
</xs:schema>"#;

pub(crate) enum Value {
    None,
    Default(String),
    Fixed(String),
}

/// What an element contains.
#[derive(Clone, Copy)]
pub(crate) enum Type {
    Simple(usize),
    Complex(usize),
    Any,
}

pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) type_of: Type,
    pub(crate) nillable: bool,
    pub(crate) value: Value,
    pub(crate) is_qualified: bool,
}

pub(crate) enum Term {
    Element(Element),
    /// A global element.
    Reference(usize),
    Any {
        namespaces: &'static str,
        process: &'static str,
    },
    Sequence(Vec<Particle>),
    Choice(Vec<Particle>),
    All(Vec<Particle>),
}

pub(crate) struct Particle {
    pub(crate) term: Term,
    pub(crate) min: usize,
    /// `None` for unbounded.
    pub(crate) max: Option<usize>,
}

pub(crate) struct Attribute {
    pub(crate) name: String,
    pub(crate) simple: usize,
    pub(crate) is_qualified: bool,
    pub(crate) use_of: &'static str,
    pub(crate) value: Value,
    /// The global attribute `u:at` or `u:id`.
    pub(crate) reference: bool,
}

pub(crate) enum Content {
    Empty,
    Simple(usize),
    Particle(Particle),
}

pub(crate) struct Complex {
    pub(crate) content: Content,
    pub(crate) mixed: bool,
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) any_attribute: Option<(&'static str, &'static str)>,
    /// The type that this one extends.
    pub(crate) base: Option<usize>,
    pub(crate) is_abstract: bool,
    /// Whether there is a restriction that only differs in prohibited attributes.
    pub(crate) has_restriction: bool,
}

pub(crate) struct Global {
    pub(crate) name: String,
    pub(crate) type_of: Type,
    pub(crate) head: Option<usize>,
    pub(crate) is_abstract: bool,
    pub(crate) nillable: bool,
    pub(crate) constraints: String,
}

pub(crate) struct Written {
    pub(crate) has_target: bool,
    pub(crate) is_qualified: bool,
    pub(crate) types: Vec<Complex>,
    pub(crate) globals: Vec<Global>,
    rules: String,
}

const LETTERS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "gg", "quite-a-long-name-of-an-element"];
const ATTRIBUTES: [&str; 5] = ["k", "x", "y", "id", "z"];

fn value_of(dice: &mut Dice, simple: usize) -> Value {
    let simple = &SIMPLES[simple];
    // IDs cannot have defaults, and defaults of names depend on prefixes.
    if matches!(simple.name, "xs:ID" | "xs:QName" | "t:Note") || simple.values.is_empty() || dice.chance(2, 3) {
        return Value::None;
    }
    let value = (dice.pick(simple.values)).to_owned();
    if dice.chance(1, 2) { Value::Default(value) } else { Value::Fixed(value) }
}

fn occurrences(dice: &mut Dice) -> (usize, Option<usize>) {
    match dice.below(8) {
        0 | 1 => (1, Some(1)),
        2 => (0, Some(1)),
        3 => (0, None),
        4 => (1, None),
        5 => (0, Some(dice.below(5) + 1)),
        _ => {
            let min = dice.below(4);
            (min, Some((min + dice.below(3)).max(1)))
        }
    }
}

struct Making<'d> {
    dice: &'d mut Dice,
    types: usize,
    globals: usize,
    /// Names not yet used in the content model.
    names: Vec<&'static str>,
    references: Vec<usize>,
    index: usize,
    is_qualified: bool,
    has_any: bool,
}

impl Making<'_> {
    fn type_of(&mut self, is_optional: bool) -> Type {
        let complex = if is_optional { self.types } else { self.index };
        if complex > 0 && self.dice.chance(1, 2) {
            return Type::Complex(self.dice.below(complex));
        }
        if self.dice.chance(1, 15) { Type::Any } else { Type::Simple(self.dice.below(SIMPLES.len())) }
    }

    fn element(&mut self, in_all: bool) -> Option<Particle> {
        if self.names.is_empty() {
            return None;
        }
        let name = self.names.swap_remove(self.dice.below(self.names.len()));
        let (min, max) = if in_all { (self.dice.below(2), Some(1)) } else { occurrences(self.dice) };
        let type_of = self.type_of(min == 0);
        let value = match type_of {
            Type::Simple(simple) => value_of(self.dice, simple),
            _ => Value::None,
        };
        let is_qualified = if self.dice.chance(1, 10) { !self.is_qualified } else { self.is_qualified };
        let nillable = self.dice.chance(1, 6);
        Some(Particle {
            term: Term::Element(Element { name: name.to_owned(), type_of, nillable, value, is_qualified }),
            min,
            max,
        })
    }

    fn particle(&mut self, depth: usize) -> Option<Particle> {
        let (min, max) = occurrences(self.dice);
        let term = match self.dice.below(if depth > 2 { 7 } else { 11 }) {
            0 if self.globals > 0 && !self.references.is_empty() => {
                let global = self.references.swap_remove(self.dice.below(self.references.len()));
                return Some(Particle { term: Term::Reference(global), min: 0, max });
            }
            1 if !self.has_any => {
                self.has_any = true;
                let namespaces =
                    self.dice.pick(&["##other", "##any", "urn:u", "##targetNamespace", "##local", "urn:u urn:v"]);
                Term::Any { namespaces, process: self.dice.pick(&["lax", "strict", "skip"]) }
            }
            0..=6 => return self.element(false),
            7 | 8 => Term::Sequence(self.particles(depth + 1)),
            _ => Term::Choice(self.particles(depth + 1)),
        };
        Some(Particle { term, min, max })
    }

    fn particles(&mut self, depth: usize) -> Vec<Particle> {
        let count = self.dice.below(4) + 1;
        (0..count).filter_map(|_| self.particle(depth)).collect()
    }

    fn complex(&mut self) -> Complex {
        self.names = LETTERS.to_vec();
        self.references = (0..self.globals).collect();
        self.has_any = false;
        let mixed = self.dice.chance(1, 3);
        let content = match self.dice.below(8) {
            0 => Content::Empty,
            1 => Content::Simple(self.dice.below(SIMPLES.len())),
            2 => {
                let count = self.dice.below(4) + 1;
                let members = (0..count).filter_map(|_| self.element(true)).collect();
                Content::Particle(Particle { term: Term::All(members), min: self.dice.below(2), max: Some(1) })
            }
            3 => Content::Particle(Particle { term: Term::Choice(self.particles(0)), min: 0, max: None }),
            4 => Content::Particle(Particle { term: Term::Choice(self.particles(0)), min: 1, max: Some(3) }),
            _ => {
                let (min, max) = if self.dice.chance(1, 4) { occurrences(self.dice) } else { (1, Some(1)) };
                Content::Particle(Particle { term: Term::Sequence(self.particles(0)), min, max })
            }
        };
        let mixed = mixed && matches!(content, Content::Particle(_));
        let mut attributes = Vec::new();
        let mut has_id = false;
        for name in ATTRIBUTES {
            if self.dice.chance(1, 3) {
                let mut simple = self.dice.below(SIMPLES.len());
                if SIMPLES[simple].name == "xs:ID" && std::mem::replace(&mut has_id, true) {
                    simple = 1;
                }
                let use_of = self.dice.pick(&["optional", "optional", "required"]);
                let value = match value_of(self.dice, simple) {
                    Value::Default(_) if use_of == "required" => Value::None,
                    value => value,
                };
                let is_qualified = self.dice.chance(1, 6);
                attributes.push(Attribute {
                    name: name.to_owned(),
                    simple,
                    is_qualified,
                    use_of,
                    value,
                    reference: false,
                });
            }
        }
        if self.dice.chance(1, 6) {
            let simple = 3;
            attributes.push(Attribute {
                name: "at".to_owned(),
                simple,
                is_qualified: true,
                use_of: "optional",
                value: Value::None,
                reference: true,
            });
        }
        let any = ["##any", "##other", "urn:u", "##local"];
        let process = ["lax", "strict", "skip"];
        let any_attribute = self.dice.chance(1, 4).then(|| (self.dice.pick(&any), self.dice.pick(&process)));
        let is_abstract = self.dice.chance(1, 25);
        Complex {
            content,
            mixed,
            attributes,
            any_attribute,
            base: None,
            is_abstract,
            has_restriction: self.dice.chance(1, 5),
        }
    }

    /// An extension of an earlier type: one more child and attribute.
    fn extension(&mut self, base: usize, types: &[Complex]) -> Option<Complex> {
        let below = &types[base];
        if below.base.is_some() {
            return None;
        }
        let content = match &below.content {
            Content::Simple(simple) => Content::Simple(*simple),
            Content::Particle(Particle { term: Term::All(_), .. }) => return None,
            Content::Particle(_) | Content::Empty => {
                self.names = vec!["ext", "ext-two"];
                let elements = (0..self.dice.below(3)).filter_map(|_| self.element(false)).collect();
                Content::Particle(Particle { term: Term::Sequence(elements), min: 1, max: Some(1) })
            }
        };
        let attributes = if self.dice.chance(1, 2) {
            let use_of = self.dice.pick(&["optional", "required"]);
            vec![Attribute {
                name: "more".to_owned(),
                simple: 1,
                is_qualified: false,
                use_of,
                value: Value::None,
                reference: false,
            }]
        } else {
            Vec::new()
        };
        let mixed = below.mixed && matches!(below.content, Content::Particle(_));
        Some(Complex {
            content,
            mixed,
            attributes,
            any_attribute: None,
            base: Some(base),
            is_abstract: false,
            has_restriction: false,
        })
    }
}

const TESTS: &[&str] = &[
    "a",
    "not(a and b)",
    "count(a) &lt;= 2",
    "a/following-sibling::b",
    "b/preceding-sibling::a",
    "text()",
    ". = 'ok'",
    "string-length(.) &gt; 5",
    "string-length(normalize-space()) = 3",
    "@k",
    "@*",
    "*",
    "count(*) &gt; 2",
    "@x = '1'",
    "@k = @x",
    "a = 'ok'",
    "a = b",
    "a &gt; 3",
    "c = '' and not(@k)",
    "translate(., 'ab', '') = ''",
    "number(d) &lt; 5",
    "substring-before(a, 'x') = ''",
    "count(a) = count(b)",
    "not(a) or b",
    "e and @y = 'ok'",
    "string-length(a) &lt; 3",
    "not(text() and *)",
];

impl Written {
    pub(crate) fn random(dice: &mut Dice) -> Written {
        let has_target = dice.chance(2, 3);
        let is_qualified = dice.chance(2, 3);
        let (types, globals) = (dice.below(4) + 2, dice.below(4));
        let mut making = Making {
            dice,
            types,
            globals,
            names: Vec::new(),
            references: Vec::new(),
            index: 0,
            is_qualified,
            has_any: false,
        };
        let mut made: Vec<Complex> = Vec::new();
        for index in 0..types {
            making.index = index;
            let extension = if index > 0 && making.dice.chance(1, 3) {
                let base = making.dice.below(index);
                making.extension(base, &made)
            } else {
                None
            };
            let complex = extension.unwrap_or_else(|| making.complex());
            made.push(complex);
        }
        let globals = (0..globals).map(|index| making.global(index, &made)).collect();
        let mut written = Written { has_target, is_qualified, types: made, globals, rules: String::new() };
        written.globals.push(Global {
            name: "root".to_owned(),
            type_of: Type::Complex(types - 1),
            head: None,
            is_abstract: false,
            nillable: dice.chance(1, 4),
            constraints: String::new(),
        });
        written.add_constraints(dice);
        written.add_rules(dice);
        written
    }

    fn prefix(&self) -> &'static str {
        if self.has_target { "t:" } else { "" }
    }

    /// The prefix of local elements in paths.
    fn local_prefix(&self) -> &'static str {
        if self.has_target && self.is_qualified { "t:" } else { "" }
    }

    fn add_constraints(&mut self, dice: &mut Dice) {
        let (p, g) = (self.local_prefix(), self.prefix());
        for index in 0..self.globals.len() {
            if !dice.chance(1, 3) {
                continue;
            }
            let mut text = String::new();
            let mut referred = None;
            for number in 0..dice.below(3) + 1 {
                let selector = match dice.below(6) {
                    0 => format!(".//{p}a"),
                    1 => format!("{p}a|{p}b"),
                    2 => ".//*".to_owned(),
                    3 => format!("{p}a/{p}b"),
                    4 => format!(".//{p}c|{p}d"),
                    _ => ".".to_owned(),
                };
                let field = match dice.below(6) {
                    0 => "@k".to_owned(),
                    1 => "@x|@y".to_owned(),
                    2 => ".".to_owned(),
                    3 => format!("{p}b"),
                    4 => "@*".to_owned(),
                    _ => format!("{p}c|@k"),
                };
                let name = format!("ic{index}-{number}");
                let inner = format!("<xs:selector xpath=\"{selector}\"/><xs:field xpath=\"{field}\"/>");
                match (dice.below(3), &referred) {
                    (0, Some(other)) => {
                        text += &format!("<xs:keyref name=\"{name}\" refer=\"{g}{other}\">{inner}</xs:keyref>")
                    }
                    (1, _) => {
                        text += &format!("<xs:key name=\"{name}\">{inner}</xs:key>");
                        referred = Some(name);
                    }
                    _ => {
                        text += &format!("<xs:unique name=\"{name}\">{inner}</xs:unique>");
                        referred = Some(name);
                    }
                }
            }
            self.globals[index].constraints = text;
        }
    }

    fn add_rules(&mut self, dice: &mut Dice) {
        if !dice.chance(1, 2) {
            return;
        }
        let p = self.local_prefix();
        let mut rules = String::new();
        for _ in 0..dice.below(4) + 1 {
            let context = match dice.below(5) {
                0 => format!("{}root", self.prefix()),
                1 => format!("{p}{}", dice.pick(&LETTERS)),
                2 => format!("//{p}{}/{p}{}", dice.pick(&LETTERS), dice.pick(&LETTERS)),
                3 => format!("{}root/{p}{}", self.prefix(), dice.pick(&LETTERS)),
                _ => format!("{p}{}", dice.pick(&LETTERS[..3])),
            };
            rules += "<sch:pattern>";
            rules += &format!("<sch:rule context=\"{context}\">");
            for number in 0..dice.below(3) + 1 {
                let role = if dice.chance(1, 2) { " role=\"warning\"" } else { "" };
                let kind = dice.pick(&["assert", "report"]);
                // Children have the namespace of local elements; the names in `TESTS` have no prefixes.
                let test = dice.pick(TESTS);
                let test = if p.is_empty() { test.to_owned() } else { prefixed(test) };
                rules += &format!("<sch:{kind} test=\"{test}\"{role}>rule {number}: {}</sch:{kind}>", test);
            }
            rules += "</sch:rule></sch:pattern>";
        }
        self.rules = rules;
    }

    /// The schema documents, the root first.
    pub(crate) fn sources(&self) -> Vec<(&'static str, String)> {
        let mut text = String::from(
            "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:u=\"urn:u\" \
             xmlns:sch=\"http://purl.oclc.org/dsdl/schematron\"",
        );
        if self.has_target {
            text += " xmlns:t=\"urn:t\" targetNamespace=\"urn:t\"";
        }
        if self.is_qualified {
            text += " elementFormDefault=\"qualified\"";
        }
        text += ">\n<xs:import namespace=\"urn:u\" schemaLocation=\"u.xsd\"/>\n";
        if !self.rules.is_empty() {
            text += "<xs:annotation><xs:appinfo><rules xmlns=\"urn:packetcheck\"/>";
            if self.has_target {
                text += "<sch:ns prefix=\"t\" uri=\"urn:t\"/>";
            }
            text += &format!("{}</xs:appinfo></xs:annotation>\n", self.rules);
        }
        text += &self.local(DECLARED);
        for (index, complex) in self.types.iter().enumerate() {
            self.write_complex(index, complex, &mut text);
        }
        for global in &self.globals {
            let head =
                global.head.map(|head| format!(" substitutionGroup=\"{}{}\"", self.prefix(), self.globals[head].name));
            text += &format!(
                "<xs:element name=\"{}\"{}{}{}{}>{}</xs:element>\n",
                global.name,
                self.type_attribute(global.type_of),
                head.unwrap_or_default(),
                if global.is_abstract { " abstract=\"true\"" } else { "" },
                if global.nillable { " nillable=\"true\"" } else { "" },
                global.constraints
            );
        }
        // Names in rules have to be declared somewhere.
        text += "<xs:complexType name=\"Names\"><xs:sequence>";
        for name in LETTERS {
            text += &format!("<xs:element name=\"{name}\"/>");
        }
        text += "</xs:sequence>";
        for name in ATTRIBUTES {
            text += &format!("<xs:attribute name=\"{name}\"/>");
        }
        text += "</xs:complexType>\n</xs:schema>";
        vec![("t.xsd", text), ("u.xsd", OTHERS.to_owned())]
    }

    /// Without a target namespace there is no prefix.
    fn local(&self, text: &str) -> String {
        if self.has_target { text.to_owned() } else { text.replace("t:", "") }
    }

    fn type_attribute(&self, type_of: Type) -> String {
        match type_of {
            Type::Simple(simple) => format!(" type=\"{}\"", self.local(SIMPLES[simple].name)),
            Type::Complex(index) => format!(" type=\"{}T{index}\"", self.prefix()),
            Type::Any => String::new(),
        }
    }

    fn write_complex(&self, index: usize, complex: &Complex, text: &mut String) {
        let mixed = if complex.mixed { " mixed=\"true\"" } else { "" };
        let is_abstract = if complex.is_abstract { " abstract=\"true\"" } else { "" };
        *text += &format!("<xs:complexType name=\"T{index}\"{mixed}{is_abstract}>");
        let attributes = self.attributes(complex);
        match (&complex.content, complex.base) {
            (Content::Simple(_), Some(base)) => {
                *text += &format!(
                    "<xs:simpleContent><xs:extension base=\"{}T{base}\">{attributes}</xs:extension></xs:simpleContent>",
                    self.prefix()
                );
            }
            (Content::Simple(simple), None) => {
                let base = self.local(SIMPLES[*simple].name);
                *text += &format!(
                    "<xs:simpleContent><xs:extension base=\"{base}\">{attributes}</xs:extension></xs:simpleContent>"
                );
            }
            (content, Some(base)) => {
                *text += &format!("<xs:complexContent><xs:extension base=\"{}T{base}\">", self.prefix());
                self.write_content(content, text);
                *text += &format!("{attributes}</xs:extension></xs:complexContent>");
            }
            (content, None) => {
                self.write_content(content, text);
                *text += &attributes;
            }
        }
        *text += "</xs:complexType>\n";
        if complex.has_restriction && complex.base.is_none() && !matches!(complex.content, Content::Simple(_)) {
            *text += &format!(
                "<xs:complexType name=\"R{index}\"{mixed}><xs:complexContent><xs:restriction base=\"{}T{index}\">",
                self.prefix()
            );
            self.write_content(&complex.content, text);
            for attribute in complex.attributes.iter().filter(|it| !it.reference && it.use_of == "optional") {
                let form = if attribute.is_qualified { " form=\"qualified\"" } else { "" };
                *text += &format!("<xs:attribute name=\"{}\"{form} use=\"prohibited\"/>", attribute.name);
            }
            *text += "</xs:restriction></xs:complexContent></xs:complexType>\n";
        }
    }

    fn attributes(&self, complex: &Complex) -> String {
        let mut text = String::new();
        for attribute in &complex.attributes {
            if attribute.reference {
                text += "<xs:attribute ref=\"u:at\"/>";
                continue;
            }
            let form = if attribute.is_qualified { " form=\"qualified\"" } else { "" };
            text += &format!(
                "<xs:attribute name=\"{}\" type=\"{}\" use=\"{}\"{form}{}/>",
                attribute.name,
                self.local(SIMPLES[attribute.simple].name),
                attribute.use_of,
                constraint(&attribute.value)
            );
        }
        if let Some((namespaces, process)) = complex.any_attribute {
            text += &format!("<xs:anyAttribute namespace=\"{namespaces}\" processContents=\"{process}\"/>");
        }
        text
    }

    fn write_content(&self, content: &Content, text: &mut String) {
        if let Content::Particle(particle) = content {
            self.write_particle(particle, text);
        }
    }

    fn write_particle(&self, particle: &Particle, text: &mut String) {
        let max = particle.max.map_or("unbounded".to_owned(), |max| max.to_string());
        let occurs = format!(" minOccurs=\"{}\" maxOccurs=\"{max}\"", particle.min);
        let mut group = |name: &str, members: &[Particle]| {
            *text += &format!("<xs:{name}{occurs}>");
            members.iter().for_each(|member| self.write_particle(member, text));
            *text += &format!("</xs:{name}>");
        };
        match &particle.term {
            Term::Sequence(members) => group("sequence", members),
            Term::Choice(members) => group("choice", members),
            Term::All(members) => group("all", members),
            Term::Any { namespaces, process } => {
                *text += &format!("<xs:any namespace=\"{namespaces}\" processContents=\"{process}\"{occurs}/>");
            }
            Term::Reference(global) => {
                *text += &format!("<xs:element ref=\"{}{}\"{occurs}/>", self.prefix(), self.globals[*global].name);
            }
            Term::Element(element) => {
                let form = if element.is_qualified == self.is_qualified {
                    ""
                } else if element.is_qualified {
                    " form=\"qualified\""
                } else {
                    " form=\"unqualified\""
                };
                let nillable = if element.nillable { " nillable=\"true\"" } else { "" };
                *text += &format!(
                    "<xs:element name=\"{}\"{}{form}{nillable}{occurs}{}/>",
                    element.name,
                    self.type_attribute(element.type_of),
                    constraint(&element.value)
                );
            }
        }
    }
}

impl Making<'_> {
    fn global(&mut self, index: usize, types: &[Complex]) -> Global {
        let mut type_of = if self.dice.chance(1, 2) {
            Type::Complex(self.dice.below(self.types))
        } else {
            Type::Simple(self.dice.below(SIMPLES.len()))
        };
        let mut head = None;
        if index > 0 && self.dice.chance(1, 2) {
            // A member has the type of its head, or one that extends it; only the first is known to be the head's type.
            head = Some(0);
            type_of = Type::Any;
        }
        let _ = types;
        Global {
            name: format!("g{index}"),
            type_of,
            head,
            is_abstract: self.dice.chance(1, 6),
            nillable: self.dice.chance(1, 6),
            constraints: String::new(),
        }
    }
}

fn constraint(value: &Value) -> String {
    let escaped = |value: &str| value.replace('&', "&amp;").replace('<', "&lt;").replace('\t', "&#9;");
    match value {
        Value::None => String::new(),
        Value::Default(value) => format!(" default=\"{}\"", escaped(value)),
        Value::Fixed(value) => format!(" fixed=\"{}\"", escaped(value)),
    }
}

/// The names of children in a test, with the prefix `t:`.
fn prefixed(test: &str) -> String {
    let mut out = String::new();
    let mut before = ' ';
    let mut is_literal = false;
    let characters: Vec<char> = test.chars().collect();
    for (index, &character) in characters.iter().enumerate() {
        if character == '\'' {
            is_literal = !is_literal;
        }
        let after = characters.get(index + 1).copied().unwrap_or(' ');
        let is_name = matches!(character, 'a'..='e')
            && !is_literal
            && !before.is_alphanumeric()
            && before != '@'
            && before != '-'
            && !after.is_alphanumeric()
            && after != '-'
            && before != '&';
        if is_name {
            out += "t:";
        }
        out.push(character);
        before = character;
    }
    out
}
