//! What the tests share: an executor that is not ours, requests, and a server that does one thing and tells when its client is gone.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::future::Future;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::pin::pin;
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use configcheck_http::{Client, ClientSettings, Failure, FailureKind, Response, runtime};
use http::{Method, Request};
use zeroize::Zeroizing;

/// What must reach nobody but the right server.
pub(crate) const TOKEN: &str = "hvs.not-a-real-token";

/// How long something may take that should take no time.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

struct Parked(Thread);

impl Wake for Parked {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// The smallest executor: it knows nothing of tokio.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let (waker, mut future) = (Waker::from(Arc::new(Parked(thread::current()))), pin!(future));
    loop {
        match future.as_mut().poll(&mut Context::from_waker(&waker)) {
            Poll::Ready(value) => return value,
            Poll::Pending => thread::park(),
        }
    }
}

/// Runs a future on the client's runtime, and waits for it without one.
pub(crate) fn run<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    block_on(runtime::spawn(future)).unwrap()
}

pub(crate) fn client() -> Client {
    Client::new(ClientSettings::new()).unwrap()
}

pub(crate) fn request(method: Method, url: &str, body: &str) -> Request<Zeroizing<Vec<u8>>> {
    let request = Request::builder().method(method).uri(url).header("x-vault-token", TOKEN);
    request.body(Zeroizing::new(body.as_bytes().to_vec())).unwrap()
}

pub(crate) fn get(client: &Client, url: &str) -> Result<Response, Failure> {
    let (client, request) = (client.clone(), request(Method::GET, url, ""));
    run(async move { client.send(request).await })
}

pub(crate) fn failure(client: &Client, url: &str) -> Failure {
    let failure = get(client, url).unwrap_err();
    let outcome = failure.outcome("Vault");
    let told = [format!("{failure} {failure:?} {} {outcome:?}", failure.help())].concat();
    assert!(!told.contains("hvs.") && !told.contains("hunter2"), "{told}");
    failure
}

pub(crate) fn kind(client: &Client, url: &str) -> FailureKind {
    failure(client, url).kind()
}

/// The environment variable that tells a test that it is the process of its own.
const ALONE: &str = "CONFIGCHECK_TEST_ALONE";

/// Runs the test of this name once more, in a process of its own with these variables, and has what it said. `None` in that process.
///
/// # Panics
///
/// When the test fails there.
pub(crate) fn alone(name: &str, variables: &[(&str, &str)]) -> Option<String> {
    if std::env::var_os(ALONE).is_some() {
        return None;
    }
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", name, "--nocapture"]).env(ALONE, "1").envs(variables.iter().copied());
    let output = child.output().unwrap();
    let said = [output.stdout, output.stderr].map(|said| String::from_utf8(said).unwrap()).concat();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    Some(said)
}

/// A server that takes connections one after another, reads each one's first bytes, says its part, and tells when the client has gone.
pub(crate) struct Watch {
    pub(crate) address: SocketAddr,
    pub(crate) read: Receiver<Vec<u8>>,
    pub(crate) gone: Receiver<()>,
}

impl Watch {
    pub(crate) fn start(says: &[u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, says) = (listener.local_addr().unwrap(), says.to_vec());
        let ((tell_read, read), (tell_gone, gone)) = (channel(), channel());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut bytes = vec![0; 4096];
                let count = stream.read(&mut bytes).unwrap_or(0);
                bytes.truncate(count);
                let _ = stream.write_all(&says);
                if tell_read.send(bytes).is_err() {
                    return;
                }
                wait_for_end(&mut stream);
                let _ = tell_gone.send(());
            }
        });
        Self { address, read, gone }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

fn wait_for_end(stream: &mut TcpStream) {
    let mut rest = [0; 4096];
    while stream.read(&mut rest).is_ok_and(|count| count > 0) {}
}
