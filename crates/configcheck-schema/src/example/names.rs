//! What the name and the value of a key suggest: a secret, a type.

use configcheck_core::constraint::is_url;
use configcheck_core::schema::TypeSpec;

/// Words of a name that say secret.
const WORDS: [&str; 15] = [
    "SECRET",
    "SECRETS",
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "PASS",
    "PWD",
    "TOKEN",
    "APIKEY",
    "SECRETKEY",
    "DSN",
    "CREDENTIALS",
    "PGPASSWORD",
    "BINDPW",
    "SALT",
];

/// Words that say secret before `KEY` or `KEYS`.
const KEYS: [&str; 25] = [
    "API",
    "PRIVATE",
    "ACCESS",
    "SECRET",
    "ENCRYPTION",
    "SIGNING",
    "MASTER",
    "SESSION",
    "AUTH",
    "LICENSE",
    "APP",
    "ROLE",
    "JWT",
    "COOKIE",
    "CRYPTO",
    "ENC",
    "HMAC",
    "ACCOUNT",
    "CREDS",
    "SDK",
    "OPENAI",
    "AI",
    "SALT",
    "SECONDARY",
    "SERVICE",
];

/// Last words of a name that is about a secret and is none.
const ABOUT: [&str; 69] = [
    "NAME",
    "FILENAME",
    "USER",
    "USERNAME",
    "EMAIL",
    "ID",
    "IDS",
    "PATH",
    "FILE",
    "DIR",
    "LENGTH",
    "SIZE",
    "MAX",
    "TTL",
    "EXP",
    "EXPIRE",
    "EXPIRES",
    "EXPIRY",
    "EXPIRATION",
    "VALID",
    "VALIDITY",
    "IN",
    "UNTIL",
    "ENABLED",
    "DISABLED",
    "HEADER",
    "ALGORITHM",
    "ALG",
    "TIMEOUT",
    "DURATION",
    "INTERVAL",
    "LIFETIME",
    "AGE",
    "YEARS",
    "DAYS",
    "HOURS",
    "MINUTES",
    "MINUTE",
    "MINS",
    "MIN",
    "SECONDS",
    "SECOND",
    "SECS",
    "MS",
    "COUNT",
    "ITERATIONS",
    "COMPLEXITY",
    "ATTEMPTS",
    "HINT",
    "HINTS",
    "TYPE",
    "MODE",
    "FORMAT",
    "ISSUER",
    "AUDIENCE",
    "LIMIT",
    "REQUIRED",
    "POLICY",
    "URL",
    "URI",
    "ENDPOINT",
    "HOST",
    "PORT",
    "REGION",
    "SCOPE",
    "PREFIX",
    "VERSION",
    "ROUNDS",
    "ARN",
];

/// Words anywhere in the name of something that everybody may see.
const OPEN: [&str; 2] = ["PUBLIC", "PUBLISHABLE"];

/// Words that weigh more than those.
const STRONG: [&str; 4] = ["SECRET", "PASSWORD", "PASSPHRASE", "PRIVATE"];

/// How names begin whose values are built into what a browser loads.
const BUILT_IN: [&str; 8] = ["NEXT_PUBLIC_", "NUXT_PUBLIC_", "EXPO_PUBLIC_", "VITE_", "MIX_", "REACT_APP_", "VUE_APP_", "GATSBY_"];

/// Words before `DSN` that say that everybody may see it.
const OPEN_DSN: &str = "SENTRY";

/// Why a name says that the value is a secret.
pub(super) fn secret(variable: &str) -> Option<String> {
    let upper = variable.to_ascii_uppercase();
    let words: Vec<&str> = upper.split(['_', '.']).filter(|word| !word.is_empty()).collect();
    let last = words.last()?;
    let is_open = words.iter().any(|word| OPEN.contains(word)) && !words.iter().any(|word| STRONG.contains(word));
    let is_built_in = BUILT_IN.iter().any(|prefix| upper.starts_with(prefix));
    if ABOUT.contains(last) || is_open || is_built_in || (*last == "DSN" && words.contains(&OPEN_DSN)) {
        return None;
    }
    let said = words.iter().find(|word| WORDS.contains(word)).map(|word| (*word).to_owned());
    let said = said.or_else(|| {
        let pair = words.windows(2).find(|pair| matches!(pair[1], "KEY" | "KEYS") && KEYS.contains(&pair[0]))?;
        Some(pair.join("_"))
    })?;
    let how = if upper.ends_with(&said) { "ends in" } else { "holds the word" };
    Some(if upper == said {
        format!("its name is {said}")
    } else {
        format!("its name {how} {}{said}", if how == "ends in" { "_" } else { "" })
    })
}

