//! The import rules of docs/ARCHITECTURE.md, held by reading manifests and sources.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Whether a source is a test or serves one: tests may read files, environments and secrets.
fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
        || path.file_name().is_some_and(|name| name == "tests.rs" || name == "testing.rs")
}

/// Every Rust source below a folder, with its text.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root()).unwrap().to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folder}");
    found.sort();
    found
}

/// Every line of code of a source, comments and test modules left out.
fn code(text: &str) -> impl Iterator<Item = &str> {
    let end = text.find("#[cfg(test)]").unwrap_or(text.len());
    text[..end].lines().map(str::trim_start).filter(|line| !line.starts_with("//"))
}

fn manifest(name: &str) -> toml::Table {
    let folder = if name == "configcheck-tests" { "tests".to_owned() } else { format!("crates/{name}") };
    fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap().parse().unwrap()
}

/// The crates of this workspace that a crate depends on.
fn ours(name: &str) -> BTreeSet<String> {
    let manifest = manifest(name);
    let dependencies = manifest.get("dependencies").and_then(|table| table.as_table()).cloned().unwrap_or_default();
    dependencies.keys().filter(|name| name.starts_with("configcheck")).cloned().collect()
}

const CRATES: &[(&str, &[&str])] = &[
    ("configcheck-core", &["configcheck-reference"]),
    ("configcheck-derive", &["configcheck-reference"]),
    ("configcheck-dotenv", &[]),
    ("configcheck-files", &[]),
    ("configcheck-reference", &[]),
    ("configcheck-checks", &["configcheck-core"]),
    ("configcheck-engine", &["configcheck-core"]),
    ("configcheck-http", &["configcheck-core"]),
    ("configcheck-memory", &["configcheck-core"]),
    ("configcheck-policy", &["configcheck-core"]),
    ("configcheck-loader", &["configcheck-checks", "configcheck-core", "configcheck-dotenv", "configcheck-engine", "configcheck-files"]),
    ("configcheck-schema", &["configcheck-core", "configcheck-dotenv"]),
    ("configcheck-age", &["configcheck-core", "configcheck-dotenv", "configcheck-files"]),
    ("configcheck-etcd", &["configcheck-core", "configcheck-files", "configcheck-http"]),
    ("configcheck-aws", &["configcheck-core", "configcheck-files", "configcheck-http"]),
    ("configcheck-sops", &["configcheck-age", "configcheck-core", "configcheck-files"]),
    ("configcheck-vault", &["configcheck-core", "configcheck-files", "configcheck-http"]),
    ("configcheck-test-servers", &[]),
    (
        "configcheck",
        &[
            "configcheck-age",
            "configcheck-aws",
            "configcheck-core",
            "configcheck-derive",
            "configcheck-etcd",
            "configcheck-loader",
            "configcheck-memory",
            "configcheck-sops",
            "configcheck-vault",
        ],
    ),
    ("configcheck-testkit", &["configcheck-core", "configcheck-loader"]),
    (
        "configcheck-cli",
        &[
            "configcheck-age",
            "configcheck-aws",
            "configcheck-checks",
            "configcheck-core",
            "configcheck-dotenv",
            "configcheck-engine",
            "configcheck-etcd",
            "configcheck-files",
            "configcheck-loader",
            "configcheck-policy",
            "configcheck-schema",
            "configcheck-sops",
            "configcheck-vault",
        ],
    ),
];

#[test]
fn each_crate_depends_only_on_those_below_it() {
    for (name, allowed) in CRATES {
        let allowed: BTreeSet<String> = allowed.iter().map(ToString::to_string).collect();
        assert_eq!(ours(name), allowed, "{name}");
    }
    let listed: BTreeSet<String> = CRATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    let folders: BTreeSet<String> =
        fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(listed, folders, "every crate is listed here");
}

#[test]
fn modules_of_core_point_downwards() {
    // Lowest first; a module names only those before it. `suggest`, `display`, `json`, `byte_size` and `constraint` stand beside the line and
    // name none of it.
    let order = [
        "environment",
        "wipe",
        "wiping",
        "secret",
        "value",
        "origin",
        "byte_size",
        "constraint",
        "suggest",
        "display",
        "json",
        "schema",
        "provider",
        "from_value",
        "snapshot",
        "construct",
        "diagnostic",
        "config",
        "levels",
        "example",
    ];
    for (path, text) in sources("crates/configcheck-core/src").into_iter().filter(|(path, _)| !is_test(path)) {
        let module = path.components().nth(3).unwrap().as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let Some(rank) = order.iter().position(|name| *name == module) else {
            assert_eq!(module, "lib", "{} is not in the order of modules", path.display());
            continue;
        };
        for (other_rank, other) in order.iter().enumerate() {
            let names = code(&text).any(|line| line.contains(&format!("crate::{other}::")));
            assert!(!names || other_rank <= rank, "{} names crate::{other}, which stands above it", path.display());
        }
    }
}

