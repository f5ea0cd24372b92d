//! Suggests the name that was probably meant: "did you mean".

use super::distance::{LONGEST, Measure};
use super::lookalike::{folded, in_one_case, narrowed};

/// The most names that are compared for one document: bounds the work if many elements are unknown to a schema that has
/// many names. After that, unknown names are reported without a suggestion.
const COMPARED: usize = 1 << 20;

/// Finds the intended names in one document.
#[derive(Debug, Default)]
pub(crate) struct Suggestions {
    compared: usize,
}

impl Suggestions {
    /// Whether no more suggestions are made.
    pub(crate) fn are_exhausted(&self) -> bool {
        self.compared >= COMPARED
    }

    /// Like [`nearest`], until the limit is reached.
    pub(crate) fn nearest<'n, C>(&mut self, name: &str, candidates: impl IntoIterator<Item = C>) -> Option<usize>
    where
        C: Into<Candidate<'n>>,
    {
        if self.are_exhausted() {
            return None;
        }
        nearest(name, candidates.into_iter().inspect(|_| self.compared += 1))
    }

    /// As [`nearest`](Self::nearest), with how sure it is.
    pub(crate) fn meant<'n, C>(&mut self, name: &str, candidates: impl IntoIterator<Item = C>) -> Option<Meant>
    where
        C: Into<Candidate<'n>>,
    {
        if self.are_exhausted() {
            return None;
        }
        meant_within(usize::MAX, name, candidates.into_iter().inspect(|_| self.compared += 1))
    }

    /// Like [`nearest`](Self::nearest), but only finds a name that differs in case, word separators, or one letter.
    pub(crate) fn slip<'n>(&mut self, name: &str, candidates: impl IntoIterator<Item = &'n str>) -> Option<usize> {
        if self.are_exhausted() {
            return None;
        }
        nearest_within(1, name, candidates.into_iter().inspect(|_| self.compared += 1))
    }
}

/// Which of some names was meant, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Meant {
    pub(crate) index: usize,
    /// It takes one edit at most, which is not about a digit, and every other name takes two more at least; or this one differs in
    /// nothing but case and what separates words, and no other name does.
    pub(crate) is_certain: bool,
    /// Another name is as near.
    pub(crate) is_tied: bool,
}

/// A name that may have been meant.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'n> {
    pub(crate) name: &'n str,
    pub(crate) letters: Letters,
}

impl<'n> From<&'n str> for Candidate<'n> {
    fn from(name: &'n str) -> Candidate<'n> {
        Candidate { name, letters: Letters::of(name) }
    }
}

/// Which letters a name has, whatever their case and without word separators: one bit for each, some sharing one. This
/// rules out nearly all distant names before any of their letters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Letters(u64);

impl Letters {
    pub(crate) fn of(name: &str) -> Letters {
        Letters(letters_of(name).fold(0, |letters, byte| letters | 1 << (byte & 63)))
    }

    fn differing(self, other: Letters) -> usize {
        (self.0 ^ other.0).count_ones() as usize
    }

    /// Whether the longest names with these letters may be similar: most are not.
    pub(crate) fn may_be_near(self, other: Letters) -> bool {
        self.differing(other) <= 2 * MOST_EDITS
    }

    /// The least number of edits: each removes one letter, adds one, or both.
    fn least_edits(self, other: Letters) -> usize {
        (self.0 & !other.0).count_ones().max((other.0 & !self.0).count_ones()) as usize
    }
}

/// The index of the candidate nearest to `name`, if it is near enough to be meant; of equally near ones, the first.
pub(crate) fn nearest<'n, C>(name: &str, candidates: impl IntoIterator<Item = C>) -> Option<usize>
where
    C: Into<Candidate<'n>>,
{
    nearest_within(usize::MAX, name, candidates)
}

/// As [`nearest`], with how sure it is.
pub(crate) fn meant<'n, C>(name: &str, candidates: impl IntoIterator<Item = C>) -> Option<Meant>
where
    C: Into<Candidate<'n>>,
{
    meant_within(usize::MAX, name, candidates)
}

