//! Runs made of hostile text, the same ones on every machine.

use configcheck_checks::{KeyVerdict, rules};
use configcheck_core::display::Shown;
use configcheck_core::{Diagnostic, Place, SecretRef, Severity};
use configcheck_policy::Needs;
use configcheck_policy::fleet::costs;

use super::sample::{key, run, target};
use crate::findings::{Fleet, KeyState, Run, SchemaName, Target, Unread};

/// What breaks documents, begins commands and steers terminals, among plain words.
const PIECES: &[&str] = &[
    "\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "\0",
    "\u{7}",
    "\u{1b}[31m",
    "\u{1b}]8;;x\u{7}",
    "\u{9b}2J",
    "\u{7f}",
    "\u{85}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{202e}",
    "\u{2066}",
    "\u{2028}",
    "\u{2029}",
    "\u{feff}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{e0041}",
    "::",
    "::error::",
    "\n::add-mask::x",
    "::stop-commands::x",
    "##[error]",
    "##vso[task]",
    "##teamcity[",
    "%",
    "%0A",
    "%0D",
    "%3A",
    ",",
    ":",
    "]]>",
    "<![CDATA[",
    "<script>alert(1)</script>",
    "<!--",
    "&amp;",
    "&#0;",
    "\"",
    "'",
    "\\",
    "\\n",
    "\\u0000",
    "/",
    "//",
    "./",
    "../",
    "C:\\x",
    "|",
    "\n|",
    "`",
    "```",
    "*",
    "[x](javascript:y)",
    "{0}",
    "$",
    "${{ x }}",
    "\n---\n",
    "\n# x",
    "ä",
    "日本",
    "👩‍💻",
    "e\u{301}",
    "DATABASE_URL",
    "a",
    ".env",
    "deploy/",
];

/// A generator of numbers (xorshift64*).
pub(super) struct Generator(u64);

impl Generator {
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).unwrap() % limit
    }

    fn one_in(&mut self, number: usize) -> bool {
        self.below(number) == 0
    }

    fn number(&mut self) -> u32 {
        [0, 1, 2, 40, u32::MAX][self.below(5)]
    }

    fn text(&mut self) -> String {
        if self.one_in(1_000) {
            return PIECES[self.below(PIECES.len())].repeat(2_000);
        }
        let count = self.below(5);
        (0..count).map(|_| PIECES[self.below(PIECES.len())]).collect()
    }

    fn texts(&mut self, most: usize) -> Vec<String> {
        let count = self.below(most + 1);
        (0..count).map(|_| self.text()).collect()
    }

    fn place(&mut self) -> Place {
        match self.below(9) {
            0 => Place::Variable(self.text()),
            1 => Place::Reference(self.text()),
            2 => Place::Source(self.text()),
            3 => Place::Schema,
            4 => Place::Nowhere,
            _ => {
                let (line, column, start) = (self.number(), self.number(), self.number());
                Place::File { path: self.text(), line, column, bytes: self.one_in(2).then_some((start, start.saturating_add(1))) }
            }
        }
    }

    fn diagnostic(&mut self, keys: &[KeyState]) -> Diagnostic {
        let rule = rules::ALL[self.below(rules::ALL.len())].info();
        let mut diagnostic = Diagnostic::new(rule, self.text()).at(self.place());
        diagnostic.severity = [Severity::Error, Severity::Warning, Severity::Note][self.below(3)];
        diagnostic.key = match keys.get(self.below(keys.len() + 2)) {
            Some(key) => Some(key.variable.clone()),
            None => self.one_in(2).then(|| self.text()),
        };
        diagnostic.related = (0..self.below(3)).map(|_| (self.place(), self.text())).collect();
        diagnostic.expected = self.one_in(3).then(|| self.text());
        diagnostic.found = self.one_in(3).then(|| Shown::of(&self.text()));
        diagnostic.help = self.texts(2);
        diagnostic.suppressed = self.one_in(4).then(|| self.text());
        diagnostic
    }

    fn target(&mut self, most: usize) -> Target {
        const VERDICTS: [KeyVerdict; 4] = [KeyVerdict::Ok, KeyVerdict::Bad, KeyVerdict::Missing, KeyVerdict::NotCheckable];
        let keys: Vec<KeyState> = (0..self.below(4)).map(|_| key(&self.text(), VERDICTS[self.below(4)], self.place())).collect();
        let findings = (0..self.below(most)).map(|_| self.diagnostic(&keys)).collect();
        let mut target = target(&self.text(), findings, keys, &[]);
        target.environment = self.one_in(2).then(|| self.text());
        target.sources = self.texts(2);
        target
    }

    /// A run. One in 50 has more findings than GitHub shows.
    pub(super) fn run(&mut self) -> Run {
        let most = if self.one_in(50) { 80 } else { 4 };
        let mut run = run((0..self.below(3)).map(|_| self.target(most)).collect());
        run.schema = self.one_in(2).then(|| SchemaName { name: self.text(), path: self.text() });
        run.unread = (0..self.below(3)).map(|_| Unread { path: self.text(), message: self.text(), help: self.text() }).collect();
        run.fleets = (0..self.below(2)).map(|_| self.fleet()).collect();
        run.fail_on = [Severity::Error, Severity::Warning, Severity::Note][self.below(3)];
        run
    }

    fn fleet(&mut self) -> Fleet {
        let mut needs = Needs::default();
        for text in [
            "aws-sm:a",
            "aws-sm:b",
            "aws-ssm:/c",
            "op://vault/item/field",
            "vault:secret/data/a#k",
            "arn:aws:ssm:eu-west-1:123456789012:parameter/a",
        ] {
            if let Some(Ok(reference)) = SecretRef::parse(text).filter(|_| self.one_in(2)) {
                needs.add(&reference, "KEY");
            }
        }
        let replicas = 1 + u64::try_from(self.below(5_000)).unwrap_or_default();
        Fleet { target: self.text(), replicas, costs: costs(&needs, replicas, &|_, _| None) }
    }
}
