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

/// The number of slips between two names, letters of either case alike; `None` when there are too many for a slip.
fn distance(a: &str, b: &str) -> Option<usize> {
    let a: Vec<char> = a.chars().map(|c| c.to_ascii_lowercase()).collect();
    let b: Vec<char> = b.chars().map(|c| c.to_ascii_lowercase()).collect();
    let longest = a.len().max(b.len());
    let allowed = if longest <= 2 { 0 } else { (longest / 3).clamp(1, 3) };
    if longest > 200 || a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut before_last: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1; b.len() + 1];
        for (j, cb) in b.iter().enumerate() {
            let swap = i > 0 && j > 0 && *ca == b[j - 1] && a[i - 1] == *cb;
            row[j + 1] = (last[j] + usize::from(ca != cb)).min(last[j + 1] + 1).min(row[j] + 1);
            if swap {
                row[j + 1] = row[j + 1].min(before_last[j - 1] + 1);
            }
        }
        before_last = std::mem::replace(&mut last, row);
    }
    let distance = last[b.len()];
    (distance <= allowed).then_some(distance)
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
