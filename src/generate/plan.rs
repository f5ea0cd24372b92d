//! The plan of a schema in Rust: its types, and the contents of each.

use crate::compiled::{ElementId, TypeId};
use crate::datatype::SimpleType;

/// The number of a Rust type in the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ItemId(pub(super) usize);

/// Everything that is generated for a schema.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) items: Vec<Item>,
    pub(super) roots: Vec<Root>,
    /// The namespaces of generated names, each with its prefix.
    pub(super) prefixes: Vec<(String, String)>,
}

/// A Rust type.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) documentation: Option<String>,
    pub(super) content: ItemContent,
    /// Whether later versions can have more variants or fields.
    pub(super) is_open: bool,
    /// Whether a value can borrow from the document.
    pub(super) borrows: bool,
    /// Whether a value contains a floating-point number.
    pub(super) has_floats: bool,
}

#[derive(Debug)]
pub(super) enum ItemContent {
    Struct(Struct),
    /// One of several children.
    Choice(Vec<Variant>),
    /// One of several types: the declared one, or one that `xsi:type` names.
    Hierarchy(Vec<Derived>),
    /// One of several texts, with the name of its variant.
    Enumeration(Vec<(String, String)>),
    /// Elements with several names, each kept whole.
    Whole(Whole),
}

/// Elements whose content is kept as markup.
#[derive(Debug)]
pub(super) struct Whole {
    /// The item with the enumeration of their names.
    pub(super) names: ItemId,
    /// The variant of each name.
    pub(super) elements: Vec<(String, Name, ElementId)>,
}

/// An element with attributes or children.
#[derive(Debug, Default)]
pub(super) struct Struct {
    pub(super) type_id: Option<TypeId>,
    /// The name of the type, if elements of derived types are not accepted.
    pub(super) exact: Option<Name>,
    pub(super) attributes: Vec<Attribute>,
    /// The field for attributes that a wildcard admits.
    pub(super) other_attributes: Option<String>,
    pub(super) content: Content,
}

#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) field: String,
    pub(super) documentation: Option<String>,
    pub(super) name: Name,
    pub(super) scalar: Scalar,
    pub(super) is_required: bool,
}

#[derive(Debug, Default)]
pub(super) enum Content {
    #[default]
    Nothing,
    /// A value, in the field `value`.
    Value(String, Scalar),
    Children(Vec<Children>),
    /// Text and children, in a field with items of this type.
    Mixed(String, ItemId),
}

/// The children that one field holds.
#[derive(Debug)]
pub(super) struct Children {
    pub(super) field: String,
    pub(super) documentation: Option<String>,
    pub(super) kind: Kind,
    pub(super) occurs: Occurs,
    pub(super) is_boxed: bool,
    /// Whether there is usually one child, which is stored inline.
    pub(super) is_few: bool,
}

#[derive(Debug)]
pub(super) enum Kind {
    Element(Element),
    /// One child of a choice.
    Choice(ItemId),
    /// Anything that a wildcard admits.
    Wildcard,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occurs {
    Once,
    Optionally,
    Repeatedly,
}

/// An element with its declaration.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) id: ElementId,
    pub(super) name: Name,
    pub(super) is_nillable: bool,
    pub(super) value: Value,
}

/// A name, and its written form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) namespace: String,
    pub(super) local: String,
    /// The name with the prefix of its namespace.
    pub(super) qualified: String,
}

/// The Rust form of an element.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// Nothing: the element is empty.
    Unit,
    Scalar(Scalar),
    Item(ItemId),
    /// Anything, kept as markup.
    Any,
}

