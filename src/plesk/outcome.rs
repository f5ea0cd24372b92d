//! The result of each requested operation, in one value.

use std::fmt;

use super::{
    Answer, Finished, Fs, GetFsAnswer, GetStatusResult, MigrationId, MigrationRequest, MigrationState, MigrationStatus,
    Operation, OperationAnswer, Request, RequestOperator, Response, ResponseOperator, StartAnswer, Status,
};
use crate::codec::Any;

/// The result of one `get_status`, in one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome<'r, 'a> {
    /// The migration is in progress.
    InProgress(&'r MigrationStatus<'a>),
    /// The migration is over, successfully or not.
    Finished(&'r Finished<'a>),
    /// The operation failed, or the server refused the whole request: nothing is known about the migration.
    Failed(Failure<'r>),
    /// There is nothing about the migration: the value was constructed by hand, or the answer has fewer operations than
    /// the request ([`Response::get_status_of`]).
    Incomplete,
}

/// Why an operation failed. Both parts are always present in a valid answer to `get_status`, `start` and `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure<'r> {
    /// The error code; `finish` and `get_fs` may omit it.
    pub code: Option<u32>,
    /// The error message; `finish` and `get_fs` may omit it.
    pub text: Option<&'r str>,
}

impl<'a> Response<'a> {
    /// The outcomes of all `get_status` operations, in the order of the request. If the server refused the whole
    /// request (a `system` answer, such as to a wrong password), the only outcome is [`Outcome::Failed`].
    ///
    /// ```
    /// use packetcheck::plesk::{Failure, Outcome, Response};
    ///
    /// let packet = b"<packet><migration><get_status><result><status>error</status><errcode>1013</errcode>\
    ///     <errtext>No such task</errtext></result></get_status></migration></packet>";
    /// let failure = Failure { code: Some(1013), text: Some("No such task") };
    /// assert_eq!(Response::decode(packet)?.get_status().next(), Some(Outcome::Failed(failure)));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn get_status(&self) -> impl Iterator<Item = Outcome<'_, 'a>> {
        let outcomes = self.answers(|operation| match operation {
            OperationAnswer::GetStatus(answer) => Some(Ok(answer.result.outcome())),
            _ => None,
        });
        outcomes.map(|outcome| outcome.unwrap_or_else(Outcome::from))
    }

    /// The outcome of each `get_status` operation of the request that this answers, with the identifier of its
    /// migration. An answer has no identifiers: its position determines which one it belongs to. If the server refused
    /// the whole request, each has failed; an operation without an answer is [`Outcome::Incomplete`].
    pub fn get_status_of<'q>(&self, request: &'q Request<'_>) -> impl Iterator<Item = (&'q Any<'q>, Outcome<'_, 'a>)> {
        let (refusal, mut outcomes) = (self.refusal(), self.get_status());
        request.get_status_ids().map(move |id| {
            let outcome = match refusal {
                Some(failure) => failure.into(),
                None => outcomes.next().unwrap_or(Outcome::Incomplete),
            };
            (id, outcome)
        })
    }

    /// The identifiers of the migrations that `start` operations began, or why they failed, in the order of the
    /// request. Here and below, the only item is an error if the server refused the whole request.
    ///
    /// ```
    /// let packet = b"<packet><migration><start><result><status>ok</status><migration_id>24175</migration_id></result></start>\
    ///     </migration></packet>";
    /// assert_eq!(packetcheck::plesk::Response::decode(packet)?.start().next(), Some(Ok("24175")));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    pub fn start(&self) -> impl Iterator<Item = Result<&str, Failure<'_>>> {
        self.answers(|operation| match operation {
            OperationAnswer::Start(StartAnswer { result }) => Some(match (result.status, &result.migration_id) {
                (Status::Ok, Some(id)) => Ok(&**id),
                _ => Err(Failure { code: result.errcode, text: result.errtext.as_deref() }),
            }),
            _ => None,
        })
    }

    /// The results of all `finish` operations, in the order of the request.
    pub fn finish(&self) -> impl Iterator<Item = Result<(), Failure<'_>>> {
        self.answers(|operation| match operation {
            OperationAnswer::Finish(answer) => Some(answer.result.outcome()),
            _ => None,
        })
    }

    /// The results of all `check` operations, in the order of the request: success if Migration Manager is installed.
    pub fn check(&self) -> impl Iterator<Item = Result<(), Failure<'_>>> {
        self.answers(|operation| match operation {
            OperationAnswer::Check(answer) => Some(answer.result.outcome()),
            _ => None,
        })
    }

    /// The partitions that each `get_fs` operation found, in the order of the request.
    pub fn get_fs(&self) -> impl Iterator<Item = Result<&[Fs<'a>], Failure<'_>>> {
        self.answers(|operation| match operation {
            OperationAnswer::GetFs(GetFsAnswer { result }) => Some(match result.status {
                Status::Ok => Ok(result.fs.as_slice()),
                Status::Error => Err(Failure { code: result.errcode, text: result.errtext.as_deref() }),
            }),
            _ => None,
        })
    }

    /// Why the server refused the whole request, if it did: nothing was carried out ("Handling Errors").
    pub fn refusal(&self) -> Option<Failure<'_>> {
        // The vendor's schema allows its status to be `ok`, which carries nothing out either.
        let system = self.system.as_ref()?;
        Some(Failure { code: system.errcode, text: system.errtext.as_deref() })
    }

    /// The answers to one kind of operation, in the order of the request, or the refusal of all.
    fn answers<'r, T>(
        &'r self,
        of_kind: impl Fn(&'r OperationAnswer<'a>) -> Option<Result<T, Failure<'r>>>,
    ) -> impl Iterator<Item = Result<T, Failure<'r>>> {
        let operations = self.operators.iter().flat_map(|operator| match operator {
            ResponseOperator::Migration(migration) => migration.operations.as_slice(),
            ResponseOperator::Other(_) => &[],
        });
        self.refusal().map(Err).into_iter().chain(operations.filter_map(of_kind))
    }
}

