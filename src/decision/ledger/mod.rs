//! Counts attempts, and decides what happens on each.

mod decision;
mod limits;
mod played;
mod slot;
mod slots;
#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, time::Duration};

pub use self::{
    decision::{Claim, Decision},
    limits::Limits,
    played::Played,
};
use self::{slot::Slot, slots::Slots};
use super::{
    checked::Checked,
    entry::Entry,
    error::ParseError,
    fault::Fault,
    lower::{Circumstances, lower_unless},
    plan::{Plan, ReplyFacts},
    request::Request,
    rng,
    rule::{Attempt, Rule},
    schedule::Schedule,
    script::Subject,
    target::Target,
};

/// Counts attempts, and decides what happens on each. Bounded: see [`Limits`].
///
/// Every rule whose matchers let a request through counts it as *seen* for its target, whether or not an earlier rule
/// decides it; conditions and draws go by that count. The first rule whose conditions hold as well decides: its script
/// moves on by one for that target. Without such a rule all is well. Where a closure panics, its rule decides, and the
/// attempt gets `status=500`.
///
/// A rule whose script has entries about connections sees [each connection](Self::decide_connection), too, and has one
/// place in its script, for all connections and targets together. Who comes when an entry about the other is next leaves
/// it where it is, and later rules decide.
///
/// # Examples
///
/// ```
/// use flaky_server::{Request, Schedule, Target};
/// use flaky_server::decision::{Ledger, Limits, ReplyFacts, Step};
///
/// let rules = Schedule::parse_rules("*.whl: reset-after=1MB x2, ok")?;
/// let mut ledger = Ledger::new(Schedule::new(rules, 42)?, Limits::default());
///
/// let decision = ledger.decide(&Request::new(Target::new("GET", "/a.whl")));
/// assert_eq!((decision.attempt(), decision.entry().as_str()), (1, "reset-after=1MB"));
///
/// let facts = ReplyFacts { start: 0, len: 4_000_000, total: 4_000_000, has_body: true, ranged: false };
/// let plan = ledger.plan(&decision, &facts);
/// assert_eq!(plan.steps(), [Step::Head, Step::Body(1_000_000), Step::Drain, Step::Rst]);
/// # Ok::<(), flaky_server::ParseError>(())
/// ```
#[derive(Debug)]
pub struct Ledger {
    schedule: Schedule,
    /// The next rule's; none is used twice.
    next_id: u64,
    /// Rules that stay when the others are replaced.
    held: BTreeSet<u64>,
    limits: Limits,
    targets: Slots,
    /// What rules count that do not count each target by itself, by what they count it with.
    groups: Slots,
    /// What is known of connections. Rules that are about them count here how far their script has come.
    connections: Slot,
    /// Shared by the targets that came when there were too many.
    attempts: u64,
    /// How many runs of equal entries all slots remember together.
    runs: usize,
    /// Tells claims apart.
    serial: u64,
    ok: Entry,
    /// What happens where a closure panicked.
    broken: Entry,
}

impl Ledger {
    /// Nothing has happened yet.
    pub fn new(schedule: Schedule, limits: Limits) -> Self {
        Self {
            next_id: schedule.checked().iter().map(|rule| rule.id() + 1).max().unwrap_or_default(),
            schedule,
            held: BTreeSet::new(),
            limits,
            targets: Slots::new(limits.max_targets()),
            groups: Slots::new(limits.max_targets()),
            connections: Slot::default(),
            attempts: 0,
            runs: 0,
            serial: 0,
            ok: Entry::ok(),
            broken: Entry::new([Fault::status(500)]).expect("a reply may have this status"),
        }
    }

    /// What is played.
    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    /// Plays other rules from now on. Attempts go on counting, and the new rules begin anew. Rules that are held stay, in
    /// front; if one of the new ones is wrong, all stay.
    pub(crate) fn replace_rules(&mut self, rules: impl IntoIterator<Item = Rule>) -> Result<Vec<Checked>, ParseError> {
        let replaced = self.schedule.replace(|id| self.held.contains(&id), rules, self.next_id)?;
        self.next_id += self.schedule.rules().len() as u64;
        self.retire();
        Ok(replaced)
    }

    /// Puts a rule in front of the others, and holds it there.
    pub(crate) fn hold_rule(&mut self, rule: Rule) -> Result<u64, ParseError> {
        let id = self.next_id;
        self.schedule.insert(rule, id)?;
        self.next_id += 1;
        self.held.insert(id);
        Ok(id)
    }

