//! Decides whether outputs leak: by what is found in them, and by comparing runs with different secrets.

use crate::channels::Output;
use crate::search::{Hit, Needles};

/// The outputs of one case with the three secrets of one shape.
pub(crate) struct Runs {
    pub(crate) canary: Vec<Output>,
    pub(crate) control: Vec<Output>,
    pub(crate) longer: Vec<Output>,
}

/// What an output tells of a secret.
#[derive(Debug)]
pub(crate) enum Leak {
    /// Pieces of it.
    Found { channel: &'static str, hits: Vec<Hit> },
    /// Something that depends on it: its length, a prefix, a hash, or that a channel speaks at all.
    Derived { channel: &'static str, one: String, other: String },
}

impl Leak {
    pub(crate) fn channel(&self) -> &'static str {
        match self {
            Self::Found { channel, .. } | Self::Derived { channel, .. } => channel,
        }
    }
}

/// Every leak in the outputs.
pub(crate) fn leaks(needles: &Needles, runs: &Runs) -> Vec<Leak> {
    let mut leaks = found(needles, runs);
    for others in [&runs.control, &runs.longer] {
        leaks.extend(derived(&runs.canary, others));
    }
    leaks
}

/// Pieces of the secret.
pub(crate) fn found(needles: &Needles, runs: &Runs) -> Vec<Leak> {
    let mut leaks = Vec::new();
    for output in &runs.canary {
        let control = runs.control.iter().find(|other| other.channel == output.channel);
        let hits = needles.hits(output.text.as_bytes(), control.map_or(&[], |control| control.text.as_bytes()));
        if !hits.is_empty() {
            leaks.push(Leak::Found { channel: output.channel, hits });
        }
    }
    leaks
}

/// Differences between runs.
pub(crate) fn derived(one: &[Output], other: &[Output]) -> Vec<Leak> {
    let channels: Vec<&str> = one.iter().map(|output| output.channel).collect();
    if channels != other.iter().map(|output| output.channel).collect::<Vec<_>>() {
        let texts = |outputs: &[Output]| outputs.first().map_or_else(String::new, |output| output.text.clone());
        return vec![Leak::Derived { channel: "which channels speak", one: texts(one), other: texts(other) }];
    }
    let differs = one.iter().zip(other).filter(|(one, other)| one.text != other.text);
    differs.map(|(one, other)| first_difference(one, other)).collect()
}

/// The first lines that differ.
fn first_difference(one: &Output, other: &Output) -> Leak {
    let lines = |output: &Output| output.text.lines().map(str::to_owned).collect::<Vec<_>>();
    let (ours, theirs) = (lines(one), lines(other));
    let at = (0..ours.len().max(theirs.len())).find(|at| ours.get(*at) != theirs.get(*at)).unwrap_or_default();
    let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
    Leak::Derived { channel: one.channel, one: line(&ours), other: line(&theirs) }
}
