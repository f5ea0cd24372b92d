//! Answers.

use std::borrow::Cow;

use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::{read, response_schema};
use crate::Error;
use crate::codec::{self, optional_text};

/// An answer to `GetMigrationProcess`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response<'a> {
    /// The operation answered.
    Progress(GetMigrationProcess<'a>),
    /// The gateway in front of it refused the call.
    Error(GatewayError<'a>),
}

/// How far the import of a migration package has come. Nothing in it is required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "GetMigrationProcessResponse", rename_all = "PascalCase", deny_unknown_fields)]
pub struct GetMigrationProcess<'a> {
    /// The HTTP status code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http_status_code: Option<i32>,
    /// The identifier of the request, for the support.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Cow<'a, str>>,
    /// The error in words. It may be there beside `success`, and then says nothing.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub error_message: Option<Cow<'a, str>>,
    /// Whether the call (not the import) succeeded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub success: Option<bool>,
    /// The code of the error.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub error_code: Option<ErrorCode<'a>>,
    /// The tasks of the import. In XML each is a `Data` element; no such element is an empty list.
    #[serde(borrow, default)]
    pub data: Vec<ProgressTaskItem<'a>>,
}

/// A task of an import and its status.
///
/// An empty `<Data/>`, which could also mean an empty list, is read as an item that says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct ProgressTaskItem<'a> {
    /// The status as it stands there, see [`ProgressTaskItem::status`].
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub task_status: Option<Cow<'a, str>>,
    /// The name of the task, such as `IMPORE_PREPARE`; an open list.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub task_name: Option<Cow<'a, str>>,
}

/// The documented statuses of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TaskStatus {
    /// `INIT` (older pages print `INT`): it has not begun.
    Init,
    /// `RUNNING`
    Running,
    /// `FAILURE`
    Failure,
    /// `SUCCESS`
    Success,
}

/// What the gateway says of a call that it refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "Error", rename_all = "PascalCase", deny_unknown_fields)]
pub struct GatewayError<'a> {
    /// The identifier of the request, for the support.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Cow<'a, str>>,
    /// The host that refused the call.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub host_id: Option<Cow<'a, str>>,
    /// The code, such as `InvalidAction.NotFound`; an open list.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub code: Option<Cow<'a, str>>,
    /// The error in words.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub message: Option<Cow<'a, str>>,
    /// Where to read more.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub recommend: Option<Cow<'a, str>>,
}

/// `ErrorCode`: text by the documentation, though two of its pages print a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorCode<'a> {
    /// Text, mostly digits. In XML always.
    Text(Cow<'a, str>),
}

impl<'a> Response<'a> {
    /// Reads an answer in XML, checking it on the way. Texts borrow from `bytes`.
    ///
    /// # Errors
    ///
    /// The answer is invalid: [`Error::report`] says all there is to say.
    pub fn from_xml(bytes: &'a [u8]) -> Result<Response<'a>, Error> {
        let empty = Response::Progress(GetMigrationProcess::default());
        codec::read_root::<Root<'a>, _>(response_schema(), bytes, empty, read::response)
    }

    /// The answer in XML, without line breaks between its elements, as the gateway writes it.
    ///
    /// # Errors
    ///
    /// XML cannot hold it (a character that XML does not have, a member that only JSON can carry): nothing invalid is
    /// ever written.
    pub fn to_xml(&self) -> Result<Vec<u8>, Error> {
        response_schema().to_vec(self)
    }

    /// The answer in XML as the documentation prints it: an element on each line, indented by two blanks.
    ///
    /// # Errors
    ///
    /// As [`Response::to_xml`].
    pub fn to_xml_pretty(&self) -> Result<Vec<u8>, Error> {
        response_schema().to_vec_pretty(self)
    }

    /// The same answer, owning its texts.
    pub fn into_owned(self) -> Response<'static> {
        match self {
            Response::Progress(progress) => Response::Progress(progress.into_owned()),
            Response::Error(error) => Response::Error(error.into_owned()),
        }
    }
}

impl GetMigrationProcess<'_> {
    /// The same answer, owning its texts.
    pub fn into_owned(self) -> GetMigrationProcess<'static> {
        GetMigrationProcess {
            http_status_code: self.http_status_code,
            request_id: owned(self.request_id),
            error_message: owned(self.error_message),
            success: self.success,
            error_code: self.error_code.map(ErrorCode::into_owned),
            data: self.data.into_iter().map(ProgressTaskItem::into_owned).collect(),
        }
    }
}

impl ProgressTaskItem<'_> {
    /// The status, if it is a documented one. `INT`, a misprint of older pages, is `INIT`.
    pub fn status(&self) -> Option<TaskStatus> {
        match self.task_status.as_deref()? {
            "INIT" | "INT" => Some(TaskStatus::Init),
            "RUNNING" => Some(TaskStatus::Running),
            "FAILURE" => Some(TaskStatus::Failure),
            "SUCCESS" => Some(TaskStatus::Success),
            _ => None,
        }
    }

    /// Neither member is there: an empty `<Data/>`, which may have meant an empty list.
    pub fn is_empty(&self) -> bool {
        self.task_status.is_none() && self.task_name.is_none()
    }

    /// The same item, owning its texts.
    pub fn into_owned(self) -> ProgressTaskItem<'static> {
        ProgressTaskItem { task_status: owned(self.task_status), task_name: owned(self.task_name) }
    }
}

impl GatewayError<'_> {
    /// The same error, owning its texts.
    pub fn into_owned(self) -> GatewayError<'static> {
        GatewayError {
            request_id: owned(self.request_id),
            host_id: owned(self.host_id),
            code: owned(self.code),
            message: owned(self.message),
            recommend: owned(self.recommend),
        }
    }
}

impl ErrorCode<'_> {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        match self {
            ErrorCode::Text(text) => text,
        }
    }

    /// The same code, owning its text.
    pub fn into_owned(self) -> ErrorCode<'static> {
        match self {
            ErrorCode::Text(text) => ErrorCode::Text(text.into_owned().into()),
        }
    }
}

fn owned(text: Option<Cow<'_, str>>) -> Option<Cow<'static, str>> {
    text.map(|text| Cow::Owned(text.into_owned()))
}

/// An answer as the roots of its XML.
#[derive(Deserialize)]
enum Root<'a> {
    #[serde(borrow)]
    GetMigrationProcessResponse(GetMigrationProcess<'a>),
    #[serde(borrow)]
    Error(GatewayError<'a>),
}

impl<'a> From<Root<'a>> for Response<'a> {
    fn from(root: Root<'a>) -> Response<'a> {
        match root {
            Root::GetMigrationProcessResponse(progress) => Response::Progress(progress),
            Root::Error(error) => Response::Error(error),
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

impl Serialize for ErrorCode<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ErrorCode<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = optional_text(deserializer)?;
        Ok(ErrorCode::Text(text.unwrap_or_default()))
    }
}
