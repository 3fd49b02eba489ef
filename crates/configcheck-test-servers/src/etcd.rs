//! etcd, one member.

use std::sync::{Mutex, OnceLock, PoisonError};

use tempfile::TempDir;

use crate::exchange::exchange;
use crate::process::{Process, folder};
use crate::{install, ports};

/// A server.
#[derive(Debug)]
pub struct Etcd {
    process: Mutex<Option<Process>>,
    folder: TempDir,
    ports: [u16; 2],
    endpoint: String,
}

impl Etcd {
    /// The server of this process; tests keep apart by their prefixes.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Etcd> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A server with nothing in it, and without users.
    pub fn start() -> Self {
        let folder = folder();
        let launch = || {
            let ports = ports::free();
            (launch(&folder, ports), ports)
        };
        let (process, ports) = Process::launch("etcd", launch, |ports| answers(ports[0]));
        Self { process: Mutex::new(Some(process)), folder, ports, endpoint: format!("http://127.0.0.1:{}", ports[0]) }
    }

    /// Where clients find it: `http://127.0.0.1:2379`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Asks its gateway for JSON: `request("/v3/kv/range", r#"{"key":"YQ=="}"#, None)`; with the token of a user, when users are on.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    pub fn request(&self, path: &str, body: &str, token: Option<&str>) -> (u16, String) {
        let headers: Vec<_> = token.map(|token| ("Authorization", token)).into_iter().collect();
        exchange(self.ports[0], "POST", path, &headers, Some(body))
            .unwrap_or_else(|problem| panic!("etcd does not answer {path}: {problem}\n{}", self.log_tail()))
    }

    /// Puts a value, while users are off.
    ///
    /// # Panics
    ///
    /// When it does not succeed.
    pub fn put(&self, key: impl AsRef<[u8]>, value: impl AsRef<[u8]>) {
        let body = format!(r#"{{"key":"{}","value":"{}"}}"#, base64(key.as_ref()), base64(value.as_ref()));
        let (status, answer) = self.request("/v3/kv/put", &body, None);
        assert_eq!(status, 200, "etcd does not take a value: {answer}");
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
        let mut process = launch(&self.folder, self.ports);
        let up = process.wait_until(|| answers(self.ports[0]));
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

fn launch(folder: &TempDir, [client, peer]: [u16; 2]) -> Process {
    let (client, peer) = (format!("http://127.0.0.1:{client}"), format!("http://127.0.0.1:{peer}"));
    let data = folder.path().join("data").display().to_string();
    let arguments = [
        ["--data-dir", &data],
        ["--listen-client-urls", &client],
        ["--advertise-client-urls", &client],
        ["--listen-peer-urls", &peer],
        ["--initial-advertise-peer-urls", &peer],
        ["--initial-cluster", &format!("default={peer}")],
        ["--logger", "zap"],
    ];
    Process::start(folder.path(), install::program("etcd"), arguments.as_flattened(), &[])
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
