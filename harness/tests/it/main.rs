//! The harness: what it reads, on any platform; and on the wire of Linux, where bytes are exact and errors have the names
//! that the tests know, trials of downloaders that are made for them, counted by a proxy as well.

mod random; // bytes of no meaning, read as chains and claims
mod samples; // what real programs print

#[cfg(target_os = "linux")]
mod assertions; // each assertion, holding and failing
#[cfg(all(target_os = "linux", feature = "audit"))]
mod audits; // subjects that misbehave
#[cfg(target_os = "linux")]
mod claims; // what is said against what was seen
#[cfg(target_os = "linux")]
mod downloaders;
#[cfg(target_os = "linux")]
mod efforts; // skipped, exhausted, exceeded
#[cfg(target_os = "linux")]
mod failures; // what a failed assertion prints
#[cfg(target_os = "linux")]
mod paces; // when retries come
#[cfg(all(target_os = "linux", feature = "cli"))]
mod program; // `flaky-audit`
#[cfg(target_os = "linux")]
mod trials; // servers, folders, files, timeouts

#[cfg(target_os = "linux")]
#[path = "../support/mod.rs"]
mod support;

/// What never takes this long does not happen at all.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
