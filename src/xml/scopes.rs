//! Namespace declarations in force (Namespaces in XML 1.0).

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::fault::{Fault, FaultKind, shorten};
use super::lex::{duplicate, duplicate_attribute};
use super::{RawAttribute, attribute_value};

/// What `xml` is always bound to (section 3).
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// What `xmlns`, and nothing else, is always bound to (section 3).
pub const XMLNS_NAMESPACE: &str = "http://www.w3.org/2000/xmlns/";

/// The namespace of `xsi:type` and `xsi:nil` (XML Schema part 1, section 2.6), unknown to XML itself.
pub(crate) const INSTANCE_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// Up to this many bindings are searched one by one, the latest first; more are found through a table, so lookups stay
/// fast whatever a document declares.
const SEARCHED: usize = 16;

/// The namespace declarations in force. Empty, and without allocations, while a document declares none.
#[derive(Debug, Default)]
pub struct Scopes<'a> {
    bindings: Vec<Binding<'a>>,
    /// The latest binding of each prefix; empty while there are few (and then free to create and drop).
    latest: BTreeMap<&'a str, usize>,
}

#[derive(Debug)]
struct Binding<'a> {
    depth: usize,
    prefix: &'a str,
    namespace: Cow<'a, str>,
    /// The binding of the same prefix that this one hides; kept only while `latest` is in use.
    hidden: Option<usize>,
}

impl<'a> Scopes<'a> {
    /// Adds the `xmlns` and `xmlns:p` among the attributes of an element at `depth`.
    ///
    /// # Errors
    ///
    /// The first use of a reserved prefix or namespace (section 3), or an empty namespace for a prefix (section 5).
    pub fn open(&mut self, depth: usize, attributes: &[RawAttribute<'a>]) -> Result<(), Fault> {
        for attribute in attributes {
            if let Some(prefix) = attribute.declared_prefix() {
                self.declare(depth, prefix, attribute)?;
            }
        }
        Ok(())
    }

    /// Ends what was declared at `depth` and deeper.
    pub fn close(&mut self, depth: usize) {
        while let Some(binding) = self.bindings.pop_if(|binding| binding.depth >= depth) {
            if !self.latest.is_empty() {
                match binding.hidden {
                    Some(hidden) => self.latest.insert(binding.prefix, hidden),
                    None => self.latest.remove(binding.prefix),
                };
            }
        }
    }

    /// The depth of the innermost element that declares something; 0 if none does.
    pub(crate) fn depth(&self) -> usize {
        self.bindings.last().map_or(0, |binding| binding.depth)
    }

    /// Whether anything was declared, or could be without allocating.
    #[inline]
    pub(crate) fn has_memory(&self) -> bool {
        self.bindings.capacity() > 0
    }

    /// Empty scopes in the memory of these, for borrows from another document.
    pub(crate) fn emptied<'to>(mut self) -> Scopes<'to> {
        self.bindings.clear();
        // `collect` reuses the allocation of its source.
        Scopes { bindings: self.bindings.into_iter().map_while(|_| None).collect(), latest: BTreeMap::new() }
    }

    /// No declaration is in force.
    pub fn is_empty(&self) -> bool {
        self.bindings.is_empty()
    }

    /// The namespace of a prefix; `""` asks for the default namespace (which is `""` if none is declared); `None` if
    /// the prefix is not declared. `xml` is always bound; `xmlns` cannot be used as a prefix, and never is bound.
    pub fn resolve(&self, prefix: &str) -> Option<&str> {
        match self.find(prefix) {
            Some(binding) => Some(&binding.namespace),
            None if prefix.is_empty() => Some(""),
            None if prefix == "xml" => Some(XML_NAMESPACE),
            None => None,
        }
    }

    /// The namespace of an attribute's name: without a prefix it has none, whatever the default (section 6.2).
    pub(crate) fn namespace_of(&self, attribute: &RawAttribute<'_>) -> Option<&str> {
        match attribute.prefix_length {
            0 => Some(""),
            _ => self.resolve(attribute.prefix()),
        }
    }

    /// The prefixes bound to a namespace, the latest first; `""` if it is the default namespace.
    pub(crate) fn prefixes_of<'s>(&'s self, namespace: &'s str) -> impl Iterator<Item = &'a str> + use<'a, 's> {
        let bound = self.bindings.iter().rev().filter(move |binding| binding.namespace == namespace);
        bound.map(|binding| binding.prefix).filter(move |prefix| self.resolve(prefix) == Some(namespace))
    }

    /// An unbound prefix, to suggest for a new declaration; the last one tried may be bound.
    pub(crate) fn free_prefix(&self) -> &'static str {
        let prefixes = ["p", "q", "r", "s", "t", "u", "v", "w"];
        prefixes.into_iter().find(|prefix| self.resolve(prefix).is_none()).unwrap_or("prefix")
    }

