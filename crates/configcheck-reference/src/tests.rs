//! Every way of writing a reference, what it is read as, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use super::{RefErrorKind, RefTemplate, SecretRef};

/// Text, and the canonical text that it is read as.
fn check(text: &str, canonical: &str) {
    assert!(SecretRef::is_reference(text), "{text}");
    let reference = SecretRef::parse(text).unwrap().unwrap_or_else(|error| unreachable!("{text}: {error}"));
    assert_eq!(reference.to_string(), canonical, "{text}");
    assert_eq!(reference.as_str(), text);
    assert_eq!(SecretRef::parse(canonical).unwrap().unwrap(), reference);
    assert_eq!(SecretRef::parse(canonical).unwrap().unwrap().to_string(), canonical);
    assert_eq!(SecretRef::parse(&reference.id()).unwrap().unwrap(), reference.without_field());
}

fn refuse(text: &str, kind: RefErrorKind, at: usize) {
    let error = SecretRef::parse(text).unwrap().unwrap_err();
    assert_eq!((error.kind, error.at), (kind, at), "{text}: {error}");
    assert!(SecretRef::is_reference(text));
}

fn refuse_form(text: &str, at: usize) {
    let error = SecretRef::parse(text).unwrap().unwrap_err();
    assert!(matches!(error.kind, RefErrorKind::Form(_)), "{text}: {error}");
    assert_eq!(error.at, at, "{text}: {error}");
}

#[test]
fn reads_vault() {
    check("vault:secret/data/app#key", "vault:secret/data/app#key");
    check("bao:secret/data/app#key", "vault:secret/data/app#key");
    check("vault://secret/data/app#key", "vault:secret/data/app#key");
    check("vault:/secret/data/app/#key", "vault:secret/data/app#key");
    check("vault:secret/data/app#key#3", "vault:secret/data/app?version=3#key");
    check("vault:secret/data/app?version=3#key", "vault:secret/data/app?version=3#key");
    check("vault:secret/data/app#key?version=3", "vault:secret/data/app?version=3#key");
    check("vault:secret/data/app#key#-1", "vault:secret/data/app#key");
    check("vault:secret/data/app#/key", "vault:secret/data/app#key");
    check("vault:secret/data/app#/a/b", "vault:secret/data/app#/a/b");
    check("vault:secret/data/app", "vault:secret/data/app");
    check("vault:kv/my team/a@b.example#user name", "vault:kv/my team/a@b.example#user name");
    check("${vault:secret/data/app#key}", "vault:secret/data/app#key");
    check("vault:secret/data/app?optional=true&ns=team#key", "vault:secret/data/app?ns=team&optional=true#key");
    refuse("vault:", RefErrorKind::NoPath, 6);
    refuse("vault:///#k", RefErrorKind::NoPath, 6);
    refuse("vault:secret/x#", RefErrorKind::NoField, 15);
    refuse("vault:secret/x#/", RefErrorKind::NoField, 15);
    refuse("vault:a}b#k", RefErrorKind::Template, 7);
    refuse("vault:a/b##3", RefErrorKind::NoField, 10);
    refuse("vault: a/b#k", RefErrorKind::Character, 6);
    refuse("vault:a/b #k", RefErrorKind::Character, 9);
    refuse("vault:a/b# k", RefErrorKind::Character, 10);
    refuse("vault:a/b#k ", RefErrorKind::Character, 11);
    refuse("vault:secret/x#k#", RefErrorKind::NoField, 17);
    refuse("vault:secret/x#k#3?version=4", RefErrorKind::Twice, 17);
    refuse("vault:secret//x#k", RefErrorKind::EmptyStep, 13);
    refuse("vault:a/{team}/x#k", RefErrorKind::Template, 8);
    refuse("vault:a/{name}/x#k", RefErrorKind::Unfilled, 8);
    refuse("vault:secret/data/app#${.K | b64enc}", RefErrorKind::Character, 22);
    refuse("vault://user:pw@vault.example:8200/secret/x#k", RefErrorKind::Address, 8);
    refuse("vault://vault.example:8200/secret/x#k", RefErrorKind::Address, 8);
    refuse("${vault:secret/x#k}@host", RefErrorKind::Inline, 19);
    refuse(">>vault:db/creds/ro#username", RefErrorKind::NeverFollowed, 0);
}

