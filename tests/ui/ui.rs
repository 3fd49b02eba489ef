//! What the compiler says of each mistake in an attribute: one file for each mistake, one error on its token.

#[test]
fn mistakes_are_told_on_their_tokens() {
    let cases = trybuild::TestCases::new();
    cases.pass("pass/*.rs");
    for topic in ["checks", "defaults", "environments", "items", "names", "nested", "relations", "secrets", "types", "value_enum", "words"]
    {
        cases.compile_fail(format!("{topic}/*.rs"));
    }
}
