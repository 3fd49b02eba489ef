//! What the compiler says of each mistake in an attribute: one file for each mistake, one error on its token.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "the figure is for those who read it")]

#[test]
fn mistakes_are_told_on_their_tokens() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    for topic in ["checks", "defaults", "environments", "items", "names", "nested", "relations", "secrets", "types", "value_enum", "words"]
    {
        cases.compile_fail(format!("{topic}/*.rs"));
    }
    // The cases run when they are dropped.
    drop(cases);
    let files = std::fs::read_dir("secrets").unwrap().map(|entry| entry.unwrap().path());
    println!("figure: L6 cases={}", files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).count());
}
