//! `packetcheck status`: one row per migration, what its messages show together, and every output format.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, UNIX_EPOCH};

use serde_json::{Value, json};

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Shortly after the newest of the messages below with this time.
const NOW: &str = "2023-11-14T22:16:00Z";

/// The command with a neutral environment, in a folder.
fn packetcheck(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packetcheck"));
    for variable in ["FORCE_COLOR", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "LC_ALL", "LC_CTYPE", "LANG", "TERM"] {
        command.env_remove(variable);
    }
    command.current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::piped()).stdin(Stdio::piped());
    command
}

/// Runs it to its end with something on standard input.
fn run(command: &mut Command, input: &[u8]) -> io::Result<Output> {
    let mut child = command.spawn()?;
    let (stdin, input) = (child.stdin.take(), input.to_owned());
    let feed = std::thread::spawn(move || stdin.map(|mut stdin| stdin.write_all(&input)));
    let output = child.wait_with_output()?;
    // It need not have read its input.
    let _ = feed.join();
    Ok(output)
}

/// The output of `status` with these arguments in a folder, at a time.
fn status(folder: &Path, now: &str, arguments: &[&str]) -> Result<String, Box<dyn std::error::Error>> {
    let output = run(packetcheck(folder).args(["status", "--now", now]).args(arguments), b"")?;
    Ok(String::from_utf8(output.stdout)?)
}

/// The migrations as JSON, one value each.
fn status_json(folder: &Path, now: &str, arguments: &[&str]) -> Result<Vec<Value>, Box<dyn std::error::Error>> {
    let text = status(folder, now, &[&["--format", "jsonl"], arguments].concat())?;
    Ok(text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?)
}

/// A new folder for a test.
fn scratch(name: &str) -> io::Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("status").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

fn set_time(path: &Path, seconds: u64) -> io::Result<()> {
    fs::File::options().write(true).open(path)?.set_modified(UNIX_EPOCH + Duration::from_secs(seconds))
}

/// A file that was last modified at a time (seconds since 1970).
fn write(path: &Path, content: &str, time: u64) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, content)?;
    set_time(path, time)
}

fn packet(results: &[String]) -> String {
    let operations: String = results.iter().map(|result| format!("<get_status>{result}</get_status>")).collect();
    format!("<packet><migration>{operations}</migration></packet>")
}

/// The answer of Plesk about a running migration.
fn running(completed: u32, total: u32) -> String {
    let status = format!("<total>{total}</total><completed>{completed}</completed>");
    format!("<result><status>ok</status><migration_status>{status}</migration_status></result>")
}

fn finished(how: &str) -> String {
    packet(&[format!("<result><status>ok</status><finished>{how}</finished></result>")])
}

fn request(id: u32) -> String {
    packet(&[format!("<migration_id>{id}</migration_id>")])
}

fn answer(path: &Path, completed: u32, total: u32, time: u64) -> io::Result<()> {
    write(path, &packet(&[running(completed, total)]), time)
}

