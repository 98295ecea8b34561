//! The journal says what happened on the wire, how often, and by whom; and `None` where it cannot know.

mod counts;
mod deadline;
mod headless;
mod leaving;
mod records;

use std::sync::OnceLock;

use crate::support::content;

/// More than all buffers between a server and a client that does not read.
const LEN: usize = 8 * 1024 * 1024;

fn bytes() -> &'static [u8] {
    static BYTES: OnceLock<&[u8]> = OnceLock::new();
    BYTES.get_or_init(|| content(LEN))
}
