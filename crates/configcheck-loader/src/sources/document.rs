//! Config files and figment providers: a tree of values, whose paths are those of the fields.

use std::collections::BTreeSet;
use std::path::Path;

use configcheck_core::display::mask_userinfo;
use configcheck_core::origin::{Layer, Origin, SourceId, SourceKind, Span};
use configcheck_core::snapshot::{SetAs, SourceProblem, UnknownKey};
use configcheck_core::value::RawValue;
use configcheck_core::{Schema, Snapshot};
use configcheck_files::{self as files, Refusal};

use super::unknown;
use crate::collect::{note_access, put, shown_path};
use crate::formats::{self, Format, Node, NodeKind};
use crate::loader::{DocumentSource, Loader};

/// The largest config file, in bytes.
const LARGEST: u64 = 16 << 20;

/// Reads every config file and provider, in the order in which they were added.
pub(crate) fn read_all(loader: &Loader, schema: &Schema, snapshot: &mut Snapshot) {
    for document in &loader.documents {
        match document {
            DocumentSource::File { path, optional } => read_file(schema, snapshot, path, *optional),
            #[cfg(feature = "figment")]
            DocumentSource::Provider(provider) => read_provider(schema, snapshot, provider.as_ref()),
        }
    }
}

fn read_file(schema: &Schema, snapshot: &mut Snapshot, path: &Path, optional: bool) {
    let path = match (path.to_str(), &snapshot.environment) {
        (Some(text), Some(environment)) if text.contains("{environment}") => text.replace("{environment}", environment.name()).into(),
        _ => path.to_owned(),
    };
    let contents = match files::read(&path, LARGEST) {
        Ok(contents) => contents,
        Err(Refusal::NotFound) if optional => {
            snapshot.add_source(SourceKind::File, shown_path(&path), Layer::File, false);
            return;
        }
        Err(refusal) => {
            let source = snapshot.add_source(SourceKind::File, shown_path(&path), Layer::File, false);
            let (message, help) = (format!("the config file cannot be read: {refusal}"), refusal.help().to_owned());
            snapshot.problems.push(SourceProblem {
                origin: Origin::of(source),
                message,
                help,
                key: None,
                set_as: SetAs::Name,
                goes_on: false,
            });
            return;
        }
    };
    let source = snapshot.add_source(SourceKind::File, shown_path(&path), Layer::File, true);
    note_access(snapshot, source, contents.access);
    let problem = |origin, message: &str, help: &str| SourceProblem {
        origin,
        message: message.into(),
        help: help.into(),
        key: None,
        set_as: SetAs::Name,
        goes_on: false,
    };
    let Some(format) = Format::of_path(&path) else {
        let help = "name the file *.toml, *.yaml, *.yml or *.json";
        snapshot.problems.push(problem(Origin::of(source), "the format of the config file is not known", help));
        return;
    };
    if !format.is_available() {
        let help = format!("add the feature `{}` to the dependency on configcheck", format.name());
        snapshot.problems.push(problem(Origin::of(source), "this build does not read the format of the config file", &help));
        return;
    }
    match formats::parse(format, &contents.bytes) {
        Ok(root) => Tree { schema, snapshot, source, text: Some(&contents.bytes), hidden: BTreeSet::new() }.take_root(root),
        Err(error) => {
            // The line alone: a column behind a secret would tell how long it is.
            let span = Some(Span { line: error.line, column: 0, start: 0, end: 0 });
            let help = "correct the file; nothing of it was used";
            snapshot.problems.push(problem(Origin { source, span }, error.message, help));
        }
    }
}

#[cfg(feature = "figment")]
fn read_provider(schema: &Schema, snapshot: &mut Snapshot, provider: &dyn figment::Provider) {
    let source = snapshot.add_source(SourceKind::Provider, super::figment::name_of(provider), Layer::File, true);
    match super::figment::node_of(provider, snapshot.environment.as_ref().map(configcheck_core::Environment::name)) {
        Ok(root) => Tree { schema, snapshot, source, text: None, hidden: BTreeSet::new() }.take_root(root),
        Err(error) => snapshot.problems.push(SourceProblem {
            origin: Origin::of(source),
            message: error.message.to_owned(),
            help: error.help.to_owned(),
            key: None,
            set_as: SetAs::Name,
            goes_on: false,
        }),
    }
}

