//! Whole requests about tasks: method, path, head and body; and their answers.

use std::borrow::Cow;
use std::fmt;

use http::{Method, Request, Response, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::response::ROOT;
use super::{ErrorBody, ProgressReport, Task};
use crate::diagnostic::{Report, Severity};
use crate::http::Message;
use crate::json::Text;
use crate::operation::{
    Answer, Answers, Body, Endpoint, Explanation, Field, Findings, Form, Found, Operation, PathParameter, Requirement,
    Segment, Statuses, answer, check, explain_answer, field,
};
use crate::{Error, Limits};

/// `task_id`: 0 to 255 characters; 1 to 36 in the editions of the pages since the end of 2025.
const TASK_ID: Segment = Segment::Parameter(PathParameter { name: "task_id", limits: (0, 255), later: (1, 36) });

/// The field that holds the token.
const TOKEN: &str = "X-Auth-Token";

/// "Querying Details About a Migration Task".
const SHOW_TASK: &Operation = &Operation {
    methods: &["GET"],
    path: &[Segment::Is("v3"), Segment::Is("tasks"), TASK_ID],
    other_path: Severity::Error,
    has_query: false,
    fields: &[Field {
        name: TOKEN,
        limits: (1, 16384),
        required: Requirement::Disputed(
            "the page of this operation (ShowTask) calls it optional in its editions up to 2026-01-06 and mandatory since \
             then, as the page of the progress report (UpdateTaskSpeed) always did",
        ),
    }],
    head: &[TOKEN],
    body: Body::None("the page shows none"),
};

/// "Reporting Migration Progress and Rate".
const REPORT_PROGRESS: &Operation = &Operation {
    methods: &["PUT"],
    path: &[Segment::Is("v3"), Segment::Is("tasks"), TASK_ID, Segment::Is("progress")],
    other_path: Severity::Error,
    has_query: false,
    fields: &[Field { name: TOKEN, limits: (1, 16384), required: SIGNED_OR_TOKEN }],
    head: &[TOKEN],
    // The pages print no content type; the vendor's clients send this one.
    body: Body::Required { form: "JSON", content_types: &["application/json"], other_type: Severity::Warning },
};

const TASK_ANSWERS: &Answers = &Answers { form: Form::Json, empty: None, statuses: Statuses::ErrorsFrom400 };

const REPORT_ANSWERS: &Answers = &Answers {
    form: Form::Json,
    empty: Some("the page documents none; newer clients expect a sentence"),
    statuses: Statuses::ErrorsFrom400,
};

/// "Calling APIs" describes two ways to authenticate: with a token, or with a signature in the field `Authorization`.
const SIGNED_OR_TOKEN: Requirement = Requirement::Unless(
    "Authorization",
    "the page of this operation calls it mandatory; the vendor's clients sign a request instead (`Authorization`)",
);

/// What a path segment contains unescaped (RFC 3986, section 2.3); the rest is percent-encoded.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A user token: 1 to 16384 characters. [`fmt::Debug`] masks it.
#[derive(Clone, PartialEq, Eq)]
pub struct AuthToken<'a>(Text<'a, 1, 16384>);

/// A request for the details of a task: `GET /v3/tasks/{task_id}` ("Querying Details About a Migration Task").
///
/// ```
/// use packetcheck::operation::Answer;
/// use packetcheck::sms::ShowTask;
///
/// let request = ShowTask::new("ef3b9722-07a0-40ae-89b0-889ee96dfc56")?.with_token("MIIF...")?;
/// assert!(!format!("{request:?}").contains("MIIF"));
/// let http = request.to_http("https://sms.example.com")?; // any client sends it
/// assert_eq!(http.uri(), "https://sms.example.com/v3/tasks/ef3b9722-07a0-40ae-89b0-889ee96dfc56");
///
/// let response = http::Response::new(br#"{"id": "ef3b9722", "state": "RUNNING"}"#);
/// match ShowTask::answer(&response)? {
///     Answer::Done(task) => assert_eq!(task.state.get().map(|state| state.as_str()), Some("RUNNING")),
///     Answer::Refused { status, error } => panic!("{status}: {:?}", error.code()),
///     other => panic!("{other:?}"),
/// }
/// # Ok::<(), packetcheck::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShowTask<'a> {
    /// The task; a path parameter.
    pub task_id: Text<'a, 0, 255>,
    /// The token of the user; the field `X-Auth-Token`. One page calls it optional, another mandatory.
    pub auth_token: Option<AuthToken<'a>>,
}

