//! Readers in C and C++ (feature `c-peers`), through the three functions that each has in `../c`.

use std::ffi::{CString, c_char, c_long, c_void};
use std::hint::black_box;
use std::ptr;

use crate::contender::{Corpus, Form};

macro_rules! peers {
    ($($peer:literal $name:ident: $new:ident, $read:ident, $free:ident;)*) => {
        $(
            #[cfg(peer = $peer)]
            unsafe extern "C" {
                fn $new(schema: *const c_char) -> *mut c_void;
                fn $read(state: *mut c_void, bytes: *const c_char, length: usize, item: *const c_char) -> c_long;
                fn $free(state: *mut c_void);
            }

            #[cfg(peer = $peer)]
            pub fn $name(corpus: &Corpus) -> Box<dyn FnMut() -> usize + '_> {
                pass(corpus, $new, $read, $free)
            }
        )*
    };
}

peers! {
    "rapidxml" rapidxml: rapidxml_new, rapidxml_read, rapidxml_free;
    "pugixml" pugixml: pugixml_new, pugixml_read, pugixml_free;
    "expat" expat: expat_new, expat_read, expat_free;
    "libxml2" libxml2: libxml2_new, libxml2_read, libxml2_free;
}

type New = unsafe extern "C" fn(*const c_char) -> *mut c_void;
type Read = unsafe extern "C" fn(*mut c_void, *const c_char, usize, *const c_char) -> c_long;
type Free = unsafe extern "C" fn(*mut c_void);

/// What a peer keeps between messages.
struct Peer {
    state: *mut c_void,
    read: Read,
    free: Free,
}

impl Peer {
    /// Reads a message; counts the elements with a name, if one is given.
    fn read(&mut self, packet: &[u8], item: Option<&CString>) -> usize {
        let item = item.map_or(ptr::null(), |item| item.as_ptr());
        // SAFETY: the state is that of the same peer, which keeps nothing of the message.
        let found = unsafe { (self.read)(self.state, packet.as_ptr().cast(), packet.len(), item) };
        usize::try_from(found).expect("a peer accepts the corpus")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // SAFETY: the state is that of the same peer, and not used again.
        unsafe { (self.free)(self.state) }
    }
}

/// A pass only reads. The items are counted beforehand.
fn pass(corpus: &Corpus, new: New, read: Read, free: Free) -> Box<dyn FnMut() -> usize + '_> {
    let schema = CString::new(schema_of(corpus.form)).expect("a path without NUL");
    // SAFETY: a peer reads the path immediately.
    let state = unsafe { new(schema.as_ptr()) };
    assert!(!state.is_null(), "a peer compiles the schema");
    let mut peer = Peer { state, read, free };
    let item = CString::new(corpus.form.item()).expect("a name without NUL");
    let items = corpus.packets.iter().map(|packet| peer.read(packet, Some(&item))).sum();
    Box::new(move || {
        for packet in &corpus.packets {
            black_box(peer.read(black_box(packet), None));
        }
        items
    })
}

/// The schema for peers that check against one.
fn schema_of(form: Form) -> &'static str {
    match form {
        Form::PleskRequest => concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/plesk/request.xsd"),
        Form::PleskResponse => concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/plesk/response.xsd"),
        _ => concat!(env!("CARGO_MANIFEST_DIR"), "/../../schemas/dataworks/get_migration_process.xsd"),
    }
}
