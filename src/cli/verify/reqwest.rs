//! What a client that uses reqwest reports.

use std::error::Error;
use std::time::Duration;

use reqwest::blocking::Client;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Method, blocking::Response};

use super::line;
use crate::verify::notation::Ask;

/// Of its versions those that the manifest allows; it does not tell which one it is.
pub(super) const VERSION: &str = "0.13";

/// How long it waits for something that does not come.
const TIMEOUT: Duration = Duration::from_secs(2);

/// Asks for this URL.
pub(super) fn ask(url: &str, ask: &Ask) -> String {
    match try_ask(url, ask) {
        Ok(got) => got,
        Err(error) => line(&told(&*error)),
    }
}

fn try_ask(url: &str, ask: &Ask) -> Result<String, Box<dyn Error>> {
    let mut headers = HeaderMap::new();
    for header in &ask.lines {
        let (name, value) = header.split_once(':').ok_or("no header line")?;
        headers.append(name.parse::<HeaderName>()?, value.trim().parse::<HeaderValue>()?);
    }
    let client = Client::builder().no_proxy().redirect(Policy::none()).timeout(TIMEOUT).build()?;
    let method = if ask.method == "HEAD" { Method::HEAD } else { Method::GET };
    let response = client.request(method, url).headers(headers).send().map_err(reqwest::Error::without_url)?;
    let status = response.status().as_u16();
    let bytes = Response::bytes(response).map_err(reqwest::Error::without_url)?;
    Ok(format!("ok: {status}, {} bytes", bytes.len()))
}

/// The first link of the chain and the last one.
fn told(error: &dyn Error) -> String {
    let mut last = error.source();
    let mut between = 0;
    while let Some(source) = last.and_then(Error::source) {
        (last, between) = (Some(source), between + 1);
    }
    match (last, between) {
        (None, _) => error.to_string(),
        (Some(last), 0) => format!("{error}: {last}"),
        (Some(last), _) => format!("{error}: ...: {last}"),
    }
}
