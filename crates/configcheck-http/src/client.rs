//! The client: requests in, responses out, and what it counted on the way.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use http::{Request, Uri};
use zeroize::Zeroizing;

use crate::address::Scheme;
use crate::dial::{Dial, Peer};
use crate::failure::{Cause, Failure, FailureKind};
use crate::origin::{Origin, Seen, lock};
use crate::outgoing::Outgoing;
use crate::response::Response;
use crate::settings::{ClientSettings, SettingsProblem};
use crate::tls::Tls;

/// What a client has counted since it was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Connections that were made.
    pub connections: u64,
    /// Requests that were sent; one that was sent again on a new connection counts twice.
    pub requests: u64,
}

/// Sends requests. Clones share their connections, which are closed with the last of them.
///
/// A server that was connected to keeps the addresses that its name had then, so that nobody can lead the next request elsewhere. Only where
/// certificates are verified, and only after a minute without a connection, a server that has gone from there is looked for anew. In the
/// clear, a new client looks.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    settings: ClientSettings,
    tls: Arc<Tls>,
    origins: Mutex<HashMap<String, Arc<Origin>>>,
    seen: Arc<Seen>,
}

impl Client {
    /// A client that connects to nothing yet.
    ///
    /// # Errors
    ///
    /// Certificates, a key, a server name or a proxy that cannot be used.
    pub fn new(mut settings: ClientSettings) -> Result<Self, SettingsProblem> {
        if settings.proxy.as_ref().is_some_and(|proxy| proxy.scheme() != Scheme::Http) {
            return Err(SettingsProblem::Proxy);
        }
        let tls = Arc::new(Tls::new(&settings)?);
        settings.identity = None;
        Ok(Self(Arc::new(Inner { settings, tls, origins: Mutex::default(), seen: Arc::default() })))
    }

    /// Sends a request to the server that its URI names, and reads the whole response.
    ///
    /// It has to be called below [`runtime::spawn`](crate::runtime::spawn), whose runtime its connections live on. Dropping the future
    /// ends the exchange: its connection is closed, or its stream on a shared one is reset. There is no time limit but that of connecting.
    ///
    /// # Errors
    ///
    /// Why there is no response, in words that hold nothing of the request and of what came back.
    pub async fn send(&self, request: Request<Zeroizing<Vec<u8>>>) -> Result<Response, Failure> {
        let origin = self.origin(request.uri())?;
        origin.send(&Outgoing::new(request), self.0.settings.body_limit).await
    }

    /// The connections to the server that a URI names. An address that is out of reach is refused here, before anything is looked up.
    fn origin(&self, uri: &Uri) -> Result<Arc<Origin>, Failure> {
        let settings = &self.0.settings;
        let address = match Outgoing::server(uri, settings.reach) {
            Some(Ok(address)) => address,
            Some(Err(problem)) => return Err(Failure::new("the server", Cause::Address(problem))),
            None => return Err(Failure::plain("the server", FailureKind::BadRequest)),
        };
        let mut origins = lock(&self.0.origins);
        let origin = origins.entry(address.to_string()).or_insert_with(|| {
            let dial = Dial::new(address, settings.reach, settings.proxy.clone(), settings.connect_timeout, Arc::clone(&self.0.tls));
            Arc::new(Origin::new(dial, Arc::clone(&self.0.seen), settings.http2))
        });
        Ok(Arc::clone(origin))
    }

    /// What was counted so far.
    pub fn usage(&self) -> Usage {
        let seen = &self.0.seen;
        Usage { connections: seen.connections.load(Ordering::Relaxed), requests: seen.requests.load(Ordering::Relaxed) }
    }

    /// Who was connected to last.
    pub fn peer(&self) -> Option<Peer> {
        lock(&self.0.seen.peer).clone()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("settings", &self.0.settings).finish_non_exhaustive()
    }
}
