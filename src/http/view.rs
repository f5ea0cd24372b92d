//! Values of the `http` crate as messages, so that the checks for captures apply to them too.

use std::borrow::Cow;

use super::{Body, BodyPlace, Field, Message, RequestLine, Start, Text};

impl<'a> Message<'a> {
    /// A request as a message. All its places are 0, since it was not read from a document.
    pub(crate) fn of_request<B: AsRef<[u8]>>(request: &'a http::Request<B>) -> Message<'a> {
        let (uri, text) = (request.uri(), |text| Text { text, span: 0..0 });
        let target = match uri.path_and_query() {
            Some(path) if uri.scheme().is_none() && uri.authority().is_none() => Cow::Borrowed(path.as_str()),
            _ => Cow::Owned(uri.to_string()),
        };
        let fields = request.headers().iter().map(|(name, value)| Field {
            name: Cow::Borrowed(name.as_str()),
            value: Cow::Borrowed(value.as_bytes()),
            name_span: 0..0,
            value_span: 0..0,
        });
        Message {
            start: Start::Request(RequestLine {
                method: text(Cow::Borrowed(request.method().as_str())),
                target: text(target),
                // The client decides about the version, and about `Host`, which HTTP/2 does without.
                version: Some(text(Cow::Borrowed("HTTP/2"))),
                span: 0..0,
            }),
            fields: fields.collect(),
            body: Body {
                bytes: Cow::Borrowed(request.body().as_ref()),
                place: BodyPlace::InCapture(0..0),
                is_whole: true,
            },
            trailers: Vec::new(),
            span: 0..0,
        }
    }
}
