//! The part of XPath 1.0 that rules may use: its tree, and a parser that refuses the rest.

use std::fmt;

use crate::compiled::NameId;
use crate::text::white_space::trim_start;

/// The greatest depth of an expression, so that walking one needs a bounded part of the call stack.
const MAX_DEPTH: usize = 64;

/// Which children or attributes a step selects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameTest {
    /// `*`
    Any,
    /// One name.
    Name(NameId),
}

/// A node set, relative to the context element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Nodes {
    /// `.`
    Itself,
    /// `text()`: only its existence can be tested.
    Text,
    /// `name`, `*`
    Children(NameTest),
    /// `@name`, `@*`
    Attributes(NameTest),
    /// `first/following-sibling::then` or `then/preceding-sibling::first`: only its existence can be tested.
    InOrder { first: NameTest, then: NameTest },
}

/// A comparison (XPath 1.0, section 3.4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    Unequal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    /// The operator with the same meaning when the operands are exchanged.
    pub(super) fn mirrored(self) -> Operator {
        match self {
            Operator::Equal => Operator::Equal,
            Operator::Unequal => Operator::Unequal,
            Operator::Less => Operator::Greater,
            Operator::LessOrEqual => Operator::GreaterOrEqual,
            Operator::Greater => Operator::Less,
            Operator::GreaterOrEqual => Operator::LessOrEqual,
        }
    }

    /// Compares two numbers; every operator except `!=` is false if one of them is NaN.
    pub(super) fn holds(self, left: f64, right: f64) -> bool {
        match self {
            Operator::Equal => left == right,
            Operator::Unequal => left != right,
            Operator::Less => left < right,
            Operator::LessOrEqual => left <= right,
            Operator::Greater => left > right,
            Operator::GreaterOrEqual => left >= right,
        }
    }
}

/// An expression whose names are resolved and whose types are checked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expression {
    Nodes(Nodes),
    Number(f64),
    Literal(Box<str>),
    /// `true()`, `false()`
    Boolean(bool),
    Not(Box<Expression>),
    /// `and`
    All(Vec<Expression>),
    /// `or`
    Any(Vec<Expression>),
    Compare {
        operator: Operator,
        left: Box<Expression>,
        right: Box<Expression>,
    },
    /// Unary minus.
    Negative(Box<Expression>),
    Count(Nodes),
    ToNumber(Box<Expression>),
    ToBoolean(Box<Expression>),
    StringLength(Box<Expression>),
    NormalizeSpace(Box<Expression>),
    /// `translate(text, 'from', 'to')`
    Translate {
        text: Box<Expression>,
        from: Box<str>,
        to: Box<str>,
    },
    /// `substring-before(text, 'sign')`
    SubstringBefore {
        text: Box<Expression>,
        sign: Box<str>,
    },
    /// `substring-after(text, 'sign')`
    SubstringAfter {
        text: Box<Expression>,
        sign: Box<str>,
    },
}

/// The four types of XPath 1.0 (section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Nodes,
    Number,
    Text,
    Boolean,
}

impl Expression {
    /// Its type, which XPath 1.0 determines without a document.
    pub(super) fn kind(&self) -> Kind {
        match self {
            Expression::Nodes(_) => Kind::Nodes,
            Expression::Number(_)
            | Expression::Negative(_)
            | Expression::Count(_)
            | Expression::ToNumber(_)
            | Expression::StringLength(_) => Kind::Number,
            Expression::Literal(_)
            | Expression::NormalizeSpace(_)
            | Expression::Translate { .. }
            | Expression::SubstringBefore { .. }
            | Expression::SubstringAfter { .. } => Kind::Text,
            Expression::Boolean(_)
            | Expression::Not(_)
            | Expression::All(_)
            | Expression::Any(_)
            | Expression::Compare { .. }
            | Expression::ToBoolean(_) => Kind::Boolean,
        }
    }

