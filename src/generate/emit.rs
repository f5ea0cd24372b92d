//! Writes the plan as Rust: what all parts of the generated code share.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::names::ident;
use super::plan::{Element, Item, ItemContent, ItemId, Plan, Scalar, Value};
use super::proof::Proof;
use super::scan::Scans;
use super::{owned, read, serde, types, write};

/// The plan that is written, with the path of the library.
pub(super) struct Emitter<'p> {
    pub(super) plan: &'p Plan,
    /// `packetcheck`, or `crate` in the library itself.
    pub(super) library: TokenStream,
    /// The facts that prove output valid while it is written.
    pub(super) proof: Option<Proof<'p>>,
    /// Whether types are written, with the code that reads and writes them; otherwise only the code for a verdict.
    pub(super) has_types: bool,
    /// Whether the types implement the traits of serde.
    pub(super) has_serde: bool,
}

impl Emitter<'_> {
    /// All types and functions.
    pub(super) fn all(&self, schema: &TokenStream, scans: Option<&Scans<'_>>) -> TokenStream {
        let mut functions = scans.map(|scans| scans.functions(self)).unwrap_or_default();
        if !self.has_types {
            let read_roots = scans.map(|scans| scans.roots(self));
            let functions = functions.values();
            return quote! { #schema #read_roots #(#functions)* };
        }
        let read_roots = scans.map(|scans| scans.roots(self));
        let roots = self.plan.roots.iter().map(|root| {
            let scanned = scans.and_then(|scans| scans.root_of(self, root));
            let (read, write) = (read::root(self, root, scanned), write::root(self, root));
            quote! { #read #write }
        });
        let items: Vec<TokenStream> = self
            .plan
            .items
            .iter()
            .enumerate()
            .map(|(number, item)| {
                let scan = functions.remove(&number);
                let definition = types::item(self, item);
                let (read, write, owned) = (read::item(self, item), write::item(self, item), owned::item(self, item));
                let name = ident(&item.name);
                let (generics, arguments) = self.generics(item.borrows);
                let scalar = self.scalar_impl(item);
                let serde = serde::implementation(self, item);
                quote! {
                    #definition
                    #scalar
                    #serde
                    impl #generics #name #arguments { #scan #read #write #owned }
                }
            })
            .collect();
        quote! { #schema #(#roots)* #read_roots #(#items)* }
    }

    /// The code that reads and writes values of an enumeration.
    fn scalar_impl(&self, item: &Item) -> Option<TokenStream> {
        let ItemContent::Enumeration(values) = &item.content else { return None };
        let (library, name) = (&self.library, ident(&item.name));
        let parse = read::enumeration(values);
        Some(quote! {
            impl #library::typed::Scalar<'_> for #name {
                fn parse(text: std::borrow::Cow<'_, str>) -> Option<Self> {
                    #parse
                }

                fn append(&self, out: &mut String) {
                    out.push_str(self.as_str());
                }

                #[inline]
                fn as_text(&self) -> Option<&str> {
                    Some(self.as_str())
                }
            }
        })
    }

    /// The parameters of an `impl`, and the arguments of its type.
    pub(super) fn generics(&self, borrows: bool) -> (TokenStream, TokenStream) {
        match borrows {
            true => (quote! { <'a> }, quote! { <'a> }),
            false => (quote! {}, quote! {}),
        }
    }

    /// The lifetime parameter of a function that reads, if its `impl` has none.
    pub(super) fn own_lifetime(&self, borrows: bool) -> TokenStream {
        if borrows {
            quote! {}
        } else {
            quote! { <'a> }
        }
    }

    /// The path of an item.
    pub(super) fn path(&self, id: ItemId) -> TokenStream {
        self.plan.item(id).map_or_else(TokenStream::new, |item| ident(&item.name).into_token_stream())
    }

    /// The type of an item, with a lifetime if it borrows.
    pub(super) fn item_type(&self, id: ItemId, lifetime: &TokenStream) -> TokenStream {
        let path = self.path(id);
        match self.plan.item(id).is_some_and(|item| item.borrows) {
            true => quote! { #path<#lifetime> },
            false => path,
        }
    }

    pub(super) fn scalar_type(&self, scalar: &Scalar, lifetime: &TokenStream) -> TokenStream {
        let library = &self.library;
        match scalar {
            Scalar::Text => quote! { std::borrow::Cow<#lifetime, str> },
            Scalar::Secret => quote! { #library::codec::Secret<#lifetime> },
            Scalar::Boolean => quote! { bool },
            Scalar::Number(number) => format_ident!("{number}").into_token_stream(),
            Scalar::Integer => quote! { #library::datatype::Integer<#lifetime> },
            Scalar::Enumeration(id) => self.path(*id),
            Scalar::Name => quote! { #library::typed::QualifiedName<#lifetime> },
            Scalar::List(item) => {
                let item = self.scalar_type(item, lifetime);
                quote! { Vec<#item> }
            }
        }
    }

    pub(super) fn value_type(&self, value: &Value, lifetime: &TokenStream) -> TokenStream {
        let library = &self.library;
        match value {
            Value::Unit => quote! { () },
            Value::Scalar(scalar) => self.scalar_type(scalar, lifetime),
            Value::Item(id) => self.item_type(*id, lifetime),
            Value::Any => quote! { #library::codec::Any<#lifetime> },
        }
    }

    /// The type of an element.
    pub(super) fn element_type(&self, element: &Element, lifetime: &TokenStream) -> TokenStream {
        let library = &self.library;
        let value = self.value_type(&element.value, lifetime);
        if element.is_nillable {
            quote! { #library::typed::Nillable<#value> }
        } else {
            value
        }
    }
}
