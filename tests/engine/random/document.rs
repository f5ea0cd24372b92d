//! Documents that are nearly valid by a schema, using many of the ways in which XML can express the same thing.

use super::Dice;
use super::schema::{Content, Element, OTHER, Particle, SIMPLES, TARGET, Term, Type, Value, Written};

const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

enum Item {
    Text(String),
    Node(Node),
}

struct Node {
    namespace: &'static str,
    name: String,
    attributes: Vec<(&'static str, String, String)>,
    items: Vec<Item>,
}

pub(crate) struct Document(Node);

/// Beyond this depth no element has optional children.
const DEEP: usize = 5;
const MANY: usize = 150;

struct Filling<'w, 'd> {
    written: &'w Written,
    dice: &'d mut Dice,
    count: usize,
    ids: usize,
    /// There is one mistake in this many places.
    care: usize,
}

impl Document {
    pub(crate) fn random(dice: &mut Dice, written: &Written) -> Document {
        let care = dice.pick(&[1_000_000, 200, 40]);
        let mut filling = Filling { written, dice, count: 0, ids: 0, care };
        let root = if filling.dice.chance(9, 10) {
            written.globals.len() - 1
        } else {
            filling.dice.below(written.globals.len())
        };
        Document(filling.global(root, 0))
    }

    pub(crate) fn write(&self, dice: &mut Dice) -> Vec<u8> {
        let mut out = String::new();
        match dice.below(8) {
            0 => out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
            1 => out += "<?xml version='1.0'?>",
            2 => out += "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\r\n<!-- c -->",
            _ => {}
        }
        let style = Style { is_pretty: dice.chance(1, 2), prefix: dice.chance(1, 2), noise: dice.chance(1, 3) };
        let bindings = vec![("", ""), ("xml", "http://www.w3.org/XML/1998/namespace")];
        write_node(&self.0, bindings, &style, 0, dice, &mut out);
        if dice.chance(1, 6) {
            out += "\n<!-- end --><?p i?>\n";
        }
        out.into_bytes()
    }
}

impl Filling<'_, '_> {
    fn slip(&mut self) -> bool {
        self.dice.chance(1, self.care)
    }

    fn space(&self, is_qualified: bool) -> &'static str {
        if self.written.has_target && is_qualified { TARGET } else { "" }
    }

    fn global(&mut self, index: usize, depth: usize) -> Node {
        let global = &self.written.globals[index];
        let mut type_of = global.type_of;
        if let (Type::Any, Some(head)) = (type_of, global.head) {
            type_of = self.written.globals[head].type_of;
        }
        let mut node = self.node(self.space(true), &global.name, depth);
        self.fill(&mut node, type_of, global.nillable, &Value::None, depth);
        node
    }

    fn node(&mut self, namespace: &'static str, name: &str, _depth: usize) -> Node {
        self.count += 1;
        let name = if self.slip() { self.dice.pick(&["a", "b", "zz", "c"]).to_string() } else { name.to_owned() };
        let namespace = if self.slip() { self.dice.pick(&[TARGET, OTHER, "", "urn:nobody"]) } else { namespace };
        Node { namespace, name, attributes: Vec::new(), items: Vec::new() }
    }

    fn value(&mut self, simple: usize) -> String {
        let simple = &SIMPLES[simple];
        if self.slip() {
            return self.dice.pick(&["", "zzz", "-1", "i1", "<&>", "\u{fc}ber", "1 1 1", " "]).to_string();
        }
        if simple.name == "xs:ID" && self.dice.chance(9, 10) {
            self.ids += 1;
            return format!("i{}", self.ids);
        }
        let value = self.dice.pick(simple.values);
        // Without a target namespace, names of notations have no prefix.
        if !self.written.has_target && simple.name == "t:Note" { value.replace("t:", "") } else { value.to_owned() }
    }

    fn constrained(&mut self, simple: usize, value: &Value) -> String {
        match value {
            Value::Fixed(fixed) if !self.slip() => fixed.clone(),
            Value::Default(value) if self.dice.chance(1, 4) => value.clone(),
            _ => self.value(simple),
        }
    }

