//! How bytes of the fuzzer become an input: as they stand, or as pieces of a grammar, one for each byte.

/// The bytes behind the first one as they stand when that is even, as a `T` is; else a piece of the grammar for each of them.
///
/// A byte behind the last piece stands for itself, so that a mutation can leave the grammar at any point.
pub(crate) fn read(bytes: &[u8], pieces: &[&str]) -> Vec<u8> {
    match bytes.split_first() {
        None => Vec::new(),
        Some((first, rest)) if first % 2 == 0 => rest.to_vec(),
        Some((_, rest)) => joined(rest, pieces),
    }
}

/// A piece of the grammar for each byte.
pub(crate) fn joined(bytes: &[u8], pieces: &[&str]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len() * 3);
    for byte in bytes {
        match pieces.get(usize::from(*byte)) {
            Some(piece) => text.extend_from_slice(piece.as_bytes()),
            None => text.push(*byte),
        }
    }
    text
}

/// Half of the bytes and the other half: the first byte says where the first ends.
pub(crate) fn two(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.split_first() {
        None => (&[], &[]),
        Some((first, rest)) => rest.split_at(usize::from(*first).min(rest.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::{read, two};

    #[test]
    fn bytes_stand_for_themselves_or_for_pieces() {
        let check = |bytes: &[u8], expected: &[u8]| assert_eq!(read(bytes, &["A=", "\n"]), expected);
        check(b"", b"");
        check(b"TA=1", b"A=1");
        check(b"G\x00x\x01", b"A=x\n");
    }

    #[test]
    fn the_first_byte_says_where_to_part() {
        assert_eq!(two(b""), (&b""[..], &b""[..]));
        assert_eq!(two(b"\x01ab"), (&b"a"[..], &b"b"[..]));
        assert_eq!(two(b"\x09ab"), (&b"ab"[..], &b""[..]));
    }
}
