//! A fault-injecting HTTP fileserver.

mod content;
mod respond;
