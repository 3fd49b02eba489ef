//! Why a file gave no secret, and the outcome that means: sentences of our own, made of names, numbers and paths.

use configcheck_core::provider::{Outcome, Reason, Retry};
use configcheck_files::Refusal;

use crate::identity::{Fault, FaultKind, Identities, Line};

/// Why a file gave no secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The file was not read.
    File(Refusal),
    /// It is no age file.
    NotAge,
    /// It is one of a version that is not known.
    UnknownVersion,
    /// It is cut short, or was changed after it was encrypted.
    Damaged,
    /// Its header is larger than any that is made for people.
    HeaderTooLarge,
    /// It is encrypted with a passphrase.
    Passphrase,
    /// The decrypted text is larger than is read.
    TextTooLarge,
    /// The decrypted text cannot be read as a `.env` file; the line and what is wrong with it.
    Text { line: u32, message: &'static str },
    /// Nobody said which identity to use.
    NoIdentity,
    /// An identity cannot be used, and no other one fits.
    BadIdentity {
        fault: Fault,
        /// Whether others were tried.
        others: bool,
    },
    /// None of the identities fits.
    NoMatch,
}

const VARIABLES: &str = "set CONFIGCHECK_AGE_IDENTITY to the key (AGE-SECRET-KEY-1…) or CONFIGCHECK_AGE_IDENTITY_FILE to the path of \
                         the file that holds it; SOPS_AGE_KEY and SOPS_AGE_KEY_FILE are read too";

impl From<Failure> for Outcome {
    fn from(failure: Failure) -> Self {
        let reason = reason(&failure);
        match failure {
            Failure::File(Refusal::NotFound) => Self::Absent(reason),
            Failure::File(Refusal::Denied) => Self::Denied(reason),
            Failure::File(Refusal::Broken) => Self::Unavailable { retry: Retry::Never, reason },
            Failure::File(refusal) if refusal.is_passing() => Self::unavailable(reason),
            Failure::NoIdentity | Failure::BadIdentity { .. } | Failure::NoMatch => Self::AuthFailed(reason),
            _ => Self::Malformed(reason),
        }
    }
}

fn reason(failure: &Failure) -> Reason {
    let (message, help) = match failure {
        Failure::File(refusal) => return Reason::new(format!("the file cannot be read: {refusal}")).help(refusal.help()),
        Failure::Text { line, message } => {
            let message = format!("line {line} of the decrypted text cannot be read: {message}");
            return Reason::new(message).help("correct the line and encrypt the file again");
        }
        Failure::BadIdentity { fault, others } => {
            let (message, help) = fault_reason(fault);
            let message = if *others { format!("none of the identities can decrypt this file, and {message}") } else { message };
            return Reason::new(message).help(help);
        }
        Failure::NotAge => ("the file is not encrypted with age", "encrypt it: age -r RECIPIENT -o secrets.env.age secrets.env"),
        Failure::UnknownVersion => ("the file has a version of age's format that is not known here", "encrypt it with age 1"),
        Failure::Damaged => ("the file is cut short or damaged", "encrypt it again, or take the last good version of it"),
        Failure::HeaderTooLarge => ("the file has a header of more than 512 lines or 32 KiB", "encrypt it for fewer recipients"),
        Failure::Passphrase => (
            "the file is encrypted with a passphrase, and nobody is there to type it when a service starts",
            "encrypt it for the recipient of an identity: age-keygen makes one, age -r RECIPIENT uses it",
        ),
        Failure::TextTooLarge => ("the decrypted text is larger than 1 MiB", "check that it is the right file"),
        Failure::NoIdentity => ("no identity is set to decrypt the file with", VARIABLES),
        Failure::NoMatch => (
            "none of the identities can decrypt this file",
            "use the identity of one of its recipients, or encrypt the file for this one too (age -r, repeated)",
        ),
    };
    Reason::new(message).help(help)
}

impl Identities {
    /// What is wrong with where identities were looked for, the first of all faults. It matters when none fits.
    pub fn fault(&self) -> Option<Reason> {
        self.fault.as_ref().map(|fault| {
            let (message, help) = fault_reason(fault);
            Reason::new(message).help(help)
        })
    }
}

fn fault_reason(fault: &Fault) -> (String, String) {
    let source = fault.source;
    let (message, help) = match fault.kind {
        FaultKind::File(refusal) => {
            return (format!("{source}: the identity file cannot be read: {refusal}"), refusal.help().to_owned());
        }
        FaultKind::Empty => (format!("{source} holds no identity"), VARIABLES),
        FaultKind::Line(number, line) => {
            let (what, help) = words(line);
            (format!("{source}: line {number} {what}"), help)
        }
    };
    (message, help.to_owned())
}

/// What a line is, and what to do about it.
fn words(line: Line) -> (&'static str, &'static str) {
    const OTHER_KIND: &str = "encrypt the file for an X25519 identity too; age-keygen makes one";
    match line {
        Line::Broken => ("is no whole key", "copy the key again, all 74 characters of it"),
        Line::Recipient => ("is a recipient, which can only encrypt", "use the key that belongs to it: AGE-SECRET-KEY-1…"),
        Line::Plugin => ("is a key of a plugin", OTHER_KIND),
        Line::PostQuantum => ("is a post-quantum key", OTHER_KIND),
        Line::Pem => ("is a key in PEM", OTHER_KIND),
        Line::Encrypted => ("is the head of an encrypted file", "decrypt the identity file first: age -d"),
        Line::Unknown => ("is no identity", "write one key a line: AGE-SECRET-KEY-1…"),
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use configcheck_core::provider::OutcomeKind;

    use super::{Failure, Outcome, Refusal};

    fn check(refusal: Refusal, expected: OutcomeKind) {
        let outcome = Outcome::from(Failure::File(refusal));
        assert_eq!(outcome.kind(), expected);
        let reason = outcome.reason().expect("every failure has a reason");
        assert!(reason.message.starts_with("the file cannot be read: ") && !reason.message.ends_with('.'), "{}", reason.message);
        assert!(!reason.help.is_empty() && reason.help.iter().all(|help| !help.is_empty() && !help.ends_with('.')), "{reason:?}");
    }

    #[test]
    fn a_file_that_is_not_read_has_the_outcome_of_its_cause() {
        check(Refusal::NotFound, OutcomeKind::Absent);
        check(Refusal::Denied, OutcomeKind::Denied);
        check(Refusal::Changed, OutcomeKind::Unavailable);
        check(Refusal::Failed(ErrorKind::TimedOut), OutcomeKind::Unavailable);
        for refusal in [Refusal::Fifo, Refusal::Device, Refusal::Directory, Refusal::LinkLoop, Refusal::TooLarge { limit: 2 << 20 }] {
            check(refusal, OutcomeKind::Malformed);
        }
    }
}
