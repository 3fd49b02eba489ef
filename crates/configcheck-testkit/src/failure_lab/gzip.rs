//! A short gzip stream of many zeros, made without a compressor: one zero, then "the same 258 bytes again" as often as it takes.

/// How often eight repetitions of 258 bytes are repeated.
const EIGHTS: usize = 65_536;

/// How many zeros the stream becomes: a little over 128 MiB.
#[expect(clippy::cast_possible_truncation, reason = "the number is below 2^32")]
pub(super) const ZEROS: u32 = 1 + (EIGHTS * 8 * 258) as u32;

/// The stream, of less than 1 MiB.
pub(super) fn bomb() -> Vec<u8> {
    let mut stream = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut bits = Bits::default();
    // The last block, with the fixed codes.
    bits.low_first(1, 1);
    bits.low_first(1, 2);
    bits.high_first(0b0011_0000, 8);
    // Eight times 13 bits are 13 bytes, which are the same from the second time on.
    bits.eight_repetitions();
    let first = bits.bytes.len();
    bits.eight_repetitions();
    let again = bits.bytes[first..].repeat(EIGHTS - 2);
    bits.bytes.extend(again);
    bits.high_first(0, 7);
    stream.extend(bits.finish());
    stream.extend(crc_of_zeros(ZEROS).to_le_bytes());
    stream.extend(ZEROS.to_le_bytes());
    stream
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    byte: u8,
    filled: u32,
}

impl Bits {
    fn bit(&mut self, bit: u32) {
        if bit & 1 == 1 {
            self.byte |= 1 << self.filled;
        }
        self.filled += 1;
        if self.filled == 8 {
            self.bytes.push(self.byte);
            (self.byte, self.filled) = (0, 0);
        }
    }

    fn low_first(&mut self, value: u32, count: u32) {
        (0..count).for_each(|at| self.bit(value >> at));
    }

    fn high_first(&mut self, value: u32, count: u32) {
        (0..count).rev().for_each(|at| self.bit(value >> at));
    }

    /// Eight times length 258, distance 1.
    fn eight_repetitions(&mut self) {
        for _ in 0..8 {
            self.high_first(0b1100_0101, 8);
            self.high_first(0, 5);
        }
    }

    fn finish(mut self) -> Vec<u8> {
        while self.filled > 0 {
            self.bit(0);
        }
        self.bytes
    }
}

/// The checksum of so many zeros. One zero changes the checksum linearly, and so do many: the step is squared as often as it takes.
fn crc_of_zeros(mut count: u32) -> u32 {
    let one_byte = |mut state: u32| {
        for _ in 0..8 {
            state = if state & 1 == 1 { (state >> 1) ^ 0xedb8_8320 } else { state >> 1 };
        }
        state
    };
    // What becomes of each bit of the state.
    let mut step: [u32; 32] = std::array::from_fn(|bit| one_byte(1 << bit));
    let apply = |step: &[u32; 32], state: u32| (0..32).filter(|bit| state >> bit & 1 == 1).fold(0, |sum, bit| sum ^ step[bit]);
    let mut state = u32::MAX;
    while count > 0 {
        if count & 1 == 1 {
            state = apply(&step, state);
        }
        step = std::array::from_fn(|bit| apply(&step, step[bit]));
        count >>= 1;
    }
    !state
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_is_that_of_zeros() {
        // `zlib.crc32(bytes(n))`.
        assert_eq!(super::crc_of_zeros(0), 0);
        assert_eq!(super::crc_of_zeros(1), 0xd202_ef8d);
        assert_eq!(super::crc_of_zeros(4), 0x2144_df1c);
        assert_eq!(super::crc_of_zeros(1_000_000), 0x1279_cb9e);
    }

    #[test]
    fn a_bomb_is_shorter_than_a_body_may_be() {
        let bomb = super::bomb();
        assert!(bomb.len() < 1 << 20, "{}", bomb.len());
        assert_eq!(super::ZEROS, 135_266_305);
    }
}