    /// Makes a rule that was held one like the others.
    pub(crate) fn leave_rule(&mut self, id: u64) {
        self.held.remove(&id);
    }

    /// Takes a rule that is held away, and returns it.
    pub(crate) fn remove_rule(&mut self, id: u64) -> Option<Checked> {
        let removed = self.held.remove(&id).then(|| self.schedule.remove(id)).flatten();
        self.retire();
        removed
    }

    /// Forgets what was counted for rules that are gone.
    fn retire(&mut self) {
        let live: BTreeSet<u64> = self.schedule.checked().iter().map(|rule| rule.id()).collect();
        for slot in self.targets.values_mut().chain(self.groups.values_mut()).chain([&mut self.connections]) {
            slot.retire(&live);
        }
    }

    /// The number of attempts so far, for all targets.
    pub fn attempts(&self) -> u64 {
        self.attempts
    }

    /// The number of attempts for targets that share one count, because there were too many targets. For these a
    /// script is played over all of them together.
    pub fn overflowed(&self) -> u64 {
        self.targets.overflow().attempts
    }

    /// Counts the attempt, and decides what happens on it.
    pub fn decide(&mut self, request: &Request) -> Decision {
        let target = request.target();
        let slot = self.targets.of(target);
        self.attempts = self.attempts.saturating_add(1);
        slot.attempts = slot.attempts.saturating_add(1);
        let attempt = slot.attempts;
        let mut decided = None;
        for (position, rule) in self.schedule.checked().iter().enumerate() {
            if rule.subject() == Subject::Connections {
                continue;
            }
            let entry = match rule.matches(request) {
                Ok(false) => continue,
                Ok(true) => {
                    let group = rule.rule().group(target);
                    let (counted, counts) = match &group {
                        Some(group) => (group, self.groups.of(group).counts(rule.id())),
                        None => (target, slot.counts(rule.id())),
                    };
                    counts.seen = counts.seen.saturating_add(1);
                    if decided.is_some() || !rule.decides(self.schedule.seed(), counted, counts.seen) {
                        continue;
                    }
                    // It has one place for everything.
                    let counts = match rule.subject() {
                        Subject::Both => self.connections.counts(rule.id()),
                        Subject::Connections | Subject::Requests => counts,
                    };
                    if rule.entry_at(counts.fired.saturating_add(1)).is_some_and(Entry::is_connection_level) {
                        continue;
                    }
                    counts.fired = counts.fired.saturating_add(1);
                    rule.entry(&Attempt::new(request, attempt, counts.fired))
                }
                Err(_) if decided.is_some() => continue,
                Err(panic) => Err(panic),
            };
            decided = Some((position, rule, entry));
        }
        let (rule, entry, note) = match decided {
            Some((position, rule, Ok(entry))) => (Some((position, rule)), entry, None),
            Some((position, rule, Err(panic))) => (Some((position, rule)), Some(self.broken.clone()), Some(panic)),
            None => (None, None, None),
        };
        let id = rule.map_or(0, |(_, rule)| rule.id());
        let group = rule.and_then(|(_, rule)| rule.rule().group(target));
        let entry = entry.unwrap_or_else(|| self.ok.clone());
        let room_for_runs = self.limits.max_runs().saturating_sub(self.runs);
        self.runs += match entry.is_connection_level() {
            // As a closure may have it: what is written down is what happens.
            true => slot.record(&entry.on_request(), 1, room_for_runs),
            false => slot.record(&entry, 1, room_for_runs),
        };
        // Drawing takes longer than all else here.
        let takes_chance = entry.takes_chance();
        let drawn = if takes_chance { rng::corruption(self.schedule.seed(), target, attempt) } else { 0 };
        let circumstances = Circumstances { nth: request.nth(), drawn, hop: target.hop() };
        let rule = rule.map(|(position, _)| position);
        Decision { target: target.clone(), attempt, rule, id, group, entry, circumstances, note }
    }

    /// Counts an attempt that no rule decides, because the connection ends before it; returns its number.
    pub(crate) fn pass_over(&mut self, target: &Target) -> u64 {
        let slot = self.targets.of(target);
        self.attempts = self.attempts.saturating_add(1);
        slot.attempts = slot.attempts.saturating_add(1);
        slot.attempts
    }

