//! Failures of `.env` files.

use super::*;

pub(super) fn dotenv_files() -> Vec<Failure> {
    let line = |before: &'static str, after: &'static str| move |secret: &[u8]| around(before, secret, after);
    vec![
        dotenv::<settings::Number>(".env: wrong type", |secret| joined(&[b"TOKEN=", &quoted_for_env(secret), b"\nSIZE=1\n"])),
        dotenv::<settings::Number>(".env: raw", line("TOKEN=", "\n")),
        dotenv::<settings::Two>(".env: raw, and a finding behind it", line("TOKEN=", "\nSIZE=x\nSISE=2\n")),
        dotenv::<settings::Two>(".env: good, and findings before and behind it", |secret| {
            joined(&[b"SIZE=x\nTOKEN=", &quoted_for_env(secret), b"\nSISE=2\nnonsense\n"])
        }),
        dotenv::<settings::Token>(".env: double quote that is never closed", line("A=1\nTOKEN=\"", "\nB=2\n")),
        dotenv::<settings::Token>(".env: single quote that is never closed", line("TOKEN='", "\nB=2\n")),
        dotenv::<settings::Token>(".env: text behind the quote", line("TOKEN=\"", "\" and more\n")),
        dotenv::<settings::Token>(".env: secret behind the quote", line("TOKEN=\"\" ", "\n")),
        dotenv::<settings::Token>(".env: no =", line("", "\n")),
        dotenv::<settings::Token>(".env: no = behind export", line("export ", "\n")),
        dotenv::<settings::Token>(".env: colon for =", line("TOKEN: ", "\n")),
        dotenv::<settings::Token>(".env: blanks around =", line("TOKEN = ", "\n")),
        dotenv::<settings::Token>(".env: secret as the key", line("", "=1\n")),
        dotenv::<settings::Token>(".env: secret as the key with nothing behind it", line("", "=\n")),
        dotenv::<settings::Token>(".env: bad key", line("bad ", "=1\n")),
        dotenv::<settings::Token>(".env: secret as a key in quotes", line("\"", "\"=1\n")),
        dotenv::<settings::Token>(".env: secret before the key", line("", " TOKEN=1\n")),
        dotenv::<settings::Token>(".env: secret at the end of the key", line("SOME_OTHER_", "=1\n")),
        dotenv::<settings::Token>(".env: NUL behind the secret", line("TOKEN=", "\0\n")),
        dotenv::<settings::Token>(".env: NUL before the secret", line("TOKEN=\0", "\n")),
        dotenv::<settings::Token>(".env: bytes that are no text behind the secret", |secret| joined(&[b"TOKEN=", secret, b"\xff\n"])),
        dotenv::<settings::Token>(".env: bytes that are no text, in quotes", |secret| joined(&[b"TOKEN=\"", secret, b"\xff\"\n"])),
        dotenv::<settings::Token>(".env: UTF-16", |secret| {
            let text = format!("TOKEN={}\n", lossy(secret));
            [0xfeff_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
        }),
        dotenv::<settings::Token>(".env: two different values", |secret| {
            let value = quoted_for_env(secret);
            joined(&[b"TOKEN=not-a-real-one\nTOKEN=", &value, b"\n"])
        }),
        dotenv::<settings::Token>(".env: two different values, the secret first", |secret| {
            joined(&[b"TOKEN=", &quoted_for_env(secret), b"\nTOKEN=not-a-real-one\n"])
        }),
        dotenv::<settings::Token>(".env: the same value twice", |secret| {
            let value = quoted_for_env(secret);
            joined(&[b"TOKEN=", &value, b"\nTOKEN=", &value, b"\n"])
        }),
        dotenv::<settings::Token>(".env: unknown key", |secret| joined(&[b"SOME_OTHER_KEY=", &quoted_for_env(secret), b"\n"])),
        dotenv::<settings::Token>(".env: slip in the key", |secret| joined(&[b"TOKNE=", &quoted_for_env(secret), b"\n"])),
        dotenv::<settings::Token>(".env: two on one line", line("A=1 TOKEN=", " B=2\n")),
        dotenv::<settings::Token>(".env: commented out", line("# TOKEN=", "\n")),
        dotenv::<settings::Token>(".env: comment behind the value", |secret| {
            joined(&[b"TOKEN=", &quoted_for_env(secret), b" # configcheck: ignore[x]\n"])
        }),
        failure::<settings::Token>(".env: too large", |folder, secret| {
            std::fs::write(folder.join(".env"), around("TOKEN=", secret, "\n")).unwrap();
            std::fs::OpenOptions::new().write(true).open(folder.join(".env")).unwrap().set_len(17 << 20).unwrap();
            base().dotenv_dir(folder)
        }),
        failure::<settings::Number>(".env: KEY_FILE that is the secret", |folder, secret| {
            std::fs::write(folder.join(".env"), joined(&[b"TOKEN_FILE=", &quoted_for_env(secret), b"\n"])).unwrap();
            base().dotenv_dir(folder)
        }),
        failure::<settings::Number>(".env: in .env.local over .env", |folder, secret| {
            std::fs::write(folder.join(".env"), "TOKEN=1\n").unwrap();
            std::fs::write(folder.join(".env.local"), joined(&[b"TOKEN=", &quoted_for_env(secret), b"\n"])).unwrap();
            base().dotenv_dir(folder)
        }),
    ]
}
