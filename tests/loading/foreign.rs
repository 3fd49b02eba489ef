//! Variables that are somebody else's, and our own that are not UTF-8.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;

use configcheck::{AppConfig, ExposeSecret, Loader, Secret};

use super::errors;

#[derive(AppConfig)]
struct Settings {
    port: u16,
    #[allow(dead_code)]
    token: Secret<String>,
}

fn loader() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts()
}

fn text(text: &str) -> OsString {
    text.into()
}

fn broken(start: &str) -> OsString {
    let mut bytes = start.as_bytes().to_vec();
    bytes.extend([0xff, 0xfe]);
    OsString::from_vec(bytes)
}

#[test]
fn a_foreign_variable_that_is_not_utf_8_harms_nobody() {
    let variables =
        [(text("PORT"), text("1")), (text("TOKEN"), text("t0ken-not-real")), (text("FOREIGN"), broken("x")), (broken("NAME"), text("x"))];
    let settings: Settings = loader().vars(variables).load().unwrap();
    assert_eq!(settings.port, 1);
}

#[test]
fn a_declared_one_is_a_finding_that_shows_nothing_of_it() {
    let variables = [(text("PORT"), broken("80")), (text("TOKEN"), broken("hunter2-CANARY"))];
    let Err(error) = loader().vars(variables).load::<Settings>() else { panic!("it must not load") };
    assert_eq!(errors(error.report()), [("invalid-value", "PORT"), ("invalid-value", "TOKEN")]);
    let shown = format!("{error} {error:?} {:?}", error.report());
    for part in ["hunter2", "CANARY", "xff", "\u{fffd}"] {
        assert!(!shown.contains(part), "{part} in {shown}");
    }
}

#[test]
fn secret_bytes_need_not_be_utf_8() {
    #[derive(AppConfig)]
    struct Keys {
        signing_key: Secret<Vec<u8>>,
    }
    let keys: Keys = loader().vars([(text("SIGNING_KEY"), broken("k"))]).load().unwrap();
    assert_eq!(keys.signing_key.expose_secret(), &[b'k', 0xff, 0xfe]);
}
