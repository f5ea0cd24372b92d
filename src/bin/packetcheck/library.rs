//! Stands in for calls of the library that are not there yet.
#![allow(clippy::todo, dead_code, unused_variables)]

use std::path::Path;

use packetcheck::diagnostic::Report;
use packetcheck::Schema;
use serde::{Deserialize, Serialize};

pub(crate) fn schema_from_file(path: &Path) -> Result<Schema, String> {
    todo!()
}

pub(crate) fn explain(schema: &Schema, bytes: &[u8]) -> Report {
    todo!()
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Request {}

impl Request {
    pub(crate) fn get_status(ids: Vec<String>) -> Request {
        todo!()
    }
    pub(crate) fn from_xml(bytes: &[u8]) -> Result<Request, String> {
        todo!()
    }
    pub(crate) fn to_xml(&self) -> Result<Vec<u8>, String> {
        todo!()
    }
}

pub(crate) type Response = Request;