#[test]
fn reads_aws() {
    const ARN: &str = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/db-AbCdEf";
    let ecs = |tail: &str, canonical: &str| check(&format!("{ARN}{tail}"), &format!("{ARN}{canonical}"));
    ecs("", "");
    ecs(":password::", "#password");
    ecs(":password:AWSPREVIOUS:", "?stage=AWSPREVIOUS#password");
    ecs("::AWSPENDING:", "?stage=AWSPENDING");
    ecs(":password::a1b2-c3", "?version=a1b2-c3#password");
    ecs(":::", "");
    ecs(":pass word::", "#pass word");
    ecs(":/odd/key::", "#/~1odd~1key");
    ecs("?stage=AWSCURRENT#password", "#password");
    ecs("?region=eu-west-1#password", "#password");
    ecs("?region=eu-west-2#password", "?region=eu-west-2#password");
    check(&format!("aws-sm:{ARN}#k"), &format!("{ARN}#k"));
    check(&format!("ref+awssecrets://{ARN}?version_stage=AWSPREVIOUS#/a/b"), &format!("{ARN}?stage=AWSPREVIOUS#/a/b"));
    check("arn:aws-cn:secretsmanager:cn-north-1:1:secret:x", "arn:aws-cn:secretsmanager:cn-north-1:1:secret:x");
    check("aws-sm:shop/db#password?stage=AWSPREVIOUS", "aws-sm:shop/db?stage=AWSPREVIOUS#password");
    check("aws-sm:rds!db-1234?role_arn=arn:aws:iam::1:role/x", "aws-sm:rds!db-1234?role_arn=arn:aws:iam::1:role/x");
    check("ref+awssecrets://shop/db?version_id=a1&region=eu-west-1#/password", "aws-sm:shop/db?region=eu-west-1&version=a1#password");
    check("aws-ssm:/shop/db", "aws-ssm:/shop/db");
    check("aws-ssm:shop/db", "aws-ssm:/shop/db");
    check("aws-ssm:shop", "aws-ssm:shop");
    check("aws-ssm:/shop/", "aws-ssm:/shop/");
    refuse("aws-ssm:/shop//", RefErrorKind::EmptyStep, 14);
    check("aws-ssm:/shop/db:3", "aws-ssm:/shop/db?version=3");
    check("aws-ssm:/shop/db:live#/a/b", "aws-ssm:/shop/db?label=live#/a/b");
    check("arn:aws:ssm:eu-west-1:1:parameter/shop/db", "arn:aws:ssm:eu-west-1:1:parameter/shop/db");
    check("arn:aws:ssm:eu-west-1:1:parameter/shop/db:3", "arn:aws:ssm:eu-west-1:1:parameter/shop/db?version=3");
    check("ref+awsssm://shop/db", "aws-ssm:/shop/db");
    check("ref+awsssm://shop#/db", "aws-ssm:/shop/db");
    check("ref+awsssm://shop/db?mode=singleparam#/a/b", "aws-ssm:/shop/db#/a/b");
    refuse_form("arn:aws:secretsmanager:eu-west-1", 32);
    refuse(&format!("{ARN}:k::#other"), RefErrorKind::Twice, ARN.len() + 1);
    refuse_form(&format!("{ARN}:k::v:w"), ARN.len() + 7);
    refuse("aws-sm:a b", RefErrorKind::Character, 8);
    refuse("arn:aws:secretsmanager:eu-central-1:123456789012:secret:app:key:a]b", RefErrorKind::Character, 65);
    refuse("aws-sm:////x", RefErrorKind::EmptyStep, 10);
    refuse("aws-ssm:/a/b:", RefErrorKind::Option, 13);
    refuse_form("aws-sm:arn:aws:s3:::bucket", 7);
    refuse("aws-ssm:/shop/:3", RefErrorKind::EmptyStep, 14);
    refuse("arn:aws:ssm:eu-west-1:1:parameter/shop/", RefErrorKind::EmptyStep, 39);
    check("ref+awsssm://shop/db?mode=other#/a", "aws-ssm:/shop/db/a");
    refuse("ref+awsssm://shop#/a b", RefErrorKind::Character, 22);
    refuse("ref+awsssm://shop#/a//b", RefErrorKind::Character, 23);
    refuse("ref+awssecrets://x?version_id=a&version=b#k", RefErrorKind::Twice, 18);
    check("ref+awssecrets://x?version_id=a&version=a#k", "aws-sm:x?version=a#k");
    assert!(SecretRef::parse("arn:aws:s3:::bucket").is_none());
}

