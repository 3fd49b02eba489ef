//! A connection: the name, which is resolved once; TCP to one of its addresses; the proxy's tunnel; TLS.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::client::TlsStream;

use crate::address::{Address, Host, Reach, Scheme, networks};
use crate::certificate;
use crate::failure::{Cause, Failure, FailureKind, ProxyFault, Refusal};
use crate::single_flight::{Deserted, SingleFlight};
use crate::tls::Tls;

mod route;

use route::{Names, Route};

/// The largest answer of a proxy to the request for a tunnel.
const PROXY_ANSWER: usize = 8 << 10;

/// Twice as long as a start may take: within it, a name leads to one place.
const HOLD: Duration = Duration::from_mins(1);

/// A stream to a server, over TLS or not.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl Stream for TcpStream {}
impl Stream for TlsStream<TcpStream> {}

/// Who was connected to last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Its address, or that of the proxy.
    pub address: SocketAddr,
    /// The version of TLS: `1.2` or `1.3`. `None` in the clear.
    pub tls: Option<&'static str>,
    /// Until when its certificate is valid.
    pub certificate_not_after: Option<SystemTime>,
}

/// A connection that was just made.
pub(crate) struct Dialled {
    pub(crate) stream: Box<dyn Stream>,
    pub(crate) peer: Peer,
    /// Whether HTTP/2 was agreed on.
    pub(crate) http2: bool,
}

/// Connects to one server, always the same.
pub(crate) struct Dial {
    address: Address,
    reach: Reach,
    proxy: Option<Address>,
    timeout: Duration,
    tls: Arc<Tls>,
    route: Arc<Route>,
    lookup: SingleFlight<Result<(), Failure>>,
    names: Names,
    /// After how long without a connection its addresses may be given up, where they may.
    hold: Option<Duration>,
}

