//! Progress reports.

use super::lists::SubTaskName;
use super::{Megabytes, Percent, Rate};
use crate::diagnostic::Report;
use crate::json::{Int, Long, Member, Root, Text, object};
use crate::{Error, Limits};

/// The report.
pub(crate) const ROOT: &Root = &Root {
    title: "Huawei Cloud SMS: progress report, PUT /v3/tasks/{task_id}/progress",
    main: ProgressReport::OBJECT,
    alternative: None,
};

object! {
    /// An agent's report on a step ("Reporting Migration Progress and Rate").
    pub struct ProgressReport<'a> as "UpdateTaskSpeedReq" {
        /// Name of the subtask whose progress is reported; a closed list of nineteen.
        "subtask_name" subtask_name: SubTaskName,
        /// Progress of the subtask in percent, as of now.
        "progress" progress: Int<0, 100>,
        /// Bytes of the task that have been replicated.
        "replicatesize" replicatesize: Long<0, { i64::MAX }>,
        /// Bytes of the task to migrate in all.
        "totalsize" totalsize: Long<0, { i64::MAX }>,
        /// Details of the migration or synchronization; mandatory, but may be empty.
        "process_trace" process_trace: Text<'a, 0, 2048>,
        /// Migration speed, as of now, in Mbit/s.
        "migrate_speed" migrate_speed: Rate,
        /// File compression rate, as of now.
        "compress_rate" compress_rate: Rate,
        /// Time that remains; a Long, but at most 2^31-1.
        "remain_time" remain_time: Member<Long<0, 2_147_483_647>>,
        /// CPU usage of the server in percent. In later editions.
        "total_cpu_usage" total_cpu_usage: Percent,
        /// CPU usage of the agent in percent. In later editions.
        "agent_cpu_usage" agent_cpu_usage: Percent,
        /// Memory usage of the server in MB. In later editions.
        "total_mem_usage" total_mem_usage: Megabytes,
        /// Memory usage of the agent in MB. In later editions.
        "agent_mem_usage" agent_mem_usage: Megabytes,
        /// Disk I/O of the server in Mbit/s. In later editions.
        "total_disk_io" total_disk_io: Rate,
        /// Disk I/O of the agent in Mbit/s. In later editions.
        "agent_disk_io" agent_disk_io: Rate,
        /// Whether a migration drill is enabled. In later editions.
        "need_migration_test" need_migration_test: Member<bool>,
        /// Current time of the agent, such as 2025-07-07T15:30:00; at most 30 characters. In later editions.
        "agent_time" agent_time: Member<Text<'a, 0, 30>>,
    }
}

impl<'a> ProgressReport<'a> {
    /// A report with the mandatory members.
    ///
    /// ```
    /// use packetcheck::json::{Int, Long, Text};
    /// use packetcheck::sms::{ProgressReport, SubTaskName};
    ///
    /// let report = ProgressReport::new(
    ///     SubTaskName::MigrateLinuxFile,
    ///     Int::new(10)?,
    ///     Long::new(1_000)?,
    ///     Long::new(100_000)?,
    ///     Text::new("")?,
    /// );
    /// assert!(report.encode()?.starts_with(br#"{"subtask_name":"MIGRATE_LINUX_FILE","progress":10"#));
    /// assert!(Int::<0, 100>::new(101).is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(
        subtask_name: SubTaskName,
        progress: Int<0, 100>,
        replicatesize: Long<0, { i64::MAX }>,
        totalsize: Long<0, { i64::MAX }>,
        process_trace: Text<'a, 0, 2048>,
    ) -> ProgressReport<'a> {
        ProgressReport {
            subtask_name,
            progress,
            replicatesize,
            totalsize,
            process_trace,
            migrate_speed: Member::Absent,
            compress_rate: Member::Absent,
            remain_time: Member::Absent,
            total_cpu_usage: Member::Absent,
            agent_cpu_usage: Member::Absent,
            total_mem_usage: Member::Absent,
            agent_mem_usage: Member::Absent,
            total_disk_io: Member::Absent,
            agent_disk_io: Member::Absent,
            need_migration_test: Member::Absent,
            agent_time: Member::Absent,
            extra: Default::default(),
        }
    }

    /// Reads the body of `PUT /v3/tasks/{task_id}/progress`. Texts borrow from it unless an escape had to be resolved.
    ///
    /// ```
    /// use packetcheck::sms::ProgressReport;
    ///
    /// let body = br#"{"subtask_name":"MIGRATE_LINUX_FILE","progress":10,"replicatesize":1000,"totalsize":100000,"process_trace":""}"#;
    /// let report = ProgressReport::decode(body)?;
    /// assert_eq!((report.progress.get(), report.encode()?), (10, body.to_vec()));
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The document is not what the page allows, see [`Error::report`].
    pub fn decode(bytes: &'a [u8]) -> Result<ProgressReport<'a>, Error> {
        ProgressReport::decode_limited(bytes, &Limits::default())
    }

    /// As [`decode`](Self::decode), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`ProgressReport::decode`].
    pub fn decode_limited(bytes: &'a [u8], limits: &Limits) -> Result<ProgressReport<'a>, Error> {
        ROOT.read(bytes, limits)
    }

    /// Writes the report: each member that is not absent, in the order of the page.
    ///
    /// # Errors
    ///
    /// `extra` contains a member that the page names.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        ROOT.to_vec(self)
    }

    /// Writes the report with the members in the order of another document, usually the one it was read from.
    ///
    /// # Errors
    ///
    /// `extra` contains a member that the page names.
    pub fn encode_like(&self, like: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(ROOT.like(&self.encode()?, like))
    }

    /// Every error and warning in a report, each with its place.
    pub fn explain(bytes: &[u8], limits: &Limits) -> Report {
        ROOT.explain::<ProgressReport<'_>>(bytes, limits)
    }

    /// As [`explain`](Self::explain), token by token, for tests that compare the two.
    #[doc(hidden)]
    pub fn explain_in_full(bytes: &[u8], limits: &Limits) -> Report {
        ROOT.explain_in_full(bytes, limits)
    }

    /// The JSON Schema (2020-12) of reports: `schemas/sms/report_progress.schema.json`.
    pub fn json_schema() -> String {
        ROOT.schema()
    }
}
