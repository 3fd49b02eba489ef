//! The places where a secret stands: each changes the usual project so that a run meets the secret there.

use crate::commands::Input;
use crate::quoting::{quoted, quoted_for_env};
use crate::scene::Scene;

/// One place.
pub(crate) struct Place {
    pub(crate) name: &'static str,
    /// The inputs that the secret is in.
    pub(crate) inputs: &'static [Input],
    /// Whether the secret is the name of a key there.
    pub(crate) is_key: bool,
    put: Box<Put>,
}

/// Puts a secret into a scene.
type Put = dyn Fn(Scene, &[u8]) -> Scene + Send + Sync;

impl Place {
    /// The same where the secret is the name of a key.
    fn of_key(self) -> Self {
        Self { is_key: true, ..self }
    }

    /// The project with the secret in this place.
    pub(crate) fn scene(&self, secret: &[u8]) -> Scene {
        (self.put)(Scene::usual(), secret)
    }
}

fn place(name: &'static str, inputs: &'static [Input], put: impl Fn(Scene, &[u8]) -> Scene + Send + Sync + 'static) -> Place {
    Place { name, inputs, is_key: false, put: Box::new(put) }
}

/// The secret in the env file, between two texts.
fn line(name: &'static str, before: &'static str, behind: &'static str) -> Place {
    place(name, &[Input::EnvFiles], move |scene, secret| scene.append(".env", &[before.as_bytes(), secret, behind.as_bytes()]))
}

/// The same where the secret is the name of a key.
fn key(name: &'static str, before: &'static str, behind: &'static str) -> Place {
    line(name, before, behind).of_key()
}

/// The secret in double quotes behind a name.
fn set(name: &'static str, file: &'static str, variable: &'static str) -> Place {
    place(name, &[Input::EnvFiles], move |scene, secret| scene.append(file, &[variable.as_bytes(), b"=", &quoted_for_env(secret), b"\n"]))
}

/// The secret in a value that is shown, where it is to be masked.
fn url(name: &'static str, before: &'static str, behind: &'static str) -> Place {
    place(name, &[Input::EnvFiles], move |scene, secret| {
        let value = quoted_for_env(&[before.as_bytes(), secret, behind.as_bytes()].concat());
        scene.append(".env", &[b"PLAIN_URL=", &value, b"\n"]).append(".env.staging", &[b"PLAIN=", &value, b"\n"])
    })
}

/// Values of keys, declared and not.
fn values() -> Vec<Place> {
    vec![
        line("secret", "API_KEY=", "\n"),
        set("secret in double quotes", ".env", "API_KEY"),
        line("secret in single quotes", "API_KEY='", "'\n"),
        line("secret in backticks", "API_KEY=`", "`\n"),
        line("secret behind an odd quote", "API_KEY=x\"", "\n"),
        line("secret with a carriage return", "API_KEY=", "\r\nPORT=x\r\n"),
        set("under an old name", ".env", "OLD_API_KEY"),
        set("too short", ".env", "LONG_KEY"),
        set("secret URL", ".env", "SECRET_URL"),
        set("secret number", ".env", "SECRET_NUMBER"),
        set("secret flag", ".env", "SECRET_FLAG"),
        line("secret list", "SECRET_LIST=1,", ",2\n"),
        set("hidden", ".env", "HIDDEN"),
        set("undeclared", ".env", "SOMETHING_ELSE"),
        set("near to a declared one", ".env", "API_KEYY"),
        set("file that holds it", ".env", "API_KEY_FILE"),
        line("end of a path that is none", "API_KEY_FILE=/run/secrets/a b/", "\n"),
        set("environment", ".env.staging", "APP_ENV"),
        place("environment, alone", &[Input::EnvFiles], |scene, secret| scene.file(".env", &[b"APP_ENV=", &quoted_for_env(secret), b"\n"])),
        line("reference", "API_KEY=vault:secret/../", "#key\n"),
        url("password in a plain URL", "https://app:", "@db.example.com/"),
        url("user in a plain URL", "https://", ":x@db.example.com/"),
        url("password in a plain text", "see https://app:", "@db.example.com/ there"),
        line("expansion", "API_KEY=${", "}\n"),
        line("command", "API_KEY=$(", ")\n"),
        line("default of an expansion", "API_KEY=${NOTHING:-", "}\n"),
        place("expanded elsewhere", &[Input::EnvFiles], |scene, secret| {
            scene.append(".env", &[b"API_KEY=", &quoted_for_env(secret), b"\nLONG_KEY=${API_KEY}\nSECRET_NUMBER=\"$API_KEY\"\n"])
        }),
        // Where a reader expands it, a value that is no secret by itself becomes one.
        place("expanded into what is shown", &[Input::EnvFiles], |scene, secret| {
            let key = quoted_for_env(secret);
            let into: &[u8] = b"\nPORT=${API_KEY}\nPLAIN=\"x ${API_KEY}\"\nPLAIN_URL=https://host/${API_KEY}\nLEVEL=$API_KEY\n";
            scene.append(".env", &[b"API_KEY=", &key, into]).append(".env.staging", &[b"API_KEY=", &key, into])
        }),
    ]
}

