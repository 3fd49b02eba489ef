//! TLS of the failure lab: a certificate authority for each lab, good certificates, and those that a client has to refuse.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::fault::Fault;
use super::serve::Handshake;
use super::wire::{Channel, Wire};
use super::{FailureLab, Record};

/// What is wrong with the lab's TLS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsFault {
    /// The certificate is another host's.
    WrongHost,
    /// The certificate has expired.
    Expired,
    /// The certificate is of the future.
    NotYetValid,
    /// The certificate has signed itself.
    SelfSigned,
    /// The certificate is of an authority that is not [`FailureLab::ca_pem`].
    Untrusted,
    /// The server chooses TLS 1.1.
    Tls11Only,
    /// The server takes the first message and never answers.
    HandshakeSilent,
}

/// The certificates of a lab, as PEM.
pub(super) struct Papers {
    authority: String,
    client_certificate: String,
    client_key: String,
}

impl fmt::Debug for Papers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Papers")
    }
}

/// With the feature `lab-tls`.
impl FailureLab {
    /// A server with good TLS, which plays a fault for each request. Its certificate is for `127.0.0.1` and `localhost`, of the authority
    /// [`ca_pem`](Self::ca_pem); it speaks TLS 1.2, 1.3 and HTTP/1.1.
    ///
    /// ```
    /// use configcheck_testkit::failure_lab::{Fault, FailureLab, TlsFault};
    ///
    /// let good = FailureLab::start_tls(Fault::ok("{}"));
    /// assert!(good.url().starts_with("https://") && good.ca_pem().starts_with("-----BEGIN CERTIFICATE-----"));
    ///
    /// // A client that trusts `expired.ca_pem()` refuses it all the same, and the lab has no request to show.
    /// let expired = FailureLab::start(Fault::Tls(TlsFault::Expired));
    /// assert_eq!(expired.requests(), 0);
    /// ```
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_tls(fault: Fault) -> Self {
        let authority = Authority::new("the failure lab");
        let config = authority.server(&["127.0.0.1", "localhost"], |_| {}).config(None);
        Self::secure(fault, &authority, handshake(config))
    }

    /// As [`start_tls`](Self::start_tls), and takes only clients with a certificate of its authority, such as
    /// [`client_certificate_pem`](Self::client_certificate_pem).
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_mutual_tls(fault: Fault) -> Self {
        let authority = Authority::new("the failure lab");
        let config = authority.server(&["127.0.0.1", "localhost"], |_| {}).config(Some(&authority));
        Self::secure(fault, &authority, handshake(config))
    }

    pub(super) fn start_tls_fault(fault: TlsFault) -> Self {
        let authority = Authority::new("the failure lab");
        let ours = ["127.0.0.1", "localhost"];
        let server = match fault {
            TlsFault::Tls11Only => return Self::secure(Fault::ok("{}"), &authority, answering_hello(Some(tls11_hello()))),
            TlsFault::HandshakeSilent => return Self::secure(Fault::ok("{}"), &authority, answering_hello(None)),
            TlsFault::WrongHost => authority.server(&["elsewhere.example"], |_| {}),
            TlsFault::Expired => authority.server(&ours, |params| params.not_after = date_time_ymd(2020, 1, 1)),
            TlsFault::NotYetValid => authority.server(&ours, |params| params.not_before = date_time_ymd(2399, 1, 1)),
            TlsFault::SelfSigned => Server::self_signed(&ours),
            TlsFault::Untrusted => Authority::new("another authority").server(&ours, |_| {}),
        };
        Self::secure(Fault::ok("{}"), &authority, handshake(server.config(None)))
    }

    fn secure(fault: Fault, authority: &Authority, handshake: Handshake) -> Self {
        let mut lab = Self::serve(fault, "https", handshake);
        lab.papers = Some(authority.papers());
        lab
    }

    /// The authority that clients are told to trust, as PEM.
    ///
    /// # Panics
    ///
    /// For a lab without TLS.
    pub fn ca_pem(&self) -> &str {
        &self.papers().authority
    }

    /// A certificate for clients, of this lab's authority, as PEM.
    ///
    /// # Panics
    ///
    /// For a lab without TLS.
    pub fn client_certificate_pem(&self) -> &str {
        &self.papers().client_certificate
    }

    /// The key of [`client_certificate_pem`](Self::client_certificate_pem), as PEM.
    ///
    /// # Panics
    ///
    /// For a lab without TLS.
    pub fn client_key_pem(&self) -> &str {
        &self.papers().client_key
    }

    fn papers(&self) -> &Papers {
        self.papers.as_ref().unwrap_or_else(|| panic!("this failure lab has no TLS: `FailureLab::start_tls`"))
    }
}

