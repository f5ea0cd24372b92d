//! The fast path: reads from the bytes into the place of the value, in one walk, each type reading itself.
//!
//! The plain version: an object reads a name, looks it up, and reads the value; a value goes through its bytes one by
//! one. The refinements are:
//!
//! - An object predicts the next name: it compares the document with `"name":` for the member that comes next in the
//!   documentation, then for the one after it, and so on, all the way round. A name is looked up only if a whole round
//!   matched none.
//! - The separator before the first member is expected before the others too, after their comma (`Gap`): one comparison
//!   of sixteen bytes covers comma, line feed, spaces and the next quote.
//! - Strings are scanned sixteen bytes at a time and borrowed; eight digits become a number in three multiplications.
//! - A value is filled in in place: a task has some 1,400 bytes, which are not passed up member by member.
//! - Reading the value of a member is one function per type, however many members have it. Inlining took fewer
//!   instructions but more time: the code of a task did not fit into the first-level cache (`sms.example` of the
//!   peers).
//!
//! All of this is for the usual spelling of values. Anything else (an escape, an exponent, an unknown name, a number of
//! sixteen digits, the last bytes of the document) is read as a token by the reader of the complete path, so its meaning
//! is defined only once. The fast path never rejects a document by itself; it can only fall back.
//!
//! The calls are nested as deeply as the types; values that no type describes are walked by `explain`, on a stack of
//! its own.

use std::borrow::Cow;

use super::explain;
use super::extra::Extra;
use super::reader::{self, Reader, Token};
use super::value::Value;
use crate::text::scan::{equal_lanes, string_end, try_string_end};
use crate::text::white_space::{is_white_space, trim_start, white_space_lanes};

/// The document is not valid. The complete path finds out why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused;

/// The rest of a document.
pub(crate) type Rest<'a> = &'a str;

/// What a value may contain: how many arrays and objects may be open at once, and whether members unknown to its type
/// are kept or refused. In one word, since it is passed down with every value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room(usize);

impl Room {
    /// The bit that means that unknown members are refused.
    const REFUSES: usize = 1 << (usize::BITS - 1);

    pub(crate) fn new(depth: usize, unknown: Unknown) -> Room {
        let refuses = if unknown == Unknown::Refused { Room::REFUSES } else { 0 };
        Room(depth.min(!Room::REFUSES) | refuses)
    }

    /// The room within an array or object.
    #[inline(always)]
    fn within(self) -> Option<Room> {
        (self.depth() > 0).then(|| Room(self.0 - 1))
    }

    #[inline(always)]
    fn depth(self) -> usize {
        self.0 & !Room::REFUSES
    }
}

/// What happens to members unknown to their type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    Kept,
    /// The document is read only for its verdict: the complete path examines unknown members, and keeps less of them.
    Refused,
}

/// A type that can be read from a document.
pub(crate) trait Decode<'a>: Value {
    /// A value to be overwritten by reading. It need not keep the limits, since it is never seen.
    fn blank() -> Self;

    /// The value at the beginning of `rest` and the text after it, if it has the usual spelling. Objects and lists are
    /// too large to be returned in this way.
    #[inline(always)]
    fn try_plain(_: Rest<'a>) -> Option<(Self, Rest<'a>)> {
        None
    }

    /// Reads the value at the beginning of `rest`, however it is written, into `to`, which is blank. Returns the text
    /// after it.
    fn decode(rest: Rest<'a>, room: Room, to: &mut Self) -> Result<Rest<'a>, Refused>;
}

/// An object, which may have members unknown to its type.
pub(crate) trait Object<'a>: Decode<'a> {
    /// The members unknown to its type.
    fn extra(&self) -> &Extra<'a>;
}

/// What separates members or items: a comma, the white space after the opening brace or bracket, and the first byte of
/// the first one. It is usually the same throughout.
pub(crate) struct Gap {
    bytes: [u8; 16],
    /// Selects the bytes that belong to the gap.
    mask: u32,
    /// The length without the last byte.
    length: usize,
    /// What a member or item may contain.
    pub(crate) room: Room,
}

impl Gap {
    /// A gap that never matches: no UTF-8 document has these bytes.
    const fn nowhere(room: Room) -> Gap {
        Gap { bytes: [0xFF; 16], mask: 0xFFFF, length: 0, room }
    }