fn nearest_within<'n, C>(most: usize, name: &str, candidates: impl IntoIterator<Item = C>) -> Option<usize>
where
    C: Into<Candidate<'n>>,
{
    meant_within(most, name, candidates).map(|meant| meant.index)
}

fn meant_within<'n, C>(most: usize, name: &str, candidates: impl IntoIterator<Item = C>) -> Option<Meant>
where
    C: Into<Candidate<'n>>,
{
    if name.len() > LONGEST {
        return None;
    }
    let (mut measure, letters) = (None, Letters::of(name));
    // Letters of another script that look the same are one slip, however many there are; so is a character beyond
    // ASCII.
    let others = || [folded(name), narrowed(name)].map(|other| (Letters::of(&other), None, other));
    let mut others = (!name.is_ascii()).then(others);
    // Letters beyond ASCII have two cases, too.
    let mut cased = (!name.is_ascii()).then(|| in_one_case(name)).map(|cased| (Letters::of(&cased), None, cased));
    let mut best: Option<((usize, bool), usize, &str)> = None;
    // How near the nearest of the other names is.
    let mut other = usize::MAX;
    for (index, candidate) in candidates.into_iter().enumerate() {
        let written = candidate.into();
        // Nearly all are skipped here.
        if others.is_none() && !may_be_meant(name, letters, written) {
            continue;
        }
        let mut near: Option<(usize, bool)> = None;
        let mut consider = |name: &str, letters: Letters, measure: &mut Option<Measure>, candidate: Candidate<'_>| {
            if may_be_meant(name, letters, candidate)
                && let Some(distance) = distance(name, letters, measure, candidate, most)
                && distance <= most
                && let rank = (distance, name != written.name)
                && near.is_none_or(|least| rank < least)
            {
                near = Some(rank);
            }
        };
        consider(name, letters, &mut measure, written);
        for (letters, measure, other) in others.iter_mut().flatten() {
            consider(other, *letters, measure, written);
        }
        if let Some((letters, measure, cased)) = &mut cased
            && !written.name.is_ascii()
            && written.name.len() <= LONGEST
        {
            consider(cased, *letters, measure, Candidate::from(&*in_one_case(written.name)));
        }
        let Some(rank) = near else { continue };
        let loser = match best {
            Some((least, _, known)) if rank >= least => Some((rank.0, known)),
            Some((least, _, known)) => {
                best = Some((rank, index, written.name));
                Some((least.0, known))
            }
            None => {
                best = Some((rank, index, written.name));
                None
            }
        };
        // One name may come several times.
        if let Some((distance, known)) = loser
            && known != written.name
        {
            other = other.min(distance);
        }
    }
    let ((distance, _), index, meant) = best?;
    let digits = |name: &'_ str| name.bytes().filter(u8::is_ascii_digit).collect::<Vec<u8>>();
    let is_slip = distance <= 1 && other >= distance + 2 && digits(name) == digits(meant);
    let is_certain = is_slip || distance == 0 && other > 0;
    Some(Meant { index, is_certain, is_tied: other <= distance })
}

/// Whether a name may be near another one, judging by its length and its letters: most are not near even the longest
/// names.
#[inline(always)]
fn may_be_meant(name: &str, letters: Letters, candidate: Candidate<'_>) -> bool {
    letters == candidate.letters
        || name.len().abs_diff(candidate.name.len()) <= MOST_EDITS && letters.may_be_near(candidate.letters)
}

/// The number of edits that counts as a slip in the shorter of two names.
fn most_edits(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => MOST_EDITS,
    }
}

/// For long names.
const MOST_EDITS: usize = 3;

