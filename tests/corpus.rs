//! Replays the example files of `tests/corpus` through the `.env` reader, and holds the variety of the corpus.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};

use configcheck_dotenv::{Quote, parse};
use configcheck_tests::corpus;
use regex::bytes::Regex;

/// The lines in which the reader finds problems. These files are broken, or written in another dialect; all others have none.
const PROBLEMS: &[(&str, &[u32])] = &[
    ("cdn-edge", &[2, 3, 4]),
    ("container-run", &[2, 3, 4, 9]),
    ("email-templates", &[4, 5]),
    ("ftp-sync", &[1, 2, 7, 10, 12]),
    ("hand-edited", &[3, 5, 6, 7, 8, 9, 10]),
    ("home-automation", &[2, 3, 4, 8, 11]),
    ("mail-relay", &[11]),
    ("make-vars", &[2, 3, 4]),
    ("old-export", &[1]),
    ("parish-office", &[2, 4]),
    ("power-shell", &[1]),
    ("spring-orders", &[3, 7]),
    ("systemd-unit", &[2, 5, 6]),
    ("two-factor-sms", &[2, 3, 4]),
];

/// What the files look like: the shape, in how many files it is at least, and a pattern in which `^` and `$` are line ends.
const SHAPES: &[(&str, usize, &str)] = &[
    // Sections and comments.
    ("banner of number signs", 8, r"^####+"),
    ("banner of dashes", 8, r"^# ?----+"),
    ("banner of equals signs", 4, r"^# ?==+ .+ ==+\r?$"),
    ("boxed banner", 6, r"^# *(\||║|│).+(\||║|│)"),
    ("section that says required", 5, r"(?i)^#[^=]*\brequired\b"),
    ("section that says optional", 5, r"(?i)^#[^=]*\boptional\b"),
    ("prose with a condition", 15, r"(?i)^#[^=]*\b(only|unless|when|if|falls back)\b"),
    ("hint at a generator", 10, r"openssl rand|ssh-keygen|urandom|pwgen"),
    ("inline comment", 20, r#"^\w+=[^#'"\s][^#\n]*[ \t]+# ?\w"#),
    ("comment behind a quoted value", 4, r#"^\w+=(".*"|'.*')[ \t]+#"#),
    ("comment behind an empty value", 5, r"^\w+=[ \t]+# ?\w"),
    ("commented-out assignment with a blank", 15, r"^# [A-Z_]\w+="),
    ("commented-out assignment without a blank", 15, r"^#[A-Z_]\w+="),
    ("comment in another language", 4, r"^#.*(ü|ó|[\p{Han}\p{Cyrillic}\p{Hiragana}\p{Arabic}])"),
    ("emoji", 1, r"\p{Extended_Pictographic}"),
    // Values that other readers expand.
    ("interpolation with braces", 8, r"^\w+=.*\$\{\w+\}"),
    ("interpolation without braces", 6, r"^\w+=.*\$[A-Z]\w+"),
    ("interpolation with a default", 4, r"^\w+=.*\$\{\w+:?-"),
    ("interpolation that must be set", 2, r"^\w+=.*\$\{\w+:\?"),
    ("interpolation with an alternative", 1, r"^\w+=.*\$\{\w+:\+"),
    ("command substitution", 3, r"^\w+=\$\("),
    ("password with a dollar sign", 2, r"(?i)^\w*password\w*='?[^\s{]*\$[^({]"),
    // JSON and lists.
    ("JSON without quotes", 6, r#"^\w+=[{\[]""#),
    ("JSON in single quotes", 5, r"^\w+='[{\[]"),
    ("JSON in double quotes", 2, r#"^\w+="[{\[].*\\""#),
    ("list with commas", 12, r"^\w+=\w[\w./]*(, ?[\w./]+){2,}\r?$"),
    // Quotes.
    ("single quotes", 15, r"^(export\s+)?\w+='.*'"),
    ("double quotes", 20, r#"^(export\s+)?\w+=".*""#),
    ("backticks", 3, r"^\w+=`"),
    ("PEM", 2, r"-----BEGIN [A-Z ]+-----"),
    ("PEM on one line", 1, r"-----BEGIN [A-Z ]+-----\\n"),
    ("unquoted value with blanks", 15, r#"^\w+=[^\s#"'`\[{][^\s#]* [^\s#]+.*"#),
    ("unquoted value with a number sign", 4, r#"^\w+=[^\s"'`]+#\w*"#),
    ("value that starts with a number sign", 1, r"^\w+=#\w"),
    // Bytes.
    ("BOM", 2, r"(?-mu)^\xef\xbb\xbf"),
    ("UTF-16", 1, r"(?-mu)^\xff\xfe"),
    ("NUL", 1, r"\x00"),
    ("CRLF", 5, r"\r\n"),
    ("lone CR", 1, r"\r[^\n]"),
    ("no final line end", 2, r"(?-m)[^\r\n]$"),
    ("trailing blanks", 4, r"\w+=.*[ \t]+\r?$"),
    ("tabs", 4, r"\t"),
    // Keys and lines of other dialects.
    ("export", 3, r"^\s*export\s+\w+="),
    ("colon line", 1, r"^[A-Z_]+: "),
    ("comment with a semicolon", 2, r"^; "),
    ("key alone", 2, r"^[A-Z_]+\r?$"),
    ("key with a dot", 2, r"^\w+\.[\w.]+="),
    ("key with a dash", 2, r"^[\w.]+-[\w-]+="),
    ("key that starts with a digit", 1, r"^\d\w*="),
    ("key with a digit", 6, r"^[A-Z]\w*\d\w*="),
    ("key in lower case", 2, r"^[a-z_]+="),
    ("key with mixed case", 1, r"^\w*[a-z][A-Z]\w*="),
    ("name of a file behind a _FILE key", 5, r"^(# ?)?\w+_FILE=/"),
    // Decorators.
    ("header of env-spec", 3, r"^# @default(Sensitive|Required)="),
    ("end of a header", 3, r"^# ---+\r?$"),
    ("@required", 3, r"^# .*@required"),
    ("@sensitive", 3, r"^# .*@sensitive"),
    ("@type", 3, r"^# .*@type=[a-z]"),
    ("@example", 3, r"^# .*@example="),
    ("@deprecated", 2, r"^# .*@deprecated"),
    ("@docs", 2, r"^# .*@docs\("),
    ("@dottie/validate", 1, r"^# @dottie/validate required"),
    // Kinds of values.
    ("true", 10, r"(?i)=true\b"),
    ("false", 10, r"(?i)=false\b"),
    ("yes", 4, r"(?i)=yes\b"),
    ("no", 4, r"(?i)=no\r?$"),
    ("on", 4, r"(?i)=on\b"),
    ("off", 4, r"(?i)=off\b"),
    ("one and zero", 10, r"=[01]\r?$"),
    ("duration", 20, r"=\d+(ms|s|m|h|d)\b"),
    ("size", 8, r"=\d+([KMG]i?B|[kmMG])\b"),
    ("unit in a comment", 6, r"=\d+\s+# .*(seconds|milliseconds|minutes|days|ms|bytes|KiB)"),
    ("cron expression", 4, r#"=["']?([\d*/,L-]+ ){4}[\d*]"#),
    ("port", 20, r"PORT=\d+"),
    ("e-mail address", 15, r"=.*\w@[\w.]*example\.\w+"),
    ("time zone", 6, r"(TZ|ZONE\w*)=(\w+/\w+|UTC)"),
    ("URL", 30, r"=https?://"),
    ("URL with a password", 12, r"://[^:/\s]*:[^@/\s]+@"),
    ("URL with a fragment", 2, r"=https?://\S+#\w+"),
    ("Windows path", 3, r#"=["']?[A-Z]:\\"#),
    ("network path", 2, r"=\\\\\w"),
    ("base64", 3, r"=[A-Za-z0-9+/:]{12,}={1,2}\r?$"),
    ("changeme", 12, r"(?i)change.?me"),
    ("your-key-here", 6, r"(?i)=your.*(key|token)"),
    ("<secret>", 5, r#"=["']?<[\w :-]+>"#),
    ("xxx", 2, r"=xxx"),
    ("REPLACE_ME", 3, r"(?i)=replace.me"),
    ("example.com", 40, r"example\.(com|org|net)"),
];

/// At least so many files satisfy the condition.
fn check(shape: &str, at_least: usize, holds: impl Fn(&[u8]) -> bool) {
    let files: Vec<_> = corpus().into_iter().filter(|(_, bytes)| holds(bytes)).map(|(name, _)| name).collect();
    assert!(files.len() >= at_least, "{shape}: in {} files instead of {at_least}: {files:?}", files.len());
}

/// At least so many files hold a quoted value of several lines.
fn check_lines_in(quote: Quote, at_least: usize) {
    check("value of several lines", at_least, |bytes| {
        parse(bytes)
            .assignments()
            .any(|found| found.quote == quote && found.value.contains('\n') && bytes[found.value_span.range()].contains(&b'\n'))
    });
}

fn commented_out(bytes: &[u8]) -> usize {
    Regex::new(r"(?m)^# ?[A-Z_][A-Z0-9_]*=").unwrap().find_iter(bytes).count()
}

#[test]
fn every_file_comes_back_byte_for_byte() {
    for (name, bytes) in corpus() {
        assert!(parse(&bytes).to_bytes() == bytes, "{name} comes back changed");
    }
}

#[test]
fn only_other_dialects_have_problems() {
    let mut found = BTreeMap::new();
    for (name, bytes) in corpus() {
        let lines: Vec<_> = parse(&bytes).problems().map(|problem| problem.position.line).collect();
        if !lines.is_empty() {
            found.insert(name, lines);
        }
    }
    let expected: BTreeMap<_, _> = PROBLEMS.iter().map(|(name, lines)| (format!("{name}.env.example"), lines.to_vec())).collect();
    assert_eq!(found, expected);
}

#[test]
fn the_shapes_of_real_files_are_there() {
    for (shape, at_least, pattern) in SHAPES {
        let pattern = Regex::new(&format!("(?m){pattern}")).unwrap();
        check(shape, *at_least, |bytes| pattern.is_match(bytes));
    }
}

#[test]
fn shapes_that_only_the_reader_sees_are_there() {
    check_lines_in(Quote::Double, 5);
    check_lines_in(Quote::Single, 3);
    check("duplicate key", 2, |bytes| {
        let mut keys = BTreeSet::new();
        !parse(bytes).assignments().all(|found| keys.insert(found.key.to_owned()))
    });
    check("LF and CRLF", 1, |bytes| {
        let ends = |end: &str| Regex::new(end).unwrap().is_match(bytes);
        ends(r"\r\n") && ends(r"[^\r]\n")
    });
    check("empty file", 1, <[u8]>::is_empty);
    check("blank lines only", 1, |bytes| !bytes.is_empty() && bytes.trim_ascii().is_empty());
    check("text in comments only", 2, |bytes| {
        !bytes.trim_ascii().is_empty()
            && parse(bytes).items().len() > 3
            && parse(bytes).assignments().count() == 0
            && commented_out(bytes) == 0
    });
    check("all commented out", 2, |bytes| parse(bytes).assignments().count() == 0 && commented_out(bytes) > 10);
    check("nearly all empty", 1, |bytes| {
        let values: Vec<_> = parse(bytes).assignments().map(|found| found.value.is_empty()).collect();
        values.len() > 100 && values.iter().filter(|empty| **empty).count() * 100 >= values.len() * 98
    });
}

#[test]
fn the_corpus_is_as_large_as_it_says() {
    let lines: Vec<_> = corpus().iter().map(|(_, bytes)| bytes.split(|byte| *byte == b'\n').count()).collect();
    assert!(lines.len() >= 64, "{} files", lines.len());
    assert!(lines.iter().filter(|count| **count >= 10).count() >= 60);
    assert!(lines.iter().filter(|count| **count >= 150).count() >= 4);
    let (mut active, mut commented) = (0, 0);
    for (_, bytes) in corpus() {
        active += parse(&bytes).assignments().count();
        commented += commented_out(&bytes);
    }
    assert!(commented * 3 >= active, "{commented} keys are commented out and {active} are not");
}