    /// The gap after an opening brace or bracket.
    #[inline(always)]
    fn after(rest: Rest<'_>, room: Room) -> Gap {
        let Some(bytes) = rest.as_bytes().first_chunk::<16>() else { return Gap::nowhere(room) };
        let length = 1 + (white_space_lanes(bytes) >> 1).trailing_ones();
        if length == 16 {
            return Gap::nowhere(room);
        }
        let [_, after @ ..] = *bytes;
        let mut bytes = [b','; 16];
        bytes[1..].copy_from_slice(&after);
        Gap { bytes, mask: (2 << length) - 1, length: length as usize, room }
    }

    /// The text after the gap, if the gap is here.
    #[inline(always)]
    pub(crate) fn skip<'a>(&self, rest: Rest<'a>) -> Option<Rest<'a>> {
        let chunk = rest.as_bytes().first_chunk::<16>()?;
        match equal_lanes(chunk, &self.bytes) & self.mask == self.mask {
            true => rest.get(self.length..),
            false => None,
        }
    }
}

/// Reads a document that is exactly one value.
pub(crate) fn decode_whole<'a, T: Decode<'a>>(text: &'a str, room: Room, to: &mut T) -> Result<(), Refused> {
    match skip(T::decode(skip(text), room, to)?).is_empty() {
        true => Ok(()),
        false => Err(Refused),
    }
}

