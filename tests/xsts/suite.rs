//! The suite: its place, and the tests that it lists.

use std::error::Error;
use std::fmt;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Read;
use std::path::{Path, PathBuf};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The list of tests and its columns.
const LIST: &str = "expected.tsv";
const COLUMNS: &str = "kind\tcontributor\ttestset\tgroup\ttest\tschemas\troots\tinstance\texpected\tstatus\tnote";

/// The content of the suite.
pub(crate) struct Suite {
    /// The folder to which its paths are relative.
    pub(crate) folder: PathBuf,
    pub(crate) tests: Vec<Test>,
    /// The number of tests without a schema document, or with missing documents.
    pub(crate) left_out: usize,
}

/// One test of the suite.
pub(crate) struct Test {
    pub(crate) kind: Kind,
    pub(crate) contributor: String,
    /// Test set, group and test: unique among the tests of a kind.
    pub(crate) name: String,
    pub(crate) schemas: Vec<String>,
    /// The schema documents to load first; they name the rest.
    pub(crate) roots: Vec<String>,
    pub(crate) instance: Option<String>,
    pub(crate) expected: Expected,
    /// Whether the outcome only holds for one version of Unicode.
    pub(crate) depends_on_unicode: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Schema,
    Instance,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    Valid,
    Invalid,
    Indeterminate,
}

impl Suite {
    /// The suite, unpacked if necessary; `None` if there is none.
    pub(crate) fn find() -> Result<Option<Suite>> {
        let place = std::env::var_os("XSTS_DIR")
            .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/xsts"), PathBuf::from);
        let folder = if place.join(LIST).is_file() {
            place
        } else if place.join("xsts10.tar.zst").is_file() && place.join("expected.tsv.zst").is_file() {
            unpacked(&place)?
        } else {
            return Ok(None);
        };
        let list = fs::read_to_string(folder.join(LIST))?;
        let mut lines = list.lines();
        if lines.next() != Some(COLUMNS) {
            return Err(format!("{LIST} of the suite has other columns than are known").into());
        }
        let mut suite = Suite { folder, tests: Vec::new(), left_out: 0 };
        for line in lines {
            let test = Test::new(line)?;
            match suite.can_run(&test) {
                true => suite.tests.push(test),
                false => suite.left_out += 1,
            }
        }
        Ok(Some(suite))
    }

    /// Whether it can run: some instances come without a schema, and the published suite lacks the documents about
    /// itself.
    fn can_run(&self, test: &Test) -> bool {
        let mut documents = test.roots.iter().chain(&test.instance);
        !test.roots.is_empty() && documents.all(|path| self.folder.join(path).is_file())
    }
}

/// The folder below the target directory into which the archives are unpacked; done once for archives with the same
/// content.
fn unpacked(place: &Path) -> Result<PathBuf> {
    let (archive, list) = (fs::read(place.join("xsts10.tar.zst"))?, fs::read(place.join("expected.tsv.zst"))?);
    let mut hasher = DefaultHasher::new();
    (&archive, &list).hash(&mut hasher);
    let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = temporary.join(format!("xsts-{:016x}", hasher.finish()));
    if folder.is_dir() {
        return Ok(folder);
    }
    // Renamed when complete, so that a concurrent run, or one after an interrupted run, finds no partial result.
    let unfinished = temporary.join(format!("xsts-unfinished-{}", std::process::id()));
    fs::create_dir_all(&unfinished)?;
    tar::Archive::new(decompressed(&archive)?.as_slice()).unpack(&unfinished)?;
    fs::write(unfinished.join(LIST), decompressed(&list)?)?;
    if fs::rename(&unfinished, &folder).is_err() && !folder.is_dir() {
        return Err(format!("{} cannot be made", folder.display()).into());
    }
    Ok(folder)
}

fn decompressed(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut plain = Vec::new();
    ruzstd::decoding::StreamingDecoder::new(bytes)?.read_to_end(&mut plain)?;
    Ok(plain)
}

impl Test {
    fn new(line: &str) -> Result<Test> {
        let [kind, contributor, testset, group, test, schemas, roots, instance, expected, _, note] =
            line.split('\t').collect::<Vec<_>>()[..]
        else {
            return Err(format!("not a line of {LIST}: {line}").into());
        };
        let paths = |list: &str| list.split('|').filter(|path| !path.is_empty()).map(str::to_owned).collect();
        Ok(Test {
            kind: match kind {
                "S" => Kind::Schema,
                "I" => Kind::Instance,
                _ => return Err(format!("a test of the kind {kind}: {line}").into()),
            },
            contributor: contributor.to_owned(),
            name: format!("{testset}/{group}/{test}"),
            schemas: paths(schemas),
            roots: paths(roots),
            instance: (!instance.is_empty()).then(|| instance.to_owned()),
            expected: match expected {
                "valid" => Expected::Valid,
                "invalid" => Expected::Invalid,
                "indeterminate" => Expected::Indeterminate,
                _ => return Err(format!("an outcome {expected}: {line}").into()),
            },
            depends_on_unicode: note.contains("Unicode"),
        })
    }

    /// Whether others count it too: the outcome is determined, and the contributor is among the four.
    pub(crate) fn is_counted(&self) -> bool {
        self.expected != Expected::Indeterminate && !self.depends_on_unicode
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Kind::Schema => "schema",
            Kind::Instance => "instance",
        })
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Expected::Valid => "valid",
            Expected::Invalid => "invalid",
            Expected::Indeterminate => "indeterminate",
        })
    }
}
