//! Secrets of the two KV engines: versions, what was deleted, what is not there, what may not be read, and how many requests it takes.

use configcheck_core::provider::{Outcome, OutcomeKind, Retry};
use configcheck_test_servers::{OpenBao, OpenBaoOptions, unique};
use configcheck_testkit::failure_lab::FailureLab;
use configcheck_vault::{Credential, Login, VaultProvider};

use crate::harness::{at, batch, connect, fetch, found, reason, root, value, values, wait, with_token};

/// A mount of a KV engine of its own.
fn mount(bao: &OpenBao, version: u8) -> String {
    let mount = unique("kv");
    bao.enable(&mount, "kv", &format!(r#"{{"version":"{version}"}}"#));
    mount
}

#[test]
fn a_secret_of_a_versioned_engine_has_its_values_version_and_time() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 2);
    bao.write(
        &format!("{kv}/data/app"),
        r#"{"data":{"password":"not-a-real-password","empty":"","port":5432,"on":true,"none":null,"list":[1,"b"]}}"#,
    );
    let session = root(bao);
    let fetched = found(&session, &format!("vault:{kv}/data/app#password"));
    let expected = [("empty", ""), ("list", r#"[1,"b"]"#), ("on", "true"), ("password", "not-a-real-password"), ("port", "5432")];
    assert_eq!(values(&fetched), expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert_eq!(fetched.version.as_deref(), Some("1"));
    assert!(fetched.created.unwrap().elapsed().unwrap().as_secs() < 600);
    assert!(fetched.lease.is_none() && fetched.not_after.is_none());
}

#[test]
fn values_arrive_byte_for_byte() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 2);
    let hard = "pa$$word '\" \\ \n\r\t ä€😀 007 1e5 \u{7f} <>& \u{2028}";
    let quoted = serde_json::to_string(hard).unwrap();
    bao.write(&format!("{kv}/data/app"), &format!(r#"{{"data":{{"hard":{quoted},"number":"007","exponent":"1e5"}}}}"#));
    let session = root(bao);
    let reference = format!("vault:{kv}/data/app#hard");
    assert_eq!(value(&session, &reference, "hard"), hard);
    assert_eq!(value(&session, &reference, "number"), "007");
    assert_eq!(value(&session, &reference, "exponent"), "1e5");
}

#[test]
fn a_version_can_be_asked_for() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 2);
    for value in ["one", "two", "three"] {
        bao.write(&format!("{kv}/data/app"), &format!(r#"{{"data":{{"a":"{value}"}}}}"#));
    }
    let session = root(bao);
    assert_eq!(value(&session, &format!("vault:{kv}/data/app?version=2#a"), "a"), "two");
    assert_eq!(value(&session, &format!("vault:{kv}/data/app#a"), "a"), "three");
    // Without data in the path, the version is asked for once the engine is known.
    assert_eq!(value(&session, &format!("vault:{kv}/app?version=1#a"), "a"), "one");
    let outcome = fetch(&session, &format!("vault:{kv}/data/app?version=9#a"));
    assert_eq!(
        (outcome.kind(), reason(&outcome).message),
        (OutcomeKind::Absent, format!("vault has nothing at version 9 of {kv}/data/app (404)"))
    );
}

#[test]
fn a_deleted_version_says_so_and_how_to_bring_it_back() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 2);
    let path = format!("{kv}/data/app");
    bao.write(&path, r#"{"data":{"a":"one"}}"#);
    bao.delete(&path);
    let session = root(bao);
    let outcome = fetch(&session, &format!("vault:{path}#a"));
    let told = reason(&outcome);
    assert_eq!(outcome.kind(), OutcomeKind::Absent);
    assert!(told.message.starts_with(&format!("version 1 of {path} was deleted at 20")), "{told:?}");
    assert_eq!(told.help[0], format!("bring it back: vault kv undelete -versions=1 -mount={kv} app"));

    bao.write(&format!("{kv}/destroy/app"), r#"{"versions":[1]}"#);
    let outcome = fetch(&session, &format!("vault:{path}#a"));
    assert_eq!(
        (outcome.kind(), reason(&outcome).message),
        (OutcomeKind::Absent, format!("version 1 of {path} is destroyed, and its value is gone for good"))
    );
}

#[test]
fn a_secret_of_the_first_engine_has_no_versions() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 1);
    bao.write(&format!("{kv}/app/db"), r#"{"password":"not-a-real-password","data":"plain"}"#);
    let session = root(bao);
    let fetched = found(&session, &format!("vault:{kv}/app/db#password"));
    assert_eq!(values(&fetched)[1], ("password".to_owned(), "not-a-real-password".to_owned()));
    assert!(fetched.version.is_none() && fetched.lease.is_none());
    let outcome = fetch(&session, &format!("vault:{kv}/app/db?version=1#password"));
    assert_eq!(
        (outcome.kind(), reason(&outcome).message),
        (OutcomeKind::Malformed, format!("{kv}/app/db has no versions: it is no secret of a KV version 2"))
    );
}

/// A secret of the first engine whose members look like those of the second one's answers is what it is.
#[test]
fn a_secret_that_looks_nearly_like_a_versioned_one_is_plain() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 1);
    bao.write(&format!("{kv}/app"), r#"{"data":{"a":"b"},"metadata":{"version":"1"}}"#);
    let fetched = found(&root(bao), &format!("vault:{kv}/app#data"));
    assert_eq!(values(&fetched)[0], ("data".to_owned(), r#"{"a":"b"}"#.to_owned()));
}

#[test]
fn data_is_put_into_the_path_once_for_each_mount() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 2);
    for name in ["a", "b", "c"] {
        bao.write(&format!("{kv}/data/{name}"), r#"{"data":{"k":"v"}}"#);
    }
    let session = root(bao);
    let before = bao.requests(&format!("{kv}/"));
    for name in ["a", "b", "c"] {
        assert_eq!(value(&session, &format!("vault:{kv}/{name}#k"), "k"), "v");
    }
    assert_eq!(bao.requests(&format!("{kv}/")) - before, 4, "one to learn it, and one for each");
    let outcome = fetch(&session, &format!("vault:{kv}/none#k"));
    assert_eq!((outcome.kind(), reason(&outcome).message), (OutcomeKind::Absent, format!("vault has nothing at {kv}/data/none (404)")));
}

#[test]
fn what_is_not_there_says_what_that_can_mean() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 2);
    let session = root(bao);
    let outcome = fetch(&session, &format!("vault:{kv}/data/team/app#k"));
    let told = reason(&outcome);
    assert_eq!((outcome.kind(), told.message), (OutcomeKind::Absent, format!("vault has nothing at {kv}/data/team/app (404)")));
    assert_eq!(
        told.help,
        [
            format!("write it: vault kv put -mount={kv} team/app KEY=VALUE"),
            format!("or the path is misspelt: vault kv list -mount={kv} team"),
            format!("or {kv} is a KV version 1, whose paths have no data/: vault:{kv}/team/app"),
        ]
    );
}

