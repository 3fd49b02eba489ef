//! Replaces what stands between two markers of a page that people write.

use crate::failure::Failure;

/// The marker before the text.
pub(super) const BEGIN: &str = "<!-- configcheck:begin -->";
/// The marker behind it.
pub(super) const END: &str = "<!-- configcheck:end -->";

/// The page with the text between its markers; its line ends are kept.
pub(super) fn inject(path: &str, page: &[u8], text: &str) -> Result<Vec<u8>, Failure> {
    let help = || format!("write {BEGIN} and {END} once each, on lines of their own, where the tables belong");
    let refuse = |place: String, message: &str| Err(Failure::usage(message).at(place).help(help()));
    let Ok(page) = std::str::from_utf8(page) else {
        return Err(Failure::incomplete("the page is not text in UTF-8").at(path).help("save it as UTF-8"));
    };
    let line_of = |at: usize| format!("{path}:{}", page[..at].matches('\n').count() + 1);
    let (begins, ends): (Vec<usize>, Vec<usize>) =
        (page.match_indices(BEGIN).map(|(at, _)| at).collect(), page.match_indices(END).map(|(at, _)| at).collect());
    let (begin, end) = match (&begins[..], &ends[..]) {
        ([], []) => return refuse(path.to_owned(), "the markers are missing"),
        ([], _) => return refuse(path.to_owned(), "the marker configcheck:begin is missing"),
        (_, []) => return refuse(path.to_owned(), "the marker configcheck:end is missing"),
        ([_, second, ..], _) => return refuse(line_of(*second), "the marker configcheck:begin stands here a second time"),
        (_, [_, second, ..]) => return refuse(line_of(*second), "the marker configcheck:end stands here a second time"),
        ([begin], [end]) if end < begin => return refuse(line_of(*end), "the marker configcheck:end stands before configcheck:begin"),
        ([begin], [end]) => (begin + BEGIN.len(), *end),
    };
    let line_end = if page.contains("\r\n") { "\r\n" } else { "\n" };
    let text = format!("\n\n{}\n\n", text.trim_matches('\n')).replace('\n', line_end);
    Ok([&page[..begin], &text, &page[end..]].concat().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(page: &str, expected: Result<&str, &str>) {
        let result = inject("README.md", page.as_bytes(), "| a |\n");
        let result = result.map(|bytes| String::from_utf8(bytes).expect("text")).map_err(|failure| failure.to_string());
        let begins = |message: &String| expected.is_err_and(|expected| message.starts_with(&format!("error: README.md{expected}")));
        let is_as_expected = result.as_ref().map_or_else(begins, |text| expected == Ok(text.as_str()));
        assert!(is_as_expected, "{result:?}");
    }

    #[test]
    fn only_what_stands_between_the_markers_changes() {
        let page = format!("a\n{BEGIN}\n\n| a |\n\n{END}\nb\n");
        check(&format!("a\n{BEGIN}{END}\nb\n"), Ok(&page));
        check(&format!("a\n{BEGIN}\nold\n{END}\nb\n"), Ok(&page));
        check(&page, Ok(&page));
        check(&page.replace('\n', "\r\n"), Ok(&page.replace('\n', "\r\n")));
    }

    #[test]
    fn markers_that_do_not_fit_are_refused() {
        check("a\n", Err(": the markers are missing"));
        check(&format!("a\n{END}\n"), Err(": the marker configcheck:begin is missing"));
        check(&format!("a\n{BEGIN}\n"), Err(": the marker configcheck:end is missing"));
        check(&format!("{BEGIN}\n{BEGIN}\n{END}\n"), Err(":2: the marker configcheck:begin stands here a second time"));
        check(&format!("{BEGIN}\n{END}\n{END}\n"), Err(":3: the marker configcheck:end stands here a second time"));
        check(&format!("a\n{END}\n{BEGIN}\n"), Err(":2: the marker configcheck:end stands before configcheck:begin"));
    }
}
