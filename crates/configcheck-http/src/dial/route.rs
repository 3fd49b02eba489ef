//! Where a name leads: asked for once, held to what may be reached, and then kept.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use configcheck_core::provider::BoxFuture;
use tokio::net::lookup_host;

use crate::address::{Address, Host, Reach};
use crate::failure::{Cause, Failure, FailureKind};

/// What names stand for.
pub(super) type Names = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// The resolver of the system.
pub(super) fn system() -> Names {
    Arc::new(|name| Box::pin(async move { Ok(lookup_host((name, 0)).await?.map(|found| found.ip()).collect()) }))
}

/// Where a name leads, as it was first answered.
///
/// Once one of its addresses was connected to, the name is not asked for again: who changes it later cannot lead us elsewhere. Only where
/// every connection proves by its certificate whom it leads to, addresses that took none for longer than a start takes, and take none now,
/// are given up: a service that runs for weeks outlives the addresses of a load balancer.
#[derive(Default)]
pub(super) struct Route(Mutex<Option<Found>>);

#[derive(Clone)]
struct Found {
    addresses: Vec<SocketAddr>,
    /// When one of them was connected to last; it stands first.
    pinned: Option<Instant>,
}

impl Route {
    /// The addresses to try, the one that answered before first.
    pub(super) fn known(&self) -> Option<Vec<SocketAddr>> {
        self.change(|found| found.as_ref().map(|found| found.addresses.clone()))
    }

    /// Keeps what a name was found to stand for, unless there is something already.
    pub(super) fn keep(&self, addresses: Vec<SocketAddr>) {
        self.change(|found| {
            found.get_or_insert(Found { addresses, pinned: None });
        });
    }

    fn change<T>(&self, change: impl FnOnce(&mut Option<Found>) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Stays with an address that took a connection, and with those that came with it.
    pub(super) fn pin(&self, address: SocketAddr) {
        self.change(|found| {
            if let Some(found) = found {
                found.pinned = Some(Instant::now());
                found.addresses.sort_by_key(|other| *other != address);
            }
        });
    }

    /// Forgets addresses of which none takes a connection, when none ever did, or none for so long.
    pub(super) fn forget(&self, after: Option<Duration>) {
        let is_old = |pinned: Instant| after.is_some_and(|after| pinned.elapsed() >= after);
        self.change(|found| {
            found.take_if(|found| found.pinned.is_none_or(is_old));
        });
    }
}

/// The addresses of the proxy, or of the server, that may be connected to.
pub(super) async fn resolve(names: &Names, server: &Address, proxy: Option<&Address>, reach: Reach) -> Result<Vec<SocketAddr>, Failure> {
    let to = proxy.unwrap_or(server);
    let unknown = || Failure::plain(to.host_and_port(), FailureKind::NameUnknown);
    let found: Vec<IpAddr> = match to.named() {
        Host::Ip(ip) => vec![*ip],
        Host::Name(name) => names(name.clone()).await.map_err(|_| unknown())?,
    };
    // To a proxy only the names of servers go in the clear.
    let reach = if proxy.is_some() { Reach { plain_http: true, link_local: false } } else { reach };
    let mut refused = None;
    let mut addresses: Vec<SocketAddr> = Vec::new();
    for ip in found {
        match to.may_lead_to(ip, reach) {
            Ok(()) if addresses.iter().any(|known| known.ip() == ip) => {}
            Ok(()) => addresses.push(SocketAddr::new(ip, to.port())),
            Err(problem) => refused = Some(problem),
        }
    }
    match refused {
        _ if !addresses.is_empty() => Ok(addresses),
        Some(problem) => Err(Failure::new(to.host_and_port(), Cause::Address(problem))),
        None => Err(unknown()),
    }
}
