//! What all of `parse` needs: elements and attributes of a schema document, resolved names, and errors with places.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, LazyLock, OnceLock};

use memchr::memmem::Finder;
use roxmltree::NodeType;

use super::fault::{Failure, Fault, Faults, Result, conflict, fault, mismatch};
use super::model::Reference;
use super::{order, prose, xsd_1_1};
use crate::compiled::{Methods, NameId, Names, NamespaceId, Place};
use crate::datatype::{Bindings, SimpleType};
use crate::diagnostic::Code;
use crate::text::name::is_ncname;
use crate::text::nearest::nearest;
use crate::text::white_space::{is_blank, items, trim};

/// The namespace of schema documents.
pub(crate) const XSD: &str = "http://www.w3.org/2001/XMLSchema";

/// The namespace of the attributes by which documents refer to schemas, such as `xsi:type`.
pub(super) const INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The most children that are searched for one that another must precede.
const SIBLINGS: usize = 256;

pub(super) type Node<'a> = roxmltree::Node<'a, 'a>;

/// One schema document while it is being read.
pub(super) struct Reader<'n> {
    pub(super) names: &'n mut Names,
    pub(super) faults: &'n Faults,
    /// The index of the document.
    pub(super) document: u32,
    /// The namespace of its declarations: the target namespace, or that of the including document.
    pub(super) target: NamespaceId,
    /// Whether the document has no target namespace but is included into a document that has one: its unprefixed names
    /// are in that namespace too (part 1, section 4.2.1).
    pub(super) is_chameleon: bool,
    /// Namespaces that may be referred to besides the target namespace and that of XSD.
    pub(super) imported: HashSet<NamespaceId>,
    /// The last namespace that was looked up: most names of a document are in this one or in the target namespace.
    recent: NamespaceId,
    /// Undeclared prefixes and namespaces that are not imported: each is reported once, however often it is used.
    reported: HashSet<String>,
    /// Whether references in the prose of the document are marked (see `prose`).
    pub(super) is_marked: bool,
    pub(super) qualified_elements: bool,
    pub(super) qualified_attributes: bool,
    /// `blockDefault` and `finalDefault`.
    pub(super) block_default: Methods,
    pub(super) final_default: Methods,
    /// The namespaces that prefixes in values are bound to.
    namespaces: RefCell<HashSet<Arc<str>>>,
}

impl<'n> Reader<'n> {
    /// A reader for a document, of which only the namespace it is read for is known.
    pub(super) fn new(
        names: &'n mut Names,
        faults: &'n Faults,
        document: u32,
        target: NamespaceId,
        is_chameleon: bool,
    ) -> Reader<'n> {
        Reader {
            names,
            faults,
            document,
            target,
            is_chameleon,
            imported: HashSet::new(),
            recent: NamespaceId::NONE,
            reported: HashSet::new(),
            is_marked: false,
            qualified_elements: false,
            qualified_attributes: false,
            block_default: Methods::NONE,
            final_default: Methods::NONE,
            namespaces: RefCell::default(),
        }
    }
}

