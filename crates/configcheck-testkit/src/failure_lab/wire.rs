//! `Wire`: the lab's end of one connection, plain or with TLS on top.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};

use super::record::Record;
use super::request;

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// Something on top of a connection.
pub(super) trait Channel: Read + Write + Send {
    /// Says that nothing more is going to be sent.
    fn finish(&mut self);
}

/// One end of a connection.
pub(super) enum Wire {
    /// Without TLS. The last byte of a request stays in the operating system's hands until the fault is known: a connection that is
    /// closed while something was not read is reset, and that is the only way to a reset that the standard library has.
    Plain { stream: TcpStream, is_holding: bool },
    /// With TLS.
    #[cfg_attr(not(feature = "lab-tls"), expect(dead_code, reason = "only TLS is made so"))]
    Secure { channel: Box<dyn Channel>, ahead: Vec<u8> },
}

impl Wire {
    pub(super) fn plain(stream: TcpStream) -> Self {
        Self::Plain { stream, is_holding: false }
    }

    /// Waits for a whole request. `None` when the client goes away before.
    pub(super) fn next_request(&mut self, record: &Record) -> Option<Vec<u8>> {
        match self {
            Self::Plain { stream, is_holding } => {
                let bytes = next_plain(stream, record)?;
                *is_holding = true;
                Some(bytes)
            }
            Self::Secure { channel, ahead } => next_secure(channel.as_mut(), ahead, record),
        }
    }

    /// Takes the last byte of the request, so that the connection can end in order.
    pub(super) fn release(&mut self) {
        if let Self::Plain { stream, is_holding } = self
            && std::mem::take(is_holding)
        {
            let _ = stream.read_exact(&mut [0]);
        }
    }

    /// Whether the first bytes look like a request of HTTP/1: TLS and HTTP/2 do not.
    pub(super) fn speaks_http(&self) -> bool {
        let mut first = [0; 4];
        match self {
            Self::Plain { stream, .. } => {
                let count = stream.peek(&mut first).unwrap_or(0);
                request::may_be_http(&first[..count])
            }
            Self::Secure { .. } => true,
        }
    }

    /// Gives each piece that comes to the function, until the client goes away or the function says no.
    pub(super) fn read_all(&mut self, take: impl FnMut(Vec<u8>) -> bool) {
        match self {
            Self::Plain { stream, .. } => read_all(&*stream, take),
            Self::Secure { channel, .. } => read_all(channel, take),
        }
    }

    /// Notes what comes, until the client goes away.
    pub(super) fn listen(&mut self, record: &Record) {
        self.read_all(|bytes| {
            record.note_bytes(&bytes);
            true
        });
    }

    /// Says that nothing more is going to be sent.
    pub(super) fn finish(&mut self) {
        match self {
            Self::Plain { stream, .. } => {
                let _ = stream.shutdown(Shutdown::Write);
            }
            Self::Secure { channel, .. } => channel.finish(),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain { stream, .. } => stream.write(bytes),
            Self::Secure { channel, .. } => channel.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain { stream, .. } => stream.flush(),
            Self::Secure { channel, .. } => channel.flush(),
        }
    }
}

/// Gives each piece to the function, until there is no more or the function says no.
pub(super) fn read_all(mut from: impl Read, mut take: impl FnMut(Vec<u8>) -> bool) {
    let mut piece = vec![0; PIECE];
    while let Ok(count) = from.read(&mut piece) {
        if count == 0 || !take(piece[..count].to_vec()) {
            return;
        }
    }
}

fn next_plain(stream: &mut TcpStream, record: &Record) -> Option<Vec<u8>> {
    let (mut bytes, mut piece) = (Vec::new(), vec![0; PIECE]);
    loop {
        let count = stream.peek(&mut piece).ok().filter(|count| *count > 0)?;
        let before = bytes.len();
        bytes.extend_from_slice(&piece[..count]);
        let end = request::end(&bytes);
        bytes.truncate(end.unwrap_or(bytes.len()));
        record.note_bytes(&bytes[before..]);
        let taken = bytes.len() - before - usize::from(end.is_some());
        stream.read_exact(&mut piece[..taken]).ok()?;
        if end.is_some() {
            return Some(bytes);
        }
    }
}

fn next_secure(channel: &mut dyn Channel, ahead: &mut Vec<u8>, record: &Record) -> Option<Vec<u8>> {
    let mut piece = vec![0; PIECE];
    loop {
        if let Some(end) = request::end(ahead) {
            return Some(ahead.drain(..end).collect());
        }
        let count = channel.read(&mut piece).ok().filter(|count| *count > 0)?;
        record.note_bytes(&piece[..count]);
        ahead.extend_from_slice(&piece[..count]);
    }
}
