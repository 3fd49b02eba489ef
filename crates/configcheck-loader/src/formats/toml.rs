//! Reads TOML from the events of `toml_parser`. Numbers become plain digits: underscores go, and other bases become decimal.
//!
//! Only the events come from the parser: how tables are put together, which keys stand twice and what an error says is decided here.

use std::cell::Cell;
use std::collections::HashMap;
use std::mem;

use configcheck_core::origin::Span;
use configcheck_core::value::RawText;
use toml_parser::decoder::Encoding;
use toml_parser::parser::{EventReceiver, ValidateWhitespace, parse_document};
use toml_parser::{ErrorSink, ParseError, Raw};
use zeroize::Zeroizing;

use super::node::{DEPTH_LIMIT, DUPLICATE_KEY, FormatError, NODE_LIMIT, Node, NodeKind, Source, TOO_DEEP, TOO_MANY};

mod date;
mod message;
mod number;

/// How many words, numbers and signs a file may hold. The parser wants them all at once, and one takes many times the memory of its text; as many
/// values as there may be, one on a line, have fewer.
const TOKEN_LIMIT: usize = 750_000;

const TOO_MANY_TOKENS: &str = "the file holds more than 750,000 words, numbers and signs";

pub(super) fn read(source: &mut Source<'_>) -> Result<Node, FormatError> {
    let text = toml_parser::Source::new(source.text());
    let mut tokens = Vec::new();
    for token in text.lex() {
        if tokens.len() == TOKEN_LIMIT {
            return Err(source.error(token.span().start(), TOO_MANY_TOKENS));
        }
        tokens.push(token);
    }
    let root = Table::new(source.span(0, source.text().len()), Made::Header);
    let first = Cell::new(None);
    let mut builder = Builder {
        source,
        root,
        section: Vec::new(),
        header: None,
        path: Vec::new(),
        frames: Vec::new(),
        depth: 0,
        nodes: 0,
        first: &first,
    };
    let mut told = |error: ParseError| {
        if first.get().is_none() {
            first.set(Some(message::of(&error)));
        }
    };
    parse_document(&tokens, &mut ValidateWhitespace::new(&mut builder, text), &mut told);
    match first.get() {
        Some((at, message)) => Err(builder.source.error(at, message)),
        None => Ok(builder.root.into_node()),
    }
}

/// A table that is still open.
struct Table {
    span: Span,
    made: Made,
    rows: Vec<(String, Span, Part)>,
    index: HashMap<String, usize>,
}

/// How a table came to be, which decides how it may grow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// By its own header; the root and inline tables too.
    Header,
    /// By the header of a table inside it.
    Implied,
    /// By a dotted key.
    Dotted,
}

/// What a key of an open table holds.
enum Part {
    /// A value that nothing can be added to.
    Closed(Node),
    Table(Table),
    /// `[[name]]`: the span of the first header, and one table for each.
    Tables(Span, Vec<Table>),
}

impl Table {
    fn new(span: Span, made: Made) -> Self {
        Self { span, made, rows: Vec::new(), index: HashMap::new() }
    }

    fn insert(&mut self, key: String, span: Span, part: Part) -> usize {
        let row = self.rows.len();
        self.index.insert(key.clone(), row);
        self.rows.push((key, span, part));
        row
    }

    /// Closes it. Tables stand in each other no deeper than the limit, twice for those of `[[name]]`.
    fn into_node(self) -> Node {
        let rows = self.rows.into_iter().map(|(key, span, part)| (key, span, part.into_node())).collect();
        Node { span: self.span, kind: NodeKind::Table(rows) }
    }

    /// The table that a dotted key or a header leads into, made where it is not there.
    fn step(&mut self, (key, span): (String, Span), made: Made) -> Option<(usize, &mut Self)> {
        let row = match self.index.get(&key) {
            Some(row) => *row,
            None => self.insert(key, span, Part::Table(Self::new(span, made))),
        };
        let table = match &mut self.rows[row].2 {
            Part::Closed(_) => return None,
            Part::Table(table) if made == Made::Dotted && table.made == Made::Header => return None,
            Part::Tables(..) if made == Made::Dotted => return None,
            Part::Table(table) => {
                // A dotted key defines the tables on its way, so that no header may define them again.
                if made == Made::Dotted {
                    table.made = made;
                }
                table
            }
            Part::Tables(_, tables) => tables.last_mut()?,
        };
        Some((row, table))
    }
}

