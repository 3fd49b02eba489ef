//! Every source of a load that reads a file: what a good file holds, and the loader that reads it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use configcheck::providers::{AgeProvider, SopsProvider, VaultProvider};
use configcheck::{AppConfig, ExposeSecret as _, Loader, Report, Secret};
use configcheck_testkit::failure_lab::{FailureLab, Fault};

/// A service with one secret.
#[derive(AppConfig)]
#[config(name = "shop")]
pub(crate) struct Settings {
    pub(crate) token: Secret<String>,
}

/// The secret of every good file.
pub(crate) const TOKEN: &str = "not-a-real-token";

/// The identity that opens the two encrypted files beside it.
const IDENTITY: &str = include_str!("made/identity.txt");
const AGE: &[u8] = include_bytes!("made/secrets.env.age");
const SOPS: &[u8] = include_bytes!("made/secrets.json");

/// Where the loader of a source finds things.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    lab: FailureLab,
}

impl Place {
    pub(crate) fn new() -> Self {
        let answer = serde_json::json!({ "data": { "k": TOKEN } });
        let place = Self { folder: tempfile::tempdir().unwrap(), lab: FailureLab::start_tls(Fault::ok(answer.to_string())) };
        fs::write(place.at("identity"), IDENTITY).unwrap();
        fs::write(place.at("good.env.age"), AGE).unwrap();
        fs::write(place.at("ca.pem"), place.lab.ca_pem()).unwrap();
        fs::create_dir(place.at("mounted")).unwrap();
        place
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.at(name).to_str().unwrap().to_owned()
    }
}

/// A kind of source.
#[derive(Clone, Copy)]
pub(crate) struct Source {
    pub(crate) name: &'static str,
    /// The file, in the folder of the place.
    pub(crate) file: &'static str,
    good: fn(&Place) -> Vec<u8>,
    loader: fn(&Place) -> Loader,
    /// The rule that speaks of a file that cannot be read.
    pub(crate) rule: &'static str,
    /// What is found where the file does not exist.
    pub(crate) absent: &'static str,
}

fn base() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().environment("development").deadline(Duration::from_secs(20))
}

fn nothing() -> Vec<(String, String)> {
    Vec::new()
}

