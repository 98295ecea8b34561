//! What a reply does not say.

use http::{HeaderValue, header};

use super::reply::Reply;
use crate::decision::Answer;

/// Says of ranges what `answer` says, where the reply says anything of them, and leaves out what it leaves out.
pub(super) fn withhold(reply: &mut Reply, answer: &Answer) {
    let said = answer.accept_ranges().and_then(|said| HeaderValue::from_bytes(said).ok());
    if let (Some(value), Some(accept_ranges)) = (said, reply.headers.get_mut(header::ACCEPT_RANGES)) {
        *accept_ranges = value;
    }
    for name in answer.left_out() {
        reply.headers.remove(name);
    }
}
