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
        /// Name of the task.
        "name" name: Text255<'a>,
        /// How it migrates: MIGRATE_FILE or MIGRATE_BLOCK; may be empty, as the page gives a length from 0 on.
        "type" kind: Member<OrEmpty<TaskType>>,
        /// Operating system: WINDOWS or LINUX.
        "os_type" os_type: Member<OsType>,
        /// ID of the task.
        "id" id: Text255<'a>,
        /// Priority: 0 low, 1 standard (the default), 2 high.
        "priority" priority: Member<Int<0, 2>>,
        /// Limit of the speed; 0 for none.
        "speed_limit" speed_limit: Member<Int<0, 65535>>,
        /// ID of the region.
        "region_id" region_id: Text255<'a>,
        /// Whether the target server is started after the migration; true where absent.
        "start_target_server" start_target_server: Member<bool>,
        /// ID of the enterprise project; at least 1 character.
        "enterprise_project_id" enterprise_project_id: Member<Text<'a, 1, 255>>,
        /// IP address for the migration.
        "migration_ip" migration_ip: Text255<'a>,
        /// Name of the region.
        "region_name" region_name: Text255<'a>,
        /// Name of the project.
        "project_name" project_name: Text255<'a>,
        /// ID of the project.
        "project_id" project_id: Text255<'a>,
        /// ID of the template.
        "vm_template_id" vm_template_id: Text255<'a>,
        /// The server that is migrated.
        "source_server" source_server: Member<SourceServer<'a>>,
        /// The server that it is migrated to.
        "target_server" target_server: Member<TargetServer<'a>>,
        /// State of the task; an open list, in upper case.
        "state" state: Member<Open<'a, TaskState, 0, 255>>,
        /// When it is expected to end.
        "estimate_complete_time" estimate_complete_time: Count,
        /// Whether the agent is connected.
        "connected" connected: Member<bool>,
        /// When it was created, in milliseconds since 1970.
        "create_date" create_date: Count,
        /// When it was started, in milliseconds since 1970.
        "start_date" start_date: Count,
        /// When it was finished, in milliseconds since 1970.
        "finish_date" finish_date: Count,
        /// Speed; the page says MB/s, the clients say Mbit/s.
        "migrate_speed" migrate_speed: Rate,
        /// Rate of the compression.
        "compress_rate" compress_rate: Rate,
        /// The error; empty where there is none. JSON in a string, which is not looked into.
        "error_json" error_json: Member<Text<'a, 0, 1024>>,
        /// Time that it took.
        "total_time" total_time: Count,
        /// Floating IP address, for old agents.
        "float_ip" float_ip: Text255<'a>,
        /// Seconds that remain.
        "remain_seconds" remain_seconds: Count,
        /// ID of the snapshot of the target server.
        "target_snapshot_id" target_snapshot_id: Text255<'a>,
        /// The clone of the target server.
        "clone_server" clone_server: Member<CloneServer<'a>>,
        /// The steps of the task.
        "sub_tasks" sub_tasks: Member<List<SubTask<'a>, 0, 65535>>,
        /// What the check of the network found.
        "network_check_info" network_check_info: Member<NetworkCheck<'a>>,
        /// Load of the processor in percent. In later editions.
        "total_cpu_usage" total_cpu_usage: Percent,
        /// Load of the processor by the agent, in percent. In later editions.
        "agent_cpu_usage" agent_cpu_usage: Percent,
        /// Used memory in MB. In later editions.
        "total_mem_usage" total_mem_usage: Megabytes,
        /// Memory used by the agent, in MB. In later editions.
        "agent_mem_usage" agent_mem_usage: Megabytes,
        /// Input and output of the disks in Mbit/s. In later editions.
        "total_disk_io" total_disk_io: Rate,
        /// Input and output of the disks by the agent, in Mbit/s. In later editions.
        "agent_disk_io" agent_disk_io: Rate,
        /// Whether a rehearsal is wanted. In later editions.
        "need_migration_test" need_migration_test: Member<bool>,
        /// The current step and its progress. In later editions.
        "subtask_info" subtask_info: Text255<'a>,
    }

    /// The clone of a target server.
    pub struct CloneServer<'a> as "CloneServer": Default {
        /// ID of the cloud server.
        "vm_id" vm_id: Text255<'a>,
        /// Name of the clone.
        "name" name: Text255<'a>,
        /// Code of the error in cloning.
        "clone_error" clone_error: Text255<'a>,
        /// State of the clone; an open list, in upper case.
        "clone_state" clone_state: Member<Open<'a, CloneState, 0, 255>>,
        /// The error in words.
        "error_msg" error_msg: Member<Text<'a, 0, 1024>>,
    }

    /// A step of a task.
    pub struct SubTask<'a> as "SubTask": Default where STEP_RULES {
        /// ID of the step.
        "id" id: Count,
        /// Name, such as MIGRATE_WINDOWS_BLOCK.
        "name" name: Text255<'a>,
        /// Progress in percent.
        "progress" progress: Member<Int<0, 100>>,
        /// When it was started, in milliseconds since 1970.
        "start_date" start_date: Count,
        /// When it was finished, in milliseconds since 1970; null while it runs.
        "end_date" end_date: Count,
        /// Speed in Mbit/s.
        "migrate_speed" migrate_speed: Rate,
        /// What the user did, such as REPLICATE; at most 50 characters.
        "user_op" user_op: Member<Text<'a, 0, 50>>,
        /// What is going on, in words; at most 2048 characters.
        "process_trace" process_trace: Member<Text<'a, 0, 2048>>,
    }

    /// What the check of the network found.
    pub struct NetworkCheck<'a> as "NetworkCheckInfoRequestBody": Default where NETWORK_RULES {
        /// Whether the domain can be reached.
        "domain_connectivity" domain_connectivity: Member<bool>,
        /// Whether the target can be reached.
        "destination_connectivity" destination_connectivity: Member<bool>,
        /// Delay in milliseconds.
        "network_delay" network_delay: Rate,
        /// Jitter in milliseconds.
        "network_jitter" network_jitter: Rate,
        /// Speed in Mbit/s.
        "migration_speed" migration_speed: Rate,
        /// Packets lost, in percent.
        "loss_percentage" loss_percentage: Percent,
        /// Load of the processor in percent.
        "cpu_usage" cpu_usage: Percent,
        /// Used memory in percent.
        "mem_usage" mem_usage: Member<Double<0, 100>>,
        /// The result, such as success. The page says 6 to 8 characters, clients say 5 to 9: read with the
        /// wider limits, and warned of.
        "evaluation_result" evaluation_result: Member<Text<'a, 5, 9>>,
    }
}

impl<'a> Task<'a> {
    /// Reads the answer to `GET /v3/tasks/{task_id}`. Texts borrow from it unless an escape had to be resolved.
    ///
    /// # Errors
    ///
    /// What the page does not allow, see [`Error::report`]; an error body, which
    /// [`Response`](crate::sms::Response) reads.
    pub fn from_json(bytes: &'a [u8]) -> Result<Task<'a>, Error> {
        let mut task = Task::default();
        match ROOT.read_either(bytes, &Limits::default(), &mut task)? {
            Some(error) => Err(not_a_task(&error)),
            None => Ok(task),
        }
    }

    /// Writes the task: each member that is not absent, in the order of the page.
    ///
    /// # Errors
    ///
    /// A member of the page that stands in `extra`, or `extra` alone by which it would be read as an error body.
    pub fn to_json(&self) -> Result<Vec<u8>, Error> {
        match self.extra.is_empty() {
            true => ROOT.to_vec(self),
            false => ROOT.to_vec_as(self, false),
        }
    }

    /// Writes the task with the members in the order of another document, mostly the one that it was read from.
    ///
    /// # Errors
    ///
    /// As `to_json`.
    pub fn to_json_like(&self, like: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(ROOT.like(&self.to_json()?, like))
    }
}
