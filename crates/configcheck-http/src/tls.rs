//! TLS: which certificates are trusted, and the handshake before which no byte of a request is sent.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;

use crate::address::{Address, Host};
use crate::failure::Refusal;
use crate::settings::{ClientSettings, Identity, Roots, SettingsProblem};

/// What a server may choose from, the better first; and without HTTP/2.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];
const HTTP1: [&[u8]; 1] = [b"http/1.1"];

/// The TLS of one client. The authorities of the system are read for the first `https` request: plain `http` needs none.
pub(crate) struct Tls {
    provider: Arc<CryptoProvider>,
    verify: bool,
    protocols: &'static [&'static [u8]],
    own: RootCertStore,
    system: bool,
    identity: Option<Arc<SingleCertAndKey>>,
    server_name: Option<ServerName<'static>>,
    config: OnceLock<Option<Arc<ClientConfig>>>,
}

impl Tls {
    pub(crate) fn new(settings: &ClientSettings) -> Result<Self, SettingsProblem> {
        let provider = Arc::new(ring::default_provider());
        let (own, system) = match &settings.roots {
            Roots::System => (RootCertStore::empty(), true),
            Roots::Only(pem) => (own_roots(pem)?, false),
            Roots::SystemAnd(pem) => (own_roots(pem)?, true),
        };
        let identity = settings.identity.as_ref().map(|identity| certified(identity, &provider)).transpose()?;
        let server_name = settings.server_name.as_ref().map(|name| ServerName::try_from(name.clone())).transpose();
        Ok(Self {
            provider,
            verify: settings.verify,
            protocols: if settings.http2 { &PROTOCOLS } else { &HTTP1 },
            own,
            system,
            identity: identity.map(|identity| Arc::new(identity.into())),
            server_name: server_name.map_err(|_| SettingsProblem::ServerName)?,
            config: OnceLock::new(),
        })
    }

    /// Whether a connection proves whom it leads to.
    pub(crate) fn verifies(&self) -> bool {
        self.verify
    }

    /// What connects, or that nobody could be trusted.
    pub(crate) fn connector(&self) -> Result<TlsConnector, Refusal> {
        self.config.get_or_init(|| self.configure().map(Arc::new)).clone().map(TlsConnector::from).ok_or(Refusal::NoSystemRoots)
    }

    fn configure(&self) -> Option<ClientConfig> {
        let mut roots = self.own.clone();
        if self.system && self.verify {
            // Single files of the system that cannot be read are no reason to trust nobody.
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
        if roots.is_empty() && self.verify {
            return None;
        }
        let builder = ClientConfig::builder_with_provider(Arc::clone(&self.provider));
        let builder = builder.with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12]).ok()?;
        let builder = if self.verify {
            builder.with_root_certificates(roots)
        } else {
            builder.dangerous().with_custom_certificate_verifier(Arc::new(Anybody(Arc::clone(&self.provider))))
        };
        let mut config = match &self.identity {
            Some(identity) => builder.with_client_cert_resolver(Arc::clone(identity) as Arc<_>),
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = self.protocols.iter().map(|name| name.to_vec()).collect();
        Some(config)
    }

    /// The name that the certificate has to have.
    pub(crate) fn server_name(&self, address: &Address) -> Option<ServerName<'static>> {
        self.server_name.clone().or_else(|| match address.named() {
            Host::Name(name) => ServerName::try_from(name.strip_suffix('.').unwrap_or(name).to_owned()).ok(),
            Host::Ip(ip) => Some(ServerName::IpAddress((*ip).into())),
        })
    }
}

fn own_roots(pem: &[u8]) -> Result<RootCertStore, SettingsProblem> {
    let mut roots = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
        let problem = || SettingsProblem::Root(index + 1);
        roots.add(certificate.map_err(|_| problem())?).map_err(|_| problem())?;
    }
    if roots.is_empty() { Err(SettingsProblem::NoRoots) } else { Ok(roots) }
}

fn certified(identity: &Identity, provider: &CryptoProvider) -> Result<CertifiedKey, SettingsProblem> {
    let chain: Vec<_> =
        CertificateDer::pem_slice_iter(&identity.certificates).collect::<Result<_, _>>().map_err(|_| SettingsProblem::NoCertificate)?;
    if chain.is_empty() {
        return Err(SettingsProblem::NoCertificate);
    }
    if identity.key.windows(b"ENCRYPTED".len()).any(|window| window == b"ENCRYPTED") {
        return Err(SettingsProblem::EncryptedKey);
    }
    let key = PrivateKeyDer::from_pem_slice(&identity.key).map_err(|_| SettingsProblem::NoKey)?;
    CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
        Error::InconsistentKeys(_) => SettingsProblem::KeyMismatch,
        Error::InvalidCertificate(_) => SettingsProblem::NoCertificate,
        _ => SettingsProblem::Key,
    })
}

/// Takes anybody's certificate. That the other side holds the certificate's key is still verified.
struct Anybody(Arc<CryptoProvider>);

impl fmt::Debug for Anybody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Anybody")
    }
}

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