#[test]
fn core_and_checks_do_no_input_or_output() {
    let words =
        ["std::fs", "std::env", "std::net::Tcp", "std::process", "std::io", "std::thread", "SystemTime::now", "Instant::now", "async fn"];
    for folder in [
        "crates/configcheck-core/src",
        "crates/configcheck-checks/src",
        "crates/configcheck-dotenv/src",
        "crates/configcheck-policy/src",
        "crates/configcheck-schema/src",
    ] {
        for (path, text) in sources(folder).into_iter().filter(|(path, _)| !is_test(path)) {
            for word in words {
                assert!(!code(&text).any(|line| line.contains(word)), "{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn one_file_of_services_and_one_of_the_command_read_the_environment_and_one_takes_out_of_it() {
    for (path, text) in sources("crates") {
        let writes = code(&text).any(|line| line.contains("env::set_var") || line.contains("env::remove_var"));
        assert!(!writes || path.ends_with("configcheck-memory/src/system/linux.rs"), "{} writes the environment", path.display());
        let reads = code(&text).any(|line| line.contains("env::var"));
        // The test kit asks whether to rewrite a file, as snapshot tests do; it loads nothing from there.
        let allowed = path.ends_with("configcheck-loader/src/sources/environment.rs")
            || path.ends_with("configcheck-cli/src/process_environment.rs")
            || path.starts_with("crates/configcheck-testkit")
            || is_test(&path);
        assert!(!reads || allowed, "{} reads the environment", path.display());
    }
}

#[test]
fn secrets_are_exposed_in_few_files() {
    let allowed = [
        "crates/configcheck-core/src/secret.rs",
        "crates/configcheck-loader/src/resolve/field.rs",
        "crates/configcheck-derive/src/expand",
        "crates/configcheck-age/src",
        "crates/configcheck-etcd/src/variables.rs",
        "crates/configcheck-aws/src",
        "crates/configcheck-vault/src/json.rs",
        "crates/configcheck-vault/src/login",
        "crates/configcheck-vault/src/variables.rs",
        "crates/configcheck-vault/src/wrapping.rs",
        "crates/configcheck-sops/src/provider.rs",
        "crates/configcheck-engine/src/engine.rs",
        "crates/configcheck-testkit/src/conformance",
        "crates/configcheck-vault/src/login/credential.rs",
        "crates/configcheck-vault/src/variables.rs",
        "crates/configcheck-vault/src/wrapping.rs",
    ];
    for (path, text) in sources("crates") {
        if is_test(&path) {
            continue;
        }
        let exposes = code(&text).any(|line| line.contains("expose_secret()"));
        assert!(!exposes || allowed.iter().any(|start| path.starts_with(start)), "{} exposes a secret", path.display());
    }
}

#[test]
fn features_are_named_in_one_file_each() {
    let homes: &[(&str, &[&str])] = &[
        ("crates/configcheck/src", &["crates/configcheck/src/lib.rs", "crates/configcheck/src/providers.rs"]),
        (
            "crates/configcheck-loader/src",
            &[
                "crates/configcheck-loader/src/events.rs",
                "crates/configcheck-loader/src/formats/mod.rs",
                "crates/configcheck-loader/src/loader.rs",
                "crates/configcheck-loader/src/render/mod.rs",
                "crates/configcheck-loader/src/sources/document.rs",
                "crates/configcheck-loader/src/sources/mod.rs",
            ],
        ),
        ("crates/configcheck-checks/src", &[]),
        ("crates/configcheck-cli/src", &["crates/configcheck-cli/src/providers.rs"]),
        ("crates/configcheck-policy/src", &[]),
        ("crates/configcheck-dotenv/src", &[]),
    ];
    for (folder, files) in homes {
        for (path, text) in sources(folder).into_iter().filter(|(path, _)| !is_test(path)) {
            let names = code(&text).any(|line| line.contains("feature = \""));
            assert!(!names || files.iter().any(|file| path == Path::new(file)), "{} names a feature", path.display());
        }
    }
}

#[test]
fn commands_do_not_know_each_other() {
    let folder = "crates/configcheck-cli/src/commands";
    let command = |path: &Path| {
        let first = path.strip_prefix(folder).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    // The list of rules writes an entry as the page of a rule does.
    let allowed = [("rules", "rule")];
    let sources = sources(folder);
    let names: BTreeSet<String> = sources.iter().map(|(path, _)| command(path)).filter(|name| name != "mod").collect();
    for (path, text) in &sources {
        for name in names.iter().filter(|name| **name != command(path)) {
            let beside =
                if path.parent() == Some(Path::new(folder)) { format!("super::{name}::") } else { format!("super::super::{name}::") };
            let knows = code(text).any(|line| line.contains(&format!("commands::{name}::")) || line.contains(&beside));
            let is_allowed = command(path) == "mod" || allowed.contains(&(command(path).as_str(), name));
            assert!(!knows || is_allowed, "{} names the command {name}", path.display());
        }
    }
}

#[test]
fn stages_do_not_know_each_other() {
    let stages = [("collect.rs", ["resolve", "pipeline"]), ("resolve.rs", ["sources::dotenv", "pipeline"])];
    for (file, others) in stages {
        let text = fs::read_to_string(root().join("crates/configcheck-loader/src").join(file)).unwrap();
        for other in others {
            assert!(!code(&text).any(|line| line.contains(&format!("crate::{other}"))), "{file} names {other}");
        }
    }
}

#[test]
fn heavy_crates_stay_out_of_the_contract() {
    for name in ["configcheck-core", "configcheck-checks", "configcheck-dotenv", "configcheck-files", "configcheck-loader"] {
        let manifest = manifest(name);
        let dependencies = manifest.get("dependencies").and_then(|table| table.as_table()).cloned().unwrap_or_default();
        for heavy in ["clap", "serde_json", "tokio", "reqwest", "hyper", "rustls", "vaultrs", "regex"] {
            assert!(!dependencies.contains_key(heavy), "{name} depends on {heavy}");
        }
    }
}

#[test]
fn every_source_says_what_it_is_for_and_stays_small() {
    for folder in ["crates", "examples", "tests"] {
        for (path, text) in sources(folder) {
            let skipped = path.starts_with("tests/ui/")
                || path.starts_with("tests/benchmarks/")
                || path.components().any(|part| part.as_os_str() == "target");
            if skipped {
                continue;
            }
            assert!(text.starts_with("//!"), "{} does not open with //!", path.display());
            let lines = text.lines().count();
            assert!(lines <= 500, "{} has {lines} lines: it is two files", path.display());
            let name = path.file_stem().unwrap().to_str().unwrap();
            assert!(!["utils", "helpers", "common", "manager", "misc"].contains(&name), "{} holds what has no name", path.display());
        }
    }
}

/// The one crate with unsafe code.
const UNSAFE: &str = "configcheck-memory";

#[test]
fn unsafe_is_forbidden_everywhere_but_in_one_crate() {
    let workspace: toml::Table = fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let mut lints = workspace["workspace"]["lints"].as_table().unwrap().clone();
    assert_eq!(lints["rust"]["unsafe_code"].as_str(), Some("forbid"));
    let mut manifests: Vec<PathBuf> = ["crates", "examples"]
        .into_iter()
        .flat_map(|folder| fs::read_dir(root().join(folder)).unwrap())
        .map(|entry| entry.unwrap().path().join("Cargo.toml"))
        .collect();
    manifests.push(root().join("tests/Cargo.toml"));
    for path in manifests.iter().filter(|path| !path.parent().unwrap().ends_with(UNSAFE)) {
        let manifest: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
        assert_eq!(manifest["lints"]["workspace"].as_bool(), Some(true), "{} inherits the lints", path.display());
    }
    // The one crate has the same lints, but that a module of it may allow what is denied.
    lints["rust"].as_table_mut().unwrap().insert("unsafe_code".to_owned(), "deny".into());
    assert_eq!(manifest(UNSAFE)["lints"].as_table(), Some(&lints), "{UNSAFE} has the lints of the workspace");
}

#[test]
fn every_module_with_unsafe_code_says_why_and_every_block_why_it_is_sound() {
    let mut modules = Vec::new();
    for (path, text) in sources(&format!("crates/{UNSAFE}/src")) {
        if text.lines().any(|line| line.contains("unsafe {") || line.contains("unsafe impl") || line.contains("unsafe fn")) {
            let is_module = path.file_name().is_some_and(|name| name != "tests.rs");
            assert!(!is_module || text.contains("#![expect(unsafe_code, reason = "), "{} does not say why", path.display());
            modules.push(path);
        }
    }
    assert!(modules.len() > 3, "they were found");
    let lib = fs::read_to_string(root().join(format!("crates/{UNSAFE}/src/lib.rs"))).unwrap();
    for lint in ["unsafe_op_in_unsafe_fn", "clippy::undocumented_unsafe_blocks", "clippy::multiple_unsafe_ops_per_block"] {
        assert!(lib.lines().any(|line| line.starts_with("#![deny(") && line.contains(lint)), "{lint} is denied");
    }
}

#[test]
fn there_is_one_stack_of_http_and_tls() {
    let lock: toml::Table = fs::read_to_string(root().join("Cargo.lock")).unwrap().parse().unwrap();
    let packages: Vec<&str> = lock["package"].as_array().unwrap().iter().map(|package| package["name"].as_str().unwrap()).collect();
    for other in ["aws-lc-rs", "aws-lc-sys", "native-tls", "openssl-sys", "aws-smithy-http-client"] {
        assert!(!packages.contains(&other), "{other} came with a feature that nobody asked for");
    }
    for one in ["h2", "http", "hyper", "rustls", "rustls-webpki"] {
        assert_eq!(packages.iter().filter(|name| **name == one).count(), 1, "there are two versions of {one}");
    }
}
