//! Azure Key Vault: `azure-kv:vault/name[/version]` and the URL of a secret.
//!
//! Names have letters, digits and `-`, and Azure does not tell large letters from small ones. A vault of another cloud than the public one
//! keeps its host: `azure-kv:shop.vault.azure.cn/name`.

use super::error::RefErrorKind;
use super::part::Part;
use super::tail::{Read, Reading, Tail};

const SCHEME: &str = "azure-kv";
const FORM: RefErrorKind = RefErrorKind::Form("azure-kv:vault/name, with /version behind it or nothing");

const PUBLIC_CLOUD: &str = ".vault.azure.net";
const OTHER_CLOUDS: [&str; 2] = [".vault.azure.cn", ".vault.usgovcloudapi.net"];

/// Whether text is the URL of a secret.
pub(super) fn is_url(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("https://") else { return false };
    let Some((host, path)) = rest.split_once('/') else { return false };
    let host = host.strip_suffix(":443").unwrap_or(host).to_ascii_lowercase();
    let is_vault = host.ends_with(PUBLIC_CLOUD) || OTHER_CLOUDS.iter().any(|cloud| host.ends_with(cloud));
    is_vault && !host.contains('@') && path.starts_with("secrets/")
}

/// `azure-kv:vault/name`.
pub(super) fn read(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let path = tail.path.without_url_slashes()?;
    reading(path, tail)
}

/// `https://vault.vault.azure.net/secrets/name`, whose scheme is cut off.
pub(super) fn read_url(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let (host, path) = tail.path.split_once("/").ok_or_else(|| tail.path.wrong(FORM))?;
    let host = host.strip_suffix(":443").unwrap_or(host);
    let secret = path.strip_prefix("secrets/").ok_or_else(|| path.wrong(FORM))?;
    named(Some(host), secret, tail)
}

/// `azure:keyvault:name` of bank-vaults, whose vault is in the settings.
pub(super) fn read_without_vault(part: Part<'_>) -> Read {
    let tail = Tail::of(part)?;
    let path = tail.path;
    named(None, path, tail)
}

fn reading(path: Part<'_>, tail: Tail<'_>) -> Read {
    if let Some(name) = path.strip_prefix("/") {
        return named(None, name, tail);
    }
    let (vault, secret) = path.split_once("/").ok_or_else(|| path.wrong_at_end(FORM))?;
    named(Some(vault), secret, tail)
}

fn named<'t>(vault: Option<Part<'t>>, secret: Part<'t>, mut tail: Tail<'t>) -> Read {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let vault = match vault {
        Some(vault) => {
            let host = vault.of_characters(|c| is_of_name(c) || c == '.')?.text().to_ascii_lowercase();
            let name = host.strip_suffix(PUBLIC_CLOUD).unwrap_or(&host).to_owned();
            let bare = OTHER_CLOUDS.iter().find_map(|cloud| name.strip_suffix(cloud)).unwrap_or(&name);
            if bare.is_empty() || bare.contains('.') {
                return Err(vault.wrong(FORM));
            }
            name
        }
        None => String::new(),
    };
    let secret = secret.strip_suffix("/").unwrap_or(secret).of_plain_steps()?;
    let (name, version) = secret.split_once("/").map_or((secret, None), |(name, version)| (name, Some(version)));
    let name = name.of_characters(is_of_name)?;
    if name.is_empty() {
        return Err(name.wrong(FORM));
    }
    if let Some(version) = version {
        if version.is_empty() {
            return Err(version.wrong(FORM));
        }
        tail.options.set("version", version.of_characters(is_of_name)?)?;
    }
    let mut path = format!("{vault}/{}", name.text().to_ascii_lowercase());
    if let Some(version) = tail.options.take("version") {
        if !version.bytes().all(|byte| is_of_name(byte.into()) || matches!(byte, b'{' | b'}')) {
            return Err(tail.path.wrong_at_end(FORM));
        }
        path.push('/');
        path.push_str(&version.to_ascii_lowercase());
    }
    let field = tail.read_field()?;
    Ok(Reading::new(SCHEME, path, field, tail.options))
}
