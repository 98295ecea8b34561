//! What a reply does not say, and whether that makes a difference.

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

/// The reply that is made for an answer, and the terms without which it would be the same on the wire: by name, or with
/// their value where there may be several.
pub(crate) fn tried(answer: &Answer, make: impl Fn(&Answer) -> Reply) -> (Reply, Vec<String>) {
    let reply = make(answer);
    let makes_none = |(term, fewer): (String, Answer)| make(&fewer).is_like(&reply).then_some(term);
    let missed = answer.fewer().into_iter().filter_map(makes_none).collect();
    (reply, missed)
}