impl Dial {
    pub(crate) fn new(address: Address, reach: Reach, proxy: Option<Address>, timeout: Duration, tls: Arc<Tls>) -> Self {
        // What goes to this machine, or to the metadata service of its cloud, needs nobody in between.
        let near = address.is_loopback() || matches!(address.named(), Host::Ip(ip) if networks::is_link_local(*ip));
        let proxy = proxy.filter(|_| !near);
        let hold = (address.scheme() == Scheme::Https && tls.verifies()).then_some(HOLD);
        Self {
            address,
            reach,
            proxy,
            timeout,
            tls,
            route: Arc::default(),
            lookup: SingleFlight::new(Deserted::GoesOn),
            names: route::system(),
            hold,
        }
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    fn fail(&self, kind: FailureKind) -> Failure {
        Failure::plain(self.address.host_and_port(), kind)
    }

    fn refuse(&self, cause: Cause) -> Failure {
        Failure::new(self.address.host_and_port(), cause)
    }

    /// A new connection.
    pub(crate) async fn connect(&self) -> Result<Dialled, Failure> {
        let connector = match self.address.scheme() {
            Scheme::Https => Some(self.tls.connector().map_err(|refusal| self.refuse(Cause::Tls(refusal)))?),
            Scheme::Http if self.proxy.is_some() => return Err(self.refuse(Cause::Proxy(ProxyFault::InTheClear))),
            Scheme::Http => None,
        };
        let addresses = self.addresses().await?;
        let deadline = Instant::now() + self.timeout;
        let made = async {
            let (mut tcp, at) = self.tcp(&addresses, deadline).await?;
            if self.proxy.is_some() {
                self.tunnel(&mut tcp).await?;
            }
            let Some(connector) = connector else {
                let peer = Peer { address: at, tls: None, certificate_not_after: None };
                return Ok(Dialled { stream: Box::new(tcp) as Box<dyn Stream>, peer, http2: false });
            };
            let name = self.tls.server_name(&self.address).ok_or_else(|| self.refuse(Cause::Tls(Refusal::UnknownName)))?;
            let stream = connector.connect(name, tcp).await;
            let stream = stream.map_err(|error| Failure::of_handshake(&self.address.host_and_port(), &error))?;
            let (_, session) = stream.get_ref();
            let peer = Peer {
                address: at,
                tls: match session.protocol_version() {
                    Some(rustls::ProtocolVersion::TLSv1_2) => Some("1.2"),
                    Some(rustls::ProtocolVersion::TLSv1_3) => Some("1.3"),
                    _ => None,
                },
                certificate_not_after: session.peer_certificates().and_then(<[_]>::first).and_then(|first| certificate::not_after(first)),
            };
            let http2 = session.alpn_protocol() == Some(b"h2");
            Ok(Dialled { stream: Box::new(stream), peer, http2 })
        };
        timeout_at(deadline, made).await.unwrap_or_else(|_| Err(self.fail(FailureKind::ConnectTimeout)))
    }

    /// The addresses to try, the one that answered before first.
    async fn addresses(&self) -> Result<Vec<SocketAddr>, Failure> {
        if let Some(known) = self.route.known() {
            return Ok(known);
        }
        let looked_up = self.lookup.join(|| {
            let (server, proxy, reach) = (self.address.clone(), self.proxy.clone(), self.reach);
            let (route, names) = (Arc::clone(&self.route), Arc::clone(&self.names));
            async move {
                route.keep(route::resolve(&names, &server, proxy.as_ref(), reach).await?);
                Ok(())
            }
        });
        looked_up.await.unwrap_or_else(|| Err(self.fail(FailureKind::Stopped)))?;
        self.route.known().ok_or_else(|| self.fail(FailureKind::NameUnknown))
    }

    /// The first address that takes a connection. Each has an equal part of the time that is left.
    async fn tcp(&self, addresses: &[SocketAddr], deadline: Instant) -> Result<(TcpStream, SocketAddr), Failure> {
        let peer = self.proxy.as_ref().unwrap_or(&self.address).host_and_port();
        let mut first = None;
        for (index, address) in addresses.iter().enumerate() {
            let left = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
            let now = Instant::now();
            let until = now + deadline.saturating_duration_since(now) / left;
            let failure = match timeout_at(until, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    self.route.pin(*address);
                    let _ = stream.set_nodelay(true);
                    return Ok((stream, *address));
                }
                Ok(Err(error)) => Failure::of_connect(&peer, &error),
                Err(_) => Failure::plain(&peer, FailureKind::ConnectTimeout),
            };
            first.get_or_insert(failure);
        }
        self.route.forget(self.hold);
        Err(first.unwrap_or_else(|| Failure::plain(&peer, FailureKind::NameUnknown)))
    }

    /// Has the proxy connect us to the server. It is told host and port and nothing else.
    async fn tunnel(&self, tcp: &mut TcpStream) -> Result<(), Failure> {
        let broken = |_| self.refuse(Cause::Proxy(ProxyFault::Broken));
        let target = self.address.host_and_port();
        tcp.write_all(format!("CONNECT {target} HTTP/1.1\r\nhost: {target}\r\n\r\n").as_bytes()).await.map_err(broken)?;
        // The server speaks second, so that nothing of it can stand behind the proxy's answer.
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            if answer.len() == PROXY_ANSWER {
                return Err(self.refuse(Cause::Proxy(ProxyFault::Broken)));
            }
            answer.push(tcp.read_u8().await.map_err(broken)?);
        }
        let status = answer.strip_prefix(b"HTTP/1.1 ").or_else(|| answer.strip_prefix(b"HTTP/1.0 ")).and_then(|rest| rest.get(..3));
        let status = status.and_then(|digits| std::str::from_utf8(digits).ok()).and_then(|digits| digits.parse().ok());
        match status {
            Some(200..=299) => Ok(()),
            Some(status) => Err(self.refuse(Cause::Proxy(ProxyFault::Status(status)))),
            None => Err(self.refuse(Cause::Proxy(ProxyFault::Broken))),
        }
    }
}

#[cfg(test)]
mod tests;
