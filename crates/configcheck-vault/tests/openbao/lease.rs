//! What ends: credentials that the server makes for this process, and tokens.

use std::thread;
use std::time::Duration;

use configcheck_core::provider::{Lease, OutcomeKind};
use configcheck_test_servers::{OpenBao, Redis, unique};
use configcheck_vault::{Credential, Login};

use crate::harness::{at, connect, fetch, found, member, reason, root, value, values, wait, with_token};

/// A role whose credentials are users of a real database.
fn database(bao: &OpenBao, redis: &Redis, namespace: &str, ttl: &str) -> String {
    let mount = unique("database");
    bao.write(&format!("{namespace}sys/mounts/{mount}"), r#"{"type":"database"}"#);
    bao.write(
        &format!("{namespace}{mount}/config/redis"),
        &format!(
            r#"{{"plugin_name":"redis-database-plugin","host":"127.0.0.1","port":{},"username":"default","password":"{}","allowed_roles":"*"}}"#,
            redis.port(),
            redis.password()
        ),
    );
    bao.write(
        &format!("{namespace}{mount}/roles/readonly"),
        &format!(r#"{{"db_name":"redis","creation_statements":"[\"+@read\"]","default_ttl":"{ttl}","max_ttl":"1h"}}"#),
    );
    mount
}

/// vaultrs 0.8: its typed calls drop the lease, and it has no requests for leases.
#[test]
fn a_credential_has_a_lease_that_is_prolonged_and_given_back() {
    let (bao, redis) = (OpenBao::shared(), Redis::start());
    let mount = database(bao, &redis, "", "60s");
    let session = root(bao);
    let fetched = found(&session, &format!("vault:{mount}/creds/readonly#username"));
    let user = values(&fetched).into_iter().find(|(name, _)| name == "username").unwrap().1;
    let lease = fetched.lease.unwrap();
    assert!(lease.id.starts_with(&format!("{mount}/creds/readonly/")) && lease.renewable, "{lease:?}");
    assert_eq!(lease.duration, Duration::from_mins(1));
    assert!(fetched.not_after.is_some() && fetched.version.is_none());
    assert!(redis.users().contains(&user));

    let renewed = wait(session.renew(&lease)).unwrap();
    assert_eq!((renewed.id.as_str(), renewed.duration, renewed.renewable), (lease.id.as_str(), Duration::from_mins(1), true));
    assert_eq!(bao.requests("sys/leases/renew"), 1);

    wait(session.revoke(&lease)).unwrap();
    assert!(!redis.users().contains(&user), "the user is gone from the database");
    let outcome = wait(session.renew(&lease)).unwrap_err();
    assert_eq!((outcome.kind(), reason(&outcome).message.as_str()), (OutcomeKind::Absent, "the lease of a secret has ended"));
    wait(session.revoke(&lease)).unwrap();
}

#[test]
fn a_credential_of_another_namespace_is_prolonged_and_given_back_there() {
    let (bao, redis) = (OpenBao::shared(), Redis::start());
    let team = unique("team");
    bao.write(&format!("sys/namespaces/{team}"), "{}");
    let mount = database(bao, &redis, &format!("{team}/"), "60s");
    let session = root(bao);
    let fetched = found(&session, &format!("vault:{mount}/creds/readonly?ns={team}#username"));
    let user = values(&fetched).into_iter().find(|(name, _)| name == "username").unwrap().1;
    let lease = fetched.lease.unwrap();
    assert_eq!(wait(session.renew(&lease)).unwrap().duration, Duration::from_mins(1));
    wait(session.revoke(&lease)).unwrap();
    assert!(!redis.users().contains(&user));
}

#[test]
fn a_version_of_a_credential_is_refused_and_the_credential_given_back() {
    let (bao, redis) = (OpenBao::shared(), Redis::start());
    let mount = database(bao, &redis, "", "60s");
    let before = redis.users();
    let outcome = fetch(&root(bao), &format!("vault:{mount}/creds/readonly?version=2#username"));
    assert_eq!(outcome.kind(), OutcomeKind::Malformed);
    assert_eq!(redis.users(), before);
}

#[test]
fn what_may_not_be_prolonged_or_given_back_is_told() {
    let bao = OpenBao::shared();
    let token = member(&bao.write("auth/token/create", r#"{"policies":["none"],"no_default_policy":true,"ttl":"10m"}"#), "client_token");
    let session = connect(&with_token(bao, &token));
    let lease = Lease::new("database/creds/app/not-a-real-lease", Duration::from_mins(1), true);
    let (renewed, revoked) = (wait(session.renew(&lease)).unwrap_err(), wait(session.revoke(&lease)).unwrap_err());
    for (outcome, path) in [(renewed, "sys/leases/renew"), (revoked, "sys/leases/revoke")] {
        assert_eq!(outcome.kind(), OutcomeKind::Denied);
        assert!(reason(&outcome).help[0].contains(path), "{outcome:?}");
    }
}

/// An AppRole whose tokens live this long.
fn short(bao: &OpenBao, options: &str) -> Login {
    let (mount, kv, policy) = (unique("approle"), unique("kv"), unique("policy"));
    bao.enable(&kv, "kv", r#"{"version":"1"}"#);
    bao.write(&format!("{kv}/app"), r#"{"k":"v"}"#);
    bao.policy(&policy, &format!(r#"path "{kv}/app" {{ capabilities = ["read"] }}"#));
    bao.enable_auth(&mount, "approle");
    bao.write(&format!("auth/{mount}/role/r"), &format!(r#"{{"bind_secret_id":false,"token_bound_cidrs":["127.0.0.0/8"]{options}}}"#));
    let id = member(&bao.read(&format!("auth/{mount}/role/r/role-id")), "role_id");
    Login::app_role_without_secret_id(Credential::text(id)).mount(mount)
}

#[test]
fn a_login_has_a_lease_that_is_prolonged() {
    let bao = OpenBao::shared();
    let session = connect(&at(bao).login(short(bao, r#","token_ttl":"60s","token_max_ttl":"1h""#)));
    let lease = session.lease().unwrap();
    assert_eq!((lease.duration, lease.renewable), (Duration::from_mins(1), true));
    let renewed = wait(session.renew_login()).unwrap();
    assert_eq!((renewed.duration, session.lease()), (Duration::from_mins(1), Some(renewed)));
    let session = root(bao);
    assert!(session.lease().is_none(), "a root token has no end");
    assert_eq!(wait(session.renew_login()).unwrap_err().kind(), OutcomeKind::Malformed);
}

#[test]
fn a_token_that_has_expired_asks_for_a_new_login() {
    let bao = OpenBao::shared();
    let session = connect(&at(bao).login(short(bao, r#","token_ttl":"1s","token_max_ttl":"1s""#)));
    thread::sleep(Duration::from_millis(2_500));
    let outcome = fetch(&session, "vault:any/app#k");
    let told = reason(&outcome);
    assert_eq!(outcome.kind(), OutcomeKind::AuthFailed);
    assert!(told.message.starts_with("vault does not know the token of the login as AppRole r (auth/"), "{told:?}");
    assert!(told.help[0].contains("token_ttl"), "{told:?}");
    assert_eq!(wait(session.renew_login()).unwrap_err().kind(), OutcomeKind::AuthFailed);
}

#[test]
fn a_token_that_is_used_up_asks_for_a_new_login() {
    let bao = OpenBao::shared();
    let kv = unique("kv");
    bao.enable(&kv, "kv", r#"{"version":"1"}"#);
    bao.write(&format!("{kv}/app"), r#"{"k":"v"}"#);
    let token = member(&bao.write("auth/token/create", r#"{"policies":["root"],"ttl":"10m","num_uses":1}"#), "client_token");
    let session = connect(&with_token(bao, &token));
    assert_eq!(value(&session, &format!("vault:{kv}/app#k"), "k"), "v", "the login has not used it");
    assert_eq!(fetch(&session, &format!("vault:{kv}/app#k")).kind(), OutcomeKind::AuthFailed);
}

#[test]
fn a_token_that_the_login_made_is_revoked_at_the_end_and_no_other() {
    let bao = OpenBao::shared();
    let session = connect(&at(bao).login(short(bao, "")));
    assert_eq!(fetch(&session, "vault:any/app#k").kind(), OutcomeKind::Denied);
    wait(session.close());
    assert_eq!(fetch(&session, "vault:any/app#k").kind(), OutcomeKind::AuthFailed);

    let token = bao.token_with(&["default"], "10m");
    wait(connect(&with_token(bao, &token)).close());
    assert_eq!(fetch(&connect(&with_token(bao, &token)), "vault:any/app#k").kind(), OutcomeKind::Denied);
}