    /// The declarations in force, each with its prefix and its namespace.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'a str, &str)> {
        let in_force =
            |binding: &&Binding<'a>| self.find(binding.prefix).is_some_and(|found| std::ptr::eq(found, *binding));
        self.bindings.iter().filter(in_force).map(|binding| (binding.prefix, &*binding.namespace))
    }

    /// The declarations in force of the wanted prefixes, as attributes, each preceded by a space.
    pub(crate) fn as_attributes(&self, is_wanted: &dyn Fn(&str) -> bool) -> String {
        let mut attributes = String::new();
        for binding in self.bindings.iter().filter(|binding| is_wanted(binding.prefix)) {
            if !self.find(binding.prefix).is_some_and(|found| std::ptr::eq(found, binding)) {
                continue; // hidden by a later one
            }
            let name = if binding.prefix.is_empty() { "xmlns".into() } else { format!("xmlns:{}", binding.prefix) };
            let escaped = binding.namespace.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            attributes.push_str(&format!(" {name}=\"{escaped}\""));
        }
        attributes
    }

    /// Checks the prefixes of attributes, and that no two have the same expanded name (sections 5 and 6.3).
    ///
    /// # Errors
    ///
    /// The first undeclared prefix, or else the first attribute that occurs twice.
    pub fn check_attributes(&self, attributes: &[RawAttribute<'a>]) -> Result<(), Fault> {
        let mut prefixed = 0;
        for attribute in attributes.iter().filter(|attribute| is_prefixed(attribute)) {
            prefixed += 1;
            if self.resolve(attribute.prefix()).is_none() {
                return Err(undeclared_prefix(attribute.name, attribute.prefix_length, attribute.name_at));
            }
        }
        if prefixed < 2 {
            return Ok(());
        }
        match self.same_expanded_name(attributes) {
            None => Ok(()),
            Some((first, second)) => Err(duplicate_attribute(first, second)),
        }
    }

    /// Ends all declarations; the memory stays for the next document.
    pub fn clear(&mut self) {
        self.bindings.clear();
        self.latest.clear();
    }

    /// Adds one declaration.
    pub(super) fn declare(&mut self, depth: usize, prefix: &'a str, attribute: &RawAttribute<'a>) -> Result<(), Fault> {
        let namespace = attribute_value(attribute.value);
        if let Some(kind) = misuse(prefix, &namespace, attribute.name) {
            return Err(Fault::new(kind, attribute.name_span()));
        }
        let index = self.bindings.len();
        let mut hidden = None;
        if !self.latest.is_empty() {
            hidden = self.latest.insert(prefix, index);
        }
        self.bindings.push(Binding { depth, prefix, namespace, hidden });
        if self.latest.is_empty() && self.bindings.len() > SEARCHED {
            self.fill_latest();
        }
        Ok(())
    }

    /// Two attributes with the same local name and namespace.
    pub(super) fn same_expanded_name<'b>(
        &self,
        attributes: &'b [RawAttribute<'a>],
    ) -> Option<(&'b RawAttribute<'a>, &'b RawAttribute<'a>)> {
        duplicate(attributes, |attribute| self.unique_key(attribute))
    }

    /// What no two attributes of an element may share: namespace and local name. One without a prefix is in no
    /// namespace; a namespace declaration is identified by its name as written.
    pub(super) fn unique_key<'b>(&'b self, attribute: &RawAttribute<'b>) -> (&'b str, &'b str) {
        if is_prefixed(attribute) {
            (self.resolve(attribute.prefix()).unwrap_or(attribute.prefix()), attribute.local_name())
        } else {
            ("", attribute.name)
        }
    }

    fn find(&self, prefix: &str) -> Option<&Binding<'a>> {
        if self.latest.is_empty() {
            return self.bindings.iter().rev().find(|binding| binding.prefix == prefix);
        }
        self.bindings.get(*self.latest.get(prefix)?)
    }

    fn fill_latest(&mut self) {
        for (index, binding) in self.bindings.iter_mut().enumerate() {
            binding.hidden = self.latest.insert(binding.prefix, index);
        }
    }
}

fn is_prefixed(attribute: &RawAttribute<'_>) -> bool {
    attribute.prefix_length > 0 && attribute.prefix() != "xmlns"
}

#[cold]
pub(super) fn undeclared_prefix(name: &str, prefix_length: usize, name_at: usize) -> Fault {
    let prefix = name.get(..prefix_length).unwrap_or_default();
    let kind = match prefix {
        "xmlns" => FaultKind::ReservedPrefix { name: prefix.into(), found: shorten(name) },
        _ => FaultKind::UndeclaredPrefix { prefix: shorten(prefix) },
    };
    Fault::new(kind, name_at..name_at + prefix_length)
}