#[test]
fn refuses_what_is_no_parameter() {
    let refused = |text: &str, form: &str| {
        refuse_form(text, text.len());
        let error = SecretRef::parse(text).unwrap().unwrap_err();
        assert!(error.to_string().contains(&format!("of the form {form}")), "{text}: {error}");
    };
    for text in [
        "arn:aws:ssm:eu-west-1::parameter/shop/db",
        "arn:aws:ssm::1:parameter/shop/db",
        "arn:aws:ssm:eu-west-1:1:document/shop",
        "arn:aws:ssm:eu-west-1:1:parameter/shop/db:3:4",
        "arn:aws:ssm:eu-west-1:1",
    ] {
        refused(text, "arn:aws:ssm:region:account:parameter/path");
    }
    refused("aws-ssm:/shop/db:3:4", "aws-ssm:/path");
    refused("aws-ssm:a:b:c:1:1:parameter/x", "aws-ssm:/path");
}

#[test]
fn reads_google_and_azure() {
    check("gcp-sm:projects/p/secrets/s/versions/3", "gcp-sm:projects/p/secrets/s/versions/3");
    check("gcp-sm:projects/p/secrets/s", "gcp-sm:projects/p/secrets/s/versions/latest");
    check("gcp-sm:p/s?version=3#/a/b", "gcp-sm:projects/p/secrets/s/versions/3#/a/b");
    check("projects/p/secrets/s/versions/3", "gcp-sm:projects/p/secrets/s/versions/3");
    check("projects/p/locations/l/secrets/s", "gcp-sm:projects/p/locations/l/secrets/s/versions/latest");
    check("sm://p/s#3", "gcp-sm:projects/p/secrets/s/versions/3");
    check("sm://p/s", "gcp-sm:projects/p/secrets/s/versions/latest");
    check("gcp:secretmanager:projects/p/secrets/s/versions/3", "gcp-sm:projects/p/secrets/s/versions/3");
    check(
        "ref+gcpsecrets://p/s?version=3&optional=true&trim_nl=true#/k",
        "gcp-sm:projects/p/secrets/s/versions/3?optional=true&trim_nl=true#k",
    );
    refuse_form("gcp-sm:projects/p/topics/s", 26);
    refuse_form("gcp-sm:projects/p", 17);
    refuse_form("gcp-sm:projects/p/secrets", 25);
    refuse_form("gcp-sm:p/s?version=a.b", 10);
    refuse("gcp-sm:p/a.b", RefErrorKind::Character, 10);
    check("gcp-sm:p/s/3", "gcp-sm:projects/p/secrets/s/versions/3");
    refuse("gcp-sm:projects/p/secrets/s/versions/3?version=4", RefErrorKind::Twice, 37);
    assert!(SecretRef::parse("projects/p/topics/s").is_none());
    check("azure-kv:Shop/DB-Password", "azure-kv:shop/db-password");
    check("azure-kv:shop/db/ABC", "azure-kv:shop/db/abc");
    check("https://shop.vault.azure.net/secrets/db/abc", "azure-kv:shop/db/abc");
    check("https://shop.vault.azure.net:443/secrets/db/", "azure-kv:shop/db");
    check("https://shop.vault.azure.cn/secrets/db", "azure-kv:shop.vault.azure.cn/db");
    check("https://shop.vault.usgovcloudapi.net/secrets/db", "azure-kv:shop.vault.usgovcloudapi.net/db");
    check("azure-kv:shop.vault.azure.net/db", "azure-kv:shop/db");
    check("azure:keyvault:db/abc", "azure-kv:/db/abc");
    check("ref+azurekeyvault://shop/db?version=abc", "azure-kv:shop/db/abc");
    refuse_form("azure-kv:shop", 13);
    refuse_form("azure-kv:shop/db//", 17);
    refuse("azure-kv:shop/a_b", RefErrorKind::Character, 15);
    refuse_form("azure-kv:shop.example.com/db", 9);
    for plain in
        ["https://u:p@shop.vault.azure.net/secrets/db", "https://shop.example.com/secrets/db", "https://shop.vault.azure.net/keys/k"]
    {
        assert!(SecretRef::parse(plain).is_none(), "{plain}");
    }
}

