//! Schemas that require much work, and documents that make the most of them: each verdict is right, or a limit is
//! reached by name at the schema's line, and the memory stays below the stated bound. `cargo bench --bench hostile`
//! shows how long each takes; a cost that is quadratic in these sizes, or worse, would take too long for any test.

use std::fs;
use std::hint::black_box;
use std::path::PathBuf;

use allocation_counter::measure;
use packetcheck::{Schema, SchemaError};

use crate::support::hostile::{self, CASES, Case, Outcome};
use crate::support::parallel;

/// The peak memory for compiling any of these schemas.
const SCHEMA_MEMORY: u64 = 96 << 20;

/// The memory for validating any of these documents, on both paths together, in addition to the document.
const DOCUMENT_MEMORY: u64 = 32 << 20;

/// The schema of a case, within its memory bound.
fn compiled(case: &Case) -> Result<Schema, SchemaError> {
    let mut schema = None;
    let used = measure(|| schema = Some(Schema::from_documents(&[("hostile.xsd", &case.schema)])));
    assert!(used.bytes_max <= SCHEMA_MEMORY, "{}: {used:?}", case.name);
    schema.expect("it was compiled")
}

/// The verdicts of prediction and of the walk alone, within their memory bound.
fn verdicts(schema: &Schema, document: &str) -> (bool, bool) {
    let mut verdicts = (false, false);
    let used = measure(|| {
        let document = black_box(document.as_bytes());
        verdicts = (schema.is_valid(document), schema.explain_without_prediction(document).is_valid());
    });
    assert!(used.bytes_max <= DOCUMENT_MEMORY, "{used:?}");
    verdicts
}

fn check(case: &Case) {
    let name = case.name;
    match &case.outcome {
        Outcome::Checks(documents) => {
            let schema = compiled(case).map_err(|error| error.to_string()).expect(name);
            for document in documents {
                let right = (document.is_valid, document.is_valid);
                assert_eq!(verdicts(&schema, &document.text), right, "{name}: {}", document.name);
            }
        }
        Outcome::Refused(words) => {
            let error = compiled(case).expect_err(name);
            assert!(error.line() > 1 && error.message().contains(words), "{name}: {error}");
        }
    }
}

#[test]
fn hostile_schemas_get_right_verdicts_within_their_memory() {
    parallel::each(CASES, |case| check(&case()));
}

