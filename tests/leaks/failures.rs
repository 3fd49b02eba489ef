//! The kinds of failures: each takes a secret, puts it where it does harm, and gives the loader that meets it.

use std::ffi::OsString;
use std::fmt::Debug;
use std::os::unix::ffi::OsStringExt as _;
use std::path::Path;

use configcheck::providers::AgeProvider;
use configcheck::{AppConfig, Level, Loader, Provider, Secret, Severity};
use configcheck_core::provider::{Batch, BoxFuture, FetchContext, Fetched, Outcome, Payload, Reason};

use crate::channels::{Output, observe};
use crate::settings;

/// Puts a secret into a folder or a variable, and gives the loader that meets it there.
type Build = dyn Fn(&Path, &[u8]) -> Loader;

/// One kind of failure.
pub(crate) struct Failure {
    pub(crate) name: &'static str,
    build: Box<Build>,
    observe: fn(&Loader) -> Vec<Output>,
}

impl Failure {
    /// What every channel says of it. The folder is emptied first, and is the same for every run, so that its name tells no runs apart.
    pub(crate) fn run(&self, folder: &Path, secret: &[u8]) -> Vec<Output> {
        if folder.exists() {
            std::fs::remove_dir_all(folder).unwrap();
        }
        std::fs::create_dir(folder).unwrap();
        (self.observe)(&(self.build)(folder, secret))
    }
}

fn failure<T: AppConfig + Debug>(name: &'static str, build: impl Fn(&Path, &[u8]) -> Loader + 'static) -> Failure {
    Failure { name, build: Box::new(build), observe: observe::<T> }
}

/// A loader without the files and variables of the machine.
pub(crate) fn base() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().environment("development").vars(Vec::<(String, String)>::new())
}

/// A base in which the field of the settings chooses the environment.
fn deployed(environment: &str) -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().vars([("APP_ENV", environment)])
}

fn os(bytes: &[u8]) -> OsString {
    OsString::from_vec(bytes.to_vec())
}

fn joined(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn around(before: &str, secret: &[u8], after: &str) -> Vec<u8> {
    joined(&[before.as_bytes(), secret, after.as_bytes()])
}

/// The text of a secret for places that take no bytes.
fn lossy(secret: &[u8]) -> String {
    String::from_utf8_lossy(secret).into_owned()
}

/// In double quotes, as JSON, YAML and TOML read it; bytes that are no text stay as they are.
fn quoted(secret: &[u8]) -> Vec<u8> {
    let mut text = vec![b'"'];
    for byte in secret {
        match byte {
            b'"' | b'\\' => text.extend([b'\\', *byte]),
            b'\n' => text.extend(b"\\n"),
            0..0x20 => text.extend(format!("\\u{byte:04x}").bytes()),
            _ => text.push(*byte),
        }
    }
    text.push(b'"');
    text
}

/// In double quotes, as `.env` files read it.
fn quoted_in_dotenv(secret: &[u8]) -> Vec<u8> {
    let mut text = vec![b'"'];
    for byte in secret {
        if b"\"\\$`".contains(byte) {
            text.push(b'\\');
        }
        text.push(*byte);
    }
    text.push(b'"');
    text
}

/// The variable `TOKEN` is the secret.
fn env<T: AppConfig + Debug>(name: &'static str) -> Failure {
    failure::<T>(name, |_, secret| base().vars([("TOKEN", os(secret))]))
}

/// A file of the folder is made of the secret, and the loader reads the folder's `.env`.
fn dotenv<T: AppConfig + Debug>(name: &'static str, text: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Failure {
    failure::<T>(name, move |folder, secret| {
        std::fs::write(folder.join(".env"), text(secret)).unwrap();
        base().dotenv_dir(folder)
    })
}

/// The same with a config file, whose name says its format.
fn file<T: AppConfig + Debug>(name: &'static str, file: &'static str, text: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Failure {
    failure::<T>(name, move |folder, secret| {
        std::fs::write(folder.join(file), text(secret)).unwrap();
        base().file(folder.join(file))
    })
}

/// The same with a file of mounted secrets.
fn mounted<T: AppConfig + Debug>(name: &'static str, file: &'static str, text: impl Fn(&[u8]) -> Vec<u8> + 'static) -> Failure {
    failure::<T>(name, move |folder, secret| {
        std::fs::write(folder.join(file), text(secret)).unwrap();
        base().mounted_dir(folder)
    })
}

/// A secret manager that answers what it is told.
struct Fake(Box<dyn Fn() -> Outcome + Send + Sync>);

impl Fake {
    fn value(bytes: Vec<u8>) -> Self {
        Self(Box::new(move || Outcome::Found(Fetched::new(Payload::Value(Secret::new(bytes.clone()))))))
    }

    fn map(name: impl Into<String>, bytes: Vec<u8>) -> Self {
        let name = name.into();
        Self(Box::new(move || {
            let rows = vec![(name.clone(), Secret::new(bytes.clone())), ("other".to_owned(), Secret::new(b"x".to_vec()))];
            Outcome::Found(Fetched::new(Payload::Map(rows)))
        }))
    }
}

impl Provider for Fake {
    fn schemes(&self) -> &'static [&'static str] {
        &["vault"]
    }

    fn fetch<'a>(&'a self, batch: &'a Batch, _: &'a FetchContext) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move { batch.references.iter().map(|_| (self.0)()).collect() })
    }
}

/// The manager answers a reference that stands where the secret should.
fn fetched<T: AppConfig + Debug>(name: &'static str, reference: &'static str, manager: impl Fn(&[u8]) -> Fake + 'static) -> Failure {
    failure::<T>(name, move |_, secret| base().vars([("TOKEN", reference)]).provider(manager(secret)))
}

