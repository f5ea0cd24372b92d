//! The URIs of documents, and the paths of files.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use crate::input::unicode;
use crate::results;

/// The path of a file; `None`: the URI is not that of a file, such as for a document that was never saved.
pub(crate) fn to_path(uri: &str) -> Option<PathBuf> {
    let (scheme, rest) = uri.split_once("://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    if !scheme.eq_ignore_ascii_case("file") || !matches!(host, "" | "localhost") {
        return None;
    }
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // `/C:/…`
    let has_drive = path.as_bytes().get(2) == Some(&b':') && cfg!(windows);
    Some(PathBuf::from(if has_drive { path.get(1..)? } else { &*path })).filter(|path| path.is_absolute())
}

/// The URI of a file.
pub(crate) fn of_path(path: &Path) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let text = unicode(&path);
    if cfg!(windows) {
        return results::uri(&format!("/{}", text.replace('\\', "/")));
    }
    results::uri(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_paths() {
        let path = |uri: &str| to_path(uri).map(|path| path.display().to_string());
        assert_eq!(path("file:///a%20b/%C3%A4%23.xml").as_deref(), Some("/a b/ä#.xml"));
        assert_eq!(path("FILE://localhost/a").as_deref(), Some("/a"));
        for other in ["untitled:Untitled-1", "file://other/a", "http://a/b", "file:///%FF", "", "file://"] {
            assert_eq!(path(other), None, "{other}");
        }
        assert_eq!(of_path(Path::new("/a b/ä#.xml")), "file:///a%20b/%C3%A4%23.xml");
    }
}
