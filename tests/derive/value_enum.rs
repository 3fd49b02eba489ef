//! `#[derive(ConfigValue)]`: `rename_all`, `rename` and `alias` of variants, newtypes.

use configcheck::{AppConfig, ConfigValue, ExposeSecret, Secret};
use configcheck_core::schema::TypeSpec;

use crate::{findings, load, said, spec};

#[derive(ConfigValue, Debug, PartialEq)]
enum Level {
    Debug,
    #[config(alias = "information", alias("notice"))]
    Info,
    #[config(rename = "WARNING")]
    Warn,
    VeryQuiet,
}

#[derive(ConfigValue, Debug, PartialEq)]
#[config(rename_all = "SCREAMING_SNAKE_CASE")]
enum Shout {
    VeryLoud,
}

#[derive(ConfigValue, Debug, PartialEq)]
struct Port(u16);

/// Inside is a type that only parses.
#[derive(ConfigValue, Debug, PartialEq)]
struct Wait(Seconds);

#[derive(Debug, PartialEq)]
struct Seconds(u8);

impl std::str::FromStr for Seconds {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        text.strip_suffix('s').and_then(|number| number.parse().ok()).map(Self).ok_or("seconds end in s")
    }
}

#[derive(ConfigValue, Debug, PartialEq)]
struct Hosts(Vec<String>);

#[derive(AppConfig)]
struct Settings {
    level: Level,
    shout: Option<Shout>,
    port: Option<Port>,
    levels: Option<Vec<Level>>,
    hidden: Option<Secret<Level>>,
    wait: Option<Wait>,
    hosts: Option<Hosts>,
}

#[test]
fn variants_are_words_and_newtypes_are_what_is_inside() {
    for (word, level) in [
        ("debug", Level::Debug),
        ("info", Level::Info),
        ("information", Level::Info),
        ("notice", Level::Info),
        ("WARNING", Level::Warn),
        ("very-quiet", Level::VeryQuiet),
    ] {
        assert_eq!(load::<Settings>(&[("LEVEL", word)]).level, level);
    }
    let loaded: Settings =
        load(&[("LEVEL", "info"), ("SHOUT", "VERY_LOUD"), ("PORT", "80"), ("LEVELS", "info,debug"), ("HIDDEN", "debug")]);
    assert_eq!((loaded.shout, loaded.port), (Some(Shout::VeryLoud), Some(Port(80))));
    assert_eq!(loaded.levels, Some(vec![Level::Info, Level::Debug]));
    assert_eq!(loaded.hidden.map(|level| *level.expose_secret() == Level::Debug), Some(true));
}

#[test]
fn a_newtype_reads_whatever_is_inside_it() {
    let loaded: Settings = load(&[("LEVEL", "info"), ("WAIT", "5s"), ("HOSTS", "a, b")]);
    assert_eq!((loaded.wait, loaded.hosts), (Some(Wait(Seconds(5))), Some(Hosts(vec!["a".to_owned(), "b".to_owned()]))));
    assert!(said::<Settings>(&[("LEVEL", "info"), ("WAIT", "5")]).contains("seconds end in s"));
}

#[test]
fn other_words_are_refused_with_the_list_and_the_nearest() {
    for word in ["Info", "inf o", "warning", "quiet"] {
        assert_eq!(findings::<Settings>(&[("LEVEL", word)]), ["invalid-value LEVEL"], "{word}");
    }
    let said = said::<Settings>(&[("LEVEL", "debgu")]);
    assert!(said.contains("debug, info, information, notice, WARNING, very-quiet"), "{said}");
    assert!(said.contains("did you mean"), "{said}");
    assert_eq!(spec::<Settings>("PORT").type_spec, TypeSpec::Integer { min: 0, max: 65_535 });
    let hidden = crate::said::<Settings>(&[("LEVEL", "info"), ("HIDDEN", "not-a-real-word")]);
    assert!(!hidden.contains("not-a-real-word") && !hidden.contains("did you mean"), "{hidden}");
}
