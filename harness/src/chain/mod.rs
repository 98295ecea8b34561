//! Error chains: what a downloader says went wrong, from the outermost error to the root cause.

use std::error::Error;

/// What a downloader says went wrong, from the outermost error to the root cause.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Chain {
    links: Vec<Link>,
}

/// One error of a chain.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Link {
    text: String,
}

impl Chain {
    /// The chain of an error and its sources.
    pub fn from_error(error: &(dyn Error + 'static)) -> Self {
        let mut links = Vec::new();
        let mut next = Some(error);
        while let Some(error) = next {
            links.push(Link { text: error.to_string() });
            next = error.source();
        }
        Self { links }
    }

    /// The links, the outermost first.
    pub fn links(&self) -> &[Link] {
        &self.links
    }
}

impl Link {
    /// What it says.
    pub fn text(&self) -> &str {
        &self.text
    }
}
