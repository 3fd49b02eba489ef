//! One secret of Vault, with vaultrs as its documentation shows.

use std::collections::HashMap;

use vaultrs::client::{VaultClient, VaultClientSettingsBuilder};
use vaultrs::kv2;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let client = VaultClient::new(VaultClientSettingsBuilder::default().build().unwrap()).unwrap();
    let secret: HashMap<String, String> = kv2::read(&client, "secret", "hello").await.unwrap();
    println!("{}", secret["token"].len());
}
