//! HTTP messages in captures: heads and bodies, each with its place.
//!
//! [`read`] takes the bytes of a capture in one of three formats ([`looks_like_http`] recognizes them): messages as
//! they were sent (or as documentation prints them), the output of `curl -v`, and HAR 1.2. It returns the requests with
//! their responses, and a report about the HTTP itself (`PC13xx`). It does not look into the bodies: nothing here knows
//! about packets.
//!
//! Everything that is in the capture in its final form is borrowed from it. A body whose coding had to be removed
//! (chunked, gzip, base64 in a HAR file) is owned, and its lines and columns count within the body.
//!
//! ```
//! use packetcheck::{Limits, http};
//!
//! let capture = b"GET /v3/tasks/1 HTTP/1.1\r\nHost: sms.example.com\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
//! let capture = http::read(capture, &Limits::default());
//! assert!(capture.findings.is_valid());
//! let exchange = &capture.exchanges[0];
//! let request = exchange.request.as_ref().and_then(|request| request.request_line()).unwrap();
//! assert_eq!((&*request.method.text, &*request.target.text), ("GET", "/v3/tasks/1"));
//! assert_eq!(&*exchange.response.as_ref().unwrap().body.bytes, b"{}");
//! ```

mod body;
mod boundary;
mod capture;
mod chunked;
mod coding;
mod command;
mod convert;
mod detect;
mod exchanges;
mod findings;
mod har;
mod head;
mod lines;
mod message;
mod start;
mod target;
mod view;
mod wire;

pub(crate) use capture::read_each;
pub use capture::{Capture, Exchange, read};
pub use command::CurlCommand;
pub use convert::NotConvertible;
pub use detect::{Form, looks_like_http};
pub(crate) use exchanges::{Part, Placed};
pub use message::{Body, BodyPlace, Field, Message, RequestLine, Start, StatusLine, Text};
pub(crate) use message::{charset, media_type};
pub use target::Target;
pub use wire::{WriteError, write_request, write_response};
