//! A service with fifty secrets.

use configcheck::{AppConfig, ExposeSecret as _, Loader, Secret};

macro_rules! fifty {
    ($($field:ident)*) => {
        #[derive(AppConfig)]
        #[config(name = "fifty")]
        pub(crate) struct Fifty {
            $(pub(crate) $field: Secret<String>,)*
        }

        impl Fifty {
            /// The names of its variables, in the order of the struct.
            pub(crate) const NAMES: [&'static str; 50] = [$(stringify!($field),)*];

            /// The values, in the order of the struct.
            pub(crate) fn values(&self) -> [&str; 50] {
                [$(self.$field.expose_secret().as_str(),)*]
            }
        }
    };
}

fifty! {
    s01 s02 s03 s04 s05 s06 s07 s08 s09 s10 s11 s12 s13 s14 s15 s16 s17 s18 s19 s20 s21 s22 s23 s24
    s25 s26 s27 s28 s29 s30 s31 s32 s33 s34 s35 s36 s37 s38 s39 s40 s41 s42 s43 s44 s45 s46 s47 s48 s49 s50
}

/// A loader with a reference for each of the fifty, by its number.
pub(crate) fn fifty(environment: &[(&str, String)], reference: impl Fn(usize) -> String) -> Loader {
    let references = Fifty::NAMES.iter().enumerate().map(|(number, name)| (name.to_uppercase(), reference(number)));
    let own = environment.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    Loader::new().no_dotenv().no_standard_mounts().environment("test").vars(references.chain(own))
}

/// The value that a test stores for a number.
pub(crate) fn value(number: usize) -> String {
    format!("not-a-real-secret-{number}")
}

/// Whether all fifty came, each in its place.
pub(crate) fn assert_all(settings: &Fifty) {
    for (number, found) in settings.values().iter().enumerate() {
        assert_eq!(*found, value(number));
    }
}
