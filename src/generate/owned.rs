//! The code that turns values into ones that borrow nothing.

use proc_macro2::TokenStream;
use quote::quote;

use super::emit::Emitter;
use super::names::ident;
use super::plan::{Content, Element, Item, ItemContent, Kind, Occurs, Scalar, Struct, Value, VariantKind};

/// The function for a type that borrows, or the trait implementation of an enumeration.
pub(super) fn item(emitter: &Emitter<'_>, item: &Item) -> TokenStream {
    if !item.borrows {
        return TokenStream::new();
    }
    let name = ident(&item.name);
    let body = match &item.content {
        ItemContent::Struct(content) => structure(emitter, &item.name, content),
        ItemContent::Choice(variants) => {
            let arms = variants.iter().map(|variant| {
                let (variant_name, value) = (ident(&variant.name), quote! { value });
                if matches!(&variant.kind, VariantKind::Element(element) if element.is_unit()) {
                    return quote! { Self::#variant_name => #name::#variant_name, };
                }
                let owned = match &variant.kind {
                    VariantKind::Text => text(emitter, &value),
                    VariantKind::Wildcard | VariantKind::Whole(_) => quote! { value.into_owned() },
                    VariantKind::List(element) => {
                        let borrows = emitter.plan.value_borrows(&element.value);
                        each(Occurs::Repeatedly, borrows, &value, &|value| self::element(emitter, element, value))
                    }
                    VariantKind::Element(element) => {
                        self::boxed(variant.is_boxed, &value, &|value| self::element(emitter, element, value))
                    }
                };
                quote! { Self::#variant_name(value) => #name::#variant_name(#owned), }
            });
            quote! { match self { #(#arms)* } }
        }
        ItemContent::Hierarchy(derived) => {
            let arms = derived.iter().map(|derived| {
                let variant = ident(&derived.name);
                if let Value::Unit = derived.value {
                    return quote! { Self::#variant => #name::#variant, };
                }
                let owned =
                    boxed(derived.is_boxed, &quote! { value }, &|value| self::value(emitter, &derived.value, value));
                quote! { Self::#variant(value) => #name::#variant(#owned), }
            });
            quote! { match self { #(#arms)* } }
        }
        ItemContent::Whole(_) => quote! { #name { name: self.name, content: self.content.into_owned() } },
        ItemContent::Enumeration(_) => return TokenStream::new(),
    };
    quote! {
        #[doc = " The value without borrowing."]
        #[allow(dead_code)]
        pub fn into_owned(self) -> #name<'static> {
            #body
        }
    }
}

fn structure(emitter: &Emitter<'_>, name: &str, content: &Struct) -> TokenStream {
    let name = ident(name);
    let mut fields = Vec::new();
    for attribute in &content.attributes {
        let field = ident(&attribute.field);
        let occurs = if attribute.is_required { Occurs::Once } else { Occurs::Optionally };
        let borrows = emitter.plan.scalar_borrows(&attribute.scalar);
        let owned = each(occurs, borrows, &quote! { self.#field }, &|value| scalar(emitter, &attribute.scalar, value));
        fields.push(quote! { #field: #owned });
    }
    if let Some(field) = &content.other_attributes {
        let field = ident(field);
        let owned = each(Occurs::Repeatedly, true, &quote! { self.#field }, &|value| quote! { #value.into_owned() });
        fields.push(quote! { #field: #owned });
    }
    match &content.content {
        Content::Nothing => {}
        Content::Value(field, of) => {
            let field = ident(field);
            let owned = scalar(emitter, of, &quote! { self.#field });
            fields.push(quote! { #field: #owned });
        }
        Content::Mixed(field, _) => {
            let field = ident(field);
            let owned =
                each(Occurs::Repeatedly, true, &quote! { self.#field }, &|value| quote! { #value.into_owned() });
            fields.push(quote! { #field: #owned });
        }
        Content::Children(children) => {
            for child in children {
                let field = ident(&child.field);
                let (borrows, owned): (bool, &dyn Fn(&TokenStream) -> TokenStream) = match &child.kind {
                    Kind::Element(element) => {
                        (emitter.plan.value_borrows(&element.value), &|value| self::element(emitter, element, value))
                    }
                    Kind::Choice(id) => (emitter.plan.item(*id).is_some_and(|item| item.borrows), &|value| {
                        quote! { #value.into_owned() }
                    }),
                    Kind::Wildcard => (true, &|value| quote! { #value.into_owned() }),
                };
                let of_field = quote! { self.#field };
                let one = |value: &TokenStream| boxed(child.is_boxed, value, owned);
                let owned = match child.is_few && borrows {
                    true => {
                        let function = function(&one);
                        quote! { #of_field.map(#function) }
                    }
                    false => each(child.occurs, borrows, &of_field, &one),
                };
                fields.push(quote! { #field: #owned });
            }
        }
    }
    quote! { #name { #(#fields,)* } }
}

/// Applies a conversion to a field, as often as it occurs.
fn each(
    occurs: Occurs,
    borrows: bool,
    field: &TokenStream,
    owned: &dyn Fn(&TokenStream) -> TokenStream,
) -> TokenStream {
    if !borrows {
        return field.clone();
    }
    match occurs {
        Occurs::Once => owned(field),
        Occurs::Optionally => {
            let function = function(owned);
            quote! { #field.map(#function) }
        }
        Occurs::Repeatedly => {
            let function = function(owned);
            quote! { #field.into_iter().map(#function).collect() }
        }
    }
}

/// A function that converts one value: just a path, if the conversion is a single call.
fn function(owned: &dyn Fn(&TokenStream) -> TokenStream) -> TokenStream {
    let body = owned(&quote! { value });
    let text = body.to_string();
    match text.strip_suffix("own (value)").and_then(|_| text.strip_suffix(" (value)")).map(str::parse::<TokenStream>) {
        Some(Ok(path)) => path,
        _ => quote! { |value| #body },
    }
}

fn boxed(is_boxed: bool, value: &TokenStream, owned: &dyn Fn(&TokenStream) -> TokenStream) -> TokenStream {
    if !is_boxed {
        return owned(value);
    }
    let owned = owned(&quote! { (*#value) });
    quote! { Box::new(#owned) }
}

fn text(emitter: &Emitter<'_>, value: &TokenStream) -> TokenStream {
    let library = &emitter.library;
    quote! { #library::typed::own(#value) }
}

fn scalar(emitter: &Emitter<'_>, of: &Scalar, value: &TokenStream) -> TokenStream {
    match of {
        Scalar::Text => text(emitter, value),
        Scalar::Secret | Scalar::Integer | Scalar::Name => quote! { #value.into_owned() },
        Scalar::Boolean | Scalar::Number(_) | Scalar::Enumeration(_) => value.clone(),
        Scalar::List(item) => {
            each(Occurs::Repeatedly, emitter.plan.scalar_borrows(item), value, &|value| scalar(emitter, item, value))
        }
    }
}

fn value(emitter: &Emitter<'_>, of: &Value, value: &TokenStream) -> TokenStream {
    match of {
        Value::Unit => value.clone(),
        Value::Scalar(of) => scalar(emitter, of, value),
        Value::Item(id) if !emitter.plan.item(*id).is_some_and(|item| item.borrows) => value.clone(),
        Value::Item(_) | Value::Any => quote! { #value.into_owned() },
    }
}

fn element(emitter: &Emitter<'_>, element: &Element, of: &TokenStream) -> TokenStream {
    if element.is_nillable && emitter.plan.value_borrows(&element.value) {
        let owned = function(&|value| self::value(emitter, &element.value, value));
        return quote! { #of.map(#owned) };
    }
    value(emitter, &element.value, of)
}
