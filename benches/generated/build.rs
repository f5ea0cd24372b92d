//! Generates a module for each real schema set, and the list of its documents.

#[path = "../real/src/archive.rs"]
mod archive;
#[path = "../real/src/set.rs"]
#[allow(dead_code)]
mod set;

use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use packetcheck::generate::Generator;
use packetcheck::{Limits, xml};
use set::{Document, Set};

/// Sets with about 100,000 lines of code or more: they take minutes to compile, and are left out unless
/// `GENERATED_SETS` names them (or is `all`).
const LARGE: [&str; 6] = ["netex", "oval", "fpml", "siri", "ubl21", "ooxml"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=REAL_DIR");
    println!("cargo::rerun-if-env-changed=GENERATED_SETS");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut list = String::new();
    let mut names = Vec::new();
    if let Some(folder) = archive::find(&archive::place())? {
        for set in set::read_all(&folder)?.iter().filter(|set| is_wanted(&set.name)) {
            names.push(generate(set, &out, &mut list)?);
        }
    }
    writeln!(list, "const SETS: &[(&str, fn(&mut Round))] = &[{}];", names.join(", "))?;
    fs::write(out.join("sets.rs"), list)?;
    Ok(())
}

fn is_wanted(name: &str) -> bool {
    match std::env::var("GENERATED_SETS") {
        Ok(wanted) => wanted == "all" || wanted.split(',').any(|wanted| name.starts_with(wanted)),
        Err(_) => !LARGE.iter().any(|large| name.starts_with(large)),
    }
}

/// Writes the module of a set and the function that reads its documents; returns its entry in the list of sets.
fn generate(set: &Set, out: &Path, list: &mut String) -> Result<String, Box<dyn Error>> {
    let schema = set.compile()?;
    let module: String = set.name.chars().map(|letter| if letter.is_alphanumeric() { letter } else { '_' }).collect();
    let documents: Vec<&Document> = set.documents.iter().filter(|document| document.is_valid).collect();
    let roots: BTreeSet<String> =
        documents.iter().map(|document| root_of(&document.bytes)).collect::<Result<_, _>>()?;
    // A set without a valid document: its code must still compile.
    let generator = roots.iter().fold(Generator::new(&schema), |generator, root| generator.root(root));
    let generated = generator.generate()?;
    generated.write_to(out.join(&module))?;
    let functions: Vec<&str> = generated
        .code
        .lines()
        .filter_map(|line| line.strip_prefix("pub fn encode_")?.split('(').next()?.strip_suffix("_into"))
        .collect();
    writeln!(
        list,
        "#[allow(dead_code)]\nmod {module} {{ include!(concat!(env!(\"OUT_DIR\"), \"/{module}/mod.rs\")); }}"
    )?;
    let parameter = if documents.is_empty() { "_" } else { "round" };
    writeln!(list, "fn run_{module}({parameter}: &mut Round) {{")?;
    for document in documents {
        let path = set.folder.join(&document.name);
        writeln!(list, "    round.begin({path:?});")?;
        for function in &functions {
            writeln!(
                list,
                "    round.trip({module}::schema(), {module}::decode_{function}, {module}::encode_{function}, \
                 {module}::encode_{function}_pretty);"
            )?;
        }
        writeln!(list, "    round.end();")?;
    }
    writeln!(list, "}}")?;
    Ok(format!("({:?}, run_{module})", set.name))
}

/// The local name of the root of a document.
fn root_of(bytes: &[u8]) -> Result<String, Box<dyn Error>> {
    let text = xml::decode(bytes, &Limits::default())?.into_owned();
    let mut reader = quick_xml::Reader::from_reader(text.as_slice());
    loop {
        match reader.read_event()? {
            quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag) => {
                return Ok(tag.local_name().as_ref().to_owned());
            }
            quick_xml::events::Event::Eof => return Err("a document without a root".into()),
            _ => {}
        }
    }
}
