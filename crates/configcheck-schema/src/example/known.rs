//! The decorators of env-spec as varlock defines them, and what each does here. `docs/env-spec.md` shows this list.

/// Where a decorator belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Belongs {
    /// In a comment before the first key.
    Header,
    /// In the comment of a key.
    Key,
}

/// A decorator that is known.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) name: &'static str,
    pub(super) belongs: Belongs,
    /// Whether it does something here.
    pub(super) has_effect: bool,
    /// What it does here, or in varlock alone.
    pub(super) what: &'static str,
}

const fn key(name: &'static str, what: &'static str) -> Known {
    Known { name, belongs: Belongs::Key, has_effect: true, what }
}

const fn header(name: &'static str, what: &'static str) -> Known {
    Known { name, belongs: Belongs::Header, has_effect: true, what }
}

const fn noted(name: &'static str, belongs: Belongs, what: &'static str) -> Known {
    Known { name, belongs, has_effect: false, what }
}

/// The first of the decorators that write code.
const GENERATE: &str = "generateTypes";

/// All of them.
pub(super) const KNOWN: &[Known] = &[
    key("required", "a value is demanded; `=false` none, `=forEnv(staging, production)` only there"),
    key("optional", "no value is demanded"),
    key("sensitive", "a secret; `=false` the value may be shown; of an object, `enabled` decides"),
    key("public", "the value may be shown"),
    key("type", "the form of the value, see below"),
    key("example", "a value that shows the form"),
    key("deprecated", "deprecated, with a note when there is one"),
    key("docs", "a link that is added to the documentation"),
    key("docsUrl", "a link that is added to the documentation"),
    noted("internal", Belongs::Key, "varlock keeps the key from the service"),
    noted("dynamic", Belongs::Key, "varlock reads the key when the service runs, not when it is built"),
    noted("static", Belongs::Key, "varlock may put the value into a build"),
    noted("tag", Belongs::Key, "varlock selects keys by it"),
    noted("icon", Belongs::Key, "varlock shows it"),
    noted("auditIgnore", Belongs::Key, "varlock does not look for the key in the source code"),
    noted("placeholder", Belongs::Key, "varlock's proxy shows it in place of the value"),
    noted("proxy", Belongs::Key, "varlock's proxy puts the value into requests; the key is a secret then"),
    header("defaultRequired", "`true`, `false` or `infer`: of keys that do not say it themselves"),
    header("defaultSensitive", "`true`, `false` or `inferFromPrefix(PREFIX)`: of keys that do not say it themselves"),
    header("currentEnv", "names the key that chooses the environment, `$APP_ENV`"),
    header("envFlag", "names the key that chooses the environment, `APP_ENV`"),
    noted("disable", Belongs::Header, "varlock ignores the file"),
    noted("import", Belongs::Header, "varlock reads another file; its keys are not known here"),
    noted("setValuesBulk", Belongs::Header, "varlock takes values from elsewhere"),
    noted("plugin", Belongs::Header, "varlock loads a plugin; its decorators and types are not known here"),
    noted("cache", Belongs::Header, "varlock keeps values"),
    noted(GENERATE, Belongs::Header, "varlock writes code, as with every other name that begins with generate"),
    noted("redactLogs", Belongs::Header, "varlock redacts logs"),
    noted("preventLeaks", Belongs::Header, "varlock searches responses"),
    noted("encryptInjectedEnv", Belongs::Header, "varlock encrypts what it puts into a build"),
    noted("disableProcessEnvInjection", Belongs::Header, "varlock leaves the environment of the process alone"),
    noted("auditIgnorePaths", Belongs::Header, "varlock does not look for keys there"),
    noted("defaultDynamic", Belongs::Header, "varlock reads keys when the service runs"),
];

/// The decorator with this name.
pub(super) fn known(name: &str) -> Option<&'static Known> {
    let name = if name.starts_with("generate") { GENERATE } else { name };
    KNOWN.iter().find(|known| known.name == name)
}