/// Lines that cannot be read, and those that can and say something else.
fn lines() -> Vec<Place> {
    vec![
        key("key", "", "=1\n"),
        key("key with nothing behind it", "", "=\n"),
        place("key, twice", &[Input::EnvFiles], |scene, secret| scene.append(".env", &[secret, b"=1\n", secret, b"=2\n"])).of_key(),
        key("no =", "", "\n"),
        key("no = behind export", "export ", "\n"),
        key("exported key", "export ", "=1\n"),
        key("end of a key", "SOME_", "=1\n"),
        key("key in quotes", "\"", "\"=1\n"),
        line("double quote that is never closed", "API_KEY=\"", "\nPORT=x\n"),
        line("single quote that is never closed", "API_KEY='", "\nPORT=x\n"),
        line("colon", "API_KEY: ", "\n"),
        line("blanks around =", "API_KEY = ", "\n"),
        line("text behind the quote", "API_KEY=\"x\" ", "\n"),
        line("before text behind the quote", "API_KEY=\"", "\" more\n"),
        line("two on a line", "A=1 API_KEY=", " B=2\n"),
        line("comment behind a value", "PORT=80x # ", "\n"),
        line("comment", "# ", "\nPORT=x\n"),
        line("commented out", "# API_KEY=", "\n"),
        line("rule of an ignore comment", "PORT=x # configcheck: ignore[", "] later\n"),
        line("NUL", "API_KEY=\0", "\n"),
        line("no text", "API_KEY=\u{7f}", "\u{fffd}\n"),
        place("bytes that are no text", &[Input::EnvFiles], |scene, secret| {
            scene.append(".env", &[b"API_KEY=\"", secret, b"\xff\"\nSECRET_URL=\xff", secret, b"\n"])
        }),
        place("finding behind it", &[Input::EnvFiles], |scene, secret| {
            scene.append(".env", &[b"API_KEY=", &quoted_for_env(secret), b" PORT=x\nLEVL=x\nnonsense\n"])
        }),
    ]
}

