//! The report for a terminal. The source lines in it are made from the findings: `KEY=` and the value that may be shown.

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Message, Origin, Padding, Renderer, Snippet};
use configcheck_core::display::escaped;
use configcheck_core::{Diagnostic, Place, Report, Severity};

use super::wording::{self, Labelled};

/// What stands in a source line for a value that is not shown.
const HIDDEN: &str = "…";

/// The least room for text, however deep it is indented.
const LEAST_ROOM: usize = 24;

/// Renders a report.
pub(super) fn render(report: &Report, color: bool, width: usize) -> String {
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let page = Page { renderer: renderer.term_width(width), width };
    let mut blocks = vec![page.head(report)];
    blocks.extend(wording::by_weight(report).map(|finding| page.finding(finding)));
    blocks.push(page.closing(report));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n")
}

struct Page {
    renderer: Renderer,
    width: usize,
}

impl Page {
    fn head(&self, report: &Report) -> String {
        let Labelled { label, text } = wording::headline(report);
        let level = wording::heaviest(report).map_or(Level::NOTE.with_name(label), level);
        let text = self.fitted(&text, label.len() + 2);
        self.renderer.render(&[Group::with_title(level.primary_title(text))])
    }

    fn closing(&self, report: &Report) -> String {
        let broken = |line: &String| wording::broken(line, self.width, self.width - 4).join("\n    ");
        wording::closing(report).iter().map(broken).collect::<Vec<_>>().join("\n")
    }

    fn finding(&self, finding: &Diagnostic) -> String {
        let rule = escaped(finding.rule.name);
        let title = self.fitted(&escaped(&finding.message), finding.severity.name().len() + rule.len() + 4);
        let quote = Quote::of(finding);
        let label = quote.as_ref().and_then(|quote| self.label(finding, quote));
        let messages = self.messages(finding, quote.as_ref(), label.is_some());

        let title_lines = title.split('\n').count();
        let mut group = Group::with_title(level(finding.severity).primary_title(title).id(rule));
        group = group.elements(origin(&finding.place));
        match &quote {
            Some(quote) => group = group.element(quote.snippet(label)),
            None if finding.place != Place::Nowhere && !messages.is_empty() => group = group.element(Padding),
            None => {}
        }
        let text = self.renderer.render(&[group.elements(messages)]);
        if quote.is_some() { without_file_mark(&text, title_lines) } else { text }
    }

    /// What was expected, when there is room for it beside the value.
    fn label(&self, finding: &Diagnostic, quote: &Quote) -> Option<String> {
        let label = format!("expected {}", escaped(finding.expected.as_deref()?));
        let columns = quote.gutter() + " | ".len() + quote.source.chars().count() + 1 + label.chars().count();
        (columns <= self.width).then_some(label)
    }

    /// The lines below the source line: all that it does not say itself.
    fn messages(&self, finding: &Diagnostic, quote: Option<&Quote>, labelled: bool) -> Vec<Message<'static>> {
        let said = |detail: &Labelled| match detail.label {
            "expected" => labelled,
            "found" => quote.is_some_and(|quote| quote.shows_value),
            _ => false,
        };
        let message = |Labelled { label, text }| {
            let indent = quote.map_or(0, Quote::gutter) + " = : ".len() + label.len();
            let level = if label == "help" { Level::HELP } else { Level::NOTE.with_name(label) };
            level.message(self.fitted(&text, indent))
        };
        wording::details(finding).into_iter().filter(|detail| !said(detail)).map(message).collect()
    }

    /// Broken for lines that all begin at `indent`; the renderer aligns them there.
    fn fitted(&self, text: &str, indent: usize) -> String {
        let room = self.width.saturating_sub(indent).max(LEAST_ROOM);
        wording::broken(text, room, room).join("\n")
    }
}

/// A source line made from a finding.
struct Quote {
    source: String,
    value: usize,
    line: Option<u32>,
    shows_value: bool,
}

impl Quote {
    /// Only a declared key is quoted: a line that nobody declared may hold a password, and its place is enough.
    fn of(finding: &Diagnostic) -> Option<Self> {
        finding.key_index?;
        let key = finding.key.as_deref()?;
        match &finding.place {
            Place::File { line: 0, .. } | Place::File { column: 0, .. } => None,
            Place::File { line, .. } => Some(Self::new(key, finding, true, Some(*line))),
            // Under another name, as `PORT_FILE`, another text may stand than the one that was found.
            Place::Variable(name) => Some(Self::new(name, finding, name == key, None)),
            _ => None,
        }
    }

