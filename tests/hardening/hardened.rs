//! A hardened process, as another process of the same user sees it, and as it ends.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};

use crate::subject_process::{Found, Running, Workshop, new_secret, subject, unprivileged};

/// Starts a program, waits for its first stop, and says what can be read of it. A parent may look into its child where nothing else may.
const LOOK: &str = r#"
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
for line in child.stdout:
    if line == "waiting\n":
        break
def look(name, read):
    try:
        with open(f"/proc/{child.pid}/{name}", "rb") as file:
            read(file)
        print(name, "readable")
    except PermissionError:
        print(name, "refused")
def memory(file):
    start = int(open(f"/proc/{child.pid}/maps").readline().split("-")[0], 16)
    file.seek(start)
    assert file.read(4) == b"\x7fELF"
look("environ", lambda file: file.read())
look("mem", memory)
child.stdin.close()
child.wait()
"#;

/// What a process of the same user, which is not root, reads of a subject that did something.
fn seen_by_its_user(word: &str) -> String {
    let workshop = Workshop::new();
    let mut command = Command::new("python3");
    command.arg("-c").arg(LOOK).arg(workshop.program()).args([word, "wait"]).current_dir(workshop.path());
    let output = unprivileged(&mut command).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_hardened_process_is_closed_to_its_own_user() {
    assert_eq!(seen_by_its_user("harden"), "environ refused\nmem refused\n");
}

#[test]
fn a_process_that_is_not_hardened_or_leaves_debuggers_in_is_open_to_its_user() {
    // Where even this is refused the system lets no parent look into its child (`ptrace_scope`), and the test above says nothing.
    assert_eq!(seen_by_its_user("leave-debuggers"), "environ readable\nmem readable\n");
    assert_eq!(seen_by_its_user("report"), "environ readable\nmem readable\n");
}

#[test]
fn the_report_says_what_was_reached() {
    let mut subject = Running::with(&["harden", "wait"], &[]);
    assert_eq!(subject.until_it_waits(), ["closed to other processes of this user: yes; no core files: yes"]);
    let limits = fs::read_to_string(subject.proc("limits")).unwrap();
    let core: Vec<&str> = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap().split_whitespace().collect();
    assert_eq!(core[4..6], ["0", "0"], "neither limit can be raised again");

    let mut subject = Running::with(&["leave-debuggers", "wait"], &[]);
    let said = subject.until_it_waits().remove(0);
    assert!(said.starts_with("closed to other processes of this user: left out, as this service asked for; no core files: "), "{said}");
}

/// How a subject with a password ended that was made to stop itself, and the core file that it left in its folder.
fn aborted(words: &[&str], secret: &str) -> Option<Vec<u8>> {
    let workshop = Workshop::new();
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -c unlimited 2>/dev/null || ulimit -c \"$(ulimit -H -c)\"; exec \"$@\"", "sh"]).arg(workshop.program());
    command.args(words).arg("abort").env("DB_PASSWORD", secret).current_dir(workshop.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = unprivileged(&mut command).status().unwrap();
    assert_eq!(status.signal(), Some(6), "it aborted");
    let mut files = fs::read_dir(workshop.path()).unwrap().map(|entry| entry.unwrap().path());
    let core = files.find(|path| !path.ends_with("subject"));
    core.map(|path| fs::read(path).unwrap())
}

/// Whether this system writes core files into the folder of a process, and lets them be written.
fn writes_core_files() -> bool {
    let pattern = fs::read_to_string("/proc/sys/kernel/core_pattern").unwrap();
    let limit = Command::new("sh").args(["-c", "ulimit -H -c"]).output().unwrap();
    !pattern.starts_with('|') && !pattern.contains('/') && String::from_utf8(limit.stdout).unwrap().trim() != "0"
}

#[test]
fn a_hardened_process_leaves_no_core_file() {
    let secret = new_secret();
    for words in [["harden", "load"], ["leave-debuggers", "load"]] {
        assert!(aborted(&words, &secret).is_none(), "{words:?}");
    }
    if writes_core_files() {
        let core = aborted(&["load", "report"], &secret).expect("one that is not hardened leaves a core file");
        let mut found = Found::default();
        found.add(&core, &secret);
        assert!(found.whole >= 1, "and the secret is in it: {found:?}");
        println!("figure: M2.core plain={} hardened=0", found.whole);
    } else {
        // Cores go elsewhere or nowhere. `the_report_says_what_was_reached` holds the limit, and these the flag that stops every core.
        println!("figure: M2.core plain=elsewhere hardened=0");
        assert_eq!(seen_by_its_user("harden"), "environ refused\nmem refused\n");
    }
}

#[test]
fn a_program_that_a_hardened_process_starts_has_no_core_files_either() {
    let workshop = Workshop::new();
    let program = workshop.program();
    let mut outer = subject(&program, &["harden", "children"], &[]);
    let output = outer.output().unwrap();
    assert!(output.status.success(), "a hardened process starts programs as before");
    assert!(String::from_utf8(output.stdout).unwrap().contains("PATH=/usr/bin:/bin"));
}
