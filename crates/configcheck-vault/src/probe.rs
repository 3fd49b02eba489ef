//! Whether references can be read, without reading them: one request for the rights to all, and one for each secret of a KV version 2 whose
//! metadata may be read, which tells whether it is there.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use configcheck_core::provider::{Access, Outcome, Probe, Reason};
use configcheck_core::reference::SecretRef;
use configcheck_http::runtime;
use serde::Deserialize;
use zeroize::Zeroizing;

use crate::endpoint::{Post, ReadMetadata};
use crate::location::Location;
use crate::session::{Inner, stopped};
use crate::{json, read, state};

/// What a token may do, by path.
type Rights = HashMap<String, Vec<String>>;

/// One probe for each reference, in their order.
pub(crate) async fn all(session: &Arc<Inner>, references: &[SecretRef]) -> Vec<Probe> {
    let locations: Vec<Result<Location, Reason>> = references.iter().map(Location::of).collect();
    let mut by_namespace: BTreeMap<Option<String>, Vec<&Location>> = BTreeMap::new();
    for location in locations.iter().flatten() {
        by_namespace.entry(session.namespace(location).map(str::to_owned)).or_default().push(location);
    }
    let mut rights = HashMap::new();
    for (namespace, locations) in by_namespace {
        let found = ask_for_rights(session, namespace.as_deref(), &locations).await;
        rights.insert(namespace, found);
    }
    let mut running = Vec::with_capacity(references.len());
    for location in locations {
        let location = match location {
            Ok(location) => location,
            Err(reason) => {
                running.push(Err(Probe::new(Access::Failed(Outcome::Malformed(reason)))));
                continue;
            }
        };
        let rights = match rights.get(&session.namespace(&location).map(str::to_owned)) {
            Some(Ok(rights)) => Some(Allowed::of(rights, &location)),
            Some(Err(Outcome::Denied(_))) | None => None,
            Some(Err(outcome)) => {
                running.push(Err(Probe::new(Access::Failed(outcome.failure().unwrap_or_else(stopped)))));
                continue;
            }
        };
        let session = Arc::clone(session);
        running.push(Ok(runtime::spawn(async move { one(&session, &location, rights).await })));
    }
    let mut probes = Vec::with_capacity(running.len());
    for running in running {
        probes.push(match running {
            Ok(running) => running.await.unwrap_or_else(|_| Probe::new(Access::Failed(stopped()))),
            Err(probe) => probe,
        });
    }
    probes
}

/// What a token may do with one location.
struct Allowed {
    read: bool,
    metadata: bool,
}

impl Allowed {
    fn of(rights: &Rights, location: &Location) -> Self {
        let may_read = |path: &str| rights.get(path).is_some_and(|rights| rights.iter().any(|right| right == "read" || right == "root"));
        let metadata = metadata_path(location).is_some_and(|path| may_read(&path));
        Self { read: may_read(location.path()), metadata }
    }
}

fn metadata_path(location: &Location) -> Option<String> {
    location.versioned().map(|(mount, name)| format!("{mount}/metadata/{name}"))
}

async fn ask_for_rights(session: &Inner, namespace: Option<&str>, locations: &[&Location]) -> Result<Rights, Outcome> {
    let paths = locations.iter().flat_map(|location| [Some(location.path().to_owned()), metadata_path(location)]).flatten();
    let paths: Vec<String> = paths.map(|path| json::quote(&path).to_string()).collect();
    let body = Zeroizing::new(format!("{{\"paths\":[{}]}}", paths.join(",")).into_bytes());
    let answer = session.server.ask(Post::new("sys/capabilities-self", body), &session.headers(namespace)).await?;
    if answer.status != 200 {
        return Err(session.refused(&answer, "ask for its own rights", "\"sys/capabilities-self\" { capabilities = [\"update\"] }"));
    }
    let rights = answer.envelope().and_then(|envelope| serde_json::from_str::<Rights>(envelope.data?.get()).ok());
    rights.ok_or_else(|| state::not_vault(answer.status, session.server.address()))
}

async fn one(session: &Inner, location: &Location, allowed: Option<Allowed>) -> Probe {
    let path = location.path();
    match allowed {
        Some(Allowed { read: false, .. }) => Probe::new(Access::Failed(read::denied(location, &session.asker(location)))),
        Some(Allowed { metadata: true, .. }) => metadata(session, location).await,
        Some(_) => Probe::new(Access::Allowed(match location.versioned() {
            Some((mount, name)) => Reason::new(format!("this login may read {path}; vault does not tell it whether it is there"))
                .help(format!("for that, allow it in a policy: path \"{mount}/metadata/{name}\" {{ capabilities = [\"read\"] }}")),
            None => Reason::new(format!("this login may read {path}; whether it is there is seen when it is read")),
        })),
        // Without the right to ask for its rights, only a read tells; and one of a dynamic engine would make a credential.
        None if location.versioned().is_some() => Probe::of(session.read(location).await),
        None => Probe::new(Access::Allowed(
            Reason::new(format!("vault does not let this login ask for its rights, so whether it may read {path} is seen when it is read"))
                .help("allow it in a policy: path \"sys/capabilities-self\" { capabilities = [\"update\"] }; the policy `default` has it"),
        )),
    }
}

/// What is known of a secret of a KV version 2 without its value.
#[derive(Deserialize)]
struct Metadata {
    current_version: u64,
    versions: HashMap<String, read::Version>,
}

async fn metadata(session: &Inner, location: &Location) -> Probe {
    let Some((mount, name)) = location.versioned() else { return Probe::new(Access::Failed(stopped())) };
    let request = ReadMetadata { mount: mount.to_owned(), path: name.to_owned() };
    let answer = match session.server.ask(request, &session.headers(session.namespace(location))).await {
        Ok(answer) => answer,
        Err(outcome) => return Probe::new(Access::Failed(outcome)),
    };
    let metadata = answer.envelope().and_then(|envelope| serde_json::from_str::<Metadata>(envelope.data?.get()).ok());
    let (Some(metadata), 200) = (metadata, answer.status.as_u16()) else {
        // The answer to what is not there is the same as that to a read of it.
        return Probe::of(session.judge(&answer, location));
    };
    let number = location.version.unwrap_or(metadata.current_version);
    let Some(version) = metadata.versions.get(&number.to_string()) else {
        return Probe::new(Access::Failed(read::absent(location, &session.asker(location))));
    };
    if version.is_gone() {
        return Probe::new(Access::Failed(read::deleted(number, version, location)));
    }
    let mut probe = Probe::new(Access::Readable);
    probe.version = Some(number.to_string());
    probe.created = humantime::parse_rfc3339(&version.created_time).ok();
    probe
}
