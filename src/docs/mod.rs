//! Longer documentation: how to use it, what it cannot do, how it is made.
//!
//! | page | what is in it |
//! |---|---|
//! | [`guide`] | from the first reset to a test in a pipeline, in ten minutes |
//! | [`which_fault`] | what went wrong in the field, and how it is written here |
//! | [`reference`](mod@reference) | every term on the wire, byte for byte, and what clients report |
//! | [`schedule_files`] | schedules as TOML and JSON: every key, what is built in, and three bad days to write down |
//! | [`recipes`] | the program from shell, Python, Node and Go; rules that play together |
//! | [`journal`] | every key of the journal's lines |
//! | [`limits`] | what loopback hides, and where numbers end |
//! | [`troubleshooting`] | when it does not do what was expected |
//! | [`conformance`] | what checkers and clients of others say of it |
//! | [`speed`] | how fast it is, beside others |
//! | [`architecture`] | the map for who works on it |

#[doc = include_str!("architecture.md")]
pub mod architecture {}
#[doc = include_str!("conformance.md")]
pub mod conformance {}
#[doc = include_str!("guide.md")]
pub mod guide {}
#[doc = include_str!("journal.md")]
pub mod journal {}
#[doc = include_str!("limits.md")]
pub mod limits {}
#[doc = include_str!("recipes.md")]
pub mod recipes {}
#[doc = include_str!("reference.md")]
pub mod reference {}
#[doc = include_str!("schedule_files.md")]
pub mod schedule_files {}
#[doc = include_str!("speed.md")]
pub mod speed {}
#[doc = include_str!("troubleshooting.md")]
pub mod troubleshooting {}
#[doc = include_str!("which_fault.md")]
pub mod which_fault {}
