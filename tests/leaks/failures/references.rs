//! Failures of references to secret managers.

use super::*;

/// The example of age's own specification: a good head, so that identities are read.
const AGE_FILE: &str = "age-encryption.org/v1
-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc
EmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U
--- Vn+54jqiiUCE+WZcEVY3f1sqHjlu/z1LCQ/T7Xm7qI0
not-a-real-payload-not-a-real-payload-not-a-real-payload";

/// What stands behind the values of a file that SOPS encrypted, for nobody here.
const SOPS: &str = r#""sops":{"age":[{"recipient":"age1not-a-real-recipient","enc":"not-a-real-key"}],
"lastmodified":"2026-01-01T00:00:00Z","mac":"ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:str]","version":"3.9.0"}}"#;

/// Files of SOPS in which the secret stands where it should not, and keys that are none.
fn sops_files() -> Vec<Failure> {
    fn file(name: &'static str, text: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Failure {
        failure::<settings::Token>(name, move |folder, secret| {
            let path = folder.join("a.json");
            std::fs::write(&path, text(secret)).unwrap();
            base().vars([("TOKEN", format!("sops:{}#/k", path.display()))])
        })
    }
    let end = |before: &'static str, secret: &[u8], behind: &'static str| {
        joined(&[before.as_bytes(), &quoted(secret), behind.as_bytes(), SOPS.as_bytes()])
    };
    vec![
        file("sops: value that is not encrypted", move |secret| end("{\"k\":", secret, ",")),
        file("sops: encrypted value that is none", move |secret| {
            end("{\"k\":", &around("ENC[AES256_GCM,data:", secret, ",iv:AAAA,tag:AAAA,type:str]"), ",")
        }),
        file("sops: type of a value", move |secret| {
            end("{\"k\":", &around("ENC[AES256_GCM,data:AAAA,iv:AAAA,tag:AAAA,type:", secret, "]"), ",")
        }),
        file("sops: name of a value", move |secret| end("{", secret, ":1,")),
        file("sops: no metadata", |secret| around("{\"k\":", &quoted(secret), "}")),
        file("sops: cut off", |secret| around("{\"k\":", &quoted(secret), "")),
        file("sops: only the secret", <[u8]>::to_vec),
        file("sops: version", |secret| around("{\"k\":\"x\",\"sops\":{\"mac\":\"x\",\"version\":", &quoted(secret), "}}")),
        failure::<settings::Token>("sops: identity that is none", move |folder, secret| {
            let path = folder.join("a.json");
            std::fs::write(&path, end("{\"k\":", b"x", ",")).unwrap();
            base().vars([("TOKEN", os(format!("sops:{}#/k", path.display()).as_bytes())), ("SOPS_AGE_KEY", os(secret))])
        }),
    ]
}

