//! Whether text that somebody else chose repeats a secret.

/// How many bytes in a row count as a piece of a secret.
const PIECE: usize = 6;

/// Whether text holds a piece of a secret, six bytes in a row, or the whole of a shorter one, in letters of either case. A server chooses the names that a report tells of
/// it, such as that of a version or a role, and could repeat in them what it was sent, or what it holds.
///
/// ```
/// use configcheck_core::display::holds_piece_of;
///
/// assert!(holds_piece_of("role-not-a-r", b"not-a-real-token"));
/// assert!(holds_piece_of("NOT-A-REAL", b"not-a-real-token"));
/// assert!(!holds_piece_of("checkout", b"not-a-real-token"));
/// ```
pub fn holds_piece_of(text: &str, secret: &[u8]) -> bool {
    let text = text.as_bytes();
    if secret.len() < PIECE {
        return !secret.is_empty() && text.eq_ignore_ascii_case(secret);
    }
    secret.windows(PIECE).any(|piece| text.windows(PIECE).any(|window| window.eq_ignore_ascii_case(piece)))
}

#[cfg(test)]
mod tests {
    use super::holds_piece_of;

    #[test]
    fn a_piece_is_six_bytes_or_the_whole_of_less() {
        assert!(holds_piece_of("x-real-t", b"not-a-real-token"));
        assert!(!holds_piece_of("real", b"not-a-real-token"));
        assert!(!holds_piece_of("checkout", b"not-a-real-token"));
        assert!(holds_piece_of("the-secret-is", b"secret"));
        assert!(holds_piece_of("abc", b"abc"));
        assert!(!holds_piece_of("abcd", b"abc"));
        assert!(!holds_piece_of("", b"") && !holds_piece_of("abc", b"") && !holds_piece_of("", b"not-a-real-token"));
    }
}
