//! Finds where a run of plain bytes ends: sixteen bytes at a time, or eight where runs are usually short.

use memchr::memchr;
use wide::u8x16;

use super::word::{HIGH, lanes, word, zero_lanes};

/// The first byte from `at` that is not plain character data: `<`, `&`, `]`, a carriage return, a forbidden control
/// character, or `0xEF`, the first byte of U+FFFE and U+FFFF. The end of `bytes` if there is none.
#[inline(always)]
pub(crate) fn text_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) else {
            return last_text_end(bytes, at);
        };
        let stops = text_stops(chunk);
        if stops == 0 {
            at += 16;
            continue;
        }
        at += stops.trailing_zeros() as usize;
        match bytes.get(at) {
            Some(b'\n' | b'\t') => at += 1,
            _ => return at,
        }
    }
}

/// Which of sixteen bytes are not plain character data, one bit each.
#[inline(always)]
fn text_stops(chunk: &[u8; 16]) -> u32 {
    let bytes = u8x16::new(*chunk);
    let is = |byte| bytes.simd_eq(u8x16::splat(byte));
    (is(b'<') | is(b'&') | is(b']') | is(0xEF) | control_lanes(bytes)).to_bitmask()
}

#[inline(never)]
fn last_text_end(bytes: &[u8], at: usize) -> usize {
    let stops = |byte: &u8| matches!(byte, b'<' | b'&' | b']' | 0xEF) || *byte < 0x20 && !matches!(byte, b'\n' | b'\t');
    bytes.iter().skip(at).position(stops).map_or(bytes.len(), |found| at + found)
}

/// The first byte from `at` that is not plain in a value between double quotes: `"`, `<`, `&`, white space other than a
/// space, a forbidden control character, or `0xEF`. The end of `bytes` if there is none.
#[inline(always)]
pub(crate) fn value_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let word = word(bytes, at);
        let stops = zero_lanes(word ^ lanes(b'"'))
            | zero_lanes(word ^ lanes(b'<'))
            | zero_lanes(word ^ lanes(b'&'))
            | zero_lanes(word ^ lanes(0xEF))
            | (word.wrapping_sub(lanes(0x20)) & !word & HIGH);
        if stops != 0 {
            return (at + (stops.trailing_zeros() / 8) as usize).min(bytes.len());
        }
        at += 8;
    }
}

/// The end of the spaces and tabs that begin at `at`.
#[inline(always)]
pub(crate) fn skip_blanks(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let chunk = u8x16::new(chunk_at(bytes, at));
        let is = |byte| chunk.simd_eq(u8x16::splat(byte));
        let others = !(is(b' ') | is(b'\t')).to_bitmask() & 0xFFFF;
        if others != 0 {
            return at + others.trailing_zeros() as usize;
        }
        at += 16;
    }
}

/// Whether a line has a vertical bar, a tab or two adjacent spaces.
pub(crate) fn may_have_cells(line: &[u8]) -> bool {
    // The last byte of the previous sixteen was a space.
    let (mut at, mut carried) = (0, 0);
    while at < line.len() {
        let chunk = u8x16::new(chunk_at(line, at));
        let is = |byte| chunk.simd_eq(u8x16::splat(byte));
        let blanks = is(b' ').to_bitmask();
        if (is(b'|') | is(b'\t')).to_bitmask() | blanks & (blanks << 1 | carried) != 0 {
            return true;
        }
        carried = blanks >> 15;
        at += 16;
    }
    false
}

/// How many of the sixteen bytes from `at`, counted up to the first that is not, are ASCII that names may have after
/// their first letter, except colons. Also 0 if fewer than sixteen are left.
#[inline(always)]
pub(crate) fn name_bytes(bytes: &[u8], at: usize) -> usize {
    let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<16>()) else { return 0 };
    let bytes = u8x16::new(*chunk);
    let is = |byte| bytes.simd_eq(u8x16::splat(byte));
    let among = |bytes: u8x16, first, more| {
        let from_first = bytes - u8x16::splat(first);
        from_first.min(u8x16::splat(more)).simd_eq(from_first)
    };
    let letters = among(bytes | u8x16::splat(0x20), b'a', b'z' - b'a');
    let others = among(bytes, b'-', b'9' - b'-') & !is(b'/');
    (!(letters | others | is(b'_')).to_bitmask()).trailing_zeros().min(16) as usize
}

