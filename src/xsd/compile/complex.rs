//! Complex types (part 1, section 3.4): extension and restriction of a base.

use std::rc::Rc;
use std::sync::Arc;

use super::Compiler;
use super::attribute::Resolved;
use super::content::Effective;
use super::particle::{Tree, TreeTerm};
use super::restriction::{Restricted, Restriction};
use crate::compiled::{ComplexType, Content, Derivation, Methods, Place, TypeDefinition, TypeId};
use crate::datatype::SimpleType;
use crate::diagnostic::Code;
use crate::xsd::declared::Component;
use crate::xsd::fault::{Failure, Result, fault};
use crate::xsd::model::{self, Facets, Particle, Term};
use crate::xsd::xsd_1_1;

/// The base of a derived type.
struct Base {
    id: TypeId,
    attributes: Rc<Resolved>,
    content: BaseContent,
}

enum BaseContent {
    /// The base is a simple type.
    SimpleType(Arc<SimpleType>),
    Complex(Effective),
}

impl<'m> Compiler<'m> {
    /// Makes a complex type. An error in one part does not prevent the other parts from being checked.
    pub(super) fn define_complex(&mut self, id: TypeId, model: &'m model::ComplexType) -> Result<()> {
        let base = self.base(model);
        let base = self.faults.or_note(base);
        let own = self.resolve_attributes(&model.attributes, Code::CtPropsCorrect);
        let own = self.faults.or_note(own);
        let allows_it = |base: &Base| self.faults.or_note(self.check_final(model, base.id)).is_some();
        let Some(base) = base.filter(allows_it).filter(|_| !model.is_broken) else {
            return self.pass_over_content(model);
        };
        let content = self.content(model, &base)?;
        let own = own.ok_or(Failure::Reported)?;
        let attributes = match model.derivation {
            Derivation::Extension => self.extend_attributes(&base.attributes, own)?,
            Derivation::Restriction => self.restrict_attributes(&base.attributes, own, model.place)?,
        };
        self.count_attributes(attributes.uses.len(), model.place)?;
        let definition = ComplexType {
            name: model.name,
            base: Some(base.id),
            derivation: model.derivation,
            is_abstract: model.is_abstract,
            block: model.block,
            attributes: attributes.uses.iter().map(|found| Arc::clone(&found.attribute)).collect(),
            any_attribute: attributes.wildcard.clone(),
            content: match &content {
                Effective::Empty => Content::Empty,
                Effective::Simple(simple) => Content::Simple(Arc::clone(simple)),
                Effective::Elements { mixed, model, .. } => Content::Elements { model: *model, mixed: *mixed },
            },
            documentation: model.documentation.clone(),
            place: model.place,
        };
        self.store(id, base.id, TypeDefinition::Complex(definition), model.place)?;
        if let Some(slot) = self.definitions.get_mut(id.index()) {
            (slot.attributes, slot.content) = (attributes, Some(content));
        }
        Ok(())
    }

    /// Section 3.4.6, Derivation Valid (Extension), clauses 1.1 and 2.2, and (Restriction, Complex), clause 1: {final} of
    /// the base does not forbid it.
    fn check_final(&self, model: &model::ComplexType, base: TypeId) -> Result<()> {
        if !self.finals(base).intersects(Methods::from(model.derivation)) {
            return Ok(());
        }
        let place = model.base.map_or(model.place, |reference| reference.place);
        let (code, how) = match model.derivation {
            Derivation::Extension => (Code::CosCtExtends, "extension"),
            Derivation::Restriction => (Code::DerivationOkRestriction, "restriction"),
        };
        fault(code, place, format!("{} is final: it allows no {how}", self.type_words(base)))
    }

    /// Checks the content of a type that cannot be made, since the content can have errors too.
    fn pass_over_content<T>(&mut self, model: &'m model::ComplexType) -> Result<T> {
        match &model.content {
            model::Content::Complex { particle: Some(particle), .. } => {
                let tree = self.tree(particle);
                self.faults.or_note(tree);
            }
            model::Content::Simple { start: Some(start), .. } => drop(self.add_type(start)),
            model::Content::Complex { particle: None, .. } | model::Content::Simple { start: None, .. } => {}
        }
        Err(Failure::Reported)
    }

