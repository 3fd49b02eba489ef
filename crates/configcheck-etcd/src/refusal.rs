//! What it means that the gateway refused, read from the code and the text that etcd has for it. The text is matched and dropped.

use std::borrow::Cow;
use std::time::Duration;

use configcheck_core::provider::{Outcome, Reason, Retry};
use configcheck_http::{Response, retry_after};
use serde::Deserialize;

/// Why etcd did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Users are on, and nobody said who is asking.
    NoUser,
    /// The name or the password is not right.
    WrongPassword,
    /// The login is one that etcd no longer knows.
    LoginEnded,
    /// A login was tried, and etcd has users off.
    UsersOff,
    /// The user may not read one of the keys.
    Denied,
    /// The transaction has more operations than this etcd takes.
    TooManyOperations,
    /// There are too many requests at once.
    Throttled(Option<Duration>),
    /// There is no majority of members that could answer.
    NoLeader,
    /// Something failed in etcd or before it.
    Failed(u16),
    /// The address leads on to another one.
    Redirect(u16),
    /// What answers is not etcd's gateway.
    NotEtcd(u16),
    /// etcd does not take the question.
    Refused(u16),
}

/// The form of every refusal.
#[derive(Deserialize)]
struct Told<'a> {
    code: u32,
    #[serde(borrow, default)]
    message: Cow<'a, str>,
}

/// The codes of gRPC that etcd has.
mod code {
    pub(super) const INVALID_ARGUMENT: u32 = 3;
    pub(super) const DEADLINE_EXCEEDED: u32 = 4;
    pub(super) const PERMISSION_DENIED: u32 = 7;
    pub(super) const RESOURCE_EXHAUSTED: u32 = 8;
    pub(super) const FAILED_PRECONDITION: u32 = 9;
    pub(super) const UNAVAILABLE: u32 = 14;
    pub(super) const UNAUTHENTICATED: u32 = 16;
}

impl Refusal {
    /// Reads a response that is no success.
    pub(crate) fn of(response: &Response) -> Self {
        let status = response.status.as_u16();
        let Ok(Told { code, message }) = serde_json::from_slice(&response.body) else {
            return match status {
                300..=399 => Self::Redirect(status),
                429 => Self::Throttled(retry_after(&response.headers)),
                500.. => Self::Failed(status),
                _ => Self::NotEtcd(status),
            };
        };
        let says = |text: &str| message.contains(text);
        match code {
            code::PERMISSION_DENIED => Self::Denied,
            code::UNAUTHENTICATED => Self::LoginEnded,
            code::INVALID_ARGUMENT if says("user name is empty") => Self::NoUser,
            code::INVALID_ARGUMENT if says("authentication failed") => Self::WrongPassword,
            code::INVALID_ARGUMENT if says("revision of auth store is old") => Self::LoginEnded,
            code::INVALID_ARGUMENT if says("too many operations") => Self::TooManyOperations,
            code::FAILED_PRECONDITION if says("authentication is not enabled") => Self::UsersOff,
            code::RESOURCE_EXHAUSTED => Self::Throttled(retry_after(&response.headers)),
            code::UNAVAILABLE if says("no leader") => Self::NoLeader,
            code::UNAVAILABLE | code::DEADLINE_EXCEEDED => Self::Failed(status),
            _ if status >= 500 => Self::Failed(status),
            _ => Self::Refused(status),
        }
    }

    /// Whether another member may answer.
    pub(crate) fn is_of_one_member(&self) -> bool {
        matches!(self, Self::NoLeader | Self::Failed(_))
    }

    /// The outcome for what was asked for: `user` is who asked, `directory` what a permission would be given on.
    pub(crate) fn outcome(&self, user: Option<&str>, directory: Option<&str>) -> Outcome {
        let who = user.map_or_else(|| "nobody".to_owned(), |user| format!("the user {user}"));
        match self {
            Self::NoUser => Outcome::AuthFailed(
                Reason::new("etcd asks for a login, and nothing says which")
                    .help("set ETCDCTL_USER and ETCDCTL_PASSWORD; a certificate is no login here, whatever its common name"),
            ),
            Self::WrongPassword => Outcome::AuthFailed(
                Reason::new(format!("etcd does not know {who}, or not with this password"))
                    .help("correct ETCDCTL_USER and ETCDCTL_PASSWORD")
                    .help("or set a new password as root: etcdctl user passwd NAME; `etcdctl user list` shows the names"),
            ),
            Self::LoginEnded => Outcome::AuthFailed(
                Reason::new(format!("etcd no longer knows the login of {who}"))
                    .help("was etcd restarted or was the user changed during the start? The next start logs in again"),
            ),
            Self::UsersOff => Outcome::AuthFailed(Reason::new("etcd has users off, and takes no login").help("unset ETCDCTL_USER")),
            Self::Denied => Outcome::Denied(denied(&who, user, directory)),
            Self::TooManyOperations => Outcome::Malformed(
                Reason::new("etcd takes fewer keys in a request than it was given")
                    .help("start etcd with --max-txn-ops=128, as it has it by itself"),
            ),
            Self::Throttled(retry_after) => Outcome::Throttled {
                retry_after: *retry_after,
                reason: Reason::new("etcd has more requests than it takes")
                    .help("let fewer services start at once, or look at `etcdctl endpoint status --cluster -w table`"),
            },
            Self::NoLeader => Outcome::Unavailable {
                retry: Retry::UntilDeadline,
                reason: Reason::new("etcd has no leader: too few of its members are there to answer")
                    .help("see which are: etcdctl endpoint status --cluster -w table"),
            },
            Self::Failed(status) => Outcome::Unavailable {
                retry: Retry::Few,
                reason: Reason::new(format!("etcd, or what stands before it, failed with the status {status}"))
                    .help("see how its members are: etcdctl endpoint health --cluster"),
            },
            Self::Redirect(status) => Outcome::Malformed(
                Reason::new(format!("the address of etcd leads on to another one (status {status}), which is not followed"))
                    .help("write the address of etcd itself into ETCDCTL_ENDPOINTS"),
            ),
            Self::NotEtcd(status) => Outcome::Malformed(
                Reason::new(format!("what answers at the address of etcd is not its gateway: the status is {status}"))
                    .help("is the address in ETCDCTL_ENDPOINTS right? `curl ADDRESS/version` shows an etcd")
                    .help("etcd has to be 3.4 or later, and must not have --enable-grpc-gateway=false"),
            ),
            Self::Refused(status) => Outcome::Malformed(
                Reason::new(format!("etcd does not take the request: the status is {status}"))
                    .help("look into its log at this time; etcd has to be 3.4 or later"),
            ),
        }
    }
}

