//! What an answer says about the server itself, whatever was asked: sealed, standby, busy, in the middle of an upgrade, elsewhere.

use configcheck_core::provider::{Outcome, Reason, Retry};
use configcheck_http::retry_after;
use http::header::LOCATION;
use http::{StatusCode, Uri};

use crate::answer::{Answer, Errors};

/// The outcome that the server's own state means; `None` where the answer is about what was asked.
pub(crate) fn outcome(answer: &Answer, errors: &Errors, address: &str) -> Option<Outcome> {
    let vault = format!("vault at {address}");
    let status = answer.status.as_u16();
    let unavailable = |retry, message: String, help: &str| Outcome::Unavailable { retry, reason: Reason::new(message).help(help) };
    Some(match status {
        300..=399 => redirect(answer, address),
        412 => unavailable(
            Retry::Few,
            format!("{vault} has not yet copied what this login wrote (412)"),
            "it does so by itself; if it stays, look at its replication: vault read sys/replication/status",
        ),
        429 => Outcome::Throttled {
            retry_after: retry_after(&answer.headers),
            reason: Reason::new(format!("{vault} asks to come back later (429)")).help(
                "a quota limits the rate: vault read sys/quotas/rate-limit/NAME; or the node is a standby one behind a load balancer",
            ),
        },
        472 => unavailable(
            Retry::Never,
            format!("{vault} is a copy for disaster recovery, which serves no secrets (472)"),
            "set VAULT_ADDR to the primary cluster",
        ),
        473 => unavailable(
            Retry::Few,
            format!("{vault} is a performance standby that does not serve this (473)"),
            "set VAULT_ADDR to the active node, or to the load balancer in front of it",
        ),
        501 => unavailable(
            Retry::Never,
            format!("{vault} is not initialised (501)"),
            "initialise it: vault operator init; or set VAULT_ADDR to the server that is meant",
        ),
        503 if errors.say("Vault is sealed") => unavailable(
            Retry::UntilDeadline,
            format!("{vault} is sealed: it has its secrets encrypted, and no key to open them (503)"),
            "unseal it: vault operator unseal; if it should unseal itself, its log says why it does not",
        ),
        500 if errors.say("active cluster node not found") => unavailable(
            Retry::UntilDeadline,
            format!("{vault} is a standby node, and no node of its cluster is active (500)"),
            "look at the cluster: vault operator members",
        ),
        400 if errors.say("Upgrading from non-versioned to versioned data") => unavailable(
            Retry::Few,
            format!("{vault} is upgrading a KV mount from version 1 to version 2"),
            "it takes seconds after the mount was made or changed",
        ),
        408 | 500..=599 => unavailable(
            Retry::Few,
            format!("{vault} answers with a failure of its own ({status})"),
            "its log has the cause: that of the server, and of a dynamic engine the database that it asks",
        ),
        _ => return None,
    })
}

/// A redirect is never followed: the token would go along.
fn redirect(answer: &Answer, address: &str) -> Outcome {
    let target = answer.headers.get(LOCATION).and_then(|location| location.to_str().ok()).and_then(|location| location.parse::<Uri>().ok());
    let origin = target.as_ref().and_then(|target| {
        let (scheme, authority) = (target.scheme_str()?, target.authority()?);
        let port = authority.port().map(|port| format!(":{port}")).unwrap_or_default();
        Some(format!("{scheme}://{}{port}", authority.host()))
    });
    let is_api = target.is_some_and(|target| target.path().starts_with("/v1/"));
    let (retry, reason) = match origin {
        // While a cluster chooses its active node, the others still send to the one before.
        Some(origin) if answer.status == StatusCode::TEMPORARY_REDIRECT && is_api => (
            Retry::Few,
            Reason::new(format!("vault at {address} is a standby node and sends on to {origin}, where the token is not sent (307)"))
                .help(format!("set VAULT_ADDR={origin} if that is the active node, or to the load balancer in front of the cluster"))
                .help("or let standby nodes pass requests on: nothing may keep them from the active node's cluster port"),
        ),
        Some(origin) => (
            Retry::Never,
            Reason::new(format!("vault at {address} sends on to {origin}, where the token is not sent"))
                .help(format!("set VAULT_ADDR={origin} if that is where vault is")),
        ),
        None => (
            Retry::Never,
            Reason::new(format!("vault at {address} sends on to somewhere else, where the token is not sent"))
                .help("set VAULT_ADDR to the address at which vault answers itself"),
        ),
    };
    Outcome::Unavailable { retry, reason }
}

