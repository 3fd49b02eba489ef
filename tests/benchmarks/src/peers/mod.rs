//! The list of peers: one file each, one line each.

mod conf;
mod config;
#[cfg(feature = "configcheck")]
mod configcheck;
mod confique;
mod dotenvy;
mod envconfig;
mod envy;
mod figment;
mod hand_written;
mod smart_config;

use crate::group::Group;
use crate::peer::Peer;

/// In the order of the tables.
const ALL: &[&[Peer]] = &[
    hand_written::PEERS,
    envy::PEERS,
    dotenvy::PEERS,
    envconfig::PEERS,
    confique::PEERS,
    conf::PEERS,
    config::PEERS,
    figment::PEERS,
    smart_config::PEERS,
    #[cfg(feature = "configcheck")]
    configcheck::PEERS,
];

pub fn all() -> impl Iterator<Item = &'static Peer> {
    ALL.iter().copied().flatten()
}

pub fn of(group: Group) -> Vec<&'static Peer> {
    all().filter(|peer| peer.group == group).collect()
}

pub fn find(group: Group, name: &str) -> Result<&'static Peer, String> {
    all().find(|peer| peer.group == group && peer.name == name).ok_or_else(|| format!("{name} takes no part in {}", group.name()))
}
