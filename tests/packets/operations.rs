//! Properties of any packet of any operation of the `migration` operator: random values, valid without a warning, are
//! written and read back; and both paths through a schema agree when bytes are changed.

#![allow(clippy::panic, reason = "a test says what it misses by it")]

use packetcheck::codec::{Any, Few};
use packetcheck::plesk::*;
use packetcheck::{Progress, Schema};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

/// Any text that XML can hold, preferring characters that have to be escaped.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ -~]{0,16}",
        1 => "[<>&'\"\\]\t\n\r !-]{1,8}",
        1 => "[\u{80}-\u{d7ff}\u{10000}-\u{10ffff}]{0,4}",
    ]
}

/// Text with collapsed white space.
fn word() -> impl Strategy<Value = String> {
    "[!-~é]{0,12}"
}

fn address() -> impl Strategy<Value = MappedIp<'static>> {
    let ip = || {
        (any::<bool>(), any::<[u8; 4]>()).prop_map(|(shared, [a, b, c, d])| {
            let address = format!("{a}.{b}.{c}.{d}");
            if shared { Ip::shared(address) } else { Ip::exclusive(address) }
        })
    };
    (ip(), ip()).prop_map(|(old, new)| MappedIp { old, new })
}

fn db_server() -> impl Strategy<Value = MappedDbServer<'static>> {
    let kind = prop::sample::select(vec![DbServerType::Mysql, DbServerType::Postgresql, DbServerType::Mssql]);
    let server = (text(), "[0-9]{0,5}", kind).prop_map(|(host, port, kind)| DbServer::new(kind, host).with_port(port));
    vec(server, 2).prop_map(|servers| MappedDbServer { old: servers[0].clone(), new: servers[1].clone() })
}

fn webspace() -> impl Strategy<Value = Webspace<'static>> {
    (text(), option::of(address()), vec(db_server(), 0..3)).prop_map(|(name, ip, db_server)| Webspace {
        ip,
        db_server,
        ..Webspace::new(name)
    })
}

fn customer() -> impl Strategy<Value = Customer<'static>> {
    (text(), vec(address(), 0..3), vec(webspace(), 0..3)).prop_map(|(name, ip, webspace)| Customer {
        ip,
        webspace,
        ..Customer::new(name)
    })
}

fn reseller() -> impl Strategy<Value = Reseller<'static>> {
    (text(), vec(address(), 0..3), vec(customer(), 0..3), vec(webspace(), 0..3))
        .prop_map(|(name, ip, customer, webspace)| Reseller { ip, customer, webspace, ..Reseller::new(name) })
}

fn selected_objects() -> impl Strategy<Value = SelectedObjects<'static>> {
    let webspaces = (text(), vec(webspace(), 1..3))
        .prop_map(|(owner, webspace)| MigrateWebspaces { target_owner: owner.into(), webspace });
    prop_oneof![
        vec(reseller(), 1..3).prop_map(SelectedObjects::resellers),
        (text(), vec(customer(), 1..3)).prop_map(|(owner, customers)| SelectedObjects::customers(owner, customers)),
        vec(webspaces, 1..3).prop_map(|list| Objects::Webspaces(list).into()),
    ]
}

fn start() -> impl Strategy<Value = Start<'static>> {
    let system = prop::sample::select(vec![None, Some(SystemType::Unix), Some(SystemType::Windows)]);
    let transport = prop::sample::select(vec![None, Some(ContentTransport::Archive), Some(ContentTransport::Rsync)]);
    let only = prop::sample::select(vec![
        None,
        Some(Only::OnlyHosting(Any::default())),
        Some(Only::OnlyMail(Any::Text("yes".into()))),
    ]);
    ([text(), text(), text(), text()], system, transport, only, selected_objects()).prop_map(
        |([host, login, password, directory], system_type, content_transport, only, selected_objects)| Start {
            host: host.into(),
            login: login.into(),
            password: password.into(),
            destination_host_directory: directory.into(),
            system_type,
            content_transport,
            only,
            selected_objects,
        },
    )
}

/// Not empty.
fn identifier() -> impl Strategy<Value = String> {
    word().prop_map(|word| format!("1{word}"))
}