/// The secret is there, and another reference fails.
fn unresolved(name: &'static str, outcome: fn() -> Outcome) -> Failure {
    failure::<settings::Fetched>(name, move |_, secret| base().vars([("TOKEN", os(secret))]).provider(Fake(Box::new(outcome))))
}

/// A provider of figment's.
struct Figment(Result<figment::value::Value, String>);

impl figment::Provider for Figment {
    fn metadata(&self) -> figment::Metadata {
        figment::Metadata::named("own provider")
    }

    fn data(&self) -> Result<figment::value::Map<figment::Profile, figment::value::Dict>, figment::Error> {
        match &self.0 {
            Ok(value) => {
                let dict = [("token".to_owned(), value.clone())].into_iter().collect();
                Ok([(figment::Profile::Default, dict)].into_iter().collect())
            }
            Err(text) => Err(text.clone().into()),
        }
    }
}

/// Every kind of failure.
pub(crate) fn all() -> Vec<Failure> {
    let mut all = types();
    all.extend(constraints());
    all.extend(dotenv_files());
    all.extend(toml_files());
    all.extend(yaml_files());
    all.extend(json_files());
    all.extend(figment_providers());
    all.extend(mounted_files());
    all.extend(references());
    all.extend(overrides_and_variables());
    all.extend(deployed_rules());
    all.extend(relations());
    all.extend(plain_fields());
    all
}

fn types() -> Vec<Failure> {
    vec![
        env::<settings::Token>("text that is good"),
        env::<settings::Optional>("optional number"),
        env::<settings::Number>("number"),
        env::<settings::Wide>("wide number"),
        env::<settings::Bool>("bool"),
        env::<settings::Float>("float"),
        env::<settings::Address>("URL"),
        env::<settings::Ip>("IP address"),
        env::<settings::Socket>("socket address"),
        env::<settings::Span>("duration"),
        env::<settings::Path>("path"),
        env::<settings::Bytes>("bytes"),
        env::<settings::List>("list of numbers"),
        env::<settings::ListOfSecrets>("list of secret numbers"),
        env::<settings::Map>("map of numbers"),
        failure::<settings::Map>("map with the secret as a key", |_, secret| base().vars([("TOKEN", os(&around("1=2,", secret, "=3")))])),
        failure::<settings::MapOfSecrets>("map of secret numbers", |_, secret| base().vars([("TOKEN", os(&around("a=1,b=", secret, "")))])),
        env::<settings::Marked>("type that is marked as secret, whose error quotes"),
        env::<settings::MarkedNumber>("number that is marked as secret"),
        env::<settings::MarkedText>("text that is marked as secret"),
        env::<settings::Own>("own type whose error quotes"),
        env::<settings::With>("own parser whose error quotes"),
        env::<settings::Serde>("enum of serde"),
        env::<settings::SerdeTransparent>("number of serde"),
        env::<settings::Enumeration>("enum"),
        failure::<settings::Letter>("character", |_, secret| base().vars([("TOKEN", os(&around("ab", secret, "")))])),
        failure::<settings::Size>("byte size", |_, secret| base().vars([("TOKEN", os(&around("5x", secret, "")))])),
        failure::<settings::Enumeration>("slip of a known word", |_, secret| {
            base().vars([("TOKEN", os(&around("huntr", &secret[..1], "")))])
        }),
    ]
}

fn constraints() -> Vec<Failure> {
    vec![
        env::<settings::Long>("length, at least"),
        env::<settings::Short>("length, at most"),
        env::<settings::Exact>("length, exactly"),
        env::<settings::LongList>("length of a list"),
        env::<settings::LongBytes>("length of bytes"),
        env::<settings::Ranged>("range"),
        env::<settings::Email>("e-mail"),
        env::<settings::Web>("URL by constraint"),
        env::<settings::Matching>("regular expression"),
        env::<settings::Containing>("contains"),
        env::<settings::NotContaining>("does not contain"),
        env::<settings::NoControl>("no control character"),
        env::<settings::Custom>("own check that quotes"),
        env::<settings::CustomOfValidator>("own check with validator's error"),
        env::<settings::CustomWithMessage>("own check with a message"),
        env::<settings::Validated>("nested validation"),
        failure::<settings::Twice>("must match", |_, secret| base().vars([("TOKEN", os(secret)), ("AGAIN", "not-the-same-fake".into())])),
        failure::<settings::Twice>("must match, the other way round", |_, secret| {
            base().vars([("TOKEN", "not-the-same-fake".into()), ("AGAIN", os(secret))])
        }),
        failure::<settings::Whole>("check of the struct that quotes", |_, secret| {
            base().vars([("TOKEN", os(secret)), ("SIZE", "1".into())])
        }),
        failure::<settings::Outer>("check of the struct that quotes a nested struct", |_, secret| {
            base().vars([("INNER_TOKEN", os(secret)), ("SIZE", "1".into())])
        }),
    ]
}

