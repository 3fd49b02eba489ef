//! What the child gets, as lines of names and values.

use configcheck_core::schema::{DefaultSpec, FieldSpec, GroupSpec, Member, Sensitivity, Shape, TypeSpec, VariableName};
use configcheck_loader::{Loader, References};
use zeroize::Zeroizing;

use super::*;

const fn field(variable: &'static str) -> FieldSpec {
    FieldSpec { field: variable, file_key: variable, variable: VariableName::Exact(variable), ..FieldSpec::PLAIN }
}

const REDIS: Shape = Shape {
    name: "redis",
    doc: "",
    prefix: "",
    environments: &[],
    members: &[
        Member::Field(field("REDIS_URL")),
        Member::Field(FieldSpec { defaults: &[DefaultSpec { environments: &[], text: "5" }], ..field("REDIS_POOL") }),
    ],
};

const SHAPE: Shape = Shape {
    name: "checkout",
    doc: "",
    prefix: "",
    environments: &[],
    members: &[
        Member::Field(FieldSpec { type_spec: TypeSpec::Environment, ..field("APP_ENV") }),
        Member::Field(FieldSpec { defaults: &[DefaultSpec { environments: &[], text: "8080" }], ..field("PORT") }),
        Member::Field(FieldSpec { aliases: &["JWT_KEY"], sensitivity: Sensitivity::Secret, ..field("JWT_SECRET") }),
        Member::Field(FieldSpec { type_spec: TypeSpec::Bytes, optional: true, ..field("BLOB") }),
        Member::Field(FieldSpec { allow_empty: true, optional: true, ..field("SUFFIX") }),
        Member::Field(FieldSpec {
            defaults: &[DefaultSpec { environments: &[], text: "" }],
            sensitivity: Sensitivity::Secret,
            ..field("SALT")
        }),
        Member::Group(GroupSpec { field: "redis", file_key: Some("redis"), prefix: "", optional: true, shape: &REDIS }),
    ],
};

struct Given<'a> {
    files: &'a [&'a str],
    process: &'a [(&'a str, &'a [u8])],
    environment: Option<Environment>,
    schema: bool,
}

impl Given<'_> {
    fn child(&self, scope: Scope<'_>) -> Result<ChildEnvironment, Unsettable> {
        let schema = if self.schema { Schema::of(&SHAPE) } else { Schema::of_keys("", "", &[], Vec::new(), Vec::new()) };
        let file =
            |(number, text): (usize, &&str)| EnvFile { name: format!("{number}.env"), bytes: Zeroizing::new(text.as_bytes().to_vec()) };
        let files: Vec<EnvFile> = self.files.iter().enumerate().map(file).collect();
        let process: Vec<(OsString, OsString)> =
            self.process.iter().map(|(name, value)| ((*name).into(), os_string(value).unwrap_or_default())).collect();
        let mut loader = Loader::new().no_dotenv().no_standard_mounts().vars(process.clone());
        for file in &files {
            loader = loader.dotenv_contents(file.name.clone(), file.bytes.clone());
        }
        let snapshot = loader.survey(&schema, self.environment.clone(), References::Fetched);
        let parts = Parts {
            schema: &schema,
            has_schema: self.schema,
            snapshot: &snapshot,
            files: variables_of(&files, Dialect::Configcheck, &[]),
            process: &process,
            environment: self.environment.as_ref(),
        };
        child_environment(parts, scope)
    }
}

fn lines(child: Result<ChildEnvironment, Unsettable>) -> Vec<String> {
    match child {
        Ok(child) => {
            child.into_iter().map(|(name, value)| format!("{}={}", name.display(), value.as_encoded_bytes().escape_ascii())).collect()
        }
        Err(unsettable) => vec![format!("{} {}", unsettable.name.unwrap_or_default(), unsettable.why)],
    }
}

#[track_caller]
fn check(files: &[&str], process: &[(&str, &[u8])], scope: Scope<'_>, expected: &[&str]) {
    assert_eq!(lines(Given { files, process, environment: None, schema: true }.child(scope)), expected);
}

const ALL: Scope<'_> = Scope { clean: false, only: None, defaults: false };

const CLEAN: Scope<'_> = Scope { clean: true, ..ALL };

#[test]
fn the_process_lies_above_the_files_and_a_later_file_above_an_earlier() {
    check(
        &["A=one\nB=one\nC=one\nPORT=1\n", "B=two\nPORT=2\nBLOB='x y'\n"],
        &[("C", b"own"), ("PATH", b"/bin"), ("BLOB", b"\xff\xfe")],
        ALL,
        &["A=one", "B=two", "BLOB=\\xff\\xfe", "C=own", "PATH=/bin", "PORT=2"],
    );
    check(&["PORT=1\nPORT=2\nA=1\nA=2\n"], &[], ALL, &["A=2", "PORT=2"]);
    check(&[], &[("APP_ENV", b"test"), ("PORT", b"7")], ALL, &["APP_ENV=test", "PORT=7"]);
}

