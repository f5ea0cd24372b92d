//! Rust names for the names of a schema.
//!
//! Types and variants are in camel case, fields and functions in snake case: `get_status` becomes `GetStatus` and
//! `get_status`, `totalPrice` becomes `TotalPrice` and `total_price`, `ID` becomes `Id` and `id`. A keyword of Rust is
//! written as a raw identifier (`r#type`), or gets an underscore if it cannot be one (`self_`); a name that begins with
//! a digit gets an `N`. If two names would be the same, the later one is prefixed with the name of its container, or
//! gets a number.

use std::collections::HashSet;

use proc_macro2::{Ident, Span};

/// Names that the generated code uses for items of the standard library.
const TAKEN: [&str; 14] = [
    "Option",
    "Some",
    "None",
    "Result",
    "Ok",
    "Err",
    "Vec",
    "Box",
    "String",
    "Self",
    "Clone",
    "Debug",
    "PartialEq",
    "Eq",
];

/// The names in one scope, each of which is unique.
#[derive(Debug, Default)]
pub(super) struct Scope(HashSet<String>);

impl Scope {
    /// The scope of the types of a file.
    pub(super) fn of_types() -> Scope {
        Scope(TAKEN.iter().map(|name| (*name).to_owned()).collect())
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// A unique name: the usual one, or one prefixed with its container, or one with a number.
    pub(super) fn unique(&mut self, wanted: String, inside: &str) -> String {
        if self.0.insert(wanted.clone()) {
            return wanted;
        }
        let longer = format!("{inside}{wanted}");
        if !inside.is_empty() && self.0.insert(longer.clone()) {
            return longer;
        }
        let numbered = (2..).map(|number| format!("{wanted}{number}")).find(|name| !self.0.contains(name));
        let numbered = numbered.unwrap_or(wanted);
        self.0.insert(numbered.clone());
        numbered
    }
}

/// The suffixes of the functions of a root.
const FUNCTIONS: [&str; 4] = ["", "_limited", "_pretty", "_into"];

impl Scope {
    /// A name for the functions of a root that avoids conflicts with the functions of other roots.
    pub(super) fn unique_root(&mut self, wanted: &str) -> String {
        let all = |name: &str| FUNCTIONS.map(|end| format!("{name}{end}"));
        let numbered = (2..).map(|number| format!("{wanted}{number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        let name = names.find(|name| all(name).iter().all(|name| !self.0.contains(name)));
        let name = name.unwrap_or_else(|| wanted.to_owned());
        self.0.extend(all(&name));
        name
    }
}

/// The name of a type or a variant.
pub(super) fn camel(name: &str) -> String {
    let mut out = String::new();
    for word in name.split(|letter: char| !is_letter(letter)).filter(|word| !word.is_empty()) {
        let is_shouted = word.chars().count() > 1 && !word.chars().any(char::is_lowercase);
        let mut letters = word.chars();
        out.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        match is_shouted {
            true => out.extend(letters.flat_map(char::to_lowercase)),
            false => out.push_str(letters.as_str()),
        }
    }
    begun_with_a_letter(out, 'N')
}

/// The name of a field or a function.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (index, letter) in letters.iter().copied().enumerate() {
        if !is_letter(letter) {
            if !out.is_empty() && !out.ends_with('_') {
                out.push('_');
            }
            continue;
        }
        let before = index.checked_sub(1).and_then(|before| letters.get(before));
        let is_before_lower = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        // `totalPrice`, `HTTPServer`.
        let begins_word = letter.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase() || before.is_ascii_digit() || before.is_uppercase() && is_before_lower
            });
        if begins_word && !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    begun_with_a_letter(out.trim_end_matches('_').to_owned(), 'n')
}

/// Letters and digits that identifiers can have.
fn is_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || !letter.is_ascii() && letter.is_alphabetic()
}

fn begun_with_a_letter(name: String, first: char) -> String {
    match name.chars().next() {
        Some(letter) if !letter.is_ascii_digit() => name,
        _ => format!("{first}{name}"),
    }
}

/// A name as an identifier.
pub(super) fn ident(name: &str) -> Ident {
    if syn::parse_str::<Ident>(name).is_ok() {
        return Ident::new(name, Span::call_site());
    }
    match name {
        "self" | "Self" | "super" | "crate" | "_" => Ident::new(&format!("{name}_"), Span::call_site()),
        _ if syn::parse_str::<Ident>(&format!("r#{name}")).is_ok() => Ident::new_raw(name, Span::call_site()),
        // Unicode does not allow some of the characters in identifiers.
        _ => {
            let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
            Ident::new(&format!("name_{plain}"), Span::call_site())
        }
    }
}

/// The variable that holds a field while it is read; its name differs from those in the reading code itself.
pub(super) fn local(field: &str) -> Ident {
    match field {
        "reader" | "element" | "attribute" | "child" | "item" | "text" | "local" | "scan" | "depth" | "facts"
        | "state" | "value" => ident(&format!("{field}_field")),
        _ => ident(field),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_rust() {
        let cases = [
            ("get_status", "GetStatus", "get_status"),
            ("totalPrice", "TotalPrice", "total_price"),
            ("ID", "Id", "id"),
            ("HTTPServer", "HTTPServer", "http_server"),
            ("site-alias", "SiteAlias", "site_alias"),
            ("2nd", "N2nd", "n2nd"),
            ("a.b_c", "ABC", "a_b_c"),
            ("Straße", "Straße", "straße"),
            ("+1", "N1", "n1"),
        ];
        for (name, type_name, field) in cases {
            assert_eq!((camel(name).as_str(), snake(name).as_str()), (type_name, field), "{name}");
        }
        assert_eq!(ident("type").to_string(), "r#type");
        assert_eq!(ident("self").to_string(), "self_");
    }

    #[test]
    fn functions_are_unique() {
        let mut scope = Scope::default();
        let roots = ["order", "order", "order_into", "b_limited", "b"].map(|root| scope.unique_root(root));
        assert_eq!(roots, ["order", "order2", "order_into2", "b_limited", "b2"]);
    }

    #[test]
    fn names_are_unique() {
        let mut scope = Scope::of_types();
        assert_eq!(scope.unique("Order".into(), "Shop"), "Order");
        assert_eq!(scope.unique("Order".into(), "Shop"), "ShopOrder");
        assert_eq!(scope.unique("Order".into(), "Shop"), "Order2");
        assert_eq!(scope.unique("Option".into(), "Shop"), "ShopOption");
        assert_eq!(scope.unique("Option".into(), ""), "Option2");
    }
}
