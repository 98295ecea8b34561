//! The only module that touches sockets. It performs plans, and tells the journal what the kernel says.
//!
//! One task drives each connection ([`h1`]). hyper reads requests and writes replies through the [`tap`]; the
//! [`meter`] reads what goes out, so that the journal knows what was on the wire. A break follows one path whatever
//! its kind: the [`body`] yields the bytes before it and *holds*; when hyper has flushed, the driver dismisses hyper
//! and [performs](perform) the rest on the bare socket: it [*drains*](drain) until the client's kernel has
//! acknowledged everything, then *breaks*.
//!
//! What hyper will not write goes the same way from its first byte on: hyper is dismissed before the head, and the
//! driver writes the [`message`] itself. Where the connection lives on behind it, it gets another hyper.

mod body;
mod chunks;
mod conn;
mod credentials;
mod drain;
mod ending;
mod h1;
mod head;
mod hold;
mod kept;
mod message;
mod meter;
mod on_accept;
mod pacer;
mod perform;
mod pieces;
mod reader;
mod reply;
mod request;
mod stop;
mod sys;
mod takeover;
mod tap;
mod verdict;

pub(crate) use body::PlannedBody;
pub(crate) use conn::{Conn, Observer};
pub(crate) use h1::{Handler, Settings, serve};
pub(crate) use reply::send;
pub(crate) use request::target;
pub(crate) use stop::Stop;
