//! The runtime: below any executor, ended by whoever drops it, and silent when it panics.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::io::Write;
use std::sync::mpsc::channel;
use std::time::Duration;

use configcheck_http::runtime;

use crate::world::{PATIENCE, alone, block_on};

#[test]
fn all_futures_run_on_one_thread_that_has_a_name() {
    let place = || runtime::spawn(async { (std::thread::current().id(), std::thread::current().name().map(str::to_owned)) });
    let (first, second) = (block_on(place()).unwrap(), block_on(place()).unwrap());
    assert_eq!(first, second);
    assert_eq!(first.1.as_deref(), Some("configcheck-http"));
    assert_ne!(first.0, std::thread::current().id());
}

#[test]
fn it_is_polled_below_tokio_too() {
    let tokio = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let seven = tokio.block_on(runtime::spawn(async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        7
    }));
    assert_eq!(seven, Ok(7));
}

#[test]
fn what_is_dropped_ends() {
    struct Tell(std::sync::mpsc::Sender<()>);
    impl Drop for Tell {
        fn drop(&mut self) {
            let _ = self.0.send(());
        }
    }
    let (tell, told) = channel();
    let running = runtime::spawn(async move {
        let _tell = Tell(tell);
        std::future::pending::<()>().await;
    });
    assert!(told.recv_timeout(Duration::from_millis(50)).is_err());
    drop(running);
    told.recv_timeout(PATIENCE).unwrap();
}

#[test]
fn a_panic_is_told_by_its_place_and_never_by_its_message() {
    let Some(told) = alone("runtime::a_panic_is_told_by_its_place_and_never_by_its_message", &[("RUST_BACKTRACE", "1")]) else {
        let secret = "hunter2-fake".to_owned();
        let stopped = block_on(runtime::spawn(async move {
            assert!(secret.is_empty(), "Invalid URL: {secret}");
        }));
        let stopped = stopped.unwrap_err();
        assert!(stopped.place().is_some_and(|place| place.contains("runtime.rs:")), "{stopped}");
        std::io::stderr().write_all(format!("{stopped} {stopped:?}").as_bytes()).unwrap();
        // The runtime goes on, and panics elsewhere are told as ever.
        assert_eq!(block_on(runtime::spawn(async { 7 })), Ok(7));
        assert!(std::thread::spawn(|| panic!("told as ever")).join().is_err());
        return;
    };
    assert!(told.contains("the code for requests stopped at ") && told.contains("told as ever"), "{told}");
    assert!(!told.contains("hunter2") && !told.contains("Invalid URL"), "{told}");
}
