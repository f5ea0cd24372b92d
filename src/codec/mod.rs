//! Validated events to serde and back: any `Deserialize` or `Serialize` type, through a `Schema`.
//!
//! | in a document | in Rust |
//! |---|---|
//! | an element's content | a struct or map: one field for each attribute and each name among the children |
//! | an attribute | a field of its name, or of `@name` where a child has the same one |
//! | children of one name | one field; a sequence where there may be several |
//! | a choice | optional fields, or one field that holds an enum (or a sequence of enums): the field whose name is neither that of an attribute nor that of a child, or `$value`; the variants are named as the elements |
//! | text beside attributes | the field `$text` |
//! | an element with text | the text's value: numbers, booleans, strings (`&str` and `Cow<str>` borrow), unit variants; a sequence for list types |
//! | an empty element | `()`, a unit struct, or an empty string |
//! | content of `xs:anyType` | [`Any`], which keeps whatever it is |
//! | `xsi:nil="true"` | `None` |
//!
//! Reading takes what the schema accepts and nothing else; writing gives what the schema accepts and nothing else.

mod any;
mod cursor;
mod de;
mod error;
mod few;
mod ser;

pub use any::Any;
pub use error::Error;
pub use few::Few;

pub(crate) use any::optional_text;
pub(crate) use cursor::{Cursor, read};
pub(crate) use de::from_slice;
pub(crate) use ser::{Layout, to_vec};
