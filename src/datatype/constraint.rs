//! The constraints on simple types.

/// A constraint on simple types, named as in the Recommendation (part 2, sections 4.1 and 4.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Constraint {
    /// The syntax of regular expressions (part 2, appendix F).
    PatternSyntax,
    /// `cos-applicable-facets`.
    CosApplicableFacets,
    /// `cos-list-of-atomic`.
    CosListOfAtomic,
    /// `length-minLength-maxLength`.
    LengthMinLengthMaxLength,
    /// `length-valid-restriction`.
    LengthValidRestriction,
    /// `minLength-less-than-equal-to-maxLength`.
    MinLengthMaxLength,
    /// `minLength-valid-restriction`.
    MinLengthValidRestriction,
    /// `maxLength-valid-restriction`.
    MaxLengthValidRestriction,
    /// `enumeration-valid-restriction`.
    EnumerationValidRestriction,
    /// `whiteSpace-valid-restriction`.
    WhiteSpaceValidRestriction,
    /// `minInclusive-less-than-equal-to-maxInclusive`.
    MinInclusiveMaxInclusive,
    /// `maxInclusive-valid-restriction`.
    MaxInclusiveValidRestriction,
    /// `maxInclusive-maxExclusive`.
    MaxInclusiveMaxExclusive,
    /// `minExclusive-less-than-equal-to-maxExclusive`.
    MinExclusiveMaxExclusive,
    /// `maxExclusive-valid-restriction`.
    MaxExclusiveValidRestriction,
    /// `minInclusive-minExclusive`.
    MinInclusiveMinExclusive,
    /// `minExclusive-less-than-maxInclusive`.
    MinExclusiveMaxInclusive,
    /// `minExclusive-valid-restriction`.
    MinExclusiveValidRestriction,
    /// `minInclusive-less-than-maxExclusive`.
    MinInclusiveMaxExclusive,
    /// `minInclusive-valid-restriction`.
    MinInclusiveValidRestriction,
    /// `totalDigits-valid-restriction`.
    TotalDigitsValidRestriction,
    /// `fractionDigits-less-than-equal-to-totalDigits`.
    FractionDigitsTotalDigits,
    /// `fractionDigits-valid-restriction`.
    FractionDigitsValidRestriction,
    /// `src-single-facet-value`.
    SrcSingleFacetValue,
    /// `src-union-memberTypes-or-simpleTypes`.
    SrcUnionMembers,
    /// What the schema for schemas requires of facet values.
    SchemaSyntax,
    /// A limit of this crate.
    SchemaLimit,
}
