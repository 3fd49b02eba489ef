//! Two pieces of shell grammar that stand for themselves: `$'…'` with its escapes, and the end of a `$(…)`.

/// The text of a `$'…'` behind its opening quote, and the length of it up to the closing one.
pub(super) fn decode(text: &str) -> Option<(String, usize)> {
    let mut output = String::new();
    // A NUL ends the text, but not the quotes.
    let mut cut = None;
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let first = rest.chars().next()?;
        if first == '\'' {
            if let Some(cut) = cut {
                output.truncate(cut);
            }
            return Some((output, at + 1));
        }
        if first != '\\' {
            output.push(first);
            at += first.len_utf8();
            continue;
        }
        let next = rest[1..].chars().next()?;
        let (code, length) = code(&rest[1..], next);
        match code {
            Some(0) => cut = cut.or(Some(output.len())),
            Some(code) => output.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
            None => {
                output.push('\\');
                output.push(next);
            }
        }
        at += 1 + length;
    }
}

/// The character that an escape stands for, and the length of it behind the backslash.
fn code(escape: &str, next: char) -> (Option<u32>, usize) {
    let number = |skip: usize, most: usize, radix: u32| {
        let digits = escape[skip..].chars().take(most).take_while(|digit| digit.is_digit(radix)).count();
        let code = u32::from_str_radix(&escape[skip..skip + digits], radix).ok();
        (code, if code.is_some() { skip + digits } else { 1 })
    };
    let code = match next {
        'n' => 10,
        't' => 9,
        'r' => 13,
        'a' => 7,
        'b' => 8,
        'e' | 'E' => 27,
        'f' => 12,
        'v' => 11,
        '\\' | '\'' | '"' | '?' => next as u32,
        '0'..='7' => {
            let (code, length) = number(0, 3, 8);
            return (code.map(|code| code & 0xff), length);
        }
        'x' => return number(1, 2, 16),
        'u' => return number(1, 4, 16),
        'U' => return number(1, 8, 16),
        'c' => match escape[1..].chars().next() {
            Some(control) if control.is_ascii() && control != '\'' => return (Some(control.to_ascii_uppercase() as u32 & 0x1f), 2),
            _ => return (None, 1),
        },
        _ => return (None, next.len_utf8()),
    };
    (Some(code), 1)
}

/// The place of the parenthesis that closes the one the text starts with. Quotes and comments are gone over.
pub(super) fn closing_parenthesis(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open = 0_usize;
    let mut double = false;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'"' => double = !double,
            b'\'' if !double => at += text[at + 1..].find('\'')? + 1,
            b'#' if !double && matches!(bytes[at - 1], b' ' | b'\t' | b'\n') => at += text[at..].find('\n')? - 1,
            b'(' if !double => open += 1,
            b')' if !double => {
                open -= 1;
                if open == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
    None
}
