//! etcd, one member.

use std::path::PathBuf;
use std::sync::{Mutex, OnceLock, PoisonError};

use tempfile::TempDir;

use crate::authority::Authority;
use crate::exchange::exchange;
use crate::process::{Process, folder};
use crate::{install, json, ports};

/// The name and the password of the user who may do everything, once users are on.
const ROOT: (&str, &str) = ("root", "not-a-real-root-password");

/// A server.
#[derive(Debug)]
pub struct Etcd {
    process: Mutex<Option<Process>>,
    folder: TempDir,
    ports: Ports,
    tls: Option<Tls>,
    /// The login of root, once users are on.
    root: Mutex<Option<String>>,
    endpoint: String,
}

/// The ports of a server.
#[derive(Clone, Copy, Debug)]
struct Ports {
    /// What plain HTTP is spoken at, for clients and for setting the server up.
    plain: u16,
    /// What TLS is spoken at, where it is.
    tls: u16,
    /// What members talk over.
    peer: u16,
}

/// The files of a server that speaks TLS.
#[derive(Debug)]
struct Tls {
    authority: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

impl Etcd {
    /// The server of this process; tests keep apart by their prefixes.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Etcd> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A server with nothing in it, and without users.
    pub fn start() -> Self {
        Self::start_with(None)
    }

    /// A server that speaks TLS with a certificate of this authority, and lets in only clients that have one of it too.
    pub fn start_with_tls(authority: &Authority) -> Self {
        let (certificate, key) = authority.issue("localhost");
        Self::start_with(Some(Tls { authority: authority.file(), certificate, key }))
    }

    fn start_with(tls: Option<Tls>) -> Self {
        let folder = folder();
        let launch = || {
            let [plain, over_tls, peer] = ports::free();
            let ports = Ports { plain, tls: over_tls, peer };
            (launch(&folder, ports, tls.as_ref()), ports)
        };
        let (process, ports) = Process::launch("etcd", launch, |ports| answers(ports.plain));
        let endpoint = match tls {
            Some(_) => format!("https://127.0.0.1:{}", ports.tls),
            None => format!("http://127.0.0.1:{}", ports.plain),
        };
        Self { process: Mutex::new(Some(process)), folder, ports, tls, root: Mutex::new(None), endpoint }
    }

    /// Where clients find it: `http://127.0.0.1:2379`, or `https://…` with TLS.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Asks its gateway for JSON, over plain HTTP also when its clients need TLS: `request("/v3/kv/range", r#"{"key":"YQ=="}"#, None)`; with the token of a user, when users are on.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    pub fn request(&self, path: &str, body: &str, token: Option<&str>) -> (u16, String) {
        let headers: Vec<_> = token.map(|token| ("Authorization", token)).into_iter().collect();
        exchange(self.ports.plain, "POST", path, &headers, Some(body))
            .unwrap_or_else(|problem| panic!("etcd does not answer {path}: {problem}\n{}", self.log_tail()))
    }

