//! Compares the tracker with the rules of the Recommendation, implemented literally on a tree: both must find the same
//! errors, whether elements that do not matter are reported to the tracker or not.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Begin, Breach, Content, Fault, Span, Tracker};
use crate::Schema;
use crate::compiled::{Category, Compiled, ConstraintId, ElementId, NameTest, Path};
use crate::datatype::Alone;

const NAMESPACE: &str = "urn:t";

/// An element. `n` and `m` have constraints and, like `i`, any children; `v` has a value or is nil.
#[derive(Debug, Clone)]
struct Node {
    name: &'static str,
    id: Option<&'static str>,
    to: Option<&'static str>,
    value: Option<&'static str>,
    children: Vec<Node>,
}

/// An element in a list in document order.
#[derive(Debug)]
struct Element {
    node: Node,
    parent: Option<usize>,
    depth: u32,
    children: Vec<usize>,
}

fn flatten(node: Node, parent: Option<usize>, depth: u32, list: &mut Vec<Element>) -> usize {
    let number = list.len();
    let below = node.children.clone();
    list.push(Element { node, parent, depth, children: Vec::new() });
    for child in below {
        let child = flatten(child, Some(number), depth + 1, list);
        list[number].children.push(child);
    }
    number
}

// ---- a random schema and document ----

#[derive(Debug, Clone)]
struct Written {
    category: usize,
    selector: &'static str,
    fields: Vec<&'static str>,
}

const SELECTORS: &[&str] = &[
    "t:n",
    ".//t:n",
    "i",
    ".//i",
    ".",
    ".//.",
    "*",
    ".//*",
    "t:*",
    ".//t:*",
    "t:n/i",
    ".//t:n/i",
    "*/i",
    "i/*",
    ".//*/i",
    "t:n|i",
    ".//i|i",
    ".//i/i/i",
    "i/i|.//t:m",
    "t:v",
    ".//t:v",
    "t:n/t:*/i",
    ".//i/*/t:v",
];

const FIELDS: &[&str] = &[
    "@id",
    "@to",
    "@*",
    "t:v",
    ".",
    "*",
    ".//t:v",
    ".//@id",
    "i/@id",
    "*/@to",
    "@id|@to",
    "t:v|i/t:v",
    "t:*",
    ".//i/@id",
    ".//*/@to",
    "i/i/@id",
];

fn written(fields: usize) -> impl Strategy<Value = Written> {
    let simple = prop_oneof![Just("@id"), Just("@to"), prop::sample::select(FIELDS)];
    (0..3_usize, prop::sample::select(SELECTORS), prop::collection::vec(simple, fields))
        .prop_map(|(category, selector, fields)| Written { category, selector, fields })
}

fn node() -> impl Strategy<Value = Node> {
    let id = prop::sample::select(vec![None, None, Some("1"), Some("01"), Some("2"), Some("3")]);
    let to = prop::sample::select(vec![None, None, Some("1"), Some("2")]);
    let value = prop::sample::select(vec![None, Some("1"), Some("2.0"), Some("3")]);
    let leaf =
        (prop::sample::select(vec!["v", "v", "i"]), id.clone(), to.clone(), value).prop_map(|(name, id, to, value)| {
            match name {
                "v" => Node { name, id: None, to: None, value, children: Vec::new() },
                _ => Node { name, id, to, value: None, children: Vec::new() },
            }
        });
    leaf.prop_recursive(5, 30, 4, move |inner| {
        let name = prop::sample::select(vec!["n", "m", "i", "i"]);
        (name, id.clone(), to.clone(), prop::collection::vec(inner, 0..4)).prop_map(|(name, id, to, children)| Node {
            name,
            id,
            to,
            value: None,
            children,
        })
    })
}