/// Layers, environments and whole files.
fn files() -> Vec<Place> {
    use Input::EnvFiles;
    vec![
        place("duplicate", &[EnvFiles], |scene, secret| {
            scene.append(".env", &[b"API_KEY=not-a-real-one\nAPI_KEY=", &quoted_for_env(secret), b"\n"])
        }),
        place("shadowed", &[EnvFiles], |scene, secret| {
            scene.append(".env", &[b"API_KEY=", &quoted_for_env(secret), b"\n"]).file(".env.local", &[b"API_KEY=not-a-real-one\n"])
        }),
        place("in two environments", &[EnvFiles], |scene, secret| {
            let line: &[&[u8]] = &[b"API_KEY=", &quoted_for_env(secret), b"\nHIDDEN=", &quoted_for_env(secret), b"\n"];
            scene.append(".env.staging", line).append(".env.production", line)
        }),
        place("in one of two environments", &[EnvFiles], |scene, secret| {
            scene.append(".env.staging", &[b"API_KEY=", &quoted_for_env(secret), b"\nHIDDEN=", secret, b"\n"])
        }),
        place("unreadable in another environment", &[EnvFiles], |scene, secret| {
            scene.append(".env.production", &[b"API_KEY=\"", secret, b"\n"]).append(".env.staging", &[secret, b"\n"])
        }),
        place("UTF-16", &[EnvFiles], |scene, secret| {
            let text = format!("\u{feff}API_KEY={}\n", String::from_utf8_lossy(secret));
            scene.file(".env", &[&text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>()])
        }),
        place("binary", &[EnvFiles], |scene, secret| scene.file(".env", &[b"\x7fELF\0\0\x01\xff", secret, b"\0\xfe", secret, b"\n"])),
        place("no env file at all", &[EnvFiles], |scene, secret| scene.file(".env", &[b"{\"password\": ", &quoted(secret), b"}\n"])),
        place("without a schema", &[EnvFiles], |scene, secret| {
            let scene = scene.without("config.schema.json").without(".env.example");
            scene.append(".env", &[b"API_KEY=", secret, b"\n", secret, b"\nSECRET=", secret, b"\n"])
        }),
        place("undecorated example", &[EnvFiles, Input::Example], |scene, secret| {
            let scene = scene.without("config.schema.json").file(".env.example", &[b"PORT=80\nAPI_KEY=\nTOKEN=x\n"]);
            scene.append(".env", &[b"API_KEY=", &quoted_for_env(secret), b"\nTOKEN=", secret, b"\n"])
        }),
        place("standard input", &[Input::Stdin], |scene, secret| {
            scene.stdin(&[b"API_KEY=", &quoted_for_env(secret), b"\nSECRET_NUMBER=", secret, b"\n", secret, b"\nAPI_KEY=\"", secret, b"\n"])
        }),
        place("standard input, JSON", &[Input::Stdin], |scene, secret| scene.stdin(&[b"{\"version\": 1, \"name\": ", secret, b"}"])),
    ]
}

/// The environment of the process.
fn variables() -> Vec<Place> {
    let variable = |name, variable| place(name, &[Input::Process], move |scene: Scene, secret| scene.variable(variable, secret));
    vec![
        variable("variable", "API_KEY"),
        variable("variable of a number", "SECRET_NUMBER"),
        variable("variable that is too short", "LONG_KEY"),
        variable("foreign variable", "SOMETHING_ELSE"),
        variable("variable of a file", "API_KEY_FILE"),
        variable("variable of the environment", "APP_ENV"),
        variable("near variable", "API_KEYY"),
        variable("own variable of the command", "COLUMNS"),
        // A reader puts it into what is shown.
        place("variable that is put into plain values", &[Input::Expanded], |scene, secret| {
            let lines = b"PORT=${OF_OTHERS}\nPLAIN_URL=https://host/${OF_OTHERS}\nLEVEL=$OF_OTHERS\nAPP_ENV=${OF_OTHERS}\n";
            scene.append(".env", &[lines]).variable("OF_OTHERS", secret)
        }),
        place("variable that is put into a reference", &[Input::Expanded], |scene, secret| {
            let lines = b"API_KEY=vault:kv/${OF_OTHERS}#key\nLONG_KEY=file:/nowhere/$OF_OTHERS\nSECRET_URL_FILE=/nowhere/${OF_OTHERS}/x\n";
            scene.append(".env", &[lines]).variable("OF_OTHERS", secret)
        }),
        place("secret that is put into others", &[Input::Expanded], |scene, secret| {
            let lines = b"PORT=$API_KEY\nLEVEL=${API_KEY}\nLONG_KEY=file:/nowhere/${API_KEY}\nSECRET_URL_FILE=/nowhere/$API_KEY\n";
            scene.append(".env", &[lines]).variable("API_KEY", secret)
        }),
    ]
}

