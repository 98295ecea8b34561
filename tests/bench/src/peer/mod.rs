//! The servers that are measured: how each is found, started and stopped.

mod command;
mod flaky;
mod mocks;
mod nginx;
mod process;
mod running;
mod site;
mod static_web_server;

pub(crate) use command::{cargo_build, find, target_dir};
pub(crate) use flaky::Flaky;
pub(crate) use mocks::{Mock, peers};
pub(crate) use nginx::nginx;
pub(crate) use process::{socket_memory, usage};
pub(crate) use running::{Running, free_port};
pub(crate) use site::Site;
pub(crate) use static_web_server::StaticWebServer;

/// Why a peer cannot be measured.
pub(crate) type Missing = String;
