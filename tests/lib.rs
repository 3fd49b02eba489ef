//! Holds the test targets together: the example files that they share, and the Rust of the README and the guide as documentation tests.

use std::fs;
use std::path::Path;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../docs/guide.md")]
struct Guide;

#[cfg(doctest)]
#[doc = include_str!("../docs/guide/secrets.md")]
struct GuideToSecrets;

#[cfg(doctest)]
#[doc = include_str!("../docs/guide/schema.md")]
struct GuideToSchemas;

#[cfg(doctest)]
#[doc = include_str!("../docs/guide/memory.md")]
struct GuideToMemory;

#[cfg(doctest)]
#[doc = include_str!("../docs/attributes.md")]
struct Attributes;

#[cfg(doctest)]
#[doc = include_str!("../docs/testing.md")]
struct Testing;

/// The names and bytes of the example environment files in `tests/corpus`, in the order of the names.
///
/// # Panics
///
/// When the folder cannot be read or holds a file with another kind of name.
pub fn corpus() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder of the corpus is there") {
        let path = entry.expect("the folder can be listed").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("names are UTF-8").to_owned();
        if name != "README.md" {
            assert!(name.ends_with(".env.example"), "{name} does not end as examples do");
            files.push((name, fs::read(path).expect("the file can be read")));
        }
    }
    files.sort();
    files
}