    /// Calls `visit` on every node set, with whether its string-values are read.
    pub(super) fn for_each_nodes(&self, visit: &mut dyn FnMut(&Nodes, bool)) {
        match self {
            // Only the existence or number of these nodes matters.
            Expression::Nodes(nodes) | Expression::Count(nodes) => visit(nodes, false),
            Expression::Number(_) | Expression::Literal(_) | Expression::Boolean(_) => {}
            Expression::Not(inner) | Expression::ToBoolean(inner) => inner.for_each_nodes(visit),
            Expression::All(list) | Expression::Any(list) => list.iter().for_each(|item| item.for_each_nodes(visit)),
            Expression::Compare { left, right, .. } => {
                left.for_each_nodes_read(visit);
                right.for_each_nodes_read(visit);
            }
            Expression::Negative(inner)
            | Expression::ToNumber(inner)
            | Expression::StringLength(inner)
            | Expression::NormalizeSpace(inner)
            | Expression::Translate { text: inner, .. }
            | Expression::SubstringBefore { text: inner, .. }
            | Expression::SubstringAfter { text: inner, .. } => inner.for_each_nodes_read(visit),
        }
    }

    fn for_each_nodes_read(&self, visit: &mut dyn FnMut(&Nodes, bool)) {
        match self {
            Expression::Nodes(nodes) => visit(nodes, true),
            other => other.for_each_nodes(visit),
        }
    }
}

/// Why an expression cannot be used; `offset` counts bytes in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ExpressionError {
    pub(super) offset: usize,
    pub(super) message: String,
}

impl fmt::Display for ExpressionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Resolves a prefix (`""` for none) and a local part to a name of the schema, or says why that fails.
pub(super) type Resolve<'r> = &'r dyn Fn(&str, &str) -> Result<NameId, String>;

/// Parses the `test` of an assert or report.
pub(super) fn parse_test(source: &str, resolve: Resolve<'_>) -> Result<Expression, ExpressionError> {
    let mut parser = Parser { source, at: 0, depth: 0, resolve };
    let expression = parser.parse_or()?;
    parser.expect_end()?;
    Ok(expression)
}

/// Parses the `context` of a rule: the names of the path, the element's own name last.
pub(super) fn parse_context(source: &str, resolve: Resolve<'_>) -> Result<Vec<NameId>, ExpressionError> {
    let mut parser = Parser { source, at: 0, depth: 0, resolve };
    parser.take("//");
    let mut names = Vec::new();
    loop {
        let expected = "an element name, or names with `/` between them";
        names.push(parser.parse_name("`*` in the context of a rule", expected)?);
        let at = parser.at;
        if parser.take("//") {
            return Err(parser.outside(at, "`//` after the start of a context"));
        }
        if !parser.take("/") {
            break;
        }
    }
    parser.expect_end()?;
    Ok(names)
}

/// Parses the `subject` of an assert or report: names of children, separated by `|`.
pub(super) fn parse_subject(source: &str, resolve: Resolve<'_>) -> Result<Vec<NameId>, ExpressionError> {
    let mut parser = Parser { source, at: 0, depth: 0, resolve };
    let mut names = Vec::new();
    loop {
        let expected = "the name of a child, or names with `|` between them";
        names.push(parser.parse_name("`*` in the subject of a check", expected)?);
        if !parser.take("|") {
            break;
        }
    }
    parser.expect_end()?;
    Ok(names)
}

/// Recursive descent following the grammar of XPath 1.0, section 3. Where an operand is expected, `*`, `and` and the
/// like are names; where an operator is expected they are operators (section 3.7), so no separate lexer is needed.
struct Parser<'s, 'r> {
    source: &'s str,
    at: usize,
    depth: usize,
    resolve: Resolve<'r>,
}