    fn new(name: &str, finding: &Diagnostic, may_show: bool, line: Option<u32>) -> Self {
        let found = finding.found.as_ref().filter(|_| may_show);
        let name = escaped(name);
        let value = found.map_or(HIDDEN.into(), |found| escaped(found.as_str()));
        Self { source: format!("{name}={value}"), value: name.len() + 1, line, shows_value: found.is_some() }
    }

    /// The width of the line number.
    fn gutter(&self) -> usize {
        self.line.map_or(0, |line| line.to_string().len())
    }

    fn snippet(&self, label: Option<String>) -> Snippet<'_, Annotation<'_>> {
        let annotation = AnnotationKind::Primary.span(self.value..self.source.len()).label(label);
        let snippet = Snippet::source(&self.source).line_numbering(self.line.is_some()).annotation(annotation);
        match self.line {
            Some(line) => snippet.line_start(usize::try_from(line).unwrap_or(usize::MAX)),
            None => snippet,
        }
    }
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// The line with the arrow. It is apart from the source line, whose columns are not those of the file.
fn origin(place: &Place) -> Option<Element<'static>> {
    wording::place(place).map(|place| Origin::path(place).into())
}

/// Removes the line `:::` that the renderer puts between an arrow and a source line without a path of its own.
fn without_file_mark(text: &str, title_lines: usize) -> String {
    let mark = title_lines + 2;
    let is_mark = |index: usize, line: &str| index == mark && line.contains(":::");
    text.lines().enumerate().filter(|(index, line)| !is_mark(*index, line)).map(|(_, line)| line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::samples::checkout;
    use super::super::tests::without_colors;
    use super::*;

    fn check(width: usize, expected: &str) {
        assert_eq!(render(&checkout(), false, width), expected.trim_matches('\n'));
    }

    #[test]
    fn reads_as_a_person_needs_it() {
        check(
            100,
            "
error: the configuration of checkout (production) has 5 errors and 1 warning

error[invalid-value]: PORT is not a whole number from 0 to 65535
 --> .env:3:6
  |
3 | PORT=80a80
  |      ^^^^^ expected a whole number from 0 to 65535
  |
  = related: environment variable PORT: set there too, and not used
  = help: an example: 8080

error[missing-required]: DATABASE_URL is not set
 |
 = expected: a URL
 = help: set DATABASE_URL in the environment, in .env.production or .env, or DATABASE_URL_FILE to
         the path of a file that holds it
 = help: DATABSE_URL is set in .env:7:1 and is declared nowhere

error[constraint-violated]: JWT_SECRET is too short
   --> config/production.toml:112:16
    |
112 | JWT_SECRET=…
    |            ^ expected at least 32 characters

error[unresolved-reference]: the reference of REDIS_URL was not resolved: access denied
--> reference file:/run/secrets/redis
 |
 = help: let the service read /run/secrets/redis

error[invalid-value]: LOG_LEVEL is not one of error, warn, info, debug, trace
--> environment variable LOG_LEVEL
 |
 | LOG_LEVEL= inof
 |           ^^^^^ expected error, warn, info, debug or trace
 |
 = help: did you mean info?

warning[unknown-key]: DATABSE_URL is declared nowhere
--> .env:7:1
 |
 = help: did you mean DATABASE_URL? It is missing

summary: 5 errors, 1 warning; 8 keys: 2 ok, 4 bad, 1 missing, 1 not checked; the service does not
    start
accepted: 1 finding, not shown here",
        );
    }

    #[test]
    fn fits_a_narrow_terminal() {
        check(
            60,
            "
error: the configuration of checkout (production) has 5
       errors and 1 warning

error[invalid-value]: PORT is not a whole number from 0 to
                      65535
 --> .env:3:6
  |
3 | PORT=80a80
  |      ^^^^^ expected a whole number from 0 to 65535
  |
  = related: environment variable PORT: set there too, and
             not used
  = help: an example: 8080

error[missing-required]: DATABASE_URL is not set
 |
 = expected: a URL
 = help: set DATABASE_URL in the environment, in
         .env.production or .env, or DATABASE_URL_FILE to
         the path of a file that holds it
 = help: DATABSE_URL is set in .env:7:1 and is declared
         nowhere

error[constraint-violated]: JWT_SECRET is too short
   --> config/production.toml:112:16
    |
112 | JWT_SECRET=…
    |            ^ expected at least 32 characters

error[unresolved-reference]: the reference of REDIS_URL was
                             not resolved: access denied
--> reference file:/run/secrets/redis
 |
 = help: let the service read /run/secrets/redis

error[invalid-value]: LOG_LEVEL is not one of error, warn,
                      info, debug, trace
--> environment variable LOG_LEVEL
 |
 | LOG_LEVEL= inof
 |           ^^^^^
 |
 = expected: error, warn, info, debug or trace
 = help: did you mean info?

warning[unknown-key]: DATABSE_URL is declared nowhere
--> .env:7:1
 |
 = help: did you mean DATABASE_URL? It is missing

summary: 5 errors, 1 warning; 8 keys: 2 ok, 4 bad, 1
    missing, 1 not checked; the service does not start
accepted: 1 finding, not shown here",
        );
    }

    #[test]
    fn colours_change_nothing_but_colour() {
        let colored = render(&checkout(), true, 80);
        assert!(colored.contains("\u{1b}[1m\u{1b}[91merror[missing-required]"), "{colored}");
        assert_eq!(without_colors(&colored), render(&checkout(), false, 80));
    }

    #[test]
    fn shows_a_value_beside_its_own_name_only() {
        let mut report = checkout();
        report.findings.retain(|finding| finding.key.as_deref() == Some("LOG_LEVEL"));
        report.findings[0].place = Place::Variable("LOG_LEVEL_FILE".into());
        let text = render(&report, false, 100);
        assert!(text.contains(" | LOG_LEVEL_FILE=…\n") && text.contains(" = found: ` inof`\n"), "{text}");
    }

    #[test]
    fn quotes_no_line_that_nobody_declared() {
        let mut report = checkout();
        report.findings.iter_mut().for_each(|finding| finding.key_index = None);
        assert!(!render(&report, false, 100).contains("80a80\n"));
    }

    /// The report with the finding about this key alone.
    fn only(key: &str, change: impl Fn(&mut Diagnostic)) -> Report {
        let mut report = checkout();
        report.findings.retain(|finding| finding.key.as_deref() == Some(key) && finding.suppressed.is_none());
        report.findings.iter_mut().for_each(change);
        report
    }

    #[test]
    fn every_line_has_the_width_of_the_screen() {
        let head = "error: the configuration of checkout (production) has 5 errors and 1 warning";
        let first_line = |width| render(&checkout(), false, width).lines().next().map(ToOwned::to_owned);
        assert_eq!(first_line(head.len()).as_deref(), Some(head));
        assert_ne!(first_line(head.len() - 1).as_deref(), Some(head));
        for width in 40..=110 {
            let text = render(&checkout(), false, width);
            let end = text.split_once("\nsummary: ").expect("the sum is told").1;
            assert!(end.lines().skip(1).all(|line| line.chars().count() <= width), "{width}: {text}");
        }
    }

    #[test]
    fn what_was_expected_stands_beside_the_value_where_there_is_room() {
        let report = only("JWT_SECRET", |_| {});
        let beside = "^ expected at least 32 characters\n";
        let columns = "112 | JWT_SECRET=… expected at least 32 characters".chars().count();
        assert!(render(&report, false, columns).contains(beside));
        assert!(!render(&report, false, columns - 1).contains(beside));
    }

    #[test]
    fn a_place_without_a_column_has_no_source_line() {
        for (line, place) in [(0, ".env"), (3, ".env:3")] {
            let report = only("PORT", |finding| {
                finding.place = Place::File { path: ".env".into(), line, column: 0, bytes: None };
                finding.related.clear();
                finding.help.clear();
                (finding.expected, finding.found) = (None, None);
            });
            let text = render(&report, false, 100);
            let finding = text.split("\n\n").nth(1);
            assert_eq!(finding, Some(&*format!("error[invalid-value]: PORT is not a whole number from 0 to 65535\n--> {place}")));
        }
    }

    #[test]
    fn only_the_mark_of_the_renderer_is_taken_away() {
        let report = only("PORT", |finding| finding.help = vec!["write a ::: b".into()]);
        assert!(render(&report, false, 100).contains("help: write a ::: b\n"));
    }
}
