//! `max-requests`.

use super::{
    Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "max-requests",
    area: Area::Connection,
    takes: Takes::Number(|most, draft| draft.max_requests(most)),
    sets: Sets::Other("what becomes of the connection"),
    summary: "close a connection behind the reply to its Nth request",
    example: "max-requests=2",
    shows: &[
        Show { entry: "max-requests=1", wire: "GET head{connection: close} body FIN" },
        Show { entry: "max-requests=2", wire: "GET head body open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `max-requests=N`: closes the connection behind the reply to its Nth request, as servers with a limit on kept
    /// connections do.
    ///
    /// On the requests before it nothing changes, and `applied` is false: with `max-requests=100 x*` the exchanges that have
    /// it true are those behind which a connection was closed. A request that comes later than the Nth, because another
    /// entry decided that, is the last one all the same.
    ///
    /// # On the wire
    ///
    /// The correct reply, with `Connection: close`, and a FIN behind it (RFC 9112 §9.6). Requests that were sent on without
    /// waiting for it are not answered.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Rule};
    ///
    /// assert_eq!(Fault::max_requests(100).to_string(), "max-requests=100");
    /// let rule = Rule::any().fault(Fault::max_requests(100));
    /// assert_eq!(rule.to_string(), "*: max-requests=100 x*");
    /// ```
    pub fn max_requests(most: u32) -> Self {
        Self::new(&SPEC, Value::Number(most))
    }
}

#[cfg(test)]
mod tests {
    use crate::decision::{
        Entry, Fault, Ledger, Limits, Plan, ReplyFacts, Request, Schedule, Target,
        plan::Step::{Body, Drain, End, Head, Rst},
    };

    fn plan(entry: &str, nth: u64) -> Plan {
        let rules = Schedule::parse_rules(&format!("*: {entry}")).unwrap();
        let mut ledger = Ledger::new(Schedule::new(rules, 0).unwrap(), Limits::default());
        let decision = ledger.decide(&Request::new(Target::new("GET", "/")).with_nth(nth));
        ledger.plan(&decision, &ReplyFacts { start: 0, len: 9, total: 9, has_body: true, ranged: false })
    }

    #[test]
    fn only_the_reply_to_the_last_request_closes() {
        for (nth, closes) in [(1, false), (2, false), (3, true), (4, true), (u64::MAX, true)] {
            let plan = plan("max-requests=3", nth);
            assert_eq!((plan.closes(), plan.applied(), plan.steps()), (closes, closes, &[Head, End][..]), "{nth}");
        }
        assert!(plan("max-requests=1", 1).closes());
        assert!(!plan("max-requests=4294967295", 4_294_967_294).closes());
        assert!(!plan("ok", 1_000).closes());
    }

    #[test]
    fn a_break_comes_all_the_same() {
        let plan = plan("max-requests=1 reset-after=5", 1);
        assert_eq!((plan.closes(), plan.applied(), plan.steps()), (true, true, &[Head, Body(5), Drain, Rst][..]));
    }

    #[test]
    fn requests_count_from_1() {
        assert_eq!(
            Entry::new([Fault::max_requests(0)]).unwrap_err().message(),
            "`0` is not a number from 1 to 4294967295"
        );
        assert!("max-requests=2 drop".parse::<Entry>().is_err());
        assert!("max-requests=2 idle-close=1s".parse::<Entry>().is_err());
    }
}
