//! The server that a URL leads to: all that a health check has to know of it, and nothing that is secret.

use std::time::Duration;

use configcheck::{ExposeSecret, Secret, Url};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a server may take to accept a connection.
const PATIENCE: Duration = Duration::from_millis(300);

/// The server that a URL leads to.
#[derive(Clone)]
pub(crate) enum Target {
    /// It lives in this process, and is there as long as we are.
    Embedded,
    /// It listens at a host and a port.
    Server(String, u16),
    /// The URL names no host.
    Nowhere,
}

impl Target {
    /// Where the URL leads. Only host and port leave it, so that its password cannot.
    pub(crate) fn of(url: &Secret<Url>, usual_port: u16) -> Self {
        let url = url.expose_secret();
        match url.host_str() {
            _ if url.scheme() == "memory" => Self::Embedded,
            Some(host) => Self::Server(host.trim_matches(['[', ']']).to_owned(), url.port().unwrap_or(usual_port)),
            None => Self::Nowhere,
        }
    }

    /// Whether it accepts connections now.
    pub(crate) async fn is_reachable(&self) -> bool {
        match self {
            Self::Embedded => true,
            Self::Server(host, port) => matches!(timeout(PATIENCE, TcpStream::connect((host.as_str(), *port))).await, Ok(Ok(_))),
            Self::Nowhere => false,
        }
    }
}
