//! The details of a task.

use super::lists::{CloneState, OsType, TaskState, TaskType};
use super::response::{ROOT, not_a_task};
use super::{Count, Megabytes, PAGE, Percent, Rate, SourceServer, TargetServer, Text255};
use crate::json::{Breach, Double, Int, List, Member, Open, OrEmpty, Rule, Text, object};
use crate::{Error, Limits};

const STEP_RULES: &[Rule] = &[Rule {
    member: "end_date",
    breach: Breach::ThereBelow("progress", 100),
    message: "expected no `end_date` in a step whose `progress` is below 100, found one: the page says that it is left \
              blank while the step runs, in words that it shares with other calls; no client checks it",
    see: PAGE,
}];

const NETWORK_RULES: &[Rule] = &[Rule {
    member: "evaluation_result",
    breach: Breach::Length(6, 8),
    message: "expected 6 to 8 characters in `evaluation_result`, found fewer or more: the page says 6 to 8; other \
              editions and the client libraries say 5 to 9",
    see: PAGE,
}];

object! {
    /// The details of a migration task ("Querying Details About a Migration Task").
    pub struct Task<'a> as "ShowTaskResponse": Default {
        /// Name of the task, as its user chose it.
        "name" name: Text255<'a>,
        /// How the task migrates: MIGRATE_FILE, file by file, or MIGRATE_BLOCK, block by block; may be empty, as the page
        /// gives a length from 0 on.
        "type" kind: Member<OrEmpty<TaskType>>,
        /// Type of the operating system: WINDOWS or LINUX.
        "os_type" os_type: Member<OsType>,
        /// ID of the migration task.
        "id" id: Text255<'a>,
        /// Priority of the migration process: 0 low, 1 standard (the default), 2 high.
        "priority" priority: Member<Int<0, 2>> = 1 => i32,
        /// Limit of the migration speed; 0 in the printed example.
        "speed_limit" speed_limit: Member<Int<0, 65535>>,
        /// ID of the region of the target server.
        "region_id" region_id: Text255<'a>,
        /// Whether the target server is started after the migration: true starts it, false leaves it stopped. The default
        /// is true.
        "start_target_server" start_target_server: Member<bool> = true => bool,
        /// ID of the enterprise project; at least 1 character.
        "enterprise_project_id" enterprise_project_id: Member<Text<'a, 1, 255>>,
        /// IP address of the target server: its elastic address for a migration over the Internet, its private one for a
        /// migration over a dedicated line.
        "migration_ip" migration_ip: Text255<'a>,
        /// Name of the region of the target server.
        "region_name" region_name: Text255<'a>,
        /// Name of the project of the target server.
        "project_name" project_name: Text255<'a>,
        /// ID of the project of the target server.
        "project_id" project_id: Text255<'a>,
        /// ID of the template of the target server.
        "vm_template_id" vm_template_id: Text255<'a>,
        /// The source server: the one that is migrated.
        "source_server" source_server: Member<SourceServer<'a>>,
        /// The target server: the one that it is migrated to.
        "target_server" target_server: Member<TargetServer<'a>>,
        /// State of the migration task; an open list, in upper case: free text on the page, listed in later editions.
        "state" state: Member<Open<'a, TaskState, 0, 255>>,
        /// Estimated time of completion.
        "estimate_complete_time" estimate_complete_time: Count,
        /// Connection status.
        "connected" connected: Member<bool>,
        /// When the task was created, in milliseconds since 1970.
        "create_date" create_date: Count,
        /// When the task was started, in milliseconds since 1970.
        "start_date" start_date: Count,
        /// When the task was finished, in milliseconds since 1970.
        "finish_date" finish_date: Count,
        /// Migration speed; the page says MB/s, the client libraries Mbit/s.
        "migrate_speed" migrate_speed: Rate,
        /// Compression rate.
        "compress_rate" compress_rate: Rate,
        /// The error; empty if there is none. JSON in a string, which is not examined.
        "error_json" error_json: Member<Text<'a, 0, 1024>>,
        /// Total time that the task took.
        "total_time" total_time: Count,
        /// Floating IP address; kept for old versions of the agent.
        "float_ip" float_ip: Text255<'a>,
        /// Seconds that remain of the migration.
        "remain_seconds" remain_seconds: Count,
        /// ID of the snapshot of the target server.
        "target_snapshot_id" target_snapshot_id: Text255<'a>,
        /// The clone of the target server.
        "clone_server" clone_server: Member<CloneServer<'a>>,
        /// The subtasks of the task.
        "sub_tasks" sub_tasks: Member<List<SubTask<'a>, 0, 65535>>,
        /// Results of the network check.
        "network_check_info" network_check_info: Member<NetworkCheck<'a>>,
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
        /// The current subtask and its progress. In later editions.
        "subtask_info" subtask_info: Text255<'a>,
    }

    /// The clone of a target server.
    pub struct CloneServer<'a> as "CloneServer": Default {
        /// ID of the cloned server.
        "vm_id" vm_id: Text255<'a>,
        /// Name of the cloned server.
        "name" name: Text255<'a>,
        /// Cloning error message.
        "clone_error" clone_error: Text255<'a>,
        /// Cloning state; an open list, in upper case: free text on the page, listed in later editions.
        "clone_state" clone_state: Member<Open<'a, CloneState, 0, 255>>,
        /// Cloning error message.
        "error_msg" error_msg: Member<Text<'a, 0, 1024>>,
    }

    /// A subtask of a task: one step of it.
    pub struct SubTask<'a> as "SubTask": Default where STEP_RULES {
        /// ID of the subtask.
        "id" id: Count,
        /// Name of the subtask, such as MIGRATE_WINDOWS_BLOCK.
        "name" name: Text255<'a>,
        /// Progress of the subtask: an integer from 0 to 100.
        "progress" progress: Member<Int<0, 100>>,
        /// When the subtask was started, in milliseconds since 1970.
        "start_date" start_date: Count,
        /// When the subtask was finished, in milliseconds since 1970; empty until then.
        "end_date" end_date: Count,
        /// Migration speed in Mbit/s.
        "migrate_speed" migrate_speed: Rate,
        /// The user operation that triggered the subtask, such as REPLICATE; at most 50 characters.
        "user_op" user_op: Member<Text<'a, 0, 50>>,
        /// Details of the migration or synchronization; at most 2048 characters.
        "process_trace" process_trace: Member<Text<'a, 0, 2048>>,
    }

    /// Results of the network check.
    pub struct NetworkCheck<'a> as "NetworkCheckInfoRequestBody": Default where NETWORK_RULES {
        /// Connectivity of the domain name.
        "domain_connectivity" domain_connectivity: Member<bool>,
        /// Connectivity of the target server.
        "destination_connectivity" destination_connectivity: Member<bool>,
        /// Network delay in milliseconds.
        "network_delay" network_delay: Rate,
        /// Network jitter in milliseconds.
        "network_jitter" network_jitter: Rate,
        /// Bandwidth in Mbit/s.
        "migration_speed" migration_speed: Rate,
        /// Packet loss rate in percent.
        "loss_percentage" loss_percentage: Percent,
        /// CPU usage in percent.
        "cpu_usage" cpu_usage: Percent,
        /// Memory usage in percent.
        "mem_usage" mem_usage: Member<Double<0, 100>>,
        /// Evaluation result, such as success. The page says 6 to 8 characters, client libraries 5 to 9: the wider limits are
        /// accepted, with a warning.
        "evaluation_result" evaluation_result: Member<Text<'a, 5, 9>>,
    }
}

