//! A thousand pairs of secrets that are equally valid and differ in content and length: a run with the one prints and writes, byte by byte,
//! what a run with the other does.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::channels::observe;
use crate::commands::{self, Input};
use crate::judge::derived;
use crate::pairs::{PAIRS, SEED, pair};
use crate::places::{self, Place};

/// The places of values: what stands there is a value in every reading. Elsewhere a form may be one thing and another form another.
fn places() -> Vec<Place> {
    let inputs = [Input::EnvFiles, Input::Process, Input::Stdin, Input::Expanded];
    let mut places = places::all();
    places.retain(|place| !place.is_key && place.inputs.iter().all(|input| inputs.contains(input)));
    places
}

#[test]
fn outputs_of_equally_valid_secrets_are_equal() {
    let (places, commands) = (places(), commands::all());
    let cells: Vec<(usize, usize)> = (0..places.len())
        .flat_map(|place| (0..commands.len()).map(move |command| (place, command)))
        .filter(|(place, command)| commands[*command].reads.iter().any(|input| places[*place].inputs.contains(input)))
        .collect();
    let (next, outputs, differ) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                let home = tempfile::tempdir().unwrap();
                let folder = home.path().join("project");
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= PAIRS {
                        return;
                    }
                    let (form, one, other) = pair(number);
                    // A step that has no divisor in common with the count walks through all cells.
                    let (place, command) = cells[number * 1_009 % cells.len()];
                    let (place, command) = (&places[place], &commands[command]);
                    let run = |secret: &str| observe(&folder, &place.scene(secret.as_bytes()), command);
                    let (one, other) = (run(&one), run(&other));
                    outputs.fetch_add(one.len(), Ordering::Relaxed);
                    let found = derived(&one, &other).into_iter();
                    let found = found.map(|leak| format!("pair {number}, {form}: {} | {}: {leak:?}", place.name, command.name()));
                    differ.lock().unwrap().extend(found);
                }
            });
        }
    });
    let (outputs, differ) = (outputs.into_inner(), differ.into_inner().unwrap());
    println!("figure: L3.command pairs={PAIRS} cells={outputs} differ={} seed={SEED:#x}", differ.len());
    assert!(differ.is_empty(), "{} outputs differ:\n{}", differ.len(), differ.join("\n"));
}