    fn base(&mut self, model: &'m model::ComplexType) -> Result<Base> {
        let id = match model.base {
            Some(reference) => self.named_type(reference)?,
            None if model.is_broken => return Err(Failure::Reported),
            None => self.any_type,
        };
        self.define(id)?;
        let place = model.base.map_or(model.place, |reference| reference.place);
        let Some(definition) = self.definition(id) else {
            return fault(Code::SrcResolve, place, "this base type is not declared");
        };
        let content = match (&definition.done, &definition.content) {
            (Some(TypeDefinition::Simple(simple)), _) => BaseContent::SimpleType(Arc::clone(&simple.simple)),
            (_, Some(content)) => BaseContent::Complex(content.clone()),
            _ => return fault(Code::CtPropsCorrect, place, format!("{} is derived from itself", self.type_words(id))),
        };
        Ok(Base { id, attributes: Rc::clone(&definition.attributes), content })
    }

    fn content(&mut self, model: &'m model::ComplexType, base: &Base) -> Result<Effective> {
        match &model.content {
            model::Content::Simple { start, facets } => {
                self.simple_content(model, base, start.as_deref(), facets).map(Effective::Simple)
            }
            model::Content::Complex { particle, mixed } => {
                let own = particle.as_ref().filter(|particle| !is_absent(particle));
                let own = own.map(|own| self.tree(own)).transpose();
                let own = self.faults.or_note(own);
                let BaseContent::Complex(base_content) = &base.content else {
                    let words = self.type_words(base.id);
                    return fault(Code::SrcCt, model.place, format!("{words} is simple: expected `xs:simpleContent`"));
                };
                let adds_nothing = matches!(own, Some(None)) && !mixed && model.derivation == Derivation::Extension;
                if matches!(base_content, Effective::Simple(_)) && !adds_nothing {
                    let words = self.type_words(base.id);
                    return fault(
                        Code::SrcCt,
                        model.place,
                        format!("{words} has simple content: expected `xs:simpleContent`"),
                    );
                }
                let own = own.ok_or(Failure::Reported)?;
                match model.derivation {
                    Derivation::Extension => self.extended(model.place, base_content, own, *mixed),
                    Derivation::Restriction => self.restricted(model.place, base, base_content, own, *mixed),
                }
            }
        }
    }

    /// Section 3.4.2: `xs:simpleContent`.
    fn simple_content(
        &mut self,
        model: &'m model::ComplexType,
        base: &Base,
        start: Option<&'m model::Type>,
        facets: &Facets,
    ) -> Result<Arc<SimpleType>> {
        let start = start.map(|start| (self.add_type(start), start.place()));
        let of_base = match (&base.content, model.derivation) {
            (BaseContent::SimpleType(simple), Derivation::Extension) => return Ok(Arc::clone(simple)),
            (BaseContent::Complex(Effective::Simple(simple)), Derivation::Extension) => return Ok(Arc::clone(simple)),
            (BaseContent::Complex(Effective::Simple(simple)), Derivation::Restriction) => Some(Arc::clone(simple)),
            (BaseContent::Complex(Effective::Elements { mixed: true, tree, .. }), Derivation::Restriction)
                if tree.is_emptiable() =>
            {
                None
            }
            _ => {
                let message = format!("expected a base with simple content, found {}", self.type_words(base.id));
                return fault(Code::SrcCt, model.place, message);
            }
        };
        let start = match start {
            Some((id, place)) => {
                let simple = self.simple_type(id, place)?;
                if let Some(of_base) = &of_base
                    && !self.is_restricted_simple_type(id, of_base)
                {
                    let base = self.type_words(base.id);
                    let message = format!("expected a type derived from that of the content of {base}");
                    return fault(Code::DerivationOkRestriction, place, message);
                }
                Some(simple)
            }
            None => None,
        };
        let Some(from) = start.or(of_base) else {
            return fault(Code::SrcCt, model.place, "expected an `xs:simpleType` to restrict mixed content to");
        };
        self.restrict(&from, None, facets, model.place)
    }