impl<'s> Parser<'s, '_> {
    fn parse_or(&mut self) -> Result<Expression, ExpressionError> {
        let outer = self.depth;
        self.deeper()?;
        let first = self.parse_and()?;
        let mut list = vec![first];
        while self.take_word("or") {
            list.push(self.parse_and()?);
        }
        self.depth = outer;
        Ok(one_or(list, Expression::Any))
    }

    fn parse_and(&mut self) -> Result<Expression, ExpressionError> {
        let first = self.parse_equality()?;
        let mut list = vec![first];
        while self.take_word("and") {
            list.push(self.parse_equality()?);
        }
        Ok(one_or(list, Expression::All))
    }

    fn parse_equality(&mut self) -> Result<Expression, ExpressionError> {
        self.parse_comparisons(&[("!=", Operator::Unequal), ("=", Operator::Equal)], Self::parse_relational)
    }

    fn parse_relational(&mut self) -> Result<Expression, ExpressionError> {
        let operators = [
            ("<=", Operator::LessOrEqual),
            ("<", Operator::Less),
            (">=", Operator::GreaterOrEqual),
            (">", Operator::Greater),
        ];
        self.parse_comparisons(&operators, Self::parse_unary)
    }

    /// Left-associative: `1 < 2 < 3` compares the truth of `1 < 2` with 3.
    fn parse_comparisons(
        &mut self,
        operators: &[(&str, Operator)],
        operand: fn(&mut Self) -> Result<Expression, ExpressionError>,
    ) -> Result<Expression, ExpressionError> {
        let outer = self.depth;
        let mut at = self.skip_space();
        let mut left = operand(self)?;
        while let Some(&(_, operator)) = operators.iter().find(|(sign, _)| self.take(sign)) {
            self.deeper()?;
            self.check_readable(at, &left)?;
            at = self.skip_space();
            let right = operand(self)?;
            self.check_readable(at, &right)?;
            left = Expression::Compare { operator, left: Box::new(left), right: Box::new(right) };
        }
        self.depth = outer;
        Ok(left)
    }

    fn parse_unary(&mut self) -> Result<Expression, ExpressionError> {
        if !self.take("-") {
            return self.parse_operand();
        }
        let outer = self.depth;
        self.deeper()?;
        let at = self.skip_space();
        let inner = self.parse_unary()?;
        self.check_readable(at, &inner)?;
        self.depth = outer;
        Ok(Expression::Negative(Box::new(inner)))
    }

    fn parse_operand(&mut self) -> Result<Expression, ExpressionError> {
        let at = self.skip_space();
        let operand = match self.peek() {
            Some('(') => {
                self.at += 1;
                let inner = self.parse_or()?;
                self.expect(")")?;
                inner
            }
            Some(quote @ ('"' | '\'')) => self.parse_literal(quote)?,
            Some(first) if first.is_ascii_digit() => self.parse_number()?,
            Some('.') => match self.rest()[1..].chars().next() {
                Some(next) if next.is_ascii_digit() => self.parse_number()?,
                Some('.') => return Err(self.outside(at, "`..`")),
                _ => {
                    self.at += 1;
                    Expression::Nodes(Nodes::Itself)
                }
            },
            Some('@') => {
                self.at += 1;
                self.skip_space();
                match self.parse_name_test()? {
                    Some(test) => Expression::Nodes(Nodes::Attributes(test)),
                    None => return Err(self.unexpected("an attribute name or `*` after `@`")),
                }
            }
            Some('/') => return Err(self.outside(at, "a path from the root")),
            Some('$') => return Err(self.outside(at, "a variable")),
            Some(_) => self.parse_call_or_child(at)?,
            None => return Err(self.unexpected("an expression")),
        };
        self.refuse_rest_of_path()?;
        Ok(operand)
    }

    fn parse_literal(&mut self, quote: char) -> Result<Expression, ExpressionError> {
        match self.rest()[1..].split_once(quote) {
            Some((text, _)) => {
                self.at += text.len() + 2;
                Ok(Expression::Literal(text.into()))
            }
            None => Err(ExpressionError {
                offset: self.at,
                message: format!("expected the text to end with {quote}, found the end of the expression"),
            }),
        }
    }

    /// `Digits ('.' Digits?)? | '.' Digits` (section 3.7).
    fn parse_number(&mut self) -> Result<Expression, ExpressionError> {
        let rest = self.rest();
        let whole = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let mut length = whole;
        if let Some(fraction) = rest[whole..].strip_prefix('.') {
            length += 1 + fraction.len() - fraction.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        }
        let value = super::evaluate::number(&rest[..length]);
        self.at += length;
        Ok(Expression::Number(value))
    }

    fn parse_call_or_child(&mut self, at: usize) -> Result<Expression, ExpressionError> {
        let name = self.peek_name();
        let after = trim_start(&self.rest()[name.len()..]);
        if name.is_empty() || !(after.starts_with('(') || after.starts_with("::")) {
            return self.parse_child_path(at);
        }
        self.at += name.len();
        if after.starts_with("::") {
            return Err(self.outside(at, &format!("the axis `{name}` here")));
        }
        self.expect("(")?;
        self.parse_call(at, name)
    }

    /// `name`, `*`, `a/following-sibling::b`, `b/preceding-sibling::a`.
    fn parse_child_path(&mut self, at: usize) -> Result<Expression, ExpressionError> {
        let Some(test) = self.parse_name_test()? else {
            return Err(self.unexpected("an expression"));
        };
        let before_slash = self.at;
        if !self.take("/") {
            return Ok(Expression::Nodes(Nodes::Children(test)));
        }
        self.skip_space();
        let axis = self.peek_name();
        let forward = match axis {
            "following-sibling" => true,
            "preceding-sibling" => false,
            _ => {
                self.at = before_slash;
                return Err(self.outside(at, "a path deeper than the children"));
            }
        };
        self.at += axis.len();
        self.expect("::")?;
        self.skip_space();
        let Some(other) = self.parse_name_test()? else {
            return Err(self.unexpected("an element name"));
        };
        let (first, then) = if forward { (test, other) } else { (other, test) };
        Ok(Expression::Nodes(Nodes::InOrder { first, then }))
    }

    fn parse_call(&mut self, at: usize, name: &str) -> Result<Expression, ExpressionError> {
        let expression = match name {
            "true" => Expression::Boolean(true),
            "false" => Expression::Boolean(false),
            "text" => Expression::Nodes(Nodes::Text),
            "not" => Expression::Not(Box::new(self.parse_or()?)),
            "boolean" => Expression::ToBoolean(Box::new(self.parse_or()?)),
            "number" => Expression::ToNumber(Box::new(self.parse_argument_or_itself()?)),
            "count" => Expression::Count(self.parse_counted()?),
            "string-length" => Expression::StringLength(Box::new(self.parse_text_argument()?)),
            "normalize-space" => Expression::NormalizeSpace(Box::new(self.parse_text_argument()?)),
            "translate" => {
                let text = Box::new(self.parse_text_argument()?);
                let from = self.parse_literal_argument()?;
                let to = self.parse_literal_argument()?;
                Expression::Translate { text, from, to }
            }
            "substring-before" => {
                let text = Box::new(self.parse_text_argument()?);
                Expression::SubstringBefore { text, sign: self.parse_literal_argument()? }
            }
            "substring-after" => {
                let text = Box::new(self.parse_text_argument()?);
                Expression::SubstringAfter { text, sign: self.parse_literal_argument()? }
            }
            other => return Err(self.outside(at, &format!("the function `{other}()`"))),
        };
        self.expect(")")?;
        Ok(expression)
    }

    /// An argument whose string-value is read; without an argument, the context node.
    fn parse_argument_or_itself(&mut self) -> Result<Expression, ExpressionError> {
        let at = self.skip_space();
        if self.peek() == Some(')') {
            return Ok(Expression::Nodes(Nodes::Itself));
        }
        let argument = self.parse_or()?;
        self.check_readable(at, &argument)?;
        Ok(argument)
    }

    fn parse_text_argument(&mut self) -> Result<Expression, ExpressionError> {
        let at = self.skip_space();
        let argument = self.parse_argument_or_itself()?;
        match argument.kind() {
            Kind::Nodes | Kind::Text => Ok(argument),
            Kind::Number | Kind::Boolean => Err(self.outside(at, "the text of a number or of a truth value")),
        }
    }

    fn parse_literal_argument(&mut self) -> Result<Box<str>, ExpressionError> {
        self.expect(",")?;
        let at = self.skip_space();
        match self.parse_or()? {
            Expression::Literal(text) => Ok(text),
            _ => Err(self.outside(at, "a further argument that is not a literal")),
        }
    }

    fn parse_counted(&mut self) -> Result<Nodes, ExpressionError> {
        let at = self.skip_space();
        match self.parse_or()? {
            Expression::Nodes(nodes @ (Nodes::Children(_) | Nodes::Attributes(_) | Nodes::Itself)) => Ok(nodes),
            Expression::Nodes(_) => Err(self.outside(at, "counting text nodes or siblings")),
            _ => Err(ExpressionError {
                offset: at,
                message: "expected child or attribute names in `count()`, found another expression".to_owned(),
            }),
        }
    }

    /// One name, and the white space around it; `any` says where `*` is not possible, `expected` what is.
    fn parse_name(&mut self, any: &str, expected: &'static str) -> Result<NameId, ExpressionError> {
        self.skip_space();
        let at = self.at;
        match self.parse_name_test()? {
            Some(NameTest::Name(name)) => {
                self.skip_space();
                Ok(name)
            }
            Some(NameTest::Any) => Err(self.outside(at, any)),
            None => Err(self.unexpected(expected)),
        }
    }

    /// `prefix:name`, `name` or `*`; `None`, with nothing consumed, if none of them is here.
    fn parse_name_test(&mut self) -> Result<Option<NameTest>, ExpressionError> {
        if self.take("*") {
            return Ok(Some(NameTest::Any));
        }
        let at = self.at;
        let first = self.peek_name();
        if first.is_empty() {
            return Ok(None);
        }
        self.at += first.len();
        let (prefix, local) = match self.rest().strip_prefix(':') {
            Some(rest) if !rest.starts_with(':') => {
                self.at += 1;
                let local = self.peek_name();
                if local.is_empty() {
                    return Err(self.unexpected("a name after the prefix"));
                }
                self.at += local.len();
                (first, local)
            }
            _ => ("", first),
        };
        let name = (self.resolve)(prefix, local).map_err(|message| ExpressionError { offset: at, message })?;
        Ok(Some(NameTest::Name(name)))
    }

    /// Refuses anything but a test for the existence of such nodes: the walk over a packet remembers no more.
    fn check_readable(&self, at: usize, expression: &Expression) -> Result<(), ExpressionError> {
        match expression {
            Expression::Nodes(Nodes::Text) => Err(self.outside(at, "the value of `text()` (use `.`)")),
            Expression::Nodes(Nodes::InOrder { .. }) => Err(self.outside(at, "the value of a sibling")),
            _ => Ok(()),
        }
    }

    /// Refuses anything that XPath allows after an operand and rules do not, with a message that names it.
    fn refuse_rest_of_path(&mut self) -> Result<(), ExpressionError> {
        let at = self.skip_space();
        let what = match self.peek() {
            Some('/') => "a path deeper than the children",
            Some('[') => "a predicate",
            Some('|') => "a union",
            Some('+' | '-' | '*') => "arithmetic",
            _ if matches!(self.peek_name(), "div" | "mod") => "arithmetic",
            _ => return Ok(()),
        };
        Err(self.outside(at, what))
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The longest NCName here; empty if there is none.
    fn peek_name(&self) -> &'s str {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c == '_' || c.is_alphabetic()) {
            return "";
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '\u{B7}')));
        &rest[..end.unwrap_or(rest.len())]
    }

    /// Skips white space and returns the place after it.
    fn skip_space(&mut self) -> usize {
        self.at = self.source.len() - trim_start(self.rest()).len();
        self.at
    }

    fn take(&mut self, sign: &str) -> bool {
        self.skip_space();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.skip_space();
        let found = self.peek_name() == word;
        if found {
            self.at += word.len();
        }
        found
    }

    fn expect(&mut self, sign: &str) -> Result<(), ExpressionError> {
        if self.take(sign) { Ok(()) } else { Err(self.unexpected(&format!("`{sign}`"))) }
    }

    fn expect_end(&mut self) -> Result<(), ExpressionError> {
        self.skip_space();
        if self.rest().is_empty() { Ok(()) } else { Err(self.unexpected("an operator or the end")) }
    }

    fn deeper(&mut self) -> Result<(), ExpressionError> {
        self.depth += 1;
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        Err(ExpressionError {
            offset: self.at,
            message: format!("expected at most {MAX_DEPTH} expressions nested in each other, found more"),
        })
    }

    fn unexpected(&self, expected: &str) -> ExpressionError {
        let found = match self.peek() {
            Some(found) => format!("`{}`", found.escape_debug()),
            None => "the end of the expression".to_owned(),
        };
        ExpressionError { offset: self.at, message: format!("expected {expected}, found {found}") }
    }

    fn outside(&self, offset: usize, what: &str) -> ExpressionError {
        ExpressionError { offset, message: format!("{what} is outside the part of XPath that rules may use") }
    }
}