/// The Rust form of a value of a simple type.
#[derive(Debug, Clone)]
pub(super) enum Scalar {
    Text,
    /// Text that must not be shown.
    Secret,
    Boolean,
    /// A Rust number type.
    Number(&'static str),
    /// An integer of any size.
    Integer,
    Enumeration(ItemId),
    /// A qualified name with its namespace.
    Name,
    List(Box<Scalar>),
}

impl Element {
    /// Whether only its presence matters.
    pub(super) fn is_unit(&self) -> bool {
        matches!(self.value, Value::Unit) && !self.is_nillable
    }
}

impl Children {
    /// Whether the field is a flag for the presence of an empty element.
    pub(super) fn is_flag(&self) -> bool {
        matches!(&self.kind, Kind::Element(element) if element.is_unit()) && self.occurs == Occurs::Optionally
    }
}

impl Attribute {
    pub(super) fn occurs(&self) -> Occurs {
        if self.is_required { Occurs::Once } else { Occurs::Optionally }
    }
}

impl Scalar {
    /// Whether this is a qualified name or a list of them, whose prefixes must be declared where they are used.
    pub(super) fn is_of_names(&self) -> bool {
        match self {
            Scalar::Name => true,
            Scalar::List(item) => item.is_of_names(),
            _ => false,
        }
    }
}

/// A variant of a choice.
#[derive(Debug)]
pub(super) struct Variant {
    pub(super) name: String,
    pub(super) documentation: Option<String>,
    pub(super) kind: VariantKind,
    pub(super) is_boxed: bool,
}

#[derive(Debug)]
pub(super) enum VariantKind {
    Element(Element),
    /// One or more elements.
    List(Element),
    /// Elements with several names, each kept whole.
    Whole(ItemId),
    /// Text between children.
    Text,
    /// Anything that a wildcard admits.
    Wildcard,
}

/// A variant of a hierarchy.
#[derive(Debug)]
pub(super) struct Derived {
    pub(super) name: String,
    pub(super) type_name: Name,
    /// Whether this is the declared type, for which no `xsi:type` is written.
    pub(super) is_declared: bool,
    pub(super) value: Value,
    pub(super) is_boxed: bool,
}

/// A global element.
#[derive(Debug)]
pub(super) struct Root {
    /// The part of the names of its functions that identifies the root.
    pub(super) function: String,
    pub(super) documentation: Option<String>,
    pub(super) element: Element,
}

impl Plan {
    pub(super) fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id.0)
    }

    /// Finds out which types borrow (those that hold text, directly or indirectly), and which hold floating-point
    /// numbers.
    pub(super) fn find_traits(&mut self) {
        loop {
            let found: Vec<(bool, bool)> = self
                .items
                .iter()
                .map(|item| {
                    let held = self.held(item);
                    let borrows = item.borrows || held.iter().any(|held| self.value_borrows(held));
                    let has_floats = item.has_floats || held.iter().any(|held| self.value_has_floats(held));
                    (borrows, has_floats)
                })
                .collect();
            let mut has_changed = false;
            for (item, (borrows, has_floats)) in self.items.iter_mut().zip(found) {
                has_changed |= (item.borrows, item.has_floats) != (borrows, has_floats);
                (item.borrows, item.has_floats) = (borrows, has_floats);
            }
            if !has_changed {
                return;
            }
        }
    }

    /// The values that a type holds, each as the value of an element.
    fn held(&self, item: &Item) -> Vec<Value> {
        match &item.content {
            ItemContent::Struct(content) => {
                let attributes = content.attributes.iter().map(|attribute| Value::Scalar(attribute.scalar.clone()));
                let others = content.other_attributes.iter().map(|_| Value::Any);
                let content: Vec<Value> = match &content.content {
                    Content::Nothing => Vec::new(),
                    Content::Value(_, scalar) => vec![Value::Scalar(scalar.clone())],
                    Content::Mixed(_, id) => vec![Value::Item(*id)],
                    Content::Children(children) => children
                        .iter()
                        .map(|child| match &child.kind {
                            Kind::Element(element) => element.value.clone(),
                            Kind::Choice(id) => Value::Item(*id),
                            Kind::Wildcard => Value::Any,
                        })
                        .collect(),
                };
                attributes.chain(others).chain(content).collect()
            }
            ItemContent::Choice(variants) => variants
                .iter()
                .map(|variant| match &variant.kind {
                    VariantKind::Element(element) | VariantKind::List(element) => element.value.clone(),
                    VariantKind::Text | VariantKind::Wildcard | VariantKind::Whole(_) => Value::Any,
                })
                .collect(),
            ItemContent::Hierarchy(derived) => derived.iter().map(|derived| derived.value.clone()).collect(),
            ItemContent::Enumeration(_) => Vec::new(),
            ItemContent::Whole(_) => vec![Value::Any],
        }
    }

    fn value_has_floats(&self, value: &Value) -> bool {
        fn is_float(scalar: &Scalar) -> bool {
            match scalar {
                Scalar::Number("f32" | "f64") => true,
                Scalar::List(item) => is_float(item),
                _ => false,
            }
        }
        match value {
            Value::Scalar(scalar) => is_float(scalar),
            Value::Item(id) => self.item(*id).is_some_and(|item| item.has_floats),
            Value::Unit | Value::Any => false,
        }
    }

    fn item_borrows(&self, id: ItemId) -> bool {
        self.item(id).is_some_and(|item| item.borrows)
    }

    /// Whether a value of a simple type can borrow.
    pub(super) fn scalar_borrows(&self, scalar: &Scalar) -> bool {
        match scalar {
            Scalar::Text | Scalar::Secret | Scalar::Integer | Scalar::Name => true,
            Scalar::Boolean | Scalar::Number(_) | Scalar::Enumeration(_) => false,
            Scalar::List(item) => self.scalar_borrows(item),
        }
    }

    /// Whether a value of an element can borrow.
    pub(super) fn value_borrows(&self, value: &Value) -> bool {
        match value {
            Value::Unit => false,
            Value::Scalar(scalar) => self.scalar_borrows(scalar),
            Value::Item(id) => self.item_borrows(*id),
            Value::Any => true,
        }
    }

    /// Boxes parts that would make a type contain itself (found by a depth-first walk through the types: a part whose
    /// type is still open), and large parts, since values are moved into place.
    pub(super) fn box_parts(&mut self) {
        let mut sizes = vec![0; self.items.len()];
        #[derive(Clone, Copy, PartialEq)]
        enum Seen {
            Not,
            Open,
            Done,
        }
        let mut seen = vec![Seen::Not; self.items.len()];
        for start in 0..self.items.len() {
            let mut open: Vec<(usize, usize)> = Vec::new();
            if seen.get(start) == Some(&Seen::Not) {
                open.push((start, 0));
            }
            while let Some((item, part)) = open.last_mut() {
                let item = *item;
                if let Some(seen) = seen.get_mut(item) {
                    *seen = Seen::Open;
                }
                let next = self.items.get_mut(item).and_then(|item| item.part(*part));
                *part += 1;
                match next {
                    None => {
                        if let Some(seen) = seen.get_mut(item) {
                            *seen = Seen::Done;
                        }
                        let size = self.items.get(item).map_or(0, |item| item.size(&sizes));
                        if let Some(known) = sizes.get_mut(item) {
                            *known = size;
                        }
                        open.pop();
                        // Visit the part that led here again, now that its size is known.
                        if let Some((_, part)) = open.last_mut() {
                            *part -= 1;
                        }
                    }
                    Some(Part { held: Some(held), is_boxed }) => match seen.get(held.0) {
                        Some(Seen::Open) => *is_boxed = true,
                        Some(Seen::Not) => open.push((held.0, 0)),
                        Some(Seen::Done) | None => *is_boxed |= sizes.get(held.0).is_some_and(|size| *size > LARGE),
                    },
                    Some(Part { held: None, .. }) => {}
                }
            }
        }
    }
}

