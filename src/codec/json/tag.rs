//! A start tag before it is written: its attributes, and the prefixes that the tag and its values need.

use memchr::memmem;

use super::place::Marks;
use crate::check::INSTANCE;
use crate::text::name::is_ncname;
use crate::xml::{Writer, XML_NAMESPACE, XMLNS_NAMESPACE};

/// The namespace declarations in force in the output.
#[derive(Debug, Default)]
pub(super) struct Declared {
    /// The depth of the declaring element, the prefix and the namespace.
    bindings: Vec<(usize, String, String)>,
    /// The number of the last generated prefix.
    generated: u32,
}

impl Declared {
    /// For output that is written from a text. Its strings may look like names with generated prefixes, so generated
    /// numbers start after those in the text.
    pub(super) fn for_text(text: &str) -> Declared {
        let numbers = memmem::find_iter(text.as_bytes(), b"\"ns").filter_map(|at| {
            let (number, _) = text.get(at + 3..)?.split_once(|character: char| !character.is_ascii_digit())?;
            number.parse::<u32>().ok().filter(|number| *number < u32::MAX / 2)
        });
        Declared { generated: numbers.max().unwrap_or_default(), ..Declared::default() }
    }

    /// The namespace of names without a prefix.
    fn default_namespace(&self) -> &str {
        self.namespace_of("").unwrap_or_default()
    }

    fn namespace_of(&self, prefix: &str) -> Option<&str> {
        let found = self.bindings.iter().rev().find(|(_, bound, _)| bound == prefix);
        found.map(|(.., namespace)| namespace.as_str())
    }

    /// Removes the declarations of the element at a depth, and of those inside it.
    pub(super) fn close(&mut self, depth: usize) {
        while self.bindings.pop_if(|(declared_at, ..)| *declared_at >= depth).is_some() {}
    }
}

/// A start tag.
#[derive(Debug)]
pub(super) struct Tag {
    namespace: String,
    local: String,
    attributes: Vec<Attribute>,
    /// Prefixes that it declares.
    declarations: Vec<(String, String)>,
    /// The namespace that names without a prefix must have in this element, if its values contain such names.
    default_namespace: Option<String>,
    /// Prefixes in its values, which must not change any more.
    used: Vec<String>,
}

#[derive(Debug)]
struct Attribute {
    namespace: String,
    /// Including its prefix.
    name: String,
    value: String,
    /// Where it is in the text.
    at: usize,
}

/// Why a tag cannot be written.
pub(super) struct Unwritable {
    pub(super) message: String,
    /// The place of the attribute that causes this.
    pub(super) attribute: Option<usize>,
}

impl Tag {
    pub(super) fn new(namespace: &str, local: &str) -> Tag {
        Tag {
            namespace: namespace.to_owned(),
            local: local.to_owned(),
            attributes: Vec::new(),
            declarations: Vec::new(),
            default_namespace: None,
            used: Vec::new(),
        }
    }

    /// Adds an attribute. Returns whether it is the first with that name.
    pub(super) fn attribute(
        &mut self,
        declared: &mut Declared,
        namespace: &str,
        local: &str,
        value: String,
        at: usize,
    ) -> bool {
        let name = match namespace {
            "" => local.to_owned(),
            XML_NAMESPACE => format!("xml:{local}"),
            _ => format!("{}:{local}", self.bound_prefix(declared, namespace)),
        };
        let is_new = !self.attributes.iter().any(|other| other.namespace == namespace && other.name == name);
        if is_new {
            self.attributes.push(Attribute { namespace: namespace.to_owned(), name, value, at });
        }
        is_new
    }

    /// Declares a prefix (`""`: the default namespace) as the text requires. Returns whether that is possible.
    pub(super) fn declare(&mut self, prefix: &str, namespace: &str) -> bool {
        if prefix.is_empty() {
            return self.need_default(namespace);
        }
        if (prefix, namespace) == ("xml", XML_NAMESPACE) {
            return true;
        }
        // Namespaces in XML 1.0, section 3: reserved prefixes and namespaces.
        let is_reserved = ["xml", "xmlns"].contains(&prefix) || [XML_NAMESPACE, XMLNS_NAMESPACE].contains(&namespace);
        let is_free = !namespace.is_empty()
            && !is_reserved
            && is_ncname(prefix)
            && !self.used.iter().any(|used| used == prefix)
            && !self.declarations.iter().any(|(known, _)| known == prefix);
        if is_free {
            self.declarations.push((prefix.to_owned(), namespace.to_owned()));
        }
        is_free
    }

    /// The namespace that a prefix is bound to in the element.
    pub(super) fn namespace_of<'a>(&'a self, declared: &'a Declared, prefix: &str) -> Option<&'a str> {
        let own = self.declarations.iter().find(|(known, _)| known == prefix);
        own.map(|(_, namespace)| namespace.as_str()).or_else(|| declared.namespace_of(prefix))
    }

