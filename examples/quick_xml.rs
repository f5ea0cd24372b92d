//! Validation for code that uses quick-xml: only the construction of the reader has changed.
//!
//! `cargo run --features quick-xml --example quick_xml < answer.xml`

#![allow(clippy::print_stdout, reason = "that is what it is for")]

use std::io::Read;

use packetcheck::plesk;
use packetcheck::quick_xml::Reader;
use quick_xml::events::Event;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut answer = Vec::new();
    std::io::stdin().read_to_end(&mut answer)?;
    // Before: `NsReader::from_reader(answer.as_slice())`.
    let mut reader = Reader::new(plesk::response_schema(), &answer);
    let mut depth = 0;
    loop {
        match reader.read_event()? {
            Event::Start(tag) => {
                println!("{:indent$}{}", "", tag.name().as_ref(), indent = 2 * depth);
                depth += 1;
            }
            Event::End(_) => depth -= 1,
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}
