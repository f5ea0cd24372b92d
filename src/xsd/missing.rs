//! Missing schema documents: one message for all of them, with the options that would supply them.
//!
//! Sections 4.2.1 to 4.2.3 of part 1: a location that resolves to nothing is not an error in itself, but it is if
//! something of the namespace is needed.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::fault::Fault;
use crate::compiled::{NamespaceId, Place};
use crate::diagnostic::Code;

/// The most locations that one message lists; the rest are counted.
const LISTED: usize = 20;

/// The most folders that one message names.
const FOLDERS: usize = 4;

/// Why a location is not read.
#[derive(Debug, Clone)]
pub(super) enum Refusal {
    /// It is outside the permitted folders: the message, and the folder to permit, if known.
    NotPermitted(String, Option<PathBuf>),
    /// There is no such file.
    Absent(String),
    /// It is on a network, and nothing is read from there.
    Remote(String),
    /// An import gives no location, and no file is given for its namespace.
    NoLocation,
}

impl Refusal {
    fn code(&self) -> Code {
        match self {
            Refusal::Absent(_) => Code::Unreadable,
            Refusal::NotPermitted(..) | Refusal::Remote(_) | Refusal::NoLocation => Code::RefusedLocation,
        }
    }

    pub(super) fn into_message(self) -> String {
        match self {
            Refusal::NotPermitted(message, _) | Refusal::Absent(message) | Refusal::Remote(message) => message,
            Refusal::NoLocation => String::from("there is no document for this import, which has no location"),
        }
    }
}

/// A missing document.
#[derive(Debug)]
pub(super) struct Absence {
    /// For an import without a location, the namespace.
    pub(super) location: String,
    /// The namespace that it should have.
    pub(super) namespace: NamespaceId,
    pub(super) place: Place,
    pub(super) refusal: Refusal,
}

impl Absence {
    fn has_location(&self) -> bool {
        !matches!(self.refusal, Refusal::NoLocation)
    }

    /// A description of the document.
    fn name(&self) -> String {
        match (self.has_location(), self.location.as_str()) {
            (true, location) => format!("`{location}`"),
            (false, "") => String::from("one without a namespace"),
            (false, namespace) => format!("one of `{namespace}`"),
        }
    }

    fn into_message(self) -> String {
        match (self.has_location(), self.location.as_str()) {
            (true, _) => self.refusal.into_message(),
            (false, "") => {
                String::from("there is no document without a namespace, although one is imported without a location")
            }
            (false, namespace) => {
                format!("there is no document of the namespace `{namespace}`, which is imported without a location")
            }
        }
    }
}

/// All missing documents.
#[derive(Debug, Default)]
pub(super) struct Missing {
    absences: Vec<Absence>,
    /// Namespaces from which something is needed.
    missed: HashSet<NamespaceId>,
    /// The namespaces of `absences`.
    known: HashSet<NamespaceId>,
}

impl Missing {
    pub(super) fn add(&mut self, absence: Absence) {
        self.known.insert(absence.namespace);
        self.absences.push(absence);
    }

    /// Notes that something of a namespace is needed.
    pub(super) fn miss(&mut self, namespace: NamespaceId) {
        if self.known.contains(&namespace) {
            self.missed.insert(namespace);
        }
    }

    /// Whether something from a missing document is needed.
    pub(super) fn is_missed(&self) -> bool {
        !self.missed.is_empty()
    }

    /// The message, at the first missing document that is needed, or otherwise at the first missing one. An import
    /// without a location does not require a document.
    pub(super) fn into_fault(self) -> Option<Fault> {
        let Missing { mut absences, missed, .. } = self;
        absences.retain(|absence| absence.has_location() || missed.contains(&absence.namespace));
        absences.sort_by_key(|absence| {
            (!missed.contains(&absence.namespace), absence.place.document, absence.place.offset)
        });
        into_fault(absences)
    }
}

/// The message about some documents, at the first of them.
pub(super) fn into_fault(mut absences: Vec<Absence>) -> Option<Fault> {
    let mut seen = HashSet::new();
    absences.retain(|absence| seen.insert((absence.location.clone(), absence.has_location())));
    let help = help(&absences);
    let count = absences.len();
    let locations: Vec<String> = absences.iter().take(LISTED).map(Absence::name).collect();
    let outside = absences.iter().filter(|absence| matches!(absence.refusal, Refusal::NotPermitted(..))).count();
    let first = absences.into_iter().next()?;
    let code = first.refusal.code();
    let place = first.place;
    let message = match count {
        1 => first.into_message(),
        _ => {
            let more = match count.saturating_sub(LISTED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let why = match outside {
                0 => "are missing",
                _ if outside == count => "are outside the permitted folders and are not read",
                _ => "are missing, or outside the permitted folders",
            };
            format!("{count} schema documents {why}: {}{more}", locations.join(", "))
        }
    };
    Some(Fault::new(code, place, message).with_help(help))
}

/// The options that would supply the locations, each kind once.
fn help(absences: &[Absence]) -> Option<String> {
    let mut parts = Vec::new();
    let mut folders: Vec<&Path> = Vec::new();
    for absence in absences {
        if let Refusal::NotPermitted(_, Some(folder)) = &absence.refusal
            && !folders.contains(&folder.as_path())
            && folders.len() < FOLDERS
        {
            folders.push(folder);
        }
    }
    if !folders.is_empty() {
        let options: Vec<String> =
            folders.iter().map(|folder| format!("--folder {}", quoted(&folder.display().to_string()))).collect();
        parts.push(format!("pass `{}`", options.join(" ")));
    }
    let is_remote = |absence: &&Absence| matches!(absence.refusal, Refusal::Remote(_));
    if let Some(first) = absences.iter().find(is_remote) {
        let only = absences.iter().filter(is_remote).count() == 1;
        parts.push(match only {
            true => format!(
                "save it in a folder and pass `--folder FOLDER`, or name the file: `--map {}=FILE`",
                quoted(&first.location)
            ),
            false => String::from(
                "save those on a network in a folder and pass `--folder FOLDER`; where names differ, write a catalog \
                 with `packetcheck schema catalog FOLDER > catalog.xml` and pass `--catalog catalog.xml`",
            ),
        });
    }
    let mut unlocated = absences.iter().filter(|absence| !absence.has_location());
    match (unlocated.next(), unlocated.next()) {
        (Some(Absence { location, .. }), None) if !location.is_empty() => {
            parts.push(format!("name the file: `--map {}=FILE`, or give it as a schema too", quoted(location)));
        }
        (Some(_), None) => parts.push(String::from("give the file as a schema too")),
        (Some(_), Some(_)) => parts.push(String::from(
            "name the file for each namespace: `--map NAMESPACE=FILE`, or give them as schemas too; or write a catalog \
             with `packetcheck schema catalog FOLDER > catalog.xml` and pass `--catalog catalog.xml`",
        )),
        _ => {}
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// An argument, quoted for a shell.
fn quoted(argument: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "/._-:+@%=,".contains(character);
    match !argument.is_empty() && argument.chars().all(is_plain) {
        true => argument.to_owned(),
        false => format!("'{}'", argument.replace('\'', "'\\''")),
    }
}
