//! What is wanted other than the rules would have it.

use std::cell::RefCell;
use std::collections::BTreeSet;

/// Names in the options, and which of them have been met.
#[derive(Debug, Clone, Default)]
pub(super) struct Options {
    /// Names of types and of their members (`Type.member`) that others replace.
    pub(super) renames: Vec<(String, String)>,
    /// Types in the schema whose elements have exactly this type.
    pub(super) exact: Vec<String>,
    /// Types in the schema whose elements are kept whole.
    pub(super) whole: Vec<String>,
    /// Types to which later schemas may add.
    pub(super) open: Vec<String>,
    /// Fields (`Type.field`) with mostly one item.
    pub(super) few: Vec<String>,
    /// What has been asked for, and is there.
    met: RefCell<BTreeSet<String>>,
}

impl Options {
    /// The name that is wanted in place of another.
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

    /// A name that nothing has.
    pub(super) fn unknown(&self) -> Option<&str> {
        let renamed = self.renames.iter().map(|(name, _)| name);
        let mut all = renamed.chain(&self.exact).chain(&self.whole).chain(&self.open).chain(&self.few);
        all.find(|name| !self.met.borrow().contains(*name)).map(String::as_str)
    }
}