/// Inputs that hold no values, into which one was pasted.
fn pasted() -> Vec<Place> {
    let toml = |name, before: &'static str, behind: &'static str| {
        place(name, &[Input::Settings], move |scene: Scene, secret| {
            scene.file("configcheck.toml", &[before.as_bytes(), &quoted(secret), behind.as_bytes()])
        })
    };
    let raw_toml = |name, before: &'static str| {
        place(name, &[Input::Settings], move |scene: Scene, secret| scene.file("configcheck.toml", &[before.as_bytes(), secret, b"\n"]))
    };
    let baseline = |name, before: &'static str, behind: &'static str| {
        place(name, &[Input::Baseline], move |scene: Scene, secret| {
            scene.file("baseline.json", &[before.as_bytes(), &quoted(secret), behind.as_bytes()])
        })
    };
    let schema = |name, word: &'static str, before: &'static str, behind: &'static str| {
        place(name, &[Input::Schema], move |scene: Scene, secret| {
            scene.in_schema(word, &[before.as_bytes(), &quoted(secret), behind.as_bytes()].concat())
        })
    };
    vec![
        raw_toml("settings: a line", ""),
        raw_toml("settings: a value", "schema = "),
        toml("settings: a key", "", " = 1\n"),
        toml("settings: a dialect", "dialect = ", "\n"),
        toml("settings: a reader", "readers = [\"node\", ", "]\n"),
        toml("settings: a level", "fail-on = ", "\n"),
        toml("settings: a pattern", "exclude = [\"{\", ", "]\n"),
        toml("settings: an environment", "[environments]\n", " = 3\n"),
        toml("settings: a kind", "[environments.qa]\nkind = ", "\n"),
        toml("settings: a rule", "[rules]\n", " = \"off\"\n"),
        toml("settings: the level of a rule", "[rules]\nunknown-key = ", "\n"),
        toml("settings: an accepted rule", "[[accept]]\nreason = \"x\"\nrule = ", "\n"),
        toml("settings: a key that is accepted", "[[accept]]\nreason = \"x\"\nrule = \"unknown-key\"\nkey = ", "\n"),
        toml("settings: something behind it", "schema = ", " x\n"),
        toml("settings: twice", "service = ", "\nservice = \"x\"\n"),
        baseline("baseline: format", "{\"format\": ", "}"),
        baseline("baseline: cut off", "{\"format\": ", ""),
        baseline("baseline: something behind it", "{\"format\": ", " x}"),
        baseline(
            "baseline: a fingerprint",
            "{\"format\": \"configcheck-baseline/v1\", \"findings\": [{\"rule\": \"x\", \"fingerprint\": ",
            "}]}",
        ),
        baseline(
            "baseline: a reason",
            "{\"format\": \"configcheck-baseline/v1\", \"findings\": [{\"fingerprint\": \"0123456789abcdef\", \"rule\": \"x\", \"reason\": ",
            "}]}",
        ),
        place("baseline: a line", &[Input::Baseline], |scene, secret| scene.file("baseline.json", &[secret])),
        schema("schema: version", "\"version\":1", "\"version\":", ""),
        schema("schema: unknown member", "\"name\":\"shop\"", "\"name\":\"shop\",", ":1"),
        schema("schema: value of an unknown member", "\"name\":\"shop\"", "\"name\":\"shop\",\"password\":", ""),
        schema("schema: kind of a type", "\"kind\":\"url\"", "\"kind\":", ""),
        schema("schema: a flag", "\"required\":true", "\"required\":", ""),
        schema("schema: a number", "\"min\":0", "\"min\":", ""),
        schema("schema: a check", "\"check\":\"length\"", "\"check\":", ""),
        schema("schema: cut off", ",\"required\":false,\"constraints\"", ",\"required\":", "\0"),
        schema("schema: something behind it", "\"name\":\"shop\"", "\"name\":", " x"),
        schema("schema: default of a secret", "\"secret\":true,\"aliases\"", "\"secret\":true,\"defaults\":[{\"text\":", "}],\"aliases\""),
        schema("schema: example of a hidden key", "\"hidden\":true", "\"hidden\":true,\"example\":", ""),
        schema("schema: default of a hidden key", "\"hidden\":true", "\"hidden\":true,\"defaults\":[{\"text\":", "}]"),
        place("schema: password in an example", &[Input::Schema], |scene, secret| {
            let url = [b"redis://me:".as_slice(), secret, b"@host/"].concat();
            scene.in_schema("\"doc\":\"Where it is.\"", &[b"\"example\":".as_slice(), &quoted(&url)].concat())
        }),
        place("schema: a line", &[Input::Schema], |scene, secret| scene.file("config.schema.json", &[secret, b"\n"])).of_key(),
        place("schema: committed one", &[Input::Schema], |scene, secret| {
            scene.file("committed.json", &[b"{\"version\": ", &quoted(secret), b"}"])
        }),
        place("changes that are accepted", &[Input::Service], |scene, secret| {
            scene.file("service.txt", &[b"constraint-narrowed ", secret, b"\n", secret, b" PORT x\n"])
        }),
        place("schema: committed example of old", &[Input::Schema], |scene, secret| {
            scene.file("committed.json", &[b"# @sensitive\nLONG_KEY=", &quoted_for_env(secret), b"\nHIDDEN=", secret, b"\n"])
        }),
        place("page", &[Input::Page], |scene, secret| {
            scene.file("page.md", &[secret, b"\n<!-- configcheck:begin -->\n", secret, b"\n<!-- configcheck:end -->\n", secret])
        }),
        place("page without markers", &[Input::Page], |scene, secret| scene.file("page.md", &[secret, b"\n<!-- configcheck:begin -->\n"])),
        place("what a service prints", &[Input::Service], |scene, secret| scene.file("service.txt", &[secret, b"\n"])),
        place("what a service prints of a schema", &[Input::Service], |scene, secret| {
            scene
                .file("service.txt", &[b"{\"version\":1,\"name\":", &quoted(secret), b",", &quoted(secret), b":", &quoted(secret), b"}\n"])
                .file("service.sh", &[b"cat service.txt >&2; cat service.txt"])
        }),
    ]
}

