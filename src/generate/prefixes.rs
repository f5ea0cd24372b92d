//! The prefixes of namespaces: those that the schema documents use.

use std::collections::{BTreeMap, HashSet};

use crate::Limits;
use crate::compiled::Compiled;
use crate::xml::{XML_NAMESPACE, attribute_value, lex};

/// Prefixes by namespace.
#[derive(Debug, Default)]
pub(super) struct Prefixes {
    known: BTreeMap<String, String>,
    taken: HashSet<String>,
    /// The namespaces of the names that are generated.
    used: BTreeMap<String, String>,
}

/// Collects the prefixes that the root elements of the schema documents declare.
pub(super) fn find(schema: &Compiled) -> Prefixes {
    let mut prefixes = Prefixes::default();
    // Reserved for the schema instance namespace.
    prefixes.taken.insert("xsi".into());
    for document in &schema.documents {
        let Some(tag) = root_tag(&document.text) else { continue };
        let mut attributes = Vec::new();
        if lex::start_tag(&document.text, tag, &Limits::default(), &mut attributes).is_err() {
            continue;
        }
        for attribute in &attributes {
            let Some(prefix) = attribute.declared_prefix().filter(|prefix| is_plain(prefix)) else { continue };
            let namespace = attribute_value(attribute.value).into_owned();
            if !prefixes.known.contains_key(&namespace) && prefixes.taken.insert(prefix.to_owned()) {
                prefixes.known.insert(namespace, prefix.to_owned());
            }
        }
    }
    prefixes
}

/// The start of the root's tag.
fn root_tag(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text.get(at..)?.find('<')?;
        let rest = text.get(at..)?;
        let end = match rest {
            _ if rest.starts_with("<!--") => "-->",
            _ if rest.starts_with("<?") => "?>",
            _ if rest.starts_with("<!") => return None,
            _ => return Some(at),
        };
        at += rest.find(end)?;
    }
}

fn is_plain(prefix: &str) -> bool {
    !prefix.is_empty()
        && prefix.len() <= 16
        && prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

impl Prefixes {
    /// The prefix of a namespace; `None` for none.
    pub(super) fn of(&mut self, namespace: &str) -> Option<String> {
        if namespace.is_empty() {
            return None;
        }
        if namespace == XML_NAMESPACE {
            return Some("xml".into());
        }
        let known = self.known.get(namespace).cloned();
        let prefix = known.unwrap_or_else(|| {
            let free = (1..).map(|number| format!("ns{number}")).find(|prefix| !self.taken.contains(prefix));
            let prefix = free.unwrap_or_default();
            self.taken.insert(prefix.clone());
            self.known.insert(namespace.to_owned(), prefix.clone());
            prefix
        });
        self.used.insert(namespace.to_owned(), prefix.clone());
        Some(prefix)
    }

    /// The namespaces that were used, each with its prefix.
    pub(super) fn used(self) -> Vec<(String, String)> {
        self.used.into_iter().collect()
    }
}
