//! The only module that touches sockets. It performs plans, and tells the journal what the kernel says.
//!
//! One task drives each connection ([`h1`]). hyper reads requests and writes replies through the [`tap`]; the
//! [`meter`] reads what goes out, so that the journal knows what was on the wire. A break follows one path whatever
//! its kind: the [`body`] yields the bytes before it and *holds*; when hyper has flushed, the driver dismisses hyper
//! and [performs](perform) the rest on the bare socket: it [*drains*](drain) until the client's kernel has
//! acknowledged everything, then *breaks*.

mod body;
mod conn;
mod drain;
mod h1;
mod meter;
mod pacer;
mod perform;
mod reader;
mod reply;
mod stop;
mod sys;
mod takeover;
mod tap;

pub(crate) use body::PlannedBody;
pub(crate) use conn::Conn;
pub(crate) use h1::{Handler, Settings, serve};
pub(crate) use reply::send;
pub(crate) use stop::Stop;
