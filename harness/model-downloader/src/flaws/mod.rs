//! The ways in which people really get it wrong: one file for each, with what it does, why it is shipped, and who has,
//! or had, it. Each is a change of the [`Policy`] and nothing else.
//!
//! # Who notices
//!
//! Each is caught by an assertion of the harness; without the flaw, the same assertion holds in the same trial.
//!

#![doc = include_str!("caught.md")]

mod accepts_corrupted_bytes;
mod accepts_reset;
mod accepts_short_part;
mod accepts_truncated_body;
mod accepts_truncated_chunked;
mod appends_whole_file;
mod blames_network;
mod chokes_on_dates;
mod concatenates_attempts;
mod counts_outer_loop_only;
mod exits_zero;
mod follows_redirects_for_ever;
mod forgets_its_retries;
mod gives_up_on_408;
mod hides_io_error;
mod ignores_changed_etag;
mod ignores_content_range;
mod ignores_retry_after;
mod keeps_signed_url;
mod leaks_credentials;
mod loses_root_cause;
mod nests_loops;
mod never_resumes;
mod never_retries;
mod never_times_out;
mod no_backoff;
mod no_jitter;
mod obeys_any_wait;
mod one_too_few;
mod one_too_many;
mod passes_over_dates;
mod refills_budget;
mod retries_404;
mod retries_any_status;
mod retries_only_before_body;
mod sends_weak_etags;
mod takes_416_for_failure;
mod takes_416_for_success;
mod takes_statuses_for_final;
mod trusts_its_cache;
mod writes_in_place;

use std::str::FromStr;

use crate::Policy;

/// One way to get it wrong.
#[derive(Debug)]
pub struct Flaw {
    name: &'static str,
    summary: &'static str,
    change: fn(&mut Policy),
}

/// All of them, in the order of a download: attempts, bodies, resuming, files, pauses.
pub static ALL: &[&Flaw] = &[
    &never_retries::FLAW,
    &retries_only_before_body::FLAW,
    &hides_io_error::FLAW,
    &forgets_its_retries::FLAW,
    &counts_outer_loop_only::FLAW,
    &nests_loops::FLAW,
    &one_too_many::FLAW,
    &one_too_few::FLAW,
    &refills_budget::FLAW,
    &loses_root_cause::FLAW,
    &accepts_truncated_body::FLAW,
    &accepts_truncated_chunked::FLAW,
    &accepts_reset::FLAW,
    &appends_whole_file::FLAW,
    &never_resumes::FLAW,
    &ignores_content_range::FLAW,
    &accepts_short_part::FLAW,
    &ignores_changed_etag::FLAW,
    &sends_weak_etags::FLAW,
    &takes_416_for_success::FLAW,
    &takes_416_for_failure::FLAW,
    &writes_in_place::FLAW,
    &trusts_its_cache::FLAW,
    &no_backoff::FLAW,
    &ignores_retry_after::FLAW,
    &passes_over_dates::FLAW,
    &chokes_on_dates::FLAW,
    &obeys_any_wait::FLAW,
    &retries_404::FLAW,
    &retries_any_status::FLAW,
    &takes_statuses_for_final::FLAW,
    &gives_up_on_408::FLAW,
    &no_jitter::FLAW,
    &never_times_out::FLAW,
    &accepts_corrupted_bytes::FLAW,
    &exits_zero::FLAW,
    &follows_redirects_for_ever::FLAW,
    &leaks_credentials::FLAW,
    &keeps_signed_url::FLAW,
    &concatenates_attempts::FLAW,
    &blames_network::FLAW,
];

/// There is no flaw of this name.
#[derive(Debug, thiserror::Error)]
#[error("there is no flaw `{name}`: `--list-flaws` has them all")]
pub struct UnknownFlaw {
    name: String,
}

impl Flaw {
    /// What it is called, as in `--flaw NAME`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it does, in a few words.
    pub fn summary(&self) -> &'static str {
        self.summary
    }

    /// Makes the policy wrong.
    pub fn spoil(&self, policy: &mut Policy) {
        (self.change)(policy);
    }
}

impl FromStr for &'static Flaw {
    type Err = UnknownFlaw;

    fn from_str(name: &str) -> Result<Self, UnknownFlaw> {
        let flaw = ALL.iter().find(|flaw| flaw.name == name).copied();
        flaw.ok_or_else(|| UnknownFlaw { name: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_changes_the_policy_and_has_a_name_of_its_own() {
        for flaw in ALL {
            let mut policy = Policy::default();
            flaw.spoil(&mut policy);
            // Of functions the address is shown, which is another one for another function.
            assert_ne!(format!("{policy:?}"), format!("{:?}", Policy::default()), "{}", flaw.name);
            assert!(std::ptr::eq(flaw.name.parse::<&Flaw>().unwrap(), *flaw), "{}", flaw.name);
        }
        assert!("".parse::<&Flaw>().is_err());
    }
}
