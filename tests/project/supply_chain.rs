//! The dependencies: checks the lists in `deny.toml` and `docs/dependencies.md`, without a network.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A package that is compiled into something.
struct Package {
    name: String,
    version: String,
    license: String,
    rust_version: Option<String>,
    has_build_script: bool,
}

/// The packages compiled for the host with some features according to `cargo metadata`, without those that only tests
/// need.
fn packages(features: &[&str]) -> Result<Vec<Package>> {
    let host = String::from_utf8(Command::new("rustc").arg("-vV").output()?.stdout)?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("no host")?;
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["metadata", "--locked", "--offline", "--format-version", "1", "--filter-platform", host])
        .args(features);
    let output = cargo.current_dir(root()).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let resolve = &metadata["resolve"];
    let nodes: BTreeMap<&str, &Value> = list(&resolve["nodes"]).iter().map(|node| (text(&node["id"]), node)).collect();
    let (mut wanted, mut queue) = (BTreeSet::new(), VecDeque::from([text(&resolve["root"])]));
    while let Some(id) = queue.pop_front() {
        for dependency in list(&nodes[id]["deps"]) {
            let is_of_tests = list(&dependency["dep_kinds"]).iter().all(|kind| kind["kind"] == "dev");
            if !is_of_tests && wanted.insert(text(&dependency["pkg"])) {
                queue.push_back(text(&dependency["pkg"]));
            }
        }
    }
    let wanted = list(&metadata["packages"]).iter().filter(|package| wanted.contains(text(&package["id"])));
    Ok(wanted.map(package).collect())
}

fn package(package: &Value) -> Package {
    let is_build_script = |target: &Value| list(&target["kind"]).iter().any(|kind| kind == "custom-build");
    Package {
        name: text(&package["name"]).to_owned(),
        version: text(&package["version"]).to_owned(),
        license: text(&package["license"]).to_owned(),
        rust_version: package["rust_version"].as_str().map(str::to_owned),
        has_build_script: list(&package["targets"]).iter().any(is_build_script),
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn deny() -> Result<toml::Table> {
    Ok(fs::read_to_string(root().join("deny.toml"))?.parse()?)
}

#[test]
fn licences_are_allowed() -> Result {
    let deny = deny()?;
    let allowed = deny["licenses"]["allow"].as_array().ok_or("no list")?;
    let allowed: Vec<spdx::Licensee> =
        allowed.iter().filter_map(|license| spdx::Licensee::parse(license.as_str()?).ok()).collect();
    let (mut used, mut others) = (vec![false; allowed.len()], Vec::new());
    for Package { name, license, .. } in packages(&["--all-features"])? {
        // In the form that crates.io once accepted: `MIT/Apache-2.0`.
        let expression = spdx::Expression::parse_mode(&license, spdx::ParseMode::LAX)?;
        let is_allowed = expression.evaluate(|requirement| {
            let mut those = allowed.iter().enumerate().filter(|(_, license)| license.satisfies(requirement));
            those.next().inspect(|(index, _)| used[*index] = true).is_some()
        });
        if !is_allowed {
            others.push(format!("{name}: {license}"));
        }
    }
    assert_eq!(others, [""; 0]);
    let unused: Vec<_> = allowed.iter().zip(used).filter(|(_, used)| !used).map(|(license, _)| license).collect();
    assert!(unused.is_empty(), "allowed, and nothing has it: {unused:?}");
    Ok(())
}

#[test]
fn no_dependency_uses_a_network() -> Result {
    let deny = deny()?;
    let denied: Vec<&str> =
        deny["bans"]["deny"].as_array().ok_or("no list")?.iter().filter_map(|ban| ban["crate"].as_str()).collect();
    assert!(denied.contains(&"tokio") && denied.contains(&"reqwest"));
    let packages = packages(&["--all-features"])?;
    let found: Vec<&str> = packages.iter().map(|package| &*package.name).filter(|name| denied.contains(name)).collect();
    assert_eq!(found, [""; 0]);
    Ok(())
}

#[test]
fn every_package_is_from_the_one_registry() -> Result {
    let deny = deny()?;
    let registries = deny["sources"]["allow-registry"].as_array().ok_or("no list")?;
    let registries: Vec<String> =
        registries.iter().filter_map(|url| Some(format!("registry+{}", url.as_str()?))).collect();
    let locks = lock_files(root())?;
    assert!(locks.len() > 5, "{locks:?}");
    for path in locks {
        let lock: toml::Table = fs::read_to_string(&path)?.parse()?;
        for package in lock["package"].as_array().ok_or("no packages")? {
            // Our own packages have no source, and others have a checksum.
            let Some(source) = package.get("source").and_then(toml::Value::as_str) else { continue };
            assert!(registries.iter().any(|registry| registry == source), "{}: {package}", path.display());
            assert!(package.get("checksum").is_some(), "{}: {package}", path.display());
        }
    }
    Ok(())
}

/// The lock files of all packages in this repository.
fn lock_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        match path.is_dir() && !path.is_symlink() {
            true if matches!(name, "target" | "node_modules" | "src" | "data") || name.starts_with(".git") => {}
            true => found.extend(lock_files(&path)?),
            false if name == "Cargo.lock" => found.push(path),
            false => {}
        }
    }
    Ok(found)
}

#[test]
fn the_library_has_the_dependencies_that_are_documented() -> Result {
    // Features that only tests need would otherwise be counted.
    let mut tree = Command::new(env!("CARGO"));
    tree.args([
        "tree",
        "--locked",
        "--offline",
        "--no-default-features",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
    ]);
    let output = tree.current_dir(root()).output()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8(output.stdout)?;
    let built: BTreeSet<&str> = tree.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    let built: BTreeSet<&str> = built.into_iter().filter(|name| !name.is_empty()).collect();
    let page = fs::read_to_string(root().join("docs/dependencies.md"))?;
    let rows = page.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let documented: BTreeSet<&str> = rows.filter(|name| *name != "crate").collect();
    assert_eq!(documented, built);
    let scripts = page.split("## Build scripts").nth(1).and_then(|rest| rest.split("##").next()).ok_or("no scripts")?;
    let documented: BTreeSet<&str> = scripts.split('`').skip(1).step_by(2).collect();
    let packages = packages(&["--no-default-features"])?;
    let with_script = packages.iter().filter(|package| package.has_build_script).map(|package| &*package.name);
    assert_eq!(documented, with_script.filter(|name| built.contains(name)).collect());
    Ok(())
}

#[test]
fn no_dependency_asks_for_a_newer_compiler() -> Result {
    let number = |version: &str| -> Vec<u32> { version.split('.').filter_map(|part| part.parse().ok()).collect() };
    let ours = number(env!("CARGO_PKG_RUST_VERSION"));
    assert!(ours.len() > 1);
    for Package { name, version, rust_version, .. } in packages(&["--all-features"])? {
        let needed = rust_version.as_deref().map(number).unwrap_or_default();
        assert!(needed <= ours, "{name} {version}: {needed:?}");
    }
    Ok(())
}
