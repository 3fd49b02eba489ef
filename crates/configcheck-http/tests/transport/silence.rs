//! E7: what the libraries below tell a subscriber that wants to know everything.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use configcheck_http::{Client, ClientSettings, Roots};
use configcheck_testkit::failure_lab::{FailureLab, Fault};
use http::Method;
use tracing_subscriber::fmt::MakeWriter;

use crate::http2_server::Http2Server;
use crate::world::{TOKEN, alone, client, failure, request, run};

/// Everything that was told.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<u8>>>);

impl Write for Told {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Told {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

const SENT: &str = "hunter2-fake-in-the-request";
/// What the servers answer, in a header and in the body.
const ANSWERED: &str = "hunter2-fake-in-the-answer";

#[test]
fn nothing_that_is_carried_is_told_at_trace() {
    if alone("silence::nothing_that_is_carried_is_told_at_trace", &[("RUST_LOG", "trace")]).is_some() {
        return;
    }
    let told = Told::default();
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing_subscriber::filter::LevelFilter::TRACE).with_writer(told.clone());
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();

    let http2 = Http2Server::start();
    let answer = || Fault::StatusWith { status: 200, headers: vec![("x-secret".to_owned(), ANSWERED.to_owned())], body: ANSWERED.into() };
    let (plain, tls) = (FailureLab::start(answer()), FailureLab::start_tls(answer()));
    let trusting = |pem: &str| Client::new(ClientSettings::new().roots(Roots::Only(pem.into()))).unwrap();
    for (client, url) in [(client(), plain.url()), (trusting(tls.ca_pem()), tls.url()), (trusting(&http2.authority), http2.url("/secret"))]
    {
        let asked = request(Method::POST, &url, SENT);
        let response = run(async move { client.send(asked).await }).unwrap();
        assert!(response.body.starts_with(ANSWERED.as_bytes()) && response.headers["x-secret"] == ANSWERED, "{url}");
        assert!(!format!("{response:?}").contains("hunter2"));
    }
    for path in ["/short", "/reset", "/many-headers", "/compressed"] {
        failure(&trusting(&http2.authority), &http2.url(path));
    }

    let told = String::from_utf8(told.0.lock().unwrap().clone()).unwrap();
    assert!(told.lines().filter(|line| line.contains("TRACE h2::") || line.contains("TRACE")).count() > 100, "the libraries tell a lot");
    for secret in [TOKEN, SENT, ANSWERED] {
        let decimal = format!("{:?}", &secret.as_bytes()[..8]);
        let hex: String = secret.bytes().take(8).map(|byte| format!("{byte:02x}")).collect();
        for form in [secret, decimal.trim_matches(['[', ']']), &hex] {
            let line = told.lines().find(|line| line.to_lowercase().contains(&form.to_lowercase()));
            assert!(line.is_none(), "{form} is told: {line:?}");
        }
    }
}
