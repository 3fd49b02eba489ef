//! What holds for every dialect and every input: no panic, spans inside the input, no value shown, bounded work.

use configcheck_dotenv::{Dialect, Position, Reading, Span, parse, read_as};
use proptest::prelude::*;

const MARK: &str = "hunter2";

fn outer(name: &str) -> Option<String> {
    match name {
        "OUTER" => Some(format!("{MARK}\n'\"$A")),
        "HOME" => Some(MARK.to_owned()),
        _ => None,
    }
}

/// Any bytes, and pieces of the grammars among them.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        3 => value_piece().prop_map(str::as_bytes).prop_map(<[u8]>::to_vec),
        1 => prop::sample::select(vec!["\n", "\r", "\r\n", "A=", "\nB=", "\u{feff}", "\u{2028}", "\u{a0}", "\0"]).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Quotes, escapes and dollars, on one line.
fn value_piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "'", "\"", "`", "\\", "\\n", "\\\"", "\\'", "\\$", "\\0101", "$", "$$", "$'", "$\"", "$(", "$((", ")", "(", "{", "}", "${", "$A",
        "$OUTER", "${A}", "${OUTER}", "${B:-", "${B-x}", "${A:+y}", "${A:?z}", "${B:=w}", "${#A}", "${1}", "${A%x}", "~", "~/", ":", "#",
        " #", " ", "\t", "=", "+=", ";", "&&", "||", "|", "&", "<", ">", "é", "x", "0", "_", "-", ".", "[", "]", "export ", MARK,
    ])
}

/// Lines whose keys are known and whose values may hold anything but a line end, or lines inside quotes.
fn lines() -> impl Strategy<Value = String> {
    let loose = prop::collection::vec(value_piece(), 0..12).prop_map(|pieces| pieces.concat().replace('&', ""));
    let quoted = prop::sample::select(vec!['"', '\'']).prop_map(|quote| format!("{quote}a\n{MARK}=b\n{MARK}\n{quote}"));
    let line = (prop::sample::select(vec!["A", "B", "export C"]), prop_oneof![3 => loose, 1 => quoted]);
    prop::collection::vec(line, 0..6).prop_map(|lines| {
        let lines: Vec<_> = lines.into_iter().map(|(key, value)| format!("{key}={value}\n")).collect();
        lines.concat()
    })
}

fn check_places(input: &[u8], reading: &Reading<'_>) {
    let text = str::from_utf8(input).ok();
    let inside = |span: Span| {
        assert!(span.start <= span.end && span.end <= input.len());
        assert!(text.is_none_or(|text| text.is_char_boundary(span.start) && text.is_char_boundary(span.end)), "{input:?}: {span:?}");
    };
    let document = parse(input);
    let stands = |span: Span, position: Position| {
        inside(span);
        assert_eq!(document.position(span.start), position);
    };
    for found in &reading.variables {
        stands(found.key_span, found.key_position);
        stands(found.value_span, found.value_position);
    }
    for refusal in &reading.refusals {
        stands(refusal.span, refusal.position);
        refusal.key.into_iter().for_each(inside);
    }
}

fn read_all(input: &[u8]) -> impl Iterator<Item = (Dialect, Reading<'_>)> {
    Dialect::ALL.iter().map(move |dialect| (*dialect, read_as(input, *dialect, &outer)))
}

/// Every dialect gets through an input on which a scan that starts over again and again would not end in time.
fn check_large(piece: &str) {
    for input in [piece.repeat(50_000 / piece.len()), format!("A={}", piece.repeat(50_000 / piece.len()))] {
        for (_, reading) in read_all(input.as_bytes()) {
            check_size(&input, &reading);
        }
    }
}

/// What variables put in is limited, whatever refers to what.
fn check_size(input: &str, reading: &Reading<'_>) {
    let size: usize = reading.variables.iter().filter_map(|found| Some(found.value.as_ref()?.len())).sum();
    assert!(size <= 3 * input.len() + (1 << 20));
}

