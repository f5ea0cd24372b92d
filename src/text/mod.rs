//! What every layer needs to handle text: white space, the calendar, characters that are invisible or look like others,
//! names, how similar one name is to another, and scans of eight and sixteen bytes at a time.
//!
//! Nothing here knows about documents. Each fast scan has a plain twin in its tests, with which it must agree on random
//! bytes.

pub(crate) mod calendar;
pub(crate) mod distance;
pub(crate) mod hash;
pub(crate) mod invisible;
pub(crate) mod lookalike;
pub(crate) mod mark;
pub(crate) mod name;
pub(crate) mod nearest;
pub(crate) mod page;
pub(crate) mod pattern;
pub(crate) mod placeholder;
pub(crate) mod scan;
pub(crate) mod url;
pub(crate) mod white_space;
pub(crate) mod word;
