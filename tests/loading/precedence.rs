//! The order of the layers, against a model: each layer sets a key, sets it to nothing or does not set it, in all combinations.

use configcheck::{AppConfig, Loader};

use super::write;

#[derive(AppConfig)]
struct Settings {
    #[config(default = "default")]
    value: String,
}

#[derive(AppConfig)]
struct Bare {
    value: Option<String>,
}

#[derive(AppConfig)]
struct EmptyAllowed {
    #[config(allow_empty)]
    value: Option<String>,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Unset,
    Empty,
    Set,
}

const STATES: [State; 3] = [State::Unset, State::Empty, State::Set];

/// The layers above the defaults, lowest first.
const LAYERS: [&str; 7] = ["toml", "later toml", ".env", ".env.local", "mounted", "environment", "override"];

fn text(state: State, name: &str) -> Option<String> {
    match state {
        State::Unset => None,
        State::Empty => Some(String::new()),
        State::Set => Some(name.to_owned()),
    }
}

/// Builds the sources of one combination in a folder.
fn loader(folder: &std::path::Path, states: &[State]) -> Loader {
    let value = |layer: usize| text(states[layer], LAYERS[layer]);
    let document = |layer: usize| value(layer).map_or_else(String::new, |value| format!("value = \"{value}\"\n"));
    let line = |layer: usize| value(layer).map_or_else(String::new, |value| format!("VALUE=\"{value}\"\n"));
    write(folder, "first.toml", document(0));
    write(folder, "second.toml", document(1));
    write(folder, ".env", line(2));
    write(folder, ".env.local", line(3));
    let mounted = folder.join("mounted");
    std::fs::create_dir_all(&mounted).unwrap();
    match value(4) {
        Some(value) => write(&mounted, "value", value),
        None => drop(std::fs::remove_file(mounted.join("value"))),
    }
    let mut loader = Loader::new()
        .no_standard_mounts()
        .environment("development")
        .dotenv_dir(folder)
        .file(folder.join("first.toml"))
        .file(folder.join("second.toml"))
        .mounted_dir(mounted)
        .vars(value(5).map(|value| ("VALUE".to_owned(), value)));
    if let Some(value) = value(6) {
        loader = loader.set("VALUE", value);
    }
    loader
}

/// Runs every combination of the states: 3 to the power of the number of layers.
fn each(mut check: impl FnMut(&Loader, &[State])) -> usize {
    let folder = tempfile::tempdir().unwrap();
    let combinations = 3_usize.pow(u32::try_from(LAYERS.len()).unwrap());
    for number in 0..combinations {
        let mut rest = number;
        let states: Vec<State> = LAYERS.iter().map(|_| (STATES[rest % 3], rest /= 3).0).collect();
        check(&loader(folder.path(), &states), &states);
    }
    combinations
}

#[test]
fn the_highest_layer_that_sets_something_wins() {
    let combinations = each(|loader, states| {
        let model = (0..LAYERS.len()).rev().find(|layer| states[*layer] == State::Set).map(|layer| LAYERS[layer]);
        let settings: Settings = loader.load().unwrap();
        assert_eq!(settings.value, model.unwrap_or("default"));
        assert_eq!(loader.load::<Bare>().unwrap().value.as_deref(), model);
        let allowed = (0..LAYERS.len()).rev().find(|layer| states[*layer] != State::Unset);
        let allowed = allowed.map(|layer| if states[layer] == State::Set { LAYERS[layer] } else { "" });
        assert_eq!(loader.load::<EmptyAllowed>().unwrap().value.as_deref(), allowed);
    });
    println!("figure: V2 layers={} combinations={combinations} differences=0", LAYERS.len());
}
