//! OpenBao: in development mode, with TLS, and sealed with storage that outlives a restart.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::{fs, thread, time};

use tempfile::TempDir;

use crate::exchange::exchange;
use crate::process::{Process, folder};
use crate::{install, json, ports};

/// What an [`OpenBao`] is started with.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenBaoOptions {
    /// Whether it speaks TLS, with a certificate for `localhost` and `127.0.0.1` by the authority of [`OpenBao::ca_file`].
    pub tls: bool,
}

/// How a server keeps what it is told, which is how it comes up again.
#[derive(Debug)]
enum Mode {
    /// In memory, unsealed and with a root token from the start.
    Development { tls: bool },
    /// In a folder; sealed whenever it starts.
    Stored { key: String },
}

/// A server. Its tokens, keys and values are made for the test and worth nothing.
#[derive(Debug)]
pub struct OpenBao {
    process: Mutex<Option<Process>>,
    folder: TempDir,
    mode: Mode,
    ports: Ports,
    address: String,
    root_token: String,
}

/// The ports of a server.
#[derive(Clone, Copy, Debug)]
struct Ports {
    /// What clients are told.
    main: u16,
    /// What plain HTTP is spoken at, for setting the server up.
    plain: u16,
    /// What servers of one cluster talk over.
    cluster: u16,
}

