//! Markdown on a terminal: as much of it as the pages of the rules use.

use crate::layout::{Paint, hanging};

/// How far text stands from the edge below a heading.
const INDENT: &str = "  ";

/// Headings bold, code indented, paragraphs and lists broken at the width.
pub(super) fn rendered(page: &str, width: usize, paint: Paint) -> String {
    let mut page_text = Rendered { text: String::new(), mark: String::new(), paragraph: String::new(), width, paint };
    let mut in_code = false;
    for line in page.lines() {
        if line.trim_start().starts_with("```") {
            page_text.end_paragraph();
            in_code = !in_code;
        } else if in_code {
            page_text.line(&format!("{INDENT}    {line}"));
        } else {
            page_text.take(line);
        }
    }
    page_text.end_paragraph();
    page_text.text
}

/// What is rendered so far, and the paragraph that is being read.
struct Rendered {
    text: String,
    /// What stands before the first line of the paragraph.
    mark: String,
    paragraph: String,
    width: usize,
    paint: Paint,
}

impl Rendered {
    fn take(&mut self, line: &str) {
        let trimmed = line.trim();
        if trimmed.is_empty() {
            self.end_paragraph();
            self.line("");
        } else if let Some((marks, heading)) = trimmed.split_once(' ').filter(|(marks, _)| marks.bytes().all(|byte| byte == b'#')) {
            self.end_paragraph();
            let heading = self.paint.bold(heading);
            self.line(if marks.len() == 1 { heading } else { format!("{heading}\n") }.trim_end());
        } else if let Some(item) = trimmed.strip_prefix("* ").or_else(|| trimmed.strip_prefix("- ")) {
            self.end_paragraph();
            self.mark = format!("{INDENT}* ");
            self.paragraph.push_str(item);
        } else {
            if self.paragraph.is_empty() {
                INDENT.clone_into(&mut self.mark);
            } else {
                self.paragraph.push(' ');
            }
            self.paragraph.push_str(trimmed);
        }
    }

    fn end_paragraph(&mut self) {
        let paragraph = std::mem::take(&mut self.paragraph);
        if paragraph.is_empty() {
            return;
        }
        // The pages use bold text for the first words of a paragraph.
        match paragraph.strip_prefix("**").and_then(|rest| rest.split_once("**")) {
            Some((bold, rest)) => {
                let lines = hanging(&self.mark, &format!("{bold}{rest}"), self.width);
                self.text.push_str(&lines.replacen(bold, &self.paint.bold(bold), 1));
            }
            None => self.text.push_str(&hanging(&self.mark, &paragraph, self.width)),
        }
    }

    fn line(&mut self, line: &str) {
        // Several blank lines in a row are one.
        if !line.is_empty() || !self.text.ends_with("\n\n") {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renders_what_the_pages_use() {
        let check = |page: &str, expected: &str| assert_eq!(rendered(page, 30, Paint::default()), expected, "{page}");
        check("# Title (CC001)\n\n**Severity:** error\n", "Title (CC001)\n\n  Severity: error\n");
        check("## Why\n\none two\nthree four five six seven\n", "Why\n\n  one two three four five six\n  seven\n");
        check("* one\n  goes on here and further still\n* two\n", "  * one goes on here and\n    further still\n  * two\n");
        check("a\n```text\n  code  stays\n\nas it is\n```\n\n\nb\n", "  a\n        code  stays\n      \n      as it is\n\n  b\n");
        check("`**` and `***` are marks", "  `**` and `***` are marks\n");
    }

    #[test]
    fn paints_headings() {
        let painted = rendered("# A\n\n**b** c\n", 30, Paint { color: true });
        assert_eq!(painted, "\x1b[1mA\x1b[0m\n\n  \x1b[1mb\x1b[0m c\n");
    }
}
