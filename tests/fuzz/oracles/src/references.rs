//! Z2: the grammar of references.

use configcheck_testkit::assert_reference_holds;

use crate::pieces;

/// Schemes, separators, and what leads elsewhere.
const PIECES: &[&str] = &[
    "vault:", "bao:", "arn:aws:secretsmanager:", "eu-central-1:", "123456789012:", "secret:", "arn:aws:ssm:", "parameter/", "aws-sm:", "aws-ssm:",
    "gcp-sm:", "projects/p/secrets/s", "/versions/", "sm://", "azure-kv:", "https://v.vault.azure.net/secrets/", "op://", "doppler:", "infisical:",
    "k8s:", "file:", "sops:", "age:", "etcd:", "ref+", "ref+vault://", "ref+awssecrets://", "ref+gcpsecrets://", "secret/data/", "kv/", "#", "#/", "#key",
    "?", "&", "=", "version=", "stage=", "encoding=base64", "region=", "role_arn=", "optional=true", "namespace=", "/", "//", "..", "../", "./", "%2e",
    "%2F", "%00", "%", "\\", "~", "~1", "~0", ":", "::", "@", "+", " ", "\t", "\n", "\0", "\u{202e}", "\u{e9}", "{environment}", "{", "}", "a", "A", "1", "-", "_",
    ".", ",", "*", "AWSPREVIOUS", "latest", "key", "VAULT:", "$", "'", "\"", "[", "]", "(", ")", ";", "|",
];

pub(crate) fn check(bytes: &[u8]) {
    let input = pieces::read(bytes, PIECES);
    assert_reference_holds(&String::from_utf8_lossy(&input));
}
