//! `Serve`: one connection from its beginning to its end.

use std::net::TcpStream;
use std::sync::Arc;

use super::play::{self, After};
use super::record::Record;
use super::request::Request;
use super::script::Script;
use super::threads::Running;
use super::wire::Wire;

/// What comes before the first request of a connection. `None` when it does not come to one.
pub(super) type Handshake = Box<dyn Fn(TcpStream, &Record, &Running) -> Option<Wire> + Send + Sync>;

/// No handshake.
pub(super) fn plain() -> Handshake {
    Box::new(|stream, _, _| Some(Wire::plain(stream)))
}

/// What a server needs for each connection.
pub(super) struct Serve {
    pub(super) record: Arc<Record>,
    pub(super) script: Arc<Script>,
    pub(super) handshake: Handshake,
}

impl Serve {
    /// Plays a fault for each request, until one of the two sides ends the connection.
    pub(super) fn connection(&self, stream: TcpStream, running: &Running) {
        self.record.count_connection();
        // Each answer is sent as it is written.
        let _ = stream.set_nodelay(true);
        let Some(held) = running.hold(&stream) else { return };
        if self.script.closes_at_once() {
            return;
        }
        let Some(mut wire) = (self.handshake)(stream, &self.record, running) else { return };
        while let Some(bytes) = wire.next_request(&self.record) {
            let request = Request::read(&bytes);
            self.record.note_request(&request);
            let fault = self.script.next(&request);
            match play::play(&fault, &request, &mut wire, &self.record, running) {
                After::Next if request.is_last() => wire.finish(),
                After::Next => continue,
                After::End => wire.finish(),
                After::Break => {}
            }
            break;
        }
        // The connection ends when its last holder lets go of it.
        drop(held);
        drop(wire);
    }
}
