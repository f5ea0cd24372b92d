//! Tables from locations to files: `--map`, and XML catalogs (OASIS, XML Catalogs 1.1).
//!
//! A schema's locations are URI references, so `uri` entries are meant for them; many catalogs list them as `system`,
//! so both are looked up in the same way (section 7.2.2): the exact name, then the longest prefix to rewrite, then the
//! longest suffix, and only then the next catalog. Entries for public identifiers do not concern schemas and are
//! skipped; entries that delegate to other catalogs only at lookup (`delegateURI`) are refused.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::SchemaError;
use super::depth::{find_excess, parse_checked};
use super::document::{Text, read_file};
use super::locate::{local_path, words};
use crate::Limits;
use crate::compiled::Document;
use crate::diagnostic::Code;
use crate::xml::{self, blank_doctype};

const CATALOG: &str = "urn:oasis:names:tc:entity:xmlns:xml:catalog";

/// The most catalogs that may be linked together.
const CATALOGS: usize = 1000;

type Node<'a> = roxmltree::Node<'a, 'a>;

/// What a name is mapped to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    File(PathBuf),
    /// Something that cannot be read here.
    Foreign(String),
}

impl Target {
    fn as_file(&self) -> Option<&Path> {
        match self {
            Target::File(path) => Some(path),
            Target::Foreign(_) => None,
        }
    }
}

/// All tables, in the order in which they are searched.
#[derive(Debug, Default)]
pub(super) struct Catalogs {
    tables: Vec<Table>,
}

/// One catalog.
#[derive(Debug, Default)]
struct Table {
    exact: HashMap<String, Target>,
    rewrites: Vec<(String, Target)>,
    suffixes: Vec<(String, Target)>,
}

impl Catalogs {
    /// # Errors
    ///
    /// A catalog that cannot be read, or a file that is not a catalog.
    pub(super) fn read(map: &[(String, PathBuf)], files: &[PathBuf]) -> Result<Catalogs, SchemaError> {
        let mut table = Table::default();
        map.iter().for_each(|(uri, path)| table.add_exact((uri.clone(), Target::File(path.clone()))));
        let mut catalogs = Catalogs { tables: vec![table] };
        let mut seen = HashSet::new();
        // The catalogs that one names as next are searched before those after it.
        let mut waiting: Vec<PathBuf> = files.iter().rev().cloned().collect();
        while let Some(file) = waiting.pop() {
            let path = file.display().to_string();
            let unreadable = |reason: String| SchemaError::unreadable(path.clone(), reason);
            let identity =
                file.canonicalize().map_err(|error| unreadable(format!("cannot be read: {}", words(&error))))?;
            if !seen.insert(identity.clone()) {
                continue;
            }
            if seen.len() > CATALOGS {
                return Err(unreadable(format!("expected at most {CATALOGS} catalogs")));
            }
            let Text { text, fault, original } = read_file(&identity).map_err(|unread| unreadable(unread.reason))?;
            if let Some(fault) = fault {
                return Err(unreadable(format!("cannot be read: {fault}")));
            }
            let document = Document::new(path, text, original);
            let text = match blank_doctype(&document.text) {
                Ok(None) => Arc::clone(&document.text),
                Ok(Some(blanked)) => blanked.into(),
                Err(faults) => {
                    let error = |fault: &xml::Fault| {
                        SchemaError::at(Code::NotWellFormed, &document, fault.span.start, fault.to_string())
                    };
                    return Err(SchemaError::joined(faults.iter().map(error).collect())
                        .unwrap_or_else(|| SchemaError::unreadable(document.path.clone(), "cannot be read")));
                }
            };
            let (table, next) = read_catalog(&Document { text, ..document }, &identity)?;
            catalogs.tables.push(table);
            waiting.extend(next.into_iter().rev());
        }
        Ok(catalogs)
    }

    /// What a location or a namespace is mapped to.
    pub(super) fn find(&self, name: &str) -> Option<Target> {
        let name = name.trim();
        self.tables.iter().find_map(|table| table.find(name))
    }

    /// All files that the tables name.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        self.tables.iter().flat_map(|table| {
            let files = table.exact.values().chain(table.suffixes.iter().map(|(_, target)| target));
            files.filter_map(Target::as_file)
        })
    }

    /// The folders of all files that the tables name, and the folders that prefixes are rewritten to.
    pub(super) fn folders(&self) -> impl Iterator<Item = &Path> {
        let beside =
            self.files().map(|path| path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")));
        let rewrites = self.tables.iter().flat_map(|table| &table.rewrites);
        beside.chain(rewrites.filter_map(|(_, target)| target.as_file()))
    }
}

impl Table {
    /// If there are several entries for one name, the first counts.
    fn add_exact(&mut self, (name, target): (String, Target)) {
        self.exact.entry(name).or_insert(target);
    }

