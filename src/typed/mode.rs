//! What a document is read for.

/// What prediction is asked for.
pub trait Mode {
    /// Rules that only warn count: a document for which one fires is left to the walk.
    const WARNINGS: bool;

    /// Values are made.
    const VALUES: bool;

    /// A value, or nothing.
    type Of<T>;

    /// Makes a value, where values are wanted; `None`: prediction gives up.
    fn make<T>(value: impl FnOnce() -> Option<T>) -> Option<Self::Of<T>>;

    /// The value, where values are wanted.
    fn get<T>(of: Self::Of<T>) -> Option<T>;

    /// A list without values.
    fn list<T>() -> Self::Of<Vec<T>>;

    /// Appends a value to a list.
    fn push<T>(list: &mut Self::Of<Vec<T>>, value: impl FnOnce() -> Option<T>) -> Option<()>;
}

/// Values, of documents that may have warnings.
pub struct Values;

/// A verdict alone: whether the document is valid, and with `WARNINGS` whether there is nothing to warn of either.
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
    fn list<T>() -> Vec<T> {
        Vec::new()
    }

    #[inline(always)]
    fn push<T>(list: &mut Vec<T>, value: impl FnOnce() -> Option<T>) -> Option<()> {
        if list.capacity() == 0 {
            // Mostly there is no other.
            *list = Vec::with_capacity(1);
        }
        list.push(value()?);
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
    fn list<T>() {}

    #[inline(always)]
    fn push<T>((): &mut (), _: impl FnOnce() -> Option<T>) -> Option<()> {
        Some(())
    }
}
