//! Ports that are free. Somebody may take one before the server does; then the server ends, and others are tried.

use std::net::{Ipv4Addr, TcpListener};

fn bind(port: u16) -> Option<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).ok()
}

/// Different ports that are free, and the one behind each of them too: OpenBao takes two.
pub(crate) fn free<const COUNT: usize>() -> [u16; COUNT] {
    let mut held = Vec::new();
    let mut found = Vec::new();
    while found.len() < COUNT {
        let first = bind(0).expect("127.0.0.1 has a free port");
        let port = first.local_addr().expect("a bound socket has an address").port();
        if let Some(second) = port.checked_add(1).and_then(bind) {
            found.push(port);
            held.push(second);
        }
        held.push(first);
    }
    found.try_into().expect("as many as were asked for")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ports_and_their_neighbours_are_free() {
        let ports: [u16; 8] = free();
        let held: Vec<_> = ports.iter().flat_map(|port| [bind(*port), bind(port + 1)]).collect();
        assert!(held.iter().all(Option::is_some));
    }
}
