//! Schemas that are wrong: each constraint that the table of codes knows has an example with this one fault, and
//! `tests/golden/schema_faults.txt` says where it is found and with which words.
//!
//! A new constraint needs no more than its entry in `src/diagnostic/code/schema.rs`; with `UPDATE_GOLDEN=1` in the
//! environment the golden file is written anew: look at the difference.

use std::fs;
use std::path::{Path, PathBuf};

use packetcheck::Schema;
use packetcheck::diagnostic::Code;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Constraints whose example cannot show them.
const WITHOUT_EXAMPLE: &[Code] = &[];

fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// The example of a code as a schema document.
fn example_of(code: Code) -> String {
    let example = code.example();
    if example.starts_with("<xs:schema") {
        return example.to_owned();
    }
    format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">\n{example}</xs:schema>\n")
}

#[test]
fn each_constraint_has_an_example_with_this_one_fault() -> Outcome {
    let data = tests_folder().join("data/schema_faults");
    let others = ["other_namespace.xsd", "third_namespace.xsd"];
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
            Ok(_) => wrong += &format!("{code} {constraint}: the example compiles\n"),
            Err(error) => {
                if error.code() != code {
                    wrong += &format!("{code} {constraint}: found {} {error}\n", error.code());
                }
                actual += &format!("{code} {constraint}\n{error}\n\n");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    compare("golden/schema_faults.txt", &actual)
}

/// Holds a text against a golden file, or writes the file.
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
