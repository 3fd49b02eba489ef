//! Walks the list of rules: names, codes, files, pages, and the copies of the pages in `docs/rules`.
//!
//! `UPDATE_PAGES=1 cargo test -p configcheck-checks` writes the copies anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use configcheck_core::RuleInfo;

use super::{by_name, info_of, infos};

/// Files of the folder that are no rules.
const NO_RULES: [&str; 3] = ["mod", "testing", "tests"];

/// The headings of every page, in their order.
const HEADINGS: [&str; 4] = ["## What it finds", "## Why it matters", "## Example", "## How to fix it"];

/// Every name with its code. Both are public: a team's policy and its files name them, so a change here is a change for users.
const NAMES: &str = "\
CC001 missing-required error
CC002 invalid-value error
CC003 constraint-violated error
CC004 empty-required error
CC005 unknown-key warning
CC006 conflicting-keys error
CC007 requires error
CC008 deprecated-key warning
CC009 duplicate-key warning
CC010 placeholder-value error
CC011 default-in-production error
CC012 plaintext-secret warning
CC013 weak-secret error
CC014 unresolved-reference error
CC015 insecure-url warning
CC016 localhost-in-production warning
CC017 wildcard-origin warning
CC018 debug-in-production warning
CC019 unreadable-source error
CC020 ignored-dotenv error
CC021 invalid-policy warning
CC022 example-drift warning
CC023 dialect-divergence warning
CC024 git-tracked-secret error
CC025 same-secret-in-two-environments error
CC026 unused-ignore warning
CC027 writable-by-all warning
";

fn rules_by_code() -> Vec<&'static RuleInfo> {
    let mut rules: Vec<_> = infos().collect();
    rules.sort_by_key(|rule| rule.code);
    rules
}

fn file_name(rule: &RuleInfo) -> String {
    rule.name.replace('-', "_")
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules")
}

fn stems(folder: &Path, extension: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    entries
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|other| other == extension))
        .filter_map(|path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()))
        .collect()
}

#[test]
fn names_and_codes_are_what_they_were() {
    let mut names = String::new();
    for rule in rules_by_code() {
        writeln!(names, "{} {} {}", rule.code, rule.name, rule.severity).expect("a string takes all");
    }
    assert_eq!(names, NAMES);
}

#[test]
fn names_and_codes_are_unique_and_find_their_rule() {
    for info in infos() {
        for name in [info.name, info.code] {
            let same = infos().filter(|other| other.name == name || other.code == name).count();
            assert_eq!(same, 1, "{name}");
            assert_eq!(info_of(name).map(|found| found.code), Some(info.code));
            assert!(by_name(name).is_none_or(|rule| rule.info().code == info.code), "{name}");
        }
        assert!(info.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{} is no kebab-case name", info.name);
        assert!(info.summary.ends_with('.') && !info.summary.contains('\n'), "{}: one sentence", info.name);
    }
    assert!(info_of("no-such-rule").is_none() && by_name("unknown-key").is_some());
}

#[test]
fn every_file_is_a_rule_in_the_list_with_a_page_and_tests() {
    let rules: BTreeSet<String> = infos().map(file_name).collect();
    let files: BTreeSet<String> = stems(&folder(), "rs").into_iter().filter(|stem| !NO_RULES.contains(&stem.as_str())).collect();
    assert_eq!(files, rules, "the files of the folder and the list");
    assert_eq!(stems(&folder(), "md"), rules, "the pages and the list");
    for rule in &rules {
        let text = fs::read_to_string(folder().join(format!("{rule}.rs"))).expect("the file is there");
        let title = format!("//! `{}`: ", rule.replace('_', "-"));
        assert!(text.starts_with(&title), "{rule}.rs begins with {title}");
        assert!(text.contains("mod tests {"), "{rule}.rs has tests");
        assert!(text.contains(&format!("include_str!(\"{rule}.md\")")), "{rule}.rs has its own page");
        for other in rules.iter().filter(|other| *other != rule) {
            assert!(!text.contains(&format!("super::{other}")) && !text.contains(&format!("rules::{other}")), "{rule}.rs names {other}");
        }
    }
}

#[test]
fn every_page_has_its_form() {
    for rule in rules_by_code() {
        let name = rule.name;
        let mut lines = rule.page.lines();
        assert_eq!(lines.next(), Some(format!("# {name} ({})", rule.code).as_str()));
        let severity = lines.find_map(|line| line.strip_prefix("**Severity:** ")).unwrap_or_default();
        let first_word = severity.split([' ', ',', ';']).next();
        assert_eq!(first_word, Some(rule.severity.name()), "{name}: the severity of the page");
        let headings: Vec<&str> = rule.page.lines().filter(|line| line.starts_with('#')).skip(1).collect();
        assert_eq!(headings, HEADINGS, "{name}: the headings of the page");
        assert!(rule.page.contains(&format!("[{name}]")), "{name}: the example shows the rule's name");
        assert!(rule.page.ends_with('\n') && !rule.page.contains("\n\n\n"), "{name}: the page's blank lines");
    }
}

#[test]
fn the_copies_of_the_pages_are_current() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/rules");
    let mut expected = vec![("README.md".to_owned(), table())];
    for info in infos() {
        let source = format!("crates/configcheck-checks/src/rules/{}.md", file_name(info));
        expected.push((format!("{}.md", info.name), format!("<!-- Made from {source}; edit that file. -->\n\n{}", info.page)));
    }
    if std::env::var_os("UPDATE_PAGES").is_some() {
        fs::create_dir_all(&docs).expect("the folder can be made");
        for (file, text) in &expected {
            fs::write(docs.join(file), text).expect("the page can be written");
        }
    }
    for (file, text) in &expected {
        let current = fs::read_to_string(docs.join(file)).unwrap_or_default();
        assert!(current == *text, "docs/rules/{file} is stale: run UPDATE_PAGES=1 cargo test -p configcheck-checks");
    }
    let files: BTreeSet<String> = stems(&docs, "md").into_iter().map(|stem| format!("{stem}.md")).collect();
    let names: BTreeSet<String> = expected.into_iter().map(|(file, _)| file).collect();
    assert_eq!(files, names, "docs/rules holds the pages and nothing else");
}

/// The table of all rules.
fn table() -> String {
    let mut table = String::from(
        "<!-- Made from the list in crates/configcheck-checks/src/rules/mod.rs; edit the rules. -->\n\n\
         # The rules\n\n\
         The same rules check a service when it starts and its configuration before a deploy. A finding stops the start when it is an\n\
         error. Rules about files under version control, examples, other readers and several environments find something only where the\n\
         command looks at those. Names and codes never change; a policy may use either.\n\n\
         | Code | Rule | Severity | What it finds |\n|---|---|---|---|\n",
    );
    for rule in rules_by_code() {
        writeln!(table, "| {} | [{}]({}.md) | {} | {} |", rule.code, rule.name, rule.name, rule.severity, rule.summary)
            .expect("a string takes all");
    }
    table.push_str(
        "\nA finding in a file is accepted on its line: `# configcheck: ignore[unknown-key] read by compose`. Without a reason nothing is\n\
         accepted. Layout, order and quoting style are never findings.\n",
    );
    table
}
