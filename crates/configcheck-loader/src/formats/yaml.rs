//! Reads YAML from the events of `saphyr-parser`. A plain scalar is the text that is written: `no`, `0123` and `1e5` mean themselves.
//!
//! Anchors and aliases, tags other than `!!str`, several documents and keys that are no text are refused.

use std::mem;

use configcheck_core::origin::Span;
use configcheck_core::value::RawText;
use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use super::node::{DEPTH_LIMIT, DUPLICATE_KEY, FormatError, NODE_LIMIT, Node, NodeKind, Source, TOO_DEEP, TOO_MANY, duplicate};

const ALIAS: &str = "anchors and aliases are not read";

pub(super) fn read(source: &mut Source<'_>) -> Result<Node, FormatError> {
    let text = source.text();
    // The parser would take a NUL for the end of the file and pass over the rest.
    if let Some(at) = text.find('\0') {
        return Err(source.error(at, "a NUL character cannot stand in YAML"));
    }
    // The parser looks ahead to the end of a collection in brackets before it tells anything of it, and takes much memory to do so.
    let is_structure = |(_, byte): &(usize, u8)| matches!(byte, b',' | b':' | b'[' | b'{');
    if let Some((at, _)) = text.bytes().enumerate().filter(is_structure).nth(NODE_LIMIT) {
        return Err(source.error(at, "the file holds more than 100,000 commas, colons and brackets"));
    }
    let mut builder = Builder { offsets: Offsets::of(text), source, frames: Vec::new(), root: None, documents: 0, nodes: 0 };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => builder.take(event, span)?,
            Err(error) => {
                let at = builder.offsets.at(*error.marker());
                return Err(builder.source.error(at, message_of(error.info())));
            }
        }
    }
    match builder.root.take() {
        Some(Node { kind: NodeKind::Null, .. }) | None => Ok(builder.source.empty_table()),
        Some(root) => Ok(root),
    }
}

/// What is said for an error of the parser. Of its own text, which may quote the file, nothing is kept.
fn message_of(info: &str) -> &'static str {
    let has = |part: &str| info.contains(part);
    if has("anchor") {
        ALIAS
    } else if has("tab") {
        "a tab cannot stand here; YAML is indented with spaces"
    } else if has("escape") || has("hexadecimal") {
        "YAML has no such escape; single quotes take text as it is"
    } else if has("trailing content") {
        "something stands behind the closing quote"
    } else if has("quoted scalar") {
        "a quote is never closed, or the text in it is not indented"
    } else if has("mapping values are not allowed") {
        "a colon stands where no key can be; text with a colon must stand in quotes"
    } else if has("indentation") || has("indented") {
        "this line is not indented as its neighbours are"
    } else if has("flow sequence") || has("flow mapping") {
        "a comma or the closing bracket is missing here"
    } else if has("simple key") || has("expected key") {
        "a colon is missing behind a key"
    } else if has("recursion limit") {
        TOO_DEEP
    } else {
        "this is not YAML; text with special characters must stand in quotes"
    }
}

/// Turns the parser's places, which count characters, into bytes.
struct Offsets {
    /// Where each character starts; empty for a text of ASCII alone.
    starts: Vec<usize>,
    length: usize,
}

impl Offsets {
    fn of(text: &str) -> Self {
        let starts = if text.is_ascii() { Vec::new() } else { text.char_indices().map(|(at, _)| at).collect() };
        Self { starts, length: text.len() }
    }

    fn at(&self, marker: Marker) -> usize {
        if self.starts.is_empty() {
            return marker.index().min(self.length);
        }
        self.starts.get(marker.index()).copied().unwrap_or(self.length)
    }
}

enum Frame {
    List(Span, Vec<Node>),
    Table(Span, Vec<(String, Span, Node)>, Option<(String, Span)>),
}

struct Builder<'s, 'a> {
    source: &'s mut Source<'a>,
    offsets: Offsets,
    frames: Vec<Frame>,
    root: Option<Node>,
    documents: usize,
    nodes: usize,
}

