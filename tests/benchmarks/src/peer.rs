//! What a peer is to this program: a name, the group it takes part in, and two ways to call it.

use std::hint::black_box;
use std::path::Path;

use crate::fields::Fields;
use crate::group::Group;

/// One way to load `T`. `dir` holds the `.env` file in the groups that have one.
pub trait Load<T> {
    fn load(dir: &Path) -> T;
}

pub struct Peer {
    pub name: &'static str,
    pub group: Group,
    /// Loads the given number of times and drops what it got: the measured work.
    pub repeat: fn(&Path, u64),
    /// Loads once and returns the fields as text, so that the result can be checked.
    pub values: fn(&Path) -> Vec<String>,
}

impl Peer {
    pub const fn new<L: Load<T>, T: Fields>(name: &'static str, group: Group) -> Self {
        Self { name, group, repeat: repeat::<L, T>, values: values::<L, T> }
    }
}

fn repeat<L: Load<T>, T>(dir: &Path, count: u64) {
    for _ in 0..count {
        black_box(L::load(black_box(dir)));
    }
}

fn values<L: Load<T>, T: Fields>(dir: &Path) -> Vec<String> {
    L::load(dir).values()
}
