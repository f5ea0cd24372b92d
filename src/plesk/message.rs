//! Whole requests: where they are sent, and with which credentials; and their answers.

use std::convert::Infallible;

use http::{HeaderName, HeaderValue, Method, Request as HttpRequest, Response as HttpResponse, header};

use super::{Request, Response, request_schema, response_schema};
use crate::codec::Secret;
use crate::diagnostic::words::operation as words;
use crate::diagnostic::{Report, Severity};
use crate::http::Message;
use crate::operation::{
    Answer, Answers, Body, Endpoint, Explanation, Field, Findings, Form, Found, Operation, Requirement, Segment,
    Statuses, answer, check, explain_answer, field, is_printed,
};
use crate::{Error, Limits};

/// "A Sample Packet", "Packet Structure".
const OPERATION: &Operation = &Operation {
    methods: &["POST"],
    path: &[Segment::Is("enterprise"), Segment::Is("control"), Segment::Is("agent.php")],
    other_path: Severity::Error,
    has_query: false,
    fields: &[credential(LOGIN), credential(PASSWORD), credential(KEY)],
    head: &["Content-Type", LOGIN, PASSWORD],
    body: Body::Required { form: "XML", content_types: &["text/xml"], other_type: Severity::Error },
};

/// Errors have the status 200 too.
const ANSWERS: &Answers = &Answers { form: Form::Xml, empty: None, statuses: Statuses::Always200 };

const LOGIN: &str = "HTTP_AUTH_LOGIN";
const PASSWORD: &str = "HTTP_AUTH_PASSWD";
const KEY: &str = "KEY";

/// The ports of Plesk, for `https` and for `http`.
const PORTS: (u16, u16) = (8443, 8880);

/// Either the login or the key is required, of any length.
const fn credential(name: &'static str) -> Field {
    Field { name, limits: (0, usize::MAX), required: Requirement::No }
}

/// How a client authenticates. [`Debug`](std::fmt::Debug) masks all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Credentials<'a> {
    /// The login name of an administrator, and its password (`HTTP_AUTH_LOGIN`, `HTTP_AUTH_PASSWD`).
    Login {
        /// The login name.
        login: Secret<'a>,
        /// The password.
        password: Secret<'a>,
    },
    /// A secret key (`KEY`).
    Key(Secret<'a>),
}

impl<'a> Credentials<'a> {
    /// A login name and its password.
    pub fn login(login: impl Into<Secret<'a>>, password: impl Into<Secret<'a>>) -> Credentials<'a> {
        Credentials::Login { login: login.into(), password: password.into() }
    }

    /// A secret key.
    pub fn key(key: impl Into<Secret<'a>>) -> Credentials<'a> {
        Credentials::Key(key.into())
    }

    /// The same credentials, owning their texts.
    pub fn into_owned(self) -> Credentials<'static> {
        match self {
            Credentials::Login { login, password } => {
                Credentials::Login { login: login.into_owned(), password: password.into_owned() }
            }
            Credentials::Key(key) => Credentials::Key(key.into_owned()),
        }
    }

    /// The fields that hold them.
    fn fields(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
        let value = |name: &str, secret: &Secret<'_>| field(name, secret.expose(), true);
        Ok(match self {
            Credentials::Login { login, password } => vec![
                (HeaderName::from_static("http_auth_login"), value(LOGIN, login)?),
                (HeaderName::from_static("http_auth_passwd"), value(PASSWORD, password)?),
            ],
            Credentials::Key(key) => vec![(HeaderName::from_static("key"), value(KEY, key)?)],
        })
    }

    /// The credentials of a valid request.
    fn of_message(message: &'a Message<'_>) -> Option<Credentials<'a>> {
        let value = |name| std::str::from_utf8(&message.field(name)?.value).ok();
        match (value(LOGIN), value(PASSWORD), value(KEY)) {
            (Some(login), Some(password), None) => Some(Credentials::login(login, password)),
            (None, None, Some(key)) => Some(Credentials::key(key)),
            _ => None,
        }
    }
}

impl<'a> Request<'a> {
    /// The request that a client sends to a server: `https://plesk.example.com:8443`, or just the host. Without a port
    /// it is sent to Plesk's own: 8443 for `https` and 8880 for `http`.
    ///
    /// ```
    /// use packetcheck::operation::Answer;
    /// use packetcheck::plesk::{Credentials, Request};
    ///
    /// let http = Request::check().to_http("https://plesk.example.com", &Credentials::login("admin", "Zq9"))?;
    /// assert_eq!(http.uri(), "https://plesk.example.com:8443/enterprise/control/agent.php");
    /// assert!(!format!("{http:?}").contains("Zq9"));
    ///
    /// let answer = "<packet><migration><check><result><status>ok</status></result></check></migration></packet>";
    /// let response = http::Response::new(answer);
    /// let Answer::Done(answer) = Request::answer(&response)? else { panic!("no packet") };
    /// assert_eq!(answer.check().next(), Some(Ok(())));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The endpoint is invalid, a credential has a character that no field can hold, or the packet would be invalid.
    pub fn to_http(&self, endpoint: &str, credentials: &Credentials<'_>) -> Result<HttpRequest<Vec<u8>>, Error> {
        let mut request = HttpRequest::new(self.encode()?);
        *request.method_mut() = Method::POST;
        let endpoint = Endpoint::parse(endpoint)?.with_ports(PORTS.0, PORTS.1);
        *request.uri_mut() = endpoint.uri("/enterprise/control/agent.php")?;
        request.headers_mut().extend(credentials.fields()?);
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
        Ok(request)
    }

