//! Pairs of different secrets that are equally valid: of one form, and of any content and length that the form allows.

/// The seed of every run; a failure says the number of its pair, and that is enough to make it again.
pub(crate) const SEED: u64 = 0x9e37_79b9_7f4a_7c15;

/// How many pairs are compared.
pub(crate) const PAIRS: usize = 1_000;

/// Numbers that look random and are the same on every run.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(number: usize) -> Self {
        Self(SEED ^ u64::try_from(number).unwrap().wrapping_mul(0xd134_2543_de82_ef95))
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn text(&mut self, alphabet: &[u8], count: usize) -> String {
        (0..count).map(|_| char::from(alphabet[self.below(alphabet.len())])).collect()
    }
}

/// Letters that make neither a number nor a word that anybody takes for a placeholder.
const LETTERS: &[u8] = b"ghjkmpqvwxzGHJKMPQVWXZ";
const DIGITS: &[u8] = b"123456789";

/// Makes a text of one form.
type Make = fn(&mut Random) -> String;

/// The forms. The texts of one form are taken or refused alike by every kind of failure.
pub(crate) const FORMS: [(&str, Make); 8] = [
    ("letters", |random| {
        let count = 7 + random.below(120);
        format!("w{}", random.text(LETTERS, count))
    }),
    ("words", |random| {
        let (one, two, three) = (3 + random.below(9), 3 + random.below(9), 3 + random.below(30));
        format!("w{}-{}-{}", random.text(LETTERS, one), random.text(LETTERS, two), random.text(LETTERS, three))
    }),
    ("number", |random| {
        let count = 11 + random.below(7);
        random.text(DIGITS, count)
    }),
    ("leading zero", |random| {
        let count = 11 + random.below(7);
        format!("0{}", random.text(DIGITS, count))
    }),
    ("URL with a password", |random| {
        let count = 7 + random.below(50);
        format!("postgres://app:{}@db.example.com:5432/shop", random.text(LETTERS, count))
    }),
    ("bad URL with a password", |random| {
        let count = 7 + random.below(50);
        format!("postgres://app:{}@db.example.com:54a32/shop", random.text(LETTERS, count))
    }),
    ("JSON", |random| {
        let count = 7 + random.below(50);
        format!("{{\"password\": \"{}\", \"port\": 5432}}", random.text(LETTERS, count))
    }),
    ("lines", |random| {
        let (count, behind) = (7 + random.below(20), 7 + random.below(200));
        format!("{}-{}\n::error::{}", random.text(LETTERS, count), random.text(LETTERS, count), random.text(LETTERS, behind))
    }),
];

/// The form of a pair, and its two secrets, which differ in content and length.
pub(crate) fn pair(number: usize) -> (&'static str, String, String) {
    let mut random = Random::new(number);
    let (form, make) = FORMS[number % FORMS.len()];
    let one = make(&mut random);
    loop {
        let other = make(&mut random);
        if other.len() != one.len() && other != one {
            return (form, one, other);
        }
    }
}

#[test]
fn secrets_of_a_pair_differ() {
    for number in 0..PAIRS {
        let (form, one, other) = pair(number);
        assert!(one != other && one.len() != other.len(), "{number}: {form}");
        assert_eq!(pair(number).1, one, "a pair is made again by its number");
    }
}