/// A mount that is not there is no secret that is not there: no default may stand in for it.
#[test]
fn a_mount_that_is_not_there_is_not_absent() {
    let bao = OpenBao::shared();
    let outcome = fetch(&root(bao), "vault:no-such-mount/data/app#k");
    assert_eq!(
        (outcome.kind(), reason(&outcome).message),
        (
            OutcomeKind::Malformed,
            format!("no secrets engine is mounted where no-such-mount/data/app leads, in the root namespace of vault at {}", bao.address())
        )
    );
}

#[test]
fn what_may_not_be_read_says_what_that_can_mean_and_takes_one_request() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 2);
    bao.write(&format!("{kv}/data/app"), r#"{"data":{"k":"v"}}"#);
    let token = bao.token_with(&["default"], "10m");
    let session = connect(&with_token(bao, &token));
    let outcome = fetch(&session, &format!("vault:{kv}/data/app#k"));
    let told = reason(&outcome);
    assert_eq!(
        (outcome.kind(), told.message),
        (OutcomeKind::Denied, format!("vault does not let the token that the program gives read {kv}/data/app (403)"))
    );
    assert_eq!(
        told.help,
        [
            format!(
                r#"allow it in a policy of this login: path "{kv}/data/app" {{ capabilities = ["read"] }}; then check: vault token capabilities {kv}/data/app"#
            ),
            "or the login is another than expected, or belongs to a namespace and VAULT_NAMESPACE is not set: vault token lookup"
                .to_owned(),
            "or the path is misspelt: vault answers the same for what does not exist".to_owned(),
        ]
    );
    assert_eq!(bao.requests(&format!("{kv}/data/app")), 2, "one wrote it");
    let told = reason(&fetch(&session, &format!("vault:{kv}/app#k")));
    assert_eq!(told.help[3], format!("or {kv} is a KV version 2, whose paths have data/ in them: vault:{kv}/data/app"));
}

