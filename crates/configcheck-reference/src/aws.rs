//! AWS: `aws-sm:name#key` and `aws-ssm:/path`, their ARNs, and the tail that ECS puts behind an ARN.
//!
//! Names in Secrets Manager have letters, digits and `/ _ + = . @ - !`; names in Parameter Store letters, digits and `/ _ . -`.

use super::error::RefErrorKind;
use super::part::Part;
use super::tail::{Options, Read, Reading, Tail, field_of_key, is_of_field};

pub(super) const SECRETS: &str = "aws-sm";
pub(super) const PARAMETERS: &str = "aws-ssm";

const SECRET_ARN: &str = "arn:aws:secretsmanager:region:account:secret:name, with :json-key:stage:version-id behind it or nothing";
const PARAMETER_ARN: &str = "arn:aws:ssm:region:account:parameter/path";

/// Whether text is the ARN of a secret, in any partition.
pub(super) fn is_secret_arn(text: &str) -> bool {
    service_of(text) == Some("secretsmanager")
}

/// Whether text is the ARN of a parameter.
pub(super) fn is_parameter_arn(text: &str) -> bool {
    service_of(text) == Some("ssm")
}

/// The service of an ARN, which has something behind it.
fn service_of(text: &str) -> Option<&str> {
    let mut parts = text.splitn(4, ':');
    let is_arn = parts.next() == Some("arn") && parts.next().is_some_and(|partition| partition == "aws" || partition.starts_with("aws-"));
    let service = parts.next().filter(|_| is_arn);
    service.filter(|_| parts.next().is_some())
}

/// `aws-sm:name`, and the ARN of a secret.
pub(super) fn read_secret(part: Part<'_>) -> Read {
    let mut tail = Tail::of(part)?;
    let path = tail.path.without_url_slashes()?;
    tail.options.rename("version_stage", "stage", path)?;
    tail.options.rename("version_id", "version", path)?;
    if path.text().starts_with("arn:") {
        return read_secret_arn(path, tail);
    }
    let path = path.of_characters(is_of_secret)?;
    path.from(usize::from(path.text().starts_with('/'))).of_full_steps()?;
    let field = tail.read_field()?;
    Ok(secret(path.text(), field, tail.options))
}

fn read_secret_arn<'t>(path: Part<'t>, mut tail: Tail<'t>) -> Read {
    let path = path.of_characters(|c| is_of_field(c) || is_of_secret(c))?.of_plain_steps()?;
    let parts: Vec<Part<'_>> = path.split(':').collect();
    for part in parts.iter().take(7) {
        part.of_characters(is_of_secret)?;
    }
    let form = RefErrorKind::Form(SECRET_ARN);
    if !is_secret_arn(path.text()) {
        return Err(path.wrong(form));
    }
    let (arn, of_ecs) = match parts.get(3..) {
        Some([region, account, kind, name, of_ecs @ ..])
            if !region.is_empty() && !account.is_empty() && kind.text() == "secret" && !name.is_empty() && of_ecs.len() <= 3 =>
        {
            drop_own_region(&mut tail.options, region.text());
            (up_to(&parts, 7), of_ecs)
        }
        _ => return Err(path.wrong_at_end(form)),
    };
    let mut field = tail.read_field()?;
    if let Some(key) = of_ecs.first().filter(|key| !key.is_empty()) {
        if field.is_some() {
            return Err(key.wrong(RefErrorKind::Twice));
        }
        field = Some(field_of_key(*key)?);
    }
    for (name, value) in ["stage", "version"].into_iter().zip(of_ecs.iter().skip(1)).filter(|(_, value)| !value.is_empty()) {
        tail.options.set(name, *value)?;
    }
    Ok(secret(&arn, field, tail.options))
}

fn is_of_secret(c: char) -> bool {
    c.is_ascii_alphanumeric() || "/_+=.@-!".contains(c)
}

