//! The work that both programs do, and the clock.

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use configcheck::memory::{self, LockedString};
use configcheck::{AppConfig, Loader, Secret};
use rustix::time::{ClockId, clock_gettime};

/// How many fields of the hundred are secrets.
const SECRETS: usize = 50;

#[derive(AppConfig)]
#[allow(dead_code, reason = "they are loaded and not looked at")]
struct Ten {
    a: Secret<String>,
    b: u32,
    c: Secret<String>,
    d: String,
    e: Secret<String>,
    f: bool,
    g: Secret<String>,
    h: String,
    i: Secret<String>,
    j: u64,
}

macro_rules! tens {
    ($($field:ident)*) => {
        /// A hundred fields.
        #[allow(dead_code, reason = "they are loaded and not looked at")]
        #[derive(AppConfig)]
        pub struct Hundred {
            $(
                #[config(nested)]
                $field: Ten,
            )*
        }

        /// The variables for them.
        fn variables() -> Vec<(String, &'static str)> {
            let mut variables = Vec::new();
            $(
                for (field, value) in [
                    ("a", SECRET), ("b", "17"), ("c", SECRET), ("d", "text"), ("e", SECRET),
                    ("f", "true"), ("g", SECRET), ("h", "text"), ("i", SECRET), ("j", "1234567890"),
                ] {
                    variables.push((format!("{}_{field}", stringify!($field)).to_uppercase(), value));
                }
            )*
            variables
        }
    };
}

const SECRET: &str = "not-a-real-secret-of-66-bytes-with-letters-that-mean-nothing-xyzxy";

tens!(first second third fourth fifth sixth seventh eighth ninth tenth);

/// Does the work as a process with the hundred variables, and prints a line `name<TAB>nanoseconds` for each kind of work.
pub fn run(sized: &[usize]) {
    if std::env::var_os("FIRST_A").is_none() {
        let program = std::env::current_exe().expect("a program has a path");
        let status = Command::new(program).envs(variables()).status().expect("it starts");
        std::process::exit(status.code().unwrap_or(1));
    }
    for size in sized {
        tell(&format!("allocate {size}"), || allocate(*size));
    }
    tell("load", load);
}

/// The work that is not the allocator's.
pub fn run_once() {
    tell("string", || drop(black_box(String::from(SECRET))));
    tell("locked", || drop(black_box(LockedString::new(SECRET))));
    println!("keeping\t{:?}", LockedString::new(SECRET).keeping());
    tell("harden", || { black_box(memory::harden().is_complete()); });
    let before = now();
    let taken = memory::take_secrets::<Hundred>().expect("no thread runs");
    println!("take\t{}", (now() - before).as_nanos());
    assert_eq!(taken.names().count(), SECRETS);
}

/// What a library does with a text: memory is asked for, filled and freed.
pub fn allocate(size: usize) {
    let mut memory = Vec::with_capacity(size);
    memory.resize(size, b'x');
    drop(black_box(memory));
}

fn load() {
    let loader = Loader::new().no_dotenv().no_standard_mounts();
    drop(black_box(loader.load::<Hundred>().unwrap_or_else(|error| panic!("{error}"))));
}

/// Prints how long a piece of work takes: the fastest of many batches of at least two milliseconds, since noise only ever adds.
pub fn tell(name: &str, work: impl Fn()) {
    let mut count = 1_u32;
    while batch(count, &work) < Duration::from_millis(2) {
        count *= 2;
    }
    let best = (0..100).map(|_| batch(count, &work)).min().unwrap_or_default();
    println!("{name}\t{:.1}", best.as_nanos() as f64 / f64::from(count));
}

fn batch(count: u32, work: impl Fn()) -> Duration {
    let before = now();
    for _ in 0..count {
        work();
    }
    now() - before
}

/// The CPU time of this thread, that of the kernel for it included.
fn now() -> Duration {
    let now = clock_gettime(ClockId::ThreadCPUTime);
    Duration::new(now.tv_sec.unsigned_abs(), u32::try_from(now.tv_nsec).unwrap_or_default())
}
