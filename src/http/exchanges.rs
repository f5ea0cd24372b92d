//! Which response answers which request: RFC 9112, section 9.3.2, they come in the order of the requests.

use super::{Exchange, Message};

/// The exchanges that were read so far.
#[derive(Default)]
pub(super) struct Exchanges<'a> {
    exchanges: Vec<Exchange<'a>>,
    messages: usize,
    /// The first one without a response.
    open: usize,
}

impl<'a> Exchanges<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.messages == 0
    }

    pub(super) fn messages(&self) -> usize {
        self.messages
    }

    /// The method of the request that the next response answers.
    pub(super) fn asked(&self) -> Option<&str> {
        let request = self.exchanges.get(self.open)?.request.as_ref()?;
        Some(&request.request_line()?.method.text)
    }

    pub(super) fn add(&mut self, message: Message<'a>, is_request: bool) {
        self.messages += 1;
        if is_request {
            self.exchanges.push(Exchange { request: Some(message), ..Exchange::default() });
            return;
        }
        if self.open == self.exchanges.len() {
            self.exchanges.push(Exchange::default());
        }
        let Some(exchange) = self.exchanges.get_mut(self.open) else { return };
        // RFC 9110, section 15.2: of 1xx, 101 alone is the last one.
        if message.status_line().is_some_and(|line| line.status != 101 && line.status / 100 == 1) {
            exchange.interim.push(message);
        } else {
            exchange.response = Some(message);
            self.open += 1;
        }
    }

    /// An exchange whose request and response are known to belong together.
    pub(super) fn add_both(&mut self, exchange: Exchange<'a>) {
        self.messages += exchange.messages().count();
        self.exchanges.push(exchange);
        self.open = self.exchanges.len();
    }

    pub(super) fn finish(self) -> Vec<Exchange<'a>> {
        self.exchanges
    }
}
