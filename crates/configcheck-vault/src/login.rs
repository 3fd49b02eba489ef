//! `Login`: how this process shows who it is, and what it is granted for it.

mod approle;
mod cert;
mod credential;
mod jwt;
mod kubernetes;
mod token;
mod userpass;

use std::time::{Duration, Instant};

use configcheck_core::display::holds_piece_of;
use configcheck_core::provider::{Lease, Outcome, Reason};
use zeroize::Zeroizing;

pub use self::credential::Credential;
use crate::answer::{Answer, Auth};
use crate::client::{Headers, Server};
use crate::endpoint::Post;
use crate::read::option;
use crate::wrapping::{self, Unwrapped};
use crate::{json, state};

/// How this process shows who it is.
///
/// ```
/// use configcheck_vault::{Credential, Login};
///
/// let login = Login::app_role(Credential::text("role id of checkout"), Credential::file("/run/secrets/secret-id")).mount("team1/approle");
/// assert_eq!(format!("{login:?}"), "Login(AppRole, auth/team1/approle)");
/// ```
#[derive(Clone)]
#[must_use]
pub struct Login {
    method: Method,
    mount: Option<String>,
}

#[derive(Clone)]
enum Method {
    Token(Credential),
    Agent,
    AppRole { role_id: Credential, secret_id: Option<Credential> },
    Kubernetes { role: String, jwt: Credential },
    Jwt { role: Option<String>, jwt: Credential },
    Userpass { username: String, password: Credential },
    Certificate { name: Option<String> },
}

impl Login {
    const fn of(method: Method) -> Self {
        Self { method, mount: None }
    }

    /// A token that is there already. Such a token is not revoked at the end.
    pub const fn token(token: Credential) -> Self {
        Self::of(Method::Token(token))
    }

    /// None of its own: the agent or proxy at the address logs in (`use_auto_auth_token`).
    pub const fn agent() -> Self {
        Self::of(Method::Agent)
    }

    /// An AppRole, with its secret id; mounted at `approle` unless said otherwise.
    pub const fn app_role(role_id: Credential, secret_id: Credential) -> Self {
        Self::of(Method::AppRole { role_id, secret_id: Some(secret_id) })
    }

    /// An AppRole that needs no secret id (`bind_secret_id=false`).
    pub const fn app_role_without_secret_id(role_id: Credential) -> Self {
        Self::of(Method::AppRole { role_id, secret_id: None })
    }

    /// The service account of a Kubernetes pod, by the token that is mounted into every pod; mounted at `kubernetes` unless said otherwise.
    pub fn kubernetes(role: impl Into<String>) -> Self {
        Self::kubernetes_with(role, Credential::file(kubernetes::TOKEN_FILE))
    }

    /// The service account of a Kubernetes pod, by a token that is projected elsewhere.
    pub fn kubernetes_with(role: impl Into<String>, token: Credential) -> Self {
        Self::of(Method::Kubernetes { role: role.into(), jwt: token })
    }

    /// A JWT, such as CI systems give to their jobs; mounted at `jwt` unless said otherwise. Without a role, the mount's own default role.
    pub const fn jwt(role: Option<String>, jwt: Credential) -> Self {
        Self::of(Method::Jwt { role, jwt })
    }

    /// A name and a password; mounted at `userpass` unless said otherwise. LDAP and RADIUS take the same login at their own mounts.
    pub fn userpass(username: impl Into<String>, password: Credential) -> Self {
        Self::of(Method::Userpass { username: username.into(), password })
    }

    /// The client certificate of the connection; mounted at `cert` unless said otherwise. Without a name, any role that trusts it.
    pub const fn certificate(name: Option<String>) -> Self {
        Self::of(Method::Certificate { name })
    }

    /// Where the method is mounted, without `auth/`.
    pub fn mount(mut self, mount: impl Into<String>) -> Self {
        self.mount = Some(mount.into());
        self
    }

