//! Marks in `xs:appinfo` on elements whose content must not be shown.

use roxmltree::Node;

use super::{SchemaError, XSD};
use crate::compiled::Compiled;
use crate::diagnostic::Code;

const NAMESPACE: &str = "urn:packetcheck";

/// The marks of all documents, read from their trees while the schema is loaded.
#[derive(Default)]
pub(crate) struct Secrets {
    names: Vec<Box<str>>,
    /// Marks that are not understood: the index of the document, and the offset.
    refused: Vec<(u32, usize)>,
}

impl Secrets {
    /// Reads the marks of one document.
    pub(crate) fn read(&mut self, document: u32, tree: &roxmltree::Document<'_>) {
        if memchr::memmem::find(tree.input_text().as_bytes(), NAMESPACE.as_bytes()).is_none() {
            return;
        }
        for node in tree.descendants().filter(|node| node.tag_name().namespace() == Some(NAMESPACE)) {
            match marked(node) {
                Some(name) if self.names.contains(&name) => {}
                Some(name) => self.names.push(name),
                None => self.refused.push((document, node.range().start)),
            }
        }
    }

    /// The local names of the elements that are marked with `<secret xmlns="urn:packetcheck"/>`, or named by one.
    ///
    /// # Errors
    ///
    /// Every mark that is not understood.
    pub(crate) fn into_names(self, schema: &Compiled) -> Result<Vec<Box<str>>, SchemaError> {
        const EXPECTED: &str = "expected `secret` in the `xs:appinfo` of an element that has a name, or with the attribute `element` in that of the schema";
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

/// The name of the element that a mark is for: that of the declaration whose annotation it is in, or the one that it
/// names itself in an annotation of the schema. Anything else in the namespace is refused: a mark that is passed over
/// would show what it is to hide.
fn marked(mark: Node<'_, '_>) -> Option<Box<str>> {
    let above = |node: Node<'_, '_>| node.parent_element().map(|parent| parent.id());
    let node = |id: Option<roxmltree::NodeId>| id.and_then(|id| mark.document().get_node(id));
    let appinfo = node(above(mark)).filter(|node| node.has_tag_name((XSD, "appinfo")));
    let annotation = node(appinfo.and_then(above)).filter(|node| node.has_tag_name((XSD, "annotation")));
    let annotated = node(annotation.and_then(above)).filter(|_| mark.tag_name().name() == "secret");
    let name = annotated.and_then(|annotated| match annotated.tag_name().name() {
        "element" => annotated.attribute("name"),
        "schema" => mark.attribute("element"),
        _ => None,
    });
    name.map(|name| name.trim_ascii().into())
}
