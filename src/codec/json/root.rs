//! The root of JSON that does not have to name it, since the caller does.
//!
//! An object whose only member has the name of the root is the JSON of a document as usual. Anything else is the value
//! of the root. If the JSON names another root by its only member, and the requested root has no such member, that is
//! an error.

use std::borrow::Cow;

use super::encode::Encoder;
use super::fault::Fault;
use super::run::By;
use super::token::{NotJson, Token, Tokens};
use crate::codec::name::{self, Name, Place};
use crate::compiled::{Compiled, NameId};
use crate::diagnostic::words::json as say;
use crate::text::nearest::nearest;

/// Finds the global element that the caller names. If a schema declares none, any element can be the root.
///
/// # Errors
///
/// There is no such element. The error is a message that says why.
pub(super) fn find<'a>(schema: &'a Compiled, wanted: &'a str) -> Result<Name<'a>, String> {
    let name = name::read(schema, Place::Root, wanted);
    let is_declared = name.id(schema).is_some_and(|id| schema.roots.contains_key(&id));
    if is_declared || schema.roots.is_empty() {
        return Ok(name);
    }
    let mut known = Vec::new();
    for root in &schema.root_names {
        let mut written = String::new();
        name::write(schema, Place::Root, schema.names.namespace(*root), schema.names.local(*root), &mut written);
        known.push(written);
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    // There are several ways to write a namespace, so only local parts are compared.
    let locals = known.iter().map(|name| local_part(name));
    let meant = nearest(local_part(wanted), locals).and_then(|index| known.get(index)).copied();
    Err(say::unknown_root(wanted, &known, meant))
}

/// The part of a name after the namespace or the prefix.
fn local_part(name: &str) -> &str {
    name.rsplit(['}', ':']).next().unwrap_or_default()
}

impl<'j> Encoder<'_, 'j> {
    /// Reads the root that the caller names, from the first token on.
    pub(super) fn named_root(&mut self, root: &Name<'_>, token: Token<'j>) -> Result<(), Fault> {
        let schema = self.schema;
        if let Token::BeginObject = token
            && let Some(key) = self.only_member()
        {
            let named = name::read(schema, Place::Root, &key);
            if named == *root {
                return self.wrapped_root();
            }
            let is_root = named.id(schema).is_some_and(|id| schema.roots.contains_key(&id));
            if is_root && !self.has_child(root, &key) {
                return self.another_root(root);
            }
        }
        let name = Name { namespace: Cow::Borrowed(&*root.namespace), local: Cow::Borrowed(&*root.local) };
        let child = self.place(name, &root.local, By::Any)?;
        self.element(child, token)
    }

    /// The name of the only member of an object that was begun.
    fn only_member(&self) -> Option<Cow<'j, str>> {
        let mut tokens = Tokens::at_value(self.text, self.tokens.span().start);
        tokens.next().ok()?;
        let Ok(Token::Key(key)) = tokens.next() else { return None };
        let mut depth = 0_usize;
        loop {
            match tokens.next().ok()? {
                Token::BeginArray | Token::BeginObject => depth += 1,
                Token::EndArray | Token::EndObject => depth = depth.checked_sub(1)?,
                _ => {}
            }
            if depth == 0 {
                return matches!(tokens.next(), Ok(Token::EndObject)).then_some(key);
            }
        }
    }

    /// The error for an object whose first member names no root. The object may be that of the root itself.
    #[cold]
    pub(super) fn unknown_root(&self, key: &str) -> Fault {
        let schema = self.schema;
        let written = |root: &NameId| self.written(Place::Root, *root);
        let known: Vec<String> = schema.root_names.iter().map(written).collect();
        let named: Vec<&str> = known.iter().map(String::as_str).collect();
        let fault = self.unknown_among(key, known.clone(), &[], self.tokens.span());
        let is_of = |root: &Name<'_>| key.starts_with(['@', '$']) || self.has_child(root, key);
        let around = named.iter().map(|root| (*root, name::read(schema, Place::Root, root)));
        let around: Vec<_> = around.filter(|(_, root)| is_of(root)).collect();
        if fault.is_misnamed() || around.is_empty() {
            return fault;
        }
        let names: Vec<&str> = around.iter().map(|(root, _)| *root).collect();
        let words = say::unnamed_root(key, &named, &names);
        match &*around {
            [(_, Name { namespace, local })] => {
                let root = Name { namespace: namespace.to_string().into(), local: local.to_string().into() };
                Fault::unnamed_root(words, self.span_at(0), root)
            }
            _ => Fault::new(words, self.span_at(0)),
        }
    }

    /// Whether elements with the declaration of a root have a child with the name of a member.
    fn has_child(&self, root: &Name<'_>, key: &str) -> bool {
        let element = root.id(self.schema).and_then(|id| self.schema.roots.get(&id));
        element.is_some_and(|element| {
            let type_id = self.schema.elements[element.index()].type_id;
            self.child_names(type_id, |_| true).iter().any(|name| name == key)
        })
    }

    /// Reports that an object that was begun is that of another root.
    #[cold]
    fn another_root(&mut self, root: &Name<'_>) -> Result<(), Fault> {
        let mut wanted = String::new();
        name::write(self.schema, Place::Root, &root.namespace, &root.local, &mut wanted);
        match self.tokens.next() {
            Ok(Token::Key(key)) => Err(Fault::new(say::unknown_member(&key, &[&wanted], None), self.tokens.span())),
            Ok(_) | Err(NotJson) => Err(self.error("expected JSON")),
        }
    }
}