fn request() -> impl Strategy<Value = Request<'static>> {
    let operation = prop_oneof![
        2 => start().prop_map(|start| Operation::Start(Box::new(start))),
        1 => identifier().prop_map(|id| Operation::Finish(MigrationId { migration_id: id.into() })),
        1 => identifier().prop_map(|id| Operation::GetStatus(MigrationId { migration_id: id.into() })),
        1 => Just(Operation::GetFs(Any::default())),
        1 => Just(Operation::Check),
    ];
    vec(operation, 1..4).prop_map(|operations| Request::new(operations).with_version("1.6.9.0"))
}

fn failure() -> impl Strategy<Value = Answer<'static>> {
    (any::<u32>(), text()).prop_map(|(code, text)| Answer {
        status: Status::Error,
        errcode: Some(code),
        errtext: Some(text.into()),
    })
}

fn plain() -> impl Strategy<Value = Answer<'static>> {
    let well = Just(Answer { status: Status::Ok, errcode: None, errtext: None });
    prop_oneof![well, failure()]
}

fn start_answer() -> impl Strategy<Value = OperationAnswer<'static>> {
    let result = |answer: Answer<'static>, id: Option<String>| {
        let Answer { status, errcode, errtext } = answer;
        let result = StartResult { status, errcode, errtext, migration_id: id.map(Into::into) };
        OperationAnswer::Start(StartAnswer { result })
    };
    let well = || Answer { status: Status::Ok, errcode: None, errtext: None };
    prop_oneof![
        identifier().prop_map(move |id| result(well(), Some(id))),
        failure().prop_map(move |failure| result(failure, None))
    ]
}

fn get_fs_answer() -> impl Strategy<Value = OperationAnswer<'static>> {
    let result = |answer: Answer<'static>, fs: Vec<Fs<'static>>| {
        let Answer { status, errcode, errtext } = answer;
        OperationAnswer::GetFs(GetFsAnswer { result: GetFsResult { status, errcode, errtext, fs } })
    };
    let well = || Answer { status: Status::Ok, errcode: None, errtext: None };
    let fs = vec(word(), 5).prop_map(|words| {
        let word = |index: usize| words[index].clone().into();
        Fs { mountpoint: word(0), device: word(1), mode: FsMode::Rw, size: word(2), free: word(3), kind: word(4) }
    });
    prop_oneof![
        vec(fs, 1..4).prop_map(move |fs| result(well(), fs)),
        failure().prop_map(move |failure| result(failure, Vec::new()))
    ]
}

fn response() -> impl Strategy<Value = Response<'static>> {
    let answer = prop_oneof![
        start_answer(),
        get_fs_answer(),
        plain().prop_map(|result| OperationAnswer::Finish(FinishAnswer { result })),
        plain().prop_map(|result| OperationAnswer::Check(CheckAnswer { result })),
    ];
    vec(vec(answer, 1..4), 1..4).prop_map(|operators| {
        let operators: Few<_> = operators
            .into_iter()
            .map(|operations| ResponseOperator::Migration(MigrationAnswer { operations }))
            .collect();
        Response { version: None, system: None, operators, output: None }
    })
}

/// Checks that a packet is valid without warnings on both paths, and rejected wherever it is cut.
fn is_spotless(schema: &Schema, packet: &[u8], cut: prop::sample::Index) -> Result<(), TestCaseError> {
    prop_assert!(schema.is_valid(packet));
    prop_assert_eq!(schema.explain_without_prediction(packet).diagnostics, []);
    let end = packet.trim_ascii_end().len();
    prop_assert!(!schema.is_valid(&packet[..cut.index(end)]));
    Ok(())
}

/// Both paths agree about a packet with a changed byte.
fn agree(schema: &Schema, packet: &[u8], index: prop::sample::Index, byte: u8) -> Result<(), TestCaseError> {
    let mut packet = packet.to_vec();
    let index = index.index(packet.len());
    packet[index] = byte;
    let report = schema.explain_without_prediction(&packet);
    prop_assert_eq!(schema.is_valid(&packet), report.is_valid(), "{}", String::from_utf8_lossy(&packet));
    prop_assert_eq!(schema.explain(&packet).diagnostics, report.diagnostics);
    Ok(())
}

