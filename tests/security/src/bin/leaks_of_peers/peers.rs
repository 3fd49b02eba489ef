//! The peers, and how each of them comes to a failure.

use std::cell::RefCell;
use std::error::Error;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;

use serde::Deserialize;
use url::Url;

/// What a load gives where it fails.
type Failed = Result<(), Box<dyn Error>>;

/// How a load fails; `None` where the peer has nothing to fail with.
type Load = fn() -> Failed;

/// A peer with the failures that it can have.
pub(crate) struct Peer {
    pub(crate) name: &'static str,
    loads: &'static [(&'static str, Load)],
}

thread_local! {
    static PANIC: RefCell<String> = const { RefCell::new(String::new()) };
}

impl Peer {
    pub(crate) fn can_fail(&self, failure: &str) -> bool {
        self.loads.iter().any(|(name, _)| *name == failure)
    }

    /// What each channel says of a failure, in this process.
    pub(crate) fn outputs(&self, failure: &str) -> Vec<(&'static str, String)> {
        let (_, load) = self.loads.iter().find(|(name, _)| *name == failure).expect("the peer can fail so");
        std::panic::set_hook(Box::new(|panic| PANIC.with_borrow_mut(|text| *text += &panic.to_string())));
        let Ok(result) = catch_unwind(AssertUnwindSafe(load)) else {
            return vec![("panic", PANIC.take())];
        };
        let Err(error) = result else { return Vec::new() };
        let mut chain = String::new();
        let mut source = error.source();
        while let Some(cause) = source {
            writeln!(chain, "{cause}\n{cause:?}").expect("a String takes everything");
            source = cause.source();
        }
        let mut outputs = vec![
            ("Display", error.to_string()),
            ("Debug", format!("{error:?}")),
            ("{:#?}", format!("{error:#?}")),
            ("source chain", chain),
        ];
        drop(catch_unwind(AssertUnwindSafe(|| Err::<(), _>(error).unwrap())));
        outputs.push(("panic", PANIC.take()));
        outputs
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Level {
    Info,
    Warn,
}

impl FromStr for Level {
    type Err = std::fmt::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "info" => Ok(Self::Info),
            "warn" => Ok(Self::Warn),
            _ => Err(std::fmt::Error),
        }
    }
}

/// The settings of the peers that deserialize.
macro_rules! settings {
    ($($name:ident { $($field:ident: $type:ty),* })*) => {$(
        #[derive(Debug, Deserialize)]
        #[serde(deny_unknown_fields)]
        #[allow(dead_code, reason = "the fields are read by `Debug` alone")]
        struct $name { $($field: $type),* }
    )*};
}

settings! {
    Number { token: u32 }
    Choice { token: Level }
    Text { token: secrecy::SecretString }
    Two { token: secrecy::SecretString, size: u32 }
    Address { token: Url }
}

fn raw_text() -> Vec<u8> {
    use std::os::unix::ffi::OsStringExt as _;
    std::env::var_os("TEXT").map(OsString::into_vec).unwrap_or_default()
}

fn quoted_text() -> String {
    serde_json::to_string(&String::from_utf8_lossy(&raw_text())).expect("text is JSON")
}

/// TOML whose one key is the secret.
fn unknown_key() -> String {
    format!("token = \"x\"\n{} = 1\n", quoted_text())
}

/// TOML with a mistake behind the secret.
fn bad_toml() -> String {
    format!("token = {} and more\n", quoted_text())
}

/// A line of an env file with a mistake behind the secret.
fn bad_line() -> Vec<u8> {
    [b"TOKEN=\"".as_slice(), &raw_text(), b"\" and more\n"].concat()
}

mod of_dotenvy {
    use super::{Failed, bad_line};

    pub(super) const LOADS: &[(&str, super::Load)] = &[("missing", missing), ("bad syntax", syntax), ("not UTF-8", not_utf8)];

    fn missing() -> Failed {
        dotenvy::var("SIZE")?;
        Ok(())
    }

    fn syntax() -> Failed {
        dotenvy::from_read(bad_line().as_slice())?;
        Ok(())
    }

    fn not_utf8() -> Failed {
        dotenvy::var("TOKEN")?;
        Ok(())
    }
}

mod of_envy {
    use super::{Address, Choice, Failed, Number, Text, Two};

    pub(super) const LOADS: &[(&str, super::Load)] = &[
        ("wrong type", load::<Number>),
        ("unknown variant", load::<Choice>),
        ("unknown field", unknown),
        ("missing", load::<Two>),
        ("not UTF-8", load::<Text>),
        ("bad URL", load::<Address>),
    ];

    fn load<T: serde::de::DeserializeOwned>() -> Failed {
        // Only its own variable: the settings refuse fields that they do not know.
        let _ = std::env::vars().count();
        envy::from_iter::<_, T>(std::env::vars().filter(|(name, _)| name == "TOKEN"))?;
        Ok(())
    }