    /// Puts a value, in place of one that is there.
    pub fn put(&self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        self.write("/v3/kv/put", &format!(r#"{{"key":"{}","value":"{}"}}"#, base64(key.as_ref()), base64(value.as_ref())));
    }

    /// Deletes a key, whether or not it is there.
    pub fn delete(&self, key: impl AsRef<[u8]>) {
        self.write("/v3/kv/deleterange", &format!(r#"{{"key":"{}"}}"#, base64(key.as_ref())));
    }

    /// A user with a role of the same name that may read what begins with the prefix.
    pub fn add_reader(&self, name: &str, password: &str, prefix: &str) {
        let name = json::quote(name);
        self.write("/v3/auth/user/add", &format!(r#"{{"name":{name},"password":{}}}"#, json::quote(password)));
        self.write("/v3/auth/role/add", &format!(r#"{{"name":{name}}}"#));
        self.write("/v3/auth/user/grant", &format!(r#"{{"user":{name},"role":{name}}}"#));
        let mut end = prefix.as_bytes().to_vec();
        *end.last_mut().expect("a prefix is not empty") += 1;
        let range = format!(r#""key":"{}","range_end":"{}""#, base64(prefix.as_bytes()), base64(&end));
        self.write("/v3/auth/role/grant", &format!(r#"{{"name":{name},"perm":{{"permType":"READ",{range}}}}}"#));
    }

    /// Turns users on: whoever asks for something has to log in from now on.
    pub fn turn_users_on(&self) {
        let (name, password) = ROOT;
        let login = format!(r#"{{"name":"{name}","password":"{password}"}}"#);
        self.write("/v3/auth/user/add", &login);
        self.write("/v3/auth/role/add", &format!(r#"{{"name":"{name}"}}"#));
        self.write("/v3/auth/user/grant", &format!(r#"{{"user":"{name}","role":"{name}"}}"#));
        self.write("/v3/auth/enable", "{}");
        let (_, answer) = self.request("/v3/auth/authenticate", &login, None);
        let token = json::text(&answer, "token").unwrap_or_else(|| panic!("etcd does not let root in: {answer}"));
        *self.root.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.to_owned());
    }

    /// Gives a user a password, also the one that it has. It ends the logins of that user.
    pub fn set_password(&self, name: &str, password: &str) {
        let change = format!(r#"{{"name":{},"password":{}}}"#, json::quote(name), json::quote(password));
        self.write("/v3/auth/user/changepw", &change);
    }

    /// Asks what has to succeed, as root where users are on.
    fn write(&self, path: &str, body: &str) {
        let root = self.root.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let (status, answer) = self.request(path, body, root.as_deref());
        assert_eq!(status, 200, "etcd answers {path} with {answer}");
    }

    /// Ends it. Nobody listens at its endpoint any more.
    pub fn stop(&self) {
        drop(self.process.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Ends it and starts it at the same endpoint, with what was put.
    ///
    /// # Panics
    ///
    /// When it does not come up, as when somebody took its port.
    pub fn restart(&self) {
        let mut slot = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        drop(slot.take());
        let mut process = launch(&self.folder, self.ports, self.tls.as_ref());
        let up = process.wait_until(|| answers(self.ports.plain));
        up.unwrap_or_else(|log| panic!("etcd does not start again; the end of what it says:\n{log}"));
        *slot = Some(process);
    }

    fn log_tail(&self) -> String {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.as_ref().map_or_else(|| "it was stopped".to_owned(), Process::log_tail)
    }
}

fn answers(port: u16) -> bool {
    exchange(port, "GET", "/health", &[], None).is_ok_and(|(status, body)| status == 200 && body.contains("true"))
}

fn launch(folder: &TempDir, ports: Ports, tls: Option<&Tls>) -> Process {
    let (mut client, peer) = (format!("http://127.0.0.1:{}", ports.plain), format!("http://127.0.0.1:{}", ports.peer));
    let mut arguments = Vec::new();
    if let Some(Tls { authority, certificate, key }) = tls {
        client.push_str(&format!(",https://127.0.0.1:{}", ports.tls));
        for (name, file) in [("--trusted-ca-file", authority), ("--cert-file", certificate), ("--key-file", key)] {
            arguments.extend([name.to_owned(), file.display().to_string()]);
        }
        arguments.push("--client-cert-auth".to_owned());
    }
    let data = folder.path().join("data").display().to_string();
    let cluster = format!("default={peer}");
    for (name, value) in [
        ("--data-dir", &data),
        ("--listen-client-urls", &client),
        ("--advertise-client-urls", &client),
        ("--listen-peer-urls", &peer),
        ("--initial-advertise-peer-urls", &peer),
        ("--initial-cluster", &cluster),
    ] {
        arguments.extend([name.to_owned(), value.clone()]);
    }
    arguments.extend(["--logger".to_owned(), "zap".to_owned()]);
    Process::start(folder.path(), install::program("etcd"), &arguments, &[])
}

/// Bytes as the gateway takes them.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = three.iter().enumerate().fold(0, |number, (place, byte)| number | u32::from(*byte) << (16 - 8 * place));
        for place in 0..4 {
            let digit = DIGITS[(number >> (18 - 6 * place) & 63) as usize];
            text.push(if place > three.len() { '=' } else { char::from(digit) });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_every_length_are_encoded() {
        let encoded: Vec<_> = ["", "f", "fo", "foo", "\u{fc}ber"].iter().map(|text| base64(text.as_bytes())).collect();
        assert_eq!(encoded, ["", "Zg==", "Zm8=", "Zm9v", "w7xiZXI="]);
    }
}
