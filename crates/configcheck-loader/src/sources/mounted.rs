//! Mounted secrets: a directory with a file for each key, and the single file that a `KEY_FILE` names.

use std::mem;
use std::path::Path;

use configcheck_core::schema::{NamedKey, Schema};
use configcheck_core::value::{RawText, RawValue};
use configcheck_files::{Access, Contents, Refusal, read_directory};

/// What a directory of mounted secrets holds for a schema.
#[derive(Debug, Default)]
pub(crate) struct Mounted {
    /// The file of each key that has one, in the order of the keys.
    pub(crate) files: Vec<MountedFile>,
    /// Files that mean a key which another file of the directory sets.
    pub(crate) duplicates: Vec<DuplicateFile>,
}

/// The file of one key.
#[derive(Debug)]
pub(crate) struct MountedFile {
    /// The key, and the name under which the file sets it.
    pub(crate) named: NamedKey,
    /// Name of the file in the directory.
    pub(crate) file: String,
    /// What it holds, and who may reach it.
    pub(crate) contents: Result<(RawValue, Access), Refusal>,
}

/// A second file for a key.
#[derive(Debug)]
pub(crate) struct DuplicateFile {
    /// The key.
    pub(crate) key: usize,
    /// The file that decides.
    pub(crate) first: String,
    /// The file that is passed over.
    pub(crate) second: String,
    /// Whether both could be read and hold the same.
    pub(crate) same_value: bool,
}

/// Reads those files of a directory that mean a key; many services may share a directory, and others' files are not even opened.
pub(crate) fn read(directory: &Path, limit: u64, schema: &Schema) -> Result<Mounted, Refusal> {
    Ok(keys_of(read_directory(directory, limit, |name| key_of(name, schema).is_some())?, schema))
}

/// What files mean for a schema. Files that mean no key are passed over.
pub(crate) fn keys_of(entries: Vec<(String, Result<Contents, Refusal>)>, schema: &Schema) -> Mounted {
    let mut found: Vec<(Meaning, MountedFile)> = entries
        .into_iter()
        .filter_map(|(file, contents)| {
            let meaning = key_of(&file, schema)?;
            let contents = contents.map(|contents| {
                let access = contents.access;
                (value_of_file(contents), access)
            });
            Some((meaning, MountedFile { named: meaning.named, file, contents }))
        })
        .collect();
    // The sort is stable, so that files which say a key equally well stay in the order of their names.
    found.sort_by_key(|(meaning, _)| meaning.rank());
    let mut mounted = Mounted::default();
    for (_, file) in found {
        match mounted.files.last() {
            Some(first) if first.named.key == file.named.key => mounted.duplicates.push(DuplicateFile {
                key: file.named.key,
                first: first.file.clone(),
                same_value: match (&first.contents, &file.contents) {
                    (Ok((first, _)), Ok((second, _))) => first.same(second),
                    _ => false,
                },
                second: file.file,
            }),
            _ => mounted.files.push(file),
        }
    }
    mounted
}

/// The value in a file: all of it except one final line end, which editors and `echo` add. It is overwritten when it is dropped.
pub(crate) fn value_of_file(mut contents: Contents) -> RawValue {
    let mut bytes = mem::take(&mut *contents.bytes);
    if bytes.last() == Some(&b'\n') {
        bytes.pop();
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
    }
    RawValue::Text(RawText::from_bytes(bytes).wiped_on_drop())
}

/// The key that a file's name means, and how it says so.
#[derive(Clone, Copy)]
struct Meaning {
    named: NamedKey,
    exact: bool,
}

impl Meaning {
    /// Of two files for one key the one with the lower rank decides: its own name before an alias, and either in full before a name that
    /// is only written alike.
    fn rank(self) -> (usize, bool, Option<usize>) {
        (self.named.key, !self.exact, self.named.alias)
    }
}

/// The key whose variable has the file's name, else the one whose variable is written alike: `database-url` for `DATABASE_URL`.
fn key_of(file: &str, schema: &Schema) -> Option<Meaning> {
    if let Some(named) = schema.key_named(file.as_bytes()) {
        return Some(Meaning { named, exact: true });
    }
    let alike: Vec<u8> = file.bytes().map(|byte| if matches!(byte, b'-' | b'.') { b'_' } else { byte.to_ascii_uppercase() }).collect();
    schema.key_named(&alike).map(|named| Meaning { named, exact: false })
}

#[cfg(test)]
mod tests {
    use configcheck_core::schema::{FieldSpec, Member, Schema, Shape, VariableName};
    use configcheck_core::value::RawValue;
    use configcheck_files::{Access, Contents, Refusal};

    use super::{Mounted, keys_of, read, value_of_file};