    /// The name of the method.
    fn name(&self) -> &'static str {
        match self.method {
            Method::Token(_) => "token",
            Method::Agent => "agent",
            Method::AppRole { .. } => "AppRole",
            Method::Kubernetes { .. } => "Kubernetes",
            Method::Jwt { .. } => "JWT",
            Method::Userpass { .. } => "userpass",
            Method::Certificate { .. } => "certificate",
        }
    }

    /// The path at which the method is mounted.
    fn path(&self) -> String {
        let default = match self.method {
            Method::Token(_) | Method::Agent => "token",
            Method::AppRole { .. } => "approle",
            Method::Kubernetes { .. } => "kubernetes",
            Method::Jwt { .. } => "jwt",
            Method::Userpass { .. } => "userpass",
            Method::Certificate { .. } => "cert",
        };
        format!("auth/{}", self.mount.as_deref().map_or(default, |mount| mount.trim_matches('/').trim_start_matches("auth/")))
    }

    /// What is wrong with the mount or a name that becomes part of a path.
    pub(crate) fn check(&self) -> Result<(), Reason> {
        let part = |what: &str, text: &str| match crate::location::namespace(text) {
            Some(_) => Ok(()),
            None => Err(Reason::new(format!("the {what} of the {} login has a character that is not expected in one", self.name()))
                .help(format!("write the {what} alone, in letters, digits and - _ . ~ @ + = :"))),
        };
        part("mount", &self.path())?;
        match &self.method {
            Method::Userpass { username, .. } if username.contains('/') => part("user name", ""),
            Method::Userpass { username, .. } => part("user name", username),
            _ => Ok(()),
        }
    }

    /// Logs in. Files are read here, each time.
    pub(crate) async fn run(&self, place: &Place<'_>) -> Result<Grant, Outcome> {
        let path = self.path();
        match &self.method {
            Method::Agent => Ok(Grant::of_agent(place)),
            Method::Token(token) => token::grant(token, place).await,
            Method::AppRole { role_id, secret_id } => approle::attempt(role_id, secret_id.as_ref(), &path, place).await?.grant(place).await,
            Method::Kubernetes { role, jwt } => kubernetes::attempt(role, jwt, &path)?.grant(place).await,
            Method::Jwt { role, jwt } => jwt::attempt(role.as_deref(), jwt, &path)?.grant(place).await,
            Method::Userpass { username, password } => userpass::attempt(username, password, &path)?.grant(place).await,
            Method::Certificate { name } => cert::attempt(name.as_deref(), &path).grant(place).await,
        }
    }
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Login({}, {})", self.name(), self.path())
    }
}

/// Where a login happens.
pub(crate) struct Place<'a> {
    pub(crate) server: &'a Server,
    pub(crate) namespace: Option<&'a str>,
    /// What was unwrapped before, since it can be unwrapped once only.
    pub(crate) unwrapped: &'a Unwrapped,
}

impl Place<'_> {
    /// What every request to the namespace is sent with.
    pub(crate) fn headers(&self) -> Headers {
        Headers::default().with_namespace(self.namespace)
    }

    /// The text of a credential, unwrapped where it has to be; and the lease of a token that was wrapped.
    async fn obtain(&self, credential: &Credential, what: &str) -> Result<(Zeroizing<String>, Option<Lease>), Outcome> {
        let read = credential.read(what).map_err(Outcome::AuthFailed)?;
        if read.wrapped { wrapping::unwrap(&read.text, what, &credential.place(), self).await } else { Ok((read.text, None)) }
    }
}

/// What a login gives.
pub(crate) struct Grant {
    /// The token and the namespace.
    pub(crate) headers: Headers,
    /// Who this is, in words.
    pub(crate) who: String,
    /// How long the token lives, from when.
    pub(crate) lease: Option<(Instant, Lease)>,
    /// Whether the login made the token, so that it is revoked at the end.
    pub(crate) ours: bool,
    /// The file that the token came from and its text, which another token may replace.
    pub(crate) file: Option<(Credential, Zeroizing<String>)>,
}