/// The walk over a document's tree.
struct Tree<'a> {
    schema: &'a Schema,
    snapshot: &'a mut Snapshot,
    source: SourceId,
    /// The file; `None` for a source without places.
    text: Option<&'a [u8]>,
    /// Where values and keys end of which not even the length may be told.
    hidden: BTreeSet<u32>,
}

impl Tree<'_> {
    fn take_root(&mut self, root: Node) {
        match root.kind {
            NodeKind::Table(rows) => rows.into_iter().for_each(|(name, span, node)| self.take("", &name, span, node)),
            NodeKind::Null => {}
            NodeKind::Scalar(_) | NodeKind::List(_) => self.snapshot.problems.push(SourceProblem {
                origin: self.origin(root.span),
                message: "the config file is not a table of keys".to_owned(),
                help: "write one key with its value on each line".to_owned(),
                key: None,
                set_as: SetAs::Name,
                goes_on: false,
            }),
        }
    }

    fn take(&mut self, parent: &str, name: &str, name_span: Span, node: Node) {
        let path = if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") };
        let origin = self.origin(node.span);
        // A key may be written as the path of its field or, at the top, as its variable.
        let by_variable = || (parent.is_empty()).then(|| self.schema.key_named(name.as_bytes())).flatten();
        let key = self.schema.key_at(&path).map(|key| (key, SetAs::Path));
        let key = key.or_else(|| by_variable().map(|named| (named.key, SetAs::of(named))));
        if let Some((key, set_as)) = key {
            if self.schema.keys()[key].spec.is_secret() || holds_password(&node) {
                self.hidden.insert(node.span.end);
            }
            // A value of null is no value: a lower layer or the default decides.
            if let Some(value) = value_of(node) {
                put(self.schema, self.snapshot, key, value, origin, Layer::File, set_as);
            }
            return;
        }
        if self.schema.is_table(&path) {
            match node.kind {
                NodeKind::Table(rows) => rows.into_iter().for_each(|(name, span, node)| self.take(&path, &name, span, node)),
                NodeKind::Null => {}
                NodeKind::Scalar(_) | NodeKind::List(_) => self.snapshot.problems.push(SourceProblem {
                    origin,
                    message: format!("{path} is not a table"),
                    help: "write its keys below it, one on each line".to_owned(),
                    key: None,
                    set_as: SetAs::Name,
                    goes_on: false,
                }),
            }
            return;
        }
        let origin = self.origin(name_span);
        self.hidden.extend([name_span.end, node.span.end]);
        self.snapshot.unknown.push(UnknownKey { name: unknown::path(self.schema, &path, self.snapshot.unknown.len()), origin });
    }

    fn origin(&self, span: Span) -> Origin {
        let span = self.text.map(|text| Span { column: if self.tells_length(text, span) { 0 } else { span.column }, ..span });
        Origin { source: self.source, span }
    }

    /// Whether a column would tell how long something hidden before it on its line is.
    fn tells_length(&self, text: &[u8], span: Span) -> bool {
        // The nearest one before decides: what stands between others and the place stands on more lines.
        let nearest = self.hidden.range(..=span.start).next_back();
        nearest.is_some_and(|end| text.get(*end as usize..span.start as usize).is_some_and(|between| !between.contains(&b'\n')))
    }
}

/// Whether a password in a URL is somewhere in a value.
fn holds_password(node: &Node) -> bool {
    match &node.kind {
        NodeKind::Null => false,
        NodeKind::Scalar(text) => text.text().is_none_or(|text| mask_userinfo(text) != text),
        NodeKind::List(items) => items.iter().any(holds_password),
        NodeKind::Table(rows) => rows.iter().any(|(_, _, node)| holds_password(node)),
    }
}

fn value_of(node: Node) -> Option<RawValue> {
    match node.kind {
        NodeKind::Null => None,
        NodeKind::Scalar(text) => Some(RawValue::Text(text)),
        NodeKind::List(items) => Some(RawValue::List(items.into_iter().filter_map(value_of).collect())),
        NodeKind::Table(rows) => {
            Some(RawValue::Table(rows.into_iter().filter_map(|(name, _, node)| Some((name, value_of(node)?))).collect()))
        }
    }
}
