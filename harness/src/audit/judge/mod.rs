//! What is to be thought of a run. Pure: what was seen goes in, and verdicts come out.

mod pauses;
#[cfg(test)]
mod tests;

use std::time::Duration;

pub(crate) use self::pauses::{lockstep, no_backoff};
use super::case::{Case, Expect};
use super::finding::{Finding, Judgement};
use super::promises::{Budget, Promises};
use super::seen::{Found, Seen};
use super::{Level, Mode, Verdict};
use crate::effort::{Multiplied, beside};
use crate::told::Told;
use crate::{Exit, Meaning};

/// What ends a program that writes more than it may, if it wants to be ended by that: on Linux, macOS and the BSDs.
const SIGXFSZ: i32 = 25;

/// Which run of what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    pub(crate) case: &'a Case,
    pub(crate) mode: Mode,
    pub(crate) promises: &'a Promises,
    pub(crate) budget: Budget,
    pub(crate) timeout: Duration,
}

/// Judges a run. Where something is in doubt, whoever is judged gets the benefit of it.
pub(crate) fn judge(context: Context<'_>, seen: &Seen) -> Judgement {
    if context.case.disk.is_some() && seen.exit == Exit::Signal(SIGXFSZ) {
        // Then the limit was none of a disk: programs that restore what signals do by default meet it so.
        return Judgement { otherwise: Verdict::NotMet, findings: Vec::new() };
    }
    let mut bench = Bench { context, seen, findings: Vec::new() };
    let otherwise = bench.result();
    bench.count();
    bench.pace();
    bench.words();
    bench.afterwards();
    bench.findings.sort_by_key(|finding| finding.verdict);
    if context.case.is_later() && seen.retries.most == 0 && !seen.result.is_right {
        // It never came to what the case is about; what it did at the first attempt, others tell.
        let of_itself = [Verdict::Corrupted, Verdict::Hung, Verdict::Crashed, Verdict::Poisoned, Verdict::Forbidden];
        bench.findings.retain(|finding| of_itself.contains(&finding.verdict));
        return Judgement { otherwise: Verdict::NotMet, findings: bench.findings };
    }
    Judgement { otherwise, findings: bench.findings }
}

struct Bench<'a> {
    context: Context<'a>,
    seen: &'a Seen,
    findings: Vec<Finding>,
}

