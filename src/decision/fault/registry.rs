//! All terms. A new one is a file and its line here.

use super::Spec;

/// In alphabetical order.
static REGISTRY: &[&Spec] = &[
    &super::accept::SPEC,
    &super::bad_chunk_size::SPEC,
    &super::bare_lf::SPEC,
    &super::body::SPEC,
    &super::burst::SPEC,
    &super::chunk_extension::SPEC,
    &super::chunk_size::SPEC,
    &super::content_encoding::SPEC,
    &super::content_length::SPEC,
    &super::content_type::SPEC,
    &super::corrupt_after::SPEC,
    &super::corrupt_at::SPEC,
    &super::corrupt_bytes::SPEC,
    &super::delay::SPEC,
    &super::drip::SPEC,
    &super::drop::SPEC,
    &super::drop_on_accept::SPEC,
    &super::extra_bytes::SPEC,
    &super::false_close::SPEC,
    &super::filler_fields::SPEC,
    &super::framing::SPEC,
    &super::gzip::SPEC,
    &super::hang::SPEC,
    &super::hang_on_accept::SPEC,
    &super::head_drip::SPEC,
    &super::head_line_drip::SPEC,
    &super::head_size::SPEC,
    &super::header_line::SPEC,
    &super::http09::SPEC,
    &super::http10::SPEC,
    &super::idle_close::SPEC,
    &super::idle_reset::SPEC,
    &super::ignore_range::SPEC,
    &super::interim::SPEC,
    &super::location::SPEC,
    &super::login_page::SPEC,
    &super::max_requests::SPEC,
    &super::non_ascii_header::SPEC,
    &super::nul_in_header::SPEC,
    &super::obs_fold::SPEC,
    &super::ok::SPEC,
    &super::pause::SPEC,
    &super::problem::SPEC,
    &super::range_start::SPEC,
    &super::redirects::SPEC,
    &super::reset::SPEC,
    &super::reset_after::SPEC,
    &super::reset_at::SPEC,
    &super::reset_in_head::SPEC,
    &super::reset_in_trailer::SPEC,
    &super::reset_on_accept::SPEC,
    &super::retry_after::SPEC,
    &super::retry_after_date::SPEC,
    &super::retry_after_text::SPEC,
    &super::revision::SPEC,
    &super::second_content_length::SPEC,
    &super::second_response::SPEC,
    &super::short_body::SPEC,
    &super::silent_close::SPEC,
    &super::splice::SPEC,
    &super::stale_close::SPEC,
    &super::stale_reset::SPEC,
    &super::stall_after::SPEC,
    &super::stall_at::SPEC,
    &super::stall_for::SPEC,
    &super::stall_in_head::SPEC,
    &super::stall_in_trailer::SPEC,
    &super::status::SPEC,
    &super::status_line::SPEC,
    &super::throttle::SPEC,
    &super::truncate_after::SPEC,
    &super::truncate_at::SPEC,
    &super::truncate_in_head::SPEC,
    &super::truncate_in_trailer::SPEC,
    &super::unsatisfiable::SPEC,
    &super::zeros_after::SPEC,
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