/// Values estimated to be larger than this many bytes are boxed if another value contains them.
const LARGE: usize = 192;

impl Value {
    /// Its estimated size in bytes.
    fn size(&self, sizes: &[usize]) -> usize {
        match self {
            Value::Unit => 0,
            Value::Scalar(Scalar::Boolean | Scalar::Enumeration(_)) => 1,
            Value::Scalar(Scalar::Number(_)) => 8,
            Value::Scalar(Scalar::Text | Scalar::Secret | Scalar::List(_)) => 24,
            Value::Scalar(Scalar::Integer) | Value::Any => 32,
            Value::Scalar(Scalar::Name) => 48,
            Value::Item(id) => sizes.get(id.0).copied().unwrap_or(0),
        }
    }
}

/// A part of a type that can contain another type directly.
struct Part<'p> {
    held: Option<ItemId>,
    is_boxed: &'p mut bool,
}

impl Item {
    /// The estimated size of a value in bytes, provided that the sizes of the contained types are known.
    fn size(&self, sizes: &[usize]) -> usize {
        let boxed = |is_boxed: bool, size: usize| if is_boxed { 8 } else { size };
        match &self.content {
            ItemContent::Enumeration(_) => 1,
            ItemContent::Whole(_) => 40,
            ItemContent::Choice(variants) => {
                let size = |variant: &Variant| match &variant.kind {
                    VariantKind::Element(element) => boxed(variant.is_boxed, element.value.size(sizes)),
                    VariantKind::List(_) => 24,
                    VariantKind::Whole(_) => 40,
                    VariantKind::Text | VariantKind::Wildcard => 32,
                };
                8 + variants.iter().map(size).max().unwrap_or(0)
            }
            ItemContent::Hierarchy(derived) => {
                let size = |derived: &Derived| boxed(derived.is_boxed, derived.value.size(sizes));
                8 + derived.iter().map(size).max().unwrap_or(0)
            }
            ItemContent::Struct(content) => {
                let attributes =
                    content.attributes.iter().map(|attribute| Value::Scalar(attribute.scalar.clone()).size(sizes));
                let children = match &content.content {
                    Content::Nothing => 0,
                    Content::Value(_, scalar) => Value::Scalar(scalar.clone()).size(sizes),
                    Content::Mixed(..) => 24,
                    Content::Children(children) => children
                        .iter()
                        .map(|child| match (&child.kind, child.occurs) {
                            (_, Occurs::Repeatedly) if !child.is_few => 24,
                            (Kind::Element(element), _) => boxed(child.is_boxed, element.value.size(sizes)),
                            (Kind::Choice(id), _) => boxed(child.is_boxed, sizes.get(id.0).copied().unwrap_or(0)),
                            (Kind::Wildcard, _) => 32,
                        })
                        .sum(),
                };
                attributes.sum::<usize>() + children + if content.other_attributes.is_some() { 24 } else { 0 }
            }
        }
    }

