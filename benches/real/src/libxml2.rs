//! libxml2's schema validator, as a C program uses it: a schema that is parsed once, and for each document either the
//! streaming reader, which keeps no tree, or a complete tree that is validated.
//!
//! Errors are formatted, as whenever they are to be shown, and then dropped. Nothing is read over a network: imports by
//! URL are found in catalogs or not at all.
//!
//! # Safety
//!
//! The functions are those of libxml2 2.9 to 2.14, declared as in its headers; its structures are only ever handled as
//! pointers. Every pointer that a constructor returns is checked for null, belongs to one value here, and is freed when
//! that value is dropped. The library is used by one thread.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::marker::PhantomData;
use std::path::Path;
use std::ptr::{self, NonNull};

type ErrorHandler = unsafe extern "C" fn(*mut c_void, *mut c_void);
type EntityLoader = unsafe extern "C" fn(*const c_char, *const c_char, *mut c_void) -> *mut c_void;

#[link(name = "xml2")]
unsafe extern "C" {
    static xmlParserVersion: *const c_char;
    fn xmlInitParser();
    fn xmlSetExternalEntityLoader(loader: EntityLoader);
    fn xmlNoNetExternalEntityLoader(url: *const c_char, id: *const c_char, context: *mut c_void) -> *mut c_void;
    fn xmlSetStructuredErrorFunc(data: *mut c_void, handler: Option<ErrorHandler>);
    fn xmlLoadCatalog(file: *const c_char) -> c_int;
    fn xmlCatalogCleanup();

    fn xmlSchemaNewParserCtxt(url: *const c_char) -> *mut c_void;
    fn xmlSchemaNewMemParserCtxt(text: *const c_char, length: c_int) -> *mut c_void;
    fn xmlSchemaParse(context: *mut c_void) -> *mut c_void;
    fn xmlSchemaFreeParserCtxt(context: *mut c_void);
    fn xmlSchemaFree(schema: *mut c_void);

    fn xmlReaderForMemory(
        text: *const c_char,
        length: c_int,
        url: *const c_char,
        encoding: *const c_char,
        options: c_int,
    ) -> *mut c_void;
    fn xmlTextReaderSetSchema(reader: *mut c_void, schema: *mut c_void) -> c_int;
    fn xmlTextReaderRead(reader: *mut c_void) -> c_int;
    fn xmlTextReaderIsValid(reader: *mut c_void) -> c_int;
    fn xmlFreeTextReader(reader: *mut c_void);

    fn xmlReadMemory(
        text: *const c_char,
        length: c_int,
        url: *const c_char,
        encoding: *const c_char,
        options: c_int,
    ) -> *mut c_void;
    fn xmlFreeDoc(document: *mut c_void);
    fn xmlSchemaNewValidCtxt(schema: *mut c_void) -> *mut c_void;
    fn xmlSchemaFreeValidCtxt(context: *mut c_void);
    fn xmlSchemaValidateDoc(context: *mut c_void, document: *mut c_void) -> c_int;
}

/// `XML_PARSE_NONET`.
const NO_NETWORK: c_int = 1 << 11;

unsafe extern "C" fn drop_error(_data: *mut c_void, _error: *mut c_void) {}

/// The library, initialized for this thread.
pub struct Library {
    /// Neither moves to another thread nor is shared with one.
    of_thread: PhantomData<*const ()>,
}

impl Library {
    /// Uses the files that `catalog` names for locations.
    pub fn new(catalog: Option<&Path>) -> Library {
        // SAFETY: both handlers have the types that the library calls them by, and live as long as the program.
        unsafe {
            xmlInitParser();
            xmlSetExternalEntityLoader(xmlNoNetExternalEntityLoader);
            xmlSetStructuredErrorFunc(ptr::null_mut(), Some(drop_error));
            xmlCatalogCleanup();
        }
        if let Some(catalog) = catalog.and_then(c_path) {
            // SAFETY: the string ends with a null byte, and the library copies what it keeps of it.
            unsafe { xmlLoadCatalog(catalog.as_ptr()) };
        }
        Library { of_thread: PhantomData }
    }

    /// The version as the library reports it: 20914 is 2.9.14.
    pub fn version(&self) -> String {
        // SAFETY: a constant string of the library.
        unsafe { CStr::from_ptr(xmlParserVersion) }.to_string_lossy().into_owned()
    }

