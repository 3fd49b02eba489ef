//! Small inputs that would take all memory, stack or time of a careless reader: the command says what is wrong with each of its own files, soon, and
//! without growing. The readers of the libraries have theirs in `tests/bombs`.
#![allow(clippy::print_stdout, reason = "the figures are printed")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// More memory than this is not taken above a run on good files, in KiB.
const MOST_KIB: u64 = 32 * 1024;

/// A run that takes longer hangs.
const HANGS: Duration = Duration::from_mins(1);

const SCHEMA: &str = r#"{"version":1,"name":"shop","environment_variable":"APP_ENV","keys":[
{"variable":"API_KEY","path":"api_key","file_path":"api_key","type":{"kind":"text"},"required":true,"secret":true,"from":["vault:secret/data/shop#a","aws-sm:shop#a","k8s:shop/a#a"]}
]}"#;

/// One file that is a bomb, and the command that reads it.
struct Bomb {
    file: &'static str,
    make: fn() -> Vec<u8>,
    command: &'static str,
    says: &'static str,
}

fn nested(start: &str, piece: &str) -> Vec<u8> {
    format!("{start}{}", piece.repeat(100_000)).into_bytes()
}

const BOMBS: &[Bomb] = &[
    Bomb { file: "configcheck.toml", make: || nested("a = ", "["), command: "check .env", says: "configcheck.toml" },
    Bomb { file: "configcheck.toml", make: || nested("a = ", "{ a = "), command: "check .env", says: "configcheck.toml" },
    Bomb { file: "configcheck.toml", make: || nested("a", ".a"), command: "check .env", says: "configcheck.toml" },
    Bomb {
        file: "configcheck.toml",
        make: || format!("[{}a]\n", "a.".repeat(20_000)).into_bytes(),
        command: "check .env",
        says: "configcheck.toml",
    },
    Bomb { file: "config.schema.json", make: || nested("", "{\"a\":"), command: "check .env", says: "config.schema.json" },
    Bomb { file: "config.schema.json", make: long_key, command: "schema --as json-schema", says: "config.schema.json" },
    Bomb { file: "baseline.json", make: || nested("", "["), command: "check .env --baseline baseline.json", says: "baseline" },
    Bomb { file: "baseline.json", make: many_findings, command: "check .env --baseline baseline.json", says: "baseline" },
    Bomb {
        file: "policy.json",
        make: || nested("", "["),
        command: "policy iam --region * --account * --kms-key none --check policy.json",
        says: "policy.json",
    },
    Bomb { file: "policy.hcl", make: || nested("path \"a\" { a = ", "["), command: "policy vault --check policy.hcl", says: "policy.hcl" },
    Bomb { file: "policy.yaml", make: || nested("", "["), command: "policy k8s-rbac --check policy.yaml", says: "policy.yaml" },
    Bomb { file: ".git/index", make: || index(u32::MAX, 10), command: "check .env", says: "" },
    Bomb { file: ".git/index", make: || index(200_000, 200_000), command: "check .env", says: "" },
    Bomb { file: ".env", make: || b"A=\"x\n".repeat(20_000), command: "check .env", says: "never closed" },
];

/// A key that lies 20,000 tables deep.
fn long_key() -> Vec<u8> {
    SCHEMA.replace("\"file_path\":\"api_key\"", &format!("\"file_path\":\"{}a\"", "a.".repeat(20_000))).into_bytes()
}

fn many_findings() -> Vec<u8> {
    format!("{{\"format\":\"configcheck-baseline/v1\",\"findings\":[{}]}}", "[],".repeat(200_000)).into_bytes()
}

/// An index that says it has so many entries, and one that has so many.
fn index(said: u32, held: usize) -> Vec<u8> {
    let mut bytes = [b"DIRC".as_slice(), &2_u32.to_be_bytes(), &said.to_be_bytes()].concat();
    for _ in 0..held {
        let mut entry = [0; 72];
        entry[61] = 1;
        entry[62] = b'a';
        bytes.extend_from_slice(&entry);
    }
    bytes.extend_from_slice(&[0; 20]);
    bytes
}

#[test]
fn every_bomb_is_refused_soon_and_without_growing() {
    let usual = run(None);
    let mut wrong = Vec::new();
    for bomb in BOMBS {
        let (millis, kib, said) = run(Some(bomb));
        let (kib, name) = (kib.saturating_sub(usual.1), format!("{} of {} bytes", bomb.file, (bomb.make)().len()));
        println!("figure: Z6.command.{} ms={millis} KiB={kib}", bomb.file);
        if kib > MOST_KIB {
            wrong.push(format!("{name}: took {kib} KiB"));
        }
        if !said.contains(bomb.says) || said.contains("panicked") || said.contains("overflow") {
            wrong.push(format!("{name}: should name {:?}, but said: {said:.600}", bomb.says));
        }
    }
    println!("figure: Z6.command bombs={} refused={}", BOMBS.len(), BOMBS.len() - wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Runs the command in a folder with good files and the bomb, and gives back its milliseconds, the most memory it held and what it said.
fn run(bomb: Option<&Bomb>) -> (u128, u64, String) {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    put("config.schema.json", SCHEMA.as_bytes());
    put(".env", b"API_KEY=not-a-real-key\n");
    if let Some(bomb) = bomb {
        put(bomb.file, &(bomb.make)());
    }
    let output = folder.path().join("output");
    let said = fs::File::create(&output).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_configcheck"));
    command.args(bomb.map_or("check .env", |bomb| bomb.command).split(' ')).current_dir(folder.path());
    command.stdin(Stdio::null()).stdout(said.try_clone().unwrap()).stderr(said);
    let (start, mut child, mut most) = (Instant::now(), command.spawn().unwrap(), 0);
    let status = Path::new("/proc").join(child.id().to_string()).join("status");
    let ended = loop {
        // The peak only grows, so that the last look sees it but for what came behind that.
        most = peak(&status).max(most);
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        if start.elapsed() > HANGS {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{:?} hangs", bomb.map(|bomb| bomb.file));
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    let said = String::from_utf8_lossy(&fs::read(&output).unwrap()).into_owned();
    assert!(ended.code().is_some_and(|code| code < 4), "{:?} ended with {ended}: {said:.600}", bomb.map(|bomb| bomb.file));
    (start.elapsed().as_millis(), most, said)
}

/// The most memory that a process has held so far, in KiB; nothing once it has ended.
fn peak(status: &Path) -> u64 {
    let status = fs::read_to_string(status).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or_default()
}