/// The distance between two names, or `None` if it is too large for a slip. `measure` is that of the first, made when
/// it is first needed. If only one edit is allowed, an extra or missing letter counts even in names of two letters.
fn distance(
    one: &str,
    letters: Letters,
    measure: &mut Option<Measure>,
    other: Candidate<'_>,
    most: usize,
) -> Option<usize> {
    let shorter = one.len().min(other.name.len());
    let is_letter_more = most == 1 && shorter == 2 && one.len() != other.name.len();
    let most = if is_letter_more { 1 } else { most_edits(shorter) };
    if letters.least_edits(other.letters) > most || other.name.len() > LONGEST {
        return None;
    }
    if letters == other.letters && same_letters(one, other.name) {
        return Some(0);
    }
    if most == 0 || one.len().abs_diff(other.name.len()) > most {
        return None;
    }
    let measure = measure.get_or_insert_with(|| Measure::new(one.as_bytes()));
    measure.edits_within(most, other.name.as_bytes())
}

/// Whether two names are equal except for case and word separators.
pub(crate) fn same_letters(one: &str, other: &str) -> bool {
    letters_of(one).next().is_some() && letters_of(one).eq(letters_of(other))
}

/// The letters of a name in lower case, without word separators.
fn letters_of(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| !is_separator(*byte)).map(|byte| byte.to_ascii_lowercase())
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b'-' | b'_' | b'.')
}

/// Whether a word of a name begins at a position: after a separator, or at a capital letter. In a run of capitals only
/// the first begins a word, and the last if a lower case letter follows it.
#[inline]
pub(crate) fn begins_word(name: &[u8], at: usize) -> bool {
    let is_upper = |at: usize| name.get(at).is_some_and(u8::is_ascii_uppercase);
    let Some(before) = at.checked_sub(1) else { return true };
    let is_capital = is_upper(at) && (!is_upper(before) || name.get(at + 1).is_some_and(u8::is_ascii_lowercase));
    is_capital || name.get(before).is_some_and(|byte| is_separator(*byte))
}

/// Names, one of which may be similar to the end of another name. One look at each byte rules out nearly all other
/// names.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sieve {
    outlines: Vec<Outline>,
    /// The lengths that can be near, a bit for each.
    lengths: u64,
    /// The numbers of letters, a bit for each.
    counts: u64,
    /// A name with more letters is near none of them.
    most_letters: usize,
    /// All letters that they have.
    letters: u64,
    /// A name with more letters that none of them has is near none of them.
    most_others: usize,
}

/// What is compared of a name before its letters.
#[derive(Debug, Clone, Copy)]
struct Outline {
    letters: Letters,
    length: usize,
    count: usize,
}

impl Sieve {
    pub(crate) fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Sieve {
        let mut sieve = Sieve::default();
        for name in names {
            let outline = Outline { letters: Letters::of(name), length: name.len(), count: letters_of(name).count() };
            let most = most_edits(outline.length);
            for length in outline.length - most..=outline.length + most {
                sieve.lengths |= bit(length);
            }
            sieve.counts |= bit(outline.count);
            sieve.most_letters = sieve.most_letters.max(outline.length + most);
            sieve.letters |= outline.letters.0;
            sieve.most_others = sieve.most_others.max(most);
            sieve.outlines.push(outline);
        }
        sieve
    }

    /// Whether [`nearest`] may find one of the names for the end of this one, from any of its words on. Words begin
    /// after a separator, and at capital letters.
    pub(crate) fn may_end_near(&self, name: &[u8]) -> bool {
        let (mut letters, mut count, mut others) = (0, 0, 0);
        for (at, byte) in name.iter().enumerate().rev() {
            if !is_separator(*byte) {
                let letter = 1 << (byte.to_ascii_lowercase() & 63);
                others += usize::from(letter & (self.letters | letters) == 0);
                letters |= letter;
                count += 1;
                if others > self.most_others || count > self.most_letters {
                    return false;
                }
            }
            if begins_word(name, at) && self.may_be_near(Letters(letters), name.len() - at, count) {
                return true;
            }
        }
        false
    }