proptest! {
    #[test]
    fn a_request_comes_back_as_it_was(request in request(), index: prop::sample::Index, byte: u8) {
        for packet in [request.encode(), request.encode_pretty()] {
            let packet = packet.expect("a valid request can be written");
            is_spotless(request_schema(), &packet, index)?;
            agree(request_schema(), &packet, index, byte)?;
            let read = Request::decode(&packet).expect("what we write can be read");
            prop_assert_eq!(&read, &request);
            let by_serde: Request<'_> = request_schema().decode(&packet).expect("serde reads it too");
            prop_assert_eq!(&by_serde, &request);
            prop_assert_eq!(&read.into_owned(), &request);
        }
        let json = serde_json::to_string(&request).expect("a value has a form in JSON");
        prop_assert_eq!(&serde_json::from_str::<Request<'_>>(&json).expect("its own JSON can be read"), &request);
    }

    #[test]
    fn an_answer_comes_back_as_it_was(response in response(), index: prop::sample::Index, byte: u8) {
        for packet in [response.encode(), response.encode_pretty()] {
            let packet = packet.expect("a valid answer can be written");
            is_spotless(response_schema(), &packet, index)?;
            agree(response_schema(), &packet, index, byte)?;
            let read = Response::decode(&packet).expect("what we write can be read");
            prop_assert_eq!(&read, &response);
            let by_serde: Response<'_> = response_schema().decode(&packet).expect("serde reads it too");
            prop_assert_eq!(&by_serde, &response);
            prop_assert_eq!(&read.into_owned(), &response);
        }
        let json = serde_json::to_string(&response).expect("a value has a form in JSON");
        prop_assert_eq!(&serde_json::from_str::<Response<'_>>(&json).expect("its own JSON can be read"), &response);
    }

    #[test]
    fn a_password_comes_through(password in text()) {
        let objects = SelectedObjects::resellers([Reseller::new("r")]);
        let request = Request::start(Start::new(Source { host: "h", login: "l", password: &password }, objects));
        let packet = request.encode().expect("it is valid");
        let read = Request::decode(&packet).expect("what we write can be read");
        let RequestOperator::Migration(migration) = &read.operators[0] else { unreachable!("it is the only one") };
        let Operation::Start(start) = &migration.operations[0] else { unreachable!("it was written") };
        prop_assert_eq!(start.password.expose(), password);
    }
}

const SOURCE: Source<'_> = Source { host: "h", login: "l", password: "p" };

fn sample(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/plesk/{name}.xml", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("the sample is there")
}

#[test]
fn answers_report_the_outcome_of_operations() {
    let packet = sample("operations/response_of_all");
    let response = Response::decode(&packet).expect("it is valid");
    assert_eq!(response.check().collect::<Vec<_>>(), [Ok(())]);
    assert_eq!(response.start().collect::<Vec<_>>(), [Ok("7")]);
    assert_eq!(response.finish().collect::<Vec<_>>(), [Err(Failure { code: Some(1013), text: Some("none") })]);
    assert!(response.get_status().eq([response.get_status().next().expect("there is one")]));
    let partitions = response.get_fs().next().expect("there is one").expect("it succeeded");
    assert_eq!(partitions.len(), 1);
    assert_eq!(partitions[0].size_in_bytes(), Some(10_568_916_992));
    assert_eq!(partitions[0].free_bytes(), Some(7_329_996_800));
    assert!(partitions[0].mode.is_writable());
}

#[test]
fn a_refused_request_is_an_outcome_of_every_operation() {
    let packet = b"<packet><system><status>error</status><errcode>1001</errcode>\
        <errtext>You have entered incorrect username or password.</errtext></system></packet>";
    let response = Response::decode(packet).expect("a valid answer");
    let failure = Failure { code: Some(1001), text: Some("You have entered incorrect username or password.") };
    assert_eq!(response.refusal(), Some(failure));
    assert!(response.get_status().eq([Outcome::Failed(failure)]));
    assert!(response.start().eq([Err(failure)]));
    assert!(response.finish().eq([Err(failure)]));
    assert!(response.check().eq([Err(failure)]));
    assert!(response.get_fs().eq([Err(failure)]));
    assert_eq!(Progress::of_plesk(&response).count(), 1);

    let request = Request::get_status(["24175", "24176"]);
    let outcomes: Vec<_> = response.get_status_of(&request).collect();
    assert_eq!(outcomes.iter().map(|(id, _)| id.as_text()).collect::<Vec<_>>(), [Some("24175"), Some("24176")]);
    assert!(outcomes.iter().all(|(_, outcome)| *outcome == failure.into()), "{outcomes:?}");
}

#[test]
fn the_position_of_an_answer_identifies_its_operation() {
    let status = |completed: u32| {
        format!(
            "<get_status><result><status>ok</status><migration_status><total>9</total><completed>{completed}</completed>\
             </migration_status></result></get_status>"
        )
    };
    let answer = format!(
        "<packet><migration>{}<check><result><status>ok</status></result></check></migration><migration>{}</migration></packet>",
        status(1),
        status(2)
    );
    let response = Response::decode(answer.as_bytes()).expect("a valid answer");
    let request = Request::get_status(["a", "b", "c"]);
    let completed: Vec<_> = response
        .get_status_of(&request)
        .map(|(id, outcome)| match outcome {
            Outcome::InProgress(status) => (id.as_text(), Some(status.completed.to_string())),
            Outcome::Incomplete => (id.as_text(), None),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(completed, [(Some("a"), Some("1".into())), (Some("b"), Some("2".into())), (Some("c"), None)]);
    assert_eq!(response.refusal(), None);
}

#[test]
fn the_documented_default_of_content_transport() {
    let objects = || SelectedObjects::resellers([Reseller::new("r")]);
    let start = Start::new(SOURCE, objects());
    assert_eq!(start.content_transport(), ContentTransport::Archive);
    let start = start.with_content_transport(ContentTransport::Rsync);
    assert_eq!(start.content_transport().as_str(), "rsync");
}

#[test]
fn documented_failures_are_reported() {
    for (name, reported) in [
        ("start/documented_15006_subscription", "subscription \"d1.qa\" already exists (15006)"),
        ("start/documented_15012_customer", "Customer with login name \"jimmy_jones\" already exists. (15012)"),
        ("start/documented_1023_host", "Unable to start migrations process: Host 10.58.102.1 is not accessible (1023)"),
        (
            "start/documented_1013_clients",
            "Unable to start migrations process: The following clients not exist: nec (1013)",
        ),
        (
            "start/documented_1023_owner",
            "Unable to start migrations process: The target owner \"neo\" does not exist on the destination host (1023)",
        ),
        ("operations/documented_check_1026", "Plesk Migration Manager is not installed (1026)"),
        ("operations/documented_get_fs_1017", "operator get_fs is  not supported (1017)"),
    ] {
        let packet = sample(name);
        let response = Response::decode(&packet).expect("it is valid");
        let started = response.start().map(|result| result.map(drop));
        let failures: Vec<String> = started
            .chain(response.check())
            .chain(response.get_fs().map(|result| result.map(drop)))
            .filter_map(|result| result.err().map(|failure| failure.to_string()))
            .collect();
        assert_eq!(failures, [reported], "{name}");
    }
}

#[test]
fn requests_are_written_as_they_are_documented() {
    let written = |request: Request<'_>| {
        let request = request.with_version("1.6.0.2");
        String::from_utf8(request.encode_pretty().expect("it is valid")).expect("it is UTF-8")
    };
    let read = |name: &str| String::from_utf8(sample(name)).expect("it is UTF-8");
    assert_eq!(written(Request::check()), read("operations/documented_check_request"));
    assert_eq!(written(Request::get_fs()), read("operations/documented_get_fs_request"));
    assert_eq!(written(Request::finish(["12345"])), read("operations/documented_finish_request"));
    let address = MappedIp { old: Ip::shared("192.0.2.1"), new: Ip::exclusive("198.51.100.7") };
    let jimmy = Customer::new("jimmy_jones").with_ip(address).with_webspace(Webspace::new("d1.qa"));
    let objects = SelectedObjects::customers("admin", [jimmy, Customer::new("nec")]);
    let source = Source { host: "192.0.2.10", login: "admin", password: "secret" };
    let start = Start::new(source, objects).with_system_type(SystemType::Windows);
    let expected = read("start/documented_customers")
        .replace("<destination-host-directory></destination-host-directory>", "<destination-host-directory/>");
    assert_eq!(written(Request::start(start)), expected);
}

#[test]
fn empty_selections_are_not_written() {
    let start = |objects| Request::start(Start::new(SOURCE, objects).with_directory("d")).encode();
    for objects in [
        SelectedObjects::resellers([]),
        SelectedObjects::customers("admin", []),
        SelectedObjects::webspaces("admin", []),
        Objects::Webspaces(Vec::new()).into(),
    ] {
        assert!(start(objects.clone()).is_err(), "{objects:?}");
    }
}
