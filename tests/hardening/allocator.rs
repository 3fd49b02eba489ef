//! The allocator that overwrites what a load frees.

use crate::subject_process::{Running, new_secret};

#[test]
fn what_is_copied_and_dropped_while_a_guard_lives_is_nowhere() {
    let secret = new_secret();
    let variables = [("DB_PASSWORD", secret.as_str())];
    let found = |word| {
        let mut subject = Running::with(&["take", word, "forget-loader", "wait"], &variables);
        subject.until_it_waits();
        subject.found(&secret)
    };
    let left = found("copies");
    assert!(left.whole > 10 && left.tails > 10, "without a guard copies stay: {left:?}");
    assert_eq!(found("wiped-copies").counts(), (0, 0));
    println!("figure: M1.allocator plain={}/{} wiping=0/0", left.whole, left.tails);
}
