//! Why a server could not be started.

use std::io;
use std::net::SocketAddr;

use crate::content::MountError;
use crate::decision::ParseError;

/// Why a server could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address could not be bound.
    #[error("cannot listen on {addr}{}", hint(.source))]
    Bind {
        /// The address.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// What is to be served cannot be.
    #[error(transparent)]
    Content(#[from] MountError),
    /// Nothing is to be served.
    #[error(
        "nothing to serve: name a directory, a file or bytes, with `serve_dir`, `serve_file`, `serve_bytes` or others"
    )]
    Nothing,
    /// The system refused the threads to serve with.
    #[error("cannot start the background runtime")]
    Runtime(#[source] io::Error),
    /// The schedule contradicts itself.
    #[error(transparent)]
    Schedule(#[from] ParseError),
    /// The pattern of templates is wrong.
    #[error(transparent)]
    Template(ParseError),
}

fn hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::AddrInUse => ": the port is in use; choose another one, or 0 for any free one",
        io::ErrorKind::PermissionDenied => ": ports below 1024 need privileges; choose a higher one",
        io::ErrorKind::AddrNotAvailable => ": this machine does not have that address",
        _ => "",
    }
}
