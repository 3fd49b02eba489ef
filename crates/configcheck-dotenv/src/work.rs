//! Counts, in tests only, how many bytes the scans have looked at, so that a test can show that reading is linear.

/// Says that a scan has looked at this many bytes.
#[cfg(not(test))]
#[inline]
pub(crate) const fn spent(_bytes: usize) {}

/// Says that a scan has looked at this many bytes.
#[cfg(test)]
pub(crate) fn spent(bytes: usize) {
    tests::SPENT.set(tests::SPENT.get() + bytes);
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use crate::parse;

    thread_local! {
        pub(super) static SPENT: Cell<usize> = const { Cell::new(0) };
    }

    /// Every byte is looked at a bounded number of times, however the lines are broken.
    fn check(line: &str) {
        for lines in [1, 10, 1_000, 10_000] {
            let input = line.repeat(lines);
            SPENT.set(0);
            let document = parse(input.as_bytes());
            assert_eq!(document.to_bytes(), input.as_bytes());
            let spent = SPENT.get();
            assert!(spent <= 8 * input.len(), "{spent} bytes of work for {} bytes of input", input.len());
        }
    }

    #[test]
    fn plain_lines_are_linear() {
        check("NAME=a plain value # and a comment\n");
        check("NAME='a' \"b\"\n");
        check("\n");
        check("# only a comment");
    }

    #[test]
    fn unclosed_quotes_on_every_line_are_linear() {
        check("A=\"x\n");
        check("A='x\n");
        check("A=\"x\nB='y\n");
        check("A=\"\\\"x\n");
        check("A=\"\\\nB='\\\n");
        check("A-B=\"x\n");
        check("A: 'x\nB: \"x\n");
        check("!=\"x\"y\nB='\"x\"y\n");
        check("A=\"x\nB=it\"s\n");
        check("A='\\'\nB=\"'\\\"\n");
    }

    #[test]
    fn one_long_line_is_linear() {
        check("A");
        check("=");
        check(" ");
        check("\\");
        check("\"");
        check("'");
        check("=\"");
        check("A='");
        check("export ");
        check("A=\" # ");
    }
}
