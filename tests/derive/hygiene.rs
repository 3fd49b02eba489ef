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
