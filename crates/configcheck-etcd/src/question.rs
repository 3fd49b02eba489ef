//! What is sent to the gateway, as JSON.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::answer::KEYS_LIMIT;
use crate::location::Location;

/// How many keys one transaction reads: etcd takes 128 unless its `--max-txn-ops` says otherwise.
pub(crate) const OPERATIONS: usize = 128;

/// Whether values are asked for with the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    Values,
    KeysOnly,
}

/// A read of one location.
#[derive(Serialize)]
pub(crate) struct Lookup {
    key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    range_end: Option<String>,
    limit: usize,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    keys_only: bool,
}

impl Lookup {
    /// One more than is read is asked for, so that the answer tells whether there are more.
    pub(crate) fn of(location: &Location, wanted: Wanted) -> Self {
        Self {
            key: STANDARD.encode(location.start()),
            range_end: location.end().map(|end| STANDARD.encode(end)),
            limit: if location.is_prefix() { KEYS_LIMIT + 1 } else { 1 },
            keys_only: wanted == Wanted::KeysOnly,
        }
    }
}

/// Reads of several locations at one moment.
#[derive(Serialize)]
pub(crate) struct Transaction {
    success: Vec<Operation>,
}

#[derive(Serialize)]
struct Operation {
    request_range: Lookup,
}

impl FromIterator<Lookup> for Transaction {
    fn from_iter<I: IntoIterator<Item = Lookup>>(ranges: I) -> Self {
        Self { success: ranges.into_iter().map(|request_range| Operation { request_range }).collect() }
    }
}

/// A login.
#[derive(Serialize)]
pub(crate) struct Login<'a> {
    pub(crate) name: &'a str,
    pub(crate) password: &'a str,
}

/// The name of a user.
#[derive(Serialize)]
pub(crate) struct UserName<'a> {
    pub(crate) name: &'a str,
}

/// Nothing.
#[derive(Serialize)]
pub(crate) struct Empty {}

/// The text of a question. It may hold a password, so that it is written into room that need not grow.
pub(crate) fn text(question: &impl Serialize) -> Zeroizing<Vec<u8>> {
    let mut text = Zeroizing::new(Vec::with_capacity(4096));
    // What is written has text for keys, so that writing it cannot fail.
    serde_json::to_writer(&mut *text, question).ok();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(question: &impl Serialize) -> String {
        String::from_utf8_lossy(&text(question)).into_owned()
    }

    #[test]
    fn a_key_is_asked_for_alone_and_a_prefix_to_its_end() {
        let key = Lookup::of(&Location::Key("/a".into()), Wanted::Values);
        assert_eq!(written(&key), r#"{"key":"L2E=","limit":1}"#);
        let prefix = Lookup::of(&Location::Prefix("/a/".into()), Wanted::KeysOnly);
        assert_eq!(written(&prefix), r#"{"key":"L2Ev","range_end":"L2Ew","limit":10001,"keys_only":true}"#);
    }

    #[test]
    fn a_transaction_reads_and_writes_nothing() {
        let reads: Transaction = [Lookup::of(&Location::Key("/a".into()), Wanted::Values)].into_iter().collect();
        assert_eq!(written(&reads), r#"{"success":[{"request_range":{"key":"L2E=","limit":1}}]}"#);
    }
}
