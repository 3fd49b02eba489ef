//! Z5: a whole load, from a made environment, files and a secret manager in memory.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use configcheck::{AppConfig, Environment, Error, ExposeSecret, Loader, Report, Secret, SecretRef, render};
use configcheck_core::provider::{Fetched, Outcome, Payload, Reason};
use configcheck_dotenv::{Dialect, quote};
use configcheck_testkit::FakeProvider;

use crate::search::Needles;

/// Settings with fields of many types, about half of them secret.
#[allow(dead_code, reason = "the fields are read by `Debug` alone")]
#[derive(AppConfig)]
#[config(name = "shop")]
struct Settings {
    app_env: Environment,
    #[config(default = 8080)]
    #[validate(range(min = 80))]
    port: u16,
    host: Option<String>,
    #[config(default(development = "a,b"), required_in(production))]
    tags: Option<Vec<String>>,
    limits: Option<BTreeMap<String, u32>>,
    timeout: Option<Duration>,
    #[config(conflicts = "timeout")]
    ratio: Option<f64>,
    #[validate(length(min = 8))]
    #[config(alias = "OLD_TOKEN")]
    api_token: Secret<String>,
    #[config(from = "vault:secret/data/{environment}/shop#database")]
    database_url: Option<Secret<String>>,
    #[config(requires = "host")]
    secret_port: Option<Secret<u16>>,
    signing_keys: Option<Secret<Vec<u32>>>,
    blob: Option<Secret<Vec<u8>>>,
    #[config(nested)]
    redis: Redis,
}

#[allow(dead_code, reason = "the fields are read by `Debug` alone")]
#[derive(AppConfig)]
struct Redis {
    url: Option<String>,
    #[config(one_of = "login")]
    password: Option<Secret<String>>,
    #[config(one_of = "login")]
    password_of_old: Option<Secret<String>>,
}

/// The secret that is searched for, one of the same form, and a longer one. No six bytes of one are in another.
const CANARY: &str = "hunter2-CANARY-not-a-real-key-qx";
const CONTROL: &str = "walrus7-ZYGOTE-plainly-made-up-jw";
const LONGER: &str = "quokkabear55-XENONIC-nobody-uses-this-one-for-anything-vz";

/// Stands for the secret.
const PLACE: &str = "\u{e000}";

const PLAIN_KEYS: &[&str] = &["APP_ENV", "PORT", "HOST", "TAGS", "LIMITS", "TIMEOUT", "RATIO", "REDIS_URL", "PROT", "HOSTNAME", "PATH"];
const SECRET_KEYS: &[&str] = &[
    "API_TOKEN",
    "OLD_TOKEN",
    "DATABASE_URL",
    "SECRET_PORT",
    "SIGNING_KEYS",
    "BLOB",
    "REDIS_PASSWORD",
    "REDIS_PASSWORD_OF_OLD",
    "API_TOKN",
];
const PATHS: &[&str] = &[
    "app_env",
    "port",
    "host",
    "tags",
    "limits",
    "timeout",
    "ratio",
    "redis",
    "prot",
    "url",
    "api_token",
    "database_url",
    "secret_port",
    "signing_keys",
    "blob",
    "password",
];
/// From here on the paths are those of secrets.
const FIRST_SECRET_PATH: usize = 10;

const PLAIN: &[&str] = &[
    "development",
    "production",
    "staging",
    "prod",
    "8080",
    "1",
    "-1",
    "0",
    "70000",
    "1e5",
    "true",
    "a,b",
    "a=1",
    "a=1,b=2",
    "30s",
    "1h",
    "0.5",
    "NaN",
    ",",
    " ",
    "\t",
    "\n",
    "\r\n",
    "'",
    "\"",
    "\\",
    "$",
    "${HOST}",
    "#",
    " #",
    "http://localhost",
    "https://u@example.com/",
    "changeme",
    "\u{e9}",
    "\u{1b}[31m",
    "\u{202e}",
    "::error::",
    "%0A",
    "vault:secret/data/app#key",
    "file:/nowhere",
    "aws-sm:app",
    "{environment}",
    "=",
    "export ",
    "{",
    "}",
    "[",
    "]",
    ":",
];

const SECRETS: &[&str] = &[
    PLACE,
    "postgres://app:\u{e000}@db.example.com/shop",
    "vault:secret/data/production/shop#database",
    " ",
    "'",
    "\"",
    "\\",
    "\n",
    "\r\n",
    "$",
    "${",
    "}",
    "#",
    " #",
    ",",
    "=",
    "1",
    "12345",
    "true",
    "base64:",
    "\u{e9}",
    "\t",
    "`",
    "\u{1b}",
    "@",
    "\0",
    "-----BEGIN KEY-----\n",
    "{\"a\":\"\u{e000}\"}",
    "[1,2]",
    "changeme",
    "?optional=true",
    "?encoding=base64",
    "#/a",
    "x",
    ":",
    "/",
];

