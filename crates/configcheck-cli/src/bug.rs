//! What a mistake of ours looks like: a place in our source and what to do, and nothing of what was being read.

use crate::console::Console;

/// Replaces the panic message, which may quote a value.
pub(crate) fn install_hook() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" at {}:{}", place.file(), place.line()));
        Console::error(&format!(
            "configcheck {} stopped{place}: this is a mistake of configcheck, not of your configuration\n  help: please report it with \
             the line above and the command you ran: {}/issues; no value is needed, and none was printed",
            env!("CARGO_PKG_VERSION"),
            env!("CARGO_PKG_REPOSITORY"),
        ));
    }));
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "the tests are about panics")]
#[expect(clippy::print_stdout, reason = "the figure is for those who read it")]
mod tests {
    use std::process::Command;

    use super::*;

    /// Names what panics in the second run, and the value that is at hand there.
    const CHILD: &str = "CONFIGCHECK_TEST_BUG";
    const VALUE: &str = "CONFIGCHECK_TEST_BUG_VALUE";

    /// Its name, and what panics with a value.
    type Mistake = (&'static str, fn(String));

    /// The ways in which a mistake of ours could come to a panic that quotes what was being read.
    const MISTAKES: [Mistake; 8] = [
        ("text", |value| panic!("cannot read {value}")),
        ("Debug", |value| panic!("cannot read {value:?}")),
        ("unwrap", |value| {
            std::hint::black_box(Err::<(), _>(value)).unwrap();
        }),
        ("unwrap of a number", |value| {
            format!("{value}x").parse::<u32>().map_err(|_| value).unwrap();
        }),
        ("slice", |value| drop(value[value.len() + 1..].to_owned())),
        ("equal", |value| assert_eq!(value, "another")),
        ("payload", |value| std::panic::panic_any(value)),
        ("thread", |value| std::thread::spawn(move || panic!("cannot read {value}")).join().unwrap()),
    ];

    /// No test of its own: what the second run does.
    #[test]
    fn child() {
        let (Ok(name), Ok(value)) = (std::env::var(CHILD), std::env::var(VALUE)) else { return };
        let (_, mistake) = MISTAKES.iter().find(|(other, _)| *other == name).unwrap();
        install_hook();
        mistake(value);
    }

    /// What the second run writes to standard error, and its exit code.
    fn ended(mistake: &str, value: &str) -> (String, Option<i32>) {
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "bug::tests::child", "--nocapture", "--test-threads=1"])
            .env(CHILD, mistake)
            .env(VALUE, value)
            .env("RUST_BACKTRACE", "1")
            .output()
            .unwrap();
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(!printed.contains(value), "{mistake}: {printed}");
        (String::from_utf8(output.stderr).unwrap(), output.status.code())
    }

    #[test]
    fn a_mistake_of_ours_is_told_without_what_was_being_read() {
        let mut panics = 0;
        for (mistake, _) in MISTAKES {
            let values = (0..13).map(|number| format!("not-a-real-{}{}", "hunter".repeat(number + 1), number));
            let said: Vec<(String, Option<i32>)> = values.map(|value| ended(mistake, &value)).collect();
            panics += said.len();
            assert!(said.windows(2).all(|pair| pair[0] == pair[1]), "{mistake}: what is said depends on the value: {said:?}");
            let (text, code) = &said[0];
            assert!(text.contains(" stopped at ") && text.contains("this is a mistake of configcheck"), "{mistake}: {text}");
            assert!(!text.contains("hunter") && !text.contains("panicked"), "{mistake}: {text}");
            assert_eq!(*code, Some(101), "{mistake}: {text}");
        }
        println!("figure: L4.command panics={panics} hits=0 code=101");
        assert!(panics >= 100, "{panics} are too few");
    }
}
