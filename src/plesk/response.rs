//! Answers.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::operator::{self, Operator, OtherOperator};
use super::{read, response_schema};
use crate::codec::{self, Any, Few, optional_text};
use crate::datatype::Integer;
use crate::{Error, Limits, Schema};

/// An answer of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Response<'a> {
    /// The operators were carried out, each with its own results.
    Operators(Operators<'a>),
    /// Nothing was carried out: a check before all operations failed ("Handling Errors").
    System(System<'a>),
}

/// An answer that holds results.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Operators<'a> {
    /// The protocol version of the answer.
    pub version: Option<Cow<'a, str>>,
    /// At least one in a valid packet, in the order of the request.
    pub operators: Few<ResponseOperator<'a>>,
    /// What a component wrote to its error stream.
    pub output: Option<Cow<'a, str>>,
}

/// An answer that says why nothing was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct System<'a> {
    /// The protocol version: mostly the one asked for, even where it was refused.
    pub version: Option<Cow<'a, str>>,
    /// The reason.
    pub system: Answer<'a>,
    /// What the component that failed wrote to its error stream.
    pub output: Option<Cow<'a, str>>,
}

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// `ok`
    Ok,
    /// `error`
    Error,
}

/// What every result begins with (`resultType`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer<'a> {
    /// Whether it succeeded.
    pub status: Status,
    /// The number of the error; an open list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errcode: Option<u32>,
    /// The error in words, in the server's default language.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub errtext: Option<Cow<'a, str>>,
}

/// An operator of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseOperator<'a> {
    /// `migration`
    Migration(MigrationAnswer<'a>),
    /// Another one, as it is.
    Other(OtherOperator<'a>),
}

impl<'a> Operator<'a> for ResponseOperator<'a> {
    type Migration = MigrationAnswer<'a>;

    fn of_migration(migration: MigrationAnswer<'a>) -> Self {
        ResponseOperator::Migration(migration)
    }

    fn of_other(other: OtherOperator<'a>) -> Self {
        ResponseOperator::Other(other)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for ResponseOperator<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        operator::deserialize(deserializer)
    }
}

impl Serialize for ResponseOperator<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let operator = match self {
            ResponseOperator::Migration(migration) => Ok(migration),
            ResponseOperator::Other(other) => Err(other),
        };
        operator::serialize(operator, serializer)
    }
}

/// The answers of one `migration` operator.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrationAnswer<'a> {
    /// At least one in a valid packet, in the order of the request.
    #[serde(borrow, default)]
    pub operations: Vec<OperationAnswer<'a>>,
}

/// The answer to an operation of the `migration` operator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
#[allow(
    clippy::large_enum_variant,
    reason = "the largest is the usual one: a box for it would cost an allocation each"
)]
pub enum OperationAnswer<'a> {
    /// The answer to `start`.
    #[serde(borrow)]
    Start(StartAnswer<'a>),
    /// The answer to `finish`.
    #[serde(borrow)]
    Finish(PlainAnswer<'a>),
    /// The answer to `get_fs`.
    #[serde(borrow)]
    GetFs(GetFsAnswer<'a>),
    /// The answer to `get_status`.
    #[serde(borrow)]
    GetStatus(GetStatusAnswer<'a>),
    /// The answer to `check`.
    #[serde(borrow)]
    Check(PlainAnswer<'a>),
}

/// The answer to an operation that tells nothing but how it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlainAnswer<'a> {
    /// How it ended.
    #[serde(borrow)]
    pub result: Answer<'a>,
}

/// The answer to `start`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartAnswer<'a> {
    /// Whether the migration began.
    #[serde(borrow)]
    pub result: StartResult<'a>,
}

/// Whether a migration began, and its identifier ("Starting Migration").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartResult<'a> {
    /// Whether it began.
    pub status: Status,
    /// The number of the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errcode: Option<u32>,
    /// The error in words.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub errtext: Option<Cow<'a, str>>,
    /// The identifier, for `get_status` and `finish`.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub migration_id: Option<Cow<'a, str>>,
}

/// The answer to `get_fs`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetFsAnswer<'a> {
    /// The partitions.
    #[serde(borrow)]
    pub result: GetFsResult<'a>,
}

