//! What the service needs to know. Made from token-service.env.example by `configcheck init`: go through it once.
//! The value of a field that is no `Secret` is shown in reports: make one of each that nobody may see.

use configcheck::{AppConfig, Secret, Url};

/// Configuration of the service.
#[derive(AppConfig)]
pub struct Settings {
    /// Required: head -c 32 /dev/urandom | base64
    // guessed: secret, since its name is SIGNING_KEY
    pub signing_key: Secret<String>,
    /// Required in production, 32 bytes
    // guessed: secret, since its name is ENCRYPTION_KEY
    pub encryption_key: Secret<String>,
    // guessed: secret, since its name holds the word ENCRYPTION_KEY
    pub encryption_key_hex: Secret<String>,
    // guessed: secret, since its name is APP_KEY
    pub app_key: Secret<String>,
    #[config(example = "ZmFrZV9mYWtlLWZha2U")]
    pub url_safe: String,
    #[config(example = "=")]
    pub padded: String,
    #[config(example = "{\"kty\":\"oct\",\"k\":\"ZmFrZQ\",\"alg\":\"HS256\",\"kid\":\"2026-01\"}")]
    pub jwk: String,
    /// Comma-separated, newest first; old keys only verify
    #[config(example = "2026:ZmFrZS1h,2025:ZmFrZS1i,2024:ZmFrZS1j")]
    pub keyring: String,
    #[config(example = "15m")]
    pub access_ttl: String,
    #[config(example = "720h")]
    pub refresh_ttl: String,
    #[config(example = "30s")]
    pub clock_skew: String,
    // guessed: type, since its example is a URL
    #[config(example = "https://tokens.example.com/")]
    pub issuer: Url,
    #[config(example = "api.example.com admin.example.com")]
    pub audience: String,
    /// or EdDSA
    #[config(example = "HS256")]
    pub algorithm: String,
}
