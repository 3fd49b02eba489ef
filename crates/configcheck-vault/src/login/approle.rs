//! AppRole: a role id and a secret id, which may be wrapped, may be used a number of times only, and may not be needed at all.

use configcheck_core::provider::Outcome;

use super::{Attempt, Credential, Place};
use crate::endpoint::{Post, object};

pub(super) async fn attempt(
    role_id: &Credential,
    secret_id: Option<&Credential>,
    path: &str,
    place: &Place<'_>,
) -> Result<Attempt, Outcome> {
    let role = role_id.read("role id").map_err(Outcome::AuthFailed)?;
    let body = match secret_id {
        Some(secret_id) => {
            let (secret_id, _) = place.obtain(secret_id, "secret id").await?;
            object(&[("role_id", &role.text), ("secret_id", &secret_id)])
        }
        None => object(&[("role_id", &role.text)]),
    };
    let first = match secret_id {
        Some(secret_id) => format!(
            "the secret id in {} is used up, has expired or belongs to another role; make a new one: vault write -f {path}/role/ROLE/secret-id",
            secret_id.place()
        ),
        None => "the role wants a secret id, and none is given: set VAULT_SECRET_ID or VAULT_SECRET_ID_FILE, or let the role do without \
                 (bind_secret_id=false)"
            .to_owned(),
    };
    let readings = vec![
        first,
        format!("or the role id in {} is not that of the role: vault read {path}/role/ROLE/role-id", role_id.place()),
        format!("or the role takes no logins from this address: vault read {path}/role/ROLE, secret_id_bound_cidrs"),
    ];
    Ok(Attempt { post: Post::new(format!("{path}/login"), body), path: path.to_owned(), who: format!("AppRole ({path})"), readings })
}