#[test]
fn large_inputs_are_read_in_one_pass() {
    for piece in [
        "A='x\n",
        "A=\"x\n",
        "A=`x\n",
        "A=\"\\\"x\n",
        "A='\\'\n",
        "'",
        "\"",
        "`",
        "\\",
        "\n",
        " ",
        "A",
        "=",
        "A=\n",
        "A \n",
        "x y\n",
        "export ",
    ] {
        check_large(piece);
    }
    for piece in
        ["${", "${A:", "${A:-", "${A:-x", "${A:-}", "$A", "$", "$(", "$((", "(", ")", "${A:-{", "}", "${A}\n", "A=1 ", "A=1;", "{", "${#A}"]
    {
        check_large(piece);
    }
    check_large("\r\n");
    check_large("B=$A\n");
    check_large("A=$A$A\n");
    check_large("A=${A:+${A}x}\n");
    check_large("A+=$A\n");
    check_large("\u{2028}'");
    check_large("A: 'x\n\n");
    check_large("A=\"$A\n");
}

#[test]
fn variables_that_grow_without_end_are_refused() {
    let mut input = "A=0123456789\n".to_owned();
    for _ in 0..40 {
        input += "A=\"${A}${A}\"\n";
    }
    for (dialect, reading) in read_all(input.as_bytes()) {
        check_size(&input, &reading);
        let expands = matches!(dialect, Dialect::PosixSh | Dialect::Compose | Dialect::Python | Dialect::Ruby | Dialect::Dotenvy);
        let refused = reading.refusals.iter().any(|refusal| refusal.message.contains("1 MiB"));
        assert_eq!(refused, expands, "{}", dialect.name());
    }
}

#[test]
fn pieces_of_values_are_doubtful_keys() {
    fn check(input: &str, dialect: Dialect, keys: &[(&str, bool)]) {
        let reading = read_as(input.as_bytes(), dialect, &outer);
        let found: Vec<_> = reading.variables.iter().map(|found| (found.key.as_ref(), found.doubtful)).collect();
        assert_eq!(found, keys, "{input}");
    }
    check("A=\"x\nabc=\n\"\nB=1\n", Dialect::DockerRun, &[("A", false), ("abc", true), ("B", false)]);
    check("A=u?x=1&y=2\n", Dialect::PosixSh, &[("y", true)]);
    check("A=\"x\nB=1\n", Dialect::Node, &[("A", false), ("B", true)]);
    check("A\nB=1\n", Dialect::Python, &[("A", true), ("B", true)]);
    check("A-B=1\nA.B=1\n", Dialect::Node, &[("A-B", false), ("A.B", false)]);
}

#[test]
fn places_part_no_character() {
    // The shell cannot read on at a character of more than one byte.
    for input in ["A=1;\u{feff}(", "A=(\u{e9}", "A=1 \u{20ac}() {", "&\u{e9}", "A=`\u{e9}"] {
        for (_, reading) in read_all(input.as_bytes()) {
            check_places(input.as_bytes(), &reading);
        }
    }
}

#[test]
fn places_are_those_of_the_input() {
    fn check(input: &str, dialect: Dialect, key: &str, value: &str) {
        let reading = read_as(input.as_bytes(), dialect, &outer);
        let found = reading.variables.last().expect("a variable");
        assert_eq!((&input[found.key_span.range()], &input[found.value_span.range()]), (key, value), "{}", dialect.name());
    }
    for dialect in Dialect::ALL {
        let quoted = if matches!(dialect, Dialect::DockerRun | Dialect::Kubectl) { "'x y'" } else { "\"x y\"" };
        check(
            &format!("# c\r\nKEY={quoted}\r\n").replace("\r\n", if *dialect == Dialect::PosixSh { "\n" } else { "\r\n" }),
            *dialect,
            "KEY",
            quoted,
        );
        check("A=1\nB=\n", *dialect, "B", "");
    }
    check("\0A=1\n", Dialect::PosixSh, "A", "1");
    check("é=1\r\nA = ' x' # c\r\n", Dialect::Node, "A", "' x'");
    check("A\n", Dialect::Kubectl, "A", "");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_can_be_read(input in bytes()) {
        for (_, reading) in read_all(&input) {
            check_places(&input, &reading);
        }
    }

    #[test]
    fn no_value_is_shown(input in lines()) {
        for (dialect, reading) in read_all(input.as_bytes()) {
            check_places(input.as_bytes(), &reading);
            let refusals: Vec<_> = reading.refusals.iter().map(ToString::to_string).collect();
            let shown = format!("{reading:?}{:#?}{refusals:?}", reading.variables);
            prop_assert!(!shown.contains(MARK), "{}: {input:?}: {shown}", dialect.name());
        }
    }
}
