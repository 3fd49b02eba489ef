//! Failures of config files, figment providers and mounted files.

use super::*;

pub(super) fn toml_files() -> Vec<Failure> {
    let raw = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, secret, after);
    let text = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, &quoted(secret), after);
    vec![
        file::<settings::Number>("TOML: wrong type", "a.toml", text("token = ", "\n")),
        file::<settings::Number>("TOML: syntax behind the secret", "a.toml", text("token = ", " and more\n")),
        file::<settings::Number>("TOML: without quotes", "a.toml", raw("token = ", "\n")),
        file::<settings::Number>("TOML: quote that is never closed", "a.toml", raw("token = \"", "\n")),
        file::<settings::Number>("TOML: long quote that is never closed", "a.toml", raw("token = '''", "\n")),
        file::<settings::Number>("TOML: syntax on a line before", "a.toml", text("size = = 1\ntoken = ", "\n")),
        file::<settings::Number>("TOML: syntax on a line behind", "a.toml", text("token = ", "\nsize = = 1\n")),
        file::<settings::Number>("TOML: no =", "a.toml", raw("", "\n")),
        file::<settings::Number>("TOML: no value", "a.toml", raw("", " =\n")),
        file::<settings::Number>("TOML: secret as a key", "a.toml", text("", " = 1\n")),
        file::<settings::Number>("TOML: secret as a key without quotes", "a.toml", raw("", " = 1\n")),
        file::<settings::Group>("TOML: secret as a key of a table", "a.toml", text("[token]\n", " = 1\n")),
        file::<settings::Number>("TOML: secret as a table", "a.toml", text("[", "]\na = 1\n")),
        file::<settings::Number>("TOML: secret as a table without quotes", "a.toml", raw("[", "]\na = 1\n")),
        file::<settings::Number>("TOML: duplicate key", "a.toml", text("token = \"x\"\ntoken = ", "\n")),
        file::<settings::Number>("TOML: duplicate key of the secret", "a.toml", |secret| {
            let key = quoted(secret);
            joined(&[&key, b" = 1\n", &key, b" = 2\n"])
        }),
        file::<settings::Number>("TOML: table where text is expected", "a.toml", text("[token]\na = ", "\n")),
        file::<settings::Number>("TOML: inline table where text is expected", "a.toml", text("token = { a = ", " }\n")),
        file::<settings::Group>("TOML: text where a table is expected", "a.toml", text("token = ", "\n")),
        file::<settings::Number>("TOML: list where text is expected", "a.toml", text("token = [", "]\n")),
        file::<settings::List>("TOML: list with a bad item", "a.toml", text("token = [1, ", "]\n")),
        file::<settings::Map>("TOML: table with a bad key", "a.toml", text("[token]\n", " = 1\n")),
        file::<settings::Map>("TOML: list where a table is expected", "a.toml", text("token = [", "]\n")),
        file::<settings::Two>("TOML: good, and findings behind it", "a.toml", text("token = ", "\nsize = \"x\"\nsise = 1\n")),
        file::<settings::Number>("TOML: NUL behind the secret", "a.toml", raw("token = \"", "\0\"\n")),
        file::<settings::Number>("TOML: bad escape behind the secret", "a.toml", raw("token = \"", "\\q\"\n")),
        file::<settings::Number>("TOML: bytes that are no text behind the secret", "a.toml", |secret| {
            joined(&[b"token = \"", secret, b"\xff\"\n"])
        }),
        file::<settings::Token>("unknown format", "a.ini", raw("token=", "\n")),
    ]
}

pub(super) fn yaml_files() -> Vec<Failure> {
    let raw = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, secret, after);
    let text = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, &quoted(secret), after);
    vec![
        file::<settings::Number>("YAML: wrong type", "a.yaml", text("token: ", "\n")),
        file::<settings::Number>("YAML: without quotes", "a.yaml", raw("token: ", "\n")),
        file::<settings::Number>("YAML: syntax behind the secret", "a.yaml", text("token: ", " and: more: \"\n")),
        file::<settings::Number>("YAML: quote that is never closed", "a.yaml", raw("token: \"", "\n")),
        file::<settings::Number>("YAML: syntax on a line before", "a.yaml", text("size: [1\ntoken: ", "\n")),
        file::<settings::Number>("YAML: syntax on a line behind", "a.yaml", text("token: ", "\nsize: ]\n")),
        file::<settings::Number>("YAML: secret as a key", "a.yaml", text("", ": 1\n")),
        file::<settings::Number>("YAML: only the secret", "a.yaml", raw("", "\n")),
        file::<settings::Number>("YAML: secret as an alias", "a.yaml", raw("token: *", "\n")),
        file::<settings::Number>("YAML: secret as an anchor", "a.yaml", raw("token: &", " 1\n")),
        file::<settings::Number>("YAML: secret as a tag", "a.yaml", raw("token: !", " 1\n")),
        file::<settings::Number>("YAML: secret as a directive", "a.yaml", raw("%", "\n---\ntoken: 1\n")),
        file::<settings::Number>("YAML: duplicate key of the secret", "a.yaml", |secret| {
            let key = quoted(secret);
            joined(&[&key, b": 1\n", &key, b": 2\n"])
        }),
        file::<settings::Number>("YAML: table where text is expected", "a.yaml", text("token:\n  a: ", "\n")),
        file::<settings::Group>("YAML: text where a table is expected", "a.yaml", text("token: ", "\n")),
        file::<settings::Number>("YAML: two documents", "a.yaml", text("token: ", "\n---\ntoken: 2\n")),
        file::<settings::Number>("YAML: block of text", "a.yaml", |secret| {
            around("token: |\n  ", lossy(secret).replace('\n', "\n  ").as_bytes(), "\n")
        }),
        file::<settings::Two>("YAML: good, and findings behind it", "a.yml", text("token: ", "\nsize: x\nsise: 1\n")),
    ]
}

