//! Files of a folder.

use std::fs;
use std::path::{Path, PathBuf};

/// Adds the files in a folder and in those within it.
pub(crate) fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, found)? } else { found.push(path) }
    }
    Ok(())
}