/// Who signs certificates.
struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
}

/// A certificate and its key.
struct Server {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = params(&[]);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        Self { issuer: CertifiedIssuer::self_signed(params, key()).unwrap_or_else(|error| no_certificate(&error)) }
    }

    fn server(&self, hosts: &[&str], change: impl FnOnce(&mut CertificateParams)) -> Server {
        let (mut params, key) = (params(hosts), key());
        params.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
        change(&mut params);
        let certificate = params.signed_by(&key, &self.issuer).unwrap_or_else(|error| no_certificate(&error));
        Server { certificate: certificate.der().clone(), key }
    }

    fn papers(&self) -> Papers {
        let (mut params, key) = (params(&["client.example"]), key());
        params.extended_key_usages.push(ExtendedKeyUsagePurpose::ClientAuth);
        let certificate = params.signed_by(&key, &self.issuer).unwrap_or_else(|error| no_certificate(&error));
        Papers { authority: self.issuer.pem(), client_certificate: certificate.pem(), client_key: key.serialize_pem() }
    }
}

impl Server {
    fn self_signed(hosts: &[&str]) -> Self {
        let key = key();
        let certificate = params(hosts).self_signed(&key).unwrap_or_else(|error| no_certificate(&error));
        Self { certificate: certificate.der().clone(), key }
    }

    /// How it speaks TLS; with an authority, only to clients that have a certificate of it.
    fn config(&self, clients_of: Option<&Authority>) -> Arc<ServerConfig> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap_or_else(|error| no_certificate(&error));
        let builder = match clients_of {
            None => builder.with_no_client_auth(),
            Some(authority) => {
                let mut roots = RootCertStore::empty();
                roots.add(authority.issuer.der().clone()).unwrap_or_else(|error| no_certificate(&error));
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build();
                builder.with_client_cert_verifier(verifier.unwrap_or_else(|error| no_certificate(&error)))
            }
        };
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(self.key.serialize_der()));
        let mut config = builder.with_single_cert(vec![self.certificate.clone()], key).unwrap_or_else(|error| no_certificate(&error));
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Arc::new(config)
    }
}

fn params(hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts).unwrap_or_else(|error| no_certificate(&error));
    params.not_before = date_time_ymd(2000, 1, 1);
    params.not_after = date_time_ymd(2400, 1, 1);
    params
}

fn key() -> KeyPair {
    KeyPair::generate().unwrap_or_else(|error| no_certificate(&error))
}

fn no_certificate(error: &dyn fmt::Display) -> ! {
    panic!("the failure lab cannot make its certificates: {error}")
}

fn handshake(config: Arc<ServerConfig>) -> Handshake {
    Box::new(move |mut stream, _, _| {
        let mut connection = ServerConnection::new(Arc::clone(&config)).ok()?;
        while connection.is_handshaking() {
            // A client that refuses the certificate goes away here.
            connection.complete_io(&mut stream).ok()?;
        }
        let channel = Box::new(Tls { stream: StreamOwned::new(connection, stream) });
        Some(Wire::Secure { channel, ahead: Vec::new() })
    })
}

/// Answers the first message with these bytes, or not at all, and notes what else comes.
fn answering_hello(answer: Option<Vec<u8>>) -> Handshake {
    Box::new(move |mut stream, record: &Record, _| {
        let mut hello = vec![0; 16 * 1024];
        let count = stream.read(&mut hello).ok()?;
        record.note_bytes(&hello[..count]);
        if let Some(answer) = &answer {
            stream.write_all(answer).ok()?;
        }
        Wire::plain(stream).listen(record);
        None
    })
}

/// The first message of a server that knows nothing newer than TLS 1.1.
fn tls11_hello() -> Vec<u8> {
    const VERSION: [u8; 2] = [3, 2];
    // Random bytes, no session, `TLS_RSA_WITH_AES_128_CBC_SHA`, no compression.
    let hello = [&VERSION[..], &[0x5a; 32], &[0], &[0x00, 0x2f], &[0]].concat();
    let length = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    let message = [&[2, 0, 0, length(&hello)], hello.as_slice()].concat();
    [&[22], &VERSION[..], &[0, length(&message)], message.as_slice()].concat()
}

struct Tls {
    stream: StreamOwned<ServerConnection, TcpStream>,
}

impl Read for Tls {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.stream.read(bytes)
    }
}

impl Write for Tls {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl Channel for Tls {
    fn finish(&mut self) {
        self.stream.conn.send_close_notify();
        let _ = self.stream.flush();
        let _ = self.stream.sock.shutdown(Shutdown::Write);
    }
}
