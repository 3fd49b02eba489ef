//! The fifty secrets: their names, their values, and the struct that Configcheck loads.

use configcheck::{AppConfig, ExposeSecret as _, Loader, Secret};

macro_rules! fifty {
    ($($field:ident)*) => {
        /// Fifty secrets.
        #[derive(AppConfig)]
        struct Fifty {
            $(#[allow(missing_docs)] $field: Secret<String>,)*
        }

        impl Fifty {
            fn values(&self) -> Vec<String> {
                vec![$(self.$field.expose_secret().clone()),*]
            }
        }

        const NAMES: &[&str] = &[$(stringify!($field)),*];
    };
}

fifty! {
    s00 s01 s02 s03 s04 s05 s06 s07 s08 s09 s10 s11 s12 s13 s14 s15 s16 s17 s18 s19 s20 s21 s22 s23 s24
    s25 s26 s27 s28 s29 s30 s31 s32 s33 s34 s35 s36 s37 s38 s39 s40 s41 s42 s43 s44 s45 s46 s47 s48 s49
}

pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().copied()
}

pub fn value(name: &str) -> String {
    format!("not-a-real-secret-{name}")
}

/// A client that fetches something else would be quick because it does not work.
pub fn check(values: &[String]) {
    assert!(values.iter().cloned().eq(names().map(value)), "not the fifty values");
}

/// Loads the fifty from the references of the variables, with these settings of the providers beside.
pub fn load(references: impl Fn(&str) -> String, settings: &[(&str, String)]) -> Vec<String> {
    let variables = names().map(|name| (name.to_uppercase(), references(name)));
    let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
    let loader = Loader::new().no_dotenv().no_standard_mounts().vars(variables.chain(settings));
    match loader.load::<Fifty>() {
        Ok(fifty) => fifty.values(),
        Err(error) => panic!("{error}"),
    }
}
