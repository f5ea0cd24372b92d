//! Whole requests, as a URL or a posted form; and their answers.

use std::ops::Range;

use http::{Method, Request as HttpRequest, Response as HttpResponse, header};

use super::parameters::{self, Action, Source};
use super::{GatewayError, GetMigrationProcess, Parameter, Request, Response};
use crate::diagnostic::secret::{self, SecretNames};
use crate::diagnostic::words::operation as words;
use crate::diagnostic::{Report, Severity};
use crate::http::{Message, Text};
use crate::operation::{
    Answer, Answers, Body, Endpoint, Explanation, Findings, Form, Found, Operation, Segment, Statuses, answer, check,
    check_content_type, explain_answer, first_byte,
};
use crate::text::url;
use crate::{Error, Limits};

/// "GetMigrationProcess": `http(s)://[Endpoint]/?Action=GetMigrationProcess&…`, by GET or POST.
const OPERATION: &Operation = &Operation {
    methods: &["GET", "POST"],
    path: &[Segment::Is("")],
    // The RPC style has no other path; the operation is a parameter, so servers need not look at the path.
    other_path: Severity::Warning,
    has_query: true,
    fields: &[],
    head: &[],
    body: Body::Any,
};

const ANSWERS: &Answers = &Answers { form: Form::XmlOrJson, empty: None, statuses: Statuses::OwnErrors };

/// The content type of a form.
const FORM: &str = "application/x-www-form-urlencoded";

/// The fields in which newer clients name what others put into parameters (signature V3).
const FIELDS: [(&str, &str); 2] = [("x-acs-action", "Action"), ("x-acs-version", "Version")];

impl<'a> Request<'a> {
    /// The request that a client sends to an endpoint (`https://dataworks.cn-shanghai.aliyuncs.com`, or just the host)
    /// by GET, with the parameters in the query.
    ///
    /// A signed request then has its credentials (`AccessKeyId`, `Signature`, `SecurityToken`) in the URI, which
    /// `Debug` of [`http::Request`] shows, as do logs of clients and servers. [`Request::to_http_form`] puts them into
    /// the body instead.
    ///
    /// # Errors
    ///
    /// The endpoint is invalid, or the request would be.
    pub fn to_http(&self, endpoint: &str) -> Result<HttpRequest<Vec<u8>>, Error> {
        let mut request = HttpRequest::new(Vec::new());
        *request.uri_mut() = Endpoint::parse(endpoint)?.uri(&format!("/?{}", self.encode()?))?;
        Ok(request)
    }

    /// As [`to_http`](Self::to_http), but by POST, with the parameters in a form body.
    ///
    /// # Errors
    ///
    /// See [`Request::to_http`].
    pub fn to_http_form(&self, endpoint: &str) -> Result<HttpRequest<Vec<u8>>, Error> {
        let mut request = HttpRequest::new(self.encode()?.into_bytes());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Endpoint::parse(endpoint)?.uri("/")?;
        request.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static(FORM));
        Ok(request)
    }

    /// Reads a request: the parameters of its query, then those of its form body, then those that only its head names
    /// (`x-acs-action`, `x-acs-version`).
    ///
    /// ```
    /// use packetcheck::dataworks::Request;
    ///
    /// let request = Request::new(1, 2).with("Version", "2020-05-18");
    /// let sent = request.to_http("https://dataworks.cn-hangzhou.aliyuncs.com")?;
    /// assert_eq!(Request::from_http(&sent)?, request);
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The request is invalid: [`Error::report`] has everything about its head, or if that is valid, about its body.
    pub fn from_http<B: AsRef<[u8]>>(request: &HttpRequest<B>) -> Result<Request<'static>, Error> {
        Request::from_http_limited(request, &Limits::default())
    }

    /// As [`from_http`](Self::from_http), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Request::from_http`]; also if the request exceeds a limit.
    pub fn from_http_limited<B: AsRef<[u8]>>(
        request: &HttpRequest<B>,
        limits: &Limits,
    ) -> Result<Request<'static>, Error> {
        Request::from_message_limited(&Message::of_request(request), limits).map(Request::into_owned)
    }

    /// Reads a request that was captured.
    ///
    /// # Errors
    ///
    /// See [`Request::from_http`]. Places in the head are in the capture, those in the body are in the body.
    pub fn from_message(message: &'a Message<'_>) -> Result<Request<'a>, Error> {
        Request::from_message_limited(message, &Limits::default())
    }

    /// As [`from_message`](Self::from_message), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Request::from_message`]; also if the request exceeds a limit.
    pub fn from_message_limited(message: &'a Message<'_>, limits: &Limits) -> Result<Request<'a>, Error> {
        if message.request_line().is_none() {
            return Err(Error::mismatch("expected a request, found another message"));
        }
        let (parameters, explanation) = read(message, limits);
        if !explanation.head.is_valid() {
            return Err(Error::invalid_message(explanation.head));
        }
        if !explanation.body.is_valid() {
            return Err(Error::invalid(explanation.body, &message.body.bytes));
        }
        Ok(Request { parameters })
    }

    /// Every error and warning in a captured request, including its parameters, wherever they are.
    pub fn explain_message(message: &Message<'_>, limits: &Limits) -> Explanation {
        read(message, limits).1
    }

    /// Reads the response, in XML or JSON. The values borrow from its body.
    ///
    /// # Errors
    ///
    /// The body is XML or JSON, but not as the pages describe it, or the status contradicts it.
    pub fn answer<B: AsRef<[u8]>>(
        response: &HttpResponse<B>,
    ) -> Result<Answer<GetMigrationProcess<'_>, GatewayError<'_>>, Error> {
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
    ) -> Result<Answer<GetMigrationProcess<'r>, GatewayError<'r>>, Error> {
        let found = |response| match response {
            Response::Progress(progress) => Found::Value(progress),
            Response::Error(error) => Found::Error(error),
        };
        let read_copied = |body: &[u8]| Ok(Response::decode_limited(body, limits)?.into_owned());
        answer(
            ANSWERS,
            response,
            limits,
            |_, body| Response::decode_limited(body, limits).map(found),
            |_, body| read_copied(body).map(found),
        )
    }

    /// Every error and warning in a captured response.
    pub fn explain_answer(message: &Message<'_>, limits: &Limits) -> Explanation {
        explain_answer(ANSWERS, message, limits, |_, body| {
            (Response::explain(body, limits), Response::is_error(body, limits))
        })
    }
}

