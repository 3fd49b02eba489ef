//! Identities: where they come from, and what is wrong with those that cannot be used. Their text is never part of a message.

use std::fmt;
use std::path::{Path, PathBuf};

use age::x25519::Identity;
use configcheck_core::Secret;
use configcheck_core::secret::ExposeSecret as _;
use configcheck_files::{self as files, Refusal};

/// The variables that hold identities, in the order in which the engine hands their values over.
const VARIABLES: [&str; 4] = ["CONFIGCHECK_AGE_IDENTITY", "CONFIGCHECK_AGE_IDENTITY_FILE", "SOPS_AGE_KEY", "SOPS_AGE_KEY_FILE"];

/// The variables whose value is a path.
const FILES: [&str; 2] = ["CONFIGCHECK_AGE_IDENTITY_FILE", "SOPS_AGE_KEY_FILE"];

/// The largest file of identities.
const LIMIT: u64 = 64 << 10;

/// All age identities that a process has, and the first thing that is wrong with where they were looked for.
///
/// Providers of files whose keys are encrypted with age collect them in the same way, so that a process needs to say once who it is.
#[derive(Default)]
pub struct Identities {
    pub(crate) keys: Vec<Identity>,
    pub(crate) fault: Option<Fault>,
}

/// What is wrong with a source of identities.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) source: Source,
    pub(crate) kind: FaultKind,
}

/// Where identities come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// A variable of the environment.
    Variable(&'static str),
    /// A file that the program names.
    Program,
    /// The file of another tool, which is read when it is there; in words.
    Place(&'static str),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => f.write_str(name),
            Self::Program => f.write_str("the identity file that the program names"),
            Self::Place(words) => f.write_str(words),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The file was not read.
    File(Refusal),
    /// No line holds a key.
    Empty,
    /// The line with this number is no key that is read here.
    Line(usize, Line),
}

/// What a line that is no X25519 key may be instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Line {
    /// A key of age's, cut short, mistyped or of a kind that is not known.
    Broken,
    /// A recipient, which can only encrypt.
    Recipient,
    /// A key of a plugin.
    Plugin,
    /// A hybrid, post-quantum key.
    PostQuantum,
    /// A private key of SSH or in PEM.
    Pem,
    /// An identity file that is itself encrypted.
    Encrypted,
    /// Anything else.
    Unknown,
}

impl Line {
    fn of(line: &str) -> Self {
        let is = |prefix: &str| line.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
        if is("AGE-SECRET-KEY-PQ-") {
            Self::PostQuantum
        } else if is("AGE-SECRET-KEY-") {
            Self::Broken
        } else if is("AGE-PLUGIN-") {
            Self::Plugin
        } else if is("age1") {
            Self::Recipient
        } else if is("-----BEGIN AGE ENCRYPTED FILE") || is("age-encryption.org/") {
            Self::Encrypted
        } else if is("-----BEGIN ") {
            Self::Pem
        } else {
            Self::Unknown
        }
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identities").field("keys", &self.keys.len()).field("fault", &self.fault).finish()
    }
}

impl Identities {
    /// The variables of the environment that hold identities, or name files of them.
    pub const VARIABLES: [&str; 4] = VARIABLES;

    /// Identities from the values of [`VARIABLES`](Self::VARIABLES), in their order, and from files that the program names.
    pub fn collect(settings: &[Option<Secret<String>>], files: impl Iterator<Item = PathBuf>) -> Self {
        let mut identities = Self::default();
        for (name, value) in VARIABLES.into_iter().zip(settings) {
            let value = value.as_ref().map(|value| value.expose_secret().as_str());
            let Some(value) = value.filter(|value| !value.trim().is_empty()) else { continue };
            let source = Source::Variable(name);
            if FILES.contains(&name) { identities.add_file(source, Path::new(value)) } else { identities.add_text(source, value) }
        }
        for path in files {
            identities.add_file(Source::Program, &path);
        }
        identities
    }

