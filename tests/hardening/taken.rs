//! What a load makes of variables that were taken, and which they are.

use std::collections::BTreeSet;
use std::ffi::OsString;

use configcheck::memory::CREDENTIALS;
use configcheck::{AppConfig, ExposeSecret as _, Loader, Provider as _, Secret, providers};

/// Ten keys.
#[derive(AppConfig)]
#[expect(dead_code, reason = "few of them are looked at")]
struct Ten {
    a: Option<String>,
    b: Option<String>,
    c: Option<String>,
    d: Option<String>,
    e: Option<String>,
    f: Option<String>,
    g: Option<String>,
    h: Option<String>,
    i: Option<String>,
    key: Option<Secret<String>>,
}

/// So few keys that each is looked up.
#[derive(AppConfig)]
struct Narrow {
    #[config(nested)]
    taken_first: Ten,
}

/// So many keys that a load goes over the whole environment.
#[derive(AppConfig)]
#[expect(dead_code, clippy::struct_field_names, reason = "few of them are looked at, and their names are those of variables")]
struct Wide {
    #[config(nested)]
    taken_first: Ten,
    #[config(nested)]
    taken_second: Ten,
    #[config(nested)]
    taken_third: Ten,
    #[config(nested)]
    taken_fourth: Ten,
    #[config(nested)]
    taken_fifth: Ten,
    #[config(nested)]
    taken_sixth: Ten,
    #[config(nested)]
    taken_seventh: Ten,
    #[config(nested)]
    taken_eighth: Ten,
    #[config(nested)]
    taken_ninth: Ten,
    #[config(nested)]
    taken_tenth: Ten,
    #[config(nested)]
    taken_eleventh: Ten,
    #[config(nested)]
    taken_twelfth: Ten,
    #[config(nested)]
    taken_thirteenth: Ten,
}

fn loader() -> Loader {
    let value = |text: &str| text.as_bytes().to_vec().into();
    let variables = [("TAKEN_FIRST_KEY", "not-a-real-key"), ("TAKEN_FIRST_A", "plain"), ("TAKEN_FIRST_KEY", "a second value")];
    let taken = variables.map(|(name, text)| (OsString::from(name), value(text)));
    Loader::new().no_dotenv().no_standard_mounts().taken(taken)
}

fn is_loaded(ten: &Ten) -> bool {
    ten.key.as_ref().is_some_and(|key| key.expose_secret() == "not-a-real-key") && ten.a.as_deref() == Some("plain")
}

#[test]
fn schemas_of_every_size_read_what_was_taken() {
    assert!(is_loaded(&loader().load::<Narrow>().unwrap().taken_first));
    let wide: Wide = loader().load().unwrap();
    assert!(is_loaded(&wide.taken_first) && wide.taken_second.key.is_none());
}

#[test]
fn other_variables_in_place_of_the_environment_stand_for_all_of_it() {
    let settings: Narrow = loader().vars([("TAKEN_FIRST_B", "given")]).load().unwrap();
    assert!(settings.taken_first.key.is_none());
    assert_eq!(settings.taken_first.b.as_deref(), Some("given"));
    assert!(loader().no_environment().load::<Narrow>().unwrap().taken_first.key.is_none());
}

#[test]
fn the_credentials_are_those_of_the_providers() {
    let settings: BTreeSet<&str> = providers::compiled_in().iter().flat_map(|provider| provider.settings().iter().copied()).collect();
    let credentials: BTreeSet<&str> = CREDENTIALS.iter().copied().collect();
    assert!(credentials.is_subset(&settings), "{:?}", credentials.difference(&settings));
    let sounds = |name: &str| {
        let words = ["TOKEN", "SECRET_ACCESS_KEY", "SECRET_ID", "PASSWORD", "JWT", "IDENTITY", "AGE_KEY"];
        words.iter().any(|word| name.ends_with(word))
    };
    let others: Vec<&&str> = settings.iter().filter(|name| sounds(name) && !credentials.contains(**name)).collect();
    assert!(others.is_empty(), "{others:?} sound like credentials");
}
