//! What the documentation says of the parameters of a request.
//!
//! One pass reads them and says what is wrong: a request is short, so there is no quicker way that stops early. A
//! parameter is an error where the documentation states a requirement; where its pages differ, or others than it
//! print something else, a warning names both. `ORIGIN.md` beside the schema lists the pages.

use std::collections::HashMap;
use std::ops::Range;

use super::query::{self, Fault};
use super::request::{Parameter, Request};
use crate::Limits;
use crate::diagnostic::kept::KeptDiagnostics;
use crate::diagnostic::secret::{self, SecretNames};
use crate::diagnostic::words::{self, Words};
use crate::diagnostic::{Diagnostic, Report, Severity};
use crate::text::nearest;
use crate::xml::{self, FaultKind};

/// The version of the API that has the operation.
const VERSION: &str = "2020-05-18";

/// What a parameter may say.
enum Rule {
    /// Any text.
    Any,
    /// A 64-bit integer; required.
    Long,
    /// One value.
    Only(&'static str),
    /// One value is documented; other ways to sign exist.
    Usually(&'static str),
    /// One of these values; other spellings of them are printed too.
    Spelt(&'static [&'static str]),
    /// `yyyy-MM-ddTHH:mm:ssZ`
    Timestamp,
}

/// The parameters that are documented or seen, with what they may say and whether a request that is signed in the query
/// must have them.
const KNOWN: &[(&str, Rule, bool)] = &[
    ("Action", Rule::Only(Request::ACTION), true),
    ("ProjectId", Rule::Long, false),
    ("MigrationId", Rule::Long, false),
    ("RegionId", Rule::Any, false),
    ("Version", Rule::Only(VERSION), true),
    ("Format", Rule::Spelt(&["JSON", "XML"]), false),
    ("AccessKeyId", Rule::Any, true),
    ("SignatureNonce", Rule::Any, true),
    ("Timestamp", Rule::Timestamp, true),
    ("SignatureMethod", Rule::Usually("HMAC-SHA1"), true),
    ("SignatureVersion", Rule::Usually("1.0"), true),
    ("SignatureType", Rule::Any, false),
    ("Signature", Rule::Any, false),
];

/// Reads the parameters of a request and says all there is to say of them.
pub(super) fn read<'a>(bytes: &'a [u8], limits: &Limits) -> (Vec<Parameter<'a>>, Report) {
    let (parameters, mut report) = read_openly(bytes, limits);
    secret::conceal(&mut report, bytes, &SecretNames::of_credentials());
    (parameters, report)
}

fn read_openly<'a>(bytes: &'a [u8], limits: &Limits) -> (Vec<Parameter<'a>>, Report) {
    let mut kept = KeptDiagnostics::new(limits);
    let limit = limits.document_bytes.min(u32::MAX as usize);
    if bytes.len() > limit {
        let fault = xml::Fault::new(FaultKind::DocumentTooLarge { limit, found: bytes.len() }, limit..limit);
        add(&mut kept, Severity::Error, words::well_formedness(&fault), fault.span, "");
        return (Vec::new(), kept.finish());
    }
    let query = query::find(bytes);
    let mut parameters = Vec::new();
    let mut places = Vec::new();
    for pair in query::pairs(bytes, query.clone()) {
        if parameters.len() >= limits.parameters {
            let words = words::too_many_parameters(limits.parameters);
            add(&mut kept, Severity::Error, words, pair.name.span(), "");
            return (parameters, kept.finish());
        }
        // The name that they are about is known when it is decoded.
        let mut faults = KeptFaults::new(limits.diagnostics);
        let name = pair.name.decode(|fault, span| faults.add(fault, span));
        faults.report(bytes, &name, &mut kept);
        let value = pair.value.decode(|fault, span| faults.add(fault, span));
        faults.report(bytes, &name, &mut kept);
        places.push(Place { name: pair.name.span(), value: pair.value.span() });
        parameters.push(Parameter { name, value });
    }
    // Of a URL, or a part of one, something is before the parameters.
    let is_bare = query.start == 0;
    judge(&parameters, &places, query.end, is_bare, &mut kept);
    (parameters, kept.finish())
}

/// What is odd with how a part is written: the first faults are kept, all are counted.
struct KeptFaults {
    first: Vec<(Fault, Range<usize>)>,
    limit: usize,
    other_errors: usize,
}

impl KeptFaults {
    fn new(limit: usize) -> KeptFaults {
        KeptFaults { first: Vec::new(), limit, other_errors: 0 }
    }

    fn add(&mut self, fault: Fault, span: Range<usize>) {
        if self.first.len() < self.limit {
            self.first.push((fault, span));
        } else if fault != Fault::Unescaped {
            self.other_errors += 1;
        }
    }

    fn report(&mut self, bytes: &[u8], name: &str, kept: &mut KeptDiagnostics) {
        for (fault, span) in self.first.drain(..) {
            let written = String::from_utf8_lossy(bytes.get(span.clone()).unwrap_or_default());
            let (severity, words) = match fault {
                Fault::Escape => (Severity::Error, words::malformed_escape(&written)),
                Fault::Utf8 => (Severity::Error, words::escaped_bytes_not_utf8(name, &written)),
                Fault::Unescaped => (Severity::Warning, words::unescaped_character(&written)),
            };
            add(kept, severity, words, span, name);
        }
        kept.count_errors(std::mem::take(&mut self.other_errors));
    }
}