fn one_or(mut list: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match list.pop() {
        Some(only) if list.is_empty() => only,
        Some(last) => {
            list.push(last);
            many(list)
        }
        None => many(list),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(prefix: &str, local: &str) -> Result<NameId, String> {
        let names = ["a", "b", "c", "and", "request-settings"];
        let found = names.iter().position(|name| prefix.is_empty() && *name == local);
        found.map(|index| NameId(index as u32)).ok_or_else(|| format!("no `{prefix}:{local}`"))
    }

    fn parse(source: &str) -> Result<Expression, String> {
        parse_test(source, &resolve).map_err(|error| error.message)
    }

    fn child(name: u32) -> Expression {
        Expression::Nodes(Nodes::Children(NameTest::Name(NameId(name))))
    }

    #[test]
    fn binds_as_the_grammar_says() {
        let expected = Expression::Any(vec![
            child(0),
            Expression::All(vec![
                child(1),
                Expression::Compare {
                    operator: Operator::Equal,
                    left: Box::new(child(2)),
                    right: Box::new(Expression::Literal("x y".into())),
                },
            ]),
        ]);
        assert_eq!(parse("a or b and c='x y'"), Ok(expected.clone()));
        assert_eq!(parse(" ( a ) or(b and ( c = \"x y\" ))\n"), Ok(expected));
    }

    #[test]
    fn words_are_names_where_an_operand_is_due() {
        assert_eq!(parse("and and and"), Ok(Expression::All(vec![child(3), child(3)])));
        assert_eq!(parse("request-settings"), Ok(child(4)));
        let any = Expression::Nodes(Nodes::Children(NameTest::Any));
        assert_eq!(parse("* or *"), Ok(Expression::Any(vec![any.clone(), any])));
    }

    #[test]
    fn numbers_in_every_spelling() {
        for (source, value) in [("5", 5.0), ("5.", 5.0), (".5", 0.5), ("0.25", 0.25), ("007", 7.0)] {
            assert_eq!(parse(source), Ok(Expression::Number(value)), "{source}");
        }
        assert_eq!(parse("- -5"), parse("--5"));
    }

    #[test]
    fn sibling_order_from_either_end() {
        let order = Nodes::InOrder { first: NameTest::Name(NameId(0)), then: NameTest::Name(NameId(1)) };
        assert_eq!(parse("a/following-sibling::b"), Ok(Expression::Nodes(order.clone())));
        assert_eq!(parse("b / preceding-sibling :: a"), Ok(Expression::Nodes(order)));
    }

    #[test]
    fn refuses_what_is_outside() {
        for (source, message) in [
            ("a/b", "a path deeper than the children is outside the part of XPath that rules may use"),
            ("../a", "`..` is outside the part of XPath that rules may use"),
            ("/a", "a path from the root is outside the part of XPath that rules may use"),
            ("a[1]", "a predicate is outside the part of XPath that rules may use"),
            ("a | b", "a union is outside the part of XPath that rules may use"),
            ("a + 1 = 2", "arithmetic is outside the part of XPath that rules may use"),
            ("count(a) mod 2 = 0", "arithmetic is outside the part of XPath that rules may use"),
            ("a * b", "arithmetic is outside the part of XPath that rules may use"),
            ("$x", "a variable is outside the part of XPath that rules may use"),
            ("child::a", "the axis `child` here is outside the part of XPath that rules may use"),
            ("contains(a, 'x')", "the function `contains()` is outside the part of XPath that rules may use"),
            ("text() = 'x'", "the value of `text()` (use `.`) is outside the part of XPath that rules may use"),
            ("a/following-sibling::b = 1", "the value of a sibling is outside the part of XPath that rules may use"),
            ("count(text())", "counting text nodes or siblings is outside the part of XPath that rules may use"),
            (
                "string-length(5)",
                "the text of a number or of a truth value is outside the part of XPath that rules may use",
            ),
            ("x:a", "no `x:a`"),
            ("", "expected an expression, found the end of the expression"),
            ("a b", "expected an operator or the end, found `b`"),
            ("(a", "expected `)`, found the end of the expression"),
            ("a = 'x", "expected the text to end with ', found the end of the expression"),
            ("@", "expected an attribute name or `*` after `@`, found the end of the expression"),
            ("count('x')", "expected child or attribute names in `count()`, found another expression"),
        ] {
            assert_eq!(parse(source), Err(message.to_owned()), "{source}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = format!("{}a{}", "(".repeat(MAX_DEPTH - 1), ")".repeat(MAX_DEPTH - 1));
        assert_eq!(parse(&nested), Ok(child(0)));
        let message = format!("expected at most {MAX_DEPTH} expressions nested in each other, found more");
        for source in
            ["(".repeat(100_000), "-".repeat(100_000), "not(".repeat(100_000), format!("a{}", "=a".repeat(100))]
        {
            assert_eq!(parse(&source), Err(message.clone()));
        }
        assert!(parse(&format!("a{}", " or a".repeat(100_000))).is_ok());
    }

    #[test]
    fn contexts_are_names() {
        let context = |source| parse_context(source, &resolve).map_err(|error| error.message);
        assert_eq!(context("a"), Ok(vec![NameId(0)]));
        assert_eq!(context(" //a/b / c "), Ok(vec![NameId(0), NameId(1), NameId(2)]));
        for source in ["", "/a", "a//b", "*", "a/*", "a[1]", "@a", "a | b", "a/"] {
            assert!(context(source).is_err(), "{source}");
        }
    }
}
