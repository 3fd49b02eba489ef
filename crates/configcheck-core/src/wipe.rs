//! How the memory of a secret is overwritten: in place where the type lets us, through its own buffer where it gives that back.

use std::any::Any;
use std::ffi::OsString;
use std::path::PathBuf;

use zeroize::Zeroize;

#[cfg(test)]
mod tests;

/// Overwrites and drops the value in a slot. Chosen when a `Secret` is made, when its type is still known.
pub type Wiper<T> = fn(&mut Option<T>);

/// Wipes the types that are known here by name: text, bytes, paths, numbers and (with the `url` feature) URLs. Any other type is dropped.
pub fn by_type<T: 'static>(slot: &mut Option<T>) {
    if let Some(value) = slot {
        overwrite(value);
    }
    *slot = None;
}

fn overwrite(any: &mut dyn Any) {
    let done = in_place::<String>(any)
        || in_place::<Vec<u8>>(any)
        || in_place::<Box<str>>(any)
        || in_place::<Box<[u8]>>(any)
        || in_place::<char>(any)
        || in_place::<bool>(any)
        || in_place_integer(any)
        || in_place::<f32>(any)
        || in_place::<f64>(any)
        || path(any)
        || list(any);
    if !done {
        by_buffer(any);
    }
}

/// Wipes a type that gives its buffer back as a `String`, as `url::Url` does.
pub fn by_string<T: Into<String>>(slot: &mut Option<T>) {
    if let Some(value) = slot.take() {
        let mut text: String = value.into();
        text.zeroize();
    }
}

fn in_place<T: Zeroize + 'static>(any: &mut dyn Any) -> bool {
    any.downcast_mut::<T>().map(Zeroize::zeroize).is_some()
}

fn in_place_integer(any: &mut dyn Any) -> bool {
    in_place::<u8>(any)
        || in_place::<u16>(any)
        || in_place::<u32>(any)
        || in_place::<u64>(any)
        || in_place::<u128>(any)
        || in_place::<usize>(any)
        || in_place::<i8>(any)
        || in_place::<i16>(any)
        || in_place::<i32>(any)
        || in_place::<i64>(any)
        || in_place::<i128>(any)
        || in_place::<isize>(any)
}

fn path(any: &mut dyn Any) -> bool {
    if let Some(path) = any.downcast_mut::<PathBuf>() {
        wipe_os_string(std::mem::take(path).into_os_string());
        return true;
    }
    if let Some(text) = any.downcast_mut::<OsString>() {
        wipe_os_string(std::mem::take(text));
        return true;
    }
    false
}

fn list(any: &mut dyn Any) -> bool {
    if let Some(items) = any.downcast_mut::<Vec<String>>() {
        items.iter_mut().for_each(Zeroize::zeroize);
        return true;
    }
    false
}

#[cfg(feature = "url")]
fn by_buffer(any: &mut dyn Any) {
    if let Some(url) = any.downcast_mut::<url::Url>() {
        // A `Url` can only be emptied by value: a short stand-in takes its place and the old one gives back its buffer.
        if let Ok(empty) = url::Url::parse("data:,") {
            let mut text: String = std::mem::replace(url, empty).into();
            text.zeroize();
        }
    }
}

#[cfg(not(feature = "url"))]
fn by_buffer(_: &mut dyn Any) {}

/// Overwrites what the functions that were called last have left on the stack, as ciphers do with their blocks. Called where they were called.
#[inline(never)]
#[expect(clippy::large_stack_arrays, reason = "it is the stack that is meant, for as long as this call takes")]
pub fn stack() {
    /// More than any cipher here uses, in every build.
    const DEPTH: usize = 32 << 10;
    let mut left = [0_u8; DEPTH];
    left.zeroize();
    std::hint::black_box(&left);
}

/// Overwrites an operating-system string.
pub fn wipe_os_string(text: OsString) {
    text.into_encoded_bytes().zeroize();
}
