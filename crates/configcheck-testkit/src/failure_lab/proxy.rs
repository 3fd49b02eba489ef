//! The failure lab in front of a real server: it passes bytes on, late if it is told so, and plays a fault for some requests.

use std::collections::HashMap;
use std::fmt;
use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, ToSocketAddrs};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::fault::Fault;
use super::play::{self, After};
use super::record::Record;
use super::request::Request;
use super::script::Script;
use super::threads::{Running, Threads};
use super::wire::{Wire, read_all};
use super::{FailureLab, Port, address_of, as_u64};

/// How a proxy passes on; it can be changed while it runs.
pub(super) struct Route {
    server: SocketAddr,
    delay: AtomicU64,
    cut_after: AtomicU64,
    faults: Mutex<HashMap<usize, Script>>,
}

impl FailureLab {
    /// A proxy in front of a real server, which passes every byte on, TLS or not. It counts connections, and the requests that are plain
    /// HTTP/1.1.
    ///
    /// The server is named as an address, or by its URL: then [`url`](Self::url) has the same scheme.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use configcheck_testkit::failure_lab::{Fault, FailureLab};
    ///
    /// let server = FailureLab::start(Fault::ok("{}"));
    /// let far_away = FailureLab::in_front_of(server.url()).delay(Duration::from_millis(20)).fault_on(2, Fault::ResetMidBody);
    /// assert!(far_away.url().starts_with("http://127.0.0.1:"));
    /// ```
    ///
    /// # Panics
    ///
    /// Where the operating system gives no port, or the server's address is none.
    pub fn in_front_of(server: impl fmt::Display) -> Self {
        let server = format!("{server}");
        let (scheme, rest) = match server.split_once("://") {
            Some(("https", rest)) => ("https", rest),
            Some((_, rest)) => ("http", rest),
            None => ("http", server.as_str()),
        };
        let host = rest.split('/').next().unwrap_or_default();
        let found = host.to_socket_addrs().ok().and_then(|mut addresses| addresses.next());
        let server = found.unwrap_or_else(|| panic!("the failure lab needs the address of a server, with its port: `{host}` is none"));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| panic!("the failure lab gets no port: {error}"));
        let address = address_of(&listener);
        let route = Arc::new(Route { server, delay: AtomicU64::new(0), cut_after: AtomicU64::new(u64::MAX), faults: Mutex::default() });
        let record = Arc::new(Record::default());
        let (ours, noting) = (Arc::clone(&route), Arc::clone(&record));
        let threads = Threads::start(address, listener, move |stream, running| ours.connection(stream, &noting, running));
        let script = Arc::new(Script::new(Fault::CloseAtOnce));
        Self { route: Some(route), ..Self::new(address, scheme, record, script, Port::Served(threads)) }
    }

    /// Lets every byte arrive so much later, in both directions. It is the length of a line and not its width: bytes that are sent one after
    /// the other arrive one after the other. A new connection costs one round trip more, as it does on a real line.
    ///
    /// Only for a lab in front of a server, as the others below.
    ///
    /// # Panics
    ///
    /// For a lab that is in front of no server.
    pub fn delay(self, each_way: Duration) -> Self {
        self.route().delay.store(u64::try_from(each_way.as_micros()).unwrap_or(u64::MAX), Ordering::SeqCst);
        self
    }

    /// Plays a fault for the request with this number, over all connections and counted from 1, in place of passing it on.
    ///
    /// # Panics
    ///
    /// For a lab that is in front of no server, and for a script.
    pub fn fault_on(self, request: usize, fault: Fault) -> Self {
        assert!(!matches!(fault, Fault::Script(_)), "a script is for a lab of its own: give each request its fault");
        self.route().lock().insert(request, Script::new(fault));
        self
    }

    /// Ends each connection after so many bytes of the server's answers.
    ///
    /// # Panics
    ///
    /// For a lab that is in front of no server.
    pub fn cut_after(self, bytes: u64) -> Self {
        self.route().cut_after.store(bytes, Ordering::SeqCst);
        self
    }

    fn route(&self) -> &Route {
        self.route.as_deref().unwrap_or_else(|| panic!("this failure lab is in front of no server: `FailureLab::in_front_of`"))
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Route({})", self.server)
    }
}

