//! What the crates are made of: how many there are, that the bills of materials name all of them, that no version with a known advisory is locked,
//! and that every command of ours builds what is locked. Licences, bans and sources are `.ci/deny`'s.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a test fails by panicking, and prints its figures")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Name and version.
type Package = (String, String);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).current_dir(root()).output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// The packages of a bill of materials, with their checksums.
fn bill(arguments: &[&str]) -> BTreeMap<Package, Option<String>> {
    let mut command = vec![".ci/sbom"];
    command.extend(arguments);
    let bill: Value = serde_json::from_str(&output("python3", &command)).unwrap();
    assert_eq!((bill["bomFormat"].as_str(), bill["specVersion"].as_str()), (Some("CycloneDX"), Some("1.6")));
    let subject = bill["metadata"].get("component");
    let components = bill["components"].as_array().unwrap().iter().chain(subject);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    components
        .map(|component| {
            let licence = component["licenses"][0]["expression"].as_str();
            assert!(licence.is_some_and(|licence| !licence.is_empty()), "{component} has no licence");
            let checksum = component["hashes"][0]["content"].as_str().map(ToOwned::to_owned);
            ((text(&component["name"]), text(&component["version"])), checksum)
        })
        .collect()
}

/// The packages of `Cargo.lock`, with their checksums.
fn locked() -> BTreeMap<Package, Option<String>> {
    let lock: toml::Table = read("Cargo.lock").parse().unwrap();
    let text = |package: &toml::Value, key: &str| package.get(key).and_then(toml::Value::as_str).map(ToOwned::to_owned);
    let packages = lock["package"].as_array().unwrap().iter();
    packages.map(|package| ((text(package, "name").unwrap(), text(package, "version").unwrap()), text(package, "checksum"))).collect()
}

/// What cargo compiles into the library with its default features, as it reports each artifact.
fn compiled() -> BTreeSet<Package> {
    let target = root().join("target/supply-chain");
    let arguments =
        ["check", "-p", "configcheck", "--locked", "--quiet", "--message-format=json", "--target-dir", target.to_str().unwrap()];
    let messages = output(&cargo(), &arguments);
    let artifacts = messages.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let is_artifact = |message: &Value| message["reason"] == "compiler-artifact";
    let ids = artifacts.filter(is_artifact).map(|message| message["package_id"].as_str().unwrap().to_owned());
    ids.map(|id| {
        // `registry+https://host#name@version`, or `path+file:///folder/name#version` where the folder is named like the package.
        let (place, fragment) = id.rsplit_once('#').unwrap();
        let (name, version) = fragment.split_once('@').unwrap_or((place.rsplit('/').next().unwrap(), fragment));
        (name.to_owned(), version.to_owned())
    })
    .collect()
}

#[test]
fn d3_the_default_build_is_small_and_opens_no_connection() {
    let compiled = compiled();
    let names: BTreeSet<&str> = compiled.iter().map(|(name, _)| name.as_str()).collect();
    for client in ["async-std", "curl", "h2", "http", "hyper", "native-tls", "openssl", "reqwest", "rustls", "smol", "tokio", "ureq"] {
        assert!(!names.contains(client), "{client} is none of the default build's business");
    }
    assert!(names.contains("configcheck") && names.contains("secrecy"), "{names:?}");
    let ours = names.iter().filter(|name| name.starts_with("configcheck")).count();
    println!("figure: D3 crates={} ours={ours}", names.len());
    assert!(names.len() <= 60, "{} crates: {names:?}", names.len());
}

#[test]
fn d6_a_bill_of_materials_is_what_is_compiled_and_what_is_locked() {
    let (locked, default, full) = (locked(), bill(&["default"]), bill(&["full"]));
    let (command, workspace) = (bill(&["command"]), bill(&["workspace"]));
    assert_eq!(bill(&["default", "host"]).into_keys().collect::<BTreeSet<_>>(), compiled());
    for bill in [&default, &full, &command, &workspace] {
        for (package, checksum) in bill {
            assert_eq!(locked.get(package), Some(checksum), "{package:?}");
        }
    }
    assert!(default.keys().all(|package| full.contains_key(package)));
    assert!(full.keys().chain(command.keys()).all(|package| workspace.contains_key(package)));
    // The lock file names what an optional dependency would bring if somebody asked for it; nothing compiles these.
    let idle: BTreeSet<&str> = locked.keys().filter(|package| !workspace.contains_key(*package)).map(|(name, _)| name.as_str()).collect();
    let expected = ["asn1-rs", "asn1-rs-derive", "asn1-rs-impl", "bit-vec", "der-parser", "minimal-lexical", "nom", "oid-registry"];
    let expected = expected.into_iter().chain(["rusticata-macros", "synstructure", "time-macros", "valuable", "x509-parser"]);
    assert_eq!(idle, expected.collect(), "these are locked and compiled into nothing");
    let counts = [default.len(), full.len(), command.len(), workspace.len(), locked.len()];
    println!(
        "figure: D6 default={} full={} command={} workspace={} locked={} different=0",
        counts[0], counts[1], counts[2], counts[3], counts[4]
    );
}

