//! That a secret prints nothing, is compared by all of it, and leaves nothing behind.

use std::path::PathBuf;

use super::{ExposeSecret as _, Secret, SecretBytes};

#[test]
fn prints_nothing() {
    for text in ["", "not-a-real-secret"] {
        let secret = Secret::new(text.to_owned());
        assert_eq!(format!("{secret:?} {secret:#?} {secret:60?}"), "Secret(…) Secret(…) Secret(…)");
    }
    assert_eq!(format!("{:?}", Secret::from(8_877_665_544_u64)), "Secret(…)");
    assert_eq!(format!("{:?}", Some(Secret::new(vec![1_u8]))), "Some(Secret(…))");
}

fn check_equality<T: SecretBytes + Clone + 'static>(values: &[T]) {
    for (at, a) in values.iter().enumerate() {
        for (other, b) in values.iter().enumerate() {
            assert_eq!(Secret::new(a.clone()) == Secret::new(b.clone()), at == other, "{at} and {other}");
        }
    }
}

#[test]
fn is_compared_by_all_of_it() {
    let texts = ["", "a", "b", "ab", "aB", "a\0"];
    check_equality(&texts.map(ToOwned::to_owned));
    check_equality(&texts.map(|text| text.as_bytes().to_vec()));
    check_equality(&texts.map(PathBuf::from));
    check_equality(&[0_u64, 1, 256, u64::MAX]);
    check_equality(&[0_i8, 1, -1]);
    #[cfg(feature = "url")]
    check_equality(&["http://a/", "http://b/", "http://a/b", "http://a:1/"].map(|text| url::Url::parse(text).expect("a URL")));
}

#[test]
fn is_what_was_put_in() {
    assert_eq!(Secret::from(" a\0 ".to_owned()).expose_secret(), " a\0 ");
}

#[test]
#[cfg(target_os = "linux")]
fn leaves_nothing_behind() {
    let text = crate::testing::text();
    let secret = Secret::new(text.clone());
    assert!(!crate::testing::remains(secret.expose_secret().as_ptr().addr(), text.as_bytes(), || drop(secret)));
}

#[test]
#[cfg(feature = "validator")]
fn validator_judges_the_value_itself() {
    use validator::{
        ValidateContains as _, ValidateEmail as _, ValidateLength as _, ValidateNonControlCharacter as _, ValidateRange as _,
        ValidateRegex as _, ValidateUrl as _,
    };

    let secret = |text: &str| Secret::new(text.to_owned());
    let digits = regex::Regex::new("^[0-9]+$").expect("a pattern");
    assert_eq!(["", "a", "abc"].map(|text| secret(text).validate_length(Some(1), Some(2), None)), [false, true, false]);
    assert_eq!(secret("abc").length(), Some(3));
    assert_eq!(["ops@example.com", "ops"].map(|text| secret(text).validate_email()), [true, false]);
    assert_eq!(["https://example.com", "ops"].map(|text| secret(text).validate_url()), [true, false]);
    assert_eq!(["shop", "db"].map(|text| secret(text).validate_contains("ho")), [true, false]);
    assert_eq!(["123", "12a"].map(|text| secret(text).validate_regex(&digits)), [true, false]);
    assert_eq!(["abc", "a\u{7}"].map(|text| secret(text).validate_non_control_character()), [true, false]);
    assert_eq!([2, 3, 7, 8].map(|number: u8| Secret::new(number).validate_range(Some(3), Some(7), None, None)), [false, true, true, false]);
}
