//! F19: a proxy that somebody put into the environment sees nothing.

use std::time::Duration;

use configcheck_testkit::failure_lab::FailureLab;

use crate::alone::passes_alone;
use crate::managers::{Ended, Manager, load};

const NAMES: [&str; 8] = ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "no_proxy", "NO_PROXY"];

#[test]
fn f19_a_proxy_of_the_environment_is_ignored() {
    let witness = FailureLab::witness();
    let variables: Vec<(&str, String)> =
        NAMES.iter().map(|name| (*name, if name.eq_ignore_ascii_case("no_proxy") { String::new() } else { witness.url() })).collect();
    if passes_alone("faults::proxies::f19_a_proxy_of_the_environment_is_ignored", &variables) {
        witness.assert_untouched();
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for manager in Manager::ALL {
        // Over the process's own environment as well as in the variables that the loader is given.
        let mut settings = manager.settings("");
        settings.extend(NAMES.iter().map(|name| (*name, std::env::var(name).unwrap())));
        let plain = manager.works();
        settings[0].1 = plain.url();
        assert!(matches!(load(&manager.loader_with(&settings, Duration::from_secs(20))), Ended::Loaded), "{manager:?}");
        let secure = FailureLab::start_tls(manager.behind_login(manager.good()));
        let authorities = folder.path().join("ca.pem");
        std::fs::write(&authorities, secure.ca_pem()).unwrap();
        settings[0].1 = secure.url();
        settings.push((manager.authorities(), authorities.display().to_string()));
        assert!(matches!(load(&manager.loader_with(&settings, Duration::from_secs(20))), Ended::Loaded), "{manager:?}");
    }
}
