//! Merging and comparing on bytes: what the author wrote stays, and what is merged has not drifted.

use std::path::Path;

use configcheck_core::Schema;
use configcheck_core::example::dotenv_example;

use super::drift::Drift;
use super::file::ExampleFile;
use super::merge::merged;

const SCHEMA: &str = r#"{"version":1,"name":"shop","environment_variable":"APP_ENV","keys":[
    {"variable":"APP_ENV","path":"app_env","file_path":"app_env","type":{"kind":"environment"},"required":true},
    {"variable":"PORT","path":"port","file_path":"port","doc":"Port of the server.","type":{"kind":"integer","min":0,"max":65535},
     "required":true,"defaults":[{"text":"8080"}]},
    {"variable":"DATABASE_URL","path":"database_url","file_path":"database_url","type":{"kind":"url"},"required":true,"secret":true,
     "aliases":["DB_URL"]},
    {"variable":"LOG_LEVEL","path":"log_level","file_path":"log_level","type":{"kind":"choice","words":["info","debug"]},
     "required":true,"defaults":[{"text":"info"}]},
    {"variable":"MAIL_FROM","path":"mail_from","file_path":"mail_from","doc":"Who mails are from.","type":{"kind":"text"},"required":false}
]}"#;

fn schema() -> Schema {
    configcheck_schema::read(SCHEMA.as_bytes()).expect("the schema of the tests is one").schema
}

fn merge(schema: &Schema, bytes: &[u8]) -> Vec<u8> {
    let file = ExampleFile::read(bytes);
    merged(schema, bytes, &file, &Drift::of(schema, &file, |_| true))
}

fn lines(schema: &Schema, bytes: &[u8]) -> Vec<String> {
    let file = ExampleFile::read(bytes);
    Drift::of(schema, &file, |_| true).lines(schema, "e")
}

fn check_merge(before: &str, after: &str) {
    let schema = schema();
    assert_eq!(String::from_utf8(merge(&schema, before.as_bytes())).expect("text"), after);
    assert_laws(&schema, before.as_bytes());
}

/// What holds of every file.
fn assert_laws(schema: &Schema, before: &[u8]) {
    let shown = String::from_utf8_lossy(before);
    let after = merge(schema, before);
    let (file, merged) = (ExampleFile::read(before), ExampleFile::read(&after));
    let (drift, left) = (Drift::of(schema, &file, |_| true), Drift::of(schema, &merged, |_| true));
    assert!(left.missing.is_empty() && left.contradictions.is_empty(), "still different: {:?}\n{shown}", left.lines(schema, "e"));
    assert_eq!(left.undeclared.len(), drift.undeclared.len(), "{shown}");
    assert_eq!(merge(schema, &after), after, "a second merge changes the file\n{shown}");
    if drift.missing.is_empty() && drift.contradictions.is_empty() {
        assert_eq!(after, before, "nothing was to be done\n{shown}");
    }
    if drift.contradictions.is_empty() {
        let lines = |bytes: &[u8]| -> Vec<Vec<u8>> {
            let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
            bytes.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::to_vec).collect()
        };
        let mut rest = lines(&after).into_iter();
        for line in lines(before) {
            assert!(rest.any(|other| other == line), "{:?} is gone\n{shown}", String::from_utf8_lossy(&line));
        }
    }
}

#[test]
fn what_is_missing_is_put_behind_its_neighbour() {
    let rest = "APP_ENV=\n\n# my words\nLOG_LEVEL=info\n# MAIL_FROM=\n";
    check_merge(
        rest,
        "APP_ENV=\n\n# Port of the server.\n# @optional @type=port\n# PORT=8080\n\n# @required @sensitive @type=url\nDATABASE_URL=\n\n# my \
         words\nLOG_LEVEL=info\n# MAIL_FROM=\n",
    );
    check_merge(
        "# head\n\nPORT=1 # why\nDATABASE_URL=x\nLOG_LEVEL=info\nMAIL_FROM=a",
        "# head\n\n# @required @type=enum(development, test, staging, production)\nAPP_ENV=\n\nPORT=1 # \
         why\nDATABASE_URL=x\nLOG_LEVEL=info\nMAIL_FROM=a",
    );
    check_merge(
        "APP_ENV=\r\nPORT=\r\nDATABASE_URL=\r\nLOG_LEVEL='a\nb'",
        "APP_ENV=\r\nPORT=\r\nDATABASE_URL=\r\nLOG_LEVEL='a\nb'\r\n\r\n# Who mails are from.\r\n# @optional\r\n# MAIL_FROM=\r\n",
    );
    check_merge(
        "\u{feff}MAIL_FROM=a\nX=1\n",
        "\u{feff}# @required @type=enum(development, test, staging, production)\nAPP_ENV=\n\n# Port of the server.\n# @optional \
         @type=port\n# PORT=8080\n\n# @required @sensitive @type=url\nDATABASE_URL=\n\n# @optional @type=enum(info, debug)\n# \
         LOG_LEVEL=info\n\nMAIL_FROM=a\nX=1\n",
    );
}

