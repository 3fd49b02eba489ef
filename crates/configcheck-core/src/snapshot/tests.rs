//! Which value decides, what is kept beside it, and that nothing of a value is handed out.

use super::{ForeignName, Resolved, SetAs, Slot, Snapshot, Violation};
use crate::origin::{Layer, Origin, SourceId, SourceKind};
use crate::provider::OutcomeKind;
use crate::schema::NamedKey;
use crate::snapshot::Entry;
use crate::value::{RawText, RawValue};

fn text(text: &str) -> RawValue {
    RawValue::Text(RawText::new(text.to_owned()))
}

/// An entry whose source has the number of its turn, so that entries can be told apart.
fn entry(turn: u16, layer: Layer) -> Entry {
    Entry { value: text("x"), origin: Origin::of(SourceId(turn)), layer, set_as: SetAs::Name }
}

/// Puts entries of these layers, one after the other, and checks which decides and in which order the others are hidden.
fn check_order(layers: &[Layer], winner: u16, hidden: &[u16]) {
    let mut slot = Slot::default();
    for (turn, layer) in (0..).zip(layers) {
        slot.put(entry(turn, *layer));
    }
    assert_eq!(slot.origin(), Some(Origin::of(SourceId(winner))), "{layers:?}");
    assert_eq!(slot.layer(), layers.iter().copied().max());
    assert_eq!(slot.shadowed().iter().map(|entry| entry.origin.source.0).collect::<Vec<_>>(), hidden, "{layers:?}");
}

#[test]
fn the_highest_layer_decides_and_within_one_the_later() {
    use Layer::{Default, Dotenv, Environment, File};
    check_order(&[Dotenv], 0, &[]);
    check_order(&[Default, Dotenv, Environment], 2, &[0, 1]);
    check_order(&[Environment, Dotenv, Default], 0, &[2, 1]);
    check_order(&[Dotenv, Dotenv], 1, &[0]);
    check_order(&[Environment, Dotenv, Dotenv, File], 0, &[3, 1, 2]);
    check_order(&[Environment, File, Default, Dotenv], 0, &[2, 1, 3]);
}

#[test]
fn a_slot_knows_what_was_said_of_its_key() {
    let mut slot = Slot::default();
    let at = Origin::of(SourceId(3));
    assert!(slot.is_plain() && slot.shadowed().is_empty() && slot.violations().is_empty() && slot.resolved().is_none());
    assert_eq!((slot.empty(), slot.ignored(), slot.layer(), slot.origin()), (None, None, None, None));
    assert!(!slot.is_made_of_others(at));

    slot.more().empty = Some(at);
    slot.more().ignored = Some(Origin::of(SourceId(4)));
    slot.more().made_of_others.push(at);
    slot.more().violations.push(Violation { constraint: 2, message: None });
    assert!(!slot.is_plain());
    assert_eq!((slot.empty(), slot.ignored()), (Some(at), Some(Origin::of(SourceId(4)))));
    assert!(slot.is_made_of_others(at) && !slot.is_made_of_others(Origin::of(SourceId(4))));
    assert_eq!(slot.violations().iter().map(|violation| violation.constraint).collect::<Vec<_>>(), [2]);
}

fn holding(value: RawValue) -> Slot {
    Slot { winner: Some(Entry { value, ..entry(1, Layer::Dotenv) }), ..Slot::default() }
}

#[test]
fn a_condition_is_asked_of_text_and_of_the_texts_of_a_list() {
    let is_short = |text: &str| text.len() < 4;
    assert!(holding(text("abc")).satisfies(is_short));
    assert!(!holding(text("abcd")).satisfies(is_short));
    assert!(holding(RawValue::List(vec![text("abcd"), text("abc")])).satisfies(is_short));
    assert!(!holding(RawValue::List(vec![text("abcd"), RawValue::List(vec![text("abc")])])).satisfies(is_short));
    assert!(!holding(RawValue::Text(RawText::from_bytes(vec![0xff]))).satisfies(|_| true));
    assert!(!holding(RawValue::Table(Vec::new())).satisfies(|_| true));
    assert!(!Slot::default().satisfies(|_| true));
}

fn referring(outcome: OutcomeKind) -> Slot {
    let mut slot = Slot::default();
    slot.more().resolved = Some(Resolved { reference: None, origin: Origin::of(SourceId(1)), outcome, reason: None, help: Vec::new() });
    slot
}

#[test]
fn a_key_is_set_by_a_value_or_by_a_reference_that_nobody_fetched() {
    let of_layer = |layer| Slot { winner: Some(entry(1, layer)), ..Slot::default() };
    let state = |slot: &Slot| (slot.is_set(), slot.is_elsewhere());
    assert_eq!(state(&Slot::default()), (false, false));
    assert_eq!(state(&of_layer(Layer::Default)), (false, false));
    assert_eq!(state(&of_layer(Layer::File)), (true, false));
    assert_eq!(state(&referring(OutcomeKind::NotFetched)), (true, true));
    assert_eq!(state(&referring(OutcomeKind::Denied)), (false, false));
    assert!(referring(OutcomeKind::Denied).resolved().is_some_and(|resolved| resolved.outcome == OutcomeKind::Denied));
}

#[test]
fn a_snapshot_says_whether_anything_sets_a_range_of_keys() {
    let mut snapshot = Snapshot::new(4);
    snapshot.slots[2].put(entry(1, Layer::Dotenv));
    snapshot.slots[3].put(entry(0, Layer::Default));
    assert_eq!([0..2, 1..3, 2..3, 3..4, 2..2].map(|keys| snapshot.sets_any(keys)), [false, true, true, false, false]);
}

#[test]
fn a_source_is_found_by_its_number() {
    let mut snapshot = Snapshot::new(0);
    let dotenv = snapshot.add_source(SourceKind::Dotenv, ".env", Layer::Dotenv, true);
    let environment = snapshot.add_source(SourceKind::Environment, "the environment", Layer::Environment, true);
    assert_eq!((dotenv, environment), (SourceId(1), SourceId(2)));
    assert_eq!([0, 1, 2].map(|id| &*snapshot.source(SourceId(id)).name), ["the default", ".env", "the environment"]);
    assert_eq!(snapshot.source(SourceId(7)).name, "the environment", "a number that nobody gave is the last source");
}

#[test]
fn a_key_is_set_under_its_name_or_an_alias() {
    assert_eq!(SetAs::of(NamedKey { key: 1, alias: None }), SetAs::Name);
    assert_eq!(SetAs::of(NamedKey { key: 1, alias: Some(2) }), SetAs::Alias(2));
}

#[test]
fn names_and_values_of_others_are_not_printed() {
    assert_eq!(format!("{:?}", ForeignName("not-a-real-secret".into())), "ForeignName(…)");
    assert!(!format!("{:?}", holding(text("not-a-real-secret"))).contains("real"));
}

#[test]
fn a_slot_knows_whether_its_value_is_made_of_others() {
    let mut slot = Slot::default();
    slot.put(entry(1, Layer::Dotenv));
    let state = |slot: &Slot| (slot.has_any_made_of_others(), slot.is_winner_made_of_others());
    assert_eq!(state(&slot), (false, false));
    slot.more().empty = Some(Origin::of(SourceId(1)));
    assert_eq!(state(&slot), (false, false));
    slot.more().made_of_others.push(Origin::of(SourceId(2)));
    assert_eq!(state(&slot), (true, false));
    slot.more().made_of_others.push(Origin::of(SourceId(1)));
    assert_eq!(state(&slot), (true, true));
}
