//! The output of `check` for programs, read by other readers: all formats agree about each file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

type Outcome = Result<(), Box<dyn std::error::Error>>;

/// What one format says about all diagnostics: path, line, column, code, and whether it is an error.
type Said = BTreeSet<(String, u64, u64, String, bool)>;

fn tests_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

fn packetcheck(arguments: &[&str]) -> std::io::Result<Output> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_packetcheck"));
    command.env_remove("GITHUB_ACTIONS").current_dir(tests_folder()).args(arguments).output()
}

/// Files that are valid, have warnings, several errors, odd names, and a missing one.
const PATHS: &[&str] =
    &["data/plesk", "data/dataworks", "data/command/lone.xml", "data/captures", "data/command/nothing, here: 100%.xml"];

fn checked(format: &str) -> Result<String, Box<dyn std::error::Error>> {
    let output = packetcheck(&[&["check", "--format", format], PATHS].concat())?;
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?)
}

/// The objects for the files in JSON.
fn results() -> Result<Vec<Value>, Box<dyn std::error::Error>> {
    checked("jsonl")?.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// The content of JSON, with which the other formats are compared.
fn said() -> Result<Said, Box<dyn std::error::Error>> {
    let mut said = Said::new();
    for result in results()? {
        for diagnostic in result["diagnostics"].as_array().ok_or("no diagnostics")? {
            said.insert((
                text(&result["path"]),
                number(&diagnostic["line"]),
                number(&diagnostic["column"]),
                text(&diagnostic["code"]),
                diagnostic["severity"] == "error",
            ));
        }
    }
    assert!(said.len() > 200, "{}", said.len());
    Ok(said)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn validate(schema: &Path, instance: &Value) -> Outcome {
    let schema: Value = serde_json::from_slice(&fs::read(schema)?)?;
    let validator = jsonschema::validator_for(&schema)?;
    let faults: Vec<String> =
        validator.iter_errors(instance).map(|fault| format!("{}: {fault}", fault.instance_path())).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    Ok(())
}

#[test]
fn json_is_what_its_schema_says_and_the_same_as_lines() -> Outcome {
    let document: Value = serde_json::from_str(&checked("json")?)?;
    validate(&tests_folder().join("../docs/check.schema.json"), &document)?;
    assert_eq!(document["results"], Value::Array(results()?));
    let sum = |member: &str| -> u64 {
        document["results"].as_array().into_iter().flatten().map(|result| number(&result[member])).sum()
    };
    assert_eq!(number(&document["summary"]["errors"]), sum("errors"));
    assert_eq!(number(&document["summary"]["warnings"]), sum("warnings"));
    assert_eq!(document["summary"]["unreadable"], 1);
    let empty = packetcheck(&["check", "--format", "json", "--as", "sms-task", "data/command/none"])?;
    validate(&tests_folder().join("../docs/check.schema.json"), &serde_json::from_slice(&empty.stdout)?)
}

#[test]
fn sarif_is_what_its_schema_says_and_has_the_same_results() -> Outcome {
    let document: Value = serde_json::from_str(&checked("sarif")?)?;
    validate(&tests_folder().join("data/formats/sarif.schema.json"), &document)?;
    let run = &document["runs"][0];
    let rules: BTreeSet<String> =
        run["tool"]["driver"]["rules"].as_array().into_iter().flatten().map(|rule| text(&rule["id"])).collect();
    let mut found = Said::new();
    let mut fingerprints = BTreeSet::new();
    for result in run["results"].as_array().into_iter().flatten() {
        let place = &result["locations"][0]["physicalLocation"];
        let uri = text(&place["artifactLocation"]["uri"]);
        let path = percent_encoding::percent_decode_str(&uri).decode_utf8()?.into_owned();
        let code = text(&result["ruleId"]);
        assert!(rules.contains(&code), "{code}");
        assert!(fingerprints.insert(text(&result["partialFingerprints"]["packetcheck/v1"])), "{result}");
        let region = &place["region"];
        let end = (number(&region["endLine"]), number(&region["endColumn"]));
        let start = (number(&region["startLine"]), number(&region["startColumn"]));
        assert!(start <= end, "{result}");
        found.insert((path, start.0, start.1, code, result["level"] == "error"));
    }
    assert_eq!(found, said()?);
    let notifications = run["invocations"][0]["toolExecutionNotifications"].as_array().map(Vec::len);
    assert_eq!((&run["invocations"][0]["executionSuccessful"], notifications), (&Value::Bool(false), Some(1)));
    Ok(())
}

#[test]
fn gitlab_has_the_same_results() -> Outcome {
    let document: Value = serde_json::from_str(&checked("gitlab")?)?;
    let (mut found, mut fingerprints) = (Said::new(), BTreeSet::new());
    for issue in document.as_array().ok_or("no array")? {
        let begin = &issue["location"]["positions"]["begin"];
        assert!(fingerprints.insert(text(&issue["fingerprint"])), "{issue}");
        assert!(!text(&issue["description"]).is_empty());
        let is_error = match issue["severity"].as_str() {
            Some("major") => true,
            Some("minor") => false,
            other => return Err(format!("no severity: {other:?}").into()),
        };
        let path = text(&issue["location"]["path"]);
        found.insert((path, number(&begin["line"]), number(&begin["column"]), text(&issue["check_name"]), is_error));
    }
    assert_eq!(found, said()?);
    let none = packetcheck(&["check", "--format", "gitlab", "data/plesk/documentation"])?;
    assert_eq!(String::from_utf8(none.stdout)?, "[]\n");
    Ok(())
}

/// Undoes what a workflow command escapes.
fn unescaped(text: &str) -> String {
    text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
}

#[test]
fn github_has_the_same_results() -> Outcome {
    let (mut found, mut unreadable) = (Said::new(), Vec::new());
    for line in checked("github")?.lines() {
        let (command, rest) = line.strip_prefix("::").and_then(|line| line.split_once(' ')).unwrap_or((line, ""));
        let Some((properties, _)) = rest.split_once("::").filter(|_| matches!(command, "error" | "warning")) else {
            unreadable.push(line.to_owned());
            continue;
        };
        let properties: BTreeMap<&str, String> =
            properties.split(',').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k, unescaped(v))).collect();
        let number = |name: &str| -> Result<u64, Box<dyn std::error::Error>> { Ok(properties[name].parse()?) };
        let path = properties["file"].clone();
        found.insert((path, number("line")?, number("col")?, properties["title"].clone(), command == "error"));
    }
    assert_eq!(found, said()?);
    assert_eq!(unreadable.len(), 1);
    let complaint = unescaped(unreadable[0].strip_prefix("::error::").ok_or("no complaint")?);
    assert!(complaint.starts_with("data/command/nothing, here: 100%.xml: "), "{complaint}");
    Ok(())
}

