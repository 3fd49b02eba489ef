//! How a policy that is in use differs from the one that the references need.

/// How a policy differs from what is needed. Order, spelling and grouping do not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drift {
    /// What is needed and not granted, one line each, sorted.
    pub missing: Vec<String>,
    /// What is granted and not needed, one line each, sorted.
    pub extra: Vec<String>,
}

impl Drift {
    /// Whether the policy grants what is needed, and nothing else.
    pub fn is_none(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty()
    }

    pub(crate) fn of(missing: impl IntoIterator<Item = String>, extra: impl IntoIterator<Item = String>) -> Self {
        let sorted = |mut lines: Vec<String>| {
            lines.sort();
            lines.dedup();
            lines
        };
        Self { missing: sorted(missing.into_iter().collect()), extra: sorted(extra.into_iter().collect()) }
    }
}