/// An answer of SMS about a task with the progress of its steps, in a file that was last modified at a time.
fn task(path: &Path, steps: &str, members: &str, time: u64) -> io::Result<()> {
    write(path, &format!(r#"{{"id": "7d1", "state": "RUNNING", "sub_tasks": [{steps}]{members}}}"#), time)
}

#[test]
fn messages_of_one_task_become_one_line() -> Outcome {
    let folder = scratch("one_task")?;
    // The names contradict the order of time, which takes precedence.
    answer(&folder.join("c.xml"), 10, 100, 1_700_000_000)?;
    answer(&folder.join("b.xml"), 20, 100, 1_700_000_060)?;
    answer(&folder.join("a.xml"), 70, 100, 1_700_000_120)?;
    let expected = "\
TASK     SYSTEM  STATE    PROGRESS         DONE    LEFT  AGE
./a.xml  plesk   running  ███████░░░  70%  70/100  1m    40s
  3 messages, the last 2m by the times of the files: 30.0 %/min, end about 2023-11-14T22:16:20Z
";
    assert_eq!(status(&folder, NOW, &["--one-task", "."])?, expected);
    let lines = status_json(&folder, NOW, &["--one-task", "."])?;
    let [line] = lines.as_slice() else { return Err(format!("{lines:?}").into()) };
    assert_eq!(line["earlier"], json!(["./c.xml", "./b.xml"]));
    assert_eq!(line["time"], "2023-11-14T22:15:20Z");
    assert_eq!(line["age_seconds"], 40);
    assert_eq!(line["estimated_end"], "2023-11-14T22:16:20Z");
    assert_eq!(line["percent_per_hour"], 1800.0);
    assert_eq!((&line["clock"], &line["window_seconds"]), (&json!("file"), &json!(120)));
    assert_eq!(line["concerns"], json!([]));
    Ok(())
}

#[test]
fn a_folder_is_one_migration_where_three_answers_share_a_total() -> Outcome {
    let folder = scratch("folders")?;
    for (name, total) in [("one", 100), ("other", 40)] {
        for poll in 0..46 {
            answer(&folder.join(format!("{name}/{poll}.xml")), poll, total, 1_700_000_000 + u64::from(poll) * 2)?;
        }
    }
    for poll in 0..2 {
        answer(&folder.join(format!("two/{poll}.xml")), poll, 10, 1_700_000_000)?;
    }
    fs::remove_file(folder.join("other/45.xml"))?;
    write(&folder.join("other/46.xml"), &finished("<success/>"), 1_700_000_100)?;
    let lines = status_json(&folder, NOW, &["."])?;
    let names: Vec<_> = lines.iter().map(|line| line["name"].as_str().unwrap_or_default()).collect();
    assert_eq!(names, ["./one/", "./other/", "./two/0.xml", "./two/1.xml"]);
    assert_eq!(lines[0]["earlier"].as_array().map(Vec::len), Some(45));
    assert_eq!(lines[1]["state"], "succeeded");
    let text = status(&folder, NOW, &["one", "other"])?;
    let rows: Vec<&str> = text.lines().filter(|line| !line.starts_with("  ")).collect();
    assert!(rows[1].starts_with("one/ ") && rows[2].starts_with("other/ "), "{text}");
    assert_eq!(text.lines().last(), Some("2 migrations: 1 running, 1 succeeded"));
    Ok(())
}

#[test]
fn requests_next_to_answers_name_the_tasks() -> Outcome {
    let folder = scratch("requests")?;
    let at = |minute: u64| 1_700_000_000 + minute * 60;
    // By name, although another request comes between.
    write(&folder.join("named/1.request.xml"), &request(7), at(0))?;
    write(&folder.join("named/2.request.xml"), &request(8), at(0))?;
    answer(&folder.join("named/1.response.xml"), 1, 10, at(0))?;
    answer(&folder.join("named/2.response.xml"), 2, 20, at(0))?;
    write(&folder.join("named/3.request.xml"), &request(7), at(1))?;
    answer(&folder.join("named/3.response.xml"), 2, 10, at(1))?;
    // By order; as numbers, not as text.
    for (number, content) in [
        (1, request(9)),
        (2, packet(&[running(1, 10)])),
        (9, request(9)),
        (10, packet(&[running(3, 10)])),
        (11, packet(&[10, 11].map(|id| format!("<migration_id>{id}</migration_id>")))),
        (12, packet(&[running(1, 3), running(2, 3)])),
    ] {
        write(&folder.join(format!("ordered/{number}.xml")), &content, at(number))?;
    }
    let output = run(packetcheck(&folder).args(["status", "--now", NOW, "--format", "jsonl", "."]), b"")?;
    assert_eq!(String::from_utf8(output.stderr)?, "");
    let text = String::from_utf8(output.stdout)?;
    let lines = text.lines().map(serde_json::from_str::<Value>).collect::<Result<Vec<_>, _>>()?;
    let found: Vec<_> = lines.iter().map(|line| (line["task"].as_str(), line["completed"].as_i64())).collect();
    let expected = [("7", 2), ("8", 2), ("9", 3), ("10", 1), ("11", 2)];
    let mut expected: Vec<_> = expected.map(|(task, completed)| (Some(task), Some(completed))).into();
    let mut found_sorted = found.clone();
    expected.sort();
    found_sorted.sort();
    assert_eq!(found_sorted, expected, "{text}");
    Ok(())
}

#[test]
fn a_request_that_came_after_the_answer_does_not_name_it() -> Outcome {
    let folder = scratch("request_after")?;
    answer(&folder.join("1.xml"), 1, 10, 1_700_000_000)?;
    write(&folder.join("2.xml"), &request(7), 1_700_000_000)?;
    answer(&folder.join("3.xml"), 1, 20, 1_700_000_000)?;
    let output = run(packetcheck(&folder).args(["status", "--format", "jsonl", "."]), b"")?;
    assert_eq!(String::from_utf8(output.stderr)?, "packetcheck: ./2.xml: this plesk-request has no status\n");
    assert!(String::from_utf8(output.stdout)?.lines().all(|line| line.contains(r#""task":null"#)));
    Ok(())
}

/// The polls of `data/status`, with the times at which they were made.
fn case(name: &str, times: &[u64]) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let folder = scratch(&format!("case_{name}"))?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/status").join(name);
    let mut files = fs::read_dir(source)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.sort();
    assert_eq!(files.len(), times.len(), "{files:?}");
    for (file, minutes) in files.iter().zip(times) {
        let copy = folder.join(file.file_name().unwrap_or_default());
        fs::copy(file, &copy)?;
        // 2026-11-18T11:06:40Z plus this many minutes.
        set_time(&copy, 1_794_999_900 + 100 + minutes * 60)?;
    }
    Ok(folder)
}

#[test]
fn standstill_is_reported_and_gives_no_estimate() -> Outcome {
    let folder = case("stalled", &[0, 10, 20, 30, 40, 50, 60, 120, 180, 240, 300, 360])?;
    for arguments in [&["--one-task", "."][..], &["."]] {
        let text = status(&folder, "2026-11-18T17:10:00Z", arguments)?;
        assert!(text.contains("  plesk   stalled  █████░░░░░  50%  50/100  3m\n"), "{text}");
        assert!(text.contains("\n  stalled since 2026-11-18T11:56:40Z (5h10m)\n  12 messages\n"), "{text}");
        assert!(!text.contains("LEFT"), "{text}");
    }
    let line = &status_json(&folder, "2026-11-18T17:10:00Z", &["."])?[0];
    assert_eq!((&line["state"], &line["concerns"]), (&json!("running"), &json!(["stalled"])));
    assert_eq!(line["stalled_since"], "2026-11-18T11:56:40Z");
    assert_eq!((&line["stalled_seconds"], &line["remaining_seconds"]), (&json!(18_600), &Value::Null));
    assert!(line.get("percent_per_hour").is_none(), "{line}");
    let output = run(packetcheck(&folder).args(["status", "--fail-on", "stalled", "."]), b"")?;
    assert_eq!(output.status.code(), Some(1));
    Ok(())
}

#[test]
fn going_back_is_reported_and_gives_no_estimate() -> Outcome {
    let folder = case("backwards", &[0, 60, 120, 180])?;
    let text = status(&folder, "2026-11-18T14:10:00Z", &["--one-task", "."])?;
    let expected = "\
TASK     SYSTEM  STATE    PROGRESS         DONE    AGE
./3.xml  plesk   running  ██░░░░░░░░  20%  20/100  3m
  progress went back from 40 to 20
  4 messages
";
    assert_eq!(text, expected);
    let line = &status_json(&folder, "2026-11-18T14:10:00Z", &["."])?[0];
    assert_eq!(line["concerns"], json!(["backwards"]));
    assert_eq!(line["went_back_from"], json!({"completed": 40, "percent": 40.0}));
    assert_eq!(line["remaining_seconds"], Value::Null);
    Ok(())
}

#[test]
fn another_total_means_another_migration() -> Outcome {
    let folder = case("two-migrations-in-one", &[0, 60, 120])?;
    let text = status(&folder, "2026-11-18T13:07:00Z", &["--one-task", "."])?;
    let expected = "\
TASK     SYSTEM  STATE    PROGRESS         DONE     AGE
./0.xml  plesk   running  █████████░  90%  90/100   2h00m
./1.xml  plesk   running  ░░░░░░░░░░   9%  95/1000  1h00m
  the total changed from 100 to 1000: treated as another migration
./2.xml  plesk   running  ░░░░░░░░░░   5%  5/90     20s
  the total changed from 1000 to 90: treated as another migration

3 migrations: 3 running
";
    assert_eq!(text, expected);
    Ok(())
}

#[test]
fn equal_file_times_are_reported_and_give_no_estimate() -> Outcome {
    let folder = case("same-mtime", &[0, 0, 0])?;
    let expected = "\
TASK     SYSTEM  STATE    PROGRESS         DONE
./2.xml  plesk   running  ████████░░  80%  80/100
  the file times are equal, so the rate is unknown: put dates into file names, or pass --interval
  3 messages
";
    assert_eq!(status(&folder, NOW, &["--one-task", "."])?, expected);
    let expected = "\
TASK     SYSTEM  STATE    PROGRESS         DONE    LEFT
./2.xml  plesk   running  ████████░░  80%  80/100  17s
  3 messages, the last 1m by the given interval: 35.0 %/min
";
    // 70 % in 60 s.
    let text = status(&folder, NOW, &["--one-task", "--interval", "30s", "."])?;
    assert_eq!(text, expected.replace("35.0", "70.0"));
    for (file, name) in [("0", "20240501-1200"), ("1", "20240501-1300"), ("2", "20240501-1400")] {
        fs::rename(folder.join(format!("{file}.xml")), folder.join(format!("{name}.xml")))?;
    }
    let expected = "\
TASK  SYSTEM  STATE    PROGRESS         DONE    LEFT  AGE
./    plesk   running  ████████░░  80%  80/100  34m   10m
  3 messages, the last 2h00m by the dates in file names: 35.0 %/h, end about 2024-05-01T14:34:17Z
";
    assert_eq!(status(&folder, "2024-05-01T14:10:00Z", &["."])?, expected);
    let line = &status_json(&folder, "2024-05-01T14:10:00Z", &["."])?[0];
    assert_eq!((&line["clock"], &line["time"]), (&json!("name"), &json!("2024-05-01T14:00:00Z")));
    Ok(())
}

#[test]
fn a_stale_message_gives_no_estimate() -> Outcome {
    let folder = scratch("stale")?;
    for poll in 0..5 {
        answer(&folder.join(format!("{poll}.xml")), poll * 10, 100, 1_700_000_000 + u64::from(poll) * 60)?;
    }
    let text = status(&folder, "2023-11-14T22:20:00Z", &["."])?;
    assert!(text.contains("LEFT") && !text.contains("no message since"), "{text}");
    let text = status(&folder, "2023-11-15T04:17:20Z", &["."])?;
    assert!(text.contains("  6h00m\n  no message since 2023-11-14T22:17:20Z (6h00m)\n"), "{text}");
    assert!(!text.contains("LEFT") && !text.contains("end about"), "{text}");
    // A message's estimate of the remaining time no longer holds either.
    task(&folder.join("sms/a.json"), r#"{"progress": 50}"#, r#", "remain_seconds": 600"#, 1_700_000_000)?;
    assert_eq!(status_json(&folder, NOW, &["sms"])?[0]["remaining_seconds"], 600);
    let line = &status_json(&folder, "2023-11-15T04:17:20Z", &["sms"])?[0];
    assert_eq!((&line["remaining_seconds"], &line["concerns"]), (&Value::Null, &json!(["stale"])));
    Ok(())
}

#[test]
fn the_rate_is_that_of_the_newest_messages() -> Outcome {
    let folder = scratch("window")?;
    // Slow for an hour, then fast.
    for poll in 0..10 {
        answer(&folder.join(format!("{poll}.xml")), poll, 100, 1_700_000_000 + u64::from(poll) * 360)?;
    }
    for poll in 1..10 {
        answer(&folder.join(format!("1{poll}.xml")), 9 + poll * 5, 100, 1_700_003_240 + u64::from(poll) * 120)?;
    }
    let line = &status_json(&folder, "2023-11-14T23:26:00Z", &["."])?[0];
    assert_eq!((&line["percent_per_hour"], &line["window_seconds"]), (&json!(150.0), &json!(600)));
    Ok(())
}

#[test]
fn the_last_known_amount_survives_a_failure() -> Outcome {
    let folder = scratch("failure")?;
    for poll in 0..3 {
        answer(&folder.join(format!("{poll}.xml")), poll * 10, 100, 1_700_000_000 + u64::from(poll) * 60)?;
    }
    write(&folder.join("3.xml"), &finished("<error><message>Disk is full</message></error>"), 1_700_000_180)?;
    let expected = "\
TASK  SYSTEM  STATE   PROGRESS         DONE    AGE
./    plesk   failed  ██░░░░░░░░  20%  20/100  1m
  Disk is full
  4 messages
";
    let text = status(&folder, "2023-11-14T22:17:30Z", &["."])?;
    assert_eq!(text.replace(", the last 2m by the times of the files: 10.0 %/min", ""), expected);
    let line = &status_json(&folder, NOW, &["."])?[0];
    assert_eq!((&line["completed"], &line["total"], &line["percent"]), (&json!(20), &json!(100), &json!(20.0)));
    Ok(())
}

#[test]
fn alarms_make_a_run_fail() -> Outcome {
    let folder = scratch("fail_on")?;
    write(&folder.join("failed.xml"), &finished("<error/>"), 1_700_000_000)?;
    answer(&folder.join("running.xml"), 1, 10, 1_700_000_000)?;
    let code = |arguments: &[&str]| -> Result<_, io::Error> {
        let arguments = [&["status", "--now", NOW], arguments].concat();
        Ok(run(packetcheck(&folder).args(arguments), b"")?.status.code())
    };
    assert_eq!(code(&["."])?, Some(0));
    assert_eq!(code(&["--fail-on", "failed,stalled", "."])?, Some(1));
    assert_eq!(code(&["--fail-on", "failed,stalled", "running.xml"])?, Some(0));
    assert_eq!(code(&["--fail-on", "failed", "--fail-on", "stale", "."])?, Some(1));
    assert_eq!(code(&["--fail-on", "failed", ".", "nothing.xml"])?, Some(2));
    assert_eq!(code(&["--fail-on", "nothing", "."])?, Some(2));
    Ok(())
}

#[test]
fn status_as_json_has_everything() -> Outcome {
    let folder = scratch("json")?;
    let members = r#", "remain_seconds": 90, "error_json": "{\"error_code\":\"SMS.0515\"}""#;
    task(&folder.join("a.json"), r#"{"name": "CLONE_VM", "progress": 50, "start_date": 5}"#, members, 1_700_000_000)?;
    let expected = concat!(
        r#"{"path":"a.json","name":"a.json","kind":"sms-task","system":"sms","task":"7d1","state":"running","#,
        r#""original":"RUNNING","step":"CLONE_VM","completed":0,"total":1,"unit":"items","percent":50.0,"#,
        r#""remaining_seconds":90,"failure":{"code":"SMS.0515","text":null},"time":"2023-11-14T22:13:20Z","#,
        r#""age_seconds":160,"estimated_end":"2023-11-14T22:14:50Z","concerns":[]}"#,
        "\n"
    );
    assert_eq!(status(&folder, NOW, &["--format", "jsonl", "a.json"])?, expected);
    Ok(())
}

#[test]
fn messages_that_name_their_task_are_joined_in_the_order_of_their_dates() -> Outcome {
    let folder = scratch("dates")?;
    let first = r#"{"progress": 50, "start_date": 1700000000000}, {"progress": 0}"#;
    let second =
        r#"{"progress": 100, "start_date": 1700000000000}, {"name": "B", "progress": 50, "start_date": 1700003600000}"#;
    // As copies: all files have the same age, and the newest message has the first name.
    task(&folder.join("b.json"), first, "", 1_700_010_000)?;
    task(&folder.join("a.json"), second, r#", "remain_seconds": 600"#, 1_700_010_000)?;
    answer(&folder.join("c.xml"), 1, 3, 1_700_010_000)?;
    let expected = "\
TASK     SYSTEM  STATE    PROGRESS         DONE  LEFT  AGE  STEP
7d1      sms     running  ███████░░░  75%  1/2   10m   40s  B
  2 messages, the last 1h00m by the dates in them: 50.0 %/h, end about 2023-11-14T23:23:20Z
./c.xml  plesk   running  ███░░░░░░░  33%  1/3         0s

2 migrations: 2 running
";
    assert_eq!(status(&folder, "2023-11-14T23:14:00Z", &["."])?, expected);
    Ok(())
}

#[test]
fn reports_of_progress_are_shown_in_bytes() -> Outcome {
    let report = br#"{"subtask_name": "MIGRATE_LINUX_FILE", "progress": 10, "replicatesize": 1000,
        "totalsize": 100000, "process_trace": ""}"#;
    let output = run(packetcheck(&scratch("bytes")?).args(["status", "-"]), report)?;
    let expected = "\
TASK     SYSTEM  STATE    PROGRESS         DONE          AGE  STEP
<stdin>  sms     running  █░░░░░░░░░  10%  1.0/97.7 KiB  0s   MIGRATE_LINUX_FILE
";
    assert_eq!(String::from_utf8(output.stdout)?, expected);
    Ok(())
}

#[test]
fn bars_are_as_the_terminal_can_show_them() -> Outcome {
    let folder = scratch("bars")?;
    answer(&folder.join("a.xml"), 10, 33, 1_700_000_000)?;
    let arguments = ["status", "--now", NOW, "a.xml"];
    let output = run(packetcheck(&folder).args(arguments).env("LC_ALL", "C"), b"")?;
    assert!(String::from_utf8(output.stdout)?.contains("###-------  30%"));
    let output = run(packetcheck(&folder).args(arguments).env("LANG", "de_DE.UTF-8").env("CLICOLOR_FORCE", "1"), b"")?;
    assert!(String::from_utf8(output.stdout)?.contains("\u{1b}[36mrunning\u{1b}[0m  ███░░░░░░░  30%"));
    Ok(())
}

#[test]
fn watching_writes_changes_and_ends_at_an_alarm() -> Outcome {
    let folder = scratch("watch")?;
    let replace = |content: &str, time| -> io::Result<()> {
        write(&folder.join(".new"), content, time)?;
        fs::rename(folder.join(".new"), folder.join("a.xml"))
    };
    replace(&packet(&[running(1, 10)]), 1_700_000_000)?;
    let arguments = ["status", "--watch", "--interval", "20ms", "--now", NOW, "--fail-on", "failed", "a.xml"];
    let mut child = packetcheck(&folder).args(arguments).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    let mut next = || lines.next().transpose().map(Option::unwrap_or_default);
    assert_eq!(next()?, "2023-11-14T22:16:00Z a.xml: running 10%, 1/10");
    replace(&packet(&[running(2, 10)]), 1_700_000_001)?;
    assert_eq!(next()?, "2023-11-14T22:16:00Z a.xml: running 20%, 2/10");
    replace(&finished("<error><message>Disk is full</message></error>"), 1_700_000_002)?;
    assert_eq!(next()?, "2023-11-14T22:16:00Z a.xml: failed ?, Disk is full");
    assert_eq!(next()?, "");
    assert_eq!(child.wait()?.code(), Some(1));
    let output = run(packetcheck(&folder).args(["status", "--watch", "-"]), b"")?;
    assert_eq!(output.status.code(), Some(2));
    Ok(())
}

/// A folder with migrations of every kind, whose names and words have to be escaped.
fn every_kind(name: &str) -> Result<PathBuf, Box<dyn std::error::Error>> {
    let folder = scratch(name)?;
    for poll in 0..6 {
        let time = 1_700_000_000 + u64::from(poll) * 60;
        answer(&folder.join(format!("a & <b> \"c\"/{poll}.xml")), poll * 10, 100, time)?;
        answer(&folder.join(format!("fails/{poll}.xml")), poll, 12, time)?;
        answer(&folder.join(format!("back/{poll}.xml")), 20 - poll, 30, time)?;
    }
    let error = "<error><message>&lt;script&gt;alert('x')&lt;/script&gt;\u{202e}]]&gt;</message></error>";
    write(&folder.join("fails/6.xml"), &finished(error), 1_700_000_400)?;
    task(
        &folder.join("sms.json"),
        r#"{"name": "CLONE_VM<\u0007", "progress": 50, "start_date": 5}"#,
        "",
        1_700_000_400,
    )?;
    Ok(folder)
}

#[test]
fn the_page_is_well_formed_and_says_what_the_table_says() -> Outcome {
    let folder = every_kind("page")?;
    let now = "2023-11-14T22:20:00Z";
    let page = status(&folder, now, &["--format", "html", "."])?;
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    let document = roxmltree::Document::parse_with_options(&page, options)?;
    let all = |name: &'static str| document.descendants().filter(move |node| node.tag_name().name() == name);
    let text = |node: roxmltree::Node<'_, '_>| -> String {
        node.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect()
    };
    // The table has a caption, headers for columns and rows, and a row per migration.
    assert_eq!(all("caption").count(), 1);
    assert!(all("th").all(|head| matches!(head.attribute("scope"), Some("col" | "row"))));
    let migrations = status_json(&folder, now, &["."])?;
    let rows: Vec<String> = all("tr").skip(1).map(text).collect();
    assert_eq!(rows.len(), migrations.len());
    for (row, migration) in rows.iter().zip(&migrations) {
        let state = migration["state"].as_str().unwrap_or_default();
        assert!(row.contains(state), "{row}");
        for number in ["completed", "total"] {
            assert!(row.contains(&migration[number].to_string()), "{row}: {migration}");
        }
        assert!(row.contains(migration["name"].as_str().unwrap_or_default()), "{row}: {migration}");
    }
    let written = rows.join("\n");
    for words in
        ["progress went back from 20 to 15", "<script>alert('x')</script><U+202E>]]>", "end about", "CLONE_VM<␇"]
    {
        assert!(written.contains(words), "{written}");
    }
    // Each drawing has a title and a description, which name it; errors and estimates are drawn.
    assert_eq!(all("svg").count(), 3);
    for drawing in all("svg") {
        let names = drawing.attribute("aria-labelledby").unwrap_or_default();
        for name in names.split(' ') {
            let named: Vec<_> = drawing.children().filter(|node| node.attribute("id") == Some(name)).collect();
            assert!(matches!(named.as_slice(), [node] if !text(*node).is_empty()), "{names}");
        }
    }
    let drawn = |class: &str| document.descendants().filter(|node| node.attribute("class") == Some(class)).count();
    assert_eq!((drawn("line"), drawn("error"), drawn("estimate")), (3, 1, 1));
    // Nothing is loaded, nothing runs, and all references have a target.
    let mut ids: Vec<_> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for node in document.descendants() {
        assert!(!["script", "link", "img", "iframe"].contains(&node.tag_name().name()));
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on") && name != "src", "{name}");
            assert!(name != "href" || value.strip_prefix('#').is_some_and(|id| ids.contains(&id)), "{value}");
        }
    }
    assert!(!page.contains("url(") && !page.contains("@import"));
    Ok(())
}

#[test]
fn an_empty_page_is_well_formed_too() -> Outcome {
    let folder = scratch("no_page")?;
    let page = status(&folder, NOW, &["--format", "html", "."])?;
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    roxmltree::Document::parse_with_options(&page, options)?;
    assert!(page.contains("No message reports the progress of a migration."), "{page}");
    Ok(())
}

#[test]
fn the_page_is_that_of_the_golden_file() -> Outcome {
    let page = status(&every_kind("golden_page")?, "2023-11-14T22:20:00Z", &["--format", "html", "."])?;
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/status.html");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, &page)?;
    }
    assert_eq!(
        page,
        fs::read_to_string(&file)?,
        "`UPDATE_GOLDEN=1 cargo test --test command status` takes what was found"
    );
    Ok(())
}

#[test]
fn the_readme_shows_what_is_written() -> Outcome {
    let folder = scratch("readme")?;
    for poll in 0..10 {
        let description = format!("</completed><description>Copying subscription {poll}</description>");
        let answer = packet(&[running(poll * poll, 100).replace("</completed>", &description)]);
        let name = format!("polls/2026-11-18T1{poll}-00");
        write(&folder.join(format!("{name}.request.xml")), &request(24175), 1_795_000_000)?;
        write(&folder.join(format!("{name}.response.xml")), &answer, 1_795_000_000)?;
    }
    for (poll, minutes) in [0, 10, 20, 30, 40, 50, 60, 119, 178, 237, 296, 355].into_iter().enumerate() {
        let completed = u32::try_from(poll)?.min(5) * 10;
        answer(&folder.join(format!("polls/customer/{poll}.xml")), completed, 100, 1_795_007_200 + minutes * 60)?;
    }
    let text = status(&folder, "2026-11-18T19:03:40Z", &["polls/"])?;
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/command.md"))?;
    assert!(page.contains(&format!("$ packetcheck status polls/\n{text}```")), "{text}");
    Ok(())
}
