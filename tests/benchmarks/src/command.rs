//! The words run.py says to this program, one function each.

use std::path::Path;

use crate::environment;
use crate::group::Group;
use crate::peer::Peer;
use crate::peers;
use crate::timing;

const USAGE: &str = "usage: peers | environment GROUP | dotenv GROUP | check GROUP DIR | \
                     load GROUP PEER DIR COUNT | time GROUP DIR ROUNDS BATCH_MICROSECONDS";

pub fn run(arguments: &[String]) -> Result<(), String> {
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["peers"] => list(),
        ["environment", group] => print!("{}", environment::process(Group::parse(group)?)),
        ["dotenv", group] => print!("{}", environment::dotenv(Group::parse(group)?)),
        ["check", group, dir] => return check(Group::parse(group)?, Path::new(dir)),
        ["load", group, peer, dir, count] => {
            let peer = peers::find(Group::parse(group)?, peer)?;
            (peer.repeat)(Path::new(dir), number(count)?);
        }
        ["time", group, dir, rounds, batch] => {
            let peers = peers::of(Group::parse(group)?);
            timing::run(&peers, Path::new(dir), number(rounds)?, number(batch)?);
        }
        _ => return Err(USAGE.to_owned()),
    }
    Ok(())
}

/// Every peer with its group: run.py takes its work from this list.
fn list() {
    for peer in peers::all() {
        println!("{}\t{}", peer.group.name(), peer.name);
    }
}

/// A peer that is fast because it loads something else must not get into a table.
fn check(group: Group, dir: &Path) -> Result<(), String> {
    let expected = group.expected_values();
    let wrong: Vec<&str> = peers::of(group).iter().filter(|peer: &&&Peer| (peer.values)(dir) != expected).map(|peer| peer.name).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    Err(format!("{}: wrong values from {}", group.name(), wrong.join(", ")))
}

fn number(word: &str) -> Result<u64, String> {
    word.parse().map_err(|_| format!("not a number: {word}"))
}
