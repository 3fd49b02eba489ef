//! From the text of an encrypted file to its values. None is handed out before the checksum of all has been verified.

use std::collections::HashSet;
use std::mem;

use configcheck_age::{Identities, Locked};
use configcheck_core::Secret;
use configcheck_core::provider::Payload;
use sha2::{Digest as _, Sha512};

use crate::cipher::{self, DataKey, Tampered};
use crate::document::{Entry, Kind, Node, Scalar};
use crate::failure::{Failure, NoKey};
use crate::formats::Format;
use crate::metadata::Metadata;

/// What the checksum begins with where it covers the encrypted values only: the SHA-256 of `sops`. So neither kind passes for the other.
const ENCRYPTED_ONLY: [u8; 32] = [
    0x8a, 0x3f, 0xd2, 0xad, 0x54, 0xce, 0x66, 0x52, 0x7b, 0x10, 0x34, 0xf3, 0xd1, 0x47, 0xbe, 0x0b, 0x0b, 0x97, 0x5b, 0x3b, 0xf4, 0x4f,
    0x72, 0xc6, 0xfd, 0xad, 0xec, 0x81, 0x76, 0xf2, 0x7d, 0x69,
];

/// How many bytes SHA-512 takes at once.
const BLOCK: usize = 128;

/// The values of a file: by path, `database.password`, or one value where the whole of it is encrypted. It is a call of its own, so that what
/// it leaves on the stack can be overwritten.
#[inline(never)]
pub(crate) fn decrypt(format: Format, text: &str, identities: &Identities) -> Result<Payload, Failure> {
    let mut entries = format.read(text).map_err(Failure::Text)?;
    let metadata = Metadata::take(&mut entries, format == Format::Dotenv).map_err(Failure::Metadata)?;
    let key = data_key(&metadata, identities)?;
    let mut hash = Sha512::new();
    if metadata.is_mac_of_encrypted_only {
        hash.update(ENCRYPTED_ONLY);
    }
    let mut walk = Walk { metadata: &metadata, key: &key, hash, leaves: Vec::new() };
    walk.table(&entries, &mut Place::default())?;
    let expected = key.decrypt(&metadata.mac, &metadata.last_modified).map_err(|Tampered| Failure::Checksum)?;
    let found: String = walk.hash.finalize_reset().iter().map(|byte| format!("{byte:02X}")).collect();
    if expected.bytes.as_slice() != found.as_bytes() {
        return Err(Failure::Checksum);
    }
    payload(format, mem::take(&mut walk.leaves))
}

/// The key of the file, from the first stanza that an identity fits.
fn data_key(metadata: &Metadata, identities: &Identities) -> Result<DataKey, Failure> {
    if metadata.stanzas.is_empty() {
        return Err(Failure::NoAge { services: metadata.services.clone() });
    }
    let mut is_damaged = false;
    for stanza in &metadata.stanzas {
        match identities.decrypt(stanza.encrypted.as_bytes()) {
            Ok(bytes) => return DataKey::new(&bytes).ok_or(Failure::DamagedKey),
            Err(Locked::Damaged) => is_damaged = true,
            Err(Locked::NoMatch) => {}
        }
    }
    if is_damaged {
        return Err(Failure::DamagedKey);
    }
    let recipients = metadata.stanzas.iter().map(|stanza| stanza.recipient.clone()).collect();
    Err(Failure::NoKey(NoKey { recipients, fault: identities.fault(), has_identities: !identities.is_empty() }))
}

/// Where the walk stands.
#[derive(Default)]
struct Place<'a> {
    /// The keys on the way; items of a list have none.
    keys: Vec<&'a str>,
    /// The keys, and the numbers of items of lists.
    steps: Vec<String>,
}

/// A decrypted value and its path.
struct Leaf {
    path: String,
    line: usize,
    value: Secret<Vec<u8>>,
}

