//! Generated code in modules without a prelude, and in modules whose own items are called like those of the prelude.

mod without_prelude {
    //! Nothing is in scope but what is written here.

    #![no_implicit_prelude]

    use ::configcheck::{AppConfig, ConfigValue};

    /// Words.
    #[derive(ConfigValue)]
    pub(super) enum Level {
        Low,
        High,
    }

    /// A number.
    #[derive(ConfigValue)]
    pub(super) struct Port(pub(super) ::std::primitive::u16);

    #[derive(AppConfig)]
    #[config(prefix = "APP_", environments(qa = staging))]
    #[validate(schema(function = whole))]
    pub(super) struct Settings {
        pub(super) app_env: ::configcheck::Environment,
        #[config(default = "low", default(qa = "high"))]
        pub(super) level: Level,
        #[validate(nested)]
        pub(super) window: ::std::option::Option<Window>,
        pub(super) port: ::std::option::Option<Port>,
        #[validate(length(min = 1), email, contains(pattern = "@"), must_match(other = again), custom(function = any))]
        pub(super) text: ::std::option::Option<::std::string::String>,
        pub(super) again: ::std::option::Option<::std::string::String>,
        #[validate(length(min = 1), custom(function = any))]
        pub(super) key: ::configcheck::Secret<::std::string::String>,
        pub(super) link: ::std::option::Option<::configcheck::Secret<::url::Url>>,
        #[validate(range(min = 1, max = 9))]
        pub(super) numbers_one: ::std::option::Option<u8>,
        #[config(separator = ";")]
        pub(super) list: ::std::vec::Vec<::std::string::String>,
        pub(super) map: ::std::option::Option<::std::collections::BTreeMap<::std::string::String, u8>>,
        #[config(with = read)]
        pub(super) own: ::std::option::Option<Opaque>,
        #[config(nested)]
        pub(super) inner: ::std::option::Option<Inner>,
        #[config(flatten)]
        pub(super) beside: Inner,
    }

    #[derive(AppConfig)]
    pub(super) struct Inner {
        pub(super) depth: u8,
    }

    pub(super) struct Opaque;

    pub(super) struct Window;

    impl ::std::str::FromStr for Window {
        type Err = ();

        fn from_str(_: &str) -> ::std::result::Result<Self, ()> {
            ::std::result::Result::Ok(Self)
        }
    }

    impl ::validator::Validate for Window {
        fn validate(&self) -> ::std::result::Result<(), ::validator::ValidationErrors> {
            ::std::result::Result::Ok(())
        }
    }

    #[allow(clippy::unnecessary_wraps, reason = "the signature is that of `with`")]
    fn read(_: &str) -> ::std::result::Result<Opaque, ()> {
        ::std::result::Result::Ok(Opaque)
    }

    #[allow(clippy::unnecessary_wraps, reason = "the signature is that of `custom`")]
    fn any(_: &str) -> ::std::result::Result<(), ()> {
        ::std::result::Result::Ok(())
    }

    #[allow(clippy::unnecessary_wraps, reason = "the signature is that of `schema`")]
    fn whole(_: &Settings) -> ::std::result::Result<(), ()> {
        ::std::result::Result::Ok(())
    }
}

mod shadowed {
    //! The names of the prelude mean something else here.

    use configcheck::{AppConfig, ConfigValue};

    pub(super) struct Option;
    pub(super) struct Result;
    pub(super) struct String;
    pub(super) struct Vec;
    pub(super) struct Box;
    pub(super) struct Some;
    pub(super) struct None;
    pub(super) struct Ok;
    pub(super) struct Err;
    pub(super) struct Schema;
    pub(super) struct Construct;
    pub(super) struct Probe;
    pub(super) struct Readable;
    pub(super) trait Into {}
    pub(super) trait AsRef {}
    pub(super) trait FromStr {}
    pub(super) trait Debug {}
    pub(super) mod std {}
    pub(super) mod core {}
    pub(super) mod configcheck_core {}
    #[allow(unused_macros)]
    macro_rules! matches {
        () => {};
    }
    #[allow(unused_macros)]
    macro_rules! format_args {
        () => {};
    }

    #[derive(ConfigValue)]
    pub(super) enum Level {
        None,
        Some,
    }

    #[derive(AppConfig)]
    pub(super) struct Settings {
        pub(super) level: Level,
        #[validate(length(min = 1))]
        pub(super) name: ::std::option::Option<::std::string::String>,
        #[config(secret)]
        #[validate(range(max = 5))]
        pub(super) number: u8,
    }
}

