//! Generated entries and scripts.

use std::time::Duration;

use proptest::prelude::*;

use super::{Entry, Fault, Script, plan::Framing};
use crate::units::{ByteSize, Offset, Rate};

fn any_offset() -> impl Strategy<Value = Offset> {
    prop_oneof![
        (any::<u64>(), 0u32..64).prop_map(|(n, shift)| Offset::bytes(n >> shift)),
        (0u8..=100).prop_map(Offset::percent),
        any::<u64>().prop_map(|n| Offset::before_end(ByteSize::b(n))),
        Just(Offset::END),
    ]
}

pub(crate) fn any_duration() -> impl Strategy<Value = Duration> {
    (any::<u64>(), 0u32..1_000_000_000, 0u32..64).prop_map(|(s, n, shift)| Duration::new(s >> shift, n))
}

fn any_term() -> impl Strategy<Value = Fault> {
    prop_oneof![
        any_offset().prop_filter_map("no byte is there", |at| {
            let fault = Fault::corrupt_at(at);
            Entry::new([fault.clone()]).is_ok().then_some(fault)
        }),
        any_duration().prop_map(Fault::delay),
        Just(Fault::drop()),
        prop_oneof![Just(Framing::Chunked), Just(Framing::Close), Just(Framing::Length)].prop_map(Fault::framing),
        Just(Fault::hang()),
        Just(Fault::ignore_range()),
        "/([!-+.0-~][!-+.-~]{0,8})?".prop_map(|path| Fault::location(&path)),
        Just(Fault::ok()),
        any_duration().prop_map(Fault::pause),
        any_offset().prop_filter_map("no byte is there", |at| {
            let fault = Fault::range_start(at);
            Entry::new([fault.clone()]).is_ok().then_some(fault)
        }),
        Just(Fault::reset()),
        any_offset().prop_map(Fault::reset_after),
        any_offset().prop_map(Fault::reset_at),
        any::<u64>().prop_map(|s| Fault::retry_after(Duration::from_secs(s))),
        any_offset().prop_map(Fault::stall_after),
        any_offset().prop_map(Fault::stall_at),
        any_duration().prop_map(Fault::stall_for),
        (200u16..600).prop_map(Fault::status),
        (1u64..).prop_map(|n| Fault::throttle(Rate::try_new(ByteSize::b(n)).unwrap())),
        any_offset().prop_map(Fault::truncate_after),
        any_offset().prop_map(Fault::truncate_at),
        Just(Fault::unsatisfiable()),
        (1..=u32::MAX).prop_map(Fault::revision),
    ]
}

/// An entry of terms that go together: of some terms, those that go with the ones before them.
pub(crate) fn any_entry() -> impl Strategy<Value = Entry> {
    prop::collection::vec(any_term(), 1..8).prop_filter_map("no term stands alone", |terms| {
        let mut kept: Vec<Fault> = Vec::new();
        // Modifiers may come before what they need.
        for term in terms.iter().chain(&terms) {
            let with: Vec<Fault> = kept.iter().cloned().chain([term.clone()]).collect();
            if Entry::new(with.iter().cloned()).is_ok() {
                kept = with;
            }
        }
        Entry::new(kept).ok()
    })
}

pub(crate) fn any_script() -> impl Strategy<Value = Script> {
    let entries = prop::collection::vec((any_entry(), prop_oneof![Just(1), 1..4u64, 1..=u64::MAX]), 1..5);
    (entries, any::<bool>()).prop_map(|(entries, forever)| {
        let last = entries.len() - 1;
        let texts: Vec<String> = entries
            .iter()
            .enumerate()
            .map(|(i, (entry, n))| match n {
                _ if i == last && forever => format!("{entry} x*"),
                n => format!("{entry} x{n}"),
            })
            .collect();
        texts.join(",").parse().unwrap()
    })
}
