//! `AwsSession`: the requests of one start.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use configcheck_core::provider::{Batch, BoxFuture, Identity, Lease, Outcome, Probe, Reason, Retry, Session};
use configcheck_core::reference::SecretRef;
use configcheck_http::runtime::{self, Stopped};
use tokio::task::JoinSet;

use crate::endpoint::Service;
use crate::login::{Login, Logins, caller};
use crate::parameters::{self, Parameters};
use crate::plan::{Call, Group, calls};
use crate::reference::{Item, Place, Target};
use crate::secrets_manager::{self, Secrets};

mod ask;

/// How many requests take the place of a batch that AWS does not answer, at once.
const AT_ONCE: usize = 8;

/// One login to AWS, or one for each identity that the references name.
pub(crate) struct AwsSession {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    logins: Logins,
    /// The login of the settings; that it failed matters only to references that need it.
    usual: Result<Arc<Login>, Outcome>,
    /// The region that the program names.
    region: Option<String>,
    secrets: Mutex<HashMap<Place, Arc<Secrets>>>,
}

impl AwsSession {
    /// Logs in with the settings. Where they lead to no credentials at all, references that name a profile may still have some.
    pub(crate) async fn begin(logins: Logins, region: Option<String>) -> Result<Self, Outcome> {
        let usual = logins.usual().await;
        match usual {
            Err(failure) if !matches!(failure, Outcome::AuthFailed(_)) => Err(failure),
            usual => Ok(Self { shared: Arc::new(Shared { logins, usual, region, secrets: Mutex::default() }) }),
        }
    }
}

impl Session for AwsSession {
    fn describe(&self) -> String {
        match &self.shared.usual {
            Ok(login) => login.identity.clone(),
            Err(_) => "no credentials of its own".to_owned(),
        }
    }

    fn fetch<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Outcome>> {
        Box::pin(async move {
            let (shared, references) = (Arc::clone(&self.shared), batch.references.clone());
            let fetched = runtime::spawn(async move { shared.each::<ask::Values>(&references).await }).await;
            fetched.unwrap_or_else(|stopped| batch.references.iter().map(|_| broken(&stopped)).collect())
        })
    }

    fn probe<'a>(&'a self, batch: &'a Batch) -> BoxFuture<'a, Vec<Probe>> {
        Box::pin(async move {
            let (shared, references) = (Arc::clone(&self.shared), batch.references.clone());
            let probed = runtime::spawn(async move { shared.each::<ask::Probes>(&references).await }).await;
            probed.unwrap_or_else(|stopped| batch.references.iter().map(|_| Probe::of(broken(&stopped))).collect())
        })
    }

    fn identity(&self) -> BoxFuture<'_, Result<Identity, Outcome>> {
        Box::pin(async move {
            let shared = Arc::clone(&self.shared);
            runtime::spawn(async move { shared.identity().await }).await.unwrap_or_else(|stopped| Err(broken(&stopped)))
        })
    }

    fn lease(&self) -> Option<Lease> {
        let expires = self.shared.usual.as_ref().ok()?.expires()?;
        let left = left(expires, SystemTime::now());
        // The credentials are not prolonged: a new login asks where they came from for new ones.
        Some(Lease::new(self.describe(), left, false))
    }
}

/// The longest time for which AWS gives credentials that end: those of `GetSessionToken`.
const LONGEST: Duration = Duration::from_hours(36);

/// How long credentials are good for. Where the clock of this machine is far behind, that is no longer than AWS gives any.
fn left(expires: SystemTime, now: SystemTime) -> Duration {
    expires.duration_since(now).unwrap_or_default().min(LONGEST)
}

fn broken(stopped: &Stopped) -> Outcome {
    Outcome::Unavailable { retry: Retry::Never, reason: Reason::new(stopped.to_string()).help("report it, with this message") }
}

impl Shared {
    async fn identity(&self) -> Result<Identity, Outcome> {
        const ACTION: &str = "sts:GetCallerIdentity";
        let login = self.usual.as_ref().map_err(|failure| failure.failure().unwrap_or_else(no_login))?;
        let region = self.region.clone().or_else(|| login.region.clone()).unwrap_or_else(|| "us-east-1".to_owned());
        let guarded = login.guarded();
        let (arn, account) = caller(&login.sdk(Service::Sts, &region), &login.asked(ACTION, &region, &guarded)).await?;
        let mut identity = Identity::new(arn);
        identity.details.push(("credentials".to_owned(), login.identity.clone()));
        identity.details.extend(account.map(|account| ("account".to_owned(), account)));
        identity.details.push(("region".to_owned(), region));
        identity.expires = login.expires();
        Ok(identity)
    }

    /// The login and the region that a place means.
    async fn at(&self, place: &Place) -> Result<(Arc<Login>, String), Outcome> {
        let login = match (&self.usual, place) {
            (usual, Place { profile: None, role: None, .. }) => match usual {
                Ok(login) => Arc::clone(login),
                Err(failure) => return Err(failure.failure().unwrap_or_else(no_login)),
            },
            _ => self.logins.of(place).await?,
        };
        let region = place.region.clone().or_else(|| self.region.clone()).or_else(|| login.region.clone());
        let region = region.ok_or_else(|| {
            Outcome::Malformed(
                Reason::new("no region of AWS is named")
                    .help("set AWS_REGION, for example to `eu-west-1`, or `region` in the profile")
                    .help("a single reference names its own with `?region=`"),
            )
        })?;
        Ok((login, region))
    }

