//! Secrets Manager: moto's server, in the clear and behind TLS.

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use aws_sdk_secretsmanager::Client;
use aws_sdk_secretsmanager::config::{Credentials, Region};
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use configcheck_test_servers::Moto;
use configcheck_testkit::failure_lab::FailureLab;
use tokio::task::JoinSet;

use crate::fields::{load, names, value};
use crate::line::Line;
use crate::tls::Terminator;
use crate::{Fetch, Scene};

pub fn plain() -> Scene {
    scene("aws, http", filled().endpoint().to_owned(), None, Box::new(Line::requests))
}

/// As AWS itself: TLS, and HTTP/1.1 in it.
pub fn with_tls() -> Scene {
    let counter = FailureLab::in_front_of(filled().endpoint());
    let terminator = Terminator::in_front_of(counter.address());
    let (url, certificates) = (terminator.url(), terminator.authority().to_owned());
    scene("aws, TLS", url, Some(certificates), Box::new(move |_| counter.requests()))
}

fn filled() -> &'static Moto {
    static FILLED: OnceLock<()> = OnceLock::new();
    let moto = Moto::shared();
    FILLED.get_or_init(|| {
        for name in names() {
            moto.write("secretsmanager.CreateSecret", &format!(r#"{{"Name":"bench/{name}","SecretString":"{}"}}"#, value(name)));
        }
    });
    moto
}

fn scene(name: &'static str, server: String, certificates: Option<PathBuf>, requests: Box<dyn Fn(&Line) -> usize>) -> Scene {
    let (mut settings, pem) = (Vec::new(), certificates.as_ref().map(|file| std::fs::read(file).unwrap()));
    settings.extend(certificates.map(|file| ("AWS_CA_BUNDLE", file.display().to_string())));
    settings.extend(Moto::shared().environment().into_iter().filter(|(name, _)| *name != "AWS_ENDPOINT_URL"));
    let other = pem.clone();
    let clients: Vec<(&'static str, Fetch)> = vec![
        (
            "configcheck",
            Box::new(move |url| {
                let settings: Vec<_> = settings.iter().cloned().chain([("AWS_ENDPOINT_URL", url.to_owned())]).collect();
                load(|name| format!("aws-sm:bench/{name}"), &settings)
            }),
        ),
        ("aws-sdk-secretsmanager, at once", Box::new(move |url| run(at_once(url, pem.clone())))),
        ("aws-sdk-secretsmanager, in turn", Box::new(move |url| run(in_turn(url, other.clone())))),
    ];
    Scene { name, server, clients, requests }
}

async fn client(url: &str, pem: Option<Vec<u8>>) -> Client {
    let keys = Credentials::new(Moto::ACCESS_KEY_ID, Moto::SECRET_ACCESS_KEY, None, None, "benchmark");
    let loader = aws_config::from_env().endpoint_url(url).region(Region::new(Moto::REGION)).credentials_provider(keys);
    let loader = match pem {
        None => loader,
        Some(pem) => {
            let trusted = TrustStore::empty().with_pem_certificate(pem);
            let context = TlsContext::builder().with_trust_store(trusted).build().unwrap();
            let provider = Provider::Rustls(CryptoMode::AwsLc);
            loader.http_client(aws_smithy_http_client::Builder::new().tls_provider(provider).tls_context(context).build_https())
        }
    };
    Client::new(&loader.load().await)
}

async fn one(client: &Client, name: &str) -> String {
    let answer = client.get_secret_value().secret_id(format!("bench/{name}")).send().await.unwrap();
    answer.secret_string().unwrap().to_owned()
}

async fn in_turn(url: &str, pem: Option<Vec<u8>>) -> Vec<String> {
    let (client, mut values) = (client(url, pem).await, Vec::new());
    for name in names() {
        values.push(one(&client, name).await);
    }
    values
}

async fn at_once(url: &str, pem: Option<Vec<u8>>) -> Vec<String> {
    let (client, mut running) = (Arc::new(client(url, pem).await), JoinSet::new());
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
