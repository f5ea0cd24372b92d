/// Stable codes. `PC01xx` well-formedness, `PC02xx` elements, `PC03xx` attributes, `PC04xx` values,
/// `PC05xx` rules, `PC06xx` limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Code {
    /// PC0203
    MissingElement,
}
