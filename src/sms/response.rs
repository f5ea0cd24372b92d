//! The answer to a request for the details of a task.

use serde::{Serialize, Serializer};

use super::{ErrorBody, Task};
use crate::diagnostic::Report;
use crate::json::{Alternative, Root};
use crate::{Error, Limits};

/// A task, or an error body in its place.
pub(crate) const ROOT: &Root = &Root {
    title: "Huawei Cloud SMS: details of a task, GET /v3/tasks/{task_id}",
    main: Task::OBJECT,
    alternative: Some(Alternative {
        shape: ErrorBody::OBJECT,
        marks: &["error_code", "error_msg", ErrorBody::CODE_OF_CLIENTS, ErrorBody::MESSAGE_OF_CLIENTS],
    }),
};

/// The answer to `GET /v3/tasks/{task_id}`.
///
/// It is an error body if it has `error_code` or `error_msg` (or `errorCode` or `errorMsg`, which clients accept
/// instead) and no member that only a task has.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Response<'a> {
    /// The details of the task.
    Task(Box<Task<'a>>),
    /// Why there are none.
    Error(ErrorBody<'a>),
}

impl<'a> Response<'a> {
    /// Reads an answer. Texts borrow from it unless an escape had to be resolved.
    ///
    /// ```
    /// use packetcheck::sms::Response;
    ///
    /// let answer = br#"{"state":"RUNNING","sub_tasks":[{"progress":55}]}"#;
    /// let response = Response::decode(answer)?;
    /// assert_eq!(response.encode()?, answer);
    /// assert!(response.into_task().is_ok());
    /// let refused = Response::decode(br#"{"error_code":"SMS.0001","error_msg":"no such task"}"#)?;
    /// assert!(matches!(refused, Response::Error(_)));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The document is not what the pages allow, see [`Error::report`].
    pub fn decode(bytes: &'a [u8]) -> Result<Response<'a>, Error> {
        Response::decode_limited(bytes, &Limits::default())
    }

    /// As [`decode`](Self::decode), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Response::decode`].
    pub fn decode_limited(bytes: &'a [u8], limits: &Limits) -> Result<Response<'a>, Error> {
        let mut task = Box::default();
        Ok(match ROOT.read_either(bytes, limits, &mut *task)? {
            Some(error) => Response::Error(error),
            None => Response::Task(task),
        })
    }

    /// The task.
    ///
    /// # Errors
    ///
    /// The answer is an error body, whose code and message the error has.
    pub fn into_task(self) -> Result<Task<'a>, Error> {
        match self {
            Response::Task(task) => Ok(*task),
            Response::Error(error) => Err(not_a_task(&error)),
        }
    }

    /// The value without borrowing.
    pub fn into_owned(self) -> Response<'static> {
        match self {
            Response::Task(task) => Response::Task(Box::new(task.into_owned())),
            Response::Error(error) => Response::Error(error.into_owned()),
        }
    }

    /// Writes the answer: each member that is not absent, in the order of the page.
    ///
    /// # Errors
    ///
    /// `extra` contains a member that the page names, or the answer would be read as the other kind: a task as an error
    /// body; an error body without code and message, or with a member of a task in `extra`, as a task.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        match self {
            Response::Task(task) => task.encode(),
            Response::Error(_) => ROOT.to_vec_as(self, true),
        }
    }

    /// Writes the answer with the members in the order of another document, usually the one it was read from.
    ///
    /// # Errors
    ///
    /// See `encode`.
    pub fn encode_like(&self, like: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(ROOT.like(&self.encode()?, like))
    }

    /// Every error and warning in an answer, each with its place.
    ///
    /// ```
    /// use packetcheck::{Limits, sms::Response};
    ///
    /// let report = Response::explain(br#"{"state": 5, "sub_tasks": [{"progress": 101}]}"#, &Limits::default());
    /// assert_eq!((report.errors, &*report.diagnostics[1].path), (2, "/sub_tasks/0/progress"));
    /// ```
    pub fn explain(bytes: &[u8], limits: &Limits) -> Report {
        ROOT.explain::<Task<'_>>(bytes, limits)
    }

    /// As [`explain`](Self::explain), token by token, for tests that compare the two.
    #[doc(hidden)]
    pub fn explain_in_full(bytes: &[u8], limits: &Limits) -> Report {
        ROOT.explain_in_full(bytes, limits)
    }

    /// The JSON Schema (2020-12) of answers: `schemas/sms/show_task.schema.json`.
    pub fn json_schema() -> String {
        ROOT.schema()
    }
}

/// An error body in place of a task.
#[cold]
pub(super) fn not_a_task(error: &ErrorBody<'_>) -> Error {
    Error::mismatch(format_args!(
        "expected a task, found an error: {}: {}",
        error.code().as_deref().unwrap_or("no code"),
        error.message().as_deref().unwrap_or("no message"),
    ))
}

impl Serialize for Response<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Response::Task(task) => task.serialize(serializer),
            Response::Error(error) => error.serialize(serializer),
        }
    }
}
