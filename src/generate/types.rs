//! Generates the definitions of types.

use proc_macro2::TokenStream;
use quote::quote;

use super::emit::Emitter;
use super::names::ident;
use super::plan::{Children, Content, Derived, Item, ItemContent, Kind, Occurs, Struct, Value, Variant, VariantKind};
use super::serde::{self, Member};

/// The definition of a type.
pub(super) fn item(emitter: &Emitter<'_>, item: &Item) -> TokenStream {
    let name = ident(&item.name);
    let (_, arguments) = emitter.generics(item.borrows);
    let documentation = documented(item.documentation.as_ref(), || match &item.content {
        ItemContent::Choice(_) => "One of several children.".into(),
        ItemContent::Enumeration(_) => "One of several texts.".into(),
        ItemContent::Struct(_) | ItemContent::Hierarchy(_) | ItemContent::Whole(_) => {
            "An element with its content.".into()
        }
    });
    let equal = (!item.has_floats).then(|| quote! { , Eq });
    let derived_by_serde = serde::derive(emitter, item);
    let open = item.is_open.then(|| quote! { #[non_exhaustive] });
    match &item.content {
        ItemContent::Struct(content) => {
            let fields = fields(emitter, item, content);
            quote! {
                #documentation
                #[derive(Debug, Clone, PartialEq #equal)]
                #derived_by_serde
                #open
                #[allow(dead_code)]
                pub struct #name #arguments { #(#fields,)* }
            }
        }
        ItemContent::Choice(variants) => {
            let variants = variants.iter().map(|each| variant(emitter, item, each));
            quote! {
                #documentation
                #[derive(Debug, Clone, PartialEq #equal)]
                #derived_by_serde
                #open
                #[allow(dead_code, clippy::enum_variant_names, clippy::large_enum_variant)]
                pub enum #name #arguments { #(#variants,)* }
            }
        }
        ItemContent::Hierarchy(all) => {
            let variants = all.iter().map(|each| derived(emitter, each));
            quote! {
                #documentation
                #[derive(Debug, Clone, PartialEq #equal)]
                #derived_by_serde
                #open
                #[allow(dead_code, clippy::enum_variant_names, clippy::large_enum_variant)]
                pub enum #name #arguments { #(#variants,)* }
            }
        }
        ItemContent::Enumeration(values) => {
            let variants = values.iter().map(|(variant, value)| {
                let (variant, documentation) = (ident(variant), doc(Some(&format!("`{}`", value.replace('`', "'")))));
                let attribute = serde::of_variant(emitter, value, false);
                quote! { #documentation #attribute #variant }
            });
            quote! {
                #documentation
                #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
                #derived_by_serde
                #open
                #[allow(dead_code, clippy::enum_variant_names)]
                pub enum #name { #(#variants,)* }
            }
        }
        ItemContent::Whole(whole) => {
            let (library, names) = (&emitter.library, emitter.path(whole.names));
            quote! {
                #documentation
                #[derive(Debug, Clone, PartialEq, Eq)]
                #open
                #[allow(dead_code)]
                pub struct #name #arguments {
                    #[doc = " The name of the element."]
                    pub name: #names,
                    #[doc = " Its content: text, or the element itself as markup."]
                    pub content: #library::codec::Any<'a>,
                }
            }
        }
    }
}

fn fields(emitter: &Emitter<'_>, item: &Item, content: &Struct) -> Vec<TokenStream> {
    let members = serde::members(emitter, item, content);
    let attribute_of = |field: &str| members.iter().find(|member| member.field == field).map(Member::attribute);
    let lifetime = quote! { 'a };
    let library = &emitter.library;
    let mut fields = Vec::new();
    for attribute in &content.attributes {
        let documentation =
            documented(attribute.documentation.as_ref(), || format!("The attribute `{}`.", attribute.name.local));
        let field = ident(&attribute.field);
        let scalar = emitter.scalar_type(&attribute.scalar, &lifetime);
        let type_name = if attribute.is_required {
            scalar
        } else {
            quote! { Option<#scalar> }
        };
        let by_serde = attribute_of(&attribute.field);
        fields.push(quote! { #documentation #by_serde pub #field: #type_name });
    }
    if let Some(field) = &content.other_attributes {
        let (by_serde, field) = (attribute_of(field), ident(field));
        let documentation = doc(Some("Attributes that the schema does not name."));
        fields.push(quote! { #documentation #by_serde pub #field: Vec<#library::typed::OtherAttribute<'a>> });
    }
    match &content.content {
        Content::Nothing => {}
        Content::Value(field, scalar) => {
            let by_serde = attribute_of(field);
            let (field, scalar) = (ident(field), emitter.scalar_type(scalar, &lifetime));
            let documentation = doc(Some("The text of the element."));
            fields.push(quote! { #documentation #by_serde pub #field: #scalar });
        }
        Content::Mixed(field, id) => {
            let by_serde = attribute_of(field);
            let (field, item) = (ident(field), emitter.item_type(*id, &lifetime));
            let documentation = doc(Some("Texts and children, in their order."));
            fields.push(quote! { #documentation #by_serde pub #field: Vec<#item> });
        }
        Content::Children(children) => {
            for child in children {
                let field = ident(&child.field);
                let documentation = documented(child.documentation.as_ref(), || match (&child.kind, child.occurs) {
                    (Kind::Wildcard, _) => "Elements that the schema does not name, as markup.".into(),
                    (Kind::Choice(_), Occurs::Repeatedly) => "Children of several names, in their order.".into(),
                    (Kind::Choice(_), _) => "One of several children.".into(),
                    (Kind::Element(element), _) => format!("The child `{}`.", element.name.local),
                });
                let one = child_type(emitter, child, &lifetime);
                let type_name = match child.occurs {
                    Occurs::Optionally if child.is_flag() => quote! { bool },
                    Occurs::Once => one,
                    Occurs::Optionally => quote! { Option<#one> },
                    Occurs::Repeatedly => list_type(emitter, child, &lifetime),
                };
                let by_serde = attribute_of(&child.field);
                fields.push(quote! { #documentation #by_serde pub #field: #type_name });
            }
        }
    }
    fields
}

/// The type of a field that holds several children.
pub(super) fn list_type(emitter: &Emitter<'_>, child: &Children, lifetime: &TokenStream) -> TokenStream {
    let (library, one) = (&emitter.library, child_type(emitter, child, lifetime));
    match child.is_few {
        true => quote! { #library::codec::Few<#one> },
        false => quote! { Vec<#one> },
    }
}

/// The type of one of the children of a field.
pub(super) fn child_type(emitter: &Emitter<'_>, child: &Children, lifetime: &TokenStream) -> TokenStream {
    let library = &emitter.library;
    let one = match &child.kind {
        Kind::Element(element) => emitter.element_type(element, lifetime),
        Kind::Choice(id) => emitter.item_type(*id, lifetime),
        Kind::Wildcard => quote! { #library::codec::Any<#lifetime> },
    };
    if child.is_boxed {
        quote! { Box<#one> }
    } else {
        one
    }
}

fn variant(emitter: &Emitter<'_>, item: &Item, variant: &Variant) -> TokenStream {
    let name = ident(&variant.name);
    let documentation = documented(variant.documentation.as_ref(), || match &variant.kind {
        VariantKind::Element(element) | VariantKind::List(element) => format!("The child `{}`.", element.name.local),
        VariantKind::Whole(_) => "An element that is kept whole.".into(),
        VariantKind::Wildcard => "An element that the schema does not name, as markup.".into(),
        VariantKind::Text => "Text between children.".into(),
    });
    let by_serde = serde::of_choice(emitter, item, variant);
    match held_type(emitter, variant, &quote! { 'a }) {
        Some(held) => quote! { #documentation #by_serde #name(#held) },
        None => quote! { #documentation #by_serde #name },
    }
}

/// What a variant holds, if anything.
pub(super) fn held_type(emitter: &Emitter<'_>, variant: &Variant, lifetime: &TokenStream) -> Option<TokenStream> {
    let library = &emitter.library;
    let held = match &variant.kind {
        VariantKind::Element(element) if element.is_unit() => return None,
        VariantKind::Text => quote! { std::borrow::Cow<#lifetime, str> },
        VariantKind::Wildcard => quote! { #library::codec::Any<#lifetime> },
        VariantKind::Element(element) => emitter.element_type(element, lifetime),
        VariantKind::Whole(id) => emitter.item_type(*id, lifetime),
        VariantKind::List(element) => {
            let one = emitter.element_type(element, lifetime);
            quote! { Vec<#one> }
        }
    };
    Some(if variant.is_boxed {
        quote! { Box<#held> }
    } else {
        held
    })
}

fn derived(emitter: &Emitter<'_>, derived: &Derived) -> TokenStream {
    let name = ident(&derived.name);
    let is_unit = matches!(derived.value, Value::Unit);
    let held = emitter.value_type(&derived.value, &quote! { 'a });
    let held = if derived.is_boxed {
        quote! { Box<#held> }
    } else {
        held
    };
    let documentation = doc(Some(&match derived.is_declared {
        true => format!("Of the type `{}` itself.", derived.type_name.local),
        false => format!("Of the type `{}`, by `xsi:type`.", derived.type_name.local),
    }));
    let by_serde = serde::of_variant(emitter, &derived.type_name.local, emitter.plan.value_borrows(&derived.value));
    if is_unit {
        quote! { #documentation #by_serde #name }
    } else {
        quote! { #documentation #by_serde #name(#held) }
    }
}

/// The documentation in the schema, or a default text if it has none.
fn documented(text: Option<&String>, otherwise: impl FnOnce() -> String) -> TokenStream {
    match text {
        Some(text) => doc(Some(text)),
        None => doc(Some(&otherwise())),
    }
}

/// A documentation comment. Characters that Markdown or HTML would interpret are escaped.
pub(super) fn doc(text: Option<&str>) -> TokenStream {
    let Some(text) = text else { return TokenStream::new() };
    let mut escaped = String::from(" ");
    let mut is_code = false;
    for letter in text.chars() {
        is_code ^= letter == '`';
        if !is_code && matches!(letter, '<' | '>' | '[' | ']' | '*' | '_') {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    if is_code {
        // An unpaired backtick.
        escaped = escaped.replace('`', "'");
    }
    quote! { #[doc = #escaped] }
}
