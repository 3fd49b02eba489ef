//! The HTTP server: its routes, and its end when it is asked to stop.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use axum::extract::State;
use axum::middleware::from_fn;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tokio::net::TcpListener;

use crate::health::{self, Health};
use crate::logging;
use crate::settings::Settings;

/// Serves until a signal asks it to stop, and then finishes the requests that are under way.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(settings: &Settings, settings_took: Duration) -> io::Result<()> {
    // On a developer's machine nobody else is served.
    let address = if settings.app_env.kind().is_deployed() { Ipv4Addr::UNSPECIFIED } else { Ipv4Addr::LOCALHOST };
    let listener = TcpListener::bind((address, settings.port)).await?;
    let stop = stop()?;
    tracing::info!(environment = %settings.app_env, address = %listener.local_addr()?, "listening");
    axum::serve(listener, routes(settings, settings_took)).with_graceful_shutdown(stop).await?;
    tracing::info!("stopped");
    Ok(())
}

fn routes(settings: &Settings, settings_took: Duration) -> Router {
    let health = Router::new()
        .route("/health", get(health::brief))
        .route("/health/detailed", get(health::detailed))
        .with_state(Health::of(settings, settings_took));
    let flow = if settings.new_checkout { Flow::New } else { Flow::Classic };
    let checkout = Router::new().route("/checkout", get(checkout)).with_state(flow);
    health.merge(checkout).layer(from_fn(logging::request))
}

/// The steps that a customer is led through.
#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Flow {
    Classic,
    New,
}

#[derive(Serialize)]
struct Checkout {
    flow: Flow,
}

async fn checkout(State(flow): State<Flow>) -> Json<Checkout> {
    Json(Checkout { flow })
}

/// Ends when the process is asked to stop: by ctrl-c, or by the SIGTERM of an orchestrator.
#[cfg(unix)]
fn stop() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Ends when the process is asked to stop by ctrl-c.
#[cfg(not(unix))]
fn stop() -> io::Result<impl Future<Output = ()>> {
    Ok(async {
        // Where ctrl-c cannot be heard, the service runs until it is ended from outside.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    })
}
