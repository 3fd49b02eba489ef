//! `# configcheck: ignore[rule] reason`, behind an assignment or on the line before it.

use configcheck_core::origin::SourceId;
use configcheck_core::snapshot::Suppression;
use configcheck_dotenv::{ItemKind, items};

const MARK: &str = "configcheck: ignore[";

/// Adds the findings that the author of a file has decided to accept. A comment is one in every dialect.
pub(super) fn collect(input: &[u8], source: SourceId, found: &mut Vec<Suppression>) {
    if !input.windows(MARK.len()).any(|bytes| bytes == MARK.as_bytes()) {
        return;
    }
    let text = |span: configcheck_dotenv::Span| input.get(span.range()).unwrap_or_default();
    let mut pending: Option<(Vec<String>, String)> = None;
    for item in items(input) {
        match &item.kind {
            ItemKind::Comment => {
                if let Some(parsed) = read(text(item.span)) {
                    pending = Some(parsed);
                }
            }
            ItemKind::Blank => {}
            ItemKind::Assignment(assignment) => {
                let line = assignment.value_position.line;
                let behind = assignment.comment.and_then(|comment| read(text(comment)));
                let accepted = behind.into_iter().chain(pending.take());
                found.extend(accepted.map(|(rules, reason)| Suppression { source, line, rules, reason }));
            }
            ItemKind::Problem(problem) => {
                let line = problem.position.line;
                found.extend(pending.take().map(|(rules, reason)| Suppression { source, line, rules, reason }));
            }
        }
    }
}

/// The rules and the reason of a comment.
fn read(comment: &[u8]) -> Option<(Vec<String>, String)> {
    let text = std::str::from_utf8(comment).ok()?.trim_start_matches(['\u{feff}', ' ', '\t', '#']);
    let (rules, reason) = text.strip_prefix(MARK)?.split_once(']')?;
    let rules = rules.split(',').map(|rule| rule.trim().to_owned()).filter(|rule| !rule.is_empty()).collect();
    Some((rules, reason.trim().to_owned()))
}
