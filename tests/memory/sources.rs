//! The sources that are read here, without anybody's client: no copy but the secret's own, and none when that is dropped.

use std::fs;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::probed::marker;
use crate::source::{Bounds, NONE, Source, VARIABLE, check, check_at_most, check_refused};

/// The process's own block of variables is the one copy that is not ours: it is there before the first line of the program.
const BLOCK: Bounds = Bounds::of(1, 0);

/// A private key in its armour, of about that many bytes, in lines of 64. Its last bytes stand nowhere else in it.
fn pem(length: usize) -> String {
    let body = marker(length);
    let lines: Vec<&str> = (0..body.len()).step_by(64).map(|at| &body[at..body.len().min(at + 64)]).collect();
    format!("-----BEGIN NOT A REAL KEY-----\n{}\n-----END {} KEY-----\n", lines.join("\n"), marker(24))
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[test]
fn env_files() {
    let one = |row: &str, value: &str, line: String| {
        let folder = folder();
        let source = Source::new(&folder, &[value]).file(".env", &format!("# keys\n{line}\n")).argument("dotenv=.");
        check(row, source, NONE);
    };
    let value = marker(66);
    one("dotenv.plain", &value, format!("{VARIABLE}={value}"));
    let value = marker(66);
    one("dotenv.single", &value, format!("{VARIABLE}='{value}'"));
    let value = marker(66);
    one("dotenv.double", &value, format!("{VARIABLE}=\"{value}\""));
    let value = format!("{} $x", marker(63));
    one("dotenv.blank", &value, format!("{VARIABLE}='{value}'"));
    let (first, second) = (marker(66), marker(66));
    one("dotenv.lines", &format!("{first}\n{second}"), format!("{VARIABLE}='{first}\n{second}'"));
    one("dotenv.escapes", &format!("{first}\n{second}"), format!("{VARIABLE}=\"{first}\\n{second}\""));
    let key = pem(4096);
    one("dotenv.pem", &key, format!("{VARIABLE}=\"{key}\""));
    one("dotenv.pem-escaped", &key, format!("{VARIABLE}=\"{}\"", key.replace('\n', "\\n")));
}

#[test]
fn env_file_of_bytes() {
    let (folder, value) = (folder(), marker(66));
    let source = Source::new(&folder, &[&value]).shape("bytes").file(".env", &format!("{VARIABLE}={value}\n")).argument("dotenv=.");
    check("dotenv.bytes", source, NONE);
}

#[test]
fn config_files() {
    let one = |row: &str, name: &str, shape: &str, values: &[&str], text: String| {
        let folder = folder();
        let source = Source::new(&folder, values).shape(shape).file(name, &text).argument(format!("file={name}"));
        check(row, source, NONE);
    };
    let value = marker(66);
    one("toml.basic", "a.toml", "text", &[&value], format!("probe_value = \"{value}\"\n"));
    one("toml.literal", "a.toml", "text", &[&value], format!("probe_value = '{value}'\n"));
    one("toml.bytes", "a.toml", "bytes", &[&value], format!("probe_value = '{value}'\n"));
    one("json", "a.json", "text", &[&value], format!("{{\"probe_value\": \"{value}\"}}\n"));
    one("yaml.plain", "a.yaml", "text", &[&value], format!("probe_value: {value}\n"));
    one("yaml.double", "a.yaml", "text", &[&value], format!("probe_value: \"{value}\"\n"));
    one("yaml.single", "a.yaml", "text", &[&value], format!("probe_value: '{value}'\n"));
    let (first, second) = (marker(66), marker(66));
    let both = format!("{first}\n{second}");
    one("toml.escapes", "a.toml", "text", &[&both], format!("probe_value = \"{first}\\n{second}\"\n"));
    one("json.escapes", "a.json", "text", &[&both], format!("{{\"probe_value\": \"{first}\\n{second}\"}}\n"));
    one("yaml.escapes", "a.yaml", "text", &[&both], format!("probe_value: \"{first}\\n{second}\"\n"));
    let key = pem(4096);
    let escaped = key.replace('\n', "\\n");
    one("toml.pem", "a.toml", "text", &[&key], format!("probe_value = '''\n{key}'''\n"));
    one("json.pem", "a.json", "text", &[&key], format!("{{\"probe_value\": \"{escaped}\"}}\n"));
    let indented = key.lines().map(|line| format!("  {line}\n")).collect::<String>();
    one("yaml.pem", "a.yaml", "text", &[&key], format!("probe_value: |\n{indented}"));
    let items = [marker(66), marker(66), marker(300)];
    let list = items.each_ref().map(String::as_str);
    one("toml.list", "a.toml", "list", &list, format!("probe_value = {items:?}\n"));
    one("json.list", "a.json", "list", &list, format!("{{\"probe_value\": {items:?}}}\n"));
    one("yaml.list", "a.yaml", "list", &list, format!("probe_value:\n  - {}\n  - {}\n  - {}\n", items[0], items[1], items[2]));
    one("toml.map", "a.toml", "map", &list, format!("[probe_value]\na = {:?}\nb = {:?}\nc = {:?}\n", items[0], items[1], items[2]));
    one(
        "json.map",
        "a.json",
        "map",
        &list,
        format!("{{\"probe_value\": {{\"a\": {:?}, \"b\": {:?}, \"c\": {:?}}}}}\n", items[0], items[1], items[2]),
    );
    one("yaml.map", "a.yaml", "map", &list, format!("probe_value:\n  a: {}\n  b: {}\n  c: {}\n", items[0], items[1], items[2]));
}

#[test]
fn mounted_files() {
    let one = |row: &str, shape: &str, value: &str| {
        let folder = folder();
        let source = Source::new(&folder, &[value]).shape(shape).file("secrets/probe-value", value).argument("mounted=secrets");
        check(row, source, NONE);
    };
    one("mounted", "text", &marker(66));
    one("mounted.bytes", "bytes", &marker(66));
    one("mounted.pem", "text", pem(4096).trim_end());
    let value = marker(66);
    let with_line_end = folder();
    let source = Source::new(&with_line_end, &[&value]).file("secrets/probe-value", &format!("{value}\n")).argument("mounted=secrets");
    check("mounted.line-end", source, NONE);
    let by_variable = folder();
    let source = Source::new(&by_variable, &[&value]).file("value", &format!("{value}\n")).variable("PROBE_VALUE_FILE", "./value");
    check("key-file", source, NONE);
    let by_reference = folder();
    let source = Source::new(&by_reference, &[&value]).file("value", &format!("{value}\n")).variable(VARIABLE, "file:value");
    check("reference.file", source, NONE);
    let of_json = folder();
    let text = format!("{{\"a\": \"{value}\", \"b\": 1}}\n");
    let source = Source::new(&of_json, &[&value]).file("value.json", &text).variable(VARIABLE, "file:value.json#a");
    check("reference.json", source, NONE);
    let encoded = folder();
    let text = base64(&value);
    let source = Source::new(&encoded, &[&value]).credential(&text).file("value", &text).variable(VARIABLE, "file:value?encoding=base64");
    check("reference.base64", source, NONE);
}

#[test]
fn the_environment() {
    let one = |row: &str, shape: &str, value: &str| {
        let folder = folder();
        let source = Source::new(&folder, &[value]).shape(shape).variable(VARIABLE, value);
        check(row, source, BLOCK);
    };
    one("environment", "text", &marker(66));
    one("environment.bytes", "bytes", &marker(66));
    one("environment.pem", "text", &pem(4096));
    let (at, value) = (folder(), marker(66));
    let source = Source::new(&at, &[&value]).variable(VARIABLE, &*value).argument("variables=taken");
    check("environment.taken", source, NONE);
    let items = [marker(66), marker(66), marker(300)];
    let folder = folder();
    let source = Source::new(&folder, &items.each_ref().map(String::as_str)).shape("list").variable(VARIABLE, items.join(","));
    check("environment.list", source, Bounds::of(3, 0));
}

#[test]
fn secrets_that_are_refused() {
    for shape in ["short", "number", "half"] {
        let value = marker(66);
        let source = |folder| Source::new(folder, &[&value]).shape(shape);
        let row = |kind: &str| format!("refused.{shape}.{kind}");
        let at = folder();
        check_refused(&row("environment"), source(&at).variable(VARIABLE, &*value), BLOCK);
        let at = folder();
        check_refused(&row("dotenv"), source(&at).file(".env", &format!("{VARIABLE}=\"{value}\"\n")).argument("dotenv=."), NONE);
        let at = folder();
        check_refused(&row("toml"), source(&at).file("a.toml", &format!("probe_value = \"{value}\"\n")).argument("file=a.toml"), NONE);
        let at = folder();
        check_refused(&row("json"), source(&at).file("a.json", &format!("{{\"probe_value\":\"{value}\"}}")).argument("file=a.json"), NONE);
        let at = folder();
        check_refused(&row("yaml"), source(&at).file("a.yaml", &format!("probe_value: {value}\n")).argument("file=a.yaml"), NONE);
        let at = folder();
        check_refused(&row("mounted"), source(&at).file("secrets/probe-value", &value).argument("mounted=secrets"), NONE);
    }
}

/// What the program gives the loader is in the loader until that is dropped.
#[test]
fn values_of_the_program() {
    for argument in ["vars=value", "set=value"] {
        let (folder, value) = (folder(), marker(66));
        check(argument, Source::new(&folder, &[&value]).file("value", &value).argument(argument), NONE);
    }
    let (folder, value) = (folder(), marker(66));
    let text = format!("{VARIABLE}='{value}'\n");
    // Files that the caller opened are read as the other dialects read them too, to say where those differ.
    let source = Source::new(&folder, &[&value]).file("given", &text).argument("contents=given");
    check_at_most("dotenv.contents", source.clone(), Bounds::of(8, 0));
    check("dotenv.contents.wiped", source.wiped(), NONE);
}

/// The readers of other dialects put values together in buffers that grow.
#[test]
fn env_files_in_other_dialects() {
    for dialect in ["posix-sh", "docker-run", "compose", "node", "python", "ruby", "dotenvy", "systemd", "kubectl"] {
        let (folder, value) = (folder(), marker(66));
        let source = Source::new(&folder, &[&value])
            .file(".env", &format!("A=1\n{VARIABLE}={value}\n"))
            .argument("dotenv=.")
            .argument(format!("dialect={dialect}"));
        check_at_most(&format!("dotenv.{dialect}"), source.clone(), Bounds::of(2, 0));
        check(&format!("dotenv.{dialect}.wiped"), source.wiped(), NONE);
    }
}

#[test]
fn urls() {
    let (folder, value) = (folder(), marker(66));
    let text = format!("probe_value = \"postgres://user:{value}@db.example/orders\"\n");
    check("url", Source::new(&folder, &[&value]).shape("url").file("a.toml", &text).argument("file=a.toml"), NONE);
}

/// figment's own values are figment's.
#[test]
fn layers_of_figment() {
    let (folder, value) = (folder(), marker(66));
    let source = Source::new(&folder, &[&value]).file("a.toml", &format!("probe_value = \"{value}\"\n"));
    let source = source.argument("figment=a.toml");
    check_at_most("figment", source.clone(), Bounds::of(1, 0));
    check("figment.wiped", source.wiped(), NONE);
}

#[test]
fn files_with_a_mistake() {
    // The names of unknown keys are not overwritten.
    const IN_KEY: Bounds = Bounds::of(2, 0);
    let (first, second) = (marker(66), marker(66));
    let both = format!("{first}\n{second}");
    for (name, text, most) in [
        ("a.toml", format!("probe_value = \"{first}\\n{second}\"\nb = = 1\n"), NONE),
        ("a.json", format!("{{\"probe_value\": \"{first}\\n{second}\", \"b\": nothing}}"), NONE),
        ("a.yaml", format!("probe_value: \"{first}\\n{second}\"\nb: &x 1\nc: *x\n"), NONE),
        ("b.yaml", format!("probe_value: &x \"{first}\\n{second}\"\n"), NONE),
        ("c.yaml", format!("probe_value: 1\n\"{first}\\n{second}\": 1\n"), IN_KEY),
        ("b.json", format!("{{\"probe_value\": 1, \"{first}\\n{second}\": 1}}"), IN_KEY),
        ("b.toml", format!("probe_value = \"1\"\n\"{first}\\n{second}\" = 1\n"), IN_KEY),
    ] {
        let folder = folder();
        let source = Source::new(&folder, &[&both]).shape("short").file(name, &text).argument(format!("file={name}"));
        check_refused(&format!("mistake.{name}"), source.clone(), most);
        check_refused(&format!("mistake.{name}.wiped"), source.wiped(), NONE);
    }
    let folder = folder();
    let text = format!("{VARIABLE}=\"{first}\\n{second}\"\nB=\"\nOTHER=\"{second}\\n{first}\"\n{VARIABLE}=\"{first}\\n{second}\"\n");
    check_refused("mistake.dotenv", Source::new(&folder, &[&both]).file(".env", &text).argument("dotenv=."), NONE);
}

/// A password that begins like a reference.
#[test]
fn references_that_are_none() {
    let value = marker(66);
    for text in [format!("${{vault:{value}"), format!("ref+vault://{value}")] {
        let folder = folder();
        let source = Source::new(&folder, &[&value]).shape("short").file(".env", &format!("{VARIABLE}='{text}'\n")).argument("dotenv=.");
        check_refused(&format!("reference.{}", &text[..3]), source.clone(), Bounds::of(1, 0));
        check_refused(&format!("reference.{}.wiped", &text[..3]), source.wiped(), NONE);
    }
}

/// Bytes as base64, which the system's own tool writes.
fn base64(text: &str) -> String {
    let folder = folder();
    let path = folder.path().join("text");
    fs::write(&path, text).unwrap();
    let output = Command::new("base64").args(["-w", "0"]).arg(path).stdin(Stdio::null()).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}
