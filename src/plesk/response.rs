//! Answers.

use super::generated::response;
use super::{ErrorPart, Finished, FinishedError, Fs, FsMode, Object, Response};
use crate::{Error, Limits};

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
        response::decode_packet(bytes)
    }

    /// The same with other limits than the default ones.
    ///
    /// # Errors
    ///
    /// As [`Response::decode`].
    pub fn decode_limited(bytes: &'a [u8], limits: &Limits) -> Result<Response<'a>, Error> {
        response::decode_packet_limited(bytes, limits)
    }

    /// The packet, without line breaks between its elements.
    ///
    /// # Errors
    ///
    /// The schema refuses it: nothing invalid is ever written.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        response::encode_packet(self)
    }

    /// The packet as the server prints it: an element on each line, indented by two blanks.
    ///
    /// # Errors
    ///
    /// As [`Response::encode`].
    pub fn encode_pretty(&self) -> Result<Vec<u8>, Error> {
        response::encode_packet_pretty(self)
    }

    /// As [`Response::encode`], after what `buffer` holds, into its memory. After an error it holds what it held before.
    ///
    /// # Errors
    ///
    /// As [`Response::encode`].
    pub fn encode_into(&self, buffer: &mut Vec<u8>) -> Result<(), Error> {
        response::encode_packet_into(self, buffer)
    }

    /// How many bytes [`Response::encode`] writes, if the schema admits the packet, which is not asked here.
    ///
    /// # Errors
    ///
    /// No document can hold the packet.
    pub fn encoded_len(&self) -> Result<usize, Error> {
        response::encoded_len_of_packet(self)
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
}

impl FsMode {
    /// It can be read and written.
    pub fn is_writable(self) -> bool {
        self == FsMode::Rw
    }
}

impl Finished<'_> {
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
}
