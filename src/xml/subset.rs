//! The internal subset (section 2.8): its declarations, and the parameter entities between them.
//!
//! A reference to a parameter entity whose text is declared in the subset is followed, on a stack of our own, with
//! limits on its depth and on the total text; any other is skipped. After a skipped reference, declarations are still
//! read, but no longer count (section 5.1), since what was declared before is unknown.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::rc::Rc;

use super::attribute_value;
use super::chars::{forbidden_at, skip_value};
use super::cursor::Cursor;
use super::doctype::{Attributes, lex_external_id, tokenized};
use super::fault::{Broken, FaultKind, shorten};
use super::lex::{forbidden, lex_markup};
use super::references::lex_reference;

/// The most bytes of text that references to parameter entities may bring in.
const REPLACEMENT_BYTES: usize = 1 << 20;

/// How deep references to parameter entities may be nested in one another's text.
const REPLACEMENT_DEPTH: usize = 32;

/// The most entities and attributes that may be declared: what is kept of one is many times the size of the shortest
/// declaration.
const DECLARATIONS: usize = 8192;

/// A general entity, as far as a default value may refer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum General {
    Internal,
    External,
}

/// What has been declared so far.
pub(super) struct Subset {
    is_standalone: bool,
    /// Nothing was skipped, so declarations count.
    is_known: bool,
    /// The text; `None` if external.
    parameters: HashMap<Box<str>, Option<Rc<str>>>,
    generals: HashMap<Box<str>, General>,
    elements: HashMap<Box<str>, Attributes>,
    /// The number of declared entities and attributes.
    declared: usize,
    /// Bytes of text that references have brought in.
    replaced: usize,
}

/// The text of a parameter entity that is being read.
struct Replacement {
    name: Box<str>,
    text: Rc<str>,
    at: usize,
}

/// What comes next between declarations.
enum Next {
    End,
    Declaration,
    Reference(Box<str>),
}

impl Subset {
    pub(super) fn new(is_standalone: bool) -> Subset {
        Subset {
            is_standalone,
            is_known: true,
            parameters: HashMap::new(),
            generals: HashMap::new(),
            elements: HashMap::new(),
            declared: 0,
            replaced: 0,
        }
    }

    /// The attributes that can change an element, and the names of the general entities.
    pub(super) fn into_parts(mut self) -> (HashMap<Box<str>, Attributes>, HashSet<Box<str>>) {
        self.elements.retain(|_, attributes| attributes.can_change());
        (self.elements, self.generals.into_keys().collect())
    }

