//! The whole matrix: every shape, every kind of failure, every channel, and no leak.

use std::collections::{BTreeMap, BTreeSet};

use crate::failures;
use crate::judge::{Leak, Runs, leaks};
use crate::search::Needles;
use crate::shapes;

/// The fewest cells that count as the matrix.
const FEWEST: usize = 6_000;

#[test]
fn nothing_of_a_secret_is_in_any_output() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("sources");
    let (shapes, failures) = (shapes::all(), failures::all());
    let mut channels = BTreeSet::new();
    let (mut cells, mut searched, mut bad) = (0, 0, BTreeMap::<(&str, &str), Vec<(&str, Leak)>>::new());
    for shape in &shapes {
        let needles = Needles::of(&shape.canary);
        for failure in &failures {
            let run = |secret: &[u8]| failure.run(&folder, secret);
            let runs = Runs { canary: run(&shape.canary), control: run(&shape.control), longer: run(&shape.longer) };
            cells += runs.canary.len();
            channels.extend(runs.canary.iter().map(|output| output.channel));
            searched += if shape.is_searchable() { runs.canary.len() } else { 0 };
            for leak in leaks(&needles, &runs) {
                bad.entry((failure.name, leak.channel())).or_default().push((shape.name, leak));
            }
        }
    }
    println!(
        "{cells} cells of {} shapes and {} kinds of failures: all compared, {searched} searched, {} leak",
        shapes.len(),
        failures.len(),
        bad.values().map(Vec::len).sum::<usize>()
    );
    println!(
        "figure: L1.library shapes={} failures={} channels={} cells={cells} searched={searched} hits={}",
        shapes.len(),
        failures.len(),
        channels.len(),
        bad.values().map(Vec::len).sum::<usize>()
    );
    for ((failure, channel), leaks) in &bad {
        let shapes: Vec<_> = leaks.iter().map(|(shape, _)| *shape).collect();
        println!("\n{failure} | {channel} | {}\n  {}", shapes.join(", "), written(&leaks[0].1));
    }
    assert!(bad.is_empty(), "{} kinds of failures leak through a channel; they are listed above", bad.len());
    assert!(cells >= FEWEST, "{cells} cells are too few");
}

/// A leak in one line, for whoever mends it. The secrets are made up.
fn written(leak: &Leak) -> String {
    match leak {
        Leak::Found { hits, .. } => {
            let hits = hits.iter().take(3).map(|hit| format!("{} {:?}", hit.encoding, String::from_utf8_lossy(&hit.piece)));
            format!("found: {}", hits.collect::<Vec<_>>().join(", "))
        }
        Leak::Derived { one, other, .. } => format!("differs: {one:?}\n       : {other:?}"),
    }
}
