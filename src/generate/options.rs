//! Exceptions from the rules.

use std::cell::RefCell;
use std::collections::BTreeSet;

/// Names in the options, and which of them exist.
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    /// Names of types and of their members (`Type.member`), with their replacements.
    pub(super) renames: Vec<(String, String)>,
    /// Types of the schema whose elements have exactly this type.
    pub(super) exact: Vec<String>,
    /// Types of the schema whose elements are kept whole.
    pub(super) whole: Vec<String>,
    /// Types to which later schemas may add variants or fields.
    pub(super) open: Vec<String>,
    /// Fields (`Type.field`) that usually have a single item.
    pub(super) few: Vec<String>,
    /// The names that were requested, and exist.
    met: RefCell<BTreeSet<String>>,
}

impl Options {
    /// The name that replaces another.
    pub(super) fn renamed(&self, name: &str) -> Option<&str> {
        let (_, wanted) = self.renames.iter().find(|(known, _)| known == name)?;
        self.met.borrow_mut().insert(name.to_owned());
        Some(wanted)
    }

    pub(super) fn is_exact(&self, name: &str) -> bool {
        self.is_in(&self.exact, name)
    }

    pub(super) fn is_whole(&self, name: &str) -> bool {
        self.is_in(&self.whole, name)
    }

    pub(super) fn is_open(&self, name: &str) -> bool {
        self.is_in(&self.open, name)
    }

    pub(super) fn is_few(&self, name: &str) -> bool {
        self.is_in(&self.few, name)
    }

    fn is_in(&self, names: &[String], name: &str) -> bool {
        let is_there = names.iter().any(|known| known == name);
        if is_there {
            self.met.borrow_mut().insert(name.to_owned());
        }
        is_there
    }

    /// A requested name that does not exist.
    pub(super) fn unknown(&self) -> Option<&str> {
        let renamed = self.renames.iter().map(|(name, _)| name);
        let mut all = renamed.chain(&self.exact).chain(&self.whole).chain(&self.open).chain(&self.few);
        all.find(|name| !self.met.borrow().contains(*name)).map(String::as_str)
    }
}
