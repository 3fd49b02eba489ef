//! What a reference means in etcd: one key, or all keys below a prefix.

use configcheck_core::reference::SecretRef;

/// One key, or all below a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Location {
    /// One key.
    Key(String),
    /// All keys that begin with this text, which ends in a slash.
    Prefix(String),
}

impl Location {
    pub(crate) fn of(reference: &SecretRef) -> Self {
        let path = reference.path();
        if path.ends_with('/') { Self::Prefix(path.to_owned()) } else { Self::Key(path.to_owned()) }
    }

    /// Whether it is a prefix.
    pub(crate) fn is_prefix(&self) -> bool {
        matches!(self, Self::Prefix(_))
    }

    /// The key, or the first that can be below the prefix.
    pub(crate) fn start(&self) -> &str {
        let (Self::Key(text) | Self::Prefix(text)) = self;
        text
    }

    /// For a prefix, the first key behind all that are below it: a slash comes before `0`.
    pub(crate) fn end(&self) -> Option<String> {
        match self {
            Self::Key(_) => None,
            Self::Prefix(prefix) => Some(format!("{}0", prefix.strip_suffix('/').unwrap_or(prefix))),
        }
    }

    /// What permissions are given on: the prefix, or the prefix that the key is below. `None` for a key without one.
    pub(crate) fn directory(&self) -> Option<&str> {
        let start = self.start();
        start.rfind('/').map(|at| &start[..=at]).filter(|directory| *directory != "/")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn location(text: &str) -> Location {
        Location::of(&SecretRef::parse(text).unwrap().unwrap())
    }

    #[test]
    fn a_slash_at_the_end_means_all_below() {
        assert_eq!(location("etcd:/app/port"), Location::Key("/app/port".into()));
        assert_eq!(location("etcd:app"), Location::Key("app".into()));
        assert_eq!(location("etcd:/app/"), Location::Prefix("/app/".into()));
    }

    #[test]
    fn the_end_of_a_prefix_is_behind_all_its_keys_and_no_neighbour() {
        let prefix = location("etcd:/app/");
        let end = prefix.end().unwrap();
        for inside in ["/app/", "/app/\u{0}", "/app/z", "/app/\u{10ffff}"] {
            assert!((prefix.start()..end.as_str()).contains(&inside), "{inside:?}");
        }
        for outside in ["/app", "/app0", "/app.", "/apq/", "/b"] {
            assert!(!(prefix.start()..end.as_str()).contains(&outside), "{outside:?}");
        }
        assert_eq!(location("etcd:/app/port").end(), None);
    }

    #[test]
    fn permissions_are_given_on_the_folder_of_a_key() {
        assert_eq!(location("etcd:/app/db/port").directory(), Some("/app/db/"));
        assert_eq!(location("etcd:/app/").directory(), Some("/app/"));
        assert_eq!(location("etcd:port").directory(), None);
        assert_eq!(location("etcd:/port").directory(), None);
    }
}
