//! Error bodies.

use std::borrow::Cow;

use super::Text255;
use crate::json::{List, Member, Text, object};

object! {
    /// What comes with a status of 4xx or 5xx ("Error Codes", and the pages of neighbouring calls).
    pub struct ErrorBody<'a> as "ErrorBody": Default {
        /// Code: `SMS.` and four digits, or `APIGW` and more if the gateway refused.
        "error_code" error_code: Text255<'a>,
        /// The error in words; may contain unfilled placeholders, such as %s.
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
    /// The name that the vendor's client accepts in place of a missing `error_code`.
    pub(super) const CODE_OF_CLIENTS: &'static str = "errorCode";

    /// The name that the vendor's client accepts in place of a missing `error_msg`.
    pub(super) const MESSAGE_OF_CLIENTS: &'static str = "errorMsg";

    /// The code, even if it is named `errorCode` or `code`, as the vendor's clients accept it too.
    pub fn code(&self) -> Option<Cow<'_, str>> {
        let code = self.error_code.get().map(|code| Cow::Borrowed(code.as_str()));
        code.or_else(|| self.text(Self::CODE_OF_CLIENTS)).or_else(|| self.text("code"))
    }

    /// The message, even if it is named `errorMsg` or `message`.
    pub fn message(&self) -> Option<Cow<'_, str>> {
        let message = self.error_msg.get().map(|text| Cow::Borrowed(text.as_str()));
        message.or_else(|| self.text(Self::MESSAGE_OF_CLIENTS)).or_else(|| self.text("message"))
    }

    /// A member in `extra`, if it is a string.
    fn text(&self, name: &str) -> Option<Cow<'_, str>> {
        serde_json::from_str::<String>(self.extra.get(name)?.as_str()).ok().map(Cow::Owned)
    }
}