/// The parameters of a request, and everything to report about it.
fn read<'m>(message: &'m Message<'_>, limits: &Limits) -> (Vec<Parameter<'m>>, Explanation) {
    let mut findings = Findings::new(limits);
    check(message, OPERATION, &mut findings);
    let mut named = Vec::new();
    for (field, parameter) in FIELDS {
        let Some(field) = message.field(field) else { continue };
        let value = String::from_utf8_lossy(&field.value);
        if let Some((severity, words)) = parameters::fault_of_value(parameter, &value) {
            findings.add(severity, words, field.value_span.clone(), &field.name);
        }
        named.push((parameter, value));
    }
    let action = match named.iter().any(|(name, _)| *name == "Action") {
        true => Action::InField,
        false => Action::Here,
    };
    let mut sources = Vec::new();
    let target = message.request_line().map(|line| &line.target);
    sources.extend(target.map(|target| Source { bytes: target.text.as_bytes(), query: query_of(target) }));
    if has_form(message, &mut findings) {
        let bytes = &*message.body.bytes;
        sources.push(Source { bytes, query: 0..bytes.trim_ascii_end().len() });
    }
    if let Some(report) = sources.iter().find_map(|source| parameters::too_large(source.bytes, limits)) {
        findings.take(report);
        return (Vec::new(), Explanation { head: findings.finish(message), ..Explanation::default() });
    }
    let (mut parameters, mut reports) = parameters::read_sources(&sources, action, limits);
    for (report, source) in reports.iter_mut().zip(&sources) {
        secret::conceal(report, source.bytes, &SecretNames::of_credentials());
    }
    let mut reports = reports.into_iter();
    if let Some((target, report)) = target.zip(target.and_then(|_| reports.next())) {
        findings.take(in_capture(report, target));
    }
    for (name, value) in named {
        if !parameters.iter().any(|parameter| parameter.name == name) {
            parameters.push(Parameter { name: name.into(), value });
        }
    }
    let body = reports.next().unwrap_or_default();
    (parameters, Explanation { head: findings.finish(message), body, text: None })
}

/// The place of the query in a target.
fn query_of(target: &Text<'_>) -> Range<usize> {
    let parts = url::target(target.text.as_bytes());
    parts.query.unwrap_or(parts.path.end..parts.path.end)
}

/// Whether the body may hold parameters.
fn has_form(message: &Message<'_>, findings: &mut Findings) -> bool {
    if message.body.is_undecoded() || message.body.bytes.trim_ascii().is_empty() {
        return false;
    }
    if message.request_line().is_some_and(|line| line.method.text == "GET") {
        let words = words::unexpected_body("a GET has its parameters in the query");
        findings.add(Severity::Warning, words, first_byte(message), "");
        return false;
    }
    check_content_type(message, &[FORM], Severity::Warning, findings);
    true
}

/// Turns a report on the text of a target into one on the capture.
fn in_capture(mut report: Report, target: &Text<'_>) -> Report {
    let place = |range: &Range<usize>| target.part(range.clone()).map_or_else(|| target.span.clone(), |part| part.span);
    for diagnostic in &mut report.diagnostics {
        diagnostic.span = place(&diagnostic.span);
        if let Some((related, _)) = &mut diagnostic.related {
            *related = place(related);
        }
        let concealed = diagnostic.concealed().iter().map(place).collect();
        diagnostic.concealed = secret::Concealed::of(concealed);
    }
    report
}
