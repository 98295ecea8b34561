//! All terms. A new one is a file and its line here.

use super::{
    Spec, corrupt_at, delay, drop, framing, hang, ignore_range, location, ok, pause, range_start, reset, reset_after,
    reset_at, retry_after, revision, stall_after, stall_at, stall_for, status, throttle, truncate_after, truncate_at,
    unsatisfiable,
};

/// In alphabetical order.
static REGISTRY: &[&Spec] = &[
    &corrupt_at::SPEC,
    &delay::SPEC,
    &drop::SPEC,
    &framing::SPEC,
    &hang::SPEC,
    &ignore_range::SPEC,
    &location::SPEC,
    &ok::SPEC,
    &pause::SPEC,
    &range_start::SPEC,
    &reset::SPEC,
    &reset_after::SPEC,
    &reset_at::SPEC,
    &retry_after::SPEC,
    &revision::SPEC,
    &stall_after::SPEC,
    &stall_at::SPEC,
    &stall_for::SPEC,
    &status::SPEC,
    &throttle::SPEC,
    &truncate_after::SPEC,
    &truncate_at::SPEC,
    &unsatisfiable::SPEC,
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