/// What a load reads.
#[derive(Debug)]
struct Start {
    environment: Option<&'static str>,
    dialect: Dialect,
    everywhere: bool,
    variables: Vec<(String, String)>,
    env_files: Vec<String>,
    document: Option<(&'static str, String)>,
    mounted: Vec<(String, String)>,
    key_file: Option<(&'static str, String)>,
    set: Vec<(String, String)>,
    answer: u8,
    answered: String,
    map: bool,
}

/// A few pieces, one after the other.
fn text(u: &mut Unstructured<'_>, pieces: &[&str]) -> arbitrary::Result<String> {
    let count = u.int_in_range(0..=4)?;
    (0..count).map(|_| u.choose(pieces).copied()).collect()
}

/// A variable and a value for it; only that of a secret has the secret in it.
fn variable(u: &mut Unstructured<'_>) -> arbitrary::Result<(String, String)> {
    if bool::arbitrary(u)? {
        Ok(((*u.choose(PLAIN_KEYS)?).to_owned(), text(u, PLAIN)?))
    } else {
        Ok(((*u.choose(SECRET_KEYS)?).to_owned(), secret(u)?))
    }
}

/// The value of a secret. A reference is none: it is shown, and so the secret is not in it.
fn secret(u: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let value = text(u, SECRETS)?;
    Ok(if value.contains("vault:") { value.replace(PLACE, "x") } else { value })
}

fn several<T>(
    u: &mut Unstructured<'_>,
    most: usize,
    make: impl Fn(&mut Unstructured<'_>) -> arbitrary::Result<T>,
) -> arbitrary::Result<Vec<T>> {
    let count = u.int_in_range(0..=most)?;
    (0..count).map(|_| make(u)).collect()
}

fn env_file(u: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let lines = several(u, 6, |u| {
        let (key, value) = variable(u)?;
        Ok(match u.int_in_range(0..=7)? {
            0..=3 => format!("{key}={}\n", quote(&value).unwrap_or_default()),
            4 => format!("export {key}='{value}'\n"),
            5 => format!("{key} = {value}\r\n"),
            6 => format!("{key}=\"{value}\"\n"),
            _ => format!("{key}={value}\n"),
        })
    })?;
    Ok(lines.concat())
}

fn document(u: &mut Unstructured<'_>) -> arbitrary::Result<(&'static str, String)> {
    let format = *u.choose(&["json", "toml", "yaml"])?;
    let rows = several(u, 6, |u| {
        let at = u.choose_index(PATHS.len())?;
        let value = if at < FIRST_SECRET_PATH { text(u, PLAIN)? } else { secret(u)? };
        let value = match u.int_in_range(0..=5)? {
            0 => format!("[{}]", serde_json::Value::from(value)),
            1 if format != "toml" => format!("{{\"a\": {}}}", serde_json::Value::from(value)),
            // A value that breaks the file is not a secret's: what stands behind it would be anything.
            2 if at < FIRST_SECRET_PATH => value,
            _ => serde_json::Value::from(value).to_string(),
        };
        Ok(match format {
            "json" => format!("\"{}\": {value}", PATHS[at]),
            "toml" => format!("{} = {value}\n", PATHS[at]),
            _ => format!("{}: {value}\n", PATHS[at]),
        })
    })?;
    Ok((format, if format == "json" { format!("{{{}}}", rows.join(",\n")) } else { rows.concat() }))
}

impl<'a> Arbitrary<'a> for Start {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(Self {
            environment: *u.choose(&[None, Some("development"), Some("production"), Some("staging"), Some("test"), Some("nowhere")])?,
            dialect: if u.ratio(3, 4)? { Dialect::Configcheck } else { *u.choose(Dialect::ALL)? },
            everywhere: bool::arbitrary(u)?,
            set: several(u, 2, variable)?,
            answer: u8::arbitrary(u)?,
            map: bool::arbitrary(u)?,
            answered: secret(u)?,
            variables: several(u, 8, variable)?,
            document: if bool::arbitrary(u)? { Some(document(u)?) } else { None },
            mounted: if u.ratio(1, 4)? { several(u, 3, variable)? } else { Vec::new() },
            key_file: if u.ratio(1, 4)? { Some((*u.choose(SECRET_KEYS)?, secret(u)?)) } else { None },
            env_files: several(u, 2, env_file)?,
        })
    }
}

static NEEDLES: OnceLock<Needles> = OnceLock::new();

pub(crate) fn check(bytes: &[u8]) {
    let Ok(start) = Start::arbitrary(&mut Unstructured::new(bytes)) else { return };
    let outputs = run(&start, CANARY);
    assert!(outputs == run(&start, CANARY), "a second load says the same");
    check_alike(&outputs, &run(&start, CONTROL), "another secret");
    check_alike(&outputs, &run(&start, LONGER), "a longer secret");
    let needles = NEEDLES.get_or_init(|| Needles::of(CANARY.as_bytes()));
    for output in &outputs {
        let hits = needles.hits(output.as_bytes(), b"");
        assert!(hits.is_empty(), "no output has a piece of the secret: {hits:?} in {output}");
    }
}

fn check_alike(one: &[String], other: &[String], what: &str) {
    for (one, other) in one.iter().zip(other) {
        assert!(one == other, "{what} changes nothing that is said:\n{one}\nbut\n{other}");
    }
    assert_eq!(one.len(), other.len(), "{what} changes nothing that is said");
}

/// Loads with this secret, checks what is true of every load, and gives back everything that is said.
fn run(start: &Start, secret: &str) -> Vec<String> {
    let filled = |text: &str| text.replace(PLACE, secret);
    let sources = loader(start, &filled);
    let inspected = sources.inspect::<Settings>();
    let loaded = sources.load::<Settings>();
    let mut outputs = said(&inspected);
    match &loaded {
        Ok(settings) => {
            assert!(!inspected.has_errors(), "what is loaded has no errors:\n{}", render::plain(&inspected));
            check_that_secrets_arrive(start, &filled, settings);
            outputs.push(format!("{settings:?}{settings:#?}"));
        }
        Err(error) => {
            assert!(error.report().has_errors(), "a load that fails says why");
            assert_eq!(render::plain(error.report()), render::plain(&inspected), "the load and the inspection say the same");
            outputs.extend(said(error.report()));
            outputs.push(of_error(error));
        }
    }
    outputs
}

fn said(report: &Report) -> Vec<String> {
    let style = render::Style::default();
    vec![
        render::plain(report),
        render::terminal(report, style),
        render::terminal(report, style.color(true).width(40)),
        render::json(report),
        format!("{report:?}{report:#?}"),
    ]
}

fn of_error(error: &Error) -> String {
    format!("{error}{error:?}{error:#?}{:?}", error.kind())
}

/// What is set above everything else is there as it was set.
fn check_that_secrets_arrive(start: &Start, filled: &dyn Fn(&str) -> String, settings: &Settings) {
    let Some((_, value)) = start.set.iter().rev().find(|(key, _)| key == "API_TOKEN") else { return };
    let value = filled(value);
    if !value.is_empty() && !SecretRef::is_reference(&value) && !start.set.iter().any(|(key, _)| key == "OLD_TOKEN") {
        assert!(*settings.api_token.expose_secret() == value, "a secret arrives as it was set");
    }
}

fn loader(start: &Start, filled: &dyn Fn(&str) -> String) -> Loader {
    let folder = folder();
    let pairs = |pairs: &[(String, String)]| pairs.iter().map(|(key, value)| (key.clone(), filled(value))).collect::<Vec<_>>();
    let mut variables = pairs(&start.variables);
    if let Some((key, content)) = &start.key_file {
        let path = written(&folder.join("key"), &filled(content));
        variables.push((format!("{key}_FILE"), path.display().to_string()));
    }
    // A NUL cannot stand in an environment.
    for (_, value) in &mut variables {
        value.retain(|letter| letter != '\0');
    }
    let mut loader =
        Loader::new().no_standard_mounts().deadline(Duration::from_secs(20)).dialect(start.dialect).provider(manager(start, filled));
    loader = match start.environment {
        Some(name) => loader.environment(name),
        None => loader,
    };
    loader = if start.env_files.is_empty() { loader.no_dotenv() } else { loader };
    loader = if start.everywhere { loader.dotenv_everywhere() } else { loader };
    for (number, text) in start.env_files.iter().enumerate() {
        loader = loader.dotenv_contents(format!("{number}.env"), filled(text).into_bytes());
    }
    if let Some((format, text)) = &start.document {
        loader = loader.file(written(&folder.join(format!("config.{format}")), &filled(text)));
    }
    if !start.mounted.is_empty() {
        let mounted = folder.join("mounted");
        let _ = fs::remove_dir_all(&mounted);
        fs::create_dir_all(&mounted).unwrap();
        for (key, content) in &start.mounted {
            written(&mounted.join(key), &filled(content));
        }
        loader = loader.mounted_dir(mounted);
    }
    loader = loader.vars(variables);
    for (key, value) in pairs(&start.set) {
        loader = loader.set(key, value);
    }
    loader
}

/// A secret manager that answers one thing to every question.
fn manager(start: &Start, filled: &dyn Fn(&str) -> String) -> FakeProvider {
    let (answer, map, value) = (start.answer % 8, start.map, filled(&start.answered).into_bytes());
    FakeProvider::answering("vault", move |_| {
        let reason = || Reason::new("the test says so");
        match answer {
            0 => Outcome::Absent(reason()),
            1 => Outcome::Denied(reason()),
            2 => Outcome::Malformed(reason()),
            3 => Outcome::AuthFailed(reason()),
            4 => Outcome::Misconfigured(reason()),
            _ if map => {
                let rows = ["database", "key", "a"].into_iter().map(|name| (name.to_owned(), Secret::new(value.clone())));
                Outcome::Found(Fetched::new(Payload::Map(rows.collect())))
            }
            _ => Outcome::Found(Fetched::value(value.clone())),
        }
    })
}

/// A folder of this process's own, so that several fuzzers do not meet.
fn folder() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("configcheck-fuzz-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    })
}

fn written(path: &Path, text: &str) -> PathBuf {
    fs::write(path, text).unwrap();
    path.to_owned()
}
