//! Requests as query strings: their parameters show them.

use super::{Detected, Kind};
use crate::Limits;
use crate::dataworks::Request;

/// The kind of what a document begins with, if it is neither XML nor JSON.
pub(super) fn detect(head: &[u8]) -> Option<Detected> {
    let request = Request::parse_leniently(head, &Limits::default());
    let names = || request.parameters.iter().map(|parameter| &*parameter.name);
    let known = names().find(|name| Request::is_parameter(name));
    let name = known.or_else(|| names().find(|name| is_nearly(name)))?;
    Some(Detected {
        kind: Kind::DataWorksRequest,
        reason: format!("it has the parameter `{}`", name.escape_debug()),
        alternative: None,
    })
}

/// One of the parameters of the operation in other letters.
fn is_nearly(name: &str) -> bool {
    ["Action", "ProjectId", "MigrationId"].iter().any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> Option<String> {
        Kind::detect(text.as_bytes())
            .filter(|detected| detected.kind == Kind::DataWorksRequest)
            .map(|detected| detected.reason)
    }

    #[test]
    fn a_query_shows_itself_in_each_form() {
        for text in [
            "Action=GetMigrationProcess&ProjectId=1&MigrationId=2",
            "?Other=1&Action=GetMigrationProcess",
            "https://dataworks.aliyuncs.com/?Action=GetMigrationProcess&ProjectId=1",
            "HTTPS://host/?Action",
        ] {
            assert_eq!(reason(text).as_deref(), Some("it has the parameter `Action`"), "{text}");
        }
        assert_eq!(reason("%4digrationId=2").as_deref(), Some("it has the parameter `MigrationId`"));
        assert_eq!(reason("a=1&projectid=2").as_deref(), Some("it has the parameter `projectid`"));
    }

    #[test]
    fn other_texts_are_none() {
        for text in ["", "hello", "https://host/", "https://host/?a=1", "a=1&b=2", "\0\u{1b}[31m=%"] {
            assert_eq!(reason(text), None, "{text}");
        }
    }
}
