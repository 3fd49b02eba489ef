//! The line to a server: a proxy that lets every byte arrive late, as over a network.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use configcheck_testkit::failure_lab::FailureLab;

pub struct Line(FailureLab);

impl Line {
    pub fn to(server: &str, each_way: Duration) -> Self {
        Self(FailureLab::in_front_of(server).delay(each_way))
    }

    pub fn url(&self) -> String {
        self.0.url()
    }

    pub fn connections(&self) -> usize {
        self.0.connections()
    }

    /// Those that are not encrypted.
    pub fn requests(&self) -> usize {
        self.0.requests()
    }

    /// How long a request takes on a connection that has carried one.
    pub fn round_trip(&self) -> Duration {
        let mut stream = TcpStream::connect(self.0.address()).unwrap();
        stream.set_nodelay(true).unwrap();
        let mut answer = [0; 16 << 10];
        let mut last = Duration::ZERO;
        for _ in 0..2 {
            let start = Instant::now();
            stream.write_all(b"GET /v1/sys/health HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n").unwrap();
            assert!(stream.read(&mut answer).unwrap() > 0, "the server closed the connection");
            last = start.elapsed();
        }
        last
    }
}

/// What the last fetch left behind, such as the threads of fifty connections, ends before the next begins.
const PAUSE: Duration = Duration::from_millis(150);

/// How long it took, and what was counted meanwhile.
pub fn measured(counted: impl Fn() -> (usize, usize), work: impl FnOnce()) -> (Duration, usize, usize) {
    thread::sleep(PAUSE);
    let (connections, requests) = counted();
    let start = Instant::now();
    work();
    let took = start.elapsed();
    let (connections_after, requests_after) = counted();
    (took, connections_after - connections, requests_after - requests)
}
