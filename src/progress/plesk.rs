//! Progress from answers of Plesk.

use std::borrow::Cow;

use super::percent::percent;
use super::{Failure, Progress, State, System};
use crate::plesk::{self, Finished, MigrationStatus, Outcome, Response};

impl<'r> Progress<'r> {
    /// What an answer of Plesk says about migrations: one item for each `get_status`, in the order of the request, or
    /// one for an answer that refuses the whole request.
    ///
    /// If an operation failed, nothing is known about the migration, so its state is unknown.
    pub fn of_plesk(response: &'r Response<'_>) -> impl Iterator<Item = Progress<'r>> {
        response.get_status().map(of_outcome)
    }
}

fn of_outcome<'r>(outcome: Outcome<'r, '_>) -> Progress<'r> {
    match outcome {
        Outcome::InProgress(status) => in_progress(status),
        Outcome::Finished(finished) => over(finished),
        Outcome::Failed(failure) => failed(failure),
        Outcome::Incomplete => Progress::new(System::Plesk, State::Unknown),
    }
}

fn in_progress<'r>(status: &'r MigrationStatus<'_>) -> Progress<'r> {
    Progress {
        original: Some("migration_status".into()),
        step: status.description.as_deref().filter(|step| !step.trim().is_empty()).map(Cow::Borrowed),
        completed: Some(status.completed.clone()),
        total: Some(status.total.clone()),
        percent: percent(&status.completed, &status.total),
        ..Progress::new(System::Plesk, State::Running)
    }
}

fn over<'r>(finished: &'r Finished<'_>) -> Progress<'r> {
    let (state, original) = match (finished.error.first(), finished.is_success()) {
        (Some(_), _) => (State::Failed, "error"),
        (None, true) => (State::Succeeded, "success"),
        (None, false) => (State::Unknown, "finished"),
    };
    Progress { original: Some(original.into()), failure: failure_of(finished), ..Progress::new(System::Plesk, state) }
}

/// The first error message, and the number of further ones.
fn failure_of<'r>(finished: &'r Finished<'_>) -> Option<Failure<'r>> {
    let first = finished.error.first()?;
    let object = first.object().and_then(|object| object.name.as_deref().or(object.kind.as_deref()));
    let parts: Vec<&str> = object.into_iter().chain(first.messages()).filter(|part| !part.trim().is_empty()).collect();
    let text = match (parts.as_slice(), finished.error.len()) {
        ([], 1) => None,
        ([message], 1) => Some(Cow::Borrowed(*message)),
        (parts, 1) => Some(parts.join(": ").into()),
        ([], errors) => Some(format!("{errors} errors").into()),
        (parts, errors) => Some(format!("{} (first of {errors} errors)", parts.join(": ")).into()),
    };
    Some(Failure { code: None, text })
}

/// The operation failed: nothing is known about the migration.
fn failed(plesk::Failure { code, text }: plesk::Failure<'_>) -> Progress<'_> {
    Progress {
        original: Some("error".into()),
        failure: Some(Failure { code: code.map(|code| code.to_string().into()), text: text.map(Cow::Borrowed) }),
        ..Progress::new(System::Plesk, State::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(result: &str) -> Progress<'static> {
        let packet =
            format!("<packet><migration><get_status><result>{result}</result></get_status></migration></packet>");
        let mut all = Progress::of_packet(crate::PacketKind::PleskResponse, packet.as_bytes()).expect("a valid packet");
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    #[test]
    fn states() {
        let running = view(
            "<status>ok</status><migration_status><total>10</total><completed>4</completed>\
             <description>Copying</description></migration_status>",
        );
        assert_eq!((running.state, running.percent), (State::Running, Some(40.0)));
        assert_eq!(running.step.as_deref(), Some("Copying"));
        let succeeded = view("<status>ok</status><finished><success/></finished>");
        assert_eq!((succeeded.state, succeeded.percent), (State::Succeeded, Some(100.0)));
        assert_eq!(succeeded.failure, None);
        let failed = view("<status>ok</status><finished><error><message>Disk is full</message></error></finished>");
        assert_eq!((failed.state, failed.percent), (State::Failed, None));
        assert_eq!(failed.failure.and_then(|failure| failure.text).as_deref(), Some("Disk is full"));
        assert_eq!(view("<status>ok</status><finished/>").state, State::Unknown);
    }

    #[test]
    fn an_operation_that_failed_says_nothing_of_the_migration() {
        let refused = view("<status>error</status><errcode>1013</errcode><errtext>No such migration</errtext>");
        assert_eq!((refused.state, refused.percent), (State::Unknown, None));
        let failure = Failure { code: Some("1013".into()), text: Some("No such migration".into()) };
        assert_eq!(refused.failure, Some(failure));
        let packet = b"<packet><system><status>error</status><errcode>1001</errcode><errtext>Wrong password</errtext>\
                       </system></packet>";
        let all = Progress::of_packet(crate::PacketKind::PleskResponse, packet).expect("a valid packet");
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].state, State::Unknown);
    }

    #[test]
    fn odd_numbers_are_kept_and_give_no_silly_share() {
        let odd = |total: &str, completed: &str| {
            let status = format!("<total>{total}</total><completed>{completed}</completed>");
            view(&format!("<status>ok</status><migration_status>{status}</migration_status>"))
        };
        let huge = "123456789012345678901234567890";
        assert_eq!(odd(huge, huge).percent, Some(100.0));
        assert_eq!(odd(huge, "0").total.map(|total| total.to_string()).as_deref(), Some(huge));
        assert_eq!(odd("10", "11").percent, Some(100.0));
        assert_eq!(odd("10", "-11").percent, Some(0.0));
        assert_eq!(odd("0", "0").percent, None);
    }
}
