//! What a policy of Vault says, and what a comparison finds.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use configcheck_core::SecretRef;

use super::*;

fn needs(references: &[(&str, &str)]) -> Needs {
    let mut needs = Needs::default();
    for (variable, text) in references {
        needs.add(&SecretRef::parse(text).unwrap().unwrap(), variable);
    }
    needs
}

fn shop() -> Needs {
    needs(&[
        ("JWT_SECRET", "vault:secret/data/production/checkout#jwt_secret"),
        ("STRIPE_KEY", "vault:secret/data/production/checkout#stripe"),
        ("DATABASE_URL", "vault:database/creds/checkout#url"),
        ("SMTP_PASSWORD", "bao:kv/mail#password"),
    ])
}

#[test]
fn each_path_once_with_its_variables() {
    let policy = policy(&shop(), &Options::default()).unwrap();
    let expected = "\
# DATABASE_URL
path \"database/creds/checkout\" {
  capabilities = [\"read\"]
}

# SMTP_PASSWORD
path \"kv/mail\" {
  capabilities = [\"read\"]
}

# JWT_SECRET, STRIPE_KEY
path \"secret/data/production/checkout\" {
  capabilities = [\"read\"]
}

# keeps secrets that Vault makes for this process
path \"sys/leases/renew\" {
  capabilities = [\"update\"]
}

# gives them back when the process ends
path \"sys/leases/revoke\" {
  capabilities = [\"update\"]
}
";
    assert_eq!(policy.text, expected);
    assert!(policy.notes.iter().any(|note| note.contains("sys/leases/revoke")), "{:?}", policy.notes);
}

#[test]
fn doctor_reads_what_is_known_of_a_secret() {
    let only = needs(&[("A", "vault:team/kv/data/a/data/b#k"), ("B", "vault:kv1/b#k")]);
    let policy = policy(&only, &Options { doctor: true, ..Options::default() }).unwrap();
    let paths: Vec<&str> = policy.text.lines().filter(|line| line.starts_with("path ")).collect();
    assert_eq!(paths, ["path \"kv1/b\" {", "path \"team/kv/data/a/data/b\" {", "path \"team/kv/metadata/a/data/b\" {"]);
}

#[test]
fn a_namespace_has_a_policy_of_its_own() {
    let all = needs(&[("A", "vault:secret/data/a?ns=team/shop#k"), ("B", "vault:secret/data/b#k")]);
    let own = policy(&all, &Options::default()).unwrap();
    assert!(own.text.contains("secret/data/b") && !own.text.contains("secret/data/a"), "{}", own.text);
    assert!(own.notes.iter().any(|note| note.contains("--namespace team/shop")), "{:?}", own.notes);
    let team = policy(&all, &Options { namespace: Some("team/shop".to_owned()), ..Options::default() }).unwrap();
    assert!(team.text.starts_with("# Written into the namespace team/shop") && !team.text.contains("data/b"), "{}", team.text);
    let none = policy(&all, &Options { namespace: Some("other".to_owned()), ..Options::default() }).unwrap_err();
    assert!(none.to_string().contains("no reference leads to Vault"), "{none}");
}

#[test]
fn a_path_that_would_mean_more_is_refused() {
    for path in
        ["secret/data/*", "secret/+/checkout", "secret/data/{{identity.entity.name}}", "secret/data/a${b", "secret/data/{environment}/a"]
    {
        // What the grammar of references refuses already gets no further.
        let Some(Ok(reference)) = SecretRef::parse(&format!("vault:{path}#k")) else { continue };
        let mut needs = Needs::default();
        needs.add(&reference, "KEY");
        let problems = policy(&needs, &Options::default()).unwrap_err();
        assert_eq!(problems.0.len(), 1, "{path}");
        assert_eq!(problems.0[0].variables, ["KEY"], "{path}");
    }
}

#[test]
fn what_a_name_holds_stays_within_its_quotes() {
    for hostile in ["a\"b", "a\\b", "a\"} path \"*\" { capabilities = [\"sudo\"] } path \"x", "ä\u{2028}ö", "a\u{7}b", "#x", "x/*x*/"] {
        let mut rules = BTreeMap::new();
        let rule = Rule { capabilities: ["read"].into(), serves: [format!("KEY\npath \"{hostile}\" {{}}")].into() };
        rules.insert(hostile.to_owned(), rule);
        let written = text(&rules, &Options::default());
        let read = hcl::paths(&written).unwrap();
        assert_eq!(read.len(), 1, "{written}");
        assert_eq!((&*read[0].path, &*read[0].capabilities), (hostile, &["read".to_owned()][..]), "{written}");
    }
}

#[track_caller]
fn drift(in_use: &str) -> Drift {
    let needs = needs(&[("A", "vault:secret/data/a#k"), ("B", "vault:secret/data/b#k")]);
    compare(&needs, &Options::default(), in_use).unwrap().unwrap()
}

#[test]
fn order_and_spelling_are_no_drift() {
    let same = "/* both */ path \"secret/data/b\" { capabilities=[\"read\",] }\n// a\npath \"/secret/data/a\"\n{\n capabilities = [\n\"read\" # x\n]\n}\npath \"auth/token/lookup-self\" { capabilities = [\"read\"] }\nname = \"x\"\n";
    assert_eq!(drift(same), Drift::default());
    let json = r#"{"path": {"secret/data/a": {"capabilities": ["read"]}, "secret/data/b": {"policy": "read"}}}"#;
    assert_eq!(drift(json).extra, ["list on secret/data/b"]);
    assert_eq!(drift(json).missing, [""; 0]);
}

#[test]
fn what_is_missing_and_what_is_too_much() {
    let found =
        drift("path \"secret/data/a\" { capabilities = [\"read\", \"update\"] }\npath \"secret/data/c\" { capabilities = [\"list\"] }");
    assert_eq!(found.missing, ["read on secret/data/b"]);
    assert_eq!(found.extra, ["list on secret/data/c", "update on secret/data/a"]);
    let wide = drift("path \"secret/*\" { capabilities = [\"read\"] }");
    assert_eq!((wide.missing.as_slice(), wide.extra.as_slice()), (&[][..], &["read on secret/*".to_owned()][..]));
    let one_step = drift(
        "path \"secret/+/a\" { policy = \"read\" }\npath \"secret/data/b\" { capabilities = [\"deny\"] }\npath \"secret/data/*\" { capabilities = [\"read\"] }",
    );
    assert_eq!(one_step.missing, ["read on secret/data/b"], "a denial decides over what is less specific");
    let narrowed = drift(
        "path \"secret/data/a\" { capabilities = [\"read\"]\n required_parameters = [\"version\"]\n allowed_parameters = { \"version\" = [\"1\"] } }\npath \"secret/data/b\" { capabilities = [\"read\"] }",
    );
    assert_eq!(narrowed.missing, ["read on secret/data/a"]);
    assert_eq!(drift("").missing.len(), 2);
}

#[test]
fn what_is_no_policy_is_told_by_its_line() {
    let needs = needs(&[("A", "vault:secret/data/a#k")]);
    for (text, line) in [
        ("\npath x {", 2),
        ("path \"a\" {", 1),
        ("\n\npath \"a\" { capabilities = \"read\" }", 3),
        ("path \"a", 1),
        ("/* a", 1),
        ("%", 1),
        ("path", 1),
        ("{\n\"path\": 1", 2),
    ] {
        let unread = compare(&needs, &Options::default(), text).unwrap().unwrap_err();
        assert_eq!(unread.line, line, "{text:?} {unread}");
    }
}
