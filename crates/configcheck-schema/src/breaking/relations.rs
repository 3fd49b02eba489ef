//! What keys demand of each other: that another is set, that it is not, that exactly one of several is.

use configcheck_core::Schema;

use super::list::Changes;
use super::pairs::Pairs;
use super::subject::Subject;

pub(super) fn compare(pairs: &Pairs, old: &Subject<'_>, new: &Subject<'_>, changes: &mut Changes) {
    let variable = new.variable();
    let (come, gone) = difference(pairs, old, new, |subject| siblings(subject, subject.spec().requires));
    if !come.is_empty() {
        let names = come.join(" and ");
        let next_step = format!("where {variable} is set, set {names} too before the release");
        changes.error("requires-added", format!("{variable} demands {names} now"), next_step);
    }
    if !gone.is_empty() {
        let names = gone.join(" and ");
        changes.note("requires-removed", format!("{variable} does not demand {names} any more"), keep(&names));
    }
    let (come, gone) = difference(pairs, old, new, |subject| siblings(subject, subject.spec().conflicts));
    if !come.is_empty() {
        let names = come.join(" or ");
        let next_step = format!("where both are set, remove {variable} or {names}");
        changes.error("conflicts-added", format!("{variable} may not be set beside {names} any more"), next_step);
    }
    if !gone.is_empty() {
        let names = gone.join(" and ");
        changes.note("conflicts-removed", format!("{variable} may be set beside {names}"), keep(&names));
    }
}

fn keep(names: &str) -> String {
    format!("nothing; the old release still sees {names} as before")
}

/// The keys of the same struct, by their indices.
fn siblings(subject: &Subject<'_>, fields: &[&str]) -> Vec<usize> {
    fields.iter().filter_map(|field| subject.schema.sibling_of(subject.index, field)).collect()
}

/// The keys that a list has gained and lost. One that both schemas have counts as the same under whatever name.
fn difference<'a>(
    pairs: &Pairs,
    old: &Subject<'a>,
    new: &Subject<'a>,
    list: impl Fn(&Subject<'a>) -> Vec<usize>,
) -> (Vec<&'a str>, Vec<&'a str>) {
    let (before, now) = (list(old), list(new));
    let come = now.iter().filter(|index| !pairs.of_new(**index).is_some_and(|(other, _)| before.contains(&other)));
    let gone = before.iter().filter(|index| !pairs.of_old(**index).is_some_and(|other| now.contains(&other)));
    let name = |schema: &'a Schema, index: usize| &*schema.keys()[index].variable;
    (come.map(|index| name(new.schema, *index)).collect(), gone.map(|index| name(old.schema, *index)).collect())
}

/// The groups of which exactly one key must be set.
fn groups(schema: &Schema) -> Vec<Vec<usize>> {
    let mut groups: Vec<((&str, &str), Vec<usize>)> = Vec::new();
    for (index, key) in schema.keys().iter().enumerate() {
        let Some(name) = key.spec.one_of else { continue };
        let id = (key.path.rsplit_once('.').map_or("", |(parent, _)| parent), name);
        match groups.iter_mut().find(|(other, _)| *other == id) {
            Some((_, members)) => members.push(index),
            None => groups.push((id, vec![index])),
        }
    }
    groups.into_iter().map(|(_, members)| members).collect()
}

/// Compares the groups of which exactly one key must be set.
pub(super) fn compare_groups(pairs: &Pairs, old: &Schema, new: &Schema, changes: &mut Changes) {
    let names = |schema: &Schema, members: &[usize]| -> String {
        members.iter().map(|index| &*schema.keys()[*index].variable).collect::<Vec<_>>().join(", ")
    };
    let before = groups(old);
    let mut continued = vec![false; before.len()];
    for members in groups(new) {
        let Some(first) = members.first() else { continue };
        changes.about_new(&Subject { schema: new, index: *first });
        let is_member = |index: &usize| pairs.of_old(*index).is_some_and(|other| members.contains(&other));
        match before.iter().position(|group| group.iter().any(is_member)) {
            None => {
                let message = format!("exactly one of {} must be set now", names(new, &members));
                changes.error("one-of-added", message, format!("see that exactly one of {} is set", names(new, &members)));
            }
            Some(at) => {
                continued[at] = true;
                let lost: Vec<usize> = before[at].iter().copied().filter(|index| !is_member(index)).collect();
                if !lost.is_empty() {
                    let (lost, left) = (names(old, &lost), names(new, &members));
                    let message = format!("{lost} does not stand for {left} any more: exactly one of {left} must be set");
                    changes.error("one-of-narrowed", message, format!("where only {lost} is set, set one of {left}"));
                }
            }
        }
    }
    for (group, _) in before.iter().zip(continued).filter(|(_, continued)| !continued) {
        let Some(first) = group.first() else { continue };
        match pairs.of_old(*first) {
            Some(index) => changes.about_new(&Subject { schema: new, index }),
            None => changes.about_old(&old.keys()[*first]),
        }
        let message = format!("it need not be exactly one of {} any more", names(old, group));
        changes.note("one-of-removed", message, keep(&names(old, group)));
    }
}