impl OpenBao {
    /// The server of this process, in development mode, for tests that leave it as it is and keep to mounts of their own.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<OpenBao> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(OpenBaoOptions::default()))
    }

    /// A server in development mode: unsealed, in memory, with a root token.
    pub fn start(options: OpenBaoOptions) -> Self {
        let folder = folder();
        let launch = || {
            let [main, plain] = ports::free();
            let ports = Ports { main, plain: if options.tls { plain } else { main }, cluster: main + 1 };
            (launch_development(folder.path(), ports, options.tls), ports)
        };
        let (process, ports) = Process::launch("OpenBao", launch, |ports| health(ports.plain) == Some(200));
        let scheme = if options.tls { "https" } else { "http" };
        Self {
            process: Mutex::new(Some(process)),
            folder,
            mode: Mode::Development { tls: options.tls },
            ports,
            address: format!("{scheme}://127.0.0.1:{}", ports.main),
            root_token: "root".to_owned(),
        }
    }

    /// A server as in production: initialised and sealed, with what it is told kept over [`restart`](Self::restart). [`unseal`](Self::unseal)
    /// opens it.
    pub fn start_sealed() -> Self {
        let mut server = Self::start_uninitialised();
        let (status, body) = server.request("PUT", "/v1/sys/init", None, Some(r#"{"secret_shares":1,"secret_threshold":1}"#));
        let (key, token) = (json::text(&body, "keys"), json::text(&body, "root_token"));
        let (Some(key), Some(token)) = (key, token) else { panic!("OpenBao cannot be initialised: {status} {body}") };
        server.mode = Mode::Stored { key: key.to_owned() };
        token.clone_into(&mut server.root_token);
        server
    }

    /// A server that nobody has initialised yet: it has no keys, and no token is good for anything.
    pub fn start_uninitialised() -> Self {
        let folder = folder();
        let launch = || {
            let [main, cluster] = ports::free();
            let ports = Ports { main, plain: main, cluster };
            (launch_stored(folder.path(), ports), ports)
        };
        let (process, ports) = Process::launch("OpenBao", launch, |ports| health(ports.plain).is_some());
        Self {
            process: Mutex::new(Some(process)),
            folder,
            mode: Mode::Stored { key: String::new() },
            ports,
            address: format!("http://127.0.0.1:{}", ports.main),
            root_token: String::new(),
        }
    }

    /// Two servers of one cluster, unsealed: the active one, and a standby that knows it. Both are reached like any other; the standby's
    /// health is 429. OpenBao's standby answers reads itself and hands writes to the active one.
    pub fn start_cluster() -> (Self, Self) {
        let active = Self::start_sealed();
        active.unseal();
        let mut standby = Self::start_uninitialised();
        let join = format!(r#"{{"leader_api_addr":{}}}"#, json::quote(active.address()));
        // A leader that has only just become one may turn the first away.
        standby.until("joins the cluster", || standby.request("POST", "/v1/sys/storage/raft/join", None, Some(&join)).0 == 200);
        if let Mode::Stored { key } = &active.mode {
            standby.mode = Mode::Stored { key: key.clone() };
        }
        standby.root_token.clone_from(&active.root_token);
        standby.submit_key();
        standby.until("becomes a standby that knows the active server", || {
            let (_, leader) = standby.request("GET", "/v1/sys/leader", None, None);
            standby.health() == 429 && leader.contains(active.address())
        });
        (active, standby)
    }

    /// Where clients find it: `http://127.0.0.1:28200`, or `https://…` with TLS.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A token that may do everything.
    pub fn root_token(&self) -> &str {
        &self.root_token
    }

    /// The certificate of the authority that signed the server's own, with TLS.
    pub fn ca_file(&self) -> Option<PathBuf> {
        matches!(self.mode, Mode::Development { tls: true }).then(|| self.folder.path().join("vault-ca.pem"))
    }

    /// Asks the server, over plain HTTP also when its clients need TLS: `request("GET", "/v1/sys/mounts", bao.root_token(), None)`.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    pub fn request<'a>(&self, method: &str, path: &str, token: impl Into<Option<&'a str>>, body: Option<&str>) -> (u16, String) {
        let headers: Vec<_> = token.into().map(|token| ("X-Vault-Token", token)).into_iter().collect();
        exchange(self.ports.plain, method, path, &headers, body)
            .unwrap_or_else(|problem| panic!("OpenBao does not answer {method} {path}: {problem}\n{}", self.log_tail()))
    }

    /// Asks with the root token, and gives back the answer of what has to succeed: `read("sys/mounts")`.
    ///
    /// # Panics
    ///
    /// When it does not succeed.
    pub fn read(&self, path: &str) -> String {
        self.expect_success("GET", path, None)
    }

    /// Writes with the root token what has to succeed, and gives back the answer: `write("kv/data/app", r#"{"data":{"a":"1"}}"#)`.
    ///
    /// # Panics
    ///
    /// When it does not succeed.
    pub fn write(&self, path: &str, body: &str) -> String {
        self.expect_success("POST", path, Some(body))
    }

    /// Deletes with the root token what has to be there: `delete("sys/policies/acl/app")`.
    ///
    /// # Panics
    ///
    /// When it does not succeed.
    pub fn delete(&self, path: &str) {
        self.expect_success("DELETE", path, None);
    }

    /// Mounts an engine: `enable("kv", "kv", r#"{"version":"2"}"#)`. The path can be written to when this returns.
    pub fn enable(&self, path: &str, engine: &str, options: &str) {
        self.write(&format!("sys/mounts/{path}"), &format!(r#"{{"type":{},"options":{options}}}"#, json::quote(engine)));
        if engine == "kv" && options.contains("version") && options.contains('2') {
            // A new mount of the second version answers 400 while it is made.
            self.until("can be written to", || self.request("GET", &format!("/v1/{path}/config"), self.root_token(), None).0 == 200);
        }
    }

    /// Lets clients log in by a method: `enable_auth("approle", "approle")`.
    pub fn enable_auth(&self, path: &str, method: &str) {
        self.write(&format!("sys/auth/{path}"), &format!(r#"{{"type":{}}}"#, json::quote(method)));
    }

    /// Writes a policy: `policy("app", r#"path "kv/data/app" { capabilities = ["read"] }"#)`.
    pub fn policy(&self, name: &str, rules: &str) {
        self.write(&format!("sys/policies/acl/{name}"), &format!(r#"{{"policy":{}}}"#, json::quote(rules)));
    }

    /// A new token with these policies, beside `default`, which lives that long: `token_with(&["app"], "1h")`.
    ///
    /// # Panics
    ///
    /// When the server makes none.
    pub fn token_with(&self, policies: &[&str], ttl: &str) -> String {
        let body = self.write("auth/token/create", &format!(r#"{{"policies":{},"ttl":{}}}"#, json::list(policies), json::quote(ttl)));
        json::text(&body, "client_token").unwrap_or_else(|| panic!("no token in {body}")).to_owned()
    }

    /// How many requests to a path the server has seen, whoever asked; to all below it when it ends in `/`: `requests("kv/data/app")`.
    pub fn requests(&self, path: &str) -> usize {
        let audited = fs::read_to_string(self.folder.path().join("audit")).unwrap_or_default();
        let wanted = if path.ends_with('/') { format!(r#""path":"{path}"#) } else { format!(r#""path":"{path}""#) };
        audited.lines().filter(|line| line.contains(r#""type":"request""#) && line.contains(&wanted)).count()
    }

    /// The status of `/v1/sys/health`: 200 active, 429 standby, 501 not initialised, 503 sealed.
    pub fn health(&self) -> u16 {
        self.request("GET", "/v1/sys/health", None, None).0
    }

    /// Seals it: it answers 503 to everything until [`unseal`](Self::unseal).
    ///
    /// # Panics
    ///
    /// On a server in development mode, whose key nobody keeps.
    pub fn seal(&self) {
        assert!(matches!(self.mode, Mode::Stored { .. }), "a server in development mode is not sealed: use `start_sealed`");
        self.expect_success("PUT", "sys/seal", None);
        self.until("is sealed", || self.health() == 503);
    }

    /// Unseals it, and waits until it is active.
    ///
    /// # Panics
    ///
    /// On a server that has no key.
    pub fn unseal(&self) {
        self.submit_key();
        self.until("becomes active", || self.health() == 200);
    }

    fn submit_key(&self) {
        let Mode::Stored { key } = &self.mode else { panic!("a server in development mode is never sealed") };
        let (status, body) = self.request("PUT", "/v1/sys/unseal", None, Some(&format!(r#"{{"key":"{key}"}}"#)));
        assert_eq!(status, 200, "OpenBao cannot be unsealed: {body}");
    }

    /// Ends it. Nobody listens at its address any more.
    pub fn stop(&self) {
        drop(self.process.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Ends it and starts it at the same address: empty in development mode, and sealed otherwise.
    ///
    /// # Panics
    ///
    /// When it does not come up, as when somebody took its port.
    pub fn restart(&self) {
        let mut slot = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        drop(slot.take());
        let mut process = match self.mode {
            Mode::Development { tls } => launch_development(self.folder.path(), self.ports, tls),
            Mode::Stored { .. } => launch_stored(self.folder.path(), self.ports),
        };
        let up = process.wait_until(|| health(self.ports.plain).is_some());
        up.unwrap_or_else(|log| panic!("OpenBao does not start again; the end of what it says:\n{log}"));
        *slot = Some(process);
    }

    fn expect_success(&self, method: &str, path: &str, body: Option<&str>) -> String {
        let (status, answer) = self.request(method, &format!("/v1/{path}"), self.root_token(), body);
        assert!((200..300).contains(&status), "OpenBao answers {method} {path} with {status}: {answer}");
        answer
    }

    fn until(&self, what: &str, holds: impl Fn() -> bool) {
        let end = time::Instant::now() + time::Duration::from_mins(2);
        while !holds() {
            assert!(time::Instant::now() < end, "OpenBao never {what}; the end of what it says:\n{}", self.log_tail());
            thread::sleep(time::Duration::from_millis(20));
        }
    }

    fn log_tail(&self) -> String {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.as_ref().map_or_else(|| "it was stopped".to_owned(), Process::log_tail)
    }
}

/// The status of a server's health, when it answers.
fn health(port: u16) -> Option<u16> {
    exchange(port, "GET", "/v1/sys/health", &[], None).ok().map(|(status, _)| status)
}

/// The log of requests, which [`OpenBao::requests`] counts.
fn audit(folder: &Path) -> String {
    format!("audit \"file\" \"requests\" {{\n  options {{\n    file_path = \"{}\"\n  }}\n}}\n", folder.join("audit").display())
}

fn listener(lines: &str) -> String {
    format!("listener \"tcp\" {{\n{lines}  tls_disable = true\n}}\n")
}

fn launch_development(folder: &Path, ports: Ports, tls: bool) -> Process {
    let plain = if tls { listener(&format!("  address = \"127.0.0.1:{}\"\n", ports.plain)) } else { String::new() };
    let settings = folder.join("settings.hcl");
    fs::write(&settings, plain + &audit(folder)).unwrap();
    let mut arguments = vec![
        "server".to_owned(),
        "-dev".to_owned(),
        "-dev-root-token-id=root".to_owned(),
        "-dev-no-store-token".to_owned(),
        format!("-dev-listen-address=127.0.0.1:{}", ports.main),
        format!("-config={}", settings.display()),
    ];
    if tls {
        arguments.extend(["-dev-tls".to_owned(), format!("-dev-tls-cert-dir={}", folder.display())]);
    }
    Process::start(folder, install::program("bao"), &arguments, &[])
}

fn launch_stored(folder: &Path, ports: Ports) -> Process {
    let (data, settings) = (folder.join("data"), folder.join("settings.hcl"));
    fs::create_dir_all(&data).unwrap();
    let addresses = format!("  address = \"127.0.0.1:{}\"\n  cluster_address = \"127.0.0.1:{}\"\n", ports.main, ports.cluster);
    let text = format!(
        "storage \"raft\" {{\n  path = \"{}\"\n  node_id = \"{main}\"\n  performance_multiplier = \"1\"\n}}\n{}{}\
         api_addr = \"http://127.0.0.1:{main}\"\ncluster_addr = \"https://127.0.0.1:{}\"\n",
        data.display(),
        listener(&addresses),
        audit(folder),
        ports.cluster,
        main = ports.main,
    );
    fs::write(&settings, text).unwrap();
    Process::start(folder, install::program("bao"), &["server".to_owned(), format!("-config={}", settings.display())], &[])
}
