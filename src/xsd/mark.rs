//! Our marks in `xs:appinfo`: elements whose content must not be shown, and schemas whose Schematron rules are run.

use roxmltree::Node;

use super::{SchemaError, XSD};
use crate::compiled::Compiled;
use crate::diagnostic::Code;

const NAMESPACE: &str = "urn:packetcheck";

/// The marks of all documents, read from their trees while the schema is loaded.
#[derive(Default)]
pub(crate) struct Marks {
    names: Vec<Box<str>>,
    /// The documents with a `rules` mark, by index.
    with_rules: Vec<u32>,
    /// Marks that are not understood: the index of the document, and the offset.
    refused: Vec<(u32, usize)>,
}

impl Marks {
    /// Reads the marks of one document.
    pub(crate) fn read(&mut self, document: u32, tree: &roxmltree::Document<'_>) {
        if memchr::memmem::find(tree.input_text().as_bytes(), NAMESPACE.as_bytes()).is_none() {
            return;
        }
        for node in tree.descendants().filter(|node| node.tag_name().namespace() == Some(NAMESPACE)) {
            match marked(node) {
                Some(Mark::Rules) => self.with_rules.push(document),
                Some(Mark::Secret(name)) if self.names.contains(&name) => {}
                Some(Mark::Secret(name)) => self.names.push(name),
                None => self.refused.push((document, node.range().start)),
            }
        }
    }

    /// Whether the Schematron rules of a document are run: it has the mark `<rules xmlns="urn:packetcheck"/>`, or a
    /// document connected with it by include or redefine has.
    pub(crate) fn run_rules(&self, schema: &Compiled, document: u32) -> bool {
        let composition = |document: u32| schema.documents.get(document as usize).map(|known| known.composition);
        self.with_rules.iter().any(|marked| composition(*marked) == composition(document))
    }

    /// The local names of the elements that are marked with `<secret xmlns="urn:packetcheck"/>`, or named by such a
    /// mark.
    ///
    /// # Errors
    ///
    /// Every mark that is not understood.
    pub(crate) fn into_names(self, schema: &Compiled) -> Result<Vec<Box<str>>, SchemaError> {
        const EXPECTED: &str = "expected `rules` in an `xs:appinfo`, or `secret` in the `xs:appinfo` of an element that has a name, or with the attribute `element` in that of the schema";
        let error = |(document, offset): (u32, usize)| {
            let document = schema.documents.get(document as usize)?;
            Some(SchemaError::at(Code::AppInfo, document, offset, EXPECTED))
        };
        match SchemaError::joined(self.refused.into_iter().filter_map(error).collect()) {
            None => Ok(self.names),
            Some(error) => Err(error),
        }
    }
}

/// What a mark says.
enum Mark {
    /// Run the Schematron rules.
    Rules,
    /// Do not show the content of elements with this name.
    Secret(Box<str>),
}

/// The meaning of a mark. The name of a `secret` is that of the declaration whose annotation contains it, or the one
/// that the mark itself gives in an annotation of the schema. Anything else in the namespace is rejected: ignoring a
/// mark would show what it is meant to hide.
fn marked(mark: Node<'_, '_>) -> Option<Mark> {
    let above = |node: Node<'_, '_>| node.parent_element().map(|parent| parent.id());
    let node = |id: Option<roxmltree::NodeId>| id.and_then(|id| mark.document().get_node(id));
    let appinfo = node(above(mark)).filter(|node| node.has_tag_name((XSD, "appinfo")));
    let annotation = node(appinfo.and_then(above)).filter(|node| node.has_tag_name((XSD, "annotation")));
    let annotated = node(annotation.and_then(above))?;
    let name = match (mark.tag_name().name(), annotated.tag_name().name()) {
        ("rules", _) => return Some(Mark::Rules),
        ("secret", "element") => annotated.attribute("name"),
        ("secret", "schema") => mark.attribute("element"),
        _ => None,
    };
    name.map(|name| Mark::Secret(name.trim_ascii().into()))
}