/// The partitions of a server ("Retrieving File System Information").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetFsResult<'a> {
    /// Whether the operation succeeded.
    pub status: Status,
    /// The number of the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errcode: Option<u32>,
    /// The error in words.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub errtext: Option<Cow<'a, str>>,
    /// One for each partition; swap is left out.
    #[serde(borrow, default, skip_serializing_if = "<[_]>::is_empty")]
    pub fs: Vec<Fs<'a>>,
}

/// A partition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fs<'a> {
    /// Where it is mounted.
    #[serde(borrow)]
    pub mountpoint: Cow<'a, str>,
    /// The device that it is on.
    #[serde(borrow)]
    pub device: Cow<'a, str>,
    /// Whether it can be written to.
    pub mode: FsMode,
    /// Its size in bytes; a text in all sources.
    #[serde(borrow)]
    pub size: Cow<'a, str>,
    /// Its free room in bytes; a text in all sources.
    #[serde(borrow)]
    pub free: Cow<'a, str>,
    /// The kind of file system.
    #[serde(borrow, rename = "type")]
    pub kind: Cow<'a, str>,
}

/// Whether a partition can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FsMode {
    /// `rw`
    Rw,
    /// `ro`, as the vendor's schema has it.
    Ro,
    /// `r`, as the documentation has it.
    R,
}

/// The answer to `get_status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetStatusAnswer<'a> {
    /// What it found out.
    #[serde(borrow)]
    pub result: GetStatusResult<'a>,
}

/// What `get_status` found out about a migration ("Retrieving Migration Status").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GetStatusResult<'a> {
    /// Whether the operation (not the migration) succeeded.
    pub status: Status,
    /// The number of the error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errcode: Option<u32>,
    /// The error in words.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub errtext: Option<Cow<'a, str>>,
    /// How far the migration is.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub migration_status: Option<MigrationStatus<'a>>,
    /// How the migration ended.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub finished: Option<Finished<'a>>,
}

/// How far a migration in progress is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MigrationStatus<'a> {
    /// How many items there are.
    #[serde(borrow)]
    pub total: Integer<'a>,
    /// How many of them are done.
    #[serde(borrow)]
    pub completed: Integer<'a>,
    /// The current step in words.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub description: Option<Cow<'a, str>>,
}

/// How a migration ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finished<'a> {
    /// There and empty, when all went well.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub success: Option<Any<'a>>,
    /// What went wrong.
    #[serde(borrow, default, skip_serializing_if = "<[_]>::is_empty")]
    pub error: Few<FinishedError<'a>>,
}

/// Something that went wrong in a migration: an object and messages, in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FinishedError<'a> {
    /// At most one object; messages.
    #[serde(borrow, default)]
    pub parts: Few<ErrorPart<'a>>,
}

/// A part of an error.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorPart<'a> {
    /// The object that the error is about.
    #[serde(borrow)]
    Object(Object<'a>),
    /// What went wrong, in words.
    #[serde(borrow)]
    Message(Cow<'a, str>),
}

/// The object that an error is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Object<'a> {
    /// What kind of object it is.
    #[serde(rename = "type", borrow, default, deserialize_with = "optional_text")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Cow<'a, str>>,
    /// Its name.
    #[serde(borrow, default, deserialize_with = "optional_text", skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'a, str>>,
}