fn schema(of_n: &[Written], of_m: &[Written]) -> Schema {
    let all: Vec<&Written> = of_n.iter().chain(of_m).collect();
    let constraint = |number: usize, written: &Written| {
        let is_key = |other: &&Written| other.category < 2 && other.fields.len() == written.fields.len();
        let key = all.iter().position(is_key).filter(|_| written.category == 2);
        // A reference without a key to refer to becomes a `unique` itself.
        let (name, refer) = match (written.category, key) {
            (_, Some(key)) => ("keyref", format!(" refer='t:c{key}'")),
            (0, None) => ("key", String::new()),
            (_, None) => ("unique", String::new()),
        };
        let fields: String = written.fields.iter().map(|field| format!("<xs:field xpath='{field}'/>")).collect();
        let selector = written.selector;
        format!("<xs:{name} name='c{number}'{refer}><xs:selector xpath='{selector}'/>{fields}</xs:{name}>")
    };
    let numbered: Vec<String> = all.iter().enumerate().map(|(number, written)| constraint(number, written)).collect();
    let (of_n, of_m) = numbered.split_at(of_n.len());
    let text = format!(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns:t='{NAMESPACE}' targetNamespace='{NAMESPACE}'>
           <xs:element name='n' type='t:T'>{}</xs:element>
           <xs:element name='m' type='t:T'>{}</xs:element>
           <xs:element name='v' type='xs:decimal' nillable='true'/>
           <xs:complexType name='T'>
             <xs:choice minOccurs='0' maxOccurs='unbounded'>
               <xs:element ref='t:n'/><xs:element ref='t:m'/><xs:element name='i' type='t:T'/><xs:element ref='t:v'/>
             </xs:choice>
             <xs:attribute name='id' type='xs:integer'/><xs:attribute name='to' type='xs:string'/>
           </xs:complexType>
         </xs:schema>",
        of_n.concat(),
        of_m.concat()
    );
    Schema::from_documents(&[("test.xsd", &text)]).expect("the schema compiles")
}

// ---- what the tracker finds ----

/// The declaration of an element of the schema above.
fn declared(schema: &Compiled, element: &Element) -> ElementId {
    let namespace = if element.node.name == "i" { "" } else { NAMESPACE };
    let name = schema.names.lookup(namespace, element.node.name);
    let index = schema.elements.iter().position(|declaration| Some(declaration.name) == name);
    ElementId(index.expect("it is declared") as u32)
}

/// A place: a range that differs for each element and part.
fn place(element: usize, part: usize) -> Span {
    let start = element * 10 + part;
    Span::new(start + 1..start + 2)
}

fn element_at(place: Span) -> usize {
    (place.range().start - 1) / 10
}

/// A walk that reports every element that a constraint can reach, and an arbitrary part of the others.
struct Walk<'t> {
    schema: &'t Compiled,
    list: &'t [Element],
    tracker: &'t mut Tracker,
    /// Whether to report an element that does not matter.
    reports: &'t dyn Fn(usize) -> bool,
    base: u32,
}

