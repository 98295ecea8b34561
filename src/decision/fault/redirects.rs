//! `redirects`.

use super::{
    Fault,
    spec::{Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "redirects",
    takes: Takes::Number(|times, draft| draft.redirects(times)),
    against: |other| match &other.value {
        Value::Status(301 | 302 | 303 | 307 | 308) => None,
        Value::Status(_) => Some("a redirect has the status 301, 302, 303, 307 or 308"),
        _ if other.spec.needs().contains(&"status") || other.spec.name == "login-page" => {
            Some("the redirects lead to the file")
        }
        _ => None,
    },
    sets: Sets::Header("location"),
    summary: "send the client on so many times, always to another query, before it gets the file",
    example: "redirects=5",
    shows: &[
        Show { entry: "redirects=2", wire: "GET reply(302){location: /file?flaky-hop=1} open" },
        Show { entry: "redirects=1 status=308", wire: "GET reply(308){location: /file?flaky-hop=1; -etag} open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `redirects=N`: sends the client on so many times before it gets the file: a chain of redirects (RFC 9110 §15.4).
    ///
    /// Each leads to the same path with another query, `flaky-hop=1` to `flaky-hop=N` behind what the query has besides, so
    /// that no client takes the chain for a loop. Who has followed N of them gets the correct reply, to which the fault does
    /// not apply. The request's own query says how many that are: whoever begins anew goes all the way again.
    ///
    /// Every request of the chain is another target, with attempts and a place in the script of its own, and has to be under
    /// the rule: `redirects=5 x*` for all paths, or for this path. With `per=path` all hops are attempts of one script. To
    /// break the reply at its end, put a rule with `query=*flaky-hop=5` in front. [`status`](Self::status) beside it, 301,
    /// 303, 307 or 308, is that of the redirects.
    ///
    /// # On the wire
    ///
    /// 302 with a `Location` header, and a short body.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::redirects(5).to_string(), "redirects=5");
    /// ```
    pub fn redirects(times: u32) -> Self {
        Self::new(&SPEC, Value::Number(times))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::whole;
    use crate::decision::{
        Entry, Plan,
        lower::{Circumstances, lower_unless},
    };

    fn plan(entry: &str, hop: u32) -> Plan {
        let entry: Entry = entry.parse().unwrap();
        lower_unless(&entry, &whole(20), Circumstances { hop, ..Circumstances::default() }, |_| false).0
    }

    #[test]
    fn each_redirect_leads_to_the_next() {
        for (entry, status) in [("redirects=2", 302), ("redirects=2 status=307", 307), ("status=301 redirects=2", 301)]
        {
            for hop in [0, 1] {
                let plan = plan(entry, hop);
                let answer = plan.answer();
                assert_eq!((answer.status(), answer.hop(), plan.applied()), (Some(status), Some(hop + 1), true));
            }
        }
    }

    #[test]
    fn the_last_one_leads_to_the_file() {
        for entry in ["redirects=2", "redirects=2 status=307", "status=301 redirects=2"] {
            for hop in [2, 3, u32::MAX] {
                let plan = plan(entry, hop);
                assert_eq!((plan.status(), plan.answer().hop(), plan.applied()), (None, None, false));
                assert!(plan.missed().is_empty(), "nothing else was planned");
            }
        }
        let plan = plan("redirects=2 status=307 reset-after=5", 2);
        assert_eq!(plan.missed().len(), 2);
    }

    #[test]
    fn they_have_nothing_else_of_their_own() {
        for (entry, why) in [
            ("redirects=2 status=404", "a redirect has the status 301, 302, 303, 307 or 308"),
            ("redirects=2 status=302 location=/a", "each sets the `location` header"),
            ("redirects=2 status=302 body=a", "the redirects lead to the file"),
            ("redirects=2 status=302 retry-after=1s", "the redirects lead to the file"),
            ("redirects=2 login-page", "the redirects lead to the file"),
        ] {
            let error = entry.parse::<Entry>().unwrap_err();
            assert!(error.message().ends_with(why), "{error}");
        }
    }
}
