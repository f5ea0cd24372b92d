//! Matches responses to requests: they come in the order of the requests (RFC 9112, section 9.3.2).

use std::collections::VecDeque;

use super::Message;

/// A message, and its exchange.
#[derive(Debug)]
pub(crate) struct Placed<'a> {
    /// The number of its exchange, from 0, in the order of the requests.
    pub(crate) exchange: usize,
    pub(crate) part: Part,
    pub(crate) message: Message<'a>,
}

/// The role of a message in its exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Request,
    /// A response before the final one.
    Interim,
    Response,
}

/// The method of a request, as far as the body of its response depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Asked {
    Head,
    Connect,
    /// Any other method, or an unknown one.
    #[default]
    Other,
}

/// Passes on each message as soon as it is read. Only one byte is kept of a request without a response, since a capture
/// may consist of nothing else.
pub(super) struct Exchanges<'a, 't> {
    take: &'t mut dyn FnMut(Placed<'a>),
    messages: usize,
    /// The number of exchanges.
    count: usize,
    /// The last of them, from the first one without a response.
    open: VecDeque<Asked>,
}

impl<'a, 't> Exchanges<'a, 't> {
    pub(super) fn new(take: &'t mut dyn FnMut(Placed<'a>)) -> Exchanges<'a, 't> {
        Exchanges { take, messages: 0, count: 0, open: VecDeque::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages == 0
    }

    pub(super) fn messages(&self) -> usize {
        self.messages
    }

    /// The request that the next response answers.
    pub(super) fn asked(&self) -> Asked {
        self.open.front().copied().unwrap_or_default()
    }

    pub(super) fn add(&mut self, message: Message<'a>, is_request: bool) {
        if is_request {
            let method = message.request_line().map(|line| &*line.method.text);
            let asked = match method {
                Some("HEAD") => Asked::Head,
                Some("CONNECT") => Asked::Connect,
                _ => Asked::Other,
            };
            self.begin(asked);
            return self.hand_on(self.count - 1, Part::Request, message);
        }
        if self.open.is_empty() {
            self.begin(Asked::Other);
        }
        let exchange = self.count - self.open.len();
        // RFC 9110, section 15.2: of 1xx, only 101 is final.
        if message.status_line().is_some_and(|line| line.status != 101 && line.status / 100 == 1) {
            self.hand_on(exchange, Part::Interim, message);
        } else {
            self.open.pop_front();
            self.hand_on(exchange, Part::Response, message);
        }
    }

    /// An exchange whose request and response are known to belong together.
    pub(super) fn add_both(&mut self, request: Option<Message<'a>>, response: Option<Message<'a>>) {
        self.open.clear();
        self.count += 1;
        for (part, message) in [(Part::Request, request), (Part::Response, response)] {
            if let Some(message) = message {
                self.hand_on(self.count - 1, part, message);
            }
        }
    }

    fn begin(&mut self, asked: Asked) {
        self.count += 1;
        self.open.push_back(asked);
    }

    fn hand_on(&mut self, exchange: usize, part: Part, message: Message<'a>) {
        self.messages += 1;
        (self.take)(Placed { exchange, part, message });
    }
}
