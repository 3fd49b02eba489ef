//! F7, F20: no byte of a credential goes over a connection that is not safe.

use std::fs;
use std::time::Duration;

use configcheck_testkit::failure_lab::{FailureLab, Fault, TlsFault};

use crate::managers::{Ended, Manager, PASSWORD, TOKEN, load};
use crate::oracle;

/// The settings with the lab's own authority, so that nothing but the fault is wrong.
fn trusting(manager: Manager, lab: &FailureLab, folder: &std::path::Path) -> Vec<(&'static str, String)> {
    let file = folder.join("ca.pem");
    fs::write(&file, lab.ca_pem()).unwrap();
    let mut settings = manager.settings(&lab.url());
    settings.push((manager.authorities(), file.display().to_string()));
    settings
}

#[test]
fn f7_a_server_that_is_not_the_right_one_sees_no_credential() {
    let folder = tempfile::tempdir().unwrap();
    for manager in Manager::ALL {
        for fault in
            [TlsFault::WrongHost, TlsFault::Expired, TlsFault::NotYetValid, TlsFault::SelfSigned, TlsFault::Untrusted, TlsFault::Tls11Only]
        {
            let lab = FailureLab::start(Fault::Tls(fault));
            let ended = load(&manager.loader_with(&trusting(manager, &lab, folder.path()), Duration::from_secs(20)));
            let Ended::Refused(_, told) = &ended else { panic!("{manager:?} {fault:?}: {ended:?}") };
            assert!(told.contains("there is no safe connection to"), "{manager:?} {fault:?}:\n{told}");
            assert!(lab.connections() == 1 && lab.requests() == 0, "{manager:?} {fault:?}: {} connections", lab.connections());
            assert!(!lab.saw(TOKEN.as_bytes()) && !lab.saw(PASSWORD.as_bytes()), "{manager:?} {fault:?}");
        }
        // The same with a good certificate loads, so that it was the fault that was refused.
        let good = FailureLab::start_tls(manager.behind_login(manager.good()));
        let ended = load(&manager.loader_with(&trusting(manager, &good, folder.path()), Duration::from_secs(20)));
        assert!(matches!(ended, Ended::Loaded), "{manager:?}: {ended:?}");
        // And without its authority it does not: the machine's own are then all there are.
        let stranger = FailureLab::start_tls(manager.behind_login(manager.good()));
        let ended = load(&manager.loader(&stranger.url(), Duration::from_secs(20)));
        assert!(matches!(ended, Ended::Refused(..)) && stranger.requests() == 0, "{manager:?}: {ended:?}");
    }
    oracle::assert_nothing_was_traced();
}

#[test]
fn f20_only_true_turns_verification_off_and_never_in_production() {
    let lab = FailureLab::start_tls(Manager::Vault.good());
    let spellings = [
        "", " ", "false", "False ", "FALSE", "no", "off", "0", "f", "true ", " true", "True", "TRUE", "t", "1", "yes", "on", "\"true\"",
        "true\n", "enabled",
    ];
    for environment in ["development", "production"] {
        for spelling in spellings {
            let mut settings = Manager::Vault.settings(&lab.url());
            settings.push(("VAULT_SKIP_VERIFY", spelling.to_owned()));
            let ended = load(&Manager::Vault.loader_with(&settings, Duration::from_secs(20)).environment(environment));
            assert!(matches!(ended, Ended::Refused(..)), "{environment} {spelling:?}: {ended:?}");
        }
        assert!(!lab.saw(TOKEN.as_bytes()) && lab.requests() == 0, "{environment}");
    }
    let mut settings = Manager::Vault.settings(&lab.url());
    settings.push(("VAULT_SKIP_VERIFY", "true".to_owned()));
    let loader = Manager::Vault.loader_with(&settings, Duration::from_secs(20));
    let ended = load(&loader.clone().environment("production"));
    assert!(matches!(ended, Ended::Refused(..)) && lab.requests() == 0, "{ended:?}");
    let ended = load(&loader);
    assert!(matches!(ended, Ended::Loaded) && lab.requests() == 1, "{ended:?}");
}
