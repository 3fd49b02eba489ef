//! Reports for the tests: one as a service meets it, and hostile ones.

use configcheck_core::diagnostic::Tally;
use configcheck_core::display::Shown;
use configcheck_core::{Diagnostic, Place, Report, RuleInfo, Severity};

const fn rule(name: &'static str, code: &'static str, severity: Severity) -> RuleInfo {
    RuleInfo { name, code, severity, summary: "", page: "" }
}

static MISSING: RuleInfo = rule("missing-required", "CC001", Severity::Error);
static INVALID: RuleInfo = rule("invalid-value", "CC002", Severity::Error);
static CONSTRAINT: RuleInfo = rule("constraint-violated", "CC003", Severity::Error);
static UNKNOWN: RuleInfo = rule("unknown-key", "CC005", Severity::Warning);
static UNRESOLVED: RuleInfo = rule("unresolved-reference", "CC014", Severity::Error);
static DEPRECATED: RuleInfo = rule("deprecated-key", "CC008", Severity::Note);

fn file(path: &str, line: u32, column: u32) -> Place {
    Place::File { path: path.to_owned(), line, column, bytes: None }
}

/// A report with a finding of each kind, an accepted one among them.
pub(super) fn checkout() -> Report {
    let typo = Diagnostic { key: Some("DATABSE_URL".into()), ..Diagnostic::new(&UNKNOWN, "DATABSE_URL is declared nowhere") };
    let accepted = Diagnostic { suppressed: Some("until the move".into()), ..Diagnostic::new(&DEPRECATED, "CACHE_URL is deprecated") };
    Report {
        service: "checkout".into(),
        environment: Some("production".into()),
        tally: Tally { ok: 2, bad: 4, not_checkable: 1, missing: 1 },
        findings: vec![
            Diagnostic::new(&INVALID, "PORT is not a whole number from 0 to 65535")
                .about(1, "PORT")
                .at(file(".env", 3, 6))
                .expected("a whole number from 0 to 65535")
                .found(Some(Shown::of("80a80")))
                .related(Place::Variable("PORT".into()), "set there too, and not used")
                .help("an example: 8080"),
            typo.at(file(".env", 7, 1)).help("did you mean DATABASE_URL? It is missing"),
            Diagnostic::new(&MISSING, "DATABASE_URL is not set")
                .about(2, "DATABASE_URL")
                .expected("a URL")
                .help(
                    "set DATABASE_URL in the environment, in .env.production or .env, \
                    or DATABASE_URL_FILE to the path of a file that holds it",
                )
                .help("DATABSE_URL is set in .env:7:1 and is declared nowhere"),
            Diagnostic::new(&CONSTRAINT, "JWT_SECRET is too short")
                .about(3, "JWT_SECRET")
                .at(file("config/production.toml", 112, 16))
                .expected("at least 32 characters"),
            accepted.about(4, "CACHE_URL"),
            Diagnostic::new(&UNRESOLVED, "the reference of REDIS_URL was not resolved: access denied")
                .about(4, "REDIS_URL")
                .at(Place::Reference("file:/run/secrets/redis".into()))
                .help("let the service read /run/secrets/redis"),
            Diagnostic::new(&INVALID, "LOG_LEVEL is not one of error, warn, info, debug, trace")
                .about(5, "LOG_LEVEL")
                .at(Place::Variable("LOG_LEVEL".into()))
                .expected("error, warn, info, debug or trace")
                .found(Some(Shown::of(" inof")))
                .help("did you mean info?"),
        ],
    }
}

/// Makes reports from a seed, with text in every field that tries to steer a terminal or to forge a line.
pub(super) struct Hostile(u64);

const STEERING: &str = "\u{0}\u{7}\u{8}\t\n\r\u{1b}\u{7f}\u{80}\u{85}\u{90}\u{9b}\u{9d}\u{9f}\u{ad}\u{61c}\u{200b}\u{200d}\u{200e}\u{200f}\
    \u{2028}\u{2029}\u{202a}\u{202e}\u{2060}\u{2066}\u{2069}\u{feff}\u{fff9}\u{e0001}\u{e0041}";

const FORGING: &[&str] = &[
    "\u{1b}[31m",
    "\u{1b}]8;;http://x\u{7}",
    "\u{9b}2J",
    "\r\n",
    "\nerror[forged]: ",
    "error[forged]: x",
    "\n::error file=x::",
    ":::",
    "%0A",
    "\"",
    "{\"",
    "`",
    "=",
    "\\",
    "\\u001b",
    " ",
    "   ",
    "a word",
    "語",
    "e\u{301}",
    "\u{a0}",
    "postgres://a:b@c/d",
    "/a/very/long/path/that/goes/on/and/on/and/on/and/on",
];

impl Hostile {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn report(&mut self) -> Report {
        let count = self.below(5);
        Report {
            service: self.text(),
            environment: self.sometimes(Self::text),
            tally: Tally { ok: self.below(3), bad: self.below(3), not_checkable: self.below(3), missing: self.below(3) },
            findings: (0..count).map(|_| self.finding()).collect(),
        }
    }

    fn finding(&mut self) -> Diagnostic {
        let rules = [&MISSING, &INVALID, &UNKNOWN, &DEPRECATED];
        let mut finding = Diagnostic::new(rules[self.below(rules.len())], self.text());
        finding.key = self.sometimes(Self::text);
        finding.key_index = self.sometimes(|hostile| hostile.below(9));
        finding.place = match (self.below(4), &finding.key) {
            (0, Some(key)) => Place::Variable(key.clone()),
            _ => self.place(),
        };
        finding.related = (0..self.below(3)).map(|_| (self.place(), self.text())).collect();
        finding.expected = self.sometimes(Self::text);
        finding.found = self.sometimes(|hostile| Shown::of(&hostile.text()));
        finding.help = (0..self.below(3)).map(|_| self.text()).collect();
        finding.suppressed = if self.below(8) == 0 { Some(self.text()) } else { None };
        finding
    }

    fn place(&mut self) -> Place {
        match self.below(8) {
            0 => Place::Variable(self.text()),
            1 => Place::Reference(self.text()),
            2 => Place::Source(self.text()),
            3 => Place::Schema,
            4 => Place::Nowhere,
            _ => Place::File { path: self.text(), line: self.position(), column: self.position(), bytes: None },
        }
    }

    fn position(&mut self) -> u32 {
        [0, 1, 9, 10, 12_345, u32::MAX][self.below(6)]
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..self.below(12) {
            match self.below(2) {
                0 => text.extend(STEERING.chars().nth(self.below(STEERING.chars().count()))),
                _ => text.push_str(FORGING[self.below(FORGING.len())]),
            }
        }
        text
    }

    fn sometimes<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(3) > 0).then(|| make(self))
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }
}
