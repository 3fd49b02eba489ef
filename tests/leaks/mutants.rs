//! Leaks planted on purpose, as a careless implementation would print them. The oracle has to find every one.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::os::unix::ffi::OsStringExt as _;

use crate::channels::{Output, observe};
use crate::judge::{Runs, found, leaks};
use crate::planted::{MUTANTS, Mutant};
use crate::search::Needles;
use crate::shapes::{self, Shape};
use crate::{failures, settings};

/// The outputs of a real failure with the three secrets of a shape.
fn sound(shape: &Shape) -> Runs {
    let run = |secret: &[u8]| observe::<settings::Long>(&failures::base().vars([("TOKEN", OsString::from_vec(secret.to_vec()))]));
    Runs { canary: run(&shape.canary), control: run(&shape.control), longer: run(&shape.longer) }
}

/// The same, with what a mutant adds to the report.
fn planted(mutant: &Mutant, shape: &Shape, sound: &Runs) -> Runs {
    let plant = |outputs: &[Output], secret: &[u8]| {
        let mut outputs = outputs.to_vec();
        let report = outputs.iter_mut().find(|output| output.channel == "plain report").unwrap();
        writeln!(report.text, "\n{}", (mutant.says)(secret)).unwrap();
        outputs
    };
    Runs {
        canary: plant(&sound.canary, &shape.canary),
        control: plant(&sound.control, &shape.control),
        longer: plant(&sound.longer, &shape.longer),
    }
}

#[test]
fn every_planted_leak_is_found_in_every_shape() {
    let (mut planted_ones, mut found_of) = (0, BTreeMap::<&str, usize>::new());
    for shape in shapes::all() {
        let (needles, sound) = (Needles::of(&shape.canary), sound(&shape));
        assert!(leaks(&needles, &sound).is_empty(), "{}: a sound report is no leak", shape.name);
        for mutant in MUTANTS.iter().filter(|mutant| !mutant.tells_nothing(&[&shape.canary, &shape.control, &shape.longer])) {
            planted_ones += 1;
            *found_of.entry(mutant.name).or_default() += 1;
            let runs = planted(mutant, &shape, &sound);
            assert!(!leaks(&needles, &runs).is_empty(), "{}: {} is not found", shape.name, mutant.name);
            if mutant.by_search && shape.is_searchable() {
                assert!(!found(&needles, &runs).is_empty(), "{}: {} is not found by a search", shape.name, mutant.name);
            }
        }
    }
    let by_search = MUTANTS.iter().filter(|mutant| mutant.by_search).count();
    println!("figure: L1.mutants.library forms={} by_search={by_search} planted={planted_ones} found={planted_ones}", MUTANTS.len());
    assert!(by_search >= 20);
    assert_eq!(found_of.len(), MUTANTS.len(), "each form is planted");
    assert!(found_of.values().all(|shapes| *shapes >= 10), "each form is planted in many shapes: {found_of:?}");
}

#[test]
fn a_search_finds_any_six_letters() {
    let shapes = shapes::all();
    let shape = shapes.iter().find(|shape| shape.name == "64 characters").unwrap();
    let needles = Needles::of(&shape.canary);
    for piece in shape.canary.windows(6) {
        assert!(!needles.hits(&[b"begins with ", piece, b" and"].concat(), b"").is_empty());
        assert!(needles.hits(&[b"begins with ", &piece[1..], b" and"].concat(), b"").is_empty());
    }
}
