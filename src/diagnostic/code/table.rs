//! The table of codes: one entry each, in numerical order. This file only names the variants; all text is in the pages
//! of the codes.
//!
//! Variants for errors in schemas are named after the constraints of the Recommendation (`src-resolve`, `SrcResolve`).

use super::page::Page;

/// The page of a code, as written.
macro_rules! page {
    ($number:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/codes/", $number, ".md"))
    };
}

/// A part of a page, without the page around it.
macro_rules! on_its_own {
    ($part:expr) => {
        const {
            const BYTES: [u8; $part.len()] = copied($part.as_bytes());
            match str::from_utf8(&BYTES) {
                Ok(text) => text,
                Err(_) => panic!("a copy of text is text"),
            }
        }
    };
}

macro_rules! codes {
    ($($number:literal $name:ident,)*) => {
        /// The subject of a diagnostic. `PC01xx` well-formedness, `PC02xx` elements, `PC03xx` attributes, `PC04xx`
        /// values, `PC05xx` rules, `PC06xx` limits, `PC07xx` JSON, `PC08xx` queries, `PC09xx` kinds; for schemas
        /// `PC10xx` documents, `PC11xx` components, `PC12xx` facets; `PC13xx` HTTP messages, `PC14xx` requests and
        /// answers.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Code {
            $(#[doc = page!($number)] $name,)*
        }

        /// The pages, which are split at compile time.
        #[allow(non_upper_case_globals)]
        mod pages {
            use super::Page;

            $(pub(super) const $name: Page = Page::parse($number, page!($number));)*
        }

        /// The codes as written, and the parts of their pages, each in the order of the enum. The parts are separate,
        /// so that a part that a program never uses is not linked into it.
        pub(super) static CODES: &[(Code, &str)] = &[$((Code::$name, $number)),*];
        pub(super) static TITLES: &[&str] = &[$(on_its_own!(pages::$name.title)),*];
        pub(super) static EXPLANATIONS: &[&str] = &[$(on_its_own!(pages::$name.explanation)),*];
        pub(super) static EXAMPLES: &[&str] = &[$(on_its_own!(pages::$name.example)),*];
        pub(super) static REMEDIES: &[&str] = &[$(on_its_own!(pages::$name.remedy)),*];
        pub(super) static SOURCES: &[&str] = &[$(on_its_own!(pages::$name.source)),*];
        /// Empty for documents.
        pub(super) static CONSTRAINTS: &[&str] = &[$(on_its_own!(pages::$name.constraint)),*];
    };
}

const fn copied<const LENGTH: usize>(bytes: &[u8]) -> [u8; LENGTH] {
    let mut copy = [0; LENGTH];
    copy.copy_from_slice(bytes);
    copy
}

