//! Progress from messages of Huawei Cloud SMS.

use std::borrow::Cow;
use std::time::Duration;

use serde::Deserialize;

use super::{Failure, Progress, State, System, Unit};
use crate::datatype::Integer;
use crate::json::{Long, Member};
use crate::sms::{ErrorBody, ProgressReport, Response, SubTask, Task, TaskState};

/// The smallest number of milliseconds since 1970 that is taken for a date: 1973. The page gives no unit for the time
/// at which a task is expected to end, but nothing was migrated before then.
const EARLIEST: i64 = 100_000_000_000;

/// A task, or just a failure if there is an error body in its place.
impl<'r> From<&'r Response<'_>> for Progress<'r> {
    fn from(response: &'r Response<'_>) -> Progress<'r> {
        match response {
            Response::Task(task) => Progress::from(&**task),
            Response::Error(error) => of_error(error),
        }
    }
}

/// The steps of a task are counted, and its percentage is the mean of theirs, since it is unknown how long each takes.
/// A step without progress has not begun. States that no page explains are unknown.
impl<'r> From<&'r Task<'_>> for Progress<'r> {
    fn from(task: &'r Task<'_>) -> Progress<'r> {
        let state = task.state.get().and_then(|state| state.known()).map_or(State::Unknown, state);
        let steps: &[SubTask<'_>] = task.sub_tasks.get().map_or(&[], |steps| steps);
        let current = steps.iter().find(|step| step.start_date.get().is_some() && done(step) < 100);
        let dates = [&task.create_date, &task.start_date, &task.finish_date];
        let dates = dates.into_iter().chain(steps.iter().flat_map(|step| [&step.start_date, &step.end_date]));
        let whole = Progress::new(System::Sms, state);
        Progress {
            task: task
                .id
                .get()
                .or(task.name.get())
                .map(|id| id.as_str())
                .filter(|id| !id.is_empty())
                .map(Cow::Borrowed),
            original: task.state.get().map(|state| state.as_str().into()),
            step: current.and_then(|step| step.name.get()).map(|name| name.as_str().into()),
            completed: counted(steps.iter().filter(|step| done(step) >= 100).count(), steps),
            total: counted(steps.len(), steps),
            percent: whole.percent.or_else(|| mean(steps)),
            remaining: task.remain_seconds.get().map(seconds),
            not_before: dates.filter_map(date).max(),
            estimated_end: date(&task.estimate_complete_time).filter(|date| *date >= EARLIEST),
            failure: failure(task, state),
            ..whole
        }
    }
}

/// An agent reports one step of a task, which it does not name; the percentage is the reported one.
impl<'r> From<&'r ProgressReport<'_>> for Progress<'r> {
    fn from(report: &'r ProgressReport<'_>) -> Progress<'r> {
        Progress {
            original: Some(report.subtask_name.as_str().into()),
            step: Some(report.subtask_name.as_str().into()),
            completed: Some(Integer::from(report.replicatesize.get())),
            total: Some(Integer::from(report.totalsize.get())),
            unit: Unit::Bytes,
            percent: Some(f64::from(report.progress.get())),
            remaining: report.remain_time.get().map(seconds),
            ..Progress::new(System::Sms, State::Running)
        }
    }
}

fn state(state: TaskState) -> State {
    match state {
        TaskState::Ready | TaskState::Resetting => State::Pending,
        TaskState::Running | TaskState::Syncing | TaskState::Skipping => State::Running,
        TaskState::MigrateSuccess | TaskState::SyncSuccess => State::Succeeded,
        TaskState::MigrateFail | TaskState::SyncFail => State::Failed,
        TaskState::Aborting | TaskState::Abort | TaskState::Deleting => State::Stopped,
        TaskState::SyncRollingBack | TaskState::SyncRolledBack => State::Unknown,
    }
}

/// The progress of a step in percent.
fn done(step: &SubTask<'_>) -> i32 {
    step.progress.get().map_or(0, |progress| progress.get())
}

