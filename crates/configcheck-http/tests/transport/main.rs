//! The client against servers that fail: what it says, what it sends, and what it leaves open.

mod addresses;
mod connections;
mod faults;
mod http2;
mod http2_server;
mod memory;
mod openbao;
mod proxies;
mod runtime;
mod silence;
mod tls;
mod world;
