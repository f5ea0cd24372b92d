//! Finds the real schema sets.

use std::error::Error;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// The list of documents and their verdicts.
pub const LIST: &str = "expected.tsv";

const ARCHIVE: &str = "real.tar.zst";

/// Where to look if `REAL_DIR` is not set.
const BESIDE_CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/real");

/// The folder named by `REAL_DIR`, or the one next to the checkout.
pub fn place() -> PathBuf {
    std::env::var_os("REAL_DIR").map_or_else(|| PathBuf::from(BESIDE_CHECKOUT), PathBuf::from)
}

/// The folder of the unpacked sets. `place` contains either the archive or its content; `None` if it contains neither.
pub fn find(place: &Path) -> Result<Option<PathBuf>, Box<dyn Error>> {
    let archive = place.join(ARCHIVE);
    if archive.is_file() {
        return unpack(&archive).map(Some);
    }
    Ok(place.join(LIST).is_file().then(|| place.to_owned()))
}

/// A folder for files that later runs of this program reuse.
pub fn scratch() -> Result<PathBuf, Box<dyn Error>> {
    let program = std::env::current_exe()?;
    let target = program.ancestors().nth(2).ok_or("the program is not in a target directory")?;
    Ok(target.join("real"))
}

/// Makes `folder` with what `fill` puts into it, unless it exists. `fill` works in another folder, which is renamed when
/// it is complete, so that an interrupted or a concurrent run leaves no partial result.
pub fn fill_once(folder: &Path, fill: impl FnOnce(&Path) -> Result<(), Box<dyn Error>>) -> Result<(), Box<dyn Error>> {
    if folder.is_dir() {
        return Ok(());
    }
    let unfinished = folder.with_extension(format!("unfinished-{}", std::process::id()));
    fs::create_dir_all(&unfinished)?;
    fill(&unfinished)?;
    if fs::rename(&unfinished, folder).is_err() && !folder.is_dir() {
        return Err(format!("cannot create {}", folder.display()).into());
    }
    Ok(())
}

/// A name for content: the same bytes give the same name.
pub fn name_of(content: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

fn unpack(archive: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let bytes = fs::read(archive)?;
    let folder = scratch()?.join(format!("sets-{}", name_of(&bytes)));
    fill_once(&folder, |unfinished| {
        let plain = ruzstd::decoding::StreamingDecoder::new(bytes.as_slice())?;
        Ok(tar::Archive::new(plain).unpack(unfinished)?)
    })?;
    Ok(folder)
}