#[test]
fn an_empty_value_is_none_for_a_declared_key_and_one_for_a_foreign_one() {
    check(&["PORT=1\nOTHER=file\n"], &[("PORT", b""), ("OTHER", b"")], ALL, &["OTHER=", "PORT=1"]);
    check(&["PORT=\nSUFFIX=\n"], &[], CLEAN, &["SUFFIX="]);
}

#[test]
fn clean_is_the_declared_variables_that_are_set() {
    check(
        &["A=1\nPORT=2\n"],
        &[("PATH", b"/bin"), ("JWT_SECRET", b"not-a-real-secret")],
        CLEAN,
        &["JWT_SECRET=not-a-real-secret", "PORT=2"],
    );
    check(&[], &[("PATH", b"/bin")], CLEAN, &[]);
}

#[test]
fn only_keeps_declared_variables_back_wherever_they_stand() {
    let only = ["PORT".to_owned()];
    let process: &[(&str, &[u8])] =
        &[("PATH", b"/bin"), ("JWT_KEY", b"not-a-real-secret"), ("JWT_SECRET_FILE", b"/no/such/file"), ("BLOB", b"x")];
    check(&["A=1\nPORT=2\nSUFFIX=x\n"], process, Scope { only: Some(&only), ..ALL }, &["PATH=/bin", "PORT=2"]);
    check(&["A=1\nPORT=2\n"], process, Scope { only: Some(&only), ..CLEAN }, &["PORT=2"]);
}

#[test]
fn an_alias_sets_the_name_itself() {
    check(&["JWT_KEY=not-a-real-secret\n"], &[], ALL, &["JWT_SECRET=not-a-real-secret"]);
    check(&["JWT_SECRET=from-the-file\n"], &[("JWT_KEY", b"own")], ALL, &["JWT_KEY=own", "JWT_SECRET=own"]);
}

#[test]
fn a_file_variable_becomes_the_variable_and_a_reference_the_value() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("secret");
    std::fs::write(&path, b"not-a-real-secret\n").expect("a file");
    let path = path.to_str().expect("a plain path");
    check(&[], &[("JWT_SECRET_FILE", path.as_bytes())], ALL, &["JWT_SECRET=not-a-real-secret"]);
    check(&[&format!("JWT_KEY_FILE={path}\n")], &[], ALL, &["JWT_SECRET=not-a-real-secret"]);
    check(&[&format!("JWT_SECRET=file:{path}\n")], &[], ALL, &["JWT_SECRET=not-a-real-secret"]);
    std::fs::write(path, b"not-a-real\0secret").expect("a file");
    check(&[], &[("JWT_SECRET_FILE", path.as_bytes())], CLEAN, &["JWT_SECRET holds a NUL byte, which ends a variable of a process"]);
}

#[test]
fn defaults_are_set_on_request_where_their_group_is_there_and_their_text_is_known() {
    let defaults = Scope { defaults: true, ..CLEAN };
    check(&["APP_ENV=test\n"], &[], CLEAN, &["APP_ENV=test"]);
    check(&["APP_ENV=test\n"], &[], defaults, &["APP_ENV=test", "PORT=8080"]);
    check(&["REDIS_URL=redis://r\n"], &[], defaults, &["PORT=8080", "REDIS_POOL=5", "REDIS_URL=redis://r"]);
}

#[test]
fn the_environment_that_was_asked_for_is_what_the_child_is_told() {
    let given = |schema| Given {
        files: &["APP_ENV=test\n"],
        process: &[("APP_ENV", b"stage")],
        environment: Some(Environment::Production),
        schema,
    };
    assert_eq!(lines(given(true).child(CLEAN)), ["APP_ENV=production"]);
    assert_eq!(lines(given(false).child(ALL)), ["APP_ENV=production"]);
}

#[test]
fn without_a_schema_the_files_declare() {
    let check = |scope, expected: &[&str]| {
        let given = Given { files: &["A=1\nB=2\n"], process: &[("B", b"own"), ("C", b"own")], environment: None, schema: false };
        assert_eq!(lines(given.child(scope)), expected);
    };
    let only = ["A".to_owned()];
    check(ALL, &["A=1", "B=own", "C=own"]);
    check(CLEAN, &["A=1", "B=own"]);
    check(Scope { only: Some(&only), ..CLEAN }, &["A=1"]);
    check(Scope { only: Some(&only), ..ALL }, &["A=1", "B=own", "C=own"]);
}

#[test]
fn what_no_process_can_have_is_refused() {
    let given = Given { files: &["A=1\n"], process: &[], environment: None, schema: true };
    let schema = Schema::of(&SHAPE);
    for (name, value, why) in [("A=B", "1", "has a name that no process can take"), ("A", "1\0hunter2-fake", NUL)] {
        let snapshot = Loader::new().no_dotenv().no_environment().survey(&schema, None, References::Noted);
        let files = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        let parts = Parts { schema: &schema, has_schema: true, snapshot: &snapshot, files, process: &[], environment: None };
        assert_eq!(child_environment(parts, ALL), Err(Unsettable { name: None, why }));
    }
    assert_eq!(lines(given.child(ALL)), ["A=1"]);
}