/// The first byte that is not plain in a JSON string (RFC 8259, section 7): a quote, a backslash, a control character.
/// `None` if none of these comes before, at the latest, the last fifteen bytes.
#[inline(always)]
pub(crate) fn try_string_end(bytes: &[u8]) -> Option<usize> {
    let mut rest = bytes;
    loop {
        let (chunk, after) = rest.split_first_chunk::<16>()?;
        let chunk = u8x16::new(*chunk);
        let is = |byte| chunk.simd_eq(u8x16::splat(byte));
        let stops = (is(b'"') | is(b'\\') | control_lanes(chunk)).to_bitmask();
        if stops != 0 {
            return Some(bytes.len() - rest.len() + stops.trailing_zeros() as usize);
        }
        rest = after;
    }
}

/// Like [`try_string_end`], but also near the end of the bytes, which it returns if there is no such byte.
pub(crate) fn string_end(bytes: &[u8]) -> usize {
    let stops = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
    try_string_end(bytes).unwrap_or_else(|| bytes.iter().position(stops).unwrap_or(bytes.len()))
}

/// The first of some bytes, which is usually among the first sixteen.
#[inline(always)]
pub(crate) fn near(byte: u8, bytes: &[u8]) -> Option<usize> {
    let Some(chunk) = bytes.first_chunk::<16>() else { return memchr(byte, bytes) };
    match u8x16::new(*chunk).simd_eq(u8x16::splat(byte)).to_bitmask() {
        0 => memchr(byte, bytes.get(16..)?).map(|at| at + 16),
        found => Some(found.trailing_zeros() as usize),
    }
}

/// The end of the tag name that begins at `at`: before white space, `/` or `>`, or the end of `bytes`.
#[inline(always)]
pub(crate) fn tag_name_end(bytes: &[u8], mut at: usize) -> usize {
    loop {
        let word = word(bytes, at);
        let stops = zero_lanes(word ^ lanes(b'>'))
            | zero_lanes(word ^ lanes(b'/'))
            | (word.wrapping_sub(lanes(b' ' + 1)) & !word & HIGH);
        if stops != 0 {
            return (at + (stops.trailing_zeros() / 8) as usize).min(bytes.len());
        }
        at += 8;
    }
}

/// The first `>` from `at` that is not in quotes: values may contain it unescaped (XML, production 10).
#[inline(always)]
pub(crate) fn start_tag_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut quote = None;
    loop {
        let chunk = u8x16::new(chunk_at(bytes, at));
        let is = |byte| chunk.simd_eq(u8x16::splat(byte)).to_bitmask();
        let (ends, double, single) = (is(b'>'), is(b'"'), is(b'\''));
        let mut left = u32::MAX;
        loop {
            let stops = match quote {
                None => ends | double | single,
                Some(b'"') => double,
                Some(_) => single,
            } & left;
            if stops == 0 {
                break;
            }
            let stop = stops.trailing_zeros();
            match quote {
                None if ends >> stop & 1 != 0 => return Some(at + stop as usize),
                None => quote = Some(if double >> stop & 1 != 0 { b'"' } else { b'\'' }),
                Some(_) => quote = None,
            }
            left = u32::MAX << (stop + 1);
        }
        at += 16;
        if at >= bytes.len() {
            return None;
        }
    }
}

/// Sixteen bytes from `at`, with zeros past the end of `bytes`.
#[inline(always)]
fn chunk_at(bytes: &[u8], at: usize) -> [u8; 16] {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.first_chunk::<16>().copied().unwrap_or_else(|| {
        let mut last = [0; 16];
        last.iter_mut().zip(rest).for_each(|(last, byte)| *last = *byte);
        last
    })
}

/// How many leading bytes pass. The test of sixteen at once has no branch in it, which lets the compiler use vector
/// instructions.
#[inline(always)]
pub(crate) fn skip_while(bytes: &[u8], pass: impl Fn(u8) -> bool) -> usize {
    let mut skipped = 0;
    while let Some(chunk) = bytes.get(skipped..skipped + 16) {
        if !chunk.iter().fold(true, |all, &byte| all & pass(byte)) {
            break;
        }
        skipped += 16;
    }
    let rest = bytes.get(skipped..).unwrap_or_default();
    skipped + rest.iter().position(|&byte| !pass(byte)).unwrap_or(rest.len())
}

