//! Answers.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::gateway::XmlError;
use super::generated::{self, AnswerMember, TaskMember};
use super::response_schema;
use crate::diagnostic::Report;
use crate::json::{Alternative, Breach, Int, List, Member, Open, Root, Rule, Text, TextOrInteger, names, object};
use crate::{Error, Limits, codec, xml};

/// A text of any length: the pages bound none.
pub type AnyText<'a> = Text<'a, 0, { usize::MAX }>;

/// The code of an error: text by the documentation, although two of its pages print a number. In XML it is text.
pub type ErrorCode<'a> = TextOrInteger<'a, 0, { usize::MAX }>;

const RULES: &[Rule] = &[Rule {
    member: "ErrorCode",
    breach: Breach::Number,
    message: "expected a string in `ErrorCode`, found a number: the page types it as a string; two Chinese pages print a \
              number",
    see: "https://www.alibabacloud.com/help/en/dataworks/api-getmigrationprocess",
}];

object! {
    /// The progress of importing a migration package. Nothing in it is required.
    pub struct GetMigrationProcess<'a> as "GetMigrationProcessResponse": Default where RULES {
        /// The HTTP status code.
        "HttpStatusCode" http_status_code: Member<Int<{ i32::MIN }, { i32::MAX }>>,
        /// The identifier of the request, for support requests; not always a UUID.
        "RequestId" request_id: Member<AnyText<'a>>,
        /// The error in words. It may be present with `Success` true, and is then meaningless.
        "ErrorMessage" error_message: Member<AnyText<'a>>,
        /// Whether the call (not the import) succeeded.
        "Success" success: Member<bool>,
        /// The code of the error: a string, although two pages print a number.
        "ErrorCode" error_code: Member<ErrorCode<'a>>,
        /// The tasks of the import. Absent and null are an empty list; in XML each item is a Data element.
        "Data" data: Member<List<ProgressTaskItem<'a>, 0, { usize::MAX }>>,
    }

    /// A task of an import and its status. An empty Data element is read as an item without information.
    pub struct ProgressTaskItem<'a> as "ProgressTaskItem": Default {
        /// The status of the task. An open list.
        "TaskStatus" task_status: Member<Open<'a, TaskStatus, 0, { usize::MAX }>>,
        /// The name of the task, such as IMPORE_PREPARE (spelled like this on every page).
        "TaskName" task_name: Member<AnyText<'a>>,
    }

    /// The gateway's error for a refused call. Nothing in it is required.
    pub struct GatewayError<'a> as "Error": Default {
        /// The identifier of the request, for support requests.
        "RequestId" request_id: Member<AnyText<'a>>,
        /// The host that refused the call.
        "HostId" host_id: Member<AnyText<'a>>,
        /// The code of the error, dotted text such as InvalidAction.NotFound; an open list.
        "Code" code: Member<AnyText<'a>>,
        /// The error in words.
        "Message" message: Member<AnyText<'a>>,
        /// Where to read more.
        "Recommend" recommend: Member<AnyText<'a>>,
    }
}

names! {
    /// The documented statuses of a task.
    pub enum TaskStatus {
        /// Not begun. Older pages print `INT`, a misprint.
        Init = "INIT" | "INT",
        Running = "RUNNING",
        Failure = "FAILURE",
        Success = "SUCCESS",
    }
}

