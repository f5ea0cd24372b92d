//! Messages of Huawei Cloud's Server Migration Service (SMS), version 3: the details of a task and progress reports.
//!
//! | message | | body alone | whole |
//! |---|---|---|---|
//! | `GET /v3/tasks/{task_id}` | | none | `ShowTask` |
//! | its answer | ShowTaskResponse, or an error body | [`Response`] | `ShowTask::answer` |
//! | `PUT /v3/tasks/{task_id}/progress` | UpdateTaskSpeedReq | [`ProgressReport`] | `ReportProgress` |
//! | its answer | none, or an error body | | `ReportProgress::answer` |
//!
//! Whole messages (method, path, head, status) need the feature `http`.
//!
//! Every documented limit is part of a member's type, so nothing that breaks one is read or written. A member that is
//! `null` or absent is a [`Member`] without a value, which remembers which of the two it was; a member that the pages
//! do not name is in `extra`, as it was written.
//!
//! ```
//! use packetcheck::sms::Task;
//!
//! let answer = br#"{"name": "MigrationTask", "state": "RUNNING", "finish_date": null,
//!     "sub_tasks": [{"name": "MIGRATE_WINDOWS_BLOCK", "progress": 55}]}"#;
//! let task = Task::decode(answer)?;
//! assert_eq!(task.name.get().map(|name| name.as_str()), Some("MigrationTask"));
//! let steps = task.sub_tasks.get().ok_or("no steps")?;
//! assert_eq!(steps[0].progress.get().map(|progress| progress.get()), Some(55));
//! assert!(task.finish_date.is_null() && task.start_date.is_absent());
//!
//! let error = Task::decode(br#"{"sub_tasks": [{"progress": 101}]}"#).unwrap_err();
//! assert_eq!(error.to_string(), "1:29: PC0713: expected an integer from 0 to 100 in `progress`, found `101`");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Member`]: crate::json::Member

mod error;
mod lists;
mod progress;
#[cfg(feature = "http")]
mod request;
mod response;
mod server;
mod task;
#[cfg(feature = "http")]
mod templates;

pub use error::{ErrorBody, ErrorDetail};
pub use lists::{
    CloneState, DeviceUse, MigrationCycle, OsType, PartitionStyle, SourceState, SubTaskName, TaskState, TaskType,
};
pub use progress::ProgressReport;
#[cfg(feature = "http")]
pub use request::{AuthToken, ReportProgress, ShowTask};
pub use response::Response;
pub use server::{Disk, LogicalVolume, PhysicalVolume, SourceServer, TargetServer, VolumeGroup};
pub use task::{CloneServer, NetworkCheck, SubTask, Task};

pub(crate) use progress::ROOT as PROGRESS;
pub(crate) use response::ROOT as TASK;
#[cfg(feature = "http")]
pub(crate) use templates::{REPORT_PROGRESS, SHOW_TASK};

/// The schema of answers about a task, by name.
pub(crate) const TASK_DOCUMENTS: &[(&str, &str)] =
    &[("show_task.schema.json", include_str!("../../schemas/sms/show_task.schema.json"))];

/// The schema of progress reports, by name.
pub(crate) const PROGRESS_DOCUMENTS: &[(&str, &str)] =
    &[("report_progress.schema.json", include_str!("../../schemas/sms/report_progress.schema.json"))];

use crate::json::{Double, Int, Long, Member, Text};

/// The page about the details of a task.
const PAGE: &str = "https://support.huaweicloud.com/intl/en-us/api-sms/ShowTask.html";

/// Most texts on the pages: at most 255 characters.
type Text255<'a> = Member<Text<'a, 0, 255>>;

/// A 64-bit number that is never negative.
type Count = Member<Long<0, { i64::MAX }>>;

/// A 32-bit number that is never negative.
type Count32 = Member<Int<0, { i32::MAX }>>;

/// A rate.
type Rate = Member<Double<0, 10_000>>;

/// A percentage.
type Percent = Member<Double<0, 100>>;

/// A size in MB.
type Megabytes = Member<Double<0, 1_048_576>>;