    fn unknown() -> Failed {
        let name = String::from_utf8_lossy(&super::raw_text()).into_owned();
        envy::from_iter::<_, Text>([("TOKEN".to_owned(), "x".to_owned()), (name, "1".to_owned())])?;
        Ok(())
    }
}

mod of_figment {
    use figment::Figment;
    use figment::providers::{Env, Format as _, Toml};

    use super::{Address, Choice, Failed, Number, Text, Two, bad_toml, unknown_key};

    pub(super) const LOADS: &[(&str, super::Load)] = &[
        ("wrong type", load::<Number>),
        ("unknown variant", load::<Choice>),
        ("unknown field", unknown),
        ("missing", load::<Two>),
        ("bad syntax", syntax),
        ("not UTF-8", load::<Text>),
        ("bad URL", load::<Address>),
    ];

    fn load<T: serde::de::DeserializeOwned>() -> Failed {
        Figment::new().merge(Env::raw().only(&["TOKEN"])).extract::<T>()?;
        Ok(())
    }

    fn unknown() -> Failed {
        Figment::new().merge(Toml::string(&unknown_key())).extract::<Text>()?;
        Ok(())
    }

    fn syntax() -> Failed {
        Figment::new().merge(Toml::string(&bad_toml())).extract::<Text>()?;
        Ok(())
    }
}

mod of_config {
    use config::{Config, Environment, File, FileFormat};

    use super::{Address, Choice, Failed, Number, Text, Two, bad_toml, unknown_key};

    pub(super) const LOADS: &[(&str, super::Load)] = &[
        ("wrong type", load::<Number>),
        ("unknown variant", load::<Choice>),
        ("unknown field", || file(&unknown_key())),
        ("missing", load::<Two>),
        ("bad syntax", || file(&bad_toml())),
        ("not UTF-8", load::<Text>),
        ("bad URL", load::<Address>),
    ];

    fn load<T: serde::de::DeserializeOwned>() -> Failed {
        Config::builder().add_source(Environment::default()).build()?.try_deserialize::<T>()?;
        Ok(())
    }

    fn file(text: &str) -> Failed {
        Config::builder().add_source(File::from_str(text, FileFormat::Toml)).build()?.try_deserialize::<Text>()?;
        Ok(())
    }
}

mod of_conf {
    use conf::Conf;

    use super::{Failed, Level, Url};

    pub(super) const LOADS: &[(&str, super::Load)] = &[
        ("wrong type", load::<Number>),
        ("unknown variant", load::<Choice>),
        ("missing", load::<Two>),
        ("not UTF-8", load::<Text>),
        ("bad URL", load::<Address>),
        ("validator", load::<Long>),
        ("own check that quotes", load::<Quoted>),
    ];

    fn load<T: Conf>() -> Failed {
        T::try_parse_from(["program"], std::env::vars_os())?;
        Ok(())
    }

    fn at_least(text: &str) -> Result<String, String> {
        if text.len() < 9000 { Err("it is too short".to_owned()) } else { Ok(text.to_owned()) }
    }

    fn quoting(text: &str) -> Result<String, String> {
        Err(format!("{text} is refused"))
    }

    macro_rules! secrets {
        ($($name:ident: $type:ty;)*) => {$(
            #[derive(Conf, Debug)]
            #[allow(dead_code, reason = "the fields are read by `Debug` alone")]
            struct $name {
                #[arg(env, secret)]
                token: $type,
            }
        )*};
    }

    secrets! {
        Number: u32;
        Choice: Level;
        Text: String;
        Address: Url;
    }

    #[derive(Conf, Debug)]
    #[allow(dead_code, reason = "the fields are read by `Debug` alone")]
    struct Two {
        #[arg(env, secret)]
        token: String,
        #[arg(env)]
        size: u32,
    }

    #[derive(Conf, Debug)]
    #[allow(dead_code, reason = "the fields are read by `Debug` alone")]
    struct Long {
        #[arg(env, secret, value_parser = at_least)]
        token: String,
    }

    #[derive(Conf, Debug)]
    #[allow(dead_code, reason = "the fields are read by `Debug` alone")]
    struct Quoted {
        #[arg(env, secret, value_parser = quoting)]
        token: String,
    }
}

#[allow(unexpected_cfgs, reason = "its derive asks for features of its own")]
mod of_procenv {
    use procenv::EnvConfig;

    use super::{Level, Url};

    pub(super) const LOADS: &[(&str, super::Load)] = &[
        ("wrong type", || Ok(Number::from_env().map(drop)?)),
        ("unknown variant", || Ok(Choice::from_env().map(drop)?)),
        ("missing", || Ok(Two::from_env().map(drop)?)),
        ("not UTF-8", || Ok(Text::from_env().map(drop)?)),
        ("bad URL", || Ok(Address::from_env().map(drop)?)),
    ];

