//! Whole examples, as projects write them, and the facts and guesses that they are read as.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;

use configcheck_core::Schema;
use configcheck_core::constraint::{Check, Number};
use configcheck_core::schema::{FieldSpec, Key, Sensitivity, TypeSpec};
use proptest::prelude::*;

use super::known::{Belongs, KNOWN};
use crate::{SchemaFile, SchemaKind, read};

fn file(text: &str) -> SchemaFile {
    let file = read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!((file.kind, file.places.len()), (SchemaKind::Example, file.schema.keys().len()));
    file
}

/// A key in one line: what it demands, shows and accepts, and what of it is guessed.
pub(super) fn line(key: &Key) -> String {
    let spec = key.spec;
    let mut text = format!("{} {}", key.variable, if spec.optional { "optional" } else { "required" });
    if !spec.required_in.is_empty() {
        write!(text, " in {}", spec.required_in.join("+")).unwrap();
    }
    let sensitivity = match spec.sensitivity {
        Sensitivity::Secret => "secret",
        Sensitivity::Plain => "plain",
        Sensitivity::Public => "public",
        Sensitivity::Hidden => "hidden",
    };
    write!(text, " {sensitivity} {}", kind(&spec.type_spec)).unwrap();
    for constraint in spec.constraints {
        write!(text, " [{}]", constraint.expectation()).unwrap();
    }
    if spec.separator != FieldSpec::PLAIN.separator {
        write!(text, " by {}", spec.separator).unwrap();
    }
    if let Some(example) = spec.example {
        write!(text, " e.g. {example}").unwrap();
    }
    if let Some(deprecated) = spec.deprecated {
        write!(text, " deprecated {} {}", deprecated.since.unwrap_or("-"), deprecated.note.unwrap_or("-")).unwrap();
    }
    if !spec.doc.is_empty() {
        write!(text, " // {}", spec.doc.replace('\n', " | ")).unwrap();
    }
    for guess in spec.guesses {
        write!(text, "; {}? {}", guess.aspect.name(), guess.reason).unwrap();
    }
    text
}

fn kind(spec: &TypeSpec) -> String {
    match spec {
        TypeSpec::Text => "text".into(),
        TypeSpec::Bool => "bool".into(),
        TypeSpec::Integer { min, max } if (*min, *max) == (i64::MIN.into(), u128::from(i64::MAX.unsigned_abs())) => "whole".into(),
        TypeSpec::Integer { min, max } => format!("{min}..{max}"),
        TypeSpec::Float => "number".into(),
        TypeSpec::Url => "url".into(),
        TypeSpec::Choice(words) => words.join("|"),
        TypeSpec::List(item) => format!("list of {}", kind(item)),
        TypeSpec::Environment => "environment".into(),
        TypeSpec::Duration => "duration".into(),
        TypeSpec::IpAddr => "ip".into(),
        TypeSpec::Ipv4Addr => "ipv4".into(),
        _ => "other".into(),
    }
}

/// The keys of an example and its notes, a line each.
fn check(text: &str, expected: &[&str], notes: &[&str]) {
    let file = file(text);
    let keys: Vec<String> = file.schema.keys().iter().map(line).collect();
    assert_eq!(keys, expected, "{text}");
    let found: Vec<String> = file.notes.iter().map(|note| format!("{} {}", note.line, note.message)).collect();
    assert_eq!(found, notes, "{text}");
}

#[test]
fn a_plain_example_gives_facts_and_guesses() {
    check(
        "# The service\n\n# Where it listens.\n#   Second line.\nPORT=8080\nDEBUG=false # for development\nNAME=\"My App\"\n\
         BASE_URL=https://example.com\nEMPTY=\nDB_PASSWORD=changeme\n# LOG_LEVEL=info\n",
        &[
            "PORT required plain 0..65535 e.g. 8080 // Where it listens. | Second line.; type? its name ends in PORT and its example is a whole number",
            "DEBUG required plain bool e.g. false // for development; type? its example is true or false",
            "NAME required hidden text e.g. My App",
            "BASE_URL required hidden url e.g. https://example.com; type? its example is a URL",
            "EMPTY optional hidden text",
            "DB_PASSWORD required secret text e.g. changeme; secret? its name ends in _PASSWORD",
            "LOG_LEVEL optional hidden text e.g. info",
        ],
        &[],
    );
}

