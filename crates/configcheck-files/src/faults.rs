//! Faults between this crate and the operating system, for tests: the n-th call fails, or something happens before it.
//!
//! Everything on this thread that reads or writes through this crate meets the fault, so that tests can run beside each other.

use std::cell::RefCell;
use std::ffi::OsString;
use std::fmt;
use std::fs::{File, ReadDir};
use std::io;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::system::{Machine, Stat, System};

/// What goes wrong.
#[derive(Clone)]
pub enum Fault {
    /// The call fails with this number of an error, such as 28 for `ENOSPC`, and the one after it works again.
    Once(i32),
    /// The call and every later one of the same name fail with this number.
    Always(i32),
    /// From this call on no call reads or writes more than one byte.
    Short,
    /// Something else happens before the call, and the call is made.
    Meanwhile(Arc<dyn Fn() + Send + Sync>),
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Once(error) => f.debug_tuple("Once").field(error).finish(),
            Self::Always(error) => f.debug_tuple("Always").field(error).finish(),
            Self::Short => f.write_str("Short"),
            Self::Meanwhile(_) => f.write_str("Meanwhile"),
        }
    }
}

/// A fault that is in force on this thread until this is dropped.
#[derive(Debug)]
pub struct Injected {
    /// It belongs to its thread.
    _thread: PhantomData<*const ()>,
}

struct State {
    at: u64,
    fault: Fault,
    calls: u64,
    struck: Option<&'static str>,
}

thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// Puts a fault at the n-th call of this thread from now, counted from 1; 0 only counts.
pub fn inject(at: u64, fault: Fault) -> Injected {
    STATE.set(Some(State { at, fault, calls: 0, struck: None }));
    Injected { _thread: PhantomData }
}

impl Injected {
    /// How many calls there were.
    pub fn calls(&self) -> u64 {
        STATE.with_borrow(|state| state.as_ref().map_or(0, |state| state.calls))
    }

    /// The name of the call that met the fault; `None` when there were fewer calls.
    pub fn struck(&self) -> Option<&'static str> {
        STATE.with_borrow(|state| state.as_ref().and_then(|state| state.struck))
    }
}

impl Drop for Injected {
    fn drop(&mut self) {
        STATE.set(None);
    }
}

/// What becomes of a call.
enum Way {
    Clear,
    Short,
}

/// Counts a call, and lets it fail when it is its turn.
fn call(name: &'static str) -> io::Result<Way> {
    let meanwhile = STATE.with_borrow_mut(|state| {
        let Some(state) = state.as_mut() else { return Ok(Err(Way::Clear)) };
        state.calls += 1;
        let is_its_turn = state.calls == state.at;
        if is_its_turn {
            state.struck = Some(name);
        }
        match &state.fault {
            Fault::Once(error) if is_its_turn => Err(io::Error::from_raw_os_error(*error)),
            Fault::Always(error) if state.struck == Some(name) => Err(io::Error::from_raw_os_error(*error)),
            Fault::Short if state.struck.is_some() => Ok(Err(Way::Short)),
            Fault::Meanwhile(meanwhile) if is_its_turn => Ok(Ok(Arc::clone(meanwhile))),
            _ => Ok(Err(Way::Clear)),
        }
    })?;
    match meanwhile {
        Ok(meanwhile) => {
            meanwhile();
            Ok(Way::Clear)
        }
        Err(way) => Ok(way),
    }
}

/// The operating system behind the fault that is in force.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Faulty;

impl System for Faulty {
    fn look(&self, path: &Path) -> io::Result<Stat> {
        call("look").and_then(|_| Machine.look(path))
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        call("open").and_then(|_| Machine.open(path))
    }

    fn stat(&self, file: &File) -> io::Result<Stat> {
        call("stat").and_then(|_| Machine.stat(file))
    }

    fn read(&self, file: &File, buffer: &mut [u8]) -> io::Result<usize> {
        match call("read")? {
            Way::Short if !buffer.is_empty() => Machine.read(file, &mut buffer[..1]),
            _ => Machine.read(file, buffer),
        }
    }

    fn link(&self, path: &Path) -> io::Result<PathBuf> {
        call("link").and_then(|_| Machine.link(path))
    }

    fn list(&self, path: &Path) -> io::Result<ReadDir> {
        call("list").and_then(|_| Machine.list(path))
    }

    fn next(&self, directory: &mut ReadDir) -> Option<io::Result<OsString>> {
        match call("next") {
            Ok(_) => Machine.next(directory),
            Err(error) => Some(Err(error)),
        }
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        call("resolve").and_then(|_| Machine.resolve(path))
    }

    fn create(&self, path: &Path, private: bool) -> io::Result<File> {
        call("create").and_then(|_| Machine.create(path, private))
    }

    fn lock(&self, file: &File) -> io::Result<bool> {
        call("lock").and_then(|_| Machine.lock(file))
    }

    fn assign(&self, file: &File, like: &Stat) -> io::Result<()> {
        call("assign").and_then(|_| Machine.assign(file, like))
    }

    fn write(&self, file: &File, bytes: &[u8]) -> io::Result<usize> {
        match call("write")? {
            Way::Short if !bytes.is_empty() => Machine.write(file, &bytes[..1]),
            _ => Machine.write(file, bytes),
        }
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        call("sync").and_then(|_| Machine.sync(file))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        call("rename").and_then(|_| Machine.rename(from, to))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        call("remove").and_then(|_| Machine.remove(path))
    }
}