    /// Whether a rule is about connections, so that each is to be decided on.
    pub fn has_connection_rules(&self) -> bool {
        self.schedule.checked().iter().any(|rule| rule.subject() != Subject::Requests)
    }

    /// Decides what happens to a new connection, before there is a request; `None` if it is as it should be.
    ///
    /// It is the `nth` connection of all, counted from 1, and was accepted so long after the start. Those between the last
    /// one that was decided on and this one have been as they should be.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use flaky_server::Schedule;
    /// use flaky_server::decision::{Ledger, Limits};
    ///
    /// let rules = Schedule::parse_rules("*: accept, reset-on-accept x2")?;
    /// let mut ledger = Ledger::new(Schedule::new(rules, 42)?, Limits::default());
    /// let entries = [1, 2, 3, 4].map(|nth| ledger.decide_connection(nth, Duration::ZERO));
    /// let texts = entries.map(|entry| entry.map_or_else(String::new, |entry| entry.to_string()));
    /// assert_eq!(texts, ["accept", "reset-on-accept", "reset-on-accept", ""]);
    /// assert_eq!(ledger.played().to_string(), "*: accept, reset-on-accept x2\n");
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn decide_connection(&mut self, nth: u64, elapsed: Duration) -> Option<Entry> {
        let mut decided = None;
        for rule in self.schedule.checked() {
            if rule.subject() == Subject::Requests || !rule.rule().holds_at(elapsed) {
                continue;
            }
            let counts = self.connections.counts(rule.id());
            counts.seen = counts.seen.saturating_add(1);
            if decided.is_some() || !rule.decides_connection(self.schedule.seed(), counts.seen) {
                continue;
            }
            match rule.entry_at(counts.fired.saturating_add(1)) {
                // A script that has ended decides that all is well.
                None => decided = Some(None),
                Some(entry) if entry.is_connection_level() => {
                    counts.fired = counts.fired.saturating_add(1);
                    decided = Some(Some(entry.clone()));
                }
                Some(_) => {}
            }
        }
        let decided = decided.flatten();
        let accept = Entry::accept();
        let before = nth.saturating_sub(1).saturating_sub(self.connections.attempts);
        for (entry, times) in [(&accept, before), (decided.as_ref().unwrap_or(&accept), 1)] {
            let room_for_runs = self.limits.max_runs().saturating_sub(self.runs);
            self.connections.attempts = self.connections.attempts.saturating_add(times);
            self.runs += self.connections.record(entry, times, room_for_runs);
        }
        decided
    }

    /// Turns a decision into a plan, now that the correct reply is known.
    ///
    /// A term that fires once per offset and target is left out if it has fired; if it fires now, the plan claims it,
    /// so that no other exchange does it meanwhile.
    pub fn plan(&mut self, decision: &Decision, facts: &ReplyFacts) -> Plan {
        let (rule, group) = (decision.id, decision.group.as_ref());
        let slot = self.counted(&decision.target, group);
        let (mut plan, carried_out) =
            lower_unless(&decision.entry, facts, decision.circumstances, |term| slot.has_claim(rule, term));
        for term in carried_out {
            self.serial += 1;
            let claim =
                Claim { target: decision.target.clone(), group: group.cloned(), rule, term, serial: self.serial };
            self.counted(&claim.target, group).claims.push(claim.clone());
            plan.claims.push(claim);
        }
        plan
    }

    /// Gives back what a plan has claimed, because its exchange ended before it could happen. It happens to a later
    /// one then.
    ///
    /// Give back only what did not happen; giving it back twice changes nothing.
    pub fn release(&mut self, plan: &Plan) {
        for claim in &plan.claims {
            let slot = self.counted(&claim.target, claim.group.as_ref());
            slot.claims.retain(|held| held.serial != claim.serial);
        }
    }

    /// The schedule that was played so far: what happened on each attempt for each target.
    pub fn played(&self) -> Played {
        let slots = || self.targets.iter();
        let remembered = self.connections.is_complete() && slots().all(|(_, slot)| slot.is_complete());
        let runs = slots().map(|(target, slot)| (target, slot.runs()));
        Played::new(self.connections.runs(), runs, self.overflowed() == 0 && remembered)
    }

    /// Where a rule counts what happens to this target.
    fn counted(&mut self, target: &Target, group: Option<&Target>) -> &mut Slot {
        match group {
            Some(group) => self.groups.known(group),
            None => self.targets.known(target),
        }
    }
}
