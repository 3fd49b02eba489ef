//! The whole matrix: every place, with every command that reads it, and no leak.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::channels::{EXIT, Output, observe};
use crate::commands::{self, Input, Invocation};
use crate::judge::{Leak, Runs, leaks};
use crate::places::{self, Place};
use crate::search::Needles;
use crate::shapes::{self, Shape};

/// The outputs of one run.
const OUTPUTS: usize = 4;

/// The fewest runs that count as the matrix.
const FEWEST_RUNS: usize = 3_000;

/// A place, a command and a shape, by their numbers.
type Cell = (usize, usize, usize);

/// Everything that is tried.
struct Matrix {
    places: Vec<Place>,
    commands: Vec<Invocation>,
    shapes: Vec<(Shape, Needles)>,
}

/// What is found in one cell.
struct Judged {
    cell: Cell,
    codes: [String; 2],
    leaks: Vec<Leak>,
}

/// The shapes of the library's oracle, and those that matter to a file of lines.
fn shapes() -> Vec<(Shape, Needles)> {
    let three = |name, canary: &str, longer: &str| Shape { name, canary: canary.into(), control: longer.into(), longer: longer.into() };
    let mut all = shapes::all();
    all.push(three("name of a key", "HUNTER_CANARY", "QUOKKABEAR_XENONIC"));
    all.push(three("assignment", "HUNTER_CANARY=hunter2-9f3a", "QUOKKABEAR_XENONIC=quokka55-6c1e2"));
    all.into_iter().map(|shape| (Needles::of(&shape.canary), shape)).map(|(needles, shape)| (shape, needles)).collect()
}

impl Matrix {
    fn new() -> Self {
        Self { places: places::all(), commands: commands::all(), shapes: shapes() }
    }

    /// The cells: a command meets each place whose input it reads. Those with every shape are tried with half of the shapes in each place,
    /// the others in every second place with one; which changes from cell to cell.
    fn cells(&self) -> Vec<Cell> {
        let mut cells = Vec::new();
        for (place, of) in self.places.iter().enumerate() {
            for (command, invocation) in self.commands.iter().enumerate() {
                if !invocation.reads.iter().any(|input| of.inputs.contains(input)) {
                    continue;
                }
                let turn = place * 5 + command * 3;
                let step = match (invocation.with_every_shape, of.inputs) {
                    (true, [Input::EnvFiles | Input::Process | Input::Stdin | Input::Service, ..]) => 2,
                    (true, _) => 5,
                    (false, _) if (place + command) % 2 == 0 => self.shapes.len(),
                    (false, _) => continue,
                };
                let tried = (turn % step..self.shapes.len()).step_by(step);
                cells.extend(
                    tried
                        .filter(|shape| !self.may_be_named(place, command, *shape) && !self.are_unlike(place, *shape))
                        .map(|shape| (place, command, shape)),
                );
            }
        }
        cells
    }

    /// Whether the secrets of a shape differ in more than their text there: one letter is no key where two are, a shell runs `true`, and what
    /// stands behind a # in an example is a comment, which is there to be shown.
    fn are_unlike(&self, place: usize, shape: usize) -> bool {
        let (place, shape) = (&self.places[place], self.shapes[shape].0.name);
        match shape {
            "one character" => place.is_key,
            "a word of a bool" => ["text behind the quote", "without a schema"].contains(&place.name),
            "blanks and comments" => place.name == "example: password in a URL",
            _ => false,
        }
    }

    /// Whether the contract lets the command show the secret, since it is the name of a key in a sound line.
    fn may_be_named(&self, place: usize, command: usize, shape: usize) -> bool {
        let is_name = |text: &[u8]| text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
        let secret = &self.shapes[shape].0.canary;
        let name = secret.split(|byte| *byte == b'=').next().unwrap_or(secret);
        let place = &self.places[place];
        place.is_key && is_name(name) && place.inputs.iter().any(|input| self.commands[command].names_keys_of(*input))
    }

    fn judged(&self, folder: &Path, cell: Cell) -> Judged {
        let (place, invocation, (shape, needles)) = (&self.places[cell.0], &self.commands[cell.1], &self.shapes[cell.2]);
        let run = |secret: &[u8]| observe(folder, &place.scene(secret), invocation);
        let (canary, longer) = (run(&shape.canary), run(&shape.longer));
        let code = |outputs: &[Output]| outputs.iter().find(|output| output.channel == EXIT).unwrap().text.clone();
        let codes = [code(&canary), code(&longer)];
        // One other secret serves the search as well as the comparison.
        Judged { cell, codes, leaks: leaks(needles, &Runs { canary, control: longer.clone(), longer }) }
    }