codes! {
    // PC01xx: the document is not well-formed XML
    "PC0101" NoRoot,
    "PC0102" InvalidUtf8,
    "PC0103" UnsupportedEncoding,
    "PC0104" EncodingMismatch,
    "PC0105" MisplacedDeclaration,
    "PC0106" MalformedDeclaration,
    "PC0107" Doctype,
    "PC0108" ForbiddenCharacter,
    "PC0109" BareAmpersand,
    "PC0110" UnknownEntity,
    "PC0111" InvalidCharacterReference,
    "PC0112" CdataEndInText,
    "PC0113" MalformedName,
    "PC0114" MalformedStartTag,
    "PC0115" LessThanInAttribute,
    "PC0116" UnquotedAttribute,
    "PC0117" MissingBlank,
    "PC0118" DuplicateAttribute,
    "PC0119" UndeclaredPrefix,
    "PC0120" ReservedPrefix,
    "PC0121" MalformedEndTag,
    "PC0122" MismatchedEndTag,
    "PC0123" UnexpectedEndTag,
    "PC0124" UnclosedElement,
    "PC0125" UnclosedComment,
    "PC0126" DoubleHyphenInComment,
    "PC0127" UnclosedCdata,
    "PC0128" UnclosedInstruction,
    "PC0129" ReservedInstructionTarget,
    "PC0130" ContentAfterRoot,
    "PC0131" ContentBeforeRoot,
    "PC0132" MalformedMarkup,
    "PC0133" MalformedInstruction,
    "PC0134" BareLessThan,
    "PC0135" MalformedQualifiedName,
    "PC0136" UnclosedAttribute,
    "PC0137" EmptyNamespace,
    "PC0138" UnclosedTag,
    "PC0139" UnclosedReference,

    // PC02xx: elements
    "PC0201" UnexpectedRoot,
    "PC0202" UnexpectedElement,
    "PC0203" MissingElement,
    "PC0204" UnknownElement,
    "PC0205" TooManyElements,
    "PC0206" ElementOutOfOrder,
    "PC0207" UnexpectedText,
    "PC0208" NotEmpty,
    "PC0209" ChildInSimpleContent,
    "PC0210" NotNillable,
    "PC0211" NilWithContent,
    "PC0212" UnknownType,
    "PC0213" TypeNotDerived,
    "PC0214" AbstractType,
    "PC0215" AbstractElement,
    "PC0216" UndeclaredElement,
    "PC0217" SubstitutionBlocked,
    "PC0218" TypeBlocked,

    // PC03xx: attributes
    "PC0301" MissingAttribute,
    "PC0302" UnexpectedAttribute,
    "PC0303" FixedAttribute,
    "PC0304" UndeclaredAttribute,
    "PC0305" SecondId,

    // PC04xx: values
    "PC0401" NotInLexicalSpace,
    "PC0402" NotEnumerated,
    "PC0403" PatternMismatch,
    "PC0404" LengthOutside,
    "PC0405" RangeOutside,
    "PC0406" DigitsOutside,
    "PC0407" NoMemberType,
    "PC0408" FixedElement,
    "PC0409" UndeclaredPrefixInValue,
    "PC0410" UndeclaredNotation,
    "PC0411" UndeclaredEntity,
    "PC0412" DuplicateId,
    "PC0413" UnknownId,
    "PC0414" DuplicateKey,
    "PC0415" MissingKeyField,
    "PC0416" NillableKeyField,
    "PC0417" SeveralFields,
    "PC0418" FieldWithoutValue,
    "PC0419" DanglingReference,

    // PC05xx: rules that go beyond structure and types
    "PC0501" RuleBroken,
    "PC0502" RuleWarning,

    // PC06xx: limits
    "PC0601" DocumentTooLarge,
    "PC0602" TooDeep,
    "PC0603" TooManyAttributes,
    "PC0604" NameTooLong,

    // PC07xx: JSON documents
    "PC0701" UnexpectedToken,
    "PC0702" EndsEarly,
    "PC0703" TrailingData,
    "PC0704" ByteOrderMark,
    "PC0705" JsonInvalidUtf8,
    "PC0706" ControlCharacter,
    "PC0707" UnknownEscape,
    "PC0708" LoneSurrogate,
    "PC0709" MalformedNumber,
    "PC0710" DuplicateMember,
    "PC0711" MissingMember,
    "PC0712" WrongType,
    "PC0713" NumberOutside,
    "PC0714" TextLengthOutside,
    "PC0715" NotListed,
    "PC0716" ItemsOutside,
    "PC0717" UnlistedValue,
    "PC0718" MisspeltMember,
    "PC0719" UnknownMember,

    // PC08xx: parameters of a query string or a form body
    "PC0801" MalformedEscape,
    "PC0802" ParameterNotUtf8,
    "PC0803" UnescapedCharacter,
    "PC0804" MissingParameter,
    "PC0805" DuplicateParameter,
    "PC0806" ParameterValue,
    "PC0807" ParameterNotAnInteger,
    "PC0808" MisspeltParameter,
    "PC0809" TooManyParameters,

    // PC09xx: kinds of packets
    "PC0901" NoKind,
    "PC0902" AnotherKind,
    "PC0903" NotAPacket,

    // PC10xx: schema documents
    "PC1001" Unreadable,
    "PC1002" NotWellFormed,
    "PC1003" SchemaSyntax,
    "PC1004" SchemaLimit,
    "PC1005" Unsupported,
    "PC1006" RefusedLocation,
    "PC1007" AppInfo,
    "PC1008" CatalogSyntax,
    "PC1009" NotMeant,
    "PC1011" SrcResolve,
    "PC1012" SrcQname,
    "PC1013" SrcInclude,
    "PC1014" SrcImport,
    "PC1015" SrcElement,
    "PC1016" SrcAttribute,
    "PC1017" SrcCt,
    "PC1018" SrcRestrictionBase,
    "PC1019" SrcListItem,
    "PC1020" SrcUnionMembers,
    "PC1021" SrcSingleFacetValue,
    "PC1022" SrcRedefine,
    "PC1023" SrcExpredef,

    // PC11xx: components
    "PC1101" SchPropsCorrect,
    "PC1102" APropsCorrect,
    "PC1103" NoXmlns,
    "PC1104" NoXsi,
    "PC1105" EPropsCorrect,
    "PC1106" CosValidDefault,
    "PC1107" CtPropsCorrect,
    "PC1108" CosCtExtends,
    "PC1109" DerivationOkRestriction,
    "PC1110" AuPropsCorrect,
    "PC1111" AgPropsCorrect,
    "PC1112" SrcAttributeGroup,
    "PC1113" MgPropsCorrect,
    "PC1114" CosAllLimited,
    "PC1115" CosElementConsistent,
    "PC1116" CosNonambig,
    "PC1117" PPropsCorrect,
    "PC1118" CosParticleRestrict,
    "PC1119" RcaseNameAndTypeOk,
    "PC1120" RcaseNsCompat,
    "PC1121" RcaseNsSubset,
    "PC1122" RcaseNsRecurse,
    "PC1123" RcaseRecurse,
    "PC1124" RcaseRecurseLax,
    "PC1125" RcaseRecurseUnordered,
    "PC1126" RcaseMapAndSum,
    "PC1127" CosAwIntersect,
    "PC1128" CosAwUnion,
    "PC1129" StPropsCorrect,
    "PC1130" CosStRestricts,
    "PC1131" NPropsCorrect,
    "PC1132" CPropsCorrect,
    "PC1133" CSelectorXpath,
    "PC1134" CFieldsXpaths,

    // PC12xx: facets
    "PC1201" PatternSyntax,
    "PC1202" CosApplicableFacets,
    "PC1203" CosListOfAtomic,
    "PC1204" LengthMinLengthMaxLength,
    "PC1205" LengthValidRestriction,
    "PC1206" MinLengthMaxLength,
    "PC1207" MinLengthValidRestriction,
    "PC1208" MaxLengthValidRestriction,
    "PC1209" EnumerationValidRestriction,
    "PC1210" WhiteSpaceValidRestriction,
    "PC1211" MinInclusiveMaxInclusive,
    "PC1212" MaxInclusiveValidRestriction,
    "PC1213" MaxInclusiveMaxExclusive,
    "PC1214" MinExclusiveMaxExclusive,
    "PC1215" MaxExclusiveValidRestriction,
    "PC1216" MinInclusiveMinExclusive,
    "PC1217" MinExclusiveMaxInclusive,
    "PC1218" MinExclusiveValidRestriction,
    "PC1219" MinInclusiveMaxExclusive,
    "PC1220" MinInclusiveValidRestriction,
    "PC1221" TotalDigitsValidRestriction,
    "PC1222" FractionDigitsTotalDigits,
    "PC1223" FractionDigitsValidRestriction,
    "PC1224" EnumerationRequiredNotation,

    // PC13xx: HTTP messages
    "PC1301" MalformedStartLine,
    "PC1302" IncompleteStartLine,
    "PC1303" MissingStartLine,
    "PC1304" PlaceholderInTarget,
    "PC1305" MalformedField,
    "PC1306" FoldedField,
    "PC1307" DuplicateField,
    "PC1308" MissingEmptyLine,
    "PC1309" MissingLength,
    "PC1310" MalformedLength,
    "PC1311" TwoLengths,
    "PC1312" BodyTooShort,
    "PC1313" BodyTooLong,
    "PC1314" MalformedChunk,
    "PC1315" UnknownCoding,
    "PC1316" MalformedCoding,
    "PC1317" AlreadyDecoded,
    "PC1318" BodyNotCaptured,
    "PC1319" NoMessage,
    "PC1320" MalformedHar,
    "PC1321" DecodedTooLarge,
    "PC1322" TooManyFields,
    "PC1323" TooManyMessages,

    // PC14xx: requests and answers
    "PC1401" UnexpectedMethod,
    "PC1402" UnexpectedPath,
    "PC1403" UnexpectedScheme,
    "PC1404" MalformedHost,
    "PC1405" UserInUrl,
    "PC1406" PathParameter,
    "PC1407" UnexpectedQuery,
    "PC1408" MissingHeaderParameter,
    "PC1409" HeaderParameter,
    "PC1410" Credentials,
    "PC1411" UnexpectedContentType,
    "PC1412" UnexpectedBody,
    "PC1413" MissingBody,
    "PC1414" UnexpectedStatus,
    "PC1415" StatusContradictsBody,
    "PC1416" Redirect,
    "PC1417" UnexpectedCharset,
}
