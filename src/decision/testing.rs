//! Generated entries and scripts.

use std::time::Duration;

use proptest::prelude::*;

use super::{
    Entry, Fault, Script,
    fault::{Takes, reference},
};
use crate::units::{ByteSize, Offset, Rate, display_duration};

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

/// A term of the vocabulary, whichever there are, with a value of its kind.
fn any_term() -> impl Strategy<Value = Fault> {
    prop::sample::select(reference().collect::<Vec<_>>()).prop_flat_map(|spec| {
        any_value(spec.takes())
            .prop_filter_map("not every offset has a byte", |value| spec.parse(value.as_deref()).ok())
    })
}

fn any_value(takes: Takes) -> BoxedStrategy<Option<String>> {
    let size = || (1..=u64::MAX, 0u32..64).prop_map(|(n, shift)| ByteSize::b((n >> shift).max(1)).to_string());
    let path = || "/([!-+.0-~][!-+.-~]{0,8})?";
    let value = match takes {
        Takes::Nothing(_) => return Just(None).boxed(),
        Takes::Byte(_) | Takes::Offset(_) => any_offset().prop_map(|offset| offset.to_string()).boxed(),
        Takes::Drip(_) => {
            let drip = |(piece, every): (String, _)| format!("{piece}/{}", display_duration(every));
            (size(), any_duration()).prop_map(drip).boxed()
        }
        Takes::Duration(_) => any_duration().prop_map(display_duration).boxed(),
        Takes::Framing(_) => prop_oneof!["length", "chunked", "close"].boxed(),
        Takes::Interims(_) => "1(00|0[2-9]|[1-9][0-9])(x[1-9][0-9]{0,5})?".boxed(),
        Takes::Length(_) => {
            prop_oneof![any_offset().prop_map(|offset| offset.to_string()), "[-+]?[0-9]{1,40}", "end\\+[1-9]"].boxed()
        }
        Takes::Location(_) => {
            "([/]|[{](base|mirror|dead|path|target)[}]|https?://[a-z])([!-+.-z~]|[{](attempt|path)[}]){0,8}".boxed()
        }
        Takes::Count(_) => (1u32..=100_000).prop_map(|n| n.to_string()).boxed(),
        Takes::Number(_) => (1..=u32::MAX, 0u32..32).prop_map(|(n, shift)| (n >> shift).max(1).to_string()).boxed(),
        Takes::Rate(_) => (1..=u64::MAX).prop_map(|n| Rate::try_new(ByteSize::b(n)).unwrap().to_string()).boxed(),
        Takes::RetryDate(_) => {
            (any::<bool>(), 0..=49 * 365 * 86_400 * 1000u64, prop_oneof!["", "/imf", "/rfc850", "/asctime"])
                .prop_map(|(is_past, by, form)| {
                    let sign = if is_past { "-" } else { "" };
                    format!("{sign}{}{form}", display_duration(Duration::from_millis(by)))
                })
                .boxed()
        }
        Takes::Seconds(_) => any::<u64>().prop_map(|s| display_duration(Duration::from_secs(s))).boxed(),
        Takes::Size(_) => size().boxed(),
        Takes::SmallSize(_) => (1u64..=64 << 20).prop_map(|n| ByteSize::b(n).to_string()).boxed(),
        Takes::Splice(_) => (path(), any_offset()).prop_map(|(path, at)| format!("{path}@{at}")).boxed(),
        Takes::Status(_) => (200u16..600).prop_map(|code| code.to_string()).boxed(),
        Takes::Text(_) => "([!-$&-+.-~]|%[0-9A-Fa-f]{2}){1,12}".boxed(),
    };
    value.prop_map(Some).boxed()
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
