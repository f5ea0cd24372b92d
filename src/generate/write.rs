//! The code that writes values as documents.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::emit::Emitter;
use super::names::ident;
use super::plan::{
    Children, Content, Derived, Element, Item, ItemContent, Kind, Occurs, Root, Scalar, Struct, Value, Variant,
    VariantKind,
};

/// The functions that write a document with a certain root.
pub(super) fn root(emitter: &Emitter<'_>, root: &Root) -> TokenStream {
    let library = &emitter.library;
    let type_name = emitter.element_type(&root.element, &quote! { '_ });
    let encode = format_ident!("encode_{}", root.function);
    let pretty = format_ident!("encode_{}_pretty", root.function);
    let into = format_ident!("encode_{}_into", root.function);
    let length = format_ident!("encoded_len_of_{}", root.function);
    let write = format_ident!("write_{}", root.function);
    let body = self::root_element(emitter, &root.element);
    let summary = format!(" Writes a document whose root is `{}`.", root.element.name.local);
    let length_summary = format!(
        " The number of bytes that [`{encode}`] writes, provided that the schema accepts the value, which is not checked."
    );
    let errors = quote! {
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = ""]
        #[doc = " The schema refuses the document."]
    };
    quote! {
        #[doc = #summary]
        #errors
        #[allow(dead_code)]
        pub fn #encode(value: &#type_name) -> Result<Vec<u8>, #library::Error> {
            let mut buffer = Vec::new();
            #library::typed::encode(schema(), &mut buffer, false, |writer| #write(value, writer))?;
            Ok(buffer)
        }

        #[doc = " The same, with each element on its own line."]
        #errors
        #[allow(dead_code)]
        pub fn #pretty(value: &#type_name) -> Result<Vec<u8>, #library::Error> {
            let mut buffer = Vec::new();
            #library::typed::encode(schema(), &mut buffer, true, |writer| #write(value, writer))?;
            Ok(buffer)
        }

        #[doc = " The same, appended to a buffer. After an error, the buffer is unchanged."]
        #errors
        #[allow(dead_code)]
        pub fn #into(value: &#type_name, buffer: &mut Vec<u8>) -> Result<(), #library::Error> {
            #library::typed::encode(schema(), buffer, false, |writer| #write(value, writer))
        }

        #[doc = #length_summary]
        #[doc = ""]
        #[doc = " # Errors"]
        #[doc = ""]
        #[doc = " No document can hold the value."]
        #[allow(dead_code)]
        pub fn #length(value: &#type_name) -> Result<usize, #library::Error> {
            #library::typed::encoded_len(schema(), false, |writer| #write(value, writer))
        }

        #[allow(dead_code)]
        fn #write(value: &#type_name, writer: &mut #library::typed::Writer<'_>) -> Result<(), #library::Error> {
            #body
        }
    }
}

