//! What the schema determines about JSON: the form of the elements of a type, and of the children in a content model.

use std::collections::HashSet;
use std::sync::OnceLock;

use crate::automaton::LeafId;
use crate::codec::content::has_attributes;
use crate::compiled::{Compiled, Content, ElementId, Leaf, Model, ModelId, TypeDefinition, TypeId};

/// The form of the elements of a type in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// Just its value: text of a simple type, without attributes.
    Value,
    /// An object with the value as `$text`.
    Text,
    /// An object that contains at most attributes.
    Empty,
    /// An object with a member for each name among the children. Those whose order matters share `$value`.
    Members(ModelId),
    /// An object with the whole content, texts and children, in order, as `$value`.
    Mixed(ModelId),
}

/// The member that a child belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Member {
    /// The member of its name; an array if there can be several.
    Named { is_array: bool },
    /// `$value`, an array.
    Grouped,
    /// `$any`, for children that a wildcard admits; an array if there can be several.
    Any { is_array: bool },
}

/// The forms of a schema. Those of content models are determined on first use.
#[derive(Debug)]
pub(crate) struct Forms {
    models: Box<[OnceLock<ModelForm>]>,
}

/// The form of the children in a content model.
#[derive(Debug)]
pub(crate) struct ModelForm {
    /// By leaf.
    members: Box<[Member]>,
    /// Whether it has wildcards.
    pub(super) has_wildcard: bool,
}

/// If a search would take more steps than this, the elements of a substitution group are assumed to alternate.
const STEPS: usize = 1 << 22;

/// The name that all wildcards of a model share.
const WILDCARD: u32 = u32::MAX;

impl Forms {
    pub(crate) fn new(schema: &Compiled) -> Forms {
        Forms { models: schema.models.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The form of the elements of a type.
    pub(crate) fn of_type(&self, schema: &Compiled, type_id: TypeId) -> Form {
        let TypeDefinition::Complex(complex) = &schema.types[type_id.index()] else { return Form::Value };
        match complex.content {
            Content::Simple(_) if !has_attributes(schema, type_id) => Form::Value,
            Content::Simple(_) => Form::Text,
            Content::Empty => Form::Empty,
            Content::Elements { model, mixed: true } => Form::Mixed(model),
            Content::Elements { model, mixed: false } => Form::Members(model),
        }
    }

    pub(crate) fn of_model(&self, schema: &Compiled, model: ModelId) -> Option<&ModelForm> {
        let model_form = self.models.get(model.index())?;
        Some(model_form.get_or_init(|| ModelForm::new(schema, &schema.models[model.index()])))
    }
}

impl ModelForm {
    fn new(schema: &Compiled, model: &Model) -> ModelForm {
        let name = |leaf: LeafId| match model.leaf(leaf) {
            Some(Leaf::Element(element)) => schema.elements[element.index()].name.0,
            Some(Leaf::Wildcard(_)) | None => WILDCARD,
        };
        let repeating = model.automaton.repeating(&name);
        let grouped = grouped(schema, model, &name);
        let member = |leaf: LeafId| {
            let is_array = repeating.contains(&name(leaf));
            match model.leaf(leaf) {
                _ if grouped.contains(&name(leaf)) => Member::Grouped,
                Some(Leaf::Element(_)) => Member::Named { is_array },
                Some(Leaf::Wildcard(_)) | None => Member::Any { is_array },
            }
        };
        ModelForm {
            members: (0..).map(LeafId).take(model.leaves.len()).map(member).collect(),
            has_wildcard: model.leaves.iter().any(|leaf| matches!(leaf, Leaf::Wildcard(_))),
        }
    }

    /// The member for the children that a leaf takes.
    pub(crate) fn member(&self, leaf: LeafId) -> Option<Member> {
        self.members.get(leaf.0 as usize).copied()
    }

    /// The first leaf whose children have such a member.
    pub(super) fn first(&self, is_wanted: impl Fn(Member) -> bool) -> Option<LeafId> {
        self.members.iter().position(|member| is_wanted(*member)).map(|index| LeafId(index as u32))
    }
}

/// The names (as numbers) of the children whose order separate members would lose: those that can be interleaved with
/// others, and all others that can come between them.
fn grouped(schema: &Compiled, model: &Model, name: &dyn Fn(LeafId) -> u32) -> HashSet<u32> {
    let mut grouped = model.automaton.interleaving(name);
    grouped.extend(alternating(schema, model).into_iter().map(name));
    // Further children can come between these.
    loop {
        let between = match grouped.is_empty() {
            true => HashSet::new(),
            false => model.automaton.between(&|leaf| grouped.contains(&name(leaf))),
        };
        if between.is_empty() {
            return grouped;
        }
        grouped.extend(between.into_iter().map(name));
    }
}

/// The leaves of the elements that can replace one head (section 3.3.6), if there can be two such elements: then they
/// can come in any order.
fn alternating(schema: &Compiled, model: &Model) -> HashSet<LeafId> {
    let mut heads: HashSet<ElementId> = HashSet::new();
    for leaf in &model.leaves {
        if let Leaf::Element(element) = leaf
            && schema.substitutions.is_head(*element)
        {
            heads.insert(*element);
        }
    }
    let mut alternating = HashSet::new();
    let is_settled = heads.len().saturating_mul(model.automaton.size()) > STEPS;
    for head in heads {
        let is_of_group = |leaf: LeafId| match model.leaf(leaf) {
            Some(Leaf::Element(element)) => {
                let name = schema.elements[element.index()].name;
                schema.stands_for(name, head).is_some() || schema.substitutions.is_below(head, *element)
            }
            Some(Leaf::Wildcard(_)) | None => false,
        };
        if is_settled || model.automaton.may_repeat(&is_of_group) {
            alternating.extend((0..).map(LeafId).take(model.leaves.len()).filter(|leaf| is_of_group(*leaf)));
        }
    }
    alternating
}