/// Bytes and when they are due.
type Late = (Instant, Vec<u8>);

/// One connection: what both directions know of it.
struct Line<'a> {
    route: &'a Route,
    began: Instant,
    /// The client is to see a reset, and so no end in order.
    is_broken: AtomicBool,
    record: &'a Record,
    running: &'a Running,
}

impl Route {
    fn delay(&self) -> Duration {
        Duration::from_micros(self.delay.load(Ordering::SeqCst))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<usize, Script>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes one connection on until one of the two sides ends it.
    fn connection(&self, client: TcpStream, record: &Record, running: &Running) {
        record.count_connection();
        let line = Line { route: self, began: Instant::now(), is_broken: AtomicBool::new(false), record, running };
        // A server that is not there is a connection that ends.
        let Ok(server) = TcpStream::connect(self.server) else { return };
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let (Some(held_client), Some(held_server)) = (running.hold(&client), running.hold(&server)) else { return };
        let (Ok(to_client), Ok(to_server), Ok(from_server)) = (client.try_clone(), server.try_clone(), server.try_clone()) else { return };
        let mut wire = Wire::plain(client);
        thread::scope(|scope| {
            let (up, upwards) = channel();
            let (down, downwards) = channel();
            let line = &line;
            scope.spawn(move || {
                line.pass_late(&upwards, &to_server, u64::MAX);
                let _ = to_server.shutdown(Shutdown::Write);
            });
            scope.spawn(move || read_all(&from_server, |bytes| down.send((Instant::now() + line.route.delay(), bytes)).is_ok()));
            scope.spawn(move || {
                line.pass_late(&downwards, &to_client, line.route.cut_after.load(Ordering::SeqCst));
                if !line.is_broken.load(Ordering::SeqCst) {
                    let _ = to_client.shutdown(Shutdown::Both);
                }
            });
            if line.take_requests(&mut wire, &up) == After::Break {
                line.is_broken.store(true, Ordering::SeqCst);
            }
            drop(up);
            // Nobody is there any more to hear the server.
            let _ = server.shutdown(Shutdown::Read);
        });
        drop((held_client, held_server, wire));
    }
}

impl Line<'_> {
    /// When bytes of the client that come now reach the server. The first ones have waited for the connection.
    fn due(&self) -> Instant {
        let delay = self.route.delay();
        Instant::now().max(self.began + 2 * delay) + delay
    }

    /// Passes requests on, or plays a fault for them, until the client goes away.
    fn take_requests(&self, wire: &mut Wire, up: &Sender<Late>) -> After {
        if !wire.speaks_http() {
            wire.read_all(|bytes| {
                self.record.note_bytes(&bytes);
                up.send((self.due(), bytes)).is_ok()
            });
            return After::End;
        }
        while let Some(bytes) = wire.next_request(self.record) {
            let request = Request::read(&bytes);
            let number = self.record.note_request(&request);
            let fault = self.route.lock().remove(&number).map(|script| script.next(&request));
            let Some(fault) = fault else {
                wire.release();
                if up.send((self.due(), bytes)).is_err() {
                    return After::End;
                }
                continue;
            };
            if !self.running.pause_until(self.due() + self.route.delay()) {
                return After::End;
            }
            match play::play(&fault, &request, wire, self.record, self.running) {
                After::Next => {}
                After::End => {
                    wire.finish();
                    return After::End;
                }
                After::Break => return After::Break,
            }
        }
        After::End
    }

    /// Writes bytes when they are due, and no more than so many.
    fn pass_late(&self, late: &Receiver<Late>, mut to: &TcpStream, mut left: u64) {
        for (due, bytes) in late {
            let count = bytes.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            if !self.running.pause_until(due) || to.write_all(&bytes[..count]).is_err() {
                return;
            }
            left -= as_u64(count);
            if left == 0 {
                return;
            }
        }
    }
}
