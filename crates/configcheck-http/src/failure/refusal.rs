//! Why TLS gave no safe connection.

use std::fmt;
use std::time::{Duration, SystemTime};

use rustls::{AlertDescription, CertificateError, Error};

/// How many of a certificate's names are told, and how long they may be.
const NAMES: usize = 3;
const NAME: usize = 80;

/// Why TLS gave no safe connection. The texts of the library are not used: they can hold what the other side sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Nobody who is trusted signed the certificate.
    NotTrusted,
    /// The certificate is of another host; these are some of its names.
    OtherHost(Vec<String>),
    /// It has expired.
    Expired(Option<SystemTime>),
    /// It is not valid yet.
    NotYetValid(Option<SystemTime>),
    /// It was revoked.
    Revoked,
    /// It cannot be read, or may not be used for servers.
    BadCertificate,
    /// The two sides have no version or cipher in common.
    Version,
    /// The server does not take the client's certificate, or wants one.
    ClientCertificate,
    /// The server knows no host of this name.
    UnknownName,
    /// The other side does not speak TLS.
    NotTls,
    /// Anything else.
    Failed,
    /// The trusted authorities of the system could not be read, or there are none.
    NoSystemRoots,
}

impl From<&Error> for Refusal {
    fn from(error: &Error) -> Self {
        match error {
            Error::InvalidCertificate(error) => certificate(error),
            Error::AlertReceived(alert) => said(*alert),
            Error::PeerIncompatible(_) => Self::Version,
            Error::InvalidMessage(_) | Error::InappropriateMessage { .. } => Self::NotTls,
            Error::NoCertificatesPresented | Error::UnsupportedNameType => Self::BadCertificate,
            _ => Self::Failed,
        }
    }
}

fn certificate(error: &CertificateError) -> Refusal {
    let time = |time: &rustls::pki_types::UnixTime| SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(time.as_secs()));
    match error {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Refusal::NotTrusted,
        CertificateError::NotValidForName => Refusal::OtherHost(Vec::new()),
        CertificateError::NotValidForNameContext { presented, .. } => Refusal::OtherHost(names(presented)),
        CertificateError::Expired => Refusal::Expired(None),
        CertificateError::ExpiredContext { not_after, .. } => Refusal::Expired(time(not_after)),
        CertificateError::NotValidYet => Refusal::NotYetValid(None),
        CertificateError::NotValidYetContext { not_before, .. } => Refusal::NotYetValid(time(not_before)),
        CertificateError::Revoked => Refusal::Revoked,
        _ => Refusal::BadCertificate,
    }
}

/// What the server said when it broke off.
fn said(alert: AlertDescription) -> Refusal {
    match alert {
        AlertDescription::ProtocolVersion | AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity => Refusal::Version,
        AlertDescription::CertificateRequired
        | AlertDescription::NoCertificate
        | AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        // Of a certificate whose signature is not the authority's.
        | AlertDescription::DecryptError
        | AlertDescription::AccessDenied => Refusal::ClientCertificate,
        AlertDescription::UnrecognisedName => Refusal::UnknownName,
        _ => Refusal::Failed,
    }
}

/// The first names of a certificate, of the characters that names have.
fn names(presented: &[String]) -> Vec<String> {
    let bare = |name: &String| name.strip_prefix("DnsName(\"").and_then(|name| name.strip_suffix("\")")).unwrap_or(name).to_owned();
    let fit = |name: &String| name.len() <= NAME && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-*:_()".contains(&byte));
    presented.iter().map(bare).filter(fit).take(NAMES).collect()
}

impl Refusal {
    /// The sentence about the server at host and port.
    pub(crate) fn tell(&self, peer: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotTrusted => write!(f, "the certificate of {peer} is signed by nobody who is trusted here"),
            Self::OtherHost(names) if names.is_empty() => write!(f, "the certificate of {peer} is for another host"),
            Self::OtherHost(names) => write!(f, "the certificate of {peer} is for another host: {}", names.join(", ")),
            Self::Expired(None) => write!(f, "the certificate of {peer} has expired"),
            Self::Expired(Some(at)) => write!(f, "the certificate of {peer} expired at {}", humantime::format_rfc3339_seconds(*at)),
            Self::NotYetValid(None) => write!(f, "the certificate of {peer} is not valid yet"),
            Self::NotYetValid(Some(at)) => {
                write!(f, "the certificate of {peer} is not valid before {}", humantime::format_rfc3339_seconds(*at))
            }
            Self::Revoked => write!(f, "the certificate of {peer} was revoked"),
            Self::BadCertificate => write!(f, "the certificate of {peer} cannot be used"),
            Self::Version => write!(f, "{peer} speaks neither TLS 1.2 nor TLS 1.3 as it is used here"),
            Self::ClientCertificate => write!(f, "{peer} did not accept our client certificate, or wants one"),
            Self::UnknownName => write!(f, "{peer} knows no host of this name"),
            Self::NotTls => write!(f, "{peer} does not speak TLS"),
            Self::Failed => write!(f, "TLS with {peer} failed"),
            Self::NoSystemRoots => write!(f, "this machine has no trusted authorities, so that nobody's certificate can be verified"),
        }
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> String {
        match self {
            Self::NotTrusted => "set the file of the authority that signed it; an authority of your own is not in the system's list",
            Self::OtherHost(_) | Self::UnknownName => "use the name that the certificate has as the address, or as the server name",
            Self::Expired(_) | Self::Revoked => {
                "renew the server's certificate; if it is new, is the clock of this machine right (`date`)?"
            }
            Self::NotYetValid(_) => "is the clock of this machine right (`date`)?",
            Self::BadCertificate => {
                "make the server a new certificate, with its host name as a subject alternative name and for server use"
            }
            Self::Version => "let the server speak TLS 1.2 or newer, with ECDHE and AES-GCM or ChaCha20",
            Self::ClientCertificate => "set the client certificate and key that the server expects; have they expired?",
            Self::NotTls => "is this the server's port, and does it want `http`?",
            Self::Failed => "look into the log of the server at this time",
            Self::NoSystemRoots => "install the package `ca-certificates`, or set the file of the authority",
        }
        .to_owned()
    }
}