    fn may_be_near(&self, letters: Letters, length: usize, count: usize) -> bool {
        if self.lengths & bit(length) == 0 && self.counts & bit(count) == 0 {
            return false;
        }
        self.outlines.iter().any(|outline| {
            let most = most_edits(outline.length);
            (outline.count == count || outline.length.abs_diff(length) <= most)
                && outline.letters.least_edits(letters) <= most
        })
    }
}

/// All longer names share the last bit.
fn bit(length: usize) -> u64 {
    1 << length.min(63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_certain_where_no_other_one_is_near() {
        let sure = |name: &str, names: &[&str]| {
            meant(name, names.iter().copied())
                .map(|meant| (names[meant.index].to_owned(), meant.is_certain, meant.is_tied))
        };
        let found = |name: &str, is_certain, is_tied| Some((name.to_owned(), is_certain, is_tied));
        assert_eq!(sure("statsu", &["status", "result", "status"]), found("status", true, false));
        assert_eq!(sure("Status", &["status", "statuss"]), found("status", true, false));
        assert_eq!(sure("errcodes", &["errcode", "errtexts"]), found("errcode", true, false));
        assert_eq!(
            sure("SPSSODescripttor", &["IDPSSODescriptor", "SPSSODescriptor"]),
            found("SPSSODescriptor", true, false)
        );
        assert_eq!(sure("tetssuites", &["testsuite", "testsuites"]), found("testsuites", false, false));
        assert_eq!(sure("value3", &["value1", "value2"]), found("value1", false, true));
        assert_eq!(sure("value3", &["value21", "value2"]), found("value2", false, false));
        assert_eq!(sure("value-1", &["value1", "value_1"]), found("value1", false, true));
        assert_eq!(sure("name", &["migration"]), None);
    }

    #[test]
    fn near_names_are_found_and_far_ones_are_not() {
        let names = ["status", "errcode", "errtext", "ip", "migration_id"];
        let meant = |name: &str| nearest(name, names).map(|index| names[index]);
        assert_eq!(meant("Status"), Some("status"));
        assert_eq!(meant("errcod"), Some("errcode"));
        assert_eq!(meant("migration-id"), Some("migration_id"));
        assert_eq!(meant("migrationid"), Some("migration_id"));
        assert_eq!(meant("id"), None);
        assert_eq!(meant("system"), None);
        assert_eq!(meant("site"), None);
        assert_eq!(meant("sttus_"), Some("status"));
        // Both have the same letters; one is the name itself.
        let spelt = |name| nearest(name, ["ErrorCode", "error_code"]);
        assert_eq!((spelt("e\u{200b}rror_code"), spelt("error-code")), (Some(1), Some(0)));
        assert_eq!(meant(&"s".repeat(100_000)), None);
        let slip = |name: &str| Suggestions::default().slip(name, names).map(|index| names[index]);
        assert_eq!((slip("Migration-ID"), slip("eror"), slip("statu")), (Some("migration_id"), None, Some("status")));
        assert_eq!(slip("errc0dd"), None);
        assert_eq!((slip("ips"), slip("id"), slip("i"), slip("ipxy")), (Some("ip"), None, None, None));
        for name in ["status\u{200b}", "stat\u{ad}us", "sta\u{a0}tus", "stat\u{fa}s", "statu\u{301}s", "\u{441}tatus"] {
            assert_eq!((meant(name), slip(name)), (Some("status"), Some("status")), "{name:?}");
        }
        let german = |name: &str| nearest(name, ["größe", "GRÖßE", "länge"]);
        assert_eq!((german("größe"), german("GRÖßE"), german("GRÖSSE")), (Some(0), Some(1), Some(0)));
        assert_eq!((german("LÄNGE"), german("LÄNGEN"), german("GRÜN")), (Some(2), Some(2), None));
        assert_eq!(nearest("σίγμας", ["ΣΊΓΜΑΣ"]), Some(0));
        assert_eq!((meant("i\u{200b}p"), meant("\u{e9}p"), meant("st\u{e4}t\u{fc}\u{df}")), (Some("ip"), None, None));
    }
}
