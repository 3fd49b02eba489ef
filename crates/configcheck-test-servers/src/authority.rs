//! An authority for certificates, as an engine of the shared OpenBao.

use std::path::PathBuf;
use std::{fs, process};

use tempfile::TempDir;

use crate::openbao::OpenBao;
use crate::process::folder;
use crate::{json, unique};

/// An authority that signs certificates for servers and clients, which are valid for an hour.
#[derive(Debug)]
pub struct Authority {
    mount: String,
    folder: TempDir,
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

impl Authority {
    /// An authority that nobody else has.
    pub fn new() -> Self {
        let (bao, mount, folder) = (OpenBao::shared(), unique("pki"), folder());
        bao.enable(&mount, "pki", "{}");
        let name = format!("Tests of process {}", process::id());
        let body =
            bao.write(&format!("{mount}/root/generate/internal"), &format!(r#"{{"common_name":{},"ttl":"2h"}}"#, json::quote(&name)));
        fs::write(folder.path().join("ca.pem"), pem(&body, "certificate")).unwrap();
        bao.write(&format!("{mount}/roles/any"), r#"{"allow_any_name":true,"enforce_hostnames":false,"ttl":"1h"}"#);
        Self { mount, folder }
    }

    /// The file of its own certificate, which clients and servers trust.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// A certificate and its key for a server or a client of this name at 127.0.0.1, as files.
    pub fn issue(&self, name: &str) -> (PathBuf, PathBuf) {
        let question = format!(r#"{{"common_name":{},"ip_sans":"127.0.0.1"}}"#, json::quote(name));
        let body = OpenBao::shared().write(&format!("{}/issue/any", self.mount), &question);
        let file = |field: &str| {
            let path = self.folder.path().join(format!("{}.pem", unique(field)));
            fs::write(&path, pem(&body, field)).unwrap();
            path
        };
        (file("certificate"), file("private_key"))
    }
}

/// The lines of a PEM text in an answer.
fn pem(body: &str, field: &str) -> String {
    json::text(body, field).unwrap_or_else(|| panic!("no {field} from OpenBao's pki")).replace("\\n", "\n") + "\n"
}
