//! Repeated elements of documents as the rows of a table, for engines that process columns rather than trees.
//!
//! ```
//! use packetcheck::codec::table::{ColumnType, Table};
//!
//! let schema = packetcheck::Schema::from_documents(&[(
//!     "order.xsd",
//!     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="order"><xs:complexType><xs:sequence>
//!          <xs:element name="item" maxOccurs="unbounded"><xs:complexType>
//!            <xs:sequence><xs:element name="name" type="xs:string"/><xs:element name="gift" type="xs:boolean" minOccurs="0"/></xs:sequence>
//!            <xs:attribute name="amount" type="xs:int"/>
//!          </xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element></xs:schema>"#,
//! )])?;
//! let items = Table::new(&schema, "/order/item")?;
//! let columns: Vec<_> = items.columns().iter().map(|column| (column.name.as_str(), column.kind)).collect();
//! assert_eq!(columns, [("@amount", ColumnType::Int), ("name", ColumnType::Text), ("gift", ColumnType::Boolean)]);
//! let rows = items.rows(b"<order><item amount='2'><name>tea</name></item><item><name>cup</name><gift>1</gift></item></order>")?;
//! let text = |text: &str| Some(text.to_owned());
//! assert_eq!(rows, [[text("2"), text("tea"), None], [None, text("cup"), text("true")]]);
//! # Ok::<(), packetcheck::Error>(())
//! ```

use std::collections::HashMap;
use std::io;

use serde_json::value::RawValue;

use super::decode::Wanted;
use super::form::{Form, Member};
use crate::automaton::LeafId;
use crate::codec::name::{self, Place};
use crate::codec::{Error, TEXT, VALUE};
use crate::compiled::{Compiled, ElementId, Leaf, ModelId, NameId, TypeDefinition};
use crate::datatype::{Kind, SimpleType};
use crate::diagnostic::words::json as say;
use crate::schema::Schema;
use crate::text::nearest::nearest;

/// The elements at a path, in any document of a schema: columns that the schema determines, and rows from documents.
#[derive(Debug, Clone)]
pub struct Table {
    schema: Schema,
    /// The names on the path.
    path: Vec<NameId>,
    columns: Vec<Column>,
}

/// A column: an attribute, a child or the text of the elements, named as in their JSON (`docs/json.md`).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Column {
    /// `@name`, `name`, `$text`, `$value` or `$any`.
    pub name: String,
    /// The type of its values.
    pub kind: ColumnType,
}

/// The type of the values in a column. It can hold all values of the type in the schema: nothing is rounded or cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColumnType {
    /// `true` or `false`.
    Boolean,
    /// A whole number of 32 bits.
    Int,
    /// A whole number of 64 bits.
    Long,
    /// A floating-point number; also `INF`, `-INF` and `NaN`.
    Double,
    /// Text, and values that no other type holds: decimal numbers, integers of any size, dates.
    Text,
    /// JSON, for elements that are repeated or have children.
    Json,
}

/// The member for children that a wildcard admits.
const ANY: &str = "$any";

/// The cells of one element, in the order of the columns; `None` where the element has no such attribute or child.
pub type Row = Vec<Option<String>>;

type Members<'j> = HashMap<String, &'j RawValue>;

impl Table {
    /// The elements at a path of names, starting at the root: `/order/item`. Names are written as in JSON. If an
    /// element of the path is itself repeated, this includes the elements in all its occurrences.
    ///
    /// Elements with an `xsi:type` other than the declared type have the columns of the declared type.
    ///
    /// # Errors
    ///
    /// The schema declares no element there.
    pub fn new(schema: &Schema, path: &str) -> Result<Table, Error> {
        let mut found: Option<ElementId> = None;
        let mut names = Vec::new();
        for step in split(path) {
            let next = find(schema, found, step)?;
            names.push(schema.compiled().elements[next.index()].name);
            found = Some(next);
        }
        let element =
            found.ok_or_else(|| Error::mismatch("expected a path such as `/order/item`, found an empty one"))?;
        Ok(Table { schema: schema.clone(), path: names, columns: columns(schema, element) })
    }

