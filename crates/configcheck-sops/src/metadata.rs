//! What sops writes about a file: who can decrypt it, which values are encrypted, and the checksum.

use crate::document::{Entry, Node};
use crate::rule::Rule;

/// How many stanzas of age are tried.
const STANZA_LIMIT: usize = 256;

/// What sops writes about a file.
pub(crate) struct Metadata {
    pub(crate) rule: Rule,
    pub(crate) mac: String,
    pub(crate) last_modified: String,
    pub(crate) is_mac_of_encrypted_only: bool,
    pub(crate) stanzas: Vec<Stanza>,
    /// The key services that can decrypt the file beside age, in sops' words for them.
    pub(crate) services: Vec<String>,
}

/// The key of the file, encrypted with age.
#[derive(Default)]
pub(crate) struct Stanza {
    pub(crate) recipient: String,
    pub(crate) encrypted: String,
}

/// Why what sops wrote about a file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum MetadataProblem {
    /// sops wrote nothing: the file is not encrypted.
    Missing,
    /// It is of a version that is not known.
    Version,
    /// Several groups of keys are needed together.
    KeyGroups,
    /// Something of it is not as sops writes it; a clause.
    Malformed(&'static str),
}

use MetadataProblem::Malformed;

impl Metadata {
    /// Takes what is sops' own out of the keys of a YAML, JSON or INI file, which is a table `sops`, or of a `.env` file.
    pub(crate) fn take(entries: &mut Vec<Entry>, is_dotenv: bool) -> Result<Self, MetadataProblem> {
        let mut parts = Parts::default();
        if is_dotenv {
            for entry in entries.extract_if(.., |entry| entry.key.starts_with("sops_")) {
                parts.add_flat(&entry.key["sops_".len()..], &entry.node)?;
            }
        } else if let Some(at) = entries.iter().position(|entry| entry.key == "sops") {
            match entries.remove(at).node {
                Node::Table(rows) => {
                    for row in rows {
                        if row.key.contains("__") { parts.add_flat(&row.key, &row.node)? } else { parts.add(&row.key, &row.node)? }
                    }
                }
                _ => return Err(Malformed("its `sops` is no table")),
            }
        }
        parts.finish()
    }
}

/// What has been read so far.
#[derive(Default)]
struct Parts {
    is_there: bool,
    version: Option<String>,
    mac: Option<String>,
    last_modified: Option<String>,
    is_mac_of_encrypted_only: bool,
    rules: Vec<(String, String)>,
    stanzas: Vec<Stanza>,
    services: Vec<String>,
    has_groups: bool,
}

impl Parts {
    fn add(&mut self, key: &str, node: &Node) -> Result<(), MetadataProblem> {
        self.is_there = true;
        let text = || node.as_text().map(str::to_owned);
        match key {
            "version" => self.version = text(),
            "mac" => self.mac = text(),
            // YAML without quotes takes it for a time; what is written in it is what counts.
            "lastmodified" => self.last_modified = scalar_text(node),
            "mac_only_encrypted" => self.is_mac_of_encrypted_only = matches!(scalar_text(node).as_deref(), Some("True" | "true")),
            "shamir_threshold" => {}
            "key_groups" => self.has_groups = !node.as_list().is_empty(),
            "age" => {
                for item in node.as_list() {
                    let field = |name: &str| {
                        let entry = item.as_table().iter().find(|entry| entry.key == name);
                        entry.and_then(|entry| entry.node.as_text()).unwrap_or_default().to_owned()
                    };
                    self.stanzas.push(Stanza { recipient: field("recipient"), encrypted: field("enc") });
                }
            }
            _ if key.ends_with("_suffix") || key.ends_with("_regex") => {
                let pattern = text().ok_or(Malformed("a rule of what is encrypted is no text"))?;
                if !pattern.is_empty() {
                    self.rules.push((key.to_owned(), pattern));
                }
            }
            _ if !node.as_list().is_empty() => self.services.push(key.to_owned()),
            _ => {}
        }
        Ok(())
    }

    /// The keys of files without nesting: `age__list_0__map_recipient`.
    fn add_flat(&mut self, key: &str, node: &Node) -> Result<(), MetadataProblem> {
        let Some((list, rest)) = key.split_once("__list_") else { return self.add(key, node) };
        self.is_there = true;
        let (number, field) = rest.split_once("__map_").unwrap_or((rest, ""));
        let number: usize = number.parse().map_err(|_| Malformed("a list of keys has an item without a number"))?;
        match list {
            "key_groups" => self.has_groups = true,
            "age" => {
                if number >= STANZA_LIMIT {
                    return Err(Malformed("it has more than 256 recipients"));
                }
                if self.stanzas.len() <= number {
                    self.stanzas.resize_with(number + 1, Stanza::default);
                }
                let text = node.as_text().unwrap_or_default().replace("\\n", "\n");
                match field {
                    "recipient" => self.stanzas[number].recipient = text,
                    "enc" => self.stanzas[number].encrypted = text,
                    _ => {}
                }
            }
            _ if !self.services.iter().any(|service| service == list) => self.services.push(list.to_owned()),
            _ => {}
        }
        Ok(())
    }

