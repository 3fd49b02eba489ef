//! Reads YAML from the events of `saphyr-parser`. Anchors, aliases and several documents are refused, and comments passed over.

use std::mem;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use crate::document::{DEPTH_LIMIT, Entry, Kind, NODE_LIMIT, Node, Scalar, TOO_DEEP, TOO_MANY, TextProblem, refuse_duplicates};

mod scalar;

const ALIAS: &str = "anchors and aliases are not read";
const KEY_IS_NO_TEXT: &str = "a key must be text, in quotes where it looks like something else";

/// How an encrypted value begins. Its commas and colons are no structure.
const ENCRYPTED: &str = "ENC[AES256_GCM,";
const STRUCTURE_OF_ENCRYPTED: usize = 9;

/// How many encrypted values there are room for in a file of the size that is read.
const ENCRYPTED_LIMIT: usize = 20_000;

pub(super) fn read(text: &str) -> Result<Vec<Entry>, TextProblem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    // The parser would take a NUL for the end of the file and pass over the rest.
    if let Some(at) = text.find('\0') {
        return Err(TextProblem { line: text[..at].lines().count().max(1), message: "a NUL character cannot stand in YAML" });
    }
    // The parser looks ahead to the end of a collection in brackets before it tells anything of it, and takes much memory to do so.
    let encrypted = text.matches(ENCRYPTED).count();
    let structure = text.bytes().filter(|byte| matches!(byte, b',' | b':' | b'[' | b'{')).count();
    if encrypted > ENCRYPTED_LIMIT || structure > NODE_LIMIT + encrypted * STRUCTURE_OF_ENCRYPTED {
        return Err(TextProblem { line: 1, message: TOO_MANY });
    }
    let mut builder = Builder { frames: Vec::new(), root: None, documents: 0, nodes: 0 };
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| TextProblem { line: error.marker().line().max(1), message: message_of(error.info()) })?;
        builder.take(event, span.start.line().max(1))?;
    }
    match builder.root {
        Some(Node::Table(entries)) => Ok(entries),
        None | Some(Node::Null) => Ok(Vec::new()),
        Some(_) => Err(TextProblem { line: 1, message: "the file holds no keys" }),
    }
}

/// What is said for an error of the parser. Of its own text, which may quote the file, nothing is kept.
fn message_of(info: &str) -> &'static str {
    let has = |part: &str| info.contains(part);
    if has("anchor") {
        ALIAS
    } else if has("tab") {
        "a tab cannot stand here; YAML is indented with spaces"
    } else if has("quoted scalar") {
        "a quote is never closed, or the text in it is not indented"
    } else if has("mapping values are not allowed") {
        "a colon stands where no key can be"
    } else if has("indentation") || has("indented") {
        "this line is not indented as its neighbours are"
    } else if has("simple key") || has("expected key") {
        "a colon is missing behind a key"
    } else if has("recursion limit") {
        TOO_DEEP
    } else {
        "this is not YAML"
    }
}

enum Frame {
    List(Vec<Node>),
    Table(Vec<Entry>, Option<(String, usize)>),
}

struct Builder {
    frames: Vec<Frame>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), TextProblem> {
        let problem = |message| Err(TextProblem { line, message });
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return problem("a second YAML document starts here; a file with secrets is one document");
                }
                Ok(())
            }
            Event::Alias(_) => problem(ALIAS),
            Event::Scalar(text, style, anchor, tag) => {
                self.count(line, anchor)?;
                let node = scalar_of(line, &text, style == ScalarStyle::Plain, tag.as_deref())?;
                if let Some(Frame::Table(_, key @ None)) = self.frames.last_mut() {
                    let is_merge = text == "<<";
                    match node {
                        Node::Scalar(scalar) if scalar.kind == Kind::Text || is_merge => *key = Some((text.into_owned(), line)),
                        _ => return problem(KEY_IS_NO_TEXT),
                    }
                    return Ok(());
                }
                self.put(node, line)
            }
            Event::SequenceStart(anchor, tag) => self.open(line, anchor, tag.as_deref(), Frame::List(Vec::new())),
            Event::MappingStart(anchor, tag) => self.open(line, anchor, tag.as_deref(), Frame::Table(Vec::new(), None)),
            Event::SequenceEnd | Event::MappingEnd => match self.frames.pop() {
                Some(Frame::List(items)) => self.put(Node::List(items), line),
                Some(Frame::Table(entries, _)) => {
                    refuse_duplicates(&entries)?;
                    self.put(Node::Table(entries), line)
                }
                None => Ok(()),
            },
        }
    }

    fn count(&mut self, line: usize, anchor: usize) -> Result<(), TextProblem> {
        self.nodes += 1;
        match (self.nodes > NODE_LIMIT, anchor) {
            (true, _) => Err(TextProblem { line, message: TOO_MANY }),
            (false, 0) => Ok(()),
            (false, _) => Err(TextProblem { line, message: ALIAS }),
        }
    }

    fn open(&mut self, line: usize, anchor: usize, tag: Option<&Tag>, frame: Frame) -> Result<(), TextProblem> {
        self.count(line, anchor)?;
        let problem = |message| Err(TextProblem { line, message });
        if tag.is_some() {
            return problem(UNKNOWN_TAG);
        }
        if let Some(Frame::Table(_, None)) = self.frames.last() {
            return problem(KEY_IS_NO_TEXT);
        }
        if self.frames.len() == DEPTH_LIMIT {
            return problem(TOO_DEEP);
        }
        self.frames.push(frame);
        Ok(())
    }

    fn put(&mut self, node: Node, line: usize) -> Result<(), TextProblem> {
        match self.frames.last_mut() {
            None => self.root = Some(node),
            Some(Frame::List(items)) => items.push(node),
            Some(Frame::Table(entries, key)) => {
                let Some((key, line)) = mem::take(key) else { return Err(TextProblem { line, message: KEY_IS_NO_TEXT }) };
                entries.push(Entry { key, line, node });
            }
        }
        Ok(())
    }
}

