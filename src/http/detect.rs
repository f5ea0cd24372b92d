//! What a capture is recognized by.

/// How a capture is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Form {
    /// Messages as they are sent, or as documentation prints them.
    Raw,
    /// What `curl -v` shows: `> ` before the lines of a request's head, `< ` before those of a response's.
    CurlVerbose,
    /// An HTTP archive, in JSON.
    Har,
}

/// Whether a document is a capture of HTTP, by its first bytes: some 4,096 are enough. A body without a head is not.
pub fn looks_like_http(head: &[u8]) -> Option<Form> {
    let _ = head;
    None
}
