//! What the program and the environment say together, checked before anybody is asked: the server, the way to it, and the login.

use std::path::PathBuf;
use std::time::Duration;

use configcheck_core::environment::{Environment, EnvironmentKind};
use configcheck_core::provider::{Outcome, Reason};
use configcheck_files as files;
use configcheck_http::{Address, Client, ClientSettings, Identity, Reach, Roots};

use crate::client::Server;
use crate::location;
use crate::login::{Credential, Login};
use crate::variables::{Text, Variables};

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The largest file of certificates, and of a key.
const LIMIT: u64 = 1 << 20;

/// What the program says. What it does not say is looked up in the environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    pub(crate) address: Option<String>,
    pub(crate) namespace: Option<String>,
    pub(crate) login: Option<Login>,
    pub(crate) ca_file: Option<PathBuf>,
    pub(crate) client_certificate: Option<(PathBuf, PathBuf)>,
    pub(crate) server_name: Option<String>,
    pub(crate) plain_http: bool,
    pub(crate) proxy: Option<String>,
}

/// What holds for one login.
pub(crate) struct Config {
    pub(crate) server: Server,
    pub(crate) namespace: Option<String>,
    pub(crate) login: Login,
}

/// What is wrong, all of it.
#[derive(Default)]
struct Problems(Vec<Reason>);

impl Problems {
    fn add(&mut self, message: impl Into<String>, help: impl Into<String>) {
        self.0.push(Reason::new(message).help(help));
    }

    /// One reason for all of them; `None` where nothing is wrong.
    fn reason(self) -> Option<Reason> {
        let message = self.0.iter().map(|reason| reason.message.as_str()).collect::<Vec<_>>().join("; and ");
        let reason = self.0.into_iter().flat_map(|reason| reason.help).fold(Reason::new(message), Reason::help);
        (!reason.message.is_empty()).then_some(reason)
    }
}

impl Config {
    /// Puts both together.
    pub(crate) fn of(program: &Program, variables: &Variables, environment: Option<&Environment>) -> Result<Self, Outcome> {
        let mut problems = Problems::default();
        let reach = Reach { plain_http: program.plain_http, link_local: false };
        let (address, is_agent) = address(program, variables, reach, &mut problems);
        let namespace = namespace(program, variables, &mut problems);
        let client = client(program, variables, environment, reach, &mut problems);
        let login = match &program.login {
            Some(login) => Some(login.clone()),
            None => from_environment(variables, is_agent, program.client_certificate.is_some(), &mut problems),
        };
        if let Some(Err(reason)) = login.as_ref().map(Login::check) {
            problems.0.push(reason);
        }
        match (problems.reason(), address, client, login) {
            (None, Some(address), Some(http), Some(login)) => Ok(Self { server: Server::new(http, address), namespace, login }),
            (None, _, _, None) => Err(Outcome::AuthFailed(no_login())),
            (reason, ..) => Err(Outcome::Malformed(reason.unwrap_or_else(|| Reason::new("the settings of vault cannot be used")))),
        }
    }
}

fn no_login() -> Reason {
    Reason::new("nothing says how to log in to vault")
        .help("set VAULT_TOKEN, or VAULT_TOKEN_FILE to the path of a token or of an agent's sink; on a developer's machine: vault login")
        .help("or set VAULT_ROLE_ID with VAULT_SECRET_ID or VAULT_SECRET_ID_FILE for an AppRole")
        .help("or set VAULT_AUTH_METHOD to kubernetes, jwt, userpass, cert or agent, with VAULT_ROLE where the method has roles")
}