impl<'a> Task<'a> {
    /// Reads the answer to `GET /v3/tasks/{task_id}`. Texts borrow from it unless an escape had to be resolved.
    ///
    /// ```
    /// let task = packetcheck::sms::Task::decode(br#"{"name":"MigrationTask","sub_tasks":[{"progress":55}]}"#)?;
    /// assert_eq!(task.name.get().map(|name| name.as_str()), Some("MigrationTask"));
    /// assert_eq!(task.encode()?, br#"{"name":"MigrationTask","sub_tasks":[{"progress":55}]}"#);
    /// # Ok::<(), packetcheck::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The document is not what the page allows, see [`Error::report`]; or it is an error body, which
    /// [`Response`](crate::sms::Response) reads.
    pub fn decode(bytes: &'a [u8]) -> Result<Task<'a>, Error> {
        Task::decode_limited(bytes, &Limits::default())
    }

    /// As [`decode`](Self::decode), with the given limits.
    ///
    /// # Errors
    ///
    /// See [`Task::decode`]; also if the document exceeds a limit.
    pub fn decode_limited(bytes: &'a [u8], limits: &Limits) -> Result<Task<'a>, Error> {
        let mut task = Task::default();
        match ROOT.read_either(bytes, limits, &mut task)? {
            Some(error) => Err(not_a_task(&error)),
            None => Ok(task),
        }
    }

    /// Writes the task: each member that is not absent, in the order of the page.
    ///
    /// # Errors
    ///
    /// `extra` contains a member that the page names, or members because of which the task would be read as an error
    /// body.
    pub fn encode(&self) -> Result<Vec<u8>, Error> {
        match self.extra.is_empty() {
            true => ROOT.to_vec(self),
            false => ROOT.to_vec_as(self, false),
        }
    }

    /// Writes the task with the members in the order of another document, usually the one it was read from.
    ///
    /// # Errors
    ///
    /// See `encode`.
    pub fn encode_like(&self, like: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(ROOT.like(&self.encode()?, like))
    }
}