    /// Reads a request with its credentials. The packet borrows from its body.
    ///
    /// ```
    /// use packetcheck::plesk::{Credentials, Request};
    ///
    /// let sent = Request::check().to_http("https://plesk.example.com", &Credentials::login("admin", "Zq9"))?;
    /// let (request, credentials) = Request::from_http(&sent)?;
    /// assert_eq!(request, Request::check());
    /// assert!(matches!(credentials, Credentials::Login { .. }));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The request is invalid: [`Error::report`] has everything about its head, or if that is valid, about its body.
    pub fn from_http<B: AsRef<[u8]>>(
        request: &'a HttpRequest<B>,
    ) -> Result<(Request<'a>, Credentials<'static>), Error> {
        Request::from_http_limited(request, &Limits::default())
    }

    /// As [`from_http`](Self::from_http), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Request::from_http`]; also if the request exceeds a limit.
    pub fn from_http_limited<B: AsRef<[u8]>>(
        request: &'a HttpRequest<B>,
        limits: &Limits,
    ) -> Result<(Request<'a>, Credentials<'static>), Error> {
        let message = Message::of_request(request);
        let credentials = read(&message, limits)?.into_owned();
        Ok((Request::decode_limited(request.body().as_ref(), limits)?, credentials))
    }

    /// Reads a request that was captured.
    ///
    /// # Errors
    ///
    /// See [`Request::from_http`]. Places in the head are in the capture, those in the body are in the body.
    pub fn from_message(message: &'a Message<'_>) -> Result<(Request<'a>, Credentials<'a>), Error> {
        Request::from_message_limited(message, &Limits::default())
    }

    /// As [`from_message`](Self::from_message), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Request::from_message`]; also if the request exceeds a limit.
    pub fn from_message_limited(
        message: &'a Message<'_>,
        limits: &Limits,
    ) -> Result<(Request<'a>, Credentials<'a>), Error> {
        let credentials = read(message, limits)?;
        Ok((Request::decode_limited(&message.body.bytes, limits)?, credentials))
    }

    /// Every error and warning in a captured request.
    pub fn explain_message(message: &Message<'_>, limits: &Limits) -> Explanation {
        let body = match message.body.bytes.trim_ascii().is_empty() || message.body.is_undecoded() {
            true => Report::default(),
            false => request_schema().with_limits(*limits).explain(&message.body.bytes),
        };
        Explanation { head: explain_head(message, limits), body, text: None }
    }

    /// Reads the response. The values borrow from its body. If the server refused something, the packet says so.
    ///
    /// # Errors
    ///
    /// The body is XML, but not an answer, or its status is not 200.
    pub fn answer<B: AsRef<[u8]>>(response: &HttpResponse<B>) -> Result<Answer<Response<'_>, Infallible>, Error> {
        Request::answer_limited(response, &Limits::default())
    }

    /// As [`answer`](Self::answer), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Request::answer`]; also if the body exceeds a limit.
    pub fn answer_limited<'r, B: AsRef<[u8]>>(
        response: &'r HttpResponse<B>,
        limits: &Limits,
    ) -> Result<Answer<Response<'r>, Infallible>, Error> {
        let read_copied = |body: &[u8]| Ok(Response::decode_limited(body, limits)?.into_owned());
        answer(
            ANSWERS,
            response,
            limits,
            |_, body| Response::decode_limited(body, limits).map(Found::Value),
            |_, body| read_copied(body).map(Found::Value),
        )
    }

    /// Every error and warning in a captured response.
    pub fn explain_answer(message: &Message<'_>, limits: &Limits) -> Explanation {
        explain_answer(ANSWERS, message, limits, |_, body| {
            (response_schema().with_limits(*limits).explain(body), false)
        })
    }
}

/// Every fault of the head of a request.
fn explain_head(message: &Message<'_>, limits: &Limits) -> Report {
    let mut findings = Findings::new(limits);
    check(message, OPERATION, &mut findings);
    if !is_printed(message) {
        check_credentials(message, &mut findings);
    }
    findings.finish(message)
}

/// "Packet Structure": a login and its password, or a key.
fn check_credentials(message: &Message<'_>, findings: &mut Findings) {
    let [login, password, key] = [LOGIN, PASSWORD, KEY].map(|name| message.field(name));
    let (words, place) = match (login, password, key) {
        (None, None, None) => (words::missing_credentials(), None),
        (Some(field), None, None) => (words::half_a_login(PASSWORD, LOGIN), Some(field)),
        (None, Some(field), None) => (words::half_a_login(LOGIN, PASSWORD), Some(field)),
        (Some(_), _, Some(field)) | (_, Some(_), Some(field)) => (words::two_credentials(), Some(field)),
        (Some(_), Some(_), None) | (None, None, Some(_)) => return,
    };
    let line = || message.span.start..message.request_line().map_or(message.span.start, |line| line.span.end);
    let span = place.map_or_else(line, |field| field.name_span.clone());
    findings.add(Severity::Error, words, span, "");
}

/// The credentials of a request with a valid head.
fn read<'m>(message: &'m Message<'_>, limits: &Limits) -> Result<Credentials<'m>, Error> {
    if message.request_line().is_none() {
        return Err(Error::mismatch("expected a request, found another message"));
    }
    let report = explain_head(message, limits);
    if !report.is_valid() {
        return Err(Error::invalid_message(report));
    }
    // A request that was printed without its head has none.
    Credentials::of_message(message).ok_or_else(|| Error::mismatch(words::missing_credentials().message))
}
