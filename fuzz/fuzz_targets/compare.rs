//! A document has no difference to itself, and the differences between two documents do not depend on which is the old
//! one.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use packetcheck::compare::{Change, CompareError, Comparison, Difference};
use packetcheck::plesk::response_schema;
use packetcheck::{Limits, Schema};

/// Each document is compared several times.
const MAX_BYTES: usize = 1 << 12;

static EVERYTHING: LazyLock<Schema> = LazyLock::new(|| {
    let text = include_str!("../schemas/everything.xsd");
    Schema::from_documents(&[("everything.xsd", text)]).expect("a schema that compiles")
});

/// A difference with the old and the new document exchanged.
fn mirrored(difference: Difference) -> (String, String, String) {
    let change = match difference.change {
        Change::Appeared => Change::Vanished,
        Change::Vanished => Change::Appeared,
        change => change,
    };
    (format!("{change:?}"), format!("{:?}", difference.new), format!("{:?}", difference.old))
}

fn shown(difference: Difference) -> (String, String, String) {
    let Difference { change, old, new, .. } = difference;
    (format!("{change:?}"), format!("{old:?}"), format!("{new:?}"))
}

fn holds<'d>(
    old: &'d [u8],
    new: &'d [u8],
    compare: impl Fn(&'d [u8], &'d [u8]) -> Result<Comparison<'d>, CompareError>,
) {
    for document in [old, new] {
        if let Ok(comparison) = compare(document, document) {
            assert!(comparison.is_empty() && comparison.differences().next().is_none());
        }
    }
    let (forwards, backwards) = match (compare(old, new), compare(new, old)) {
        (Ok(forwards), Ok(backwards)) => (forwards, backwards),
        (Err(_), Err(_)) => return,
        (forwards, backwards) => panic!("{forwards:?}\n{backwards:?}"),
    };
    assert_eq!(forwards.len(), forwards.differences().count());
    for difference in forwards.differences() {
        let places = [(&difference.old, old), (&difference.new, new)];
        let is_inside = |(place, document): &(&Option<packetcheck::compare::Place>, &[u8])| {
            place.as_ref().is_none_or(|place| place.span.start <= place.span.end && place.span.end <= document.len())
        };
        assert!(places.iter().all(is_inside), "{difference:#?}");
    }
    let mut forwards: Vec<_> = forwards.differences().map(shown).collect();
    let mut backwards: Vec<_> = backwards.differences().map(mirrored).collect();
    forwards.sort();
    backwards.sort();
    assert_eq!(forwards, backwards);
}

// Two documents, separated by a byte that neither contains.
fuzz_target!(|bytes: &[u8]| {
    let Some(middle) = bytes.iter().position(|byte| *byte == 0).filter(|_| bytes.len() <= MAX_BYTES) else { return };
    let (old, new) = (&bytes[..middle], &bytes[middle + 1..]);
    holds(old, new, |old, new| Comparison::new(response_schema(), old, new));
    holds(old, new, |old, new| Comparison::new(&EVERYTHING, old, new));
    holds(old, new, |old, new| Comparison::of_json(old, new, &Limits::default()));
});
