//! Downloaders that are made for the tests.

use std::io::Error;

use flaky_harness::{Downloader, Job, function};

use crate::support::{Fetch, FetchError, fetch};

pub(crate) const FILE: &str = "/fixture.bin";

/// What is worth another attempt.
pub(crate) fn is_transient(error: &FetchError) -> bool {
    match error {
        FetchError::Head(_) | FetchError::Body(_) => true,
        FetchError::Status(status) => *status >= 500 || *status == 429,
    }
}

/// Fetches, and retries so many times what is worth it.
pub(crate) fn with_retries(url: &str, retries: u64) -> Result<Fetch, FetchError> {
    let mut left = retries;
    loop {
        match fetch(url, 0) {
            Err(error) if left > 0 && is_transient(&error) => left -= 1,
            result => return result,
        }
    }
}

/// A downloader that makes this many retries, and says so if all fail.
pub(crate) fn retrying(retries: u64) -> impl Downloader {
    function(format!("{retries} retries"), move |job| {
        let file = with_retries(job.url(), retries)
            .map_err(|source| Said { text: format!("request failed after {retries} retries"), source })?;
        write(job, &file.body).map_err(Box::<dyn std::error::Error>::from)?;
        Ok::<(), Box<dyn std::error::Error>>(())
    })
}

pub(crate) fn write(job: &Job, body: &[u8]) -> std::io::Result<()> {
    std::fs::write(job.out(), body)
}

/// An error with something to say before its source.
#[derive(Debug)]
pub(crate) struct Said<E> {
    pub(crate) text: String,
    pub(crate) source: E,
}

impl<E> std::fmt::Display for Said<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl<E: std::error::Error + 'static> std::error::Error for Said<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

pub(crate) fn other(text: &str) -> Error {
    Error::other(text.to_owned())
}