#[test]
fn reads_managers_of_items() {
    check("op://Shop/db/password", "op://Shop/db/password");
    check("op://Shop/db/admin/one-time password?attribute=otp", "op://Shop/db/admin/one-time password?attribute=otp");
    check("ref+op://Shop/db/password", "op://Shop/db/password");
    check("ref+op://Shop/db#/password", "op://Shop/db/password");
    check("doppler:shop/prd/DB_PASSWORD", "doppler:shop/prd/DB_PASSWORD");
    check("doppler:shop/prd#DB_PASSWORD", "doppler:shop/prd/DB_PASSWORD");
    check("doppler:shop/prd", "doppler:shop/prd");
    check("ref+doppler://shop/prd/DB_PASSWORD", "doppler:shop/prd/DB_PASSWORD");
    check("infisical:shop/prod/db#PASSWORD", "infisical:shop/prod/db#PASSWORD");
    check("ref+infisical://PASSWORD?project=shop&environment=prod&path=/db", "infisical:shop/prod/db#PASSWORD");
    check("k8s:shop/db#password", "k8s:shop/db#password");
    check("ref+k8s://v1/Secret/shop/db/password", "k8s:shop/db#password");
    let item = SecretRef::parse("op://Shop/db/admin/password").unwrap().unwrap();
    assert_eq!((item.path(), item.field(), item.id().as_str()), ("Shop/db", Some("admin/password"), "op://Shop/db"));
    refuse_form("op://Shop", 9);
    refuse_form("op://a/b/c/d/e", 14);
    refuse_form("op://a#d", 6);
    refuse_form("op://a/b#c/d/e", 14);
    refuse("op://a/b/c#d", RefErrorKind::Twice, 11);
    check("op://a/b#c/d", "op://a/b/c/d");
    refuse("doppler:a/b/c#d", RefErrorKind::Twice, 14);
    refuse("infisical:a/b@c", RefErrorKind::Character, 13);
    refuse_form("ref+infisical://K?project=a&environment=b#k", 42);
    refuse("ref+infisical://K?project=a@b&environment=c", RefErrorKind::Character, 17);
    refuse("k8s:a/b_c#k", RefErrorKind::Character, 7);
    refuse("k8s:a/b#k@", RefErrorKind::Character, 9);
    check("k8s:a/b#k_1", "k8s:a/b#k_1");
    refuse_form("ref+k8s://v1/Secret/a/b#k", 24);
    refuse("op://a/b@c/d", RefErrorKind::Character, 8);
    refuse("op://a/../d", RefErrorKind::Traversal, 7);
    refuse_form("doppler:shop", 12);
    refuse("doppler:a/b?token=dp.fake#K", RefErrorKind::Credential, 12);
    refuse_form("k8s:shop#k", 8);
    refuse_form("ref+k8s://v1/ConfigMap/ns/n/k", 29);
}