/// Whether a name says of its value that a word or a number that stands in for it is no sign of its form: an identifier, or a secret.
fn says_no_form(variable: &str) -> bool {
    let upper = variable.to_ascii_uppercase();
    let is_identifier = upper.rsplit('_').next().is_some_and(|last| matches!(last, "ID" | "IDS" | "SID"));
    is_identifier || secret(variable).is_some()
}

/// Whether a name is that of a switch: `USE_TOKEN`, `AUTH_ENABLE_API_TOKEN`.
fn is_switch(variable: &str) -> bool {
    const VERBS: [&str; 12] = ["USE", "ENABLE", "DISABLE", "ALLOW", "REQUIRE", "SKIP", "VERIFY", "SHOW", "HIDE", "HAS", "IS", "WITH"];
    variable.to_ascii_uppercase().split('_').any(|word| VERBS.contains(&word))
}

/// The type that a value suggests, with the reason.
pub(super) fn type_of(variable: &str, value: &str) -> Option<(TypeSpec, &'static str)> {
    let says_form = !says_no_form(variable);
    // No secret is the word true; false may say that there is none.
    if value == "true" || (value == "false" && (says_form || is_switch(variable))) {
        return Some((TypeSpec::Bool, "its example is true or false"));
    }
    // 0 and 1 are as often a truth value.
    if is_whole(value) && !matches!(value, "0" | "1") && says_form {
        let number: i64 = value.parse().ok()?;
        let is_port = variable.to_ascii_uppercase().ends_with("PORT") && (1..=65_535).contains(&number);
        return Some(if is_port {
            (PORT, "its name ends in PORT and its example is a whole number")
        } else {
            (WHOLE, "its example is a whole number")
        });
    }
    let scheme = value.split_once("://")?.0;
    let is_scheme =
        scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    (is_scheme && is_url(value)).then_some((TypeSpec::Url, "its example is a URL"))
}

/// A port.
pub(super) const PORT: TypeSpec = TypeSpec::Integer { min: 0, max: 65_535 };

/// A whole number of 64 bits.
pub(super) const WHOLE: TypeSpec = TypeSpec::Integer { min: i64::MIN as i128, max: i64::MAX as u128 };

/// A whole number as one would write it: no zeros before it, no plus.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'))
}

/// Whether a URL holds a password.
pub(super) fn holds_password(value: &str) -> bool {
    let Some((_, rest)) = value.split_once("://") else { return false };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    authority.rsplit_once('@').and_then(|(user, _)| user.split_once(':')).is_some_and(|(_, password)| !password.is_empty())
}

/// Whether a value is a private key in PEM or of age. A key of this form is always somebody's own.
pub(super) fn is_private_key(value: &str) -> bool {
    let is_pem =
        value.split("-----BEGIN ").skip(1).any(|rest| rest.split("-----").next().is_some_and(|label| label.ends_with("PRIVATE KEY")));
    is_pem || value.contains("AGE-SECRET-KEY-1")
}