#[test]
fn concise_has_a_line_for_each() -> Outcome {
    let mut found = Said::new();
    for line in checked("concise")?.lines() {
        let (place, message) = line.split_once(": PC").ok_or_else(|| line.to_owned())?;
        let (code, message) = message.split_once(' ').ok_or_else(|| line.to_owned())?;
        let mut parts = place.rsplitn(3, ':');
        let (column, line) = (parts.next().unwrap_or_default().parse()?, parts.next().unwrap_or_default().parse()?);
        let path = parts.next().unwrap_or_default().to_owned();
        found.insert((path, line, column, format!("PC{code}"), !message.starts_with("warning: ")));
    }
    assert_eq!(found, said()?);
    Ok(())
}

#[test]
fn checkstyle_has_the_same_results() -> Outcome {
    let written = checked("checkstyle")?;
    let document = roxmltree::Document::parse(&written)?;
    let (mut found, mut unreadable) = (Said::new(), 0);
    for error in document.descendants().filter(|node| node.has_tag_name("error")) {
        let attribute = |name| error.attribute(name).unwrap_or_default();
        let path = error.parent().and_then(|file| file.attribute("name")).ok_or("no file")?.to_owned();
        match attribute("source").strip_prefix("packetcheck.") {
            Some(code) => {
                let (line, column) = (attribute("line").parse()?, attribute("column").parse()?);
                found.insert((path, line, column, code.to_owned(), attribute("severity") == "error"));
            }
            None => unreadable += 1,
        }
    }
    assert_eq!((found, unreadable), (said()?, 1));
    Ok(())
}

