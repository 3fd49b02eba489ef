//! `vault:` references: secrets in [HashiCorp Vault](https://developer.hashicorp.com/vault) and [OpenBao](https://openbao.org).
//!
//! `vault:secret/data/checkout/db#password` is the member `password` of what the server has at `secret/data/checkout/db`. The path is that
//! of the server's API without `/v1`: `secret/data/app` of a KV version 2, `secret/app` of a KV version 1, `database/creds/app` of a
//! dynamic engine. Where `data` is left out of the path to a KV version 2, it is put in after the server has said so, at the cost of another
//! request until the mount is known. All fields of one path are one request.
//!
//! * `?version=3` is a version of a KV version 2; without it, the newest one.
//! * `?ns=team1` is a namespace, instead of that of the login.
//! * A member that is no string is its JSON text; one that is `null` is not there.
//! * Paths below `sys`, `auth`, `identity` and `cubbyhole` are refused, in namespaces too: a reference that somebody smuggled into the
//!   environment must not hand out the service's own token. Behind the `data` of a KV version 2 the names are free.
//!
//! What an engine makes for this process has a lease, which the [session](configcheck_core::provider::Session) prolongs and gives back.
//!
//! # Settings
//!
//! What the program does not say with [`VaultProvider`] comes from the environment, from the variables that Vault's own tools read. Each has
//! an alias that begins with `BAO_`, which goes first, as in OpenBao's own tool. Blanks around a value are dropped, and an empty one is
//! unset.
//!
//! | variable | is |
//! |---|---|
//! | `VAULT_ADDR` | the address of the server: `https://vault.example.com:8200`. `http` goes to this machine alone, unless the program allows [`plain_http`](VaultProvider::plain_http) |
//! | `VAULT_AGENT_ADDR` | the address of an agent or proxy, which is asked instead of the server |
//! | `VAULT_NAMESPACE` | the namespace of the login, and of references that name none |
//! | `VAULT_CACERT`, `VAULT_CAPATH` | a PEM file, or a folder of them: the only authorities that are trusted |
//! | `VAULT_CLIENT_CERT`, `VAULT_CLIENT_KEY` | the PEM files of the certificate that the connection shows, and of its key |
//! | `VAULT_TLS_SERVER_NAME` | the name that the server's certificate has to have |
//! | `VAULT_SKIP_VERIFY` | `true` takes any certificate of anybody, and is refused in production; `false` is the default; anything else is an error |
//! | `VAULT_CLIENT_TIMEOUT` | how long a connection may take, up to two seconds: `1`, `500ms`. The time for an answer is the engine's |
//! | `VAULT_AUTH_METHOD` | `token`, `agent`, `approle`, `kubernetes`, `jwt`, `userpass`, `ldap`, `radius` or `cert` |
//! | `VAULT_AUTH_MOUNT` | where the method is mounted, when that is not its own name |
//! | `VAULT_TOKEN` | a token; `wrapped:` before it for a wrapping token |
//! | `VAULT_TOKEN_FILE` | the file of a token, such as the sink of an agent, wrapped or not; read again for each login |
//! | `VAULT_ROLE` | the role of a login by Kubernetes, JWT or certificate |
//! | `VAULT_ROLE_ID`, `VAULT_ROLE_ID_FILE` | the role id of an AppRole |
//! | `VAULT_SECRET_ID`, `VAULT_SECRET_ID_FILE` | the secret id of an AppRole, `wrapped:` before it when it is wrapped; without one, the role has to do without |
//! | `VAULT_JWT`, `VAULT_JWT_FILE` | the token of a login by JWT; for Kubernetes, instead of the one that every pod has |
//! | `VAULT_USERNAME`, `VAULT_PASSWORD` | name and password |
//! | `HOME` | where `.vault-token` is, which `vault login` writes |
//!
//! Without `VAULT_AUTH_METHOD`, the first that is there counts: `VAULT_TOKEN`, `VAULT_TOKEN_FILE`, `VAULT_ROLE_ID`, the agent of
//! `VAULT_AGENT_ADDR`, `~/.vault-token`.
//!
//! # What it does not do
//!
//! It follows no redirect, uses no proxy of the environment, and asks no server before the settings are right. It retries nothing: the
//! engine does. It writes no file. No token, value or body of an answer is part of a message, a `Debug` or a trace. Tokens and values are
//! overwritten in memory when they are dropped, but for the token's copy in the header of each request.
//! AWS, Azure and GCP logins are not offered.

#![expect(clippy::doc_markdown, reason = "OpenBao and AppRole are names")]

mod answer;
mod client;
mod config;
mod endpoint;
mod identity;
mod json;
mod lease;
mod location;
mod login;
mod probe;
mod provider;
mod read;
mod session;
mod state;
mod variables;
mod wrapping;

pub use login::{Credential, Login};
pub use provider::VaultProvider;
