//! The real server, over TLS and in the clear.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::{Duration, SystemTime};

use configcheck_http::{Client, ClientSettings, Roots, Usage};
use configcheck_test_servers::{OpenBao, OpenBaoOptions};
use http::Request;
use zeroize::Zeroizing;

use crate::world::run;

/// So many reads at once, of one path each.
fn read_at_once(client: &Client, bao: &OpenBao, count: usize) {
    let (client, address, token) = (client.clone(), bao.address().to_owned(), bao.root_token().to_owned());
    run(async move {
        let one = |number| {
            let request = Request::get(format!("{address}/v1/secret/data/{number}")).header("x-vault-token", &token);
            let (client, request) = (client.clone(), request.body(Zeroizing::new(Vec::new())).unwrap());
            tokio::spawn(async move { (number, client.send(request).await) })
        };
        for one in (0..count).map(one).collect::<Vec<_>>() {
            let (number, response) = one.await.unwrap();
            let body = String::from_utf8(response.unwrap().body.to_vec()).unwrap();
            assert!(body.contains(&format!("not-a-real-value-{number}-")), "{number}");
        }
    });
}

fn fill(bao: &OpenBao, count: usize) {
    for number in 0..count {
        bao.write(&format!("secret/data/{number}"), &format!(r#"{{"data":{{"password":"not-a-real-value-{number}-"}}}}"#));
    }
}

#[test]
fn fifty_paths_at_once_are_one_connection_over_tls() {
    let bao = OpenBao::start(OpenBaoOptions { tls: true });
    fill(&bao, 50);
    let authority = std::fs::read(bao.ca_file().unwrap()).unwrap();
    let settings = ClientSettings::new().roots(Roots::Only(authority)).connect_timeout(Duration::from_secs(20));
    let client = Client::new(settings).unwrap();
    read_at_once(&client, &bao, 50);
    read_at_once(&client, &bao, 50);
    assert_eq!(client.usage(), Usage { connections: 1, requests: 100 });
    let peer = client.peer().unwrap();
    assert_eq!(peer.tls, Some("1.3"));
    assert!(peer.certificate_not_after.unwrap() > SystemTime::now());
}

#[test]
fn connections_in_the_clear_are_used_again() {
    let bao = OpenBao::start(OpenBaoOptions::default());
    fill(&bao, 20);
    let client = Client::new(ClientSettings::new()).unwrap();
    for _ in 0..3 {
        read_at_once(&client, &bao, 20);
    }
    let usage = client.usage();
    assert!(usage.requests == 60 && usage.connections <= 20, "{usage:?}");
}
