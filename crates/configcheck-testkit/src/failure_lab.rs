//! `FailureLab`: a small server on the loopback address that plays one fault of a network or of a secret manager.
//!
//! It notes what it was sent, so that a test can prove what did not leave the process. Everything ends when the lab is dropped: its threads,
//! its connections, its port. It is plain HTTP/1.1, and TLS with the feature `lab-tls`; it knows nothing of any secret manager.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

mod fault;
mod gzip;
mod http_date;
mod play;
mod proxy;
mod record;
mod request;
mod script;
mod serve;
mod threads;
#[cfg(feature = "lab-tls")]
mod tls;
mod wire;

pub use fault::{Choice, Fault, RetryAfter};
pub use request::Request;
#[cfg(feature = "lab-tls")]
pub use tls::TlsFault;

use proxy::Route;
use record::Record;
use script::Script;
use serve::Serve;
use threads::Threads;

/// A server that plays faults.
///
/// ```
/// use std::io::{Read, Write};
/// use std::net::TcpStream;
///
/// use configcheck_testkit::failure_lab::{Fault, FailureLab};
///
/// let lab = FailureLab::start(Fault::Status(503));
/// // A test gives `lab.url()` to what it tests: `VaultProvider::new().address(lab.url())`.
/// let mut client = TcpStream::connect(lab.address())?;
/// client.write_all(b"GET /v1/secret HTTP/1.1\r\nconnection: close\r\n\r\n")?;
/// let mut answer = String::new();
/// client.read_to_string(&mut answer)?;
/// assert!(answer.starts_with("HTTP/1.1 503 "));
/// assert_eq!((lab.connections(), lab.requests()), (1, 1));
/// assert_eq!(lab.requests_log(), ["GET /v1/secret"]);
/// assert!(!lab.saw(b"not-a-real-token"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "the lab ends when it is dropped"]
pub struct FailureLab {
    address: SocketAddr,
    scheme: &'static str,
    record: Arc<Record>,
    script: Arc<Script>,
    #[expect(dead_code, reason = "it ends when it is dropped, and is asked nothing before")]
    port: Port,
    /// Where a proxy passes on to.
    route: Option<Arc<Route>>,
    #[cfg(feature = "lab-tls")]
    papers: Option<tls::Papers>,
}

impl FailureLab {
    /// A server that plays a fault for each request.
    ///
    /// # Panics
    ///
    /// Where the operating system gives no port, and for a fault in a script that only a whole lab can play.
    pub fn start(fault: Fault) -> Self {
        match fault {
            Fault::Refuse => Self::refusing(),
            #[cfg(feature = "lab-tls")]
            Fault::Tls(fault) => Self::start_tls_fault(fault),
            fault => Self::serve(fault, "http", serve::plain()),
        }
    }

    /// A server that nobody should talk to: where a redirect or a proxy variable points, or the neighbour of the right host. It would answer
    /// with 200 and an empty object.
    ///
    /// ```
    /// use configcheck_testkit::failure_lab::{Fault, FailureLab};
    ///
    /// let second = FailureLab::witness();
    /// let lab = FailureLab::start(Fault::Redirect { status: 307, to: second.url() });
    /// // … what is tested talks to `lab` …
    /// second.assert_untouched();
    /// ```
    pub fn witness() -> Self {
        Self::start(Fault::ok("{}"))
    }

    fn serve(fault: Fault, scheme: &'static str, handshake: serve::Handshake) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("the failure lab gets no port: {error}"));
        let address = address_of(&listener);
        let (record, script) = (Arc::new(Record::default()), Arc::new(Script::new(fault)));
        let serve = Serve { record: Arc::clone(&record), script: Arc::clone(&script), handshake };
        let threads = Threads::start(address, listener, move |stream, running| serve.connection(stream, running));
        Self::new(address, scheme, record, script, Port::Served(threads))
    }

    fn refusing() -> Self {
        let refusing = Refusing::new();
        let script = Arc::new(Script::new(Fault::CloseAtOnce));
        Self::new(refusing.address, "http", Arc::default(), script, Port::Refusing(refusing))
    }

    fn new(address: SocketAddr, scheme: &'static str, record: Arc<Record>, script: Arc<Script>, port: Port) -> Self {
        Self {
            address,
            scheme,
            record,
            script,
            port,
            route: None,
            #[cfg(feature = "lab-tls")]
            papers: None,
        }
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Where it is, as an address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Plays another fault from the next request on. Requests that are being answered are not touched.
    ///
    /// # Panics
    ///
    /// For a fault that only a whole lab can play.
    pub fn switch_to(&self, fault: Fault) {
        self.script.replace(fault);
    }

    /// How many connections were made to it.
    pub fn connections(&self) -> usize {
        self.record.connections()
    }

    /// How many whole requests it has got.
    pub fn requests(&self) -> usize {
        self.record.requests().len()
    }

    /// Method and target of each request, in the order in which they came: `GET /v1/secret/data/checkout`.
    pub fn requests_log(&self) -> Vec<String> {
        self.record.requests().iter().map(|request| format!("{} {}", request.method, request.target)).collect()
    }

    /// Each request, in the order in which they came.
    pub fn requests_seen(&self) -> Vec<Request> {
        self.record.requests()
    }

    /// Everything that it was sent, as it stood before TLS.
    pub fn received(&self) -> Vec<u8> {
        self.record.received()
    }

    /// Whether these bytes were among what it was sent.
    pub fn saw(&self, bytes: &[u8]) -> bool {
        let received = self.record.received();
        !bytes.is_empty() && received.windows(bytes.len()).any(|window| window == bytes)
    }

    /// Holds that nobody has talked to it.
    ///
    /// # Panics
    ///
    /// When somebody has connected. The message names the requests, and nothing else of what was sent.
    pub fn assert_untouched(&self) {
        let connections = self.connections();
        assert!(
            connections == 0,
            "nobody should have talked to {}, but there were {connections} connections and these requests: {:?}",
            self.url(),
            self.requests_log()
        );
    }
}

fn address_of(listener: &TcpListener) -> SocketAddr {
    listener.local_addr().unwrap_or_else(|error| panic!("the failure lab does not know its port: {error}"))
}

/// What stands at a port.
#[derive(Debug)]
#[expect(dead_code, reason = "what is held ends when it is dropped, and is asked nothing before")]
enum Port {
    Served(Threads),
    Refusing(Refusing),
}

/// A port at which connections are refused. It is the near end of a connection of our own, so that nobody else is given it meanwhile.
#[derive(Debug)]
struct Refusing {
    address: SocketAddr,
    _ends: (TcpStream, TcpStream),
}

impl Refusing {
    fn new() -> Self {
        let made = TcpListener::bind("127.0.0.1:0").and_then(|listener| {
            let near = TcpStream::connect(listener.local_addr()?)?;
            let (far, _) = listener.accept()?;
            Ok(Self { address: near.local_addr()?, _ends: (near, far) })
        });
        made.unwrap_or_else(|error| panic!("the failure lab gets no port: {error}"))
    }
}

fn as_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
