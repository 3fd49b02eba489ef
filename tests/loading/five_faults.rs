//! One struct, five faults: all five in one run, no secret, no password of a URL, wherever the faults stand.

use configcheck::{AppConfig, Environment, Loader, Secret};
use url::Url;

use super::{errors, write};

#[derive(AppConfig)]
#[config(name = "shop")]
struct Settings {
    /// Which environment this is.
    app_env: Environment,
    /// The port.
    port: u16,
    /// The database.
    #[allow(dead_code)]
    database_url: Secret<Url>,
    /// Signs sessions.
    #[validate(length(min = 32))]
    #[allow(dead_code)]
    jwt_secret: Secret<String>,
    /// Connections.
    pool_size: u32,
    /// The new checkout.
    ff_new_checkout: bool,
}

const FAULTS: [(&str, &str); 5] =
    [("APP_ENV", "production"), ("PORT", "80a80"), ("JWT_SECRET", "hunter2-short"), ("POOL_SIZE", "-1"), ("FF_NEW_CHECKOUT", "yes")];

const EXPECTED: [(&str, &str); 5] = [
    ("invalid-value", "PORT"),
    ("missing-required", "DATABASE_URL"),
    ("constraint-violated", "JWT_SECRET"),
    ("invalid-value", "POOL_SIZE"),
    ("invalid-value", "FF_NEW_CHECKOUT"),
];

fn loader() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().vars(Vec::<(String, String)>::new())
}

#[test]
fn all_five_in_one_run() {
    let Err(error) = loader().vars(FAULTS).load::<Settings>() else { panic!("it must not load") };
    assert_eq!(errors(error.report()), EXPECTED);
    for text in [error.to_string(), format!("{error:?}"), format!("{error:#?}")] {
        assert!(!text.contains("hunter2"), "{text}");
        for part in ["80a80", "-1", "yes", "DATABASE_URL", "JWT_SECRET", "PORT"] {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
    }
}

#[test]
fn wherever_they_stand_and_each_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".env", "# development\nFF_NEW_CHECKOUT=yes\nJWT_SECRET='hunter2-short'\n");
    write(folder.path(), "shop.toml", "# shop\npool_size = -1\n");
    let loader =
        loader().dotenv_dir(folder.path()).file(folder.path().join("shop.toml")).vars([("APP_ENV", "development"), ("PORT", "80a80")]);
    let report = loader.inspect::<Settings>();
    assert_eq!(errors(&report), EXPECTED);
    let places: Vec<String> = report.active().map(|finding| finding.place.to_string()).collect();
    let path = |name: &str| folder.path().join(name).display().to_string();
    assert_eq!(places[0], "environment variable PORT");
    assert_eq!(places[2], format!("{}:3:12", path(".env")));
    assert_eq!(places[3], format!("{}:2:13", path("shop.toml")));
    assert_eq!(places[4], format!("{}:2:17", path(".env")));
    assert!(!format!("{report:?}").contains("hunter2"));
}

#[test]
fn a_password_in_a_bad_url_is_not_shown_even_when_the_field_is_no_secret() {
    #[derive(AppConfig)]
    struct Plain {
        #[allow(dead_code)]
        database_url: Url,
        #[config(public)]
        #[allow(dead_code)]
        copy: String,
        #[allow(dead_code)]
        size: u8,
    }
    let bad = "postgres://app:hunter2@db:54a32/shop";
    let variables = [("DATABASE_URL", bad), ("COPY", bad), ("SIZE", bad)];
    let Err(error) = loader().vars(variables).load::<Plain>() else { panic!("it must not load") };
    assert_eq!(errors(error.report()), [("invalid-value", "DATABASE_URL"), ("invalid-value", "SIZE")]);
    let text = format!("{error}{error:?}");
    assert!(!text.contains("hunter2"), "{text}");
    assert!(text.contains("postgres://***@db:54a32/shop"), "{text}");
}

#[test]
fn a_good_environment_loads() {
    let good = [
        ("APP_ENV", "production"),
        ("PORT", "8080"),
        ("DATABASE_URL", "postgres://app:not-a-real-one@db.example.com/shop"),
        ("JWT_SECRET", "not-a-real-key-7f3a-91bc-44de-08aa"),
        ("POOL_SIZE", "4"),
        ("FF_NEW_CHECKOUT", "true"),
    ];
    let settings: Settings = loader().vars(good).load().unwrap();
    assert_eq!((settings.port, settings.pool_size, settings.ff_new_checkout), (8080, 4, true));
    assert!(settings.app_env.is_production());
}
