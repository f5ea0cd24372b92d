//! One error, one message: a random valid answer with one random mistake has one error, at the place of the mistake.

use std::path::Path;
use std::sync::LazyLock;

use packetcheck::Schema;
use proptest::prelude::*;

static RESPONSE: LazyLock<Schema> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/plesk/response.xsd");
    Schema::from_file(path).expect("the schema in the repository is right")
});

/// An element of a packet that a mistake can be put into.
#[derive(Debug, Clone)]
struct Node {
    name: &'static str,
    children: Vec<Node>,
    text: String,
}

fn leaf(name: &'static str, text: impl Into<String>) -> Node {
    Node { name, children: Vec::new(), text: text.into() }
}

fn branch(name: &'static str, children: Vec<Node>) -> Node {
    Node { name, children, text: String::new() }
}

impl Node {
    /// Writes the element; with `pretty`, each on its own line.
    fn write(&self, pretty: bool, depth: usize, out: &mut String) {
        let indent = |out: &mut String| {
            if pretty {
                out.push('\n');
                out.push_str(&"  ".repeat(depth));
            }
        };
        if depth > 0 {
            indent(out);
        }
        *out += &format!("<{}>{}", self.name, self.text);
        for child in &self.children {
            child.write(pretty, depth + 1, out);
        }
        if !self.children.is_empty() {
            indent(out);
        }
        *out += &format!("</{}>", self.name);
    }

    fn find(&mut self, path: &[usize]) -> &mut Node {
        path.iter().fold(self, |node, index| &mut node.children[*index])
    }
}

fn result() -> impl Strategy<Value = Vec<Node>> {
    let text = "[a-zA-Z0-9 .,']{0,20}";
    let progress = (0..10_000u32, text).prop_map(|(total, text)| {
        let (total, completed) = (total.to_string(), (total / 2).to_string());
        let counts = vec![leaf("total", total), leaf("completed", completed), leaf("description", text)];
        vec![leaf("status", "ok"), branch("migration_status", counts)]
    });
    let success = Just(vec![leaf("status", "ok"), branch("finished", vec![leaf("success", "")])]);
    let failed = (1000..2000u32, text).prop_map(|(code, text)| {
        vec![leaf("status", "error"), leaf("errcode", code.to_string()), leaf("errtext", text)]
    });
    prop_oneof![progress, success, failed]
}

fn packet() -> impl Strategy<Value = Node> {
    prop::collection::vec(result(), 1..5).prop_map(|results| {
        let operations =
            results.into_iter().map(|result| branch("get_status", vec![branch("result", result)])).collect();
        branch("packet", vec![branch("migration", operations)])
    })
}

/// A mistake in one `result`. The path of the error shows the operation.
#[derive(Debug, Clone)]
enum Fault {
    RemoveStatus,
    DoubleStatus,
    MisspellStatus,
    UnknownChildAt(usize),
    TextBetween,
    LastBeforeStatus,
    UnknownAttribute,
    BareAmpersand,
    RemoveResult,
    DoubleResult,
    BadStatus,
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::RemoveStatus),
        Just(Fault::DoubleStatus),
        Just(Fault::MisspellStatus),
        (0..4usize).prop_map(Fault::UnknownChildAt),
        Just(Fault::TextBetween),
        Just(Fault::LastBeforeStatus),
        Just(Fault::UnknownAttribute),
        Just(Fault::BareAmpersand),
        Just(Fault::RemoveResult),
        Just(Fault::DoubleResult),
        Just(Fault::BadStatus),
    ]
}

/// Puts the mistake into an operation, and returns the expected code.
fn spoil(operation: &mut Node, fault: &Fault) -> &'static str {
    match fault {
        Fault::RemoveResult => {
            operation.children.clear();
            return "PC0203";
        }
        Fault::DoubleResult => {
            let again = operation.children[0].clone();
            operation.children.push(again);
            return "PC0205";
        }
        _ => {}
    }
    let result = operation.find(&[0]);
    match fault {
        Fault::RemoveStatus => {
            result.children.remove(0);
            "PC0203"
        }
        Fault::DoubleStatus => {
            result.children.insert(1, result.children[0].clone());
            "PC0205"
        }
        Fault::MisspellStatus => {
            result.children[0].name = "statsu";
            "PC0204"
        }
        Fault::UnknownChildAt(at) => {
            let at = *at % (result.children.len() + 1);
            result.children.insert(at, branch("unheard-of", vec![leaf("status", "x"), leaf("z", "&#33;")]));
            "PC0202"
        }
        Fault::TextBetween => {
            result.text = "words".to_owned();
            "PC0207"
        }
        Fault::LastBeforeStatus => {
            if let Some(last) = result.children.pop() {
                result.children.insert(0, last);
            }
            "PC0206"
        }
        Fault::BareAmpersand => {
            result.children[0].text = "Smith & Sons".to_owned();
            "PC0109"
        }
        Fault::BadStatus => {
            result.children[0].text = "okay".to_owned();
            "PC0402"
        }
        Fault::UnknownAttribute | Fault::RemoveResult | Fault::DoubleResult => "PC0302",
    }
}

proptest! {
    #[test]
    fn one_fault_is_found_once_and_in_its_place(
        mut packet in packet(),
        fault in fault(),
        which in any::<prop::sample::Index>(),
        pretty in any::<bool>(),
    ) {
        let mut document = String::new();
        packet.write(pretty, 0, &mut document);
        let report = RESPONSE.explain_without_prediction(document.as_bytes());
        prop_assert!(report.diagnostics.is_empty(), "{document}\n{report:#?}");

        let operations = &mut packet.find(&[0]).children;
        let index = which.index(operations.len());
        let code = spoil(&mut operations[index], &fault);
        document.clear();
        packet.write(pretty, 0, &mut document);
        if matches!(fault, Fault::UnknownAttribute) {
            let at = document.match_indices("<result").nth(index).map_or(0, |(at, tag)| at + tag.len());
            document.insert_str(at, " unheard-of='1'");
        }
        let report = RESPONSE.explain_without_prediction(document.as_bytes());
        prop_assert_eq!(report.errors, 1, "{}\n{:#?}", document, report);
        prop_assert_eq!(report.warnings, 0, "{}\n{:#?}", document, report);
        prop_assert_eq!(report.diagnostics[0].code.as_str(), code);
        let position = if index == 0 { String::new() } else { format!("[{}]", index + 1) };
        let place = format!("/packet/migration/get_status{position}");
        prop_assert!(report.diagnostics[0].path.starts_with(&place), "{} {}", report.diagnostics[0].path, place);
        prop_assert!(!RESPONSE.is_valid(document.as_bytes()));
    }
}
