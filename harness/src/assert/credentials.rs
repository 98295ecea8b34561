//! Who got the credentials.

use std::collections::{BTreeMap, BTreeSet};

use super::{Assert, AssertionError, panicking};

impl Assert<'_> {
    panicking! {
        /// The credentials that it had went to one origin alone, though a redirect led to another one: what its caller set
        /// for the first it should drop there (RFC 9110 §15.4 has it "consider removing" them). Origins differ in their
        /// ports: the server's and that of its [mirror](flaky_server::FlakyServerBuilder::mirror).
        ///
        /// Cookies do not count: they "do not provide isolation by port" (RFC 6265 §8.5), and a cookie that the caller set
        /// cannot be told from one of a jar. Nor do secrets that the journal could not tell apart, `#?`.
        kept_credentials, try_kept_credentials
    }

    /// The twin of [`kept_credentials`](Self::kept_credentials).
    ///
    /// # Errors
    ///
    /// If two ports got the same secret, if none got any, or if only one was asked.
    pub fn try_kept_credentials(self) -> Result<Self, AssertionError> {
        let all = self.outcome.all_targets();
        let mut asked = BTreeSet::new();
        let mut seen: BTreeMap<&str, BTreeSet<u16>> = BTreeMap::new();
        let mut others = 0;
        for exchange in all.exchanges().iter().filter(|exchange| exchange.target.is_some()) {
            asked.insert(exchange.port);
            for credential in &exchange.credentials {
                match is_of_one_origin(credential) {
                    true => drop(seen.entry(credential).or_default().insert(exchange.port)),
                    false => others += 1,
                }
            }
        }
        let leaked = seen.iter().find(|(_, ports)| ports.len() > 1);
        let (got, nearest) = if let Some((credential, ports)) = leaked {
            let ports: Vec<_> = ports.iter().map(ToString::to_string).collect();
            (
                format!("`{credential}` on the ports {}", ports.join(" and ")),
                "another port is another origin (RFC 6454 §4)",
            )
        } else if seen.is_empty() && others > 0 {
            let nearest = "cookies are for all ports of a host (RFC 6265 §8.5), and `#?` is not told apart";
            ("no credentials that are for one origin".to_owned(), nearest)
        } else if seen.is_empty() {
            ("no credentials at all".to_owned(), "give it some: in the URL, a header, or the way that its users do")
        } else {
            (
                "one origin alone was asked".to_owned(),
                "the redirect was not followed: `status=302 location={mirror}{path}`",
            )
        };
        let holds = leaked.is_none() && !seen.is_empty() && asked.len() > 1;
        self.check_wire(holds, || "credentials for one origin alone".to_owned(), || got, || vec![nearest.to_owned()])
    }
}

/// Whether it is for one port, and can be told from others.
fn is_of_one_origin(credential: &str) -> bool {
    !credential.starts_with("cookie:") && !credential.ends_with(" #?")
}

#[cfg(test)]
mod tests {
    use super::is_of_one_origin;

    #[test]
    fn cookies_are_for_a_host_and_what_is_not_told_apart_for_anybody() {
        for credential in ["authorization: Basic #1", "authorization: #10001", "x-api-key #2"] {
            assert!(is_of_one_origin(credential), "{credential}");
        }
        for credential in ["cookie: a #1", "cookie: #2", "authorization: Basic #?", "x-api-key #?"] {
            assert!(!is_of_one_origin(credential), "{credential}");
        }
    }
}