/// An answer to `GetMigrationProcess`, in XML or JSON.
///
/// JSON is the gateway's error if it has one of the members that only that has, and none that only the answer of the
/// operation has.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Response<'a> {
    /// The operation answered.
    Progress(GetMigrationProcess<'a>),
    /// The gateway in front of it refused the call.
    Error(GatewayError<'a>),
}

/// An answer in JSON.
pub(crate) const ROOT: &Root = &Root {
    title: "Alibaba Cloud DataWorks: answer to GetMigrationProcess, version 2020-05-18",
    main: GetMigrationProcess::OBJECT,
    alternative: Some(Alternative { shape: GatewayError::OBJECT, marks: &["Code", "Message", "HostId", "Recommend"] }),
};

impl<'a> Response<'a> {
    /// Reads an answer in XML, and checks it. Texts borrow from `bytes` unless a reference had to be resolved.
    ///
    /// # Errors
    ///
    /// The answer is invalid: [`Error::report`] has the diagnostics.
    pub fn decode_xml(bytes: &'a [u8]) -> Result<Response<'a>, Error> {
        Response::decode_xml_limited(bytes, response_schema().limits())
    }

    /// As [`decode_xml`](Self::decode_xml), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Response::decode_xml`].
    pub fn decode_xml_limited(bytes: &'a [u8], limits: &Limits) -> Result<Response<'a>, Error> {
        match generated::decode_get_migration_process_response_limited(bytes, limits) {
            Ok(answer) => GetMigrationProcess::of_xml(answer).map(Response::Progress),
            // It has the other root.
            Err(error) if error.report().is_none() => {
                let schema = response_schema().with_limits(*limits);
                codec::decode::<XmlError<'_>>(&schema, bytes).map(|XmlError(error)| Response::Error(error))
            }
            Err(error) => Err(error),
        }
    }

    /// Reads an answer in JSON, and checks it. Texts borrow from `bytes` unless an escape had to be resolved.
    ///
    /// # Errors
    ///
    /// The answer is invalid: [`Error::report`] has the diagnostics.
    pub fn decode_json(bytes: &'a [u8]) -> Result<Response<'a>, Error> {
        Response::decode_json_limited(bytes, &Limits::default())
    }

    /// As [`decode_json`](Self::decode_json), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Response::decode_json`].
    pub fn decode_json_limited(bytes: &'a [u8], limits: &Limits) -> Result<Response<'a>, Error> {
        let mut progress = GetMigrationProcess::default();
        Ok(match ROOT.read_either(bytes, limits, &mut progress)? {
            Some(error) => Response::Error(error),
            None => Response::Progress(progress),
        })
    }

    /// Reads an answer in either format: what begins with `<` is taken as XML.
    ///
    /// ```
    /// use packetcheck::dataworks::Response;
    ///
    /// let json = br#"{"Data":[{"TaskStatus":"SUCCESS","TaskName":"IMPORE_PREPARE"}]}"#;
    /// let xml = b"<GetMigrationProcessResponse><Data><TaskStatus>SUCCESS</TaskStatus><TaskName>IMPORE_PREPARE</TaskName></Data>\
    ///     </GetMigrationProcessResponse>";
    /// assert_eq!(Response::decode(json)?, Response::decode(xml)?);
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Response::decode_xml`] and [`Response::decode_json`].
    pub fn decode(bytes: &'a [u8]) -> Result<Response<'a>, Error> {
        if xml::is_begun(bytes) { Response::decode_xml(bytes) } else { Response::decode_json(bytes) }
    }

    /// As [`decode`](Self::decode), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Response::decode`].
    pub fn decode_limited(bytes: &'a [u8], limits: &Limits) -> Result<Response<'a>, Error> {
        match xml::is_begun(bytes) {
            true => Response::decode_xml_limited(bytes, limits),
            false => Response::decode_json_limited(bytes, limits),
        }
    }

    /// Whether an answer is valid. What begins with `<` is taken as XML.
    pub fn is_valid(bytes: &[u8]) -> bool {
        Response::is_valid_limited(bytes, &Limits::default())
    }

    /// As [`is_valid`](Self::is_valid), with the given limits.
    pub fn is_valid_limited(bytes: &[u8], limits: &Limits) -> bool {
        match xml::is_begun(bytes) {
            true => response_schema().is_valid_within(bytes, limits),
            false => Response::decode_json_limited(bytes, limits).is_ok(),
        }
    }

    /// Whether an answer is the gateway's error, even a broken one.
    #[cfg(feature = "http")]
    pub(super) fn is_error(bytes: &[u8], limits: &Limits) -> bool {
        match xml::is_begun(bytes) {
            true => root_is(bytes, "Error"),
            false => ROOT.is_alternative(bytes, limits),
        }
    }

    /// Every error and warning in an answer, each with its place. What begins with `<` is taken as XML.
    ///
    /// ```
    /// use packetcheck::{Limits, dataworks::Response};
    ///
    /// let report = Response::explain(br#"{"Data": {}}"#, &Limits::default());
    /// assert_eq!(report.diagnostics[0].message, "expected an array in `Data`, found an object");
    /// ```
    pub fn explain(bytes: &[u8], limits: &Limits) -> Report {
        match xml::is_begun(bytes) {
            true => response_schema().explain_within(bytes, limits),
            false => ROOT.explain::<GetMigrationProcess<'_>>(bytes, limits),
        }
    }

    /// As [`explain`](Self::explain) for JSON, token by token, for tests that compare the two.
    #[doc(hidden)]
    pub fn explain_json_in_full(bytes: &[u8], limits: &Limits) -> Report {
        ROOT.explain_in_full(bytes, limits)
    }

    /// The answer in XML, without line breaks between its elements, as the gateway writes it.
    ///
    /// An empty list has no element, so it comes back as absent; so does `null`.
    ///
    /// ```
    /// use packetcheck::dataworks::Response;
    ///
    /// let response = Response::decode_json(br#"{"RequestId":"7"}"#)?;
    /// let document = b"<GetMigrationProcessResponse><RequestId>7</RequestId></GetMigrationProcessResponse>";
    /// assert!(response.encode_xml()?.ends_with(document));
    /// assert_eq!(response.encode_json()?, br#"{"RequestId":"7"}"#);
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// XML cannot hold it (a character that XML does not allow, a member of an answer that is in `extra`, a member of
    /// an error that is neither text nor came from XML): nothing invalid is ever written.
    pub fn encode_xml(&self) -> Result<Vec<u8>, Error> {
        match self {
            Response::Progress(progress) => {
                progress.check_for_xml()?;
                response_schema().encode(self)
            }
            Response::Error(error) => error.encode_xml(false),
        }
    }

    /// The answer in XML as the documentation prints it: each element on its own line, indented by two spaces.
    ///
    /// # Errors
    ///
    /// See [`Response::encode_xml`].
    pub fn encode_xml_pretty(&self) -> Result<Vec<u8>, Error> {
        match self {
            Response::Progress(progress) => {
                progress.check_for_xml()?;
                response_schema().encode_pretty(self)
            }
            Response::Error(error) => error.encode_xml(true),
        }
    }

    /// The answer in JSON: each member that is not absent, in the order of the documentation.
    ///
    /// # Errors
    ///
    /// A documented member is in `extra`, or the answer would be read as the other kind: an error without any of its
    /// own members, or with one of the operation's in `extra`.
    pub fn encode_json(&self) -> Result<Vec<u8>, Error> {
        match self {
            // It has members of an error only in `extra`.
            Response::Progress(progress) if progress.extra.is_empty() => ROOT.to_vec(self),
            Response::Progress(_) => ROOT.to_vec_as(self, false),
            Response::Error(_) => ROOT.to_vec_as(self, true),
        }
    }

    /// The answer in JSON with the members in the order of another document, usually the one it was read from.
    ///
    /// # Errors
    ///
    /// See [`Response::encode_json`].
    pub fn encode_json_like(&self, like: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(ROOT.like(&self.encode_json()?, like))
    }

    /// The JSON Schema (2020-12) of answers: `schemas/dataworks/get_migration_process.schema.json`.
    pub fn json_schema() -> String {
        ROOT.schema()
    }

    /// The same answer, owning its texts.
    pub fn into_owned(self) -> Response<'static> {
        match self {
            Response::Progress(progress) => Response::Progress(progress.into_owned()),
            Response::Error(error) => Response::Error(error.into_owned()),
        }
    }
}

impl<'a> GetMigrationProcess<'a> {
    /// The tasks of the import; empty if the list is absent or `null`.
    pub fn items(&self) -> &[ProgressTaskItem<'a>] {
        self.data.get().map_or(&[], |list| list)
    }

    /// The content of an answer in XML.
    fn of_xml(answer: generated::GetMigrationProcessResponse<'a>) -> Result<GetMigrationProcess<'a>, Error> {
        let mut progress = GetMigrationProcess::default();
        let mut items = Vec::new();
        for member in answer.items {
            match member {
                AnswerMember::HttpStatusCode(code) => {
                    progress.http_status_code = Member::Value(Int::new(code).map_err(Error::mismatch)?);
                }
                AnswerMember::RequestId(id) => progress.request_id = text(id)?,
                AnswerMember::ErrorMessage(message) => progress.error_message = text(message)?,
                AnswerMember::Success(success) => progress.success = Member::Value(success),
                AnswerMember::ErrorCode(code) => {
                    let code = AnyText::new(code).map_err(Error::mismatch)?;
                    progress.error_code = Member::Value(ErrorCode::Text(code));
                }
                AnswerMember::Data(item) => items.push(ProgressTaskItem::of_xml(item)?),
            }
        }
        if !items.is_empty() {
            progress.data = Member::Value(List::new(items).map_err(Error::mismatch)?);
        }
        Ok(progress)
    }

    /// Checks for members that XML has no place for.
    fn check_for_xml(&self) -> Result<(), Error> {
        match self.extra.is_empty() && self.items().iter().all(|item| item.extra.is_empty()) {
            true => Ok(()),
            false => {
                Err(Error::mismatch("the schema has no place for members that are in `extra`: only JSON can hold them"))
            }
        }
    }
}

/// A text of an answer in XML.
fn text(text: Cow<'_, str>) -> Result<Member<AnyText<'_>>, Error> {
    AnyText::new(text).map(Member::Value).map_err(Error::mismatch)
}

impl<'a> ProgressTaskItem<'a> {
    fn of_xml(task: generated::ProgressTaskItem<'a>) -> Result<ProgressTaskItem<'a>, Error> {
        let mut item = ProgressTaskItem::default();
        for member in task.items {
            match member {
                TaskMember::TaskName(name) => item.task_name = text(name)?,
                TaskMember::TaskStatus(status) => {
                    item.task_status = Member::Value(AnyText::new(status).map_err(Error::mismatch)?.into());
                }
            }
        }
        Ok(item)
    }

    /// The status, if it is a documented one. `INT`, a misprint of older pages, is `INIT`.
    pub fn status(&self) -> Option<TaskStatus> {
        self.task_status.get()?.known()
    }

    /// Whether it has no content, like an empty `<Data/>`, which may have meant an empty list.
    pub fn is_empty(&self) -> bool {
        self.task_status.get().is_none() && self.task_name.get().is_none() && self.extra.is_empty()
    }
}

/// Whether the root of a document in XML has this name.
#[cfg(feature = "http")]
fn root_is(bytes: &[u8], name: &str) -> bool {
    let Ok(text) = xml::decode(bytes, &Limits::default()) else { return false };
    let Ok(mut reader) = xml::Reader::new(&text, &Limits::default()) else { return false };
    loop {
        match reader.next(&mut |_| {}) {
            xml::Token::Start { name: found, .. } => return found == name,
            xml::Token::Text { .. } => {}
            xml::Token::End { .. } | xml::Token::Eof => return false,
        }
    }
}

impl Serialize for Response<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Response::Progress(progress) => progress.serialize(serializer),
            Response::Error(error) => error.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An answer as the roots of its XML.
    #[derive(serde::Deserialize)]
    enum XmlRoot<'a> {
        #[serde(borrow)]
        GetMigrationProcessResponse(GetMigrationProcess<'a>),
        #[serde(borrow)]
        Error(XmlError<'a>),
    }

    impl<'a> From<XmlRoot<'a>> for Response<'a> {
        fn from(root: XmlRoot<'a>) -> Response<'a> {
            match root {
                XmlRoot::GetMigrationProcessResponse(progress) => Response::Progress(progress),
                XmlRoot::Error(XmlError(error)) => Response::Error(error),
            }
        }
    }

    /// serde reads what the generated code reads.
    #[test]
    fn both_readers_of_xml_agree() {
        for answer in [
            "<GetMigrationProcessResponse/>",
            "<GetMigrationProcessResponse><Data><TaskName>a&amp;b</TaskName></Data><HttpStatusCode> +200 </HttpStatusCode>\
             <Success>1</Success><Data/><ErrorCode>110001123456</ErrorCode><RequestId/><ErrorMessage><![CDATA[a]]>b\
             </ErrorMessage><Data><TaskStatus>INT</TaskStatus></Data></GetMigrationProcessResponse>",
            "<Error><Code>a</Code><RequestId>b</RequestId><Recommend><![CDATA[c&d]]></Recommend><HostId>e</HostId></Error>",
        ] {
            let by_serde: XmlRoot<'_> = response_schema().decode(answer.as_bytes()).expect("serde reads it");
            let generated = Response::decode_xml(answer.as_bytes()).expect("so does generated code");
            assert_eq!(Response::from(by_serde), generated, "{answer}");
        }
    }
}
