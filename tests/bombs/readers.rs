//! The bombs: how each is made, who reads it, and what the reader says.

use std::fs;

use configcheck::{AppConfig, Loader, Secret, SecretRef};
use configcheck_core::provider::{Fetched, Outcome};
use configcheck_dotenv::{Dialect, parse, read_as};
use configcheck_policy::{Needs, iam, kubernetes, vault};
use configcheck_testkit::FakeProvider;

/// An input that is small for what it can do.
pub(crate) struct Bomb {
    pub(crate) name: &'static str,
    pub(crate) make: fn() -> String,
    /// Reads it and gives back what was said.
    pub(crate) read: fn(&str) -> String,
    /// What has to be in that.
    pub(crate) says: &'static str,
}

const DEEP: &str = "deeper than";

pub(crate) const BOMBS: &[Bomb] = &[
    Bomb { name: "env-expansion", make: expansion, read: in_every_dialect, says: "1 MiB" },
    Bomb { name: "env-lines", make: || "A=\"x\n".repeat(20_000), read: in_every_dialect, says: "this double quote is never closed" },
    Bomb { name: "env-nested-references", make: || format!("A={}\n", "${A:-".repeat(20_000)), read: in_every_dialect, says: "refused" },
    Bomb { name: "env-value-of-brackets", make: || "[".repeat(2_000), read: |text| of_variable("LIST", text), says: "LIST" },
    Bomb { name: "env-value-of-braces", make: || "{\"a\":".repeat(20_000), read: |text| of_variable("MAP", text), says: "MAP" },
    Bomb {
        name: "env-nested-key",
        make: || format!("NESTED{}", "__A".repeat(20_000)),
        read: |name| of_variable(name, "1"),
        says: "nothing is wrong",
    },
    Bomb { name: "json-nesting", make: || "[".repeat(100_000), read: |text| of_file("json", text), says: DEEP },
    Bomb { name: "json-nested-tables", make: || "{\"a\":".repeat(100_000), read: |text| of_file("json", text), says: DEEP },
    Bomb {
        name: "json-many-values",
        make: || format!("[{}1]", "1,".repeat(500_000)),
        read: |text| of_file("json", text),
        says: "100,000 values",
    },
    Bomb { name: "toml-nesting", make: || format!("a = {}", "[".repeat(100_000)), read: |text| of_file("toml", text), says: "is" },
    Bomb {
        name: "toml-nested-tables",
        make: || format!("a = {}", "{ a = ".repeat(100_000)),
        read: |text| of_file("toml", text),
        says: "is",
    },
    Bomb { name: "toml-key", make: || format!("{}a = 1", "a.".repeat(20_000)), read: |text| of_file("toml", text), says: DEEP },
    Bomb { name: "toml-header", make: || format!("[{}a]\nb = 1\n", "a.".repeat(20_000)), read: |text| of_file("toml", text), says: DEEP },
    Bomb {
        name: "toml-headers",
        make: || format!("[{}a]\n", "a.".repeat(60)).repeat(20_000),
        read: |text| of_file("toml", text),
        says: "750,000",
    },
    Bomb { name: "yaml-aliases", make: aliases, read: |text| of_file("yaml", text), says: "anchors and aliases are not read" },
    Bomb { name: "yaml-nesting", make: || "[".repeat(100_000), read: |text| of_file("yaml", text), says: "is" },
    Bomb { name: "yaml-nested-lists", make: || format!("a:\n  {}", "- ".repeat(100_000)), read: |text| of_file("yaml", text), says: "is" },
    Bomb {
        name: "yaml-nested-keys",
        make: || (0..2_000).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
        read: |text| of_file("yaml", text),
        says: "is",
    },
    Bomb { name: "yaml-flow-keys", make: || "{a: ".repeat(100_000), read: |text| of_file("yaml", text), says: "is" },
    Bomb { name: "sops-json-nesting", make: || "{\"a\":".repeat(100_000), read: |text| of_sops("json", text), says: DEEP },
    Bomb { name: "sops-yaml-aliases", make: aliases, read: |text| of_sops("yaml", text), says: "alias" },
    Bomb { name: "sops-yaml-nesting", make: || "[".repeat(100_000), read: |text| of_sops("yaml", text), says: "is" },
    Bomb {
        name: "sops-ini-sections",
        make: || (0..200_000).map(|number| format!("[{number}]\n")).collect(),
        read: |text| of_sops("ini", text),
        says: "100,000 values",
    },
    Bomb { name: "secret-of-json", make: || "[".repeat(100_000), read: of_manager, says: "JWT_SECRET" },
    Bomb { name: "reference-steps", make: || format!("vault:{}", "a/".repeat(100_000)), read: of_reference, says: "2,048" },
    Bomb { name: "reference-options", make: || format!("vault:a/b?{}", "a=b&".repeat(100_000)), read: of_reference, says: "2,048" },
    Bomb { name: "schema-nesting", make: || "{\"a\":".repeat(100_000), read: of_schema, says: "refused" },
    Bomb {
        name: "schema-types",
        make: || schema(&format!("{}{{\"kind\":\"text\"}}{}", "{\"kind\":\"list\",\"item\":".repeat(60), "}".repeat(60)), "a"),
        read: of_schema,
        says: "deep",
    },
    Bomb {
        name: "schema-key",
        make: || schema("{\"kind\":\"text\"}", &format!("{}a", "a.".repeat(20_000))),
        read: of_schema,
        says: "refused",
    },
    Bomb { name: "example-types", make: || format!("# @type={}\nA=1\n", "list(".repeat(100_000)), read: of_schema, says: "said" },
    Bomb { name: "example-functions", make: || format!("A={}\n", "fallback(".repeat(100_000)), read: of_schema, says: "said" },
    Bomb { name: "policy-json-nesting", make: || "[".repeat(100_000), read: of_iam, says: "not read" },
    Bomb { name: "policy-hcl-nesting", make: || format!("path \"a\" {{ a = {}", "[".repeat(100_000)), read: of_vault, says: "not read" },
    Bomb { name: "policy-hcl-blocks", make: || "path \"a\" {\n".repeat(100_000), read: of_vault, says: "not read" },
    Bomb { name: "policy-yaml-aliases", make: aliases, read: of_kubernetes, says: "not read" },
    Bomb { name: "policy-yaml-nesting", make: || "[".repeat(100_000), read: of_kubernetes, says: "not read" },
];

