//! Who may reach a file.

/// Who may reach a file, as far as the operating system says; each is `None` where there is no such notion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Access {
    /// The permission bits, such as `0o640`.
    pub mode: Option<u32>,
    /// Number of the user that owns the file.
    pub owner: Option<u32>,
    /// How many names the file has.
    pub links: Option<u64>,
}

impl Access {
    /// Whether every user of the machine may read the file.
    pub const fn is_world_readable(&self) -> bool {
        matches!(self.mode, Some(mode) if mode & 0o004 != 0)
    }

    /// Whether every user of the machine may write to the file.
    pub const fn is_world_writable(&self) -> bool {
        matches!(self.mode, Some(mode) if mode & 0o002 != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::Access;

    #[test]
    fn access_tells_who_may_reach_a_file() {
        let of = |mode| Access { mode: Some(mode), ..Access::default() };
        assert!(of(0o644).is_world_readable() && !of(0o644).is_world_writable());
        assert!(!of(0o640).is_world_readable() && of(0o642).is_world_writable());
        assert!(!Access::default().is_world_readable() && !Access::default().is_world_writable());
    }
}
