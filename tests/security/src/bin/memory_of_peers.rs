//! How many copies of a secret a process holds that loads it with another library, and with Configcheck: the same values, sources and scan as in
//! `tests/memory`. Prints a line for each library and source; with `--runs N` the most that N runs found.
//!
//! Each library is used as its documentation shows it, and hands the value to a type that overwrites it when it is dropped, the `SecretString` of
//! the crate secrecy. What is counted is what is left elsewhere.
#![allow(missing_docs, dead_code, unreachable_pub, reason = "the modules are shared with the tests")]

use std::fs;
use std::io::stdin;

use config::{Environment, File};
use configcheck::ExposeSecret as _;
use configcheck_security::figure;
use figment::providers::{Env, Format as _, Json, Toml, Yaml};
use secrecy::SecretString;
use serde::Deserialize;

#[path = "../../../memory/probed.rs"]
mod probed;
#[path = "../../../memory/scan.rs"]
mod scan;

use probed::{Found, Probe, marker};
use scan::Count;

const VARIABLE: &str = "PROBE_VALUE";

#[derive(Deserialize)]
struct Settings {
    probe_value: SecretString,
}

#[derive(configcheck::AppConfig)]
struct Ours {
    probe_value: configcheck::Secret<String>,
}

/// What a load gives: the secret, somewhere.
enum Held {
    Theirs(SecretString),
    Ours(Ours),
}

impl Held {
    fn bytes(&self) -> &[u8] {
        match self {
            Self::Theirs(secret) => secret.expose_secret().as_bytes(),
            Self::Ours(ours) => ours.probe_value.expose_secret().as_bytes(),
        }
    }
}

/// A library with a source. Where the file has no name, the value stands in the environment.
struct Peer {
    name: &'static str,
    file: &'static str,
    load: fn() -> Held,
}

fn theirs(settings: Settings) -> Held {
    Held::Theirs(settings.probe_value)
}

fn ours(loader: configcheck::Loader) -> Held {
    Held::Ours(loader.environment("development").no_standard_mounts().load().expect("it loads"))
}

fn by_figment(figment: figment::Figment) -> Held {
    theirs(figment.extract().expect("it loads"))
}

fn by_config<S: config::Source + Send + Sync + 'static>(source: S) -> Held {
    let config = config::Config::builder().add_source(source).build().expect("it is read");
    theirs(config.try_deserialize().expect("it loads"))
}

const ENVIRONMENT: &str = "";

const PEERS: &[Peer] = &[
    Peer { name: "configcheck.dotenv", file: ".env", load: || ours(configcheck::Loader::new()) },
    Peer {
        name: "dotenvy+figment",
        file: ".env",
        load: || {
            dotenvy::from_path(".env").expect("it is read");
            by_figment(figment::Figment::new().merge(Env::raw()))
        },
    },
    Peer {
        name: "dotenvy+envy",
        file: ".env",
        load: || {
            dotenvy::from_path(".env").expect("it is read");
            theirs(envy::from_env().expect("it loads"))
        },
    },
    Peer {
        name: "dotenvy-iter+envy",
        file: ".env",
        load: || theirs(envy::from_iter(dotenvy::from_path_iter(".env").expect("it is read").flatten()).expect("it loads")),
    },
    Peer { name: "configcheck.toml", file: "a.toml", load: || ours(configcheck::Loader::new().no_dotenv().file("a.toml")) },
    Peer { name: "figment.toml", file: "a.toml", load: || by_figment(figment::Figment::new().merge(Toml::file("a.toml"))) },
    Peer { name: "config.toml", file: "a.toml", load: || by_config(File::with_name("a.toml")) },
    Peer { name: "configcheck.json", file: "a.json", load: || ours(configcheck::Loader::new().no_dotenv().file("a.json")) },
    Peer { name: "figment.json", file: "a.json", load: || by_figment(figment::Figment::new().merge(Json::file("a.json"))) },
    Peer { name: "config.json", file: "a.json", load: || by_config(File::with_name("a.json")) },
    Peer {
        name: "serde_json.reader",
        file: "a.json",
        load: || theirs(serde_json::from_reader(fs::File::open("a.json").expect("it is there")).expect("it loads")),
    },
    Peer {
        name: "serde_json.str",
        file: "a.json",
        load: || theirs(serde_json::from_str(&fs::read_to_string("a.json").expect("it is there")).expect("it loads")),
    },
    Peer { name: "configcheck.yaml", file: "a.yaml", load: || ours(configcheck::Loader::new().no_dotenv().file("a.yaml")) },
    Peer { name: "figment.yaml", file: "a.yaml", load: || by_figment(figment::Figment::new().merge(Yaml::file("a.yaml"))) },
    Peer { name: "config.yaml", file: "a.yaml", load: || by_config(File::with_name("a.yaml")) },
    Peer { name: "configcheck.mounted", file: "secrets/PROBE_VALUE", load: || ours(configcheck::Loader::new().no_dotenv().mounted_dir("secrets")) },
    Peer {
        name: "std.read_to_string",
        file: "secrets/PROBE_VALUE",
        load: || {
            let text = fs::read_to_string("secrets/PROBE_VALUE").expect("it is there");
            Held::Theirs(text.trim_end().into())
        },
    },
    Peer { name: "configcheck.environment", file: ENVIRONMENT, load: || ours(configcheck::Loader::new().no_dotenv()) },
    Peer { name: "figment.environment", file: ENVIRONMENT, load: || by_figment(figment::Figment::new().merge(Env::raw())) },
    Peer { name: "envy.environment", file: ENVIRONMENT, load: || theirs(envy::from_env().expect("it loads")) },
    Peer { name: "config.environment", file: ENVIRONMENT, load: || by_config(Environment::default()) },
    Peer { name: "std.environment", file: ENVIRONMENT, load: || Held::Theirs(std::env::var(VARIABLE).expect("it is set").into()) },
];

