//! Task details of SMS.

use serde::Deserialize;

use super::Text;

#[derive(Deserialize)]
pub struct Task<'a> {
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    #[serde(rename = "type")]
    pub kind: Option<Text<'a>>,
    pub os_type: Option<Text<'a>>,
    pub id: Option<Text<'a>>,
    pub priority: Option<i32>,
    pub speed_limit: Option<i32>,
    pub region_id: Option<Text<'a>>,
    pub start_target_server: Option<bool>,
    pub enterprise_project_id: Option<Text<'a>>,
    pub migration_ip: Option<Text<'a>>,
    pub region_name: Option<Text<'a>>,
    pub project_name: Option<Text<'a>>,
    pub project_id: Option<Text<'a>>,
    pub vm_template_id: Option<Text<'a>>,
    pub source_server: Option<SourceServer<'a>>,
    pub target_server: Option<TargetServer<'a>>,
    pub state: Option<Text<'a>>,
    pub estimate_complete_time: Option<i64>,
    pub connected: Option<bool>,
    pub create_date: Option<i64>,
    pub start_date: Option<i64>,
    pub finish_date: Option<i64>,
    pub migrate_speed: Option<f64>,
    pub compress_rate: Option<f64>,
    pub error_json: Option<Text<'a>>,
    pub total_time: Option<i64>,
    pub float_ip: Option<Text<'a>>,
    pub remain_seconds: Option<i64>,
    pub target_snapshot_id: Option<Text<'a>>,
    pub clone_server: Option<CloneServer<'a>>,
    pub sub_tasks: Option<Vec<SubTask<'a>>>,
    pub network_check_info: Option<NetworkCheck<'a>>,
    pub total_cpu_usage: Option<f64>,
    pub agent_cpu_usage: Option<f64>,
    pub total_mem_usage: Option<f64>,
    pub agent_mem_usage: Option<f64>,
    pub total_disk_io: Option<f64>,
    pub agent_disk_io: Option<f64>,
    pub need_migration_test: Option<bool>,
    pub subtask_info: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct CloneServer<'a> {
    #[serde(borrow)]
    pub vm_id: Option<Text<'a>>,
    pub name: Option<Text<'a>>,
    pub clone_error: Option<Text<'a>>,
    pub clone_state: Option<Text<'a>>,
    pub error_msg: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct SubTask<'a> {
    pub id: Option<i64>,
    #[serde(borrow)]
    pub name: Option<Text<'a>>,
    pub progress: Option<i32>,
    pub start_date: Option<i64>,
    pub end_date: Option<i64>,
    pub migrate_speed: Option<f64>,
    pub user_op: Option<Text<'a>>,
    pub process_trace: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct NetworkCheck<'a> {
    pub domain_connectivity: Option<bool>,
    pub destination_connectivity: Option<bool>,
    pub network_delay: Option<f64>,
    pub network_jitter: Option<f64>,
    pub migration_speed: Option<f64>,
    pub loss_percentage: Option<f64>,
    pub cpu_usage: Option<f64>,
    pub mem_usage: Option<f64>,
    #[serde(borrow)]
    pub evaluation_result: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct SourceServer<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    pub ip: Option<Text<'a>>,
    pub name: Option<Text<'a>>,
    pub os_type: Option<Text<'a>>,
    pub os_version: Option<Text<'a>>,
    pub oem_system: Option<bool>,
    pub state: Option<Text<'a>>,
    pub migration_cycle: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct TargetServer<'a> {
    #[serde(borrow)]
    pub id: Option<Text<'a>>,
    pub vm_id: Option<Text<'a>>,
    pub name: Option<Text<'a>>,
    pub ip: Option<Text<'a>>,
    pub os_type: Option<Text<'a>>,
    pub os_version: Option<Text<'a>>,
    pub system_dir: Option<Text<'a>>,
    pub disks: Option<Vec<Disk<'a>>>,
    pub volume_groups: Option<Vec<VolumeGroup<'a>>>,
    pub btrfs_list: Option<Vec<Text<'a>>>,
    pub image_disk_id: Option<Text<'a>>,
    pub cutovered_snapshot_ids: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct Disk<'a> {
    pub id: Option<i64>,
    #[serde(borrow)]
    pub device_use: Option<Text<'a>>,
    pub disk_id: Option<Text<'a>>,
    pub name: Option<Text<'a>>,
    pub physical_volumes: Option<Vec<PhysicalVolume<'a>>>,
    pub size: Option<i64>,
    pub used_size: Option<i64>,
    pub disk_index: Option<Text<'a>>,
    pub os_disk: Option<bool>,
    pub partition_style: Option<Text<'a>>,
    pub relation_name: Option<Text<'a>>,
}

#[derive(Deserialize)]
pub struct PhysicalVolume<'a> {
    pub id: Option<i64>,
    #[serde(borrow)]
    pub device_use: Option<Text<'a>>,
    pub file_system: Option<Text<'a>>,
    pub index: Option<i32>,
    pub mount_point: Option<Text<'a>>,
    pub name: Option<Text<'a>>,
    pub size: Option<i64>,
    pub used_size: Option<i64>,
    pub uuid: Option<Text<'a>>,
    pub relation_name: Option<Text<'a>>,
    pub free_size: Option<i64>,
}

#[derive(Deserialize)]
pub struct VolumeGroup<'a> {
    #[serde(borrow)]
    pub components: Option<Text<'a>>,
    pub free_size: Option<i64>,
    pub logical_volumes: Option<Vec<LogicalVolume<'a>>>,
    pub name: Option<Text<'a>>,
    pub size: Option<i64>,
}

#[derive(Deserialize)]
pub struct LogicalVolume<'a> {
    pub block_count: Option<i32>,
    pub block_size: Option<i64>,
    #[serde(borrow)]
    pub file_system: Option<Text<'a>>,
    pub inode_size: Option<i32>,
    pub inode_nums: Option<i64>,
    pub device_use: Option<Text<'a>>,
    pub mount_point: Option<Text<'a>>,
    pub name: Option<Text<'a>>,
    pub size: Option<i64>,
    pub used_size: Option<i64>,
    pub free_size: Option<i64>,
}
