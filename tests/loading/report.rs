//! The report as a whole: the order of the struct, the same on every run, warnings that do not stop a start.

use configcheck::{AppConfig, Environment, Level, Loader, Secret, Severity};

use super::{errors, findings, write};

#[derive(AppConfig)]
struct Settings {
    #[allow(dead_code)]
    app_env: Environment,
    zebra: u8,
    #[config(alias = "OLD_MIDDLE")]
    middle: u8,
    #[allow(dead_code)]
    apple: Secret<u64>,
}

fn loader() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().vars([("APP_ENV", "test")])
}

#[test]
fn findings_come_in_the_order_of_the_struct_and_the_same_each_time() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), ".env", "APPLE=x\nnonsense\nMIDLE=1\nZEBRA=300\nZEBRA=301\nOTHER_THING=1\n");
    let loader = loader().dotenv_dir(folder.path());
    let first = loader.inspect::<Settings>();
    let order: Vec<&str> = errors(&first).into_iter().map(|(_, key)| key).filter(|key| !key.is_empty()).collect();
    let mut sorted = order.clone();
    sorted.sort_by_key(|key| ["APP_ENV", "ZEBRA", "MIDDLE", "APPLE"].iter().position(|name| name == key));
    assert_eq!(order, sorted);
    let (text, json) = (configcheck::render::plain(&first), configcheck::render::json(&first));
    for _ in 0..1_000 {
        let again = loader.inspect::<Settings>();
        assert_eq!(again, first);
        assert_eq!((configcheck::render::plain(&again), configcheck::render::json(&again)), (text.clone(), json.clone()));
    }
    println!("figure: Q4 runs=1000 different=0");
}

#[test]
fn a_warning_does_not_stop_a_start() {
    let loader = loader().vars([("ZEBRA", "1"), ("OLD_MIDDLE", "2"), ("APPLE", "3")]);
    let settings: Settings = loader.load().unwrap();
    assert_eq!((settings.zebra, settings.middle), (1, 2));
    let report = loader.inspect::<Settings>();
    assert_eq!(findings(&report).iter().map(|(rule, key, _)| (*rule, *key)).collect::<Vec<_>>(), [("deprecated-key", "MIDDLE")]);
}

#[test]
fn a_team_decides_how_much_a_finding_weighs() {
    let variables = [("ZEBRA", "1"), ("OLD_MIDDLE", "2"), ("APPLE", "3")];
    let strict = loader().vars(variables).level("deprecated-key", Level::At(Severity::Error));
    assert!(strict.load::<Settings>().is_err());
    let off = loader().vars(variables).level("deprecated-key", Level::Off);
    assert!(off.inspect::<Settings>().findings.is_empty());
    let accepted = strict.accept("deprecated-key", "MIDDLE", "the old deployment goes away in March");
    let report = accepted.inspect::<Settings>();
    assert!(!report.has_errors());
    assert_eq!(report.findings[0].suppressed.as_deref(), Some("the old deployment goes away in March"));
}

#[test]
fn a_file_may_accept_a_finding_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let loader = loader().dotenv_dir(folder.path()).vars([("ZEBRA", "1"), ("APPLE", "3")]);
    let text = |comment: &str| format!("{comment}OLD_MIDDLE=2\n");
    write(folder.path(), ".env", text("# configcheck: ignore[deprecated-key] goes away in March\n"));
    assert_eq!(loader.inspect::<Settings>().active().count(), 0);
    write(folder.path(), ".env", text("# configcheck: ignore[unknown-key] goes away in March\n"));
    assert!(loader.inspect::<Settings>().active().count() > 0);
}

#[test]
fn two_fields_with_one_variable_are_refused() {
    #[derive(AppConfig)]
    struct Pool {
        #[allow(dead_code)]
        #[config(env = "POOL_TIMEOUT", default = 30)]
        timeout: u32,
    }
    #[derive(AppConfig)]
    struct Pools {
        #[allow(dead_code)]
        #[config(nested)]
        a: Pool,
        #[allow(dead_code)]
        #[config(nested)]
        b: Pool,
    }
    let Err(error) = loader().vars([("POOL_TIMEOUT", "5")]).load::<Pools>() else { panic!("it must not load") };
    assert!(error.to_string().contains("the fields a.timeout and b.timeout read the same variable, POOL_TIMEOUT"), "{error}");
}