impl Walk<'_> {
    fn element(&mut self, number: usize) {
        let (schema, element) = (self.schema, &self.list[number]);
        let depth = self.base + element.depth;
        let id = declared(schema, element);
        let declaration = &schema.elements[id.index()];
        let is_touched = schema.identity_index.touches(id) || self.tracker.expects(depth);
        let is_reported = is_touched || (self.reports)(number);
        if is_reported {
            let begin = Begin {
                constraints: &declaration.constraints,
                namespace: Some(schema.names.namespace_id(declaration.name)),
                name: Some(declaration.name),
                is_nillable: declaration.nillable,
                tag: place(number, 0),
            };
            self.tracker.begin(schema, depth, &begin);
            self.attributes(number, depth);
        }
        element.children.iter().for_each(|child| self.element(*child));
        if is_reported {
            self.value(number, depth);
        }
        if is_reported || self.tracker.ends_at(depth) || (self.reports)(number + 1) {
            self.tracker.end(schema, depth, Content::NotSimple);
        }
    }

    fn attributes(&mut self, number: usize, depth: u32) {
        let schema = self.schema;
        let node = &self.list[number].node;
        for (part, (name, text)) in [("id", node.id), ("to", node.to)].into_iter().enumerate() {
            let (Some(name), Some(text)) = (schema.names.lookup("", name), text) else { continue };
            let crate::compiled::TypeDefinition::Complex(complex) =
                schema.type_of(declared(schema, &self.list[number]))
            else {
                continue;
            };
            let declaration = complex.attributes.iter().find(|declared| declared.name == name).expect("it is declared");
            let content = Content::Value(&declaration.simple, text, &Alone);
            let name = (Some(schema.names.namespace_id(name)), Some(name));
            self.tracker.attribute(schema, depth, name, content, place(number, part + 1));
        }
    }

    fn value(&mut self, number: usize, depth: u32) {
        let schema = self.schema;
        let element = &self.list[number];
        if let ("v", true) = (element.node.name, self.tracker.wants_value(depth)) {
            let type_id = schema.elements[declared(schema, element).index()].type_id;
            let simple = schema.simple_content(type_id).expect("it has a value");
            let content = element.node.value.map_or(Content::Nil, |text| Content::Value(simple, text, &Alone));
            self.tracker.value(schema, depth, content, place(number, 3));
        }
    }
}

fn tracked(
    schema: &Compiled,
    list: &[Element],
    base: u32,
    tracker: &mut Tracker,
    reports: &dyn Fn(usize) -> bool,
) -> Vec<Fault> {
    Walk { schema, list, tracker: &mut *tracker, reports, base }.element(0);
    assert!(tracker.is_idle());
    tracker.take_faults().0
}

// ---- the same, literally as in the Recommendation ----

/// A node that a path leads to: an element, or one of its attributes.
type Reached = (usize, Option<&'static str>);

type Sequence = Vec<String>;

/// An error, without the order in which errors are found: of a field, a missing key, a dangling reference, or a
/// duplicate key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Wrong {
    Field(u32, usize),
    Missing(u32, usize),
    Dangling(u32, usize),
    Duplicate(u32, Sequence),
}

struct Plain<'t> {
    schema: &'t Compiled,
    list: &'t [Element],
    wrong: BTreeSet<Wrong>,
    /// By constraint, the selected elements whose key-sequence is unknown.
    unknown: BTreeSet<(u32, usize)>,
}