    /// Production 28b, up to `]`.
    pub(super) fn read(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Broken> {
        loop {
            let start = cursor.at;
            match next(cursor)? {
                Next::End => return Ok(()),
                Next::Declaration => self.read_declaration(cursor)?,
                // A fault in the text of an entity is one at the reference.
                Next::Reference(name) => self.include(name).map_err(|mut broken| {
                    let begin = start + cursor.text.get(start..).and_then(|text| text.find('%')).unwrap_or(0);
                    broken.fault.span = begin..cursor.at;
                    broken
                })?,
            }
        }
    }

    /// Section 4.4.8: the text of a parameter entity, which holds whole declarations (production 28a).
    fn include(&mut self, name: Box<str>) -> Result<(), Broken> {
        let mut open: Vec<Replacement> = Vec::new();
        self.open(name, &mut open)?;
        while let Some(Replacement { text, at, .. }) = open.last_mut() {
            let text = Rc::clone(text);
            let mut cursor = Cursor { text: &text, at: *at };
            match next(&mut cursor)? {
                Next::End if cursor.peek().is_some() => return Err(cursor.unexpected("a declaration")),
                Next::End => _ = open.pop(),
                Next::Declaration => {
                    self.read_declaration(&mut cursor)?;
                    *at = cursor.at;
                }
                Next::Reference(name) => {
                    *at = cursor.at;
                    self.open(name, &mut open)?;
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, name: Box<str>, open: &mut Vec<Replacement>) -> Result<(), Broken> {
        let fault = |kind: FaultKind| Err(Broken::new(kind, 0..0));
        // Section 4.1, "No Recursion".
        if open.iter().any(|known| known.name == name) {
            return fault(FaultKind::RecursiveEntity { name: shorten(&name) });
        }
        match self.parameters.get(&name) {
            Some(Some(text)) => {
                self.replaced += text.len();
                if self.replaced > REPLACEMENT_BYTES {
                    let what = "bytes of text of parameter entities";
                    return fault(FaultKind::DoctypeTooLarge { what, limit: REPLACEMENT_BYTES });
                }
                if open.len() >= REPLACEMENT_DEPTH {
                    let what = "nested parameter entities";
                    return fault(FaultKind::DoctypeTooLarge { what, limit: REPLACEMENT_DEPTH });
                }
                open.push(Replacement { name, text: Rc::clone(text), at: 0 });
            }
            // Section 4.1, "Entity Declared", which is otherwise a validity constraint for parameter entities.
            None if self.is_standalone => return fault(FaultKind::UnknownEntity { name: shorten(&name) }),
            Some(None) | None => self.is_known &= self.is_standalone,
        }
        Ok(())
    }

    /// Production 29 (markupdecl), at `<`.
    fn read_declaration(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Broken> {
        let rest = cursor.rest();
        if rest.starts_with("<!--") || rest.starts_with("<?") {
            cursor.at = lex_markup(cursor.text, cursor.at)?;
            return Ok(());
        }
        if cursor.skip("<!ELEMENT") {
            lex_element(cursor)?;
        } else if cursor.skip("<!ATTLIST") {
            return self.read_attributes(cursor);
        } else if cursor.skip("<!ENTITY") {
            self.read_entity(cursor)?;
        } else if cursor.skip("<!NOTATION") {
            lex_notation(cursor)?;
        } else if rest.starts_with("<![") {
            // Section 3.4: only the external subset has them.
            return Err(cursor.unexpected("no conditional section in the internal subset"));
        } else {
            return Err(
                cursor.unexpected("`<!ELEMENT`, `<!ATTLIST`, `<!ENTITY`, `<!NOTATION`, a comment or an instruction")
            );
        }
        cursor.skip_space();
        cursor.expect(">", "`>` at the end of the declaration")
    }

    /// Productions 70 to 76.
    fn read_entity(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Broken> {
        let start = cursor.at;
        cursor.expect_space()?;
        let is_parameter = cursor.skip("%");
        if is_parameter {
            cursor.expect_space()?;
        }
        let name = cursor.expect_name()?;
        cursor.expect_space()?;
        let value = match cursor.peek() {
            Some(b'"' | b'\'') => Some(lex_entity_value(cursor)?),
            _ if lex_external_id(cursor)? => None,
            _ => return Err(cursor.unexpected("a quote, `SYSTEM` or `PUBLIC`")),
        };
        if value.is_none() && !is_parameter {
            // Production 76 (NDataDecl).
            let before = cursor.at;
            if cursor.skip_space() && cursor.skip("NDATA") {
                cursor.expect_space()?;
                cursor.expect_name()?;
            } else {
                cursor.at = before;
            }
        }
        // Section 4.2: of several declarations, the first counts.
        let is_declared = match is_parameter {
            true => self.parameters.contains_key(name),
            false => self.generals.contains_key(name),
        };
        if !self.is_known || is_declared {
            return Ok(());
        }
        if is_parameter {
            self.parameters.insert(name.into(), value.map(Rc::from));
        } else {
            let general = if value.is_some() { General::Internal } else { General::External };
            self.generals.insert(name.into(), general);
        }
        self.count(start..cursor.at)
    }

    /// Counts an entity or an attribute that was not declared before.
    fn count(&mut self, place: Range<usize>) -> Result<(), Broken> {
        self.declared += 1;
        let what = "declarations of entities and attributes";
        let too_large = || Broken::new(FaultKind::DoctypeTooLarge { what, limit: DECLARATIONS }, place);
        if self.declared > DECLARATIONS { Err(too_large()) } else { Ok(()) }
    }

    /// Productions 52 and 53.
    fn read_attributes(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Broken> {
        cursor.expect_space()?;
        let element = cursor.expect_qualified_name()?;
        loop {
            let has_space = cursor.skip_space();
            if cursor.skip(">") {
                return Ok(());
            }
            if !has_space {
                return Err(cursor.unexpected("white space or `>`"));
            }
            let at = cursor.at;
            let name = cursor.expect_qualified_name()?;
            cursor.expect_space()?;
            let is_tokenized = lex_attribute_type(cursor)?;
            cursor.expect_space()?;
            let default = self.lex_default(cursor, is_tokenized)?;
            if self.is_known {
                let attributes = self.elements.entry(element.into()).or_default();
                let declared = attributes.declare(name, is_tokenized, default);
                if declared.map_err(|kind| Broken::new(kind, at..cursor.at))? {
                    self.count(at..cursor.at)?;
                }
            }
        }
    }

    /// Production 60 (DefaultDecl): the value, normalized, if there is one; the inner `None` if it refers to entities.
    #[allow(clippy::option_option)]
    fn lex_default(&self, cursor: &mut Cursor<'_>, is_tokenized: bool) -> Result<Option<Option<Box<str>>>, Broken> {
        if cursor.skip("#REQUIRED") || cursor.skip("#IMPLIED") {
            return Ok(None);
        }
        if cursor.skip("#FIXED") {
            cursor.expect_space()?;
        }
        if !matches!(cursor.peek(), Some(b'"' | b'\'')) {
            return Err(cursor.unexpected("`#REQUIRED`, `#IMPLIED`, `#FIXED` or a quote"));
        }
        let (raw, has_entities) = self.lex_default_value(cursor)?;
        if has_entities {
            return Ok(Some(None));
        }
        let value = attribute_value(raw);
        Ok(Some(Some(if is_tokenized { tokenized(&value).into() } else { value.into() })))
    }

    /// Production 10 (AttValue), whose entities must be declared before it (section 4.1, "Entity Declared").
    fn lex_default_value<'t>(&self, cursor: &mut Cursor<'t>) -> Result<(&'t str, bool), Broken> {
        let quote = cursor.expect_quote()?;
        let begin = cursor.at;
        let mut has_entities = false;
        loop {
            cursor.at += skip_value(cursor.rest().as_bytes());
            match cursor.peek() {
                None => return Err(cursor.unexpected("a closing quote")),
                Some(byte) if byte == quote => {
                    let raw = cursor.text.get(begin..cursor.at).unwrap_or_default();
                    cursor.at += 1;
                    return Ok((raw, has_entities));
                }
                Some(b'<') => return Err(Broken::new(FaultKind::LessThanInAttribute, cursor.at..cursor.at + 1)),
                Some(b'&') => match lex_reference(cursor.text, cursor.at) {
                    Ok((_, end)) => cursor.at = end,
                    Err(broken) => {
                        let name = cursor.text.get(cursor.at + 1..broken.fault.span.end.saturating_sub(1));
                        let is_entity = matches!(broken.fault.kind, FaultKind::UnknownEntity { .. });
                        match self.generals.get(name.unwrap_or_default()) {
                            Some(General::Internal) if is_entity => {}
                            None if is_entity && !self.is_known => {}
                            // Section 3.1, "No External Entity References".
                            _ => return Err(broken),
                        }
                        has_entities = true;
                        cursor.at = broken.fault.span.end;
                    }
                },
                Some(_) => match forbidden_at(cursor.text, cursor.at) {
                    Some(character) => return Err(forbidden(cursor.at, character)),
                    None => cursor.at += 1,
                },
            }
        }
    }
}

/// White space, then what comes next: a declaration, a reference to a parameter entity (production 69), or neither.
fn next(cursor: &mut Cursor<'_>) -> Result<Next, Broken> {
    cursor.skip_space();
    if cursor.peek() == Some(b'<') {
        return Ok(Next::Declaration);
    }
    if !cursor.skip("%") {
        return Ok(Next::End);
    }
    let name = cursor.expect_name()?.into();
    cursor.expect(";", "`;` at the end of the reference")?;
    Ok(Next::Reference(name))
}

/// Production 9 (EntityValue): the text with its character references replaced (section 4.5). References to general
/// entities stay; those to parameter entities are not allowed within a declaration ("PEs in Internal Subset").
fn lex_entity_value(cursor: &mut Cursor<'_>) -> Result<String, Broken> {
    let quote = cursor.expect_quote()?;
    let mut value = String::new();
    loop {
        let rest = cursor.rest();
        let plain = |byte: u8| byte != quote && byte != b'&' && byte != b'%' && byte >= b' ' && byte != 0xEF;
        let length = rest.bytes().position(|byte| !plain(byte)).unwrap_or(rest.len());
        value.push_str(rest.get(..length).unwrap_or_default());
        cursor.at += length;
        match cursor.peek() {
            None => return Err(cursor.unexpected("a closing quote")),
            Some(byte) if byte == quote => {
                cursor.at += 1;
                return Ok(value);
            }
            Some(b'%') => return Err(cursor.unexpected("no reference to a parameter entity within a declaration")),
            Some(b'&') => {
                let start = cursor.at;
                let is_character = cursor.rest().starts_with("&#");
                cursor.at = match lex_reference(cursor.text, start) {
                    Ok((character, end)) if is_character => {
                        value.push(character);
                        end
                    }
                    Ok((_, end)) => end,
                    // An entity that is never used need not be declared.
                    Err(broken) if matches!(broken.fault.kind, FaultKind::UnknownEntity { .. }) => {
                        broken.fault.span.end
                    }
                    Err(broken) => return Err(broken),
                };
                if !is_character {
                    value.push_str(cursor.text.get(start..cursor.at).unwrap_or_default());
                }
            }
            Some(_) => match forbidden_at(cursor.text, cursor.at) {
                Some(character) => return Err(forbidden(cursor.at, character)),
                None => {
                    let character = cursor.rest().chars().next().unwrap_or_default();
                    value.push(character);
                    cursor.at += character.len_utf8();
                }
            },
        }
    }
}

/// Productions 45 and 46, after `<!ELEMENT`.
fn lex_element(cursor: &mut Cursor<'_>) -> Result<(), Broken> {
    cursor.expect_space()?;
    cursor.expect_qualified_name()?;
    cursor.expect_space()?;
    if cursor.skip("EMPTY") || cursor.skip("ANY") {
        return Ok(());
    }
    cursor.expect("(", "`EMPTY`, `ANY` or `(`")?;
    cursor.skip_space();
    if cursor.skip("#PCDATA") { lex_mixed(cursor) } else { lex_children(cursor) }
}

/// Production 51, after `#PCDATA`.
fn lex_mixed(cursor: &mut Cursor<'_>) -> Result<(), Broken> {
    let mut names = false;
    loop {
        cursor.skip_space();
        if cursor.skip(")") {
            break;
        }
        cursor.expect("|", "`|` or `)`")?;
        cursor.skip_space();
        cursor.expect_qualified_name()?;
        names = true;
    }
    match cursor.skip("*") || !names {
        true => Ok(()),
        false => Err(cursor.unexpected("`*` after the group")),
    }
}

/// Productions 47 to 50, after the first `(`.
fn lex_children(cursor: &mut Cursor<'_>) -> Result<(), Broken> {
    // The separator between the particles of each open group: none yet, or the first one found.
    let mut open = vec![None];
    loop {
        cursor.skip_space();
        if cursor.skip("(") {
            open.push(None);
            continue;
        }
        cursor.expect_qualified_name()?;
        loop {
            _ = cursor.skip("?") || cursor.skip("*") || cursor.skip("+");
            cursor.skip_space();
            if cursor.skip(")") {
                open.pop();
                if open.is_empty() {
                    _ = cursor.skip("?") || cursor.skip("*") || cursor.skip("+");
                    return Ok(());
                }
                continue;
            }
            let separator = cursor.peek().filter(|byte| matches!(byte, b'|' | b','));
            match open.last_mut() {
                Some(known) if separator.is_some() && (known.is_none() || *known == separator) => *known = separator,
                _ => return Err(cursor.unexpected("`,`, `|` (the same as before in this group) or `)`")),
            }
            cursor.at += 1;
            break;
        }
    }
}

/// Productions 54 to 59: whether values are normalized as tokens (section 3.3.3).
fn lex_attribute_type(cursor: &mut Cursor<'_>) -> Result<bool, Broken> {
    if cursor.skip("CDATA") {
        return Ok(false);
    }
    const TOKENIZED: [&str; 7] = ["IDREFS", "IDREF", "ID", "ENTITIES", "ENTITY", "NMTOKENS", "NMTOKEN"];
    if TOKENIZED.iter().any(|name| cursor.skip(name)) {
        return Ok(true);
    }
    let is_notation = cursor.skip("NOTATION");
    if is_notation {
        cursor.expect_space()?;
    }
    cursor.expect("(", "the type of an attribute")?;
    loop {
        cursor.skip_space();
        if is_notation {
            cursor.expect_name()?
        } else {
            cursor.expect_token()?
        };
        cursor.skip_space();
        if cursor.skip(")") {
            return Ok(true);
        }
        cursor.expect("|", "`|` or `)`")?;
    }
}

/// Productions 82 and 83, after `<!NOTATION`.
fn lex_notation(cursor: &mut Cursor<'_>) -> Result<(), Broken> {
    cursor.expect_space()?;
    cursor.expect_name()?;
    cursor.expect_space()?;
    let begin = cursor.at;
    if !cursor.skip("PUBLIC") {
        return if lex_external_id(cursor)? { Ok(()) } else { Err(cursor.unexpected("`SYSTEM` or `PUBLIC`")) };
    }
    cursor.expect_space()?;
    cursor.expect_public_literal()?;
    // A public identifier may stand alone.
    let end = cursor.at;
    if cursor.skip_space() && matches!(cursor.peek(), Some(b'"' | b'\'')) {
        cursor.at = begin;
        lex_external_id(cursor)?;
    } else {
        cursor.at = end;
    }
    Ok(())
}
