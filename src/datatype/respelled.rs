//! Guesses what an invalid value was meant to be: numbers, dates and truth values as written outside XML. Every
//! suggestion is a value of the type.

use super::simple_type::Variety;
use super::{Fault, SimpleType};
use crate::text::lookalike::folded;

/// The longest text for which other spellings are tried.
const LONGEST: usize = 64;

impl SimpleType {
    /// A value of this type that the text is another spelling of, judging by the text alone; `fault` is the fault of
    /// the text.
    pub(crate) fn respelled(&self, fault: &Fault, text: &str) -> Option<String> {
        let text = text.trim();
        if text.len() > LONGEST || !is_about_spelling(fault) {
            return None;
        }
        spellings(text).into_iter().find(|spelling| spelling != text && self.check(spelling).is_ok())
    }

    /// What is expected in place of the text, in words: of the item, if an item of a list is at fault.
    pub(crate) fn describe_expected(&self, fault: &Fault) -> String {
        match (fault, &self.variety) {
            (Fault::Item { fault, .. }, Variety::List(item)) => item.describe_expected(fault),
            _ => self.describe(),
        }
    }
}

fn is_about_spelling(fault: &Fault) -> bool {
    match fault {
        Fault::Lexical { .. } | Fault::Pattern { .. } => true,
        Fault::Item { fault, .. } | Fault::NoMember { meant: Some(fault), .. } => is_about_spelling(fault),
        Fault::NoMember { meant: None, .. } => true,
        _ => false,
    }
}

/// Other spellings of a text, the most likely first.
fn spellings(text: &str) -> Vec<String> {
    let unquoted = [('"', '"'), ('\'', '\''), ('{', '}')]
        .into_iter()
        .filter_map(|(first, last)| text.strip_prefix(first)?.strip_suffix(last))
        .map(str::to_owned);
    let mut spellings: Vec<String> = truth(text).into_iter().chain(number(text)).chain(moment(text)).collect();
    spellings.extend(unquoted);
    spellings.push(folded(text).into_owned());
    spellings.extend([text.to_lowercase(), text.to_uppercase()]);
    if text.contains([',', ';']) {
        let items = text.split([',', ';']).map(str::trim).filter(|item| !item.is_empty());
        spellings.push(items.collect::<Vec<_>>().join(" "));
    }
    spellings
}

fn truth(text: &str) -> Option<String> {
    let word = match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "on" | "t" => "true",
        "false" | "no" | "n" | "off" | "f" => "false",
        _ => return None,
    };
    Some(word.to_owned())
}

/// `1,5`, `1.234,56`, `1,234.56`, `10.0` where an integer is expected, `Infinity`.
fn number(text: &str) -> Option<String> {
    match text.to_ascii_lowercase().as_str() {
        "infinity" | "+infinity" | "inf" | "+inf" => return Some("INF".to_owned()),
        "-infinity" | "-inf" => return Some("-INF".to_owned()),
        "nan" => return Some("NaN".to_owned()),
        _ => {}
    }
    let (sign, digits) = match text.strip_prefix(['+', '-']) {
        Some(digits) => (if text.starts_with('-') { "-" } else { "" }, digits),
        None => ("", text),
    };
    if !digits.starts_with(|first: char| first.is_ascii_digit())
        || !digits.chars().all(|character| character.is_ascii_digit() || matches!(character, '.' | ','))
    {
        return None;
    }
    let (last, mark) = digits.char_indices().rfind(|(_, character)| !character.is_ascii_digit())?;
    let (whole, fraction) = (digits.get(..last)?, digits.get(last + 1..)?);
    let other = if mark == ',' { '.' } else { ',' };
    let groups: Vec<&str> = whole.split(other).collect();
    let is_grouped = groups.len() > 1 && groups.iter().skip(1).all(|group| group.len() == 3);
    match (mark, groups.len()) {
        // `1,234` could be either of the two.
        (',', 1) if fraction.len() == 3 || whole.contains(mark) => None,
        (',', 1) => Some(format!("{sign}{whole}.{fraction}")),
        ('.', 1) if !fraction.is_empty() && fraction.bytes().all(|digit| digit == b'0') => {
            Some(format!("{sign}{whole}"))
        }
        _ if is_grouped && !whole.contains(mark) => Some(format!("{sign}{}.{fraction}", groups.concat())),
        _ => None,
    }
}

/// A date, a time of day, or both, in the order and with the separators of other notations. With slashes, a day that
/// could also be a month is ambiguous and not guessed.
fn moment(text: &str) -> Vec<String> {
    let split = text.split_once(['T', 't', ' ']);
    let (date, clock) = match split {
        Some((date, clock)) => (iso_date(date), iso_time(clock.trim())),
        None => (iso_date(text), iso_time(text)),
    };
    match (split, date, clock) {
        (Some(_), Some(date), Some(clock)) if clock.starts_with("00:00:00") => vec![format!("{date}T{clock}"), date],
        (Some(_), Some(date), Some(clock)) => vec![format!("{date}T{clock}")],
        // `09:30 UTC`
        (Some(_), ..) => iso_time(text).into_iter().collect(),
        (None, date, clock) => date.into_iter().chain(clock).collect(),
    }
}

