//! A server of HTTP/2 over TLS, which does what the path of a request says.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use bytes::Bytes;
use h2::server::SendResponse;
use h2::{Reason, SendStream, server};
use http::{HeaderMap, HeaderName, Request, Response};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, SupportedProtocolVersion};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

pub(crate) struct Http2Server {
    address: SocketAddr,
    /// The authority of its certificate, as PEM.
    pub(crate) authority: String,
    counts: Arc<Counts>,
    /// A request came that will have no answer.
    pub(crate) begun: Receiver<()>,
    /// Its client does not wait any more.
    pub(crate) reset: Receiver<()>,
    /// A connection has ended.
    pub(crate) closed: Receiver<()>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    requests: AtomicUsize,
    /// Whether connections are closed as soon as they stand.
    turns_away: AtomicBool,
}

#[derive(Clone)]
struct Tell {
    begun: Sender<()>,
    reset: Sender<()>,
    closed: Sender<()>,
}

/// What becomes of the connection after a request.
#[derive(PartialEq)]
enum After {
    Goes,
    Ends,
    BreaksOff,
    Dies,
}

impl Http2Server {
    pub(crate) fn start() -> Self {
        Self::with_versions(rustls::DEFAULT_VERSIONS)
    }

    pub(crate) fn with_versions(versions: &[&'static SupportedProtocolVersion]) -> Self {
        let (config, authority) = config(versions);
        let counts = Arc::<Counts>::default();
        let ((tell_address, address), (begun, begun_told), (reset, reset_told), (closed, closed_told)) =
            (channel(), channel(), channel(), channel());
        let (counting, tell) = (Arc::clone(&counts), Tell { begun, reset, closed });
        let serve = async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell_address.send(listener.local_addr().unwrap()).unwrap();
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                counting.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(connection(tcp, TlsAcceptor::from(Arc::clone(&config)), Arc::clone(&counting), tell.clone()));
            }
        };
        thread::spawn(move || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(serve));
        Self { address: address.recv().unwrap(), authority, counts, begun: begun_told, reset: reset_told, closed: closed_told }
    }

    /// Closes each connection from now on as soon as it stands.
    pub(crate) fn turn_away(&self) {
        self.counts.turns_away.store(true, Ordering::SeqCst);
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://{}{path}", self.address)
    }

    pub(crate) fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }
}

fn config(versions: &[&'static SupportedProtocolVersion]) -> (Arc<ServerConfig>, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_protocol_versions(versions).unwrap().with_no_client_auth();
    let mut config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    (Arc::new(config), authority.pem())
}

async fn connection(tcp: TcpStream, acceptor: TlsAcceptor, counts: Arc<Counts>, tell: Tell) {
    let Ok(tls) = acceptor.accept(tcp).await else { return };
    if counts.turns_away.load(Ordering::SeqCst) {
        return;
    }
    let mut connection = server::handshake(tls).await.unwrap();
    while let Some(Ok((request, respond))) = connection.accept().await {
        counts.requests.fetch_add(1, Ordering::SeqCst);
        let after = match request.uri().path() {
            "/last" => After::Ends,
            "/break-off" => After::BreaksOff,
            "/dead" => After::Dies,
            _ => After::Goes,
        };
        let answering = tokio::spawn(answer(request, respond, tell.clone()));
        match after {
            After::Goes => {}
            After::Ends => connection.graceful_shutdown(),
            After::BreaksOff => {
                // Until the half of the answer has gone.
                let _ = tokio::time::timeout(std::time::Duration::from_millis(200), connection.accept()).await;
                answering.abort();
                break;
            }
            After::Dies => std::future::pending().await,
        }
    }
    drop(connection);
    let _ = tell.closed.send(());
}

async fn answer(request: Request<h2::RecvStream>, mut respond: SendResponse<Bytes>, tell: Tell) {
    let with = |headers: HeaderMap| {
        let mut response = Response::new(());
        *response.headers_mut() = headers;
        response
    };
    let one = |name: &'static str, value: &str| HeaderMap::from_iter([(HeaderName::from_static(name), value.parse().unwrap())]);
    match request.uri().path() {
        "/silent" => {
            tell.begun.send(()).unwrap();
            let _ = std::future::poll_fn(|context| respond.poll_reset(context)).await;
            tell.reset.send(()).unwrap();
        }
        "/secret" => {
            let mut body = respond.send_response(with(one("x-secret", "hunter2-fake-in-the-answer")), false).unwrap();
            body.send_data(Bytes::from_static(b"hunter2-fake-in-the-answer"), true).unwrap();
        }
        "/huge" => flood(respond.send_response(with(HeaderMap::new()), false).unwrap()).await,
        "/huge-declared" => flood(respond.send_response(with(one("content-length", "1073741824")), false).unwrap()).await,
        "/many-headers" => {
            let headers = (0..200).map(|number| (HeaderName::try_from(format!("x-{number}")).unwrap(), "1".parse().unwrap()));
            respond.send_response(with(headers.collect()), true).unwrap();
        }
        "/long-header" => {
            respond.send_response(with(one("x-long", &"a".repeat(100_000))), true).unwrap();
        }
        "/compressed" => {
            respond.send_response(with(one("content-encoding", "gzip")), true).unwrap();
        }
        "/short" => {
            let mut body = respond.send_response(with(one("content-length", "10")), false).unwrap();
            body.send_data(Bytes::from_static(b"half"), true).unwrap();
        }
        "/reset" => {
            let mut body = respond.send_response(with(one("content-length", "10")), false).unwrap();
            body.send_data(Bytes::from_static(b"half"), false).unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            body.send_reset(Reason::INTERNAL_ERROR);
        }
        "/reset-early" => respond.send_reset(Reason::INTERNAL_ERROR),
        "/break-off" => {
            let mut body = respond.send_response(with(one("content-length", "10")), false).unwrap();
            body.send_data(Bytes::from_static(b"half"), false).unwrap();
            std::future::pending::<()>().await;
        }
        _ => {
            let mut body = respond.send_response(with(HeaderMap::new()), false).unwrap();
            body.send_data(Bytes::from_static(b"{}"), true).unwrap();
        }
    }
}

/// 1 GiB, as far as somebody takes it.
async fn flood(mut body: SendStream<Bytes>) {
    let part = Bytes::from_static(&[b' '; 16 << 10]);
    for _ in 0..(1 << 30) / part.len() {
        body.reserve_capacity(part.len());
        while body.capacity() < part.len() {
            match std::future::poll_fn(|context| body.poll_capacity(context)).await {
                Some(Ok(_)) => {}
                _ => return,
            }
        }
        if body.send_data(part.clone(), false).is_err() {
            return;
        }
    }
}
