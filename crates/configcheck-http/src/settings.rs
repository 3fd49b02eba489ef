//! What a client is told before it sends anything.

use std::fmt;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::address::{Address, Reach};

/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The largest response: a secret is a hundred times smaller.
const BODY_LIMIT: usize = 1 << 20;

/// The authorities whose certificates are trusted.
#[derive(Clone, Default)]
pub enum Roots {
    /// Those of the system, or of the file and folder that `SSL_CERT_FILE` and `SSL_CERT_DIR` name.
    #[default]
    System,
    /// Those of this PEM text, and no other.
    Only(Vec<u8>),
    /// Those of the system and of this PEM text.
    SystemAnd(Vec<u8>),
}

/// The certificate that a client shows, and its key.
#[derive(Clone)]
pub struct Identity {
    pub(crate) certificates: Vec<u8>,
    pub(crate) key: Zeroizing<Vec<u8>>,
}

impl Identity {
    /// From PEM texts: the certificate with those that signed it behind it, and the key as PKCS#8, SEC1 or PKCS#1.
    pub fn from_pem(certificates: impl Into<Vec<u8>>, key: Zeroizing<Vec<u8>>) -> Self {
        Self { certificates: certificates.into(), key }
    }
}

/// What a client is told before it sends anything. What is not said is safe.
#[derive(Clone)]
#[must_use]
pub struct ClientSettings {
    pub(crate) roots: Roots,
    pub(crate) identity: Option<Identity>,
    pub(crate) server_name: Option<String>,
    pub(crate) verify: bool,
    pub(crate) proxy: Option<Address>,
    pub(crate) connect_timeout: Duration,
    pub(crate) body_limit: usize,
    pub(crate) http2: bool,
    pub(crate) reach: Reach,
}

impl Default for ClientSettings {
    fn default() -> Self {
        Self {
            roots: Roots::System,
            identity: None,
            server_name: None,
            verify: true,
            proxy: None,
            connect_timeout: CONNECT_TIMEOUT,
            body_limit: BODY_LIMIT,
            http2: true,
            reach: Reach::default(),
        }
    }
}

impl ClientSettings {
    /// The authorities of the system, no client certificate, no proxy, two seconds for a connection and 1 MiB for a response.
    pub fn new() -> Self {
        Self::default()
    }

    /// The authorities whose certificates are trusted.
    pub fn roots(mut self, roots: Roots) -> Self {
        self.roots = roots;
        self
    }

    /// The certificate that is shown to servers that ask for one.
    pub fn identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// The name that the server's certificate has to have, in place of the host of the address.
    pub fn server_name(mut self, name: impl Into<String>) -> Self {
        self.server_name = Some(name.into());
        self
    }

    /// With `false`, any certificate of anybody is taken: whoever stands in between reads and changes everything.
    pub fn verify(mut self, verify: bool) -> Self {
        self.verify = verify;
        self
    }

    /// The proxy that `https` goes through, with `CONNECT`. It has to be an `http://` address, read with [`Reach::plain_http`] where it is
    /// on another machine; it learns the server's name, which it resolves, and the port, and never what is sent. What goes to this machine
    /// does not go through it, and `http` to another one is refused where there is a proxy. Proxies of the environment are never used.
    pub fn proxy(mut self, proxy: Address) -> Self {
        self.proxy = Some(proxy);
        self
    }

    /// How long a connection may take: TCP, the proxy and TLS together. A name is looked up before that, for as long as somebody waits
    /// for it: a resolver of which one server is down takes five seconds, and still answers.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The largest response that is read, in bytes.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// With `false`, only HTTP/1.1 is offered. Requests at once then connect at once, each on its own; else they wait for the first
    /// connection, to see whether it is one that all can share. For servers that are known to speak nothing else.
    pub fn http2(mut self, http2: bool) -> Self {
        self.http2 = http2;
        self
    }

    /// What is reached beyond `https`, and `http` to this machine.
    pub fn reach(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }
}

impl fmt::Debug for ClientSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientSettings")
            .field("verify", &self.verify)
            .field("identity", &self.identity.is_some())
            .field("proxy", &self.proxy)
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Roots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::Only(_) => "Only",
            Self::SystemAnd(_) => "SystemAnd",
        })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

/// Why no client can be made of the settings. It holds nothing of a certificate or a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SettingsProblem {
    /// The text of the authorities holds no certificate.
    NoRoots,
    /// The so-manieth certificate of the authorities cannot be read.
    Root(usize),
    /// The text of the client's certificate holds none.
    NoCertificate,
    /// The text of the client's key holds none.
    NoKey,
    /// The client's key is encrypted with a passphrase.
    EncryptedKey,
    /// The client's key is of a kind that is not known, or damaged.
    Key,
    /// The client's key is not the one of its certificate.
    KeyMismatch,
    /// The server name is neither a name nor a number.
    ServerName,
    /// The proxy's address is not `http://`.
    Proxy,
}

impl SettingsProblem {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::NoRoots | Self::Root(_) => "use a PEM file of certificates, each from `-----BEGIN CERTIFICATE-----` to its end line",
            Self::NoCertificate => "use the PEM file of the client's certificate, with those that signed it behind it",
            Self::NoKey | Self::Key => "use a PEM file with an RSA, ECDSA or Ed25519 key: `-----BEGIN PRIVATE KEY-----`",
            Self::EncryptedKey => "store it decrypted where only this service reads: `openssl pkey -in key.pem -out plain.pem`",
            Self::KeyMismatch => "use the key that the certificate was asked for with, and the client's own certificate as the first",
            Self::ServerName => "write the name that stands in the server's certificate, such as `vault.internal`",
            Self::Proxy => "write the proxy as `http://HOST:PORT`; what goes through it is encrypted all the way",
        }
    }
}

impl fmt::Display for SettingsProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoots => f.write_str("the text of trusted authorities holds no certificate"),
            Self::Root(number) => write!(f, "certificate {number} of the trusted authorities cannot be read"),
            Self::NoCertificate => f.write_str("the text of the client certificate holds none"),
            Self::NoKey => f.write_str("the text of the client's key holds none"),
            Self::EncryptedKey => f.write_str("the client's key is encrypted with a passphrase"),
            Self::Key => f.write_str("the client's key is damaged or of a kind that is not known"),
            Self::KeyMismatch => f.write_str("the client's key does not belong to its certificate"),
            Self::ServerName => f.write_str("the server name is neither a name nor a number"),
            Self::Proxy => f.write_str("the proxy's address does not begin with `http://`"),
        }
    }
}

impl std::error::Error for SettingsProblem {}