/// Versions as numbers, so that 0.10 comes after 0.9.
fn numbers(version: &str) -> Vec<u64> {
    version.split(['.', '+', '-']).map_while(|part| part.parse().ok()).collect()
}

#[test]
fn d2_no_version_with_a_known_advisory_is_locked() {
    let advisories = [
        ("RUSTSEC-2026-0098", "rustls-webpki", "0.103"),
        ("RUSTSEC-2026-0099", "rustls-webpki", "0.103"),
        ("RUSTSEC-2026-0104", "rustls-webpki", "0.103"),
        ("RUSTSEC-2026-0258", "h2", "0.4"),
    ];
    let (locked, deny) = (locked(), read("deny.toml"));
    let mut hits = 0;
    for (id, name, first_good) in advisories {
        let versions: Vec<&String> = locked.keys().filter(|(other, _)| other == name).map(|(_, version)| version).collect();
        assert!(!versions.is_empty(), "{name} is not locked any more: {id} needs no test");
        hits += versions.iter().filter(|version| numbers(version) < numbers(first_good)).count();
        let ban = format!("{{ crate = \"{name}:<{first_good}\", reason = \"");
        let line = deny.lines().find(|line| line.trim_start().starts_with(&ban));
        assert!(line.is_some_and(|line| line.contains(id)), "deny.toml does not ban {name} for {id}");
    }
    println!("figure: D2 known-advisories={} hits={hits}", advisories.len());
    assert_eq!(hits, 0);
}

#[test]
fn d4_nothing_of_ours_runs_at_build_time_but_the_derive() {
    let (mut crates, mut scripts) = (0, 0);
    for entry in fs::read_dir(root().join("crates")).unwrap() {
        let folder = entry.unwrap().path();
        let manifest: toml::Table = fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse().unwrap();
        crates += 1;
        scripts += usize::from(folder.join("build.rs").exists() || manifest["package"].get("build").is_some());
        assert!(manifest.get("build-dependencies").is_none(), "{}", folder.display());
        assert_eq!(manifest["package"]["rust-version"]["workspace"].as_bool(), Some(true), "{}", folder.display());
    }
    let mut folders = vec![root().join("crates/configcheck-derive/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let code = fs::read_to_string(&path).unwrap();
            // What the derive writes into a service is in quotes of its own; these words occur in neither.
            for word in ["TcpStream", "TcpListener", "UdpSocket", "std::process", "Command::", "include_bytes!", "fs::read", "File::open"] {
                assert!(!code.contains(word), "{} uses {word}", path.display());
            }
        }
    }
    println!("figure: D4 crates={crates} build-scripts={scripts} derive-reads=0");
    assert_eq!(scripts, 0);
}

#[test]
fn every_command_builds_what_is_locked() {
    let mut pages = vec!["README.md".to_owned(), "action.yml".to_owned(), "docs/ci/gitlab.yml".to_owned()];
    for entry in fs::read_dir(root().join(".ci")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if Path::new(&name).extension().is_none_or(|extension| extension != "lock") {
            pages.push(format!(".ci/{name}"));
        }
    }
    let words = ["build", "check", "clippy", "doc", "install", "metadata", "run", "test", "tree"];
    let (mut commands, mut unlocked) = (0, Vec::new());
    for page in pages {
        for line in read(&page).lines().filter(|line| !line.trim_start().starts_with('#') || page.ends_with("md")) {
            let is_command =
                words.iter().any(|word| line.contains(&format!("cargo {word} -")) || line.contains(&format!("cargo {word} \"")));
            if is_command {
                commands += 1;
                if !line.contains("--locked") {
                    unlocked.push(format!("{page}: {line}"));
                }
            }
        }
    }
    assert!(commands > 8, "{commands} commands were found");
    assert!(unlocked.is_empty(), "these resolve anew:\n{}", unlocked.join("\n"));
}