    fn finish(self) -> Result<Metadata, MetadataProblem> {
        if !self.is_there {
            return Err(MetadataProblem::Missing);
        }
        let major = self.version.as_deref().and_then(|version| version.split('.').next()).and_then(|major| major.parse::<u32>().ok());
        match major {
            Some(1..=3) => {}
            Some(_) => return Err(MetadataProblem::Version),
            None => return Err(Malformed("it does not say the version of sops")),
        }
        if self.has_groups {
            return Err(MetadataProblem::KeyGroups);
        }
        if self.stanzas.len() > STANZA_LIMIT {
            return Err(Malformed("it has more than 256 recipients"));
        }
        let rule = Rule::of(&self.rules, self.is_mac_of_encrypted_only).map_err(Malformed)?;
        Ok(Metadata {
            rule,
            mac: self.mac.filter(|mac| !mac.is_empty()).ok_or(Malformed("its checksum (`mac`) is missing"))?,
            last_modified: self.last_modified.ok_or(Malformed("it does not say when it was last modified"))?,
            is_mac_of_encrypted_only: self.is_mac_of_encrypted_only,
            stanzas: self.stanzas,
            services: self.services,
        })
    }
}

/// A value as text, whatever YAML takes it for.
fn scalar_text(node: &Node) -> Option<String> {
    match node {
        Node::Scalar(scalar) => String::from_utf8(scalar.bytes.clone()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Malformed, Metadata, MetadataProblem};
    use crate::formats::Format;

    fn take(format: Format, text: &str) -> Result<(Metadata, usize), MetadataProblem> {
        let mut entries = format.read(text).map_err(|problem| Malformed(problem.message))?;
        let metadata = Metadata::take(&mut entries, format == Format::Dotenv)?;
        Ok((metadata, entries.len()))
    }

    #[test]
    fn it_is_found_in_every_format() {
        let yaml = "a: 1\nsops:\n    kms: []\n    pgp:\n        - fp: x\n    age:\n        - recipient: age1x\n          enc: |\n            A\n            B\n    lastmodified: \"2026-01-02T03:04:05Z\"\n    mac: ENC[x]\n    version: 3.11.0\n";
        let ini = "[s]\na = 1\n[sops]\nage__list_0__map_recipient = age1x\nage__list_0__map_enc = A\\nB\\n\npgp__list_0__map_fp = x\nlastmodified = 2026-01-02T03:04:05Z\nmac = ENC[x]\nversion = 3.11.0\n";
        let dotenv = "a=1\nsops_age__list_0__map_enc=A\\nB\\n\nsops_age__list_0__map_recipient=age1x\nsops_pgp__list_0__map_fp=x\nsops_lastmodified=2026-01-02T03:04:05Z\nsops_mac=ENC[x]\nsops_version=3.11.0\n";
        for (format, text) in [(Format::Yaml, yaml), (Format::Ini, ini), (Format::Dotenv, dotenv)] {
            let (metadata, left) = take(format, text).unwrap_or_else(|problem| unreachable!("{format:?}: {problem:?}"));
            assert_eq!((metadata.mac.as_str(), metadata.last_modified.as_str(), left), ("ENC[x]", "2026-01-02T03:04:05Z", 1), "{format:?}");
            let stanzas: Vec<_> = metadata.stanzas.iter().map(|stanza| (stanza.recipient.as_str(), stanza.encrypted.as_str())).collect();
            assert_eq!(stanzas, [("age1x", "A\nB\n")], "{format:?}");
            assert_eq!(metadata.services, ["pgp"], "{format:?}");
        }
    }

    #[test]
    fn what_is_missing_or_not_known_is_told() {
        let check = |text: &str, expected: MetadataProblem| assert_eq!(take(Format::Yaml, text).map(|_| ()), Err(expected), "{text}");
        check("a: 1\n", MetadataProblem::Missing);
        check("a: 1\nsops: 2\n", Malformed("its `sops` is no table"));
        check("sops: {}\n", MetadataProblem::Missing);
        check("sops: {mac: x}\n", Malformed("it does not say the version of sops"));
        check("sops: {version: \"4.0.0\"}\n", MetadataProblem::Version);
        check("sops: {version: 3.9.0, key_groups: [{age: []}]}\n", MetadataProblem::KeyGroups);
        check("sops: {version: 3.9.0, lastmodified: x}\n", Malformed("its checksum (`mac`) is missing"));
        check("sops: {version: 3.9.0, lastmodified: x, mac: \"\"}\n", Malformed("its checksum (`mac`) is missing"));
        check("sops: {version: 3.9.0, mac: x}\n", Malformed("it does not say when it was last modified"));
        let flat = "[sops]\nage__list_999999999__map_enc = x\n";
        assert_eq!(take(Format::Ini, flat).map(|_| ()), Err(Malformed("it has more than 256 recipients")));
    }
}
