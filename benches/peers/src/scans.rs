//! Scans that read every byte and understand none: no reader is faster than these.

use std::hint::black_box;

use crate::contender::Corpus;

/// Finds every `<`.
pub fn memchr(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    scan(corpus, |packet| memchr::memchr_iter(b'<', packet).count() > 0)
}

/// Checks that the bytes are UTF-8.
pub fn simdutf8(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
    scan(corpus, |packet| simdutf8::basic::from_utf8(packet).is_ok())
}

fn scan<'c>(corpus: &'c Corpus, scan: fn(&[u8]) -> bool) -> Box<dyn FnMut() -> usize + 'c> {
    let items = corpus.items();
    Box::new(move || {
        let met = corpus.packets.iter().filter(|packet| scan(black_box(packet))).count();
        assert_eq!(met, corpus.packets.len(), "every message of {} is one", corpus.name);
        items
    })
}
