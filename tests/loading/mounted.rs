//! Mounted secrets: Docker's directory, `KEY_FILE`, systemd's credentials, Kubernetes' generations.

use std::os::unix::fs::symlink;

use configcheck::{AppConfig, ExposeSecret, Loader, Secret};

use super::{errors, write};

#[derive(AppConfig)]
struct Settings {
    db_password: Secret<String>,
    token: Option<Secret<String>>,
}

fn loader() -> Loader {
    Loader::new().no_dotenv().no_standard_mounts().vars(Vec::<(String, String)>::new())
}

fn password(loader: &Loader) -> String {
    loader.load::<Settings>().unwrap().db_password.expose_secret().clone()
}

#[test]
fn a_file_for_each_key_under_any_usual_name() {
    for name in ["db_password", "DB_PASSWORD", "db-password", "db.password"] {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), name, "not-a-real-password\n");
        write(folder.path(), "other", "x");
        assert_eq!(password(&loader().mounted_dir(folder.path())), "not-a-real-password", "{name}");
    }
}

#[test]
fn a_variable_may_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "anything", "not-a-real-password\n");
    let path = folder.path().join("anything").display().to_string();
    assert_eq!(password(&loader().vars([("DB_PASSWORD_FILE", &path)])), "not-a-real-password");
}

#[test]
fn both_a_value_and_its_file_are_a_conflict() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "anything", "not-a-real-password");
    let path = folder.path().join("anything").display().to_string();
    let loader = loader().vars([("DB_PASSWORD_FILE", path.as_str()), ("DB_PASSWORD", "not-a-real-other")]);
    let Err(error) = loader.load::<Settings>() else { panic!("it must not load") };
    assert_eq!(errors(error.report()), [("conflicting-keys", "DB_PASSWORD")]);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let loader = loader().vars([("DB_PASSWORD_FILE", "/nowhere/at/all")]);
    let Err(error) = loader.load::<Settings>() else { panic!("it must not load") };
    assert!(errors(error.report()).contains(&("unreadable-source", "DB_PASSWORD")), "{error}");
    assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    assert!(error.to_string().contains("--> environment variable DB_PASSWORD_FILE"), "{error}");
}

#[test]
fn systemd_says_where_its_credentials_are() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), "db_password", "not-a-real-password");
    let loader = Loader::new().no_dotenv().vars([("CREDENTIALS_DIRECTORY", folder.path().to_str().unwrap())]);
    assert_eq!(password(&loader), "not-a-real-password");
}

#[test]
fn a_volume_of_kubernetes_is_read_as_one_generation() {
    let folder = tempfile::tempdir().unwrap();
    for (generation, value) in [("..2026_01", "first"), ("..2026_02", "second")] {
        let data = folder.path().join(generation);
        std::fs::create_dir(&data).unwrap();
        write(&data, "db_password", value);
        write(&data, "token", value);
    }
    symlink("..2026_01", folder.path().join("..data")).unwrap();
    symlink("..data/db_password", folder.path().join("db_password")).unwrap();
    symlink("..data/token", folder.path().join("token")).unwrap();
    let loader = loader().mounted_dir(folder.path());
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for generation in ["..2026_02", "..2026_01"].iter().cycle() {
                if stop.load(std::sync::atomic::Ordering::Relaxed) {
                    break;
                }
                symlink(generation, folder.path().join("..next")).unwrap();
                std::fs::rename(folder.path().join("..next"), folder.path().join("..data")).unwrap();
                std::thread::yield_now();
            }
        });
        let mut loads = 0;
        for _ in 0..2_000 {
            // A volume that changes at each look is refused, and never half read.
            if let Ok(settings) = loader.load::<Settings>() {
                loads += 1;
                assert_eq!(settings.db_password.expose_secret(), settings.token.unwrap().expose_secret());
            }
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(loads > 0, "some loads meet a quiet moment");
    });
}
