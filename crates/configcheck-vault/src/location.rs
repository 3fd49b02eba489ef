//! `Location`: what a reference means to the server: a path of its API, a version, a namespace.

use configcheck_core::provider::Reason;
use configcheck_core::reference::{ENGINE_OPTIONS, SecretRef};

/// The first steps of the server's own interface. What stands behind them are tokens, policies and keys, never secrets for a service.
const RESERVED: [&str; 4] = ["sys", "auth", "identity", "cubbyhole"];

/// Where a secret is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Location {
    path: String,
    /// The version of a KV secret, when it is not the newest one.
    pub(crate) version: Option<u64>,
    /// The namespace that the reference names, instead of that of the login.
    pub(crate) namespace: Option<String>,
}

impl Location {
    /// Reads a reference.
    pub(crate) fn of(reference: &SecretRef) -> Result<Self, Reason> {
        if let Some(name) = reference.option_names().find(|name| !ENGINE_OPTIONS.contains(name) && !["version", "ns"].contains(name)) {
            return Err(Reason::new(format!("vault has no option `{name}`")).help("remove it; there are `version` and `ns`"));
        }
        let path = reference.path();
        check_path(path)?;
        let version = match reference.option("version") {
            None | Some("latest") => None,
            Some(text) => match text.parse::<u64>() {
                Ok(version) if version > 0 && text.bytes().all(|byte| byte.is_ascii_digit()) => Some(version),
                _ => {
                    let reason = Reason::new("the version is no number from 1 up");
                    return Err(
                        reason.help("write a version as `vault kv metadata get` shows it, `?version=3`, or none for the newest one")
                    );
                }
            },
        };
        let namespace = match reference.option("ns") {
            None => None,
            Some(text) => match namespace(text) {
                Some(namespace) => Some(namespace),
                None => {
                    let reason = Reason::new("the namespace has a character that is not expected in one");
                    return Err(reason.help("write it as `vault namespace list` shows it: `?ns=team1/dev`"));
                }
            },
        };
        Ok(Self { path: path.to_owned(), version, namespace })
    }

    /// The path as the API has it.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// The first step of the path, which is the mount unless the mount's own name has several.
    pub(crate) fn mount(&self) -> &str {
        self.path.split_once('/').map_or(self.path.as_str(), |(mount, _)| mount)
    }

    /// What stands around the step `data`, where the path has the form of a KV version 2: `secret` and `app` of `secret/data/app`.
    pub(crate) fn versioned(&self) -> Option<(&str, &str)> {
        let (mount, name) = self.path.split_once("/data/")?;
        (!mount.is_empty() && !name.is_empty()).then_some((mount, name))
    }

    /// The same with `data` put in behind the mount.
    pub(crate) fn with_data(&self) -> Option<Self> {
        let (mount, name) = self.path.split_once('/')?;
        Some(Self { path: format!("{mount}/data/{name}"), ..self.clone() })
    }
}

/// A namespace without the slashes around it; `None` when it has a character that none has.
pub(crate) fn namespace(text: &str) -> Option<String> {
    let text = text.trim_matches('/');
    let good = !text.is_empty() && text.split('/').all(|step| !step.is_empty() && step != ".." && step != "." && step.bytes().all(plain));
    good.then(|| text.to_owned())
}

fn check_path(path: &str) -> Result<(), Reason> {
    const SHAPE: &str = "write the path as the API has it, without /v1: `vault:secret/data/app#key`, `vault:database/creds/app#password`";
    if let Some(at) = path.bytes().position(|byte| !plain(byte) && !b"/, ".contains(&byte)) {
        let message = format!("character {} of the path is none that a path of Vault may have here", at + 1);
        return Err(
            Reason::new(message).help("letters, digits, blanks and - _ . ~ @ + = : , are taken; rename the secret, or give it an alias")
        );
    }
    let steps: Vec<&str> = path.split('/').collect();
    if steps.iter().any(|step| step.is_empty()) {
        return Err(Reason::new("the path has a slash too many").help(SHAPE));
    }
    if steps.iter().any(|step| *step == "." || *step == "..") {
        return Err(Reason::new("the path has a step to this or a parent folder").help(SHAPE));
    }
    if steps.len() < 2 {
        return Err(Reason::new("the path names a mount, and no secret in it").help(SHAPE));
    }
    // `team1/auth/token/lookup-self` reaches the interface of the namespace `team1`, and answers with the token. Behind `data` there are
    // only secrets.
    let secret = steps.iter().skip(1).position(|step| *step == "data").map_or(steps.len(), |at| at + 1);
    if let Some(step) = steps.iter().take(secret).find(|step| RESERVED.contains(step)) {
        let message = format!("the path leads into the server's own interface (`{step}`), which holds tokens and policies, not secrets");
        return Err(Reason::new(message).help("move a secret whose folder has this name to another folder, or into a KV version 2"));
    }
    Ok(())
}

