//! The login that the environment describes, where the program gives none.

use std::path::PathBuf;

use configcheck_core::provider::Reason;

use super::Problems;
use crate::login::{Credential, Login};
use crate::variables::{Text, Variables};

/// The login that the environment describes. `None` where it describes none, and where it is wrong.
pub(super) fn from_environment(variables: &Variables, is_agent: bool, has_certificate: bool, problems: &mut Problems) -> Option<Login> {
    let with_mount = |login: Login| match &variables.mount {
        Some(mount) => login.mount(mount.get()),
        None => login,
    };
    let credential = |text: &Option<Text>, file: &Option<Text>, name: &'static str| match (text, file) {
        (Some(text), _) => Some(Credential::named(text.secret(), variables.name(name))),
        (None, Some(path)) => Some(Credential::file(path.get())),
        (None, None) => None,
    };
    let token = || {
        let home = || variables.home.as_ref().map(|home| PathBuf::from(home.get()).join(".vault-token")).filter(|path| path.is_file());
        credential(&variables.token, &variables.token_file, "VAULT_TOKEN").or_else(|| home().map(Credential::file))
    };
    let role_id = credential(&variables.role_id, &variables.role_id_file, "VAULT_ROLE_ID");
    let secret_id = credential(&variables.secret_id, &variables.secret_id_file, "VAULT_SECRET_ID");
    let jwt = credential(&variables.jwt, &variables.jwt_file, "VAULT_JWT");
    let role = variables.role.as_ref().map(|role| role.get().to_owned());
    let method_name = variables.name("VAULT_AUTH_METHOD");
    let mut lacks = |method: &str, help: &str| {
        problems.add(format!("{method_name} is {method}, and what that needs is not set"), help.to_owned());
        None
    };
    let app_role = |role_id, secret_id| match secret_id {
        Some(secret_id) => Login::app_role(role_id, secret_id),
        None => Login::app_role_without_secret_id(role_id),
    };
    let Some(method) = &variables.method else {
        // The order of vault's own tool, then what else is there without being asked for.
        let explicit = credential(&variables.token, &variables.token_file, "VAULT_TOKEN").map(Login::token);
        let login = explicit.or_else(|| role_id.map(|role_id| with_mount(app_role(role_id, secret_id))));
        return login.or_else(|| is_agent.then(Login::agent)).or_else(|| token().map(Login::token)).or_else(|| {
            if role.is_some() {
                problems.add("VAULT_ROLE is set, and nothing says for which login", "set VAULT_AUTH_METHOD to kubernetes or jwt");
            }
            None
        });
    };
    match method.get() {
        "token" => match token() {
            Some(token) => Some(Login::token(token)),
            None => lacks("token", "set VAULT_TOKEN, or VAULT_TOKEN_FILE to the path of a token"),
        },
        "agent" => Some(Login::agent()),
        "approle" => match role_id {
            Some(role_id) => Some(with_mount(app_role(role_id, secret_id))),
            None => lacks(
                "approle",
                "set VAULT_ROLE_ID, and VAULT_SECRET_ID or VAULT_SECRET_ID_FILE: vault read auth/approle/role/ROLE/role-id",
            ),
        },
        "kubernetes" => match role {
            Some(role) => {
                Some(with_mount(jwt.map_or_else(|| Login::kubernetes(role.clone()), |jwt| Login::kubernetes_with(role.clone(), jwt))))
            }
            None => lacks("kubernetes", "set VAULT_ROLE: vault list auth/kubernetes/role"),
        },
        "jwt" | "oidc" => match jwt {
            Some(jwt) => Some(with_mount(Login::jwt(role, jwt))),
            None => lacks("jwt", "set VAULT_JWT, or VAULT_JWT_FILE to the path of the token"),
        },
        "userpass" | "ldap" | "radius" => match (&variables.username, &variables.password) {
            (Some(username), Some(password)) => {
                let login = Login::userpass(username.get(), Credential::named(password.secret(), variables.name("VAULT_PASSWORD")));
                Some(with_mount(login.mount(method.get())))
            }
            _ => lacks(method.get(), "set VAULT_USERNAME and VAULT_PASSWORD"),
        },
        "cert" if has_certificate || variables.client_certificate.is_some() => Some(with_mount(Login::certificate(role))),
        "cert" => lacks("cert", "set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY to the paths of the certificate and its key"),
        _ => {
            problems.add(
                format!("{method_name} names no login that is known"),
                "set it to token, agent, approle, kubernetes, jwt, userpass, ldap, radius or cert",
            );
            None
        }
    }
}

/// Why there is no login.
pub(super) fn none() -> Reason {
    Reason::new("nothing says how to log in to vault")
        .help("set VAULT_TOKEN, or VAULT_TOKEN_FILE to the path of a token or of an agent's sink; on a developer's machine: vault login")
        .help("or set VAULT_ROLE_ID with VAULT_SECRET_ID or VAULT_SECRET_ID_FILE for an AppRole")
        .help("or set VAULT_AUTH_METHOD to kubernetes, jwt, userpass, cert or agent, with VAULT_ROLE where the method has roles")
}
