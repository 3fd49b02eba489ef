//! Secrets that were taken out of the process environment.

use crate::subject_process::{Running, Workshop, new_secret, subject, unprivileged};

/// What the environment of a subject holds: a password under its alias, a key, a token of a nested struct, one of a provider, and others.
fn variables<'v>(password: &'v str, key: &'v str, token: &'v str) -> Vec<(&'static str, &'v str)> {
    vec![
        ("PORT", "8081"),
        ("OLD_PASSWORD", password),
        ("SESSION_KEY", key),
        ("MAIL_TOKEN", key),
        ("VAULT_TOKEN", token),
        ("VAULT_ADDR", "https://vault.example.com"),
        ("DB_PASSWORDS", "not-a-secret-of-this-service"),
    ]
}

#[test]
fn a_secret_that_was_taken_is_in_no_memory_but_its_own() {
    let (password, key, token) = (new_secret(), new_secret(), new_secret());
    let words = ["wait", "take", "wait", "load", "forget-loader", "wait", "drop", "wait"];
    let mut subject = Running::with(&words, &variables(&password, &key, &token));

    assert!(subject.until_it_waits().is_empty());
    assert_eq!(subject.found(&password).counts(), (1, 1), "the search finds what the kernel handed over");
    assert_eq!(subject.found_in_environment(&password).counts(), (1, 1));
    subject.go_on();

    assert_eq!(subject.until_it_waits(), ["taken: MAIL_TOKEN OLD_PASSWORD SESSION_KEY VAULT_TOKEN"]);
    for (secret, copies) in [(&password, 1), (&key, 2), (&token, 1)] {
        assert_eq!(subject.found_in_environment(secret).counts(), (0, 0));
        assert_eq!(subject.found(secret).counts(), (copies, copies), "what was taken waits for the load");
    }
    let environment = std::fs::read(subject.proc("environ")).unwrap();
    let texts: Vec<_> = environment.split(|byte| *byte == 0).filter(|text| !text.is_empty()).collect();
    let names: Vec<_> = texts.iter().map(|text| text.split(|byte| *byte == b'=').next().unwrap()).collect();
    assert_eq!(names.len(), 4, "what is no secret stays, and of a secret not even the name");
    assert!(names.contains(&b"DB_PASSWORDS".as_slice()) && names.contains(&b"VAULT_ADDR".as_slice()));
    subject.go_on();

    assert_eq!(subject.until_it_waits(), ["loaded: 8081 true true", "the loader is gone"]);
    let alive = subject.found(&password);
    println!("figure: M1.environment-taken alive={}/{} environ=0/0", alive.whole - 1, alive.tails - 1);
    assert_eq!(alive.counts(), (1, 1), "only the secret itself is left");
    assert_eq!(subject.found(&token).counts(), (0, 0));
    subject.go_on();

    assert_eq!(subject.until_it_waits(), ["dropped"]);
    let dropped = subject.found(&password);
    println!("figure: M1.environment-taken dropped={}/{}", dropped.whole, dropped.tails);
    assert_eq!(dropped.counts(), (0, 0));
    assert_eq!(subject.found(&key).counts(), (0, 0));
}

#[test]
fn without_it_the_environment_keeps_its_copy() {
    let secret = new_secret();
    let mut subject = Running::with(&["load", "drop", "wait"], &variables(&secret, &secret, &secret));
    assert_eq!(subject.until_it_waits(), ["loaded: 8081 true true", "dropped"]);
    assert_eq!(subject.found_in_environment(&secret).counts(), (4, 4));
    assert!(subject.found(&secret).whole >= 4);
}

#[test]
fn children_do_not_inherit_what_was_taken() {
    let (password, key, token) = (new_secret(), new_secret(), new_secret());
    let mut subject = Running::with(&["children", "take", "children", "wait"], &variables(&password, &key, &token));
    let said = subject.until_it_waits();
    assert!(said[0].contains(&password) && said[0].contains(&token), "a child inherits what is there");
    for secret in [&password, &key, &token] {
        assert!(!said[2].contains(secret.as_str()));
    }
    for name in ["OLD_PASSWORD", "SESSION_KEY", "MAIL_TOKEN", "VAULT_TOKEN"] {
        assert!(!said[2].contains(name), "{name}");
    }
    assert!(said[2].contains("PORT=8081") && said[2].contains("DB_PASSWORDS=not-a-secret-of-this-service"));
}

#[test]
fn a_process_with_threads_keeps_its_environment_and_is_told_so() {
    let secret = new_secret();
    let mut subject = Running::with(&["thread", "take", "load", "wait"], &variables(&secret, &secret, &secret));
    let said = subject.until_it_waits();
    assert_eq!(
        said[1],
        "the secrets stay in the process environment: the process has 2 threads, and others may be reading it; take them first in main, \
         before a runtime or any other thread is started"
    );
    assert_eq!(said[2], "loaded: 8081 true true", "and it loads as ever");
    assert_eq!(subject.found_in_environment(&secret).counts(), (4, 4));
}

#[test]
fn it_is_taken_from_a_hardened_process_too() {
    // Where root is not asked for, `/proc/self` is hardly one's own any more.
    let (secret, workshop) = (new_secret(), Workshop::new());
    let mut command = subject(&workshop.program(), &["harden", "take", "load", "wait"], &variables(&secret, &secret, &secret));
    let mut subject = Running::start(unprivileged(&mut command));
    let said = subject.until_it_waits();
    assert_eq!(said[1..], ["taken: MAIL_TOKEN OLD_PASSWORD SESSION_KEY VAULT_TOKEN", "loaded: 8081 true true"]);
}

#[test]
fn a_report_reads_the_same_with_and_without_it() {
    let faults: &[&[(&str, &str)]] = &[
        &[("DB_PASSWORD", "too-short"), ("PORT", "80a80"), ("MAIL_TOKEN", "")],
        &[("OLD_PASSWORD", "not-a-real-password-of-a-test"), ("DB_PASSWORD", "not-a-real-password-as-well")],
        &[("DB_PASSWORD_FILE", "/no/such/file"), ("DB_PASSWORD", "not-a-real-password-of-a-test"), ("SESSION_KEYS", "x")],
        &[("MAIL_TOKEN", "file:/no/such/file"), ("DB_PASWORD", "not-a-real-password-of-a-test")],
        &[("VAULT_TOKEN", "not-a-real-token"), ("DB_PASSWORD", "vault:secret/data/x#y")],
        &[],
    ];
    for variables in faults {
        let mut plain = Running::with(&["report", "wait"], variables);
        let mut taken = Running::with(&["take", "report", "wait"], variables);
        let (plain, taken) = (plain.until_it_waits().remove(0), taken.until_it_waits().remove(1));
        assert!(plain.contains("subject"), "{plain}");
        assert_eq!(plain, taken);
    }
}
