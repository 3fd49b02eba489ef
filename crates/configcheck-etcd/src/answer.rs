//! What the gateway answers, and the outcome that this means for a location. Nothing of it is believed: keys have to be those that were asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use configcheck_core::Secret;
use configcheck_core::provider::{Access, Fetched, Outcome, Payload, Probe, Reason};
use serde::Deserialize;

use crate::location::Location;

/// The most keys below a prefix that are read.
pub const KEYS_LIMIT: usize = 10_000;

/// The largest value, in bytes.
pub const VALUE_LIMIT: usize = 1 << 20;

/// The longest name below a prefix, in bytes.
const NAME_LIMIT: usize = 1_024;

/// The answer to a read of one location. What is borrowed lies in the buffer of the answer, which is wiped.
#[derive(Deserialize)]
pub(crate) struct Rows<'a> {
    #[serde(rename = "header")]
    _header: Header,
    #[serde(borrow, default)]
    kvs: Vec<Row<'a>>,
    #[serde(default)]
    more: bool,
}

/// What every answer of etcd has. Without it an answer of somebody else could pass for one with nothing in it, and so for a key that is absent.
#[derive(Deserialize)]
struct Header {
    #[serde(rename = "revision")]
    _revision: String,
}

#[derive(Deserialize)]
struct Row<'a> {
    #[serde(borrow)]
    key: Cow<'a, str>,
    #[serde(borrow, default)]
    value: Cow<'a, str>,
    #[serde(borrow, default)]
    mod_revision: Option<Cow<'a, str>>,
}

/// Values by name.
type Named = Vec<(String, Secret<Vec<u8>>)>;

/// The answer to a transaction.
#[derive(Deserialize)]
pub(crate) struct Results<'a> {
    #[serde(borrow, default, rename = "responses")]
    results: Vec<OneResult<'a>>,
}

#[derive(Deserialize)]
struct OneResult<'a> {
    #[serde(borrow)]
    response_range: Rows<'a>,
}

/// The answer to a login.
#[derive(Deserialize)]
pub(crate) struct LoggedIn<'a> {
    #[serde(borrow)]
    pub(crate) token: Cow<'a, str>,
}

/// What is known of a user.
#[derive(Deserialize)]
pub(crate) struct User {
    #[serde(default)]
    pub(crate) roles: Vec<String>,
}

/// What a member says of itself.
#[derive(Deserialize)]
pub(crate) struct Status {
    #[serde(default)]
    pub(crate) version: String,
}

/// An answer of this form. Why it is none is not told: it would quote the answer.
pub(crate) fn read<'a, A: Deserialize<'a>>(body: &'a [u8]) -> Option<A> {
    // A list would be read as the fields in their order.
    if body.first() == Some(&b'{') { serde_json::from_slice(body).ok() } else { None }
}

impl<'a> Results<'a> {
    /// One answer for each of so many operations.
    pub(crate) fn rows(self, count: usize) -> Option<Vec<Rows<'a>>> {
        (self.results.len() == count).then(|| self.results.into_iter().map(|result| result.response_range).collect())
    }
}

