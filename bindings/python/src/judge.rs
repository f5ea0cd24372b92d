//! Checks packets: as a kind, against a schema, or as the kind that each packet shows.

use std::borrow::Cow;

use packetcheck_core::diagnostic::Report;
use packetcheck_core::{EncodeError, Error, Explained, Layout, Limits, PacketKind, Schema};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyString};

use crate::schema;

pub(crate) enum Judge {
    Detected,
    Kind(PacketKind),
    Schema(Schema),
}

impl Judge {
    /// Interprets the arguments that all functions have.
    pub(crate) fn new(kind: Option<&str>, schema: Option<&Bound<'_, PyAny>>) -> PyResult<Judge> {
        match (kind, schema) {
            (Some(_), Some(_)) => Err(PyTypeError::new_err("expected `kind` or `schema`, found both")),
            (Some(kind), None) => Ok(Judge::Kind(parse_kind(kind)?)),
            (None, Some(schema)) => Ok(Judge::Schema(parse_schema(schema)?)),
            (None, None) => Ok(Judge::Detected),
        }
    }

    pub(crate) fn is_valid(&self, packet: &[u8]) -> bool {
        match self {
            Judge::Detected => PacketKind::is_valid_detected(packet),
            Judge::Kind(kind) => kind.is_valid(packet),
            Judge::Schema(schema) => schema.is_valid(packet),
        }
    }

    /// The kind, if there is one, and the report.
    pub(crate) fn explain(&self, packet: &[u8]) -> (Option<PacketKind>, Report) {
        match self {
            Judge::Detected => {
                // The usual case: the packet is valid.
                if let Some(kind) = PacketKind::spotless(packet, &Limits::default()) {
                    return (Some(kind), Report::default());
                }
                let (detected, report) = PacketKind::explain_detected(packet);
                (detected.map(|detected| detected.kind), report)
            }
            Judge::Kind(kind) => (Some(*kind), kind.explain(packet)),
            Judge::Schema(schema) => (None, Explained::name_the_cause(packet, Some(schema), schema.explain(packet))),
        }
    }

    /// A packet as JSON.
    pub(crate) fn decode(&self, packet: &[u8]) -> Result<Vec<u8>, Error> {
        match self {
            Judge::Detected => PacketKind::decode_detected_limited(packet, &Limits::default()),
            Judge::Kind(kind) => kind.decode(packet),
            Judge::Schema(schema) => schema.decode_to_json_pretty(packet),
        }
    }

    /// The packet that JSON describes; `None` if its kind is unknown.
    pub(crate) fn encode(&self, json: &[u8]) -> Option<Result<Vec<u8>, EncodeError>> {
        match self {
            Judge::Detected => None,
            Judge::Kind(kind) => Some(kind.encode(json, &Layout::default())),
            Judge::Schema(schema) => Some(schema.encode_from_json(json).map_err(EncodeError::Values)),
        }
    }

    pub(crate) fn kind(&self) -> Option<PacketKind> {
        if let Judge::Kind(kind) = self { Some(*kind) } else { None }
    }
}

pub(crate) fn parse_kind(name: &str) -> PyResult<PacketKind> {
    name.parse().map_err(|error: packetcheck_core::UnknownPacketKind| PyValueError::new_err(error.to_string()))
}

pub(crate) fn parse_schema(given: &Bound<'_, PyAny>) -> PyResult<Schema> {
    match given.cast::<schema::Schema>() {
        Ok(schema) => Ok(schema.get().0.clone()),
        Err(_) => Err(expected("`schema` as packetcheck.Schema", given)),
    }
}

/// The bytes of a single packet.
pub(crate) fn packet_bytes<'a>(given: &'a Bound<'_, PyAny>) -> PyResult<Cow<'a, [u8]>> {
    if let Ok(bytes) = given.cast::<PyBytes>() {
        Ok(Cow::Borrowed(bytes.as_bytes()))
    } else if let Ok(text) = given.cast::<PyString>() {
        Ok(match text.to_cow()? {
            Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
            Cow::Owned(text) => Cow::Owned(text.into_bytes()),
        })
    } else if let Ok(bytes) = given.cast::<PyByteArray>() {
        Ok(Cow::Owned(bytes.to_vec()))
    } else {
        Err(expected("a packet as bytes, bytearray or str", given))
    }
}

/// A `TypeError` that names the accepted types and the type that was passed.
pub(crate) fn expected(what: &str, found: &Bound<'_, PyAny>) -> PyErr {
    match found.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("expected {what}, found `{name}`")),
        Err(error) => error,
    }
}