    fn name(&self, (place, command, shape): Cell) -> String {
        format!("{} | {} | {}", self.places[place].name, self.commands[command].name(), self.shapes[shape].0.name)
    }
}

/// Runs all cells on all processors, each thread in a folder of its own.
fn judge_all(matrix: &Matrix, cells: &[Cell]) -> Vec<Judged> {
    let (next, judged) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let home = tempfile::tempdir().unwrap();
                while let Some(cell) = cells.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = matrix.judged(&home.path().join("project"), *cell);
                    judged.lock().unwrap().push(found);
                }
            });
        }
    });
    judged.into_inner().unwrap()
}

#[test]
fn nothing_of_a_secret_is_in_what_a_command_prints_or_writes() {
    let matrix = Matrix::new();
    let cells = matrix.cells();
    let mut judged = judge_all(&matrix, &cells);
    judged.sort_by_key(|judged| judged.cell);
    report(&matrix, &judged);
}

#[test]
fn nothing_of_a_secret_under_version_control_is_shown() {
    let mut matrix = Matrix::new();
    matrix.places = vec![places::tracked()];
    matrix.commands.retain(|invocation| invocation.with_every_shape || invocation.arguments[0] == "diff");
    let cells = matrix.cells();
    let judged = judge_all(&matrix, &cells);
    report(&matrix, &judged);
}

/// Says what was tried, lists what leaks for whoever mends it, and fails then. The secrets are made up.
fn report(matrix: &Matrix, judged: &[Judged]) {
    let runs = judged.len() * 2;
    let outputs = judged.len() * OUTPUTS;
    let searched = judged.iter().filter(|found| matrix.shapes[found.cell.2].0.is_searchable()).count() * OUTPUTS;
    let mut bad: BTreeMap<(&str, String), Vec<&Judged>> = BTreeMap::new();
    for found in judged.iter().filter(|found| !found.leaks.is_empty()) {
        bad.entry((matrix.places[found.cell.0].name, matrix.commands[found.cell.1].name())).or_default().push(found);
    }
    let codes = judged.iter().flat_map(|found| &found.codes).fold(BTreeMap::<&str, usize>::new(), |mut codes, code| {
        *codes.entry(code).or_default() += 1;
        codes
    });
    println!(
        "{runs} runs, {outputs} outputs compared and {searched} of them searched: {} places, {} commands, {} shapes; exit codes {codes:?}; {} cells leak",
        matrix.places.len(),
        matrix.commands.len(),
        matrix.shapes.len(),
        bad.values().map(Vec::len).sum::<usize>(),
    );
    println!(
        "figure: L1.command places={} commands={} shapes={} cells={outputs} searched={searched} hits={}",
        matrix.places.len(),
        matrix.commands.len(),
        matrix.shapes.len(),
        bad.values().map(Vec::len).sum::<usize>(),
    );
    for ((place, command), found) in &bad {
        let shapes: Vec<&str> = found.iter().map(|found| matrix.shapes[found.cell.2].0.name).collect();
        println!("\n{place} | {command} | {}\n  {}", shapes.join(", "), written(&found[0].leaks[0]));
    }
    let is_usual = |code: &str| matches!(code, "Some(0)" | "Some(1)" | "Some(2)" | "Some(3)" | "Some(125)" | "Some(126)" | "Some(127)");
    let ended: Vec<String> =
        judged.iter().filter(|found| !found.codes.iter().all(|code| is_usual(code))).map(|found| matrix.name(found.cell)).collect();
    assert!(ended.is_empty(), "these ended as no command may: {ended:#?}");
    assert!(bad.is_empty(), "{} pairs of a place and a command leak; they are listed above", bad.len());
    assert!(matrix.places.len() == 1 || runs >= FEWEST_RUNS, "{runs} runs are too few");
}

/// A leak in one line.
fn written(leak: &Leak) -> String {
    let what = match leak {
        Leak::Found { hits, .. } => {
            let hits = hits.iter().take(3).map(|hit| format!("{} {:?}", hit.encoding, String::from_utf8_lossy(&hit.piece)));
            format!("found {}", hits.collect::<Vec<_>>().join(", "))
        }
        Leak::Derived { one, other, .. } => {
            let short = |text: &String| text.chars().take(400).collect::<String>();
            format!("differs {:?}\n       : {:?}", short(one), short(other))
        }
    };
    format!("{}: {what}", leak.channel())
}