fn vault(place: &Place, more: [(&'static str, String); 2]) -> Loader {
    let fixed = [("TOKEN", "vault:kv/app#k".to_owned()), ("VAULT_ADDR", place.lab.url())];
    base().vars(fixed.into_iter().chain(more)).provider(VaultProvider::new())
}

const FILE: &str = "unreadable-source";
const REFERENCE: &str = "unresolved-reference";

/// All of them.
pub(crate) const ALL: [Source; 12] = [
    Source {
        name: ".env",
        file: ".env",
        good: |_| b"TOKEN=not-a-real-token\n".to_vec(),
        loader: |place| base().vars(nothing()).dotenv_dir(place.folder.path()),
        rule: FILE,
        absent: "missing-required",
    },
    Source {
        name: "toml",
        file: "config.toml",
        good: |_| b"token = \"not-a-real-token\"\n".to_vec(),
        loader: |place| base().vars(nothing()).file(place.at("config.toml")),
        rule: FILE,
        absent: FILE,
    },
    Source {
        name: "yaml",
        file: "config.yaml",
        good: |_| b"token: not-a-real-token\n".to_vec(),
        loader: |place| base().vars(nothing()).file(place.at("config.yaml")),
        rule: FILE,
        absent: FILE,
    },
    Source {
        name: "json",
        file: "config.json",
        good: |_| b"{\"token\": \"not-a-real-token\"}\n".to_vec(),
        loader: |place| base().vars(nothing()).file(place.at("config.json")),
        rule: FILE,
        absent: FILE,
    },
    Source {
        name: "mounted",
        file: "mounted/TOKEN",
        good: |_| b"not-a-real-token\n".to_vec(),
        loader: |place| base().vars(nothing()).mounted_dir(place.at("mounted")),
        rule: FILE,
        absent: "missing-required",
    },
    Source {
        name: "KEY_FILE",
        file: "token.txt",
        good: |_| b"not-a-real-token\n".to_vec(),
        loader: |place| base().vars([("TOKEN_FILE", place.text("token.txt"))]),
        rule: FILE,
        absent: FILE,
    },
    Source {
        name: "file:",
        file: "token.txt",
        good: |_| b"not-a-real-token\n".to_vec(),
        loader: |place| base().vars([("TOKEN", format!("file:{}", place.text("token.txt")))]),
        rule: REFERENCE,
        absent: REFERENCE,
    },
    Source {
        name: "age file",
        file: "secrets.env.age",
        good: |_| AGE.to_vec(),
        loader: |place| {
            let variables = [
                ("TOKEN", format!("age:{}#TOKEN", place.text("secrets.env.age"))),
                ("CONFIGCHECK_AGE_IDENTITY_FILE", place.text("identity")),
            ];
            base().vars(variables).provider(AgeProvider::new())
        },
        rule: REFERENCE,
        absent: REFERENCE,
    },
    Source {
        name: "age identity",
        file: "key.txt",
        good: |_| IDENTITY.as_bytes().to_vec(),
        loader: |place| {
            let variables =
                [("TOKEN", format!("age:{}#TOKEN", place.text("good.env.age"))), ("CONFIGCHECK_AGE_IDENTITY_FILE", place.text("key.txt"))];
            base().vars(variables).provider(AgeProvider::new())
        },
        rule: REFERENCE,
        absent: REFERENCE,
    },
    Source {
        name: "sops file",
        file: "secrets.json",
        good: |_| SOPS.to_vec(),
        loader: |place| {
            let variables =
                [("TOKEN", format!("sops:{}#/TOKEN", place.text("secrets.json"))), ("SOPS_AGE_KEY_FILE", place.text("identity"))];
            base().vars(variables).provider(SopsProvider::new())
        },
        rule: REFERENCE,
        absent: REFERENCE,
    },
    Source {
        name: "vault token file",
        file: "vault-token",
        good: |_| b"hvs.not-a-real-token\n".to_vec(),
        loader: |place| vault(place, [("VAULT_TOKEN_FILE", place.text("vault-token")), ("VAULT_CACERT", place.text("ca.pem"))]),
        rule: REFERENCE,
        absent: REFERENCE,
    },
    Source {
        name: "vault CA file",
        file: "vault-ca.pem",
        good: |place| place.lab.ca_pem().as_bytes().to_vec(),
        loader: |place| vault(place, [("VAULT_TOKEN", "hvs.not-a-real-token".to_owned()), ("VAULT_CACERT", place.text("vault-ca.pem"))]),
        rule: REFERENCE,
        absent: REFERENCE,
    },
];

/// How a load ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    /// With this secret.
    Loaded(String),
    /// With a report, in plain text, and the rules of its errors.
    Refused { rules: Vec<&'static str>, text: String },
}

impl Ended {
    pub(crate) fn is_good(&self) -> bool {
        matches!(self, Self::Loaded(token) if token == TOKEN)
    }

    /// Whether an error of this rule says this.
    pub(crate) fn says(&self, rule: &str, words: &str) -> bool {
        matches!(self, Self::Refused { rules, text } if rules.contains(&rule) && text.contains(words))
    }
}

impl Source {
    /// The file.
    pub(crate) fn path(&self, place: &Place) -> PathBuf {
        place.at(self.file)
    }

    /// What a good file holds.
    pub(crate) fn good(&self, place: &Place) -> Vec<u8> {
        (self.good)(place)
    }

    /// Reads it.
    pub(crate) fn load(&self, place: &Place) -> Ended {
        ended(&(self.loader)(place))
    }
}

/// How the load of a loader ends. No report holds the secret.
pub(crate) fn ended(loader: &Loader) -> Ended {
    match loader.load::<Settings>() {
        Ok(settings) => Ended::Loaded(settings.token.expose_secret().clone()),
        Err(error) => {
            let text = error.to_string();
            assert!(!text.contains(TOKEN) && !format!("{error:?}").contains(TOKEN), "a secret is told");
            Ended::Refused { rules: rules(error.report()), text }
        }
    }
}

fn rules(report: &Report) -> Vec<&'static str> {
    report.active().filter(|finding| finding.severity == configcheck::Severity::Error).map(|finding| finding.rule.name).collect()
}

/// Removes whatever is at a path.
pub(crate) fn clear(path: &Path) {
    if path.is_dir() && !path.is_symlink() {
        fs::remove_dir_all(path).unwrap();
    } else {
        drop(fs::remove_file(path));
    }
}