/// The root element, which declares all prefixes.
fn root_element(emitter: &Emitter<'_>, element: &Element) -> TokenStream {
    let library = &emitter.library;
    let tag = &element.name.qualified;
    let proof = match &emitter.proof {
        None => quote! { writer.doubt(); },
        Some(proof) => proof.element(emitter, element),
    };
    if let Value::Any = element.value {
        return quote! { #proof writer.anything(#tag, value) };
    }
    let declared =
        emitter.plan.prefixes.iter().map(|(namespace, prefix)| (format!("xmlns:{prefix}"), namespace.as_str()));
    let declarations = declared.map(|(prefix, namespace)| {
        quote! { writer.namespace(#prefix, #namespace); }
    });
    let content = |value: &Value| match value {
        Value::Unit | Value::Any => quote! {},
        Value::Scalar(scalar) => scalar_content(scalar, &quote! { value }),
        Value::Item(_) => quote! { value.write(writer)?; },
    };
    let content = content(&element.value);
    let content = quote! { #proof #content };
    let content = match element.is_nillable {
        false => content,
        true => quote! {
            match value {
                #library::typed::Nillable::Nil => writer.nil(),
                #library::typed::Nillable::Value(value) => { #content }
            }
        },
    };
    let unused = matches!(element.value, Value::Unit).then(|| quote! { let () = *value; });
    let unused = if element.is_nillable { None } else { unused };
    let (begin, close) = (format!("<{tag}"), format!("</{tag}>"));
    quote! {
        #unused
        writer.start(#begin);
        #(#declarations)*
        #content
        writer.end(#close);
        Ok(())
    }
}

/// The function that writes the attributes and the content of an element whose start tag has begun.
pub(super) fn item(emitter: &Emitter<'_>, item: &Item) -> TokenStream {
    let library = &emitter.library;
    let body = match &item.content {
        ItemContent::Struct(content) => structure(emitter, content),
        ItemContent::Hierarchy(derived) => hierarchy(derived),
        ItemContent::Choice(variants) => choice(emitter, variants),
        ItemContent::Whole(whole) => {
            let names = emitter.path(whole.names);
            let tag = match whole.elements.iter().all(|(_, name, _)| name.qualified == name.local) {
                true => quote! { self.name.as_str() },
                false => {
                    let arms = whole.elements.iter().map(|(variant, name, _)| {
                        let (variant, tag) = (ident(variant), &name.qualified);
                        quote! { #names::#variant => #tag, }
                    });
                    quote! { match self.name { #(#arms)* } }
                }
            };
            quote! { writer.doubt(); writer.anything(#tag, &self.content)?; }
        }
        ItemContent::Enumeration(values) => return enumeration(values),
    };
    quote! {
        #[allow(dead_code)]
        fn write(&self, writer: &mut #library::typed::Writer<'_>) -> Result<(), #library::Error> {
            #body
            Ok(())
        }
    }
}

fn structure(emitter: &Emitter<'_>, content: &Struct) -> TokenStream {
    let proof = emitter.proof.as_ref();
    let proofs = proof.map(|proof| proof.attributes(content)).unwrap_or_default();
    let attributes = content.attributes.iter().enumerate().map(|(index, attribute)| {
        let proof = proofs.get(index);
        let (field, name) = (ident(&attribute.field), &attribute.name.qualified);
        let write = match &attribute.scalar {
            Scalar::Name => quote! { writer.attribute_names(#name, std::slice::from_ref(value)); },
            scalar if scalar.is_of_names() => quote! { writer.attribute_names(#name, value); },
            _ => quote! { writer.attribute(#name, value); },
        };
        let write = quote! { #proof #write };
        match attribute.is_required {
            true => quote! { { let value = &self.#field; #write } },
            false => quote! { if let Some(value) = &self.#field { #write } },
        }
    });
    let others = content.other_attributes.as_ref().map(|field| {
        let field = ident(field);
        quote! { writer.other_attributes(&self.#field)?; }
    });
    let proof = proof.map(|proof| proof.content(emitter, content));
    let content = match &content.content {
        Content::Nothing => TokenStream::new(),
        Content::Value(field, scalar) => {
            let field = ident(field);
            let write = scalar_content(scalar, &quote! { value });
            quote! { { let value = &self.#field; #write } }
        }
        Content::Mixed(field, _) => {
            let field = ident(field);
            quote! { writer.mixed(|writer| self.#field.iter().try_for_each(|item| item.write(writer)))?; }
        }
        Content::Children(children) => children.iter().map(|each| child(emitter, each)).collect(),
    };
    let unused = if content.is_empty() && others.is_none() {
        quote! { let _ = &writer; }
    } else {
        quote! {}
    };
    quote! { #unused #(#attributes)* #others #proof #content }
}

/// Writes a value as the content of an element whose start tag has begun.
fn scalar_content(scalar: &Scalar, value: &TokenStream) -> TokenStream {
    match scalar {
        Scalar::Name => quote! { writer.names(std::slice::from_ref(#value)); },
        scalar if scalar.is_of_names() => quote! { writer.names(#value); },
        _ => quote! { writer.value(#value); },
    }
}

fn child(emitter: &Emitter<'_>, child: &Children) -> TokenStream {
    let field = ident(&child.field);
    let one = match &child.kind {
        Kind::Element(element) => self::element(emitter, element),
        Kind::Choice(_) => quote! { value.write(writer)?; },
        Kind::Wildcard => quote! { writer.whole(value)?; },
    };
    match child.occurs {
        Occurs::Once => match &child.kind {
            Kind::Element(Element { value: Value::Unit, is_nillable: false, .. }) => one,
            _ => quote! { { let value = &self.#field; #one } },
        },
        Occurs::Optionally => match &child.kind {
            Kind::Element(Element { value: Value::Unit, is_nillable: false, .. }) => {
                quote! { if self.#field { #one } }
            }
            _ => quote! { if let Some(value) = &self.#field { #one } },
        },
        Occurs::Repeatedly => match &child.kind {
            Kind::Element(Element { value: Value::Unit, is_nillable: false, .. }) => {
                quote! { for () in &self.#field { #one } }
            }
            _ => quote! { for value in &self.#field { #one } },
        },
    }
}

/// Writes an element with the value `value`.
fn element(emitter: &Emitter<'_>, element: &Element) -> TokenStream {
    let library = &emitter.library;
    let tag = &element.name.qualified;
    let (begin, close) = (format!("<{tag}"), format!("</{tag}>"));
    let whole = match &element.value {
        Value::Unit => quote! { writer.start(#begin); writer.end(#close); },
        Value::Scalar(Scalar::Name) => quote! { writer.leaf_names(#tag, std::slice::from_ref(value)); },
        Value::Scalar(scalar) if scalar.is_of_names() => quote! { writer.leaf_names(#tag, value); },
        Value::Scalar(_) => {
            let open = format!("<{tag}>");
            quote! { writer.leaf(#open, #close, value); }
        }
        Value::Item(_) => quote! { writer.start(#begin); value.write(writer)?; writer.end(#close); },
        Value::Any => quote! { writer.anything(#tag, value)?; },
    };
    let proof = emitter.proof.as_ref().map(|proof| proof.element(emitter, element));
    let whole = quote! { #proof #whole };
    let pattern = if let Value::Unit = element.value {
        quote! { () }
    } else {
        quote! { value }
    };
    match element.is_nillable {
        true => quote! {
            match value {
                #library::typed::Nillable::Nil => {
                    writer.start(#begin);
                    writer.nil();
                    writer.end(#close);
                }
                #library::typed::Nillable::Value(#pattern) => { #whole }
            }
        },
        false => whole,
    }
}

fn choice(emitter: &Emitter<'_>, variants: &[Variant]) -> TokenStream {
    let arms = variants.iter().map(|variant| {
        let name = ident(&variant.name);
        match &variant.kind {
            VariantKind::Text => quote! { Self::#name(text) => writer.text(text), },
            VariantKind::Wildcard => quote! { Self::#name(value) => writer.whole(value)?, },
            VariantKind::Whole(_) => quote! { Self::#name(value) => value.write(writer)?, },
            VariantKind::List(element) => {
                let write = self::element(emitter, element);
                match element.value {
                    Value::Unit if !element.is_nillable => quote! { Self::#name(list) => for () in list { #write } },
                    _ => quote! { Self::#name(list) => for value in list { #write } },
                }
            }
            VariantKind::Element(element) => {
                let write = self::element(emitter, element);
                match element.value {
                    Value::Unit if !element.is_nillable => quote! { Self::#name => { #write } },
                    _ => quote! { Self::#name(value) => { #write } },
                }
            }
        }
    });
    quote! { match self { #(#arms)* } }
}

fn hierarchy(derived: &[Derived]) -> TokenStream {
    let arms = derived.iter().map(|derived| {
        let name = ident(&derived.name);
        let qualified = &derived.type_name.qualified;
        let type_name = (!derived.is_declared).then(|| quote! { writer.type_name(#qualified); });
        match derived.value {
            Value::Unit => quote! { Self::#name => { #type_name } },
            Value::Scalar(ref scalar) => {
                let write = scalar_content(scalar, &quote! { value });
                quote! { Self::#name(value) => { writer.doubt(); #type_name #write } }
            }
            Value::Item(_) => quote! { Self::#name(value) => { #type_name value.write(writer)?; } },
            Value::Any if derived.is_declared => {
                quote! { Self::#name(value) => { writer.doubt(); writer.content(value)?; } }
            }
            Value::Any => quote! { Self::#name(value) => writer.typed_content(#qualified, value)?, },
        }
    });
    quote! { match self { #(#arms)* } }
}

fn enumeration(values: &[(String, String)]) -> TokenStream {
    let arms = values.iter().map(|(variant, value)| {
        let variant = ident(variant);
        quote! { Self::#variant => #value, }
    });
    quote! {
        #[doc = " The value as written."]
        #[allow(dead_code)]
        pub fn as_str(self) -> &'static str {
            match self { #(#arms)* }
        }
    }
}
