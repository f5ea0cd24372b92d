//! Writes a request to a Plesk server, and reads its answer.
//!
//! `cargo run --example decode_plesk`

use packetcheck::plesk::{Failure, Outcome, Request, Response};
use packetcheck::{Error, Progress};

fn main() -> Result<(), Error> {
    let request = Request::get_status(["24175", "24176"]).encode()?;
    assert!(request.ends_with(b"<migration_id>24176</migration_id></get_status></migration></packet>"));

    let answer = b"<packet version=\"1.6.9.0\"><migration>\
        <get_status><result><status>ok</status>\
        <migration_status><total>40</total><completed>7</completed></migration_status></result></get_status>\
        <get_status><result><status>error</status><errcode>1013</errcode><errtext>No such task</errtext></result></get_status>\
        </migration></packet>";
    let response = Response::decode(answer)?; // borrows from `answer`
    let mut outcomes = response.get_status(); // in the order of the request
    assert!(matches!(outcomes.next(), Some(Outcome::InProgress(status)) if status.completed < status.total));
    let failure = Failure { code: Some(1013), text: Some("No such task") };
    assert_eq!(outcomes.next(), Some(Outcome::Failed(failure)));
    assert!(outcomes.next().is_none());

    // The same view for all systems.
    assert_eq!(Progress::of_plesk(&response).count(), 2);

    // An invalid packet is not decoded: the error has the whole report.
    let packet = b"<packet><migration><get_status/></migration></packet>";
    let error = Response::decode(packet).expect_err("it is invalid");
    assert_eq!(error.report().map(|report| report.errors), Some(1));
    assert_eq!(error.line_column(), Some((1, 20)));
    Ok(())
}

#[test]
fn it_runs() -> Result<(), Error> {
    main()
}
