//! A thousand pairs of secrets that are equally valid and differ in content and length: what is told of the one is told of the other, byte by
//! byte. So nothing depends on a length, a prefix, a hash or anything else of the secret itself.

use crate::failures;
use crate::judge::derived;
use crate::pairs::{PAIRS, SEED, pair};

/// How many kinds of failures each pair meets; they are others for every pair.
const KINDS: usize = 3;

/// Kinds in which another text than the secret stands, with its length alone: whether that is a placeholder or a weak one rests on it.
const LIKE_OTHERS: [&str; 2] = ["weak, one letter", "weak, a word"];

#[test]
fn outputs_of_equally_valid_secrets_are_equal() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("sources");
    let mut failures = failures::all();
    failures.retain(|failure| !LIKE_OTHERS.contains(&failure.name));
    let (mut cells, mut differ) = (0, Vec::new());
    for number in 0..PAIRS {
        let (form, one, other) = pair(number);
        for turn in 0..KINDS {
            // A step that has no divisor in common with the count walks through all kinds.
            let failure = &failures[(number * KINDS + turn) * 101 % failures.len()];
            let (one, other) = (failure.run(&folder, one.as_bytes()), failure.run(&folder, other.as_bytes()));
            cells += one.len();
            differ.extend(derived(&one, &other).into_iter().map(|leak| format!("pair {number}, {form}, {}: {leak:?}", failure.name)));
        }
    }
    println!("figure: L3.library pairs={PAIRS} cells={cells} differ={} seed={SEED:#x}", differ.len());
    assert!(differ.is_empty(), "{} outputs differ:\n{}", differ.len(), differ.join("\n"));
}
