//! Requests.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::operator::{self, Operator, OtherOperator};
use super::{Start, read, request_schema};
use crate::codec::{self, Any, Few, optional_text};
use crate::{Error, Limits, Schema};

/// A request packet: operators for a server to carry out, in order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename = "packet", deny_unknown_fields)]
#[non_exhaustive]
pub struct Request<'a> {
    /// The protocol version that the packet is written for; without it the server takes its newest one.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub version: Option<Cow<'a, str>>,
    /// Settings of the request itself, which only the vendor's schema knows.
    #[serde(borrow, rename = "request-settings", default, skip_serializing_if = "Option::is_none")]
    pub request_settings: Option<RequestSettings<'a>>,
    /// At least one in a valid packet.
    #[serde(borrow, default)]
    pub operators: Few<RequestOperator<'a>>,
}

/// An operator of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RequestOperator<'a> {
    /// `migration`
    Migration(MigrationRequest<'a>),
    /// Another one, as it is.
    Other(OtherOperator<'a>),
}

impl<'a> Operator<'a> for RequestOperator<'a> {
    type Migration = MigrationRequest<'a>;

    fn of_migration(migration: MigrationRequest<'a>) -> Self {
        RequestOperator::Migration(migration)
    }

    fn of_other(other: OtherOperator<'a>) -> Self {
        RequestOperator::Other(other)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for RequestOperator<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        operator::deserialize(deserializer)
    }
}

impl Serialize for RequestOperator<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let operator = match self {
            RequestOperator::Migration(migration) => Ok(migration),
            RequestOperator::Other(other) => Err(other),
        };
        operator::serialize(operator, serializer)
    }
}

/// The operations of one `migration` operator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrationRequest<'a> {
    /// At least one in a valid packet.
    #[serde(borrow, default)]
    pub operations: Vec<Operation<'a>>,
}