impl Reader<'_> {
    /// Keeps an error; reading continues as if there were none.
    pub(super) fn report(&self, code: Code, place: Place, message: impl Into<String>) {
        self.faults.or_note::<()>(fault(code, place, message));
    }

    pub(super) fn place(&self, node: Node<'_>) -> Place {
        self.place_at(node.range().start)
    }

    fn place_at(&self, offset: usize) -> Place {
        // Longer documents are refused before they are parsed.
        Place { document: self.document, offset: u32::try_from(offset).unwrap_or(u32::MAX) }
    }

    pub(super) fn attribute_place(&self, node: Node<'_>, name: &str) -> Place {
        node.attribute_node(name).map_or_else(|| self.place(node), |attribute| self.place_at(attribute.range().start))
    }

    /// The child elements, all in the XSD namespace, without text between them. Anything else is reported and left out.
    pub(super) fn children<'a>(&self, node: Node<'a>) -> Vec<Node<'a>> {
        let mut children = Vec::new();
        for child in node.children() {
            match child.node_type() {
                NodeType::Element if child.tag_name().namespace() == Some(XSD) => children.push(child),
                NodeType::Element => {
                    let name = child.tag_name().name();
                    let message = format!("expected an element of XSD in {}, found `{name}`", construct(node));
                    self.report(Code::SchemaSyntax, self.place(child), message);
                }
                NodeType::Text if child.text().is_some_and(|text| !is_blank(text)) => {
                    let message = format!("expected no text in {}", construct(node));
                    self.report(Code::SchemaSyntax, self.place(child), message);
                }
                _ => {}
            }
        }
        children
    }

    /// The child elements except a leading `xs:annotation`, and the documentation in that.
    pub(super) fn annotated<'a>(&self, node: Node<'a>) -> (Vec<Node<'a>>, Option<Arc<str>>) {
        let mut children = self.children(node);
        let mut documentation = None;
        if let Some(first) = children.first().copied()
            && is(first, "annotation")
        {
            documentation = self.annotation(first);
            children.remove(0);
        }
        if let Some(second) = children.iter().copied().find(|child| is(*child, "annotation")) {
            let message = format!("expected at most one `xs:annotation`, as the first child of {}", construct(node));
            self.report(Code::SchemaSyntax, self.place(second), message);
            children.retain(|child| !is(*child, "annotation"));
        }
        // A construct added by XSD 1.1 is a single error, and the rest is read as if it were not there.
        children.retain(|child| {
            let is_added = xsd_1_1::CHILDREN.contains(&child.tag_name().name());
            if is_added {
                self.report_unexpected(*child, node);
            }
            !is_added
        });
        (children, documentation)
    }

    /// The text of `xs:documentation`, white space collapsed. `xs:appinfo` is read elsewhere.
    pub(super) fn annotation(&self, node: Node<'_>) -> Option<Arc<str>> {
        self.check_attributes(node, &[]);
        let mut documentation = String::new();
        for child in self.children(node) {
            match child.tag_name().name() {
                "documentation" => {
                    self.check_attributes(child, &["source"]);
                    self.check_language(child);
                    documentation.reserve(child.range().len());
                    let texts = child.descendants().filter(|inner| inner.is_text()).filter_map(|inner| inner.text());
                    for text in texts {
                        let text = if self.is_marked { prose::resolved(text) } else { Cow::Borrowed(text) };
                        append_collapsed(&mut documentation, &text);
                    }
                }
                "appinfo" => self.check_attributes(child, &["source"]),
                _ => self.report_unexpected(child, node),
            }
        }
        (!documentation.is_empty()).then(|| documentation.into())
    }

    /// `xml:lang` is a language tag (the schema for schemas, part 1, appendix A).
    fn check_language(&self, node: Node<'_>) {
        let Some(tag) = node.attribute_node((roxmltree::NS_XML_URI, "lang")) else { return };
        let tag_bytes = tag.value().as_bytes();
        let is_plain = (1..=8).contains(&tag_bytes.len()) && tag_bytes.iter().all(u8::is_ascii_alphabetic);
        if is_plain {
            return;
        }
        let Some(language) = SimpleType::built_in("language") else { return };
        if language.check(tag.value()).is_err() {
            let message = format!("expected {} in `xml:lang`, found `{}`", language.describe(), tag.value());
            self.report(Code::SchemaSyntax, self.place_at(tag.range().start), message);
        }
    }

    /// The documentation of an element that can contain nothing but an annotation.
    pub(super) fn leaf(&self, node: Node<'_>) -> Option<Arc<str>> {
        let (children, documentation) = self.annotated(node);
        children.iter().for_each(|child| self.report_unexpected(*child, node));
        documentation
    }

    /// The only child of an element, which must be `expected`; anything after it is reported.
    pub(super) fn only_child<'a>(&self, node: Node<'a>, children: &[Node<'a>], expected: &str) -> Result<Node<'a>> {
        let message = || format!("expected {expected} in {}", construct(node));
        match children {
            [] => fault(Code::SchemaSyntax, self.place(node), message()),
            [only] => Ok(*only),
            [first, second, ..] => {
                self.report(Code::SchemaSyntax, self.place(*second), message());
                Ok(*first)
            }
        }
    }

    /// Reports a child that is not allowed, or not in this place.
    pub(super) fn unexpected<T>(&self, child: Node<'_>, parent: Node<'_>) -> Result<T> {
        let (name, of) = (child.tag_name().name(), parent.tag_name().name());
        let rank = |node: &Node<'_>| order::rank(of, node.tag_name().name());
        let later = rank(&child).and_then(|own| {
            let before = parent.children().filter(Node::is_element).take_while(|node| *node != child);
            before.take(SIBLINGS).find(|node| rank(node) > Some(own))
        });
        if let Some(later) = later {
            return self.misplaced(child, later, parent);
        }
        let named = if xsd_1_1::has_child(of, name) { xsd_1_1::NAMED } else { "" };
        let message = format!("{} is not allowed here in {}{named}", construct(child), construct(parent));
        let meant = order::nearest_name(name).filter(|_| named.is_empty());
        let help = meant.map(|meant| format!("did you mean `xs:{meant}`?"));
        Err(Failure::of(Fault::new(Code::SchemaSyntax, self.place(child), message).with_help(help)))
    }

    /// Reports a child that must come before `later`.
    fn misplaced<T>(&self, child: Node<'_>, later: Node<'_>, parent: Node<'_>) -> Result<T> {
        let (name, other) = (construct(child), construct(later));
        let message = match is(parent, "schema") {
            true => format!("expected {name} before all declarations, found it after {other}"),
            false => format!("expected {name} before {other} in {}, found it after", construct(parent)),
        };
        let help = Some(format!("move {name} before {other}"));
        let fault = Fault::new(Code::SchemaSyntax, self.place(child), message).with_help(help);
        Err(Failure::of(fault.with_place("it must come before this", self.place(later))))
    }

    /// Reports an unexpected child when reading can continue without it.
    pub(super) fn report_unexpected(&self, child: Node<'_>, parent: Node<'_>) {
        self.faults.or_note::<()>(self.unexpected(child, parent));
    }

    /// Checks that every attribute is one of those allowed or `id`, or is in a namespace other than XSD's, and that
    /// attributes of type anyURI contain a URI. Anything else is reported.
    pub(super) fn check_attributes(&self, node: Node<'_>, allowed: &[&str]) {
        for attribute in node.attributes() {
            let name = attribute.name();
            let is_known = match attribute.namespace() {
                None => name == "id" || allowed.contains(&name),
                Some(namespace) => namespace != XSD,
            };
            let place = self.place_at(attribute.range().start);
            if attribute.namespace() == Some(xsd_1_1::VERSIONING) && xsd_1_1::leaves_out(name, attribute.value()) {
                let message = format!("`vc:{name}` leaves this element out in XSD 1.1: it is read nevertheless");
                let help = String::from("use the XSD 1.0 variant of the schema");
                self.faults.warn(Fault::new(Code::NotMeant, place, message).with_help(Some(help)));
            }
            if !is_known {
                let of_xsd_1_1 = if xsd_1_1::has_attribute(node.tag_name().name(), name) { xsd_1_1::NAMED } else { "" };
                let message = format!("attribute `{name}` is not allowed on {}{of_xsd_1_1}", construct(node));
                self.report(Code::SchemaSyntax, place, message);
            }
            let is_uri = attribute.namespace().is_none()
                && ["targetNamespace", "schemaLocation", "source", "system"].contains(&name);
            if is_uri && !is_uri_reference(attribute.value()) {
                let message = format!("expected a URI in `{name}`, found `{}`", attribute.value());
                self.report(Code::SchemaSyntax, place, message);
            }
        }
    }

    /// The `id` attribute of any element: a name, unique in the document.
    pub(super) fn check_ids(&self, root: Node<'_>) {
        let mut known: HashMap<&str, Place> = HashMap::new();
        for node in root.descendants().filter(|node| node.tag_name().namespace() == Some(XSD)) {
            let Some(id) = self.trimmed(node, "id") else { continue };
            if !is_ncname(id) {
                self.faults.or_note::<()>(self.bad_value(node, "id", "a name without a colon", id));
                continue;
            }
            let place = self.attribute_place(node, "id");
            if let Some(first) = known.get(id) {
                let message = format!("expected another `id` than `{id}`");
                self.faults.or_note::<()>(conflict(Code::SchemaSyntax, place, message, "first given here", *first));
            } else {
                known.insert(id, place);
            }
        }
    }

    /// The value of an attribute without surrounding white space; most attributes of schema documents are collapsed.
    pub(super) fn trimmed<'a>(&self, node: Node<'a>, name: &str) -> Option<&'a str> {
        node.attribute(name).map(trim)
    }

    pub(super) fn required<'a>(&self, node: Node<'a>, name: &str) -> Result<&'a str> {
        // It may be present but misspelt.
        let is_reported = |attribute: roxmltree::Attribute<'_, '_>| {
            self.faults.is_reported(Code::SchemaSyntax, self.place_at(attribute.range().start))
        };
        match self.trimmed(node, name) {
            Some(value) => Ok(value),
            None if node.attributes().any(is_reported) => Err(Failure::Reported),
            None => fault(
                Code::SchemaSyntax,
                self.place(node),
                format!("missing required attribute `{name}` of {}", construct(node)),
            ),
        }
    }

    pub(super) fn boolean(&self, node: Node<'_>, name: &str) -> Result<Option<bool>> {
        match self.trimmed(node, name) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(other) => self.bad_value(node, name, "`true` or `false`", other),
        }
    }

    /// Whether an attribute is `true`; a value that is neither true nor false is reported.
    pub(super) fn is_true(&self, node: Node<'_>, name: &str) -> bool {
        self.faults.or_note(self.boolean(node, name)).flatten().unwrap_or(false)
    }

    /// A set of methods out of those `allowed`: `#all` of them, or a list. Without the attribute, or if its error is
    /// reported, the `default` of the schema applies, restricted to those `allowed`.
    pub(super) fn methods(
        &self,
        node: Node<'_>,
        name: &str,
        allowed: &[(&'static str, Methods)],
        default: Methods,
    ) -> Methods {
        let all = allowed.iter().fold(Methods::NONE, |all, (_, method)| all.and(*method));
        match self.trimmed(node, name) {
            None => default.common(all),
            Some("#all") => all,
            Some(list) => {
                self.faults.or_note(self.method_list(node, name, allowed, list)).unwrap_or(default.common(all))
            }
        }
    }

    fn method_list(
        &self,
        node: Node<'_>,
        name: &str,
        allowed: &[(&'static str, Methods)],
        list: &str,
    ) -> Result<Methods> {
        let mut methods = Methods::NONE;
        for word in list.split_ascii_whitespace() {
            let Some((_, method)) = allowed.iter().find(|(name, _)| *name == word) else {
                let names: Vec<_> = allowed.iter().map(|(name, _)| format!("`{name}`")).collect();
                return self.bad_value(node, name, &format!("`#all` or a list of {}", names.join(", ")), list);
            };
            methods = methods.and(*method);
        }
        Ok(methods)
    }

    /// A number; one that is too large becomes the largest possible.
    pub(super) fn number(&self, node: Node<'_>, name: &str) -> Result<Option<u64>> {
        let Some(value) = self.trimmed(node, name) else { return Ok(None) };
        let digits = value.strip_prefix('+').unwrap_or(value);
        let is_zero =
            value.strip_prefix('-').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte == b'0'));
        if is_zero {
            return Ok(Some(0));
        }
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.bad_value(node, name, "a whole number that is not negative", value);
        }
        Ok(Some(digits.parse().unwrap_or(u64::MAX)))
    }

    pub(super) fn bad_value<T>(&self, node: Node<'_>, name: &str, expected: &str, found: &str) -> Result<T> {
        mismatch(Code::SchemaSyntax, self.attribute_place(node, name), expected, &format!(" for `{name}`"), found)
    }

    /// The `name` of a declaration, in the given namespace.
    pub(super) fn declared_name(&mut self, node: Node<'_>, namespace: NamespaceId) -> Result<NameId> {
        let local = self.required(node, "name")?;
        if !is_ncname(local) {
            return self.bad_value(node, "name", "a name without a colon", local);
        }
        Ok(self.names.intern(namespace, local))
    }

    /// A qualified name in a required attribute.
    pub(super) fn required_reference(&mut self, node: Node<'_>, attribute: &str) -> Result<Reference> {
        let value = self.required(node, attribute)?;
        self.resolve(node, attribute, value)
    }

    /// A qualified name in an attribute.
    pub(super) fn reference(&mut self, node: Node<'_>, attribute: &str) -> Result<Option<Reference>> {
        match self.trimmed(node, attribute) {
            Some(value) => self.resolve(node, attribute, value).map(Some),
            None => Ok(None),
        }
    }

    /// A qualified name (part 1, section 3.15.3): its namespace is looked up in scope, and must be the target
    /// namespace, that of XSD, or an imported one.
    pub(super) fn resolve(&mut self, node: Node<'_>, attribute: &str, value: &str) -> Result<Reference> {
        let place = self.attribute_place(node, attribute);
        let (prefix, local) = match value.split_once(':') {
            Some((prefix, local)) => (Some(prefix), local),
            None => (None, value),
        };
        if !is_ncname(local) || prefix.is_some_and(|prefix| !is_ncname(prefix)) {
            if attribute == "substitutionGroup" && value.contains(char::is_whitespace) {
                let message = format!("expected one element for `substitutionGroup`, found several{}", xsd_1_1::NAMED);
                return fault(Code::SchemaSyntax, place, message);
            }
            return self.bad_value(node, attribute, "a qualified name", value);
        }
        let namespace = match (node.lookup_namespace_uri(prefix), prefix) {
            (Some(uri), _) => self.namespace(uri),
            (None, Some("xml")) => self.names.intern_namespace(roxmltree::NS_XML_URI),
            (None, Some(prefix)) => {
                return match self.reported.insert(prefix.to_owned()) {
                    true => fault(Code::SrcQname, place, format!("prefix `{prefix}` is not declared")),
                    false => Err(Failure::Reported),
                };
            }
            (None, None) => NamespaceId::NONE,
        };
        let namespace = if namespace == NamespaceId::NONE && self.is_chameleon { self.target } else { namespace };
        let uri = self.names.namespaces.get(namespace.index()).map_or("", |uri| uri);
        if namespace != self.target && uri != XSD && !self.imported.contains(&namespace) {
            let what = if uri.is_empty() { String::from("no namespace") } else { format!("namespace `{uri}`") };
            if !self.reported.insert(what.clone()) {
                return Err(Failure::Reported);
            }
            // Such as an additional slash or another scheme.
            let meant = nearest(uri, [XSD]).map(|_| format!("; did you mean `{XSD}`?"));
            let meant = meant.unwrap_or_else(|| String::from(", which this document does not import"));
            return fault(Code::SrcResolve, place, format!("`{value}` is in {what}{meant}"));
        }
        Ok(Reference { name: self.names.intern(namespace, local), place })
    }

    fn namespace(&mut self, uri: &str) -> NamespaceId {
        let is_called = |id: &NamespaceId| self.names.namespaces.get(id.index()).is_some_and(|known| **known == *uri);
        if let Some(known) = [self.recent, self.target].into_iter().find(is_called) {
            return known;
        }
        self.recent = self.names.intern_namespace(uri);
        self.recent
    }

    /// The prefixes used in a value, with the namespaces that they are bound to at an element. Only these are kept, and
    /// each namespace once, so that bindings take no more memory than the document.
    pub(super) fn bindings(&self, node: Node<'_>, value: &str) -> Bindings {
        let names = items(value);
        let prefixes: BTreeSet<&str> =
            names.map(|name| name.split_once(':').map_or("", |(prefix, _)| prefix)).collect();
        Bindings::new(prefixes.into_iter().filter_map(|prefix| {
            let namespace = node.lookup_namespace_uri(Some(prefix).filter(|prefix| !prefix.is_empty()))?;
            Some((prefix, self.shared(namespace)))
        }))
    }

    fn shared(&self, namespace: &str) -> Arc<str> {
        let mut known = self.namespaces.borrow_mut();
        if let Some(known) = known.get(namespace) {
            return Arc::clone(known);
        }
        let new: Arc<str> = namespace.into();
        known.insert(Arc::clone(&new));
        new
    }
}