impl Plain<'_> {
    fn takes(&self, test: NameTest, element: usize) -> bool {
        let name = self.schema.elements[declared(self.schema, &self.list[element]).index()].name;
        test.takes(Some(self.schema.names.namespace_id(name)), Some(name))
    }

    fn below(&self, element: usize) -> Vec<usize> {
        let mut all = vec![element];
        let mut next = 0;
        while let Some(element) = all.get(next) {
            all.extend(&self.list[*element].children);
            next += 1;
        }
        all
    }

    fn is_in(&self, mut element: usize, around: usize) -> bool {
        loop {
            match self.list[element].parent {
                _ if element == around => return true,
                None => return false,
                Some(parent) => element = parent,
            }
        }
    }

    fn walk(&self, path: &Path, from: usize) -> BTreeSet<Reached> {
        let mut at = if path.descends { self.below(from) } else { vec![from] };
        for test in &path.steps {
            let children = at.iter().flat_map(|element| &self.list[*element].children).copied();
            at = children.filter(|child| self.takes(*test, *child)).collect();
        }
        let Some(test) = path.attribute else { return at.into_iter().map(|element| (element, None)).collect() };
        let mut found = BTreeSet::new();
        for element in at {
            let node = &self.list[element].node;
            for (local, value) in [("id", node.id), ("to", node.to)] {
                let name = self.schema.names.lookup("", local);
                let namespace = self.schema.names.lookup_namespace("");
                if value.is_some() && test.takes(namespace, name) {
                    found.insert((element, Some(local)));
                }
            }
        }
        found
    }

    fn value(&self, (element, attribute): Reached) -> Option<String> {
        let node = &self.list[element].node;
        let number = |text: &str| text.parse::<f64>().ok().map(|number| format!("number {number}"));
        match attribute {
            Some("id") => node.id.and_then(number),
            Some(_) => node.to.map(|text| format!("text {text}")),
            None => node.value.and_then(number),
        }
    }

    fn hosts(&self, id: u32) -> Vec<usize> {
        let is_host = |element: &usize| {
            let declaration = &self.schema.elements[declared(self.schema, &self.list[*element]).index()];
            declaration.constraints.contains(&ConstraintId(id))
        };
        (0..self.list.len()).filter(is_host).collect()
    }

    /// The key-sequence of a selected element, if it has all fields.
    fn sequence(&self, id: u32, target: usize) -> Result<Option<Sequence>, ()> {
        let constraint = &self.schema.constraints[id as usize];
        let (mut sequence, mut is_whole) = (Vec::new(), true);
        for field in &constraint.fields {
            let found: BTreeSet<Reached> = field.paths.iter().flat_map(|path| self.walk(path, target)).collect();
            let Some(only) = found.first() else {
                is_whole = false;
                continue;
            };
            let is_simple = only.1.is_some() || self.list[only.0].node.name == "v";
            let is_nillable = only.1.is_none() && self.list[only.0].node.name == "v";
            if found.len() > 1 || !is_simple || is_nillable && constraint.category == Category::Key {
                return Err(());
            }
            match self.value(*only) {
                Some(value) => sequence.push(value),
                None => is_whole = false,
            }
        }
        Ok(Some(sequence).filter(|_| is_whole))
    }

    /// The elements that are selected from an element, each with whether it is also selected from all elements around
    /// that one.
    fn targets(&self, id: u32, host: usize) -> BTreeMap<usize, bool> {
        let mut targets = BTreeMap::new();
        for path in &self.schema.constraints[id as usize].selector {
            for (element, _) in self.walk(path, host) {
                *targets.entry(element).or_default() |= path.descends;
            }
        }
        targets
    }

    fn qualified(&self, id: u32, host: usize) -> Vec<(Sequence, usize)> {
        let sequence = |target: &usize| self.sequence(id, *target).ok().flatten().map(|sequence| (sequence, *target));
        self.targets(id, host).keys().filter_map(sequence).collect()
    }

    /// The node table of an element for a key (section 3.11.5).
    fn table(&self, key: u32, element: usize) -> BTreeMap<Sequence, usize> {
        let (mut table, mut twice) = (BTreeMap::new(), BTreeSet::new());
        for child in &self.list[element].children {
            for (sequence, node) in self.table(key, *child) {
                if table.insert(sequence.clone(), node).is_some() {
                    twice.insert(sequence);
                }
            }
        }
        table.retain(|sequence, _| !twice.contains(sequence));
        if self.hosts(key).contains(&element) {
            table.extend(self.qualified(key, element));
        }
        table
    }

    fn evaluate(&mut self) {
        let ids = 0..self.schema.constraints.len() as u32;
        ids.clone().for_each(|id| self.evaluate_targets(id));
        ids.clone().for_each(|id| self.evaluate_keys(id));
        for id in ids {
            if let Category::Keyref(ConstraintId(key)) = self.schema.constraints[id as usize].category {
                self.evaluate_references(id, key);
            }
        }
    }

    fn evaluate_targets(&mut self, id: u32) {
        let category = self.schema.constraints[id as usize].category;
        let targets: BTreeSet<usize> =
            self.hosts(id).into_iter().flat_map(|host| self.targets(id, host).into_keys()).collect();
        for target in targets {
            let wrong = match self.sequence(id, target) {
                Err(()) => Wrong::Field(id, target),
                Ok(None) if category == Category::Key => Wrong::Missing(id, target),
                Ok(_) => continue,
            };
            self.unknown.insert((id, target));
            self.wrong.insert(wrong);
        }
    }

    fn evaluate_keys(&mut self, id: u32) {
        if matches!(self.schema.constraints[id as usize].category, Category::Keyref(_)) {
            return;
        }
        for host in self.hosts(id) {
            let mut known = BTreeSet::new();
            for (sequence, _) in self.qualified(id, host) {
                if !known.insert(sequence.clone()) {
                    self.wrong.insert(Wrong::Duplicate(id, sequence));
                }
            }
        }
    }

    /// Whether a reference leads to a key in an element; `None` if that is unknown, because a key could not be read.
    fn is_found(&self, key: u32, host: usize, sequence: &Sequence) -> Option<bool> {
        if self.table(key, host).contains_key(sequence) {
            return Some(true);
        }
        let mut hosts = self.hosts(key).into_iter().filter(|inner| self.is_in(*inner, host));
        let is_unknown =
            |inner: usize| self.unknown.iter().any(|(id, target)| *id == key && self.is_in(*target, inner));
        (!hosts.any(is_unknown)).then_some(false)
    }

    fn evaluate_references(&mut self, id: u32, key: u32) {
        let mut hosts = self.hosts(id);
        hosts.sort_by_key(|host| std::cmp::Reverse(self.list[*host].depth));
        // By target: an error found in one element is not reported again for its ancestors.
        let mut ended = BTreeSet::new();
        for host in hosts {
            for (target, is_everywhere) in self.targets(id, host) {
                let Some(sequence) = self.sequence(id, target).ok().flatten() else { continue };
                if is_everywhere && ended.contains(&target) {
                    continue;
                }
                let found = self.is_found(key, host, &sequence);
                if found == Some(false) {
                    self.wrong.insert(Wrong::Dangling(id, target));
                }
                if found != Some(true) && is_everywhere {
                    ended.insert(target);
                }
            }
        }
    }
}