fn secret(path: &str, field: Option<String>, mut options: Options<'_>) -> Reading {
    // The current stage is what one gets without an option.
    if options.of("stage") == Some("AWSCURRENT") && options.of("version").is_none() {
        options.take("stage");
    }
    Reading::new(SECRETS, path, field, options)
}

/// `aws-ssm:/path`, with `:version` or `:label` behind it or nothing; `aws-ssm:/path/`; and the ARN of a parameter.
pub(super) fn read_parameter(part: Part<'_>) -> Read {
    let mut tail = Tail::of(part)?;
    let is_url = tail.path.text().starts_with("//");
    let path = tail.path.without_url_slashes()?;
    let path = path.of_characters(|c| c.is_ascii_alphanumeric() || "/_.-:".contains(c))?.of_plain_steps()?;
    let is_arn = path.text().starts_with("arn:");
    if is_arn && !is_parameter_arn(path.text()) {
        return Err(path.wrong(RefErrorKind::Form(PARAMETER_ARN)));
    }
    let parts: Vec<Part<'_>> = path.split(':').collect();
    let (name, selector) = match &parts[..] {
        [_, _, _, region, account, name, selector @ ..]
            if is_arn && !region.is_empty() && !account.is_empty() && name.text().starts_with("parameter/") && selector.len() <= 1 =>
        {
            drop_own_region(&mut tail.options, region.text());
            (*name, selector.first())
        }
        [name, selector @ ..] if !is_arn && selector.len() <= 1 => (*name, selector.first()),
        _ if is_arn => return Err(path.wrong_at_end(RefErrorKind::Form(PARAMETER_ARN))),
        _ => return Err(path.wrong_at_end(RefErrorKind::Form("aws-ssm:/path, with :version or :label behind it or nothing"))),
    };
    // A slash at the end means all parameters below the path.
    let steps = name.from(usize::from(name.text().starts_with('/')));
    steps.strip_suffix("/").filter(|_| !is_arn && selector.is_none()).unwrap_or(steps).of_full_steps()?;
    if let Some(selector) = selector {
        if selector.is_empty() {
            return Err(selector.wrong(RefErrorKind::Option));
        }
        let is_version = selector.text().bytes().all(|byte| byte.is_ascii_digit());
        tail.options.set(if is_version { "version" } else { "label" }, *selector)?;
    }
    let field = tail.read_field()?;
    let path = match name.text() {
        _ if is_arn => up_to(&parts, 6),
        // A name of several steps starts with a slash, whether it is written or not.
        name if !name.starts_with('/') && (is_url || name.contains('/')) => format!("/{name}"),
        name => name.to_owned(),
    };
    Ok(Reading::new(PARAMETERS, path, field, tail.options))
}

/// `ref+awsssm://path`, where `#/step` goes on with the path unless the parameter holds a document.
pub(super) fn read_vals_parameter(part: Part<'_>) -> Read {
    let mut reading = read_parameter(part)?;
    let is_document = reading.options.iter().any(|option| option.0 == "mode" && option.1 == "singleparam");
    reading.options.retain(|(name, _)| name != "mode");
    if let Some(field) = reading.field.take_if(|_| !is_document) {
        reading.path = format!("{}/{}", reading.path, field.trim_start_matches('/'));
    }
    // What was a field has to be of the characters of a path now.
    let is_of_path = |c: char| c.is_ascii_alphanumeric() || "/_.-:{}".contains(c);
    if reading.path.chars().all(is_of_path) && !reading.path.contains("//") && !reading.path.ends_with('/') {
        Ok(reading)
    } else {
        Err(part.wrong_at_end(RefErrorKind::Character))
    }
}

/// An ARN names its region, so that an option with the same says nothing.
fn drop_own_region(options: &mut Options<'_>, region: &str) {
    if options.of("region") == Some(region) {
        options.take("region");
    }
}

fn up_to(parts: &[Part<'_>], count: usize) -> String {
    parts.iter().take(count).map(|part| part.text()).collect::<Vec<_>>().join(":")
}
