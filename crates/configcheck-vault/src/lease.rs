//! Leases of secrets that the server made for this process: prolonged, and given back. vaultrs has no requests for them.

use std::time::Duration;

use configcheck_core::provider::{Lease, Outcome, Reason};

use crate::client::{Headers, Server};
use crate::endpoint::{Post, object};
use crate::{read, state};

/// Prolongs a lease, by as long as its role says.
pub(crate) async fn renew(server: &Server, headers: &Headers, lease: &Lease) -> Result<Lease, Outcome> {
    let answer = server.ask(Post::new("sys/leases/renew", object(&[("lease_id", &lease.id)])), headers).await?;
    let errors = answer.errors();
    if let Some(outcome) = state::outcome(&answer, &errors, server.address()) {
        return Err(outcome);
    }
    match answer.status.as_u16() {
        200 => {
            let Some(envelope) = answer.envelope() else { return Err(state::not_vault(answer.status, server.address())) };
            // An answer without a lease, or with none left, is of one that cannot be prolonged further.
            match read::lease(&envelope).filter(|lease| lease.duration > Duration::ZERO) {
                Some(lease) => Ok(lease),
                None => Err(Outcome::Absent(ended("has come to its longest time"))),
            }
        }
        400 if errors.say("lease not found") => Err(Outcome::Absent(ended("has ended"))),
        400 if errors.say("lease is not renewable") => Err(Outcome::Malformed(ended("cannot be prolonged"))),
        400 => Err(Outcome::Absent(ended("has ended or cannot be prolonged"))),
        403 => Err(Outcome::Denied(
            Reason::new("vault does not let this login prolong the lease of a secret (403)")
                .help("allow it in a policy: path \"sys/leases/renew\" { capabilities = [\"update\"] }; the policy `default` has it"),
        )),
        _ => Err(state::not_vault(answer.status, server.address())),
    }
}

fn ended(how: &str) -> Reason {
    Reason::new(format!("the lease of a secret {how}")).help("read the secret again, which makes a new one")
}

/// Gives a secret back. It is of no use from then on.
pub(crate) async fn revoke(server: &Server, headers: &Headers, lease: &Lease) -> Result<(), Outcome> {
    let answer = server.ask(Post::new("sys/leases/revoke", object(&[("lease_id", &lease.id)])), headers).await?;
    let errors = answer.errors();
    if let Some(outcome) = state::outcome(&answer, &errors, server.address()) {
        return Err(outcome);
    }
    match answer.status.as_u16() {
        200 | 202 | 204 => Ok(()),
        400 if errors.say("lease not found") => Ok(()),
        403 => Err(Outcome::Denied(
            Reason::new("vault does not let this login give back the lease of a secret (403)")
                .help("allow it in a policy: path \"sys/leases/revoke\" { capabilities = [\"update\"] }; or let the lease end by itself"),
        )),
        _ => Err(state::not_vault(answer.status, server.address())),
    }
}
