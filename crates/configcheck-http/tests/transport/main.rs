//! The client against servers that fail: what it says, what it sends, and what it leaves open.

mod addresses;
mod connections;
mod faults;
mod http2;
mod proxies;
mod runtime;
mod tls;
mod world;
