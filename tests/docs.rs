//! What the documentation says of the repository is so: paths, the crash report, features, dependencies. Its Rust is compiled by `lib.rs`.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use configcheck::Provider;
use configcheck::providers::{AgeProvider, AwsProvider, EtcdProvider, FileProvider, SopsProvider, VaultProvider};
use configcheck_core::provider::Trust;

/// Folders whose names begin a path of this repository, wherever such a word stands.
const FOLDERS: [&str; 5] = ["crates/", "docs/", "examples/", "tests/", ".ci/"];

/// A line of the README that stands for any number of lines of the real output; within a line it stands for the folder of the clone.
const LEFT_OUT: &str = "…";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below a folder that has one of the extensions, as paths from the root.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![root().join(folder)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                folders.push(path);
            } else if path.extension().is_some_and(|other| other == extension) {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "there is no .{extension} below {folder}");
    found
}

fn pages() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> =
        ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "crates/configcheck/README.md"].map(PathBuf::from).into();
    pages.extend(files("docs", "md"));
    pages.extend(files("examples", "md"));
    pages
}

/// Words of a text that could be paths; marks around and behind them are taken off.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "._-/".contains(letter);
    text.split(move |letter| !is_part(letter)).map(|word| word.trim_end_matches(['.', '/', '-'])).filter(|word| !word.is_empty())
}

/// The targets of the links `[text](target)`; those of code are left out.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let prose = text.split("```").step_by(2);
    prose.flat_map(|prose| prose.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(target, _)| target)))
}

/// A heading as the anchor of a link.
fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
    heading.trim().to_lowercase().chars().filter(kept).collect::<String>().replace(' ', "-")
}

