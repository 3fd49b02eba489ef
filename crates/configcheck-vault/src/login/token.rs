//! A token that is there already: in a variable, in a file, in the sink of an agent, or wrapped.

use std::time::Instant;

use configcheck_core::provider::{Outcome, Reason};

use super::{Credential, Grant, Place};

pub(super) async fn grant(token: &Credential, place: &Place<'_>) -> Result<Grant, Outcome> {
    let source = token.place();
    let who = match token.path() {
        Some(_) => format!("the token in {source}"),
        None if source.starts_with("what ") => "the token that the program gives".to_owned(),
        None => format!("the token of {source}"),
    };
    let before = token.path().is_some().then(|| token.read("token").ok().map(|read| read.text)).flatten();
    let (text, lease) = place.obtain(token, "token").await?;
    let Some(headers) = place.headers().with_token(&text) else {
        let reason = Reason::new(format!("{who} has a blank, a line break or another character in its middle that no token has"));
        return Err(Outcome::AuthFailed(reason.help("store the token alone: vault print token > FILE")));
    };
    let lease = lease.map(|lease| (Instant::now(), lease));
    let file = before.map(|text| (token.clone(), text));
    Ok(Grant { headers, who, lease, ours: false, file })
}