    /// Fixes the meaning of names without a prefix. Returns whether that is possible.
    pub(super) fn need_default(&mut self, namespace: &str) -> bool {
        let is_free = self.default_namespace.as_deref().is_none_or(|settled| settled == namespace);
        self.default_namespace.get_or_insert_with(|| namespace.to_owned());
        is_free
    }

    /// Whether the text declared the default namespace, or a value fixed it.
    pub(super) fn has_default(&self) -> bool {
        self.default_namespace.is_some()
    }

    /// A prefix for a namespace in a value; `None` if there cannot be one.
    pub(super) fn prefix_of_value(&mut self, declared: &mut Declared, namespace: &str) -> Option<String> {
        match namespace {
            "" => self.need_default("").then(String::new),
            XML_NAMESPACE => Some("xml".to_owned()),
            _ => Some(self.bound_prefix(declared, namespace)),
        }
    }

    /// An existing prefix for a namespace.
    fn prefix_in_force(&self, declared: &Declared, namespace: &str) -> Option<String> {
        if let Some((prefix, _)) = self.declarations.iter().find(|(_, bound)| bound == namespace) {
            return Some(prefix.clone());
        }
        let visible = declared.bindings.iter().rev().filter(|(_, prefix, _)| !prefix.is_empty());
        let mut bound = visible.filter(|(_, prefix, bound)| {
            bound == namespace
                && declared.namespace_of(prefix) == Some(namespace)
                && !self.declarations.iter().any(|(own, _)| own == prefix)
        });
        bound.next().map(|(_, prefix, _)| prefix.clone())
    }

    /// A prefix for a namespace, which is declared if necessary.
    fn bound_prefix(&mut self, declared: &mut Declared, namespace: &str) -> String {
        let prefix = match self.prefix_in_force(declared, namespace) {
            Some(prefix) => prefix,
            None => {
                let prefix = self.new_prefix(declared, namespace);
                self.declarations.push((prefix.clone(), namespace.to_owned()));
                prefix
            }
        };
        self.used.push(prefix.clone());
        prefix
    }

    fn new_prefix(&self, declared: &mut Declared, namespace: &str) -> String {
        let usual = match namespace {
            INSTANCE => "xsi",
            "http://www.w3.org/2001/XMLSchema" => "xs",
            _ => "",
        };
        let is_free = |prefix: &str, declared: &Declared| {
            declared.namespace_of(prefix).is_none() && !self.declarations.iter().any(|(own, _)| own == prefix)
        };
        if !usual.is_empty() && is_free(usual, declared) {
            return usual.to_owned();
        }
        loop {
            declared.generated += 1;
            let prefix = format!("ns{}", declared.generated);
            if is_free(&prefix, declared) {
                return prefix;
            }
        }
    }

    /// Writes the tag, without its `>`. `depth`: how many elements are open, including this one.
    ///
    /// # Errors
    ///
    /// The reason why it cannot be written.
    pub(super) fn write(
        mut self,
        declared: &mut Declared,
        writer: &mut Writer,
        depth: usize,
        marks: &mut Marks,
    ) -> Result<(), Unwritable> {
        let words = |error: crate::xml::WriteError| Unwritable { message: error.to_string(), attribute: None };
        let in_force = declared.default_namespace().to_owned();
        // If no value fixes it and no prefix is bound to it, the element declares its namespace.
        let default = match self.default_namespace.clone() {
            Some(default) => default,
            None if self.namespace.is_empty() || self.prefix_in_force(declared, &self.namespace).is_none() => {
                self.namespace.clone()
            }
            None => in_force.clone(),
        };
        let name = if default == self.namespace {
            std::mem::take(&mut self.local)
        } else if self.namespace.is_empty() {
            let message = format!("`{}` is in no namespace, so `@xmlns` cannot be another one", self.local);
            return Err(Unwritable { message, attribute: None });
        } else {
            let namespace = self.namespace.clone();
            format!("{}:{}", self.bound_prefix(declared, &namespace), self.local)
        };
        writer.start(&name).map_err(words)?;
        if default != in_force {
            writer.attribute("xmlns", &default).map_err(words)?;
            declared.bindings.push((depth, String::new(), default));
        }
        for (prefix, namespace) in self.declarations {
            writer.attribute(&format!("xmlns:{prefix}"), &namespace).map_err(words)?;
            declared.bindings.push((depth, prefix, namespace));
        }
        for attribute in &self.attributes {
            marks.set(writer.position(), attribute.at);
            let written = writer.attribute(&attribute.name, &attribute.value).map_err(words);
            written.map_err(|fault| Unwritable { attribute: Some(attribute.at), ..fault })?;
        }
        Ok(())
    }
}