/// Skips white space.
#[inline(always)]
fn skip(rest: Rest<'_>) -> Rest<'_> {
    match rest.as_bytes().first() {
        Some(&byte) if is_white_space(byte) => skip_some(rest),
        _ => rest,
    }
}

#[inline(never)]
fn skip_some(mut rest: Rest<'_>) -> Rest<'_> {
    while let Some(chunk) = rest.as_bytes().first_chunk::<16>() {
        let count = white_space_lanes(chunk).trailing_ones() as usize;
        rest = rest.get(count..).unwrap_or_default();
        if count < 16 {
            return rest;
        }
    }
    trim_start(rest)
}

/// Reads what follows an opening brace or bracket, for which there must be room: the gap, and then the first member or
/// item, or the closing bracket.
#[inline(always)]
pub(crate) fn begin<'a>(rest: Rest<'a>, room: Room, open: &'static str) -> Result<(Gap, Rest<'a>), Refused> {
    let inner = rest.strip_prefix(open).ok_or(Refused)?;
    let gap = Gap::after(rest, room.within().ok_or(Refused)?);
    match gap.length {
        0 => Ok((gap, skip(inner))),
        length => Ok((gap, rest.get(length..).ok_or(Refused)?)),
    }
}

/// Records a required member. (An optional member shows by itself that it was read, see `member`.)
#[inline(always)]
pub(crate) fn see<T: Value>(seen: &mut u64, bit: u32) -> Result<(), Refused> {
    if T::OPTIONAL {
        return Ok(());
    }
    let again = *seen & 1 << bit != 0;
    *seen |= 1 << bit;
    if again { Err(Refused) } else { Ok(()) }
}

/// Reads the value after a colon. The returned text begins with the quote of the next name, or with the closing brace.
#[inline(never)]
pub(crate) fn member<'a, T: Decode<'a>>(rest: Rest<'a>, to: &mut T, gap: &Gap) -> Result<Rest<'a>, Refused> {
    // An optional member that is not absent was already read. (For required ones the object keeps track, see `see`.)
    if T::OPTIONAL && to.is_there() {
        return Err(Refused);
    }
    let Some((value, after)) = T::try_plain(rest.strip_prefix(" ").unwrap_or(rest)) else {
        return any_member(rest, to, gap);
    };
    *to = value;
    match gap.skip(after) {
        Some(name) => Ok(name),
        None => after_member(after),
    }
}

/// Reads a member whose value can have any spelling.
#[inline(never)]
fn any_member<'a, T: Decode<'a>>(rest: Rest<'a>, to: &mut T, gap: &Gap) -> Result<Rest<'a>, Refused> {
    let after = T::decode(skip(rest), gap.room, to)?;
    match gap.skip(after) {
        Some(name) => Ok(name),
        None => after_member(after),
    }
}

/// The text after the last member, or after one with a different gap: the quote of a name, or the closing brace.
#[inline(never)]
pub(crate) fn after_member(rest: Rest<'_>) -> Result<Rest<'_>, Refused> {
    let rest = skip(rest);
    if rest.starts_with('}') {
        return Ok(rest);
    }
    let name = skip(rest.strip_prefix(",").ok_or(Refused)?);
    if name.starts_with('"') { Ok(name) } else { Err(Refused) }
}

/// What follows an item.
pub(crate) enum Next<'a> {
    /// Another item, which begins here.
    More(Rest<'a>),
    /// The end of the array, and what follows it.
    End(Rest<'a>),
}

/// What follows the last item, or one with a different gap after it.
#[inline(never)]
pub(crate) fn after_item(rest: Rest<'_>) -> Result<Next<'_>, Refused> {
    let rest = skip(rest);
    match rest.strip_prefix("]") {
        Some(after) => Ok(Next::End(after)),
        None => rest.strip_prefix(",").map(|rest| Next::More(skip(rest))).ok_or(Refused),
    }
}

/// A name that was not expected here: it contains an escape, has white space before its colon, or is unknown.
#[cold]
#[inline(never)]
pub(crate) fn name(rest: Rest<'_>) -> Result<(Cow<'_, str>, Rest<'_>), Refused> {
    match token(rest, Reader::before_name(rest.as_bytes()))? {
        (Token::Name(name), rest) => Ok((name, skip(rest))),
        _ => Err(Refused),
    }
}

/// Keeps a member that the object does not know.
#[cold]
#[inline(never)]
pub(crate) fn unknown<'a>(
    name: Cow<'a, str>,
    rest: Rest<'a>,
    room: Room,
    extra: &mut Extra<'a>,
) -> Result<Rest<'a>, Refused> {
    if room.0 & Room::REFUSES != 0 {
        return Err(Refused);
    }
    let length = explain::value_length(rest, room.depth()).ok_or(Refused)?;
    let (value, after) = rest.split_at_checked(length).ok_or(Refused)?;
    extra.push(name, serde_json::from_str(value).map_err(|_| Refused)?);
    Ok(after)
}

/// A token as the complete path reads it.
pub(super) fn token<'a>(rest: Rest<'a>, mut reader: Reader<'a>) -> Result<(Token<'a>, Rest<'a>), Refused> {
    let mut faulty = false;
    let token = reader.next(&mut |_| faulty = true);
    let after = rest.get(reader.place()..).ok_or(Refused)?;
    if faulty { Err(Refused) } else { Ok((token, after)) }
}

/// A string without escapes, unless it is near the end of the document.
#[inline(always)]
pub(crate) fn plain_string(rest: Rest<'_>) -> Option<(&str, Rest<'_>)> {
    let rest = rest.strip_prefix("\"")?;
    let length = try_string_end(rest.as_bytes())?;
    match rest.as_bytes().get(length) {
        Some(b'"') => Some((rest.get(..length)?, rest.get(length + 1..)?)),
        _ => None,
    }
}

/// Any string.
#[cold]
#[inline(never)]
pub(crate) fn string(rest: Rest<'_>) -> Result<(Cow<'_, str>, Rest<'_>), Refused> {
    if let Some((text, after)) = rest.strip_prefix("\"").and_then(escaped_string) {
        return Ok((text, after));
    }
    match token(rest, Reader::new(rest.as_bytes(), 0))? {
        (Token::String(text), rest) => Ok((text, rest)),
        _ => Err(Refused),
    }
}

/// A string that contains two-character escapes, and the text after it.
fn escaped_string(rest: Rest<'_>) -> Option<(Cow<'_, str>, Rest<'_>)> {
    let (mut plain, mut after) = rest.split_at_checked(string_end(rest.as_bytes()))?;
    if let Some(after) = after.strip_prefix('"') {
        return Some((Cow::Borrowed(plain), after));
    }
    // Enough up to the next quote, which usually ends the string.
    let mut text = String::with_capacity(memchr::memchr(b'"', rest.as_bytes())?);
    loop {
        text.push_str(plain);
        let rest = match *after.as_bytes() {
            [b'"', ..] => return Some((Cow::Owned(text), after.get(1..)?)),
            [b'\\', byte, ..] => {
                text.push(reader::escaped(byte)?);
                after.get(2..)?
            }
            _ => return None,
        };
        (plain, after) = rest.split_at_checked(string_end(rest.as_bytes()))?;
    }
}
