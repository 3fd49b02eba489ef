//! `/health` says that the process answers; `/health/detailed` says what it stands on, and answers 503 when any of it is missing.

use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::settings::Settings;
use crate::target::Target;

/// What the checks know. It holds no secret.
#[derive(Clone)]
pub(crate) struct Health {
    started: Instant,
    settings_took: Duration,
    database: Target,
    redis: Target,
}

impl Health {
    /// The checks for these settings, which took so long to load.
    pub(crate) fn of(settings: &Settings, settings_took: Duration) -> Self {
        let (database, redis) = (Target::of(&settings.database_url, 5432), Target::of(&settings.redis_url, 6379));
        Self { started: Instant::now(), settings_took, database, redis }
    }
}

#[derive(Serialize)]
pub(crate) struct Detailed {
    status: &'static str,
    version: &'static str,
    /// In seconds.
    uptime: u64,
    checks: Checks,
}

#[derive(Serialize)]
struct Checks {
    config: Check,
    database: Check,
    redis: Check,
}

#[derive(Serialize)]
struct Check {
    status: &'static str,
    latency_ms: f64,
}

/// The process answers.
pub(crate) async fn brief() -> &'static str {
    "ok"
}

/// Asks everything that the service stands on, all at once.
pub(crate) async fn detailed(State(health): State<Health>) -> (StatusCode, Json<Detailed>) {
    let (database, redis) = tokio::join!(check(&health.database), check(&health.redis));
    // Settings that were not good would have stopped the start; their latency is the time that they took then.
    let config = Check { status: "ok", latency_ms: milliseconds(health.settings_took) };
    let is_well = [&config, &database, &redis].iter().all(|check| check.status != "unreachable");
    let (code, status) = if is_well { (StatusCode::OK, "ok") } else { (StatusCode::SERVICE_UNAVAILABLE, "degraded") };
    let checks = Checks { config, database, redis };
    let uptime = health.started.elapsed().as_secs();
    (code, Json(Detailed { status, version: env!("CARGO_PKG_VERSION"), uptime, checks }))
}

async fn check(target: &Target) -> Check {
    let start = Instant::now();
    let status = match target {
        Target::Embedded => "embedded",
        server if server.is_reachable().await => "ok",
        _ => "unreachable",
    };
    Check { status, latency_ms: milliseconds(start.elapsed()) }
}

/// Milliseconds with three decimals.
pub(crate) fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}