/// A progress report about a task: `PUT /v3/tasks/{task_id}/progress` ("Reporting Migration Progress and Rate").
#[derive(Debug, Clone, PartialEq)]
pub struct ReportProgress<'a> {
    /// The task; a path parameter.
    pub task_id: Text<'a, 0, 255>,
    /// The token of the user; the field `X-Auth-Token`, which is mandatory here. (A request that a client signed
    /// instead is valid with a warning, but cannot be represented by this type.)
    pub auth_token: AuthToken<'a>,
    /// The body.
    pub progress: ProgressReport<'a>,
}

impl<'a> AuthToken<'a> {
    /// A token.
    ///
    /// # Errors
    ///
    /// The token is empty, has more than 16384 characters, or has one that a field of a head cannot hold.
    pub fn new(token: impl Into<Cow<'a, str>>) -> Result<AuthToken<'a>, Error> {
        let token = Text::new(token).map_err(|error| Error::mismatch(format_args!("field `{TOKEN}`: {error}")))?;
        field(TOKEN, &token, true)?;
        Ok(AuthToken(token))
    }

    /// The token itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The same token, owning its text.
    pub fn into_owned(self) -> AuthToken<'static> {
        AuthToken(self.0.into_owned())
    }
}

impl fmt::Debug for AuthToken<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("AuthToken(***)")
    }
}

impl<'a> ShowTask<'a> {
    /// A request for the details of a task.
    ///
    /// ```
    /// use packetcheck::sms::ShowTask;
    ///
    /// let request = ShowTask::new("7a9a9540")?.with_token("token")?.to_http("https://sms.example.com")?;
    /// assert_eq!(request.uri(), "https://sms.example.com/v3/tasks/7a9a9540");
    /// assert_eq!(&*ShowTask::from_http(&request)?.task_id, "7a9a9540");
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The identifier has more than 255 characters.
    pub fn new(task_id: impl Into<Cow<'a, str>>) -> Result<ShowTask<'a>, Error> {
        Ok(ShowTask { task_id: self::task_id(task_id)?, auth_token: None })
    }

    /// Adds a token.
    ///
    /// # Errors
    ///
    /// See [`AuthToken::new`].
    pub fn with_token(self, token: impl Into<Cow<'a, str>>) -> Result<ShowTask<'a>, Error> {
        Ok(ShowTask { auth_token: Some(AuthToken::new(token)?), ..self })
    }

    /// The request that a client sends to an endpoint: `https://sms.example.com`, or just the host.
    ///
    /// # Errors
    ///
    /// The endpoint is invalid, or the identifier is `.` or `..`, which no path can hold.
    pub fn to_http(&self, endpoint: &str) -> Result<Request<Vec<u8>>, Error> {
        let mut request = to_task(endpoint, &self.task_id, "", self.auth_token.as_ref())?;
        *request.method_mut() = Method::GET;
        Ok(request)
    }

    /// Reads a request.
    ///
    /// # Errors
    ///
    /// The request is not as the page describes it: [`Error::report`] has the diagnostics.
    pub fn from_http<B: AsRef<[u8]>>(request: &Request<B>) -> Result<ShowTask<'static>, Error> {
        ShowTask::from_http_limited(request, &Limits::default())
    }

    /// As [`from_http`](Self::from_http), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`ShowTask::from_http`]; also if the request exceeds a limit.
    pub fn from_http_limited<B: AsRef<[u8]>>(
        request: &Request<B>,
        limits: &Limits,
    ) -> Result<ShowTask<'static>, Error> {
        ShowTask::from_message_limited(&Message::of_request(request), limits).map(ShowTask::into_owned)
    }

