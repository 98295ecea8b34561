//! Shorthands for the tests of the terms.

use crate::decision::{
    Entry, Fault, OnAccept,
    answer::Ranges,
    lower,
    plan::{Plan, ReplyFacts, Step},
};

/// The reply to a plain GET of a fixture of this length.
pub(super) fn whole(len: u64) -> ReplyFacts {
    part(0, len, len)
}

/// The reply to a request for a range.
pub(super) fn part(start: u64, len: u64, total: u64) -> ReplyFacts {
    ReplyFacts { start, len, total, has_body: true, ranged: start > 0 || len < total }
}

/// The reply to HEAD.
pub(super) fn bodiless(len: u64) -> ReplyFacts {
    ReplyFacts { has_body: false, ..whole(len) }
}

/// What an entry comes to.
#[track_caller]
pub(super) fn plan(entry: &str, facts: ReplyFacts) -> Plan {
    lower(&entry.parse().unwrap(), &facts)
}

/// Checks the steps, and whether all faults apply.
#[track_caller]
pub(super) fn check(entry: &str, facts: ReplyFacts, steps: &[Step], applied: bool) {
    let plan = plan(entry, facts);
    assert_eq!((plan.steps(), plan.applied()), (steps, applied), "{entry} {facts:?}");
}

/// Checks that the reply is the correct one.
#[track_caller]
pub(super) fn check_missed(entry: &str, facts: ReplyFacts) {
    check(entry, facts, &[Step::Head, Step::End], false);
    assert!(plan(entry, facts).flips().is_empty());
}

/// Checks that it answers this request for a range in this way, and that a plain GET gets the correct reply.
#[track_caller]
pub(super) fn check_about_ranges(entry: &str, ranged: ReplyFacts, ranges: Ranges) {
    check(entry, ranged, &[Step::Head, Step::End], true);
    check(entry, whole(20), &[Step::Head, Step::End], false);
    assert_eq!(plan(entry, ranged).answer().ranges(), ranges);
}

/// Checks what happens to a connection.
#[track_caller]
pub(super) fn check_on_accept(entry: &str, steps: &[Step]) {
    let on_accept = OnAccept::new(&entry.parse().unwrap());
    assert_eq!((on_accept.steps(), on_accept.text()), (steps, entry));
}

/// Checks that the value of this term is one that can stand in a header.
#[track_caller]
pub(super) fn check_header_value(fault: impl Fn(&[u8]) -> Fault) {
    let name = fault(b"a").spec().name();
    let error = format!("{name}=a%0D%0Ab:%20c").parse::<Entry>().unwrap_err();
    assert_eq!(error.message(), "`a%0D%0Ab:%20c` cannot stand in a header");
    assert_eq!(error.help(), Some("line ends, NUL and other control characters cannot"));
    for text in ["a\0", "\x7f", "\r", "\n", ""] {
        assert!(Entry::new([fault(text.as_bytes())]).is_err(), "{text:?}");
    }
    assert!(Entry::new([fault(b"a\tb")]).is_ok());
    assert!(Entry::new([fault(&[b'a'; 16_384])]).is_ok());
    assert!(Entry::new([fault(&[b'a'; 16_385])]).is_err());
}
