//! Requests made from named values.

use super::{
    ContentTransport, Credentials, Customer, DbServer, DbServerType, Ip, MappedDbServer, MappedIp, Request,
    RequestSettings, Reseller, SelectedObjects, Setting, Source, Start, SystemType, Webspace,
};
use crate::operation::{Draft, Parameter, ParameterForm, Template, TemplateError, Values};

/// The operations of the operator `migration`.
pub(crate) const TEMPLATES: &[Template] = &[
    Template {
        name: "start",
        description: "Start a migration from a source server",
        details: "",
        has_body: true,
        examples: &[
            "--host source.example.com --login admin \\\n    --password-file password.txt --customer jimmy --target-owner admin \\\n    \
             --ip 192.0.2.1=198.51.100.7 --packet-version 1.6.9.0",
            "--host source.example.com --login admin \\\n    --password-file password.txt --objects objects.json --only mail",
        ],
        parameters: &[START, PACKET],
        make: |values, endpoint| draft(&start(values)?, values, endpoint),
    },
    Template {
        name: "get-status",
        description: "Ask for the status of migrations",
        details: "",
        has_body: true,
        examples: &[
            "24175 24176 > request.xml",
            "--pretty 24175",
            "24175 --form curl \\\n    --endpoint https://plesk.example.com --auth-key-file key.txt | sh",
        ],
        parameters: &[&[IDS], PACKET],
        make: |values, endpoint| draft(&Request::get_status(values.all("id")), values, endpoint),
    },
    Template {
        name: "finish",
        description: "Stop migrations at once; their dumps and logs are deleted",
        details: "",
        has_body: true,
        examples: &["24175"],
        parameters: &[&[IDS], PACKET],
        make: |values, endpoint| draft(&Request::finish(values.all("id")), values, endpoint),
    },
    Template {
        name: "get-fs",
        description: "Ask for the partitions of the destination server (Plesk for Unix)",
        details: "",
        has_body: true,
        examples: &[""],
        parameters: &[PACKET],
        make: |values, endpoint| draft(&Request::get_fs(), values, endpoint),
    },
    Template {
        name: "check",
        description: "Ask whether Migration Manager is installed",
        details: "",
        has_body: true,
        examples: &[""],
        parameters: &[PACKET],
        make: |values, endpoint| draft(&Request::check(), values, endpoint),
    },
];

const IDS: Parameter = Parameter::text(
    "id",
    "ID",
    "The identifiers of the migrations, as returned by `start`; one operation is written for each",
)
.required()
.repeated()
.operand();

const START: &[Parameter] = &[
    Parameter::text("host", "HOST", "The host name or the IP address of the source server").required(),
    Parameter::text("login", "NAME", "The login name of an administrator of the source server").required(),
    Parameter::text("password", "FILE", "The password of that administrator").of(ParameterForm::Secret).required(),
    Parameter::text(
        "directory",
        "FOLDER",
        "Where the destination server stores the content temporarily; the default folder if not given",
    ),
    Parameter::text(
        "system-type",
        "SYSTEM",
        "The operating system of the source server; Plesk for Windows requires it",
    )
    .of(ParameterForm::Choice(&["unix", "windows"])),
    Parameter::text(
        "content-transport",
        "HOW",
        "How content is transferred between the servers, on Linux; as an archive if not given",
    )
    .of(ParameterForm::Choice(&["archive", "rsync"])),
    Parameter::text("only", "PART", "Migrate web hosting without mail, or mail without web hosting")
        .of(ParameterForm::Choice(&["hosting", "mail"])),
    Parameter::text("reseller", "NAME", "Migrate this reseller account; may be repeated").repeated().one_of(),
    Parameter::text("customer", "NAME", "Migrate this customer account; may be repeated")
        .repeated()
        .one_of()
        .requires(&["target-owner"]),
    Parameter::text("webspace", "NAME", "Migrate this subscription; may be repeated")
        .repeated()
        .one_of()
        .requires(&["target-owner"]),
    Parameter::text(
        "objects",
        "FILE.json",
        "Migrate the objects in this file: the member `selected-objects` in the form that `decode` shows. It can name customers \
         and subscriptions of a reseller, and give each object addresses of its own",
    )
    .of(ParameterForm::Document)
    .one_of(),
    Parameter::text(
        "target-owner",
        "NAME",
        "The login name of the new owner of customers or subscriptions on the destination server; admin for its \
         administrator",
    )
    .excludes(&["reseller", "objects"]),
    Parameter::text(
        "ip",
        "OLD=NEW",
        "Replace an IP address with one of the destination server, for each named object; write `exclusive:` \
         before an address that one object has alone. May be repeated, except for subscriptions",
    )
    .of(ParameterForm::Checked(|text| mapped_ip(text).map(drop)))
    .repeated()
    .excludes(&["objects"]),
    Parameter::text(
        "db-server",
        "OLD=NEW",
        "Replace a database server, for each named subscription; both are TYPE:HOST:PORT, such as \
         mysql:localhost:3306",
    )
    .of(ParameterForm::Checked(|text| mapped_db_server(text).map(drop)))
    .repeated()
    .requires(&["webspace"]),
];