    /// Reads a request that was captured.
    ///
    /// # Errors
    ///
    /// See [`ShowTask::from_http`]. Places are in the capture.
    pub fn from_message(message: &'a Message<'_>) -> Result<ShowTask<'a>, Error> {
        ShowTask::from_message_limited(message, &Limits::default())
    }

    /// As [`from_message`](Self::from_message), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`ShowTask::from_message`]; also if the request exceeds a limit.
    pub fn from_message_limited(message: &'a Message<'_>, limits: &Limits) -> Result<ShowTask<'a>, Error> {
        let (task_id, auth_token) = read(message, SHOW_TASK, limits)?;
        Ok(ShowTask { task_id, auth_token })
    }

    /// Every error and warning in a captured request.
    pub fn explain(message: &Message<'_>, limits: &Limits) -> Explanation {
        let mut findings = Findings::new(limits);
        check(message, SHOW_TASK, &mut findings);
        Explanation { head: findings.finish(message), ..Explanation::default() }
    }

    /// Reads the response. The values borrow from its body.
    ///
    /// # Errors
    ///
    /// The body is JSON, but not as the pages describe it, or the status contradicts it.
    pub fn answer<B: AsRef<[u8]>>(response: &Response<B>) -> Result<Answer<Task<'_>, ErrorBody<'_>>, Error> {
        ShowTask::answer_limited(response, &Limits::default())
    }

    /// As [`answer`](Self::answer), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`ShowTask::answer`]; also if the body exceeds a limit.
    pub fn answer_limited<'r, B: AsRef<[u8]>>(
        response: &'r Response<B>,
        limits: &Limits,
    ) -> Result<Answer<Task<'r>, ErrorBody<'r>>, Error> {
        let read = |status, body| read_task(status, body, limits);
        answer(TASK_ANSWERS, response, limits, read, |status, body| {
            Ok(match read_task(status, body, limits)? {
                Found::Value(task) => Found::Value(task.into_owned()),
                Found::Error(error) => Found::Error(error.into_owned()),
            })
        })
    }

    /// Every error and warning in a captured response.
    pub fn explain_answer(message: &Message<'_>, limits: &Limits) -> Explanation {
        explain_answer(TASK_ANSWERS, message, limits, |status, body| {
            let is_error = match super::Response::decode_limited(body, limits) {
                Ok(super::Response::Error(_)) => true,
                Ok(super::Response::Task(task)) => status >= 400 && says_nothing(*task),
                Err(_) => ROOT.is_alternative(body, limits),
            };
            (ROOT.explain::<Task<'_>>(body, limits), is_error)
        })
    }

    /// The same request, owning its texts.
    pub fn into_owned(self) -> ShowTask<'static> {
        ShowTask { task_id: self.task_id.into_owned(), auth_token: self.auth_token.map(AuthToken::into_owned) }
    }
}

