//! The one permission that a reference needs, in one line.

use configcheck_core::SecretRef;

use crate::need::Needs;
use crate::{iam, vault};

/// The statement of a policy that lets one reference be read, in one line; `None` for files, and for managers whose policies are not written
/// here. Where a reference does not say its account or region, the words stand in their place.
///
/// ```
/// use configcheck_core::SecretRef;
/// use configcheck_policy::permission;
///
/// let reference = SecretRef::parse("aws-ssm:/checkout/flag").expect("a scheme")?;
/// assert_eq!(permission(&reference).as_deref(), Some("ssm:GetParameters on arn:aws:ssm:REGION:ACCOUNT:parameter/checkout/flag"));
/// # Ok::<(), configcheck_core::reference::RefError>(())
/// ```
pub fn permission(reference: &SecretRef) -> Option<String> {
    let scheme = reference.scheme();
    if vault::SCHEMES.contains(&scheme) {
        return Some(vault::statement(reference.path()));
    }
    if iam::SCHEMES.contains(&scheme) {
        let mut needs = Needs::default();
        needs.add(reference, "");
        return iam::permission(&needs.iter().next()?);
    }
    if scheme == "k8s" {
        let (namespace, secret) = reference.path().split_once('/')?;
        return Some(format!("get on the Secret {secret} in the namespace {namespace}"));
    }
    None
}