/// Parameters that all packets may have.
const PACKET: &[Parameter] = &[
    Parameter::text(
        "packet-version",
        "VERSION",
        "The protocol version that the packet is written for, such as 1.6.9.0; the server's newest if not given",
    ),
    Parameter::text(
        "setting",
        "NAME=VALUE",
        "A setting of the request (`request-settings`), a name alone or with its value. May be repeated",
    )
    .of(ParameterForm::Checked(|text| setting(text).map(drop)))
    .repeated(),
    Parameter::flag("pretty", "Put each element on its own line, indented"),
    Parameter::text("auth-login", "FILE", "The login name of an administrator of the server")
        .of(ParameterForm::Credential("HTTP_AUTH_LOGIN"))
        .requires(&["auth-password"]),
    Parameter::text("auth-password", "FILE", "The password of that administrator")
        .of(ParameterForm::Credential("HTTP_AUTH_PASSWD"))
        .requires(&["auth-login"]),
    Parameter::text("auth-key", "FILE", "A secret key of the server, in place of login name and password")
        .of(ParameterForm::Credential("KEY"))
        .excludes(&["auth-login", "auth-password"]),
];

fn draft(request: &Request<'_>, values: &Values, endpoint: Option<&str>) -> Result<Draft, TemplateError> {
    let mut request = match values.get("packet-version") {
        Some(version) => request.clone().with_version(version),
        None => request.clone(),
    };
    let settings: Vec<Setting<'_>> =
        values.all("setting").map(setting).collect::<Result<_, _>>().map_err(TemplateError::of("setting"))?;
    if !settings.is_empty() {
        request.request_settings = Some(RequestSettings { setting: settings });
    }
    let body = if values.has("pretty") { request.encode_pretty() } else { request.encode() }?;
    Draft::new(body.clone(), endpoint, |endpoint| {
        let credentials = match (values.get("auth-login"), values.get("auth-password"), values.get("auth-key")) {
            (Some(login), Some(password), _) => Credentials::login(login, password),
            (_, _, Some(key)) => Credentials::key(key),
            _ => return Err(TemplateError::Missing(vec![vec!["auth-login", "auth-password"], vec!["auth-key"]])),
        };
        let mut http = request.to_http(endpoint, &credentials)?;
        *http.body_mut() = body;
        Ok(http)
    })
}

