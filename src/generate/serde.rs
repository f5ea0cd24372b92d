//! The code that makes types usable with serde: derives if a type has the shape of its JSON, and implementations
//! otherwise.
//!
//! Names of members are those that the codec of this library knows (`codec`), so that `Schema::decode` and
//! `Schema::encode` read and write such values too. The children of a choice are members of their own; children whose
//! order is significant are the array `$value`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::emit::Emitter;
use super::names::ident;
use super::plan::{
    Children, Content, Element, Item, ItemContent, ItemId, Kind, Name, Occurs, Scalar, Struct, Value, Variant,
    VariantKind,
};
use super::types;

/// A field as a member for serde.
pub(super) struct Member {
    pub(super) field: String,
    key: String,
    /// Further options in its serde attribute.
    options: Vec<TokenStream>,
    type_name: TokenStream,
    /// When the member is written.
    written: Written,
}

#[derive(Clone, Copy)]
enum Written {
    Always,
    IfSome,
    IfFilled,
    /// If the flag is set.
    IfSet,
}

impl Member {
    /// The serde attribute of the field.
    pub(super) fn attribute(&self) -> TokenStream {
        attribute(&self.key, &self.field, &self.options)
    }
}

/// The serde attribute of a field or a variant with a name.
fn attribute(key: &str, name: &str, options: &[TokenStream]) -> TokenStream {
    let rename = (ident(name).to_string().trim_start_matches("r#") != key).then(|| quote! { rename = #key });
    let all: Vec<&TokenStream> = rename.iter().chain(options).collect();
    match all[..] {
        [] => TokenStream::new(),
        _ => quote! { #[serde(#(#all),*)] },
    }
}

/// The derives of a type.
pub(super) fn derive(emitter: &Emitter<'_>, item: &Item) -> TokenStream {
    if !emitter.has_serde || has_implementation(emitter, item) {
        return TokenStream::new();
    }
    let container = container(emitter, item);
    let library = &emitter.library;
    quote! {
        #[derive(#library::typed::serde::Serialize, #library::typed::serde::Deserialize)]
        #container
    }
}

/// The serde attribute of a type.
fn container(emitter: &Emitter<'_>, item: &Item) -> TokenStream {
    let serde = format!("{}::typed::serde", path(emitter));
    let deny = matches!(item.content, ItemContent::Struct(_)).then(|| quote! { , deny_unknown_fields });
    let root = root_name(emitter, item).map(|root| quote! { , rename = #root });
    quote! { #[serde(crate = #serde #root #deny)] }
}

/// The path of the library as text.
fn path(emitter: &Emitter<'_>) -> String {
    emitter.library.to_string().replace(' ', "")
}

/// The name of the root whose value a struct is, by which the codec finds the root.
fn root_name<'e>(emitter: &'e Emitter<'_>, item: &Item) -> Option<&'e str> {
    let is_struct = matches!(item.content, ItemContent::Struct(_));
    let roots = emitter.plan.roots.iter().filter(|root| match root.element.value {
        Value::Item(id) => emitter.plan.item(id).is_some_and(|of| of.name == item.name),
        _ => false,
    });
    let root = roots.map(|root| &*root.element.name.local).next();
    root.filter(|_| is_struct)
}

/// Whether a type has an implementation instead of derives.
fn has_implementation(emitter: &Emitter<'_>, item: &Item) -> bool {
    match &item.content {
        ItemContent::Struct(Struct { content: Content::Children(children), .. }) => {
            children.iter().any(|child| variants_of(emitter, child).is_some())
        }
        ItemContent::Choice(variants) => variants.iter().any(|variant| matches!(variant.kind, VariantKind::Whole(_))),
        ItemContent::Whole(_) => true,
        ItemContent::Struct(_) | ItemContent::Hierarchy(_) | ItemContent::Enumeration(_) => false,
    }
}

/// The variants of a choice that become members of their own.
fn variants_of<'e>(emitter: &'e Emitter<'_>, child: &Children) -> Option<(ItemId, &'e [Variant])> {
    match (&child.kind, child.occurs) {
        (Kind::Choice(id), Occurs::Once | Occurs::Optionally) => match &emitter.plan.item(*id)?.content {
            ItemContent::Choice(variants) => Some((*id, variants)),
            _ => None,
        },
        _ => None,
    }
}

/// The serde attribute of a variant with a name.
pub(super) fn of_variant(emitter: &Emitter<'_>, value: &str, borrows: bool) -> TokenStream {
    if !emitter.has_serde {
        return TokenStream::new();
    }
    let borrow = borrows.then(|| quote! { , borrow });
    quote! { #[serde(rename = #value #borrow)] }
}

/// The serde attribute of a variant of a choice.
pub(super) fn of_choice(emitter: &Emitter<'_>, item: &Item, variant: &Variant) -> TokenStream {
    if !emitter.has_serde || has_implementation(emitter, item) {
        return TokenStream::new();
    }
    let ItemContent::Choice(variants) = &item.content else { return TokenStream::new() };
    of_held(emitter, variants, variant)
}

fn of_held(emitter: &Emitter<'_>, variants: &[Variant], variant: &Variant) -> TokenStream {
    let names = names_of(emitter, variants);
    match &variant.kind {
        VariantKind::Text => of_variant(emitter, "$text", true),
        VariantKind::Wildcard => quote! { #[serde(untagged, borrow)] },
        VariantKind::Element(element) | VariantKind::List(element) => {
            let borrows = emitter.plan.value_borrows(&element.value);
            of_variant(emitter, &key(&element.name, &names), borrows)
        }
        VariantKind::Whole(_) => TokenStream::new(),
    }
}

/// The names of the variants of a choice in documents.
fn names_of<'e>(emitter: &'e Emitter<'_>, variants: &'e [Variant]) -> Vec<&'e Name> {
    let names = variants.iter().flat_map(|variant| match &variant.kind {
        VariantKind::Element(element) | VariantKind::List(element) => vec![&element.name],
        VariantKind::Whole(id) => whole_names(emitter, *id).iter().map(|(_, name, _)| name).collect(),
        VariantKind::Text | VariantKind::Wildcard => Vec::new(),
    });
    names.collect()
}

fn whole_names<'e>(emitter: &'e Emitter<'_>, id: ItemId) -> &'e [(String, Name, crate::compiled::ElementId)] {
    match emitter.plan.item(id).map(|item| &item.content) {
        Some(ItemContent::Whole(whole)) => &whole.elements,
        _ => &[],
    }
}

/// The key of a name among others, with its namespace if several have the same local name.
fn key(name: &Name, all: &[&Name]) -> String {
    let is_shared = all.iter().any(|other| other.local == name.local && other.namespace != name.namespace);
    match is_shared {
        true => format!("Q{{{}}}{}", name.namespace, name.local),
        false => name.local.clone(),
    }
}

/// The fields of a struct that are members; none if it is not a value of serde.
pub(super) fn members(emitter: &Emitter<'_>, item: &Item, content: &Struct) -> Vec<Member> {
    if !emitter.has_serde || has_implementation(emitter, item) {
        return Vec::new();
    }
    all_members(emitter, content)
}

/// All fields except choices whose variants are members themselves.
fn all_members(emitter: &Emitter<'_>, content: &Struct) -> Vec<Member> {
    let lifetime = quote! { 'a };
    let children: &[Children] = if let Content::Children(children) = &content.content { children } else { &[] };
    let names = child_names(emitter, children);
    let attributes: Vec<&Name> = content.attributes.iter().map(|attribute| &attribute.name).collect();
    let mut members = Vec::new();
    for attribute in &content.attributes {
        let key = key(&attribute.name, &attributes);
        let key = if names.iter().any(|name| name.local == key) { format!("@{key}") } else { key };
        let occurs = attribute.occurs();
        members.push(scalar_member(emitter, &attribute.field, key, &attribute.scalar, occurs));
    }
    if let Some(field) = &content.other_attributes {
        let library = &emitter.library;
        let type_name = quote! { Vec<#library::typed::OtherAttribute<'a>> };
        members.push(list_member(field, field.clone(), type_name, true));
    }
    match &content.content {
        Content::Nothing => {}
        Content::Value(field, scalar) => {
            members.push(scalar_member(emitter, field, "$text".into(), scalar, Occurs::Once));
        }
        Content::Mixed(field, id) => {
            let one = emitter.item_type(*id, &lifetime);
            members.push(list_member(field, "$value".into(), quote! { Vec<#one> }, true));
        }
        Content::Children(children) => {
            let members_of_children = children.iter().filter_map(|child| self::child(emitter, child, &names));
            members.extend(members_of_children);
        }
    }
    members
}

/// The names of all children.
fn child_names<'e>(emitter: &'e Emitter<'_>, children: &'e [Children]) -> Vec<&'e Name> {
    let names = children.iter().flat_map(|child| match &child.kind {
        Kind::Element(element) => vec![&element.name],
        Kind::Choice(_) => variants_of(emitter, child).map_or_else(Vec::new, |(_, all)| names_of(emitter, all)),
        Kind::Wildcard => Vec::new(),
    });
    names.collect()
}

/// The member of a field of children; `None` if its variants are members themselves.
fn child(emitter: &Emitter<'_>, child: &Children, names: &[&Name]) -> Option<Member> {
    let lifetime = quote! { 'a };
    let is_list = child.occurs == Occurs::Repeatedly;
    let (key, borrows) = match &child.kind {
        Kind::Element(element) => (key(&element.name, names), emitter.plan.value_borrows(&element.value)),
        Kind::Choice(id) if is_list => ("$value".to_owned(), emitter.plan.item(*id).is_some_and(|item| item.borrows)),
        Kind::Choice(_) => return None,
        Kind::Wildcard => ("$any".to_owned(), true),
    };
    if is_list {
        return Some(list_member(&child.field, key, types::list_type(emitter, child, &lifetime), borrows));
    }
    let path = path(emitter);
    if child.is_flag() {
        let with = format!("{path}::typed::flag");
        let options =
            vec![quote! { default }, quote! { with = #with }, quote! { skip_serializing_if = "std::ops::Not::not" }];
        let (field, type_name) = (child.field.clone(), quote! { bool });
        return Some(Member { field, key, options, type_name, written: Written::IfSet });
    }
    let type_name = types::child_type(emitter, child, &lifetime);
    Some(match &child.kind {
        Kind::Element(Element { value: Value::Scalar(scalar), is_nillable: false, .. }) if !child.is_boxed => {
            scalar_member(emitter, &child.field, key, scalar, child.occurs)
        }
        kind => {
            let is_nillable = matches!(kind, Kind::Element(element) if element.is_nillable);
            one_member(&path, &child.field, key, type_name, child.occurs, borrows, is_nillable)
        }
    })
}

/// A member with a simple type.
fn scalar_member(emitter: &Emitter<'_>, field: &str, key: String, scalar: &Scalar, occurs: Occurs) -> Member {
    let type_name = emitter.scalar_type(scalar, &quote! { 'a });
    let borrows = emitter.plan.scalar_borrows(scalar);
    let path = path(emitter);
    let mut member = one_member(&path, field, key, type_name, occurs, borrows, false);
    if let (Scalar::Text, Occurs::Optionally) = (scalar, occurs) {
        // serde's own implementation would copy it.
        let with = format!("{path}::typed::optional_text");
        member.options.push(quote! { deserialize_with = #with });
    }
    member
}

fn one_member(
    path: &str,
    field: &str,
    key: String,
    type_name: TokenStream,
    occurs: Occurs,
    borrows: bool,
    is_nillable: bool,
) -> Member {
    let mut options = Vec::new();
    if borrows {
        options.push(quote! { borrow });
    }
    let (type_name, written) = match occurs {
        Occurs::Optionally => {
            options.push(quote! { default });
            options.push(quote! { skip_serializing_if = "Option::is_none" });
            if is_nillable {
                let with = format!("{path}::typed::present");
                options.push(quote! { deserialize_with = #with });
            }
            (quote! { Option<#type_name> }, Written::IfSome)
        }
        _ => (type_name, Written::Always),
    };
    Member { field: field.to_owned(), key, options, type_name, written }
}

fn list_member(field: &str, key: String, type_name: TokenStream, borrows: bool) -> Member {
    let mut options = vec![quote! { default }, quote! { skip_serializing_if = "<[_]>::is_empty" }];
    if borrows {
        options.push(quote! { borrow });
    }
    Member { field: field.to_owned(), key, options, type_name, written: Written::IfFilled }
}

/// The implementations of a type that has no derives.
pub(super) fn implementation(emitter: &Emitter<'_>, item: &Item) -> TokenStream {
    if !emitter.has_serde || !has_implementation(emitter, item) {
        return TokenStream::new();
    }
    let (write, read) = match &item.content {
        ItemContent::Struct(content) => (write_struct(emitter, item, content), read_struct(emitter, item, content)),
        ItemContent::Choice(variants) => (write_choice(emitter, item, variants), read_choice(emitter, item, variants)),
        _ => return TokenStream::new(),
    };
    let (library, name) = (&emitter.library, ident(&item.name));
    let (generics, arguments) = match item.borrows {
        true => (quote! { <'de: 'a, 'a> }, quote! { <'a> }),
        false => (quote! { <'de> }, quote! {}),
    };
    let anonymous = item.borrows.then(|| quote! { <'_> });
    quote! {
        impl #library::typed::serde::Serialize for #name #anonymous {
            fn serialize<S: #library::typed::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                #write
            }
        }

        impl #generics #library::typed::serde::Deserialize<'de> for #name #arguments {
            fn deserialize<D: #library::typed::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                #read
            }
        }
    }
}

fn write_struct(emitter: &Emitter<'_>, item: &Item, content: &Struct) -> TokenStream {
    let library = &emitter.library;
    let members = all_members(emitter, content);
    let Content::Children(children) = &content.content else { return TokenStream::new() };
    let names = child_names(emitter, children);
    let plain = |field: &str| {
        let member = members.iter().find(|member| member.field == field)?;
        let (key, field) = (&member.key, ident(&member.field));
        Some(match member.written {
            Written::Always => quote! { members.serialize_field(#key, &self.#field)?; },
            // Serialized as an option: a nil element is present.
            Written::IfSome => quote! { if self.#field.is_some() { members.serialize_field(#key, &self.#field)?; } },
            Written::IfFilled => {
                quote! { if !self.#field.is_empty() { members.serialize_field(#key, &self.#field)?; } }
            }
            Written::IfSet => quote! { if self.#field { members.serialize_field(#key, &())?; } },
        })
    };
    let attributes = content.attributes.iter().filter_map(|attribute| plain(&attribute.field));
    let others = content.other_attributes.iter().filter_map(|field| plain(field));
    let of_children = children.iter().filter_map(|child| {
        let Some((id, variants)) = variants_of(emitter, child) else { return plain(&child.field) };
        let (path, field) = (emitter.path(id), ident(&child.field));
        let arms = variants.iter().map(|variant| {
            let variant_name = ident(&variant.name);
            match &variant.kind {
                VariantKind::Element(element) if element.is_unit() => {
                    let key = key(&element.name, &names);
                    quote! { #path::#variant_name => members.serialize_field(#key, &())?, }
                }
                VariantKind::Element(element) | VariantKind::List(element) => {
                    let key = key(&element.name, &names);
                    quote! { #path::#variant_name(value) => members.serialize_field(#key, value)?, }
                }
                VariantKind::Whole(_) => quote! {
                    #path::#variant_name(value) => members.serialize_field(value.name.as_str(), &value.content)?,
                },
                VariantKind::Wildcard => quote! {
                    #path::#variant_name(value) => members.serialize_field("$any", value)?,
                },
                VariantKind::Text => quote! {
                    #path::#variant_name(value) => members.serialize_field("$text", value)?,
                },
            }
        });
        Some(match (child.occurs, child.is_boxed) {
            (Occurs::Once, false) => quote! { match &self.#field { #(#arms)* } },
            (Occurs::Once, true) => quote! { match &*self.#field { #(#arms)* } },
            (_, false) => quote! { if let Some(choice) = &self.#field { match choice { #(#arms)* } } },
            (_, true) => quote! { if let Some(choice) = self.#field.as_deref() { match choice { #(#arms)* } } },
        })
    });
    let (name, count) = (root_name(emitter, item).unwrap_or(&item.name), members.len() + 1);
    quote! {
        use #library::typed::serde::ser::SerializeStruct;
        let mut members = serializer.serialize_struct(#name, #count)?;
        #(#attributes)*
        #(#others)*
        #(#of_children)*
        members.end()
    }
}

fn read_struct(emitter: &Emitter<'_>, item: &Item, content: &Struct) -> TokenStream {
    let library = &emitter.library;
    let Content::Children(children) = &content.content else { return TokenStream::new() };
    let names = child_names(emitter, children);
    let members = all_members(emitter, content);
    let mut fields = Vec::new();
    let mut made = Vec::new();
    for member in &members {
        let (attribute, field, type_name) = (member.attribute(), ident(&member.field), &member.type_name);
        fields.push(quote! { #attribute #field: #type_name });
        made.push(quote! { #field: members.#field });
    }
    let mut choices = Vec::new();
    let mut number = 0_usize;
    for child in children {
        let Some((id, variants)) = variants_of(emitter, child) else { continue };
        let (path, field) = (emitter.path(id), ident(&child.field));
        let mut branches = Vec::new();
        let mut keys = Vec::new();
        for variant in variants {
            for branch in branches_of(emitter, variant, &names) {
                let Branch { key, options, type_name, made, is_list } = branch;
                let (local, variant_name) = (format_ident!("branch_{number}"), ident(&variant.name));
                number += 1;
                let attribute = attribute(&key, &local.to_string(), &options);
                fields.push(quote! { #attribute #local: #type_name });
                let value = made.unwrap_or_else(|| quote! { (value) });
                branches.push(match is_list {
                    None => quote! { if members.#local { found.push(#path::#variant_name); } },
                    Some(false) => quote! {
                        if let Some(value) = members.#local { found.push(#path::#variant_name #value); }
                    },
                    Some(true) => quote! {
                        if !members.#local.is_empty() { found.push(#path::#variant_name(members.#local)); }
                    },
                });
                keys.push(format!("`{key}`"));
            }
        }
        keys.truncate(5);
        let (none, several) = (
            format!("expected one of {}, found none", keys.join(", ")),
            format!("expected one of {}, found several", keys.join(", ")),
        );
        let found = quote! { found.pop() };
        let found = match child.occurs {
            Occurs::Once => quote! { #found.ok_or_else(|| serde::de::Error::custom(#none))? },
            _ => found,
        };
        let found = match (child.is_boxed, child.occurs) {
            (false, _) => found,
            (true, Occurs::Once) => quote! { Box::new(#found) },
            (true, _) => quote! { #found.map(Box::new) },
        };
        choices.push(quote! {
            let #field = {
                let mut found = Vec::new();
                #(#branches)*
                if found.len() > 1 {
                    return Err(serde::de::Error::custom(#several));
                }
                #found
            };
        });
        made.push(quote! { #field });
    }
    let lifetime = item.borrows.then(|| quote! { <'a> });
    let (name, serde) = (&item.name, format!("{}::typed::serde", path(emitter)));
    quote! {
        use #library::typed::serde;

        #[derive(serde::Deserialize)]
        #[serde(crate = #serde, rename = #name, deny_unknown_fields)]
        struct Members #lifetime { #(#fields,)* }

        let members = Members::deserialize(deserializer)?;
        #(#choices)*
        Ok(Self { #(#made,)* })
    }
}

/// A member for one variant of a choice.
struct Branch {
    key: String,
    options: Vec<TokenStream>,
    type_name: TokenStream,
    /// The content of the variant, inside its parentheses, if it is not just `value`.
    made: Option<TokenStream>,
    /// `None` for a flag.
    is_list: Option<bool>,
}

fn branches_of(emitter: &Emitter<'_>, variant: &Variant, names: &[&Name]) -> Vec<Branch> {
    let (library, path) = (&emitter.library, path(emitter));
    let optional = |borrows: bool| {
        let mut options = vec![quote! { default }];
        if borrows {
            options.push(quote! { borrow });
        }
        options
    };
    let any = |key: String, made: Option<TokenStream>| Branch {
        key,
        options: optional(true),
        type_name: quote! { Option<#library::codec::Any<'a>> },
        made,
        is_list: Some(false),
    };
    match &variant.kind {
        VariantKind::Element(element) if element.is_unit() => {
            let with = format!("{path}::typed::flag");
            let options = vec![quote! { default }, quote! { with = #with }];
            let key = key(&element.name, names);
            vec![Branch { key, options, type_name: quote! { bool }, made: None, is_list: None }]
        }
        VariantKind::Element(element) | VariantKind::List(element) => {
            let is_list = matches!(variant.kind, VariantKind::List(_));
            let held = types::held_type(emitter, variant, &quote! { 'a }).unwrap_or_default();
            let mut options = optional(emitter.plan.value_borrows(&element.value));
            if element.is_nillable && !is_list {
                let with = format!("{path}::typed::present");
                options.push(quote! { deserialize_with = #with });
            } else if matches!(element.value, Value::Scalar(Scalar::Text)) && !is_list && !variant.is_boxed {
                let with = format!("{path}::typed::optional_text");
                options.push(quote! { deserialize_with = #with });
            }
            let type_name = if is_list {
                held
            } else {
                quote! { Option<#held> }
            };
            vec![Branch { key: key(&element.name, names), options, type_name, made: None, is_list: Some(is_list) }]
        }
        VariantKind::Whole(id) => {
            let (whole, elements) = (emitter.path(*id), whole_names(emitter, *id));
            let names_of_whole = match emitter.plan.item(*id).map(|item| &item.content) {
                Some(ItemContent::Whole(whole)) => emitter.path(whole.names),
                _ => TokenStream::new(),
            };
            let branch = |(variant, name, _): &(String, Name, _)| {
                let variant = ident(variant);
                let made = quote! { (#whole { name: #names_of_whole::#variant, content: value }) };
                any(name.local.clone(), Some(made))
            };
            elements.iter().map(branch).collect()
        }
        VariantKind::Wildcard => vec![any("$any".into(), None)],
        VariantKind::Text => Vec::new(),
    }
}

fn write_choice(emitter: &Emitter<'_>, item: &Item, variants: &[Variant]) -> TokenStream {
    let (enum_name, names) = (&item.name, names_of(emitter, variants));
    let arms = (0_u32..).zip(variants).map(|(index, variant)| {
        let name = ident(&variant.name);
        match &variant.kind {
            VariantKind::Element(element) if element.is_unit() => {
                let key = key(&element.name, &names);
                quote! { Self::#name => serializer.serialize_unit_variant(#enum_name, #index, #key), }
            }
            VariantKind::Element(element) | VariantKind::List(element) => {
                let key = key(&element.name, &names);
                quote! {
                    Self::#name(value) => serializer.serialize_newtype_variant(#enum_name, #index, #key, value),
                }
            }
            VariantKind::Text => quote! {
                Self::#name(value) => serializer.serialize_newtype_variant(#enum_name, #index, "$text", value),
            },
            VariantKind::Wildcard => quote! { Self::#name(value) => value.serialize(serializer), },
            VariantKind::Whole(_) => quote! {
                Self::#name(value) => {
                    serializer.serialize_newtype_variant(#enum_name, #index, value.name.as_str(), &value.content)
                }
            },
        }
    });
    quote! { match self { #(#arms)* } }
}

fn read_choice(emitter: &Emitter<'_>, item: &Item, variants: &[Variant]) -> TokenStream {
    let library = &emitter.library;
    let mut declared = Vec::new();
    let mut arms = Vec::new();
    for variant in variants {
        let name = ident(&variant.name);
        if let VariantKind::Whole(id) = &variant.kind {
            let whole = emitter.path(*id);
            let Some(ItemContent::Whole(of)) = emitter.plan.item(*id).map(|item| &item.content) else { continue };
            let names = emitter.path(of.names);
            for (element, of_element, _) in &of.elements {
                let (local, key) = (format_ident!("{}{element}", variant.name), &of_element.local);
                let element = ident(element);
                declared.push(quote! { #[serde(rename = #key, borrow)] #local(#library::codec::Any<'a>) });
                arms.push(quote! {
                    Variants::#local(content) => Self::#name(#whole { name: #names::#element, content }),
                });
            }
            continue;
        }
        let attribute = of_held(emitter, variants, variant);
        match types::held_type(emitter, variant, &quote! { 'a }) {
            Some(held) => {
                declared.push(quote! { #attribute #name(#held) });
                arms.push(quote! { Variants::#name(value) => Self::#name(value), });
            }
            None => {
                declared.push(quote! { #attribute #name });
                arms.push(quote! { Variants::#name => Self::#name, });
            }
        }
    }
    let (name, serde) = (&item.name, format!("{}::typed::serde", path(emitter)));
    quote! {
        use #library::typed::serde;

        #[derive(serde::Deserialize)]
        #[serde(crate = #serde, rename = #name)]
        enum Variants<'a> { #(#declared,)* }

        Ok(match Variants::deserialize(deserializer)? { #(#arms)* })
    }
}