/// What is wrong with binding `prefix` to `namespace` (section 3, "Reserved Prefixes and Namespace Names"; section 5,
/// "No Prefix Undeclaring").
fn misuse(prefix: &str, namespace: &str, name: &str) -> Option<FaultKind> {
    let reserved = match (prefix, namespace) {
        ("xml", XML_NAMESPACE) => return None,
        ("xml", _) => "xml",
        ("xmlns", _) => "xmlns",
        (_, XML_NAMESPACE) => XML_NAMESPACE,
        (_, XMLNS_NAMESPACE) => XMLNS_NAMESPACE,
        ("", "") => return None,
        (_, "") => return Some(FaultKind::EmptyNamespace { prefix: shorten(prefix) }),
        _ => return None,
    };
    Some(FaultKind::ReservedPrefix { name: reserved.into(), found: shorten(name) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::xml::lex;

    fn attributes(tag: &str) -> Vec<RawAttribute<'_>> {
        let mut attributes = Vec::new();
        lex::start_tag(tag, 0, &Limits::default(), &mut attributes).expect("the tags of these tests are right");
        attributes
    }

    #[test]
    fn inner_declarations_hide_outer_ones() {
        let mut scopes = Scopes::default();
        assert_eq!((scopes.resolve(""), scopes.resolve("p")), (Some(""), None));
        scopes.open(0, &attributes("<a xmlns='one' xmlns:p='p&amp;q'>")).expect("both may be declared");
        scopes.open(2, &attributes("<a xmlns='' xmlns:p='two'>")).expect("both may be declared");
        assert_eq!((scopes.resolve(""), scopes.resolve("p")), (Some(""), Some("two")));
        scopes.close(2);
        assert_eq!((scopes.resolve(""), scopes.resolve("p")), (Some("one"), Some("p&q")));
        scopes.close(0);
        assert!(scopes.is_empty());
        assert_eq!(scopes.resolve("xml"), Some(XML_NAMESPACE));
        assert_eq!(scopes.resolve("xmlns"), None);
    }

    #[test]
    fn many_declarations_are_found_like_few() {
        let tags: Vec<String> = (0..40).map(|depth| format!("<a xmlns:p{}='n{depth}'>", depth % 20)).collect();
        let mut scopes = Scopes::default();
        for (depth, tag) in tags.iter().enumerate() {
            scopes.open(depth, &attributes(tag)).expect("it may be declared");
        }
        assert_eq!((scopes.resolve("p0"), scopes.resolve("p19")), (Some("n20"), Some("n39")));
        for depth in (30..40).rev() {
            scopes.close(depth);
        }
        assert_eq!((scopes.resolve("p0"), scopes.resolve("p19")), (Some("n20"), Some("n19")));
        for depth in (1..30).rev() {
            scopes.close(depth);
        }
        assert_eq!((scopes.resolve("p0"), scopes.resolve("p19")), (Some("n0"), None));
        scopes.close(0);
        assert!(scopes.is_empty());
        scopes.open(0, &attributes("<a xmlns:p0='again'>")).expect("it may be declared");
        assert_eq!(scopes.resolve("p0"), Some("again"));
    }

    #[test]
    fn reserved_names_stay_reserved() {
        let open = |tag: &str| Scopes::default().open(0, &attributes(tag)).err().map(|fault| fault.kind);
        assert_eq!(open("<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>"), None);
        for tag in [
            "<a xmlns:xml='x'/>",
            "<a xmlns:xmlns='x'/>",
            "<a xmlns:xmlns='http://www.w3.org/2000/xmlns/'/>",
            "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
            "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
            "<a xmlns:p='http://www.w3.org/XML/1998/name&#115;pace'/>",
        ] {
            assert!(matches!(open(tag), Some(FaultKind::ReservedPrefix { .. })), "{tag}");
        }
        assert_eq!(open("<a xmlns:p=''/>"), Some(FaultKind::EmptyNamespace { prefix: "p".into() }));
    }

    #[test]
    fn attributes_are_unique_by_expanded_name() {
        let check = |tag: &str| {
            let attributes = attributes(tag);
            let mut scopes = Scopes::default();
            scopes.open(0, &attributes).expect("all may be declared");
            scopes.check_attributes(&attributes).err().map(|fault| fault.kind)
        };
        let twice = Some(FaultKind::DuplicateAttribute { name: "q:a".into() });
        assert_eq!(check("<e xmlns:p='n' xmlns:q='n' p:a='' q:a=''/>"), twice);
        assert_eq!(check("<e p:a='' xmlns='n' xmlns:p='n' a='' xml:a='' xmlns:a='x'/>"), None);
        assert_eq!(check("<e p:a=''/>"), Some(FaultKind::UndeclaredPrefix { prefix: "p".into() }));
        let many: String = (0..50).map(|number| format!(" p:a{number}=''")).collect();
        assert_eq!(check(&format!("<e xmlns:p='n' xmlns:q='n' q:b=''{many}/>")), None);
        assert_eq!(check(&format!("<e xmlns:p='n' xmlns:q='n' p:a=''{many} q:a=''/>")), twice);
    }
}
