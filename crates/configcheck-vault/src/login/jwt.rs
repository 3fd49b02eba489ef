//! JWT and OIDC: a token that somebody else has signed, such as a CI system for its job.

use configcheck_core::provider::Outcome;

use super::{Attempt, Credential};
use crate::endpoint::{Post, object};

pub(super) fn attempt(role: Option<&str>, jwt: &Credential, path: &str) -> Result<Attempt, Outcome> {
    let token = jwt.read("JWT").map_err(Outcome::AuthFailed)?;
    let (body, who) = match role {
        Some(role) => (object(&[("role", role), ("jwt", &token.text)]), format!("JWT role {role} ({path})")),
        None => (object(&[("jwt", &token.text)]), format!("the JWT of {} ({path})", jwt.place())),
    };
    let name = role.unwrap_or("ROLE");
    let readings = vec![
        format!("the JWT in {} has expired, or is signed by nobody whom vault trusts: vault read {path}/config", jwt.place()),
        format!("or its audience, subject or claims are not those of the role: vault read {path}/role/{name}"),
        format!("or the role does not exist: vault list {path}/role; set VAULT_ROLE"),
    ];
    Ok(Attempt { post: Post::new(format!("{path}/login"), body), path: path.to_owned(), who, readings })
}
