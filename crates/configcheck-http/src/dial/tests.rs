//! Names that change, that stand for several addresses, and that stand for what may not be reached.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io;
use std::net::{IpAddr, TcpListener};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::*;
use crate::settings::ClientSettings;

/// A dial whose name stands for each of these in turn, and then for the last.
fn dial(url: &str, answers: &[&[&str]]) -> (Dial, Arc<AtomicUsize>) {
    let address = Address::parse(url, Reach::default()).unwrap();
    let tls = Arc::new(Tls::new(&ClientSettings::new()).unwrap());
    let mut dial = Dial::new(address, Reach::default(), None, Duration::from_secs(5), tls);
    let answers: Vec<Vec<IpAddr>> = answers.iter().map(|answer| answer.iter().map(|ip| ip.parse().unwrap()).collect()).collect();
    let (asked, answers) = (Arc::new(AtomicUsize::new(0)), Mutex::new(answers));
    let counted = Arc::clone(&asked);
    dial.names = Arc::new(move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
        let mut answers = answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        Box::pin(async move { if answer.is_empty() { Err(io::Error::other("hunter2-fake")) } else { Ok(answer) } })
    });
    (dial, asked)
}

fn run<T: Send + 'static>(future: impl Future<Output = T> + Send + 'static) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(crate::runtime::spawn(future)).unwrap()
}

fn listener(ip: &str) -> (TcpListener, u16) {
    let listener = TcpListener::bind((ip, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[test]
fn a_name_that_changes_after_it_answered_is_not_followed() {
    let (listener, port) = listener("127.0.0.1");
    let (dial, asked) = dial(&format!("http://localhost:{port}"), &[&["127.0.0.1"], &["127.0.0.2"]]);
    run(async move {
        for _ in 0..3 {
            assert_eq!(dial.connect().await.unwrap_or_else(|failure| panic!("{failure}")).peer.address.ip().to_string(), "127.0.0.1");
        }
        drop(listener);
        // The server has gone, and another one stands at what the name has become: it is not gone to.
        let elsewhere = TcpListener::bind(("127.0.0.2", port)).unwrap();
        assert_eq!(dial.connect().await.err().unwrap().kind(), FailureKind::Refused);
        elsewhere.set_nonblocking(true).unwrap();
        assert_eq!(elsewhere.accept().unwrap_err().kind(), io::ErrorKind::WouldBlock);
    });
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn a_server_that_proves_who_it_is_may_move_but_not_within_a_start() {
    for (url, hold, expected) in
        [("https://localhost", None, 1), ("https://localhost", Some(Duration::ZERO), 2), ("http://localhost", None, 1)]
    {
        let (listener, port) = listener("127.0.0.1");
        let (mut dial, asked) = dial(&format!("{url}:{port}"), &[&["127.0.0.1"]]);
        assert_eq!(dial.hold.is_some(), url.starts_with("https"));
        dial.hold = hold.or(dial.hold);
        thread::spawn(move || drop(listener.accept()));
        run(async move {
            // Who takes the connection says nothing, and has gone.
            let _ = dial.connect().await;
            while dial.connect().await.err().map(|failure| failure.kind()) != Some(FailureKind::Refused) {}
            let _ = dial.connect().await;
        });
        assert_eq!(asked.load(Ordering::SeqCst), expected, "{url} {hold:?}");
    }
}

#[test]
fn a_name_of_which_nothing_answered_is_asked_for_again() {
    let (_listener, port) = listener("127.0.0.3");
    let (dial, asked) = dial(&format!("http://localhost:{port}"), &[&["127.0.0.2"], &[], &["127.0.0.3"]]);
    run(async move {
        assert_eq!(dial.connect().await.err().unwrap().kind(), FailureKind::Refused);
        let unknown = dial.connect().await.err().unwrap();
        assert_eq!(unknown.to_string(), format!("the name in localhost:{port} could not be resolved"));
        assert!(dial.connect().await.is_ok());
    });
    assert_eq!(asked.load(Ordering::SeqCst), 3);
}

#[test]
fn the_other_addresses_of_a_name_are_tried_and_the_one_that_answered_comes_first() {
    let (_listener, port) = listener("127.0.0.3");
    let (dial, asked) = dial(&format!("http://localhost:{port}"), &[&["127.0.0.2", "127.0.0.3", "127.0.0.4"]]);
    run(async move {
        assert!(dial.connect().await.is_ok());
        let known: Vec<String> = dial.route.known().unwrap().iter().map(|address| address.ip().to_string()).collect();
        assert_eq!(known, ["127.0.0.3", "127.0.0.2", "127.0.0.4"]);
    });
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[test]
fn names_of_what_may_not_be_reached_are_refused_before_anything_connects() {
    for (url, answer, says) in [
        (
            "https://vault.internal",
            &["169.254.169.254"][..],
            "vault.internal stands for an address that is link-local or the metadata service of a cloud",
        ),
        (
            "https://vault.internal",
            &["fd00:ec2::254", "::ffff:169.254.169.254"],
            "vault.internal stands for an address that is link-local or the metadata service of a cloud",
        ),
        ("http://localhost", &["10.0.0.1"], "http to localhost would send secrets in the clear"),
    ] {
        let (dial, _) = dial(url, &[answer]);
        let failure = run(async move { dial.connect().await.err().unwrap() });
        assert_eq!((failure.kind(), failure.to_string().as_str()), (FailureKind::AddressRefused, says));
    }
    // Beside others, such an address is passed over.
    let (listener, port) = listener("127.0.0.1");
    let (dial, _) = dial(&format!("http://localhost:{port}"), &[&["169.254.169.254", "127.0.0.1"]]);
    assert!(run(async move { dial.connect().await.is_ok() }));
    drop(listener);
}

#[test]
fn many_who_need_a_name_at_once_ask_for_it_once() {
    let (_listener, port) = listener("127.0.0.1");
    let (dial, asked) = dial(&format!("http://localhost:{port}"), &[&["127.0.0.1"]]);
    run(async move {
        let dial = Arc::new(dial);
        let all: Vec<_> =
            (0..50).map(|_| Arc::clone(&dial)).map(|dial| tokio::spawn(async move { dial.connect().await.is_ok() })).collect();
        for one in all {
            assert!(one.await.unwrap());
        }
    });
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}