impl Grant {
    fn of_agent(place: &Place<'_>) -> Self {
        let who = format!("the agent at {}", place.server.address());
        Self { headers: place.headers(), who, lease: None, ours: false, file: None }
    }
}

/// A login that is about to be tried.
struct Attempt {
    post: Post,
    /// The path of the method.
    path: String,
    who: String,
    /// What a refusal can mean.
    readings: Vec<String>,
}

impl Attempt {
    async fn grant(self, place: &Place<'_>) -> Result<Grant, Outcome> {
        let asked = Instant::now();
        let headers = place.headers();
        let sent = self.post.sent();
        let answer = place.server.ask(self.post, &headers).await?;
        let errors = answer.errors();
        let address = place.server.address();
        if let Some(outcome) = state::outcome(&answer, &errors, address) {
            return Err(outcome);
        }
        let (path, status) = (&self.path, answer.status.as_u16());
        match status {
            200 => granted(&answer, asked, &headers, self.who, &sent, address),
            404 if errors.say("no handler for route") => Err(Outcome::AuthFailed(
                Reason::new(format!("no login method is mounted at {path} of vault at {address}"))
                    .help(format!("see what is mounted: vault auth list{}", option(place.namespace)))
                    .help("then set VAULT_AUTH_MOUNT to its name, and VAULT_NAMESPACE to where it is"),
            )),
            404 if errors.say("namespace not found") => Err(Outcome::AuthFailed(
                Reason::new(format!("vault at {address} has no namespace {}", place.namespace.unwrap_or("root")))
                    .help("see which there are: vault namespace list; then set VAULT_NAMESPACE"),
            )),
            400 | 401 | 403 | 404 if errors.are_vaults() || status != 404 => {
                let reason = Reason::new(format!("vault does not accept the login as {} ({status})", self.who));
                let mounted = format!(
                    "or no login method is mounted at {path}: vault auth list{}; set VAULT_AUTH_MOUNT and VAULT_NAMESPACE",
                    option(place.namespace)
                );
                Err(Outcome::AuthFailed(self.readings.into_iter().fold(reason, Reason::help).help(mounted)))
            }
            _ => Err(state::not_vault(answer.status, address)),
        }
    }
}

fn granted(answer: &Answer, asked: Instant, headers: &Headers, who: String, sent: &[u8], address: &str) -> Result<Grant, Outcome> {
    let Some(auth) = answer.envelope().and_then(|envelope| envelope.auth) else { return Err(state::not_vault(answer.status, address)) };
    if auth.mfa_requirement.is_some() {
        let reason = Reason::new(format!("vault wants a second factor for the login as {who}, and a service has none"));
        return Err(Outcome::AuthFailed(
            reason.help("take the login out of the MFA enforcement: vault list identity/mfa/login-enforcement"),
        ));
    }
    let token = auth.client_token.and_then(json::text);
    match token.and_then(|token| headers.clone().with_token(&token)) {
        Some(headers) => {
            let who = named(who, &auth, sent, &headers);
            Ok(Grant { headers, who, lease: lease(&auth).map(|lease| (asked, lease)), ours: true, file: None })
        }
        None => Err(state::not_vault(answer.status, address)),
    }
}

/// The role's name, where only the server knows it: an AppRole is used by its id. One that repeats what was sent, or the
/// token, is none.
fn named(who: String, auth: &Auth<'_>, sent: &[u8], headers: &Headers) -> String {
    let is_name = |role: &str| role.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    let role = auth.role_name().filter(|role| is_name(role) && !holds_piece_of(role, sent) && !headers.are_repeated_by(role));
    match (who.strip_prefix("AppRole "), role) {
        (Some(place), Some(role)) => format!("AppRole {role} {place}"),
        _ => who,
    }
}

/// For how long a token lives; `None` for one that has no end.
pub(crate) fn lease(auth: &Auth<'_>) -> Option<Lease> {
    let duration = auth.lease_duration.filter(|seconds| *seconds > 0)?;
    Some(Lease::new("login", Duration::from_secs(duration), auth.renewable.unwrap_or(false)))
}
