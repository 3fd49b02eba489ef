//! What it costs when many replicas start at once, for people and for programs.

use configcheck_core::display::escaped;
use configcheck_core::json::Object;
use configcheck_policy::fleet::{Cost, READ, Requests};

use super::json_text::number;
use crate::findings::Fleet;

/// A line of its own for each kind of request, the manager whose limit is hit first on top.
pub(super) fn text(fleets: &[Fleet]) -> String {
    let mut text = String::new();
    for fleet in fleets {
        text.push_str(&format!("\n{}: when {} replicas start at once\n", escaped(&fleet.target), grouped(fleet.replicas)));
        if fleet.costs.is_empty() {
            text.push_str("  no reference leads to a secret manager, so that nothing limits them\n");
        }
        fleet.costs.iter().for_each(|cost| write_cost(&mut text, cost));
        match fleet.costs.as_slice() {
            [first, _, ..] if first.seconds().is_some() => text.push_str(&format!("  the limit of {} is hit first\n", name(first))),
            _ => {}
        }
    }
    if fleets.iter().any(|fleet| !fleet.costs.is_empty()) {
        text.push_str(&format!("  the quotas are the defaults as of {READ}: look them up again before you plan with them\n"));
    }
    text
}

fn name(cost: &Cost) -> String {
    if cost.scope.is_empty() { cost.manager.to_owned() } else { format!("{} ({})", cost.manager, escaped(&cost.scope)) }
}

fn write_cost(text: &mut String, cost: &Cost) {
    let secrets = if cost.secrets == 1 { "1 secret".to_owned() } else { format!("{} secrets", cost.secrets) };
    text.push_str(&format!("  {}: {secrets}\n", name(cost)));
    for requests in &cost.requests {
        text.push_str(&format!("    {}\n", line(requests)));
        if let Some(singles) = &requests.singles {
            text.push_str(&format!("    one by one, when that is throttled: {}\n", line(singles)));
        }
    }
    if !cost.advice.is_empty() {
        text.push_str(&format!("    help: {}\n", cost.advice));
    }
}

fn line(requests: &Requests) -> String {
    let calls = if requests.per_start == 1 { "1 call".to_owned() } else { format!("{} calls", grouped(requests.per_start)) };
    let counted = format!("{}: {calls} a start, {} in all", requests.call, grouped(requests.total));
    let (Some(quota), Some(seconds)) = (requests.quota, requests.seconds) else { return format!("{counted}; no limit by default") };
    let each = match quota.seconds {
        1 => "a second".to_owned(),
        60 => "a minute".to_owned(),
        3_600 => "an hour".to_owned(),
        seconds => format!("in {seconds} s"),
    };
    let day = requests.part_of_day.map_or_else(String::new, |part| format!(", and {:.0} % of what a day allows", part * 100.0));
    format!("{counted}; {} at {} {each}{day}, {}", time(seconds), grouped(quota.calls), quota.of)
}

/// `4.5 s`, `150 s`, `4.5 h`.
fn time(seconds: f64) -> String {
    let (amount, unit) = if seconds >= 7_200.0 { (seconds / 3_600.0, "h") } else { (seconds, "s") };
    if amount < 0.1 {
        return "less than 0.1 s".to_owned();
    }
    let text = format!("{amount:.1}");
    format!("{} {unit}", text.strip_suffix(".0").unwrap_or(&text))
}

/// A number with commas between its thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let comma = |at: usize| if at > 0 && (digits.len() - at).is_multiple_of(3) { "," } else { "" };
    digits.char_indices().map(|(at, digit)| format!("{}{digit}", comma(at))).collect()
}

/// The member of a JSON document.
pub(super) fn write(o: &mut Object<'_>, fleets: &[Fleet]) {
    if fleets.is_empty() {
        return;
    }
    o.list("fleets", |list| {
        for fleet in fleets {
            list.object(|o| {
                o.text("target", &fleet.target);
                o.number("replicas", fleet.replicas);
                o.text("quotas_read", READ);
                o.list("managers", |list| fleet.costs.iter().for_each(|cost| list.object(|o| write_manager(o, cost))));
            });
        }
    });
}

fn write_manager(o: &mut Object<'_>, cost: &Cost) {
    o.text("manager", cost.manager);
    o.text_if("scope", Some(cost.scope.as_str()).filter(|scope| !scope.is_empty()));
    o.number("secrets", number(cost.secrets));
    write_seconds(o, cost.seconds());
    o.list("requests", |list| {
        for requests in &cost.requests {
            list.object(|o| {
                write_requests(o, requests);
                if let Some(singles) = &requests.singles {
                    o.object("singles", |o| write_requests(o, singles));
                }
            });
        }
    });
    o.text_if("help", Some(cost.advice).filter(|advice| !advice.is_empty()));
}

fn write_requests(o: &mut Object<'_>, requests: &Requests) {
    o.text("call", requests.call);
    o.number("per_start", requests.per_start);
    o.number("total", requests.total);
    write_seconds(o, requests.seconds);
    if let Some(quota) = requests.quota {
        o.object("quota", |o| {
            o.number("calls", quota.calls);
            o.number("seconds", quota.seconds);
            if let Some(per_day) = quota.per_day {
                o.number("per_day", per_day);
            }
            o.text("of", quota.of);
        });
    }
}

/// How long it takes; left out where nothing limits it.
fn write_seconds(o: &mut Object<'_>, seconds: Option<f64>) {
    if let Some(seconds) = seconds.filter(|seconds| seconds.is_finite()) {
        o.raw("seconds", &seconds.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        for (number, expected) in [(0, "0"), (999, "999"), (1_000, "1,000"), (45_000, "45,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(number), expected);
        }
        for (seconds, expected) in
            [(0.0, "less than 0.1 s"), (0.4, "0.4 s"), (4.5, "4.5 s"), (150.0, "150 s"), (7_199.0, "7199 s"), (16_200.0, "4.5 h")]
        {
            assert_eq!(time(seconds), expected);
        }
    }
}
