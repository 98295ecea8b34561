//! The harness on the wire: trials of downloaders that are made for them, counted by a proxy as well.

mod assertions; // each assertion, holding and failing
mod claims; // what is said against what was seen
mod efforts; // skipped, exhausted, exceeded
mod failures; // what a failed assertion prints
mod paces; // when retries come
mod random; // bytes of no meaning, read as chains and claims
mod samples; // what real programs print
mod trials; // servers, folders, files, timeouts

#[path = "../support/mod.rs"]
mod support;

use std::io::Error;

use flaky_harness::{Downloader, Job, function};

use support::{Fetch, FetchError, fetch};

const FILE: &str = "/fixture.bin";

/// What is worth another attempt.
fn is_transient(error: &FetchError) -> bool {
    match error {
        FetchError::Head(_) | FetchError::Body(_) => true,
        FetchError::Status(status) => *status >= 500 || *status == 429,
    }
}

/// Fetches, and retries so many times what is worth it.
fn with_retries(url: &str, retries: u64) -> Result<Fetch, FetchError> {
    let mut left = retries;
    loop {
        match fetch(url, 0) {
            Err(error) if left > 0 && is_transient(&error) => left -= 1,
            result => return result,
        }
    }
}

/// A downloader that makes this many retries, and says so if all fail.
fn retrying(retries: u64) -> impl Downloader {
    function(format!("{retries} retries"), move |job| {
        let file = with_retries(job.url(), retries)
            .map_err(|source| Said { text: format!("request failed after {retries} retries"), source })?;
        write(job, &file.body).map_err(Box::<dyn std::error::Error>::from)?;
        Ok::<(), Box<dyn std::error::Error>>(())
    })
}

fn write(job: &Job, body: &[u8]) -> std::io::Result<()> {
    std::fs::write(job.out(), body)
}

/// An error with something to say before its source.
#[derive(Debug)]
struct Said<E> {
    text: String,
    source: E,
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

fn other(text: &str) -> Error {
    Error::other(text.to_owned())
}
