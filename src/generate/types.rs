//! The definitions of types.

use proc_macro2::TokenStream;
use quote::quote;

use super::emit::Emitter;
use super::names::ident;
use super::plan::{Children, Content, Derived, Item, ItemContent, Kind, Occurs, Struct, Value, Variant, VariantKind};

/// The definition of a type.
pub(super) fn item(emitter: &Emitter<'_>, item: &Item) -> TokenStream {
    let name = ident(&item.name);
    let (_, arguments) = emitter.generics(item.borrows);
    let documentation = doc(item.documentation.as_deref());
    match &item.content {
        ItemContent::Struct(content) => {
            let fields = fields(emitter, content);
            quote! {
                #documentation
                #[derive(Debug, Clone, PartialEq)]
                #[allow(dead_code)]
                pub struct #name #arguments { #(#fields,)* }
            }
        }
        ItemContent::Choice(variants) => {
            let variants = variants.iter().map(|each| variant(emitter, each));
            quote! {
                #documentation
                #[derive(Debug, Clone, PartialEq)]
                #[allow(dead_code, clippy::enum_variant_names, clippy::large_enum_variant)]
                pub enum #name #arguments { #(#variants,)* }
            }
        }
        ItemContent::Hierarchy(all) => {
            let variants = all.iter().map(|each| derived(emitter, each));
            quote! {
                #documentation
                #[derive(Debug, Clone, PartialEq)]
                #[allow(dead_code, clippy::enum_variant_names, clippy::large_enum_variant)]
                pub enum #name #arguments { #(#variants,)* }
            }
        }
        ItemContent::Enumeration(values) => {
            let variants = values.iter().map(|(variant, value)| {
                let (variant, documentation) = (ident(variant), doc(Some(&format!("`{}`", value.replace('`', "'")))));
                quote! { #documentation #variant }
            });
            quote! {
                #documentation
                #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
                #[allow(dead_code, clippy::enum_variant_names)]
                pub enum #name { #(#variants,)* }
            }
        }
    }
}

fn fields(emitter: &Emitter<'_>, content: &Struct) -> Vec<TokenStream> {
    let lifetime = quote! { 'a };
    let library = &emitter.library;
    let mut fields = Vec::new();
    for attribute in &content.attributes {
        let (field, documentation) = (ident(&attribute.field), doc(attribute.documentation.as_deref()));
        let scalar = emitter.scalar_type(&attribute.scalar, &lifetime);
        let type_name = if attribute.is_required {
            scalar
        } else {
            quote! { Option<#scalar> }
        };
        fields.push(quote! { #documentation pub #field: #type_name });
    }
    if let Some(field) = &content.other_attributes {
        let field = ident(field);
        let documentation = doc(Some("Attributes that the schema does not name."));
        fields.push(quote! { #documentation pub #field: Vec<#library::typed::OtherAttribute<'a>> });
    }
    match &content.content {
        Content::Nothing => {}
        Content::Value(field, scalar) => {
            let (field, scalar) = (ident(field), emitter.scalar_type(scalar, &lifetime));
            let documentation = doc(Some("The text of the element."));
            fields.push(quote! { #documentation pub #field: #scalar });
        }
        Content::Mixed(field, id) => {
            let (field, item) = (ident(field), emitter.item_type(*id, &lifetime));
            let documentation = doc(Some("Texts and children, in their order."));
            fields.push(quote! { #documentation pub #field: Vec<#item> });
        }
        Content::Children(children) => {
            for child in children {
                let (field, documentation) = (ident(&child.field), doc(child.documentation.as_deref()));
                let one = child_type(emitter, child, &lifetime);
                let type_name = match child.occurs {
                    Occurs::Optionally if child.is_flag() => quote! { bool },
                    Occurs::Once => one,
                    Occurs::Optionally => quote! { Option<#one> },
                    Occurs::Repeatedly => quote! { Vec<#one> },
                };
                let documentation = match child.kind {
                    Kind::Wildcard => doc(Some("Elements that the schema does not name, as markup.")),
                    _ => documentation,
                };
                fields.push(quote! { #documentation pub #field: #type_name });
            }
        }
    }
    fields
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

fn variant(emitter: &Emitter<'_>, variant: &Variant) -> TokenStream {
    let library = &emitter.library;
    let (name, documentation) = (ident(&variant.name), doc(variant.documentation.as_deref()));
    let held = match &variant.kind {
        VariantKind::Element(element) if element.is_unit() => return quote! { #documentation #name },
        VariantKind::Text => quote! { std::borrow::Cow<'a, str> },
        VariantKind::Wildcard => quote! { #library::codec::Any<'a> },
        VariantKind::Element(element) => emitter.element_type(element, &quote! { 'a }),
    };
    let held = if variant.is_boxed {
        quote! { Box<#held> }
    } else {
        held
    };
    quote! { #documentation #name(#held) }
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
    if is_unit {
        quote! { #documentation #name }
    } else {
        quote! { #documentation #name(#held) }
    }
}

/// A documentation comment. Marks that Markdown or HTML would take for its own are escaped.
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
        // One mark alone.
        escaped = escaped.replace('`', "'");
    }
    quote! { #[doc = #escaped] }
}