#[test]
fn prose_is_a_guess_and_headings_are_inherited() {
    check(
        "#############\n# REQUIRED  #\n#############\n\nA=\n# BB=7\n# optional\nC=x\n\n# OPTIONAL VARIABLES\nD=\nE=x\n\
         # This must be set.\nF=\n# --- Other ---\nG=\nH= # required for now\nI= # required\n\n# Required variables\n\nJ=\n",
        &[
            "A required hidden text; required? its section is headed \"REQUIRED\"",
            "BB optional plain whole e.g. 7; type? its example is a whole number",
            "C optional hidden text e.g. x // optional; required? the comment says \"optional\"",
            "D optional hidden text",
            "E optional hidden text e.g. x; required? its section is headed \"OPTIONAL VARIABLES\"",
            "F required hidden text // This must be set.; required? the comment says \"must be set\"",
            "G optional hidden text",
            "H optional hidden text // required for now",
            "I required hidden text // required; required? the comment says \"required\"",
            "J required hidden text; required? its section is headed \"Required variables\"",
        ],
        &[],
    );
}

#[test]
fn secrets_choices_and_deprecations_are_guessed() {
    check(
        "# Generate it with `openssl rand -hex 32`.\nCOOKIE_PEPPER=\nDATABASE_URL=postgres://user:password@host/db\nJWT_SECRET_NAME=jwt\n\
         # One of debug, info, warn.\nLEVEL=info\nMODE= # (fast|slow)\n# Deprecated, use MODE.\nOLD=7\nUSE_TOKEN=true\n\
         DEPLOY=\"-----BEGIN PRIVATE KEY-----\\nZmFrZQ==\"\n",
        &[
            "COOKIE_PEPPER optional secret text // Generate it with `openssl rand -hex 32`.; \
             secret? the comment names a generator: openssl rand -hex 32",
            "DATABASE_URL required secret url e.g. postgres://user:password@host/db; type? its example is a URL; \
             secret? its example is a URL with a password",
            "JWT_SECRET_NAME required hidden text e.g. jwt",
            "LEVEL required plain debug|info|warn e.g. info // One of debug, info, warn.; type? the comment lists its words",
            "MODE optional plain fast|slow // (fast|slow); type? the comment lists its words",
            "OLD required plain whole e.g. 7 deprecated - - // Deprecated, use MODE.; type? its example is a whole number; \
             deprecated? the comment says deprecated",
            "USE_TOKEN required plain bool e.g. true; type? its example is true or false",
            "DEPLOY required secret text e.g. -----BEGIN PRIVATE KEY-----\nZmFrZQ==; secret? its example is a private key",
        ],
        &[],
    );
}

#[test]
fn decorators_are_facts() {
    check(
        "# The key.\n# @required @type=string(minLength=5, maxLength=9)\n# More.\nA=\n# @optional @type=number(min=0.5, max=2)\nB=1\n\
         # @type=number(isInt=true, min=0)\nC=1\n# @type=port(min=1024)\nD=8080\n# @type=enum(a, \"b c\")\nE=a\n# @type=email @public\nF=\n\
         # @type=array(number, separator=\";\", minLength=2)\nG=1;2\n# @type=ip(version=4)\nH=\n# @type=duration\nI=30s\n# @type=duration\nJ=500\n\
         # @sensitive=false\nK_TOKEN=x\n# @sensitive={preventLeaks=false}\nL=not-a-real-secret\n# @sensitive @example=\"sk-abc\"\nM=\n\
         # @deprecated\nN=\n# @deprecated=\"since 2.0: use P\"\nO=\n# @docs(\"Guide\", https://x.example) @docsUrl=https://y.example\nP=\n\
         # @required=forEnv(prod, \"staging\") @type=boolean\nQ=yes\nR=x # @optional\n# @required=false\nS=x\n",
        &[
            "A required hidden text [a length of at least 5 and at most 9] // The key. | More.",
            "B optional plain number [a number of at least 0.5 and at most 2] e.g. 1",
            "C required plain 0..18446744073709551615 e.g. 1",
            "D required plain 1024..65535 e.g. 8080",
            "E required plain a|b c e.g. a",
            "F optional public text [an e-mail address]",
            "G required hidden list of number [a length of at least 2] by ; e.g. 1;2",
            "H optional hidden ipv4",
            "I required plain duration e.g. 30s",
            "J required hidden other e.g. 500",
            "K_TOKEN required public text e.g. x",
            "L required secret text",
            "M optional secret text e.g. sk-abc",
            "N optional hidden text deprecated - -",
            "O optional hidden text deprecated 2.0 use P",
            "P optional hidden text // Guide: https://x.example | See https://y.example",
            "Q optional in production+staging plain true|false|1|0|t|f|yes|no|on|off e.g. yes",
            "R optional hidden text e.g. x",
            "S optional hidden text e.g. x",
        ],
        &[],
    );
}

