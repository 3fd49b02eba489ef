//! Asks a built service for its schema: starts it with `CONFIGCHECK=schema`, reads what it prints and makes sure that it ends.

use std::ffi::OsString;
use std::io::{self, Read as _};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use configcheck_core::Schema;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// The most that a service may print.
const LARGEST: u64 = 16 << 20;

/// How long a wait for the end of a service is before it is looked at again.
const PAUSE: Duration = Duration::from_millis(10);

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

fn output_of(program: &str, arguments: &[OsString], limit: Duration) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let deadline = Instant::now() + limit;
    let mut command = Command::new(program);
    command.args(arguments).env("CONFIGCHECK", "schema").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| cannot_start(program, &error))?;
    let (sender, receiver) = mpsc::channel();
    if let Some(mut stdout) = child.stdout.take() {
        // The thread ends with the pipe. It is not waited for: a process that the service left behind may hold the pipe open.
        thread::spawn(move || {
            let mut bytes = Zeroizing::new(Vec::new());
            let result = stdout.by_ref().take(LARGEST + 1).read_to_end(&mut bytes);
            // Nobody listens any more when the time is over.
            let _ = sender.send(result.map(|_| bytes));
        });
    }
    let output = match receiver.recv_timeout(limit) {
        Ok(Ok(output)) if output.len() as u64 <= LARGEST => output,
        Ok(Ok(_)) => {
            end(&mut child);
            return Err(Failure::incomplete(format!("the service printed more than {} MiB", LARGEST >> 20)).at(program).help(ADVICE));
        }
        Ok(Err(_)) | Err(mpsc::RecvTimeoutError::Disconnected) => {
            end(&mut child);
            return Err(Failure::incomplete("what the service prints cannot be read").at(program));
        }
        Err(mpsc::RecvTimeoutError::Timeout) => return Err(too_slow(program, &mut child, limit)),
    };
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(output),
            Ok(Some(status)) => return Err(ended(program, status)),
            Ok(None) if Instant::now() < deadline => thread::sleep(PAUSE),
            Ok(None) => return Err(too_slow(program, &mut child, limit)),
            Err(_) => return Err(Failure::incomplete("the end of the service cannot be seen").at(program)),
        }
    }
}

fn cannot_start(program: &str, error: &io::Error) -> Failure {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "build the service first, and give the path of what was built, such as ./target/debug/service",
        io::ErrorKind::PermissionDenied => "give a file that may be executed",
        _ => "give a program that was built for this machine",
    };
    Failure::incomplete(format!("the service cannot be started: {}", error.kind())).at(program).help(help)
}

fn ended(program: &str, status: ExitStatus) -> Failure {
    let how = status.code().map_or_else(|| "was ended by a signal".to_owned(), |code| format!("ended with {code}"));
    Failure::incomplete(format!("the service {how} and printed no schema")).at(program).help(ADVICE)
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
