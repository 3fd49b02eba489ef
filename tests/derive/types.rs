//! Field types, `separator`, `with`, `live`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::num::ParseIntError;
use std::str::FromStr;

use configcheck::{AppConfig, ByteSize, ExposeSecret, Secret};

use crate::{findings, load, load_toml, said, spec};

/// Read by `FromStr`, whose error says something.
#[derive(Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Percent(u8);

impl FromStr for Percent {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix('%').and_then(|number| number.parse().ok()).filter(|number| *number <= 100);
        number.map(Self).ok_or_else(|| "a percentage ends in %".to_owned())
    }
}

/// Read by `FromStr`, whose error says nothing.
#[derive(Debug, PartialEq)]
struct Silent;

impl FromStr for Silent {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        if text == "silent" { Ok(Self) } else { Err(()) }
    }
}

#[derive(AppConfig)]
struct Parsed {
    percent: Percent,
    silent: Option<Silent>,
    percents: Vec<Percent>,
    by_name: BTreeMap<String, Percent>,
    size: Option<ByteSize>,
}

#[test]
fn any_type_that_parses_is_read_alone_and_in_lists() {
    let loaded: Parsed =
        load(&[("PERCENT", "5%"), ("SILENT", "silent"), ("PERCENTS", "1%, 2%"), ("BY_NAME", "a=3%,b=4%"), ("SIZE", "64KiB")]);
    assert_eq!((loaded.percent, loaded.silent), (Percent(5), Some(Silent)));
    assert_eq!(loaded.percents, [Percent(1), Percent(2)]);
    assert_eq!(loaded.by_name["b"], Percent(4));
    assert_eq!(loaded.size, Some(ByteSize(65_536)));
}

#[test]
fn what_a_parser_says_is_told() {
    let bad = [("PERCENT", "5"), ("SILENT", "loud"), ("PERCENTS", "1%,2"), ("BY_NAME", "a")];
    assert_eq!(
        findings::<Parsed>(&bad),
        ["invalid-value PERCENT", "invalid-value SILENT", "invalid-value PERCENTS", "invalid-value BY_NAME"]
    );
    assert!(said::<Parsed>(&bad).contains("a percentage ends in %"), "{}", said::<Parsed>(&bad));
}

#[derive(AppConfig)]
struct Lists {
    #[config(separator = ";")]
    vec: Vec<String>,
    deque: VecDeque<u8>,
    ordered: BTreeSet<u8>,
    hashed: HashSet<char>,
    #[config(separator = " ")]
    map: HashMap<String, u16>,
}

#[test]
fn lists_and_maps_are_split_at_the_separator() {
    let loaded: Lists = load(&[("VEC", "a,b;c"), ("DEQUE", "3,1"), ("ORDERED", "3,1"), ("HASHED", "x"), ("MAP", "a=1 b=2")]);
    assert_eq!(loaded.vec, ["a,b", "c"]);
    assert_eq!((loaded.deque, loaded.ordered), (VecDeque::from([3, 1]), BTreeSet::from([1, 3])));
    assert_eq!((loaded.hashed.len(), loaded.map["b"]), (1, 2));
    assert_eq!(spec::<Lists>("VEC").separator, ";");
}

#[test]
fn lists_and_maps_of_a_file_are_taken_as_they_are() {
    let text = "vec = [\"a;b\"]\ndeque = [1]\nordered = [2]\nhashed = []\n[map]\n\"k=1\" = 7\n";
    let loaded: Lists = load_toml(text);
    assert_eq!((loaded.vec, loaded.map["k=1"], loaded.hashed.len()), (vec!["a;b".to_owned()], 7, 0));
}

#[derive(AppConfig)]
struct With {
    #[config(with = hex)]
    mask: u32,
    #[config(with = "loose::bool")]
    debug: bool,
    #[config(with = hex)]
    key: Secret<u32>,
    #[config(with = pair)]
    pair: Option<(u8, u8)>,
    #[config(with = lines)]
    lines: Vec<String>,
}

fn hex(text: &str) -> Result<u32, ParseIntError> {
    u32::from_str_radix(text, 16)
}

mod loose {
    pub(super) fn bool(text: &str) -> Result<bool, &'static str> {
        match text {
            "yes" => Ok(true),
            "no" => Ok(false),
            _ => Err("yes or no"),
        }
    }
}

fn pair(text: &str) -> Result<(u8, u8), ()> {
    let (left, right) = text.split_once('x').ok_or(())?;
    Ok((left.parse().map_err(drop)?, right.parse().map_err(drop)?))
}

#[expect(clippy::unnecessary_wraps, reason = "the signature is that of `with`")]
fn lines(text: &str) -> Result<Vec<String>, ()> {
    Ok(text.lines().map(ToOwned::to_owned).collect())
}

#[test]
fn with_reads_by_a_function_of_the_service() {
    let loaded: With = load(&[("MASK", "ff"), ("DEBUG", "yes"), ("KEY", "10"), ("PAIR", "2x3"), ("LINES", "a,b\nc")]);
    assert_eq!((loaded.mask, loaded.debug, loaded.pair), (255, true, Some((2, 3))));
    assert_eq!(*loaded.key.expose_secret(), 16);
    assert_eq!(loaded.lines, ["a,b", "c"]);
    let bad = [("MASK", "xyz"), ("DEBUG", "true"), ("KEY", "not-a-real-key"), ("PAIR", "23"), ("LINES", "a")];
    assert_eq!(findings::<With>(&bad), ["invalid-value MASK", "invalid-value DEBUG", "invalid-value KEY", "invalid-value PAIR"]);
    assert!(said::<With>(&bad).contains("yes or no"));
}

#[derive(AppConfig)]
struct Running {
    #[config(live)]
    rate: u8,
    port: u16,
}

#[test]
fn live_stands_in_the_schema() {
    assert!(spec::<Running>("RATE").live && !spec::<Running>("PORT").live);
}

#[derive(AppConfig)]
struct Exact {
    text: String,
    flag: Option<bool>,
    number: Option<u16>,
}

#[test]
fn text_arrives_byte_for_byte_and_numbers_whole() {
    for text in ["0123456", "true", "\"quoted\"", " lead", "[abc", "1e5", "a,b", "null", "pa$$word"] {
        assert_eq!(load::<Exact>(&[("TEXT", text)]).text, text);
    }
    for (name, bad) in [("FLAG", "yes"), ("FLAG", "TRUE"), ("NUMBER", "80a80"), ("NUMBER", "0x50"), ("NUMBER", " 80")] {
        assert_eq!(findings::<Exact>(&[("TEXT", "t"), (name, bad)]), [format!("invalid-value {name}")], "{bad}");
    }
}
