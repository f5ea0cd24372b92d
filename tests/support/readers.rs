//! The same packets read by other readers, to compare with our decoding: events of quick-xml, the tree of roxmltree.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::packet::{Answer, Packet};

/// An element as any reader sees it.
#[derive(Debug, Default)]
struct Node {
    name: String,
    version: Option<String>,
    children: Vec<Node>,
    text: String,
}

/// Reads an answer by quick-xml's events.
pub(crate) fn by_quick_xml(text: &str) -> Packet {
    let mut reader = Reader::from_str(text);
    // The first is the document itself.
    let mut open = vec![Node::default()];
    loop {
        let top = open.last_mut().expect("the document stays open");
        match reader.read_event().expect("well-formed") {
            Event::Start(tag) => open.push(node(&tag)),
            Event::Empty(tag) => top.children.push(node(&tag)),
            Event::End(_) => {
                let node = open.pop().expect("ends balance");
                open.last_mut().expect("ends balance").children.push(node);
            }
            Event::Text(text) => top.text.push_str(&text.xml10_content()),
            Event::CData(text) => top.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => match reference.resolve_char_ref().expect("a character") {
                Some(character) => top.text.push(character),
                None => top.text.push_str(match &*reference.xml10_content() {
                    "lt" => "<",
                    "gt" => ">",
                    "amp" => "&",
                    "apos" => "'",
                    "quot" => "\"",
                    other => unreachable!("a reference to nothing: {other}"),
                }),
            },
            Event::Eof => return packet(&open[0].children[0]),
            _ => {}
        }
    }
}

fn node(tag: &BytesStart<'_>) -> Node {
    let version = tag.try_get_attribute("version").expect("attributes are well-formed");
    let version = version.map(|attribute| attribute.value.into_owned());
    Node { name: tag.name().as_ref().to_owned(), version, ..Node::default() }
}

/// Reads an answer by roxmltree.
pub(crate) fn by_roxmltree(text: &str) -> Packet {
    // Known bug of roxmltree 0.21: it keeps a carriage return before a reference.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let document = roxmltree::Document::parse(&text).expect("well-formed");
    packet(&tree(document.root_element()))
}

fn tree(element: roxmltree::Node<'_, '_>) -> Node {
    Node {
        name: element.tag_name().name().to_owned(),
        version: element.attribute("version").map(str::to_owned),
        children: element.children().filter(roxmltree::Node::is_element).map(tree).collect(),
        text: element.children().filter(roxmltree::Node::is_text).filter_map(|text| text.text()).collect(),
    }
}

impl Node {
    fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    fn text_of(&self, name: &str) -> String {
        self.child(name).expect("a child that must be there").text.clone()
    }
}

fn packet(root: &Node) -> Packet {
    let operations = root.children.iter().flat_map(|operator| &operator.children);
    let answers = operations.map(|operation| answer(operation.child("result").expect("a result"))).collect();
    Packet { version: root.version.clone(), answers }
}

fn answer(result: &Node) -> Answer {
    if result.text_of("status") == "error" {
        let code = result.text_of("errcode");
        return Answer::Failed { code: code.trim().parse().expect("a code"), text: result.text_of("errtext") };
    }
    if let Some(status) = result.child("migration_status") {
        return Answer::InProgress {
            total: status.text_of("total"),
            completed: status.text_of("completed"),
            description: status.child("description").map(|description| description.text.clone()),
        };
    }
    let finished = result.child("finished").expect("a body");
    match finished.child("error") {
        None => Answer::Succeeded,
        Some(error) => Answer::FinishedWithError {
            object: error.child("object").map(|object| (object.text_of("type"), object.text_of("name"))),
            message: error.text_of("message"),
        },
    }
}
