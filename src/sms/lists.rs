//! Lists of values.

use crate::json::names;

names! {
    /// How a task migrates. A closed list.
    pub enum TaskType {
        /// File by file.
        MigrateFile = "MIGRATE_FILE",
        /// Block by block.
        MigrateBlock = "MIGRATE_BLOCK",
    }

    /// An operating system. A closed list.
    pub enum OsType {
        Windows = "WINDOWS",
        Linux = "LINUX",
    }

    /// The purpose of a disk or physical volume. A closed list; if the member is absent, `NORMAL`.
    pub enum DeviceUse {
        Normal = "NORMAL",
        /// The operating system.
        Os = "OS",
        /// The boot partition.
        Boot = "BOOT",
    }

    /// How a disk is divided. A closed list.
    pub enum PartitionStyle {
        Mbr = "MBR",
        Gpt = "GPT",
    }

    /// A step of a task. A closed list in the progress report.
    pub enum SubTaskName {
        CreateCloudServer = "CREATE_CLOUD_SERVER",
        SslConfig = "SSL_CONFIG",
        AttachAgentImage = "ATTACH_AGENT_IMAGE",
        /// With a double T.
        DetachAgentImage = "DETTACH_AGENT_IMAGE",
        FormatDiskLinux = "FORMAT_DISK_LINUX",
        FormatDiskLinuxFile = "FORMAT_DISK_LINUX_FILE",
        FormatDiskLinuxBlock = "FORMAT_DISK_LINUX_BLOCK",
        FormatDiskWindows = "FORMAT_DISK_WINDOWS",
        MigrateLinuxFile = "MIGRATE_LINUX_FILE",
        MigrateLinuxBlock = "MIGRATE_LINUX_BLOCK",
        MigrateWindowsBlock = "MIGRATE_WINDOWS_BLOCK",
        CloneVm = "CLONE_VM",
        SyncLinuxFile = "SYNC_LINUX_FILE",
        SyncLinuxBlock = "SYNC_LINUX_BLOCK",
        SyncWindowsBlock = "SYNC_WINDOWS_BLOCK",
        ConfigureLinux = "CONFIGURE_LINUX",
        ConfigureLinuxBlock = "CONFIGURE_LINUX_BLOCK",
        ConfigureLinuxFile = "CONFIGURE_LINUX_FILE",
        ConfigureWindows = "CONFIGURE_WINDOWS",
    }

    /// The state of a source server. An open list: the union of what the editions of the pages and the clients have.
    pub enum SourceState {
        Unavailable = "unavailable",
        Waiting = "waiting",
        /// `init` in the newest edition of a neighbouring page.
        Initialize = "initialize" | "init",
        Replicate = "replicate",
        Syncing = "syncing",
        Stopping = "stopping",
        Stopped = "stopped",
        Skipping = "skipping",
        Deleting = "deleting",
        Error = "error",
        Cloning = "cloning",
        Testing = "testing",
        Cutovering = "cutovering",
        Finished = "finished",
        Clearing = "clearing",
        Cleared = "cleared",
        ClearFailed = "clearfailed",
        PremigReady = "premigready",
        Premiging = "premiging",
        Premiged = "premiged",
        PremigFailed = "premigfailed",
    }

    /// The migration stage of a source server. An open list.
    pub enum MigrationCycle {
        Cutovering = "cutovering",
        Cutovered = "cutovered",
        Checking = "checking",
        Setting = "setting",
        Replicating = "replicating",
        Syncing = "syncing",
    }

    /// The state of a task. An open list: free text on the page; the union of what later editions and clients have.
    pub enum TaskState {
        Ready = "READY",
        Running = "RUNNING",
        Syncing = "SYNCING",
        MigrateSuccess = "MIGRATE_SUCCESS",
        SyncSuccess = "SYNC_SUCCESS",
        MigrateFail = "MIGRATE_FAIL",
        SyncFail = "SYNC_FAIL",
        Aborting = "ABORTING",
        Abort = "ABORT",
        Skipping = "SKIPPING",
        Deleting = "DELETING",
        /// With one T.
        Resetting = "RESETING",
        SyncRollingBack = "SYNC_F_ROLLBACKING",
        SyncRolledBack = "SYNC_F_ROLLBACK_SUCCESS",
    }

    /// The state of a clone. An open list: free text on the page, an enumeration in later editions.
    pub enum CloneState {
        NotReady = "NOT_READY",
        Ready = "READY",
        Preparing = "PREPARING",
        Creating = "CREATING",
        Error = "ERROR",
        Finished = "FINISHED",
    }
}