impl Part {
    fn into_node(self) -> Node {
        match self {
            Self::Closed(node) => node,
            Self::Table(table) => table.into_node(),
            Self::Tables(span, tables) => Node { span, kind: NodeKind::List(tables.into_iter().map(Table::into_node).collect()) },
        }
    }
}

/// A list or inline table that is still open.
struct Frame {
    kind: FrameKind,
    /// The key under which it will stand in the table around it; empty in a list.
    path: Path,
    /// The depth outside of it.
    depth: usize,
}

enum FrameKind {
    List(Span, Vec<Node>),
    Inline(Table),
}

type Path = Vec<(String, Span)>;

struct Builder<'s, 'a> {
    source: &'s mut Source<'a>,
    root: Table,
    /// The rows that lead from the root to the table of the last header.
    section: Vec<usize>,
    /// The header that is being read: its place, and whether it has two brackets.
    header: Option<(Span, bool)>,
    /// The keys read so far of a dotted key.
    path: Path,
    frames: Vec<Frame>,
    /// How deep the open table or list stands.
    depth: usize,
    nodes: usize,
    /// The first error, the parser's or ours, and where it is. What is read behind it does not count.
    first: &'s Cell<Option<(usize, &'static str)>>,
}

impl Builder<'_, '_> {
    fn fail(&self, at: usize, message: &'static str) {
        if self.first.get().is_none() {
            self.first.set(Some((at, message)));
        }
    }

    fn fail_at(&mut self, span: Span, message: &'static str) {
        // A span counts the byte order mark, which the offsets of errors do not.
        let mark = self.source.span(0, 0).start;
        let at = usize::try_from(span.start - mark).unwrap_or(0);
        self.fail(at, message);
    }

    /// Counts a value, and says whether one more may be read.
    fn count(&mut self, at: usize) -> bool {
        self.nodes += 1;
        if self.nodes > NODE_LIMIT {
            self.fail(at, TOO_MANY);
        }
        self.first.get().is_none()
    }

    /// The table that keys are added to.
    fn open_table(&mut self) -> Option<&mut Table> {
        match self.frames.last_mut() {
            Some(Frame { kind: FrameKind::Inline(table), .. }) => Some(table),
            Some(Frame { kind: FrameKind::List(..), .. }) => None,
            None => self.section.iter().try_fold(&mut self.root, |table, row| match &mut table.rows[*row].2 {
                Part::Table(table) => Some(table),
                Part::Tables(_, tables) => tables.last_mut(),
                Part::Closed(_) => None,
            }),
        }
    }

    /// Puts a value where it belongs: into the list around it, or under its key.
    fn put(&mut self, path: Path, node: Node) {
        if let Some(Frame { kind: FrameKind::List(_, items), .. }) = self.frames.last_mut() {
            items.push(node);
            return;
        }
        let mut path = path.into_iter();
        let (Some((key, span)), Some(mut table)) = (path.next_back(), self.open_table()) else { return };
        for step in path {
            let place = step.1;
            match table.step(step, Made::Dotted) {
                Some((_, inner)) => table = inner,
                None => return self.fail_at(place, DUPLICATE_KEY),
            }
        }
        if table.index.contains_key(&key) {
            self.fail_at(span, DUPLICATE_KEY);
        } else {
            table.insert(key, span, Part::Closed(node));
        }
    }

    fn open_header(&mut self, span: toml_parser::Span, is_list: bool) {
        self.header = Some((self.source.span(span.start(), span.end()), is_list));
        self.path.clear();
        self.depth = 0;
    }

    /// Opens the table of a header.
    fn open_section(&mut self, header: Span, is_list: bool) {
        self.section.clear();
        let mut path = mem::take(&mut self.path).into_iter();
        self.depth = path.len();
        let Some((key, span)) = path.next_back() else { return };
        let mut table = &mut self.root;
        for step in path {
            let place = step.1;
            match table.step(step, Made::Implied) {
                Some((row, inner)) => {
                    self.section.push(row);
                    table = inner;
                }
                None => return self.fail_at(place, DUPLICATE_KEY),
            }
        }
        let new = Table::new(header, Made::Header);
        let row = match table.index.get(&key) {
            None if is_list => table.insert(key, span, Part::Tables(header, vec![new])),
            None => table.insert(key, span, Part::Table(new)),
            Some(row) => {
                let row = *row;
                match &mut table.rows[row].2 {
                    Part::Tables(_, tables) if is_list => tables.push(new),
                    Part::Table(implied) if !is_list && implied.made == Made::Implied => {
                        implied.made = Made::Header;
                        implied.span = header;
                    }
                    _ => return self.fail_at(span, DUPLICATE_KEY),
                }
                row
            }
        };
        self.section.push(row);
    }