    fn find(&self, name: &str) -> Option<Target> {
        if let Some(target) = self.exact.get(name) {
            return Some(target.clone());
        }
        // If there are several entries of the same length, the first counts.
        let longest = |entries: &[(String, Target)], fits: &dyn Fn(&str) -> bool| {
            let fitting = entries.iter().enumerate().filter(|(_, (part, _))| fits(part));
            let best = fitting.max_by_key(|(index, (part, _))| (part.len(), std::cmp::Reverse(*index)));
            best.map(|(_, entry)| entry.clone())
        };
        if let Some((start, target)) = longest(&self.rewrites, &|start| name.starts_with(start)) {
            let rest = name.get(start.len()..).unwrap_or_default();
            return Some(match target {
                Target::File(folder) => match local_path(rest) {
                    Ok(rest) => Target::File(folder.join(rest.strip_prefix("/").unwrap_or(&rest))),
                    Err(_) => Target::Foreign(rest.to_owned()),
                },
                Target::Foreign(prefix) => Target::Foreign(prefix + rest),
            });
        }
        longest(&self.suffixes, &|suffix| name.ends_with(suffix)).map(|(_, target)| target)
    }
}

/// The entries of a catalog, and the catalogs to search next.
fn read_catalog(document: &Document, identity: &Path) -> Result<(Table, Vec<PathBuf>), SchemaError> {
    if find_excess(&document.text).is_some() {
        return Err(SchemaError::at(
            Code::SchemaLimit,
            document,
            0,
            "expected a catalog with less nesting and fewer attributes",
        ));
    }
    if let Some(fault) = xml::check_well_formed(document.text.as_bytes(), &Limits::default()).faults.first() {
        return Err(SchemaError::at(Code::NotWellFormed, document, fault.span.start, fault.kind.to_string()));
    }
    let tree = parse_checked(&document.text).map_err(|error| {
        SchemaError::at(Code::NotWellFormed, document, 0, format!("expected well-formed XML, found: {error}"))
    })?;
    let root = tree.root_element();
    if !root.has_tag_name((CATALOG, "catalog")) {
        let message =
            format!("expected the root element `catalog` of an XML catalog, found `{}`", root.tag_name().name());
        return Err(SchemaError::at(Code::CatalogSyntax, document, root.range().start, message));
    }
    let mut table = Table::default();
    let mut next = Vec::new();
    for node in root.descendants().filter(|node| node.tag_name().namespace() == Some(CATALOG)) {
        let entry = Entry { document, identity, node };
        match node.tag_name().name() {
            "catalog" | "group" | "public" | "delegatePublic" => {}
            "uri" => table.add_exact(entry.read("name", "uri")?),
            "system" => table.add_exact(entry.read("systemId", "uri")?),
            "rewriteURI" => table.rewrites.push(entry.read("uriStartString", "rewritePrefix")?),
            "rewriteSystem" => table.rewrites.push(entry.read("systemIdStartString", "rewritePrefix")?),
            "uriSuffix" => table.suffixes.push(entry.read("uriSuffix", "uri")?),
            "systemSuffix" => table.suffixes.push(entry.read("systemIdSuffix", "uri")?),
            "nextCatalog" => match entry.target("catalog")? {
                Target::File(path) => next.push(path),
                Target::Foreign(uri) => {
                    return Err(entry.fault(format!("`{uri}` is not read: nothing is read over a network")));
                }
            },
            other => return Err(entry.fault(format!("`{other}` is not supported in catalogs"))),
        }
    }
    Ok((table, next))
}

/// One entry of a catalog, and its place.
struct Entry<'a> {
    document: &'a Document,
    identity: &'a Path,
    node: Node<'a>,
}

impl Entry<'_> {
    fn read(&self, name: &str, target: &str) -> Result<(String, Target), SchemaError> {
        Ok((self.required(name)?.trim().to_owned(), self.target(target)?))
    }

    /// The file that an attribute names, relative to the catalog, or to `xml:base` of the entry and its ancestors.
    fn target(&self, attribute: &str) -> Result<Target, SchemaError> {
        let uri = self.required(attribute)?.trim();
        let folder = self.identity.parent().unwrap_or(Path::new(""));
        let mut bases: Vec<&str> = self
            .node
            .ancestors()
            .filter_map(|node| node.attribute((roxmltree::NS_XML_URI, "base")))
            .map(str::trim)
            .collect();
        bases.reverse();
        bases.push(uri);
        let mut base = folder.to_owned();
        let last = bases.len().saturating_sub(1);
        for (index, part) in bases.into_iter().enumerate() {
            let Ok(path) = local_path(part) else { return Ok(Target::Foreign(part.to_owned())) };
            // A base is a folder, or a file in the folder of the entries.
            let is_folder = index == last || part.ends_with('/');
            let joined = base.join(path);
            base = if is_folder { joined } else { joined.parent().unwrap_or(Path::new("")).to_owned() };
        }
        Ok(Target::File(base))
    }

    fn required(&self, name: &str) -> Result<&str, SchemaError> {
        self.node.attribute(name).ok_or_else(|| {
            self.fault(format!("missing required attribute `{name}` of `{}`", self.node.tag_name().name()))
        })
    }

    fn fault(&self, message: String) -> SchemaError {
        SchemaError::at(Code::CatalogSyntax, self.document, self.node.range().start, message)
    }
}
