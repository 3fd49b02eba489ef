//! TLS in front of a server that speaks none.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

pub struct Terminator {
    address: SocketAddr,
    authority: PathBuf,
}

impl Terminator {
    pub fn in_front_of(server: SocketAddr) -> Self {
        let (config, pem) = config();
        let authority = std::env::temp_dir().join(format!("configcheck-benchmark-{}.pem", std::process::id()));
        std::fs::write(&authority, pem).unwrap();
        let (tell, address) = channel();
        thread::spawn(move || {
            tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(serve(server, config, tell));
        });
        Self { address: address.recv().unwrap(), authority }
    }

    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }

    /// The file of the authority that signed its certificate.
    pub fn authority(&self) -> &Path {
        &self.authority
    }
}

async fn serve(server: SocketAddr, config: Arc<ServerConfig>, tell: Sender<SocketAddr>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    tell.send(listener.local_addr().unwrap()).unwrap();
    loop {
        let (tcp, _) = listener.accept().await.unwrap();
        tcp.set_nodelay(true).unwrap();
        let acceptor = TlsAcceptor::from(Arc::clone(&config));
        tokio::spawn(async move {
            let Ok(mut client) = acceptor.accept(tcp).await else { return };
            let mut server = TcpStream::connect(server).await.unwrap();
            server.set_nodelay(true).unwrap();
            let _ = copy_bidirectional(&mut client, &mut server).await;
        });
    }
}

fn config() -> (Arc<ServerConfig>, String) {
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let mut config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    (Arc::new(config), authority.pem())
}
