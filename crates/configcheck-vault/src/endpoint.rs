//! The requests: those of vaultrs where nothing in them is secret, and [`Post`] where something is, or where vaultrs has none.

use rustify::endpoint::Endpoint;
use rustify::enums::{RequestMethod, RequestType, ResponseType};
use rustify::errors::ClientError;
pub(crate) use vaultrs::api::kv2::requests::ReadSecretMetadataRequest as ReadMetadata;
pub(crate) use vaultrs::api::sys::requests::UnwrapRequest as Unwrap;
pub(crate) use vaultrs::api::token::requests::{
    LookupTokenSelfRequest as LookUpSelf, RenewTokenSelfRequest as RenewSelf, RevokeTokenSelfRequest as RevokeSelf,
};
use vaultrs::api::{kv1, kv2};
use zeroize::Zeroizing;

use crate::location::Location;

/// A read of a path, in the form of the engine that the path belongs to.
pub(crate) enum Read {
    /// Of a KV version 2, where a version can be asked for.
    Versioned(kv2::requests::ReadSecretRequest),
    /// Of anything else.
    Plain(kv1::requests::GetSecretRequest),
}

impl Read {
    pub(crate) fn of(location: &Location) -> Self {
        match location.versioned() {
            Some((mount, name)) => Self::Versioned(kv2::requests::ReadSecretRequest {
                mount: mount.to_owned(),
                path: name.to_owned(),
                version: location.version,
            }),
            None => {
                let (mount, path) = location.path().split_once('/').unwrap_or((location.path(), ""));
                Self::Plain(kv1::requests::GetSecretRequest { mount: mount.to_owned(), path: path.to_owned() })
            }
        }
    }
}

/// A request with a body of our own: vaultrs keeps passwords in plain strings with a derived `Debug`, and knows no leases.
pub(crate) struct Post {
    path: String,
    body: Zeroizing<Vec<u8>>,
}

impl Post {
    /// What is sent, for telling whether an answer repeats it.
    pub(crate) fn sent(&self) -> Zeroizing<Vec<u8>> {
        self.body.clone()
    }

    /// A request to a path, without a leading slash, with JSON.
    pub(crate) fn new(path: impl Into<String>, body: Zeroizing<Vec<u8>>) -> Self {
        Self { path: path.into(), body }
    }
}

impl Endpoint for Post {
    type Response = ();
    const REQUEST_BODY_TYPE: RequestType = RequestType::JSON;
    const RESPONSE_BODY_TYPE: ResponseType = ResponseType::JSON;

    fn path(&self) -> String {
        self.path.clone()
    }

    fn method(&self) -> RequestMethod {
        RequestMethod::POST
    }

    fn body(&self) -> Result<Option<Vec<u8>>, ClientError> {
        // The client wipes what it is given once it is sent.
        Ok(Some(self.body.to_vec()))
    }
}

/// A JSON object of names that are ours and texts that may be secret, in one buffer that is wiped.
pub(crate) fn object(members: &[(&str, &str)]) -> Zeroizing<Vec<u8>> {
    let length: usize = members.iter().map(|(name, text)| name.len() + text.len() * 6 + 6).sum();
    let mut body = Zeroizing::new(Vec::with_capacity(length + 2));
    body.push(b'{');
    for (at, (name, text)) in members.iter().enumerate() {
        if at > 0 {
            body.push(b',');
        }
        body.extend_from_slice(crate::json::quote(name).as_bytes());
        body.push(b':');
        body.extend_from_slice(crate::json::quote(text).as_bytes());
    }
    body.push(b'}');
    body
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use configcheck_core::reference::SecretRef;
    use rustify::endpoint::Endpoint as _;

    use super::{Location, Post, Read, object};

    fn read(text: &str) -> (String, Option<String>) {
        let location = Location::of(&SecretRef::parse(text).unwrap().unwrap()).unwrap();
        match Read::of(&location) {
            Read::Versioned(request) => (request.path(), request.query().unwrap()),
            Read::Plain(request) => (request.path(), request.query().unwrap()),
        }
    }

    #[test]
    fn a_path_is_asked_for_as_it_is_written() {
        assert_eq!(read("vault:team/kv/data/a/b#k").0, "team/kv/data/a/b");
        assert_eq!(read("vault:secret/data/a?version=3#k"), ("secret/data/a".to_owned(), Some("version=3".to_owned())));
        assert_eq!(read("vault:database/creds/app#k").0, "database/creds/app");
    }

    #[test]
    fn a_version_is_not_asked_of_what_may_have_none() {
        // A dynamic engine would make a credential; the answer tells which engine it is.
        let (path, query) = read("vault:secret/a?version=3#k");
        assert_eq!((path.as_str(), query.unwrap_or_default().as_str()), ("secret/a", ""));
    }

    #[test]
    fn a_body_is_json_in_a_buffer_that_never_moves() {
        let body = object(&[("role_id", "a\"b"), ("secret_id", "line\n")]);
        assert_eq!(body.as_slice(), br#"{"role_id":"a\"b","secret_id":"line\u000a"}"#);
        assert!(body.capacity() >= body.len());
        assert_eq!(Post::new("sys/leases/renew", body).path(), "sys/leases/renew");
    }
}
