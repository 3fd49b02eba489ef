//! Masks passwords in what looks like a URL or a connection string, well formed or not.

use std::borrow::Cow;

use super::settings;

/// Masks the userinfo of everything in the text that looks like a URL, well formed or not: `scheme://user:password@host` becomes
/// `scheme://***@host`. What stands between the first `//` and the last `@` is userinfo, so that a password with `/`, `?` or `@` in it
/// is covered too; the values of settings called password or token are masked before. Rather too much is masked than too little.
pub fn mask_userinfo(text: &str) -> Cow<'_, str> {
    let mut masked = Cow::Borrowed(text);
    if let Some(settings) = settings::mask(text) {
        masked = Cow::Owned(mask_swallowed(settings));
    }
    if let Some(encoded) = mask_encoded(&masked) {
        masked = Cow::Owned(encoded);
    }
    if masked.contains("//") || masked.contains('@') {
        let authorities = mask_authorities(&masked);
        if *authorities != *masked {
            masked = Cow::Owned(authorities);
        }
    }
    masked
}

/// A password with `;password=` in it hides the `@` of its URL: what stands before the setting is masked too, unless the authority is
/// plainly a host with its port.
fn mask_swallowed(masked: settings::Masked) -> String {
    let settings::Masked { text, swallowed } = masked;
    let swallowing = swallowed.and_then(|end| text[..end].find("//").map(|at| (at + 2, end)));
    match swallowing {
        Some((start, end)) if !starts_with_host(&text[start..]) => format!("{}***{}", &text[..start], &text[end..]),
        _ => text,
    }
}

/// A host, a port if any, and then the end or settings behind a `;` or in a query.
fn starts_with_host(authority: &str) -> bool {
    match authority.find([':', '/', '?', '#', ';', ',']) {
        Some(at) if authority[at..].starts_with(':') => is_port(&authority[at + 1..]),
        _ => true,
    }
}

/// `postgres%3A%2F%2Fapp%3Apassword%40db`: a URL within a URL.
fn mask_encoded(text: &str) -> Option<String> {
    const SCHEME_END: &[u8] = b"%3a%2f%2f";
    let start = text.as_bytes().windows(SCHEME_END.len()).position(|window| window.eq_ignore_ascii_case(SCHEME_END))? + SCHEME_END.len();
    let end = start + text[start..].rfind("%40").max(text[start..].rfind('@'))?;
    Some(format!("{}***{}", &text[..start], &text[end..]))
}

/// Masks up to the last `@` of the text, and the ports behind it that are none.
fn mask_authorities(text: &str) -> String {
    let Some(at) = text.rfind('@') else { return mask_ports(text) };
    match start_of_userinfo(&text[..at]) {
        Some(start) => format!("{}***{}", &text[..start], mask_ports(&text[at..])),
        None => mask_ports(text),
    }
}

/// Where the userinfo starts in what stands before the last `@`: behind the first `//`. Without a scheme it is behind the first colon of
/// `user:password@host` or the first slash of `user/password@host`; `ops@example.com` has none.
fn start_of_userinfo(text: &str) -> Option<usize> {
    let slashes = text.find("//");
    if slashes.is_some_and(|at| at == 0 || text[..at].ends_with(':')) {
        return slashes.map(|at| at + 2);
    }
    let colon = text.find(':').map(|at| at + 1);
    let slash = text.find('/').filter(|at| *at > 0 && !text[..*at].contains(|c: char| c == '.' || c.is_whitespace())).map(|at| at + 1);
    [slashes.map(|at| at + 2), colon, slash].into_iter().flatten().min()
}

/// Without an `@` a port that is no number is masked, since a password may stand there.
fn mask_ports(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let (mut copied, mut from) = (0, 0);
    while let Some(start) = text[from..].find("//").map(|at| from + at + 2) {
        from = start;
        let Some(port) = start_of_port(text, start) else { continue };
        from = port;
        if !is_port(&text[port..]) {
            masked.push_str(&text[copied..port]);
            masked.push_str("***");
            copied = end_of_password(text, port);
            from = copied;
        }
    }
    masked.push_str(&text[copied..]);
    masked
}