fn counted(count: usize, steps: &[SubTask<'_>]) -> Option<Integer<'static>> {
    (!steps.is_empty()).then(|| Integer::from(i64::try_from(count).unwrap_or(i64::MAX)))
}

fn mean(steps: &[SubTask<'_>]) -> Option<f64> {
    let sum: i64 = steps.iter().map(|step| i64::from(done(step))).sum();
    (!steps.is_empty()).then(|| sum as f64 / steps.len() as f64)
}

fn seconds<const MOST: i64>(seconds: &Long<0, MOST>) -> Duration {
    Duration::from_secs(seconds.get().unsigned_abs())
}

fn date<const MOST: i64>(date: &Member<Long<0, MOST>>) -> Option<i64> {
    date.get().map(|date| date.get())
}

/// The content of `error_json` in a failed task: in practice, JSON with a code.
#[derive(Deserialize)]
struct ErrorJson<'a> {
    #[serde(borrow)]
    error_code: Cow<'a, str>,
    #[serde(borrow, default)]
    error_msg: Option<Cow<'a, str>>,
}

fn failure<'r>(task: &'r Task<'_>, state: State) -> Option<Failure<'r>> {
    let said = task.error_json.get().map(|text| text.as_str()).filter(|text| !text.trim().is_empty());
    match (said, said.and_then(|said| serde_json::from_str::<ErrorJson<'r>>(said).ok())) {
        (_, Some(ErrorJson { error_code, error_msg })) => Some(Failure { code: Some(error_code), text: error_msg }),
        (Some(said), None) => Some(Failure { code: None, text: Some(said.into()) }),
        (None, None) => (state == State::Failed).then(Failure::default),
    }
}

/// There is no task to report on.
fn of_error<'r>(error: &'r ErrorBody<'_>) -> Progress<'r> {
    let failure = Failure { code: error.code(), text: error.message() };
    Progress {
        original: Some("error_code".into()),
        failure: Some(failure),
        ..Progress::new(System::Sms, State::Unknown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::PacketKind;

    fn view(kind: PacketKind, document: &str) -> Progress<'static> {
        Progress::of_packet(kind, document.as_bytes()).expect("a valid packet").remove(0)
    }

    fn task(document: &str) -> Progress<'static> {
        view(PacketKind::SmsTask, document)
    }

    #[test]
    fn a_task_has_the_mean_of_its_steps() {
        let running = task(
            r#"{"id": "7", "state": "RUNNING", "create_date": 1700000000000, "remain_seconds": 90, "sub_tasks": [
                {"name": "A", "progress": 100, "start_date": 1700000001000, "end_date": 1700000002000},
                {"name": "B", "progress": 50, "start_date": 1700000003000, "end_date": null},
                {"name": "C", "progress": 0}, {"name": "D"}]}"#,
        );
        assert_eq!((running.state, running.percent), (State::Running, Some(37.5)));
        assert_eq!((running.task.as_deref(), running.step.as_deref()), (Some("7"), Some("B")));
        assert_eq!((running.completed, running.total), (Some(Integer::from(1)), Some(Integer::from(4))));
        assert_eq!(running.remaining, Some(Duration::from_secs(90)));
        assert_eq!(running.not_before, Some(1_700_000_003_000));
        assert_eq!(running.failure, None);
    }

    #[test]
    fn states_are_those_of_all_systems() {
        let of = |state: &str| task(&format!(r#"{{"state": "{state}"}}"#));
        assert_eq!(of("READY").state, State::Pending);
        assert_eq!(of("SYNCING").state, State::Running);
        assert_eq!((of("MIGRATE_SUCCESS").state, of("MIGRATE_SUCCESS").percent), (State::Succeeded, Some(100.0)));
        assert_eq!(of("ABORT").state, State::Stopped);
        assert_eq!((of("SOMETHING").state, of("SOMETHING").original.as_deref()), (State::Unknown, Some("SOMETHING")));
        assert_eq!(of("SYNC_FAIL").failure, Some(Failure::default()));
        assert_eq!(task("{}").state, State::Unknown);
    }

    #[test]
    fn errors_are_failures() {
        let failed =
            task(r#"{"state": "MIGRATE_FAIL", "error_json": "{\"error_code\":\"SMS.0515\",\"error_param\":\"[]\"}"}"#);
        assert_eq!(failed.failure.and_then(|failure| failure.code).as_deref(), Some("SMS.0515"));
        let failed = task(r#"{"state": "MIGRATE_FAIL", "error_json": "broken {"}"#);
        assert_eq!(failed.failure.and_then(|failure| failure.text).as_deref(), Some("broken {"));
        let none = task(r#"{"error_msg": "The boot partition does not exist.", "error_code": "SMS.6531"}"#);
        assert_eq!(none.state, State::Unknown);
        let of_client = task(r#"{"errorCode": "SMS.1", "errorMsg": "x"}"#);
        let failure = Failure { code: Some("SMS.1".into()), text: Some("x".into()) };
        assert_eq!((of_client.task, of_client.failure), (None, Some(failure)));
        assert_eq!(none.failure.and_then(|failure| failure.code).as_deref(), Some("SMS.6531"));
    }

    #[test]
    fn odd_numbers_do_no_harm() {
        let greatest = i64::MAX;
        let odd = task(&format!(
            r#"{{"state": "RUNNING", "remain_seconds": {greatest}, "create_date": {greatest},
                "estimate_complete_time": 90, "sub_tasks": []}}"#
        ));
        assert_eq!((odd.percent, odd.total, odd.estimated_end), (None, None, None));
        assert_eq!(odd.remaining, Some(Duration::from_secs(greatest.unsigned_abs())));
    }

    #[test]
    fn a_report_is_of_one_step() {
        let report = view(
            PacketKind::SmsProgress,
            r#"{"subtask_name": "MIGRATE_LINUX_FILE", "progress": 10, "replicatesize": 1000, "totalsize": 100000,
                "process_trace": "", "remain_time": 60}"#,
        );
        assert_eq!((report.state, report.percent, report.unit), (State::Running, Some(10.0), Unit::Bytes));
        assert_eq!(report.total, Some(Integer::from(100_000)));
        assert_eq!(report.remaining, Some(Duration::from_secs(60)));
    }
}
