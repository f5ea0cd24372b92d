//! The servers of a task, source and target, with their disks and volumes.

use super::lists::{DeviceUse, MigrationCycle, OsType, PartitionStyle, SourceState};
use super::{Count, Count32, PAGE, Text255};
use crate::json::{Breach, List, Long, Member, Open, OrEmpty, Rule, Text, object};

const TARGET_RULES: &[Rule] = &[
    Rule {
        member: "system_dir",
        breach: Breach::MissingWhere("os_type", "WINDOWS"),
        message: "missing `system_dir` of a target server with Windows: the page calls it mandatory there, in words that \
                  it shares with other calls; no client requires it of an answer",
        see: PAGE,
    },
    Rule {
        member: "btrfs_list",
        breach: Breach::MissingWhere("os_type", "LINUX"),
        message: "missing `btrfs_list` of a target server with Linux: the page calls it mandatory there (an empty list \
                  where there are none), in words that it shares with other calls; no client requires it of an answer",
        see: PAGE,
    },
];

const VOLUME_RULES: &[Rule] = &[Rule {
    member: "device_use",
    breach: Breach::Unlisted(&["NORMAL", "BOOT", "OS"]),
    message: "expected `NORMAL`, `BOOT` or `OS` in `device_use` of a logical volume, found another text: the page names \
              these three; later editions and the client libraries allow any, such as `VOLUME_GROUP` and `BTRFS`",
    see: PAGE,
}];

