//! sops: references for Configcheck: secrets in files encrypted with SOPS and age.
