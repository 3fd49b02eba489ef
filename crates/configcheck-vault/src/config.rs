//! What the program and the environment say together, checked before anybody is asked: the server, the way to it, and the login.

mod login;

use std::path::PathBuf;
use std::time::Duration;

use configcheck_core::environment::{Environment, EnvironmentKind};
use configcheck_core::provider::{Outcome, Reason};
use configcheck_files as files;
use configcheck_http::{Address, Client, ClientSettings, Identity, Reach, Roots};

use crate::client::Server;
use crate::location;
use crate::login::Login;
use crate::variables::{Text, Variables};

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The largest file of certificates, and of a key.
const LIMIT: u64 = 1 << 20;

/// What the program says. What it does not say is looked up in the environment.
#[derive(Clone, Default)]
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
            None => login::from_environment(variables, is_agent, program.client_certificate.is_some(), &mut problems),
        };
        if let Some(Err(reason)) = login.as_ref().map(Login::check) {
            problems.0.push(reason);
        }
        match (problems.reason(), address, client, login) {
            (None, Some(address), Some(http), Some(login)) => Ok(Self { server: Server::new(http, address), namespace, login }),
            (None, _, _, None) => Err(Outcome::AuthFailed(login::none())),
            (reason, ..) => Err(Outcome::Misconfigured(reason.unwrap_or_else(|| Reason::new("the settings of vault cannot be used")))),
        }
    }
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

#[cfg(test)]
mod tests;
