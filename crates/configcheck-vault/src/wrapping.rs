//! Response wrapping: a token that stands for a credential, and can be exchanged for it once.

use std::sync::{Mutex, PoisonError};

use configcheck_core::Secret;
use configcheck_core::provider::{Lease, Outcome, Reason};
use configcheck_core::secret::{ExposeSecret as _, SecretBytes as _};
use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::endpoint::Unwrap;
use crate::login::{self, Place};
use crate::{json, state};

/// What was unwrapped, by its wrapping token: a second login needs it again, and cannot unwrap it again.
#[derive(Default)]
pub(crate) struct Unwrapped(Mutex<Vec<(Secret<String>, Secret<String>)>>);

impl Unwrapped {
    fn find(&self, wrapping: &String) -> Option<Zeroizing<String>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_, text) = kept.iter().find(|(token, _)| token.expose_secret().same_bytes(wrapping))?;
        Some(Zeroizing::new(text.expose_secret().clone()))
    }

    fn keep(&self, wrapping: &str, text: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push((Secret::new(wrapping.to_owned()), Secret::new(text.to_owned())));
    }
}

/// What is wrapped when it is no token that a login made.
#[derive(Deserialize)]
struct Wrapped<'a> {
    #[serde(borrow)]
    token: Option<&'a RawValue>,
    #[serde(borrow)]
    secret_id: Option<&'a RawValue>,
}

/// Exchanges a wrapping token for what it stands for. `what` says what that is, and `source` where the wrapping token comes from.
pub(crate) async fn unwrap(
    wrapping: &Zeroizing<String>,
    what: &str,
    source: &str,
    place: &Place<'_>,
) -> Result<(Zeroizing<String>, Option<Lease>), Outcome> {
    if let Some(text) = place.unwrapped.find(wrapping) {
        return Ok((text, None));
    }
    let Some(headers) = place.headers().with_token(wrapping) else {
        let reason = Reason::new(format!("the wrapping token in {source} has a blank or another character in it that no token has"));
        return Err(Outcome::AuthFailed(reason.help("store the wrapping token alone")));
    };
    // The wrapping token stands in the header: as an argument it would need a second token that may unwrap.
    let answer = place.server.ask(Unwrap { token: None }, &headers).await?;
    let errors = answer.errors();
    let address = place.server.address();
    if let Some(outcome) = state::outcome(&answer, &errors, address) {
        return Err(outcome);
    }
    match answer.status.as_u16() {
        200 => {}
        400 | 403 | 404 if errors.are_vaults() => {
            return Err(Outcome::AuthFailed(
                Reason::new(format!("the wrapping token in {source} is not valid any more, so the {what} in it cannot be had"))
                    .help(format!("its time ran out, or it was unwrapped before: wrap a new {what}: {}", command(what)))
                    .help(format!(
                        "if nobody of yours has unwrapped it, somebody else has the {what}: revoke it and look into the audit log"
                    )),
            ));
        }
        _ => return Err(state::not_vault(answer.status, address)),
    }
    let Some(envelope) = answer.envelope() else { return Err(state::not_vault(answer.status, address)) };
    let lease = envelope.auth.as_ref().and_then(login::lease);
    let token = envelope.auth.and_then(|auth| auth.client_token);
    let wrapped: Option<Wrapped<'_>> = envelope.data.and_then(|data| serde_json::from_str(data.get()).ok());
    let found = if what == "secret id" { wrapped.and_then(|data| data.secret_id) } else { token.or(wrapped.and_then(|data| data.token)) };
    match found.and_then(json::text).filter(|text| !text.is_empty()) {
        Some(text) => {
            place.unwrapped.keep(wrapping, &text);
            Ok((text, lease))
        }
        None => Err(Outcome::AuthFailed(
            Reason::new(format!("what the wrapping token in {source} held is no {what}"))
                .help(format!("it is spent now; wrap a {what}: {}", command(what))),
        )),
    }
}

fn command(what: &str) -> &'static str {
    if what == "secret id" { "vault write -wrap-ttl=5m -f auth/approle/role/ROLE/secret-id" } else { "vault token create -wrap-ttl=5m" }
}