/// A walk over all values in their order.
struct Walk<'m> {
    metadata: &'m Metadata,
    key: &'m DataKey,
    hash: Sha512,
    leaves: Vec<Leaf>,
}

impl Drop for Walk<'_> {
    /// The hash keeps the end of what it was given until it is given something else.
    fn drop(&mut self) {
        self.hash.reset();
        self.hash.update([0; BLOCK - 1]);
    }
}

impl Walk<'_> {
    fn table<'a>(&mut self, entries: &'a [Entry], place: &mut Place<'a>) -> Result<(), Failure> {
        for entry in entries {
            place.keys.push(&entry.key);
            place.steps.push(entry.key.clone());
            self.node(&entry.node, place)?;
            place.keys.pop();
            place.steps.pop();
        }
        Ok(())
    }

    fn node<'a>(&mut self, node: &'a Node, place: &mut Place<'a>) -> Result<(), Failure> {
        match node {
            Node::Null => Ok(()),
            Node::Scalar(scalar) => self.scalar(scalar, place),
            Node::Table(entries) => self.table(entries, place),
            Node::List(items) => {
                for (number, item) in items.iter().enumerate() {
                    place.steps.push(number.to_string());
                    self.node(item, place)?;
                    place.steps.pop();
                }
                Ok(())
            }
        }
    }

    fn scalar(&mut self, scalar: &Scalar, place: &Place<'_>) -> Result<(), Failure> {
        let line = scalar.line;
        let text = scalar.as_text();
        let is_encrypted = self.metadata.rule.is_encrypted(&place.keys, text.is_some_and(cipher::is_encrypted));
        let (is_bool, bytes) = match (is_encrypted, text) {
            // sops leaves empty text as it is, wherever it stands.
            (true, Some("")) => (false, Vec::new()),
            (true, Some(text)) if cipher::is_encrypted(text) => {
                let place = place.keys.iter().fold(String::new(), |place, key| place + key + ":");
                let mut decrypted = self.key.decrypt(text, &place).map_err(|Tampered| Failure::Tampered { line })?;
                (decrypted.is_bool, mem::take(&mut *decrypted.bytes))
            }
            (true, _) => return Err(Failure::InClear { line }),
            (false, _) => (scalar.kind == Kind::Bool, scalar.bytes.clone()),
        };
        if is_encrypted || !self.metadata.is_mac_of_encrypted_only {
            self.hash.update(&bytes);
        }
        let value = Secret::new(if is_bool { bytes.to_ascii_lowercase() } else { bytes });
        self.leaves.push(Leaf { path: place.steps.join("."), line, value });
        Ok(())
    }
}

fn payload(format: Format, mut leaves: Vec<Leaf>) -> Result<Payload, Failure> {
    if let (Format::Binary, [leaf]) = (format, &leaves[..])
        && leaf.path == "data"
        && let Some(leaf) = leaves.pop()
    {
        return Ok(Payload::Value(leaf.value));
    }
    if format == Format::Dotenv {
        // Of a name that stands twice the later counts, as in any `.env` file; and a shell's `export` is no part of it.
        let mut rows: Vec<(String, Secret<Vec<u8>>)> = Vec::new();
        let mut seen = HashSet::new();
        for Leaf { path, value, .. } in leaves.into_iter().rev() {
            let name = path.strip_prefix("export ").unwrap_or(&path).trim().to_owned();
            if seen.insert(name.clone()) {
                rows.push((name, value));
            }
        }
        rows.reverse();
        return Ok(Payload::Map(rows));
    }
    let mut seen = HashSet::with_capacity(leaves.len());
    if let Some(leaf) = leaves.iter().find(|leaf| !seen.insert(leaf.path.as_str())) {
        return Err(Failure::Ambiguous { line: leaf.line });
    }
    Ok(Payload::Map(leaves.into_iter().map(|leaf| (leaf.path, leaf.value)).collect()))
}
