//! What a request shows of its sender, without what is secret about it.

use crate::journal::Credential;

/// Fields that are nothing but a secret (those of RFC 9110 §11 begin with a scheme, and cookies have names), with somebody
/// who wants them. They stand in the documentation of [`Exchange::credentials`](crate::Exchange::credentials).
const SECRETS: [&str; 13] = [
    // Azure's services of models and of search.
    "api-key",
    // CircleCI's artifacts.
    "circle-token",
    // GitLab's packages.
    "deploy-token",
    "job-token",
    "private-token",
    // S3: of sessions, and of objects that are encrypted with the client's own key.
    "x-amz-security-token",
    "x-amz-server-side-encryption-customer-key",
    // AWS API Gateway, and many others.
    "x-api-key",
    // OpenStack Swift.
    "x-auth-token",
    // Google's APIs.
    "x-goog-api-key",
    // Artifactory.
    "x-jfrog-art-api",
    // NuGet's feeds.
    "x-nuget-apikey",
    // HashiCorp Vault.
    "x-vault-token",
];

/// The schemes that are named (IANA's registry of them, and what is in use beside it). Any other first word may be a part of
/// the secret.
const SCHEMES: [&str; 10] =
    ["AWS4-HMAC-SHA256", "Basic", "Bearer", "Digest", "DPoP", "HOBA", "Mutual", "Negotiate", "NTLM", "Token"];

/// The most cookies that are told of one request: any number of them fits into a field, and fields are limited already.
const MOST_COOKIES: usize = 16;

/// The longest name of a cookie that is told.
const LONGEST_NAME: usize = 64;

/// The credentials among these header fields; of cookies the first sixteen.
pub(super) fn credentials<'a>(fields: impl Iterator<Item = (&'a str, &'a [u8])>) -> Vec<Credential> {
    let mut found = Vec::new();
    let mut cookies = 0;
    for (name, value) in fields {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if is("authorization") || is("proxy-authorization") {
            found.push(authorization(name, value));
        } else if is("cookie") {
            let before = found.len();
            found.extend(value.split(|&byte| byte == b';').filter_map(cookie).take(MOST_COOKIES - cookies));
            cookies += found.len() - before;
        } else if SECRETS.into_iter().any(is) {
            found.push(Credential { kind: name.to_ascii_lowercase(), secret: value.to_vec() });
        }
    }
    found
}

/// Scheme and secret (RFC 9110 §11.4).
fn authorization(name: &str, value: &[u8]) -> Credential {
    let name = name.to_ascii_lowercase();
    let end = value.iter().position(|&byte| byte == b' ').unwrap_or(value.len());
    let (first, rest) = value.split_at(end);
    match SCHEMES.into_iter().find(|scheme| scheme.as_bytes().eq_ignore_ascii_case(first)) {
        Some(scheme) => Credential { kind: format!("{name}: {scheme}"), secret: rest.trim_ascii().to_vec() },
        None => Credential { kind: format!("{name}:"), secret: value.to_vec() },
    }
}

/// A name and its value (RFC 6265 §4.2.1). What has no name is secret as a whole: there are such cookies in the field.
fn cookie(pair: &[u8]) -> Option<Credential> {
    let pair = pair.trim_ascii();
    if pair.is_empty() {
        return None;
    }
    let (name, secret) = match pair.iter().position(|&byte| byte == b'=') {
        Some(end) => (&pair[..end], &pair[end + 1..]),
        None => (&pair[..0], pair),
    };
    let kind = match &name[..name.len().min(LONGEST_NAME)] {
        [] => "cookie:".to_owned(),
        name => format!("cookie: {}", name.escape_ascii()),
    };
    Some(Credential { kind, secret: secret.to_vec() })
}

#[cfg(test)]
mod tests {
    use super::{MOST_COOKIES, SECRETS, credentials};

    /// The pages where users read which they are.
    const PAGES: [&str; 2] = [include_str!("../docs/journal.md"), include_str!("../journal/exchange.rs")];

    #[track_caller]
    fn check(field: (&str, &str), expected: &[(&str, &str)]) {
        let found = credentials([(field.0, field.1.as_bytes())].into_iter());
        let found: Vec<_> = found.iter().map(|c| (c.kind.as_str(), str::from_utf8(&c.secret).unwrap())).collect();
        assert_eq!(found, expected, "{field:?}");
    }

    #[test]
    fn what_kind_it_is_and_what_is_secret() {
        check(("Authorization", "Basic YTpi"), &[("authorization: Basic", "YTpi")]);
        check(("authorization", "bearer  abc"), &[("authorization: Bearer", "abc")]);
        check(("Proxy-Authorization", "NTLM"), &[("proxy-authorization: NTLM", "")]);
        check(("Cookie", "a=1; b=2=3; =4;"), &[("cookie: a", "1"), ("cookie: b", "2=3"), ("cookie:", "4")]);
        check(("Cookie", "a=1;secret; "), &[("cookie: a", "1"), ("cookie:", "secret")]);
        check(("X-Api-Key", "abc"), &[("x-api-key", "abc")]);
        for name in ["range", "host", "www-authenticate", "x-authorization"] {
            check((name, "Bearer abc"), &[]);
        }
    }

    #[test]
    fn the_pages_have_all_fields() {
        let [journal, exchange] = PAGES.map(str::to_lowercase);
        for name in SECRETS.into_iter().chain(["authorization", "proxy-authorization", "cookie"]) {
            let name = format!("`{name}`");
            assert!(journal.contains(&name) && exchange.contains(&name), "{name}");
        }
        assert!(journal.contains(&format!("the names of the first {MOST_COOKIES} of a request")));
    }

    #[test]
    fn what_is_no_known_scheme_is_secret_as_well() {
        check(("authorization", "abc"), &[("authorization:", "abc")]);
        check(("authorization", "my secret"), &[("authorization:", "my secret")]);
        check(("authorization", "Basicabc"), &[("authorization:", "Basicabc")]);
    }

    #[test]
    fn so_many_cookies_and_no_more_but_all_that_is_not_one() {
        let (many, basic) = (("cookie", "a=1;".repeat(9)), ("authorization", "Basic a".to_owned()));
        let fields = [&many, &basic].into_iter().cycle().take(40);
        let found = credentials(fields.map(|(name, value)| (*name, value.as_bytes())));
        let cookies = found.iter().filter(|it| it.kind == "cookie: a").count();
        assert_eq!((cookies, found.len() - cookies), (16, 20));
        let long = format!("{}=1", "n".repeat(9999));
        assert_eq!(credentials([("cookie", long.as_bytes())].into_iter())[0].kind.len(), 8 + 64);
    }
}
