//! The way to etcd: one question to its gateway, put to each member in turn until one answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use configcheck_core::provider::{Outcome, Reason, Retry};
use configcheck_http::{Address, Client, FailureKind, Peer, Response, Scheme};
use http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use http::{Request, StatusCode};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::config::Config;
use crate::question;
use crate::refusal::Refusal;

/// The members of one etcd.
#[derive(Clone)]
pub(crate) struct Gateway {
    http: Client,
    members: Arc<[Address]>,
    shows_certificate: bool,
    /// The member to begin with. It outlives a login, so that the next one does not begin with a member that is gone.
    next: Arc<AtomicUsize>,
}

/// Why there is no answer to read.
pub(crate) enum Unanswered {
    /// No member could be asked, or the answer is none.
    Failed(Outcome),
    /// The answer is larger than is read.
    TooLarge(Outcome),
    /// etcd refused.
    Refused(Refusal),
}

impl Unanswered {
    fn is_of_one_member(&self) -> bool {
        match self {
            Self::Failed(outcome) => matches!(outcome, Outcome::Unavailable { .. }),
            Self::TooLarge(_) => false,
            Self::Refused(refusal) => refusal.is_of_one_member(),
        }
    }

    /// The outcome for what was asked for.
    pub(crate) fn outcome(&self, user: Option<&str>, directory: Option<&str>) -> Outcome {
        match self {
            // Neither is ever found.
            Self::Failed(outcome) | Self::TooLarge(outcome) => outcome.failure().unwrap_or_else(crate::answer::not_what_was_asked),
            Self::Refused(refusal) => refusal.outcome(user, directory),
        }
    }
}

impl Gateway {
    pub(crate) fn new(config: &Config, next: Arc<AtomicUsize>) -> Self {
        Self { http: config.http.clone(), members: config.members.as_slice().into(), shows_certificate: config.shows_certificate, next }
    }

    /// What is known of the connection.
    pub(crate) fn peer(&self) -> Option<Peer> {
        self.http.peer()
    }

    /// The member that answered last.
    pub(crate) fn member(&self) -> &Address {
        &self.members[self.next.load(Ordering::Relaxed) % self.members.len()]
    }

    /// The body of the answer to a question.
    ///
    /// The future may be dropped when a member takes too long; the next question begins with another one then.
    pub(crate) async fn ask(
        &self,
        path: &str,
        question: &impl Serialize,
        token: Option<&HeaderValue>,
    ) -> Result<Zeroizing<Vec<u8>>, Unanswered> {
        let text = question::text(question);
        let first = self.next.load(Ordering::Relaxed) % self.members.len();
        let mut failures = Vec::new();
        for at in (0..self.members.len()).map(|step| (first + step) % self.members.len()) {
            self.next.store(at + 1, Ordering::Relaxed);
            match self.ask_member(&self.members[at], path, text.clone(), token).await {
                Err(failure) if failure.is_of_one_member() => failures.push(failure),
                answer => {
                    self.next.store(at, Ordering::Relaxed);
                    return answer;
                }
            }
        }
        Err(together(failures))
    }

    async fn ask_member(
        &self,
        member: &Address,
        path: &str,
        text: Zeroizing<Vec<u8>>,
        token: Option<&HeaderValue>,
    ) -> Result<Zeroizing<Vec<u8>>, Unanswered> {
        let mut request = Request::post(member.join(path)).header(CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, token.clone());
        }
        let request = request.body(text).map_err(|_| {
            Unanswered::Failed(Outcome::Malformed(
                Reason::new("a request to etcd could not be written").help("check ETCDCTL_ENDPOINTS for unusual characters"),
            ))
        })?;
        match self.http.send(request).await {
            Ok(Response { status: StatusCode::OK, body, .. }) => Ok(body),
            Ok(response) => Err(Unanswered::Refused(Refusal::of(&response))),
            Err(failure) if failure.kind() == FailureKind::TooLarge => Err(Unanswered::TooLarge(failure.outcome("etcd"))),
            Err(failure) => {
                let mut outcome = failure.outcome("etcd");
                let is_tls = member.scheme() == Scheme::Https;
                // With TLS 1.3 a server that misses a certificate may end the connection before its word on that is read.
                let broke_off = matches!(failure.kind(), FailureKind::Closed | FailureKind::Reset | FailureKind::Tls);
                if let Outcome::Unavailable { reason, .. } = &mut outcome
                    && is_tls
                    && broke_off
                    && !self.shows_certificate
                {
                    reason.help.push("does etcd ask for a client certificate? Set ETCDCTL_CERT and ETCDCTL_KEY to its files".to_owned());
                }
                Err(Unanswered::Failed(outcome))
            }
        }
    }
}

/// One failure for those of all members: what may help any of them is worth another try.
fn together(mut failures: Vec<Unanswered>) -> Unanswered {
    let count = failures.len();
    let Some(last) = failures.pop() else { return Unanswered::Failed(crate::answer::not_what_was_asked()) };
    if count == 1 {
        return last;
    }
    let rank = |retry: &Retry| match retry {
        Retry::Never => 0,
        Retry::Few => 1,
        Retry::UntilDeadline => 2,
    };
    let retry_of = |failure: &Unanswered| match failure.outcome(None, None) {
        Outcome::Unavailable { retry, .. } => retry,
        _ => Retry::Never,
    };
    let retry = failures.iter().chain([&last]).map(retry_of).max_by_key(rank).unwrap_or(Retry::Few);
    let of_last = last.outcome(None, None);
    let told = of_last.reason().cloned().unwrap_or_else(|| Reason::new("it did not answer"));
    let mut reason = Reason::new(format!("none of the {count} members of etcd answers; the last one: {}", told.message));
    reason.help = told.help;
    Unanswered::Failed(Outcome::Unavailable { retry, reason })
}
