//! The subset of XPath for selectors and fields (part 1, section 3.11.6):
//!
//! ```text
//! Selector ::= Path ( '|' Path )*
//! Path     ::= ( './/' )? Step ( '/' Step )*
//! Step     ::= '.' | NameTest
//! NameTest ::= QName | '*' | NCName ':' '*'
//! ```
//!
//! In a field the last step may select an attribute, `'@' NameTest`. The axes may be written out (`child::`,
//! `attribute::`), and white space is allowed between any two tokens. A name without a prefix is in no namespace.

use crate::compiled::{NameTest, NamespaceId, Path};
use crate::diagnostic::Code;
use crate::text::name::skip_ncname;
use crate::text::white_space::trim;
use crate::xsd::fault::{Result, fault};
use crate::xsd::reader::{Node, Reader, construct};

/// The attribute that holds the expression.
const ATTRIBUTE: &str = "xpath";

/// What an expression may select.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Selects {
    Elements,
    /// Elements or attributes.
    Nodes,
}

/// Reads the `xpath` of a selector or a field.
pub(super) fn paths(reader: &mut Reader<'_>, node: Node<'_>, selects: Selects) -> Result<Box<[Path]>> {
    let rest = reader.required(node, ATTRIBUTE)?;
    let mut parser = Parser { reader, node, rest, token: Token::End, selects };
    parser.advance()?;
    let mut paths = vec![parser.path()?];
    while parser.token == Token::Bar {
        parser.advance()?;
        paths.push(parser.path()?);
    }
    match parser.token {
        Token::End => Ok(paths.into()),
        _ => parser.unexpected("`/`, `|` or the end"),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Dot,
    Slash,
    DoubleSlash,
    Bar,
    At,
    /// `child::` or `attribute::`.
    Axis(&'t str),
    /// `name`, `prefix:name`, `*`, `prefix:*`.
    Name {
        prefix: Option<&'t str>,
        local: &'t str,
    },
    End,
}

struct Parser<'r, 'n, 't> {
    reader: &'r mut Reader<'n>,
    node: Node<'t>,
    /// What follows `token`.
    rest: &'t str,
    token: Token<'t>,
    selects: Selects,
}

impl<'t> Parser<'_, '_, 't> {
    fn path(&mut self) -> Result<Path> {
        let mut path = Path { descends: false, steps: Box::default(), attribute: None };
        let mut steps = Vec::new();
        let begins_here = self.token == Token::Dot;
        if begins_here {
            self.advance()?;
            path.descends = self.token == Token::DoubleSlash;
        }
        if !begins_here || path.descends {
            if path.descends {
                self.advance()?;
            }
            path.attribute = self.step(&mut steps)?;
        }
        while self.token == Token::Slash {
            if path.attribute.is_some() {
                return self.unexpected("nothing after an attribute");
            }
            self.advance()?;
            path.attribute = self.step(&mut steps)?;
        }
        if steps.len() > Path::STEPS {
            let message = format!("expected at most {} steps in `{ATTRIBUTE}`", Path::STEPS);
            return fault(Code::SchemaLimit, self.reader.attribute_place(self.node, ATTRIBUTE), message);
        }
        path.steps = steps.into();
        Ok(path)
    }

    /// A step; one that selects an attribute is returned.
    fn step(&mut self, steps: &mut Vec<NameTest>) -> Result<Option<NameTest>> {
        match self.token {
            Token::Dot => {
                self.advance()?;
                Ok(None)
            }
            Token::At | Token::Axis("attribute") if self.selects == Selects::Elements => {
                self.refuse(format!("expected {} to select elements, found an attribute", construct(self.node)))
            }
            Token::At | Token::Axis("attribute") => {
                self.advance()?;
                self.name_test().map(Some)
            }
            Token::Axis(_) => {
                self.advance()?;
                steps.push(self.name_test()?);
                Ok(None)
            }
            _ => {
                steps.push(self.name_test()?);
                Ok(None)
            }
        }
    }

    fn name_test(&mut self) -> Result<NameTest> {
        let Token::Name { prefix, local } = self.token else { return self.unexpected("a name, `*` or `.`") };
        let namespace = match prefix {
            Some(prefix) => self.namespace(prefix)?,
            None => NamespaceId::NONE,
        };
        self.advance()?;
        Ok(match (prefix, local) {
            (None, "*") => NameTest::Any,
            (Some(_), "*") => NameTest::Namespace(namespace),
            _ => NameTest::Name(self.reader.names.intern(namespace, local)),
        })
    }

    fn namespace(&mut self, prefix: &str) -> Result<NamespaceId> {
        match self.node.lookup_namespace_uri(Some(prefix)) {
            Some(uri) => Ok(self.reader.names.intern_namespace(uri)),
            None if prefix == "xml" => Ok(self.reader.names.intern_namespace(roxmltree::NS_XML_URI)),
            None => self.refuse(format!("prefix `{prefix}` is not declared")),
        }
    }

    /// Moves to the next token, the longest possible.
    fn advance(&mut self) -> Result<()> {
        self.rest = trim(self.rest);
        for (text, token) in [
            ("//", Token::DoubleSlash),
            ("/", Token::Slash),
            ("|", Token::Bar),
            ("@", Token::At),
            (".", Token::Dot),
            ("*", Token::Name { prefix: None, local: "*" }),
        ] {
            if let Some(rest) = self.rest.strip_prefix(text) {
                (self.token, self.rest) = (token, rest);
                return Ok(());
            }
        }
        match self.rest.is_empty() {
            true => self.token = Token::End,
            false => self.advance_over_name()?,
        }
        Ok(())
    }

    /// A name, with its prefix or axis.
    fn advance_over_name(&mut self) -> Result<()> {
        let written = self.rest;
        let Some((first, rest)) = take_ncname(written) else {
            let found = written.chars().next().map(String::from).unwrap_or_default();
            return self.refuse(format!("expected a path of names in `{ATTRIBUTE}`, found `{found}`"));
        };
        if let Some(after) = trim(rest).strip_prefix("::") {
            if !matches!(first, "child" | "attribute") {
                return self
                    .refuse(format!("expected the axis `child` or `attribute` in `{ATTRIBUTE}`, found `{first}`"));
            }
            (self.token, self.rest) = (Token::Axis(first), after);
            return Ok(());
        }
        let local = rest.strip_prefix(':').and_then(|after| match after.strip_prefix('*') {
            Some(rest) => Some(("*", rest)),
            None => take_ncname(after),
        });
        (self.token, self.rest) = match local {
            Some((local, rest)) => (Token::Name { prefix: Some(first), local }, rest),
            None => (Token::Name { prefix: None, local: first }, rest),
        };
        Ok(())
    }

    /// The token is not allowed here.
    fn unexpected<T>(&self, expected: &str) -> Result<T> {
        let found = match self.token {
            Token::Dot => "`.`".to_owned(),
            Token::Slash => "`/`".to_owned(),
            Token::DoubleSlash => "`//`, which is only allowed in `.//` at the beginning of a path".to_owned(),
            Token::Bar => "`|`".to_owned(),
            Token::At => "`@`".to_owned(),
            Token::Axis(axis) => format!("`{axis}::`"),
            Token::Name { prefix: Some(prefix), local } => format!("`{prefix}:{local}`"),
            Token::Name { prefix: None, local } => format!("`{local}`"),
            Token::End => "the end".to_owned(),
        };
        self.refuse(format!("expected {expected} in `{ATTRIBUTE}`, found {found}"))
    }

    /// Sections 3.11.6, Selector Value OK and Fields Value OK.
    fn refuse<T>(&self, message: String) -> Result<T> {
        let code = match self.selects {
            Selects::Elements => Code::CSelectorXpath,
            Selects::Nodes => Code::CFieldsXpaths,
        };
        fault(code, self.reader.attribute_place(self.node, ATTRIBUTE), message)
    }
}

/// The longest name without a colon at the beginning of a text, and what follows it.
fn take_ncname(text: &str) -> Option<(&str, &str)> {
    text.split_at_checked(skip_ncname(text, 0)).filter(|(name, _)| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compiled::Names;
    use crate::xsd::fault::Faults;

    const PREFIXES: &str = "xmlns:p='urn:p' xmlns:q='urn:q'";

    /// Describes paths: `..` for a descent, and steps with their namespace.
    fn read(xpath: &str, selects: Selects) -> std::result::Result<String, String> {
        let text = format!("<field {PREFIXES} xpath='{xpath}'/>");
        let document = roxmltree::Document::parse(&text).map_err(|error| error.to_string())?;
        let mut names = Names::default();
        let faults = Faults::default();
        let mut reader = Reader::new(&mut names, &faults, 0, NamespaceId::NONE, false);
        let found = paths(&mut reader, document.root_element(), selects);
        let Some(found) = faults.or_note(found) else {
            return Err(faults.into_error(&[]).message().to_owned());
        };
        let step = |test: &NameTest| match test {
            NameTest::Any => "*".to_owned(),
            NameTest::Namespace(namespace) => format!("{{{}}}*", names.namespaces[namespace.index()]),
            NameTest::Name(name) => format!("{{{}}}{}", names.namespace(*name), names.local(*name)),
        };
        let path = |path: &Path| {
            let mut steps: Vec<String> = path.steps.iter().map(step).collect();
            steps.extend(path.attribute.iter().map(|test| format!("@{}", step(test))));
            format!("{}{}", if path.descends { ".." } else { "" }, steps.join("/"))
        };
        Ok(found.iter().map(path).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn paths_are_read() {
        for (xpath, expected) in [
            (".", ""),
            ("./.", ""),
            ("a", "{}a"),
            ("a/b", "{}a/{}b"),
            ("./a/./b/.", "{}a/{}b"),
            ("p:a/q:b", "{urn:p}a/{urn:q}b"),
            ("*/p:*", "*/{urn:p}*"),
            (".//a", "..{}a"),
            (".//.", ".."),
            (".//a/b", "..{}a/{}b"),
            ("a|b", "{}a {}b"),
            (".//a|./b|.", "..{}a {}b "),
            (" . // a / b | p:c ", "..{}a/{}b {urn:p}c"),
            ("child::a/child ::*", "{}a/*"),
            ("child/attribute", "{}child/{}attribute"),
            ("\u{e4}.b-c/_1", "{}\u{e4}.b-c/{}_1"),
        ] {
            assert_eq!(read(xpath, Selects::Elements).as_deref(), Ok(expected), "{xpath}");
            assert_eq!(read(xpath, Selects::Nodes).as_deref(), Ok(expected), "{xpath}");
        }
        for (xpath, expected) in [
            ("@a", "@{}a"),
            ("./@ p:a", "@{urn:p}a"),
            ("a/@*", "{}a/@*"),
            (".//@p:*", "..@{urn:p}*"),
            ("a/attribute::b|@c", "{}a/@{}b @{}c"),
            ("@xml:lang", "@{http://www.w3.org/XML/1998/namespace}lang"),
        ] {
            assert_eq!(read(xpath, Selects::Nodes).as_deref(), Ok(expected), "{xpath}");
            let refused = read(xpath, Selects::Elements);
            assert_eq!(refused, Err("expected `xs:field` to select elements, found an attribute".to_owned()));
        }
    }

    #[test]
    fn other_xpath_is_refused_with_a_message() {
        for (xpath, message) in [
            ("", "expected a name, `*` or `.` in `xpath`, found the end"),
            ("/a", "expected a name, `*` or `.` in `xpath`, found `/`"),
            (
                "//a",
                "expected a name, `*` or `.` in `xpath`, found `//`, which is only allowed in `.//` at the beginning of \
                 a path",
            ),
            (
                "a//b",
                "expected `/`, `|` or the end in `xpath`, found `//`, which is only allowed in `.//` at the beginning \
                 of a path",
            ),
            (".//", "expected a name, `*` or `.` in `xpath`, found the end"),
            ("a/", "expected a name, `*` or `.` in `xpath`, found the end"),
            ("a|", "expected a name, `*` or `.` in `xpath`, found the end"),
            ("a b", "expected `/`, `|` or the end in `xpath`, found `b`"),
            ("..", "expected `/`, `|` or the end in `xpath`, found `.`"),
            ("@a/b", "expected nothing after an attribute in `xpath`, found `/`"),
            ("@.", "expected a name, `*` or `.` in `xpath`, found `.`"),
            ("a[1]", "expected a path of names in `xpath`, found `[`"),
            ("text()", "expected a path of names in `xpath`, found `(`"),
            ("parent::a", "expected the axis `child` or `attribute` in `xpath`, found `parent`"),
            ("r:a", "prefix `r` is not declared"),
            ("r:*", "prefix `r` is not declared"),
            ("p: a", "expected a path of names in `xpath`, found `:`"),
            ("1a", "expected a path of names in `xpath`, found `1`"),
            ("$a", "expected a path of names in `xpath`, found `$`"),
        ] {
            assert_eq!(read(xpath, Selects::Nodes), Err(message.to_owned()), "{xpath}");
        }
        let many = vec!["a"; Path::STEPS + 1].join("/");
        assert_eq!(read(&many, Selects::Nodes), Err("expected at most 63 steps in `xpath`".to_owned()));
        assert!(read(&many[2..], Selects::Nodes).is_ok());
    }
}
