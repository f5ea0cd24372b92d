//! Answers.

use super::generated::response;
use super::{ErrorPart, Finished, FinishedError, Fs, FsMode, Object, Response};
use crate::{Error, Limits};

impl<'a> Response<'a> {
    /// Reads an answer, and checks it. Texts borrow from `bytes`.
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
    /// The packet is invalid: [`Error::report`] has the diagnostics.
    pub fn decode(bytes: &'a [u8]) -> Result<Response<'a>, Error> {
        response::decode_packet(bytes)
    }

    /// As [`decode`](Self::decode), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Response::decode`].
    pub fn decode_limited(bytes: &'a [u8], limits: &Limits) -> Result<Response<'a>, Error> {
        response::decode_packet_limited(bytes, limits)
    }

    /// The packet, without line breaks between its elements.
    ///
    /// # Errors
    ///
    /// The schema refuses the packet: nothing invalid is ever written.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        response::encode_packet(self)
    }

    /// The packet as the server prints it: each element on its own line, indented by two spaces.
    ///
    /// # Errors
    ///
    /// See [`Response::encode`].
    pub fn encode_pretty(&self) -> Result<Vec<u8>, Error> {
        response::encode_packet_pretty(self)
    }

    /// Like [`Response::encode`], but appends to `buffer`, in its memory. After an error, `buffer` is unchanged.
    ///
    /// # Errors
    ///
    /// See [`Response::encode`].
    pub fn encode_into(&self, buffer: &mut Vec<u8>) -> Result<(), Error> {
        response::encode_packet_into(self, buffer)
    }

    /// The number of bytes that [`Response::encode`] writes, provided that the schema accepts the packet, which is not
    /// checked here.
    ///
    /// # Errors
    ///
    /// No document can hold the packet.
    pub fn encoded_len(&self) -> Result<usize, Error> {
        response::encoded_len_of_packet(self)
    }
}

impl Fs<'_> {
    /// The size in bytes, if it is a number.
    pub fn size_in_bytes(&self) -> Option<u64> {
        self.size.parse().ok()
    }

    /// The free space in bytes, if it is a number.
    pub fn free_bytes(&self) -> Option<u64> {
        self.free.parse().ok()
    }
}

impl FsMode {
    /// Whether it can be read and written.
    pub fn is_writable(self) -> bool {
        self == FsMode::Rw
    }
}

impl Finished<'_> {
    /// Whether all went well: `success` is present and `error` is not.
    pub fn is_success(&self) -> bool {
        self.success.is_some() && self.error.is_empty()
    }
}

impl<'a> FinishedError<'a> {
    /// The object that it concerns.
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
}
