//! The parts of a target: RFC 9112, section 3.2; RFC 3986, section 3.

use super::{RequestLine, Text};
use crate::text::url::{self, Parts};

/// The parts of a request's target, each with its place, as written: nothing is decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target<'t> {
    /// `https`, in a URL.
    pub scheme: Option<Text<'t>>,
    /// What is before `@` in a URL: a credential.
    pub user: Option<Text<'t>>,
    /// The host of a URL, with its port.
    pub host: Option<Text<'t>>,
    /// The path, from its `/` on; empty if there is none.
    pub path: Text<'t>,
    /// What follows the `?`.
    pub query: Option<Text<'t>>,
}

impl RequestLine<'_> {
    /// The parts of its target.
    pub fn parts(&self) -> Target<'_> {
        Target::of(&self.target)
    }
}

impl<'t> Target<'t> {
    /// The parts of a URL, or of a path with its query.
    pub fn of(text: &'t Text<'_>) -> Target<'t> {
        let part = |range| text.part(range).unwrap_or_else(|| Text { text: "".into(), span: text.span.clone() });
        let Parts { scheme, user, host, path, query } = url::target(text.text.as_bytes());
        Target {
            scheme: scheme.map(part),
            user: user.map(part),
            host: host.map(part),
            path: part(path),
            query: query.map(part),
        }
    }
}