impl Rows<'_> {
    /// The outcome for the location that was asked for.
    pub(crate) fn outcome(&self, location: &Location) -> Outcome {
        match location {
            _ if self.kvs.is_empty() => absent(location),
            Location::Key(key) => match self.kvs.as_slice() {
                [row] if decode(&row.key).is_some_and(|found| found == key.as_bytes()) => row.single(key),
                _ => not_what_was_asked(),
            },
            Location::Prefix(prefix) => self.map(prefix).map_or_else(Outcome::Malformed, |rows| {
                // The youngest change below the prefix stands for all of it.
                let newest = self.kvs.iter().filter_map(|row| row.revision()?.parse::<i64>().ok()).max();
                let mut fetched = Fetched::new(Payload::Map(rows));
                fetched.version = newest.map(|revision| revision.to_string());
                Outcome::Found(fetched)
            }),
        }
    }

    /// What is known of the location when keys alone were asked for.
    pub(crate) fn probe(&self, location: &Location) -> Probe {
        let Some(row) = self.kvs.first() else { return Probe::new(Access::Failed(absent(location))) };
        let mut probe = Probe::new(Access::Readable);
        if !location.is_prefix() {
            probe.version = row.revision();
        }
        probe
    }

    fn map(&self, prefix: &str) -> Result<Named, Reason> {
        if self.more || self.kvs.len() > KEYS_LIMIT {
            let message = format!("there are more than {KEYS_LIMIT} keys below {prefix} in etcd");
            return Err(Reason::new(message).help("refer to a longer prefix, which holds the configuration of this service alone"));
        }
        let mut found = Vec::new();
        let mut places = BTreeMap::new();
        for (place, row) in self.kvs.iter().enumerate() {
            let place = place + 1;
            let refuse = |what: &str| {
                let help = format!("see what it is, and delete or rename it: etcdctl get --prefix --keys-only -w json {prefix}");
                Err(Reason::new(format!("key {place} below {prefix} in etcd {what}")).help(help))
            };
            let Some(key) = decode(&row.key) else { return refuse("cannot be read") };
            let Some(rest) = key.strip_prefix(prefix.as_bytes()) else { return refuse("does not begin with it") };
            let Ok(rest) = std::str::from_utf8(rest) else { return refuse("is not UTF-8") };
            if rest.is_empty() {
                continue;
            }
            if rest.len() > NAME_LIMIT {
                return refuse("is longer than any name");
            }
            if rest.contains(char::is_control) {
                return refuse("has a control character in it");
            }
            let name = rest.replace('/', ".");
            if let Some(other) = places.insert(name.clone(), place) {
                return refuse(&format!("means the same name as key {other}"));
            }
            let Some(value) = row.value() else { return refuse("has a value that cannot be read or is too large") };
            found.push((name, value));
        }
        Ok(found)
    }
}

impl Row<'_> {
    fn single(&self, key: &str) -> Outcome {
        let Some(value) = self.value() else {
            let reason = Reason::new(format!("the value of {key} in etcd cannot be read, or is larger than {VALUE_LIMIT} bytes"));
            return Outcome::Malformed(reason.help(format!("see what it is: etcdctl get {key}")));
        };
        let mut fetched = Fetched::new(Payload::Value(value));
        fetched.version = self.revision();
        Outcome::Found(fetched)
    }

    /// The value. Nothing of it is copied into memory that is not wiped.
    fn value(&self) -> Option<Secret<Vec<u8>>> {
        let room = base64::decoded_len_estimate(self.value.len());
        if room > VALUE_LIMIT + 2 {
            return None;
        }
        let mut value = zeroize::Zeroizing::new(vec![0; room]);
        let length = STANDARD.decode_slice(self.value.as_bytes(), &mut value).ok()?;
        if length > VALUE_LIMIT {
            return None;
        }
        value.truncate(length);
        Some(Secret::new(std::mem::take(&mut *value)))
    }

    /// The revision of etcd that the value was written in, when it is a number.
    fn revision(&self) -> Option<String> {
        let revision = self.mod_revision.as_deref()?;
        revision.parse::<i64>().ok().map(|revision| revision.to_string())
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

fn absent(location: &Location) -> Outcome {
    let reason = match location {
        Location::Key(key) => Reason::new(format!("etcd has no key {key}")).help(format!("write it: etcdctl put {key} VALUE")),
        Location::Prefix(prefix) => {
            Reason::new(format!("etcd has no keys below {prefix}")).help(format!("write the first: etcdctl put {prefix}NAME VALUE"))
        }
    };
    Outcome::Absent(match location.directory() {
        Some(directory) => {
            reason.help(format!("or see what is there, and correct the reference: etcdctl get --prefix --keys-only {directory}"))
        }
        None => reason.help("or correct the reference; a key is taken to the letter, with its slashes"),
    })
}

/// The answer is about something else.
pub(crate) fn not_what_was_asked() -> Outcome {
    Outcome::Malformed(
        Reason::new("what etcd answered is not what it was asked for")
            .help("is a proxy or a gateway in between, and is the address in ETCDCTL_ENDPOINTS that of etcd?"),
    )
}

#[cfg(test)]
#[path = "answer/tests.rs"]
mod tests;
