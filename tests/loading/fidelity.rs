//! A value arrives byte for byte, from every source that can carry it.

use configcheck::{AppConfig, ExposeSecret, Loader, Secret, SecretRef};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::write;

#[derive(AppConfig)]
struct Pins {
    #[config(public)]
    password: String,
    token: Secret<String>,
}

/// What peers mangle: leading zeros, words, exponents, quotes, blanks, brackets, separators, dollars.
const PROBES: [&str; 16] = [
    "0123456",
    "true",
    "12345678901234567890",
    "\"quoted\"",
    " lead",
    "trail ",
    "[abc",
    "{x}",
    "1e5",
    "1_000",
    "a,b",
    "null",
    "pa$$word",
    "a#b c",
    "~",
    "C:\\dir\\new",
];

fn loader() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().environment("development").vars(Vec::<(String, String)>::new())
}

fn check(loader: &Loader, expected: &str) {
    let pins: Pins = loader.load().unwrap();
    assert_eq!(pins.password, expected);
    assert_eq!(pins.token.expose_secret(), expected);
}

fn from_environment(value: &str) {
    check(&loader().vars([("PASSWORD", value), ("TOKEN", value)]), value);
}

fn from_dotenv(folder: &std::path::Path, written: &str, value: &str) {
    write(folder, ".env", format!("PASSWORD={written}\nTOKEN={written}\n"));
    check(&loader().dotenv_dir(folder), value);
}

fn from_toml(folder: &std::path::Path, value: &str) {
    let quoted = toml::Value::String(value.to_owned());
    write(folder, "pins.toml", format!("password = {quoted}\ntoken = {quoted}\n"));
    check(&loader().file(folder.join("pins.toml")), value);
}

fn from_json(folder: &std::path::Path, value: &str) {
    write(folder, "pins.json", serde_json::json!({ "password": value, "token": value }).to_string());
    check(&loader().file(folder.join("pins.json")), value);
}

fn from_yaml(folder: &std::path::Path, value: &str) {
    // A JSON string is a YAML double-quoted scalar.
    let quoted = serde_json::Value::String(value.to_owned());
    write(folder, "pins.yaml", format!("password: {quoted}\ntoken: {quoted}\n"));
    check(&loader().file(folder.join("pins.yaml")), value);
}

fn from_mounted(folder: &std::path::Path, value: &str) {
    write(folder, "password", value);
    write(folder, "TOKEN", value);
    check(&loader().mounted_dir(folder), value);
}

#[test]
fn probes_arrive_unchanged_from_every_source() {
    let folder = tempfile::tempdir().unwrap();
    let mounted = tempfile::tempdir().unwrap();
    for probe in PROBES {
        from_environment(probe);
        from_dotenv(folder.path(), &format!("'{probe}'"), probe);
        from_toml(folder.path(), probe);
        from_json(folder.path(), probe);
        from_yaml(folder.path(), probe);
        from_mounted(mounted.path(), probe);
    }
}

#[test]
fn one_final_line_end_of_a_mounted_file_is_not_part_of_the_value() {
    let folder = tempfile::tempdir().unwrap();
    for (written, value) in [("a\n", "a"), ("a\r\n", "a"), ("a\n\n", "a\n"), ("a", "a"), (" a ", " a ")] {
        write(folder.path(), "password", written);
        write(folder.path(), "token", written);
        check(&loader().mounted_dir(folder.path()), value);
    }
}

/// Values that any source can carry: no NUL, which fits into no variable; not empty, which is no value; and no reference, which would be
/// followed.
fn value() -> impl Strategy<Value = String> {
    let values = prop_oneof![any::<String>(), "[ -~]{1,60}", "[\"'\\\\$#`{}\\[\\], =\t]{1,12}"];
    values.prop_filter("carried", |value| !value.is_empty() && !value.contains('\0') && !SecretRef::is_reference(value))
}

fn run<S: Strategy>(cases: u32, strategy: S, check: impl Fn(S::Value)) {
    let config = Config { failure_persistence: None, ..Config::with_cases(cases) };
    let result = TestRunner::new(config).run(&strategy, |value| {
        check(value);
        Ok(())
    });
    result.unwrap();
}