    async fn secrets(&self, place: &Place) -> Result<Arc<Secrets>, Outcome> {
        let (login, region) = self.at(place).await?;
        let key = Place { region: Some(region.clone()), ..place.clone() };
        let mut all = self.secrets.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(Arc::clone(all.entry(key).or_insert_with(|| Arc::new(Secrets::new(login, region)))))
    }

    async fn parameters(&self, place: &Place) -> Result<Parameters, Outcome> {
        let (login, region) = self.at(place).await?;
        Ok(Parameters::new(login, region))
    }

    /// One answer for each reference, in their order.
    async fn each<A: ask::Ask>(self: &Arc<Self>, references: &[SecretRef]) -> Vec<A::Answer> {
        let mut answers: Vec<Option<A::Answer>> = references.iter().map(|_| None).collect();
        let mut items = Vec::new();
        for (at, reference) in references.iter().enumerate() {
            match Item::of(reference) {
                Ok(item) => items.push((at, item)),
                Err(reason) => answers[at] = Some(A::failed(Outcome::Malformed(reason))),
            }
        }
        for Call { group, members } in calls(items) {
            let together = match &group {
                Some(group) if members.len() > 1 => self.together::<A>(group, &members).await,
                _ => None,
            };
            match together {
                Some(found) => members.iter().zip(found).for_each(|((at, _), answer)| answers[*at] = Some(answer)),
                None => {
                    for (at, answer) in self.one_by_one::<A>(members).await {
                        answers[at] = Some(answer);
                    }
                }
            }
        }
        let lost = || A::failed(Outcome::Unavailable { retry: Retry::Few, reason: Reason::new("the request was stopped") });
        answers.into_iter().map(|answer| answer.unwrap_or_else(lost)).collect()
    }

    /// The answers of one call; `None` where each has to be asked for by itself.
    async fn together<A: ask::Ask>(&self, group: &Group, members: &[(usize, Item)]) -> Option<Vec<A::Answer>> {
        let all = |outcome: &Outcome| Some(members.iter().map(|_| A::failed(outcome.failure().unwrap_or_else(no_login))).collect());
        match group {
            Group::Secrets(place) => {
                let secrets = match self.secrets(place).await {
                    Ok(secrets) => secrets,
                    Err(outcome) => return all(&outcome),
                };
                let ids: Vec<&str> = members.iter().filter_map(|(_, item)| item.secret()).collect();
                match A::secrets(&secrets, &ids).await? {
                    Ok(found) => Some(found),
                    Err(secrets_manager::NoBatch::Singles) => None,
                    Err(secrets_manager::NoBatch::All(outcome)) => all(&outcome),
                }
            }
            Group::Parameters(place) => {
                let parameters = match self.parameters(place).await {
                    Ok(parameters) => parameters,
                    Err(outcome) => return all(&outcome),
                };
                let names: Vec<&str> = members.iter().filter_map(|(_, item)| item.parameter()).collect();
                match A::parameters(&parameters, &names).await {
                    Ok(found) => Some(found),
                    Err(parameters::NoBatch::Singles) => None,
                    Err(parameters::NoBatch::All(outcome)) => all(&outcome),
                }
            }
        }
    }

    async fn one_by_one<A: ask::Ask>(self: &Arc<Self>, members: Vec<(usize, Item)>) -> Vec<(usize, A::Answer)> {
        let (mut waiting, mut running, mut done) = (members.into_iter(), JoinSet::new(), Vec::new());
        loop {
            while running.len() < AT_ONCE
                && let Some((at, item)) = waiting.next()
            {
                let shared = Arc::clone(self);
                running.spawn(async move { (at, shared.one::<A>(&item).await) });
            }
            match running.join_next().await {
                Some(ended) => done.extend(ended.ok()),
                None => return done,
            }
        }
    }

    async fn one<A: ask::Ask>(&self, item: &Item) -> A::Answer {
        match &item.target {
            Target::Secret { id, version, stage } => match self.secrets(&item.place).await {
                Ok(secrets) => A::secret(&secrets, id, version.as_deref(), stage.as_deref()).await,
                Err(outcome) => A::failed(outcome),
            },
            Target::Parameter { name } => match self.parameters(&item.place).await {
                Ok(parameters) => match A::parameters(&parameters, &[name]).await {
                    Ok(mut found) if found.len() == 1 => found.remove(0),
                    Err(parameters::NoBatch::All(outcome)) => A::failed(outcome),
                    _ => A::failed(no_login()),
                },
                Err(outcome) => A::failed(outcome),
            },
            Target::Parameters { path } => match self.parameters(&item.place).await {
                Ok(parameters) => A::path(&parameters, path).await,
                Err(outcome) => A::failed(outcome),
            },
        }
    }
}

fn no_login() -> Outcome {
    Outcome::AuthFailed(Reason::new("there are no credentials for AWS"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_wrong_makes_no_credentials_live_longer_than_aws_does() {
        let hour = Duration::from_hours(1);
        let expires = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
        let years = Duration::from_hours(10 * 365 * 24);
        assert_eq!(left(expires, expires - hour), hour);
        // The clock went forward: they count as ended, and a new login asks for others.
        assert_eq!(left(expires, expires + hour), Duration::ZERO);
        assert_eq!(left(expires, expires + years), Duration::ZERO);
        // It went back.
        assert_eq!(left(expires, expires - 2 * hour), 2 * hour);
        assert_eq!(left(expires, expires - years), LONGEST);
        assert_eq!(left(SystemTime::UNIX_EPOCH, expires), Duration::ZERO);
    }
}
