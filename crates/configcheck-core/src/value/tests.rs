//! What counts as the same, and that nothing of a secret is left where it stood.

use super::{RawText, RawValue};

fn text(text: &str) -> RawValue {
    RawValue::Text(RawText::new(text.to_owned()))
}

#[test]
fn values_are_the_same_in_every_part() {
    let list = |items: &[&str]| RawValue::List(items.iter().map(|item| text(item)).collect());
    let table = |rows: &[(&str, &str)]| RawValue::Table(rows.iter().map(|(key, value)| ((*key).to_owned(), text(value))).collect());
    let values = || {
        [
            text("a"),
            text("b"),
            list(&[]),
            list(&["a"]),
            list(&["b"]),
            list(&["a", "b"]),
            table(&[]),
            table(&[("k", "a")]),
            table(&[("k", "b")]),
        ]
        .into_iter()
        .chain([table(&[("l", "a")]), table(&[("k", "a"), ("l", "b")])])
    };
    for (at, a) in values().enumerate() {
        for (other, b) in values().enumerate() {
            assert_eq!(a.same(&b), at == other, "{at} and {other}");
        }
    }
    assert!(text("a").same(&RawValue::fixed("a")));
}

#[test]
#[cfg(target_os = "linux")]
fn a_secret_is_overwritten_when_it_is_dropped() {
    let secret = crate::testing::text();
    let check = |value: RawValue| {
        let address = match &value {
            RawValue::Text(text) => text.bytes().as_ptr().addr(),
            RawValue::List(items) => {
                items.iter().map(|item| if let RawValue::Text(text) = item { text.bytes().as_ptr().addr() } else { 0 }).sum()
            }
            RawValue::Table(_) => 0,
        };
        assert!(!crate::testing::remains(address, secret.as_bytes(), || drop(value)));
    };
    check(text(&secret).wiped_on_drop());
    check(RawValue::List(vec![text(&secret)]).wiped_on_drop());
}