/// Whether this is an element of XSD with the local name.
pub(super) fn is(node: Node<'_>, name: &str) -> bool {
    node.tag_name().name() == name
}

/// The name of the element for messages.
pub(super) fn construct(node: Node<'_>) -> String {
    format!("`xs:{}`", node.tag_name().name())
}

/// Appends the words of a text, white space collapsed.
fn append_collapsed(documentation: &mut String, text: &str) {
    let mut start = 0;
    for end in memchr::memchr3_iter(b'\n', b'\r', b'\t', text.as_bytes()).chain([text.len()]) {
        append_line(documentation, text.get(start..end).unwrap_or_default().trim_ascii());
        start = end + 1;
    }
}

/// Most lines of prose have single spaces between words, and are copied unchanged.
fn append_line(documentation: &mut String, mut line: &str) {
    static GAP: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("  "));
    while let Some(gap) = GAP.find(line.as_bytes()) {
        let (words, after) = line.split_at(gap);
        append_word(documentation, words);
        line = after.trim_ascii_start();
    }
    if !line.is_empty() {
        append_word(documentation, line);
    }
}

fn append_word(documentation: &mut String, word: &str) {
    if !documentation.is_empty() {
        documentation.push(' ');
    }
    documentation.push_str(word);
}

/// Part 2, section 3.2.17.
pub(super) fn is_uri_reference(text: &str) -> bool {
    static URI: OnceLock<Option<Arc<SimpleType>>> = OnceLock::new();
    URI.get_or_init(|| SimpleType::built_in("anyURI")).as_ref().is_some_and(|uri| uri.check(text).is_ok())
}
