//! A schema in Rust: its types, and the content of each.

use crate::compiled::{ElementId, TypeId};
use crate::datatype::SimpleType;

/// The number of a Rust type among those that are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct ItemId(pub(super) usize);

/// All that is written for a schema.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) items: Vec<Item>,
    pub(super) roots: Vec<Root>,
    /// The namespaces of names that are written, each with its prefix.
    pub(super) prefixes: Vec<(String, String)>,
}

/// A Rust type.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) name: String,
    pub(super) documentation: Option<String>,
    pub(super) content: ItemContent,
    /// Later versions of it may have more variants or fields.
    pub(super) is_open: bool,
    /// A value of it may borrow from the document.
    pub(super) borrows: bool,
    /// A value of it holds a floating-point number.
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
    /// Elements of several names that are kept whole.
    Whole(Whole),
}

/// Elements whose content is kept as it is.
#[derive(Debug)]
pub(super) struct Whole {
    /// The enumeration of their names.
    pub(super) names: ItemId,
    /// The variant of each name.
    pub(super) elements: Vec<(String, Name, ElementId)>,
}

/// An element with attributes or children.
#[derive(Debug, Default)]
pub(super) struct Struct {
    pub(super) type_id: Option<TypeId>,
    /// The name of the type, where elements of types that are derived from it have no place.
    pub(super) exact: Option<Name>,
    pub(super) attributes: Vec<Attribute>,
    /// The field of attributes that a wildcard admits.
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
    /// Texts and children, in a field with items of this type.
    Mixed(String, ItemId),
}

/// The children of one field.
#[derive(Debug)]
pub(super) struct Children {
    pub(super) field: String,
    pub(super) documentation: Option<String>,
    pub(super) kind: Kind,
    pub(super) occurs: Occurs,
    pub(super) is_boxed: bool,
    /// There is usually one, which is stored inline.
    pub(super) is_few: bool,
}

#[derive(Debug)]
pub(super) enum Kind {
    Element(Element),
    /// One of those of a choice.
    Choice(ItemId),
    /// Whatever a wildcard admits.
    Wildcard,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Occurs {
    Once,
    Optionally,
    Repeatedly,
}

/// An element by its declaration.
#[derive(Debug, Clone)]
pub(super) struct Element {
    pub(super) id: ElementId,
    pub(super) name: Name,
    pub(super) is_nillable: bool,
    pub(super) value: Value,
}

/// A name, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) namespace: String,
    pub(super) local: String,
    /// With the prefix of its namespace.
    pub(super) qualified: String,
}

/// What an element is in Rust.
#[derive(Debug, Clone)]
pub(super) enum Value {
    /// It is empty.
    Unit,
    Scalar(Scalar),
    Item(ItemId),
    /// Anything: kept as it is.
    Any,
}

/// What a value of a simple type is in Rust.
#[derive(Debug, Clone)]
pub(super) enum Scalar {
    Text,
    /// Text that is not to be shown.
    Secret,
    Boolean,
    /// A number of Rust.
    Number(&'static str),
    /// A whole number of any size.
    Integer,
    Enumeration(ItemId),
    /// A name with its namespace.
    Name,
    List(Box<Scalar>),
}

impl Element {
    /// Only its presence matters.
    pub(super) fn is_unit(&self) -> bool {
        matches!(self.value, Value::Unit) && !self.is_nillable
    }
}

impl Children {
    /// The field says whether an empty element is present.
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
    /// Whether it is a name, or a list of names: what its prefixes mean is declared where it is.
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
    /// One element or more.
    List(Element),
    /// Elements of several names, each of which is kept whole.
    Whole(ItemId),
    /// Text between children.
    Text,
    /// Whatever a wildcard admits.
    Wildcard,
}

/// A variant of a hierarchy.
#[derive(Debug)]
pub(super) struct Derived {
    pub(super) name: String,
    pub(super) type_name: Name,
    /// It is the declared type: no `xsi:type` is written.
    pub(super) is_declared: bool,
    pub(super) value: Value,
    pub(super) is_boxed: bool,
}

/// A global element.
#[derive(Debug)]
pub(super) struct Root {
    /// The part of the names of its functions.
    pub(super) function: String,
    pub(super) documentation: Option<String>,
    pub(super) element: Element,
}

impl Plan {
    pub(super) fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id.0)
    }

    /// Finds out which types borrow (those that hold a text, or one that does), and which hold floating-point numbers.
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

    /// What a type holds, each as the value of an element.
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

    /// Whether a value of a simple type may borrow.
    pub(super) fn scalar_borrows(&self, scalar: &Scalar) -> bool {
        match scalar {
            Scalar::Text | Scalar::Secret | Scalar::Integer | Scalar::Name => true,
            Scalar::Boolean | Scalar::Number(_) | Scalar::Enumeration(_) => false,
            Scalar::List(item) => self.scalar_borrows(item),
        }
    }

    /// Whether a value of an element may borrow.
    pub(super) fn value_borrows(&self, value: &Value) -> bool {
        match value {
            Value::Unit => false,
            Value::Scalar(scalar) => self.scalar_borrows(scalar),
            Value::Item(id) => self.item_borrows(*id),
            Value::Any => true,
        }
    }

    /// Boxes what would make a type hold itself (where the types are walked through depth first, each that leads back to one
    /// that is open), and what is large: values are moved where they are put.
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
                        // The part that led here comes again, now that its size is known.
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

/// Values of more bytes than this are boxed where another value holds them, by an estimate.
const LARGE: usize = 192;

impl Value {
    /// Its bytes, by an estimate.
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

/// A part of a type that may hold another type in itself.
struct Part<'p> {
    held: Option<ItemId>,
    is_boxed: &'p mut bool,
}

impl Item {
    /// The bytes of a value, by an estimate, where those of the types in it are known.
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

    /// The part of a number, of those that may be boxed.
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

/// The number of Rust that holds all values of a type of whole numbers.
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
