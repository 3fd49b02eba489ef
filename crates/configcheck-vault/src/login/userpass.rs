//! A name and a password.

use configcheck_core::provider::Outcome;

use super::{Attempt, Credential};
use crate::endpoint::{Post, object};

pub(super) fn attempt(username: &str, password: &Credential, path: &str) -> Result<Attempt, Outcome> {
    let text = password.read("password").map_err(Outcome::AuthFailed)?;
    let readings = vec![
        format!(
            "the password in {} is not that of {username}, or there is no such user: vault read {path}/users/{username}",
            password.place()
        ),
        "or the user is locked out for a while after too many attempts: vault read sys/locked-users".to_owned(),
    ];
    Ok(Attempt {
        post: Post::new(format!("{path}/login/{username}"), object(&[("password", &text.text)])),
        path: path.to_owned(),
        who: format!("user {username} ({path})"),
        readings,
    })
}