fn denied(who: &str, user: Option<&str>, directory: Option<&str>) -> Reason {
    let what = directory.map_or_else(|| "the key".to_owned(), |directory| format!("keys below {directory}"));
    let grant = match directory {
        Some(directory) => format!("etcdctl role grant-permission ROLE --prefix=true read {directory}"),
        None => "etcdctl role grant-permission ROLE read KEY".to_owned(),
    };
    let reason = Reason::new(format!("etcd does not let {who} read {what}"));
    match user {
        Some(user) => {
            reason.help(format!("let a role of it do so, as root: {grant}")).help(format!("`etcdctl user get {user}` shows its roles"))
        }
        None => reason.help(format!("set ETCDCTL_USER and ETCDCTL_PASSWORD to a user whose role may: {grant}")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use configcheck_core::provider::OutcomeKind;
    use zeroize::Zeroizing;

    use super::*;

    fn refusal(status: u16, body: &str) -> Refusal {
        Refusal::of(&Response {
            status: http::StatusCode::from_u16(status).unwrap(),
            headers: http::HeaderMap::new(),
            body: Zeroizing::new(body.as_bytes().to_vec()),
        })
    }

    fn told(status: u16, code: u32, message: &str) -> Refusal {
        refusal(status, &format!(r#"{{"error":"{message}","message":"{message}","code":{code}}}"#))
    }

    #[test]
    fn the_texts_of_etcd_are_told_apart() {
        assert_eq!(told(403, 7, "etcdserver: permission denied"), Refusal::Denied);
        assert_eq!(told(401, 16, "etcdserver: invalid auth token"), Refusal::LoginEnded);
        assert_eq!(told(400, 3, "etcdserver: user name is empty"), Refusal::NoUser);
        assert_eq!(told(400, 3, "etcdserver: authentication failed, invalid user ID or password"), Refusal::WrongPassword);
        assert_eq!(told(400, 3, "etcdserver: revision of auth store is old"), Refusal::LoginEnded);
        assert_eq!(told(400, 3, "etcdserver: too many operations in txn request"), Refusal::TooManyOperations);
        assert_eq!(told(400, 3, "etcdserver: key is not provided"), Refusal::Refused(400));
        assert_eq!(told(412, 9, "etcdserver: authentication is not enabled"), Refusal::UsersOff);
        assert_eq!(told(429, 8, "etcdserver: too many requests"), Refusal::Throttled(None));
        assert_eq!(told(503, 14, "etcdserver: no leader"), Refusal::NoLeader);
        assert_eq!(told(503, 14, "etcdserver: request timed out"), Refusal::Failed(503));
        assert_eq!(told(500, 13, "panic"), Refusal::Failed(500));
    }

    #[test]
    fn what_is_not_of_etcd_goes_by_its_status() {
        assert_eq!(refusal(404, "Not Found\n"), Refusal::NotEtcd(404));
        assert_eq!(refusal(302, ""), Refusal::Redirect(302));
        assert_eq!(refusal(502, "<html>"), Refusal::Failed(502));
        assert_eq!(refusal(429, ""), Refusal::Throttled(None));
        assert_eq!(refusal(403, "<html>forbidden</html>"), Refusal::NotEtcd(403));
    }

    #[test]
    fn a_denied_prefix_has_the_command_that_allows_it() {
        let outcome = Refusal::Denied.outcome(Some("checkout"), Some("/app/"));
        assert_eq!(outcome.kind(), OutcomeKind::Denied);
        let reason = outcome.reason().unwrap();
        assert_eq!(reason.message, "etcd does not let the user checkout read keys below /app/");
        assert_eq!(reason.help[0], "let a role of it do so, as root: etcdctl role grant-permission ROLE --prefix=true read /app/");
        assert_eq!(reason.help[1], "`etcdctl user get checkout` shows its roles");
    }

    #[test]
    fn no_outcome_repeats_what_was_answered() {
        for (status, code) in [(400, 3), (403, 7), (401, 16), (412, 9), (429, 8), (503, 14), (500, 13), (418, 99)] {
            let outcome = told(status, code, "hunter2-fake").outcome(None, None);
            assert!(!format!("{outcome:?}").contains("hunter2-fake"));
        }
    }
}
