//! Who got the credentials.

use std::collections::BTreeMap;

use super::{Assert, AssertionError, panicking};

impl Assert<'_> {
    panicking! {
        /// The credentials that it had went to one origin alone, whatever redirects led to another one: a client has to
        /// drop them there (RFC 9110 §15.4). Origins differ in their ports: the server's and that of its
        /// [mirror](flaky_server::FlakyServerBuilder::mirror).
        kept_credentials, try_kept_credentials
    }

    /// The twin of [`kept_credentials`](Self::kept_credentials).
    ///
    /// # Errors
    ///
    /// If two ports got the same secret, or none got any.
    pub fn try_kept_credentials(self) -> Result<Self, AssertionError> {
        let mut seen: BTreeMap<&str, Vec<u16>> = BTreeMap::new();
        let all = self.outcome.all_targets();
        for exchange in all.exchanges() {
            for credential in &exchange.credentials {
                let ports = seen.entry(credential).or_default();
                if !ports.contains(&exchange.port) {
                    ports.push(exchange.port);
                }
            }
        }
        let leaked = seen.iter().find(|(_, ports)| ports.len() > 1);
        let holds = !seen.is_empty() && leaked.is_none();
        let got = || match leaked {
            Some((credential, ports)) => {
                let ports: Vec<_> = ports.iter().map(ToString::to_string).collect();
                format!("`{credential}` on the ports {}", ports.join(" and "))
            }
            None => "no credentials at all".to_owned(),
        };
        let nearest = || match leaked {
            Some(_) => vec!["another port is another origin (RFC 6454 §4)".to_owned()],
            None => vec!["give it some: in the URL, a header, or the way that its users do".to_owned()],
        };
        self.check_wire(holds, || "credentials for one origin alone".to_owned(), got, nearest)
    }
}
