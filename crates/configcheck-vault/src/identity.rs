//! Who the server takes this process for.

use std::time::{Duration, SystemTime};

use configcheck_core::provider::{Identity, Lease, Outcome};
use serde::Deserialize;

use crate::endpoint::LookUpSelf;
use crate::session::Inner;
use crate::state;

/// What the server says of a token, without the token, which stands there too.
#[derive(Deserialize)]
struct Token {
    display_name: Option<String>,
    policies: Option<Vec<String>>,
    ttl: Option<u64>,
    renewable: Option<bool>,
    num_uses: Option<u64>,
    path: Option<String>,
}

pub(crate) async fn look_up(session: &Inner) -> Result<Identity, Outcome> {
    let asked = SystemTime::now();
    let answer = session.server.ask(LookUpSelf {}, &session.own_headers()).await?;
    if answer.status != 200 {
        return Err(session.refused(&answer, "look up its own token", "\"auth/token/lookup-self\" { capabilities = [\"read\"] }"));
    }
    let token = answer.envelope().and_then(|envelope| serde_json::from_str::<Token>(envelope.data?.get()).ok());
    let Some(token) = token else { return Err(state::not_vault(answer.status, session.server.address())) };
    // The server chooses these names, and could repeat the token in them.
    let headers = session.own_headers();
    let is_told = |name: &String| !name.is_empty() && !headers.are_repeated_by(name);
    let mut identity = Identity::new(token.display_name.filter(is_told).unwrap_or_else(|| session.who.clone()));
    let mut detail = |label: &str, text: String| identity.details.push((label.to_owned(), text));
    detail("login", session.who.clone());
    detail("server", session.server.address().to_owned());
    if let Some(namespace) = session.own_namespace() {
        detail("namespace", namespace.to_owned());
    }
    if let Some(path) = token.path.filter(is_told) {
        detail("made by", path);
    }
    if let Some(policies) = token.policies {
        detail("policies", policies.into_iter().filter(is_told).collect::<Vec<_>>().join(", "));
    }
    if let Some(uses) = token.num_uses.filter(|uses| *uses > 0) {
        detail("uses left", uses.to_string());
    }
    if let Some(peer) = session.server.http().peer() {
        if let Some(version) = peer.tls {
            detail("TLS", version.to_owned());
        }
        if let Some(until) = peer.certificate_not_after {
            detail("certificate until", humantime::format_rfc3339_seconds(until).to_string());
        }
    }
    if let Some(ttl) = token.ttl.filter(|ttl| *ttl > 0).map(Duration::from_secs) {
        identity.expires = asked.checked_add(ttl);
        session.keep(Lease::new("login", ttl, token.renewable.unwrap_or(false)));
    }
    Ok(identity)
}
