//! Each datatype states what it takes, what it refuses and which spellings are one value.
//!
//! The statements are the files of `tests/data/datatype`; see its README for how they are written.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use packetcheck::datatype::{Facet, Fault, Shortcut, SimpleType, TypeError, WhiteSpace};

type Failure = Box<dyn std::error::Error>;

#[test]
fn every_statement_holds() -> Result<(), Failure> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/datatype");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .filter(|path| path.as_ref().map_or(true, |path| path.extension().is_some_and(|extension| extension == "txt")))
        .collect::<Result<_, _>>()?;
    files.sort();
    assert!(!files.is_empty(), "no file of statements");
    let mut wrong = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        let mut statements = Statements::default();
        for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            if let Err(reason) = statements.check(line) {
                wrong.push(format!("{}:{}: {line}\n    {reason}", file.display(), index + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{} statements do not hold:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

/// The state after part of a file: the type that statements are about, and the facets of a step not yet taken.
#[derive(Default)]
struct Statements {
    current: Option<Arc<SimpleType>>,
    pending: Vec<Facet>,
    named: Vec<(String, Arc<SimpleType>)>,
}

impl Statements {
    fn check(&mut self, line: &str) -> Result<(), Failure> {
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        match verb {
            "type" => self.current = Some(self.find(rest)?),
            "list" => self.current = Some(SimpleType::list(&self.find(rest)?, None)?),
            "union" => {
                let members: Vec<_> = rest.split(' ').map(|name| self.find(name)).collect::<Result<_, _>>()?;
                self.current = Some(SimpleType::union(&members, None)?);
            }
            "facet" => self.pending.push(facet(rest)?),
            "step" => drop(self.take_step(None)??),
            "name" => {
                let simple = self.take_step(Some(rest))??;
                self.named.push((rest.to_owned(), simple));
            }
            "refused" => self.check_refusal(&strings(rest)?)?,
            _ => {
                let simple = self.take_step(None)??;
                check_statement(&simple, verb, rest)?;
            }
        }
        Ok(())
    }

    fn find(&self, name: &str) -> Result<Arc<SimpleType>, Failure> {
        let named = self.named.iter().rev().find(|(known, _)| known == name).map(|(_, simple)| Arc::clone(simple));
        Ok(named.or_else(|| SimpleType::built_in(name)).ok_or_else(|| format!("no type `{name}`"))?)
    }

    /// The outer error is a statement without a type, the inner one a step that is refused.
    fn take_step(&mut self, name: Option<&str>) -> Result<Result<Arc<SimpleType>, TypeError>, Failure> {
        let base = self.current.as_ref().ok_or("a statement about no type")?;
        let facets = std::mem::take(&mut self.pending);
        if facets.is_empty() && name.is_none() {
            return Ok(Ok(Arc::clone(base)));
        }
        let restricted = SimpleType::restrict(base, name, &facets);
        if let Ok(simple) = &restricted {
            self.current = Some(Arc::clone(simple));
        }
        Ok(restricted)
    }

    fn check_refusal(&mut self, messages: &[String]) -> Result<(), Failure> {
        let expected = messages.first().ok_or("no message")?;
        match self.take_step(None)? {
            Ok(_) => Err("the step is taken".into()),
            Err(TypeError { message, .. }) if message == *expected => Ok(()),
            Err(TypeError { message, .. }) => Err(message.into()),
        }
    }
}

fn check_statement(simple: &SimpleType, verb: &str, rest: &str) -> Result<(), Failure> {
    match verb {
        "valid" => {
            for text in strings(rest)? {
                simple.check(&text).map_err(|fault| format!("{text:?}: {fault:?}"))?;
                check_shortcut(simple, &text, true)?;
            }
        }
        "invalid" => {
            let (name, texts) = rest.split_once(' ').ok_or("expected the fault's name, then texts")?;
            for text in strings(texts)? {
                match simple.check(&text) {
                    Err(fault) if fault_name(&fault) == name => check_shortcut(simple, &text, false)?,
                    other => return Err(format!("{text:?}: {other:?}").into()),
                }
            }
        }
        "equal" => compare(simple, &strings(rest)?, true)?,
        "different" => compare(simple, &strings(rest)?, false)?,
        "normal" => {
            for texts in strings(rest)?.chunks(2) {
                let [text, normal] = texts else { return Err("expected pairs".into()) };
                expect(&simple.normalize(text), normal)?;
            }
        }
        "describe" => expect(&simple.describe(), strings(rest)?.first().ok_or("no description")?)?,
        "shortcut" => expect(&format!("{:?}", simple.shortcut()), rest)?,
        "kind" => expect(&format!("{:?}", simple.kind()), rest)?,
        _ => return Err("no such statement".into()),
    }
    Ok(())
}

fn expect(found: &str, expected: &str) -> Result<(), Failure> {
    if found == expected { Ok(()) } else { Err(format!("found {found}").into()) }
}

fn compare(simple: &SimpleType, texts: &[String], are_equal: bool) -> Result<(), Failure> {
    for (index, one) in texts.iter().enumerate() {
        for other in texts.iter().skip(index + 1) {
            if simple.same_value(one, other) != are_equal || simple.same_value(other, one) != are_equal {
                return Err(format!("{one:?} and {other:?}").into());
            }
        }
    }
    Ok(())
}

/// For a text without white space at its ends, the shortcut must not contradict `check`.
fn check_shortcut(simple: &SimpleType, text: &str, is_valid: bool) -> Result<(), Failure> {
    if text.trim_matches([' ', '\t', '\n', '\r']) != text {
        return Ok(());
    }
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let verdict = match simple.shortcut() {
        Shortcut::Anything | Shortcut::Collapsed => Some(true),
        Shortcut::OneOf(values) => Some(values.iter().any(|value| **value == *text)),
        Shortcut::Integer => Some(is_digits(text.strip_prefix(['+', '-']).unwrap_or(text))),
        Shortcut::Digits(most) => (is_digits(text) && text.len() <= usize::from(most)).then_some(true),
        Shortcut::General => None,
    };
    match verdict {
        Some(verdict) if verdict != is_valid => Err(format!("{text:?}: the shortcut says {verdict}").into()),
        _ => Ok(()),
    }
}

fn fault_name(fault: &Fault) -> String {
    let debug = format!("{fault:?}");
    debug.split([' ', '{']).next().unwrap_or_default().to_owned()
}

fn facet(text: &str) -> Result<Facet, Failure> {
    let (name, values) = text.split_once(' ').ok_or("expected a facet's name and value")?;
    let values = strings(values)?;
    let first = values.first().cloned().unwrap_or_default();
    Ok(match name {
        "length" => Facet::Length(first.parse()?),
        "minLength" => Facet::MinLength(first.parse()?),
        "maxLength" => Facet::MaxLength(first.parse()?),
        "totalDigits" => Facet::TotalDigits(first.parse()?),
        "fractionDigits" => Facet::FractionDigits(first.parse()?),
        "pattern" => Facet::Pattern(values),
        "enumeration" => Facet::Enumeration(values),
        "minInclusive" => Facet::MinInclusive(first),
        "minExclusive" => Facet::MinExclusive(first),
        "maxInclusive" => Facet::MaxInclusive(first),
        "maxExclusive" => Facet::MaxExclusive(first),
        "whiteSpace" => Facet::WhiteSpace(match &*first {
            "preserve" => WhiteSpace::Preserve,
            "replace" => WhiteSpace::Replace,
            _ => WhiteSpace::Collapse,
        }),
        _ => return Err(format!("no facet `{name}`").into()),
    })
}

/// JSON strings, blank-separated.
fn strings(text: &str) -> Result<Vec<String>, Failure> {
    Ok(serde_json::Deserializer::from_str(text).into_iter().collect::<Result<_, _>>()?)
}
