//! The documentation of operations over HTTP, as data: the method, the path and its parameters, the fields of the head,
//! the body, the answers. Messages are checked against it here, once for all systems, and typed requests are written by
//! it.
//!
//! [`Answer`] is a classified response, from whatever sent it: the documented answer, an error of the API or of the
//! gateway in front of it, a redirect, a page, or something unreadable. [`Explanation`] has all the faults of a
//! message. [`Template`] makes a request from named values.

mod url;

pub(crate) use url::{check as check_url, placeholders};

#[cfg(feature = "http")]
mod answer;
#[cfg(feature = "http")]
mod content;
#[cfg(feature = "http")]
mod endpoint;
#[cfg(feature = "http")]
pub(crate) mod explanation;
#[cfg(feature = "http")]
mod request;
#[cfg(feature = "http")]
mod response;
#[cfg(feature = "http")]
mod template;

#[cfg(feature = "http")]
pub use {
    answer::Answer,
    explanation::Explanation,
    template::{Draft, Parameter, ParameterForm, Presence, Template, TemplateError, Values},
};

#[cfg(feature = "http")]
pub(crate) use {
    answer::{Found, answer},
    content::Form,
    endpoint::{Endpoint, field},
    explanation::Findings,
    request::{
        Body, Field, Operation, PathParameter, Requirement, Segment, check, check_content_type, first_byte, is_printed,
    },
    response::{Answers, Statuses, explain_answer},
};
