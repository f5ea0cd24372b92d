//! Invalid schemas: each constraint in the table of codes has an example with just this error, and
//! `tests/golden/schema_faults.txt` has its place and message.
//!
//! Files in `tests/data/schema_faults` have several errors, and list them.
//!
//! A new constraint only needs its page in `docs/codes` and its entry in `src/diagnostic/code/table.rs`; with
//! `UPDATE_GOLDEN=1` in the environment the golden file is rewritten: check the difference.

use std::fs;
use std::path::{Path, PathBuf};

use packetcheck::diagnostic::render::text;
use packetcheck::diagnostic::{Code, LineIndex};
use packetcheck::{Schema, SchemaError, SchemaFile};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Constraints whose example cannot show them.
const WITHOUT_EXAMPLE: &[Code] = &[Code::CatalogSyntax];

fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The example of a code as a schema document.
fn example_of(code: Code) -> String {
    let example = code.example();
    if example.contains("<xs:schema") {
        return example.to_owned();
    }
    format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n{example}</xs:schema>\n")
}

#[test]
fn each_constraint_has_an_example_with_this_one_fault() -> Outcome {
    let data = tests_folder().join("data/schema_faults");
    let others = ["other_namespace.xsd", "third_namespace.xsd", "redefined.xsd"];
    let texts = others.map(|name| fs::read_to_string(data.join(name)));
    let mut actual = String::new();
    let mut wrong = String::new();
    for code in Code::all() {
        let Some(constraint) = code.constraint() else { continue };
        if WITHOUT_EXAMPLE.contains(&code) {
            continue;
        }
        let example = example_of(code);
        let mut documents = vec![("example.xsd", example.as_str())];
        for (name, text) in others.iter().zip(&texts) {
            documents.push((name, text.as_deref().map_err(|error| error.to_string())?));
        }
        match Schema::from_documents(&documents) {
            // A legal schema may have a warning.
            Ok(schema) if !schema.warnings().is_empty() => {
                let diagnostics = schema.warnings().iter().flat_map(|file| &file.report().diagnostics);
                if diagnostics.map(|warning| warning.code).ne([code]) {
                    wrong += &format!("{code} {constraint}: found {:?}\n", schema.warnings());
                }
                actual += &described(schema.warnings());
            }
            Ok(_) => wrong += &format!("{code} {constraint}: the example compiles\n"),
            Err(error) => {
                if error.code() != code || error.errors() != 1 {
                    wrong += &format!("{code} {constraint}: found {} {error}\n", error.code());
                }
                actual += &rendered(&error);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    compare("golden/schema_faults.txt", &actual)
}

/// Files that list their errors in a comment (`expected:` and lines with a place and a constraint), so that an
/// additional or a missing error fails.
#[test]
fn each_mistake_is_reported_once_in_its_place() -> Outcome {
    let mut files: Vec<PathBuf> = fs::read_dir(tests_folder().join("data/schema_faults"))?
        .map(|entry| Ok(entry?.path()))
        .collect::<std::io::Result<_>>()?;
    files.sort();
    let mut checked = 0;
    for path in files {
        let text = fs::read_to_string(&path)?;
        let Some((_, expected)) = text.split_once("expected:\n") else { continue };
        let expected = expected.split_once("-->").map_or(expected, |(expected, _)| expected);
        let expected: Vec<&str> = expected.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let error = Schema::from_file(&path).err().ok_or("the schema compiles")?;
        let mut found = Vec::new();
        for file in error.files() {
            let index = LineIndex::new(file.text().unwrap_or_default().as_bytes());
            for diagnostic in &file.report().diagnostics {
                let place = index.line_column(diagnostic.span.start);
                let constraint = diagnostic.code.constraint().unwrap_or_default();
                found.push(format!("{}:{} {constraint}", place.line, place.column));
            }
        }
        assert_eq!(found, expected, "{}:\n{}", path.display(), rendered(&error));
        assert_eq!(error.errors(), expected.len());
        checked += 1;
    }
    assert!(checked > 0, "no file says what it expects");
    Ok(())
}

/// All errors of a schema, as the command shows them.
fn rendered(error: &SchemaError) -> String {
    described(error.files())
}

fn described(files: &[SchemaFile]) -> String {
    let show = |file: &SchemaFile| {
        let text = file.text().unwrap_or_default().as_bytes();
        text::diagnostics(file.path(), text, &file.report().diagnostics, false)
    };
    files.iter().map(show).collect()
}

/// Compares a text with a golden file, or writes the file.
fn compare(file: &str, actual: &str) -> Outcome {
    let path = tests_folder().join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return Ok(fs::write(path, actual)?);
    }
    let expected = fs::read_to_string(&path)?;
    assert!(
        actual == expected,
        "{file}: expected\n\n{expected}\nfound\n\n{actual}\n`UPDATE_GOLDEN=1` takes what was found"
    );
    Ok(())
}
