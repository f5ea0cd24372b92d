//! Messages of the other systems: task details of Huawei Cloud SMS, answers of Alibaba Cloud DataWorks.

use std::fmt::Write;

use super::{SEED, SplitMix64};

/// The number of disks and steps of the large task.
pub(crate) const LARGE_DISKS: u64 = 64;
pub(crate) const LARGE_STEPS: u64 = 500;

/// The number of different answers in the `dataworks` corpora.
pub(crate) const ANSWERS: usize = 1_000;

/// The steps of a task, as the documentation lists them.
const STEPS: &[&str] = &[
    "CREATE_CLOUD_SERVER",
    "SSL_CONFIG",
    "ATTACH_AGENT_IMAGE",
    "FORMAT_DISK_WINDOWS",
    "MIGRATE_WINDOWS_BLOCK",
    "CONFIGURE_WINDOWS",
    "DETTACH_AGENT_IMAGE",
];

/// `sms.large`: the details of a task with many disks, each with volumes, and many steps.
pub(crate) fn task(disks: u64, steps: u64) -> Vec<u8> {
    let mut random = SplitMix64::new(SEED ^ 3);
    let disks: Vec<String> = (0..disks).map(|index| disk(index, &mut random)).collect();
    let steps: Vec<String> = (0..steps).map(|index| step(index, &mut random)).collect();
    format!(
        concat!(
            r#"{{"id":"7a9a9540-ff28-4869-b9e4-855fbe12d96c","name":"MigrationTask","type":"MIGRATE_BLOCK","#,
            r#""os_type":"WINDOWS","state":"RUNNING","priority":1,"speed_limit":0,"migrate_speed":13.7,"#,
            r#""start_target_server":true,"error_json":"","migration_ip":null,"region_name":"region","#,
            r#""create_date":1598435778000,"start_date":1598435781000,"finish_date":null,"total_time":1154315,"#,
            r#""source_server":{{"id":"ef0bb63e","ip":"192.168.77.77","name":"source-win","os_type":"WINDOWS","#,
            r#""os_version":"WINDOWS2016_64BIT","oem_system":false,"state":"replicate","migration_cycle":"replicating"}},"#,
            r#""target_server":{{"id":"06cb8f8e","vm_id":"","name":"","ip":null,"os_type":"WINDOWS","#,
            r#""system_dir":"C:\\Windows","disks":[{}],"#,
            r#""volume_groups":[],"image_disk_id":null}},"clone_server":null,"sub_tasks":[{}]}}"#,
        ),
        disks.join(","),
        steps.join(",")
    )
    .into_bytes()
}

fn disk(index: u64, random: &mut SplitMix64) -> String {
    let size = 10_000_000_000 + random.below(1 << 40);
    let used = random.below(size);
    let system = index == 0;
    format!(
        concat!(
            r#"{{"id":{id},"device_use":"{device_use}","disk_id":"{disk_id:016x}","name":"Disk {index}","#,
            r#""size":{size},"used_size":{used},"disk_index":"{index}","os_disk":{system},"partition_style":"GPT","#,
            r#""relation_name":null,"physical_volumes":[{{"id":{id},"device_use":"{device_use}","file_system":"NTFS","#,
            r#""index":1,"mount_point":null,"name":"\\\\?\\Volume{{{disk_id:08x}-0000-0000-0000-100000000000}}\\","#,
            r#""size":{size},"used_size":{used},"free_size":{free},"uuid":"\\\\?\\Volume{{{disk_id:08x}}}\\"}}]}}"#,
        ),
        id = 1_000 + index,
        index = index,
        size = size,
        used = used,
        system = system,
        device_use = if system { "OS" } else { "NORMAL" },
        disk_id = random.next(),
        free = size - used,
    )
}

fn step(index: u64, random: &mut SplitMix64) -> String {
    let progress = random.below(101);
    let start = 1_598_435_781_000 + random.below(10_000_000);
    let end = if progress == 100 { (start + 60_000).to_string() } else { "null".to_owned() };
    format!(
        concat!(
            r#"{{"id":{index},"name":"{name}","progress":{progress},"start_date":{start},"end_date":{end},"#,
            r#""migrate_speed":{speed}.{tenth},"user_op":"REPLICATE","process_trace":"copied {done} of 100 parts"}}"#,
        ),
        name = random.pick(STEPS),
        index = index,
        progress = progress,
        start = start,
        end = end,
        speed = random.below(1_000),
        tenth = random.below(10),
        done = progress,
    )
}

/// `dataworks.json` and `dataworks.xml`: the same set of answers in both forms, without white space, as the gateway
/// writes them.
pub(crate) fn answers(count: usize, in_xml: bool) -> Vec<Vec<u8>> {
    let mut random = SplitMix64::new(SEED ^ 4);
    (0..count).map(|_| Answer::draw(&mut random).write(in_xml).into_bytes()).collect()
}

struct Answer {
    request_id: u64,
    success: bool,
    error_code: Option<u64>,
    message: Option<&'static str>,
    tasks: Vec<(&'static str, &'static str)>,
}

impl Answer {
    fn draw(random: &mut SplitMix64) -> Answer {
        let failed = random.chance(20);
        let tasks = (0..1 + random.below(6)).map(|_| {
            let status = random.pick(&["INIT", "RUNNING", "SUCCESS", "SUCCESS", "FAILURE"]);
            (status, random.pick(&["IMPORE_PREPARE", "IMPORT_DATASOURCE", "IMPORT_NODE", "导入表"]))
        });
        Answer {
            tasks: tasks.collect(),
            request_id: random.next(),
            success: !failed,
            error_code: failed.then(|| 110_001_000_000 + random.below(1_000_000)),
            message: failed.then(|| random.pick(&["test error msg", "the package is locked", "unknown node \u{e9}"])),
        }
    }

    fn write(&self, in_xml: bool) -> String {
        if in_xml { self.write_xml() } else { self.write_json() }
    }

    fn write_json(&self) -> String {
        let mut text =
            format!(r#"{{"HttpStatusCode":200,"RequestId":"{:016X}","Success":{}"#, self.request_id, self.success);
        if let (Some(code), Some(message)) = (self.error_code, self.message) {
            let _ = write!(text, r#","ErrorCode":"{code}","ErrorMessage":"{message}""#);
        }
        let tasks: Vec<String> = (self.tasks.iter())
            .map(|(status, name)| format!(r#"{{"TaskStatus":"{status}","TaskName":"{name}"}}"#))
            .collect();
        let _ = write!(text, r#","Data":[{}]}}"#, tasks.join(","));
        text
    }

    fn write_xml(&self) -> String {
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?><GetMigrationProcessResponse><HttpStatusCode>200</HttpStatusCode>\
             <RequestId>{:016X}</RequestId><Success>{}</Success>",
            self.request_id, self.success
        );
        if let (Some(code), Some(message)) = (self.error_code, self.message) {
            let _ = write!(text, "<ErrorCode>{code}</ErrorCode><ErrorMessage>{message}</ErrorMessage>");
        }
        for (status, name) in &self.tasks {
            let _ = write!(text, "<Data><TaskStatus>{status}</TaskStatus><TaskName>{name}</TaskName></Data>");
        }
        text + "</GetMigrationProcessResponse>"
    }
}
