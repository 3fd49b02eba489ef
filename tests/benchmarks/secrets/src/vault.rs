//! Vault: OpenBao's server, with fifty paths of one key and one path of fifty keys.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use configcheck_test_servers::{OpenBao, OpenBaoOptions};
use tokio::task::JoinSet;
use vaultrs::client::{VaultClient, VaultClientSettingsBuilder};
use vaultrs::kv2;

use crate::fields::{load, names, value};
use crate::{Fetch, Scene};

pub fn plain() -> Scene {
    static SERVER: LazyLock<OpenBao> = LazyLock::new(|| filled(false));
    scene("vault, http", &SERVER)
}

pub fn with_tls() -> Scene {
    static SERVER: LazyLock<OpenBao> = LazyLock::new(|| filled(true));
    scene("vault, TLS", &SERVER)
}

fn filled(tls: bool) -> OpenBao {
    let bao = OpenBao::start(OpenBaoOptions { tls });
    for name in names() {
        bao.write(&format!("secret/data/bench/{name}"), &format!(r#"{{"data":{{"value":"{}"}}}}"#, value(name)));
    }
    let all: Vec<String> = names().map(|name| format!(r#""{name}":"{}""#, value(name))).collect();
    bao.write("secret/data/bench/all", &format!(r#"{{"data":{{{}}}}}"#, all.join(",")));
    bao
}

fn scene(name: &'static str, bao: &'static OpenBao) -> Scene {
    let settings = |url: &str| {
        let certificates = bao.ca_file().map(|file| ("VAULT_CACERT", file.display().to_string()));
        [("VAULT_ADDR", url.to_owned()), ("VAULT_TOKEN", bao.root_token().to_owned())].into_iter().chain(certificates).collect::<Vec<_>>()
    };
    let clients: Vec<(&'static str, Fetch)> = vec![
        ("configcheck", Box::new(move |url| load(|name| format!("vault:secret/data/bench/{name}#value"), &settings(url)))),
        ("configcheck, one path", Box::new(move |url| load(|name| format!("vault:secret/data/bench/all#{name}"), &settings(url)))),
        ("vaultrs, at once", Box::new(|url| run(at_once(client(bao, url))))),
        ("vaultrs, in turn", Box::new(|url| run(in_turn(client(bao, url))))),
    ];
    Scene { name, server: bao.address().to_owned(), clients, requests: Box::new(|_| bao.requests("secret/data/bench/")) }
}

fn client(bao: &OpenBao, url: &str) -> VaultClient {
    let certificates = bao.ca_file().as_deref().map(Path::display).map(|file| file.to_string());
    let settings = VaultClientSettingsBuilder::default()
        .address(url)
        .token(bao.root_token())
        .ca_certs(certificates.into_iter().collect::<Vec<_>>())
        .verify(true)
        .build()
        .unwrap();
    VaultClient::new(settings).unwrap()
}

async fn one(client: &VaultClient, name: &str) -> String {
    let secret: HashMap<String, String> = kv2::read(client, "secret", &format!("bench/{name}")).await.unwrap();
    secret["value"].clone()
}

async fn in_turn(client: VaultClient) -> Vec<String> {
    let mut values = Vec::new();
    for name in names() {
        values.push(one(&client, name).await);
    }
    values
}

async fn at_once(client: VaultClient) -> Vec<String> {
    let client = Arc::new(client);
    let mut running = JoinSet::new();
    for name in names() {
        let client = Arc::clone(&client);
        running.spawn(async move { one(&client, name).await });
    }
    let mut values = running.join_all().await;
    values.sort();
    values
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}