fn address(program: &Program, variables: &Variables, reach: Reach, problems: &mut Problems) -> (Option<String>, bool) {
    let agent = variables.agent_address.as_ref().filter(|_| program.address.is_none());
    let (text, name) = match (&program.address, agent, &variables.address) {
        (Some(address), ..) => (address.as_str(), "the address that the program gives"),
        (None, Some(text), _) => (text.get(), variables.name("VAULT_AGENT_ADDR")),
        (None, None, Some(text)) => (text.get(), variables.name("VAULT_ADDR")),
        (None, None, None) => {
            problems.add(
                "nothing says where vault is: VAULT_ADDR is not set",
                "set it to the server's address: VAULT_ADDR=https://vault.example.com:8200",
            );
            return (None, false);
        }
    };
    if text.starts_with("unix:") {
        problems.add(format!("{name} is a socket of this machine, which is not offered"), "let the agent listen on 127.0.0.1 with tcp");
        return (None, agent.is_some());
    }
    match Address::parse(text, reach) {
        Ok(address) if address.base_path().ends_with("/v1") || address.base_path().ends_with("/ui") => {
            problems.add(
                format!("{name} ends in {}", &address.base_path()[address.base_path().len() - 3..]),
                "leave that out; paths begin behind it",
            );
            (None, agent.is_some())
        }
        Ok(address) => (Some(address.to_string()), agent.is_some()),
        Err(problem) => {
            problems.add(format!("{name} cannot be used: {problem}"), problem.help());
            (None, agent.is_some())
        }
    }
}

fn namespace(program: &Program, variables: &Variables, problems: &mut Problems) -> Option<String> {
    let (text, name) = match (&program.namespace, &variables.namespace) {
        (Some(namespace), _) => (namespace.as_str(), "the namespace that the program gives"),
        (None, Some(text)) => (text.get(), variables.name("VAULT_NAMESPACE")),
        (None, None) => return None,
    };
    // The root namespace by its name, as vault's own tool takes it.
    if matches!(text.trim_matches('/'), "" | "root") {
        return None;
    }
    let namespace = location::namespace(text);
    if namespace.is_none() {
        problems.add(format!("{name} has a character that is not expected in a namespace"), "write it as `vault namespace list` shows it");
    }
    namespace
}

fn client(
    program: &Program,
    variables: &Variables,
    environment: Option<&Environment>,
    reach: Reach,
    problems: &mut Problems,
) -> Option<Client> {
    let mut settings = ClientSettings::new().reach(reach);
    if let Some(roots) = roots(program, variables, problems) {
        settings = settings.roots(roots);
    }
    if let Some(identity) = identity(program, variables, problems) {
        settings = settings.identity(identity);
    }
    if let Some(name) = program.server_name.as_deref().or(variables.server_name.as_ref().map(Text::get)) {
        settings = settings.server_name(name);
    }
    settings = settings.verify(!skip_verify(variables, environment, problems));
    if let Some(timeout) = timeout(variables, problems) {
        settings = settings.connect_timeout(timeout.min(CONNECT_TIMEOUT));
    }
    if let Some(proxy) = &program.proxy {
        match Address::parse(proxy, Reach { plain_http: true, link_local: false }) {
            Ok(proxy) => settings = settings.proxy(proxy),
            Err(problem) => problems.add(format!("the proxy that the program gives cannot be used: {problem}"), problem.help()),
        }
    }
    match Client::new(settings) {
        Ok(client) => Some(client),
        Err(problem) => {
            problems.add(format!("the settings of TLS for vault cannot be used: {problem}"), problem.help());
            None
        }
    }
}

/// A file that a setting names.
fn file(path: &std::path::Path, name: &str, problems: &mut Problems) -> Option<files::Contents> {
    match files::read(path, LIMIT) {
        Ok(contents) => Some(contents),
        Err(refusal) => {
            problems.add(format!("{name} names {}, which cannot be read: {refusal}", path.display()), refusal.help());
            None
        }
    }
}