    macro_rules! secrets {
        ($($name:ident: $type:ty;)*) => {$(
            #[derive(EnvConfig)]
            #[allow(dead_code, reason = "the fields are read by `Debug` alone")]
            struct $name {
                #[env(var = "TOKEN", secret)]
                token: $type,
            }
        )*};
    }

    secrets! {
        Number: u32;
        Choice: Level;
        Text: String;
        Address: Url;
    }

    #[derive(EnvConfig)]
    #[allow(dead_code, reason = "the fields are read by `Debug` alone")]
    struct Two {
        #[env(var = "TOKEN", secret)]
        token: String,
        #[env(var = "SIZE")]
        size: u32,
    }
}

mod of_validator {
    use validator::Validate;

    use super::Failed;

    pub(super) const LOADS: &[(&str, super::Load)] = &[("validator", length), ("bad URL", url), ("own check that quotes", custom)];

    fn quoting(text: &str) -> Result<(), validator::ValidationError> {
        Err(validator::ValidationError::new("refused").with_message(format!("{text} is refused").into()))
    }

    #[derive(Validate)]
    struct Quoted {
        #[validate(custom(function = "quoting"))]
        token: String,
    }

    fn custom() -> Failed {
        Quoted { token: text() }.validate()?;
        Ok(())
    }

    #[derive(Validate)]
    struct Long {
        #[validate(length(min = 9000))]
        token: String,
    }

    #[derive(Validate)]
    struct Address {
        #[validate(url)]
        token: String,
    }

    fn text() -> String {
        String::from_utf8_lossy(std::env::var_os("TOKEN").unwrap_or_default().as_encoded_bytes()).into_owned()
    }

    fn length() -> Failed {
        Long { token: text() }.validate()?;
        Ok(())
    }

    fn url() -> Failed {
        Address { token: text() }.validate()?;
        Ok(())
    }
}

#[allow(dead_code, reason = "the fields are read by `Debug` alone")]
mod of_configcheck {
    use configcheck::{AppConfig, ConfigValue, Loader, Secret};
    use url::Url;

    use super::{Failed, bad_toml, unknown_key};

    pub(super) const LOADS: &[(&str, super::Load)] = &[
        ("wrong type", load::<Number>),
        ("unknown variant", load::<Choice>),
        ("unknown field", || file(&unknown_key())),
        ("missing", load::<Two>),
        ("bad syntax", || file(&bad_toml())),
        ("not UTF-8", load::<Text>),
        ("bad URL", load::<Address>),
        ("validator", load::<Long>),
        ("own check that quotes", load::<Quoted>),
    ];

    fn quoting(text: &String) -> Result<(), String> {
        Err(format!("{text} is refused"))
    }

    #[derive(AppConfig)]
    struct Quoted {
        #[validate(custom(function = quoting))]
        token: Secret<String>,
    }

    fn loader() -> Loader {
        Loader::new().no_dotenv().no_standard_mounts().environment("development")
    }

    fn load<T: AppConfig>() -> Failed {
        loader().load::<T>()?;
        Ok(())
    }

    /// In the folder that all runs share, so that its name tells none apart.
    fn file(text: &str) -> Failed {
        let path = std::path::PathBuf::from(std::env::var_os(crate::FOLDER).unwrap_or_default()).join("settings.toml");
        std::fs::write(&path, text)?;
        loader().file(&path).load::<Text>()?;
        Ok(())
    }

    #[derive(ConfigValue)]
    #[config(rename_all = "kebab-case")]
    enum Word {
        Info,
        Warn,
    }

    macro_rules! secrets {
        ($($name:ident: $type:ty;)*) => {$(
            #[derive(AppConfig)]
            struct $name { token: Secret<$type> }
        )*};
    }

    secrets! {
        Number: u32;
        Choice: Word;
        Text: String;
        Address: Url;
    }

    #[derive(AppConfig)]
    struct Two {
        token: Secret<String>,
        size: u32,
    }

    #[derive(AppConfig)]
    struct Long {
        #[validate(length(min = 9000))]
        token: Secret<String>,
    }
}

/// The peers, and Configcheck as the last of them.
pub(crate) const PEERS: [Peer; 8] = [
    Peer { name: "dotenvy", loads: of_dotenvy::LOADS },
    Peer { name: "envy", loads: of_envy::LOADS },
    Peer { name: "figment", loads: of_figment::LOADS },
    Peer { name: "config", loads: of_config::LOADS },
    Peer { name: "conf", loads: of_conf::LOADS },
    Peer { name: "procenv", loads: of_procenv::LOADS },
    Peer { name: "validator", loads: of_validator::LOADS },
    Peer { name: "configcheck", loads: of_configcheck::LOADS },
];
