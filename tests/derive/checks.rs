//! `#[validate(…)]`: validator's grammar, checked on typed values and told in the report.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use configcheck::{AppConfig, Secret};
use configcheck_core::constraint::{Check, Number};
use regex::Regex;
use url::Url;
use validator::ValidationError;

use crate::{findings, load, said, spec};

const SMALLEST: u16 = 1024;
const SMALLEST_OFFSET: i32 = -5;
static NAME: LazyLock<Regex> = LazyLock::new(|| Regex::new("^[a-z]+$").unwrap());

/// Checks each text in turn: the good ones load, of the others each is one violated constraint.
fn check<T: AppConfig>(variable: &str, good: &[&str], bad: &[&str]) {
    for text in good {
        assert_eq!(findings::<T>(&[(variable, text)]), [""; 0], "{variable}={text}");
    }
    for text in bad {
        assert_eq!(findings::<T>(&[(variable, text)]), [format!("constraint-violated {variable}")], "{variable}={text}");
    }
}

#[derive(AppConfig)]
struct Lengths {
    #[validate(length(min = 2, max = 4))]
    text: Option<String>,
    #[validate(length(equal = 2))]
    list: Option<Vec<u8>>,
    #[validate(length(min = 3))]
    hidden: Option<Secret<String>>,
    #[validate(length(max = 1))]
    map: Option<HashMap<String, u8>>,
    #[validate(length(max = 5))]
    path: Option<PathBuf>,
    #[validate(length(max = 20))]
    url: Option<Url>,
    #[validate(length(min = 3))]
    bytes: Option<Secret<Vec<u8>>>,
}

#[test]
fn length_counts_characters_and_items() {
    check::<Lengths>("TEXT", &["ab", "äöüß"], &["a", "abcde"]);
    check::<Lengths>("LIST", &["1,2"], &["1", "1,2,3"]);
    check::<Lengths>("HIDDEN", &["abc"], &["ab"]);
    check::<Lengths>("MAP", &["a=1"], &["a=1,b=2"]);
    check::<Lengths>("PATH", &["/tmp"], &["/tmp/a"]);
    check::<Lengths>("URL", &["https://a.test/"], &["https://a.test/a-long-path"]);
    check::<Lengths>("BYTES", &["abc"], &["ab"]);
}

#[derive(AppConfig)]
struct Ranges {
    #[validate(range(min = SMALLEST, max = 9_000))]
    port: Option<u16>,
    #[validate(range(exclusive_min = 0, exclusive_max = 1.0))]
    ratio: Option<f64>,
    #[validate(range(min = SMALLEST_OFFSET, max = SMALLEST_OFFSET + 6))]
    offset: Option<i32>,
    #[validate(range(max = 9))]
    digit: Option<Secret<u8>>,
}

#[test]
fn range_compares_numbers() {
    check::<Ranges>("PORT", &["1024", "9000"], &["1023", "9001"]);
    check::<Ranges>("RATIO", &["0.5"], &["0", "1"]);
    check::<Ranges>("OFFSET", &["-5", "1"], &["-6", "2"]);
    check::<Ranges>("DIGIT", &["9"], &["10"]);
    let check = spec::<Ranges>("PORT").constraints[0].check;
    let expected =
        Check::Range { min: Some(Number::Integer(1024)), max: Some(Number::Integer(9000)), exclusive_min: None, exclusive_max: None };
    assert_eq!(check, expected);
}

#[derive(AppConfig)]
struct Texts {
    #[validate(email)]
    mail: Option<String>,
    #[validate(url)]
    link: Option<String>,
    #[validate(regex(path = *NAME))]
    name: Option<String>,
    #[validate(regex(path = "NAME"))]
    named: Option<Secret<String>>,
    #[validate(contains(pattern = "ab"), does_not_contain(pattern = "x"))]
    word: Option<String>,
    #[validate(contains(pattern = "a"))]
    listed: Option<Vec<String>>,
    #[validate(contains(pattern = "a"))]
    keyed: Option<HashMap<String, u8>>,
    #[validate(non_control_character)]
    line: Option<String>,
    #[validate(contains(pattern = "/v1"))]
    base: Option<Url>,
}

#[test]
fn checks_of_text() {
    check::<Texts>("MAIL", &["ops@example.com"], &["ops"]);
    check::<Texts>("LINK", &["https://a.test"], &["a.test"]);
    check::<Texts>("NAME", &["abc"], &["Abc"]);
    check::<Texts>("NAMED", &["abc"], &["Abc"]);
    check::<Texts>("WORD", &["cab"], &["cba", "abx"]);
    check::<Texts>("LISTED", &["b,a"], &["b,c"]);
    check::<Texts>("KEYED", &["a=1"], &["b=1"]);
    check::<Texts>("LINE", &["a b"], &["a\tb"]);
    check::<Texts>("BASE", &["https://a.test/v1"], &["https://a.test/v2"]);
}

#[derive(AppConfig)]
struct Custom {
    #[validate(custom(function = even, code = "even"))]
    port: Option<u16>,
    #[validate(custom(function = "no_blank", message = "leave out blanks"), custom(function = short))]
    name: Option<String>,
    #[validate(custom(function = no_blank))]
    hidden: Option<Secret<String>>,
}

