//! What the service needs to know. Made from forum.env.example by `configcheck init`: go through it once.
//! The value of a field that is no `Secret` is shown in reports: make one of each that nobody may see.

use configcheck::{AppConfig, ConfigValue, Secret, Url};

/// Configuration of the service.
#[derive(AppConfig)]
pub struct Settings {
    /// The public address of the forum, with scheme and without a slash at the end.
    // guessed: type, since its example is a URL
    #[config(example = "https://forum.example.com")]
    pub forum_url: Url,
    /// Signs session cookies. Generate one with: openssl rand -hex 32
    // guessed: required, since its section is headed "Required"
    // guessed: secret, since its name ends in _SECRET
    pub session_secret: Secret<String>,
    /// PostgreSQL 14 or newer.
    // guessed: type, since its example is a URL
    // guessed: secret, since its example is a URL with a password
    pub database_url: Secret<Url>,
    /// Redis holds sessions, the rate limiter and the job queue.
    // guessed: type, since its example is a URL
    #[config(example = "redis://localhost:6379/0")]
    pub redis_url: Url,
    /// the container listens here
    // guessed: optional, since its section is headed "Optional: web server"
    // guessed: type, since its name ends in PORT and its example is a whole number
    #[config(example = 3000)]
    pub port: Option<u16>,
    /// 127.0.0.1 behind a local proxy
    // guessed: optional, since its section is headed "Optional: web server"
    #[config(example = "0.0.0.0")]
    pub bind_address: Option<String>,
    #[config(example = "10.0.0.0/8,172.16.0.0/12")]
    pub trusted_proxies: Option<String>,
    // guessed: type, since its example is a whole number
    #[config(example = 2)]
    pub web_concurrency: Option<i64>,
    #[config(example = "30s")]
    pub request_timeout: Option<String>,
    /// avatars have their own limit, see below
    // guessed: optional, since its section is headed "Optional: web server"
    #[config(example = "10MB")]
    pub max_upload_size: Option<String>,
    // guessed: optional, since its section is headed "Optional: web server"
    #[config(example = "512KB")]
    pub avatar_max_size: Option<String>,
    /// One of: open, invite, closed. Defaults to invite.
    // guessed: optional, since its section is headed "Optional: registration"
    // guessed: type, since the comment lists its words
    #[config(example = "invite")]
    pub registration_mode: Option<RegistrationMode>,
    /// Comma-separated. Only addresses in these domains may register.
    #[config(example = "example.com,example.org")]
    pub registration_domains: Option<String>,
    // guessed: optional, since its section is headed "Optional: registration"
    // guessed: type, since its example is a whole number
    #[config(example = 12)]
    pub min_password_length: Option<i64>,
    // guessed: optional, since its section is headed "Optional: registration"
    // guessed: type, since its example is true or false
    #[config(example = true)]
    pub require_email_confirmation: Option<bool>,
    pub smtp_host: Option<String>,
    // guessed: optional, since its section is headed "Optional: registration"
    // guessed: type, since its name ends in PORT and its example is a whole number
    #[config(example = 587)]
    pub smtp_port: Option<u16>,
    pub smtp_user: Option<String>,
    // guessed: secret, since its name ends in _PASSWORD
    pub smtp_password: Option<Secret<String>>,
    // guessed: optional, since its section is headed "Optional: registration"
    #[config(example = "yes")]
    pub smtp_starttls: Option<String>,
    // guessed: optional, since its section is headed "Optional: registration"
    #[config(example = "Example Forum <noreply@forum.example.com>")]
    pub mail_from: Option<String>,
    pub mail_reply_to: Option<String>,
    /// local or s3
    // guessed: optional, since its section is headed "Optional: storage of attachments"
    #[config(example = "local")]
    pub storage: Option<String>,
    // guessed: optional, since its section is headed "Optional: storage of attachments"
    #[config(example = "./data/attachments")]
    pub storage_path: Option<String>,
    /// Only needed when STORAGE=s3
    #[config(example = "forum-attachments")]
    pub s3_bucket: Option<String>,
    #[config(example = "eu-central-1")]
    pub s3_region: Option<String>,
    // guessed: type, since its example is a URL
    #[config(example = "https://s3.example.net")]
    pub s3_endpoint: Option<Url>,
    #[config(example = "your-access-key")]
    pub s3_access_key_id: Option<String>,
    // guessed: secret, since its name holds the word SECRET
    pub s3_secret_access_key: Option<Secret<String>>,
    // guessed: type, since its example is true or false
    #[config(example = false)]
    pub s3_force_path_style: Option<bool>,
    pub github_client_id: Option<String>,
    // guessed: secret, since its name ends in _SECRET
    pub github_client_secret: Option<Secret<String>>,
    pub gitlab_client_id: Option<String>,
    // guessed: secret, since its name ends in _SECRET
    pub gitlab_client_secret: Option<Secret<String>>,
    // guessed: type, since its example is a URL
    #[config(example = "https://gitlab.example.com")]
    pub gitlab_url: Option<Url>,
    // guessed: optional, since its section is headed "Optional: moderation"
    #[config(example = "on")]
    pub spam_check: Option<String>,
    // guessed: optional, since its section is headed "Optional: moderation"
    #[config(example = "0.85")]
    pub spam_score_threshold: Option<String>,
    /// Posts of new members wait for a moderator this many times.
    // guessed: optional, since its section is headed "Optional: moderation"
    // guessed: type, since its example is a whole number
    #[config(example = 3)]
    pub new_member_review_count: Option<i64>,
    // guessed: optional, since its section is headed "Optional: moderation"
    #[config(example = "/etc/forum/banned-words.txt")]
    pub banned_words_file: Option<String>,
    #[config(example = "1")]
    pub debug: Option<String>,
    #[config(example = "debug")]
    pub log_level: Option<String>,
    /// never in production
    // guessed: type, since its example is true or false
    #[config(example = false)]
    pub disable_csrf: Option<bool>,
}

/// What `REGISTRATION_MODE` may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ConfigValue)]
pub enum RegistrationMode {
    Open,
    Invite,
    Closed,
}