object! {
    /// The server that is migrated.
    pub struct SourceServer<'a> as "SourceServerResponse": Default {
        /// ID of the source server in the database of SMS.
        "id" id: Text255<'a>,
        /// IP address of the source server; mandatory when a server is registered.
        "ip" ip: Text255<'a>,
        /// Name of the source server in SMS, which distinguishes servers.
        "name" name: Text255<'a>,
        /// Type of the operating system of the source server: WINDOWS or LINUX; may be empty.
        "os_type" os_type: Member<OrEmpty<OsType>>,
        /// Version of the operating system, such as WINDOWS2016_64BIT.
        "os_version" os_version: Text255<'a>,
        /// Whether the operating system is an OEM version (Windows).
        "oem_system" oem_system: Member<bool>,
        /// State of the source server; an open list, in lower case.
        "state" state: Member<Open<'a, SourceState, 0, { usize::MAX }>>,
        /// Migration stage; an open list, in lower case.
        "migration_cycle" migration_cycle: Member<Open<'a, MigrationCycle, 0, 255>>,
    }

    /// The server that it is migrated to.
    pub struct TargetServer<'a> as "TaskTargetServer": Default where TARGET_RULES {
        /// ID of the target server in the database of SMS.
        "id" id: Text255<'a>,
        /// ID of the target server; empty if a server is created automatically.
        "vm_id" vm_id: Text255<'a>,
        /// Name of the target server.
        "name" name: Text255<'a>,
        /// IP address of the target server.
        "ip" ip: Text255<'a>,
        /// Type of the operating system: WINDOWS or LINUX; may be empty.
        "os_type" os_type: Member<OrEmpty<OsType>>,
        /// Version of the operating system.
        "os_version" os_version: Text255<'a>,
        /// System directory; mandatory for Windows.
        "system_dir" system_dir: Text255<'a>,
        /// Disks of the target server, usually those of the source server.
        "disks" disks: Member<List<Disk<'a>, 0, 65535>>,
        /// LVM volume groups, usually those of the source server; empty if there are none.
        "volume_groups" volume_groups: Member<List<VolumeGroup<'a>, 0, 65535>>,
        /// Btrfs file systems of the source server; mandatory for Linux, empty if there are none.
        "btrfs_list" btrfs_list: Member<List<Text<'a, 0, 255>, 0, 65535>>,
        /// ID of the disk of the agent image on the target server.
        "image_disk_id" image_disk_id: Text255<'a>,
        /// IDs of the snapshots to roll the target server back to.
        "cutovered_snapshot_ids" cutovered_snapshot_ids: Text255<'a>,
    }

    /// A disk of the target server.
    pub struct Disk<'a> as "TargetDisk": Default {
        /// ID of the disk in SMS.
        "id" id: Count,
        /// What the partition is for: NORMAL (the default), OS for the system, or BOOT for booting; may be empty.
        "device_use" device_use: Member<OrEmpty<DeviceUse>> = DeviceUse::Normal => DeviceUse,
        /// Disk ID.
        "disk_id" disk_id: Text255<'a>,
        /// Disk name.
        "name" name: Text255<'a>,
        /// Physical volumes of the disk; the page says "logical volume information".
        "physical_volumes" physical_volumes: Member<List<PhysicalVolume<'a>, 0, 65535>>,
        /// Size in bytes.
        "size" size: Count,
        /// Used size in bytes.
        "used_size" used_size: Count,
        /// Disk index.
        "disk_index" disk_index: Text255<'a>,
        /// Whether it is the system disk.
        "os_disk" os_disk: Member<bool>,
        /// Partition type of the disk: MBR or GPT; may be empty.
        "partition_style" partition_style: Member<OrEmpty<PartitionStyle>>,
        /// On Linux, name of the disk of the target server that is paired with this disk of the source server.
        "relation_name" relation_name: Text255<'a>,
    }

    /// A physical volume of a disk.
    pub struct PhysicalVolume<'a> as "TargetPhysicalVolumes": Default {
        /// ID of the volume in SMS.
        "id" id: Count,
        /// What the partition is for: NORMAL (the default), OS for the system, or BOOT for booting; may be empty.
        "device_use" device_use: Member<OrEmpty<DeviceUse>> = DeviceUse::Normal => DeviceUse,
        /// File system, such as NTFS.
        "file_system" file_system: Text255<'a>,
        /// ID of the volume.
        "index" index: Count32,
        /// Mount point.
        "mount_point" mount_point: Text255<'a>,
        /// Volume name; on Windows a path with backslashes.
        "name" name: Text255<'a>,
        /// Size in bytes.
        "size" size: Count,
        /// Used size in bytes.
        "used_size" used_size: Count,
        /// UUID; the page heads its row "The UUID.".
        "uuid" uuid: Text255<'a>,
        /// On Linux, name of the disk of the target server that is paired with this disk of the source server.
        "relation_name" relation_name: Text255<'a>,
        /// Free size in bytes.
        "free_size" free_size: Count,
    }

    /// A volume group of the target server.
    pub struct VolumeGroup<'a> as "VolumeGroups": Default {
        /// Physical volumes of the group.
        "components" components: Text255<'a>,
        /// Free size in bytes.
        "free_size" free_size: Count,
        /// Logical volumes of the group; at most 255.
        "logical_volumes" logical_volumes: Member<List<LogicalVolume<'a>, 0, 255>>,
        /// Name of the volume group.
        "name" name: Text255<'a>,
        /// Size in bytes.
        "size" size: Count,
    }

    /// A logical volume of a volume group.
    pub struct LogicalVolume<'a> as "LogicalVolumes": Default where VOLUME_RULES {
        /// Number of blocks. The default is 0.
        "block_count" block_count: Count32 = 0 => i32,
        /// Block size, at most 1048576. The default is 0.
        "block_size" block_size: Member<Long<0, 1_048_576>> = 0 => i64,
        /// File system.
        "file_system" file_system: Text255<'a>,
        /// Size of an inode; the page says "number of inodes", as of inode_nums.
        "inode_size" inode_size: Count32,
        /// Number of inodes.
        "inode_nums" inode_nums: Count,
        /// What the partition is for: NORMAL, BOOT or OS; later editions allow any text, with a warning.
        "device_use" device_use: Text255<'a>,
        /// Mount point; at most 256 characters.
        "mount_point" mount_point: Member<Text<'a, 0, 256>>,
        /// Name of the logical volume; at most 1024 characters.
        "name" name: Member<Text<'a, 0, 1024>>,
        /// Size in bytes.
        "size" size: Count,
        /// Used size in bytes.
        "used_size" used_size: Count,
        /// Free size in bytes.
        "free_size" free_size: Count,
    }
}
