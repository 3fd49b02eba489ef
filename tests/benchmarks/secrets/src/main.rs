//! Fetches fifty secrets from real servers over a line with a delay, with Configcheck and with the clients a service would otherwise use.
//!
//! `configcheck-benchmark-secrets ROUNDS` fetches so often with Configcheck, a seventh as often with a peer that asks for all at once, and
//! once with one that asks in turn, which takes long and is its own average; it prints a line for each fetch: scene, client, delay of the line there and back in milliseconds,
//! seconds, connections, requests. The clients take turns, so that a busy moment meets them all. `round trip` is one request on a
//! connection that is warm.

mod aws;
mod fields;
mod line;
mod tls;
mod vault;

use std::time::Duration;

use line::Line;

/// A server and its clients, each of which fetches the fifty secrets with nothing left from the time before.
struct Scene {
    name: &'static str,
    server: String,
    clients: Vec<(&'static str, Fetch)>,
    requests: Box<dyn Fn(&Line) -> usize>,
}

/// Fetches all from the address and gives the values in their order.
type Fetch = Box<dyn Fn(&str) -> Vec<String>>;

/// How long the line is, each way. The longer, the less weighs what else the machine does.
const EACH_WAY: [Duration; 3] = [Duration::from_millis(10), Duration::from_millis(20), Duration::from_millis(100)];

fn main() {
    let rounds: usize = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).expect("the number of rounds");
    let scenes = [vault::plain(), vault::with_tls(), aws::plain(), aws::with_tls()];
    for each_way in EACH_WAY {
        let delay = 2 * each_way.as_millis();
        let lines: Vec<Line> = scenes.iter().map(|scene| Line::to(&scene.server, each_way)).collect();
        for round in 0..rounds {
            println!("line\tround trip\t{delay}\t{}\t1\t1", lines[0].round_trip().as_secs_f64());
            for (scene, line) in scenes.iter().zip(&lines) {
                for (client, fetch) in &scene.clients {
                    if !is_due(client, round, delay) {
                        continue;
                    }
                    let counted = || (line.connections(), (scene.requests)(line));
                    let (took, connections, requests) = line::measured(counted, || fields::check(&fetch(&line.url())));
                    println!("{}\t{client}\t{delay}\t{}\t{connections}\t{requests}", scene.name, took.as_secs_f64());
                }
            }
        }
    }
}

fn is_due(client: &str, round: usize, delay: u128) -> bool {
    match client.rsplit(", ").next() {
        Some("in turn") => round == 0 && delay < 100,
        Some("at once") => round % 7 == 0,
        _ => true,
    }
}
