//! Exactly the documents that the schema accepts decode; the written value is valid, and is read back unchanged.

#![no_main]

use libfuzzer_sys::fuzz_target;
use packetcheck::plesk::{Request, Response, request_schema, response_schema};
use packetcheck::{Limits, dataworks};

const MAX_BYTES: usize = 1 << 16;

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > MAX_BYTES {
        return;
    }
    // Reports are left to the target `check`: here they would take most of the time.
    let limits = Limits::default().diagnostics(0);
    let response = Response::decode_limited(bytes, &limits);
    assert_eq!(response.is_ok(), response_schema().is_valid(bytes), "{response:#?}");
    if let Ok(response) = response {
        let written = response.encode().expect("what was read can be written");
        assert_eq!(Response::decode(&written).expect("what we write decodes").into_owned(), response.into_owned());
    }
    let request = Request::decode_limited(bytes, &limits);
    assert_eq!(request.is_ok(), request_schema().is_valid(bytes), "{request:#?}");
    if let Ok(request) = request {
        let written = request.encode().expect("what was read can be written");
        assert_eq!(Request::decode(&written).expect("what we write decodes").into_owned(), request.into_owned());
    }
    let answer = dataworks::Response::decode_xml_limited(bytes, &limits);
    assert_eq!(answer.is_ok(), dataworks::response_schema().is_valid(bytes), "{answer:#?}");
    if let Ok(answer) = answer {
        let written = answer.encode_xml().expect("what was read can be written");
        let again = dataworks::Response::decode_xml(&written).expect("what we write decodes");
        assert_eq!(again.into_owned(), answer.into_owned());
    }
});
