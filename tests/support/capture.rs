//! Properties of every capture, whatever it contains, shared by tests and a fuzz target.

use std::borrow::Cow;
use std::ops::Range;

use packetcheck::Limits;
use packetcheck::http::{self, Body, BodyPlace, Field, Form, Message, Start, Text};

/// Reads a capture and checks the result against the bytes.
pub(crate) fn holds(bytes: &[u8], limits: &Limits) {
    let form = http::looks_like_http(bytes);
    let capture = http::read(bytes, limits);
    let messages: Vec<_> = capture.messages().collect();
    assert!(messages.len() <= limits.messages);
    let mut decoded = 0;
    for message in &messages {
        message_holds(bytes, message, limits);
        if capture.findings.errors == 0 {
            is_written_the_same(message);
        }
        if matches!(&message.body.place, BodyPlace::Decoded { how, .. } if !how.contains("JSON") && !how.contains("param"))
        {
            decoded += message.body.bytes.len();
        }
    }
    // A chunked body is no longer than it is in the capture.
    assert!(decoded <= limits.decoded_bytes.saturating_add(bytes.len()), "{decoded}");
    if form != Some(Form::Har) {
        let mut spans: Vec<_> = messages.iter().map(|message| message.span.clone()).collect();
        spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        // Interim responses may be between the head of a request and its body.
        let is_interim = |span: &Range<usize>| {
            let mut interim = capture.exchanges.iter().flat_map(|exchange| &exchange.interim);
            interim.any(|message| message.span == *span)
        };
        let is_apart =
            |pair: &[Range<usize>]| pair[0].end <= pair[1].start || is_interim(&pair[1]) && pair[1].end <= pair[0].end;
        assert!(spans.windows(2).all(is_apart), "messages overlap: {spans:?}");
    }
    assert!(capture.exchanges.iter().all(|exchange| exchange.messages().next().is_some()));
    let findings = &capture.findings;
    assert!(findings.diagnostics.len() <= limits.diagnostics);
    for diagnostic in &findings.diagnostics {
        let related = diagnostic.related.iter().map(|(span, _)| span);
        for span in std::iter::once(&diagnostic.span).chain(related).chain(diagnostic.concealed()) {
            is_inside(bytes, span);
        }
    }
    // Reading again gives the same, and with room for one message less that is reported.
    if let Some(fewer) = messages.len().checked_sub(1).filter(|fewer| *fewer > 0) {
        let mut narrow = *limits;
        narrow.messages = fewer;
        let less = http::read(bytes, &narrow);
        assert!(less.findings.errors > 0 && less.messages().count() <= fewer);
    }
}

fn is_inside(bytes: &[u8], span: &Range<usize>) {
    assert!(span.start <= span.end && span.end <= bytes.len(), "{span:?} of {}", bytes.len());
}

fn message_holds(bytes: &[u8], message: &Message<'_>, limits: &Limits) {
    is_inside(bytes, &message.span);
    assert!(message.fields.len() <= limits.fields);
    match &message.start {
        Start::Request(line) => {
            is_inside(bytes, &line.span);
            text_holds(bytes, &line.method);
            text_holds(bytes, &line.target);
            let parts = line.parts();
            let parts = [&parts.scheme, &parts.user, &parts.host, &Some(parts.path), &parts.query];
            let is_as_written = matches!(line.target.text, Cow::Borrowed(_));
            parts.into_iter().flatten().for_each(|part| match is_as_written {
                true => text_holds(bytes, part),
                false => is_inside(bytes, &part.span),
            });
        }
        Start::Response(line) => {
            is_inside(bytes, &line.span);
            is_inside(bytes, &line.status_span);
            text_holds(bytes, &line.reason);
        }
        _ => {}
    }
    message.fields.iter().chain(&message.trailers).for_each(|field| field_holds(bytes, field));
    body_holds(bytes, &message.body);
}

/// Checks that a message that can be sent is read back unchanged.
fn is_written_the_same(message: &Message<'_>) {
    if let Ok(request) = message.to_request() {
        assert_eq!(request.body(), &*message.body.bytes);
        let Ok(wire) = http::write_request(&request) else { return };
        let again = http::read(&wire, &Limits::default());
        assert_eq!(again.findings.errors, 0, "{:#?}", again.findings);
        let again = again.messages().next().expect("one message was written").to_request().expect("it was one before");
        assert_eq!((request.method(), request.body()), (again.method(), again.body()));
    }
    if let Ok(response) = message.to_response()
        && let Ok(wire) = http::write_response(&response)
    {
        let again = http::read(&wire, &Limits::default());
        assert_eq!(again.findings.errors, 0, "{:#?}", again.findings);
        let again = again.messages().next().expect("one message was written").to_response().expect("it was one before");
        assert_eq!((response.status(), response.body()), (again.status(), again.body()));
    }
}

fn text_holds(bytes: &[u8], text: &Text<'_>) {
    is_inside(bytes, &text.span);
    if let Cow::Borrowed(borrowed) = text.text {
        assert_eq!(bytes.get(text.span.clone()), Some(borrowed.as_bytes()), "{borrowed:?}");
    }
}

fn field_holds(bytes: &[u8], field: &Field<'_>) {
    is_inside(bytes, &field.name_span);
    is_inside(bytes, &field.value_span);
    if let Cow::Borrowed(value) = field.value {
        assert_eq!(bytes.get(field.value_span.clone()), Some(value));
    }
}

fn body_holds(bytes: &[u8], body: &Body<'_>) {
    is_inside(bytes, &body.span());
    match &body.place {
        BodyPlace::InCapture(span) => assert_eq!(bytes.get(span.clone()), Some(&*body.bytes)),
        BodyPlace::NotCaptured { .. } => assert!(body.bytes.is_empty()),
        _ => {}
    }
}
