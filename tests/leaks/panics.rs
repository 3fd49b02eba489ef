//! A panic with a secret at hand: in a parser, a check, `Deserialize`, a provider or a layer of the service's own. The panic says what the
//! service wrote, and nothing of what was being read; the process ends as every Rust process does that panics.
//!
//! The process is this test program, run again; it prints the functions that the panic came through, as one that is debugged would.
#![allow(dead_code, reason = "nobody reads the fields of what is never made")]

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::process::Command;
use std::str::FromStr;

use configcheck::{AppConfig, ExposeSecret as _, Loader, Secret};
use configcheck_core::provider::Outcome;
use configcheck_testkit::FakeProvider;

use crate::channels::Output;
use crate::judge::{Runs, leaks};
use crate::search::Needles;
use crate::shapes;

/// Names the frame in which the second run panics.
const CHILD: &str = "LEAKS_TEST_PANIC";

/// What each of the panics says.
const SAID: &str = "a mistake in the service";

/// Panics while a secret is at hand.
#[expect(clippy::needless_pass_by_value, reason = "the secret is in this frame")]
fn stumble<T>(secret: String) -> T {
    std::hint::black_box(&secret);
    panic!("{SAID}")
}

#[derive(Debug)]
struct Parsed;

impl FromStr for Parsed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        stumble(text.to_owned())
    }
}

#[derive(AppConfig)]
struct OfFromStr {
    token: Secret<Parsed>,
}

fn with(text: &str) -> Result<u32, String> {
    stumble(text.to_owned())
}

#[derive(AppConfig)]
struct OfParser {
    #[config(with = with)]
    token: Secret<u32>,
}

#[derive(Debug)]
struct Deserialized;

impl<'de> serde::Deserialize<'de> for Deserialized {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        stumble(text)
    }
}

#[derive(AppConfig)]
struct OfDeserialize {
    token: Secret<Deserialized>,
}

#[expect(clippy::ptr_arg, reason = "a check gets the field as it is")]
fn check(text: &String) -> Result<(), String> {
    stumble(text.clone())
}

#[derive(AppConfig)]
struct OfCheck {
    #[validate(custom(function = check))]
    token: Secret<String>,
}

fn check_all(settings: &OfStruct) -> Result<(), String> {
    stumble(settings.token.expose_secret().clone())
}

#[derive(AppConfig)]
#[validate(schema(function = check_all))]
struct OfStruct {
    token: Secret<String>,
}

#[derive(AppConfig)]
struct Plain {
    token: Secret<String>,
}

/// A layer of figment's that panics when it is asked.
struct Layer;

impl figment::Provider for Layer {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named("own provider")
    }

    fn data(&self) -> Result<figment::value::Map<figment::Profile, figment::value::Dict>, figment::Error> {
        stumble(std::env::var_os("TOKEN").unwrap_or_default().to_string_lossy().into_owned())
    }
}

fn base() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().environment("development")
}

fn load<T: AppConfig>(loader: &Loader) {
    drop(loader.load::<T>());
}

/// The frames: where a secret is at hand when the service panics.
const FRAMES: [(&str, fn()); 7] = [
    ("FromStr", || load::<OfFromStr>(&base())),
    ("parser", || load::<OfParser>(&base())),
    ("Deserialize", || load::<OfDeserialize>(&base())),
    ("check", || load::<OfCheck>(&base())),
    ("check of the struct", || load::<OfStruct>(&base())),
    ("layer", || load::<Plain>(&base().layer(Layer))),
    ("provider", || {
        let token = std::env::var_os("TOKEN").unwrap_or_default().to_string_lossy().into_owned();
        let provider = FakeProvider::answering("vault", move |_| stumble::<Outcome>(token.clone()));
        load::<Plain>(&base().provider(provider).set("TOKEN", "vault:a/b#c"));
    }),
];

/// No test of its own: what the second run does.
#[test]
fn child_that_panics() {
    if let Some(name) = std::env::var_os(CHILD) {
        let (_, frame) = FRAMES.iter().find(|(other, _)| *other == name).expect("the frame is in the list");
        // A thread of its own: the test program does not keep what it says.
        let ended = std::thread::Builder::new().name("service".into()).spawn(frame).unwrap().join();
        std::process::exit(if ended.is_err() { 101 } else { 0 });
    }
}

fn run(frame: &str, secret: &[u8]) -> Vec<Output> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "panics::child_that_panics", "--nocapture"])
        .env_clear()
        .env(CHILD, frame)
        .env("RUST_BACKTRACE", "1")
        .env("TOKEN", OsString::from_vec(secret.to_vec()))
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    // The number of a thread is the machine's doing.
    let numbered = regex::Regex::new(r"thread 'service' \(\d+\)").unwrap();
    vec![
        Output { channel: "standard output", text: text(&output.stdout) },
        Output { channel: "standard error", text: numbered.replace_all(&text(&output.stderr), "thread 'service'").into_owned() },
        Output { channel: "exit code", text: format!("{:?}", output.status.code()) },
    ]
}

#[test]
fn a_panic_tells_nothing_of_a_secret() {
    let (mut panics, mut loads) = (0, 0);
    // Each process writes the functions that it came through, which takes it a while: some shapes stand for all.
    for shape in shapes::all().into_iter().skip(1).step_by(3) {
        let needles = Needles::of(&shape.canary);
        for (frame, _) in FRAMES {
            let runs = Runs { canary: run(frame, &shape.canary), control: run(frame, &shape.control), longer: run(frame, &shape.longer) };
            let (said, code) = (&runs.canary[1].text, &runs.canary[2].text);
            // What is refused before the service's own function is reached panics in none.
            let panicked = said.contains(SAID);
            // What a provider stumbles over is the outcome of its secret: the load fails, and the process goes on.
            let ends = panicked && frame != "provider";
            assert_eq!(code, if ends { "Some(101)" } else { "Some(0)" }, "{frame}, {}: {said}", shape.name);
            assert!(panicked || shape.name == "not UTF-8" || shape.name.starts_with("reference"), "{frame}, {}: {said}", shape.name);
            panics += usize::from(panicked) * 3;
            loads += 3;
            let leaks = leaks(&needles, &runs);
            assert!(leaks.is_empty(), "{frame}, {}: {leaks:?}", shape.name);
        }
    }
    println!("figure: L4.library panics={panics} loads={loads} hits=0 code=101");
    assert!(panics >= 100, "{panics} are too few");
}