fn dotenv_files() -> Vec<Failure> {
    let line = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, secret, after);
    vec![
        dotenv::<settings::Number>(".env: wrong type", |secret| joined(&[b"TOKEN=", &quoted_in_dotenv(secret), b"\nSIZE=1\n"])),
        dotenv::<settings::Number>(".env: raw", line("TOKEN=", "\n")),
        dotenv::<settings::Two>(".env: raw, and a finding behind it", line("TOKEN=", "\nSIZE=x\nSISE=2\n")),
        dotenv::<settings::Two>(".env: good, and findings before and behind it", |secret| {
            joined(&[b"SIZE=x\nTOKEN=", &quoted_in_dotenv(secret), b"\nSISE=2\nnonsense\n"])
        }),
        dotenv::<settings::Token>(".env: double quote that is never closed", line("A=1\nTOKEN=\"", "\nB=2\n")),
        dotenv::<settings::Token>(".env: single quote that is never closed", line("TOKEN='", "\nB=2\n")),
        dotenv::<settings::Token>(".env: text behind the quote", line("TOKEN=\"", "\" and more\n")),
        dotenv::<settings::Token>(".env: secret behind the quote", line("TOKEN=\"\" ", "\n")),
        dotenv::<settings::Token>(".env: no =", line("", "\n")),
        dotenv::<settings::Token>(".env: no = behind export", line("export ", "\n")),
        dotenv::<settings::Token>(".env: colon for =", line("TOKEN: ", "\n")),
        dotenv::<settings::Token>(".env: blanks around =", line("TOKEN = ", "\n")),
        dotenv::<settings::Token>(".env: secret as the key", line("", "=1\n")),
        dotenv::<settings::Token>(".env: secret as the key with nothing behind it", line("", "=\n")),
        dotenv::<settings::Token>(".env: bad key", line("bad ", "=1\n")),
        dotenv::<settings::Token>(".env: secret as a key in quotes", line("\"", "\"=1\n")),
        dotenv::<settings::Token>(".env: secret before the key", line("", " TOKEN=1\n")),
        dotenv::<settings::Token>(".env: secret at the end of the key", line("SOME_OTHER_", "=1\n")),
        dotenv::<settings::Token>(".env: NUL behind the secret", line("TOKEN=", "\0\n")),
        dotenv::<settings::Token>(".env: NUL before the secret", line("TOKEN=\0", "\n")),
        dotenv::<settings::Token>(".env: bytes that are no text behind the secret", |secret| joined(&[b"TOKEN=", secret, b"\xff\n"])),
        dotenv::<settings::Token>(".env: bytes that are no text, in quotes", |secret| joined(&[b"TOKEN=\"", secret, b"\xff\"\n"])),
        dotenv::<settings::Token>(".env: UTF-16", |secret| {
            let text = format!("TOKEN={}\n", lossy(secret));
            [0xfeff_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        }),
        dotenv::<settings::Token>(".env: two different values", |secret| {
            let value = quoted_in_dotenv(secret);
            joined(&[b"TOKEN=not-a-real-one\nTOKEN=", &value, b"\n"])
        }),
        dotenv::<settings::Token>(".env: two different values, the secret first", |secret| {
            joined(&[b"TOKEN=", &quoted_in_dotenv(secret), b"\nTOKEN=not-a-real-one\n"])
        }),
        dotenv::<settings::Token>(".env: the same value twice", |secret| {
            let value = quoted_in_dotenv(secret);
            joined(&[b"TOKEN=", &value, b"\nTOKEN=", &value, b"\n"])
        }),
        dotenv::<settings::Token>(".env: unknown key", |secret| joined(&[b"SOME_OTHER_KEY=", &quoted_in_dotenv(secret), b"\n"])),
        dotenv::<settings::Token>(".env: slip in the key", |secret| joined(&[b"TOKNE=", &quoted_in_dotenv(secret), b"\n"])),
        dotenv::<settings::Token>(".env: two on one line", line("A=1 TOKEN=", " B=2\n")),
        dotenv::<settings::Token>(".env: commented out", line("# TOKEN=", "\n")),
        dotenv::<settings::Token>(".env: comment behind the value", |secret| {
            joined(&[b"TOKEN=", &quoted_in_dotenv(secret), b" # configcheck: ignore[x]\n"])
        }),
        failure::<settings::Token>(".env: too large", |folder, secret| {
            std::fs::write(folder.join(".env"), around("TOKEN=", secret, "\n")).unwrap();
            std::fs::OpenOptions::new().write(true).open(folder.join(".env")).unwrap().set_len(17 << 20).unwrap();
            base().dotenv_dir(folder)
        }),
        failure::<settings::Number>(".env: KEY_FILE that is the secret", |folder, secret| {
            std::fs::write(folder.join(".env"), joined(&[b"TOKEN_FILE=", &quoted_in_dotenv(secret), b"\n"])).unwrap();
            base().dotenv_dir(folder)
        }),
        failure::<settings::Number>(".env: in .env.local over .env", |folder, secret| {
            std::fs::write(folder.join(".env"), "TOKEN=1\n").unwrap();
            std::fs::write(folder.join(".env.local"), joined(&[b"TOKEN=", &quoted_in_dotenv(secret), b"\n"])).unwrap();
            base().dotenv_dir(folder)
        }),
    ]
}