/// An answer that Vault would not give.
pub(crate) fn not_vault(status: StatusCode, address: &str) -> Outcome {
    Outcome::Malformed(
        Reason::new(format!("what answers at {address} does not answer as vault does ({})", status.as_u16()))
            .help("check VAULT_ADDR: it is the address of the server or of its load balancer, without /v1 and without /ui"),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

    use configcheck_core::provider::{Outcome, Retry};
    use http::{HeaderMap, StatusCode};
    use zeroize::Zeroizing;

    use super::{Answer, outcome};

    fn answer(status: u16, headers: &[(&'static str, &str)], body: &str) -> Answer {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(*name, value.parse().unwrap());
        }
        Answer { status: StatusCode::from_u16(status).unwrap(), headers: map, body: Zeroizing::new(body.as_bytes().to_vec()) }
    }

    fn check(answer: &Answer, retry: Retry, message: &str) {
        let Some(Outcome::Unavailable { retry: found, reason }) = outcome(answer, &answer.errors(), "https://v:8200") else {
            panic!("{}", answer.status);
        };
        assert_eq!((found, reason.message.as_str()), (retry, message));
        assert!(!reason.help.is_empty());
    }

    #[test]
    fn states_of_the_server_are_named() {
        check(
            &answer(503, &[], r#"{"errors":["Vault is sealed"]}"#),
            Retry::UntilDeadline,
            "vault at https://v:8200 is sealed: it has its secrets encrypted, and no key to open them (503)",
        );
        check(&answer(503, &[], ""), Retry::Few, "vault at https://v:8200 answers with a failure of its own (503)");
        check(&answer(501, &[], ""), Retry::Never, "vault at https://v:8200 is not initialised (501)");
        check(
            &answer(472, &[], ""),
            Retry::Never,
            "vault at https://v:8200 is a copy for disaster recovery, which serves no secrets (472)",
        );
        check(&answer(473, &[], ""), Retry::Few, "vault at https://v:8200 is a performance standby that does not serve this (473)");
        check(
            &answer(500, &[], r#"{"errors":["local node not active but active cluster node not found"]}"#),
            Retry::UntilDeadline,
            "vault at https://v:8200 is a standby node, and no node of its cluster is active (500)",
        );
        check(
            &answer(400, &[], r#"{"errors":["Upgrading from non-versioned to versioned data. This backend will be unavailable…"]}"#),
            Retry::Few,
            "vault at https://v:8200 is upgrading a KV mount from version 1 to version 2",
        );
        check(&answer(412, &[], ""), Retry::Few, "vault at https://v:8200 has not yet copied what this login wrote (412)");
    }

    #[test]
    fn a_redirect_is_named_by_its_host_and_not_followed() {
        let to = |location| answer(307, &[("location", location)], "");
        check(
            &to("https://user:hunter2-fake@active:8200/v1/secret/data/app?x=hunter2-fake"),
            Retry::Few,
            "vault at https://v:8200 is a standby node and sends on to https://active:8200, where the token is not sent (307)",
        );
        check(
            &answer(301, &[("location", "https://login.example.com/start?x=hunter2-fake")], ""),
            Retry::Never,
            "vault at https://v:8200 sends on to https://login.example.com, where the token is not sent",
        );
        check(&to("/v1/other"), Retry::Never, "vault at https://v:8200 sends on to somewhere else, where the token is not sent");
        check(&answer(301, &[], ""), Retry::Never, "vault at https://v:8200 sends on to somewhere else, where the token is not sent");
    }

    #[test]
    fn a_busy_server_is_asked_again_when_it_says() {
        let busy = answer(429, &[("retry-after", "2")], "");
        let Some(Outcome::Throttled { retry_after, .. }) = outcome(&busy, &busy.errors(), "https://v:8200") else { panic!() };
        assert_eq!(retry_after, Some(std::time::Duration::from_secs(2)));
    }

    #[test]
    fn what_is_about_the_secret_is_not_about_the_server() {
        for status in [200, 204, 400, 401, 403, 404, 405] {
            let answer = answer(status, &[], r#"{"errors":[]}"#);
            assert!(outcome(&answer, &answer.errors(), "https://v:8200").is_none(), "{status}");
        }
    }
}
