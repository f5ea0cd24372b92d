//! The quick way: from the bytes into the place of the value, in one walk, each type reading itself.
//!
//! The plain version: an object reads a name, looks it up, reads the value; a value goes through its bytes one by one.
//! What that is refined by:
//!
//! - An object foretells the next name: it compares the document with `"name":` of the member that the documentation has
//!   next, then of the one behind it, and so on in turns. Names are looked up only where a whole turn met none.
//! - What parts the first member from the brace is taken to part the others from the comma too (`Gap`): one comparison
//!   of sixteen bytes takes comma, line feed, blanks and the next quote.
//! - Strings are scanned sixteen bytes at a time and borrow; eight digits are made a number in three multiplications.
//! - A value is filled in where it stays: a task has some 1,400 bytes, which are not handed up member by member.
//! - Reading a member's value is one function for each type, however many members have it. In line it took fewer
//!   instructions and more time: the code of a task did not fit the first cache (`sms.example` of the peers).
//!
//! All of that is for how values are mostly spelt. What is spelt otherwise (an escape, an exponent, an unknown name, a
//! number of sixteen digits, the last bytes of the document) is taken as a token of the complete way's reader, so that
//! there is one opinion of what it is. Nothing is refused by the short way alone: it may only give up.
//!
//! The depth of the calls is that of the types; what no type describes is walked by `explain`, on a stack of its own.

use std::borrow::Cow;

use super::explain;
use super::extra::Extra;
use super::reader::{self, Reader, Token};
use super::value::Value;
use crate::text::scan::{equal_lanes, string_end, try_string_end};
use crate::text::white_space::{is_white_space, trim_start, white_space_lanes};

/// The document is not valid. Why is for the complete way to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refused;

/// What is left of a document.
pub(crate) type Rest<'a> = &'a str;

/// What a value may have in it: so many arrays and objects may be open at once, and members that no type knows are kept or
/// refused. In one word, since it is handed down with every value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room(usize);

impl Room {
    /// The bit that says that such members are refused.
    const REFUSES: usize = 1 << (usize::BITS - 1);

    pub(crate) fn new(depth: usize, unknown: Unknown) -> Room {
        let refuses = if unknown == Unknown::Refused { Room::REFUSES } else { 0 };
        Room(depth.min(!Room::REFUSES) | refuses)
    }

    /// What there is in an array or object.
    #[inline(always)]
    fn within(self) -> Option<Room> {
        (self.depth() > 0).then(|| Room(self.0 - 1))
    }

    #[inline(always)]
    fn depth(self) -> usize {
        self.0 & !Room::REFUSES
    }
}

/// What becomes of members that no type knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    Kept,
    /// The document is read for its verdict alone: the complete way has to look at them, and keeps less of them.
    Refused,
}

/// A type that can be read from a document.
pub(crate) trait Decode<'a>: Value {
    /// What a value is read over. It need not keep the limits: nobody sees it.
    fn blank() -> Self;

    /// The value that `rest` begins with and what is left behind it, if it is spelt as such values mostly are. Objects
    /// and lists are too large to be handed up.
    #[inline(always)]
    fn try_plain(_: Rest<'a>) -> Option<(Self, Rest<'a>)> {
        None
    }

    /// Reads the value that `rest` begins with, however it is written, into `to`, which is blank; what is left after it.
    fn decode(rest: Rest<'a>, room: Room, to: &mut Self) -> Result<Rest<'a>, Refused>;
}

/// An object, which may have members that its type does not know.
pub(crate) trait Object<'a>: Decode<'a> {
    /// Those.
    fn extra(&self) -> &Extra<'a>;
}

/// What parts members or items: a comma, the white space that stands behind the opening brace or bracket, and the byte that
/// the first one begins with. Mostly it is the same all along.
pub(crate) struct Gap {
    bytes: [u8; 16],
    /// Of the bytes those that are the gap.
    mask: u32,
    /// Without the last byte of it.
    length: usize,
    /// What a member or item may have in it.
    pub(crate) room: Room,
}

impl Gap {
    /// A gap that is nowhere: no document in UTF-8 has these bytes.
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
        let [_, behind @ ..] = *bytes;
        let mut bytes = [b','; 16];
        bytes[1..].copy_from_slice(&behind);
        Gap { bytes, mask: (2 << length) - 1, length: length as usize, room }
    }

    /// What is left behind the gap, if it is here.
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

/// Behind white space.
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

