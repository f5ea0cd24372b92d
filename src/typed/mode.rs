//! The purpose of reading a document.

use crate::codec::Few;

/// The container of several children.
pub trait List {
    /// The type of a child.
    type Item;

    /// An empty list.
    fn none() -> Self;

    /// Appends a child.
    fn add(&mut self, item: Self::Item);
}

impl<T> List for Vec<T> {
    type Item = T;

    #[inline(always)]
    fn none() -> Self {
        Vec::new()
    }

    #[inline(always)]
    fn add(&mut self, item: T) {
        if self.capacity() == 0 {
            // Usually there is only one.
            *self = Vec::with_capacity(1);
        }
        self.push(item);
    }
}

impl<T> List for Few<T> {
    type Item = T;

    #[inline(always)]
    fn none() -> Self {
        Few::new()
    }

    #[inline(always)]
    fn add(&mut self, item: T) {
        self.push(item);
    }
}

/// The result that prediction should produce.
pub trait Mode {
    /// Whether rules that only warn matter: a document for which one fires is then left to the walk.
    const WARNINGS: bool;

    /// Whether values are made.
    const VALUES: bool;

    /// A value, or nothing.
    type Of<T>;

    /// Makes a value, if values are requested; `None`: prediction gives up.
    fn make<T>(value: impl FnOnce() -> Option<T>) -> Option<Self::Of<T>>;

    /// The value, if values are requested.
    fn get<T>(of: Self::Of<T>) -> Option<T>;

    /// A list without values.
    fn list<L: List>() -> Self::Of<L>;

    /// Appends a value to a list.
    fn push<L: List>(list: &mut Self::Of<L>, value: impl FnOnce() -> Option<L::Item>) -> Option<()>;
}

/// Values, from documents that may have warnings.
pub struct Values;

/// Only a verdict: whether the document is valid, and with `WARNINGS` whether it also has no warnings.
pub struct Verdict<const WARNINGS: bool>;

impl Mode for Values {
    const WARNINGS: bool = false;
    const VALUES: bool = true;
    type Of<T> = T;

    #[inline(always)]
    fn make<T>(value: impl FnOnce() -> Option<T>) -> Option<T> {
        value()
    }

    #[inline(always)]
    fn get<T>(of: T) -> Option<T> {
        Some(of)
    }

    #[inline(always)]
    fn list<L: List>() -> L {
        L::none()
    }

    #[inline(always)]
    fn push<L: List>(list: &mut L, value: impl FnOnce() -> Option<L::Item>) -> Option<()> {
        list.add(value()?);
        Some(())
    }
}

impl<const WARN: bool> Mode for Verdict<WARN> {
    const WARNINGS: bool = WARN;
    const VALUES: bool = false;
    type Of<T> = ();

    #[inline(always)]
    fn make<T>(_: impl FnOnce() -> Option<T>) -> Option<()> {
        Some(())
    }

    #[inline(always)]
    fn get<T>((): ()) -> Option<T> {
        None
    }

    #[inline(always)]
    fn list<L: List>() {}

    #[inline(always)]
    fn push<L: List>((): &mut (), _: impl FnOnce() -> Option<L::Item>) -> Option<()> {
        Some(())
    }
}