    /// Compiles a schema document and what it includes and imports.
    pub fn schema(&self, entry: &Path) -> Option<Schema> {
        let path = c_path(entry)?;
        // SAFETY: the string outlives the call; `parse` takes over the context.
        unsafe { parse(xmlSchemaNewParserCtxt(path.as_ptr())) }
    }

    /// Compiles a schema document in memory, which imports by absolute paths.
    pub fn schema_of_text(&self, text: &str) -> Option<Schema> {
        let length = c_int::try_from(text.len()).ok()?;
        // SAFETY: the library reads the text while `parse` runs; `parse` takes over the context.
        unsafe { parse(xmlSchemaNewMemParserCtxt(text.as_ptr().cast(), length)) }
    }
}

fn c_path(path: &Path) -> Option<CString> {
    CString::new(path.to_str()?).ok()
}

/// # Safety
///
/// `context` is null or a schema parser context that nothing else uses; its text still exists.
unsafe fn parse(context: *mut c_void) -> Option<Schema> {
    let context = NonNull::new(context)?;
    // SAFETY: the context is live, and is freed once, after its only use. The schema does not refer to it.
    let schema = unsafe {
        let schema = xmlSchemaParse(context.as_ptr());
        xmlSchemaFreeParserCtxt(context.as_ptr());
        schema
    };
    Some(Schema { schema: NonNull::new(schema)? })
}

/// A compiled schema.
pub struct Schema {
    schema: NonNull<c_void>,
}

impl Drop for Schema {
    fn drop(&mut self) {
        // SAFETY: freed once; readers and contexts that use it borrow it.
        unsafe { xmlSchemaFree(self.schema.as_ptr()) }
    }
}

impl Schema {
    /// Whether a document is valid, by the streaming reader.
    pub fn is_valid_streaming(&self, document: &[u8]) -> bool {
        let Ok(length) = c_int::try_from(document.len()) else { return false };
        let text = document.as_ptr().cast();
        // SAFETY: the reader reads the document while it lives, which is within this function; it is freed once. The
        // schema is live, and the reader does not free it.
        unsafe {
            let Some(reader) = NonNull::new(xmlReaderForMemory(text, length, ptr::null(), ptr::null(), NO_NETWORK))
            else {
                return false;
            };
            let reader = reader.as_ptr();
            let is_ready = xmlTextReaderSetSchema(reader, self.schema.as_ptr()) == 0;
            let mut state = 1;
            while is_ready && state == 1 {
                state = xmlTextReaderRead(reader);
            }
            let is_valid = is_ready && state == 0 && xmlTextReaderIsValid(reader) == 1;
            xmlFreeTextReader(reader);
            is_valid
        }
    }

    /// Checks trees; used for many documents.
    pub fn tree_validator(&self) -> Option<TreeValidator<'_>> {
        // SAFETY: the schema is live, and outlives the context.
        let context = NonNull::new(unsafe { xmlSchemaNewValidCtxt(self.schema.as_ptr()) })?;
        Some(TreeValidator { context, schema: PhantomData })
    }
}

pub struct TreeValidator<'s> {
    context: NonNull<c_void>,
    schema: PhantomData<&'s Schema>,
}

impl Drop for TreeValidator<'_> {
    fn drop(&mut self) {
        // SAFETY: freed once.
        unsafe { xmlSchemaFreeValidCtxt(self.context.as_ptr()) }
    }
}

impl TreeValidator<'_> {
    /// Reads a document into a tree and looks for every error in it.
    pub fn is_valid(&mut self, document: &[u8]) -> bool {
        let Ok(length) = c_int::try_from(document.len()) else { return false };
        let text = document.as_ptr().cast();
        // SAFETY: the tree copies what it keeps of the text, and is freed once; the context is live and does not keep
        // the tree.
        unsafe {
            let Some(tree) = NonNull::new(xmlReadMemory(text, length, ptr::null(), ptr::null(), NO_NETWORK)) else {
                return false;
            };
            let is_valid = xmlSchemaValidateDoc(self.context.as_ptr(), tree.as_ptr()) == 0;
            xmlFreeDoc(tree.as_ptr());
            is_valid
        }
    }
}