#[test]
fn reads_files_and_etcd() {
    check("file:/run/secrets/db", "file:/run/secrets/db");
    check("file:///run/secrets/db", "file:/run/secrets/db");
    check("file:./conf//db.json#/a/b", "file:conf/db.json#/a/b");
    check("ref+file://conf/db.json#/a", "file:conf/db.json#a");
    check("sops:prod.enc.yaml#/db/password", "sops:prod.enc.yaml#/db/password");
    check("secretref+sops:///etc/prod.yaml#/db", "sops:/etc/prod.yaml#db");
    check("age:café (1).age#KEY", "age:café (1).age#KEY");
    check("age:.", "age:.");
    check("etcd:/shop/db#/a", "etcd:/shop/db#a");
    check("etcd:/shop/", "etcd:/shop/");
    refuse("file:../../etc/shadow", RefErrorKind::Traversal, 5);
    refuse("file:a/%2e%2E/b", RefErrorKind::Encoded, 7);
    refuse("file:a/.%2e/b", RefErrorKind::Encoded, 8);
    refuse("file:a%2fb", RefErrorKind::Encoded, 6);
    refuse("file:a\0b", RefErrorKind::Character, 6);
    refuse("file:a\\b", RefErrorKind::Character, 6);
    refuse("file:a\u{202e}b", RefErrorKind::Character, 6);
    refuse("file:/a/${HOME}", RefErrorKind::Character, 8);
    refuse("file:a ", RefErrorKind::Character, 6);
    refuse("file:a/ //", RefErrorKind::Character, 7);
    refuse("file:./ a", RefErrorKind::Character, 7);
    check("file:/ a/./b", "file:/ a/b");
    refuse("file:/", RefErrorKind::NoPath, 5);
    refuse("file:/./", RefErrorKind::NoPath, 5);
    refuse("file://user:pw@host/x", RefErrorKind::Address, 7);
    refuse("etcd://host:2379/x", RefErrorKind::Address, 7);
    refuse("etcd:////x", RefErrorKind::EmptyStep, 7);
}

#[test]
fn reads_vals_to_their_end() {
    check("ref+vault://secret/data/app#/key", "vault:secret/data/app#key");
    check("ref+vault://secret/data/app#/key+", "vault:secret/data/app#key");
    check("ref+vault://secret/data/app/key", "vault:secret/data/app#key");
    check("secretref+vault://secret/data/app?version=2#/key", "vault:secret/data/app?version=2#key");
    check("ref+openbao://secret/data/app#/key", "vault:secret/data/app#key");
    refuse("ref+vault://a/b#/k+:5432", RefErrorKind::Inline, 19);
    refuse("ref+exec://cat?args=x", RefErrorKind::NeverFollowed, 4);
    refuse("ref+http://example.com/x", RefErrorKind::NeverFollowed, 4);
    refuse("ref+tfstate://x/y", RefErrorKind::Backend, 4);
    refuse_form("ref+vault:a/b", 4);
    refuse_form("ref+vault://a/b/", 10);
    refuse("ref+vault://a/b?secret_id=x#/k", RefErrorKind::Credential, 16);
    refuse("ref+vault://a/b?address=https://u:p@h#/k", RefErrorKind::Credential, 24);
}

#[test]
fn refuses_bad_options_and_long_text() {
    refuse("vault:a?b#c", RefErrorKind::Option, 8);
    refuse("vault:a?b=#c", RefErrorKind::Option, 8);
    refuse("vault:a?b=1&b=2#c", RefErrorKind::Twice, 14);
    refuse("vault:a?b=c%41#c", RefErrorKind::Encoded, 11);
    check("vault:a?b=1&b=1#c", "vault:a?b=1#c");
    refuse(&format!("vault:{}", "a".repeat(2_048)), RefErrorKind::TooLong, 2_048);
    let longest = format!("vault:{}", "a".repeat(2_042));
    check(&longest, &longest);
    let error = SecretRef::parse(&format!("{longest}a")).unwrap().unwrap_err();
    assert_eq!(error.to_string(), "more than 2,048 bytes, at byte 2049");
}

#[test]
fn plain_text_is_no_reference() {
    for text in [
        "",
        "vault",
        "vaulted",
        "op:/x",
        "ARN:aws:ssm:x",
        "arn:",
        "sm:/x",
        "https://example.com",
        "projects/",
        "ref-",
        "${VAULT:x}",
        "projects/p/locations/l/secrets/",
        "projects/p/locations/l/keys/k",
    ] {
        assert!(!SecretRef::is_reference(text), "{text}");
        assert!(SecretRef::parse(text).is_none());
    }
}

