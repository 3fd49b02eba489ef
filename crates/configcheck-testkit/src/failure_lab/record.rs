//! `Record`: what the failure lab was sent.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::request::Request;

/// What was sent, over all connections.
#[derive(Default)]
pub(super) struct Record {
    connections: AtomicUsize,
    received: Mutex<Vec<u8>>,
    requests: Mutex<Vec<Request>>,
}

impl Record {
    pub(super) fn count_connection(&self) {
        self.connections.fetch_add(1, Ordering::SeqCst);
    }

    pub(super) fn note_bytes(&self, bytes: &[u8]) {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
    }

    /// Notes a request; its number, from 1.
    pub(super) fn note_request(&self, request: &Request) -> usize {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.push(request.clone());
        requests.len()
    }

    pub(super) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(super) fn received(&self) -> Vec<u8> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for Record {
    /// Counts: what was sent may be a credential.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Record({} connections, {} requests)", self.connections(), self.requests().len())
    }
}