pub(super) fn json_files() -> Vec<Failure> {
    let raw = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, secret, after);
    let text = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, &quoted(secret), after);
    vec![
        file::<settings::Number>("JSON: wrong type", "a.json", text("{\"token\": ", "}\n")),
        file::<settings::Number>("JSON: without quotes", "a.json", raw("{\"token\": ", "}\n")),
        file::<settings::Number>("JSON: syntax behind the secret", "a.json", text("{\"token\": ", " \"more\"}\n")),
        file::<settings::Number>("JSON: quote that is never closed", "a.json", raw("{\"token\": \"", "}\n")),
        file::<settings::Number>("JSON: syntax on a line before", "a.json", text("{\"size\": ,\n\"token\": ", "}\n")),
        file::<settings::Number>("JSON: syntax on a line behind", "a.json", text("{\"token\": ", ",\n\"size\": ,}\n")),
        file::<settings::Number>("JSON: all on one line, syntax at its end", "a.json", text("{\"token\": ", ", \"size\": ,}\n")),
        file::<settings::Two>(
            "JSON: all on one line, findings behind it",
            "a.json",
            text("{\"token\": ", ", \"size\": \"x\", \"sise\": 1}\n"),
        ),
        file::<settings::Number>("JSON: cut off", "a.json", text("{\"token\": ", "")),
        file::<settings::Number>("JSON: secret as a key", "a.json", text("{", ": 1}\n")),
        file::<settings::Number>("JSON: duplicate key of the secret", "a.json", |secret| {
            let key = quoted(secret);
            joined(&[b"{", &key, b": 1, ", &key, b": 2}\n"])
        }),
        file::<settings::Number>("JSON: duplicate key", "a.json", text("{\"token\": ", ", \"token\": 1}\n")),
        file::<settings::Number>("JSON: only the secret", "a.json", text("", "\n")),
        file::<settings::Number>("JSON: table where text is expected", "a.json", text("{\"token\": {\"a\": ", "}}\n")),
        file::<settings::Group>("JSON: text where a table is expected", "a.json", text("{\"token\": ", "}\n")),
        file::<settings::Texts>("JSON: deep list", "a.json", text("{\"token\": [[[[", "]]]]}\n")),
    ]
}

pub(super) fn figment_providers() -> Vec<Failure> {
    fn layer<T: AppConfig + Debug>(name: &'static str, value: fn(String) -> Result<figment::value::Value, String>) -> Failure {
        failure::<T>(name, move |_, secret| base().layer(Figment(value(lossy(secret)))))
    }
    vec![
        layer::<settings::Number>("figment: wrong type", |text| Ok(text.into())),
        layer::<settings::Number>("figment: error that quotes", |text| Err(format!("found string {text:?}, expected u32"))),
        layer::<settings::Number>("figment: list where text is expected", |text| Ok(vec![text].into())),
        layer::<settings::Group>("figment: text where a table is expected", |text| Ok(text.into())),
        layer::<settings::Number>("figment: secret as a key", |text| Ok(figment::value::Dict::from([(text, 1.into())]).into())),
        failure::<settings::Number>("figment: syntax of its TOML", |folder, secret| {
            use figment::providers::Format as _;
            let path = folder.join("figment.toml");
            std::fs::write(&path, around("token = ", secret, " = \n")).unwrap();
            base().layer(figment::providers::Toml::file(path))
        }),
    ]
}

pub(super) fn mounted_files() -> Vec<Failure> {
    vec![
        mounted::<settings::Number>("mounted: wrong type", "token", <[u8]>::to_vec),
        mounted::<settings::Token>("mounted: not UTF-8", "TOKEN", |secret| joined(&[secret, b"\xff"])),
        mounted::<settings::Token>("mounted: too large", "token", |secret| joined(&[secret, &vec![b'x'; 2 << 20]])),
        failure::<settings::Token>("mounted: two files for one key", |folder, secret| {
            std::fs::write(folder.join("token"), secret).unwrap();
            std::fs::write(folder.join("Token"), "not-a-real-one").unwrap();
            base().mounted_dir(folder)
        }),
        failure::<settings::Number>("mounted: secret as the name of a file", |folder, secret| {
            let name: String = lossy(secret).chars().filter(|c| *c != '/').take(60).collect();
            std::fs::write(folder.join(name), "1").unwrap();
            base().mounted_dir(folder)
        }),
        failure::<settings::Number>("KEY_FILE: wrong type", |folder, secret| {
            std::fs::write(folder.join("anything"), secret).unwrap();
            base().vars([("TOKEN_FILE", folder.join("anything"))])
        }),
        failure::<settings::Number>("KEY_FILE that is the secret", |_, secret| base().vars([("TOKEN_FILE", os(secret))])),
        failure::<settings::Token>("KEY and KEY_FILE", |folder, secret| {
            std::fs::write(folder.join("anything"), "not-a-real-one").unwrap();
            base().vars([("TOKEN", os(secret)), ("TOKEN_FILE", folder.join("anything").into())])
        }),
        failure::<settings::Token>("KEY and KEY_FILE, the secret in the file", |folder, secret| {
            std::fs::write(folder.join("anything"), secret).unwrap();
            base().vars([("TOKEN", "not-a-real-one".into()), ("TOKEN_FILE", folder.join("anything").into_os_string())])
        }),
    ]
}
