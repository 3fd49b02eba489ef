//! The shapes that secrets come in. Each has three secrets of the same validity, with no six bytes in common but those of the shape.

/// One shape with its secrets, all of them plainly made up.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    /// The secret that is searched for.
    pub(crate) canary: Vec<u8>,
    /// Another one of the same length where the shape allows: what is found in its output too is the report's own.
    pub(crate) control: Vec<u8>,
    /// Another one of a different length.
    pub(crate) longer: Vec<u8>,
}

impl Shape {
    /// Whether pieces of it can be told from the report's own words. The others are covered by the comparison alone.
    pub(crate) fn is_searchable(&self) -> bool {
        self.canary.len() >= crate::search::WINDOW
    }
}

/// What tells the three secrets of a shape apart.
struct Words {
    name: &'static str,
    upper: &'static str,
    hex: &'static str,
    accented: &'static str,
    /// Where the letters of the long shapes begin.
    seed: u64,
    /// How many more letters the long shapes have.
    more: usize,
}

const CANARY: Words = Words { name: "hunter2", upper: "CANARY", hex: "9f3a", accented: "hünter2", seed: 1, more: 0 };
const CONTROL: Words = Words { name: "walrus7", upper: "ZYGOTE", hex: "4b8d", accented: "wälrus7", seed: 2, more: 0 };
const LONGER: Words = Words { name: "quokkabear55", upper: "XENONIC", hex: "6c1e2", accented: "quökkabear55", seed: 3, more: 7 };

fn shape(name: &'static str, make: impl Fn(&Words) -> Vec<u8>) -> Shape {
    Shape { name, canary: make(&CANARY), control: make(&CONTROL), longer: make(&LONGER) }
}

fn text(name: &'static str, make: impl Fn(&Words) -> String) -> Shape {
    shape(name, |words| make(words).into_bytes())
}

fn three(name: &'static str, canary: &str, control: &str, longer: &str) -> Shape {
    Shape { name, canary: canary.into(), control: control.into(), longer: longer.into() }
}

/// Letters and digits that look random and are the same on every run.
fn letters(seed: u64, count: usize) -> String {
    const ALPHABET: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(ALPHABET[usize::try_from(state >> 33).unwrap() % ALPHABET.len()])
    };
    (0..count).map(|_| next()).collect()
}

/// A private key of 4 KiB as `openssl` would write it; the longer one has longer lines.
fn pem(words: &Words) -> String {
    let width = 64 + words.more;
    let body = letters(words.seed, 62 * width);
    let lines: Vec<&str> = (0..62).map(|line| &body[line * width..(line + 1) * width]).collect();
    format!("-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n", lines.join("\n"))
}

/// Every shape.
pub(crate) fn all() -> Vec<Shape> {
    vec![
        three("one character", "Q", "Z", "ZV"),
        three("a word of a bool", "true", "false", "false"),
        three("eight characters", "hunter2C", "walrus7Z", "quokka55XY"),
        text("64 characters", |words| format!("{}-{}", words.name, letters(words.seed, 56 + words.more))),
        text("4 KiB PEM", pem),
        three("number", "8877665544", "9911223366", "887123354477"),
        three("leading zero", "0071234567", "0093456781", "000082619473"),
        text("URL with a password", |words| {
            format!("postgres://app:{}-{}-{}@db.example.com:5432/shop", words.name, words.upper, words.hex)
        }),
        text("bad URL with a password", |words| {
            format!("postgres://app:{}-{}-{}@db.example.com:54a32/shop", words.name, words.upper, words.hex)
        }),
        text("JSON", |words| format!("{{\"password\": \"{}-{}-{}\", \"port\": 5432}}", words.name, words.upper, words.hex)),
        shape("not UTF-8", |words| [words.name.as_bytes(), b"-\xff\xfe", words.upper.as_bytes(), b"\xc3", words.hex.as_bytes()].concat()),
        text("codes of a terminal", |words| format!("\u{1b}[31m{}-{}\u{1b}[0m\u{1b}]0;{}\u{7}", words.name, words.upper, words.hex)),
        text("newline and an annotation", |words| format!("{}-{}\n::error::{}-key", words.name, words.upper, words.hex)),
        text("quotes and backslashes", |words| format!("{}\"{}'{}\\n\\\\\"'", words.name, words.upper, words.hex)),
        text("dollars and backticks", |words| format!("${}`{}`${{{}}}$(id)", words.name, words.upper, words.hex)),
        text("accents and directions", |words| format!("{}\u{202e}{}\u{2066}\u{1f511}{}", words.accented, words.upper, words.hex)),
        text("list", |words| format!("{0}-{1},{1}-{2},{2}-{0}", words.name, words.upper, words.hex)),
        text("blanks and comments", |words| format!(" {} #{} = {} ", words.name, words.upper, words.hex)),
        text("base64", |words| {
            // A text that begins like a number or a bool is another error than one that does not.
            format!("{}{}==", &words.name[..1], letters(words.seed + 6, 41 + words.more.div_ceil(4) * 4))
        }),
        three("passphrase", "hunter-canary-ninety-fifth", "walrus-zygote-fourth-eight", "quokka-xenonic-sixth-cobalts"),
        text("reference with a step up", |words| format!("vault:{}/{}/../{}", words.name, words.upper, words.hex)),
        text("reference with a backslash", |words| format!("age:{}-{}\\{}", words.name, words.upper, words.hex)),
        text("reference without a field", |words| format!("op://{}-{}-{}#", words.name, words.upper, words.hex)),
    ]
}

#[test]
fn secrets_of_a_shape_differ_in_content_and_length() {
    for shape in all() {
        assert_ne!(shape.canary, shape.control, "{}", shape.name);
        assert_ne!(shape.canary.len(), shape.longer.len(), "{}", shape.name);
    }
    assert!(all().len() >= 14);
    assert_eq!(all()[4].canary.len().div_ceil(1024), 4);
}
