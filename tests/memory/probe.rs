//! Loads one secret, tells where it lies, and waits: the process whose memory `--test memory` looks through. Arguments: the shape of the
//! secret, then `dotenv=FOLDER`, `file=PATH` and the like for the source, where it is not the environment.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a probe of the tests, which is not published"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::stdin;
use std::time::Duration;

use configcheck::memory::{CREDENTIALS, take_secrets_and};
use configcheck::{AppConfig, ExposeSecret as _, Loader, Secret, Url};
use configcheck_dotenv::Dialect;
use figment::providers::{Format as _, Toml};

/// A secret that has somewhere in memory to lie.
trait Held: AppConfig {
    /// Shows the bytes of each value inside.
    fn each(&self, show: impl Fn(&[u8]));
}

#[derive(AppConfig)]
struct Text {
    probe_value: Secret<String>,
}

impl Held for Text {
    fn each(&self, show: impl Fn(&[u8])) {
        show(self.probe_value.expose_secret().as_bytes());
    }
}

#[derive(AppConfig)]
struct Bytes {
    probe_value: Secret<Vec<u8>>,
}

impl Held for Bytes {
    fn each(&self, show: impl Fn(&[u8])) {
        show(self.probe_value.expose_secret());
    }
}

#[derive(AppConfig)]
struct List {
    probe_value: Secret<Vec<String>>,
}

impl Held for List {
    fn each(&self, show: impl Fn(&[u8])) {
        self.probe_value.expose_secret().iter().map(String::as_bytes).for_each(show);
    }
}

#[derive(AppConfig)]
struct Map {
    probe_value: BTreeMap<String, Secret<String>>,
}

impl Held for Map {
    fn each(&self, show: impl Fn(&[u8])) {
        self.probe_value.values().map(|value| value.expose_secret().as_bytes()).for_each(show);
    }
}

/// A value in the middle of a text that is taken apart and put together again.
#[derive(AppConfig)]
struct Address {
    probe_value: Secret<Url>,
}

impl Held for Address {
    fn each(&self, show: impl Fn(&[u8])) {
        show(self.probe_value.expose_secret().password().unwrap().as_bytes());
    }
}

/// Refused: no value is that long.
#[derive(AppConfig)]
struct Short {
    #[validate(length(min = 100_000))]
    probe_value: Secret<String>,
}

impl Held for Short {
    fn each(&self, show: impl Fn(&[u8])) {
        show(self.probe_value.expose_secret().as_bytes());
    }
}

/// Refused: the value is no number.
#[derive(AppConfig)]
struct Number {
    probe_value: Secret<u32>,
}

impl Held for Number {
    fn each(&self, _: impl Fn(&[u8])) {
        panic!("the value was a number: {}", self.probe_value.expose_secret() > &0);
    }
}

/// One that is set and one that is missing, so that the report tells of a load with a good secret.
#[derive(AppConfig)]
struct Half {
    probe_value: Secret<String>,
    #[expect(dead_code, reason = "never there")]
    probe_missing: Secret<String>,
}

impl Held for Half {
    fn each(&self, show: impl Fn(&[u8])) {
        show(self.probe_value.expose_secret().as_bytes());
    }
}

/// Waits for a line. It has a place to stand from the start: nothing may take the memory that the load gives back.
fn wait(line: &mut String) {
    line.clear();
    stdin().read_line(line).unwrap();
}

fn hold<T: Held>(mut loader: Loader, takes_variables: bool) {
    if takes_variables {
        loader = loader.taken(take_secrets_and::<T>(CREDENTIALS).unwrap());
    }
    let mut line = String::with_capacity(8);
    // With this the buffers of both streams are made.
    println!("ready");
    wait(&mut line);
    let result = loader.load::<T>();
    drop(loader);
    match result {
        Ok(settings) => {
            print!("alive");
            settings.each(|bytes| print!(" {:x}+{:x}", bytes.as_ptr().addr(), bytes.len()));
            println!();
            wait(&mut line);
            drop(settings);
        }
        Err(error) => {
            eprintln!("{error}");
            println!("refused");
            wait(&mut line);
            drop(error);
        }
    }
    println!("dropped");
    wait(&mut line);
}

/// What the arguments say.
pub(crate) fn main() {
    let mut arguments = std::env::args().skip(1);
    let shape = arguments.next().unwrap();
    let mut loader = Loader::new().environment("development").no_dotenv().no_standard_mounts().deadline(Duration::from_mins(5));
    let mut takes_variables = false;
    for argument in arguments {
        let (kind, source) = argument.split_once('=').unwrap();
        loader = match kind {
            "variables" => {
                takes_variables = source == "taken";
                loader
            }
            "dotenv" => loader.dotenv_dir(source),
            "file" => loader.file(source),
            "mounted" => loader.mounted_dir(source),
            "map" => loader.secrets_from(source),
            "figment" => loader.layer(Toml::file(source)),
            "contents" => loader.dotenv_contents(source, fs::read(source).unwrap()),
            "vars" => loader.vars([("PROBE_VALUE", fs::read_to_string(source).unwrap())]),
            "set" => loader.set("PROBE_VALUE", fs::read_to_string(source).unwrap()),
            "dialect" => loader.dialect(*Dialect::ALL.iter().find(|dialect| dialect.name() == source).unwrap()),
            _ => panic!("there is no source {kind}"),
        };
    }
    match shape.as_str() {
        "text" => hold::<Text>(loader, takes_variables),
        "bytes" => hold::<Bytes>(loader, takes_variables),
        "list" => hold::<List>(loader, takes_variables),
        "map" => hold::<Map>(loader, takes_variables),
        "url" => hold::<Address>(loader, takes_variables),
        "short" => hold::<Short>(loader, takes_variables),
        "number" => hold::<Number>(loader, takes_variables),
        "half" => hold::<Half>(loader, takes_variables),
        _ => panic!("there is no shape {shape}"),
    }
}
