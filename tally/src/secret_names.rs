//! Query parameters that let somebody in: they choose no page, and have no place in what is stored.
//!
//! The browser leaves them out before anything is sent; here they are left out of addresses that reach the
//! counter otherwise (pictures, imports, other clients).

/// Names that say secret, whatever their case. Sorted.
const NAMES: &[&str] = &[
    "access_token",
    "api_key",
    "apikey",
    "auth_token",
    "authorization",
    "client_secret",
    "id_token",
    "jwt",
    "oauth_token",
    "oauth_verifier",
    "passwd",
    "password",
    "refresh_token",
    "saml_response",
    "samlresponse",
    "secret",
    "session_id",
    "session_token",
    "sessionid",
    "sid_token",
    "token",
];

/// Whether a parameter is secret; `has_state`: the query has a `state` too, so that its `code` is a sign-in's.
pub(crate) fn is_secret(name: &str, has_state: bool) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.binary_search(&name.as_str()).is_ok() || has_state && (name == "code" || name == "state")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_and_known_in_any_case() {
        assert!(NAMES.is_sorted());
        assert!(is_secret("Access_Token", false) && is_secret("token", false));
        assert!(is_secret("code", true) && is_secret("state", true));
        assert!(!is_secret("code", false) && !is_secret("id", false) && !is_secret("tokens", false));
    }
}