fn toml_files() -> Vec<Failure> {
    let raw = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, secret, after);
    let text = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, &quoted(secret), after);
    vec![
        file::<settings::Number>("TOML: wrong type", "a.toml", text("token = ", "\n")),
        file::<settings::Number>("TOML: syntax behind the secret", "a.toml", text("token = ", " and more\n")),
        file::<settings::Number>("TOML: without quotes", "a.toml", raw("token = ", "\n")),
        file::<settings::Number>("TOML: quote that is never closed", "a.toml", raw("token = \"", "\n")),
        file::<settings::Number>("TOML: long quote that is never closed", "a.toml", raw("token = '''", "\n")),
        file::<settings::Number>("TOML: syntax on a line before", "a.toml", text("size = = 1\ntoken = ", "\n")),
        file::<settings::Number>("TOML: syntax on a line behind", "a.toml", text("token = ", "\nsize = = 1\n")),
        file::<settings::Number>("TOML: no =", "a.toml", raw("", "\n")),
        file::<settings::Number>("TOML: no value", "a.toml", raw("", " =\n")),
        file::<settings::Number>("TOML: secret as a key", "a.toml", text("", " = 1\n")),
        file::<settings::Number>("TOML: secret as a key without quotes", "a.toml", raw("", " = 1\n")),
        file::<settings::Group>("TOML: secret as a key of a table", "a.toml", text("[token]\n", " = 1\n")),
        file::<settings::Number>("TOML: secret as a table", "a.toml", text("[", "]\na = 1\n")),
        file::<settings::Number>("TOML: secret as a table without quotes", "a.toml", raw("[", "]\na = 1\n")),
        file::<settings::Number>("TOML: duplicate key", "a.toml", text("token = \"x\"\ntoken = ", "\n")),
        file::<settings::Number>("TOML: duplicate key of the secret", "a.toml", |secret| {
            let key = quoted(secret);
            joined(&[&key, b" = 1\n", &key, b" = 2\n"])
        }),
        file::<settings::Number>("TOML: table where text is expected", "a.toml", text("[token]\na = ", "\n")),
        file::<settings::Number>("TOML: inline table where text is expected", "a.toml", text("token = { a = ", " }\n")),
        file::<settings::Group>("TOML: text where a table is expected", "a.toml", text("token = ", "\n")),
        file::<settings::Number>("TOML: list where text is expected", "a.toml", text("token = [", "]\n")),
        file::<settings::List>("TOML: list with a bad item", "a.toml", text("token = [1, ", "]\n")),
        file::<settings::Map>("TOML: table with a bad key", "a.toml", text("[token]\n", " = 1\n")),
        file::<settings::Map>("TOML: list where a table is expected", "a.toml", text("token = [", "]\n")),
        file::<settings::Two>("TOML: good, and findings behind it", "a.toml", text("token = ", "\nsize = \"x\"\nsise = 1\n")),
        file::<settings::Number>("TOML: NUL behind the secret", "a.toml", raw("token = \"", "\0\"\n")),
        file::<settings::Number>("TOML: bad escape behind the secret", "a.toml", raw("token = \"", "\\q\"\n")),
        file::<settings::Number>("TOML: bytes that are no text behind the secret", "a.toml", |secret| {
            joined(&[b"token = \"", secret, b"\xff\"\n"])
        }),
        file::<settings::Token>("unknown format", "a.ini", raw("token=", "\n")),
    ]
}

fn yaml_files() -> Vec<Failure> {
    let raw = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, secret, after);
    let text = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, &quoted(secret), after);
    vec![
        file::<settings::Number>("YAML: wrong type", "a.yaml", text("token: ", "\n")),
        file::<settings::Number>("YAML: without quotes", "a.yaml", raw("token: ", "\n")),
        file::<settings::Number>("YAML: syntax behind the secret", "a.yaml", text("token: ", " and: more: \"\n")),
        file::<settings::Number>("YAML: quote that is never closed", "a.yaml", raw("token: \"", "\n")),
        file::<settings::Number>("YAML: syntax on a line before", "a.yaml", text("size: [1\ntoken: ", "\n")),
        file::<settings::Number>("YAML: syntax on a line behind", "a.yaml", text("token: ", "\nsize: ]\n")),
        file::<settings::Number>("YAML: secret as a key", "a.yaml", text("", ": 1\n")),
        file::<settings::Number>("YAML: only the secret", "a.yaml", raw("", "\n")),
        file::<settings::Number>("YAML: secret as an alias", "a.yaml", raw("token: *", "\n")),
        file::<settings::Number>("YAML: secret as an anchor", "a.yaml", raw("token: &", " 1\n")),
        file::<settings::Number>("YAML: secret as a tag", "a.yaml", raw("token: !", " 1\n")),
        file::<settings::Number>("YAML: secret as a directive", "a.yaml", raw("%", "\n---\ntoken: 1\n")),
        file::<settings::Number>("YAML: duplicate key of the secret", "a.yaml", |secret| {
            let key = quoted(secret);
            joined(&[&key, b": 1\n", &key, b": 2\n"])
        }),
        file::<settings::Number>("YAML: table where text is expected", "a.yaml", text("token:\n  a: ", "\n")),
        file::<settings::Group>("YAML: text where a table is expected", "a.yaml", text("token: ", "\n")),
        file::<settings::Number>("YAML: two documents", "a.yaml", text("token: ", "\n---\ntoken: 2\n")),
        file::<settings::Number>("YAML: block of text", "a.yaml", |secret| {
            around("token: |\n  ", lossy(secret).replace('\n', "\n  ").as_bytes(), "\n")
        }),
        file::<settings::Two>("YAML: good, and findings behind it", "a.yml", text("token: ", "\nsize: x\nsise: 1\n")),
    ]
}

fn json_files() -> Vec<Failure> {
    let raw = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, secret, after);
    let text = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, &quoted(secret), after);
    vec![
        file::<settings::Number>("JSON: wrong type", "a.json", text("{\"token\": ", "}\n")),
        file::<settings::Number>("JSON: without quotes", "a.json", raw("{\"token\": ", "}\n")),
        file::<settings::Number>("JSON: syntax behind the secret", "a.json", text("{\"token\": ", " \"more\"}\n")),
        file::<settings::Number>("JSON: quote that is never closed", "a.json", raw("{\"token\": \"", "}\n")),
        file::<settings::Number>("JSON: syntax on a line before", "a.json", text("{\"size\": ,\n\"token\": ", "}\n")),
        file::<settings::Number>("JSON: syntax on a line behind", "a.json", text("{\"token\": ", ",\n\"size\": ,}\n")),
        file::<settings::Number>("JSON: all on one line, syntax at its end", "a.json", text("{\"token\": ", ", \"size\": ,}\n")),
        file::<settings::Two>(
            "JSON: all on one line, findings behind it",
            "a.json",
            text("{\"token\": ", ", \"size\": \"x\", \"sise\": 1}\n"),
        ),
        file::<settings::Number>("JSON: cut off", "a.json", text("{\"token\": ", "")),
        file::<settings::Number>("JSON: secret as a key", "a.json", text("{", ": 1}\n")),
        file::<settings::Number>("JSON: duplicate key of the secret", "a.json", |secret| {
            let key = quoted(secret);
            joined(&[b"{", &key, b": 1, ", &key, b": 2}\n"])
        }),
        file::<settings::Number>("JSON: duplicate key", "a.json", text("{\"token\": ", ", \"token\": 1}\n")),
        file::<settings::Number>("JSON: only the secret", "a.json", text("", "\n")),
        file::<settings::Number>("JSON: table where text is expected", "a.json", text("{\"token\": {\"a\": ", "}}\n")),
        file::<settings::Group>("JSON: text where a table is expected", "a.json", text("{\"token\": ", "}\n")),
        file::<settings::Texts>("JSON: deep list", "a.json", text("{\"token\": [[[[", "]]]]}\n")),
    ]
}