    /// Adds the identities of a file that need not be there; `words` name it in messages.
    pub fn add_place(&mut self, words: &'static str, path: &Path) {
        let is_missing = |fault: &Option<Fault>| fault.as_ref().is_some_and(|fault| fault.kind == FaultKind::File(Refusal::NotFound));
        let mut found = Self::default();
        found.add_file(Source::Place(words), path);
        self.keys.append(&mut found.keys);
        if !is_missing(&found.fault) {
            self.fault = self.fault.take().or(found.fault);
        }
    }

    /// Whether there is none that can be used.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    fn add_file(&mut self, source: Source, path: &Path) {
        match files::read(path, LIMIT) {
            Ok(contents) => match std::str::from_utf8(&contents.bytes) {
                Ok(text) => self.add_text(source, text),
                Err(error) => {
                    let before = contents.bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
                    self.note(source, FaultKind::Line(before + 1, Line::Unknown));
                }
            },
            Err(refusal) => self.note(source, FaultKind::File(refusal)),
        }
    }

    /// Keys stand one a line; empty lines and comments between them are passed over, as age does.
    fn add_text(&mut self, source: Source, text: &str) {
        let mut is_empty = true;
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            is_empty = false;
            if let Ok(key) = line.parse::<Identity>() {
                self.keys.push(key);
                continue;
            }
            self.note(source, FaultKind::Line(index + 1, Line::of(line)));
            if line.starts_with("-----BEGIN ") {
                // What follows the head of another format is that format's body.
                return;
            }
        }
        if is_empty {
            self.note(source, FaultKind::Empty);
        }
    }

    fn note(&mut self, source: Source, kind: FaultKind) {
        self.fault.get_or_insert(Fault { source, kind });
    }
}

#[cfg(test)]
mod tests {
    use age::secrecy::ExposeSecret as _;
    use proptest::prelude::*;

    use super::{Fault, FaultKind, Identities, Identity, Line, Secret, Source, VARIABLES};

    fn check(text: &str, keys: usize, fault: Option<FaultKind>) {
        let identities = Identities::collect(&[Some(Secret::new(text.to_owned()))], std::iter::empty());
        let source = Source::Variable(VARIABLES[0]);
        assert_eq!(identities.keys.len(), keys);
        assert_eq!(identities.fault, fault.map(|kind| Fault { source, kind }));
    }

    fn key() -> String {
        Identity::generate().to_string().expose_secret().to_owned()
    }

    #[test]
    fn keys_stand_one_a_line_between_comments() {
        check(&format!("# created today\r\n\r\n  {}  \r\n{}", key(), key()), 2, None);
        check(&key().to_lowercase(), 1, None);
        check("", 0, None);
        check("# only a comment", 0, Some(FaultKind::Empty));
    }

    #[test]
    fn a_line_that_is_no_key_is_named_by_number_and_kind() {
        let line = |number, line| Some(FaultKind::Line(number, line));
        check(&format!("{}\n{}", key(), &key()[..40]), 1, line(2, Line::Broken));
        check("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", 0, line(1, Line::Recipient));
        check("AGE-PLUGIN-YUBIKEY-1QQPQQQQQ", 0, line(1, Line::Plugin));
        check("AGE-SECRET-KEY-PQ-1QQQQ", 0, line(1, Line::PostQuantum));
        check("-----BEGIN OPENSSH PRIVATE KEY-----\nbm90IGEga2V5\n", 0, line(1, Line::Pem));
        check("-----BEGIN AGE ENCRYPTED FILE-----\nbm90IGEga2V5\n", 0, line(1, Line::Encrypted));
        check("not-a-real-key", 0, line(1, Line::Unknown));
        check("ä", 0, line(1, Line::Unknown));
    }

    #[test]
    fn a_place_need_not_be_there() {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let path = folder.path().join("keys.txt");
        let mut identities = Identities::default();
        identities.add_place("the file of a tool", &path);
        assert!(identities.is_empty() && identities.fault.is_none());
        std::fs::write(&path, format!("{}\nnot-a-real-key\n", key())).expect("a file can be written");
        identities.add_place("the file of a tool", &path);
        let fault = Fault { source: Source::Place("the file of a tool"), kind: FaultKind::Line(2, Line::Unknown) };
        assert_eq!((identities.keys.len(), identities.fault), (1, Some(fault)));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            Identities::collect(&[Some(Secret::new(text))], std::iter::empty());
        }
    }
}
