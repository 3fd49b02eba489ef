//! A proxy that was asked for: it carries TLS, and learns host and port.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use configcheck_core::provider::Retry;
use configcheck_http::{Address, Client, ClientSettings, FailureKind, Reach, Roots, SettingsProblem};
use configcheck_testkit::failure_lab::{FailureLab, Fault};

use crate::world::{PATIENCE, TOKEN, failure, get};

/// A proxy that answers like this, and passes on to an address whatever name it was told. It tells what it read in the clear.
fn proxy(answer: &'static str, to: SocketAddr) -> (Address, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = Address::parse(&format!("http://{}", listener.local_addr().unwrap()), Reach::default()).unwrap();
    let (tell, told) = channel();
    thread::spawn(move || {
        for client in listener.incoming() {
            let mut client = client.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                if client.read(&mut byte).unwrap_or(0) == 0 {
                    break;
                }
                asked.push(byte[0]);
            }
            let _ = tell.send(String::from_utf8(asked).unwrap());
            let _ = client.write_all(answer.as_bytes());
            if answer.contains(" 200 ") {
                let server = TcpStream::connect(to).unwrap();
                let pass = |mut from: TcpStream, mut to: TcpStream| thread::spawn(move || std::io::copy(&mut from, &mut to));
                pass(client.try_clone().unwrap(), server.try_clone().unwrap());
                pass(server, client);
            }
        }
    });
    (address, told)
}

#[test]
fn https_goes_through_a_tunnel() {
    let lab = FailureLab::start_tls(Fault::ok("{}"));
    let (proxy, told) = proxy("HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n", lab.address());
    let settings = ClientSettings::new().roots(Roots::Only(lab.ca_pem().into())).server_name("localhost").proxy(proxy);
    let client = Client::new(settings).unwrap();
    assert_eq!(get(&client, "https://vault.internal:8200/v1/secret").unwrap().status, 200);
    assert_eq!(told.recv_timeout(PATIENCE).unwrap(), "CONNECT vault.internal:8200 HTTP/1.1\r\nhost: vault.internal:8200\r\n\r\n");
    assert_eq!(lab.requests_seen()[0].header("host"), Some("vault.internal:8200"));
    assert!(lab.saw(TOKEN.as_bytes()));
}

#[test]
fn http_does_not_go_through_a_proxy_and_this_machine_is_reached_without() {
    let (lab, witness) = (FailureLab::witness(), FailureLab::witness());
    let (proxy, told) = proxy("HTTP/1.1 200 OK\r\n\r\n", witness.address());
    let reach = Reach { plain_http: true, ..Reach::default() };
    let client = Client::new(ClientSettings::new().reach(reach).proxy(proxy)).unwrap();
    let failure = failure(&client, "http://vault.internal:8200/");
    assert_eq!((failure.kind(), failure.retry()), (FailureKind::Proxy, Retry::Never));
    assert_eq!(failure.to_string(), "http to vault.internal:8200 would show the proxy what is sent");
    assert_eq!(get(&client, &lab.url()).unwrap().status, 200);
    assert!(told.try_recv().is_err());
    witness.assert_untouched();
}

#[test]
fn a_proxy_that_does_not_connect_is_named_as_such() {
    for (answer, retry, says) in [
        ("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", Retry::Never, "the proxy asks for a login to connect to vault.internal:443"),
        ("HTTP/1.1 403 Forbidden\r\n\r\n", Retry::Never, "the proxy did not connect to vault.internal:443: it answered 403"),
        ("HTTP/1.0 502 Bad Gateway\r\n\r\n", Retry::Few, "the proxy did not connect to vault.internal:443: it answered 502"),
        ("hunter2-fake\r\n\r\n", Retry::Few, "the proxy broke off instead of connecting to vault.internal:443"),
        ("", Retry::Few, "the proxy broke off instead of connecting to vault.internal:443"),
    ] {
        let (proxy, _told) = proxy(answer, "127.0.0.1:1".parse().unwrap());
        let failure = failure(&Client::new(ClientSettings::new().proxy(proxy)).unwrap(), "https://vault.internal/");
        assert_eq!((failure.kind(), failure.retry()), (FailureKind::Proxy, retry), "{answer}");
        assert_eq!(failure.to_string(), says);
    }
}

#[test]
fn a_proxy_that_is_down_is_the_one_that_is_named() {
    let lab = FailureLab::start(Fault::Refuse);
    let proxy = Address::parse(&lab.url(), Reach::default()).unwrap_or_else(|problem| panic!("{problem}"));
    let failure = failure(&Client::new(ClientSettings::new().proxy(proxy)).unwrap(), "https://vault.internal/");
    assert_eq!(failure.to_string(), format!("nothing listens at {}", lab.address()));
}

#[test]
fn only_plain_proxies_are_spoken_to() {
    let proxy = Address::parse("https://proxy.internal:3128", Reach::default()).unwrap();
    assert_eq!(Client::new(ClientSettings::new().proxy(proxy)).unwrap_err(), SettingsProblem::Proxy);
}
