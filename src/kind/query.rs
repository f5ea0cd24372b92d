//! Requests as query strings: their parameters are the evidence.

use super::PacketKind;
use super::evidence::Evidence;
use crate::Limits;
use crate::dataworks::Request;

/// The evidence at the beginning of a document that is neither XML nor JSON: the operation, or a parameter that only
/// this operation has. Parameters that all services have in common (`Version`, `Signature`) are not evidence.
pub(super) fn evidence(head: &[u8]) -> Option<Evidence> {
    let request = Request::decode_leniently(head, &Limits::default());
    let own = |name: &str| ["ProjectId", "MigrationId"].iter().any(|known| known.eq_ignore_ascii_case(name));
    let parameter = request.parameters.iter().find(|parameter| {
        let (name, value) = (&parameter.name, &parameter.value);
        own(name) || name.eq_ignore_ascii_case("Action") && value.eq_ignore_ascii_case(Request::ACTION)
    })?;
    let reason = format!("it has the parameter `{}`", parameter.name.escape_debug());
    Some(Evidence { kind: PacketKind::DataWorksRequest, reason })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> Option<String> {
        PacketKind::detect(text.as_bytes())
            .filter(|detected| detected.kind == PacketKind::DataWorksRequest)
            .map(|detected| detected.reason)
    }

    #[test]
    fn a_query_shows_itself_in_each_form() {
        for text in [
            "Action=GetMigrationProcess&ProjectId=1&MigrationId=2",
            "?Other=1&Action=GetMigrationProcess",
            "https://dataworks.aliyuncs.com/?Action=GetMigrationProcess&ProjectId=1",
            "HTTPS://host/?Action=getmigrationprocess",
        ] {
            assert_eq!(reason(text).as_deref(), Some("it has the parameter `Action`"), "{text}");
        }
        assert_eq!(reason("%4digrationId=2").as_deref(), Some("it has the parameter `MigrationId`"));
        assert_eq!(reason("a=1&projectid=2").as_deref(), Some("it has the parameter `projectid`"));
    }

    #[test]
    fn other_texts_are_not_queries() {
        for text in [
            "",
            "hello",
            "https://host/",
            "https://host/?a=1",
            "a=1&b=2",
            "\0\u{1b}[31m=%",
            "Action=DescribeInstances&Version=2014-05-26&Format=JSON",
        ] {
            assert_eq!(reason(text), None, "{text}");
        }
    }
}