    const fn key(variable: &'static str, aliases: &'static [&'static str]) -> Member {
        Member::Field(FieldSpec { variable: VariableName::Exact(variable), aliases, ..FieldSpec::PLAIN })
    }

    static SHAPE: Shape = Shape {
        name: "checkout",
        doc: "",
        prefix: "",
        environments: &[],
        members: &[key("DATABASE_URL", &["DB_URL"]), key("REDIS_URL", &[]), key("token", &[])],
    };

    fn contents(bytes: &[u8]) -> Contents {
        Contents { bytes: zeroize::Zeroizing::new(bytes.to_vec()), access: Access::default() }
    }

    fn bytes(value: &RawValue) -> &[u8] {
        match value {
            RawValue::Text(text) => text.bytes(),
            RawValue::List(_) | RawValue::Table(_) => b"not text",
        }
    }

    type File<'a> = Result<&'a [u8], Refusal>;

    fn mount(files: &[(&str, File<'_>)]) -> Mounted {
        let entries = files.iter().map(|(name, file)| ((*name).to_owned(), file.map(contents))).collect();
        keys_of(entries, &Schema::of(&SHAPE))
    }

    fn check(files: &[(&str, File<'_>)], expected: &[(usize, &str, File<'_>)], second: &[(usize, &str, bool)]) {
        let mounted = mount(files);
        let found: Vec<_> = mounted
            .files
            .iter()
            .map(|found| {
                let contents = found.contents.as_ref().map(|(value, _)| bytes(value)).map_err(|refusal| *refusal);
                (found.named.key, found.file.as_str(), contents)
            })
            .collect();
        assert_eq!(found, expected);
        let duplicates: Vec<_> = mounted.duplicates.iter().map(|twice| (twice.key, twice.second.as_str(), twice.same_value)).collect();
        assert_eq!(duplicates, second);
    }

    #[test]
    fn a_file_means_a_key_by_name_or_written_alike() {
        for name in ["DATABASE_URL", "database_url", "database-url", "database.url", "Database.Url", "db-url"] {
            check(&[(name, Ok(b"x"))], &[(0, name, Ok(b"x"))], &[]);
        }
        for name in ["database url", "databaseurl", "DATABASE_URL.txt", "TOKEN", ""] {
            check(&[(name, Ok(b"x"))], &[], &[]);
        }
        check(&[("token", Ok(b"x"))], &[(2, "token", Ok(b"x"))], &[]);
    }

    #[test]
    fn files_of_others_are_passed_over_even_when_they_are_refused() {
        check(&[("other", Err(Refusal::Fifo)), ("redis-url", Err(Refusal::Fifo))], &[(1, "redis-url", Err(Refusal::Fifo))], &[]);
    }

    #[test]
    fn of_two_files_for_a_key_the_exact_name_decides() {
        check(
            &[("DB_URL", Ok(b"2")), ("DATABASE_URL", Ok(b"1")), ("database-url", Ok(b"1"))],
            &[(0, "DATABASE_URL", Ok(b"1"))],
            &[(0, "DB_URL", false), (0, "database-url", true)],
        );
        check(&[("redis-url", Ok(b"1")), ("redis.url", Err(Refusal::Denied))], &[(1, "redis-url", Ok(b"1"))], &[(1, "redis.url", false)]);
    }

    #[test]
    fn one_final_line_end_is_not_part_of_a_value() {
        let check = |file: &[u8], expected: &[u8]| assert_eq!(bytes(&value_of_file(contents(file))), expected);
        check(b"not-a-real-secret", b"not-a-real-secret");
        check(b"not-a-real-secret\n", b"not-a-real-secret");
        check(b"not-a-real-secret\r\n", b"not-a-real-secret");
        check(b"a\n\n", b"a\n");
        check(b"a\r", b"a\r");
        check(b" a \r\n\r\n", b" a \r\n");
        check(b"\xef\xbb\xbfa\0\n", b"\xef\xbb\xbfa\0");
        check(b"\xff\xfe\n", b"\xff\xfe");
        check(b"\n", b"");
        check(b"", b"");
    }

    #[test]
    fn a_directory_is_read_for_its_keys() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(directory.path().join("redis-url"), "redis://cache.example\n").expect("the file is written");
        std::fs::create_dir(directory.path().join("token")).expect("the directory is made");
        let mounted = read(directory.path(), 100, &Schema::of(&SHAPE)).expect("the directory can be read");
        assert_eq!(mounted.files.len(), 2);
        assert!(matches!(&mounted.files[0].contents, Ok((value, _)) if bytes(value) == b"redis://cache.example"));
        assert_eq!(mounted.files[1].contents.as_ref().map(|_| ()), Err(&Refusal::Directory));
        assert!(!format!("{mounted:?}").contains("cache.example"));
    }
}