#[test]
fn only_decorators_that_contradict_are_replaced() {
    let with = |port: &str, url: &str, level: &str| {
        format!("APP_ENV=\n# {port}\nPORT=\n# {url}\nDATABASE_URL=\n# {level}\nLOG_LEVEL=\n#MAIL_FROM=\n")
    };
    let good = with("@optional @type=port @docs(https://a b)", "@required @sensitive", "@type=enum(debug, \"info\")");
    check_merge(&good, &good);
    assert_eq!(lines(&schema(), good.as_bytes()), [""; 0]);
    let bad = with("@required @example=x @type=url", "@required=true @type=url", "@sensitive @type=enum(info, warn)");
    check_merge(&bad, &with("@optional @example=x @type=port", "@required=true @type=url @sensitive", "@type=enum(info, debug)"));
    assert_eq!(
        lines(&schema(), bad.as_bytes()),
        [
            "e:2: PORT has @required, and the schema says @optional",
            "e:2: PORT has @type=url, and the schema says @type=port",
            "e:4: DATABASE_URL has no @sensitive, and the schema says @sensitive",
            "e:6: LOG_LEVEL has @sensitive, and the schema says nothing of it",
            "e:6: LOG_LEVEL has a @type of its own, and the schema says @type=enum(info, debug)",
        ]
    );
    for (said, wanted) in [
        ("@required=forEnv(production)", "@optional"),
        ("@type=number(min=0, max=80)", "@type=number(min=0, max=80)"),
        ("@type=port(max=\"80\") @required=eq($A, b)", "@type=port(max=\"80\") @required=eq($A, b)"),
    ] {
        check_merge(
            &good.replace("@optional @type=port @docs(https://a b)", said),
            &good.replace("@optional @type=port @docs(https://a b)", wanted),
        );
    }
    let with_rules = format!("# @defaultSensitive=true\n# ---\n\n{}", with("@optional", "@required", "@optional"));
    check_merge(&with_rules, &with_rules);
}

#[test]
fn what_a_schema_says_of_environments_and_bounds_is_compared() {
    let schema = r#"{"version":1,"name":"shop","environment_variable":"APP_ENV","keys":[
        {"variable":"A","path":"a","file_path":"a","type":{"kind":"text"},"required":false,"required_in":["production","staging"],
         "constraints":[{"check":"length","min":8,"max":9}]},
        {"variable":"B","path":"b","file_path":"b","type":{"kind":"list","item":{"kind":"text"}},"required":true}]}"#;
    let schema = configcheck_schema::read(schema.as_bytes()).expect("the schema of the test is one").schema;
    let whole = dotenv_example(&schema);
    for (decorators, expected) in [
        ("@required=forEnv(staging, production) @type=string(minLength=8, startsWith=x)", None),
        ("@type=string(minLength=7, maxLength=9)", Some("@type=string(minLength=8, maxLength=9)")),
        ("@type=array", Some("@type=string(minLength=8, maxLength=9)")),
        ("@required=forEnv(production)", Some("@required=forEnv(production, staging)")),
        ("@required", Some("@required=forEnv(production, staging)")),
        ("@optional", Some("@required=forEnv(production, staging)")),
    ] {
        let text =
            whole.replace("# @required=forEnv(production, staging) @type=string(minLength=8, maxLength=9)", &format!("# {decorators}"));
        let expected: Vec<String> =
            expected.iter().map(|wanted| format!("e:5: A has {decorators}, and the schema says {wanted}")).collect();
        assert_eq!(lines(&schema, text.as_bytes()), expected, "{text}");
        assert_laws(&schema, text.as_bytes());
    }
}

#[test]
fn names_that_are_not_declared_are_told_with_their_lines() {
    let all = dotenv_example(&schema());
    assert_eq!(lines(&schema(), all.as_bytes()), [""; 0]);
    let prose = "# Set it with PORTS=1 or so.\n# Format: key=value\n# name=some words\n# NAME=some words\n";
    assert_eq!(lines(&schema(), format!("{all}{prose}DB_URL=\nMAIL_FROM_FILE=\n").as_bytes()), [""; 0]);
    assert_eq!(
        lines(&schema(), format!("PROT=1\n# PORTS='a b'\n{all}").as_bytes()),
        ["e:1: PROT is not declared in the schema", "e:2: PORTS is not declared in the schema"]
    );
    assert_eq!(lines(&schema(), all.replace("# PORT=8080", "").as_bytes()), ["e: PORT is missing"]);
}

#[test]
fn the_laws_hold_of_made_files() {
    let schema = schema();
    let whole = dotenv_example(&schema);
    let blocks: Vec<&str> = whole.split_inclusive("\n\n").collect();
    let others = [
        "\n",
        "# a word of mine\n",
        "#OLD=1\n",
        "OLD=2 # why\n",
        "export NEW='x\ny'\n",
        "no assignment\n",
        "# @required\n",
        "   \n",
        "# @sensitive @type=boolean\n",
        "#\n",
        "\"",
        "LOG_LEVEL=debug\n",
        "# @optional @type=string(minLength=2)\r\n# MAIL_FROM=x\r\n",
        "\r",
        "é",
    ];
    for seed in 1..3000_u64 {
        let mut number = Numbers(seed);
        let mut text = String::from(if number.below(8) == 0 { "\u{feff}" } else { "" });
        for block in &blocks {
            if number.below(3) > 0 {
                text.push_str(block);
            }
            for _ in 0..number.below(3) {
                text.push_str(others[number.below(others.len())]);
            }
        }
        if number.below(3) == 0 {
            text = text.replace('\n', "\r\n");
        }
        if number.below(4) == 0 {
            text.truncate(text.trim_end().len());
        }
        assert_laws(&schema, text.as_bytes());
    }
}

#[test]
fn the_laws_hold_of_real_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    let schema = schema();
    let mut count = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus is there") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        if !bytes.contains(&0) && !ExampleFile::read(&bytes).is_blank {
            assert_laws(&schema, &bytes);
            count += 1;
        }
    }
    assert!(count > 50, "{count} files");
}

/// Numbers that follow from a seed.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }
}
