//! What the servers get to do: the same clients for all of them, on bare sockets.

mod fresh;
mod http;
mod keep_alive;
mod pour;
mod slow;

pub(crate) use fresh::fresh;
pub(crate) use http::{Client, request};
pub(crate) use keep_alive::keep_alive;
pub(crate) use pour::pour;
pub(crate) use slow::{Crowd, Wish, crowd};