#[test]
fn policies_are_enough_when_they_allow_exactly_this_path() {
    let bao = OpenBao::shared();
    let (kv, policy) = (mount(bao, 2), unique("policy"));
    for name in ["app", "neighbour"] {
        bao.write(&format!("{kv}/data/{name}"), r#"{"data":{"k":"v"}}"#);
    }
    bao.policy(&policy, &format!(r#"path "{kv}/data/app" {{ capabilities = ["read"] }}"#));
    let session = connect(&with_token(bao, &bao.token_with(&[&policy], "10m")));
    assert_eq!(value(&session, &format!("vault:{kv}/data/app#k"), "k"), "v");
    assert_eq!(fetch(&session, &format!("vault:{kv}/data/neighbour#k")).kind(), OutcomeKind::Denied);
}

#[test]
fn mounts_may_have_several_steps() {
    let bao = OpenBao::shared();
    let kv = unique("team/kv");
    bao.enable(&kv, "kv", r#"{"version":"2"}"#);
    bao.write(&format!("{kv}/data/app"), r#"{"data":{"k":"v"}}"#);
    let session = root(bao);
    assert_eq!(value(&session, &format!("vault:{kv}/data/app#k"), "k"), "v");
    let outcome = fetch(&session, &format!("vault:{kv}/app#k"));
    assert_eq!(
        (outcome.kind(), reason(&outcome).message),
        (OutcomeKind::Malformed, format!("{kv}/app leads into a KV version 2 and lacks its data/"))
    );
}

/// Blanks and commas are part of names that people have given.
#[test]
fn names_may_have_blanks_and_marks() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 2);
    bao.write(&format!("{kv}/data/my%20app,v1+x@y=z"), r#"{"data":{"k":"v"}}"#);
    let session = root(bao);
    assert_eq!(value(&session, &format!("vault:{kv}/data/my app,v1+x@y=z#k"), "k"), "v");
    assert_eq!(value(&session, &format!("vault:{kv}/my app,v1+x@y=z#k"), "k"), "v");
}

#[test]
fn a_namespace_is_that_of_the_login_or_of_the_reference() {
    let bao = OpenBao::shared();
    let (team, child) = (unique("team"), "dev");
    bao.write(&format!("sys/namespaces/{team}"), "{}");
    bao.write(&format!("{team}/sys/namespaces/{child}"), "{}");
    for (namespace, value) in [(team.clone(), "of-team"), (format!("{team}/{child}"), "of-child")] {
        bao.write(&format!("{namespace}/sys/mounts/kv"), r#"{"type":"kv","options":{"version":"1"}}"#);
        bao.write(&format!("{namespace}/kv/app"), &format!(r#"{{"k":"{value}"}}"#));
    }
    let provider = with_token(bao, bao.root_token());
    let session = connect(&provider.clone().namespace(&team));
    assert_eq!(value(&session, "vault:kv/app#k", "k"), "of-team");
    assert_eq!(value(&session, &format!("vault:kv/app?ns={team}/{child}#k"), "k"), "of-child");
    assert_eq!(value(&connect(&provider), &format!("vault:kv/app?ns={team}#k"), "k"), "of-team");

    let outcome = fetch(&connect(&provider.namespace("no-such-namespace")), "vault:kv/app#k");
    assert_eq!(
        (outcome.kind(), reason(&outcome).message),
        (OutcomeKind::Malformed, format!("vault at {} has no namespace no-such-namespace", bao.address()))
    );
}

#[test]
fn fifty_keys_of_one_path_are_one_request() {
    let bao = OpenBao::shared();
    let kv = mount(bao, 2);
    let members: Vec<String> = (0..50).map(|n| format!(r#""key{n}":"value{n}""#)).collect();
    bao.write(&format!("{kv}/data/app"), &format!(r#"{{"data":{{{}}}}}"#, members.join(",")));
    let session = root(bao);
    let before = bao.requests(&format!("{kv}/data/app"));
    // The engine asks for a path once, whatever its fields: `Provider::plan` is given references without them.
    assert_eq!(values(&found(&session, &format!("vault:{kv}/data/app#key7"))).len(), 50);
    assert_eq!(bao.requests(&format!("{kv}/data/app")) - before, 1);
}

#[test]
fn fifty_paths_are_fifty_requests_over_few_connections() {
    let bao = OpenBao::start(OpenBaoOptions { tls: true });
    bao.enable("kv", "kv", r#"{"version":"2"}"#);
    let references: Vec<String> = (0..50).map(|n| format!("vault:kv/data/app{n}#k")).collect();
    for n in 0..50 {
        bao.write(&format!("kv/data/app{n}"), &format!(r#"{{"data":{{"k":"value{n}"}}}}"#));
    }
    let line = FailureLab::in_front_of(bao.address().trim_start_matches("https://"));
    let address = line.url().replace("http://", "https://");
    let provider = VaultProvider::new().address(address).ca_file(bao.ca_file().unwrap());
    let session = connect(&provider.login(Login::token(Credential::text(bao.root_token()))));
    let before = bao.requests("kv/data/");
    let outcomes = wait(session.fetch(&batch(&references)));
    for (n, outcome) in outcomes.iter().enumerate() {
        let Outcome::Found(fetched) = outcome else { panic!("{outcome:?}") };
        assert_eq!(values(fetched), [("k".to_owned(), format!("value{n}"))]);
    }
    assert_eq!(bao.requests("kv/data/") - before, 50);
    assert_eq!(line.connections(), 1, "HTTP/2 has them all on one");
}

/// OpenBao answers 400 to reads of a KV mount that is being upgraded, which passes by itself.
#[test]
fn a_mount_that_is_being_upgraded_is_asked_again() {
    let body = r#"{"errors":["Upgrading from non-versioned to versioned data. This backend will be unavailable for a brief period"]}"#;
    let lab = FailureLab::start(configcheck_testkit::failure_lab::Fault::json(400, body));
    let session = connect(&VaultProvider::new().address(lab.url()).login(Login::token(Credential::text("s.not-a-real-token"))));
    let outcome = fetch(&session, "vault:kv/data/app#k");
    assert!(matches!(outcome, Outcome::Unavailable { retry: Retry::Few, .. }), "{outcome:?}");
}

#[test]
fn a_server_that_is_not_there_is_asked_for_until_the_deadline() {
    let bao = OpenBao::shared();
    let refusing = FailureLab::start(configcheck_testkit::failure_lab::Fault::Refuse);
    let session = connect(&at(bao).address(refusing.url()).login(Login::token(Credential::text("s.not-a-real-token"))));
    let outcome = fetch(&session, "vault:kv/data/app#k");
    let Outcome::Unavailable { retry: Retry::UntilDeadline, .. } = &outcome else { panic!("{outcome:?}") };
    assert_eq!(reason(&outcome).message, format!("vault cannot be reached: nothing listens at {}", refusing.address()));
}
