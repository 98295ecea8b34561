//! The harness, tried on a downloader of which everything is known: what it does right, and what it does wrong.
// Bytes are exact on Linux, and its shell and its limits are used.
#![cfg(target_os = "linux")]

mod case; // one run of the model
mod cases; // the cases of a conformance suite
mod flaws; // each flaw is caught, and by the assertion that is for it
mod healthy; // the model passes every trial
mod replies; // what the server of the trials never says
mod table; // a table of the documentation