pub(super) fn references() -> Vec<Failure> {
    let mut all = vec![
        fetched::<settings::Number>("reference: value of the wrong type", "vault:secret/a", |secret| value_of(secret.to_vec())),
        fetched::<settings::Token>("reference: value that is not UTF-8", "vault:secret/a", |secret| value_of(joined(&[secret, b"\xff"]))),
        fetched::<settings::Token>("reference: value that is a reference", "vault:secret/a", |secret| {
            value_of(around("file:/", secret, ""))
        }),
        fetched::<settings::Token>("reference: value that is no good reference", "vault:secret/a", |secret| {
            value_of(around("age:\\", secret, ""))
        }),
        fetched::<settings::Token>("reference: field of a value that is no JSON", "vault:secret/a#b", |secret| value_of(secret.to_vec())),
        fetched::<settings::Token>("reference: field that JSON lacks", "vault:secret/a#b", |secret| {
            value_of(around("{\"a\": ", &quoted(secret), "}"))
        }),
        fetched::<settings::Token>("reference: field of JSON that is cut off", "vault:secret/a#b", |secret| {
            value_of(around("{\"b\": ", &quoted(secret), ""))
        }),
        fetched::<settings::Token>("reference: pointer into a text", "vault:secret/a#/b/c", |secret| {
            value_of(around("{\"b\": ", &quoted(secret), "}"))
        }),
        fetched::<settings::Token>("reference: field that is a list", "vault:secret/a#b", |secret| {
            value_of(around("{\"b\": [", &quoted(secret), "]}"))
        }),
        fetched::<settings::Token>("reference: secret as a key of JSON", "vault:secret/a#b", |secret| {
            value_of(around("{", &quoted(secret), ": 1}"))
        }),
        fetched::<settings::Token>("reference: field that a map lacks", "vault:secret/a#b", |secret| map_of("a", secret.to_vec())),
        fetched::<settings::Token>("reference: map without a field", "vault:secret/a", |secret| map_of("a", secret.to_vec())),
        fetched::<settings::Number>("reference: field of a map, wrong type", "vault:secret/a#a", |secret| map_of("a", secret.to_vec())),
        fetched::<settings::Token>("reference: secret as a name in a map", "vault:secret/a#b", |secret| {
            map_of(lossy(secret), b"x".to_vec())
        }),
        failure::<settings::Fetched>("reference: no provider for another field", |_, secret| base().vars([("TOKEN", os(secret))])),
        failure::<settings::Number>("file: value of the wrong type", |folder, secret| {
            std::fs::write(folder.join("a.txt"), secret).unwrap();
            base().vars([("TOKEN", format!("file:{}", folder.join("a.txt").display()))])
        }),
        failure::<settings::Token>("file: value that is not UTF-8", |folder, secret| {
            std::fs::write(folder.join("a.txt"), joined(&[secret, b"\xff"])).unwrap();
            base().vars([("TOKEN", format!("file:{}", folder.join("a.txt").display()))])
        }),
        failure::<settings::Token>("file: field that JSON lacks", |folder, secret| {
            std::fs::write(folder.join("a.json"), around("{\"a\": ", &quoted(secret), "}")).unwrap();
            base().vars([("TOKEN", format!("file:{}#/b/0", folder.join("a.json").display()))])
        }),
        failure::<settings::Token>("file: syntax of JSON", |folder, secret| {
            std::fs::write(folder.join("a.json"), around("{\"a\": ", secret, "")).unwrap();
            base().vars([("TOKEN", format!("file:{}#a", folder.join("a.json").display()))])
        }),
        failure::<settings::Number>("map of secrets: wrong type", |_, secret| {
            base().secrets_from("vault:all").provider(map_of("TOKEN", secret.to_vec()))
        }),
        failure::<settings::Token>("map of secrets that is no map", |_, secret| {
            base().secrets_from("vault:all").provider(value_of(secret.to_vec()))
        }),
        failure::<settings::Token>("map of secrets that is cut off", |_, secret| {
            base().secrets_from("vault:all").provider(value_of(around("{\"TOKEN\": ", &quoted(secret), "")))
        }),
        failure::<settings::Token>("map of secrets with the secret as a name", |_, secret| {
            base().secrets_from("vault:all").provider(map_of(lossy(secret), b"x".to_vec()))
        }),
        failure::<settings::Token>("age: identity that is none", |folder, secret| {
            std::fs::write(folder.join("a.age"), AGE_FILE).unwrap();
            let reference = format!("age:{}#A", folder.join("a.age").display());
            base().vars([("TOKEN", reference.into()), ("CONFIGCHECK_AGE_IDENTITY", os(secret))]).provider(AgeProvider::new())
        }),
        failure::<settings::Token>("age: identity of the right form", |folder, secret| {
            std::fs::write(folder.join("a.age"), AGE_FILE).unwrap();
            let reference = format!("age:{}#A", folder.join("a.age").display());
            let identity = os(&around("AGE-SECRET-KEY-1", secret, ""));
            base().vars([("TOKEN", reference.into()), ("SOPS_AGE_KEY", identity)]).provider(AgeProvider::new())
        }),
        failure::<settings::Token>("age: file that is the secret", |folder, secret| {
            std::fs::write(folder.join("a.age"), secret).unwrap();
            base().vars([("TOKEN", format!("age:{}#A", folder.join("a.age").display()))]).provider(AgeProvider::new())
        }),
        failure::<settings::Token>("age: identity file that is the secret", |folder, secret| {
            std::fs::write(folder.join("a.age"), AGE_FILE).unwrap();
            let reference = format!("age:{}#A", folder.join("a.age").display());
            base().vars([("TOKEN", reference.into()), ("CONFIGCHECK_AGE_IDENTITY_FILE", os(secret))]).provider(AgeProvider::new())
        }),
    ];
    all.extend(sops_files());
    all.extend([
        unresolved("another reference: absent", || Outcome::Absent(Reason::new("no such secret").help("make it"))),
        unresolved("another reference: denied", || Outcome::Denied(Reason::new("no right to read"))),
        unresolved("another reference: throttled", || Outcome::Throttled { retry_after: None, reason: Reason::new("too many requests") }),
        unresolved("another reference: unavailable", || Outcome::unavailable(Reason::new("no answer"))),
        unresolved("another reference: malformed", || Outcome::Malformed(Reason::new("no secret"))),
        unresolved("another reference: not known there", || Outcome::AuthFailed(Reason::new("the login expired"))),
    ]);
    all
}
