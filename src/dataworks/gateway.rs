//! The gateway's error in XML: the documented members, and any others, which are kept in `extra`.
//!
//! In XML a member is an element. An unknown one is kept as `codec::Any` serializes itself to JSON: text as a string,
//! markup as `{"xml": "…"}`; several with one name as an array, as the gateway writes arrays.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::response::{AnyText, GatewayError, Response};
use super::response_schema;
use crate::Error;
use crate::codec::{Any, Text, split_markup};
use crate::json::{Member, Raw};
use crate::xml::Writer;

/// An error that is read element by element.
#[derive(Debug, Default)]
pub(super) struct ErrorReader<'a> {
    error: GatewayError<'a>,
    /// Members of `extra`, each with its elements as JSON, and the place of each.
    unknown: Vec<(Cow<'a, str>, Vec<String>)>,
    places: HashMap<Cow<'a, str>, usize>,
}

impl<'a> ErrorReader<'a> {
    /// Takes an element with this name as a member.
    pub(super) fn take(&mut self, name: Cow<'a, str>, content: Any<'a>) -> Result<(), Error> {
        let content = match (self.error.member(&name), content) {
            (Some(member), Any::Text(text) | Any::Markup(text)) => {
                *member = Member::Value(AnyText::new(text).map_err(Error::mismatch)?);
                return Ok(());
            }
            (None, content) => serde_json::to_string(&content).map_err(Error::mismatch)?,
        };
        let place = *self.places.entry(name.clone()).or_insert_with(|| {
            self.unknown.push((name, Vec::new()));
            self.unknown.len() - 1
        });
        if let Some((_, elements)) = self.unknown.get_mut(place) {
            elements.push(content);
        }
        Ok(())
    }

    /// The error, once all of its elements were taken.
    pub(super) fn finish(self) -> Result<GatewayError<'a>, Error> {
        let mut error = self.error;
        for (name, elements) in self.unknown {
            let value = match elements.as_slice() {
                [only] => only.clone(),
                several => format!("[{}]", several.join(",")),
            };
            error.extra.append(name, Raw::new(value).map_err(Error::mismatch)?);
        }
        Ok(error)
    }
}

impl<'a> GatewayError<'a> {
    fn member(&mut self, name: &str) -> Option<&mut Member<AnyText<'a>>> {
        match name {
            "RequestId" => Some(&mut self.request_id),
            "HostId" => Some(&mut self.host_id),
            "Code" => Some(&mut self.code),
            "Message" => Some(&mut self.message),
            "Recommend" => Some(&mut self.recommend),
            _ => None,
        }
    }

    /// The document, in the order of the documentation, unknown members last.
    pub(super) fn encode_xml(&self, is_pretty: bool) -> Result<Vec<u8>, Error> {
        let known = [&self.request_id, &self.host_id, &self.code, &self.message, &self.recommend];
        let known = GatewayError::MEMBERS.iter().zip(known);
        let mut elements: Vec<(&str, Any<'_>)> = known
            .filter_map(|(name, member)| Some((*name, Any::Text(Cow::Borrowed(member.get()?.as_str())))))
            .collect();
        for (name, value) in self.extra.iter() {
            if GatewayError::MEMBERS.contains(&name) {
                return Err(Error::mismatch(format_args!("the member `{name}` is in `extra`")));
            }
            let text = value.as_str();
            let several = serde_json::from_str::<Vec<Any<'_>>>(text).or_else(|_| Ok(vec![serde_json::from_str(text)?]));
            let several = several.map_err(|error: serde_json::Error| {
                Error::mismatch(format_args!("only JSON can hold the member `{name}`, which is not text: {error}"))
            })?;
            elements.extend(several.into_iter().map(|content| (name, content)));
        }
        let document = write(&elements, is_pretty)?;
        let report = response_schema().explain(&document);
        if !report.is_valid() {
            return Err(Error::invalid(report, &document));
        }
        // An array of one item or none would come back as another value.
        match Response::decode_xml(&document)? {
            Response::Error(read) if read.values() == self.values() => Ok(document),
            _ => Err(Error::mismatch("only JSON can hold the members that are in `extra`")),
        }
    }

    /// The members in `extra`, however they are written.
    fn values(&self) -> Vec<(&str, Option<serde_json::Value>)> {
        self.extra.iter().map(|(name, value)| (name, serde_json::from_str(value.as_str()).ok())).collect()
    }
}

fn write(elements: &[(&str, Any<'_>)], is_pretty: bool) -> Result<Vec<u8>, Error> {
    let mut writer = Writer::new();
    writer.declaration();
    writer.start("Error")?;
    for (name, content) in elements {
        writer.text(if is_pretty { "\n  " } else { "" })?;
        writer.start(name)?;
        match content {
            Any::Text(text) if text.is_empty() => {}
            Any::Text(text) => writer.text(text)?,
            Any::Markup(markup) => {
                let (attributes, content) = split_markup(markup)?;
                writer.markup(attributes, content);
            }
        }
        writer.end();
    }
    writer.text(if is_pretty && !elements.is_empty() { "\n" } else { "" })?;
    writer.end();
    let mut document = writer.into_bytes();
    document.extend(is_pretty.then_some(b'\n'));
    Ok(document)
}

/// An error as serde reads it from XML.
pub(super) struct XmlError<'a>(pub(super) GatewayError<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for XmlError<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(XmlErrorVisitor)
    }
}

struct XmlErrorVisitor;

impl<'de> Visitor<'de> for XmlErrorVisitor {
    type Value = XmlError<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the element `Error`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<XmlError<'de>, A::Error> {
        let mut error = ErrorReader::default();
        while let Some(Text(name)) = map.next_key()? {
            // White space between the members, and attributes in other namespaces.
            if name.starts_with(['@', '$']) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            error.take(name, map.next_value()?).map_err(serde::de::Error::custom)?;
        }
        error.finish().map(XmlError).map_err(serde::de::Error::custom)
    }
}
