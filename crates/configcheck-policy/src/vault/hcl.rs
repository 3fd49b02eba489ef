//! As much of HCL as policies are written in: blocks, attributes, text, lists and comments.

use serde_json::Value;

use crate::document::Unread;

/// Text as a policy writes it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Text within a comment, which ends with its line.
pub(super) fn comment(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

/// One `path` of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct PathRule {
    pub(super) path: String,
    pub(super) capabilities: Vec<String>,
    /// Attributes beside the capabilities, which narrow what is allowed.
    pub(super) narrowed_by: Vec<String>,
}

/// Reads the paths of a policy, in HCL or in JSON.
pub(super) fn paths(text: &str) -> Result<Vec<PathRule>, Unread> {
    if text.trim_start().starts_with('{') {
        return paths_of_json(text);
    }
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens: &tokens, at: 0 };
    let mut rules = Vec::new();
    while let Some((token, _)) = reader.next() {
        match token {
            Token::Word(word) if word == "path" => rules.push(reader.path()?),
            // Sentinel's and the policy's own name.
            Token::Word(_) => reader.skip_value()?,
            _ => return Err(reader.unread("here a policy has path \"…\" { … }")),
        }
    }
    Ok(rules)
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

struct Reader<'t> {
    tokens: &'t [(Token, usize)],
    at: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<(Token, usize)> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    fn unread(&self, message: &str) -> Unread {
        let last = self.tokens.len().saturating_sub(1);
        let line = self.tokens.get(self.at.saturating_sub(1).min(last)).map_or(0, |(_, line)| *line);
        Unread { line, message: message.to_owned() }
    }

    fn expect(&mut self, sign: char) -> Result<(), Unread> {
        match self.next() {
            Some((Token::Sign(found), _)) if found == sign => Ok(()),
            _ => Err(self.unread(&format!("a {sign} is missing"))),
        }
    }

    fn path(&mut self) -> Result<PathRule, Unread> {
        let Some((Token::Text(path), _)) = self.next() else { return Err(self.unread("a path stands in quotes")) };
        let mut rule = PathRule { path: path.trim_start_matches('/').to_owned(), ..PathRule::default() };
        self.expect('{')?;
        loop {
            match self.next() {
                Some((Token::Sign('}'), _)) => return Ok(rule),
                Some((Token::Word(name) | Token::Text(name), _)) => match &*name {
                    "capabilities" => {
                        self.expect('=')?;
                        rule.capabilities = self.list()?;
                    }
                    "policy" => {
                        self.expect('=')?;
                        let Some((Token::Text(word), _)) = self.next() else { return Err(self.unread("text in quotes is missing")) };
                        rule.capabilities = old_style(&word).iter().map(|word| (*word).to_owned()).collect();
                    }
                    _ => {
                        self.skip_value()?;
                        rule.narrowed_by.push(name);
                    }
                },
                Some((Token::Sign(','), _)) => {}
                _ => return Err(self.unread("the block of a path is not closed")),
            }
        }
    }

    fn list(&mut self) -> Result<Vec<String>, Unread> {
        self.expect('[')?;
        let mut words = Vec::new();
        loop {
            match self.next() {
                Some((Token::Text(word), _)) => words.push(word),
                Some((Token::Sign(','), _)) => {}
                Some((Token::Sign(']'), _)) => return Ok(words),
                _ => return Err(self.unread("a list of text in quotes is not closed")),
            }
        }
    }

    /// Passes over the value of an attribute, or a block.
    fn skip_value(&mut self) -> Result<(), Unread> {
        if self.peek() == Some(&Token::Sign('=')) {
            self.at += 1;
        }
        while matches!(self.peek(), Some(Token::Text(_))) {
            self.at += 1;
            if !matches!(self.peek(), Some(Token::Text(_) | Token::Sign('{'))) {
                return Ok(());
            }
        }
        let mut depth = 0_usize;
        loop {
            match self.next() {
                Some((Token::Sign('{' | '['), _)) => depth += 1,
                Some((Token::Sign('}' | ']'), _)) => depth = depth.saturating_sub(1),
                Some((Token::Sign('='), _)) if depth == 0 => return Err(self.unread("a value is missing")),
                Some(_) => {}
                None => return Err(self.unread("a block is not closed")),
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }
}

fn paths_of_json(text: &str) -> Result<Vec<PathRule>, Unread> {
    let policy: Value = serde_json::from_str(text).map_err(|error| Unread { line: error.line(), message: "this is no JSON".to_owned() })?;
    let unread = |message: &str| Unread { line: 0, message: message.to_owned() };
    let rows = policy.get("path").and_then(Value::as_object).ok_or_else(|| unread("the policy has no path with rules by name"))?;
    let rule = |(path, rule): (&String, &Value)| {
        let attributes = rule.as_object().ok_or_else(|| unread("the rule of a path is no object"))?;
        let mut read = PathRule { path: path.trim_start_matches('/').to_owned(), ..PathRule::default() };
        for (name, value) in attributes {
            match (&**name, value.as_array(), value.as_str()) {
                ("capabilities", Some(words), _) => {
                    read.capabilities.extend(words.iter().filter_map(Value::as_str).map(ToOwned::to_owned));
                }
                ("policy", _, Some(word)) => read.capabilities.extend(old_style(word).iter().map(|word| (*word).to_owned())),
                _ => read.narrowed_by.push(name.clone()),
            }
        }
        Ok(read)
    };
    rows.iter().map(rule).collect()
}

/// What `policy = "read"` stood for before there were capabilities.
fn old_style(word: &str) -> &'static [&'static str] {
    match word {
        "read" => &["read", "list"],
        "write" => &["create", "read", "update", "delete", "list"],
        "sudo" => &["create", "read", "update", "delete", "list", "sudo"],
        _ => &["deny"],
    }
}

fn tokens(text: &str) -> Result<Vec<(Token, usize)>, Unread> {
    let (mut tokens, mut line) = (Vec::new(), 1_usize);
    let mut rest = text;
    let unread = |line: usize, message: &str| Err(Unread { line, message: message.to_owned() });
    while let Some(c) = rest.chars().next() {
        if c == '\n' {
            line += 1;
        }
        if c.is_whitespace() || c == '\u{feff}' {
            rest = &rest[c.len_utf8()..];
        } else if c == '#' || rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            let Some(end) = rest[2..].find("*/") else { return unread(line, "a comment is not closed") };
            line += rest[..end + 2].matches('\n').count();
            rest = &rest[end + 4..];
        } else if c == '"' {
            let Some((word, end)) = quoted_text(rest) else { return unread(line, "text in quotes is not closed") };
            tokens.push((Token::Text(word), line));
            rest = &rest[end..];
        } else if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).unwrap_or(rest.len());
            tokens.push((Token::Word(rest[..end].to_owned()), line));
            rest = &rest[end..];
        } else if "{}[]=,:".contains(c) {
            tokens.push((Token::Sign(if c == ':' { '=' } else { c }), line));
            rest = &rest[1..];
        } else {
            return unread(line, "a sign that a policy does not have");
        }
    }
    Ok(tokens)
}

/// The text in the quotes that stand first, and where they end.
fn quoted_text(text: &str) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, at + 1)),
            '\n' => return None,
            '\\' => match chars.next()?.1 {
                'n' => out.push('\n'),
                't' => out.push('\t'),
                'u' => {
                    let digits: String = chars.by_ref().take(4).map(|(_, digit)| digit).collect();
                    out.push(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32)?);
                }
                other => out.push(other),
            },
            c => out.push(c),
        }
    }
    None
}
