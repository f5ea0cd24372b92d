//! Error bodies.

use std::borrow::Cow;

use super::Text255;
use crate::json::{List, Member, Text, object};

object! {
    /// What comes with a status of 4xx or 5xx ("Error Codes", and the pages of neighbouring calls).
    pub struct ErrorBody<'a> as "ErrorBody": Default {
        /// Code: `SMS.` and four digits, or `APIGW` and more where the gateway refused.
        "error_code" error_code: Text255<'a>,
        /// The error in words; may hold places that were not filled, such as %s.
        "error_msg" error_msg: Member<Text<'a, 0, 1024>>,
        /// Which rights are missing, encoded.
        "encoded_authorization_message" encoded_authorization_message: Member<Text<'a, 0, 65535>>,
        /// What the message is about.
        "error_param" error_param: Member<List<Text<'a, 0, 65535>, 1, 20>>,
        /// Errors of their own.
        "details" details: Member<List<ErrorDetail<'a>, 1, 20>>,
    }

    /// One of several errors.
    pub struct ErrorDetail<'a> as "ErrorDetail": Default {
        /// Code.
        "error_code" error_code: Member<Text<'a, 0, 65535>>,
        /// The error in words.
        "error_msg" error_msg: Member<Text<'a, 0, 65535>>,
    }
}

impl<'a> ErrorBody<'a> {
    /// What the vendor's client takes for `error_code` where that is missing.
    pub(super) const CODE_OF_CLIENTS: &'static str = "errorCode";

    /// And for `error_msg`.
    pub(super) const MESSAGE_OF_CLIENTS: &'static str = "errorMsg";

    /// The code, also where it is written `errorCode` or `code`, as the vendor's clients take it too.
    pub fn code(&self) -> Option<Cow<'_, str>> {
        let code = self.error_code.get().map(|code| Cow::Borrowed(code.as_str()));
        code.or_else(|| self.text(Self::CODE_OF_CLIENTS)).or_else(|| self.text("code"))
    }

    /// The error in words, also where it is written `errorMsg` or `message`.
    pub fn message(&self) -> Option<Cow<'_, str>> {
        let message = self.error_msg.get().map(|text| Cow::Borrowed(text.as_str()));
        message.or_else(|| self.text(Self::MESSAGE_OF_CLIENTS)).or_else(|| self.text("message"))
    }

    /// A member that is in `extra`, if it is a text.
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        serde_json::from_str::<String>(self.extra.get(name)?.as_str()).ok().map(Cow::Owned)
    }
}
