//! Random `.env` texts.

/// What readers of `.env` files disagree about.
const PIECES: &[&str] = &[
    "\"",
    "\"",
    "\"",
    "'",
    "'",
    "'",
    "`",
    "\\",
    "\\",
    "\\n",
    "\\r",
    "\\t",
    "\\\"",
    "\\'",
    "\\$",
    "\\\\",
    "#",
    "#",
    " #",
    " # ",
    "$",
    "$$",
    "${",
    "}",
    "$A",
    "${A}",
    "${OUTER}",
    "${A:-d}",
    "${NOPE:-d}",
    "${A-d}",
    "${A:+x}",
    ":-",
    "$(x)",
    " ",
    " ",
    "  ",
    "\t",
    "=",
    ":",
    ": ",
    ",",
    ";",
    "{",
    "}",
    "x",
    "y",
    "0",
    "x y",
    "A",
    "B",
    "export",
    "export ",
    "\n",
    "\n",
    "\r\n",
    "\r",
    "\nB=",
    "\nexport B=",
    "\n'",
    "\n\"",
    "\u{e9}",
    "\u{1f600}",
    "\u{a0}",
    "\u{2028}",
    "\u{85}",
    "\u{feff}",
    "\u{b}",
    "\u{c}",
    "\u{1c}",
    "\u{200b}",
    "-",
    ".",
    "_",
    "[",
    "/",
    "\0",
    "-----BEGIN KEY-----\n",
    "c2VjcmV0=\n",
];

const KEYS: &[&str] =
    &["A", "B", "C_1", "A.B", "A-B", "1A", "a", "OUTER", "\u{c9}", "A B", "'A'", "\"A\"", "", "export", "exportA", "A#", "$A", "__proto__"];

const BEFORE: &[&str] = &["", "", "", "", " ", "\t", "export ", "export  ", " export\t", "# ", "#", "\u{feff}", "export\n", "; "];

const EQUALS: &[&str] = &["=", "=", "=", "=", " = ", "= ", " =", "=\t", ": ", ":", "", " ", "==", "=\n", " \n= "];

const ENDS: &[&str] = &["\n", "\n", "\n", "\r\n", "\r", "", " \n", " # c\n", "#c\n", "\n\n"];

/// Numbers that look random and are the same for one seed.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn several(&mut self, most: usize, of: &[&str]) -> String {
        let count = self.below(most + 1);
        (0..count).map(|_| self.one(of)).collect()
    }
}

/// So many texts: most are lines of an assignment each, some are pieces without any order.
pub(crate) fn random(seed: u64, count: usize) -> Vec<String> {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    (0..count).map(|_| text(&mut random)).collect()
}

fn text(random: &mut Random) -> String {
    if random.below(8) == 0 {
        return random.several(16, PIECES);
    }
    let lines = 1 + random.below(4);
    (0..lines).map(|_| line(random)).collect()
}

fn line(random: &mut Random) -> String {
    let value = random.several(7, PIECES);
    let value = match random.below(5) {
        0 => format!("\"{value}\""),
        1 => format!("'{value}'"),
        2 => format!("`{value}`"),
        _ => value,
    };
    [random.one(BEFORE), random.one(KEYS), random.one(EQUALS), &value, random.one(ENDS)].concat()
}
