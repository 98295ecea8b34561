//! From an entry to a plan.

use std::collections::BTreeSet;

use super::{
    answer::Answer,
    entry::{Entry, is_fault},
    fault::{Draft, Fault},
    plan::{Plan, ReplyFacts},
};

/// What an entry comes to in a reply, if nothing has happened before: the request is the first on its connection, and
/// where the entry takes chance, the number that was drawn is 0.
///
/// # Examples
///
/// ```
/// use flaky_server::decision::{lower, ReplyFacts, Step};
///
/// let facts = ReplyFacts { start: 0, len: 4000, total: 4000, has_body: true, ranged: false };
/// let plan = lower(&"truncate-after=50%".parse()?, &facts);
/// assert_eq!(plan.steps(), [Step::Head, Step::Body(2000), Step::Drain, Step::Fin]);
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
pub fn lower(entry: &Entry, facts: &ReplyFacts) -> Plan {
    lower_unless(entry, facts, Circumstances::default(), |_| false).0
}

/// What else a plan depends on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Circumstances {
    /// The request's number on its connection, counted from 1.
    pub(super) nth: u64,
    /// The number that was drawn for an entry that takes chance.
    pub(super) drawn: u64,
    /// How many redirects of a chain the client has followed, by its query.
    pub(super) hop: u32,
}

impl Default for Circumstances {
    fn default() -> Self {
        Self { nth: 1, drawn: 0, hop: 0 }
    }
}

/// The answer that these terms come to, before the reply is known.
pub(super) fn answer<'a>(terms: impl Iterator<Item = &'a Fault>, circumstances: Circumstances) -> Answer {
    let mut draft = Draft::new(ReplyFacts::default(), circumstances);
    terms.for_each(|term| term.lower(&mut draft));
    draft.finish().answer
}

/// The plan without the terms that have fired before, and the once-only terms that it carries out.
pub(super) fn lower_unless(
    entry: &Entry,
    facts: &ReplyFacts,
    circumstances: Circumstances,
    has_fired: impl Fn(&Fault) -> bool,
) -> (Plan, Vec<Fault>) {
    let mut draft = Draft::new(*facts, circumstances);
    let mut fired = BTreeSet::new();
    for (i, term) in entry.terms().iter().enumerate() {
        if term.spec().is_once_only() && has_fired(term) {
            fired.insert(i);
        } else {
            draft.turn_to(i);
            term.lower(&mut draft);
        }
    }
    let finished = draft.finish();
    let terms = || entry.terms().iter().enumerate();
    let nothing_left = !fired.is_empty() && terms().all(|(i, term)| !is_fault(term) || fired.contains(&i));
    let carried_out = terms()
        .filter(|(i, t)| t.spec().is_once_only() && !fired.contains(i) && !finished.missed.contains(i))
        .map(|(_, term)| term.clone())
        .collect();
    let missed: Vec<Fault> =
        terms().filter(|(i, _)| finished.missed.contains(i)).map(|(_, term)| term.clone()).collect();
    let plan = Plan {
        steps: finished.steps,
        flips: finished.flips,
        changes: finished.changes,
        rate: finished.rate,
        framing: finished.framing,
        form: finished.form,
        answer: finished.answer,
        close: finished.close,
        text: entry.shared_text(),
        applied: finished.missed.is_empty() && !nothing_left,
        missed,
        terms: entry.terms().len(),
        claims: Vec::new(),
    };
    (plan, carried_out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::decision::{Step, testing::any_entry};

    #[test]
    fn the_terms_that_are_missed_are_told_where_others_are_not() {
        let facts = ReplyFacts { start: 0, len: 9, total: 9, has_body: true, ranged: false };
        let missed = |entry: &str| lower(&entry.parse().unwrap(), &facts).missed().to_vec();
        assert_eq!(missed("corrupt-at=1kB reset-after=5"), ["corrupt-at=1kB".parse().unwrap()]);
        assert_eq!(missed("corrupt-at=1kB"), []);
        assert_eq!(missed("corrupt-at=1 reset-after=5"), []);
    }

    proptest! {
        #[test]
        fn every_plan_can_be_performed(
            entry in any_entry(),
            (start, len, rest) in (0u64..1 << 40, 0u64..1 << 40, 0u64..1 << 40),
            has_body in any::<bool>(),
        ) {
            let facts = ReplyFacts { start, len, total: start + len + rest, has_body, ranged: start > 0 };
            let plan = lower(&entry, &facts);
            let steps = plan.steps();
            let count = |is: fn(&Step) -> bool| steps.iter().filter(|step| is(step)).count();
            let end = steps.iter().position(|step| *step == Step::End);
            let last = steps.last().unwrap();
            // The message ends once, or it is broken off; a connection ends once, and last.
            prop_assert!(end.is_some() || last.is_break());
            prop_assert!(count(|step| *step == Step::End) <= 1);
            prop_assert_eq!(count(Step::is_break), usize::from(last.is_break()));
            let is_of_message = |step: &Step| {
                matches!(step, Step::Body(_) | Step::Head | Step::HeadTo(_) | Step::Interim { .. } | Step::TrailerTo(_))
            };
            prop_assert!(end.is_none_or(|end| !steps[end..].iter().any(is_of_message)));
            let places: Vec<u64> =
                steps.iter().filter_map(|s| if let Step::Body(n) = s { Some(*n) } else { None }).collect();
            prop_assert!(plan.short_body().is_none_or(|short| short < len));
            let len = plan.short_body().unwrap_or(len);
            prop_assert!(places.is_sorted() && places.iter().all(|&n| n <= len));
            prop_assert!(plan.flips().is_sorted_by(|a, b| a < b));
            let sent = if end.is_some() { len } else { places.last().copied().unwrap_or(0) };
            let changed = plan.zeros().into_iter().chain(plan.splice().map(|(_, from)| from));
            let changed: Vec<u64> = plan.flips().iter().copied().chain(changed).chain(plan.form().bad_chunk()).collect();
            prop_assert!(changed.iter().all(|&n| n < sent));
            prop_assert!(has_body || (places.is_empty() && changed.is_empty()));
            prop_assert_eq!(plan.text(), entry.as_str());
        }

        #[test]
        fn the_order_of_terms_does_not_matter(entry in any_entry(), len in 0u64..1 << 40) {
            let facts = ReplyFacts { start: 0, len, total: len, has_body: true, ranged: false };
            let reversed = Entry::new(entry.terms().iter().rev().cloned()).unwrap();
            let (a, b) = (lower(&entry, &facts), lower(&reversed, &facts));
            prop_assert_eq!(a.steps(), b.steps());
            prop_assert_eq!((a.flips(), a.rate(), a.applied()), (b.flips(), b.rate(), b.applied()));
            prop_assert_eq!((a.form(), a.framing(), a.answer()), (b.form(), b.framing(), b.answer()));
            prop_assert_eq!(&a.changes, &b.changes);
        }
    }
}
