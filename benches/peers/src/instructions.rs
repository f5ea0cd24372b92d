//! Instructions, counted by valgrind's callgrind.

use std::process::Command;

/// The number of instructions per packet of one pass of a contender; `None` if valgrind is not installed or counts
/// nothing.
pub fn count(contender: &str, corpus: &str) -> Option<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=*counted_pass*", "--callgrind-out-file=/dev/null"])
        .arg(std::env::current_exe().ok()?)
        .args(["--once", "--contender", contender, "--corpus", corpus])
        .output()
        .ok()?;
    let log = String::from_utf8_lossy(&output.stderr);
    let collected: u64 = log.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok())?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let packets: u64 = printed.trim_end().rsplit('\t').next()?.parse().ok()?;
    collected.checked_div(packets).filter(|instructions| *instructions > 0)
}