fn normal(fault: &Fault, plain: &Plain<'_>) -> Wrong {
    let (id, element) = (fault.constraint.0, element_at(fault.element));
    match fault.breach {
        Breach::Several(_) | Breach::NotSimple | Breach::Nillable => Wrong::Field(id, element),
        Breach::Missing => Wrong::Missing(id, element),
        Breach::Dangling(..) => Wrong::Dangling(id, element),
        Breach::Duplicate(..) => Wrong::Duplicate(id, plain.sequence(id, element).ok().flatten().unwrap_or_default()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn the_tracker_finds_what_the_rules_do(
        (of_n, of_m) in (1..3_usize).prop_flat_map(|fields| {
            (prop::collection::vec(written(fields), 1..4), prop::collection::vec(written(fields), 0..3))
        }),
        (root, children) in (prop::sample::select(vec!["n", "m", "i"]), prop::collection::vec(node(), 0..5)),
        reported in any::<u64>(),
        base in 0..2_u32,
    ) {
        let schema = schema(&of_n, &of_m);
        let schema = schema.compiled();
        let mut list = Vec::new();
        flatten(Node { name: root, id: None, to: None, value: None, children }, None, 0, &mut list);
        let mut plain = Plain { schema, list: &list, wrong: BTreeSet::new(), unknown: BTreeSet::new() };
        plain.evaluate();
        let mut tracker = Tracker::default();
        let all = tracked(schema, &list, base, &mut tracker, &|_| true);
        let found: BTreeSet<Wrong> = all.iter().map(|fault| normal(fault, &plain)).collect();
        prop_assert_eq!(&found, &plain.wrong, "{:#?}", list);
        // Now with the memory of that run, and without the elements that do not matter.
        tracker.clear();
        let few = tracked(schema, &list, base, &mut tracker, &|_| false);
        prop_assert_eq!(&few, &all);
        tracker.clear();
        let some = tracked(schema, &list, base, &mut tracker, &|number| reported >> (number % 64) & 1 != 0);
        prop_assert_eq!(&some, &all);
    }
}
