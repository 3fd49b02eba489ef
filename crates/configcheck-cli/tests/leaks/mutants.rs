//! Leaks planted on purpose into the output of real runs. The oracle has to find every one.

use crate::channels::{Output, observe};
use crate::commands;
use crate::judge::{Runs, found, leaks};
use crate::places;
use crate::planted::{MUTANTS, Mutant};
use crate::search::Needles;
use crate::shapes::{self, Shape};

/// The outputs with what a mutant adds to one channel.
fn planted(mutant: &Mutant, channel: &str, sound: &[Output], secret: &[u8]) -> Vec<Output> {
    let mut outputs = sound.to_vec();
    let output = outputs.iter_mut().find(|output| output.channel == channel).unwrap();
    output.text += &["\n", &(mutant.says)(secret), "\n"].concat();
    outputs
}

#[test]
fn every_planted_leak_is_found_in_every_channel() {
    let home = tempfile::tempdir().unwrap();
    let (places, commands, shapes) = (places::all(), commands::all(), shapes::all());
    let (place, command) = (&places[0], &commands[0]);
    let mut count = 0;
    for name in ["64 characters", "passphrase", "quotes and backslashes", "number"] {
        let shape: &Shape = shapes.iter().find(|shape| shape.name == name).unwrap();
        let needles = Needles::of(&shape.canary);
        let run = |secret: &[u8]| observe(&home.path().join("project"), &place.scene(secret), command);
        let (canary, longer) = (run(&shape.canary), run(&shape.longer));
        let runs =
            |canary: &[Output], longer: &[Output]| Runs { canary: canary.to_vec(), control: longer.to_vec(), longer: longer.to_vec() };
        assert!(leaks(&needles, &runs(&canary, &longer)).is_empty(), "{name}: a sound output is no leak");
        for channel in ["standard output", "standard error", "written files"] {
            for mutant in MUTANTS.iter().filter(|mutant| !mutant.tells_nothing(&[&shape.canary, &shape.longer])) {
                let canary = planted(mutant, channel, &canary, &shape.canary);
                let longer = planted(mutant, channel, &longer, &shape.longer);
                assert!(!leaks(&needles, &runs(&canary, &longer)).is_empty(), "{name}, {channel}: {} is not found", mutant.name);
                assert!(
                    !mutant.by_search || !found(&needles, &runs(&canary, &longer)).is_empty(),
                    "{name}, {channel}: {} is not found by a search",
                    mutant.name
                );
                count += 1;
            }
        }
    }
    println!("figure: L1.mutants.command forms={} planted={count} found={count}", MUTANTS.len());
    assert!(MUTANTS.len() >= 10);
}
