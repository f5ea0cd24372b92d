//! A copy of a set without what packetcheck refuses in schema documents: document type declarations, and annotations in
//! which it finds rules outside the part of XPath that it supports.
//!
//! Both are cut out of the text; a set whose meaning depends on them (an entity that is declared and used) does not
//! compile afterwards either.

use std::error::Error;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::archive::{fill_once, name_of, scratch};

/// What was removed from the documents of a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    pub doctypes: usize,
    pub annotations: usize,
}

/// The folder of the copy, and what it lacks. `None` where there is nothing to remove.
pub fn adapt(folder: &Path) -> Result<Option<(PathBuf, Removed)>, Box<dyn Error>> {
    let mut removed = Removed::default();
    let mut files = Vec::new();
    for path in files_below(folder)? {
        let bytes = fs::read(&path)?;
        let is_schema = path.extension().is_some_and(|extension| extension == "xsd");
        let bytes = match String::from_utf8(bytes) {
            Ok(text) if is_schema => cut(text, &mut removed).into_bytes(),
            Ok(text) => text.into_bytes(),
            Err(error) => error.into_bytes(),
        };
        files.push((path.strip_prefix(folder)?.to_owned(), bytes));
    }
    if removed == Removed::default() {
        return Ok(None);
    }
    let copy = scratch()?.join(format!("adapted-{}", name_of(&files)));
    fill_once(&copy, |unfinished| write(unfinished, &files))?;
    Ok(Some((copy, removed)))
}

/// In an order that does not depend on the file system.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

fn write(folder: &Path, files: &[(PathBuf, Vec<u8>)]) -> Result<(), Box<dyn Error>> {
    for (path, bytes) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().ok_or("a file is in a folder")?)?;
        fs::write(path, bytes)?;
    }
    Ok(())
}

fn cut(mut text: String, removed: &mut Removed) -> String {
    while let Some(range) = doctype(&text) {
        text.replace_range(range, "");
        removed.doctypes += 1;
    }
    while let Some(range) = annotation(&text) {
        text.replace_range(range, "");
        removed.annotations += 1;
    }
    text
}

fn doctype(text: &str) -> Option<Range<usize>> {
    let start = text.find("<!DOCTYPE")?;
    let rest = &text[start..];
    let plain_end = rest.find('>')?;
    let end = match rest[..plain_end].find('[') {
        None => plain_end,
        // The internal subset ends with the first bracket that only white space separates from the end of the tag.
        Some(_) => rest.match_indices(']').find_map(|(bracket, _)| {
            let after = rest[bracket + 1..].trim_start();
            after.starts_with('>').then(|| rest.len() - after.len())
        })?,
    };
    Some(start..start + end + 1)
}

/// An `xs:appinfo` element that has content.
fn annotation(text: &str) -> Option<Range<usize>> {
    let (start, prefix) = ["xs", "xsd"].iter().find_map(|prefix| {
        let start = text.find(&format!("<{prefix}:appinfo"))?;
        Some((start, prefix))
    })?;
    let end_tag = format!("</{prefix}:appinfo>");
    let end = text[start..].find(&end_tag)?;
    Some(start..start + end + end_tag.len())
}
