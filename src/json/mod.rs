//! JSON messages, checked by the types that hold them.
//!
//! A documented limit is part of a member's type: [`Text`] limits its length, [`Int`], [`Long`] and [`Double`] their
//! range, [`List`] its number of items; a closed list of values is an enum, an open one an [`Open`]. Decoding enforces
//! the limits, and a value that breaks one cannot be constructed. [`Member`] distinguishes absent, `null` and present;
//! [`Extra`] keeps unknown members as they were written.
//!
//! The macro `object` declares an object once: the names of its members in JSON, their types, their documentation. It
//! generates the struct, its decoding, its `Deserialize` and `Serialize`, and its `Shape`: the same information as
//! data, with which `explain` finds every fault with its place, and from which the JSON Schemas in `schemas/` are
//! generated.
//!
//! There are two paths with one verdict: `decode` reads into the types quickly and stops at the first fault; the
//! complete path (`explain`) starts again and continues after faults. For unusual spellings, `decode` uses the `reader`
//! of the complete path. Beyond RFC 8259 both refuse, everywhere in a document: a byte order mark, two members with the
//! same name, unpaired surrogates.
//!
//! `Deserialize` is for other formats, and for messages inside other documents: with serde_json it reads the same
//! values from the same documents, which tests verify.

mod code;
pub(crate) mod decode;
mod explain;
mod extra;
mod given;
mod list;
mod member;
mod members;
mod names;
mod number;
mod object;
mod order;
mod reader;
mod root;
mod rule;
mod schema;
mod shape;
mod spelling;
mod stand_in;
mod text;
mod value;
mod values;

pub use code::TextOrInteger;
pub use extra::{Extra, NotJson, Raw};
pub use list::List;
pub use member::Member;
#[doc(hidden)]
pub use names::Names;
pub use names::{Open, OrEmpty};
pub use number::{Double, Int, Long};
pub use text::Text;
pub use value::OutsideLimits;

pub(crate) use decode::{Decode, Object, Refused, Rest, Room};
pub(crate) use explain::{is_readable, well_formed};
pub(crate) use members::{Placed, members};
pub(crate) use names::{NameVisitor, names};
pub(crate) use object::{default_of, object, rules_of};
pub(crate) use reader::{Reader, Token};
pub(crate) use root::{Alternative, Root};
pub(crate) use rule::{Breach, Fact, Rule};
pub(crate) use shape::{MemberShape, Shape, ValueShape};
pub(crate) use value::{Defaulted, IntoOwned, Value};
pub(crate) use values::from_slice;