fn figment_providers() -> Vec<Failure> {
    fn layer<T: AppConfig + Debug>(name: &'static str, value: fn(String) -> Result<figment::value::Value, String>) -> Failure {
        failure::<T>(name, move |_, secret| base().layer(Figment(value(lossy(secret)))))
    }
    vec![
        layer::<settings::Number>("figment: wrong type", |text| Ok(text.into())),
        layer::<settings::Number>("figment: error that quotes", |text| Err(format!("found string {text:?}, expected u32"))),
        layer::<settings::Number>("figment: list where text is expected", |text| Ok(vec![text].into())),
        layer::<settings::Group>("figment: text where a table is expected", |text| Ok(text.into())),
        layer::<settings::Number>("figment: secret as a key", |text| Ok(figment::value::Dict::from([(text, 1.into())]).into())),
        failure::<settings::Number>("figment: syntax of its TOML", |folder, secret| {
            use figment::providers::Format as _;
            let path = folder.join("figment.toml");
            std::fs::write(&path, around("token = ", secret, " = \n")).unwrap();
            base().layer(figment::providers::Toml::file(path))
        }),
    ]
}

fn mounted_files() -> Vec<Failure> {
    vec![
        mounted::<settings::Number>("mounted: wrong type", "token", <[u8]>::to_vec),
        mounted::<settings::Token>("mounted: not UTF-8", "TOKEN", |secret| joined(&[secret, b"\xff"])),
        mounted::<settings::Token>("mounted: too large", "token", |secret| joined(&[secret, &vec![b'x'; 2 << 20]])),
        failure::<settings::Token>("mounted: two files for one key", |folder, secret| {
            std::fs::write(folder.join("token"), secret).unwrap();
            std::fs::write(folder.join("Token"), "not-a-real-one").unwrap();
            base().mounted_dir(folder)
        }),
        failure::<settings::Number>("mounted: secret as the name of a file", |folder, secret| {
            let name: String = lossy(secret).chars().filter(|c| *c != '/').take(60).collect();
            std::fs::write(folder.join(name), "1").unwrap();
            base().mounted_dir(folder)
        }),
        failure::<settings::Number>("KEY_FILE: wrong type", |folder, secret| {
            std::fs::write(folder.join("anything"), secret).unwrap();
            base().vars([("TOKEN_FILE", folder.join("anything"))])
        }),
        failure::<settings::Number>("KEY_FILE that is the secret", |_, secret| base().vars([("TOKEN_FILE", os(secret))])),
        failure::<settings::Token>("KEY and KEY_FILE", |folder, secret| {
            std::fs::write(folder.join("anything"), "not-a-real-one").unwrap();
            base().vars([("TOKEN", os(secret)), ("TOKEN_FILE", folder.join("anything").into())])
        }),
        failure::<settings::Token>("KEY and KEY_FILE, the secret in the file", |folder, secret| {
            std::fs::write(folder.join("anything"), secret).unwrap();
            base().vars([("TOKEN", "not-a-real-one".into()), ("TOKEN_FILE", folder.join("anything").into_os_string())])
        }),
    ]
}

/// The example of age's own specification: a good head, so that identities are read.
const AGE_FILE: &str = "age-encryption.org/v1
-> X25519 TEiF0ypqr+bpvcqXNyCVJpL7OuwPdVwPL7KQEbFDOCc
EmECAEcKN+n/Vs9SbWiV+Hu0r+E8R77DdWYyd83nw7U
--- Vn+54jqiiUCE+WZcEVY3f1sqHjlu/z1LCQ/T7Xm7qI0
not-a-real-payload-not-a-real-payload-not-a-real-payload";