fn iso_date(text: &str) -> Option<String> {
    let (text, zone) = match text.strip_suffix(['Z', 'z']) {
        Some(text) => (text, "Z"),
        None => (text, ""),
    };
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(format!("{}-{}-{}{zone}", text.get(..4)?, text.get(4..6)?, text.get(6..)?));
    }
    let mark = text.chars().find(|character| !character.is_ascii_digit())?;
    let parts: Vec<&str> = text.split(mark).collect();
    let [first, second, third] = parts[..] else { return None };
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !parts.iter().all(is_number) {
        return None;
    }
    let is_day = |part: &str| part.parse::<u32>().is_ok_and(|number| number > 12);
    let (year, month, day) = match mark {
        '-' | '/' | '.' if first.len() == 4 => (first, second, third),
        '.' | '-' if third.len() == 4 => (third, second, first),
        '/' if third.len() == 4 && is_day(first) => (third, second, first),
        '/' if third.len() == 4 && is_day(second) => (third, first, second),
        _ => return None,
    };
    Some(format!("{year}-{month:0>2}-{day:0>2}{zone}"))
}

fn iso_time(text: &str) -> Option<String> {
    let end = text.find(|character: char| !(character.is_ascii_digit() || matches!(character, ':' | '.')));
    let (clock, zone) = text.split_at(end.unwrap_or(text.len()));
    let zone = zone.trim();
    let sign = if zone.starts_with('-') { '-' } else { '+' };
    let zone = match (zone, zone.strip_prefix(sign)) {
        ("" | "Z" | "z", _) => zone.to_ascii_uppercase(),
        ("UTC" | "GMT", _) => "Z".to_owned(),
        (_, Some(offset)) => {
            let digits: String = offset.chars().filter(|character| *character != ':').collect();
            let is_offset = matches!(digits.len(), 2 | 4) && digits.bytes().all(|byte| byte.is_ascii_digit());
            let minutes = digits.get(2..).filter(|minutes| !minutes.is_empty()).unwrap_or("00");
            is_offset.then(|| format!("{sign}{}:{minutes}", digits.get(..2).unwrap_or_default()))?
        }
        _ => return None,
    };
    let parts: Vec<&str> = clock.split(':').collect();
    match parts[..] {
        [hours, minutes] => Some(format!("{hours:0>2}:{minutes}:00{zone}")),
        [hours, minutes, seconds] => Some(format!("{hours:0>2}:{minutes}:{seconds}{zone}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_spellings_are_understood() {
        for (text, meant) in [
            ("Yes", "true"),
            ("OFF", "false"),
            ("1,5", "1.5"),
            ("-1.234,56", "-1234.56"),
            ("1,234,567.8", "1234567.8"),
            ("10.00", "10"),
            ("-Infinity", "-INF"),
            ("31.1.2006", "2006-01-31"),
            ("31/01/2006", "2006-01-31"),
            ("01/31/2006", "2006-01-31"),
            ("2006/1/31", "2006-01-31"),
            ("20060131", "2006-01-31"),
            ("2006-01-31 9:30", "2006-01-31T09:30:00"),
            ("2006-01-31t09:30:00+0200", "2006-01-31T09:30:00+02:00"),
            ("09:30 UTC", "09:30:00Z"),
        ] {
            assert!(spellings(text).iter().any(|spelling| spelling == meant), "{text}: {:?}", spellings(text));
        }
        for text in ["1,234", "1.2.3", "05/06/2006", "é,1", "", ",", "+", "-", "T", "1:2:3:4", "++1"] {
            let tried = spellings(text);
            assert!(
                !tried.iter().any(|spelling| spelling.starts_with("20") || spelling == "1.234"),
                "{text}: {tried:?}"
            );
        }
    }

    #[test]
    fn proposals_are_valid_values() {
        let propose = |name: &str, text: &str| {
            let simple = SimpleType::built_in(name).expect("built in");
            let fault = simple.check(text).expect_err("not a value");
            simple.respelled(&fault, text)
        };
        assert_eq!(propose("boolean", "True").as_deref(), Some("true"));
        assert_eq!(propose("decimal", "1,5").as_deref(), Some("1.5"));
        assert_eq!(propose("int", "1,5"), None);
        assert_eq!(propose("date", "30.2.2006"), None);
        assert_eq!(propose("dateTime", "2006-01-31 09:30").as_deref(), Some("2006-01-31T09:30:00"));
        assert_eq!(propose("NMTOKENS", "a,b; c/"), None);
    }
}
