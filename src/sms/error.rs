//! Error bodies.

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
