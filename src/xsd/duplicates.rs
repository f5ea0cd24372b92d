//! Names that are declared twice (Schema Properties Correct, part 1, section 3.15.6).
//!
//! Within a document, or between documents that include one another, this is an error. Imported documents may come from
//! elsewhere: a set may contain two versions of the document of one namespace. Section 4.2.3 lets a processor ignore an
//! import of a namespace that it already has a document for, as other processors do; so the first declaration counts,
//! and a warning names both documents.

use std::collections::{BTreeMap, HashSet};

use super::declared::Duplicate;
use super::fault::{Fault, Faults, conflict};
use super::load::Reason;
use crate::compiled::{Document, Names, Place};
use crate::diagnostic::Code;

/// The most names that one warning lists.
const LISTED: usize = 5;

/// Reports second declarations of names as errors or warnings.
pub(super) fn settle(
    duplicates: Vec<Duplicate>,
    documents: &[Document],
    origins: &[Reason],
    names: &Names,
    faults: &Faults,
) {
    if duplicates.is_empty() {
        return;
    }
    let composition = |place: Place| documents.get(place.document as usize).map(|document| document.composition);
    let compositions = |is_so: fn(&Reason) -> bool| -> HashSet<u32> {
        let those = documents.iter().zip(origins).filter(|(_, origin)| is_so(origin));
        those.map(|(document, _)| document.composition).collect()
    };
    let imported = compositions(|origin| matches!(origin, Reason::Import(..)));
    let given = compositions(|origin| matches!(origin, Reason::Root));
    let mut tolerated: BTreeMap<(u32, u32), Vec<Duplicate>> = BTreeMap::new();
    for duplicate in duplicates {
        let (first, second) = (composition(duplicate.first), composition(duplicate.second));
        let is_imported = |composition: Option<u32>| {
            composition.is_some_and(|composition| imported.contains(&composition) && !given.contains(&composition))
        };
        if first != second && is_imported(first) && is_imported(second) {
            let pair = (duplicate.second.document, duplicate.first.document);
            tolerated.entry(pair).or_default().push(duplicate);
            continue;
        }
        let message = format!("`{}` is declared twice", names.local(duplicate.name));
        let label = "the first declaration";
        faults.or_note::<()>(conflict(Code::SchPropsCorrect, duplicate.second, message, label, duplicate.first));
    }
    let path = |document: u32| documents.get(document as usize).map_or("", |document| &document.path);
    for ((second, first), duplicates) in tolerated {
        let mut named: Vec<String> = Vec::new();
        for duplicate in duplicates.iter().take(LISTED) {
            named.push(format!("`{}`", names.local(duplicate.name)));
        }
        let more = match duplicates.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let verb = if duplicates.len() == 1 { "is" } else { "are" };
        let message = format!(
            "{}{more} of `{}` {verb} declared in `{}` too, which was read first and counts",
            named.join(", "),
            path(second),
            path(first)
        );
        let place = duplicates.iter().map(|duplicate| duplicate.second).min_by_key(|place| place.offset);
        let help = Some(String::from("name one of the two for the namespace with `--map` or a catalog"));
        faults.warn(Fault::new(Code::SchPropsCorrect, place.unwrap_or_default(), message).with_help(help));
    }
}
