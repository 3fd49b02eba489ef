//! Which references go into one request.

use configcheck_core::provider::Batch;
use configcheck_core::reference::SecretRef;

use crate::reference::{Item, Place, Target};

/// The most secrets that `BatchGetSecretValue` takes.
pub(crate) const SECRETS: usize = 20;
/// The most names that `GetParameters` takes.
pub(crate) const PARAMETERS: usize = 10;

/// What can share a request: the same call, to the same place, as the same identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Group {
    /// Current versions of secrets, 20 a call.
    Secrets(Place),
    /// Parameters by name, 10 a call.
    Parameters(Place),
}

impl Group {
    /// The group of an item; `None` for one that needs a request of its own.
    pub(crate) fn of(item: &Item) -> Option<Self> {
        match &item.target {
            // The batch call takes neither a version nor a stage.
            Target::Secret { version: None, stage: None, .. } => Some(Self::Secrets(item.place.clone())),
            Target::Parameter { .. } => Some(Self::Parameters(item.place.clone())),
            Target::Secret { .. } | Target::Parameters { .. } => None,
        }
    }

    pub(crate) fn most(&self) -> usize {
        match self {
            Self::Secrets(_) => SECRETS,
            Self::Parameters(_) => PARAMETERS,
        }
    }
}

/// Items that go into one request, with whatever belongs to each.
pub(crate) struct Call<T> {
    pub(crate) group: Option<Group>,
    pub(crate) members: Vec<(T, Item)>,
}

/// The requests for some items, each group in the order in which it first stands.
pub(crate) fn calls<T>(items: impl IntoIterator<Item = (T, Item)>) -> Vec<Call<T>> {
    let mut calls: Vec<Call<T>> = Vec::new();
    for (of, item) in items {
        let group = Group::of(&item);
        let fits = |call: &&mut Call<T>| {
            group.is_some()
                && call.group == group
                && call.members.len() < call.group.as_ref().map_or(1, Group::most)
                && !call.members.iter().any(|(_, other)| other.shares_name(&item))
        };
        match calls.iter_mut().find(fits) {
            Some(call) => call.members.push((of, item)),
            None => calls.push(Call { group, members: vec![(of, item)] }),
        }
    }
    calls
}

/// The batches of references. One that is not well formed stands by itself.
pub(crate) fn plan(references: &[SecretRef]) -> Vec<Batch> {
    let (good, bad): (Vec<_>, Vec<_>) =
        references.iter().map(|reference| (reference, Item::of(reference))).partition(|(_, item)| item.is_ok());
    let calls = calls(good.into_iter().filter_map(|(reference, item)| Some((reference, item.ok()?))));
    let batches =
        calls.into_iter().map(|call| Batch { references: call.members.into_iter().map(|(reference, _)| reference.clone()).collect() });
    batches.chain(bad.into_iter().map(|(reference, _)| Batch::of(reference.clone()))).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    fn references(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<SecretRef> {
        texts.into_iter().map(|text| SecretRef::parse(text.as_ref()).unwrap().unwrap()).collect()
    }

    fn sizes(texts: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<usize> {
        plan(&references(texts)).iter().map(|batch| batch.references.len()).collect()
    }

    #[test]
    fn fifty_secrets_are_three_calls() {
        assert_eq!(sizes((0..50).map(|number| format!("aws-sm:secret-{number}"))), [20, 20, 10]);
    }

    #[test]
    fn twenty_three_parameters_are_three_calls() {
        assert_eq!(sizes((0..23).map(|number| format!("aws-ssm:/p/{number}?version=1"))), [10, 10, 3]);
    }

    #[test]
    fn versions_of_one_parameter_do_not_share_a_call() {
        assert_eq!(sizes(["aws-ssm:/a", "aws-ssm:/a?version=1", "aws-ssm:/b", "aws-ssm:/a?label=x", "aws-ssm:/b?version=2"]), [2, 2, 1]);
    }

    #[test]
    fn versions_and_stages_are_asked_for_one_by_one() {
        let version = "0123456789abcdef0123456789abcdef";
        let texts =
            ["aws-sm:a".to_owned(), "aws-sm:b?stage=AWSPREVIOUS".to_owned(), format!("aws-sm:c?version={version}"), "aws-sm:d".to_owned()];
        assert_eq!(sizes(texts), [2, 1, 1]);
    }

    #[test]
    fn places_and_identities_do_not_share_a_call() {
        let role = "role_arn=arn:aws:iam::123456789012:role/reader";
        let texts = [
            "aws-sm:a".to_owned(),
            "aws-sm:b?region=eu-west-1".to_owned(),
            "aws-sm:c?profile=prod".to_owned(),
            format!("aws-sm:d?{role}"),
            "aws-sm:e?region=eu-west-1".to_owned(),
            "aws-ssm:/a".to_owned(),
            "aws-ssm:/all/".to_owned(),
        ];
        assert_eq!(sizes(texts), [1, 2, 1, 1, 1, 1]);
    }

    #[test]
    fn every_reference_is_in_one_batch_and_bad_ones_stand_alone() {
        let all = references(["aws-sm:a", "aws-sm:b?colour=red", "aws-sm:c", "aws-sm:d?colour=red"]);
        let planned: Vec<SecretRef> = plan(&all).into_iter().flat_map(|batch| batch.references).collect();
        assert_eq!(planned.len(), all.len());
        assert!(all.iter().all(|reference| planned.contains(reference)));
        assert_eq!(sizes(["aws-sm:a", "aws-sm:b?colour=red", "aws-sm:c", "aws-sm:d?colour=red"]), [2, 1, 1]);
    }
}
