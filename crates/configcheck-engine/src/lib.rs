//! How references become values: the engine that stands between a load and its secret managers.
//!
//! Providers log in, fetch and say what became of each item; everything else is here, once for all of them:
//!
//! * equal references are fetched once, and each provider is logged in to once, before its requests;
//! * requests go out at once, as many as the provider allows; fewer when it is throttled, and one by one when its batches are;
//! * what may help is tried again, with full jitter and the manager's own `Retry-After`; what cannot help is not;
//! * one deadline holds for everything, and what did not come by then is said with the last thing that was known of it;
//! * every item has an outcome of its own, and every access leaves an [`Access`] for the audit.
//!
//! The crate needs no runtime: its futures are driven by whatever polls them, or by [`block_on`]. Time is a [`Clock`], so that tests have their own.

mod access;
mod backoff;
mod block_on;
mod clock;
mod engine;
mod fetching;
mod guard;
mod keeper;
mod limit;
mod login;
mod probing;
mod progress;
mod set;
mod timer;

pub use access::Access;
pub use block_on::block_on;
pub use clock::{Clock, SystemClock};
pub use engine::{Engine, Resolution, Surroundings};
pub use keeper::{Held, LeaseStatus, Leases, give_back};
pub use probing::{ProbedProvider, ProbedReference};
pub use progress::{Observer, Progress};