fn references() -> Vec<Failure> {
    let mut all = vec![
        fetched::<settings::Number>("reference: value of the wrong type", "vault:secret/a", |secret| Fake::value(secret.to_vec())),
        fetched::<settings::Token>("reference: value that is not UTF-8", "vault:secret/a", |secret| {
            Fake::value(joined(&[secret, b"\xff"]))
        }),
        fetched::<settings::Token>("reference: value that is a reference", "vault:secret/a", |secret| {
            Fake::value(around("file:/", secret, ""))
        }),
        fetched::<settings::Token>("reference: value that is no good reference", "vault:secret/a", |secret| {
            Fake::value(around("age:\\", secret, ""))
        }),
        fetched::<settings::Token>("reference: field of a value that is no JSON", "vault:secret/a#b", |secret| {
            Fake::value(secret.to_vec())
        }),
        fetched::<settings::Token>("reference: field that JSON lacks", "vault:secret/a#b", |secret| {
            Fake::value(around("{\"a\": ", &quoted(secret), "}"))
        }),
        fetched::<settings::Token>("reference: field of JSON that is cut off", "vault:secret/a#b", |secret| {
            Fake::value(around("{\"b\": ", &quoted(secret), ""))
        }),
        fetched::<settings::Token>("reference: pointer into a text", "vault:secret/a#/b/c", |secret| {
            Fake::value(around("{\"b\": ", &quoted(secret), "}"))
        }),
        fetched::<settings::Token>("reference: field that is a list", "vault:secret/a#b", |secret| {
            Fake::value(around("{\"b\": [", &quoted(secret), "]}"))
        }),
        fetched::<settings::Token>("reference: secret as a key of JSON", "vault:secret/a#b", |secret| {
            Fake::value(around("{", &quoted(secret), ": 1}"))
        }),
        fetched::<settings::Token>("reference: field that a map lacks", "vault:secret/a#b", |secret| Fake::map("a", secret.to_vec())),
        fetched::<settings::Token>("reference: map without a field", "vault:secret/a", |secret| Fake::map("a", secret.to_vec())),
        fetched::<settings::Number>("reference: field of a map, wrong type", "vault:secret/a#a", |secret| Fake::map("a", secret.to_vec())),
        fetched::<settings::Token>("reference: secret as a name in a map", "vault:secret/a#b", |secret| {
            Fake::map(lossy(secret), b"x".to_vec())
        }),
        failure::<settings::Fetched>("reference: no provider for another field", |_, secret| base().vars([("TOKEN", os(secret))])),
        failure::<settings::Number>("file: value of the wrong type", |folder, secret| {
            std::fs::write(folder.join("a.txt"), secret).unwrap();
            base().vars([("TOKEN", format!("file:{}", folder.join("a.txt").display()))])
        }),
        failure::<settings::Token>("file: value that is not UTF-8", |folder, secret| {
            std::fs::write(folder.join("a.txt"), joined(&[secret, b"\xff"])).unwrap();
            base().vars([("TOKEN", format!("file:{}", folder.join("a.txt").display()))])
        }),
        failure::<settings::Token>("file: field that JSON lacks", |folder, secret| {
            std::fs::write(folder.join("a.json"), around("{\"a\": ", &quoted(secret), "}")).unwrap();
            base().vars([("TOKEN", format!("file:{}#/b/0", folder.join("a.json").display()))])
        }),
        failure::<settings::Token>("file: syntax of JSON", |folder, secret| {
            std::fs::write(folder.join("a.json"), around("{\"a\": ", secret, "")).unwrap();
            base().vars([("TOKEN", format!("file:{}#a", folder.join("a.json").display()))])
        }),
        failure::<settings::Number>("map of secrets: wrong type", |_, secret| {
            base().secrets_from("vault:all").provider(Fake::map("TOKEN", secret.to_vec()))
        }),
        failure::<settings::Token>("map of secrets that is no map", |_, secret| {
            base().secrets_from("vault:all").provider(Fake::value(secret.to_vec()))
        }),
        failure::<settings::Token>("map of secrets that is cut off", |_, secret| {
            base().secrets_from("vault:all").provider(Fake::value(around("{\"TOKEN\": ", &quoted(secret), "")))
        }),
        failure::<settings::Token>("map of secrets with the secret as a name", |_, secret| {
            base().secrets_from("vault:all").provider(Fake::map(lossy(secret), b"x".to_vec()))
        }),
        failure::<settings::Token>("age: identity that is none", |folder, secret| {
            std::fs::write(folder.join("a.age"), AGE_FILE).unwrap();
            let reference = format!("age:{}#A", folder.join("a.age").display());
            base().vars([("TOKEN", reference.into()), ("CONFIGCHECK_AGE_IDENTITY", os(secret))]).provider(AgeProvider::new())
        }),
        failure::<settings::Token>("age: identity of the right form", |folder, secret| {
            std::fs::write(folder.join("a.age"), AGE_FILE).unwrap();
            let reference = format!("age:{}#A", folder.join("a.age").display());
            let identity = os(&around("AGE-SECRET-KEY-1", secret, ""));
            base().vars([("TOKEN", reference.into()), ("SOPS_AGE_KEY", identity)]).provider(AgeProvider::new())
        }),
        failure::<settings::Token>("age: file that is the secret", |folder, secret| {
            std::fs::write(folder.join("a.age"), secret).unwrap();
            base().vars([("TOKEN", format!("age:{}#A", folder.join("a.age").display()))]).provider(AgeProvider::new())
        }),
        failure::<settings::Token>("age: identity file that is the secret", |folder, secret| {
            std::fs::write(folder.join("a.age"), AGE_FILE).unwrap();
            let reference = format!("age:{}#A", folder.join("a.age").display());
            base().vars([("TOKEN", reference.into()), ("CONFIGCHECK_AGE_IDENTITY_FILE", os(secret))]).provider(AgeProvider::new())
        }),
    ];
    all.extend([
        unresolved("another reference: absent", || Outcome::Absent(Reason::new("no such secret").help("make it"))),
        unresolved("another reference: denied", || Outcome::Denied(Reason::new("no right to read"))),
        unresolved("another reference: throttled", || Outcome::Throttled { retry_after: None, reason: Reason::new("too many requests") }),
        unresolved("another reference: unavailable", || Outcome::Unavailable(Reason::new("no answer"))),
        unresolved("another reference: malformed", || Outcome::Malformed(Reason::new("no secret"))),
        unresolved("another reference: not known there", || Outcome::AuthFailed(Reason::new("the login expired"))),
    ]);
    all
}

fn overrides_and_variables() -> Vec<Failure> {
    vec![
        failure::<settings::Number>("Loader::set: wrong type", |_, secret| base().set("TOKEN", lossy(secret))),
        failure::<settings::Token>("Loader::set: secret as the name", |_, secret| base().vars([("TOKEN", "x")]).set(lossy(secret), "x")),
        failure::<settings::Token>("Loader::set: name that is not declared", |_, secret| base().set("TOKNE", lossy(secret))),
        failure::<settings::Two>("Loader::set: over the environment", |_, secret| base().vars([("TOKEN", os(secret))]).set("SIZE", "x")),
        failure::<settings::Token>("variable that is not UTF-8", |_, secret| base().vars([("TOKEN", os(&joined(&[secret, b"\xff"])))])),
        failure::<settings::Token>("secret as the name of a variable", |_, secret| {
            base().vars([(os(secret), "x".into())] as [(OsString, OsString); 1])
        }),
        failure::<settings::Token>("slip in the name of a variable", |_, secret| base().vars([("TOKNE", os(secret))])),
        failure::<settings::Token>("secret in a variable of others", |_, secret| {
            base().vars([("SOMETHING_ELSE", os(&joined(&[secret, b"\xff"])))])
        }),
        failure::<settings::Two>("another field is missing", |_, secret| base().vars([("TOKEN", os(secret))])),
        failure::<settings::Two>("level of the policy", |_, secret| {
            base().vars([("TOKEN", os(secret))]).level("missing-required", Level::At(Severity::Warning)).accept(
                "invalid-value",
                "TOKEN",
                "on purpose",
            )
        }),
    ]
}

