//! vault: references for Configcheck: secrets in HashiCorp Vault and OpenBao.
