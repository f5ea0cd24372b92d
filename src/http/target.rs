//! The parts of a target: RFC 9112, section 3.2; RFC 3986, section 3.

use super::{RequestLine, Text};

/// The target of a request in its parts, each with its place, as they were written: nothing is decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target<'t> {
    /// `https`, of a URL.
    pub scheme: Option<Text<'t>>,
    /// What is before `@` in a URL: a credential.
    pub user: Option<Text<'t>>,
    /// The host of a URL, with its port.
    pub host: Option<Text<'t>>,
    /// From its `/` on; empty where there is none.
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
        let target = &*text.text;
        // RFC 3986, section 3.5: a fragment is not sent.
        let end = target.find('#').unwrap_or(target.len());
        let part = |range| text.part(range).unwrap_or_else(|| Text { text: "".into(), span: text.span.clone() });
        let find = |from: usize, to: usize, found: &[char]| {
            target.get(from..to).and_then(|text| text.find(found)).map_or(to, |at| from + at)
        };
        let scheme = target.get(..end).and_then(|target| target.find("://"));
        let scheme = scheme.filter(|at| *at < find(0, end, &['/', '?']));
        let authority = scheme.map(|scheme| scheme + 3..find(scheme + 3, end, &['/', '?']));
        let (user, host) = match &authority {
            None => (None, None),
            Some(authority) => match target.get(authority.clone()).and_then(|text| text.rfind('@')) {
                None => (None, Some(authority.clone())),
                Some(at) => {
                    let at = authority.start + at;
                    (Some(authority.start..at), Some(at + 1..authority.end))
                }
            },
        };
        let start = authority.map_or(0, |authority| authority.end);
        let path_end = find(start, end, &['?']);
        Target {
            scheme: scheme.map(|scheme| part(0..scheme)),
            user: user.map(part),
            host: host.map(part),
            path: part(start..path_end),
            query: (path_end < end).then(|| part(path_end + 1..end)),
        }
    }
}
