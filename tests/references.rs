//! References for every text: one secret has one name however it is written, and docs/references.md says the truth.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::Path;

use configcheck_core::SecretRef;
use configcheck_core::reference::SCHEMES;
use configcheck_testkit::assert_reference_holds;
use proptest::prelude::*;

/// The rows of the tables on the page with so many columns, the marks of code taken off.
fn rows<const N: usize>() -> Vec<[String; N]> {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/references.md")).unwrap();
    let cells = |line: &str| -> Vec<String> {
        let line = line.trim_start_matches("| ").trim_end_matches(" |");
        line.split(" | ").map(|cell| cell.trim_matches('`').to_owned()).collect()
    };
    page.lines().filter(|line| line.starts_with("| `")).filter_map(|line| cells(line).try_into().ok()).collect()
}

#[test]
fn the_page_says_how_each_form_is_read() {
    let rows: Vec<[String; 2]> = rows();
    assert!(rows.len() > 40, "{} rows", rows.len());
    for [written, canonical] in &rows {
        let reference = SecretRef::parse(written).unwrap().unwrap_or_else(|error| panic!("{written}: {error}"));
        assert_eq!(&reference.to_string(), canonical, "{written}");
        assert_reference_holds(written);
    }
    for scheme in SCHEMES {
        assert!(rows.iter().any(|[written, _]| SecretRef::parse(written).unwrap().unwrap().scheme() == scheme), "{scheme}");
    }
}

#[test]
fn the_page_says_what_is_refused_and_where() {
    let refused: Vec<[String; 3]> = rows().into_iter().filter(|[written, ..]: &[String; 3]| SecretRef::is_reference(written)).collect();
    assert!(refused.len() >= 16, "{} rows", refused.len());
    for [written, what, byte] in refused {
        let error = SecretRef::parse(&written).unwrap().unwrap_err();
        assert_eq!((error.kind.to_string(), (error.at + 1).to_string()), (what, byte), "{written}");
        assert_reference_holds(&written);
    }
}

/// Pieces of which references are made, and pieces that do not belong in them.
const PIECES: &[&str] = &[
    "vault:",
    "bao:",
    "${vault:",
    ">>vault:",
    "arn:aws:secretsmanager:",
    "arn:aws:ssm:",
    "arn:aws-cn:secretsmanager:",
    "r:1:secret:n",
    "r:1:parameter/n",
    "aws-sm:",
    "aws-ssm:",
    "gcp-sm:",
    "gcp:secretmanager:",
    "sm://",
    "projects/",
    "secrets/",
    "versions/",
    "locations/",
    "azure-kv:",
    "azure:keyvault:",
    "https://v.vault.azure.net/secrets/",
    ".vault.azure.cn",
    "op://",
    "doppler:",
    "infisical:",
    "k8s:",
    "file:",
    "sops:",
    "age:",
    "etcd:",
    "ref+",
    "secretref+",
    "vault://",
    "awssecrets://",
    "awsssm://",
    "gcpsecrets://",
    "azurekeyvault://",
    "k8s://v1/Secret/",
    "file://",
    "exec://",
    "infisical://",
    "?",
    "&",
    "=",
    "#",
    "/",
    "//",
    ":",
    "+",
    "@",
    ".",
    "..",
    "%2e",
    "%",
    "{environment}",
    "{name}",
    "{",
    "}",
    "~1",
    "~",
    " ",
    "\\",
    "\0",
    "\n",
    "\u{202e}",
    "é",
    "a",
    "B",
    "name",
    "3",
    "-1",
    "latest",
    "version=",
    "stage=AWSCURRENT",
    "region=r",
    "optional=true",
    "token=x",
    "project=p",
    "environment=e",
    "path=/x",
    "mode=singleparam",
    "!",
    "'",
    "(",
    "*",
];