fn deployed_rules() -> Vec<Failure> {
    vec![
        failure::<settings::Deployed>("production", |_, secret| deployed("production").vars([("TOKEN", os(secret))])),
        failure::<settings::Deployed>("staging", |_, secret| deployed("staging").vars([("TOKEN", os(secret))])),
        failure::<settings::Deployed>("placeholder", |_, secret| deployed("production").vars([("TOKEN", os(&around("<", secret, ">")))])),
        failure::<settings::Deployed>("template", |_, secret| deployed("production").vars([("TOKEN", os(&around("${", secret, "}")))])),
        failure::<settings::Deployed>("weak, one letter", |_, secret| {
            deployed("production").vars([("TOKEN", os(&secret[..1].repeat(secret.len() + 9)))])
        }),
        failure::<settings::Deployed>("weak, a word", |_, secret| {
            deployed("production").vars([("TOKEN", os(&around("password", &vec![b'1'; secret.len()], "")))])
        }),
        failure::<settings::DeployedUrl>("insecure URL", |_, secret| {
            deployed("production").vars([("TOKEN", os(&around("http://app:", percent(secret).as_bytes(), "@api.example.com/")))])
        }),
        failure::<settings::DeployedUrl>("insecure database", |_, secret| {
            let url = around("postgres://app:", percent(secret).as_bytes(), "@db.example.com/shop?sslmode=disable");
            deployed("production").vars([("TOKEN", os(&url)), ("DATABASE_URL", os(&url))])
        }),
        failure::<settings::DeployedUrl>("localhost", |_, secret| {
            let url = around("postgres://app:", percent(secret).as_bytes(), "@localhost/shop");
            deployed("production").vars([("TOKEN", os(&url)), ("DATABASE_URL", os(&url))])
        }),
        failure::<settings::DeployedUrl>("placeholder in a URL", |_, secret| {
            let url = around("postgres://app:", percent(secret).as_bytes(), "@${HOST}/shop");
            deployed("production").vars([("TOKEN", os(&url)), ("DATABASE_URL", os(&url))])
        }),
        failure::<settings::Deployed>("plain text in TOML", |folder, secret| {
            std::fs::write(folder.join("a.toml"), around("token = ", &quoted(secret), "\n")).unwrap();
            deployed("production").file(folder.join("a.toml"))
        }),
        failure::<settings::Deployed>("plain text in .env that is read everywhere", |folder, secret| {
            std::fs::write(folder.join(".env"), around("TOKEN=", &quoted_in_dotenv(secret), "\n")).unwrap();
            deployed("production").dotenv_dir(folder).dotenv_everywhere()
        }),
        failure::<settings::Deployed>(".env that is ignored", |folder, secret| {
            std::fs::write(folder.join(".env"), around("TOKEN=", &quoted_in_dotenv(secret), "\n")).unwrap();
            deployed("production").dotenv_dir(folder)
        }),
        failure::<settings::Deployed>(".env without an environment", |folder, secret| {
            std::fs::write(folder.join(".env"), around("TOKEN=", &quoted_in_dotenv(secret), "\n")).unwrap();
            Loader::new().no_standard_mounts().dotenv_dir(folder).vars(Vec::<(String, String)>::new())
        }),
        failure::<settings::Deployed>("environment that is none", |_, secret| deployed("prodction").vars([("TOKEN", os(secret))])),
        failure::<settings::WithDefault>("default in production", |_, secret| deployed("production").vars([("TOKEN", os(secret))])),
    ]
}

fn relations() -> Vec<Failure> {
    vec![
        failure::<settings::Renamed>("alias", |_, secret| base().vars([("OLD_TOKEN", os(secret))])),
        failure::<settings::Renamed>("alias and name with different values", |_, secret| {
            base().vars([("OLD_TOKEN", os(secret)), ("TOKEN", "not-a-real-one".into())])
        }),
        failure::<settings::Renamed>("alias and name in a file", |folder, secret| {
            let value = quoted_in_dotenv(secret);
            std::fs::write(folder.join(".env"), joined(&[b"OLD_TOKEN=", &value, b"\nTOKEN=", &value, b"\n"])).unwrap();
            base().dotenv_dir(folder)
        }),
        failure::<settings::Old>("deprecated", |_, secret| base().vars([("TOKEN", os(secret))])),
        failure::<settings::Related>("requires", |_, secret| base().vars([("TOKEN", os(secret))])),
        failure::<settings::Related>("conflicts", |_, secret| {
            base().vars([("TOKEN", os(secret)), ("PARTNER", "x".into()), ("RIVAL", os(secret))])
        }),
        failure::<settings::OneOf>("one of: both", |_, secret| base().vars([("TOKEN", os(secret)), ("OTHER", os(secret))])),
        failure::<settings::OneOf>("one of: not UTF-8", |_, secret| base().vars([("OTHER", os(&joined(&[secret, b"\xff"])))])),
    ]
}

fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap().to_ascii_uppercase()
}

/// Percent-encoded, as a careful person writes a password into a URL.
fn percent(secret: &[u8]) -> String {
    secret.iter().flat_map(|byte| ['%', hex(byte >> 4), hex(byte & 15)]).collect()
}