/// 313 bytes that a reader who expands without a bound makes 160 MiB of.
fn expansion() -> String {
    let mut text = "A0=0123456789\n".to_owned();
    for number in 1..8 {
        text.push_str(&format!("A{number}={}\n", format!("${{A{}}}", number - 1).repeat(11)));
    }
    text
}

/// 396 bytes that a reader who follows aliases makes 10^9 values of.
fn aliases() -> String {
    let mut text = "a: &a [\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\",\"lol\"]\n".to_owned();
    for (name, before) in ["b", "c", "d", "e", "f", "g", "h", "i"].into_iter().zip(["a", "b", "c", "d", "e", "f", "g", "h"]) {
        text.push_str(&format!("{name}: &{name} [{}]\n", vec![format!("*{before}"); 9].join(",")));
    }
    text
}

#[allow(dead_code, reason = "nothing is read of what is never loaded")]
#[derive(AppConfig)]
struct Settings {
    #[config(from = "vault:secret/data/shop#a")]
    jwt_secret: Option<Secret<String>>,
    list: Option<Vec<u32>>,
    map: Option<std::collections::BTreeMap<String, u32>>,
}

fn loader() -> Loader {
    empty().set("JWT_SECRET", "not-a-real-key")
}

fn empty() -> Loader {
    Loader::new().environment("production").no_dotenv().no_standard_mounts().vars([("UNRELATED", "1")])
}

fn told(loader: &Loader) -> String {
    let report = loader.inspect::<Settings>();
    if report.findings.is_empty() { "nothing is wrong".to_owned() } else { configcheck::render::plain(&report) }
}

fn in_every_dialect(text: &str) -> String {
    let mut said: Vec<String> = parse(text.as_bytes()).problems().take(1).map(ToString::to_string).collect();
    for dialect in Dialect::ALL {
        let reading = read_as(text.as_bytes(), *dialect, &|_| None);
        said.extend(reading.refusals.iter().take(1).map(|refusal| format!("{} refused: {refusal}", dialect.name())));
    }
    said.join("; ")
}

fn of_variable(name: &str, value: &str) -> String {
    told(&loader().vars([(name, value)]))
}

fn of_file(format: &str, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("config.{format}"));
    fs::write(&path, text).unwrap();
    told(&loader().file(path))
}

fn of_sops(format: &str, text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("secrets.{format}"));
    fs::write(&path, text).unwrap();
    told(&loader().secrets_from(format!("sops:{}", path.display())))
}

fn of_manager(text: &str) -> String {
    let value = text.to_owned();
    told(&empty().provider(FakeProvider::answering("vault", move |_| Outcome::Found(Fetched::value(value.clone().into_bytes())))))
}

fn of_reference(text: &str) -> String {
    match SecretRef::parse(text) {
        Some(Err(error)) => format!("{error}"),
        other => format!("read: {}", other.is_some()),
    }
}

fn schema(form: &str, path: &str) -> String {
    format!(
        r#"{{"version":1,"name":"shop","environment_variable":"APP_ENV","keys":[{{"variable":"A","path":"a","file_path":"{path}","type":{form},"required":true}}]}}"#
    )
}

/// What is read of a schema is also exported, written, compared and loaded with.
fn of_schema(text: &str) -> String {
    match configcheck_schema::read(text.as_bytes()) {
        Err(error) => format!("refused: {error}"),
        Ok(file) => {
            let size = file.schema.to_json().len() + configcheck_schema::json_schema(&file.schema).len();
            let changes = configcheck_schema::breaking::changes(&file.schema, &file.schema).len();
            format!("said in {size} bytes and {changes} changes")
        }
    }
}

fn needs(text: &str) -> Needs {
    let mut needs = Needs::default();
    needs.add(&SecretRef::parse(text).unwrap().unwrap(), "JWT_SECRET");
    needs
}

fn unread(compared: Result<configcheck_policy::Drift, configcheck_policy::Unread>) -> String {
    compared.map_or_else(|unread| format!("not read: {unread}"), |drift| format!("read: {}", drift.is_none()))
}

fn of_iam(text: &str) -> String {
    let options = iam::Options { region: Some("*".to_owned()), account: Some("*".to_owned()), ..iam::Options::default() };
    unread(iam::compare(&needs("aws-sm:app#key"), &options, text).unwrap())
}

fn of_vault(text: &str) -> String {
    unread(vault::compare(&needs("vault:secret/data/app#key"), &vault::Options::default(), text).unwrap())
}

fn of_kubernetes(text: &str) -> String {
    let options = kubernetes::Options { service: "shop".to_owned(), ..kubernetes::Options::default() };
    unread(kubernetes::compare(&needs("k8s:shop/app#key"), &options, text).unwrap())
}