/// Mostly pieces that may follow each other, so that a good part is read to the end.
fn pieced() -> impl Strategy<Value = String> {
    let plain = proptest::sample::select(&["a", "/b", "/c-1", "#k", "#/k/1", "?version=3", "&region=r", "/secrets/s", ":x", "p/s"][..]);
    let piece = prop_oneof![3 => plain, 1 => proptest::sample::select(PIECES)];
    let start = proptest::sample::select(&PIECES[..38]);
    (start, proptest::collection::vec(piece, 0..8)).prop_map(|(start, pieces)| start.to_owned() + &pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_breaks_the_grammar(text in any::<String>(), start in proptest::sample::select(PIECES)) {
        assert_reference_holds(&text);
        assert_reference_holds(&format!("{start}{text}"));
    }

    #[test]
    fn no_mixture_of_pieces_breaks_the_grammar(text in pieced()) {
        assert_reference_holds(&text);
    }

    #[test]
    fn every_spelling_of_a_secret_of_vault_has_one_name(
        path in "[a-z][a-z0-9_-]{0,8}(/[A-Za-z0-9_.-]*[a-z0-9]){1,3}",
        key in "[A-Za-z_][A-Za-z0-9_.-]{0,10}",
        version in 1_u32..500,
    ) {
        let spellings = [
            format!("vault:{path}#{key}#{version}"),
            format!("bao:{path}#{key}#{version}"),
            format!("vault:{path}?version={version}#{key}"),
            format!("vault:{path}#{key}?version={version}"),
            format!("vault:/{path}/#/{key}#{version}"),
            format!("${{vault:{path}#{key}#{version}}}"),
            format!("ref+vault://{path}?version={version}#/{key}"),
            format!("ref+vault://{path}/{key}?version={version}"),
            format!("secretref+vault://{path}?version={version}#/{key}+"),
        ];
        let read: Vec<SecretRef> = spellings.iter().map(|text| SecretRef::parse(text).unwrap().unwrap()).collect();
        for (text, reference) in spellings.iter().zip(&read) {
            prop_assert_eq!(reference, &read[0], "{}", text);
            prop_assert_eq!(reference.id(), format!("vault:{path}?version={version}"));
            assert_reference_holds(text);
        }
        let other = SecretRef::parse(&format!("vault:{path}#{key}#{}", version + 1)).unwrap().unwrap();
        prop_assert_ne!(other.id(), read[0].id());
    }

    #[test]
    fn every_spelling_of_a_secret_of_the_clouds_has_one_name(
        project in "[a-z][a-z0-9-]{0,8}[a-z]",
        name in "[A-Za-z][A-Za-z0-9-]{0,10}",
        key in "[A-Za-z_][A-Za-z0-9_-]{0,10}",
        version in "[1-9][0-9]{0,4}",
    ) {
        let arn = format!("arn:aws:secretsmanager:eu-west-1:123456789012:secret:{name}-AbCdEf");
        let groups = [
            vec![
                format!("{arn}:{key}:AWSPREVIOUS:v{version}"),
                format!("{arn}?stage=AWSPREVIOUS&version=v{version}#{key}"),
                format!("aws-sm:{arn}#/{key}?version_id=v{version}&version_stage=AWSPREVIOUS"),
                format!("ref+awssecrets://{arn}?region=eu-west-1&version_stage=AWSPREVIOUS&version_id=v{version}#/{key}"),
            ],
            vec![
                format!("aws-ssm:/{project}/{name}:{version}"),
                format!("aws-ssm:{project}/{name}?version={version}"),
                format!("ref+awsssm://{project}/{name}?version={version}"),
                format!("ref+awsssm://{project}?version={version}#/{name}"),
            ],
            vec![
                format!("gcp-sm:projects/{project}/secrets/{name}/versions/{version}"),
                format!("projects/{project}/secrets/{name}/versions/{version}"),
                format!("gcp:secretmanager:projects/{project}/secrets/{name}/versions/{version}"),
                format!("sm://{project}/{name}#{version}"),
                format!("ref+gcpsecrets://{project}/{name}?version={version}"),
            ],
            vec![
                format!("azure-kv:{project}/{name}/{version}"),
                format!("https://{project}.vault.azure.net/secrets/{name}/{version}"),
                format!("https://{}.VAULT.azure.net:443/secrets/{name}/{version}", project.to_uppercase()),
                format!("ref+azurekeyvault://{project}/{name}?version={version}"),
            ],
            vec![format!("op://{project}/{name}/{key}"), format!("ref+op://{project}/{name}#/{key}")],
            vec![format!("doppler:{project}/prd/{key}"), format!("ref+doppler://{project}/prd/{key}")],
            vec![format!("k8s:{project}/{project}#{key}"), format!("ref+k8s://v1/Secret/{project}/{project}/{key}")],
            vec![format!("file:/{project}/{name}#{key}"), format!("file:///{project}/./{name}#/{key}"), format!("ref+file:///{project}/{name}#/{key}")],
        ];
        for group in groups {
            let read: Vec<SecretRef> = group.iter().map(|text| SecretRef::parse(text).unwrap().unwrap()).collect();
            for (text, reference) in group.iter().zip(&read) {
                prop_assert_eq!(reference, &read[0], "{}", text);
                assert_reference_holds(text);
            }
        }
    }

    #[test]
    fn a_step_up_is_refused_wherever_it_stands(
        start in proptest::sample::select(&["vault:", "aws-sm:", "aws-ssm:/", "gcp-sm:", "azure-kv:", "op://", "doppler:", "k8s:", "file:", "sops:", "age:", "etcd:/", "ref+vault://"][..]),
        before in "([a-z]{1,4}/){0,3}",
        step in proptest::sample::select(&["..", "%2e%2e", ".%2e", "%2E.", "%2e%2E%2f", "..%2f", "%00", "..%5c", "..\\"][..]),
        behind in "(/[a-z]{1,4}){0,3}",
    ) {
        let text = format!("{start}{before}{step}{behind}#k");
        prop_assert!(SecretRef::parse(&text).unwrap().is_err(), "{}", text);
    }
}

#[test]
fn long_text_is_read_to_its_end_once() {
    for start in PIECES {
        for filling in ["a", "/", "#", "?", "&a=b", ":", "+", "{name}", "%", "../", "é"] {
            assert_reference_holds(&format!("{start}{}", filling.repeat(200_000 / filling.len())));
            assert_reference_holds(&format!("{start}{}", filling.repeat(2_000 / filling.len())));
        }
    }
}
