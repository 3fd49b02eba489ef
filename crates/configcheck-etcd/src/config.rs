//! What the program and the environment say together, checked before anybody is asked: the members, the way to them, and the login.

use std::path::Path;

use configcheck_core::provider::{Outcome, Reason};
use configcheck_files as files;
use configcheck_http::{Address, Client, ClientSettings, Identity, Reach, Roots};
use zeroize::Zeroizing;

use crate::variables::{Text, Variables};

/// The largest answer that is read, in bytes: all values below a prefix, or of 128 keys, as etcd writes them.
pub const ANSWER_LIMIT: usize = 4 << 20;

/// The largest file of certificates, and of a key.
const FILE_LIMIT: u64 = 1 << 20;

/// What the program says. What it does not say is looked up in the environment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Program {
    pub(crate) endpoints: Vec<String>,
    pub(crate) plain_http: bool,
}

/// What holds for one login.
pub(crate) struct Config {
    pub(crate) members: Vec<Address>,
    pub(crate) http: Client,
    pub(crate) login: Option<Login>,
    /// Whether there is a certificate for members that ask for one.
    pub(crate) shows_certificate: bool,
}

/// A user, and the password of it.
pub(crate) struct Login {
    pub(crate) name: String,
    pub(crate) password: Zeroizing<String>,
}

impl Login {
    /// The name as it may be shown and typed: one with unusual characters could be anything.
    pub(crate) fn shown(&self) -> &str {
        let usual = |character: char| character.is_ascii_alphanumeric() || "-_.@".contains(character);
        if self.name.len() <= 64 && self.name.chars().all(usual) { &self.name } else { "of ETCDCTL_USER" }
    }
}

impl Config {
    /// Puts both together.
    ///
    /// # Errors
    ///
    /// The first thing that is wrong.
    pub(crate) fn of(program: &Program, variables: &Variables) -> Result<Self, Outcome> {
        Self::checked(program, variables).map_err(Outcome::Misconfigured)
    }

    fn checked(program: &Program, variables: &Variables) -> Result<Self, Reason> {
        let reach = Reach { plain_http: program.plain_http, link_local: false };
        let members = members(program, variables, reach)?;
        let mut settings = ClientSettings::new().reach(reach).body_limit(ANSWER_LIMIT);
        if let Some(path) = &variables.ca_file {
            settings = settings.roots(Roots::Only(file("ETCDCTL_CACERT", path)?.to_vec()));
        }
        match (&variables.client_certificate, &variables.client_key) {
            (Some(certificate), Some(key)) => {
                let certificate = file("ETCDCTL_CERT", certificate)?.to_vec();
                settings = settings.identity(Identity::from_pem(certificate, file("ETCDCTL_KEY", key)?));
            }
            (Some(_), None) => return Err(alone("ETCDCTL_CERT", "ETCDCTL_KEY")),
            (None, Some(_)) => return Err(alone("ETCDCTL_KEY", "ETCDCTL_CERT")),
            (None, None) => {}
        }
        let http = Client::new(settings)
            .map_err(|problem| Reason::new(format!("the files of etcd's certificates cannot be used: {problem}")).help(problem.help()))?;
        Ok(Self { members, http, login: login(variables)?, shows_certificate: variables.client_certificate.is_some() })
    }
}

fn members(program: &Program, variables: &Variables, reach: Reach) -> Result<Vec<Address>, Reason> {
    let (texts, name): (Vec<&str>, _) = match &variables.endpoints {
        _ if !program.endpoints.is_empty() => {
            (program.endpoints.iter().map(String::as_str).collect(), "the endpoint that the program gives")
        }
        Some(text) => (text.get().split(',').map(str::trim).filter(|text| !text.is_empty()).collect(), "ETCDCTL_ENDPOINTS"),
        None => (Vec::new(), ""),
    };
    if texts.is_empty() {
        return Err(Reason::new("nothing says where etcd is: ETCDCTL_ENDPOINTS is not set").help(
            "set it to the addresses of its members: ETCDCTL_ENDPOINTS=https://etcd-0.example.com:2379,https://etcd-1.example.com:2379",
        ));
    }
    let has_tls = variables.ca_file.is_some() || variables.client_certificate.is_some();
    let address = |(place, text): (usize, &&str)| {
        let whole = match text.contains("://") {
            true => (*text).to_owned(),
            false if has_tls => format!("https://{text}"),
            false => format!("http://{text}"),
        };
        Address::parse(&whole, reach).map_err(|problem| {
            let place = if texts.len() > 1 { format!(", address {}", place + 1) } else { String::new() };
            Reason::new(format!("{name} cannot be used{place}: {problem}")).help(problem.help())
        })
    };
    texts.iter().enumerate().map(address).collect()
}

/// The login: a name and a password, or both in one with a colon between them, as `etcdctl` takes it.
fn login(variables: &Variables) -> Result<Option<Login>, Reason> {
    let of = |name: &str, password: &str| Login { name: name.to_owned(), password: Zeroizing::new(password.to_owned()) };
    match (&variables.user, &variables.password) {
        (None, None) => Ok(None),
        (Some(user), Some(password)) => Ok(Some(of(user.get(), password.whole().trim_end_matches(['\r', '\n'])))),
        (Some(user), None) => match user.get().split_once(':') {
            Some((name, password)) => Ok(Some(of(name, password))),
            None => Err(alone("ETCDCTL_USER", "ETCDCTL_PASSWORD")),
        },
        (None, Some(_)) => Err(alone("ETCDCTL_PASSWORD", "ETCDCTL_USER")),
    }
}