/// Behind the colon of the authority that starts here; the colons of `[::1]` do not count.
fn start_of_port(text: &str, start: usize) -> Option<usize> {
    let end =
        text[start..].find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | ',' | '|')).map_or(text.len(), |at| start + at);
    let authority = &text[start..end];
    let host = match authority.find(']') {
        Some(close)
            if authority.starts_with('[') && authority[1..close].bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.')) =>
        {
            close
        }
        _ => 0,
    };
    authority[host..].find(':').map(|colon| start + host + colon + 1)
}

fn is_port(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    if digits.is_empty() {
        return rest.is_empty();
    }
    digits.parse::<u16>().is_ok()
        && match rest.chars().next() {
            None | Some('/' | '?' | '#' | ',') => true,
            Some(';') => starts_with_setting(&rest[1..]),
            Some(c) => c.is_whitespace(),
        }
}

/// A setting `name=…` or nothing, as it stands behind the port in `//db:1433;user=app`.
fn starts_with_setting(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '_' | '-'));
    text.is_empty() || (rest.len() < text.len() && rest.starts_with('='))
}

/// A password may have a blank or a comma in it, so it ends at the last of these before the next `//`.
fn end_of_password(text: &str, start: usize) -> usize {
    let mut from = start;
    while let Some(next) = text[from..].find("//").map(|at| from + at) {
        if let Some(end) = text[from..next].rfind(|c: char| c.is_whitespace() || matches!(c, ',' | '|')) {
            return from + end;
        }
        from = next + 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::mask_userinfo;

    #[test]
    fn masks_passwords_and_leaves_the_rest() {
        for (text, expected) in CASES {
            assert_eq!(mask_userinfo(text), *expected, "{text}");
            assert_eq!(mask_userinfo(expected), *expected, "again: {text}");
        }
    }

    const CASES: &[(&str, &str)] = &[
        ("postgres://app:hunter2@db:54a32/shop", "postgres://***@db:54a32/shop"),
        ("postgres://app:p@ss/w?o#rd@db/shop", "postgres://***@db/shop"),
        ("//app:hunter2@db", "//***@db"),
        ("app:hunter2@db", "app:***@db"),
        ("https://token@host/", "https://***@host/"),
        ("redis://:hunter2@h, redis://:other@i", "redis://***@i"),
        ("postgres://app:hun ter\"2@db/shop", "postgres://***@db/shop"),
        ("postgres://app:hunter2", "postgres://app:***"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("http://localhost:8080/a", "http://localhost:8080/a"),
        ("https://host/a?password=hunter2&x=1", "https://host/a?password=***&x=1"),
        ("Host=db;Password=hunter2;Port=1", "Host=db;Password=***;Port=1"),
        ("ops@example.com", "ops@example.com"),
        ("https://host/path", "https://host/path"),
        ("plain", "plain"),
        // Settings before the `@`.
        ("Server=tcp:db.windows.net,1433;User ID=a;Password=hunt@er2;", "Server=tcp:db.windows.net,1433;User ID=a;Password=***;"),
        ("jdbc:sqlserver://db:1433;user=a;password=P@ss;encrypt=true", "jdbc:sqlserver://db:1433;user=a;password=***;encrypt=true"),
        ("postgres://u:hunt/er;password=x@db;a=b", "postgres://***;a=b"),
        ("jdbc:sqlserver://db;user=a;password=P@ss", "jdbc:sqlserver://db;user=a;password=***"),
        // The end of a value.
        ("Password=a#b&c d;Port=1", "Password=***;Port=1"),
        ("Password=\"a;b\";Port=1", "Password=\"***\";Port=1"),
        ("Password='a;''b';Port=1", "Password='***';Port=1"),
        ("Password=a\"b;c\"d;Port=1", "Password=***;Port=1"),
        ("Password=\"a\"b;Port=1", "Password=***;Port=1"),
        ("Password=\"a;b", "Password=***"),
        ("https://h/?x=1&db_password=a;b c#top", "https://h/?x=1&db_password=***#top"),
        ("host=db password=a b&c", "host=db password=***"),
        ("a=1&password=x;Port=1&b=2", "a=1&password=***;Port=1&b=2"),
        ("https://h/?x=1;password=a;Port=1", "https://h/?x=1;password=***;Port=1"),
        ("is it? password=a;Port=1", "is it? password=***;Port=1"),
        ("password=\"", "password=***"),
        // The names of settings.
        ("Password = x", "Password = ***"),
        ("Endpoint=sb://h/;SharedAccessKey=a=;E=1", "Endpoint=sb://h/;SharedAccessKey=***;E=1"),
        ("https://h/c?sv=1&sig=a%3D&se=2", "https://h/c?sv=1&sig=***&se=2"),
        ("pass=x", "pass=***"),
        ("pw=x", "pw=***"),
        ("passphrase=x", "passphrase=***"),
        ("client_secret=x", "client_secret=***"),
        ("access_token=x", "access_token=***"),
        ("secret_key=x", "secret_key=***"),
        ("api-key=x", "api-key=***"),
        ("apikey=x", "apikey=***"),
        ("trustStorePassword=x", "trustStorePassword=***"),
        ("password: x", "password: ***"),
        ("{\"password\":\"x\",\"a\":\"b\"}", "{\"password\":\"***\",\"a\":\"b\"}"),
        ("Bearer x", "Bearer ***"),
        ("Bearer ", "Bearer "),
        ("basic-auth", "basic-auth"),
        ("Authorization: basic x", "Authorization: basic ***"),
        ("design=x;bypass=y;key=z;monkey=a;basics=b", "design=x;bypass=y;key=z;monkey=a;basics=b"),
        ("secret://shop/db", "secret://shop/db"),
        // Several authorities, and ports.
        ("http://a:1,http://b:pw|http://c:pw http://d:2/x", "http://a:1,http://b:***|http://c:*** http://d:2/x"),
        ("http://h:a//b http://c:d", "http://h:*** http://c:***"),
        ("redis://a:b@c redis://d:pw", "redis://***@c redis://d:***"),
        ("PLAINTEXT://0.0.0.0:9092,PLAINTEXT://0.0.0.0:9093", "PLAINTEXT://0.0.0.0:9092,PLAINTEXT://0.0.0.0:9093"),
        ("http://h:65535", "http://h:65535"),
        ("http://h:65536", "http://h:***"),
        ("http://h:12345678?a", "http://h:***"),
        ("http://h:80;pw", "http://h:***"),
        ("http://h:80pw", "http://h:***"),
        ("http://h:80 pw", "http://h:80 pw"),
        ("password=a\"b;c=d", "password=***"),
        ("postgres://app:hun/ter,2", "postgres://app:***"),
        ("http://[::1]:pw", "http://[::1]:***"),
        ("http://[app:pw", "http://[app:***"),
        ("http://[app:pw]", "http://[app:***"),
        ("http://app:p]w", "http://app:***"),
        ("http://h:80;=pw", "http://h:***"),
        ("http://host/at:noon", "http://host/at:noon"),
        // Without a scheme, and encoded.
        ("scott/tiger@db", "scott/***@db"),
        ("scott/ti//g:er@db", "scott/***@db"),
        ("scott/tiger@//db:1521/x", "scott/***@//db:1521/x"),
        ("a.b//app:hunter2@db", "a.b//***@db"),
        ("/etc/unit@2", "/etc/unit@2"),
        ("./etc/unit@2", "./etc/unit@2"),
        ("postgres%3A%2F%2Fapp%3Apw%40db", "postgres%3A%2F%2F***%40db"),
        ("https://h/?u=postgres%3a%2f%2fapp%3apw%40db", "https://h/?u=postgres%3a%2f%2f***%40db"),
    ];
}
