//! What the answer to a read says: a secret in one of its shapes, or why there is none.

use std::time::{Duration, SystemTime};

use configcheck_core::provider::{Fetched, Lease, Outcome, Payload, Reason};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::{Answer, Envelope, Errors};
use crate::json::{self, Members};
use crate::location::Location;
use crate::state;

/// Who asked, and where: what the sentences about a refusal are made of.
pub(crate) struct Asker<'a> {
    /// The login in the words of its settings.
    pub(crate) who: &'a str,
    /// The address of the server.
    pub(crate) address: &'a str,
    /// The namespace that was asked.
    pub(crate) namespace: Option<&'a str>,
}

/// What to do with an answer.
pub(crate) enum Verdict {
    /// It is the outcome.
    Outcome(Outcome),
    /// The mount is a KV version 2 and the path lacks its `data`.
    LacksData,
    /// The server does not know the token.
    UnknownToken,
    /// The token has no right to the path, as far as the server tells.
    NoRight,
}

/// What a secret of a KV version 2 looks like; nothing else has these two members and no other.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Versioned<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    version: u64,
    #[serde(flatten)]
    of: Version,
}

/// What is known of one version of a secret.
#[derive(Deserialize)]
pub(crate) struct Version {
    pub(crate) created_time: String,
    deletion_time: String,
    destroyed: bool,
}

impl Version {
    /// Whether its value cannot be read any more. A time of deletion may lie ahead.
    pub(crate) fn is_gone(&self) -> bool {
        self.destroyed || humantime::parse_rfc3339(&self.deletion_time).is_ok_and(|time| time <= SystemTime::now())
    }
}

/// Reads the answer to a read of a location.
pub(crate) fn verdict(answer: &Answer, location: &Location, asker: &Asker<'_>) -> Verdict {
    let errors = answer.errors();
    if let Some(outcome) = state::outcome(answer, &errors, asker.address) {
        return Verdict::Outcome(outcome);
    }
    match answer.status.as_u16() {
        200 => Verdict::Outcome(found(answer, location, asker)),
        401 | 403 if unknown_token(&errors) => Verdict::UnknownToken,
        401 | 403 => Verdict::NoRight,
        404 => missing(answer, &errors, location, asker),
        405 => Verdict::Outcome(Outcome::Malformed(
            Reason::new(format!("{} cannot be read: it answers to writes only (405)", location.path()))
                .help("references are read; what an engine makes for a write, such as pki/issue or transit, is not offered"),
        )),
        400 if errors.say("missing client token") => Verdict::UnknownToken,
        400 => Verdict::Outcome(Outcome::Malformed(
            Reason::new(format!("vault does not take the request for {} (400)", location.path()))
                .help(format!("compare with what its own tool says: vault read {}", location.path())),
        )),
        _ => Verdict::Outcome(state::not_vault(answer.status, asker.address)),
    }
}

/// Whether a refusal is of the token, not of the path: a policy's refusal is wrapped in "1 error occurred", or comes with others.
pub(crate) fn unknown_token(errors: &Errors) -> bool {
    errors.are("permission denied") || errors.say("invalid token") || errors.say("bad token")
}

fn found(answer: &Answer, location: &Location, asker: &Asker<'_>) -> Outcome {
    let Some(envelope) = answer.envelope() else { return state::not_vault(answer.status, asker.address) };
    let Some(data) = envelope.data else {
        let reason = Reason::new(format!("vault answers for {} without a secret in it", location.path()));
        return Outcome::Malformed(reason.help(format!("compare with what its own tool says: vault read {}", location.path())));
    };
    if let Ok(versioned) = serde_json::from_str::<Versioned<'_>>(data.get()) {
        return match versioned.data {
            Some(data) => match payload(data, location) {
                Ok(payload) => {
                    let mut fetched = Fetched::new(payload);
                    fetched.version = Some(versioned.metadata.version.to_string());
                    fetched.created = humantime::parse_rfc3339(&versioned.metadata.of.created_time).ok();
                    fetched.not_after = humantime::parse_rfc3339(&versioned.metadata.of.deletion_time).ok();
                    Outcome::Found(fetched)
                }
                Err(outcome) => outcome,
            },
            None => deleted(versioned.metadata.version, &versioned.metadata.of, location),
        };
    }
    if location.version.is_some() {
        let reason = Reason::new(format!("{} has no versions: it is no secret of a KV version 2", location.path()));
        return Outcome::Malformed(reason.help("remove ?version= from the reference, or move the secret to a KV version 2"));
    }
    match payload(data, location) {
        Ok(payload) => {
            let mut fetched = Fetched::new(payload);
            fetched.lease = lease(&envelope);
            fetched.not_after = fetched.lease.as_ref().and_then(|lease| SystemTime::now().checked_add(lease.duration));
            Outcome::Found(fetched)
        }
        Err(outcome) => outcome,
    }
}

/// The lease of what was made for this process. A KV version 1 tells a duration without one, which means nothing.
pub(crate) fn lease(envelope: &Envelope<'_>) -> Option<Lease> {
    let id = envelope.lease_id.as_deref().filter(|id| !id.is_empty())?;
    let duration = Duration::from_secs(envelope.lease_duration.unwrap_or(0));
    Some(Lease::new(id, duration, envelope.renewable.unwrap_or(false)))
}