/// After an opening brace or bracket, for which there has to be room: what parts members or items, and the first one, or
/// what closes them.
#[inline(always)]
pub(crate) fn begin<'a>(rest: Rest<'a>, room: Room, open: &'static str) -> Result<(Gap, Rest<'a>), Refused> {
    let inner = rest.strip_prefix(open).ok_or(Refused)?;
    let gap = Gap::after(rest, room.within().ok_or(Refused)?);
    match gap.length {
        0 => Ok((gap, skip(inner))),
        length => Ok((gap, rest.get(length..).ok_or(Refused)?)),
    }
}

/// Notes that a member was met that has to be there. (One that may be absent shows that itself, see `member`.)
#[inline(always)]
pub(crate) fn see<T: Value>(seen: &mut u64, bit: u32) -> Result<(), Refused> {
    if T::OPTIONAL {
        return Ok(());
    }
    let again = *seen & 1 << bit != 0;
    *seen |= 1 << bit;
    if again { Err(Refused) } else { Ok(()) }
}

/// Reads the value behind a colon. What is left begins with the quote of the next name, or with the closing brace.
#[inline(never)]
pub(crate) fn member<'a, T: Decode<'a>>(rest: Rest<'a>, to: &mut T, gap: &Gap) -> Result<Rest<'a>, Refused> {
    // A member that may be absent and is not: it was read before. (Of the others the object knows, see `see`.)
    if T::OPTIONAL && to.is_there() {
        return Err(Refused);
    }
    let Some((value, behind)) = T::try_plain(rest.strip_prefix(" ").unwrap_or(rest)) else {
        return any_member(rest, to, gap);
    };
    *to = value;
    match gap.skip(behind) {
        Some(name) => Ok(name),
        None => after_member(behind),
    }
}

/// The same however the value is spelt.
#[inline(never)]
fn any_member<'a, T: Decode<'a>>(rest: Rest<'a>, to: &mut T, gap: &Gap) -> Result<Rest<'a>, Refused> {
    let behind = T::decode(skip(rest), gap.room, to)?;
    match gap.skip(behind) {
        Some(name) => Ok(name),
        None => after_member(behind),
    }
}

/// What follows the last member, or one behind which another gap is: the quote of a name, or the closing brace.
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
    /// Another one, which begins here.
    More(Rest<'a>),
    /// The end of the array; behind it.
    End(Rest<'a>),
}

/// What follows the last item, or one behind which another gap is.
#[inline(never)]
pub(crate) fn after_item(rest: Rest<'_>) -> Result<Next<'_>, Refused> {
    let rest = skip(rest);
    match rest.strip_prefix("]") {
        Some(behind) => Ok(Next::End(behind)),
        None => rest.strip_prefix(",").map(|rest| Next::More(skip(rest))).ok_or(Refused),
    }
}

/// A name that is not where it was looked for: with an escape in it, blanks before its colon, or unknown.
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
    let (value, behind) = rest.split_at_checked(length).ok_or(Refused)?;
    extra.push(name, serde_json::from_str(value).map_err(|_| Refused)?);
    Ok(behind)
}

/// A token as the complete way has it.
pub(super) fn token<'a>(rest: Rest<'a>, mut reader: Reader<'a>) -> Result<(Token<'a>, Rest<'a>), Refused> {
    let mut faulty = false;
    let token = reader.next(&mut |_| faulty = true);
    let behind = rest.get(reader.place()..).ok_or(Refused)?;
    if faulty { Err(Refused) } else { Ok((token, behind)) }
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
    if let Some((text, behind)) = rest.strip_prefix("\"").and_then(escaped_string) {
        return Ok((text, behind));
    }
    match token(rest, Reader::new(rest.as_bytes(), 0))? {
        (Token::String(text), rest) => Ok((text, rest)),
        _ => Err(Refused),
    }
}

/// What is left of a string that has escapes of two characters, if any.
fn escaped_string(rest: Rest<'_>) -> Option<(Cow<'_, str>, Rest<'_>)> {
    let (mut plain, mut behind) = rest.split_at_checked(string_end(rest.as_bytes()))?;
    if let Some(behind) = behind.strip_prefix('"') {
        return Some((Cow::Borrowed(plain), behind));
    }
    // As much as there is to the next quote: mostly all of it.
    let mut text = String::with_capacity(memchr::memchr(b'"', rest.as_bytes())?);
    loop {
        text.push_str(plain);
        let rest = match *behind.as_bytes() {
            [b'"', ..] => return Some((Cow::Owned(text), behind.get(1..)?)),
            [b'\\', byte, ..] => {
                text.push(reader::escaped(byte)?);
                behind.get(2..)?
            }
            _ => return None,
        };
        (plain, behind) = rest.split_at_checked(string_end(rest.as_bytes()))?;
    }
}
