//! Writes empty elements in place of members and items that cannot be written, so that the schema does not report them
//! as missing.

use super::encode::Encoder;
use super::fault::Fault;
use super::form::Form;
use super::run::By;
use super::tag::Tag;
use super::token::{Token, Tokens};
use crate::codec::name::{self, Place};

impl<'j> Encoder<'_, 'j> {
    /// Writes an element in place of the member with a name, at a place.
    pub(super) fn stand_in_for_member(&mut self, key: &str, at: usize) -> Result<(), Fault> {
        self.doubt(Some(key), at);
        let name = self.faults.meant(at).unwrap_or(key).to_owned();
        let Some(Form::Members(model)) = self.parent().map(|open| open.form) else { return Ok(()) };
        if let Some((rank, _)) = self.named(model, &name) {
            let position = self.writer.position();
            self.begin_piece(rank, position);
            self.empty(&name, By::Element, at)?;
        }
        Ok(())
    }

    /// Writes an element in place of an item at a place: one of the children with a name, or one that names itself.
    pub(super) fn stand_in_for_item(&mut self, name: Option<&str>, at: usize) -> Result<(), Fault> {
        let written = name.map(str::to_owned).or_else(|| self.first_member(at));
        self.doubt(written.as_deref(), at);
        let meant = self.faults.meant(at).map(str::to_owned).filter(|_| name.is_none());
        match meant.or(written) {
            Some(name) => self.empty(&name, By::Any, at),
            None => Ok(()),
        }
    }

    /// The name of the first member of an object.
    fn first_member(&self, at: usize) -> Option<String> {
        let mut tokens = Tokens::at_value(self.text, at);
        match (tokens.next(), tokens.next()) {
            (Ok(Token::BeginObject), Ok(Token::Key(key))) => Some(key.into_owned()),
            _ => None,
        }
    }

    fn doubt(&mut self, written: Option<&str>, at: usize) {
        if let Some(element) = self.parent().map(|open| open.at) {
            self.marks.doubt(element, written, self.faults.meant(at));
        }
    }

    /// Writes an element without content, if one with this name is allowed here.
    fn empty(&mut self, name: &str, by: By, at: usize) -> Result<(), Fault> {
        let Some(Form::Members(model) | Form::Mixed(model)) = self.parent().map(|open| open.form) else {
            return Ok(());
        };
        let Ok(child) = self.place(name::read(self.schema, Place::Child(model), name), name, by) else {
            return Ok(());
        };
        self.marks.set(self.writer.position(), at);
        let around = self.parent().map(|open| open.at);
        self.marks.set_around(at, around);
        self.depth += 1;
        self.write_tag(Tag::new(&child.name.namespace, &child.name.local))?;
        self.close();
        Ok(())
    }
}
