//! Each broken provider is caught, and by the requirement that is about its fault.

use configcheck_testkit::conformance;

use super::memory::{Broken, Memory};

/// The names of what a broken provider does not keep.
fn caught(broken: Broken) -> Vec<&'static str> {
    let report = conformance::examine(&Memory::broken(broken));
    report.failed().iter().map(|failed| failed.requirement).collect()
}

/// Each fault, and the requirement that has to catch it.
const FAULTS: [(Broken, &str); 41] = [
    (Broken::AbsentIsDenied, "absent-is-absent"),
    (Broken::AbsentIsEmpty, "absent-is-absent"),
    (Broken::BinaryIsMadeText, "binary-value-is-exact"),
    (Broken::CachesValues, "nothing-is-cached"),
    (Broken::CheckAcceptsEverything, "check-refuses-malformed-references"),
    (Broken::CheckRefusesEngineOptions, "check-accepts-options-of-the-engine"),
    (Broken::CheckRefusesGoodReferences, "check-accepts-good-references"),
    (Broken::CutsLongValues, "long-value-is-exact"),
    (Broken::DebugShowsThePayload, "no-secret-is-shown"),
    (Broken::DeniedHasNoHelp, "denied-is-denied"),
    (Broken::DeniedIsAbsent, "denied-is-denied"),
    (Broken::DeniedSpoilsTheBatch, "denied-is-one-item"),
    (Broken::DroppedFetchKeepsALock, "dropped-fetch-does-no-harm"),
    (Broken::EmptyIsAbsent, "empty-value-is-found"),
    (Broken::EndedSessionIsAbsent, "ended-session-is-auth-failed"),
    (Broken::EndedSessionIsDenied, "ended-session-is-auth-failed"),
    (Broken::ForgetsTheLastOutcome, "outcomes-are-in-order"),
    (Broken::IdentityFails, "identity-has-a-name"),
    (Broken::IdentityShowsTheToken, "no-secret-is-shown"),
    (Broken::MapLosesAField, "map-fields-are-exact"),
    (Broken::MixesUpOutcomes, "outcomes-are-in-order"),
    (Broken::OneFailureSpoilsTheBatch, "one-failure-is-one-item"),
    (Broken::OneSessionAtATime, "sessions-are-apart"),
    (Broken::PanicsOnAbsent, "absent-is-absent"),
    (Broken::PlanDropsTheLast, "plan-is-complete"),
    (Broken::PlanIsRandom, "plan-is-deterministic"),
    (Broken::PlanRepeats, "plan-is-complete"),
    (Broken::ProbeFetches, "probe-takes-no-value"),
    (Broken::ProbeMissesWhatIsThere, "probe-agrees-with-fetch"),
    (Broken::ProbeSeesEverything, "probe-tells-denied"),
    (Broken::ReasonHasTwoLines, "reasons-are-one-line"),
    (Broken::ReasonShowsAPrefix, "no-secret-is-shown"),
    (Broken::ReasonShowsTheTokenAsBase64, "no-secret-is-shown"),
    (Broken::RemovedStays, "removed-is-absent"),
    (Broken::SharesOutcomesBetweenFetches, "session-serves-many-at-once"),
    (Broken::StrangerFindsNothing, "stranger-is-auth-failed"),
    (Broken::TakesOtherSchemes, "scheme-is-its-own"),
    (Broken::TrimsValues, "value-is-exact"),
    (Broken::UnknownOptionIsNotNamed, "check-refuses-unknown-options"),
    (Broken::VersionsAreOne, "versions-are-kept-apart"),
    (Broken::VersionsHaveNoName, "versions-are-kept-apart"),
];

#[test]
fn every_fault_is_caught_by_the_requirement_that_is_about_it() {
    let missed: Vec<String> = FAULTS
        .iter()
        .filter_map(|(broken, expected)| {
            let caught = caught(*broken);
            (!caught.contains(expected)).then(|| format!("{broken:?} is not caught by {expected}, but by {caught:?}"))
        })
        .collect();
    assert!(missed.is_empty(), "{}", missed.join("\n"));
}

#[test]
fn every_requirement_can_fail() {
    let able: Vec<&str> = FAULTS.iter().map(|(_, requirement)| *requirement).collect();
    let never: Vec<&str> = conformance::requirements().map(|(name, ..)| name).filter(|name| !able.contains(name)).collect();
    assert!(never.is_empty(), "no broken provider stands for {never:?}");
}

#[test]
fn most_faults_are_caught_by_few_requirements() {
    // A fault that everything catches proves nothing of the requirement that is about it.
    let exact = [
        Broken::BinaryIsMadeText,
        Broken::CachesValues,
        Broken::CutsLongValues,
        Broken::DeniedHasNoHelp,
        Broken::DroppedFetchKeepsALock,
        Broken::EmptyIsAbsent,
        Broken::EndedSessionIsDenied,
        Broken::IdentityShowsTheToken,
        Broken::ProbeFetches,
        Broken::RemovedStays,
        Broken::TrimsValues,
    ];
    for broken in exact {
        let caught = caught(broken);
        assert!(caught.len() <= 2, "{broken:?}: {caught:?}");
    }
}

#[test]
fn a_report_names_all_that_is_not_kept_and_shows_no_secret() {
    let report = conformance::examine(&Memory::broken(Broken::IdentityShowsTheToken));
    let text = report.to_string();
    assert!(text.starts_with("not kept: no-secret-is-shown: no value and no credential stands in"), "{text}");
    assert!(text.contains("    a secret stands in Debug of an identity\n"), "{text}");
    assert!(text.contains("\nkept: value-is-exact\n"), "{text}");
    assert!(!text.contains(super::memory::TOKEN), "{text}");
}

#[test]
#[should_panic(expected = "not kept: value-is-exact: a value arrives byte for byte as it was stored\n    blanks at both ends: ")]
fn a_check_panics_with_the_report() {
    conformance::check(&Memory::broken(Broken::TrimsValues));
}
