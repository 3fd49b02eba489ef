//! That nothing of a value is left where it stood, for each type that is known by name.

use std::ffi::OsString;
use std::fmt::Debug;
use std::path::PathBuf;

use super::{Wiper, by_string, by_type, overwrite};

/// A value of a type without a buffer of its own is overwritten where it stands.
fn check_in_place<T: PartialEq + Debug + 'static>(mut value: T, wiped: &T) {
    assert_ne!(&value, wiped);
    overwrite(&mut value);
    assert_eq!(&value, wiped);
}

#[test]
fn numbers_are_overwritten_in_place() {
    check_in_place(1_u8, &0);
    check_in_place(1_u16, &0);
    check_in_place(1_u32, &0);
    check_in_place(1_u64, &0);
    check_in_place(1_u128, &0);
    check_in_place(1_usize, &0);
    check_in_place(-1_i8, &0);
    check_in_place(-1_i16, &0);
    check_in_place(-1_i32, &0);
    check_in_place(-1_i64, &0);
    check_in_place(-1_i128, &0);
    check_in_place(-1_isize, &0);
    check_in_place(1.5_f32, &0.0);
    check_in_place(1.5_f64, &0.0);
    check_in_place('x', &'\0');
    check_in_place(true, &false);
}

#[test]
fn texts_are_emptied() {
    check_in_place("not-a-real-secret".to_owned(), &String::new());
    check_in_place(b"not-a-real-secret".to_vec(), &Vec::new());
    check_in_place(Box::<str>::from("abc"), &Box::from("\0\0\0"));
    check_in_place(Box::<[u8]>::from(*b"abc"), &Box::from([0; 3]));
    check_in_place(PathBuf::from("/not/a/real/secret"), &PathBuf::new());
    check_in_place(OsString::from("not-a-real-secret"), &OsString::new());
    check_in_place(vec!["not-a-real-secret".to_owned()], &vec![String::new()]);
    #[cfg(feature = "url")]
    check_in_place(url("postgres://app:not-a-real-secret@db"), &url("data:,"));
}

#[test]
fn a_slot_is_empty_afterwards() {
    fn check<T>(value: T, wiper: Wiper<T>) {
        let mut slot = Some(value);
        wiper(&mut slot);
        assert!(slot.is_none());
        wiper(&mut slot);
        assert!(slot.is_none());
    }
    check("not-a-real-secret".to_owned(), by_type);
    check(7_u16, by_type);
    check(std::time::Duration::from_secs(7), by_type);
    check("not-a-real-secret".to_owned(), by_string);
}

#[cfg(feature = "url")]
fn url(text: &str) -> url::Url {
    url::Url::parse(text).expect("a URL")
}

#[cfg(target_os = "linux")]
mod buffers {
    //! Where a buffer stood, nothing of its text is left.

    use super::*;
    use crate::testing::{remains, text};

    fn check<T>(value: T, wiper: Wiper<T>, bytes: impl Fn(&T) -> &[u8]) {
        let secret = bytes(&value).to_vec();
        let address = bytes(&value).as_ptr().addr();
        let mut slot = Some(value);
        assert!(!remains(address, &secret, || wiper(&mut slot)));
    }

    #[test]
    fn text_and_bytes() {
        check(text(), by_type, |text| text.as_bytes());
        check(text().into_bytes(), by_type, |bytes| bytes);
        check(text().into_boxed_str(), by_type, |text| text.as_bytes());
        check(text().into_bytes().into_boxed_slice(), by_type, |bytes| bytes);
        check(vec![text(), text()], by_type, |texts| texts[1].as_bytes());
    }

    #[test]
    fn paths() {
        check(PathBuf::from(text()), by_type, |path| path.as_os_str().as_encoded_bytes());
        check(OsString::from(text()), by_type, |text| text.as_encoded_bytes());
    }

    #[test]
    #[cfg(feature = "url")]
    fn urls() {
        let with_password = || url(&format!("postgres://app:{}@db", text()));
        check(with_password(), by_type, |url| url.as_str().as_bytes());
        check(with_password(), by_string, |url| url.as_str().as_bytes());
    }
}