mod levels {
    //! Types and functions called like those of the library that generated code uses.

    use configcheck::{AppConfig, ConfigValue};

    macro_rules! numbers {
        ($($name:ident)*) => {$(
            #[allow(non_camel_case_types, reason = "the names are the library's")]
            #[derive(ConfigValue, Debug, PartialEq, Eq)]
            pub(super) struct $name(pub(super) u8);
        )*};
    }

    numbers! { Own Items Pairs NameOf Inside Measured Debugged TextOf WiperOf Unreadable Veiled Probe Said Input Mismatch Wiper traits steps }

    pub(super) trait Readable {}

    pub(super) fn refused(text: &str) -> Result<u8, std::num::ParseIntError> {
        text.parse()
    }

    pub(super) fn no_such_word(text: &str) -> Result<u8, std::num::ParseIntError> {
        refused(text)
    }

    pub(super) fn said(number: u8) -> Result<(), String> {
        if number < NEAREST { Ok(()) } else { Err(String::from("too many")) }
    }

    const NEAREST: u8 = 9;

    /// Words.
    #[derive(ConfigValue, Debug, PartialEq, Eq)]
    pub(super) enum Level {
        Low,
        High,
    }

    #[derive(AppConfig)]
    #[validate(schema(function = nearest))]
    pub(super) struct Settings {
        pub(super) own: Own,
        pub(super) items: Vec<Items>,
        pub(super) pairs: std::collections::HashMap<String, Pairs>,
        pub(super) name_of: NameOf,
        pub(super) inside: Option<Inside>,
        pub(super) measured: Option<Measured>,
        pub(super) debugged: Option<Debugged>,
        pub(super) text_of: Option<TextOf>,
        pub(super) wiper_of: configcheck::Secret<WiperOf>,
        pub(super) unreadable: Option<Unreadable>,
        pub(super) veiled: Option<Veiled>,
        pub(super) probe: Option<Probe>,
        pub(super) said: Option<Said>,
        pub(super) input: Option<Input>,
        pub(super) mismatch: Option<Mismatch>,
        pub(super) wiper: Option<Wiper>,
        pub(super) traits: Option<traits>,
        pub(super) steps: Option<steps>,
        pub(super) level: Level,
        #[config(with = refused)]
        #[validate(custom(function = said))]
        pub(super) refused: u8,
        #[config(with = no_such_word)]
        #[validate(range(max = NEAREST))]
        pub(super) no_such_word: u8,
        #[validate(length(min = 1))]
        pub(super) text: Option<String>,
    }

    #[allow(clippy::unnecessary_wraps, reason = "the signature is that of `schema`")]
    fn nearest(_: &Settings) -> Result<(), String> {
        Ok(())
    }
}

#[test]
fn generated_code_shadows_nothing_of_the_users() {
    let loaded: levels::Settings = crate::load(&[
        ("OWN", "1"),
        ("ITEMS", "2,3"),
        ("PAIRS", "a=4"),
        ("NAME_OF", "5"),
        ("WIPER_OF", "6"),
        ("LEVEL", "high"),
        ("REFUSED", "7"),
        ("NO_SUCH_WORD", "8"),
    ]);
    assert_eq!((&loaded.own, &loaded.name_of, &loaded.level), (&levels::Own(1), &levels::NameOf(5), &levels::Level::High));
    assert_eq!((loaded.items.len(), loaded.pairs["a"].0, loaded.refused, loaded.no_such_word), (2, 4, 7, 8));
    let text = format!("{loaded:?}");
    assert!(text.contains("own: Own(1), items: [Items(2), Items(3)]") && text.contains("wiper_of: Secret(…)"), "{text}");
}

#[test]
fn generated_code_depends_on_no_name_of_the_module() {
    let loaded: without_prelude::Settings = crate::load(&[
        ("APP_ENV", "qa"),
        ("APP_KEY", "not-a-real-key"),
        ("APP_LIST", "a;b"),
        ("APP_DEPTH", "3"),
        ("APP_OWN", "x"),
        ("APP_PORT", "80"),
    ]);
    assert!(matches!(loaded.level, without_prelude::Level::High));
    assert_eq!((loaded.list.len(), loaded.beside.depth, loaded.inner.is_none()), (2, 3, true));
    assert_eq!(loaded.port.map(|port| port.0), Some(80));
    let loaded: shadowed::Settings = crate::load(&[("LEVEL", "none"), ("NUMBER", "4")]);
    assert!(matches!(loaded.level, shadowed::Level::None));
    assert_eq!((loaded.name, loaded.number), (None, 4));
}
