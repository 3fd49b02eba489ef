//! The client certificate of the connection.

use super::Attempt;
use crate::endpoint::{Post, object};

pub(super) fn attempt(name: Option<&str>, path: &str) -> Attempt {
    let (body, who) = match name {
        Some(name) => (object(&[("name", name)]), format!("certificate role {name} ({path})")),
        None => (object(&[]), format!("the client certificate ({path})")),
    };
    let readings = vec![
        format!("no role of {path} trusts the certificate, or it has expired: vault list {path}/certs"),
        "or no certificate was shown: set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY".to_owned(),
        "or something in between ends TLS, so that vault sees no certificate: let the load balancer pass TLS through".to_owned(),
    ];
    Attempt { post: Post::new(format!("{path}/login"), body), path: path.to_owned(), who, readings }
}