#[test]
fn every_path_in_the_documentation_exists() {
    let sources: Vec<PathBuf> = ["crates", "examples", "tests"].iter().flat_map(|folder| files(folder, "rs")).collect();
    let mut missing = Vec::new();
    for page in pages() {
        let text = read(&page);
        for word in words(&text) {
            // What a reader is going to write is not there yet.
            if word.contains("my_") {
                continue;
            }
            let in_a_folder = FOLDERS.iter().any(|folder| word.starts_with(folder));
            if in_a_folder && !root().join(word).exists() {
                missing.push(format!("{}: {word}", page.display()));
            }
            let is_source = Path::new(word).extension().is_some_and(|extension| extension == "rs");
            if is_source && !word.starts_with('/') && !word.ends_with("docs.rs") && !sources.iter().any(|source| source.ends_with(word)) {
                missing.push(format!("{}: {word}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "these paths do not exist:\n{}", missing.join("\n"));
}

#[test]
fn every_link_leads_somewhere() {
    let mut missing = Vec::new();
    for page in pages() {
        let text = read(&page);
        for link in links(&text).filter(|link| !link.starts_with("http")) {
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { root().join(&page) } else { root().join(&page).parent().unwrap().join(path) };
            let is_there = match fs::read_to_string(&target) {
                Ok(text) => {
                    heading.is_empty()
                        || text.lines().filter(|line| line.starts_with('#')).any(|line| anchor(line.trim_start_matches('#')) == heading)
                }
                Err(_) => target.exists() && heading.is_empty(),
            };
            if !is_there {
                missing.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert!(missing.is_empty(), "these links lead nowhere:\n{}", missing.join("\n"));
}

/// A binary of the workspace, built on demand by cargo.
fn binary(name: &str) -> PathBuf {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).args(["build", "--quiet", "--locked", "-p", name]).current_dir(root()).status().unwrap();
    assert!(status.success(), "{name} does not build");
    let mut target = std::env::current_exe().unwrap();
    while target.file_name().is_some_and(|part| part != "debug" && part != "release") {
        target.pop();
    }
    target.join(name)
}

/// Whether the lines of a page are those of the output, in order and without anything more than was left out.
fn is_shortened(page: &[&str], output: &[&str]) -> bool {
    match page.split_first() {
        None => output.is_empty(),
        Some((&LEFT_OUT, rest)) => (0..=output.len()).any(|skipped| is_shortened(rest, &output[skipped..])),
        Some((line, rest)) => output.split_first().is_some_and(|(first, others)| first == line && is_shortened(rest, others)),
    }
}

#[test]
fn the_crash_report_in_the_readme_is_what_the_service_prints() {
    let readme = read("README.md");
    let mut blocks = readme.split("```").skip(1).step_by(2);
    let block = blocks.find_map(|block| block.strip_prefix("console\n$ APP_ENV=production")).unwrap();
    let (command, page) = block.split_once('\n').unwrap();
    let (variables, _) = command.split_once(" cargo run --locked -q -p checkout").unwrap();
    let variables = variables.split_whitespace().map(|variable| variable.split_once('=').unwrap());
    let output =
        Command::new(binary("checkout")).env_clear().env("APP_ENV", "production").envs(variables).current_dir(root()).output().unwrap();
    assert_eq!(output.status.code(), Some(78));
    assert!(output.stdout.is_empty());
    let report = String::from_utf8(output.stderr).unwrap().replace(root().to_str().unwrap(), LEFT_OUT);
    let (shown, printed): (Vec<&str>, Vec<&str>) = (page.lines().collect(), report.lines().collect());
    assert!(is_shortened(&shown, &printed), "the README shows\n{page}\nand the service prints\n{report}");
}

fn manifest(name: &str) -> toml::Table {
    read(format!("crates/{name}/Cargo.toml")).parse().unwrap()
}

fn keys(table: Option<&toml::Value>) -> BTreeSet<String> {
    table.and_then(toml::Value::as_table).map(|table| table.keys().cloned().collect()).unwrap_or_default()
}

/// The first cells of a page's tables, where they are code.
fn rows(page: &str) -> BTreeSet<String> {
    let cell = |line: &str| Some(line.strip_prefix("| `")?.split_once("` |")?.0.to_owned());
    page.lines().filter_map(cell).collect()
}

#[test]
fn every_feature_stands_in_the_readme() {
    let mut features = keys(manifest("configcheck").get("features"));
    features.remove("default");
    assert_eq!(rows(&read("README.md")), features);
}

#[test]
fn every_dependency_has_its_reason() {
    let (mut dependencies, mut of_tests) = (BTreeSet::new(), BTreeSet::new());
    for manifest in ["tests/Cargo.toml", "tests/ui/Cargo.toml"] {
        of_tests.extend(keys(read(manifest).parse::<toml::Table>().unwrap().get("dev-dependencies")));
    }
    for manifest in ["tests/fuzz/Cargo.toml", "tests/fuzz/oracles/Cargo.toml"] {
        of_tests.extend(keys(read(manifest).parse::<toml::Table>().unwrap().get("dependencies")));
    }
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let manifest = manifest(entry.unwrap().file_name().to_str().unwrap());
        let is_published = manifest["package"].get("publish").and_then(toml::Value::as_bool).unwrap_or(true);
        if is_published { &mut dependencies } else { &mut of_tests }.extend(keys(manifest.get("dependencies")));
        of_tests.extend(keys(manifest.get("dev-dependencies")));
        let targets = manifest.get("target").and_then(toml::Value::as_table).into_iter().flat_map(toml::Table::values);
        dependencies.extend(targets.flat_map(|target| keys(target.get("dependencies"))));
    }
    let is_of_others = |name: &String| !name.starts_with("configcheck");
    dependencies.retain(is_of_others);
    of_tests.retain(|name| is_of_others(name) && !dependencies.contains(name));
    let page = read("docs/dependencies.md");
    let (published, tests) = page.split_once("## Of the tests").unwrap();
    assert_eq!(rows(published), dependencies);
    assert_eq!(rows(tests), of_tests);
}

/// What stands below a heading of a page, up to the next one.
fn section<'p>(page: &'p str, heading: &str) -> &'p str {
    let (_, rest) = page.split_once(&format!("\n### {heading}\n")).unwrap_or_else(|| panic!("there is no section {heading}"));
    rest.split("\n#").next().unwrap()
}

/// The names in the first column of a section's table; a cell may have several.
fn variables(page: &str, heading: &str) -> BTreeSet<String> {
    let cells = section(page, heading).lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    cells.flat_map(|(cell, _)| cell.split("`, `").map(ToOwned::to_owned)).collect()
}

fn settings(providers: &[&dyn Provider]) -> BTreeSet<String> {
    providers.iter().flat_map(|provider| provider.settings()).map(ToString::to_string).collect()
}

#[test]
fn the_guide_lists_every_setting_of_every_provider() {
    let page = read("docs/guide/secrets.md");
    let mut vault = variables(&page, "Vault and OpenBao");
    let aliases: Vec<String> = vault.iter().filter_map(|name| Some(format!("BAO_{}", name.strip_prefix("VAULT_")?))).collect();
    vault.extend(aliases);
    assert_eq!(vault, settings(&[&VaultProvider::new()]));
    assert_eq!(variables(&page, "AWS"), settings(&[&AwsProvider::new()]));
    assert_eq!(variables(&page, "age and sops"), settings(&[&AgeProvider::new(), &SopsProvider::new()]));
    assert_eq!(variables(&page, "etcd"), settings(&[&EtcdProvider::new()]));
}

#[test]
fn every_setting_that_the_pages_name_is_one() {
    let known = settings(&[&VaultProvider::new(), &AwsProvider::new(), &AgeProvider::new(), &SopsProvider::new(), &EtcdProvider::new()]);
    let prefixes = ["VAULT_", "BAO_", "AWS_", "SOPS_", "ETCDCTL_", "CONFIGCHECK_AGE_"];
    let mut unknown = Vec::new();
    for page in
        ["docs/guide/secrets.md", "docs/guide/doctor-and-policy.md", "examples/vault/README.md", "examples/aws/README.md", "README.md"]
    {
        let text = read(page);
        let names = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
        let names = names.filter(|name| prefixes.iter().any(|prefix| name.starts_with(prefix) && name.len() > prefix.len()));
        unknown.extend(names.filter(|name| !known.contains(*name)).map(|name| format!("{page}: {name}")));
    }
    assert!(unknown.is_empty(), "nobody reads these:\n{}", unknown.join("\n"));
}

#[test]
fn the_trust_of_every_scheme_stands_in_the_guide() {
    let page = read("docs/guide/secrets.md");
    let providers: [&dyn Provider; 6] =
        [&VaultProvider::new(), &AwsProvider::new(), &AgeProvider::new(), &SopsProvider::new(), &EtcdProvider::new(), &FileProvider];
    for provider in providers {
        let word = match provider.trust() {
            Trust::Managed => "managed",
            Trust::Encrypted => "encrypted",
            Trust::Plain => "plain",
        };
        let row = page.lines().find(|line| line.starts_with(&format!("| {word} |"))).unwrap();
        assert!(provider.schemes().iter().all(|scheme| row.contains(&format!("`{scheme}`"))), "{provider:?} is not in {row}");
    }
}

#[test]
fn every_test_that_a_promise_names_exists() {
    let text: String = ["crates", "tests"].iter().flat_map(|folder| files(folder, "rs")).map(read).collect();
    let page = read("SECURITY.md");
    let names: Vec<&str> =
        page.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() > 2 && !name.contains(['(', '.', ':'])).collect();
    assert!(names.len() > 8, "{names:?}");
    let missing: Vec<_> = names.iter().filter(|name| !text.contains(&format!("fn {name}()"))).collect();
    assert!(missing.is_empty(), "these tests do not exist: {missing:?}");
}