/// Where a parameter stands.
struct Place {
    name: Range<usize>,
    value: Range<usize>,
}

/// A bare form body may be without `Action`: its client names the operation in a header.
fn judge(parameters: &[Parameter<'_>], places: &[Place], end: usize, is_bare: bool, kept: &mut KeptDiagnostics) {
    let mut first: HashMap<&str, &Place> = HashMap::with_capacity(parameters.len());
    let mut near_misses = Vec::new();
    for (Parameter { name, value }, place) in parameters.iter().zip(places) {
        let known = KNOWN.iter().find(|(known, ..)| known == name);
        if let Some(earlier) = first.get(&**name) {
            // Which of two values counts is said nowhere; of an unknown parameter it may be a list.
            let severity = if known.is_some() { Severity::Error } else { Severity::Warning };
            kept.add(severity, || {
                let mut diagnostic =
                    Diagnostic::new(words::duplicate_parameter(name), place.name.clone(), name.to_string());
                diagnostic.related = Some((earlier.name.clone(), "it is first given here".to_owned()));
                diagnostic
            });
            continue;
        }
        first.insert(name, place);
        match known {
            Some((_, rule, _)) => {
                if let Some((severity, words)) = rule.judge(name, value) {
                    add(kept, severity, words, place.value.clone(), name);
                }
            }
            None => {
                let meant = nearest::nearest(name, KNOWN.iter().map(|(known, ..)| *known));
                near_misses.extend(meant.and_then(|index| KNOWN.get(index)).map(|(known, ..)| (*known, name, place)));
            }
        }
    }
    let signed = first.contains_key("Signature");
    for (name, rule, when_signed) in KNOWN.iter().filter(|(name, ..)| !first.contains_key(name)) {
        let (severity, words) = match rule {
            Rule::Long => (Severity::Error, words::missing_parameter(name)),
            _ if signed && *when_signed => (Severity::Error, words::missing_parameter_of_signature(name)),
            _ if *name == "Action" && is_bare => (Severity::Warning, words::missing_action()),
            _ if *name == "Action" => (Severity::Error, words::missing_parameter(name)),
            _ => continue,
        };
        // A name that is nearly right says more than one that is not there.
        match near_misses.iter().position(|(meant, ..)| meant == name) {
            Some(index) => {
                let (meant, found, place) = near_misses.swap_remove(index);
                add(kept, severity, words::misspelt_parameter(found, meant), place.name.clone(), found);
            }
            None => add(kept, severity, words, end..end, name),
        }
    }
    for (meant, found, place) in near_misses {
        add(kept, Severity::Warning, words::misspelt_parameter(found, meant), place.name.clone(), found);
    }
}

fn add(kept: &mut KeptDiagnostics, severity: Severity, words: Words, span: Range<usize>, name: &str) {
    kept.add(severity, || Diagnostic::new(words, span, name.to_owned()));
}

impl Rule {
    /// What is wrong with a value.
    fn judge(&self, name: &str, value: &str) -> Option<(Severity, Words)> {
        let wrong = |severity, documented: &[&str]| Some((severity, words::parameter_value(name, documented, value)));
        match self {
            Rule::Any => None,
            Rule::Long if long(value).is_some() => None,
            Rule::Long => Some((Severity::Error, words::parameter_not_an_integer(name, value))),
            Rule::Only(only) if value == *only => None,
            Rule::Only(only) => wrong(Severity::Error, &[*only]),
            Rule::Usually(usual) if value == *usual => None,
            Rule::Usually(usual) => wrong(Severity::Warning, &[*usual]),
            Rule::Spelt(values) if values.contains(&value) => None,
            Rule::Spelt(values) if values.iter().any(|known| known.eq_ignore_ascii_case(value)) => {
                wrong(Severity::Warning, values)
            }
            Rule::Spelt(values) => wrong(Severity::Error, values),
            Rule::Timestamp if is_timestamp(value) => None,
            Rule::Timestamp => Some((Severity::Error, words::parameter_not_a_time(name, value))),
        }
    }
}

/// A 64-bit integer in decimal digits.
pub(super) fn long(text: &str) -> Option<i64> {
    if text.starts_with('+') { None } else { text.parse().ok() }
}

/// `yyyy-MM-ddTHH:mm:ssZ`, each field within its range.
fn is_timestamp(text: &str) -> bool {
    let shape = b"0000-00-00T00:00:00Z";
    let fits = |(byte, shape): (u8, &u8)| if *shape == b'0' { byte.is_ascii_digit() } else { byte == *shape };
    let within = |at: usize, least: u32, most: u32| {
        let field = text.get(at..at + 2).and_then(|field| field.parse::<u32>().ok());
        field.is_some_and(|field| (least..=most).contains(&field))
    };
    text.len() == shape.len()
        && text.bytes().zip(shape).all(fits)
        && within(5, 1, 12)
        && within(8, 1, 31)
        && within(11, 0, 23)
        && within(14, 0, 59)
        && within(17, 0, 60)
}