/// Moves from one sign of punctuation to the next: `"`, `%`, `'`, `*`, `-`, a colon, a semicolon, `<`, `=`, `@`, `|`,
/// line endings, tabs, and `0xEF`, the first byte of their full-width forms.
pub(crate) struct Signs<'d> {
    bytes: &'d [u8],
    /// Where the last sixteen bytes looked at begin, and the signs among them, one bit each.
    block: usize,
    signs: u32,
}

impl<'d> Signs<'d> {
    pub(crate) fn new(bytes: &'d [u8]) -> Signs<'d> {
        Signs { bytes, block: 0, signs: signs_at(bytes, 0) }
    }

    /// The first sign from `at` on, which is never before the previous one.
    #[inline(always)]
    pub(crate) fn next_from(&mut self, at: usize) -> Option<usize> {
        match at.saturating_sub(self.block) {
            passed @ 0..16 => self.signs &= u32::MAX << passed,
            _ => (self.block, self.signs) = (at, signs_at(self.bytes, at)),
        }
        while self.signs == 0 {
            self.block += 16;
            if self.block >= self.bytes.len() {
                return None;
            }
            self.signs = signs_at(self.bytes, self.block);
        }
        Some(self.block + self.signs.trailing_zeros() as usize)
    }
}

/// Which of the next sixteen bytes are signs. There are none past the end.
#[inline(always)]
fn signs_at(bytes: &[u8], at: usize) -> u32 {
    let bytes = u8x16::new(chunk_at(bytes, at));
    let is = |byte| bytes.simd_eq(u8x16::splat(byte));
    // From `first` on, this many more.
    let among = |first, more| {
        let from_first = bytes - u8x16::splat(first);
        from_first.min(u8x16::splat(more)).simd_eq(from_first)
    };
    let quotes = is(b'"') | is(b'\'');
    let signs = among(b':', b'=' - b':') | among(b'\t', b'\n' - b'\t') | quotes | is(b'%') | is(b'*') | is(b'-');
    (signs | is(b'@') | is(b'|') | is(0xEF)).to_bitmask()
}

/// The most bytes of a name that are looked at.
const NAME: usize = 64;

/// The part of a name after its last colon, and the end of the name in `bytes`, which begin with it: it ends before a
/// space, another control character, `>` or `/`. `None` if there is no such part, or it is long.
#[inline(always)]
pub(crate) fn local_name_at_front(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let mut local = 0;
    for (block, chunk) in bytes.as_chunks::<16>().0.iter().take(NAME / 16).enumerate() {
        let chunk = u8x16::new(*chunk);
        let is = |byte| chunk.simd_eq(u8x16::splat(byte));
        let ends = (blank_lanes(chunk) | is(b'>') | is(b'/')).to_bitmask();
        let end = ends.trailing_zeros().min(16);
        let colons = is(b':').to_bitmask() & !(u32::MAX << end);
        if colons != 0 {
            local = block * 16 + (u32::BITS - colons.leading_zeros()) as usize;
        }
        if ends != 0 {
            let end = block * 16 + end as usize;
            return bytes.get(local..end).filter(|name| !name.is_empty()).map(|name| (name, end));
        }
    }
    None
}

/// What follows the last colon, space or other control character of `bytes`, if that is ASCII. `None` if nothing or too
/// much follows.
#[inline(always)]
pub(crate) fn local_name_at_end(bytes: &[u8]) -> Option<&[u8]> {
    for (block, chunk) in bytes.as_rchunks::<16>().1.iter().rev().take(NAME / 16).enumerate() {
        let chunk = u8x16::new(*chunk);
        let ends = (blank_lanes(chunk) | chunk.simd_eq(u8x16::splat(b':'))).to_bitmask();
        let start = u32::BITS - ends.leading_zeros();
        if chunk.to_bitmask() >> start != 0 {
            return None;
        }
        if ends != 0 {
            return bytes.get(bytes.len() - (block + 1) * 16 + start as usize..).filter(|name| !name.is_empty());
        }
    }
    None
}

/// Which of sixteen bytes are the same in both, one bit each.
#[inline(always)]
pub(crate) fn equal_lanes(one: &[u8; 16], other: &[u8; 16]) -> u32 {
    u8x16::new(*one).simd_eq(u8x16::new(*other)).to_bitmask()
}

/// Whether no byte is a control character, `<`, `>`, `&`, `"` or `0xEF`.
#[inline]
pub(crate) fn are_plain(bytes: &[u8]) -> bool {
    let Some(last) = bytes.last_chunk::<16>() else { return are_plain_lanes(few(bytes)) };
    bytes.chunks_exact(16).all(|chunk| are_plain_lanes(chunk.try_into().unwrap_or(*last))) && are_plain_lanes(*last)
}

#[inline(always)]
fn are_plain_lanes(bytes: [u8; 16]) -> bool {
    let bytes = u8x16::new(bytes);
    let is = |byte| bytes.simd_eq(u8x16::splat(byte));
    (is(b'<') | is(b'>') | is(b'&') | is(b'"') | is(0xEF) | control_lanes(bytes)).to_bitmask() == 0
}

/// Sixteen bytes that hold all of fewer than sixteen, some of them twice, and blanks if these are fewer than four.
#[inline(always)]
fn few(bytes: &[u8]) -> [u8; 16] {
    let halves = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(first), Some(last)) => [u64::from_le_bytes(*first), u64::from_le_bytes(*last)],
        _ => match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
            (Some(first), Some(last)) => {
                [u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)); 2]
            }
            _ => [bytes.iter().fold(lanes(b' '), |word, byte| word << 8 | u64::from(*byte)); 2],
        },
    };
    let mut all = [0; 16];
    for (bytes, half) in all.chunks_exact_mut(8).zip(halves) {
        bytes.copy_from_slice(&half.to_le_bytes());
    }
    all
}