/// The probe: loads, tells where the secret lies, drops it, waiting for a line each time. No memory is asked for in between.
fn probe(peer: &Peer) {
    let mut line = String::with_capacity(8);
    let mut wait = || {
        line.clear();
        stdin().read_line(&mut line).expect("a line");
    };
    println!("ready");
    wait();
    let held = (peer.load)();
    println!("alive {:x}+{:x}", held.bytes().as_ptr().addr(), held.bytes().len());
    wait();
    drop(held);
    println!("dropped");
    wait();
}

/// What the file of a peer holds.
fn text(file: &str, value: &str) -> String {
    match file.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "env" => format!("{VARIABLE}={value}\n"),
        "toml" => format!("probe_value = \"{value}\"\n"),
        "json" => format!("{{\"probe_value\": \"{value}\"}}\n"),
        "yaml" => format!("probe_value: {value}\n"),
        _ => format!("{value}\n"),
    }
}

/// One run of a peer.
fn run(peer: &Peer, program: &str) -> Found {
    let folder = std::env::temp_dir().join(format!("configcheck-memory-{}", std::process::id()));
    fs::create_dir_all(folder.join("secrets")).expect("the folder can be made");
    let value = marker(66);
    let mut variables = Vec::new();
    if peer.file == ENVIRONMENT {
        variables.push((VARIABLE.to_owned(), value.clone()));
    } else {
        fs::write(folder.join(peer.file), text(peer.file, &value)).expect("the file can be written");
    }
    let arguments = vec!["--probe".into(), peer.name.into()];
    let mut found = probed::run(&Probe { program, arguments, variables, folder: &folder, values: vec![value] }, false, |_, _| true);
    fs::remove_dir_all(&folder).expect("the folder can be removed");
    found.remove(0)
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match &arguments[1..] {
        [flag, name] if flag == "--probe" => return probe(PEERS.iter().find(|peer| peer.name == name).expect("a peer of this name")),
        [] => measure(&arguments[0], 1),
        [flag, runs] if flag == "--runs" => measure(&arguments[0], runs.parse().expect("a number of runs")),
        _ => panic!("no argument, or --runs and a number"),
    }
}

fn measure(program: &str, runs: usize) {
    let program = fs::canonicalize(program).expect("this program").display().to_string();
    let most = |one: Count, other: Count| Count {
        whole: one.whole.max(other.whole),
        tail: one.tail.max(other.tail),
        any: one.any.max(other.any),
    };
    for peer in PEERS {
        let (mut alive, mut dropped) = (Count::default(), Count::default());
        for _ in 0..runs {
            let found = run(peer, &program);
            (alive, dropped) = (most(alive, found.alive()), most(dropped, found.dropped()));
        }
        println!("{}", figure(&format!("M1.{}", peer.name), &[("alive", &alive), ("dropped", &dropped)]));
    }
}
