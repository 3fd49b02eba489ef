//! Redis, with a password: what a database engine makes users in.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use tempfile::TempDir;

use crate::process::{Process, folder};
use crate::{install, ports};

const PASSWORD: &str = "not-a-real-redis-password";

/// A server, whose user `default` has a password and may do everything.
#[derive(Debug)]
pub struct Redis {
    port: u16,
    // The server ends before its folder goes.
    _process: Process,
    _folder: TempDir,
}

impl Redis {
    /// A server with nothing in it.
    pub fn start() -> Self {
        let folder = folder();
        let launch = || {
            let [port] = ports::free();
            let port_text = port.to_string();
            let arguments = ["--port", &port_text, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--requirepass", PASSWORD];
            (Process::start(folder.path(), install::program("redis-server"), &arguments, &[]), port)
        };
        let (process, port) = Process::launch("Redis", launch, |port| ask(*port, "PING").is_some_and(|answer| answer.contains("PONG")));
        Self { port, _process: process, _folder: folder }
    }

    /// Where it listens, on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The password of the user `default`.
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// The names of all users, as `ACL USERS` prints them: whether a user that an engine made is there, and is gone again.
    ///
    /// # Panics
    ///
    /// When the server does not answer.
    pub fn users(&self) -> Vec<String> {
        let answer = ask(self.port, "ACL USERS").unwrap_or_else(|| panic!("Redis does not answer"));
        answer.lines().filter(|line| !line.starts_with(['*', '$', '+'])).map(str::to_owned).collect()
    }
}

/// What it answers to a line, after the password.
fn ask(port: u16, line: &str) -> Option<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_mins(1))).ok()?;
    stream.write_all(format!("AUTH {PASSWORD}\r\n{line}\r\nQUIT\r\n").as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    Some(answer)
}