impl<'a> Response<'a> {
    /// Reads an answer, checking it on the way. Texts borrow from `bytes`.
    ///
    /// ```
    /// use packetcheck::plesk::Response;
    ///
    /// let packet = b"<packet><migration><check><result><status>ok</status></result></check></migration></packet>";
    /// let response = Response::decode(packet)?;
    /// assert_eq!(response.check().next(), Some(Ok(())));
    /// assert!(response.encode()?.ends_with(packet));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The packet is invalid: [`Error::report`] says all there is to say.
    pub fn decode(bytes: &'a [u8]) -> Result<Response<'a>, Error> {
        Response::read(response_schema(), bytes)
    }

    /// The same with other limits than the default ones.
    ///
    /// # Errors
    ///
    /// As [`Response::decode`].
    pub fn decode_limited(bytes: &'a [u8], limits: &Limits) -> Result<Response<'a>, Error> {
        Response::read(&response_schema().with_limits(*limits), bytes)
    }

    fn read(schema: &Schema, bytes: &'a [u8]) -> Result<Response<'a>, Error> {
        let empty = Response::Operators(Operators::default());
        codec::read::<Self, _>(schema, bytes, empty, read::response)
    }

    /// The packet, without line breaks between its elements.
    ///
    /// # Errors
    ///
    /// The schema refuses it: nothing invalid is ever written.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        response_schema().encode(self)
    }

    /// The packet as the server prints it: an element on each line, indented by two blanks.
    ///
    /// # Errors
    ///
    /// As [`Response::encode`].
    pub fn encode_pretty(&self) -> Result<Vec<u8>, Error> {
        response_schema().encode_pretty(self)
    }

    /// The protocol version of the answer.
    pub fn version(&self) -> Option<&str> {
        match self {
            Response::Operators(Operators { version, .. }) | Response::System(System { version, .. }) => {
                version.as_deref()
            }
        }
    }

    /// The same answer, owning its texts.
    pub fn into_owned(self) -> Response<'static> {
        match self {
            Response::Operators(Operators { version, operators, output }) => Response::Operators(Operators {
                version: owned(version),
                operators: operators.map(ResponseOperator::into_owned),
                output: owned(output),
            }),
            Response::System(System { version, system, output }) => {
                Response::System(System { version: owned(version), system: system.into_owned(), output: owned(output) })
            }
        }
    }
}

fn owned(text: Option<Cow<'_, str>>) -> Option<Cow<'static, str>> {
    text.map(|text| text.into_owned().into())
}

impl ResponseOperator<'_> {
    fn into_owned(self) -> ResponseOperator<'static> {
        match self {
            ResponseOperator::Migration(MigrationAnswer { operations }) => {
                let operations = operations.into_iter().map(OperationAnswer::into_owned).collect();
                ResponseOperator::Migration(MigrationAnswer { operations })
            }
            ResponseOperator::Other(other) => ResponseOperator::Other(other.into_owned()),
        }
    }
}

impl OperationAnswer<'_> {
    fn into_owned(self) -> OperationAnswer<'static> {
        match self {
            OperationAnswer::Start(StartAnswer { result }) => OperationAnswer::Start(StartAnswer {
                result: StartResult {
                    status: result.status,
                    errcode: result.errcode,
                    errtext: owned(result.errtext),
                    migration_id: owned(result.migration_id),
                },
            }),
            OperationAnswer::Finish(answer) => {
                OperationAnswer::Finish(PlainAnswer { result: answer.result.into_owned() })
            }
            OperationAnswer::GetFs(GetFsAnswer { result }) => OperationAnswer::GetFs(GetFsAnswer {
                result: GetFsResult {
                    status: result.status,
                    errcode: result.errcode,
                    errtext: owned(result.errtext),
                    fs: result.fs.into_iter().map(Fs::into_owned).collect(),
                },
            }),
            OperationAnswer::GetStatus(answer) => {
                OperationAnswer::GetStatus(GetStatusAnswer { result: answer.result.into_owned() })
            }
            OperationAnswer::Check(answer) => {
                OperationAnswer::Check(PlainAnswer { result: answer.result.into_owned() })
            }
        }
    }
}

impl Answer<'_> {
    fn into_owned(self) -> Answer<'static> {
        Answer { status: self.status, errcode: self.errcode, errtext: owned(self.errtext) }
    }
}

