//! Messages on streams: a head with the length, then JSON. A body that is not a message is an error, but the next
//! message can still be read; only a head without a length ends the stream.

use std::io::{self, BufRead, Read};

use lsp_server::Message;

/// The most bytes of one message: as many as the largest document that is checked by default.
const MESSAGE_BYTES: usize = 1 << 30;

/// The most bytes of a message's head.
const HEAD_BYTES: u64 = 1 << 16;

/// What is received from a stream.
#[derive(Debug)]
pub(crate) enum Received {
    Message(Message),
    /// Why the body is not a message.
    Malformed(String),
    /// The stream has ended, or can no longer be divided into messages.
    End,
}

/// Reads the next message.
pub(crate) fn receive(stream: &mut impl BufRead) -> Received {
    let Some(length) = read_head(stream) else { return Received::End };
    if length > MESSAGE_BYTES {
        let skipped = io::copy(&mut stream.take(length as u64), &mut io::sink());
        return match skipped {
            Ok(_) => Received::Malformed(format!("expected at most {MESSAGE_BYTES} bytes, found {length}")),
            Err(_) => Received::End,
        };
    }
    // The head may be wrong: memory is allocated as bytes arrive.
    let mut body = Vec::new();
    match stream.take(length as u64).read_to_end(&mut body) {
        Ok(read) if read == length => match serde_json::from_slice(&body) {
            Ok(message) => Received::Message(message),
            Err(_) => Received::Malformed("expected a message of JSON-RPC".to_owned()),
        },
        Ok(_) | Err(_) => Received::End,
    }
}

/// Reads a head and returns the length that it states.
fn read_head(stream: &mut impl BufRead) -> Option<usize> {
    let mut head = stream.take(HEAD_BYTES);
    let (mut length, mut line) = (None, Vec::new());
    loop {
        line.clear();
        head.read_until(b'\n', &mut line).ok().filter(|read| *read > 0)?;
        let text = std::str::from_utf8(line.strip_suffix(b"\n")?).ok()?.trim_end_matches('\r');
        match text.split_once(':') {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = Some(value.trim().parse().ok()?);
            }
            Some(_) => {}
            None if text.is_empty() && length.is_none() => {}
            None if text.is_empty() => return length,
            None => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_messages_are_skipped() {
        let body = br#"{"jsonrpc":"2.0","method":"exit"}"#;
        let framed = |body: &[u8]| [format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes(), body].concat();
        let other = b"content-length:2\r\nContent-Type: x; charset=utf-8\r\n\r\n[]";
        let stream = [framed(b"{\"jsonrpc\""), other.to_vec(), framed(b"\xFF"), framed(body)].concat();
        let mut stream = stream.as_slice();
        for _ in 0..3 {
            assert!(matches!(receive(&mut stream), Received::Malformed(_)));
        }
        assert!(
            matches!(receive(&mut stream), Received::Message(Message::Notification(exit)) if exit.method == "exit")
        );
        assert!(matches!(receive(&mut stream), Received::End));
    }

    #[test]
    fn a_head_without_a_length_ends_the_stream() {
        for head in [
            "hello\r\n\r\n",
            "Content-Length: x\r\n\r\n",
            "Content-Length: 9\r\n\r\n{}",
            "Content-Length: 99999999999999\r\n\r\n",
            "a: b\r\n",
        ] {
            assert!(!matches!(receive(&mut head.as_bytes()), Received::Message(_)));
            assert!(matches!(receive(&mut &head.as_bytes()[..head.len().min(20)]), Received::End));
        }
    }
}
