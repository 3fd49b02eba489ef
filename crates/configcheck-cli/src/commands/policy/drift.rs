//! Says how a policy in use differs from the one that is needed.

use configcheck_core::display::escaped;
use configcheck_policy::Drift;

pub(super) fn render(path: &str, drift: &Drift) -> String {
    let path = escaped(path);
    if drift.is_none() {
        return format!("{path}: grants just what is declared\n");
    }
    let counted = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 permission is {what}")),
        count => Some(format!("{count} permissions are {what}")),
    };
    let counts = [counted(drift.missing.len(), "missing"), counted(drift.extra.len(), "too much")];
    let counts: Vec<String> = counts.into_iter().flatten().collect();
    let mut text = format!("{path}: {}\n", counts.join(", "));
    for (word, lines) in [("missing", &drift.missing), ("too much", &drift.extra)] {
        for line in lines {
            text.push_str(&format!("  {word}: {}\n", escaped(line)));
        }
    }
    text.push_str("  help: the same command without --check prints the policy that is needed\n");
    text
}
