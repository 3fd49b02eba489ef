//! Failures of variables, of the rules for production, of relations between fields, and plain fields with a password in a URL.

use super::*;

pub(super) fn overrides_and_variables() -> Vec<Failure> {
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

pub(super) fn deployed_rules() -> Vec<Failure> {
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
            std::fs::write(folder.join(".env"), around("TOKEN=", &quoted_for_env(secret), "\n")).unwrap();
            deployed("production").dotenv_dir(folder).dotenv_everywhere()
        }),
        failure::<settings::Deployed>(".env that is ignored", |folder, secret| {
            std::fs::write(folder.join(".env"), around("TOKEN=", &quoted_for_env(secret), "\n")).unwrap();
            deployed("production").dotenv_dir(folder)
        }),
        failure::<settings::Deployed>(".env without an environment", |folder, secret| {
            std::fs::write(folder.join(".env"), around("TOKEN=", &quoted_for_env(secret), "\n")).unwrap();
            Loader::new().no_standard_mounts().dotenv_dir(folder).vars(Vec::<(String, String)>::new())
        }),
        failure::<settings::Deployed>("environment that is none", |_, secret| deployed("prodction").vars([("TOKEN", os(secret))])),
        failure::<settings::WithDefault>("default in production", |_, secret| deployed("production").vars([("TOKEN", os(secret))])),
    ]
}

pub(super) fn relations() -> Vec<Failure> {
    vec![
        failure::<settings::Renamed>("alias", |_, secret| base().vars([("OLD_TOKEN", os(secret))])),
        failure::<settings::Renamed>("alias and name with different values", |_, secret| {
            base().vars([("OLD_TOKEN", os(secret)), ("TOKEN", "not-a-real-one".into())])
        }),
        failure::<settings::Renamed>("alias and name in a file", |folder, secret| {
            let value = quoted_for_env(secret);
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
pub(super) fn plain_fields() -> Vec<Failure> {
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
            let value = quoted_for_env(&around("postgres://app:", secret, "@db:54a32/shop"));
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