#[test]
fn fields_and_the_engines_options_do_not_change_what_is_fetched() {
    let reference = |text: &str| SecretRef::parse(text).unwrap().unwrap();
    let whole = reference("vault:a/b?version=2");
    for text in ["vault:a/b?version=2#x", "vault:a/b#y#2", "bao:a/b?encoding=base64&optional=true&version=2&trim_nl=true#z"] {
        assert_eq!(reference(text).without_field(), whole);
        assert_eq!(reference(text).id(), "vault:a/b?version=2");
    }
    assert_ne!(reference("vault:a/b#x"), reference("vault:a/b#y"));
    assert_ne!(reference("vault:a/b#x"), reference("vault:a/b?optional=true#x"));
    assert!(reference("vault:a/b#x") < reference("vault:a/b#y"));
    assert_eq!(reference("bao:a/b#x").option_names().count(), 0);
}

#[test]
fn templates_wait_for_their_names() {
    let template = |text: &str| RefTemplate::parse(text).unwrap();
    let filled = |text: &str| template(text).unwrap().fill(Some("staging"), "shop").unwrap().to_string();
    assert_eq!(filled("vault:secret/data/{environment}/{name}#key"), "vault:secret/data/staging/shop#key");
    assert_eq!(filled("azure-kv:{name}-{environment}/db"), "azure-kv:shop-staging/db");
    assert_eq!(filled("https://{name}.vault.azure.net/secrets/db"), "azure-kv:shop/db");
    assert_eq!(filled("sm://{name}/db#3"), "gcp-sm:projects/shop/secrets/db/versions/3");
    assert_eq!(filled("aws-sm:x?stage={environment}#{name}"), "aws-sm:x?stage=staging#shop");
    assert_eq!(template("vault:a/{team}#k").unwrap_err().kind, RefErrorKind::Template);
    assert_eq!(template("vault:{name}%2f#k").unwrap_err().kind, RefErrorKind::Encoded);
    assert_eq!(template("vault:{name}/../k").unwrap_err().kind, RefErrorKind::Traversal);
    let template = template("vault:{environment}/x#k").unwrap();
    assert!(template.needs_environment());
    assert!(!RefTemplate::parse("vault:{name}/x#k").unwrap().unwrap().needs_environment());
    assert_eq!(template.unfilled().path(), "{environment}/x");
    for name in ["", "..", "a/b", "a#b", "a?b", "a%2f", "{name}"] {
        assert!(template.fill(Some(name), "shop").is_err(), "{name}");
    }
}

#[test]
fn a_reference_tells_its_parts() {
    let parts = |text: &str| {
        let reference = SecretRef::parse(text).unwrap().unwrap();
        let options =
            reference.option_names().map(|name| format!("{name}={}", reference.option(name).unwrap())).collect::<Vec<_>>().join(" ");
        assert_eq!(reference.option("absent"), None);
        format!("{} {} {:?} {options}", reference.scheme(), reference.path(), reference.field())
    };
    assert_eq!(parts("bao:a/b?version=3&ns=team#k"), "vault a/b Some(\"k\") ns=team version=3");
    assert_eq!(parts("arn:aws:ssm:r:1:parameter/x"), "aws-ssm arn:aws:ssm:r:1:parameter/x None ");
    assert_eq!(format!("{:?}", SecretRef::parse("bao:a/b#k").unwrap().unwrap()), "SecretRef(vault:a/b#k)");
    assert_eq!(format!("{:?}", RefTemplate::parse("vault:{name}/b#k").unwrap().unwrap()), "RefTemplate(vault:{name}/b#k)");
}

#[test]
fn references_are_told_apart_in_a_map() {
    let hashed = |text: &str| BuildHasherDefault::<DefaultHasher>::default().hash_one(SecretRef::parse(text).unwrap().unwrap());
    assert_eq!(hashed("vault:a/b#k"), hashed("bao:/a/b#/k"));
    assert_ne!(hashed("vault:a/b#k"), hashed("vault:a/b#l"));
}
