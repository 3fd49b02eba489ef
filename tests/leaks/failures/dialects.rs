//! Failures of `.env` files that another reader reads: it puts variables into values, and one of them is a secret.

use configcheck_loader::Dialect;

use super::*;

/// The readers that put variables into values.
const READERS: [(&str, Dialect); 5] = [
    ("compose", Dialect::Compose),
    ("posix-sh", Dialect::PosixSh),
    ("python", Dialect::Python),
    ("ruby", Dialect::Ruby),
    ("dotenvy", Dialect::Dotenvy),
];

/// Makes the failure of a name, with a reader and what it reads.
type Read = fn(&'static str, Dialect, &'static str) -> Failure;

/// What stands in the file, and the settings that it is for.
const LINES: [(&str, &str, Read); 6] = [
    ("plain fields", "SIZE=${OF_OTHERS}\nLEVEL=$OF_OTHERS\nADDRESS=${OF_OTHERS}\nSIZES=1,${OF_OTHERS}\n", read::<settings::PlainTyped>),
    ("parsers that quote", "SIZE=${OF_OTHERS}\nOTHER=\"x${OF_OTHERS}\"\nCHOICE=$OF_OTHERS\n", read::<settings::PlainQuoting>),
    ("check of the struct that quotes", "DATABASE_URL=x${OF_OTHERS}\nSIZE=1\n", read::<settings::PlainWhole>),
    ("checks that quote", "DATABASE_URL=\"a longer text ${OF_OTHERS}\"\n", read::<settings::PlainChecked>),
    ("reference", "TOKEN=vault:kv/${OF_OTHERS}#k\n", read::<settings::Token>),
    ("file", "TOKEN_FILE=/run/x/${OF_OTHERS}/y\n", read::<settings::Token>),
];

fn read<T: AppConfig + Debug>(name: &'static str, dialect: Dialect, lines: &'static str) -> Failure {
    failure::<T>(name, move |_, secret| {
        let contents = format!("{lines}INNER=$OF_OTHERS\n");
        base().vars([("OF_OTHERS", os(secret))]).dialect(dialect).dotenv_contents(".env", contents.into_bytes())
    })
}

pub(super) fn dialects() -> Vec<Failure> {
    let of_reader = |(reader, dialect): (&str, Dialect)| {
        LINES.map(|(what, lines, read)| {
            // The names of the matrix live as long as it does, which is as long as the test.
            let name: &'static str = format!("{reader}: a secret is put into {what}").leak();
            read(name, dialect, lines)
        })
    };
    READERS.into_iter().flat_map(of_reader).collect()
}