fn start(values: &Values) -> Result<Request<'_>, TemplateError> {
    let source = Source { host: values.text("host"), login: values.text("login"), password: values.text("password") };
    let mut start = Start::new(source, selected_objects(values)?).with_directory(values.text("directory"));
    start = match values.get("system-type") {
        Some("unix") => start.with_system_type(SystemType::Unix),
        Some(_) => start.with_system_type(SystemType::Windows),
        None => start,
    };
    start = match values.get("content-transport") {
        Some("archive") => start.with_content_transport(ContentTransport::Archive),
        Some(_) => start.with_content_transport(ContentTransport::Rsync),
        None => start,
    };
    start = match values.get("only") {
        Some("hosting") => start.only_hosting(),
        Some(_) => start.only_mail(),
        None => start,
    };
    Ok(Request::start(start))
}

fn selected_objects(values: &Values) -> Result<SelectedObjects<'_>, TemplateError> {
    if let Some(json) = values.get("objects") {
        return SelectedObjects::decode_json(json.as_bytes()).map_err(TemplateError::of("objects"));
    }
    let ips: Vec<MappedIp<'_>> =
        values.all("ip").map(mapped_ip).collect::<Result<_, _>>().map_err(TemplateError::of("ip"))?;
    let owner = values.text("target-owner");
    if values.has("reseller") {
        let reseller = |name| ips.iter().cloned().fold(Reseller::new(name), Reseller::with_ip);
        return Ok(SelectedObjects::resellers(values.all("reseller").map(reseller)));
    }
    if values.has("customer") {
        let customer = |name| ips.iter().cloned().fold(Customer::new(name), Customer::with_ip);
        return Ok(SelectedObjects::customers(owner, values.all("customer").map(customer)));
    }
    if ips.len() > 1 {
        return Err(TemplateError::of("ip")("a subscription has one address, found several"));
    }
    let db_servers: Vec<MappedDbServer<'_>> = values
        .all("db-server")
        .map(mapped_db_server)
        .collect::<Result<_, _>>()
        .map_err(TemplateError::of("db-server"))?;
    let webspace = |name| {
        let webspace = db_servers.iter().cloned().fold(Webspace::new(name), Webspace::with_db_server);
        ips.iter().cloned().fold(webspace, Webspace::with_ip)
    };
    Ok(SelectedObjects::webspaces(owner, values.all("webspace").map(webspace)))
}

/// `NAME=VALUE`, or `NAME`.
fn setting(text: &str) -> Result<Setting<'_>, String> {
    let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
    match name {
        "" => Err("expected a name, and perhaps `=` and a value".to_owned()),
        name => Ok(Setting { name: name.into(), value: value.map(Into::into) }),
    }
}

/// `OLD=NEW`.
fn two(text: &str) -> Result<(&str, &str), String> {
    text.split_once('=').ok_or_else(|| "expected the present value, `=` and its replacement".to_owned())
}

fn mapped_ip(text: &str) -> Result<MappedIp<'_>, String> {
    let ip = |text| match str::strip_prefix(text, "exclusive:") {
        Some(address) => Ip::exclusive(address),
        None => Ip::shared(str::strip_prefix(text, "shared:").unwrap_or(text)),
    };
    let (old, new) = two(text)?;
    Ok(MappedIp { old: ip(old), new: ip(new) })
}

fn mapped_db_server(text: &str) -> Result<MappedDbServer<'_>, String> {
    let (old, new) = two(text)?;
    Ok(MappedDbServer { old: db_server(old)?, new: db_server(new)? })
}

/// `TYPE:HOST:PORT`; the host may have colons.
fn db_server(text: &str) -> Result<DbServer<'_>, String> {
    let (kind, address) = text.split_once(':').ok_or("expected TYPE:HOST:PORT")?;
    let (host, port) = address.rsplit_once(':').ok_or("expected TYPE:HOST:PORT")?;
    let kind = match kind {
        "mysql" => DbServerType::Mysql,
        "postgresql" => DbServerType::Postgresql,
        "mssql" => DbServerType::Mssql,
        _ => return Err("expected the type `mysql`, `postgresql` or `mssql`".into()),
    };
    Ok(DbServer::new(kind, host).with_port(port))
}
