//! The children of an element, each with its possible tags.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::rules::{self, Text};
use super::{Function, Scans, boxed, bytes};
use crate::compiled::{ElementId, TypeId};
use crate::datatype::{Shortcut, SimpleType, WhiteSpace};
use crate::generate::emit::Emitter;
use crate::generate::names::{ident, local};
use crate::generate::plan::{
    Children, Element, ItemContent, ItemId, Kind, Occurs, Scalar, Value, Variant, VariantKind,
};
use crate::generate::types;
use crate::rules::ChildFacts;

/// The most values of an enumeration that are compared together with their end tag.
const FEW_VALUES: usize = 8;

impl<'p> Scans<'p> {
    /// The code that recognises a child and handles it, for each of its possible tags.
    pub(super) fn child(
        &self,
        emitter: &Emitter<'_>,
        function: &Function<'p>,
        children: &[Children],
        id: ElementId,
    ) -> Vec<Tag> {
        self.tags(emitter, function, children, id).unwrap_or_default()
    }

    fn tags(
        &self,
        emitter: &Emitter<'_>,
        function: &Function<'p>,
        children: &[Children],
        id: ElementId,
    ) -> Option<Vec<Tag>> {
        let (place, element) = self.place(children, id)?;
        let element = &Element { id, ..element.clone() };
        let declaration = &self.schema.elements[id.index()];
        // An empty element would have this value.
        if declaration.value.is_some() || declaration.is_abstract || !self.may_be_read(element) {
            return None;
        }
        let facts = |text: &Text| rules::child(function, declaration.name, text);
        let of_leaf = |has_text: bool| rules::leaf(self.table.rules_of(id), has_text);
        let keep = |value: TokenStream| emitter.has_types.then(|| place.keep(emitter, element, value));
        let name = &element.name.local;
        let (tag, close, empty) = (format!("<{name}>"), format!("</{name}>"), format!("<{name}/>"));
        let end = bytes(&close);
        let library = &emitter.library;
        let mut tags = Vec::new();
        match &element.value {
            Value::Unit => {
                let (pair, empty) = (bytes(&format!("{tag}{close}")), bytes(&empty));
                let (of_leaf, facts, keep) = (of_leaf(false)?, facts(&Text::Empty)?, keep(quote! { () }));
                let is_here = quote! { scan.take(#empty) || scan.take(#pair) };
                tags.push(Tag { bytes: None, is_here, take: quote! { #of_leaf #facts #keep } });
            }
            Value::Scalar(Scalar::Text) if self.is_any_text(declaration.type_id) && !self.reads(function, id) => {
                let (of_leaf, facts, keep) = (of_leaf(true)?, facts(&Text::Unknown)?, keep(quote! { value }));
                let read = quote! { let value = scan.any_text(#end)?; };
                tags.push(Tag::of(tag, quote! { #of_leaf #read #facts #keep }));
            }
            Value::Scalar(scalar) => {
                let of_leaf = of_leaf(true)?;
                let (read, text) = self.leaf(emitter, scalar, declaration.type_id, &close)?;
                let (facts, keep) = (
                    facts(&text)?,
                    keep(match scalar {
                        Scalar::Integer => quote! { M::make(|| Some(#library::datatype::Integer::from(value)))? },
                        _ => quote! { M::make(|| Some(value))? },
                    }),
                );
                tags.push(Tag::of(tag, quote! { #of_leaf #read #facts #keep }));
            }
            Value::Any if declaration.type_id == self.schema.any_type => {
                let (of_leaf, facts) = (of_leaf(true)?, facts(&Text::Value)?);
                let keep = keep(quote! { M::make(|| Some(#library::codec::Any::Text(value)))? });
                let read = quote! { let value = scan.text(#end)?; };
                tags.push(Tag::of(tag, quote! { #of_leaf #read #facts #keep }));
            }
            Value::Any => return None,
            Value::Item(_) => {
                let (read, job) = self.call(emitter, element, Some(function.job))?;
                function.needed.borrow_mut().push(job);
                let (facts, keep) = (facts(&Text::Unknown)?, keep(quote! { value }));
                let take = quote! { let value = #read; #facts #keep };
                tags.push(if self.reads_tag(job) {
                    let open = bytes(&format!("<{name}"));
                    Tag { bytes: None, is_here: quote! { scan.open(#open) }, take }
                } else {
                    Tag::of(tag, take)
                });
            }
        }
        if let Some((value, facts)) = self.empty(emitter, element).zip(facts(&Text::Empty)) {
            let (of_leaf, keep) = (of_leaf(false)?, keep(quote! { M::make(|| Some(value))? }));
            tags.push(Tag::of(empty, quote! { #of_leaf let value = #value; #facts #keep }));
        }
        Some(tags)
    }

    /// The value of an empty element with text content, if it can be empty.
    fn empty(&self, emitter: &Emitter<'_>, element: &Element) -> Option<TokenStream> {
        let library = &emitter.library;
        let type_id = self.schema.elements[element.id.index()].type_id;
        match &element.value {
            Value::Any => Some(quote! { #library::codec::Any::Text(std::borrow::Cow::Borrowed("")) }),
            Value::Scalar(scalar @ (Scalar::Text | Scalar::Secret)) => {
                let type_name = emitter.scalar_type(scalar, &quote! { 'a });
                let simple = self.schema.simple_content(type_id)?;
                simple.check("").is_ok().then(|| quote! { <#type_name>::from("") })
            }
            _ => None,
        }
    }

    /// Whether any text, unchanged, is a valid value of a type.
    fn is_any_text(&self, type_id: TypeId) -> bool {
        let simple = self.schema.simple_content(type_id);
        simple.is_some_and(|simple| !simple.needs_context() && matches!(simple.shortcut(), Shortcut::Anything))
    }

    /// Whether the rules of a function read the text of a child.
    fn reads(&self, function: &Function<'p>, id: ElementId) -> bool {
        let name = self.schema.elements[id.index()].name;
        function.rules.and_then(|rules| rules.child(name)).is_some_and(ChildFacts::is_read)
    }

    /// The field of a child, and its variant there.
    fn place<'c>(&self, children: &'c [Children], id: ElementId) -> Option<(Place<'c>, &'c Element)>
    where
        'p: 'c,
    {
        // Declarations with the same name in a model have the same type (cos-element-consistent).
        let name = |id: ElementId| self.schema.elements[id.index()].name;
        let is_named = |element: &Element| name(element.id) == name(id);
        children.iter().find_map(|child| match &child.kind {
            Kind::Element(element) if is_named(element) => Some((Place { child, variant: None }, element)),
            Kind::Choice(choice) => {
                let ItemContent::Choice(variants) = &self.plan.item(*choice)?.content else { return None };
                variants.iter().find_map(|variant| match &variant.kind {
                    VariantKind::Element(element) | VariantKind::List(element) if is_named(element) => {
                        Some((Place { child, variant: Some((*choice, variant)) }, element))
                    }
                    _ => None,
                })
            }
            _ => None,
        })
    }

    /// The code that reads an element with simple content, including its end tag, after its start tag. Also tells how
    /// its text is available afterwards.
    fn leaf(
        &self,
        emitter: &Emitter<'_>,
        scalar: &Scalar,
        type_id: TypeId,
        close: &str,
    ) -> Option<(TokenStream, Text)> {
        let simple = self.schema.simple_content(type_id)?;
        if simple.needs_context() {
            return None;
        }
        let (number, end) = (Literal::u32_unsuffixed(type_id.0), bytes(close));
        if let (Scalar::Enumeration(id), Shortcut::OneOf(_)) = (scalar, simple.shortcut())
            && let ItemContent::Enumeration(values) = &self.plan.item(*id)?.content
            && values.len() <= FEW_VALUES
        {
            let path = ident(&self.plan.item(*id)?.name);
            let values_here = values.iter().map(|(variant, text)| {
                let (whole, variant) = (bytes(&format!("{text}{close}")), ident(variant));
                let value = emitter.has_types.then(|| quote! { #path::#variant });
                quote! { if scan.take(#whole) { (#text, (#value)) } else }
            });
            let read = quote! { let (text, value) = #(#values_here)* { return None }; };
            return Some((read, Text::Kept));
        }
        let digits = match (scalar, simple.shortcut()) {
            (Scalar::Number(rust), Shortcut::Digits(most)) if most > 0 => {
                let (rust, most) = (format_ident!("{rust}"), Literal::usize_unsuffixed(usize::from(most.min(18))));
                Some(quote! { #rust::try_from(scan.digits(#most, #end)?).ok()? })
            }
            (Scalar::Integer, Shortcut::Integer) => Some(quote! { scan.digits(18, #end)? }),
            _ => None,
        };
        if let Some(digits) = digits {
            return Some((quote! { let start = scan.start(); let value = #digits; }, Text::Since(close.len())));
        }
        let value = self.scalar(emitter, scalar, simple, &quote! { scan.checked(#number, text)? })?;
        let text = match scalar {
            Scalar::Text => Text::Value,
            _ => Text::Unknown,
        };
        Some((quote! { let text = scan.text(#end)?; #value }, text))
    }

    /// The code that makes the `value` of a `text`. `checked` is the code that checks everything that the type
    /// requires.
    pub(super) fn scalar(
        &self,
        emitter: &Emitter<'_>,
        scalar: &Scalar,
        simple: &SimpleType,
        checked: &TokenStream,
    ) -> Option<TokenStream> {
        if simple.needs_context() {
            return None;
        }
        // Without types, text is only checked, and not converted to a value.
        let value_type = match emitter.has_types {
            true => emitter.scalar_type(scalar, &quote! { 'a }),
            false => quote! { std::borrow::Cow<'a, str> },
        };
        let value = match (scalar, simple.shortcut()) {
            (Scalar::Text | Scalar::Secret, Shortcut::Anything) => quote! { scan.value(text)? },
            (Scalar::Text, Shortcut::Collapsed) => quote! { scan.collapsed(text)? },
            (Scalar::Enumeration(_), Shortcut::OneOf(_)) if emitter.has_types => quote! { scan.value(text)? },
            // The text is used unchanged: if its type preserves white space, the whole text is checked.
            _ if simple.white_space() != WhiteSpace::Collapse => return None,
            _ => checked.clone(),
        };
        Some(quote! { let value: #value_type = #value; })
    }
}

/// A possible tag of a child.
pub(super) struct Tag {
    /// Its bytes, if it has a single spelling.
    pub(super) bytes: Option<String>,
    /// The condition under which it is present; evaluating it consumes the tag.
    pub(super) is_here: TokenStream,
    /// The code for that case.
    pub(super) take: TokenStream,
}

impl Tag {
    fn of(text: String, take: TokenStream) -> Tag {
        let literal = bytes(&text);
        Tag { bytes: Some(text), is_here: quote! { scan.take(#literal) }, take }
    }
}

/// The field that a child is stored in, and its variant if that is a choice.
struct Place<'c> {
    child: &'c Children,
    variant: Option<(ItemId, &'c Variant)>,
}

impl Place<'_> {
    /// Stores a `value`, which exists if values are requested.
    fn keep(&self, emitter: &Emitter<'_>, element: &Element, value: TokenStream) -> TokenStream {
        let Place { child, variant } = self;
        let (field, library) = (local(&child.field), &emitter.library);
        if let Some((choice, Variant { name, kind: VariantKind::List(_), .. })) = variant {
            let (path, name) = (emitter.path(*choice), ident(name));
            let of = types::child_type(emitter, child, &quote! { 'a });
            let value = match element.value {
                Value::Unit => quote! { M::make(|| Some(#value))? },
                _ => value,
            };
            let one = match element.is_nillable {
                true => quote! { #library::typed::Nillable::Value(M::get(value)?) },
                false => quote! { M::get(value)? },
            };
            let unboxed = child.is_boxed.then(|| quote! { .map(|before: #of| *before) });
            let whole = boxed(child.is_boxed, quote! { #path::#name(list) });
            return quote! {
                let value = #value;
                let before = #field.take().and_then(M::get::<#of>) #unboxed;
                #field = Some(M::make::<#of>(|| {
                    let mut list = if let Some(#path::#name(list)) = before { list } else { Vec::with_capacity(1) };
                    list.push(#one);
                    Some(#whole)
                })?);
            };
        }
        let of_variant = variant.map(|(choice, variant)| {
            let (path, name) = (emitter.path(choice), ident(&variant.name));
            (quote! { #path::#name }, variant.is_boxed)
        });
        let is_plain = variant.is_none() && !child.is_boxed && !element.is_nillable;
        let whole = |value: TokenStream| {
            let value = if element.is_nillable {
                quote! { #library::typed::Nillable::Value(#value) }
            } else {
                value
            };
            let value = match &of_variant {
                Some((path, _)) if element.is_unit() => path.clone(),
                Some((path, is_boxed)) => {
                    let value = boxed(*is_boxed, value);
                    quote! { #path(#value) }
                }
                None => value,
            };
            boxed(child.is_boxed, value)
        };
        if let Value::Unit = element.value {
            let whole = whole(value);
            return match child.occurs {
                Occurs::Repeatedly => {
                    let of = types::list_type(emitter, child, &quote! { 'a });
                    quote! { M::push::<#of>(&mut #field, || Some(#whole))?; }
                }
                _ if child.is_flag() => quote! { #field = true; },
                _ => quote! { #field = Some(M::make(|| Some(#whole))?); },
            };
        }
        match child.occurs {
            Occurs::Repeatedly => {
                let (whole, of) = (whole(quote! { M::get(value)? }), types::list_type(emitter, child, &quote! { 'a }));
                quote! { let value = #value; M::push::<#of>(&mut #field, || Some(#whole))?; }
            }
            _ if is_plain => quote! { #field = Some(#value); },
            _ => {
                let whole = whole(quote! { M::get(value)? });
                quote! { let value = #value; #field = Some(M::make(|| Some(#whole))?); }
            }
        }
    }
}