    fn fill(&mut self, node: &mut Node, type_of: Type, nillable: bool, value: &Value, depth: usize) {
        let nil = nillable && self.dice.chance(1, 3) || self.slip();
        if nil {
            node.attributes.push((
                INSTANCE,
                "nil".to_owned(),
                self.dice.pick(&["true", "1", " true ", "false", "0"]).to_string(),
            ));
        }
        let is_nil = nil && node.attributes[0].2.trim() != "false" && node.attributes[0].2 != "0";
        match type_of {
            Type::Simple(simple) => {
                if is_nil && !self.slip() || !matches!(value, Value::None) && self.dice.chance(1, 4) {
                    return;
                }
                if self.dice.chance(1, 20) {
                    let name = SIMPLES[simple].name.to_owned();
                    node.attributes.push((INSTANCE, "type".to_owned(), name));
                }
                let text = self.constrained(simple, value);
                node.items.push(Item::Text(text));
            }
            Type::Any => self.anything(node, depth),
            Type::Complex(index) => self.complex(node, index, is_nil, depth),
        }
    }

    fn anything(&mut self, node: &mut Node, depth: usize) {
        if self.dice.chance(1, 2) {
            node.items.push(Item::Text("any text".to_owned()));
        }
        if depth < DEEP && self.dice.chance(1, 2) {
            let child = self.wild(depth + 1);
            node.items.push(Item::Node(child));
        }
        if self.dice.chance(1, 3) {
            node.attributes.push((
                OTHER,
                self.dice.pick(&["at", "id", "zz"]).to_string(),
                self.dice.pick(&["true", "i77"]).to_string(),
            ));
        }
    }

    /// An element for a wildcard.
    fn wild(&mut self, depth: usize) -> Node {
        match if depth > DEEP { 5 } else { self.dice.below(6) } {
            0 => {
                let global = self.dice.below(self.written.globals.len());
                self.global(global, depth + 1)
            }
            1 => {
                let mut node = self.node(OTHER, "m", depth);
                if depth < DEEP {
                    let child = self.wild(depth + 1);
                    node.items.push(Item::Node(child));
                }
                node
            }
            2 => {
                let namespace = self.dice.pick(&["urn:v", "", TARGET]);
                let mut node = self.node(namespace, "zz", depth);
                self.anything(&mut node, depth + 1);
                node
            }
            3 => {
                let mut node = self.node(OTHER, "w", depth);
                self.ids += 1;
                node.items.push(Item::Text(format!("i{}", self.ids)));
                node
            }
            _ => {
                let mut node = self.node(OTHER, "n", depth);
                node.items.push(Item::Text(self.dice.pick(&["5", "x", "77"]).to_string()));
                node
            }
        }
    }

    fn complex(&mut self, node: &mut Node, declared: usize, is_nil: bool, depth: usize) {
        let mut index = declared;
        // Another type that is derived from it or, as a mistake, any type.
        let extensions: Vec<usize> =
            (0..self.written.types.len()).filter(|other| self.written.types[*other].base == Some(declared)).collect();
        let is_abstract = self.written.types[declared].is_abstract;
        let mut prohibits = false;
        if depth > 2 * DEEP {
            // The declared type leads to smaller and smaller ones; other types may lead back.
        } else if !extensions.is_empty() && (self.dice.chance(1, 4) || is_abstract) {
            index = self.dice.pick(&extensions);
        } else if self.slip() {
            index = self.dice.below(self.written.types.len());
        }
        let prefix = if self.written.has_target { "t:" } else { "" };
        if index != declared {
            node.attributes.push((INSTANCE, "type".to_owned(), format!("{prefix}T{index}")));
        } else if self.written.types[declared].has_restriction && self.dice.chance(1, 4) {
            prohibits = true;
            node.attributes.push((INSTANCE, "type".to_owned(), format!("{prefix}R{index}")));
        }
        let complex = &self.written.types[index];
        let base = complex.base.map(|base| &self.written.types[base]);
        for part in base.into_iter().chain([complex]) {
            for attribute in &part.attributes {
                let is_given = attribute.use_of == "required" || self.dice.chance(1, 3) && !prohibits;
                if is_given && !self.slip() {
                    let space = if attribute.reference { OTHER } else { self.space(attribute.is_qualified) };
                    let value = self.constrained(attribute.simple, &attribute.value);
                    node.attributes.push((space, attribute.name.clone(), value));
                }
            }
            if part.any_attribute.is_some() && self.dice.chance(1, 2) {
                let name = self.dice.pick(&["at", "id", "zz", "k"]).to_string();
                let space = self.dice.pick(&[OTHER, "urn:v", ""]);
                if !node.attributes.iter().any(|(known, other, _)| *known == space && *other == name) {
                    node.attributes.push((space, name, self.dice.pick(&["true", "i55", "0"]).to_string()));
                }
            }
        }
        if self.slip() {
            node.attributes.push(("", "stray".to_owned(), "v".to_owned()));
        }
        if is_nil && !self.slip() {
            return;
        }
        for part in base.into_iter().chain([complex]) {
            match &part.content {
                Content::Empty => {}
                Content::Simple(simple) => {
                    if node.items.is_empty() {
                        let text = self.value(*simple);
                        node.items.push(Item::Text(text));
                    }
                }
                Content::Particle(particle) => self.particle(node, particle, depth),
            }
        }
        if complex.mixed || self.slip() {
            for at in (0..=node.items.len()).rev() {
                if self.dice.chance(1, 3) {
                    node.items.insert(
                        at,
                        Item::Text(
                            self.dice
                                .pick(&["ok", " t ", "a & b", "12", "long text of a paragraph, more than sixteen"])
                                .to_string(),
                        ),
                    );
                }
            }
        }
    }