impl Fs<'_> {
    /// The size as a number of bytes, where it is one.
    pub fn size_in_bytes(&self) -> Option<u64> {
        self.size.parse().ok()
    }

    /// The free room as a number of bytes, where it is one.
    pub fn free_bytes(&self) -> Option<u64> {
        self.free.parse().ok()
    }

    fn into_owned(self) -> Fs<'static> {
        Fs {
            mountpoint: self.mountpoint.into_owned().into(),
            device: self.device.into_owned().into(),
            mode: self.mode,
            size: self.size.into_owned().into(),
            free: self.free.into_owned().into(),
            kind: self.kind.into_owned().into(),
        }
    }
}

impl FsMode {
    /// It can be read and written.
    pub fn is_writable(self) -> bool {
        self == FsMode::Rw
    }
}

impl GetStatusResult<'_> {
    fn into_owned(self) -> GetStatusResult<'static> {
        GetStatusResult {
            status: self.status,
            errcode: self.errcode,
            errtext: owned(self.errtext),
            migration_status: self.migration_status.map(|status| MigrationStatus {
                total: status.total.into_owned(),
                completed: status.completed.into_owned(),
                description: owned(status.description),
            }),
            finished: self.finished.map(|finished| Finished {
                success: finished.success.map(Any::into_owned),
                error: finished.error.map(FinishedError::into_owned),
            }),
        }
    }
}

impl<'a> Finished<'a> {
    /// All went well: `success` is there and no `error`.
    pub fn is_success(&self) -> bool {
        self.success.is_some() && self.error.is_empty()
    }
}

impl<'a> FinishedError<'a> {
    /// The object that it is about.
    pub fn object(&self) -> Option<&Object<'a>> {
        self.parts.iter().find_map(|part| match part {
            ErrorPart::Object(object) => Some(object),
            ErrorPart::Message(_) => None,
        })
    }

    /// The messages, in order.
    pub fn messages(&self) -> impl Iterator<Item = &str> {
        self.parts.iter().filter_map(|part| match part {
            ErrorPart::Message(message) => Some(&**message),
            ErrorPart::Object(_) => None,
        })
    }

    fn into_owned(self) -> FinishedError<'static> {
        let part = |part: ErrorPart<'_>| match part {
            ErrorPart::Object(object) => {
                ErrorPart::Object(Object { kind: owned(object.kind), name: owned(object.name) })
            }
            ErrorPart::Message(message) => ErrorPart::Message(message.into_owned().into()),
        };
        FinishedError { parts: self.parts.map(part) }
    }
}

/// The packet as it stands on the wire.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Packet<'a> {
    #[serde(borrow, default, deserialize_with = "optional_text")]
    version: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    operators: Few<ResponseOperator<'a>>,
    #[serde(borrow, default)]
    system: Option<Answer<'a>>,
    #[serde(borrow, default, deserialize_with = "optional_text")]
    output: Option<Cow<'a, str>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Response<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Packet { version, operators, system, output } = Packet::deserialize(deserializer)?;
        match system {
            None => Ok(Response::Operators(Operators { version, operators, output })),
            Some(system) if operators.is_empty() => Ok(Response::System(System { version, system, output })),
            Some(_) => Err(de::Error::custom("expected either `operators` or `system`, found both")),
        }
    }
}

/// The same for writing.
#[derive(Serialize)]
#[serde(rename = "packet")]
struct PacketRef<'r, 'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: &'r Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    operators: Option<&'r [ResponseOperator<'a>]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'r Answer<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: &'r Option<Cow<'a, str>>,
}

impl Serialize for Response<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let packet = match self {
            Response::Operators(Operators { version, operators, output }) => {
                PacketRef { version, operators: Some(operators), system: None, output }
            }
            Response::System(System { version, system, output }) => {
                PacketRef { version, operators: None, system: Some(system), output }
            }
        };
        packet.serialize(serializer)
    }
}