    /// Opens a list or an inline table; `false` when nothing in it needs to be read.
    fn open(&mut self, at: usize, kind: impl FnOnce(Span) -> FrameKind) -> bool {
        let path = mem::take(&mut self.path);
        let depth = self.depth;
        self.depth += path.len().max(1);
        if self.depth > DEPTH_LIMIT {
            self.fail(at, TOO_DEEP);
        }
        let span = self.source.span(at, at);
        self.frames.push(Frame { kind: kind(span), path, depth });
        self.count(at)
    }

    fn close(&mut self, end: usize) {
        let Some(frame) = self.frames.pop() else { return };
        self.depth = frame.depth;
        if self.first.get().is_some() {
            return;
        }
        let mut node = match frame.kind {
            FrameKind::List(span, items) => Node { span, kind: NodeKind::List(items) },
            FrameKind::Inline(table) => table.into_node(),
        };
        node.span = self.source.until(node.span, end);
        self.put(frame.path, node);
    }

    fn raw(&self, span: toml_parser::Span, encoding: Option<Encoding>) -> Raw<'_> {
        let text = self.source.text().get(span.start()..span.end()).unwrap_or_default();
        Raw::new_unchecked(text, encoding, span)
    }
}

impl EventReceiver for Builder<'_, '_> {
    fn std_table_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.open_header(span, false);
    }

    fn array_table_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.open_header(span, true);
    }

    fn std_table_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        let Some((header, is_list)) = self.header.take() else { return };
        if self.count(span.start()) {
            self.open_section(self.source.until(header, span.end()), is_list);
        }
    }

    fn array_table_close(&mut self, span: toml_parser::Span, error: &mut dyn ErrorSink) {
        self.std_table_close(span, error);
    }

    fn inline_table_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.open(span.start(), |span| FrameKind::Inline(Table::new(span, Made::Header)))
    }

    fn inline_table_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close(span.end());
    }

    fn array_open(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) -> bool {
        self.open(span.start(), |span| FrameKind::List(span, Vec::new()))
    }

    fn array_close(&mut self, span: toml_parser::Span, _: &mut dyn ErrorSink) {
        self.close(span.end());
    }

    fn simple_key(&mut self, span: toml_parser::Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        if !self.count(span.start()) {
            return;
        }
        if encoding.is_none() && span.is_empty() {
            return self.fail(span.start(), "a key is missing here");
        }
        if self.depth + self.path.len() >= DEPTH_LIMIT {
            return self.fail(span.start(), TOO_DEEP);
        }
        let mut key = String::new();
        self.raw(span, encoding).decode_key(&mut key, error);
        let place = self.source.span(span.start(), span.end());
        self.path.push((key, place));
    }

    fn scalar(&mut self, span: toml_parser::Span, encoding: Option<Encoding>, error: &mut dyn ErrorSink) {
        let path = mem::take(&mut self.path);
        if !self.count(span.start()) {
            return;
        }
        if span.is_empty() {
            return self.fail(span.start(), "a value is missing here");
        }
        // With room for all of the token the text is never moved while it is decoded.
        let mut text = Zeroizing::new(String::with_capacity(span.len()));
        let kind = self.raw(span, encoding).decode_scalar(&mut *text, error);
        match number::make_plain(kind, &mut text) {
            Ok(()) => {
                let text = RawText::new(mem::take(&mut *text)).wiped_on_drop();
                let span = self.source.span(span.start(), span.end());
                self.put(path, Node { span, kind: NodeKind::Scalar(text) });
            }
            Err(message) => self.fail(span.start(), message),
        }
    }

    fn newline(&mut self, _: toml_parser::Span, _: &mut dyn ErrorSink) {
        if self.frames.is_empty() {
            self.path.clear();
        }
    }
}