#[test]
fn junit_has_a_test_for_each_file() -> Outcome {
    let written = checked("junit")?;
    let document = roxmltree::Document::parse(&written)?;
    let results = results()?;
    let suites: Vec<_> = document.descendants().filter(|node| node.has_tag_name("testsuite")).collect();
    assert_eq!(suites.len(), results.len());
    for (suite, result) in suites.into_iter().zip(results) {
        assert_eq!(suite.attribute("name"), result["path"].as_str());
        let case = suite.first_element_child().ok_or("no test")?;
        let outcome = case.first_element_child().map(|outcome| outcome.tag_name().name());
        let expected = match result["verdict"].as_str() {
            Some("valid") if result["warnings"] == 0 => None,
            Some("valid") => Some("system-out"),
            Some("invalid") => Some("failure"),
            _ => Some("error"),
        };
        assert_eq!(outcome, expected, "{result}");
        let count = |name| suite.attribute(name) == Some("1");
        assert_eq!((count("failures"), count("errors")), (outcome == Some("failure"), outcome == Some("error")));
        assert_eq!(suite.attribute("tests"), Some("1"));
        let shown = case.descendants().filter_map(|node| node.text()).collect::<String>();
        for diagnostic in result["diagnostics"].as_array().into_iter().flatten() {
            let line = format!(":{}:{}: {}", diagnostic["line"], diagnostic["column"], text(&diagnostic["code"]));
            assert!(shown.contains(&line), "{line} in {shown}");
        }
    }
    Ok(())
}

/// All text in an element.
fn text_in(node: roxmltree::Node<'_, '_>) -> String {
    node.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect()
}

fn page(text: &str) -> Result<roxmltree::Document<'_>, roxmltree::Error> {
    let options = roxmltree::ParsingOptions { allow_dtd: true, ..Default::default() };
    roxmltree::Document::parse_with_options(text, options)
}

/// Nothing is loaded, nothing runs, and all references have a target.
fn assert_self_contained(document: &roxmltree::Document<'_>) {
    let ids: Vec<_> = document.descendants().filter_map(|node| node.attribute("id")).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
    for node in document.descendants() {
        assert!(!["script", "link", "img", "iframe", "object", "form"].contains(&node.tag_name().name()));
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on") && name != "src", "{name}");
            assert!(name != "href" || value.strip_prefix('#').is_some_and(|id| ids.contains(&id)), "{value}");
            assert!(name != "aria-labelledby" || ids.contains(&value), "{value}");
        }
    }
    let styles: String =
        document.descendants().filter(|node| node.has_tag_name((XHTML, "style"))).map(text_in).collect();
    assert!(!styles.is_empty() && !styles.contains("url(") && !styles.contains("@import"));
}

const XHTML: &str = "http://www.w3.org/1999/xhtml";