    fn particle(&mut self, node: &mut Node, particle: &Particle, depth: usize) {
        let is_small = depth > DEEP || self.count > MANY;
        let most = if is_small { particle.min } else { particle.max.unwrap_or(particle.min + 3).min(particle.min + 4) };
        let mut times = particle.min + self.dice.below(most - particle.min.min(most) + 1);
        if !is_small && self.slip() {
            times = self.dice.below(7);
        }
        for _ in 0..times {
            match &particle.term {
                Term::Element(element) => {
                    let child = self.element(element, depth + 1);
                    node.items.push(Item::Node(child));
                }
                Term::Reference(head) => {
                    let members: Vec<usize> = (0..self.written.globals.len())
                        .filter(|index| index == head || self.written.globals[*index].head == Some(*head))
                        .collect();
                    let member = self.dice.pick(&members);
                    let child = self.global(member, depth + 1);
                    node.items.push(Item::Node(child));
                }
                Term::Any { .. } => {
                    let child = self.wild(depth + 1);
                    node.items.push(Item::Node(child));
                }
                Term::Sequence(members) => members.iter().for_each(|member| self.particle(node, member, depth)),
                Term::Choice(members) if !members.is_empty() => {
                    let member = self.dice.below(members.len());
                    self.particle(node, &members[member], depth);
                }
                Term::Choice(_) => {}
                Term::All(members) => {
                    let first = self.dice.below(members.len());
                    for step in 0..members.len() {
                        self.particle(node, &members[(first + step) % members.len()], depth);
                    }
                }
            }
        }
    }

    fn element(&mut self, element: &Element, depth: usize) -> Node {
        let mut node = self.node(self.space(element.is_qualified), &element.name, depth);
        self.fill(&mut node, element.type_of, element.nillable, &element.value, depth);
        node
    }
}

struct Style {
    is_pretty: bool,
    /// Prefer a prefix over the default namespace.
    prefix: bool,
    /// Comments, instructions, CDATA, references.
    noise: bool,
}

type Bindings = Vec<(&'static str, &'static str)>;

fn bound(bindings: &Bindings, prefix: &str) -> Option<&'static str> {
    bindings.iter().rev().find(|(known, _)| *known == prefix).map(|(_, namespace)| *namespace)
}