    /// The columns: attributes, then text or children in the order of the schema.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows of a document, in its order.
    ///
    /// # Errors
    ///
    /// As [`Schema::decode_to_json`].
    pub fn rows(&self, document: &[u8]) -> Result<Vec<Row>, Error> {
        let mut records = Vec::new();
        self.records_into(document, &mut records)?;
        let records = records.split(|byte| *byte == b'\n').filter(|record| !record.is_empty());
        Ok(records.map(|record| self.row(record)).collect())
    }

    /// Writes the elements of a document as JSON while it is read. Each is an object on its own line, as it is in the
    /// JSON of the document (`docs/json.md`). If it would be a plain value there, it is the object `{"$text": value}`.
    /// The memory that this takes does not grow with the document.
    ///
    /// ```
    /// use packetcheck::codec::table::Table;
    ///
    /// let schema = packetcheck::Schema::from_documents(&[(
    ///     "list.xsd",
    ///     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="list"><xs:complexType><xs:sequence>
    ///          <xs:element name="n" type="xs:int" maxOccurs="9"/></xs:sequence></xs:complexType></xs:element></xs:schema>"#,
    /// )])?;
    /// let mut lines = Vec::new();
    /// Table::new(&schema, "/list/n")?.records_into(b"<list><n>7</n><n>08</n></list>", &mut lines)?;
    /// assert_eq!(lines, b"{\"$text\":7}\n{\"$text\":8}\n");
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Schema::decode_to_json_into`]. The records before an error are written.
    pub fn records_into(&self, document: &[u8], writer: impl io::Write) -> Result<(), Error> {
        super::write_json(&self.schema, document, writer, Wanted::Records(&self.path)).map(drop)
    }

    fn row(&self, record: &[u8]) -> Row {
        let members: Members<'_> = serde_json::from_slice(record).unwrap_or_default();
        self.columns.iter().map(|column| cell(column.kind, members.get(&column.name)?)).collect()
    }
}

/// The names in a path. A namespace in a name can contain slashes.
fn split(path: &str) -> impl Iterator<Item = &str> {
    let mut is_in_namespace = false;
    let is_slash = move |character: char| {
        is_in_namespace = character == '{' || (is_in_namespace && character != '}');
        character == '/' && !is_in_namespace
    };
    path.split(is_slash).filter(|step| !step.is_empty())
}

/// The declaration for a name in an element (`None`: for the root).
fn find(schema: &Schema, around: Option<ElementId>, step: &str) -> Result<ElementId, Error> {
    let compiled = schema.compiled();
    let (place, known): (Place, Vec<(ElementId, Member, String)>) = match around.map(|element| form(schema, element)) {
        None => {
            let roots = compiled.root_names.iter().filter_map(|root| compiled.roots.get(root));
            let member = Member::Named { is_array: false };
            (Place::Root, roots.map(|root| (*root, member, written(compiled, Place::Root, *root))).collect())
        }
        Some(Form::Mixed(model) | Form::Members(model)) => (Place::Child(model), declared(schema, model)),
        Some(Form::Value | Form::Text | Form::Empty) => (Place::Anywhere, Vec::new()),
    };
    let (asked, mut wanted) = (name::read(compiled, place, step), String::new());
    name::write(compiled, place, &asked.namespace, &asked.local, &mut wanted);
    let names: Vec<&str> = known.iter().map(|(.., name)| name.as_str()).collect();
    if let Some((element, ..)) = known.iter().find(|(.., name)| *name == wanted) {
        return Ok(*element);
    }
    let meant = nearest(step, names.iter().copied()).and_then(|index| names.get(index)).copied();
    Err(Error::mismatch(match around {
        None => say::unknown_root(step, &names, meant),
        Some(element) => say::unknown_step(compiled.local_name(element), step, &names, meant),
    }))
}

fn form(schema: &Schema, element: ElementId) -> Form {
    schema.forms().of_type(schema.compiled(), schema.compiled().elements[element.index()].type_id)
}

/// The elements that a content model declares, and those that can substitute for them, each with its member and its
/// name.
fn declared(schema: &Schema, model: ModelId) -> Vec<(ElementId, Member, String)> {
    let compiled = schema.compiled();
    let form = schema.forms().of_model(compiled, model);
    let leaves = (0..).map(LeafId).zip(&compiled.models[model.index()].leaves);
    let elements = leaves.filter_map(|(leaf_id, leaf)| match leaf {
        Leaf::Element(element) => Some((*element, form?.member(leaf_id)?)),
        Leaf::Wildcard(_) => None,
    });
    let usable = elements.flat_map(|(asked, member)| compiled.usable(asked).map(move |element| (element, member)));
    usable.map(|(element, member)| (element, member, written(compiled, Place::Child(model), element))).collect()
}

fn written(schema: &Compiled, place: Place, element: ElementId) -> String {
    let (name, mut out) = (schema.elements[element.index()].name, String::new());
    name::write(schema, place, schema.names.namespace(name), schema.names.local(name), &mut out);
    out
}

/// The members of an element's JSON as columns, according to its declared type.
fn columns(schema: &Schema, element: ElementId) -> Vec<Column> {
    let compiled = schema.compiled();
    let type_id = compiled.elements[element.index()].type_id;
    let mut columns: Vec<Column> = Vec::new();
    let mut add = |name: &str, kind: ColumnType| match columns.iter_mut().find(|column| column.name == name) {
        // Several declarations with one name can have different types.
        Some(known) if known.kind != kind => known.kind = ColumnType::Json,
        Some(_) => {}
        None => columns.push(Column { name: name.to_owned(), kind }),
    };
    if let TypeDefinition::Complex(complex) = &compiled.types[type_id.index()] {
        for attribute in &complex.attributes {
            let mut name = String::from("@");
            let (namespace, local) = (compiled.names.namespace(attribute.name), compiled.names.local(attribute.name));
            name::write(compiled, Place::Attribute(type_id), namespace, local, &mut name);
            add(&name, type_of(&attribute.simple));
        }
    }
    match form(schema, element) {
        Form::Value | Form::Text => {
            add(TEXT, compiled.simple_content(type_id).map_or(ColumnType::Text, |simple| type_of(simple)));
        }
        Form::Empty => {}
        Form::Mixed(_) => add(VALUE, ColumnType::Json),
        Form::Members(model) => {
            for (child, member, name) in declared(schema, model) {
                let is_value = form(schema, child) == Form::Value;
                let simple = compiled.simple_content(compiled.elements[child.index()].type_id);
                match (member, simple) {
                    (Member::Grouped, _) => add(VALUE, ColumnType::Json),
                    (Member::Named { is_array: false }, Some(simple)) if is_value => add(&name, type_of(simple)),
                    _ => add(&name, ColumnType::Json),
                }
            }
            if schema.forms().of_model(compiled, model).is_some_and(|form| form.has_wildcard) {
                add(ANY, ColumnType::Json);
            }
        }
    }
    columns
}

/// The column type for the values of a type, as they are in JSON (`docs/json.md`).
fn type_of(simple: &SimpleType) -> ColumnType {
    match simple.kind() {
        Kind::List => ColumnType::Json,
        _ if simple.has_patterns() => ColumnType::Text,
        Kind::Boolean => ColumnType::Boolean,
        Kind::Float => ColumnType::Double,
        Kind::Integer => match simple.whole_bounds() {
            Some((first, last)) if i32::try_from(first).is_ok() && i32::try_from(last).is_ok() => ColumnType::Int,
            Some((first, last)) if i64::try_from(first).is_ok() && i64::try_from(last).is_ok() => ColumnType::Long,
            _ => ColumnType::Text,
        },
        Kind::String | Kind::Decimal | Kind::Union => ColumnType::Text,
    }
}

/// The members of an object.
fn members(json: &RawValue) -> Option<Members<'_>> {
    json.get().starts_with('{').then(|| serde_json::from_str(json.get()).ok())?
}

/// A value in the form of its column. `null`, which is `xsi:nil`, is not a value.
fn cell(kind: ColumnType, json: &RawValue) -> Option<String> {
    let text = json.get();
    match text.as_bytes().first()? {
        b'n' => None,
        _ if kind == ColumnType::Json => Some(text.to_owned()),
        b'"' => serde_json::from_str(text).ok(),
        // An object, because the element has an `xsi:type`.
        b'{' => cell(kind, members(json)?.get(TEXT)?),
        _ => Some(text.to_owned()),
    }
}
