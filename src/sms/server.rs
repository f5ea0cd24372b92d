//! The servers of a task: where from, where to, with their disks and volumes.

use super::lists::{DeviceUse, MigrationCycle, OsType, PartitionStyle, SourceState};
use super::{Count, Count32, Text255};
use crate::json::{List, Long, Member, Open, Text, object};

object! {
    /// The server that is migrated.
    pub struct SourceServer<'a> as "SourceServerResponse": Default {
        /// ID of the source server.
        "id" id: Text255<'a>,
        /// IP address of the source server.
        "ip" ip: Text255<'a>,
        /// Name of the source server.
        "name" name: Text255<'a>,
        /// Operating system: WINDOWS or LINUX.
        "os_type" os_type: Member<OsType>,
        /// Version of the operating system, such as WINDOWS2016_64BIT.
        "os_version" os_version: Text255<'a>,
        /// Whether it boots by the system of an OEM.
        "oem_system" oem_system: Member<bool>,
        /// State of the source server; an open list, in lower case.
        "state" state: Member<Open<'a, SourceState, 0, { usize::MAX }>>,
        /// Where it is in its migration; an open list, in lower case.
        "migration_cycle" migration_cycle: Member<Open<'a, MigrationCycle, 0, 255>>,
    }

    /// The server that it is migrated to.
    pub struct TargetServer<'a> as "TaskTargetServer": Default {
        /// ID of the target server in SMS.
        "id" id: Text255<'a>,
        /// ID of the cloud server; empty before there is one.
        "vm_id" vm_id: Text255<'a>,
        /// Name of the target server.
        "name" name: Text255<'a>,
        /// IP address of the target server.
        "ip" ip: Text255<'a>,
        /// Operating system: WINDOWS or LINUX.
        "os_type" os_type: Member<OsType>,
        /// Version of the operating system.
        "os_version" os_version: Text255<'a>,
        /// Directory of the system, on Windows.
        "system_dir" system_dir: Text255<'a>,
        /// Disks.
        "disks" disks: Member<List<Disk<'a>, 0, 65535>>,
        /// Volume groups, on Linux; an empty list where there are none.
        "volume_groups" volume_groups: Member<List<VolumeGroup<'a>, 0, 65535>>,
        /// Btrfs file systems, on Linux; an empty list where there are none.
        "btrfs_list" btrfs_list: Member<List<Text<'a, 0, 255>, 0, 65535>>,
        /// ID of the disk of the proxy image.
        "image_disk_id" image_disk_id: Text255<'a>,
        /// IDs of the snapshots of the cutover.
        "cutovered_snapshot_ids" cutovered_snapshot_ids: Text255<'a>,
    }

    /// A disk of the target server.
    pub struct Disk<'a> as "TargetDisk": Default {
        /// ID of the disk in SMS.
        "id" id: Count,
        /// What it is for: NORMAL (the default), OS or BOOT.
        "device_use" device_use: Member<DeviceUse>,
        /// ID of the disk.
        "disk_id" disk_id: Text255<'a>,
        /// Name of the disk.
        "name" name: Text255<'a>,
        /// Physical volumes.
        "physical_volumes" physical_volumes: Member<List<PhysicalVolume<'a>, 0, 65535>>,
        /// Size in bytes.
        "size" size: Count,
        /// Used size in bytes.
        "used_size" used_size: Count,
        /// Number of the disk.
        "disk_index" disk_index: Text255<'a>,
        /// Whether the operating system is on it.
        "os_disk" os_disk: Member<bool>,
        /// How it is divided: MBR or GPT.
        "partition_style" partition_style: Member<PartitionStyle>,
        /// Name of the disk on Linux that it goes with.
        "relation_name" relation_name: Text255<'a>,
    }

    /// A physical volume of a disk.
    pub struct PhysicalVolume<'a> as "TargetPhysicalVolumes": Default {
        /// ID of the volume in SMS.
        "id" id: Count,
        /// What it is for: NORMAL (the default), OS or BOOT.
        "device_use" device_use: Member<DeviceUse>,
        /// File system, such as NTFS.
        "file_system" file_system: Text255<'a>,
        /// Its number on the disk.
        "index" index: Count32,
        /// Where it is mounted.
        "mount_point" mount_point: Text255<'a>,
        /// Name; on Windows a path with backslashes.
        "name" name: Text255<'a>,
        /// Size in bytes.
        "size" size: Count,
        /// Used size in bytes.
        "used_size" used_size: Count,
        /// UUID; the page heads its row "The UUID.".
        "uuid" uuid: Text255<'a>,
        /// Name of the volume on Linux that it goes with.
        "relation_name" relation_name: Text255<'a>,
        /// Free size in bytes.
        "free_size" free_size: Count,
    }

    /// A volume group of the target server.
    pub struct VolumeGroup<'a> as "VolumeGroups": Default {
        /// Physical volumes that it consists of.
        "components" components: Text255<'a>,
        /// Free size in bytes.
        "free_size" free_size: Count,
        /// Logical volumes; at most 255.
        "logical_volumes" logical_volumes: Member<List<LogicalVolume<'a>, 0, 255>>,
        /// Name of the group.
        "name" name: Text255<'a>,
        /// Size in bytes.
        "size" size: Count,
    }

    /// A logical volume of a volume group.
    pub struct LogicalVolume<'a> as "LogicalVolumes": Default {
        /// Number of blocks; 0 where absent.
        "block_count" block_count: Count32,
        /// Size of a block; 0 where absent.
        "block_size" block_size: Member<Long<0, 1_048_576>>,
        /// File system.
        "file_system" file_system: Text255<'a>,
        /// Size of an inode; the page says "number of inodes", as of inode_nums.
        "inode_size" inode_size: Count32,
        /// Number of inodes.
        "inode_nums" inode_nums: Count,
        /// What it is for: NORMAL, BOOT or OS, but later editions have free text.
        "device_use" device_use: Text255<'a>,
        /// Where it is mounted; at most 256 characters.
        "mount_point" mount_point: Member<Text<'a, 0, 256>>,
        /// Name; at most 1024 characters.
        "name" name: Member<Text<'a, 0, 1024>>,
        /// Size in bytes.
        "size" size: Count,
        /// Used size in bytes.
        "used_size" used_size: Count,
        /// Free size in bytes.
        "free_size" free_size: Count,
    }
}
