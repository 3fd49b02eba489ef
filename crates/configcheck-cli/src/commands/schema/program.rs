//! Asks a built service for its schema: starts it with `CONFIGCHECK=schema`, reads what it prints and makes sure that it ends.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use configcheck_core::Schema;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::io_reason::reason;

/// The most that a service may print.
const LARGEST: usize = 16 << 20;

/// How long a wait for the end of a service is before it is looked at again.
const PAUSE: Duration = Duration::from_millis(10);

/// How long a pipe that another process holds open is read when the service has ended.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// How much is read at once.
const PIECE: usize = 16 << 10;

/// How the text of a schema begins.
const BEGINNING: &[u8] = b"{\"version\":";

/// What a service must do to answer.
const ADVICE: &str = "the service prints its schema where it calls `load_or_exit`: call it first in `main`, and give what the service \
                      needs to come that far after `--`";

/// The schema that a service prints. What it prints beside it is shown to nobody, since it may hold values.
pub(super) fn schema_of(program: &str, arguments: &[OsString], seconds: u64) -> Result<Schema, Failure> {
    let output = output_of(program, arguments, Duration::from_secs(seconds))?;
    if output.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::incomplete("the service ended well and printed no schema").at(program).help(ADVICE));
    }
    let document = document(&output).ok_or_else(|| Failure::usage("what the service printed is no schema").at(program).help(ADVICE))?;
    match configcheck_schema::read(document) {
        Ok(file) => Ok(file.schema),
        Err(error) => Err(Failure::usage(format!("the schema that the service printed cannot be read: {}", error.message))
            .at(program)
            .help("build the service with a configcheck of the same release as this command")),
    }
}

/// The schema in what was printed: the line that begins as a schema does, for a service that prints other lines too, or all of it.
fn document(output: &[u8]) -> Option<&[u8]> {
    let line = output.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).rfind(|line| line.starts_with(BEGINNING));
    line.or_else(|| Some(output.trim_ascii()).filter(|all| all.first() == Some(&b'{')))
}

/// What the service prints until it has ended.
fn output_of(program: &str, arguments: &[OsString], limit: Duration) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut deadline = Instant::now() + limit;
    let mut command = Command::new(program);
    command.args(arguments).env("CONFIGCHECK", "schema").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| cannot_start(program, &error))?;
    let pieces = pieces_of(child.stdout.take());
    let mut output = Zeroizing::new(Vec::new());
    let mut status = None;
    loop {
        let is_closed = match pieces.recv_timeout(PAUSE) {
            Ok(Ok(piece)) if output.len() + piece.len() <= LARGEST => {
                output.extend_from_slice(&piece);
                false
            }
            Ok(Ok(_)) => {
                end(&mut child);
                return Err(Failure::incomplete(format!("the service printed more than {} MiB", LARGEST >> 20)).at(program).help(ADVICE));
            }
            Ok(Err(_)) => {
                end(&mut child);
                return Err(Failure::incomplete("what the service prints cannot be read").at(program));
            }
            Err(mpsc::RecvTimeoutError::Timeout) => false,
            Err(mpsc::RecvTimeoutError::Disconnected) => true,
        };
        if status.is_none() {
            status = child.try_wait().map_err(|_| Failure::incomplete("the end of the service cannot be seen").at(program))?;
            if status.is_some() {
                // A process that the service left behind may hold the pipe open: what was printed is in it already.
                deadline = deadline.min(Instant::now() + LAST_WORDS);
                continue;
            }
        }
        match status {
            Some(status) if is_closed || Instant::now() >= deadline => {
                return if status.success() { Ok(output) } else { Err(ended(program, status, &output)) };
            }
            None if Instant::now() >= deadline => return Err(too_slow(program, &mut child, limit)),
            _ if is_closed => thread::sleep(PAUSE),
            _ => {}
        }
    }
}

/// What comes out of a pipe, read by a thread that ends with the pipe, or when nobody listens any more.
fn pieces_of(pipe: Option<ChildStdout>) -> mpsc::Receiver<io::Result<Zeroizing<Vec<u8>>>> {
    let (sender, receiver) = mpsc::channel();
    let Some(mut pipe) = pipe else { return receiver };
    thread::spawn(move || {
        loop {
            let mut piece = Zeroizing::new(vec![0; PIECE]);
            let result = match pipe.read(&mut piece) {
                Ok(0) => return,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Ok(count) => {
                    piece.truncate(count);
                    Ok(piece)
                }
                Err(error) => Err(error),
            };
            if sender.send(result).is_err() {
                return;
            }
        }
    });
    receiver
}

fn cannot_start(program: &str, error: &io::Error) -> Failure {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "build the service first, and give the path of what was built, such as ./target/debug/service",
        io::ErrorKind::PermissionDenied => "give a file that may be executed",
        _ => "give a program that was built for this machine",
    };
    Failure::incomplete(format!("the service cannot be started: {}", reason(error))).at(program).help(help)
}

fn ended(program: &str, status: ExitStatus, output: &[u8]) -> Failure {
    let how = status.code().map_or_else(|| "was ended by a signal".to_owned(), |code| format!("ended with {code}"));
    let is_printed = document(output).is_some_and(|document| configcheck_schema::read(document).is_ok());
    let (what, help) = if is_printed {
        ("after it had printed its schema", "see what goes wrong behind `load_or_exit`: with CONFIGCHECK=schema nothing else should run")
    } else {
        ("and printed no schema", ADVICE)
    };
    Failure::incomplete(format!("the service {how} {what}")).at(program).help(help)
}

fn too_slow(program: &str, child: &mut Child, limit: Duration) -> Failure {
    end(child);
    Failure::incomplete(format!("the service did not end within {} s, and was stopped", limit.as_secs())).at(program).help(ADVICE)
}

/// Stops the service.
fn end(child: &mut Child) {
    // It may have ended by itself in the meantime.
    let _ = child.kill();
    let _ = child.wait();
}