/// Whether a value is made by a function or from other keys, so that it shows no form.
pub(super) fn is_computed(value: &str) -> bool {
    let name = value.split_once('(').filter(|_| value.ends_with(')')).map(|(name, _)| name);
    let is_call = name.is_some_and(|name| {
        name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    });
    is_call || value.starts_with('$')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_private_keys() {
        for (value, expected) in [
            ("-----BEGIN PRIVATE KEY-----\nZmFrZQ==\n-----END PRIVATE KEY-----", true),
            ("\n-----BEGIN OPENSSH PRIVATE KEY-----\\nZmFrZQ==", true),
            ("AGE-SECRET-KEY-1FAKE", true),
            ("-----BEGIN CERTIFICATE-----\nZmFrZQ==", false),
            ("-----BEGIN PUBLIC KEY-----\nZmFrZQ==", false),
            ("/etc/keys/PRIVATE KEY", false),
        ] {
            assert_eq!(is_private_key(value), expected, "{value}");
        }
    }

    #[test]
    fn knows_names_of_secrets() {
        for (name, expected) in [
            ("JWT_SECRET", "its name ends in _SECRET"),
            ("SECRET", "its name is SECRET"),
            ("DB_PASSWORD", "its name ends in _PASSWORD"),
            ("STRIPE_API_KEY", "its name ends in _API_KEY"),
            ("AWS_SECRET_ACCESS_KEY", "its name holds the word SECRET"),
            ("github_token", "its name ends in _TOKEN"),
            ("PASSWORD_SALT", "its name holds the word PASSWORD"),
            ("APP_KEYS", "its name is APP_KEYS"),
            ("AZURE_OPENAI_KEY", "its name ends in _OPENAI_KEY"),
            ("PUBLIC_AWS_SECRET_ACCESS_KEY", "its name holds the word SECRET"),
            ("PGPASSWORD", "its name is PGPASSWORD"),
            ("DATABASE_DSN", "its name ends in _DSN"),
        ] {
            assert_eq!(secret(name).as_deref(), Some(expected), "{name}");
        }
        for name in [
            "AWS_ACCESS_KEY_ID",
            "DB_SECRET_NAME",
            "JWT_PUBLIC_KEY",
            "TOKEN_EXPIRES_IN",
            "PASSWORD_MIN_LENGTH",
            "MAX_TOKENS",
            "ACCESS_TOKEN_EXPIRE_MINUTES",
            "MAGIC_LINK_TOKEN_VALIDITY",
            "API_TOKEN_EXPIRATION_YEARS",
            "API_KEY_SELECT_MODE",
            "PASSWORD_ITERATIONS",
            "PASSWORD_RESET_LIMIT_PER_MINUTE",
            "PASSWORD_RESET_MAX_ATTEMPTS_PER_MIN",
            "SMTP_APIKEY_USER",
            "VITE_PUSHER_APP_KEY",
            "NEXT_PUBLIC_SENTRY_DSN",
            "SENTRY_DSN",
            "LOGFLARE_PUBLIC_ACCESS_TOKEN",
            "SECRETARY",
            "PASSENGER",
            "TLS_KEY_FILE",
            "COMPASS",
            "MONKEY",
            "KEY",
            "",
        ] {
            assert_eq!(secret(name), None, "{name}");
        }
    }

    #[test]
    fn guesses_types_from_values() {
        let check = |name: &str, value: &str, expected: Option<TypeSpec>| {
            assert_eq!(type_of(name, value).map(|found| found.0), expected, "{value}");
        };
        check("DB_PORT", "5432", Some(PORT));
        check("WORKERS", "2", Some(WHOLE));
        check("ACME", "1", None);
        check("ACME", "0", None);
        check("PORT", "70000", Some(WHOLE));
        check("N", "-3", Some(WHOLE));
        check("N", "007", None);
        check("N", "99999999999999999999", None);
        check("N", "1.5", None);
        check("N", "true", Some(TypeSpec::Bool));
        check("N", "True", None);
        check("GITHUB_APP_SECRET", "false", None);
        check("GITHUB_APP_ID", "false", None);
        check("USE_TOKEN", "false", Some(TypeSpec::Bool));
        check("DB_PASSWORD", "111", None);
        check("TOKEN_EXPIRE_MINUTES", "60", Some(WHOLE));
        check("N", "https://x.example/", Some(TypeSpec::Url));
        check("N", "postgres://u:p@localhost/db", Some(TypeSpec::Url));
        check("N", "see https://x.example/", None);
        check("N", "", None);
    }

    #[test]
    fn knows_what_shows_no_form() {
        for (value, computed, password) in [
            ("exec(`op read x`)", true, false),
            ("$OTHER", true, false),
            ("a (b)", false, false),
            ("redis://:pw@h", false, true),
            ("x://u@h", false, false),
        ] {
            assert_eq!((is_computed(value), holds_password(value)), (computed, password), "{value}");
        }
    }
}