impl Builder<'_, '_> {
    fn take(&mut self, event: Event<'_>, span: saphyr_parser::Span) -> Result<(), FormatError> {
        let (start, end) = (self.offsets.at(span.start), self.offsets.at(span.end));
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.documents += 1;
                if self.documents > 1 {
                    return Err(self.source.error(start, "a config file is one document; a second one starts here"));
                }
                Ok(())
            }
            Event::Alias(_) => Err(self.source.error(start, ALIAS)),
            Event::Scalar(text, style, anchor, tag) => {
                let text = RawText::new(text.into_owned()).wiped_on_drop();
                let is_text = self.check(start, anchor, tag.as_deref(), true)?;
                self.scalar(start, end, text, style == ScalarStyle::Plain && !is_text)
            }
            Event::SequenceStart(anchor, tag) => {
                self.check(start, anchor, tag.as_deref(), false)?;
                self.open(start, |span| Frame::List(span, Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.check(start, anchor, tag.as_deref(), false)?;
                self.open(start, |span| Frame::Table(span, Vec::new(), None))
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(end),
        }
    }

    /// Counts a value and refuses what is not read; `true` when a tag says that the value is text.
    fn check(&mut self, start: usize, anchor: usize, tag: Option<&Tag>, is_scalar: bool) -> Result<bool, FormatError> {
        self.nodes += 1;
        if self.nodes > NODE_LIMIT {
            return Err(self.source.error(start, TOO_MANY));
        }
        if anchor != 0 {
            return Err(self.source.error(start, ALIAS));
        }
        match tag {
            None => Ok(false),
            Some(tag) if is_scalar && tag.is_yaml_core_schema() && tag.suffix == "str" => Ok(true),
            Some(_) => Err(self.source.error(start, "tags are not read, except `!!str`")),
        }
    }

    fn scalar(&mut self, start: usize, end: usize, text: RawText, is_plain: bool) -> Result<(), FormatError> {
        let span = self.source.span(start, end);
        if let Some(Frame::Table(_, _, key @ None)) = self.frames.last_mut() {
            // What stands for nothing as a value is, as a key, its own text; a key that is not there at all has no place.
            if start == end && is_plain {
                return Err(self.source.error(start, "a key is missing here"));
            }
            *key = Some((text.text().unwrap_or_default().to_owned(), span));
            return Ok(());
        }
        let is_null = is_plain && matches!(text.bytes(), b"" | b"~" | b"null" | b"Null" | b"NULL");
        let kind = if is_null { NodeKind::Null } else { NodeKind::Scalar(text) };
        self.put(Node { span, kind })
    }

    fn open(&mut self, start: usize, frame: impl FnOnce(Span) -> Frame) -> Result<(), FormatError> {
        if let Some(Frame::Table(_, _, None)) = self.frames.last() {
            return Err(self.source.error(start, "a key must be text"));
        }
        if self.frames.len() == DEPTH_LIMIT {
            return Err(self.source.error(start, TOO_DEEP));
        }
        let span = self.source.span(start, start);
        self.frames.push(frame(span));
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), FormatError> {
        let node = match self.frames.pop() {
            Some(Frame::List(span, items)) => Node { span: self.source.until(span, end), kind: NodeKind::List(items) },
            Some(Frame::Table(span, rows, _)) => {
                if let Some(span) = duplicate(&rows) {
                    return Err(FormatError { line: span.line, column: span.column, message: DUPLICATE_KEY });
                }
                Node { span: self.source.until(span, end), kind: NodeKind::Table(rows) }
            }
            None => return Ok(()),
        };
        self.put(node)
    }

    fn put(&mut self, node: Node) -> Result<(), FormatError> {
        match self.frames.last_mut() {
            None => self.root = Some(node),
            Some(Frame::List(_, items)) => items.push(node),
            Some(Frame::Table(_, rows, key)) => {
                let Some((key, span)) = mem::take(key) else {
                    return Err(FormatError { line: node.span.line, column: node.span.column, message: "a key must be text" });
                };
                rows.push((key, span, node));
            }
        }
        Ok(())
    }
}