impl Request<'_> {
    /// The identifiers of the migrations whose status it requests, in order.
    pub(crate) fn get_status_ids(&self) -> impl Iterator<Item = &Any<'_>> {
        let operations = self.operators.iter().flat_map(|operator| match operator {
            RequestOperator::Migration(MigrationRequest { operations }) => operations.as_slice(),
            RequestOperator::Other(_) => &[],
        });
        operations.filter_map(|operation| match operation {
            Operation::GetStatus(MigrationId { migration_id }) => Some(migration_id),
            _ => None,
        })
    }
}

impl<'r> From<Failure<'r>> for Outcome<'r, '_> {
    fn from(failure: Failure<'r>) -> Self {
        Outcome::Failed(failure)
    }
}

impl Answer<'_> {
    /// Success, or the failure.
    ///
    /// # Errors
    ///
    /// The operation failed.
    pub fn outcome(&self) -> Result<(), Failure<'_>> {
        match self.status {
            Status::Ok => Ok(()),
            Status::Error => Err(Failure { code: self.errcode, text: self.errtext.as_deref() }),
        }
    }
}

impl<'a> GetStatusResult<'a> {
    /// The result in one value.
    pub fn outcome(&self) -> Outcome<'_, 'a> {
        match (self.status, &self.migration) {
            (Status::Error, _) => Outcome::Failed(Failure { code: self.errcode, text: self.errtext.as_deref() }),
            (Status::Ok, Some(MigrationState::InProgress(status))) => Outcome::InProgress(status),
            (Status::Ok, Some(MigrationState::Finished(finished))) => Outcome::Finished(finished),
            (Status::Ok, None) => Outcome::Incomplete,
        }
    }
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.text, self.code) {
            (Some(text), Some(code)) => write!(formatter, "{text} ({code})"),
            (Some(text), None) => formatter.write_str(text),
            (None, Some(code)) => write!(formatter, "error {code}"),
            (None, None) => formatter.write_str("an error without a code or a text"),
        }
    }
}

impl std::error::Error for Failure<'_> {}