/// The bytes below U+0020.
#[inline(always)]
fn control_lanes(bytes: u8x16) -> u8x16 {
    bytes.min(u8x16::splat(0x1F)).simd_eq(bytes)
}

/// The space, and the bytes below it.
#[inline(always)]
fn blank_lanes(bytes: u8x16) -> u8x16 {
    bytes.min(u8x16::splat(b' ')).simd_eq(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_byte_that_is_not_plain_is_overlooked() {
        for length in 0..40 {
            let plain = vec![b'a'; length];
            assert!(are_plain(&plain));
            for at in 0..length {
                for byte in 0..=255 {
                    let mut bytes = plain.clone();
                    bytes[at] = byte;
                    let is_plain = byte >= 0x20 && !b"<>&\"\xEF".contains(&byte);
                    assert_eq!(are_plain(&bytes), is_plain, "{bytes:?}");
                }
            }
        }
    }

    fn plain_text_end(bytes: &[u8], at: usize) -> usize {
        let stop = |&byte: &u8| matches!(byte, b'<' | b'&' | b']' | 0xEF) || byte < 0x20 && !b"\n\t".contains(&byte);
        bytes.iter().skip(at).position(stop).map_or(bytes.len(), |found| at + found)
    }

    fn plain_value_end(bytes: &[u8], at: usize) -> usize {
        let stop = |&byte: &u8| matches!(byte, b'"' | b'<' | b'&' | 0xEF) || byte < 0x20;
        bytes.iter().skip(at).position(stop).map_or(bytes.len(), |found| at + found)
    }

    fn plain_string_end(bytes: &[u8]) -> usize {
        let stop = |&byte: &u8| byte == b'"' || byte == b'\\' || byte < 0x20;
        bytes.iter().position(stop).unwrap_or(bytes.len())
    }

    /// What is looked at in whole blocks.
    fn is_in_blocks(bytes: &[u8], place: usize) -> bool {
        place < (bytes.len() / 16 * 16).min(NAME)
    }

    fn plain_local_name_at_front(bytes: &[u8]) -> Option<(&[u8], usize)> {
        let end = bytes.iter().position(|byte| matches!(byte, 0..=b' ' | b'>' | b'/'))?;
        let local = bytes.get(..end)?.rsplit(|byte| *byte == b':').next().filter(|local| !local.is_empty())?;
        is_in_blocks(bytes, end).then_some((local, end))
    }

    fn plain_local_name_at_end(bytes: &[u8]) -> Option<&[u8]> {
        let last = bytes.iter().rposition(|byte| matches!(byte, 0..=b' ' | b':'))?;
        let name = bytes.get(last + 1..).filter(|name| !name.is_empty() && name.is_ascii())?;
        is_in_blocks(bytes, name.len()).then_some(name)
    }

    fn plain_start_tag_end(bytes: &[u8], at: usize) -> Option<usize> {
        let mut quote = None;
        (at..bytes.len()).find(|at| match (quote, bytes[*at]) {
            (None, b'>') => true,
            (None, byte @ (b'"' | b'\'')) => {
                quote = Some(byte);
                false
            }
            (Some(opening), byte) => {
                quote = Some(opening).filter(|opening| *opening != byte);
                false
            }
            (None, _) => false,
        })
    }

    fn signs(bytes: &[u8]) -> Vec<usize> {
        let (mut signs, mut at, mut found) = (Signs::new(bytes), 0, Vec::new());
        while let Some(sign) = signs.next_from(at) {
            found.push(sign);
            at = sign + 1;
        }
        found
    }

    fn plain_signs(bytes: &[u8]) -> Vec<usize> {
        let is_sign = |at: &usize| b"\"%'*-:;<=@|\n\t\xef".contains(&bytes[*at]);
        (0..bytes.len()).filter(is_sign).collect()
    }

    fn byte() -> impl Strategy<Value = u8> {
        prop_oneof![any::<u8>(), prop::sample::select(b"\"  \n\t|:'>".to_vec()), b'0'..=b'9', b'a'..=b'z', b'a'..=b'z']
    }

    proptest! {
        #[test]
        fn scans_do_what_their_plain_twins_do(bytes in prop::collection::vec(byte(), 0..80), at in 0usize..80) {
            let at = at.min(bytes.len());
            prop_assert_eq!(text_end(&bytes, at), plain_text_end(&bytes, at));
            prop_assert_eq!(value_end(&bytes, at), plain_value_end(&bytes, at));
            prop_assert_eq!(start_tag_end(&bytes, at), plain_start_tag_end(&bytes, at));
            let is_of_name = |byte: &&u8| byte.is_ascii_alphanumeric() || b"-._".contains(byte);
            let of_name = bytes.get(at..at + 16).map_or(0, |next| next.iter().take_while(is_of_name).count());
            prop_assert_eq!(name_bytes(&bytes, at), of_name);
            let ends_name = |byte: &u8| matches!(byte, 0..=b' ' | b'>' | b'/');
            let name_end = bytes.iter().skip(at).position(ends_name).map_or(bytes.len(), |end| at + end);
            prop_assert_eq!(tag_name_end(&bytes, at), name_end);
            prop_assert_eq!(near(b':', &bytes), bytes.iter().position(|byte| *byte == b':'));
            prop_assert_eq!(string_end(&bytes), plain_string_end(&bytes));
            prop_assert_eq!(signs(&bytes), plain_signs(&bytes));
            let blanks = bytes.iter().skip(at).take_while(|byte| b" \t".contains(byte)).count();
            prop_assert_eq!(skip_blanks(&bytes, at), at + blanks);
            let has_cells = bytes.iter().any(|byte| b"|\t".contains(byte)) || bytes.windows(2).any(|two| two == b"  ");
            prop_assert_eq!(may_have_cells(&bytes), has_cells);
            prop_assert_eq!(local_name_at_front(&bytes), plain_local_name_at_front(&bytes));
            prop_assert_eq!(local_name_at_end(&bytes), plain_local_name_at_end(&bytes));
            let letters = bytes.iter().take_while(|byte| byte.is_ascii_lowercase()).count();
            prop_assert_eq!(skip_while(&bytes, |byte| byte.is_ascii_lowercase()), letters);
        }

        #[test]
        fn equal_bytes_have_a_bit_each(one in prop::array::uniform16(byte()), other in prop::array::uniform16(byte())) {
            let lanes = equal_lanes(&one, &other);
            for (lane, (one, other)) in one.iter().zip(&other).enumerate() {
                prop_assert_eq!(lanes >> lane & 1 == 1, one == other);
            }
        }
    }
}
