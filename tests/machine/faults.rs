//! The machine fails at the n-th call, for every n until the load ends without having met the fault.

use std::fs;

use configcheck_files::faults::{Fault, inject};

use crate::sources::{ALL, Ended, Place, Source};

/// The faults by their numbers on Linux, and what a report says of them; `None` where the call is made again.
const ERRORS: [(&str, i32, Option<&str>); 9] = [
    ("ENOENT", 2, Some("there is no file at this path")),
    ("EINTR", 4, None),
    ("EIO", 5, Some("the operating system reports an input/output error")),
    ("EACCES", 13, Some("this process may not read the file")),
    ("ENFILE", 23, Some("too many files are open already")),
    ("EMFILE", 24, Some("too many files are open already")),
    ("ENOSPC", 28, Some("no space is left")),
    ("EROFS", 30, Some("the file system is read-only")),
    ("ESTALE", 116, None),
];

/// What names a file in a report: its own name, or that of the variable or directory that leads to it.
const NAMES: [&str; 5] = ["_FILE", "VAULT_CACERT", "identity", "good.env.age", "mounted"];

fn lay(place: &Place, source: &Source) {
    fs::write(source.path(place), source.good(place)).unwrap();
}

/// Whether a report says the cause and names a file.
fn tells(source: &Source, ended: &Ended, words: &str) -> bool {
    let Ended::Refused { text, rules } = ended else { return false };
    let names_file = text.contains(source.file) || NAMES.iter().any(|name| text.contains(name));
    let is_known = rules.iter().any(|rule| *rule == source.rule || *rule == source.absent);
    is_known && names_file && (text.contains(words) || rules.contains(&source.absent) && words.starts_with("there is no file"))
}

#[test]
#[cfg(target_os = "linux")]
fn a_call_that_fails_once_is_told_or_made_again() {
    let place = Place::new();
    let (mut runs, mut deepest, mut told) = (0, 0, 0);
    for source in &ALL {
        lay(&place, source);
        for (name, number, words) in ERRORS {
            for at in 1.. {
                let fault = inject(at, Fault::Once(number));
                let ended = source.load(&place);
                let (struck, calls) = (fault.struck(), fault.calls());
                drop(fault);
                runs += 1;
                deepest = deepest.max(calls);
                let is_right = ended.is_good() || words.is_some_and(|words| tells(source, &ended, words));
                assert!(is_right, "{}: {name} at call {at} ({struck:?}): {ended:?}", source.name);
                told += usize::from(!ended.is_good());
                if struck.is_none() {
                    assert!(ended.is_good(), "{}: {ended:?}", source.name);
                    break;
                }
            }
        }
        assert!(source.load(&place).is_good(), "{}: it does not load once the fault is gone", source.name);
    }
    println!("figure: C2.load runs={runs} errors={} deepest_call={deepest} told={told} panics=0 wrong=0", ERRORS.len());
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_stays_broken_is_told() {
    let place = Place::new();
    let mut runs = 0;
    for source in &ALL {
        lay(&place, source);
        for (name, number, words) in [ERRORS[2], ERRORS[3], ("ESTALE", 116, Some("the file changed while it was read"))] {
            for at in 1.. {
                let fault = inject(at, Fault::Always(number));
                let ended = source.load(&place);
                let struck = fault.struck();
                drop(fault);
                runs += 1;
                if struck.is_none() {
                    assert!(ended.is_good());
                    break;
                }
                // A directory whose server has forgotten it cannot be read again.
                let forgotten = number == 116 && ended.says(source.rule, "the server of its file system no longer knows the file");
                // What is read again only to renew a login is not needed for the load.
                let is_right = tells(source, &ended, words.unwrap()) || forgotten || ended.is_good();
                assert!(is_right, "{}: {name} from call {at} ({struck:?}): {ended:?}", source.name);
            }
        }
        assert!(source.load(&place).is_good());
    }
    println!("figure: C2.load lasting_runs={runs} wrong=0");
}

#[test]
fn reads_of_one_byte_change_nothing() {
    let place = Place::new();
    for source in &ALL {
        lay(&place, source);
        let fault = inject(1, Fault::Short);
        assert!(source.load(&place).is_good(), "{}", source.name);
        assert!(fault.calls() > 10);
    }
}

/// One load of all layers at once: what of it can be read is judged, and what cannot is told.
#[test]
#[cfg(target_os = "linux")]
fn one_fault_hides_no_other_finding() {
    use configcheck::{AppConfig, Loader, Secret};

    #[derive(AppConfig)]
    #[config(name = "shop")]
    struct Settings {
        #[expect(dead_code, reason = "it is loaded")]
        token: Secret<String>,
        #[expect(dead_code, reason = "it is loaded")]
        other: Secret<String>,
        #[expect(dead_code, reason = "it is missing")]
        port: u16,
    }

    let place = Place::new();
    for (name, text) in
        [("one.toml", "token = \"not-a-real-token\"\n"), (".env", "PORT=no-number\n"), ("mounted/OTHER", "not-a-real-other\n")]
    {
        fs::write(place.at(name), text).unwrap();
    }
    let folder = place.folder.path();
    let loader = Loader::new().no_standard_mounts().environment("development").vars(Vec::<(String, String)>::new());
    let loader = loader.dotenv_dir(folder).file(folder.join("one.toml")).mounted_dir(folder.join("mounted"));
    let mut runs = 0;
    for (name, number, words) in ERRORS {
        for at in 1.. {
            let fault = inject(at, Fault::Once(number));
            let report = loader.inspect::<Settings>();
            let struck = fault.struck();
            drop(fault);
            runs += 1;
            let text = configcheck_loader::render::plain(&report);
            let has = |rule: &str| report.active().any(|finding| finding.rule.name == rule);
            // The number that is none is found unless its own file is the one that could not be read.
            let is_told = words.is_some_and(|words| text.contains(words)) || number == 2;
            assert!(has("invalid-value") || is_told, "{name} at call {at} ({struck:?}): {text}");
            if struck.is_none() {
                assert!(has("invalid-value") && !has("unreadable-source"));
                break;
            }
        }
    }
    println!("figure: C2.load layers_together_runs={runs} wrong=0");
}
