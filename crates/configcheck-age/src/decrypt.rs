//! From the bytes of a file to its decrypted text. Every size is bounded before anything is read.

use std::borrow::Cow;
use std::io::Read;

use age::armor::ArmoredReader;
use age::{DecryptError, Decryptor};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::identity::Identities;

/// The largest decrypted text, in bytes: 1 MiB.
pub(crate) const PLAINTEXT_LIMIT: u64 = 1 << 20;

/// The largest header: it is read anew with each of its lines, so that one of a megabyte would take hours. A recipient takes two lines
/// and a hundred bytes.
const HEADER_LIMIT: usize = 32 << 10;
const HEADER_LINES: usize = 512;

const MAGIC: &[u8] = b"age-encryption.org/";
const ARMOUR: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
const HEADER_END: &[u8] = b"\n---";

/// A file that has the form of an age file.
pub(crate) struct EncryptedFile<'a> {
    bytes: Cow<'a, [u8]>,
}

impl<'a> EncryptedFile<'a> {
    /// Takes the armour off, and sees that a header of a sound size is there.
    pub(crate) fn read(file: &'a [u8]) -> Result<Self, Failure> {
        let armoured = file.trim_ascii_start();
        let bytes = if armoured.starts_with(ARMOUR) {
            let mut bytes = Vec::with_capacity(armoured.len());
            ArmoredReader::new(armoured).read_to_end(&mut bytes).map_err(|_| Failure::Damaged)?;
            Cow::Owned(bytes)
        } else {
            Cow::Borrowed(file)
        };
        if !bytes.starts_with(MAGIC) {
            return Err(Failure::NotAge);
        }
        let head = &bytes[..bytes.len().min(HEADER_LIMIT)];
        match head.windows(HEADER_END.len()).position(|window| window == HEADER_END) {
            Some(end) if head[..end].split(|byte| *byte == b'\n').count() > HEADER_LINES => return Err(Failure::HeaderTooLarge),
            Some(_) => {}
            None if bytes.len() > HEADER_LIMIT => return Err(Failure::HeaderTooLarge),
            None => return Err(Failure::Damaged),
        }
        Ok(Self { bytes })
    }

    /// Decrypts with the first identity that fits.
    pub(crate) fn decrypt(&self, identities: &Identities) -> Result<Zeroizing<Vec<u8>>, Failure> {
        let decryptor = Decryptor::new_buffered(&*self.bytes).map_err(|error| failure(&error, identities))?;
        if decryptor.is_scrypt() {
            return Err(Failure::Passphrase);
        }
        let keys = identities.keys.iter().map(|key| key as &dyn age::Identity);
        let stream = decryptor.decrypt(keys).map_err(|error| failure(&error, identities))?;
        read(stream, self.bytes.len())
    }
}

/// Why [`Identities::decrypt`] gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locked {
    /// It is encrypted, and for others.
    NoMatch,
    /// It is no age file, or one that is cut short or damaged, or larger than any that is read.
    Damaged,
}

impl Identities {
    /// Decrypts what is encrypted with age, binary or armoured, with the first identity that fits.
    ///
    /// # Errors
    ///
    /// Whether the identities or the encrypted text are at fault. Neither holds a word of them.
    pub fn decrypt(&self, encrypted: &[u8]) -> Result<Zeroizing<Vec<u8>>, Locked> {
        EncryptedFile::read(encrypted).and_then(|file| file.decrypt(self)).map_err(|failure| match failure {
            Failure::NoIdentity | Failure::BadIdentity { .. } | Failure::NoMatch | Failure::Passphrase => Locked::NoMatch,
            _ => Locked::Damaged,
        })
    }
}

/// Reads the decrypted text into one buffer that never grows. The text is shorter than the encrypted file.
fn read(mut stream: impl Read, encrypted: usize) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let limit = usize::try_from(PLAINTEXT_LIMIT).unwrap_or(usize::MAX);
    let mut plaintext = Zeroizing::new(vec![0; encrypted.min(limit) + 1]);
    let mut filled = 0;
    while filled < plaintext.len() {
        match stream.read(&mut plaintext[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(_) => return Err(Failure::Damaged),
        }
    }
    if filled > limit {
        return Err(Failure::TextTooLarge);
    }
    plaintext.truncate(filled);
    Ok(plaintext)
}

fn failure(error: &DecryptError, identities: &Identities) -> Failure {
    match error {
        DecryptError::UnknownFormat => Failure::UnknownVersion,
        DecryptError::NoMatchingKeys => match (&identities.fault, !identities.keys.is_empty()) {
            (Some(fault), others) => Failure::BadIdentity { fault: fault.clone(), others },
            (None, true) => Failure::NoMatch,
            (None, false) => Failure::NoIdentity,
        },
        _ => Failure::Damaged,
    }
}
