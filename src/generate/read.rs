//! The code that reads values from documents.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::emit::Emitter;
use super::names::{ident, local};
use super::plan::{
    Children, Content, Derived, Element, Item, ItemContent, Kind, Name, Occurs, Root, Scalar, Struct, Value, Variant,
    VariantKind,
};

/// The function that reads a document with a certain root.
pub(super) fn root(emitter: &Emitter<'_>, root: &Root, scanned: Option<Ident>) -> TokenStream {
    let library = &emitter.library;
    let function = format_ident!("decode_{}", root.function);
    let type_name = emitter.element_type(&root.element, &quote! { '_ });
    let type_name_a = emitter.element_type(&root.element, &quote! { 'a });
    let Name { namespace, local, .. } = &root.element.name;
    let read = element(emitter, &root.element);
    let summary = format!(" Reads a document whose root is `{local}`, and checks it.");
    let documentation = super::types::doc(root.documentation.as_deref());
    let borrows = emitter.plan.value_borrows(&root.element.value);
    let version = env!("CARGO_PKG_VERSION");
    let limited = format_ident!("decode_{}_limited", root.function);
    let scanned = scanned.map(|root| {
        quote! {
            let scanned = #library::typed::scan::<#root, #library::typed::Values>(schema, limits, #version, bytes);
            if let Some(value) = scanned {
                return Ok(value);
            }
        }
    });
    let type_name = if borrows { type_name } else { type_name_a.clone() };
    let limited_signature = match borrows {
        true => quote! { #limited<'a>(bytes: &'a [u8], limits: &#library::Limits) },
        false => quote! { #limited(bytes: &[u8], limits: &#library::Limits) },
    };
    let documentation = if documentation.is_empty() {
        quote! {}
    } else {
        quote! { #[doc = ""] #documentation }
    };
    quote! {
        #[doc = #summary]
        #documentation
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = ""]
        #[doc = " The document is invalid, or has another root."]
        #[allow(dead_code)]
        pub fn #function(bytes: &[u8]) -> Result<#type_name, #library::Error> {
            #limited(bytes, schema().limits())
        }

        #[doc = " As above, with the caller's limits."]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = ""]
        #[doc = " The document is invalid, has another root, or exceeds a limit."]
        #[allow(dead_code)]
        pub fn #limited_signature -> Result<#type_name_a, #library::Error> {
            let schema = schema();
            #scanned
            #library::typed::decode(&schema.with_limits(*limits), bytes, |reader, child| {
                if reader.name(child) != Some((#namespace, #local)) {
                    return Err(reader.other_root(child, #local));
                }
                let value = #read;
                Ok(value)
            })
        }
    }
}

/// The function that reads a type.
pub(super) fn item(emitter: &Emitter<'_>, item: &Item) -> TokenStream {
    let library = &emitter.library;
    let lifetime = emitter.own_lifetime(item.borrows);
    let body = match &item.content {
        ItemContent::Struct(content) => structure(emitter, item, content),
        ItemContent::Hierarchy(derived) => hierarchy(emitter, derived),
        ItemContent::Whole(whole) => {
            let (library, names) = (&emitter.library, emitter.path(whole.names));
            quote! {
                let name = reader.local(element);
                let name = <#names as #library::typed::Scalar>::parse(name.into()).ok_or_else(|| reader.outdated(name))?;
                Ok(Self { name, content: reader.anything(element)? })
            }
        }
        ItemContent::Choice(_) | ItemContent::Enumeration(_) => return TokenStream::new(),
    };
    quote! {
        #[allow(dead_code, clippy::match_single_binding)]
        fn read #lifetime(
            reader: &mut #library::typed::Reader<'_, '_, 'a>,
            element: &#library::typed::Element,
        ) -> Result<Self, #library::Error> {
            #body
        }
    }
}

fn structure(emitter: &Emitter<'_>, item: &Item, content: &Struct) -> TokenStream {
    let name = ident(&item.name);
    let mut declared = Vec::new();
    let mut made = Vec::new();
    let attributes = attributes(content, &mut declared, &mut made);
    let children = match &content.content {
        Content::Nothing => quote! { reader.skip(element)?; },
        Content::Value(field, scalar) => {
            let (field, local) = (ident(field), local(field));
            made.push(init(&field, &local));
            let read = scalar_value(scalar, &quote! { element });
            quote! { let #local = #read; }
        }
        Content::Mixed(field, id) => {
            let (name, field) = (ident(field), local(field));
            let choice = emitter.plan.item(*id);
            let variants = match choice.map(|choice| &choice.content) {
                Some(ItemContent::Choice(variants)) => &variants[..],
                _ => &[],
            };
            let path = emitter.path(*id);
            let arms = variants.iter().filter_map(|variant| {
                variant_arm(emitter, &path, variant, &field, &|value| {
                    quote! { #field.push(#value) }
                })
            });
            let rest = rest(variants.iter().any(|variant| matches!(variant.kind, VariantKind::Wildcard)), &|value| {
                quote! { #field.push(#path::Any(#value)) }
            });
            declared.push(quote! { let mut #field = Vec::new(); });
            made.push(init(&name, &field));
            let library = &emitter.library;
            quote! {
                while let Some(item) = reader.item(element)? {
                    match item {
                        #library::typed::Item::Text(text) => #field.push(#path::Text(text)),
                        #library::typed::Item::Child(child) => match reader.name(&child) {
                            #(#arms)*
                            #rest
                        },
                    }
                }
            }
        }
        Content::Children(children) => self::children(emitter, children, &mut declared, &mut made),
    };
    let exact = content.exact.as_ref().map(|Name { namespace, local, .. }| {
        quote! {
            if reader.type_name(element) != Some((#namespace, #local)) {
                return Err(reader.other_type(element));
            }
        }
    });
    quote! {
        #exact
        reader.nested(|reader| {
            #(#declared)*
            #attributes
            #children
            Ok(#name { #(#made,)* })
        })
    }
}

/// Initializes a field from the variable that holds it.
fn init(field: &Ident, local: &Ident) -> TokenStream {
    if field == local {
        quote! { #field }
    } else {
        quote! { #field: #local }
    }
}

fn attributes(content: &Struct, declared: &mut Vec<TokenStream>, made: &mut Vec<TokenStream>) -> TokenStream {
    if content.attributes.is_empty() && content.other_attributes.is_none() {
        return TokenStream::new();
    }
    let mut arms = Vec::new();
    for attribute in &content.attributes {
        let (name, field) = (ident(&attribute.field), local(&attribute.field));
        let Name { namespace, local, .. } = &attribute.name;
        declared.push(quote! { let mut #field = None; });
        let read = match &attribute.scalar {
            Scalar::Name => quote! { reader.attribute_name(&attribute)? },
            scalar if scalar.is_of_names() => quote! { reader.attribute_names(&attribute) },
            _ => quote! { reader.attribute_value(attribute)? },
        };
        arms.push(quote! { (Some(#namespace), #local) => #field = Some(#read), });
        made.push(match attribute.is_required {
            true => quote! { #name: #field.ok_or_else(|| reader.missing(#local))? },
            false => init(&name, &field),
        });
    }
    let rest = match &content.other_attributes {
        Some(field) => {
            let (name, field) = (ident(field), local(field));
            declared.push(quote! { let mut #field = Vec::new(); });
            made.push(init(&name, &field));
            let push = quote! { #field.push(reader.other_attribute(attribute)) };
            if arms.is_empty() {
                return quote! { for attribute in reader.attributes(element) { #push; } };
            }
            quote! { _ => #push, }
        }
        None => quote! { (_, local) => return Err(reader.outdated(local)), },
    };
    quote! {
        for attribute in reader.attributes(element) {
            match (attribute.namespace, attribute.local) {
                #(#arms)*
                #rest
            }
        }
    }
}

fn children(
    emitter: &Emitter<'_>,
    children: &[Children],
    declared: &mut Vec<TokenStream>,
    made: &mut Vec<TokenStream>,
) -> TokenStream {
    let mut arms = Vec::new();
    let mut wildcard = None;
    for child in children {
        let (field_name, field) = (ident(&child.field), local(&child.field));
        let is_list = child.occurs == Occurs::Repeatedly;
        declared.push(if child.is_few {
            let library = &emitter.library;
            quote! { let mut #field = #library::codec::Few::new(); }
        } else if is_list {
            quote! { let mut #field = Vec::new(); }
        } else {
            quote! { let mut #field = None; }
        });
        if child.is_flag()
            && let Kind::Element(element) = &child.kind
        {
            let pattern = pattern(&element.name);
            declared.pop();
            declared.push(quote! { let mut #field = false; });
            arms.push(quote! { #pattern => { reader.skip(&child)?; #field = true; } });
            made.push(init(&field_name, &field));
            continue;
        }
        let take = |value: TokenStream| {
            let value = if child.is_boxed {
                quote! { Box::new(#value) }
            } else {
                value
            };
            if is_list {
                quote! { #field.push(#value) }
            } else {
                quote! { #field = Some(#value) }
            }
        };
        match &child.kind {
            Kind::Element(element) => {
                let pattern = pattern(&element.name);
                let take = take(self::element(emitter, element));
                arms.push(quote! { #pattern => { let child = &child; #take } });
            }
            Kind::Choice(id) => {
                let path = emitter.path(*id);
                if let Some(ItemContent::Choice(variants)) = emitter.plan.item(*id).map(|item| &item.content) {
                    let arm = |variant| variant_arm(emitter, &path, variant, &field, &take);
                    arms.extend(variants.iter().filter_map(arm));
                    if variants.iter().any(|variant| matches!(variant.kind, VariantKind::Wildcard)) {
                        wildcard = Some(take(quote! { #path::Any(reader.markup(&child)?) }));
                    }
                }
            }
            Kind::Wildcard => wildcard = Some(take(quote! { reader.markup(&child)? })),
        }
        made.push(match (child.occurs, &child.kind) {
            (Occurs::Once, kind) => {
                let name = match kind {
                    Kind::Element(element) => &element.name.local,
                    Kind::Choice(_) | Kind::Wildcard => &child.field,
                };
                quote! { #field_name: #field.ok_or_else(|| reader.missing(#name))? }
            }
            _ => init(&field_name, &field),
        });
    }
    let rest = match wildcard {
        Some(take) => quote! { _ => #take, },
        None => quote! { _ => return Err(reader.outdated(reader.local(&child))), },
    };
    quote! {
        while let Some(child) = reader.child(element)? {
            match reader.name(&child) {
                #(#arms)*
                #rest
            }
        }
    }
}

/// The match arm of a variant that is an element.
fn variant_arm(
    emitter: &Emitter<'_>,
    path: &TokenStream,
    variant: &Variant,
    field: &Ident,
    take: &dyn Fn(TokenStream) -> TokenStream,
) -> Option<TokenStream> {
    let name = ident(&variant.name);
    let element = match &variant.kind {
        VariantKind::Element(element) => element,
        VariantKind::Text | VariantKind::Wildcard => return None,
        VariantKind::List(element) => {
            let (pattern, value) = (pattern(&element.name), self::element(emitter, element));
            return Some(quote! {
                #pattern => {
                    let child = &child;
                    let value = #value;
                    match &mut #field {
                        Some(#path::#name(list)) => list.push(value),
                        _ => #field = Some(#path::#name(vec![value])),
                    }
                }
            });
        }
        VariantKind::Whole(id) => {
            let Some(ItemContent::Whole(whole)) = emitter.plan.item(*id).map(|item| &item.content) else { return None };
            let patterns = whole.elements.iter().map(|(_, name, _)| {
                let Name { namespace, local, .. } = name;
                quote! { (#namespace, #local) }
            });
            let whole = emitter.path(*id);
            let take = take(quote! { #path::#name(#whole::read(reader, &child)?) });
            return Some(quote! { Some(#(#patterns)|*) => #take, });
        }
    };
    let pattern = pattern(&element.name);
    if element.is_unit() {
        let take = take(quote! { #path::#name });
        return Some(quote! { #pattern => { reader.skip(&child)?; #take } });
    }
    let value = self::element(emitter, element);
    let value = if variant.is_boxed {
        quote! { Box::new(#value) }
    } else {
        value
    };
    let take = take(quote! { #path::#name(#value) });
    Some(quote! { #pattern => { let child = &child; #take } })
}

fn rest(has_wildcard: bool, take: &dyn Fn(TokenStream) -> TokenStream) -> TokenStream {
    if has_wildcard {
        let take = take(quote! { reader.markup(&child)? });
        quote! { _ => #take, }
    } else {
        quote! { _ => return Err(reader.outdated(reader.local(&child))), }
    }
}

fn pattern(name: &Name) -> TokenStream {
    let Name { namespace, local, .. } = name;
    quote! { Some((#namespace, #local)) }
}

/// The value of the element `child`.
fn element(emitter: &Emitter<'_>, element: &Element) -> TokenStream {
    let library = &emitter.library;
    let value = value(emitter, &element.value, &quote! { child });
    match element.is_nillable {
        true => quote! {
            if child.is_nil() {
                reader.skip(child)?;
                #library::typed::Nillable::Nil
            } else {
                #library::typed::Nillable::Value(#value)
            }
        },
        false => value,
    }
}

/// The value of an element with a certain name.
fn value(emitter: &Emitter<'_>, value: &Value, child: &TokenStream) -> TokenStream {
    match value {
        Value::Unit => quote! { reader.skip(#child)? },
        Value::Scalar(scalar) => scalar_value(scalar, child),
        Value::Item(id) => {
            let path = emitter.path(*id);
            quote! { #path::read(reader, #child)? }
        }
        Value::Any => quote! { reader.anything(#child)? },
    }
}

/// The value of an element with simple content.
fn scalar_value(scalar: &Scalar, element: &TokenStream) -> TokenStream {
    match scalar {
        Scalar::Name => quote! { reader.name_value(#element)? },
        scalar if scalar.is_of_names() => quote! { reader.name_values(#element)? },
        _ => quote! { reader.value(#element)? },
    }
}

fn hierarchy(emitter: &Emitter<'_>, derived: &[Derived]) -> TokenStream {
    let arms = derived.iter().map(|derived| {
        let name = ident(&derived.name);
        let Name { namespace, local, .. } = &derived.type_name;
        if let Value::Unit = derived.value {
            return quote! { Some((#namespace, #local)) => { reader.skip(element)?; Ok(Self::#name) } };
        }
        let value = value(emitter, &derived.value, &quote! { element });
        let value = if derived.is_boxed {
            quote! { Box::new(#value) }
        } else {
            value
        };
        quote! { Some((#namespace, #local)) => Ok(Self::#name(#value)), }
    });
    quote! {
        match reader.type_name(element) {
            #(#arms)*
            _ => Err(reader.other_type(element)),
        }
    }
}

/// The code that reads a value of an enumeration.
pub(super) fn enumeration(values: &[(String, String)]) -> TokenStream {
    let arms = values.iter().map(|(variant, value)| {
        let variant = ident(variant);
        quote! { #value => Some(Self::#variant), }
    });
    quote! { match &*text { #(#arms)* _ => None } }
}
