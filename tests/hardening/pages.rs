//! Text in pages of its own, as it is seen from outside.

use std::fs;
use std::process::{Command, Stdio};

use crate::subject_process::{Running, Workshop, new_secret, unprivileged};

/// The kilobytes of a line of `/proc/PID/status`.
fn kilobytes(subject: &Running, name: &str) -> u64 {
    let status = fs::read_to_string(subject.proc("status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn a_locked_text_is_in_its_pages_and_nowhere_else() {
    let secret = new_secret();
    let mut subject = Running::with(&["take", "lock", "forget-loader", "wait", "drop", "wait"], &[("DB_PASSWORD", &secret)]);
    let keeping = subject.until_it_waits().remove(1);
    let found = subject.found(&secret);
    println!("figure: M1.locked keeping={keeping} alive={}/{}", found.whole, found.tails);
    match keeping.as_str() {
        "SecretPages" => {
            assert_eq!(found.counts(), (0, 0), "not even root reads these pages");
            assert!(found.unreadable.iter().any(|line| line.contains("secretmem")), "{:?}", found.unreadable);
        }
        "LockedPages" => assert_eq!(found.counts(), (1, 1)),
        other => panic!("the limit of locked memory is too small for one page here (`ulimit -l`): {other}"),
    }
    assert!(kilobytes(&subject, "VmLck") >= 4, "the pages are not swapped");
    subject.go_on();
    assert_eq!(subject.until_it_waits(), ["dropped"]);
    let dropped = subject.found(&secret);
    println!("figure: M1.locked dropped={}/{}", dropped.whole, dropped.tails);
    assert_eq!(dropped.counts(), (0, 0));
    assert_eq!(kilobytes(&subject, "VmLck"), 0, "the pages were given back");
}

/// What a subject says that may lock no memory at all.
fn without_locked_memory(words: &[&str], secret: &str) -> String {
    let workshop = Workshop::new();
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -l 0; exec \"$@\"", "sh"]).arg(workshop.program()).args(words).env("DB_PASSWORD", secret);
    // Root may lock memory beyond the limit.
    let output = unprivileged(&mut command).stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn where_no_more_may_be_locked_it_says_so_and_goes_on() {
    assert_eq!(without_locked_memory(&["lock"], &new_secret()), "UnlockedPages\n");
}

#[test]
fn a_field_that_insists_is_refused_there_and_kept_elsewhere() {
    let secret = new_secret();
    let said = without_locked_memory(&["insist"], &secret);
    assert!(said.contains("DB_PASSWORD") && !said.contains(&secret), "{said}");
    let mut subject = Running::with(&["insist", "wait"], &[("DB_PASSWORD", &secret)]);
    assert_eq!(subject.until_it_waits(), ["locked: true"]);
}
