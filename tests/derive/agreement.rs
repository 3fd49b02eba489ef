//! One struct that derives both `AppConfig` and validator's `Validate`: it compiles, and both judge alike.

use std::sync::LazyLock;

use configcheck::AppConfig;
use regex::Regex;
use validator::{Validate, ValidationError};

use crate::findings;

static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new("^[a-z]+$").unwrap());
const LARGEST: u16 = 9_000;

#[derive(AppConfig, Validate)]
#[validate(schema(function = "in_order"))]
struct Both {
    #[validate(length(min = 2, max = 5, message = "two to five"))]
    text: String,
    #[validate(range(min = 80, max = LARGEST))]
    port: u16,
    #[validate(range(exclusive_min = 0.0, exclusive_max = 1.0))]
    ratio: f64,
    #[validate(email)]
    mail: String,
    #[validate(url(code = "link"))]
    link: Option<String>,
    #[validate(regex(path = *NAME))]
    name: String,
    #[validate(contains(pattern = "a"), does_not_contain(pattern = "z"))]
    word: String,
    #[validate(must_match(other = "word"))]
    again: String,
    #[validate(custom(function = is_even))]
    even: u8,
    #[validate(custom(function = "is_short"))]
    short: Option<String>,
    #[validate(required)]
    needed: Option<u8>,
    #[validate(non_control_character)]
    line: String,
    #[validate(length(equal = 2))]
    pair: Vec<u8>,
    #[config(nested)]
    #[validate(nested)]
    inner: Inner,
}

#[derive(AppConfig, Validate)]
struct Inner {
    #[validate(range(max = 10))]
    depth: u8,
}

fn is_even(number: u8) -> Result<(), ValidationError> {
    if number.is_multiple_of(2) { Ok(()) } else { Err(ValidationError::new("odd")) }
}

fn is_short(text: &str) -> Result<(), ValidationError> {
    if text.len() < 4 { Ok(()) } else { Err(ValidationError::new("long")) }
}

fn in_order(both: &Both) -> Result<(), ValidationError> {
    if both.even <= 100 { Ok(()) } else { Err(ValidationError::new("too even")) }
}

const GOOD: [(&str, &str); 14] = [
    ("TEXT", "abc"),
    ("PORT", "80"),
    ("RATIO", "0.5"),
    ("MAIL", "a@example.com"),
    ("LINK", "https://example.com"),
    ("NAME", "abc"),
    ("WORD", "a"),
    ("AGAIN", "a"),
    ("EVEN", "2"),
    ("SHORT", "abc"),
    ("NEEDED", "1"),
    ("LINE", "one line"),
    ("PAIR", "1,2"),
    ("INNER_DEPTH", "3"),
];

/// What validator says of the same values, built by hand.
fn by_validator(variables: &[(&str, &str)]) -> bool {
    let value = |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned());
    let text = |name: &str| value(name).unwrap();
    let both = Both {
        text: text("TEXT"),
        port: text("PORT").parse().unwrap(),
        ratio: text("RATIO").parse().unwrap(),
        mail: text("MAIL"),
        link: value("LINK"),
        name: text("NAME"),
        word: text("WORD"),
        again: text("AGAIN"),
        even: text("EVEN").parse().unwrap(),
        short: value("SHORT"),
        needed: value("NEEDED").map(|number| number.parse().unwrap()),
        line: text("LINE"),
        pair: text("PAIR").split(',').map(|number| number.parse().unwrap()).collect(),
        inner: Inner { depth: text("INNER_DEPTH").parse().unwrap() },
    };
    both.validate().is_ok()
}

#[test]
fn both_accept_and_refuse_the_same_values() {
    let others = [
        ("TEXT", vec!["ab", "a", "abcdef", "äöüßé"]),
        ("PORT", vec!["79", "9000", "9001"]),
        ("RATIO", vec!["0.0", "0.99", "1.0"]),
        ("MAIL", vec!["a", "a@b", "a@[127.0.0.1]", "@b"]),
        ("LINK", vec!["example.com", "ftp://h/", "http://"]),
        ("NAME", vec!["Abc", "a1"]),
        ("WORD", vec!["b", "az"]),
        ("AGAIN", vec!["b"]),
        ("EVEN", vec!["3", "102"]),
        ("SHORT", vec!["abcd"]),
        ("LINE", vec!["a\nb", "\u{7f}"]),
        ("PAIR", vec!["1", "1,2,3"]),
        ("INNER_DEPTH", vec!["10", "11"]),
    ];
    assert!(by_validator(&GOOD));
    assert_eq!(findings::<Both>(&GOOD), [""; 0]);
    for (name, values) in others {
        for value in values {
            let changed: Vec<(&str, &str)> = GOOD.iter().map(|(other, good)| (*other, if *other == name { value } else { good })).collect();
            let found = findings::<Both>(&changed);
            assert_eq!(found.is_empty(), by_validator(&changed), "{name}={value:?}: {found:?}");
        }
    }
    let without: Vec<(&str, &str)> = GOOD.iter().copied().filter(|(name, _)| *name != "NEEDED").collect();
    assert_eq!((findings::<Both>(&without).is_empty(), by_validator(&without)), (false, false));
}
