//! moto: an independent imitation of AWS. It lets everybody in, and differs from AWS in places.

use std::sync::{Mutex, OnceLock, PoisonError};

use tempfile::TempDir;

use crate::exchange::exchange;
use crate::process::{Process, folder};
use crate::{install, ports};

/// A server. Its keys are AWS's own examples.
#[derive(Debug)]
pub struct Moto {
    process: Mutex<Option<Process>>,
    folder: TempDir,
    port: u16,
    endpoint: String,
}

impl Moto {
    /// The region of [`Moto::environment`] and [`Moto::request`].
    pub const REGION: &'static str = "us-east-1";
    /// The access key of [`Moto::environment`].
    pub const ACCESS_KEY_ID: &'static str = "AKIAIOSFODNN7EXAMPLE";
    /// The secret key of [`Moto::environment`].
    pub const SECRET_ACCESS_KEY: &'static str = "not-a-real-secret-access-key";

    /// The server of this process; tests keep apart by the names of their secrets.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Moto> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// A server with nothing in it.
    pub fn start() -> Self {
        let folder = folder();
        let launch = || {
            let [port] = ports::free();
            (launch(&folder, port), port)
        };
        let (process, port) = Process::launch("moto", launch, |port| answers(*port));
        Self { process: Mutex::new(Some(process)), folder, port, endpoint: format!("http://127.0.0.1:{port}") }
    }

    /// Where clients find it, instead of AWS: `http://127.0.0.1:25000`.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What a client needs in its environment: the endpoint, the region and keys, and no look for credentials of a machine.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        vec![
            ("AWS_ENDPOINT_URL", self.endpoint.clone()),
            ("AWS_REGION", Self::REGION.to_owned()),
            ("AWS_ACCESS_KEY_ID", Self::ACCESS_KEY_ID.to_owned()),
            ("AWS_SECRET_ACCESS_KEY", Self::SECRET_ACCESS_KEY.to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
        ]
    }

    /// Asks one of the services that speak JSON: `request("secretsmanager.CreateSecret", r#"{"Name":"a","SecretString":"b"}"#)`,
    /// `request("AmazonSSM.PutParameter", …)`, `request("TrentService.CreateKey", …)`.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    pub fn request(&self, target: &str, body: &str) -> (u16, String) {
        let service = match target.split('.').next() {
            Some("AmazonSSM") => "ssm",
            Some("TrentService") => "kms",
            _ => "secretsmanager",
        };
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/20260101/{}/{service}/aws4_request, SignedHeaders=host, Signature=not-checked",
            Self::ACCESS_KEY_ID,
            Self::REGION
        );
        let headers = [("X-Amz-Target", target), ("Content-Type", "application/x-amz-json-1.1"), ("Authorization", &*authorization)];
        exchange(self.port, "POST", "/", &headers, Some(body))
            .unwrap_or_else(|problem| panic!("moto does not answer {target}: {problem}\n{}", self.log_tail()))
    }

    /// Asks what has to succeed, and gives back the answer.
    ///
    /// # Panics
    ///
    /// When it does not succeed.
    pub fn write(&self, target: &str, body: &str) -> String {
        let (status, answer) = self.request(target, body);
        assert_eq!(status, 200, "moto answers {target} with {answer}");
        answer
    }

    /// Ends it. Nobody listens at its endpoint any more.
    pub fn stop(&self) {
        drop(self.process.lock().unwrap_or_else(PoisonError::into_inner).take());
    }

    /// Ends it and starts it at the same endpoint, with nothing in it.
    ///
    /// # Panics
    ///
    /// When it does not come up, as when somebody took its port.
    pub fn restart(&self) {
        let mut slot = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        drop(slot.take());
        let mut process = launch(&self.folder, self.port);
        let up = process.wait_until(|| answers(self.port));
        up.unwrap_or_else(|log| panic!("moto does not start again; the end of what it says:\n{log}"));
        *slot = Some(process);
    }

    fn log_tail(&self) -> String {
        let process = self.process.lock().unwrap_or_else(PoisonError::into_inner);
        process.as_ref().map_or_else(|| "it was stopped".to_owned(), Process::log_tail)
    }
}

fn answers(port: u16) -> bool {
    exchange(port, "GET", "/moto-api/data.json", &[], None).is_ok_and(|(status, _)| status == 200)
}

fn launch(folder: &TempDir, port: u16) -> Process {
    let arguments = ["-m", "moto.server", "-H", "127.0.0.1", "-p", &port.to_string()];
    // It finds itself at work on behalf of others, and must never look for credentials of the machine.
    let variables = [
        ("AWS_ACCESS_KEY_ID", Moto::ACCESS_KEY_ID),
        ("AWS_SECRET_ACCESS_KEY", Moto::SECRET_ACCESS_KEY),
        ("AWS_EC2_METADATA_DISABLED", "true"),
    ];
    Process::start(folder.path(), install::program("python"), &arguments, &variables)
}
