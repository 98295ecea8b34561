//! A download with a few retries, which the programs of this package report on, each with its own library.

use std::thread::sleep;
use std::time::Duration;

/// What a program without layers of its own has: reqwest's chain, and nothing above.
pub fn get(url: &str) -> Result<usize, reqwest::Error> {
    let client = reqwest::blocking::Client::builder().timeout(Duration::from_secs(2)).build()?;
    Ok(client.get(url).send()?.error_for_status()?.bytes()?.len())
}

/// Tries again `retries` times, and logs that.
pub fn get_with_retries(url: &str, retries: u32) -> Result<usize, reqwest::Error> {
    let mut retry = 0;
    loop {
        match get(url) {
            Err(error) if retry < retries => {
                retry += 1;
                eprintln!("warning: {error}; retry {retry} of {retries}");
                sleep(Duration::from_millis(100));
            }
            result => return result,
        }
    }
}

/// `one`, `many`, `long` or `chain`: what is wrapped around reqwest's error.
pub fn arguments() -> (String, String) {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().expect("usage: PROGRAM KIND URL");
    (next(), next())
}