    /// Section 3.4.2: the content of the base, then that of the type itself.
    fn extended(&mut self, place: Place, base: &Effective, own: Option<Tree>, mixed: bool) -> Result<Effective> {
        let own = match own {
            None if !mixed => return Ok(base.clone()),
            None => Tree::once(TreeTerm::Sequence(Vec::new()), place)?,
            Some(own) => own,
        };
        let tree = match base {
            Effective::Elements { mixed: base_mixed, .. } if *base_mixed != mixed => {
                let (expected, found) = if mixed { ("element-only", "mixed") } else { ("mixed", "element-only") };
                let message = format!("expected {expected} content like that of the base type, found {found} content");
                return fault(Code::CosCtExtends, place, message);
            }
            Effective::Elements { tree, .. } if is_blank(tree) => own,
            Effective::Elements { tree, .. } if tree.is_all() || own.is_all() => {
                // XSD 1.1 lets one `xs:all` extend another.
                let named = if tree.is_all() && own.is_all() { xsd_1_1::NAMED } else { "" };
                let message = format!("`xs:all` can neither be extended nor extend other content{named}");
                return fault(Code::CosAllLimited, place, message);
            }
            Effective::Elements { tree, .. } if is_blank(&own) => tree.clone(),
            Effective::Elements { tree, .. } => Tree::once(TreeTerm::Sequence(appended(tree, own)), place)?,
            Effective::Empty | Effective::Simple(_) => own,
        };
        let model = self.model(&tree, place);
        Ok(Effective::Elements { tree, mixed, model })
    }

    /// Section 3.4.6, Derivation Valid (Restriction, Complex), clause 5; the particles themselves are compared once all
    /// types are made.
    fn restricted(
        &mut self,
        place: Place,
        base: &Base,
        base_content: &Effective,
        own: Option<Tree>,
        mixed: bool,
    ) -> Result<Effective> {
        let own = match own {
            None if !mixed => None,
            None => Some(Tree::once(TreeTerm::Sequence(Vec::new()), place)?),
            some => some,
        };
        let result = match &own {
            Some(tree) => Effective::Elements { tree: tree.clone(), mixed, model: self.model(tree, place) },
            None => Effective::Empty,
        };
        if base.id == self.any_type {
            return Ok(result);
        }
        match base_content {
            Effective::Elements { mixed: base_mixed, tree, .. } => {
                if mixed && !base_mixed {
                    return fault(
                        Code::DerivationOkRestriction,
                        place,
                        "mixed content cannot restrict content that is not mixed",
                    );
                }
                let of = Restricted::Type(base.id);
                self.restrictions.push(Restriction { place, own, base: tree.clone(), of });
            }
            Effective::Empty | Effective::Simple(_) => {
                if mixed || own.is_some_and(|own| own.has_leaves() || !own.is_emptiable()) {
                    return fault(
                        Code::DerivationOkRestriction,
                        place,
                        format!("{} is empty: nothing can restrict it further", self.type_words(base.id)),
                    );
                }
            }
        }
        Ok(result)
    }
}

/// Section 3.4.2, clause 2.1 of the explicit content: whether no content is specified.
fn is_absent(particle: &Particle) -> bool {
    particle.max == Some(0)
        || match &particle.term {
            Term::Sequence(members) | Term::All(members) => members.is_empty(),
            Term::Choice(members) => members.is_empty() && particle.min == 0,
            _ => false,
        }
}

/// Whether this is the empty sequence, which represents mixed content without elements.
fn is_blank(tree: &Tree) -> bool {
    matches!(&*tree.term, TreeTerm::Sequence(members) if members.is_empty())
}

/// The members of a sequence that begins with the base's content. If the base itself is a sequence that occurs once,
/// its members come first in the same sequence, so that long chains of extension stay flat.
fn appended(base: &Tree, own: Tree) -> Vec<Tree> {
    match &*base.term {
        TreeTerm::Sequence(members) if base.min == 1 && base.max == Some(1) => {
            members.iter().cloned().chain([own]).collect()
        }
        _ => vec![base.clone(), own],
    }
}