#[test]
fn the_header_decides_where_a_key_does_not() {
    let body = "# a comment\nA=7\nB=\n# @optional\nC=\"2\"\n# @sensitive\nD=\nPUBLIC_E=op(x)\n# this is required\nF_TOKEN=\n";
    let with = |header: &str, expected: &[&str]| check(&format!("# {header}\n# ---\n\n{body}"), expected, &[]);
    with(
        "@defaultRequired=infer",
        &[
            "A required hidden whole e.g. 7 // a comment; type? its example is a whole number",
            "B optional hidden text",
            "C optional hidden text e.g. 2",
            "D optional secret text",
            "PUBLIC_E required hidden text",
            "F_TOKEN optional secret text // this is required; secret? its name ends in _TOKEN",
        ],
    );
    with(
        "@defaultRequired @defaultSensitive=inferFromPrefix(PUBLIC_)",
        &[
            "A required hidden whole e.g. 7 // a comment; type? its example is a whole number",
            "B required hidden text",
            "C optional hidden text e.g. 2",
            "D required secret text",
            "PUBLIC_E required plain text",
            "F_TOKEN required secret text // this is required; secret? its name ends in _TOKEN",
        ],
    );
    with(
        "@defaultRequired=false @defaultSensitive=false",
        &[
            "A optional plain whole e.g. 7 // a comment; type? its example is a whole number",
            "B optional plain text",
            "C optional plain text e.g. 2",
            "D optional secret text",
            "PUBLIC_E optional plain text",
            "F_TOKEN optional plain text // this is required",
        ],
    );
}

#[test]
fn the_environment_has_its_type() {
    let all = "@type=enum(development, test, staging, production)";
    check(&format!("# {all}\nAPP_ENV=development\n"), &["APP_ENV required plain environment e.g. development"], &[]);
    check(&format!("# {all}\nNODE_ENV=test\n"), &["NODE_ENV required plain development|test|staging|production e.g. test"], &[]);
    let named = file("# @currentEnv=$NODE_ENV\n# ---\n# @type=enum(dev, test, prod)\nNODE_ENV=dev\n");
    assert_eq!(named.schema.environment_variable(), "NODE_ENV");
    check(
        "# @type=enum(dev, preview)\nAPP_ENV=dev\n",
        &["APP_ENV required plain dev|preview e.g. dev"],
        &["2 APP_ENV allows words that are no environments that configcheck knows, so that nothing depends on it"],
    );
}

#[test]
fn what_has_no_effect_is_noted() {
    check(
        "# @plugin(@varlock/x) @generatePyTypes(path=x) @import(./.env.shared, pick=[\n#   A,\n#   # B,\n# ]) @strange\n# @required\n\n\
         # @icon=mdi:key @nonsense @required=eq($A, b) @defaultRequired @required @required\nA=x\n# @type=uuid\nB=\n\
         # @type=string(startsWith=sk-, minLength=if(a, 1))\nC=\n# @type=opToken\nD=\n# @required\n\nE=7\n# @docs(\nF=2\n\
         # @see https://x.example\nG=3\nnot a line\nJJ=\nA=y\n# A=z\nH_FILE=/x\nH=\n# @type=if(eq($A, b), url, string) @required=forEnv(qa)\nI=\n",
        &[
            "A required hidden text e.g. x",
            "B optional hidden text",
            "C optional hidden text",
            "D optional hidden text",
            "E required hidden whole e.g. 7; type? its example is a whole number",
            "F required hidden whole e.g. 2; type? its example is a whole number",
            "G required hidden whole e.g. 3 // @see https://x.example; type? its example is a whole number",
            "JJ optional hidden text",
            "H optional hidden text",
            "I optional hidden text",
        ],
        &[
            "1 @plugin has no effect here: varlock loads a plugin; its decorators and types are not known here",
            "1 @generatePyTypes has no effect here: varlock writes code, as with every other name that begins with generate",
            "1 @import has no effect here: varlock reads another file; its keys are not known here",
            "1 a decorator here is none of env-spec",
            "5 @required stands in the header, where it says nothing of a key",
            "7 @icon has no effect here: varlock shows it",
            "7 a decorator here is none of env-spec",
            "7 the value of @required is none that can be read here",
            "7 @defaultRequired belongs into the header, before the first key and a blank line",
            "7 @required stands twice; the first counts",
            "7 @required stands twice; the first counts",
            "9 @type=uuid is read as text",
            "11 the option minLength of @type has no effect here: it is no fixed number",
            "11 the option startsWith of @type=string has no effect here",
            "13 the value of @type is none that can be read here",
            "15 @required stands above no key: a blank line or a rule follows",
            "18 a bracket of these decorators is never closed",
            "20 a decorator here is none of env-spec",
            "22 this line has no `=`",
            "24 A stands on line 8 already, which counts",
            "28 the value of @type is none that can be read here",
            "28 an environment that @required names is none that configcheck knows: development, test, staging, production",
        ],
    );
}