/// The number of random values that go through each source.
const VALUES: u32 = 100_000;

#[test]
fn random_values_arrive_from_the_environment() {
    run(VALUES, value(), |value| from_environment(&value));
    told("environment", VALUES);
}

#[test]
fn random_values_arrive_from_overrides() {
    run(VALUES, value(), |value| check(&loader().set("PASSWORD", &value).set("TOKEN", &value), &value));
    told("overrides", VALUES);
}

/// The figure of a source: a value that had changed would have failed the test.
fn told(source: &str, values: u32) {
    println!("figure: V1.{source} values={values} changed=0");
}

/// Files are read with many values at once.
macro_rules! many {
    ($($field:ident $variable:literal)*) => {
        #[derive(AppConfig)]
        struct Many {
            $(#[config(env = $variable)] $field: String,)*
        }

        const NAMES: &[&str] = &[$(stringify!($field)),*];

        fn check_many(loader: &Loader, expected: &[String]) {
            let many: Many = loader.load().unwrap();
            assert_eq!([$(many.$field),*].as_slice(), expected);
        }
    };
}

many! {
    a "A" b "B" c "C" d "D" e "E" f "F" g "G" h "H" i "I" j "J" k "K" l "L" m "M" n "N" o "O" p "P" q "Q" r "R" s "S" t "T" u "U" v "V" w "W" x "X"
    y "Y"
}

fn run_many(source: &str, check: impl Fn(Vec<String>)) {
    let count = NAMES.len();
    run(VALUES / u32::try_from(count).unwrap(), proptest::collection::vec(value(), count), check);
    told(source, VALUES);
}

fn lines(values: &[String], line: impl Fn(&str, &str) -> String) -> String {
    NAMES.iter().zip(values).map(|(name, value)| line(name, value)).collect()
}

#[test]
fn random_values_arrive_from_dotenv_files() {
    let folder = tempfile::tempdir().unwrap();
    run_many("dotenv", |values| {
        let text = lines(&values, |name, value| {
            let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('\n', "\\n").replace('\r', "\\r");
            format!("{}=\"{escaped}\"\n", name.to_uppercase())
        });
        write(folder.path(), ".env", text);
        check_many(&loader().dotenv_dir(folder.path()), &values);
    });
}

#[test]
fn random_values_arrive_from_toml_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.toml");
    run_many("toml", |values| {
        write(folder.path(), "many.toml", lines(&values, |name, value| format!("{name} = {}\n", toml::Value::String(value.to_owned()))));
        check_many(&loader().file(&path), &values);
    });
}

#[test]
fn random_values_arrive_from_json_files() {
    let folder = tempfile::tempdir().unwrap();
    run_many("json", |values| {
        let quoted = |value: &str| serde_json::Value::String(value.to_owned());
        let members = lines(&values, |name, value| format!(",\"{name}\":{}", quoted(value)));
        write(folder.path(), "many.json", format!("{{{}}}", &members[1..]));
        check_many(&loader().file(folder.path().join("many.json")), &values);
    });
}

#[test]
fn random_values_arrive_from_yaml_files() {
    let folder = tempfile::tempdir().unwrap();
    run_many("yaml", |values| {
        // YAML wants everything but printable text escaped.
        let escaped = |value: &str| -> String {
            let plain = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
            value.chars().map(|c| if plain(c) { c.to_string() } else { format!("\\U{:08x}", u32::from(c)) }).collect()
        };
        write(folder.path(), "many.yaml", lines(&values, |name, value| format!("{name}: \"{}\"\n", escaped(value))));
        check_many(&loader().file(folder.path().join("many.yaml")), &values);
    });
}

#[test]
fn random_values_arrive_from_mounted_files() {
    let folder = tempfile::tempdir().unwrap();
    run_many("mounted", |values| {
        // One final line end is not part of the value; the file of a value that ends in one has another.
        let whole = |value: &String| if value.ends_with('\n') { format!("{value}\n") } else { value.clone() };
        NAMES.iter().zip(&values).for_each(|(name, value)| write(folder.path(), name, whole(value)));
        check_many(&loader().mounted_dir(folder.path()), &values);
    });
}