/// Fields that are no secret hold URLs with the secret as the password.
fn plain_fields() -> Vec<Failure> {
    fn plain<T: AppConfig + Debug>(name: &'static str, before: &'static str, after: &'static str) -> Failure {
        failure::<T>(name, move |_, secret| everywhere(&around(before, secret, after)))
    }
    fn everywhere(value: &[u8]) -> Loader {
        let names = ["DATABASE_URL", "SIZE", "ADDRESS", "LEVEL", "SIZES", "MAP_OF_SIZES", "REPLICAS", "HOSTS", "OTHER", "CHOICE"];
        base().vars(names.map(|name| (name, os(value))))
    }
    let in_file = |name: &'static str, file_name: &'static str, before: &'static str, after: &'static str| {
        file::<settings::PlainText>(name, file_name, move |secret| {
            let value = quoted(&around("postgres://app:", secret, "@db:54a32/shop"));
            around(before, &value, after)
        })
    };
    vec![
        plain::<settings::PlainText>("plain: password in a URL", "postgres://app:", "@db.example.com:5432/shop"),
        plain::<settings::PlainText>("plain: password in a bad URL", "postgres://app:", "@db.example.com:54a32/shop"),
        plain::<settings::PlainText>("plain: password without a user", "redis://:", "@cache:6379/0"),
        plain::<settings::PlainText>("plain: password for a user", "https://", "@api.example.com/"),
        plain::<settings::PlainText>("plain: password without a scheme", "//app:", "@db/shop"),
        plain::<settings::PlainText>("plain: password without slashes", "app:", "@db/shop"),
        plain::<settings::PlainText>("plain: password behind a scheme that is none", "1postgres://app:", "@db shop"),
        plain::<settings::PlainText>("plain: password with an @ behind it", "postgres://app:", "@two@db/shop"),
        plain::<settings::PlainText>("plain: password in text", "the database is postgres://app:", "@db/shop, and so on"),
        plain::<settings::PlainTyped>("plain, other types: password in a URL", "postgres://app:", "@db.example.com:5432/shop"),
        plain::<settings::PlainTyped>("plain, other types: password in a bad URL", "postgres://app:", "@db.example.com:54a32/shop"),
        plain::<settings::PlainTyped>("plain, other types: in a list", "1,postgres://app:", "@db/shop,2"),
        plain::<settings::PlainTyped>("plain, other types: in a map", "a=postgres://app:", "@db/shop"),
        plain::<settings::PlainUrl>("plain URLs: password in a URL", "postgres://app:", "@db.example.com:5432/shop"),
        plain::<settings::PlainUrl>("plain URLs: password in a bad URL", "postgres://app:", "@db.example.com:54a32/shop"),
        plain::<settings::PlainUrl>("plain URLs: in a list", "postgres://app:", "@db/shop,postgres://app@db"),
        plain::<settings::PlainQuoting>("plain: parsers that quote", "postgres://app:", "@db.example.com:5432/shop"),
        plain::<settings::PlainQuoting>("plain: parsers that quote a bad URL", "postgres://app:", "@db.example.com:54a32/shop"),
        plain::<settings::PlainChecked>("plain: checks that quote", "postgres://app:", "@db.example.com:5432/shop"),
        failure::<settings::PlainWhole>("plain: check of the struct that quotes", |_, secret| {
            base().vars([("DATABASE_URL", os(&around("postgres://app:", secret, "@db/shop"))), ("SIZE", "1".into())])
        }),
        failure::<settings::PlainDeployed>("plain: production", |_, secret| {
            deployed("production")
                .vars([("DATABASE_URL", os(&around("http://app:", percent(secret).as_bytes(), "@localhost/shop?sslmode=disable")))])
        }),
        failure::<settings::PlainText>("plain: password in a query", |_, secret| {
            everywhere(&around("https://db/shop?password=", percent(secret).as_bytes(), "&ssl=1"))
        }),
        failure::<settings::PlainText>("plain: .env", |folder, secret| {
            let value = quoted_in_dotenv(&around("postgres://app:", secret, "@db:54a32/shop"));
            std::fs::write(folder.join(".env"), joined(&[b"DATABASE_URL=", &value, b"\nSIZE=", &value, b"\nSIZE=", &value, b"\n"]))
                .unwrap();
            base().dotenv_dir(folder)
        }),
        in_file("plain: TOML", "a.toml", "size = ", "\n"),
        in_file("plain: YAML", "a.yaml", "size: ", "\n"),
        in_file("plain: JSON", "a.json", "{\"size\": ", "}\n"),
        in_file("plain: TOML, syntax behind it", "a.toml", "size = ", " and more\n"),
    ]
}

/// The kinds in which nothing is wrong: good values are observed as well.
const GOOD: [&str; 11] = [
    "text that is good",
    "path",
    "bytes",
    "text that is marked as secret",
    "no control character",
    ".env: blanks around =",
    "another reference: absent",
    "production",
    "staging",
    "plain URLs: password in a URL",
    "plain URLs: in a list",
];

#[test]
fn every_kind_meets_a_finding() {
    let place = tempfile::tempdir().unwrap();
    let all = all();
    assert!(all.len() >= 55, "{}", all.len());
    let names: std::collections::BTreeSet<_> = all.iter().map(|failure| failure.name).collect();
    assert_eq!(names.len(), all.len(), "each has a name of its own");
    for failure in &all {
        let outputs = failure.run(&place.path().join("sources"), b"hunter2-CANARY-9f3a-not-a-real-secret");
        let places = outputs.iter().find(|output| output.channel == "places of the report").unwrap();
        assert_eq!(places.text.is_empty(), GOOD.contains(&failure.name), "{}: {:?}", failure.name, places.text);
    }
}