#[test]
fn html_has_the_same_results() -> Outcome {
    let written = checked("html")?;
    let document = page(&written)?;
    assert_self_contained(&document);
    let of_class = |node: roxmltree::Node<'_, '_>, class: &str| -> Vec<String> {
        node.descendants().filter(|node| node.attribute("class") == Some(class)).map(text_in).collect()
    };
    let (mut found, mut places) = (Said::new(), 0);
    for section in document.descendants().filter(|node| node.attribute("class") == Some("code")) {
        let code = section.attribute("aria-labelledby").ok_or("no code")?;
        let heading = section.first_element_child().map(text_in).unwrap_or_default();
        assert!(heading.starts_with(&format!("{code}: ")), "{heading}");
        for article in section.children().filter(|node| node.has_tag_name((XHTML, "article"))) {
            let is_error = !of_class(article, "state bad").is_empty();
            assert_ne!(is_error, !of_class(article, "state doubt").is_empty());
            for place in of_class(article, "place") {
                let mut parts = place.rsplitn(3, ':');
                let column = parts.next().unwrap_or_default().parse()?;
                let line = parts.next().unwrap_or_default().parse()?;
                let path = parts.next().unwrap_or_default().to_owned();
                found.insert((path, line, column, code.to_owned(), is_error));
                places += 1;
            }
        }
    }
    assert_eq!(found, said()?);
    let results = results()?;
    let all: usize = results.iter().filter_map(|result| result["diagnostics"].as_array()).map(Vec::len).sum();
    assert_eq!(places, all);
    // A row for each file that is not valid or has warnings, and for each code.
    let is_spotless = |result: &Value| result["verdict"] == "valid" && result["warnings"] == 0;
    let rows = |class: &str| {
        let table = document.descendants().find(|node| node.attribute("class") == Some(class));
        let rows = table.into_iter().flat_map(|table| table.descendants());
        rows.filter(|node| node.has_tag_name((XHTML, "tr"))).skip(1).map(text_in).collect::<Vec<_>>()
    };
    let files = rows("files");
    let expected: Vec<&Value> = results.iter().filter(|result| !is_spotless(result)).collect();
    assert_eq!(files.len(), expected.len());
    for (row, result) in files.iter().zip(&expected) {
        let (verdict, path) = (text(&result["verdict"]), text(&result["path"]));
        assert!(row.trim_start().starts_with(&verdict) && row.contains(&path), "{row}: {result}");
        for diagnostic in result["diagnostics"].as_array().into_iter().flatten() {
            assert!(row.contains(&text(&diagnostic["code"])), "{row}: {result}");
        }
    }
    let codes: BTreeSet<String> = said()?.into_iter().map(|(_, _, _, code, _)| code).collect();
    assert_eq!(rows("codes").len(), codes.len());
    // Each is shown with its source, and the relevant part is marked, as in the text.
    let marked = document.descendants().filter(|node| node.has_tag_name((XHTML, "mark"))).count();
    assert!(marked > 100, "{marked}");
    Ok(())
}

#[test]
fn html_says_what_it_does_not_show() -> Outcome {
    let page_of = |arguments: &[&str]| -> Result<String, Box<dyn std::error::Error>> {
        let output = packetcheck(&[&["check", "--format", "html"], arguments].concat())?;
        let written = String::from_utf8(output.stdout)?;
        let document = page(&written)?;
        assert_self_contained(&document);
        let body = document.descendants().find(|node| node.has_tag_name((XHTML, "body"))).ok_or("no body")?;
        Ok(text_in(body))
    };
    let valid = page_of(&["data/plesk/documentation"])?;
    assert!(valid.contains("No file with an error or a warning."), "{valid}");
    let all = page_of(&["--verbose", "data/plesk/documentation"])?;
    assert!(all.contains("Everything that was checked") && all.contains("in_progress.xml"), "{all}");
    let few = page_of(&["--max-diagnostics", "1", "data/plesk/wire"])?;
    assert!(few.contains("more that are not shown."), "{few}");
    let (grouped, single) =
        (page_of(&["data/plesk/differences"])?, page_of(&["--no-group", "data/plesk/differences"])?);
    assert!(grouped.contains("The same in ") && !single.contains("The same in "));
    // Nothing from a document is markup, and no secret is shown.
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("html");
    fs::create_dir_all(&folder)?;
    let file = folder.join("<b>&\"'.xml");
    let packet = "<packet><migration><start><password>hunter2</password><nonsense>\u{202e}]]&gt;<i>x</i></nonsense></start>\
                  </migration></packet>";
    fs::write(&file, packet)?;
    let path = file.to_string_lossy();
    let shown = page_of(&["--as", "plesk-request", &path])?;
    assert!(shown.contains("<b>&\"'.xml") && !shown.contains("hunter2") && shown.contains("*******"), "{shown}");
    Ok(())
}