    /// The part with a number, among those that can be boxed.
    fn part(&mut self, number: usize) -> Option<Part<'_>> {
        match &mut self.content {
            ItemContent::Struct(Struct { content: Content::Children(children), .. }) => {
                let child = children.get_mut(number)?;
                let held = match &child.kind {
                    _ if child.occurs == Occurs::Repeatedly && !child.is_few => None,
                    Kind::Element(Element { value: Value::Item(id), .. }) | Kind::Choice(id) => Some(*id),
                    Kind::Element(_) | Kind::Wildcard => None,
                };
                Some(Part { held, is_boxed: &mut child.is_boxed })
            }
            ItemContent::Choice(variants) => {
                let variant = variants.get_mut(number)?;
                let held = match &variant.kind {
                    VariantKind::Element(Element { value: Value::Item(id), .. }) => Some(*id),
                    _ => None,
                };
                Some(Part { held, is_boxed: &mut variant.is_boxed })
            }
            ItemContent::Hierarchy(derived) => {
                let derived = derived.get_mut(number)?;
                let held = if let Value::Item(id) = derived.value { Some(id) } else { None };
                Some(Part { held, is_boxed: &mut derived.is_boxed })
            }
            ItemContent::Struct(_) | ItemContent::Enumeration(_) | ItemContent::Whole(_) => None,
        }
    }
}

/// The Rust number type that can hold all values of an integer type.
pub(super) fn whole_number(simple: &SimpleType) -> Option<&'static str> {
    let (first, last) = simple.whole_bounds()?;
    let holds = |least: i128, most: i128| least <= first && last <= most;
    let numbers = [
        ("u8", 0, i128::from(u8::MAX)),
        ("i8", i128::from(i8::MIN), i128::from(i8::MAX)),
        ("u16", 0, i128::from(u16::MAX)),
        ("i16", i128::from(i16::MIN), i128::from(i16::MAX)),
        ("u32", 0, i128::from(u32::MAX)),
        ("i32", i128::from(i32::MIN), i128::from(i32::MAX)),
        ("u64", 0, i128::from(u64::MAX)),
        ("i64", i128::from(i64::MIN), i128::from(i64::MAX)),
    ];
    numbers.into_iter().find(|(_, least, most)| holds(*least, *most)).map(|(number, ..)| number)
}