#[test]
fn keys_know_their_places_and_doubtful_ones_are_none() {
    let file = file("\u{feff}A=1\n\n  #  export BB=2\nexport C=3\nD='unclosed\nE=piece\n");
    let places: Vec<_> = file.places.iter().map(|place| (place.line, place.column)).collect();
    assert_eq!(places, [(1, 1), (3, 13), (4, 8)]);
    assert!(file.notes.iter().all(|note| !note.message.contains("piece=") && !note.message.contains("unclosed\n")), "no value in a note");
    assert_eq!(read(b"\xff\xfeA\0=\0").unwrap_err().message, "this file is UTF-16, not UTF-8");
}

#[test]
fn a_file_without_keys_declares_nothing_and_says_so() {
    for text in ["", "\n\n", "# This service has no settings.\n"] {
        check(text, &[], &["1 no key stands in the file, so that nothing is declared"]);
    }
}

#[test]
fn the_key_that_chooses_the_environment_may_hold_names_of_other_frameworks() {
    let environments = |text: &str| file(text).schema.environments().iter().map(|(name, _)| *name).collect::<Vec<_>>();
    for text in ["APP_ENV=local\n", "APP_ENV=production\n", "# APP_ENV=\n", "# One of local, production\nAPP_ENV=local\n"] {
        assert_eq!(environments(text), ["local", "testing"], "{text}");
    }
    for text in ["NODE_ENV=local\n", "# @type=enum(development, production)\nAPP_ENV=development\n"] {
        assert_eq!(environments(text), [""; 0], "{text}");
    }
    check(
        "# One of local, production\nAPP_ENV=local\n",
        &["APP_ENV required plain environment e.g. local // One of local, production; type? the comment lists its words"],
        &[],
    );
}

#[test]
fn ten_thousand_keys_are_read_in_one_pass() {
    let mut text = String::new();
    for at in 0..10_000 {
        write!(text, "# Number {at}, required.\n# @type=number(min=1)\n{}KEY_{at}=1\n", if at % 3 == 0 { "# " } else { "" }).unwrap();
    }
    let found = file(&text);
    assert_eq!((found.schema.keys().len(), found.notes.len()), (10_000, 0));
    assert_eq!(found.schema.key_named(b"KEY_9999").map(|named| named.key), Some(9_999));
    assert_eq!(read(found.schema.to_json().as_bytes()).unwrap().schema.keys().len(), 10_000);
}

#[test]
fn the_page_lists_the_decorators_that_are_known() {
    let page = include_str!("../../../../docs/env-spec.md");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| `@")).collect();
    let row = |known: &super::known::Known| {
        let belongs = if known.belongs == Belongs::Header { "header" } else { "key" };
        format!("| `@{}` | {belongs} | {} | {} |", known.name, if known.has_effect { "yes" } else { "noted" }, known.what)
    };
    assert_eq!(rows, KNOWN.iter().map(row).collect::<Vec<_>>());
}

/// What an example says of a schema that was made from it.
fn facts(schema: &Schema) -> Vec<String> {
    schema.keys().iter().map(line).collect()
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&bytes);
    }

    #[test]
    fn any_lines_are_read_and_written_again(lines in proptest::collection::vec(
        "(# ?@(required|type|sensitive|docs|x)(=|\\(|)[a-z(\\[{,=\"'#]{0,8}|#{0,4} ?[A-Z_]{1,3}=[a-z0-9'\" #]{0,6}|# [a-zA-Z |(),:\\[\\]#=-]{0,30}|[a-zA-Z.]{1,4}=.{0,6}|)",
        0..24,
    )) {
        if let Ok(file) = read(lines.join("\n").as_bytes()) {
            let written = file.schema.to_json();
            let again = read(written.as_bytes());
            prop_assert!(again.is_ok_and(|again| again.schema.to_json() == written), "{}", lines.join("\n"));
        }
    }
}

#[test]
fn what_number_bounds_say_is_kept() {
    let file = file("# @type=number(min=1, max=5)\nA=3\n");
    let expected = Check::Range { min: Some(Number::Float(1.0)), max: Some(Number::Float(5.0)), exclusive_min: None, exclusive_max: None };
    assert_eq!(file.schema.keys()[0].spec.constraints[0].check, expected);
    assert_eq!(facts(&read(file.schema.to_json().as_bytes()).unwrap().schema).len(), 1);
}
