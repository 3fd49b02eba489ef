//! Encrypted values: `ENC[AES256_GCM,data:…,iv:…,tag:…,type:…]`, and the key that all values of a file are encrypted with.

use aes::Aes256;
use aes_gcm::aead::consts::U32;
use aes_gcm::aead::generic_array::GenericArray;
use aes_gcm::{AeadInPlace as _, AesGcm, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::document::float_text;
use crate::time;

const NONCE: usize = 32;
const TAG: usize = 16;

/// The key of a file.
pub(crate) struct DataKey {
    cipher: AesGcm<Aes256, U32>,
}

/// A decrypted value in sops' own form, which the checksum covers.
#[derive(PartialEq)]
pub(crate) struct Decrypted {
    pub(crate) is_bool: bool,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

/// The value is none that sops wrote here: it was changed, cut short, or moved from another place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tampered;

/// Whether text has the form of an encrypted value.
pub(crate) fn is_encrypted(text: &str) -> bool {
    text.starts_with("ENC[AES256_GCM,")
}

impl DataKey {
    /// A key of 32 bytes.
    pub(crate) fn new(bytes: &[u8]) -> Option<Self> {
        Some(Self { cipher: AesGcm::new_from_slice(bytes).ok()? })
    }

    /// Decrypts a value that was encrypted for this place.
    pub(crate) fn decrypt(&self, text: &str, place: &str) -> Result<Decrypted, Tampered> {
        let parts = Parts::of(text).ok_or(Tampered)?;
        let mut bytes = Zeroizing::new(STANDARD.decode(parts.data).map_err(|_| Tampered)?);
        let nonce = fixed::<NONCE>(parts.nonce)?;
        let tag = fixed::<TAG>(parts.tag)?;
        let (nonce, tag) = (GenericArray::from_slice(&nonce), GenericArray::from_slice(&tag));
        self.cipher.decrypt_in_place_detached(nonce, place.as_bytes(), &mut bytes, tag).map_err(|_| Tampered)?;
        typed(parts.kind, bytes)
    }
}

fn fixed<const LENGTH: usize>(text: &str) -> Result<[u8; LENGTH], Tampered> {
    STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(Tampered)
}

/// The parts of an encrypted value.
struct Parts<'a> {
    data: &'a str,
    nonce: &'a str,
    tag: &'a str,
    kind: &'a str,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let text = text.strip_prefix("ENC[AES256_GCM,data:")?.strip_suffix(']')?;
        let (data, text) = text.split_once(",iv:")?;
        let (nonce, text) = text.split_once(",tag:")?;
        let (tag, kind) = text.split_once(",type:")?;
        Some(Self { data, nonce, tag, kind })
    }
}

/// The value of a type, written as sops writes it: others may have written `true` for `True`.
fn typed(kind: &str, bytes: Zeroizing<Vec<u8>>) -> Result<Decrypted, Tampered> {
    let of = |text: String| Ok(Decrypted { is_bool: false, bytes: Zeroizing::new(text.into_bytes()) });
    if matches!(kind, "str" | "bytes") {
        return Ok(Decrypted { is_bool: false, bytes });
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| Tampered)?;
    match kind {
        "int" | "int64" => of(text.parse::<i64>().map_err(|_| Tampered)?.to_string()),
        "float" => of(float_text(text.parse().map_err(|_| Tampered)?)),
        "time" => of(time::of_rfc3339(text).ok_or(Tampered)?),
        "bool" => {
            let text: &[u8] = match text {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => b"True",
                "0" | "f" | "F" | "false" | "FALSE" | "False" => b"False",
                _ => return Err(Tampered),
            };
            Ok(Decrypted { is_bool: true, bytes: Zeroizing::new(text.to_vec()) })
        }
        _ => Err(Tampered),
    }
}

#[cfg(test)]
mod tests {
    use super::{DataKey, Tampered, Zeroizing, typed};

    #[test]
    fn a_value_is_in_the_form_of_its_type() {
        let check = |kind: &str, text: &str, expected: Option<&str>| {
            let found = typed(kind, Zeroizing::new(text.as_bytes().to_vec())).ok();
            assert_eq!(found.map(|value| String::from_utf8_lossy(&value.bytes).into_owned()).as_deref(), expected, "{kind} {text}");
        };
        check("str", "True", Some("True"));
        check("int", "42", Some("42"));
        check("int", "4x", None);
        check("float", "1e10", Some("10000000000"));
        check("float", "+Inf", Some("+Inf"));
        check("bool", "true", Some("True"));
        check("bool", "0", Some("False"));
        check("bool", "yes", None);
        check("time", "2024-01-02T03:04:05Z", Some("2024-01-02T03:04:05Z"));
        check("time", "today", None);
        check("comment", "x", None);
        check("list", "x", None);
    }

    #[test]
    fn what_is_no_encrypted_value_is_refused() {
        assert!(DataKey::new(&[7; 31]).is_none());
        let key = DataKey::new(&[7; 32]);
        let decrypt = |text: &str| key.as_ref().map(|key| key.decrypt(text, "a:").map(|_| ()));
        for text in [
            "",
            "ENC[AES256_GCM,data:]",
            "ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]",
            "ENC[AES256_GCM,data:!,iv:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]",
            "ENC[AES256_GCM,data:AA==,iv:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,tag:AAAAAAAAAAAAAAAAAAAAAA==,type:str]",
        ] {
            assert_eq!(decrypt(text), Some(Err(Tampered)), "{text}");
        }
    }
}