fn write_node(node: &Node, mut bindings: Bindings, style: &Style, depth: usize, dice: &mut Dice, out: &mut String) {
    let mut declared: Vec<(&'static str, &'static str)> = Vec::new();
    if depth == 0 {
        // Values with prefixes need these declarations.
        declared = vec![("t", TARGET), ("u", OTHER), ("xsi", INSTANCE), ("xs", "http://www.w3.org/2001/XMLSchema")];
        if !dice.chance(4, 5) && node.namespace.is_empty() {
            declared.clear();
        }
    } else if dice.chance(1, 25) {
        declared.push((dice.pick(&["p", "q", "t", ""]), dice.pick(&[TARGET, OTHER, "urn:v"])));
        // Only the default namespace can be undeclared, and elements in no namespace then do so.
    }
    bindings.extend(&declared);
    let prefix = element_prefix(node.namespace, style, &mut bindings, &mut declared, dice);
    let name = if prefix.is_empty() { node.name.clone() } else { format!("{prefix}:{}", node.name) };
    let mut attributes: Vec<(String, String)> = Vec::new();
    for (namespace, local, value) in &node.attributes {
        let name = match *namespace {
            "" => local.clone(),
            namespace => format!("{}:{local}", attribute_prefix(namespace, &mut bindings, &mut declared)),
        };
        attributes.push((name, value.clone()));
    }
    for (prefix, namespace) in declared {
        let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        if !attributes.iter().any(|(known, _)| *known == name) {
            attributes.push((name, namespace.to_owned()));
        }
    }
    if dice.chance(1, 8) && attributes.len() > 1 {
        let (one, other) = (dice.below(attributes.len()), dice.below(attributes.len()));
        attributes.swap(one, other);
    }
    *out += "<";
    *out += &name;
    for (name, value) in &attributes {
        *out += if dice.chance(1, 30) { "\n  " } else { " " };
        *out += name;
        *out += if dice.chance(1, 30) { " = " } else { "=" };
        let quote = if dice.chance(1, 12) { '\'' } else { '"' };
        out.push(quote);
        *out += &escape(value, true, dice);
        out.push(quote);
    }
    if dice.chance(1, 40) {
        out.push(' ');
    }
    if node.items.is_empty() && dice.chance(1, 2) {
        *out += "/>";
        return;
    }
    *out += ">";
    let has_text = node.items.iter().any(|item| matches!(item, Item::Text(_)));
    let indent = |depth: usize, out: &mut String| {
        if style.is_pretty && !has_text && !node.items.is_empty() {
            out.push('\n');
            *out += &"  ".repeat(depth);
        }
    };
    for item in &node.items {
        if style.noise && dice.chance(1, 12) {
            *out += dice.pick(&["<!-- c -->", "<?pi x?>", "<!---->"]);
        }
        match item {
            Item::Text(text) if style.noise && dice.chance(1, 5) && !text.contains("]]>") => {
                *out += &format!("<![CDATA[{text}]]>");
            }
            Item::Text(text) => *out += &escape(text, false, dice),
            Item::Node(node) => {
                indent(depth + 1, out);
                write_node(node, bindings.clone(), style, depth + 1, dice, out);
            }
        }
    }
    indent(depth, out);
    *out += "</";
    *out += &name;
    if dice.chance(1, 40) {
        out.push('\n');
    }
    *out += ">";
}

fn element_prefix(
    namespace: &'static str,
    style: &Style,
    bindings: &mut Bindings,
    declared: &mut Vec<(&'static str, &'static str)>,
    dice: &mut Dice,
) -> &'static str {
    if namespace.is_empty() {
        if bound(bindings, "") != Some("") {
            declared.retain(|(prefix, _)| !prefix.is_empty());
            declared.push(("", ""));
            bindings.push(("", ""));
        }
        return "";
    }
    let usable: Vec<&'static str> =
        ["", "t", "u", "p", "q"].into_iter().filter(|prefix| bound(bindings, prefix) == Some(namespace)).collect();
    let wanted: Vec<&'static str> = usable.iter().copied().filter(|prefix| prefix.is_empty() != style.prefix).collect();
    if let Some(prefix) = wanted.first() {
        return prefix;
    }
    if style.prefix && !usable.is_empty() || !usable.is_empty() && dice.chance(1, 3) {
        return usable[0];
    }
    let prefix = if style.prefix { dice.pick(&["p", "q"]) } else { "" };
    declared.retain(|(known, _)| *known != prefix);
    declared.push((prefix, namespace));
    bindings.push((prefix, namespace));
    prefix
}

fn attribute_prefix(
    namespace: &'static str,
    bindings: &mut Bindings,
    declared: &mut Vec<(&'static str, &'static str)>,
) -> &'static str {
    let known = ["xsi", "u", "t", "p", "q"].into_iter().find(|prefix| bound(bindings, prefix) == Some(namespace));
    if let Some(prefix) = known {
        return prefix;
    }
    let prefix = match namespace {
        INSTANCE => "xsi",
        OTHER => "ua",
        TARGET => "ta",
        _ => "va",
    };
    declared.push((prefix, namespace));
    bindings.push((prefix, namespace));
    prefix
}

fn escape(value: &str, is_attribute: bool, dice: &mut Dice) -> String {
    let mut out = String::new();
    for character in value.chars() {
        match character {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' if dice.chance(1, 2) => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            '\t' | '\n' if is_attribute => out += &format!("&#{};", character as u32),
            _ if dice.chance(1, 60) => out += &format!("&#x{:x};", character as u32),
            _ => out.push(character),
        }
    }
    out
}
