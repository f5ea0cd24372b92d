//! `Name`, `NCName`, `NMTOKEN` (XML Schema part 2, sections 3.3.4 to 3.3.7): the names of XML 1.0, fifth edition.

/// NameStartChar (production 4 of XML 1.0, fifth edition), which `\i` in a pattern means too.
pub(super) const NAME_START: [(char, char); 16] = [
    (':', ':'),
    ('A', 'Z'),
    ('_', '_'),
    ('a', 'z'),
    ('\u{c0}', '\u{d6}'),
    ('\u{d8}', '\u{f6}'),
    ('\u{f8}', '\u{2ff}'),
    ('\u{370}', '\u{37d}'),
    ('\u{37f}', '\u{1fff}'),
    ('\u{200c}', '\u{200d}'),
    ('\u{2070}', '\u{218f}'),
    ('\u{2c00}', '\u{2fef}'),
    ('\u{3001}', '\u{d7ff}'),
    ('\u{f900}', '\u{fdcf}'),
    ('\u{fdf0}', '\u{fffd}'),
    ('\u{10000}', '\u{effff}'),
];

/// What NameChar (production 4a) has beyond NameStartChar; `\c` in a pattern means both.
pub(super) const NAME_REST: [(char, char); 5] =
    [('-', '.'), ('0', '9'), ('\u{b7}', '\u{b7}'), ('\u{300}', '\u{36f}'), ('\u{203f}', '\u{2040}')];

/// Production 5 of XML 1.0.
pub(super) fn is_name(text: &str) -> bool {
    let mut characters = text.chars();
    characters.next().is_some_and(is_name_start) && characters.all(is_name_character)
}

/// Production 4 of Namespaces in XML 1.0: a name without a colon.
pub(super) fn is_ncname(text: &str) -> bool {
    !text.contains(':') && is_name(text)
}

/// Production 7 of XML 1.0.
pub(super) fn is_nmtoken(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_name_character)
}

fn is_name_start(character: char) -> bool {
    NAME_START.iter().any(|(first, last)| (*first..=*last).contains(&character))
}

fn is_name_character(character: char) -> bool {
    is_name_start(character) || NAME_REST.iter().any(|(first, last)| (*first..=*last).contains(&character))
}
