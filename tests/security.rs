//! The tests that SECURITY.md names exist.

use std::fs;
use std::path::Path;

#[test]
fn each_attack_has_the_tests_that_are_named() -> Result<(), Box<dyn std::error::Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("SECURITY.md"))?;
    let table = text.split("## Attacks").nth(1).and_then(|rest| rest.split("\n## ").next()).ok_or("no table")?;
    let tests: Vec<String> =
        fs::read_dir(root.join("tests"))?.filter_map(|entry| fs::read_to_string(entry.ok()?.path()).ok()).collect();
    let mut named = 0;
    for row in table.lines().filter(|row| row.starts_with("| ")).skip(1) {
        let column = row.split('|').nth(2).ok_or("no column of tests")?;
        let names: Vec<&str> = column.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "{row}");
        for name in names {
            named += 1;
            match name.contains('/') {
                true => assert!(root.join(name).exists(), "{name}"),
                false => assert!(tests.iter().any(|text| text.contains(&format!("fn {name}("))), "{name}"),
            }
        }
    }
    assert!(named > 15, "{named}");
    Ok(())
}
