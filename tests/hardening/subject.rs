//! The process that the tests of memory look into. It does what its arguments say, one after the other, and prints a line for each:
//!
//! `harden`, `leave-debuggers`, `thread`, `take`, `load`, `lock`, `insist`, `forget-loader`, `drop`, `children`, `report`, `copies`,
//! `wiped-copies`, `wait` (for a line), `abort`.
#![expect(clippy::print_stdout, clippy::panic, clippy::unwrap_used, clippy::use_debug, reason = "it speaks to the test that started it")]

use std::io::{BufRead as _, stdin};
use std::process::{Command, abort};
use std::thread;
use std::time::Duration;

use configcheck::memory::{self, Harden, LockedString, Wiping, WipingAllocator};
use configcheck::{AppConfig, ExposeSecret as _, Loader, Secret, render};

#[global_allocator]
static ALLOCATOR: WipingAllocator = WipingAllocator::while_loading();

/// Configuration of a service whose memory is looked into.
#[derive(AppConfig)]
#[config(name = "subject")]
struct Settings {
    /// Port that the server listens on.
    #[config(default = 8080)]
    port: u16,
    /// Password of the database.
    #[config(alias = "OLD_PASSWORD")]
    #[validate(length(min = 20))]
    db_password: Secret<String>,
    /// Key that signs session tokens.
    session_key: Option<Secret<String>>,
    #[config(nested)]
    mail: Mail,
}

/// The mail server.
#[derive(AppConfig)]
struct Mail {
    /// Its token; `MAIL_TOKEN`.
    token: Option<Secret<String>>,
}

/// The same password in pages of its own.
#[derive(AppConfig)]
#[config(name = "subject")]
struct Locked {
    /// Password of the database.
    #[validate(length(min = 20))]
    db_password: Secret<LockedString>,
}

/// The same, or no start.
#[derive(AppConfig)]
#[config(name = "subject")]
struct Insisting {
    /// Password of the database.
    #[config(with = LockedString::insist)]
    db_password: Secret<LockedString>,
}

fn main() {
    let (mut loader, mut settings, mut locked) = (Loader::new().no_dotenv().no_standard_mounts(), None, None);
    for word in std::env::args().skip(1) {
        match word.as_str() {
            "harden" => println!("{}", memory::harden().to_string().replace('\n', "; ")),
            "leave-debuggers" => println!("{}", Harden::new().leave_debuggers().apply().to_string().replace('\n', "; ")),
            "thread" => {
                thread::spawn(|| thread::sleep(Duration::from_mins(1)));
                println!("a thread runs");
            }
            "take" => match memory::take_secrets_and::<Settings>(&["VAULT_TOKEN"]) {
                Ok(taken) => {
                    let names: Vec<String> = taken.names().map(|name| name.display().to_string()).collect();
                    loader = loader.taken(taken);
                    println!("taken: {}", names.join(" "));
                }
                Err(error) => println!("{error}"),
            },
            "load" => {
                let read: Settings = loader.load().unwrap_or_else(|error| panic!("{error}"));
                assert!(read.db_password.expose_secret().starts_with("not-a-real-"), "the value is the one that was set");
                println!("loaded: {} {} {}", read.port, read.session_key.is_some(), read.mail.token.is_some());
                settings = Some(read);
            }
            "lock" => {
                let read: Locked = loader.load().unwrap_or_else(|error| panic!("{error}"));
                let password = read.db_password.expose_secret();
                assert!(password.as_str().starts_with("not-a-real-"), "the value is the one that was set");
                println!("{:?}", password.keeping());
                locked = Some(read);
            }
            "insist" => println!(
                "{}",
                loader.load::<Insisting>().map_or_else(
                    |error| error.to_string(),
                    |kept| format!("locked: {}", kept.db_password.expose_secret().keeping().is_locked())
                )
            ),
            "drop" => {
                // The loader is done with what was taken.
                (settings, locked) = (None, None);
                loader = Loader::new().no_dotenv().no_standard_mounts();
                println!("dropped");
            }
            "forget-loader" => {
                loader = Loader::new().no_dotenv().no_standard_mounts();
                println!("the loader is gone");
            }
            "children" => {
                let output = Command::new("env").output().unwrap();
                println!("{}", String::from_utf8(output.stdout).unwrap().replace('\n', " "));
            }
            "report" => println!("{}", render::plain(&loader.inspect::<Settings>()).replace('\n', "⏎")),
            "copies" => println!("{}", copies(&loader)),
            "wiped-copies" => {
                let wiping = Wiping::begin();
                let length = copies(&loader);
                drop(wiping);
                println!("{length}");
            }
            "wait" => {
                println!("waiting");
                stdin().lock().lines().next();
            }
            "abort" => abort(),
            other => panic!("`{other}` means nothing"),
        }
    }
    drop((settings, locked));
}

/// Does with a secret what a library does that knows of none: copies it into texts that grow, and drops them.
fn copies(loader: &Loader) -> usize {
    let settings: Settings = loader.load().unwrap_or_else(|error| panic!("{error}"));
    let password = settings.db_password.expose_secret();
    let mut lengths = 0;
    for count in 1..50 {
        let mut text = String::new();
        for _ in 0..count {
            text.push_str(password);
        }
        lengths += text.len();
    }
    lengths
}