/// What a step of a path may be made of: nothing that a URL reads in its own way.
const fn plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'@' | b'+' | b'=' | b':')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::{Location, SecretRef, namespace};

    fn of(text: &str) -> Result<Location, String> {
        let reference = SecretRef::parse(text).unwrap().map_err(|error| error.to_string())?;
        Location::of(&reference).map_err(|reason| reason.message)
    }

    #[test]
    fn a_path_is_that_of_the_api() {
        let location = of("vault:secret/data/checkout/db?version=3&ns=/team1/dev/#password").unwrap();
        assert_eq!((location.path(), location.mount()), ("secret/data/checkout/db", "secret"));
        assert_eq!(location.versioned(), Some(("secret", "checkout/db")));
        assert_eq!((location.version, location.namespace.as_deref()), (Some(3), Some("team1/dev")));
    }

    #[test]
    fn a_mount_of_several_steps_is_kept_whole_before_data() {
        assert_eq!(of("vault:team/kv/data/app#a").unwrap().versioned(), Some(("team/kv", "app")));
        assert_eq!(of("vault:kv/data/a/data/b#a").unwrap().versioned(), Some(("kv", "a/data/b")));
    }

    #[test]
    fn data_is_put_in_behind_the_mount() {
        assert_eq!(of("vault:secret/a/b#k").unwrap().with_data().unwrap().path(), "secret/data/a/b");
        assert_eq!(of("vault:secret/a/b#k").unwrap().versioned(), None);
    }

    #[test]
    fn the_servers_own_interface_is_out_of_reach() {
        for path in [
            "sys/mounts",
            "auth/token/lookup-self",
            "identity/oidc/token/x",
            "cubbyhole/response",
            "team1/auth/token/lookup-self",
            "team1/dev/sys/raw/x",
            "kv/identity/oidc/token/x",
        ] {
            let message = of(&format!("vault:{path}#id")).unwrap_err();
            assert!(message.contains("the server's own interface"), "{path}: {message}");
        }
        assert!(of("vault:secret/data/auth/jwt#key").is_ok());
        assert!(of("vault:secret/data/sys/a#key").is_ok());
    }

    #[test]
    fn characters_and_steps_are_checked_here_too() {
        for path in ["secret/data/a%2fb", "secret/data/a;b", "secret/data/ä", "secret/data/a*", "secret/data/{app}", "a/b#c", "a/b?c"] {
            let message = super::check_path(path).unwrap_err().message;
            assert!(message.starts_with("character "), "{path}: {message}");
        }
        for path in ["/secret/data/a", "secret//a", "secret/data/a/", "secret", "secret/./a", "secret/../a"] {
            assert!(super::check_path(path).is_err(), "{path}");
        }
        assert!(super::check_path("secret/data/a b,c@d+e=f:g~h").is_ok());
    }

    #[test]
    fn options_are_known_and_well_formed() {
        for text in ["vault:s/a?version=-2#k", "vault:s/a?version=newest#k", "vault:s/a?version=1a#k"] {
            assert_eq!(of(text).unwrap_err(), "the version is no number from 1 up", "{text}");
        }
        assert_eq!(of("vault:s/a?version=latest#k").unwrap().version, None);
        assert_eq!(of("vault:s/a#k#3").unwrap().version, Some(3));
        assert_eq!(of("vault:s/a?region=eu#k").unwrap_err(), "vault has no option `region`");
        assert!(of("vault:s/a?encoding=base64&optional=true&trim_nl=true#k").is_ok());
    }

    #[test]
    fn a_namespace_is_what_a_header_can_carry() {
        assert_eq!(namespace("team1/"), Some("team1".to_owned()));
        for text in ["", "/", "a//b", "a b", "a\nb", "../a", "ä"] {
            assert_eq!(namespace(text), None, "{text}");
        }
    }
}