/// The example, which is a schema as well.
fn examples() -> Vec<Place> {
    let example = |name, before: &'static str, behind: &'static str| {
        place(name, &[Input::Example], move |scene: Scene, secret| {
            scene.append(".env.example", &[before.as_bytes(), secret, behind.as_bytes()])
        })
    };
    let set = |name, before: &'static str| {
        place(name, &[Input::Example], move |scene: Scene, secret| {
            scene.append(".env.example", &[before.as_bytes(), &quoted_for_env(secret), b"\n"])
        })
    };
    vec![
        set("example: secret", "\n# @required @sensitive\nLONG_KEY="),
        set("example: undecorated", "\nSOME_SECRET="),
        set("example: commented out", "\n# @sensitive\n# LONG_KEY="),
        set("example: URL", "\n# @sensitive @type=url\nSECRET_URL="),
        set("example: number", "\n# @sensitive @type=number\nSECRET_NUMBER="),
        example("example: a line", "\n", "\n").of_key(),
        example("example: key", "\n", "=1\n").of_key(),
        example("example: key that is commented out", "\n# ", "=1\n").of_key(),
        example("example: quote that is never closed", "\n# @sensitive\nLONG_KEY=\"", "\n"),
        example("example: text behind the quote", "\n# @sensitive\nLONG_KEY=\"x\" ", "\n"),
        example("example: type", "\n# @type=", "\nLEVEL=info\n"),
        example("example: decorator", "\n# @required @", "\nPLAIN=x\n"),
        example("example: password in a URL", "\n# @public\nPLAIN_URL=https://app:", "@db.example.com/\n"),
    ]
}

/// Every place.
pub(crate) fn all() -> Vec<Place> {
    [values(), lines(), files(), variables(), pasted(), examples()].into_iter().flatten().collect()
}

/// A place that takes a repository, and so runs with few shapes.
pub(crate) fn tracked() -> Place {
    place("file under version control", &[Input::EnvFiles], |scene, secret| {
        scene.append(".env", &[b"API_KEY=", &quoted_for_env(secret), b"\nHIDDEN=", &quoted_for_env(secret), b"\n"]).tracked()
    })
}
