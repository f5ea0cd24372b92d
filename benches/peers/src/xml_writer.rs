//! quick-xml's `Writer`, with the plain values of `quick-xml serde`.

use std::hint::black_box;
use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use crate::contender::{Corpus, Form};
use crate::plain::plesk::{Answer, Fault, Outcome, Request, Response, Status};

/// Bytes from values, in a reused buffer. The only check is that the output is valid, once at the start.
pub fn write(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    if corpus.form == Form::PleskRequest {
        let schema = packetcheck::plesk::request_schema();
        pass(corpus, quick_xml::de::from_str::<Request<'_>>, write_request, |written| schema.is_valid(written))
    } else {
        let schema = packetcheck::plesk::response_schema();
        pass(corpus, quick_xml::de::from_str::<Response<'_>>, write_response, |written| schema.is_valid(written))
    }
}

type Out<'b> = Writer<&'b mut Vec<u8>>;

fn pass<'c, T: 'c, E: std::fmt::Debug>(
    corpus: &'c Corpus,
    read: fn(&'c str) -> Result<T, E>,
    write: fn(&T, &mut Out<'_>) -> io::Result<()>,
    is_valid: impl Fn(&[u8]) -> bool,
) -> Box<dyn FnMut() -> usize + 'c> {
    let value = |packet: &'c Vec<u8>| read(std::str::from_utf8(packet).expect("a corpus is UTF-8")).expect("a packet");
    let values: Vec<T> = corpus.packets.iter().map(value).collect();
    let mut written = Corpus { name: corpus.name, packets: Vec::new(), form: corpus.form };
    for value in &values {
        let mut buffer = Vec::new();
        write(value, &mut Writer::new(&mut buffer)).expect("a buffer takes all");
        assert!(is_valid(&buffer), "what is written is valid");
        written.packets.push(buffer);
    }
    let items = written.items();
    let mut buffer = Vec::new();
    Box::new(move || {
        for value in &values {
            buffer.clear();
            write(black_box(value), &mut Writer::new(&mut buffer)).expect("a buffer takes all");
            black_box(&buffer);
        }
        items
    })
}

fn write_request(request: &Request<'_>, out: &mut Out<'_>) -> io::Result<()> {
    packet(request.version.as_deref(), out, |out| {
        for migration in &request.migration {
            element("migration", out, |out| {
                migration.get_status.iter().try_for_each(|status| {
                    element("get_status", out, |out| leaf("migration_id", &status.migration_id, out))
                })
            })?;
        }
        Ok(())
    })
}

fn write_response(response: &Response<'_>, out: &mut Out<'_>) -> io::Result<()> {
    packet(response.version.as_deref(), out, |out| {
        for migration in &response.migration {
            element("migration", out, |out| {
                migration.get_status.iter().try_for_each(|answer| write_answer(answer, out))
            })?;
        }
        Ok(())
    })
}

fn write_answer(answer: &Answer<'_>, out: &mut Out<'_>) -> io::Result<()> {
    element("get_status", out, |out| element("result", out, |out| write_outcome(&answer.result, out)))
}

fn write_outcome(outcome: &Outcome<'_>, out: &mut Out<'_>) -> io::Result<()> {
    leaf("status", if matches!(outcome.status, Status::Ok) { "ok" } else { "error" }, out)?;
    if let Some(code) = outcome.errcode {
        leaf("errcode", &code.to_string(), out)?;
    }
    if let Some(text) = &outcome.errtext {
        leaf("errtext", text, out)?;
    }
    if let Some(progress) = &outcome.migration_status {
        element("migration_status", out, |out| {
            leaf("total", &progress.total.to_string(), out)?;
            leaf("completed", &progress.completed.to_string(), out)?;
            progress.description.iter().try_for_each(|text| leaf("description", text, out))
        })?;
    }
    if let Some(finished) = &outcome.finished {
        element("finished", out, |out| {
            if finished.success.is_some() {
                out.write_event(Event::Empty(BytesStart::new("success")))?;
            }
            finished.error.iter().try_for_each(|fault| write_fault(fault, out))
        })?;
    }
    Ok(())
}

fn write_fault(fault: &Fault<'_>, out: &mut Out<'_>) -> io::Result<()> {
    element("error", out, |out| {
        if let Some(object) = &fault.object {
            element("object", out, |out| {
                leaf("type", &object.kind, out)?;
                leaf("name", &object.name, out)
            })?;
        }
        fault.message.iter().try_for_each(|message| leaf("message", message, out))
    })
}

fn packet<'b>(
    version: Option<&str>,
    out: &mut Out<'b>,
    content: impl FnOnce(&mut Out<'b>) -> io::Result<()>,
) -> io::Result<()> {
    out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let mut start = BytesStart::new("packet");
    if let Some(version) = version {
        start.push_attribute(("version", version));
    }
    out.write_event(Event::Start(start))?;
    content(out)?;
    out.write_event(Event::End(BytesEnd::new("packet")))
}

fn element<'b>(name: &str, out: &mut Out<'b>, content: impl FnOnce(&mut Out<'b>) -> io::Result<()>) -> io::Result<()> {
    out.write_event(Event::Start(BytesStart::new(name)))?;
    content(out)?;
    out.write_event(Event::End(BytesEnd::new(name)))
}

fn leaf(name: &str, text: &str, out: &mut Out<'_>) -> io::Result<()> {
    element(name, out, |out| out.write_event(Event::Text(BytesText::new(text))))
}