const UNKNOWN_TAG: &str = "a tag stands here that is not read";

/// A value as sops understands it: by its tag, or by its look when it has neither tag nor quotes.
fn scalar_of(line: usize, text: &str, is_plain: bool, tag: Option<&Tag>) -> Result<Node, TextProblem> {
    match tag {
        None if is_plain => scalar::of_plain(line, text),
        None => Ok(Node::Scalar(Scalar::text(line, text))),
        Some(tag) if !tag.is_yaml_core_schema() => Err(TextProblem { line, message: UNKNOWN_TAG }),
        Some(tag) => match tag.suffix.as_str() {
            "str" => Ok(Node::Scalar(Scalar::text(line, text))),
            // sops writes it before the key `<<`.
            "merge" => Ok(Node::Scalar(Scalar { line, kind: Kind::Other, bytes: text.as_bytes().to_vec() })),
            "binary" => {
                let digits: String = text.split_ascii_whitespace().collect();
                let bytes = STANDARD.decode(digits).map_err(|_| TextProblem { line, message: "this is not Base64" })?;
                Ok(Node::Scalar(Scalar { line, kind: Kind::Other, bytes }))
            }
            _ => Err(TextProblem { line, message: UNKNOWN_TAG }),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{ALIAS, DEPTH_LIMIT, Entry, Kind, Node, Scalar, TOO_DEEP, read};

    #[test]
    fn tables_and_lists_are_read_in_their_order() {
        let text = |line, text: &str| Node::Scalar(Scalar::text(line, text));
        let entry = |key: &str, line, node| Entry { key: key.to_owned(), line, node };
        let bytes = Node::Scalar(Scalar { line: 10, kind: Kind::Other, bytes: b"\x80\x82".to_vec() });
        let expected = vec![
            entry("b", 2, text(2, "x")),
            entry("a", 3, Node::Table(vec![entry("12", 4, Node::List(vec![text(5, "1"), Node::Null]))])),
            entry("m", 7, text(8, "1\n2\n")),
            entry("c", 10, bytes),
            entry("d", 11, Node::Table(vec![entry("<<", 12, Node::Table(vec![]))])),
        ];
        let yaml =
            "# c\nb: x # d\na:\n    \"12\":\n        - \"1\"\n        -\nm: |\n    1\n    2\nc: !!binary gII=\nd:\n    !!merge <<: {}\n";
        assert_eq!(read(yaml), Ok(expected));
        assert_eq!(read(""), Ok(vec![]));
    }

    #[test]
    fn what_is_wrong_is_told_by_its_line() {
        let check = |text: &str, line, message: &str| {
            let problem = read(text).map(|_| ()).expect_err("it is refused");
            assert_eq!((problem.line, problem.message.contains(message)), (line, true), "{problem:?}");
        };
        check("a: 1\na: 2\n", 2, "second time");
        check("a: &x 1\n", 1, ALIAS);
        check("a: 1\nb: *x\n", 2, ALIAS);
        check("a: 1\n---\nb: 2\n", 2, "second YAML document");
        check("a: 1\n12: b\n", 2, "key must be text");
        check("? [a]\n: b\n", 1, "key must be text");
        check("a: !!set {}\n", 1, "tag");
        check("a: !own x\n", 1, "tag");
        check("a:\n\tb: 2\n", 2, "tab");
        check("- a\n", 1, "no keys");
        check("a: \"x\n", 1, "");
        check("a\0b: 1", 1, "NUL");
        check(&format!("a: {}{}\n", "[".repeat(DEPTH_LIMIT), "]".repeat(DEPTH_LIMIT)), 1, TOO_DEEP);
        check(&"[".repeat(200_000), 1, "100,000");
        check(&format!("a: [{}]", "ENC[AES256_GCM,".repeat(30_000)), 1, "100,000");
    }
}
