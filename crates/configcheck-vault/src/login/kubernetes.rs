//! Kubernetes: the token of the pod's service account, which Vault asks the cluster about.

use configcheck_core::provider::Outcome;

use super::{Attempt, Credential};
use crate::endpoint::{Post, object};

/// Where every pod has the token of its service account.
pub(super) const TOKEN_FILE: &str = "/var/run/secrets/kubernetes.io/serviceaccount/token";

pub(super) fn attempt(role: &str, jwt: &Credential, path: &str) -> Result<Attempt, Outcome> {
    let token = jwt.read("service account token").map_err(Outcome::AuthFailed)?;
    let body = object(&[("role", role), ("jwt", &token.text)]);
    let readings = vec![
        format!("role {role} is not bound to this pod's service account and namespace, or does not exist: vault read {path}/role/{role}"),
        format!("or the token in {} has another audience than the role, or has expired: mount it as a projected volume", jwt.place()),
        format!("or vault may not ask the cluster about tokens: vault read {path}/config; its account needs system:auth-delegator"),
    ];
    let who = format!("Kubernetes role {role} ({path})");
    Ok(Attempt { post: Post::new(format!("{path}/login"), body), path: path.to_owned(), who, readings })
}
