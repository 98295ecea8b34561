//! Where nothing is injected, the server is a correct HTTP/1.1 file server, so that a failure is the downloader's.

mod directories;
mod framing;
mod http_1_0;
mod methods;
mod parts;
mod persistence;
mod ranges;
mod refusals;
mod requests;
mod scope;

use std::sync::OnceLock;

use crate::support::{Reply, content};

/// Some bytes to serve.
fn bytes() -> &'static [u8] {
    static BYTES: OnceLock<&[u8]> = OnceLock::new();
    BYTES.get_or_init(|| content(100_000))
}

/// Whether a reply is whole, with this status and body.
#[track_caller]
fn is_whole(reply: &Reply, status: u16, body: &[u8]) {
    assert_eq!(reply.status(), status, "{}", reply.text());
    assert!(reply.complete, "{reply:?}");
    assert_eq!(reply.len, body.len() as u64, "length of the body");
    assert!(reply.body == body, "the body differs");
}
