//! Requests.

use std::borrow::Cow;

use super::generated::request;
use super::{MigrationId, MigrationRequest, Operation, Request, RequestOperator, Start};
use crate::codec::Any;
use crate::{Error, Limits};

impl<'a> Request<'a> {
    /// A request with one `migration` operator and these operations. The answers come in the same order.
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
    /// use packetcheck::plesk::{Request, Reseller, SelectedObjects, Source, Start};
    ///
    /// let source = Source { host: "192.0.2.1", login: "root", password: "Zq9" };
    /// let start = Start::new(source, SelectedObjects::resellers([Reseller::new("ada")]));
    /// let packet = Request::start(start.with_directory("/tmp")).encode()?;
    /// assert_eq!(Request::decode(&packet)?.encode()?, packet);
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn start(start: Start<'a>) -> Request<'a> {
        Request::new([Operation::Start(Box::new(start))])
    }

    /// Asks for the status of migrations, one operation for each identifier. The answers come in the same order and
    /// have no identifiers.
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
        let operation = |id: I::Item| Operation::GetStatus(MigrationId { migration_id: id.into() });
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

    /// Stops migrations at once, one operation for each identifier. Their dumps and logs are deleted; what is already
    /// deployed stays.
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
        let operation = |id: I::Item| Operation::Finish(MigrationId { migration_id: id.into() });
        Request::new(migration_ids.into_iter().map(operation))
    }

    /// The same request for one protocol version, such as `1.6.0.2`.
    pub fn with_version(self, version: impl Into<Cow<'a, str>>) -> Request<'a> {
        Request { version: Some(version.into()), ..self }
    }

    /// Reads a request packet, and checks it. Texts borrow from `bytes`.
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
    /// The packet is invalid: [`Error::report`] has the diagnostics.
    pub fn decode(bytes: &'a [u8]) -> Result<Request<'a>, Error> {
        request::decode_packet(bytes)
    }

    /// As [`decode`](Self::decode), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Request::decode`].
    pub fn decode_limited(bytes: &'a [u8], limits: &Limits) -> Result<Request<'a>, Error> {
        request::decode_packet_limited(bytes, limits)
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
    /// The schema refuses the packet (it has no operation), or an identifier has a character that XML cannot hold:
    /// nothing invalid is ever written.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        request::encode_packet(self)
    }

    /// The packet as the documentation prints packets: each element on its own line, indented by two spaces.
    ///
    /// # Errors
    ///
    /// See [`Request::encode`].
    pub fn encode_pretty(&self) -> Result<Vec<u8>, Error> {
        request::encode_packet_pretty(self)
    }

    /// Like [`Request::encode`], but appends to `buffer`, in its memory. After an error, `buffer` is unchanged.
    ///
    /// # Errors
    ///
    /// See [`Request::encode`].
    pub fn encode_into(&self, buffer: &mut Vec<u8>) -> Result<(), Error> {
        request::encode_packet_into(self, buffer)
    }

    /// The number of bytes that [`Request::encode`] writes, provided that the schema accepts the packet, which is not
    /// checked here.
    ///
    /// # Errors
    ///
    /// No document can hold the packet.
    pub fn encoded_len(&self) -> Result<usize, Error> {
        request::encoded_len_of_packet(self)
    }
}
