//! libxml2 on one set, or nothing if this program was built without it.

#[cfg(feature = "libxml2")]
pub use with::Yardstick;
#[cfg(not(feature = "libxml2"))]
pub use without::Yardstick;

#[cfg(feature = "libxml2")]
mod with {
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use cpu_time::ThreadTime;
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use crate::clock::{Pass, making};
    use crate::libxml2::{Library, Schema};
    use crate::set::Set;

    pub struct Yardstick {
        library: Library,
        entry: Entry,
        /// `None` if libxml2 refuses it.
        schema: Option<Schema>,
        /// The processor time for compiling it once.
        compiled_in: Duration,
    }

    /// The input of libxml2, which takes a single document.
    enum Entry {
        File(PathBuf),
        /// A document that imports several.
        Text(String),
    }

    impl Yardstick {
        pub fn new(set: &Set, notes: &mut Vec<String>) -> Yardstick {
            let library = Library::new(set.catalog().as_deref());
            let entry = Entry::new(&set.entries().collect::<Vec<_>>());
            let start = ThreadTime::now();
            let schema = entry.compile(&library);
            let compiled_in = start.elapsed();
            if schema.is_none() {
                notes.push(format!("libxml2 {} refuses the schema", library.version()));
            }
            Yardstick { library, entry, schema, compiled_in }
        }

        /// The time for compiling the schema once: some take libxml2 too long to do it again.
        pub fn compiled_in(&self) -> Option<Duration> {
            self.schema.as_ref().map(|_| self.compiled_in)
        }

        /// A pass that compiles the schema.
        pub fn compiling(&self) -> Option<Pass<'_>> {
            self.schema.as_ref()?;
            Some(making(|| self.entry.compile(&self.library)))
        }

        /// Whether a document is valid, by the streaming reader.
        pub fn streaming(&self) -> Option<impl FnMut(&[u8]) -> bool> {
            let schema = self.schema.as_ref()?;
            Some(|document: &[u8]| schema.is_valid_streaming(document))
        }

        /// Whether a document is valid, by its tree.
        pub fn trees(&self) -> Option<impl FnMut(&[u8]) -> bool> {
            let mut validator = self.schema.as_ref()?.tree_validator()?;
            Some(move |document: &[u8]| validator.is_valid(document))
        }
    }

    impl Entry {
        fn new(entries: &[PathBuf]) -> Entry {
            if let [entry] = entries {
                return Entry::File(entry.clone());
            }
            let import = |path: &PathBuf| {
                let namespace = target_namespace(path).map_or(String::new(), |uri| format!(" namespace=\"{uri}\""));
                format!("<xs:import{namespace} schemaLocation=\"{}\"/>", path.display())
            };
            let imports: String = entries.iter().map(import).collect();
            Entry::Text(format!("<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\">{imports}</xs:schema>"))
        }

        fn compile(&self, library: &Library) -> Option<Schema> {
            match self {
                Entry::File(path) => library.schema(path),
                Entry::Text(text) => library.schema_of_text(text),
            }
        }
    }

    fn target_namespace(path: &Path) -> Option<String> {
        let text = std::fs::read_to_string(path).ok()?;
        let mut reader = Reader::from_str(&text);
        loop {
            match reader.read_event().ok()? {
                Event::Start(root) => {
                    let attribute = root.try_get_attribute("targetNamespace").ok()??;
                    return Some(String::from(attribute.value));
                }
                Event::Eof => return None,
                _ => {}
            }
        }
    }
}

#[cfg(not(feature = "libxml2"))]
mod without {
    use std::time::Duration;

    use crate::clock::Pass;
    use crate::set::Set;

    pub struct Yardstick;

    impl Yardstick {
        pub fn new(_set: &Set, _notes: &mut Vec<String>) -> Yardstick {
            Yardstick
        }

        pub fn compiled_in(&self) -> Option<Duration> {
            None
        }

        pub fn compiling(&self) -> Option<Pass<'_>> {
            None
        }

        pub fn streaming(&self) -> Option<fn(&[u8]) -> bool> {
            None
        }

        pub fn trees(&self) -> Option<impl FnMut(&[u8]) -> bool> {
            None::<fn(&[u8]) -> bool>
        }
    }
}