impl<'a> ReportProgress<'a> {
    /// A report.
    ///
    /// # Errors
    ///
    /// See [`ShowTask::new`] and [`AuthToken::new`].
    pub fn new(
        task_id: impl Into<Cow<'a, str>>,
        token: impl Into<Cow<'a, str>>,
        progress: ProgressReport<'a>,
    ) -> Result<ReportProgress<'a>, Error> {
        Ok(ReportProgress { task_id: self::task_id(task_id)?, auth_token: AuthToken::new(token)?, progress })
    }

    /// The request that a client sends to an endpoint: `https://sms.example.com`, or just the host.
    ///
    /// # Errors
    ///
    /// See [`ShowTask::to_http`] and [`ProgressReport::encode`].
    pub fn to_http(&self, endpoint: &str) -> Result<Request<Vec<u8>>, Error> {
        let mut request = to_task(endpoint, &self.task_id, "/progress", Some(&self.auth_token))?;
        *request.method_mut() = Method::PUT;
        request.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
        *request.body_mut() = self.progress.encode()?;
        Ok(request)
    }

    /// Reads a request. The report borrows from its body.
    ///
    /// # Errors
    ///
    /// The request is not as the page describes it: [`Error::report`] has everything about its head, or if that is
    /// valid, about its body.
    pub fn from_http<B: AsRef<[u8]>>(request: &'a Request<B>) -> Result<ReportProgress<'a>, Error> {
        ReportProgress::from_http_limited(request, &Limits::default())
    }

    /// As [`from_http`](Self::from_http), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`ReportProgress::from_http`]; also if the request exceeds a limit.
    pub fn from_http_limited<B: AsRef<[u8]>>(
        request: &'a Request<B>,
        limits: &Limits,
    ) -> Result<ReportProgress<'a>, Error> {
        let message = Message::of_request(request);
        let (task_id, token) = read(&message, REPORT_PROGRESS, limits)?;
        let (task_id, auth_token) = (task_id.into_owned(), required(token)?.into_owned());
        let progress = ProgressReport::decode_limited(request.body().as_ref(), limits)?;
        Ok(ReportProgress { task_id, auth_token, progress })
    }

    /// Reads a request that was captured.
    ///
    /// # Errors
    ///
    /// See [`ReportProgress::from_http`]. Places in the head are in the capture, those in the body are in the body.
    pub fn from_message(message: &'a Message<'_>) -> Result<ReportProgress<'a>, Error> {
        ReportProgress::from_message_limited(message, &Limits::default())
    }

    /// As [`from_message`](Self::from_message), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`ReportProgress::from_message`]; also if the request exceeds a limit.
    pub fn from_message_limited(message: &'a Message<'_>, limits: &Limits) -> Result<ReportProgress<'a>, Error> {
        let (task_id, token) = read(message, REPORT_PROGRESS, limits)?;
        let progress = ProgressReport::decode_limited(&message.body.bytes, limits)?;
        Ok(ReportProgress { task_id, auth_token: required(token)?, progress })
    }

    /// Every error and warning in a captured request.
    pub fn explain(message: &Message<'_>, limits: &Limits) -> Explanation {
        let mut findings = Findings::new(limits);
        check(message, REPORT_PROGRESS, &mut findings);
        let body = match message.body.bytes.trim_ascii().is_empty() || message.body.is_undecoded() {
            true => Report::default(),
            false => ProgressReport::explain(&message.body.bytes, limits),
        };
        Explanation { head: findings.finish(message), body, text: None }
    }

    /// Reads the response, which has no body if the report was accepted. (A sentence, as newer clients expect one,
    /// counts as the same.)
    ///
    /// # Errors
    ///
    /// The body is an error body, but not as the pages describe it, or the status contradicts it.
    pub fn answer<B: AsRef<[u8]>>(response: &Response<B>) -> Result<Answer<(), ErrorBody<'_>>, Error> {
        ReportProgress::answer_limited(response, &Limits::default())
    }

    /// As [`answer`](Self::answer), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`ReportProgress::answer`]; also if the body exceeds a limit.
    pub fn answer_limited<'r, B: AsRef<[u8]>>(
        response: &'r Response<B>,
        limits: &Limits,
    ) -> Result<Answer<(), ErrorBody<'r>>, Error> {
        let read = |status, body| read_outcome(status, body, limits);
        answer(REPORT_ANSWERS, response, limits, read, |status, body| {
            Ok(match read_outcome(status, body, limits)? {
                Found::Value(()) => Found::Value(()),
                Found::Error(error) => Found::Error(error.into_owned()),
            })
        })
    }

    /// Every error and warning in a captured response.
    pub fn explain_answer(message: &Message<'_>, limits: &Limits) -> Explanation {
        explain_answer(REPORT_ANSWERS, message, limits, |status, body| {
            match status >= 400 || ROOT.is_alternative(body, limits) {
                true => (ROOT.explain::<Task<'_>>(body, limits), true),
                false => (Report::default(), false),
            }
        })
    }

    /// The same request, owning its texts.
    pub fn into_owned(self) -> ReportProgress<'static> {
        ReportProgress {
            task_id: self.task_id.into_owned(),
            auth_token: self.auth_token.into_owned(),
            progress: self.progress.into_owned(),
        }
    }
}

