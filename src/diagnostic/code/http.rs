//! The codes of errors in HTTP messages and in captures of them.
//!
//! `PC13xx`, in the order of a message: its first line, its fields, its body; then the capture. The example is a capture
//! that has this one error.

/// Hands the entries, after what is in the braces, to the macro that makes the table.
macro_rules! with_http_codes {
    ($table:ident! { $($others:tt)* }) => { with_operation_codes! { $table! {
    $($others)*

    // ---- PC13xx: HTTP messages ----

    "PC1301" MalformedStartLine: "first line that HTTP does not allow"
    "A request begins with a method, a target and a version, a response with a version, a status of three digits and a \
     reason: `GET /path HTTP/1.1`, `HTTP/1.1 200 OK`. Single blanks separate them, and nothing in them has one but the reason."
    source "RFC 9112, sections 3 and 4"
    example "GET /v3/tasks/a b HTTP/1.1\nHost: sms.example.com\n\n"
    remedy "write the line as it was sent: `GET /path HTTP/1.1` or `HTTP/1.1 200 OK`"

    "PC1302" IncompleteStartLine: "first line of a request that is not written as it is sent"
    "Documentation prints requests without the version, or with line breaks in a long query. No server takes them so; what \
     is meant is clear, so the request stays valid."
    source "RFC 9112, section 3"
    example "GET /v3/tasks/1\nHost: sms.example.com\n\n"
    remedy "write the request in one line that ends with ` HTTP/1.1`"

    "PC1303" MissingStartLine: "message without its first line"
    "The head begins with a field. Tools that show the fields of a message alone, and lines that were not copied, leave \
     this. Method and target, or the status, are not known then, and are not checked."
    source "RFC 9112, section 2.1"
    example "Content-Type: application/json\n\n{}\n"
    remedy "copy the message with its first line"

    "PC1304" PlaceholderInTarget: "placeholder in the target of a request"
    "Documentation writes `{endpoint}`, `[Endpoint]`, `<common parameters>` or `http(s)` for what the reader puts there. Nothing \
     of this can be part of a URL that is sent."
    source "RFC 3986, section 2"
    example "GET https://{endpoint}/v3/tasks/1 HTTP/1.1\n\n"
    remedy "replace the placeholder by what it stands for"

    "PC1305" MalformedField: "field of a head that HTTP does not allow"
    "A field is a name, a colon directly after it, and a value: `Name: value`. Names are letters, digits and some marks; \
     values have no control characters but tabs. Servers refuse a message whose head has anything else, since two readers \
     may understand it differently."
    source "RFC 9112, section 5; RFC 9110, section 5"
    example "GET / HTTP/1.1\nHost : sms.example.com\n\n"
    remedy "write the field as `Name: value`"

    "PC1306" FoldedField: "field that goes on in another line"
    "A line of a head that begins with white space continues the field before it. Only old software writes this; servers \
     may refuse it. It is read as one line."
    source "RFC 9112, section 5.2"
    example "GET / HTTP/1.1\nHost: sms.example.com\nAccept: text/xml,\n  application/json\n\n"
    remedy "write the field in one line"

    "PC1307" DuplicateField: "field given twice"
    "This field has one value. Of two, one reader takes the first and another the last; where that decides where the message \
     goes (`Host`) it is an error, else a warning."
    source "RFC 9110, section 5.3; RFC 9112, section 3.2"
    example "GET / HTTP/1.1\nHost: a.example.com\nHost: b.example.com\n\n"
    remedy "remove one of the two"

    "PC1308" MissingEmptyLine: "head without an empty line after it"
    "An empty line ends a head; the body, or the next message, begins after it. Documentation leaves it out now and then."
    source "RFC 9112, section 2.1"
    example "HTTP/1.1 200 OK\nContent-Type: application/json\n{}\n"
    remedy "put an empty line after the last field"

    "PC1309" MissingLength: "request with a body whose length is not given"
    "A request that gives neither `Content-Length` nor `Transfer-Encoding: chunked` has no body: a server takes what follows \
     for the next request. Here it is read as the body, up to the next message."
    source "RFC 9112, section 6.3"
    example "POST / HTTP/1.1\nHost: sms.example.com\n\n{}\n"
    remedy "add `Content-Length` with the number of bytes of the body"

    "PC1310" MalformedLength: "length of a body that is not a number"
    "`Content-Length` is the number of bytes of the body in decimal digits, and is given once. Where it is wrong, nobody can \
     tell where the message ends."
    source "RFC 9110, section 8.6; RFC 9112, section 6.3"
    example "HTTP/1.1 200 OK\nContent-Length: 2 bytes\n\n{}"
    remedy "write the number of bytes of the body"

    "PC1311" TwoLengths: "body whose length is given in two ways"
    "A chunked body ends with its last chunk, so a head with `Transfer-Encoding` must not have `Content-Length` too. Readers \
     that disagree about which counts can be made to read different messages (request smuggling)."
    source "RFC 9112, section 6.2"
    example "HTTP/1.1 200 OK\nContent-Length: 2\nTransfer-Encoding: chunked\n\n2\n{}\n0\n\n"
    remedy "remove `Content-Length`"

    "PC1312" BodyTooShort: "body that is shorter than its length"
    "The message ends before the body has as many bytes as its head says: it was cut off, or edited afterwards. Where only \
     its line breaks were changed (CR LF became LF) it is a warning."
    source "RFC 9112, section 8"
    example "HTTP/1.1 200 OK\nContent-Length: 20\n\n{}\n"
    remedy "capture the message again, or correct `Content-Length` if the body was edited"

    "PC1313" BodyTooLong: "body that is longer than its length"
    "More follows the bytes that the head announces, and no other message begins there. A client reads the body only up to \
     its length. `Content-Length` counts bytes: `é` has two in UTF-8."
    source "RFC 9110, section 8.6"
    example "HTTP/1.1 200 OK\nContent-Length: 1\n\n{}\n"
    remedy "write the number of bytes of the body"

    "PC1314" MalformedChunk: "chunked body that is not chunked as prescribed"
    "A chunked body is a sequence of chunks: the size in hexadecimal digits, a line break, so many bytes, a line break. A \
     chunk of size 0 and an empty line end it."
    source "RFC 9112, section 7.1"
    example "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\n{}\n"
    remedy "capture the message again, as it is sent"

    "PC1315" UnknownCoding: "coding that is not removed"
    "The body is compressed, or coded otherwise, in a way that is not read here: only gzip, deflate and chunked are. The \
     body is not checked."
    source "RFC 9110, section 8.4; packetcheck, what it does not read"
    example "HTTP/1.1 200 OK\nContent-Encoding: br\nContent-Length: 2\n\nab"
    remedy "ask for another coding (`Accept-Encoding: gzip`), or decode the body first"

    "PC1316" MalformedCoding: "body that its coding does not allow"
    "The head says that the body is compressed, or a HAR file that it is in base64, but the bytes are not such, are cut off or \
     damaged. Captures that were saved as text damage compressed bodies."
    source "RFC 9110, section 8.4.1; RFC 1952; RFC 4648"
    example "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 2\n\nab"
    remedy "capture the message again as bytes, or without compression"

    "PC1317" AlreadyDecoded: "body without the coding that the head names"
    "The head says that the body is chunked or compressed; the body is neither. Many tools remove the coding and leave the \
     head as it was (`curl -i`). The body is taken as it is."
    source "RFC 9112, section 7.1; RFC 9110, section 8.4"
    example "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n{}\n"
    remedy "nothing, if the tool that captured it removes codings"

    "PC1318" BodyNotCaptured: "body that is not in the capture"
    "The message had a body, but the capture does not have it: `curl` wrote it to a file, or the HAR file was saved without \
     content. It is not checked."
    source "HAR 1.2, content; curl, --verbose"
    example "* Connected to 192.0.2.1\n> GET / HTTP/1.1\n> \n< HTTP/1.1 200 OK\n< Content-Length: 2\n< \n{ [2 bytes data]\n* Closing connection\n"
    remedy "capture the body too: let `curl` print it, or save the HAR file with content"

    "PC1319" NoMessage: "something that is not an HTTP message"
    "Where a message should begin there is neither the first line of a request nor that of a response. It is passed over up \
     to the next one."
    source "RFC 9112, section 2.1"
    example "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n0\n\nmore"
    remedy "remove what is not a message, or write its first line"

    "PC1320" MalformedHar: "HAR file that is not as prescribed"
    "An HTTP archive has one object, `log`, with the exchanges in the array `entries`: each has a `request` with a `method` and a \
     `url`, and a `response` with a `status`."
    source "HAR 1.2"
    example "{\"log\": {\"version\": \"1.2\", \"entries\": [{\"request\": {\"url\": \"https://sms.example.com/\"}}]}}\n"
    remedy "save the file again with the tool that made it"

    "PC1321" DecodedTooLarge: "bodies that are larger than the limit once decoded"
    "A compressed body can be a thousand times larger once it is decompressed. It is decoded up to the limit, and not read."
    source "packetcheck, limits"
    example "HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n"
    remedy "raise the limit `decoded_bytes` if bodies of this size are expected"

    "PC1322" TooManyFields: "more fields than the limit"
    "The head of the message has more fields than the limit allows. The rest are not read."
    source "packetcheck, limits"
    example "GET / HTTP/1.1\nHost: sms.example.com\n\n"
    remedy "raise the limit `fields` if so many are expected"

    "PC1323" TooManyMessages: "more messages than the limit"
    "The capture has more messages than the limit allows. What follows is not read."
    source "packetcheck, limits"
    example "GET / HTTP/1.1\n\n"
    remedy "raise the limit `messages` if so many are expected"
    } } };
}
