//! The nearest of some known names to a mistyped one.

/// The known name nearest to the given one, when it is near enough to be a slip: a third of its letters at most, swaps counted once.
///
/// ```
/// use configcheck_core::suggest::nearest;
///
/// assert_eq!(nearest("DATABSE_URL", ["PORT", "DATABASE_URL"]), Some("DATABASE_URL"));
/// assert_eq!(nearest("HOME", ["PORT", "DATABASE_URL"]), None);
/// ```
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .filter_map(|candidate| {
            let distance = distance(name, candidate)?;
            Some((distance, candidate))
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The longest name that is compared, in bytes.
const LONGEST: usize = 64;

/// The number of slips between two names, ASCII letters of either case alike; `None` when there are too many for a slip.
fn distance(a: &str, b: &str) -> Option<usize> {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let longest = a.len().max(b.len());
    let allowed = if longest <= 2 { 0 } else { (longest / 3).clamp(1, 3) };
    if longest > LONGEST || a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut before_last = [0; LONGEST + 1];
    let mut last = [0; LONGEST + 1];
    let mut row = [0; LONGEST + 1];
    (0..=b.len()).for_each(|at| last[at] = at);
    for (i, letter_a) in a.iter().enumerate() {
        row[0] = i + 1;
        let mut best = row[0];
        for (j, letter_b) in b.iter().enumerate() {
            let differs = usize::from(!letter_a.eq_ignore_ascii_case(letter_b));
            let mut slips = (last[j] + differs).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && letter_a.eq_ignore_ascii_case(&b[j - 1]) && a[i - 1].eq_ignore_ascii_case(letter_b) {
                slips = slips.min(before_last[j - 1] + 1);
            }
            row[j + 1] = slips;
            best = best.min(slips);
        }
        if best > allowed {
            return None;
        }
        (before_last, last, row) = (last, row, before_last);
    }
    Some(last[b.len()]).filter(|distance| *distance <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, known: &[&'static str], expected: Option<&str>) {
        assert_eq!(nearest(name, known.iter().copied()), expected, "{name}");
    }

    #[test]
    fn finds_slips_and_no_more() {
        check("PROT", &["PORT"], Some("PORT"));
        check("JWT_SECRT", &["JWT_SECRET", "PORT"], Some("JWT_SECRET"));
        check("database_url", &["DATABASE_URL"], Some("DATABASE_URL"));
        check("REDIS_URI", &["REDIS_URL"], Some("REDIS_URL"));
        check("PATH", &["PORT"], None);
        check("PO", &["PA"], None);
        check("", &["A", "PORT"], None);
        check("PORT", &[], None);
    }
}