fn task_id<'a>(text: impl Into<Cow<'a, str>>) -> Result<Text<'a, 0, 255>, Error> {
    Text::new(text).map_err(|error| Error::mismatch(format_args!("path parameter `task_id`: {error}")))
}

/// A request with the path of a task, followed by `after`.
fn to_task(
    endpoint: &str,
    task_id: &str,
    after: &str,
    token: Option<&AuthToken<'_>>,
) -> Result<Request<Vec<u8>>, Error> {
    // RFC 3986, section 5.2.4: these are removed, however they are encoded.
    if matches!(task_id, "." | "..") {
        return Err(Error::mismatch(format_args!(
            "path parameter `task_id`: expected an identifier, found `{task_id}`, which is removed from a path"
        )));
    }
    let task_id = utf8_percent_encode(task_id, SEGMENT);
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = Endpoint::parse(endpoint)?.uri(&format!("/v3/tasks/{task_id}{after}"))?;
    if let Some(token) = token {
        request.headers_mut().insert("x-auth-token", field(TOKEN, token.expose(), true)?);
    }
    Ok(request)
}

/// The task and the token of a request.
fn read<'m>(
    message: &'m Message<'_>,
    operation: &Operation,
    limits: &Limits,
) -> Result<(Text<'m, 0, 255>, Option<AuthToken<'m>>), Error> {
    if message.request_line().is_none() {
        return Err(Error::mismatch("expected a request, found another message"));
    }
    let mut findings = Findings::new(limits);
    let id = check(message, operation, &mut findings);
    let report = findings.finish(message);
    let (Some(id), true) = (id, report.is_valid()) else { return Err(Error::invalid_message(report)) };
    let token = message.field(TOKEN).and_then(|field| std::str::from_utf8(&field.value).ok());
    Ok((task_id(id)?, token.map(AuthToken::new).transpose()?))
}

/// The page calls it mandatory: a request that was printed without its head has none, and so cannot be a value.
fn required(token: Option<AuthToken<'_>>) -> Result<AuthToken<'_>, Error> {
    token.ok_or_else(|| Error::mismatch(format_args!("missing required field `{TOKEN}` of the head")))
}

fn read_task<'b>(status: u16, body: &'b [u8], limits: &Limits) -> Result<Found<Task<'b>, ErrorBody<'b>>, Error> {
    Ok(match super::Response::decode_limited(body, limits)? {
        super::Response::Error(error) => Found::Error(error),
        super::Response::Task(task) if status >= 400 && says_nothing(*task.clone()) => {
            Found::Error(read_error(body, limits)?)
        }
        super::Response::Task(task) => Found::Value(*task),
    })
}

fn read_outcome<'b>(status: u16, body: &'b [u8], limits: &Limits) -> Result<Found<(), ErrorBody<'b>>, Error> {
    match status >= 400 || ROOT.is_alternative(body, limits) {
        true => Ok(Found::Error(read_error(body, limits)?)),
        false => Ok(Found::Value(())),
    }
}

/// An error body, even one without the members that the pages name: gateways have their own.
fn read_error<'b>(body: &'b [u8], limits: &Limits) -> Result<ErrorBody<'b>, Error> {
    ROOT.read(body, limits)
}

/// Whether not one member of a task is present.
fn says_nothing(task: Task<'_>) -> bool {
    Task { extra: Default::default(), ..task } == Task::default()
}
