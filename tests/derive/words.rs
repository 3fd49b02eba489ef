//! Every word that the derive knows stands in `docs/attributes.md`, and every compile-fail case is run and has its expected output.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn read(path: &str) -> String {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    std::fs::read_to_string(root.join(path)).unwrap()
}

/// The words in quotes of the derive's list, up to what is no attribute's word.
fn known() -> BTreeSet<String> {
    let source = read("crates/configcheck-derive/src/symbols.rs");
    let code: String = source.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
    code.split('"').skip(1).step_by(2).filter(|word| !word.contains(' ')).map(ToOwned::to_owned).collect()
}

#[test]
fn every_word_is_documented() {
    let page = read("docs/attributes.md");
    let missing: Vec<String> = known().into_iter().filter(|word| !page.contains(&format!("`{word}`"))).collect();
    assert!(known().len() > 60, "the list was read");
    assert_eq!(missing, [""; 0], "words without a place in docs/attributes.md");
}

#[test]
fn every_compile_fail_case_is_run() {
    let run = read("tests/ui/ui.rs");
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("ui");
    let mut cases = 0;
    for topic in std::fs::read_dir(folder).unwrap() {
        let topic = topic.unwrap().path();
        if !topic.is_dir() {
            continue;
        }
        let name = topic.file_name().unwrap().to_str().unwrap();
        assert!(run.contains(&format!("\"{name}\"")) || name == "pass", "tests/ui/ui.rs does not run {name}");
        for case in std::fs::read_dir(&topic).unwrap() {
            let case = case.unwrap().path();
            if name != "pass" && case.extension().is_some_and(|extension| extension == "rs") {
                assert!(case.with_extension("stderr").exists(), "{} has no expected output", case.display());
                cases += 1;
            }
        }
    }
    assert!(cases >= 45, "{cases} cases");
}
