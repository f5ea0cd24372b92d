//! `Limits` apply to every call that reads: each has a variant that takes and obeys them.

use packetcheck::plesk::SelectedObjects;
use packetcheck::{Limits, PacketKind, dataworks};

type Result = std::result::Result<(), Box<dyn std::error::Error>>;

/// A documented example.
const REPORT: &[u8] = include_bytes!("../data/sms/documentation/report_progress.json");

#[test]
fn json_of_values_is_read_within_limits() -> Result {
    let objects = br#"{"migrate-resellers":{"reseller":[{"name":"ada"}]}}"#;
    SelectedObjects::decode_json(objects)?;
    for limits in [Limits::new().depth(2), Limits::new().document_bytes(objects.len() - 1)] {
        assert!(SelectedObjects::decode_json_limited(objects, &limits).is_err(), "{limits:?}");
    }
    let request = br#"{"Action":"GetMigrationProcess"}"#;
    dataworks::Request::decode_json(request)?;
    let limits = Limits::new().document_bytes(request.len() - 1);
    assert!(dataworks::Request::decode_json_limited(request, &limits).is_err());
    Ok(())
}

#[test]
fn verdicts_hold_limits() {
    let few = Limits::new().document_bytes(8);
    for (kind, packet) in [
        (PacketKind::PleskRequest, &b"<packet><migration><check/></migration></packet>"[..]),
        (PacketKind::SmsTask, br#"{"state":"RUNNING","name":"a"}"#),
        (PacketKind::SmsProgress, REPORT),
        (PacketKind::DataWorksResponse, br#"{"RequestId":"a","Data":[]}"#),
        (PacketKind::DataWorksRequest, b"Action=GetMigrationProcess&ProjectId=1&MigrationId=2"),
    ] {
        assert_eq!(kind.is_valid(packet), kind.is_valid_limited(packet, &Limits::default()), "{kind}");
        assert_eq!(kind.is_valid(packet), kind.explain(packet).is_valid(), "{kind}");
        assert!(kind.is_valid(packet), "{kind}: {}", kind.explain(packet));
        assert!(!kind.is_valid_limited(packet, &few), "{kind}");
    }
    let answer = b"<Error><Code>x</Code></Error>";
    assert_eq!(
        dataworks::Response::is_valid(answer),
        dataworks::Response::is_valid_limited(answer, &Limits::default())
    );
    assert!(!dataworks::Response::is_valid_limited(answer, &few));
}

#[cfg(feature = "http")]
#[test]
fn requests_are_read_within_limits() -> Result {
    use packetcheck::{http, plesk, sms};

    let packet = plesk::Request::check();
    let sent = packet.to_http("https://plesk.example.com", &plesk::Credentials::login("admin", "Zq9"))?;
    plesk::Request::from_http_limited(&sent, &Limits::default())?;
    assert!(plesk::Request::from_http_limited(&sent, &Limits::new().depth(2)).is_err());

    let request = dataworks::Request::new(1, 2);
    let request = (0..2000).fold(request, |request, number| request.with(format!("X{number}"), "1"));
    let query: Vec<String> =
        request.parameters.iter().map(|parameter| format!("{}={}", parameter.name, parameter.value)).collect();
    let sent = format!("GET /?{} HTTP/1.1\r\nHost: dataworks.cn-hangzhou.aliyuncs.com\r\n\r\n", query.join("&"));
    let (capture, limits) = (http::read(sent.as_bytes(), &Limits::default()), Limits::new().parameters(4000));
    let message = capture.messages().next().ok_or("a request was sent")?;
    assert!(dataworks::Request::from_message(message).is_err());
    assert_eq!(dataworks::Request::from_message_limited(message, &limits)?, request);
    PacketKind::DataWorksRequest.decode_limited(sent.as_bytes(), &limits)?;

    let report = sms::ProgressReport::decode(REPORT)?;
    let sent = sms::ReportProgress::new("7a9a", "token", report)?.to_http("https://sms.example.com")?;
    sms::ReportProgress::from_http_limited(&sent, &Limits::default())?;
    assert!(sms::ReportProgress::from_http_limited(&sent, &Limits::new().document_bytes(8)).is_err());
    Ok(())
}