/// A page that is too long to read or to open is useless, so it is bounded, and what is left out is counted.
#[test]
fn html_of_very_many_files_is_bounded() -> Outcome {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("html_many");
    fs::create_dir_all(&folder)?;
    for number in 0..1100 {
        fs::write(folder.join(format!("{number:04}.xml")), "<packet><migration/></packet>")?;
    }
    let arguments = ["check", "--format", "html", "--as", "plesk-request", &folder.to_string_lossy()];
    let written = String::from_utf8(packetcheck(&arguments)?.stdout)?;
    let document = page(&written)?;
    assert_self_contained(&document);
    let texts = |name: &str| -> Vec<String> {
        document.descendants().filter(|node| node.tag_name().name() == name).map(text_in).collect()
    };
    assert_eq!(texts("tr").len(), 1 + 1000);
    assert!(texts("p").contains(&"And 100 more that are not valid, or have warnings.".to_owned()));
    assert_eq!(texts("summary"), ["The same in 1099 more places"]);
    let places = texts("li");
    assert_eq!((places.len(), places.last().map(String::as_str)), (1000, Some("and 100 more")));
    Ok(())
}

#[test]
fn the_page_is_that_of_the_golden_file() -> Outcome {
    let paths =
        ["data/plesk/differences", "data/captures/gzip.http", "data/command/lone.xml", "data/command/nothing.xml"];
    let page = String::from_utf8(packetcheck(&[&["check", "--format", "html"], &paths[..]].concat())?.stdout)?;
    let file = tests_folder().join("golden/check.html");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, &page)?;
    }
    assert_eq!(
        page,
        fs::read_to_string(&file)?,
        "`UPDATE_GOLDEN=1 cargo test --test command formats` takes what was found"
    );
    Ok(())
}

/// Several at once, one of them on standard output; files are complete, and replace earlier content.
#[test]
fn formats_go_to_files() -> Outcome {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("formats");
    fs::create_dir_all(&folder)?;
    let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (sarif, junit, text) = (path("out.sarif"), path("out.xml"), path("out.txt"));
    fs::write(&sarif, "what was there before, and is longer than nothing")?;
    let formats = [format!("--format=sarif={sarif}"), format!("--format=junit={junit}")];
    let arguments =
        ["check", &formats[0], &formats[1], "--format", "concise", "--output", &text, "data/command/lone.xml"];
    let output = packetcheck(&arguments)?;
    assert_eq!((output.status.code(), output.stdout, output.stderr), (Some(1), Vec::new(), Vec::new()));
    let line = fs::read_to_string(&text)?;
    assert!(line.starts_with("data/command/lone.xml:1:1: PC0203 ") && line.lines().count() == 1, "{line}");
    let sarif: Value = serde_json::from_slice(&fs::read(&sarif)?)?;
    assert_eq!(sarif["runs"][0]["results"].as_array().map(Vec::len), Some(1));
    assert!(fs::read_to_string(&junit)?.contains("failures=\"1\""));
    let twice = [format!("--format=json={junit}"), format!("--format=sarif={junit}")];
    let output = packetcheck(&["check", &twice[0], &twice[1], "data/command/lone.xml"])?;
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr)?.contains("expected different files to write"));
    let output = packetcheck(&["check", "--format", "concise=-", "data/command/lone.xml"])?;
    assert!(output.stdout.starts_with(b"data/command/lone.xml:1:1: "));
    // Nothing is checked if a file cannot be written.
    let nowhere = path("nowhere/out.txt");
    let output = packetcheck(&["check", "--output", &nowhere, "data/command/lone.xml"])?;
    assert_eq!((output.status.code(), output.stdout), (Some(2), Vec::new()));
    assert!(String::from_utf8(output.stderr)?.contains("out.txt: No such file or directory"));
    let left: Vec<_> = fs::read_dir(&folder)?.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<_>>()?;
    assert_eq!(left.len(), 3, "{left:?}");
    Ok(())
}

/// On GitHub, annotations are added on standard error.
#[test]
fn a_workflow_on_github_gets_annotations() -> Outcome {
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_packetcheck"));
        command.env("GITHUB_ACTIONS", "true").current_dir(tests_folder()).args(arguments).output()
    };
    let output = run(&["check", "data/command/lone.xml"])?;
    assert!(String::from_utf8(output.stdout)?.contains("error[PC0203]"));
    assert!(String::from_utf8(output.stderr)?.starts_with("::error file=data/command/lone.xml,line=1,col=1,"));
    let output = run(&["check", "--format", "github", "data/command/lone.xml"])?;
    assert_eq!((output.stdout.starts_with(b"::error "), output.stderr), (true, Vec::new()));
    Ok(())
}