impl Bench<'_> {
    fn find(&mut self, verdict: Verdict, says: impl Into<String>) {
        let Context { case, .. } = self.context;
        let level = match verdict {
            // A standard says what has to be understood; that one asks again, no standard says.
            Verdict::FailedNeedlessly if case.expect == Expect::Complete => case.level().max(Level::Should),
            // The page of an error in the place of the file: whatever else the reply was about, it did not come to that.
            Verdict::Corrupted if matches!(self.seen.cause, Some(Meaning::Status(_))) => Level::Should,
            verdict => verdict.level(case.level()),
        };
        self.findings.push(Finding { verdict, level, says: says.into() });
    }

    fn succeeded(&self) -> bool {
        self.seen.exit.is_success()
    }

    fn hung(&self) -> bool {
        self.seen.exit == Exit::TimedOut
    }

    fn failed(&self) -> bool {
        !self.succeeded() && !self.hung()
    }

    /// How many retries there may be in this run; and why there may be none, where that is so whatever the budget is.
    fn budget(&self) -> (u64, Option<String>) {
        let budget = self.context.budget.after(self.seen.in_body, self.seen.elsewhere);
        match (self.seen.status, &self.context.promises.statuses) {
            (Some(status), Some(statuses)) if statuses.contains(&status) => (budget, None),
            (Some(status), Some(_)) => (0, Some(format!("it does not promise to ask again after {status}; "))),
            _ if self.context.case.expect == Expect::Final => (0, Some("this is nothing to repeat; ".to_owned())),
            _ => (budget, None),
        }
    }

    /// How it ended, and with what. Returns what is to be said if nothing is held against it.
    fn result(&mut self) -> Verdict {
        let Context { case, promises, timeout, .. } = self.context;
        let seen = self.seen;
        if seen.forbidden {
            let says = case.never.as_ref().map_or_else(String::new, |never| never.says.clone());
            self.find(Verdict::Forbidden, says);
        }
        if self.hung() {
            if case.slow && !promises.aborts_slow {
                return Verdict::Unpromised;
            }
            let last = seen.last.as_ref().map_or_else(|| "it had asked for nothing".to_owned(), Clone::clone);
            self.find(Verdict::Hung, format!("it had not ended after {timeout:?}; {last}"));
            return Verdict::Hung;
        }
        if let Exit::Signal(_) | Exit::Panicked = seen.exit {
            self.find(Verdict::Crashed, format!("it {}", crashed(seen.exit)));
        }
        if self.succeeded() {
            // Of a script nobody has said whether it can be noticed.
            let undetectable = case.undetectable || case.script().is_some() && seen.hidden;
            return match (seen.result.is_right, undetectable && !promises.verifies) {
                (true, _) if !seen.met => Verdict::NotMet,
                (true, _) if seen.retries.least > 0 => Verdict::Recovered,
                (true, _) => Verdict::Succeeded,
                (false, true) if seen.result.is_there => Verdict::Undetectable,
                (false, _) => {
                    self.find(Verdict::Corrupted, format!("{}: {}", seen.exit, seen.result.says));
                    Verdict::Corrupted
                }
            };
        }
        // A file beside it that says so is as good as another name, if that helps the next run.
        let is_marked = seen.result.is_marked && seen.second.as_ref().is_some_and(|it| it.exit.is_success());
        if seen.result.is_there && !seen.result.is_right && !is_marked {
            self.find(Verdict::LeftPartial, seen.result.says.clone());
        }
        if case.expect == Expect::Complete && seen.attempts > 0 && !seen.forbidden {
            self.find(Verdict::FailedNeedlessly, format!("{}, where nothing is wrong", seen.exit));
        }
        if seen.attempts == 0 && case.down.is_none() {
            // Nothing has happened to it that this case is about.
            return Verdict::NotMet;
        }
        Verdict::FailedCleanly
    }

    /// How many retries there were.
    fn count(&mut self) {
        let Context { case, mode, budget, .. } = self.context;
        let ((allowed, why_none), mut retries) = (self.budget(), self.seen.retries);
        if case.disk.is_some() && self.failed() {
            // Nothing was wrong on the wire: who asks again repeats what has failed at his end.
            retries.least = retries.least.max(self.seen.returns);
        }
        // Who was seen to make retries may make more of them, where nobody has said how many.
        let is_open = budget.open && why_none.is_none();
        if retries.least > allowed && !is_open {
            let attempts = retries.least.saturating_add(1);
            // A loop with another budget than was declared comes to such numbers as well.
            let arithmetic = Multiplied::explain(attempts, allowed)
                .map_or_else(String::new, |multiplied| format!(" (as if multiplied: {multiplied})"));
            let says = format!("{}{}{arithmetic}", why_none.unwrap_or_default(), beside(attempts, allowed));
            self.find(Verdict::Exceeded, says);
            return;
        }
        if self.seen.forbidden {
            // What came of that is no matter of retries.
            return;
        }
        // It may have asked elsewhere more often.
        if case.expect != Expect::Retry || !self.failed() || self.seen.attempts == 0 || case.is_uncounted() {
            return;
        }
        // Of two budgets either may be the one that is used up first.
        let all = if self.seen.in_body && self.seen.elsewhere { budget.least() } else { allowed };
        let broken = case.broken(all);
        if mode == Mode::ThenGood && all < broken {
            // It ends before all is well.
            return;
        }
        let needed = match mode {
            Mode::Always => all,
            // What is broken in a script, a single retry gets it to the next entry.
            Mode::Once => all.min(1),
            Mode::ThenGood => broken,
        };
        if let (Some(Meaning::Status(status)), Some(statuses)) = (self.seen.cause, &self.context.promises.statuses)
            && !statuses.contains(&status)
        {
            // After this one it has not promised to ask again.
            return;
        }
        if retries.most == 0 && needed > 0 {
            self.find(Verdict::Skipped, beside(1, allowed));
        } else if self.seen.last_is_good {
            let says = format!("{}, and nothing was wrong with its last attempt", self.seen.exit);
            self.find(Verdict::FailedNeedlessly, says);
        } else if !is_open && (retries.most < needed || mode != Mode::Always && retries.most < all) {
            self.find(Verdict::StoppedShort, beside(retries.most + 1, allowed));
        }
    }

    /// When retries came, and what they asked for.
    fn pace(&mut self) {
        if let Some(says) = &self.seen.too_early {
            self.find(Verdict::IgnoredRetryAfter, says.clone());
        }
        let Context { case, promises, .. } = self.context;
        let met = case.resumes && promises.resumes && self.succeeded() && self.seen.attempts > 1;
        if met && !self.seen.resumed {
            self.find(Verdict::StartedOver, "each attempt asked for the whole file");
        }
    }

    /// What it says.
    fn words(&mut self) {
        let case = self.context.case;
        let told = &self.seen.told;
        // Who announces some retries, and no total, has said nothing of the others.
        let is_partial =
            matches!(told, Told::Untruth { said, at_least, .. } if !self.seen.says_total && said < at_least);
        let is_silent = is_partial || matches!(told, Told::Nothing { at_least: 1.., .. });
        if case.is_uncounted() || self.hung() || self.seen.attempts == 0 {
            // Nobody knows what is true; who announces a retry and is ended before it cannot make it.
        } else if is_silent {
            // Any word about them is one, with a number or without. What is to be refused may be asked for once more in another
            // way, which is no retry to speak of.
            if self.failed() && case.expect == Expect::Retry && !self.seen.says_retries {
                self.find(Verdict::Silent, format!("it {told}"));
            }
        } else if matches!(told, Told::Untruth { .. }) {
            self.find(Verdict::Untrue, format!("it {told}"));
        }
        // What is to be refused can be refused for many reasons.
        let has_a_name = matches!(case.expect, Expect::Final | Expect::Retry) || case.down.is_some();
        let cause = self.seen.cause.filter(|_| has_a_name && self.failed() && !self.seen.says_cause);
        if let Some(cause) = cause {
            self.find(Verdict::LostCause, format!("{}, and nothing it prints says so", happened(cause)));
        }
    }

    /// A run against a healthy server.
    fn afterwards(&mut self) {
        // Who asked for nothing was not prepared to: the second run is to be no different.
        let asked = self.seen.attempts > 0 || self.context.case.is_uncounted();
        let Some(second) = self.seen.second.as_ref().filter(|_| asked) else { return };
        let Found { is_right, says, .. } = &second.result;
        if !second.exit.is_success() {
            self.find(Verdict::Poisoned, format!("a second run, with nothing wrong: {}", second.exit));
        } else if !is_right {
            self.find(Verdict::Poisoned, format!("a second run succeeds, and {says}"));
        } else if !second.asked && !self.context.promises.verifies {
            self.find(Verdict::Poisoned, "a second run succeeds without asking the server");
        }
    }
}

fn crashed(exit: Exit) -> String {
    match exit {
        Exit::Signal(signal) => format!("was ended by signal {signal}"),
        exit => exit.to_string(),
    }
}

fn happened(cause: Meaning) -> String {
    match cause {
        Meaning::Eof => "the connection ended too early".to_owned(),
        Meaning::Refused => "the connection was refused".to_owned(),
        Meaning::Reset => "the connection was reset".to_owned(),
        Meaning::Timeout => "nothing came any more".to_owned(),
        cause => format!("it was {cause}"),
    }
}