/// An operation of the `migration` operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation<'a> {
    /// Starts a migration ("Starting Migration").
    #[serde(borrow)]
    Start(Box<Start<'a>>),
    /// Stops one migration at once ("Stopping Migration").
    #[serde(borrow)]
    Finish(Finish<'a>),
    /// Asks for the partitions of the destination server ("Retrieving File System Information"). Empty by the
    /// documentation; whatever stands there is kept.
    #[serde(borrow)]
    GetFs(Any<'a>),
    /// Asks how far one migration has come ("Retrieving Migration Status").
    #[serde(borrow)]
    GetStatus(GetStatus<'a>),
    /// Asks whether Migration Manager is installed ("Checking Plesk Migration Manager Installation").
    Check,
}

/// `get_status`: the migration it is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetStatus<'a> {
    /// The identifier that `start` returned. The documentation gives it no type: whatever stands there is kept.
    #[serde(borrow)]
    pub migration_id: Any<'a>,
}

/// `finish`: the migration to stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finish<'a> {
    /// The identifier that `start` returned. The documentation gives it no type: whatever stands there is kept.
    #[serde(borrow)]
    pub migration_id: Any<'a>,
}

/// `request-settings`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestSettings<'a> {
    /// At least one in a valid packet.
    #[serde(borrow, default)]
    pub setting: Vec<Setting<'a>>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setting<'a> {
    /// Its name.
    #[serde(borrow)]
    pub name: Any<'a>,
    /// Its value, where it has one.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Any<'a>>,
}

impl<'a> Request<'a> {
    /// A request of one `migration` operator with these operations. The answers come in the same order.
    ///
    /// ```
    /// use packetcheck::plesk::{Operation, Request};
    ///
    /// let packet = Request::new([Operation::Check, Operation::Check]).encode()?;
    /// assert!(packet.ends_with(b"<packet><migration><check/><check/></migration></packet>"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn new(operations: impl IntoIterator<Item = Operation<'a>>) -> Request<'a> {
        let operations = operations.into_iter().collect();
        let migration = RequestOperator::Migration(MigrationRequest { operations });
        Request { version: None, request_settings: None, operators: migration.into() }
    }

    /// Starts a migration. See [`Start::new`].
    ///
    /// ```
    /// use packetcheck::plesk::{Request, Reseller, SelectedObjects, Start};
    ///
    /// let objects = SelectedObjects::resellers([Reseller::new("ada")]);
    /// let packet = Request::start(Start::new("192.0.2.1", "root", "Zq9", "/tmp", objects)).encode()?;
    /// assert_eq!(Request::decode(&packet)?.encode()?, packet);
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn start(start: Start<'a>) -> Request<'a> {
        Request::new([Operation::Start(Box::new(start))])
    }

    /// Asks for the status of migrations, one operation for each identifier. The answers come in the same order and
    /// carry no identifier.
    ///
    /// ```
    /// let packet = packetcheck::plesk::Request::get_status(["24175"]).encode()?;
    /// assert!(packet.ends_with(b"<get_status><migration_id>24175</migration_id></get_status></migration></packet>"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn get_status<I>(migration_ids: I) -> Request<'a>
    where
        I: IntoIterator,
        I::Item: Into<Any<'a>>,
    {
        let operation = |id: I::Item| Operation::GetStatus(GetStatus { migration_id: id.into() });
        Request::new(migration_ids.into_iter().map(operation))
    }

    /// Asks whether Migration Manager is installed on the destination server.
    pub fn check() -> Request<'a> {
        Request::new([Operation::Check])
    }

    /// Asks for the partitions of the destination server; Plesk for Unix only.
    pub fn get_fs() -> Request<'a> {
        Request::new([Operation::GetFs(Any::default())])
    }

    /// Stops migrations at once, one operation for each identifier. Their dumps and logs are deleted; what is deployed
    /// already stays.
    ///
    /// ```
    /// let packet = packetcheck::plesk::Request::finish(["24175"]).encode()?;
    /// assert!(packet.ends_with(b"<finish><migration_id>24175</migration_id></finish></migration></packet>"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn finish<I>(migration_ids: I) -> Request<'a>
    where
        I: IntoIterator,
        I::Item: Into<Any<'a>>,
    {
        let operation = |id: I::Item| Operation::Finish(Finish { migration_id: id.into() });
        Request::new(migration_ids.into_iter().map(operation))
    }

    /// The same request for one protocol version, such as `1.6.0.2`.
    pub fn with_version(self, version: impl Into<Cow<'a, str>>) -> Request<'a> {
        Request { version: Some(version.into()), ..self }
    }

    /// Reads a request packet, checking it on the way. Texts borrow from `bytes`.
    ///
    /// ```
    /// use packetcheck::plesk::Request;
    ///
    /// let request = Request::decode(b"<packet version='1.6.0.2'><migration><check/></migration></packet>")?;
    /// assert_eq!(request, Request::check().with_version("1.6.0.2"));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The packet is invalid: [`Error::report`] says all there is to say.
    pub fn decode(bytes: &'a [u8]) -> Result<Request<'a>, Error> {
        Request::read(request_schema(), bytes)
    }

    /// The same with other limits than the default ones.
    ///
    /// # Errors
    ///
    /// As [`Request::decode`].
    pub fn decode_limited(bytes: &'a [u8], limits: &Limits) -> Result<Request<'a>, Error> {
        Request::read(&request_schema().with_limits(*limits), bytes)
    }

    fn read(schema: &Schema, bytes: &'a [u8]) -> Result<Request<'a>, Error> {
        let empty = Request { version: None, request_settings: None, operators: Few::new() };
        codec::read::<Self, _>(schema, bytes, empty, read::request)
    }

    /// The packet, without line breaks between its elements.
    ///
    /// ```
    /// use packetcheck::plesk::Request;
    ///
    /// assert!(Request::check().encode()?.ends_with(b"<packet><migration><check/></migration></packet>"));
    /// assert!(Request::new([]).encode().is_err());
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The schema refuses it (there is no operation in it), or XML cannot hold a character of an identifier: nothing
    /// invalid is ever written.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        request_schema().encode(self)
    }

    /// The packet as the documentation prints packets: an element on each line, indented by two blanks.
    ///
    /// # Errors
    ///
    /// As [`Request::encode`].
    pub fn encode_pretty(&self) -> Result<Vec<u8>, Error> {
        request_schema().encode_pretty(self)
    }

    /// The same packet, owning its texts.
    pub fn into_owned(self) -> Request<'static> {
        Request {
            version: self.version.map(|version| version.into_owned().into()),
            request_settings: self.request_settings.map(RequestSettings::into_owned),
            operators: self.operators.map(RequestOperator::into_owned),
        }
    }
}

impl RequestOperator<'_> {
    fn into_owned(self) -> RequestOperator<'static> {
        match self {
            RequestOperator::Migration(MigrationRequest { operations }) => {
                let operations = operations.into_iter().map(Operation::into_owned).collect();
                RequestOperator::Migration(MigrationRequest { operations })
            }
            RequestOperator::Other(other) => RequestOperator::Other(other.into_owned()),
        }
    }
}

impl Operation<'_> {
    fn into_owned(self) -> Operation<'static> {
        match self {
            Operation::Start(start) => Operation::Start(Box::new(start.into_owned())),
            Operation::Finish(Finish { migration_id }) => {
                Operation::Finish(Finish { migration_id: migration_id.into_owned() })
            }
            Operation::GetFs(content) => Operation::GetFs(content.into_owned()),
            Operation::GetStatus(GetStatus { migration_id }) => {
                Operation::GetStatus(GetStatus { migration_id: migration_id.into_owned() })
            }
            Operation::Check => Operation::Check,
        }
    }
}

impl RequestSettings<'_> {
    fn into_owned(self) -> RequestSettings<'static> {
        let owned = |setting: Setting<'_>| Setting {
            name: setting.name.into_owned(),
            value: setting.value.map(Any::into_owned),
        };
        RequestSettings { setting: self.setting.into_iter().map(owned).collect() }
    }
}