/// The named values. A member that is `null` has no value, and is left out.
fn payload(data: &RawValue, location: &Location) -> Result<Payload, Outcome> {
    let malformed = |message: String, help: String| Err(Outcome::Malformed(Reason::new(message).help(help)));
    let Ok(Members(members)) = serde_json::from_str::<Members<'_>>(data.get()) else {
        let message = format!("{} does not hold named values, each name once", location.path());
        return malformed(message, format!("compare with what vault's own tool says: vault read {}", location.path()));
    };
    let mut values = Vec::with_capacity(members.len());
    for (name, value) in members {
        if value.get() == "null" {
            continue;
        }
        match json::bytes(value) {
            Some(bytes) => values.push((name, bytes)),
            None => {
                return malformed(
                    format!("a value of {} is no text", location.path()),
                    "store it as base64 and say ?encoding=base64".into(),
                );
            }
        }
    }
    Ok(Payload::Map(values))
}

/// A version whose value cannot be read any more.
pub(crate) fn deleted(version: u64, known: &Version, location: &Location) -> Outcome {
    let (mount, name) = location.versioned().unwrap_or((location.mount(), location.path()));
    if known.destroyed {
        let reason = Reason::new(format!("version {version} of {} is destroyed, and its value is gone for good", location.path()));
        return Outcome::Absent(reason.help(format!("write it again: vault kv put -mount={mount} {name} KEY=VALUE")));
    }
    let since = match humantime::parse_rfc3339(&known.deletion_time) {
        Ok(time) => format!(" at {}", humantime::format_rfc3339_seconds(time)),
        Err(_) => String::new(),
    };
    Outcome::Absent(
        Reason::new(format!("version {version} of {} was deleted{since}", location.path()))
            .help(format!("bring it back: vault kv undelete -versions={version} -mount={mount} {name}"))
            .help(format!("or write it again: vault kv put -mount={mount} {name} KEY=VALUE")),
    )
}

fn missing(answer: &Answer, errors: &Errors, location: &Location, asker: &Asker<'_>) -> Verdict {
    let Some(envelope) = answer.envelope() else { return Verdict::Outcome(state::not_vault(answer.status, asker.address)) };
    if let Some(Ok(versioned)) = envelope.data.map(|data| serde_json::from_str::<Versioned<'_>>(data.get())) {
        return Verdict::Outcome(deleted(versioned.metadata.version, &versioned.metadata.of, location));
    }
    if envelope.warns("Invalid path for a versioned K/V") {
        return Verdict::LacksData;
    }
    if !envelope.is_refusal() && envelope.data.is_none() && envelope.lease_id.is_none() {
        return Verdict::Outcome(state::not_vault(answer.status, asker.address));
    }
    let path = location.path();
    Verdict::Outcome(if errors.say("no handler for route") {
        let place = asker.namespace.map_or_else(|| "the root namespace".to_owned(), |namespace| format!("namespace {namespace}"));
        Outcome::Malformed(
            Reason::new(format!("no secrets engine is mounted where {path} leads, in {place} of vault at {}", asker.address))
                .help(format!("see what is mounted: vault secrets list{}", option(asker.namespace)))
                .help("or the path or the namespace is misspelt: VAULT_NAMESPACE, or ?ns= in the reference"),
        )
    } else if errors.say("namespace not found") {
        let namespace = asker.namespace.unwrap_or("root");
        Outcome::Malformed(
            Reason::new(format!("vault at {} has no namespace {namespace}", asker.address))
                .help("see which there are: vault namespace list; then set VAULT_NAMESPACE, or ?ns= in the reference"),
        )
    } else {
        absent(location, asker)
    })
}

/// Nothing is there. A secret that was never written, a wrong path and a version that was never made have one answer.
pub(crate) fn absent(location: &Location, asker: &Asker<'_>) -> Outcome {
    let path = location.path();
    let namespace = option(asker.namespace);
    let what = location.version.map_or_else(|| path.to_owned(), |version| format!("version {version} of {path}"));
    let reason = Reason::new(format!("vault has nothing at {what} (404)"));
    Outcome::Absent(match location.versioned() {
        Some((mount, name)) => {
            let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let list = format!("vault kv list{namespace} -mount={mount} {folder}");
            reason
                .help(format!("write it: vault kv put{namespace} -mount={mount} {name} KEY=VALUE"))
                .help(format!("or the path is misspelt: {}", list.trim_end()))
                .help(format!("or {mount} is a KV version 1, whose paths have no data/: vault:{mount}/{name}"))
        }
        None => reason
            .help(format!("write it, or make the role that it names: vault write{namespace} {path} …"))
            .help(format!("or the path is misspelt: vault list{namespace} {}", path.rsplit_once('/').map_or(path, |(folder, _)| folder))),
    })
}

/// The option of vault's own tool that names a namespace.
pub(crate) fn option(namespace: Option<&str>) -> String {
    namespace.map_or_else(String::new, |namespace| format!(" -namespace={namespace}"))
}

/// The login may not read the path, as far as the server tells; with what else the same answer can mean.
pub(crate) fn denied(location: &Location, asker: &Asker<'_>) -> Outcome {
    let path = location.path();
    let namespace = option(asker.namespace);
    let mut reason = Reason::new(format!("vault does not let {} read {path} (403)", asker.who))
        .help(format!("allow it in a policy of this login: path \"{path}\" {{ capabilities = [\"read\"] }}; then check: vault token capabilities{namespace} {path}"))
        .help(match asker.namespace {
            Some(name) => format!("or the login is another than expected, or belongs to another namespace than {name}: vault token lookup"),
            None => "or the login is another than expected, or belongs to a namespace and VAULT_NAMESPACE is not set: vault token lookup".to_owned(),
        })
        .help("or the path is misspelt: vault answers the same for what does not exist");
    if location.versioned().is_none()
        && let Some(with_data) = location.with_data()
    {
        let mount = location.mount();
        reason = reason.help(format!("or {mount} is a KV version 2, whose paths have data/ in them: vault:{}", with_data.path()));
    }
    Outcome::Denied(reason)
}
