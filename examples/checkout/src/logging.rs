//! Logs: one JSON object a line, and one line for each request. No setting's value is ever logged.

use std::time::Instant;

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tracing_subscriber::filter::LevelFilter;

use crate::health::milliseconds;
use crate::settings::LogLevel;

/// From here on everything that is logged goes to the standard output.
pub(crate) fn start(level: LogLevel) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    tracing_subscriber::fmt().json().flatten_event(true).with_max_level(level).init();
}

/// Logs a request by its method and path; a query may hold anything, and is left out.
pub(crate) async fn request(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    tracing::info!(%method, path, status, latency_ms = milliseconds(start.elapsed()), "request");
    response
}
