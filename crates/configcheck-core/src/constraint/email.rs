//! Whether text is an e-mail address, by the rule of HTML that validator uses too.

use std::net::IpAddr;

/// Whether the text is an e-mail address as HTML's `<input type=email>` reads it; a domain may be international or an address in brackets.
///
/// ```
/// use configcheck_core::constraint::is_email;
///
/// assert!(is_email("ops@example.com"));
/// assert!(is_email("ops@[127.0.0.1]"));
/// assert!(!is_email("ops@example.com "));
/// ```
pub fn is_email(text: &str) -> bool {
    let Some((user, domain)) = text.rsplit_once('@') else { return false };
    if user.chars().count() > 64 || domain.chars().count() > 255 {
        return false;
    }
    is_user(user) && (is_domain(domain) || is_literal(domain))
}

fn is_user(user: &str) -> bool {
    !user.is_empty() && user.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte))
}

fn is_domain(domain: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric());
    domain.split('.').all(|label| {
        label.len() <= 63 && label.starts_with(letter) && label.ends_with(letter) && label.chars().all(|c| letter(c) || c == '-')
    })
}

fn is_literal(domain: &str) -> bool {
    domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).is_some_and(|address| address.parse::<IpAddr>().is_ok())
}