fn alone(set: &str, unset: &str) -> Reason {
    Reason::new(format!("{set} is set and {unset} is not")).help(format!("set {unset} too, or neither of them"))
}

fn file(name: &str, path: &Text) -> Result<Zeroizing<Vec<u8>>, Reason> {
    match files::read(Path::new(path.get()), FILE_LIMIT) {
        Ok(contents) => Ok(contents.bytes),
        Err(refusal) => Err(Reason::new(format!("the file of {name} cannot be read: {refusal}")).help(refusal.help())),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

    use super::*;
    use crate::variables::tests::values;

    fn of(program: &Program, pairs: &[(&str, &str)]) -> Result<Config, Reason> {
        Config::checked(program, &Variables::read(&values(pairs)))
    }

    fn members(pairs: &[(&str, &str)]) -> Vec<String> {
        of(&Program::default(), pairs).ok().unwrap().members.iter().map(ToString::to_string).collect()
    }

    fn problem(pairs: &[(&str, &str)]) -> String {
        match of(&Program::default(), pairs) {
            Ok(_) => panic!("{pairs:?} is taken"),
            Err(reason) => reason.message,
        }
    }

    #[test]
    fn members_are_read_as_etcdctl_reads_them() {
        let folder = tempfile::tempdir().unwrap();
        let authority = folder.path().join("ca.pem");
        std::fs::write(&authority, "").unwrap();
        assert_eq!(
            members(&[("ETCDCTL_ENDPOINTS", "127.0.0.1:2379, https://b.internal:2379,")]),
            ["http://127.0.0.1:2379", "https://b.internal:2379"]
        );
        let told = problem(&[("ETCDCTL_ENDPOINTS", "b.internal:2379"), ("ETCDCTL_CACERT", authority.to_str().unwrap())]);
        assert_eq!(told, "the files of etcd's certificates cannot be used: the text of trusted authorities holds no certificate");
    }

    #[test]
    fn the_program_goes_before_the_environment() {
        let program = Program { endpoints: vec!["https://a.internal:2379".into()], plain_http: false };
        let config = of(&program, &[("ETCDCTL_ENDPOINTS", "https://b.internal:2379")]).ok().unwrap();
        assert_eq!(config.members[0].to_string(), "https://a.internal:2379");
    }

    #[test]
    fn plain_http_leaves_the_machine_only_when_it_is_allowed() {
        let told = problem(&[("ETCDCTL_ENDPOINTS", "127.0.0.1:2379,http://etcd.internal:2379")]);
        assert_eq!(told, "ETCDCTL_ENDPOINTS cannot be used, address 2: http to etcd.internal would send secrets in the clear");
        let program = Program { endpoints: vec!["http://etcd.internal:2379".into()], plain_http: true };
        assert!(of(&program, &[]).is_ok());
    }

    #[test]
    fn what_belongs_together_is_set_together() {
        let here = ("ETCDCTL_ENDPOINTS", "127.0.0.1:2379");
        assert_eq!(problem(&[]), "nothing says where etcd is: ETCDCTL_ENDPOINTS is not set");
        assert_eq!(problem(&[here, ("ETCDCTL_USER", "app")]), "ETCDCTL_USER is set and ETCDCTL_PASSWORD is not");
        assert_eq!(problem(&[here, ("ETCDCTL_PASSWORD", "hunter2-fake")]), "ETCDCTL_PASSWORD is set and ETCDCTL_USER is not");
        assert_eq!(problem(&[here, ("ETCDCTL_CERT", "/no/such")]), "ETCDCTL_CERT is set and ETCDCTL_KEY is not");
        assert_eq!(
            problem(&[here, ("ETCDCTL_CACERT", "/no/such")]),
            "the file of ETCDCTL_CACERT cannot be read: there is no file at this path"
        );
    }

    #[test]
    fn a_login_may_be_one_variable_or_two() {
        let login = |pairs: &[(&str, &str)]| {
            let pairs = [&[("ETCDCTL_ENDPOINTS", "127.0.0.1:2379")], pairs].concat();
            let login = of(&Program::default(), &pairs).ok().unwrap().login.unwrap();
            (login.name.clone(), login.password.to_string())
        };
        let expected = ("app".to_owned(), "hunter2:fake".to_owned());
        assert_eq!(login(&[("ETCDCTL_USER", "app:hunter2:fake")]), expected);
        assert_eq!(login(&[("ETCDCTL_USER", "app"), ("ETCDCTL_PASSWORD", "hunter2:fake\n")]), expected);
    }

    #[test]
    fn an_unusual_name_is_not_shown() {
        let shown = |name: &str| Login { name: name.into(), password: Zeroizing::default() }.shown().to_owned();
        assert_eq!(shown("svc-checkout@prod"), "svc-checkout@prod");
        assert_eq!(shown("x\u{1b}[2J"), "of ETCDCTL_USER");
    }
}