/// The authorities: those of a file, those of a folder, or those of the system.
fn roots(program: &Program, variables: &Variables, problems: &mut Problems) -> Option<Roots> {
    if let Some(path) = &program.ca_file {
        return file(path, "the program", problems).map(|contents| Roots::Only(contents.bytes.to_vec()));
    }
    if let Some(text) = &variables.ca_file {
        let contents = file(text.get().as_ref(), variables.name("VAULT_CACERT"), problems)?;
        return Some(Roots::Only(contents.bytes.to_vec()));
    }
    let text = variables.ca_directory.as_ref()?;
    let name = variables.name("VAULT_CAPATH");
    let entries = match files::read_directory(text.get().as_ref(), LIMIT, |_| true) {
        Ok(entries) => entries,
        Err(refusal) => {
            problems.add(format!("{name} names {}, which cannot be read: {refusal}", text.get()), refusal.help());
            return None;
        }
    };
    // Such folders hold key stores and notes beside the certificates; only what is PEM counts.
    let mut pem = Vec::new();
    for (_, contents) in entries {
        if let Ok(contents) = contents
            && std::str::from_utf8(&contents.bytes).is_ok_and(|text| text.contains("-----BEGIN CERTIFICATE-----"))
        {
            pem.extend_from_slice(&contents.bytes);
            pem.push(b'\n');
        }
    }
    if pem.is_empty() {
        problems.add(format!("{name} names {}, which holds no certificate", text.get()), "put the CA's certificate there, as a PEM file");
        return None;
    }
    Some(Roots::Only(pem))
}

/// The client's certificate and its key, both or none.
fn identity(program: &Program, variables: &Variables, problems: &mut Problems) -> Option<Identity> {
    let (certificate, key, [certificate_name, key_name]) =
        match (&program.client_certificate, &variables.client_certificate, &variables.client_key) {
            (Some((certificate, key)), ..) => (certificate.clone(), key.clone(), ["the program"; 2]),
            (None, Some(certificate), Some(key)) => {
                let names = [variables.name("VAULT_CLIENT_CERT"), variables.name("VAULT_CLIENT_KEY")];
                (certificate.get().into(), key.get().into(), names)
            }
            (None, None, None) => return None,
            (None, Some(_), None) => {
                problems.add(
                    "VAULT_CLIENT_CERT is set and VAULT_CLIENT_KEY is not",
                    "set VAULT_CLIENT_KEY to the path of the certificate's key",
                );
                return None;
            }
            (None, None, Some(_)) => {
                problems.add(
                    "VAULT_CLIENT_KEY is set and VAULT_CLIENT_CERT is not",
                    "set VAULT_CLIENT_CERT to the path of the key's certificate",
                );
                return None;
            }
        };
    let certificate = file(&certificate, certificate_name, problems);
    let key = file(&key, key_name, problems);
    Some(Identity::from_pem(certificate?.bytes.to_vec(), key?.bytes))
}

/// Whether any certificate of anybody is taken. Only the exact word says so, and never in production.
fn skip_verify(variables: &Variables, environment: Option<&Environment>, problems: &mut Problems) -> bool {
    let Some(text) = &variables.skip_verify else { return false };
    let name = variables.name("VAULT_SKIP_VERIFY");
    match text.whole() {
        "false" => false,
        "true" if environment.is_some_and(|environment| environment.kind() == EnvironmentKind::Production) => {
            problems.add(
                format!("{name} is true in production, where anybody in between could take the token and every secret"),
                "remove it, and set VAULT_CACERT to the file of the server's authority",
            );
            false
        }
        "true" => true,
        _ => {
            problems.add(
                format!("{name} is neither `true` nor `false`"),
                "remove it, so that the server's certificate is verified; on a developer's machine `true` turns that off",
            );
            false
        }
    }
}

fn timeout(variables: &Variables, problems: &mut Problems) -> Option<Duration> {
    let text = variables.timeout.as_ref()?.get();
    let timeout = text.parse().map(Duration::from_secs).ok().or_else(|| humantime::parse_duration(text).ok());
    let timeout = timeout.filter(|timeout| !timeout.is_zero());
    if timeout.is_none() {
        problems
            .add(format!("{} is no time", variables.name("VAULT_CLIENT_TIMEOUT")), "write seconds, `60`, or a time with its unit, `500ms`");
    }
    timeout
}

/// The login that the environment describes. `None` where it describes none, and where it is wrong.
fn from_environment(variables: &Variables, is_agent: bool, has_certificate: bool, problems: &mut Problems) -> Option<Login> {
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

#[cfg(test)]
mod tests;
