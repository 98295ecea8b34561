//! Credentials, told apart by numbers.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

/// What a request shows of its sender.
#[derive(Debug)]
pub(crate) struct Credential {
    /// What it is, without anything secret: `authorization: Basic`.
    pub(crate) kind: String,
    /// What must not be told.
    pub(crate) secret: Vec<u8>,
}

/// So many different secrets are told apart.
const MOST: usize = 10_000;

/// The secrets that were seen, as hashes whose key nobody has, and their numbers.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    key: RandomState,
    numbers: HashMap<u64, usize>,
}

impl Secrets {
    /// What can be told of them: what is secret becomes a number, the same for the same secret.
    pub(super) fn redact(&mut self, credentials: &[Credential]) -> Vec<String> {
        credentials
            .iter()
            .map(|credential| format!("{} {}", credential.kind, self.number(&credential.secret)))
            .collect()
    }

    fn number(&mut self, secret: &[u8]) -> String {
        let hash = self.key.hash_one(secret);
        let next = self.numbers.len() + 1;
        let number = match self.numbers.get(&hash) {
            Some(&number) => number,
            None if next > MOST => return "#?".to_owned(),
            None => *self.numbers.entry(hash).or_insert(next),
        };
        format!("#{number}")
    }
}

#[cfg(test)]
mod tests {
    use super::{Credential, MOST, Secrets};

    #[test]
    fn the_same_secret_has_the_same_number() {
        let mut secrets = Secrets::default();
        let mut told = |kind: &str, secret: &str| {
            secrets.redact(&[Credential { kind: kind.to_owned(), secret: secret.into() }]).remove(0)
        };
        assert_eq!(told("authorization: Basic", "a"), "authorization: Basic #1");
        assert_eq!(told("cookie: a", "b"), "cookie: a #2");
        assert_eq!(told("authorization: Bearer", "a"), "authorization: Bearer #1");
        for n in 0..2 * MOST {
            told("x", &n.to_string());
        }
        assert_eq!((told("x", "new").as_str(), told("x", "b").as_str()), ("x #?", "x #2"));
        assert_eq!(secrets.numbers.len(), MOST);
    }
}
