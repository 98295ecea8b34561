//! All terms. A new one is a file and its line here.

use super::{
    Spec, accept, bad_chunk_size, bare_lf, burst, chunk_extension, chunk_size, content_encoding, content_length,
    content_type, corrupt_after, corrupt_at, corrupt_bytes, delay, drip, drop, drop_on_accept, extra_bytes,
    false_close, filler_fields, framing, gzip, hang, hang_on_accept, head_drip, head_line_drip, head_size, header_line,
    http09, http10, idle_close, ignore_range, interim, location, max_requests, non_ascii_header, nul_in_header,
    obs_fold, ok, pause, range_start, reset, reset_after, reset_at, reset_in_head, reset_in_trailer, reset_on_accept,
    retry_after, revision, second_content_length, second_response, short_body, silent_close, splice, stale_close,
    stale_reset, stall_after, stall_at, stall_for, stall_in_head, stall_in_trailer, status, status_line, throttle,
    truncate_after, truncate_at, truncate_in_head, truncate_in_trailer, unsatisfiable, zeros_after,
};

/// In alphabetical order.
static REGISTRY: &[&Spec] = &[
    &accept::SPEC,
    &bad_chunk_size::SPEC,
    &bare_lf::SPEC,
    &burst::SPEC,
    &chunk_extension::SPEC,
    &chunk_size::SPEC,
    &content_encoding::SPEC,
    &content_length::SPEC,
    &content_type::SPEC,
    &corrupt_after::SPEC,
    &corrupt_at::SPEC,
    &corrupt_bytes::SPEC,
    &delay::SPEC,
    &drip::SPEC,
    &drop::SPEC,
    &drop_on_accept::SPEC,
    &extra_bytes::SPEC,
    &false_close::SPEC,
    &filler_fields::SPEC,
    &framing::SPEC,
    &gzip::SPEC,
    &hang::SPEC,
    &hang_on_accept::SPEC,
    &head_drip::SPEC,
    &head_line_drip::SPEC,
    &head_size::SPEC,
    &header_line::SPEC,
    &http09::SPEC,
    &http10::SPEC,
    &idle_close::SPEC,
    &ignore_range::SPEC,
    &interim::SPEC,
    &location::SPEC,
    &max_requests::SPEC,
    &non_ascii_header::SPEC,
    &nul_in_header::SPEC,
    &obs_fold::SPEC,
    &ok::SPEC,
    &pause::SPEC,
    &range_start::SPEC,
    &reset::SPEC,
    &reset_after::SPEC,
    &reset_at::SPEC,
    &reset_in_head::SPEC,
    &reset_in_trailer::SPEC,
    &reset_on_accept::SPEC,
    &retry_after::SPEC,
    &revision::SPEC,
    &second_content_length::SPEC,
    &second_response::SPEC,
    &short_body::SPEC,
    &silent_close::SPEC,
    &splice::SPEC,
    &stale_close::SPEC,
    &stale_reset::SPEC,
    &stall_after::SPEC,
    &stall_at::SPEC,
    &stall_for::SPEC,
    &stall_in_head::SPEC,
    &stall_in_trailer::SPEC,
    &status::SPEC,
    &status_line::SPEC,
    &throttle::SPEC,
    &truncate_after::SPEC,
    &truncate_at::SPEC,
    &truncate_in_head::SPEC,
    &truncate_in_trailer::SPEC,
    &unsatisfiable::SPEC,
    &zeros_after::SPEC,
];

/// Every term that a script may have, in alphabetical order.
///
/// # Examples
///
/// ```
/// use flaky_server::decision::reference;
///
/// let reset = reference().find(|spec| spec.name() == "reset-after").unwrap();
/// assert_eq!(reset.value(), Some("OFFSET"));
/// assert_eq!(reset.parse(Some("1MB"))?.to_string(), "reset-after=1MB");
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
pub fn reference() -> impl ExactSizeIterator<Item = &'static Spec> {
    REGISTRY.iter().copied()
}

pub(super) fn find(name: &str) -> Option<&'static Spec> {
    reference().find(|spec| spec.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::decision::{Entry, fault::Fault};

    #[test]
    fn names_are_in_alphabetical_order() {
        let names: Vec<_> = reference().map(Spec::name).collect();
        assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    }

    #[test]
    fn every_example_has_its_term_and_displays_back() {
        for spec in reference() {
            let entry: Entry = spec.example.parse().unwrap();
            assert_eq!(entry.to_string(), spec.example);
            assert!(entry.terms().iter().any(|t| t.spec().name == spec.name), "{}", spec.name);
        }
    }

    #[test]
    fn every_term_is_shown_on_the_wire() {
        let mut shown = BTreeSet::new();
        for spec in reference() {
            assert!(!spec.shows.is_empty(), "{}", spec.name);
            for show in spec.shows {
                let entry: Entry = show.entry.parse().unwrap();
                assert_eq!(entry.to_string(), show.entry);
                assert!(entry.terms().iter().any(|t| t.spec().name == spec.name), "{}: {show:?}", spec.name);
                assert!(shown.insert((show.entry, show.wire)), "twice: {show:?}");
            }
        }
    }

    #[test]
    fn needs_name_terms_that_exist() {
        for name in reference().flat_map(Spec::needs) {
            assert!(find(name).is_some(), "{name}");
        }
    }

    #[test]
    fn a_value_stands_where_one_is_taken() {
        for spec in reference() {
            assert_eq!(spec.name.parse::<Fault>().is_ok(), spec.value().is_none(), "{}", spec.name);
        }
    }

    #[test]
    fn summaries_fit_a_line_of_help() {
        for spec in reference() {
            assert!((10..=100).contains(&spec.summary.len()), "{}", spec.name);
            assert!(!spec.summary.ends_with('.'), "{}", spec.name);
        }
    }
}
