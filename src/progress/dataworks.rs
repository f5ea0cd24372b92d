//! Progress from answers of DataWorks.

use std::borrow::Cow;

use super::percent::percent;
use super::{Failure, Progress, State, System};
use crate::datatype::Integer;
use crate::dataworks::{AnyText, GatewayError, GetMigrationProcess, ProgressTaskItem, Response, TaskStatus};

/// The import of a package is a list of tasks. It failed if one of them failed, succeeded if all did, is pending if
/// none has begun, and runs otherwise. The tasks that succeeded are counted. If a status is undocumented and no task
/// failed or is running, the state is unknown; so it is if there are no tasks, or the call failed.
impl<'r> From<&'r Response<'_>> for Progress<'r> {
    fn from(response: &'r Response<'_>) -> Progress<'r> {
        match response {
            Response::Progress(answer) => of_answer(answer),
            Response::Error(error) => of_error(error),
        }
    }
}

fn of_answer<'r>(answer: &'r GetMigrationProcess<'_>) -> Progress<'r> {
    // An item without content is not a task: an empty list may be written like this in XML.
    let tasks: Vec<_> = answer.items().iter().filter(|item| !item.is_empty()).collect();
    let (state, shown_by) = state(&tasks);
    let call_failed = answer.success.get() == Some(&false);
    let failure = (call_failed || state == State::Failed).then(|| Failure {
        code: answer.error_code.get().filter(|_| call_failed).map(|code| code.to_text()),
        text: match (state, shown_by) {
            (State::Failed, Some(task)) => task.task_name.get().map(|name| format!("the task {name} failed").into()),
            _ => answer.error_message.get().map(borrowed),
        },
    });
    let counted = |count: usize| Integer::from(i64::try_from(count).unwrap_or(i64::MAX));
    let succeeded = tasks.iter().filter(|task| task.status() == Some(TaskStatus::Success)).count();
    let (completed, total) = (counted(succeeded), counted(tasks.len()));
    Progress {
        original: shown_by.and_then(|task| task.task_status.get()).map(|status| status.as_str().into()),
        step: shown_by.filter(|_| state == State::Running).and_then(|task| task.task_name.get()).map(borrowed),
        percent: percent(&completed, &total),
        completed: (!tasks.is_empty()).then_some(completed),
        total: (!tasks.is_empty()).then_some(total),
        failure,
        ..Progress::new(System::DataWorks, state)
    }
}

/// The state of all tasks together, and the first task that shows it.
fn state<'i, 'a>(tasks: &[&'i ProgressTaskItem<'a>]) -> (State, Option<&'i ProgressTaskItem<'a>>) {
    let first = |status: Option<TaskStatus>| tasks.iter().copied().find(|task| task.status() == status);
    let (failed, running) = (first(Some(TaskStatus::Failure)), first(Some(TaskStatus::Running)));
    let (pending, succeeded) = (first(Some(TaskStatus::Init)), first(Some(TaskStatus::Success)));
    match (failed, running, first(None), pending, succeeded) {
        (Some(task), ..) => (State::Failed, Some(task)),
        (_, Some(task), ..) => (State::Running, Some(task)),
        (_, _, Some(task), ..) => (State::Unknown, Some(task)),
        // Between two tasks: the next one is about to begin.
        (_, _, _, Some(task), Some(_)) => (State::Running, Some(task)),
        (_, _, _, Some(task), None) => (State::Pending, Some(task)),
        (_, _, _, None, Some(task)) => (State::Succeeded, Some(task)),
        (_, _, _, None, None) => (State::Unknown, None),
    }
}

/// The call was refused: nothing is known about the migration.
fn of_error<'r>(error: &'r GatewayError<'_>) -> Progress<'r> {
    let failure = Failure { code: error.code.get().map(borrowed), text: error.message.get().map(borrowed) };
    Progress {
        original: Some("Error".into()),
        failure: Some(failure),
        ..Progress::new(System::DataWorks, State::Unknown)
    }
}

fn borrowed<'r>(text: &'r AnyText<'_>) -> Cow<'r, str> {
    Cow::Borrowed(text.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PacketKind;

    fn view(members: &str) -> Progress<'static> {
        let packet = format!("<GetMigrationProcessResponse>{members}</GetMigrationProcessResponse>");
        let mut all = Progress::of_packet(PacketKind::DataWorksResponse, packet.as_bytes()).expect("a valid packet");
        all.remove(0)
    }

    fn of(statuses: &[&str]) -> Progress<'static> {
        let item =
            |status: &&str| format!("<Data><TaskStatus>{status}</TaskStatus><TaskName>T{status}</TaskName></Data>");
        view(&statuses.iter().map(item).collect::<String>())
    }

    #[test]
    fn the_tasks_together_have_a_state() {
        let cases: [(&[&str], State, Option<f64>); 9] = [
            (&["INIT", "INIT"], State::Pending, Some(0.0)),
            (&["INT"], State::Pending, Some(0.0)),
            (&["SUCCESS", "RUNNING", "INIT", "INIT"], State::Running, Some(25.0)),
            (&["SUCCESS", "INIT"], State::Running, Some(50.0)),
            (&["SUCCESS", "FAILURE", "RUNNING", "INIT"], State::Failed, Some(25.0)),
            (&["SUCCESS", "SUCCESS"], State::Succeeded, Some(100.0)),
            (&["SUCCESS", "WAITING"], State::Unknown, Some(50.0)),
            (&["WAITING", "RUNNING"], State::Running, Some(0.0)),
            (&[], State::Unknown, None),
        ];
        for (statuses, state, percent) in cases {
            let progress = of(statuses);
            assert_eq!((progress.state, progress.percent), (state, percent), "{statuses:?}");
        }
        assert_eq!(of(&["SUCCESS", "RUNNING"]).step.as_deref(), Some("TRUNNING"));
        assert_eq!(of(&["INT"]).original.as_deref(), Some("INT"));
        assert_eq!(view("<Data/>").total, None);
    }

    #[test]
    fn messages_count_as_failure_only_where_something_failed() {
        let said = "<ErrorMessage>test error msg</ErrorMessage><ErrorCode>110001123456</ErrorCode>";
        let data = "<Data><TaskStatus>SUCCESS</TaskStatus></Data>";
        assert_eq!(view(&format!("<Success>true</Success>{said}{data}")).failure, None);
        let failure = view(&format!("<Success>false</Success>{said}")).failure.unwrap_or_default();
        assert_eq!(failure.code.as_deref(), Some("110001123456"));
        assert_eq!(failure.text.as_deref(), Some("test error msg"));
        assert_eq!(
            of(&["FAILURE"]).failure.and_then(|failure| failure.text).as_deref(),
            Some("the task TFAILURE failed")
        );
    }

    #[test]
    fn a_refused_call_says_nothing_of_the_migration() {
        let packet = b"<Error><Code>InvalidAction.NotFound</Code><Message>Not found</Message></Error>";
        let all = Progress::of_packet(PacketKind::DataWorksResponse, packet).expect("a valid packet");
        assert_eq!(all[0].state, State::Unknown);
        assert_eq!(all[0].failure.as_ref().and_then(|failure| failure.code.as_deref()), Some("InvalidAction.NotFound"));
    }
}