/// Schemas in a folder of their own.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("schemas")).expect("a folder");
        for (file, body) in files {
            fs::write(folder.join(file), hostile::schema(body)).expect("a file");
        }
        Folder(folder)
    }

    fn compile(&self) -> Result<Schema, SchemaError> {
        Schema::from_file(self.0.join("schemas/root.xsd"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn documents_that_include_each_other_are_read_once() {
    let folder = Folder::new(
        "cycle",
        &[
            ("schemas/root.xsd", "<s:include schemaLocation='b.xsd'/><s:element name='r' type='b'/>"),
            (
                "schemas/b.xsd",
                "<s:include schemaLocation='./c.xsd'/><s:simpleType name='b'><s:restriction base='c'/></s:simpleType>",
            ),
            (
                "schemas/c.xsd",
                "<s:include schemaLocation='../schemas/root.xsd'/><s:include schemaLocation='c.xsd'/>\
                 <s:simpleType name='c'><s:restriction base='s:int'/></s:simpleType>",
            ),
        ],
    );
    let schema = folder.compile().expect("a schema");
    assert_eq!(verdicts(&schema, "<r>1</r>"), (true, true));
    assert_eq!(verdicts(&schema, "<r>x</r>"), (false, false));
}

/// Files elsewhere are not read, and nothing about them is revealed.
#[test]
fn what_lies_outside_the_folder_is_refused() {
    let secret = ("secret.xsd", "<s:element name='secret'/>");
    for (name, location) in [
        ("up", "../secret.xsd"),
        ("system", "../../../../../../../../../../etc/hostname"),
        ("absolute", "/etc/hostname"),
        ("file", "file:///etc/hostname"),
        ("link", "link.xsd"),
    ] {
        let body = format!("<s:include schemaLocation='{location}'/>\n<s:element name='r' type='missed'/>");
        let folder = Folder::new(name, &[secret, ("schemas/root.xsd", &body)]);
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.0.join("secret.xsd"), folder.0.join("schemas/link.xsd")).expect("a link");
        let error = folder.compile().expect_err(location);
        assert_eq!(error.line(), 2, "{location}: {error}");
        assert!(error.path().ends_with("root.xsd") && error.message().contains(location), "{location}: {error}");
        assert!(!error.to_string().contains("well-formed"), "{location}: {error}");
    }
}

/// A location that leads to nothing is not an error if nothing from it is needed; nothing is fetched.
#[test]
fn what_lies_in_a_network_is_not_read() {
    let include = "<s:include schemaLocation='http://www.w3.org/2001/xml.xsd'/>";
    let folder = Folder::new("network", &[("schemas/root.xsd", &format!("{include}<s:element name='r'/>"))]);
    assert_eq!(folder.compile().expect("a schema").documents().count(), 1);
    let folder = Folder::new("missed", &[("schemas/root.xsd", &format!("{include}<s:element name='r' type='t'/>"))]);
    let error = folder.compile().expect_err("a type that is not there");
    assert!(error.line() == 2 && error.path().ends_with("root.xsd"), "{error}");
}

/// The least time of a few runs.
fn least_time(mut what: impl FnMut()) -> std::time::Duration {
    let time = |_| {
        let start = std::time::Instant::now();
        what();
        start.elapsed()
    };
    (0..3).map(time).min().unwrap_or_default()
}

/// Four times as many take four times as long, not sixteen times.
#[test]
fn imports_that_lead_nowhere_take_linear_time() {
    let schema = |count: usize| {
        let imports: String = (0..count)
            .map(|number| format!("<s:import namespace='urn:{number}' schemaLocation='http://a/{number}.xsd'/>"))
            .collect();
        let uses: String = (0..count / 4).map(|number| format!("<s:element name='e{number}' type='p:t'/>")).collect();
        format!("<s:schema xmlns:s='http://www.w3.org/2001/XMLSchema' xmlns:p='urn:1'>{imports}{uses}</s:schema>")
    };
    let time = |count: usize| {
        let text = schema(count);
        least_time(|| {
            let error = Schema::from_documents(&[("a.xsd", &text)]).expect_err("what is used is missing");
            assert_eq!((error.errors(), error.code().as_str()), (1, "PC1006"), "{error}");
        })
    };
    let (few, many) = (time(2_000), time(8_000));
    assert!(many < few * 10, "{few:?} for 2,000 and {many:?} for 8,000");
}

/// A location is looked up once per folder: if all documents name all others, that costs no more than reading the
/// names.
#[test]
fn many_documents_that_include_each_other_are_read_once() {
    const COUNT: usize = 150;
    let includes: String = (0..COUNT).map(|number| format!("<s:include schemaLocation='{number}.xsd'/>")).collect();
    let names: Vec<String> = (0..COUNT).map(|number| format!("schemas/{number}.xsd")).collect();
    let bodies: Vec<String> = (0..COUNT).map(|number| format!("{includes}<s:element name='e{number}'/>")).collect();
    let mut files: Vec<(&str, &str)> = names.iter().zip(&bodies).map(|(name, body)| (&**name, &**body)).collect();
    files.push(("schemas/root.xsd", &includes));
    let schema = Folder::new("mesh", &files).compile().expect("a schema");
    assert_eq!((schema.documents().count(), schema.element_count()), (COUNT + 1, COUNT));
}

/// A document that many namespaces include is made for each of them, within a limit that is checked beforehand.
#[test]
fn a_document_that_many_namespaces_include_is_counted_before_it_is_compiled() {
    let types: String = (0..6000)
        .map(|number| {
            format!("<s:complexType name='t{number}'><s:sequence><s:element name='a'/></s:sequence></s:complexType>")
        })
        .collect();
    let imports: String =
        (0..100).map(|number| format!("<s:import namespace='u{number}' schemaLocation='f{number}.xsd'/>")).collect();
    let folder = Folder::new("chameleon", &[("schemas/c.xsd", &types), ("schemas/root.xsd", &imports)]);
    for number in 0..100 {
        let including = hostile::schema("<s:include schemaLocation='c.xsd'/>").replacen(
            "<s:schema ",
            &format!("<s:schema targetNamespace='u{number}' "),
            1,
        );
        fs::write(folder.0.join(format!("schemas/f{number}.xsd")), including).expect("a file");
    }
    let error = folder.compile().expect_err("it is too much");
    assert_eq!((error.errors(), error.constraint()), (1, "limit"), "{error}");
}
