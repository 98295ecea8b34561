//! Exit codes. They are part of the interface, and do not change.
//!
//! With a COMMAND, its exit status is the program's own; 128 + n if signal n ended it.

/// The server stopped in order, also on SIGINT and SIGTERM.
pub const ORDERLY: u8 = 0;

/// The server failed at run time: the port is in use, the journal could not be written; or `--verify-wire` found what differs.
pub const FAILURE: u8 = 1;

/// The arguments are wrong, or what they name is not there; with a COMMAND, too, which has not been run then.
pub const USAGE: u8 = 2;

/// Like [`FAILURE`], but with a COMMAND, whose own 1 would look the same.
pub const COMMAND_FAILED: u8 = 125;

/// The COMMAND was found, but could not be executed.
pub const NOT_EXECUTABLE: u8 = 126;

/// The COMMAND was not found.
pub const NOT_FOUND: u8 = 127;

/// Added to the number of the signal that ended the COMMAND.
pub const SIGNALLED: u8 = 128;
