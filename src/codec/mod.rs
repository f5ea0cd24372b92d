//! Validated events to serde and back: any `Deserialize` or `Serialize` type, through a `Schema`.
//!
//! | in a document | in Rust |
//! |---|---|
//! | an element's content | a struct or map: one field for each attribute and each name among the children |
//! | an attribute | a field with its name, or `@name` if a child has the same name |
//! | a name that occurs in several namespaces; a name that a wildcard admits | `Q{namespace}name`; `xml:name` for attributes of that namespace ([the rule](#names)) |
//! | children with one name | one field; a sequence if there may be several |
//! | a choice | optional fields, or one field that holds an enum (or a sequence of enums): the field whose name is neither that of an attribute nor that of a child, or `$value`; the variants are named like the elements |
//! | text with attributes | the field `$text` |
//! | an element with text | the text's value: numbers, booleans, strings (`&str` and `Cow<str>` borrow), unit variants; a sequence for list types |
//! | a qualified name (`xs:QName`) | a string: `Q{namespace}local`, or the local part for a name in no namespace |
//! | an empty element | `()`, a unit struct, or an empty string |
//! | an element of a list type | a sequence; a sequence of sequences if there may be several |
//! | content of `xs:anyType` | [`Any`], which keeps all of it |
//! | children that a wildcard (`xs:any`) admits | fields with their names; or the field `$value` with a sequence, in document order, of [`Any`] or of an enum with variants named like them ([an example](#wildcards)) |
//! | text between children (mixed content) | [`Any`], which keeps it as markup; or a sequence in the field `$value` (or as the root itself): of an enum, with the text as the variant `$text`, of [`Any`], or of maps with one key, which is the name of a child or `$text` |
//! | `xsi:type` | the field `@xsi:type`; or an enum whose variants are named like the declared type and the types derived from it |
//! | `xsi:nil="true"` | `None`; for an element that can also be absent, `Some(None)` in an `Option<Option<T>>`; if there are attributes, the field `@xsi:nil` |
//! | an absent element or attribute | `None` |
//!
//! Nothing is dropped silently: an attribute, child or text for which a struct has no field is an error that names it,
//! and so is an attribute of an element that is read as something other than a struct or map. (Use
//! [`IgnoredAny`](serde::de::IgnoredAny) for fields to be ignored.) `xsi:type` is such an attribute if it names a type
//! other than the declared one; `xsi:schemaLocation` and `xsi:noNamespaceSchemaLocation`, which are hints, are not.
//!
//! The fields of a struct can be in any order. A document's root can be an enum, with variants named like the roots.
//! Maps (and structs with flattened fields, which serde treats as maps) have attributes as `@name`. If several children
//! have the same name, a map of single values keeps the last one, as usual in serde, and a map of sequences keeps all.
//!
//! # Types
//!
//! ```
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! enum Payment {
//!     #[serde(rename = "Payment")]
//!     Unknown { amount: u32 },
//!     Card { amount: u32, number: String },
//! }
//!
//! let schema = packetcheck::Schema::from_documents(&[(
//!     "payment.xsd",
//!     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="payment" type="Payment"/>
//!          <xs:complexType name="Payment"><xs:sequence><xs:element name="amount" type="xs:unsignedInt"/></xs:sequence></xs:complexType>
//!          <xs:complexType name="Card"><xs:complexContent><xs:extension base="Payment"><xs:sequence>
//!            <xs:element name="number" type="xs:string"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>
//!        </xs:schema>"#,
//! )])?;
//! let document = br#"<payment xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Card"><amount>7</amount><number>4111</number></payment>"#;
//! let payment: Payment = schema.decode(document)?;
//! assert_eq!(payment, Payment::Card { amount: 7, number: "4111".into() });
//! assert!(schema.encode(&payment)?.ends_with(document));
//! assert_eq!(schema.decode::<Payment>(b"<payment><amount>7</amount></payment>")?, Payment::Unknown { amount: 7 });
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Wildcards
//!
//! ```
//! use packetcheck::codec::Any;
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! #[serde(rename = "order")]
//! struct Order {
//!     id: u32,
//!     #[serde(rename = "Q{urn:audit}seen")]
//!     seen: Vec<String>,
//! }
//!
//! #[derive(Serialize, Deserialize)]
//! #[serde(rename = "order")]
//! struct Whatever<'a> {
//!     id: u32,
//!     #[serde(rename = "$value", borrow)]
//!     rest: Vec<Any<'a>>,
//! }
//!
//! let schema = packetcheck::Schema::from_documents(&[(
//!     "order.xsd",
//!     r###"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="order"><xs:complexType><xs:sequence>
//!          <xs:element name="id" type="xs:unsignedInt"/>
//!          <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
//!        </xs:sequence></xs:complexType></xs:element></xs:schema>"###,
//! )])?;
//! let document = br#"<order><id>7</id><seen xmlns="urn:audit">Ada</seen><seen xmlns="urn:audit">Bob</seen></order>"#;
//! let order: Order = schema.decode(document)?;
//! assert_eq!(order, Order { id: 7, seen: vec!["Ada".into(), "Bob".into()] });
//! assert!(schema.encode(&order)?.ends_with(document));
//!
//! let whatever: Whatever<'_> = schema.decode(document)?;
//! assert_eq!(whatever.rest[0], Any::Markup(r#"<seen xmlns="urn:audit">Ada</seen>"#.into()));
//! assert!(schema.encode(&whatever)?.ends_with(document));
//! # Ok::<(), packetcheck::Error>(())
//! ```
//!
//! # Names
//!
//! The rule is that of JSON (`docs/json.md`): a field, variant or key has the local name if only one name with this local
//! part is declared among the children of the type (its attributes, the roots, the types), or if none is and the name is in no
//! namespace. All other names are written `Q{namespace}local`.
//!
//! A `&str` borrows, and is an error if a reference had to be resolved; a `Cow<str>` borrows with `#[serde(borrow)]`.
//! serde copies the `Cow<str>` in an `Option` or a `Vec`, whatever the format; `Option<&str>` and `Vec<&str>` borrow.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, PartialEq, Serialize, Deserialize)]
//! struct Order<'a> {
//!     id: u32,
//!     customer: &'a str,
//!     #[serde(default)]
//!     item: Vec<String>,
//! }
//!
//! let schema = packetcheck::Schema::from_documents(&[(
//!     "order.xsd",
//!     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="order"><xs:complexType>
//!          <xs:sequence>
//!            <xs:element name="customer" type="xs:string"/>
//!            <xs:element name="item" type="xs:token" minOccurs="0" maxOccurs="unbounded"/>
//!          </xs:sequence>
//!          <xs:attribute name="id" type="xs:unsignedInt" use="required"/>
//!        </xs:complexType></xs:element></xs:schema>"#,
//! )])?;
//! let order: Order = schema.decode(br#"<order id="7"><customer>Ada</customer><item>tea</item></order>"#)?;
//! assert_eq!(order, Order { id: 7, customer: "Ada", item: vec!["tea".into()] });
//! assert!(schema.encode(&order)?.ends_with(b"<customer>Ada</customer><item>tea</item></order>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Values nest at most 128 elements deep: a recursive type is not read or written beyond that. ([`Any`], and ignored
//! content, may be as deep as the document.)
//!
//! # JSON
//!
//! [`Schema::decode_to_json`](crate::Schema::decode_to_json) and [`Schema::encode_from_json`](crate::Schema::encode_from_json)
//! need no types: they convert any document to JSON and back without loss, by a mapping that the schema determines. It is
//! described in `docs/json.md`. (A `serde_json::Value` from `decode` is a map by the table above, without the root.)
//!
//! ```
//! let schema = packetcheck::Schema::from_documents(&[(
//!     "note.xsd",
//!     r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="note"><xs:complexType mixed="true">
//!          <xs:sequence><xs:element name="b" type="xs:string" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
//!          <xs:attribute name="id" type="xs:int"/></xs:complexType></xs:element></xs:schema>"#,
//! )])?;
//! let json = schema.decode_to_json(br#"<note id="7">one <b>two</b> three</note>"#)?;
//! assert_eq!(json, br#"{"note":{"@id":7,"$value":["one ",{"b":"two"}," three"]}}"#);
//! let document = schema.encode_from_json(&json)?;
//! assert!(document.ends_with(br#"<note id="7">one <b>two</b> three</note>"#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Reading takes what the schema accepts and nothing else; writing gives what the schema accepts and nothing else.

mod any;
mod content;
pub(crate) mod de;
mod error;
mod few;
mod json;
mod key_table;
mod keys;
mod name;
mod qname;
mod secret;
mod ser;

pub use crate::datatype::{Integer, ParseIntegerError};
pub use any::Any;
pub use error::Error;
pub use few::{Few, FewItems};
pub use json::table;
pub use secret::Secret;

/// The most elements nested in each other that become nested values. serde calls itself for each of them, on the call
/// stack, so they are bounded separately from the depth of documents, like in serde_json.
const VALUE_DEPTH: usize = 128;

/// The field for text next to attributes.
const TEXT: &str = "$text";

/// The explicit name of the field that holds a choice.
const VALUE: &str = "$value";

#[cold]
fn too_deep() -> Error {
    Error::mismatch(format_args!("expected values of at most {VALUE_DEPTH} nested elements, found more"))
}

pub(crate) use any::{Text, optional_text};
pub(crate) use de::{decode, decode_record, decode_with_warnings, value_of};
pub(crate) use json::{Children, Form, Forms, Member, attribute_type_of, default_of, from_json, name_of, to_json};
pub(crate) use keys::KeyFacts;
pub(crate) use ser::{Layout, Markup, encode, split_markup};
