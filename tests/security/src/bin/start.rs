//! How long a start takes with 200 variables and no network: Configcheck, and envy with the same variables and the same fields.
//!
//! The fields are ten structs of twenty. Times are of this machine, and wall-clock; the ratio to the others is the figure that travels.

use std::time::{Duration, Instant};

use configcheck::{AppConfig, Loader};
use configcheck_security::figure;
use serde::Deserialize;

/// The starts that are measured, after as many as a tenth of them.
const STARTS: usize = 2_000;

macro_rules! settings {
    ($($group:ident)*) => {
        #[derive(AppConfig)]
        struct Settings {
            $(#[config(nested)] $group: Group,)*
        }

        const GROUPS: &[&str] = &[$(stringify!($group)),*];

        impl Settings {
            fn sum(&self) -> u64 {
                [$(self.$group.sum()),*].iter().sum()
            }
        }
    };
}

macro_rules! group {
    ($($field:ident)*) => {
        #[derive(AppConfig, Deserialize)]
        struct Group {
            $($field: u32,)*
        }

        const FIELDS: &[&str] = &[$(stringify!($field)),*];

        impl Group {
            fn sum(&self) -> u64 {
                [$(u64::from(self.$field)),*].iter().sum()
            }
        }
    };
}

settings! { one two three four five six seven eight nine ten }
group! { a b c d e f g h i j k l m n o p q r s t }

/// The 200 variables, and what their values add up to.
fn variables() -> (Vec<(String, String)>, u64) {
    let names = GROUPS.iter().flat_map(|group| FIELDS.iter().map(move |field| format!("{group}_{field}").to_uppercase()));
    let variables: Vec<(String, String)> = names.enumerate().map(|(number, name)| (name, number.to_string())).collect();
    let sum = (0..variables.len() as u64).sum();
    (variables, sum)
}

/// The times of many starts, sorted. Each has to come to the right values.
fn measured(expected: u64, start: impl Fn() -> u64) -> Vec<Duration> {
    let mut times = Vec::with_capacity(STARTS);
    for number in 0..STARTS + STARTS / 10 {
        let begun = Instant::now();
        let sum = start();
        let took = begun.elapsed();
        assert_eq!(sum, expected, "a start came to other values");
        if number >= STARTS / 10 {
            times.push(took);
        }
    }
    times.sort();
    times
}

fn told(row: &str, times: &[Duration]) -> f64 {
    let at = |share: usize| times[times.len() * share / 100].as_secs_f64() * 1e6;
    let (median, p99) = (format!("{:.0}", at(50)), format!("{:.0}", at(99)));
    println!("{}", figure(row, &[("keys", &200), ("starts", &times.len()), ("median-us", &median), ("p99-us", &p99)]));
    at(50)
}

fn main() {
    let (variables, sum) = variables();
    let prefixed = |group: &str| format!("{}_", group.to_uppercase());
    let ours = measured(sum, || {
        let loader = Loader::new().no_dotenv().no_standard_mounts().environment("production").vars(variables.clone());
        loader.load::<Settings>().map_or(0, |settings| settings.sum())
    });
    let envy = measured(sum, || {
        let groups = GROUPS.iter().map(|group| envy::prefixed(prefixed(group)).from_iter::<_, Group>(variables.clone()));
        groups.map(|group| group.map_or(0, |group| group.sum())).sum()
    });
    let (ours, envy) = (told("Q5", &ours), told("Q5.peer.envy", &envy));
    println!("{}", figure("Q5.peer.ratio-to-envy", &[("median", &format!("{:.2}", ours / envy))]));
}