fn even(port: u16) -> Result<(), ValidationError> {
    if port.is_multiple_of(2) { Ok(()) } else { Err(ValidationError::new("odd")) }
}

fn no_blank(text: &str) -> Result<(), String> {
    if text.contains(' ') { Err(format!("a blank in {text}")) } else { Ok(()) }
}

/// An error without words.
struct TooLong;

fn short(text: &str) -> Result<(), TooLong> {
    if text.len() > 5 { Err(TooLong) } else { Ok(()) }
}

#[test]
fn custom_calls_a_function_of_the_service() {
    check::<Custom>("PORT", &["80"], &["81"]);
    check::<Custom>("NAME", &["ab"], &["a b", "abcdef"]);
    check::<Custom>("HIDDEN", &["ab"], &["not real"]);
    assert!(said::<Custom>(&[("NAME", "a b")]).contains("leave out blanks"));
    assert!(!said::<Custom>(&[("HIDDEN", "not real")]).contains("not real"), "nothing of a secret is told");
    let constraint = spec::<Custom>("PORT").constraints[0];
    assert_eq!((constraint.check, constraint.code), (Check::Custom("even"), Some("even")));
}

#[derive(AppConfig)]
struct Matching {
    first: String,
    #[validate(must_match(other = first, message = "write it twice"))]
    again: Option<String>,
    hidden: Option<Secret<String>>,
    #[validate(must_match(other = "hidden"))]
    hidden_again: Option<Secret<String>>,
}

#[test]
fn must_match_compares_two_fields() {
    load::<Matching>(&[("FIRST", "a"), ("AGAIN", "a"), ("HIDDEN", "k"), ("HIDDEN_AGAIN", "k")]);
    let bad = [("FIRST", "a"), ("AGAIN", "b"), ("HIDDEN", "k"), ("HIDDEN_AGAIN", "l")];
    assert_eq!(findings::<Matching>(&bad), ["constraint-violated AGAIN", "constraint-violated HIDDEN_AGAIN"]);
    assert_eq!(findings::<Matching>(&[("FIRST", "a"), ("HIDDEN_AGAIN", "l")]), ["constraint-violated HIDDEN_AGAIN"]);
    assert!(said::<Matching>(&bad).contains("write it twice"));
}

#[derive(AppConfig)]
struct Required {
    #[validate(required, range(min = 5))]
    port: Option<u16>,
}

#[test]
fn required_turns_an_option_into_a_demand() {
    assert_eq!(findings::<Required>(&[]), ["missing-required PORT"]);
    assert_eq!(load::<Required>(&[("PORT", "5")]).port, Some(5));
    check::<Required>("PORT", &["5"], &["4"]);
}

#[derive(validator::Validate, serde::Deserialize, serde::Serialize)]
struct Window {
    #[validate(range(min = 1))]
    size: u8,
}

impl std::str::FromStr for Window {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(|size| Self { size })
    }
}

#[derive(AppConfig)]
struct Inside {
    #[validate(nested)]
    window: Option<Window>,
    #[config(nested)]
    #[validate(nested)]
    ranges: Option<Ranges>,
}

#[test]
fn nested_asks_a_value_for_its_own_validation() {
    check::<Inside>("WINDOW", &["1"], &["0"]);
    check::<Inside>("RANGES_PORT", &["1024"], &["1"]);
}

#[derive(AppConfig)]
#[validate(schema(function = ordered, message = "MIN is above MAX", code = "order"))]
#[validate(schema(function = "not_seven", skip_on_field_errors = false))]
struct Whole {
    #[validate(range(max = 50))]
    min: u8,
    max: u8,
}

fn ordered(whole: &Whole) -> Result<(), ValidationError> {
    if whole.min <= whole.max { Ok(()) } else { Err(ValidationError::new("order")) }
}

fn not_seven(whole: &Whole) -> Result<(), &'static str> {
    if whole.max == 7 { Err("seven is taken") } else { Ok(()) }
}

#[test]
fn schema_checks_several_fields() {
    load::<Whole>(&[("MIN", "1"), ("MAX", "2")]);
    assert!(said::<Whole>(&[("MIN", "3"), ("MAX", "2")]).contains("MIN is above MAX"));
    let both = said::<Whole>(&[("MIN", "60"), ("MAX", "7")]);
    assert!(both.contains("seven is taken") && !both.contains("MIN is above MAX"), "{both}");
    assert_eq!(findings::<Whole>(&[("MIN", "9"), ("MAX", "7")]).len(), 2);
}

#[derive(AppConfig)]
struct Several {
    #[validate(length(min = 5), contains(pattern = "z"))]
    #[validate(email(message = "an address", code = "mail"))]
    text: String,
}

#[test]
fn several_checks_are_all_told() {
    let constraints = spec::<Several>("TEXT").constraints;
    assert_eq!(constraints.len(), 3);
    assert_eq!((constraints[2].message, constraints[2].code), (Some("an address"), Some("mail")));
    let said = said::<Several>(&[("TEXT", "abc")]);
    assert!(said.contains("at least 5") && said.contains("\"z\"") && said.contains("an address"), "{said}");
}
