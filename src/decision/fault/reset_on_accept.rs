//! `reset-on-accept`.

use crate::decision::plan::Step;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "reset-on-accept",
    area: Area::Connection,
    takes: Takes::Nothing(|draft| draft.on_accept(Some(Step::Rst))),
    role: Role::Connection,
    summary: "reset a connection as soon as it is accepted",
    example: "reset-on-accept",
    shows: &[
        Show { entry: "reset-on-accept", wire: "RST" },
        Show { entry: "delay=200ms reset-on-accept", wire: "~200ms RST" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `reset-on-accept`: resets the connection as soon as it is accepted, before anything is read.
    ///
    /// Like `drop-on-accept`, `hang-on-accept` and `accept`, it is consumed by the next new connection, not by a request,
    /// and can have nothing but a `delay` beside it, which comes first. A rule whose script has one of these has one
    /// place in it, for all connections and targets together. While such an entry is the next one, the rule decides no
    /// request, as those on kept connections: later rules may. While another entry is next, connections pass. A
    /// rule that has nothing else decides no requests at all.
    ///
    /// Such a rule is about everything: there is no path, method or header yet to go by. Its counting conditions (`first`,
    /// `every`, ...) count new connections for these entries, and for others what they always do. It is
    /// [order-dependent](crate::Rule::is_order_dependent): which connection a request comes on is for the client to say.
    /// The [mirror](crate::FlakyServerBuilder::mirror) is a second way in to the same rules, for connections as for requests.
    ///
    /// The journal has an exchange without a target for such a connection (`-`), and its plan.
    ///
    /// # On the wire
    ///
    /// The handshake, and then a RST. A client sees the reset in its first read or
    /// write, or already in its `connect`, as time will have it.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Rule};
    ///
    /// assert_eq!(Fault::reset_on_accept().to_string(), "reset-on-accept");
    ///
    /// // Two connections are reset. The third one passes, and its first request gets a 503.
    /// let rule: Rule = "*: reset-on-accept x2, status=503, ok".parse()?;
    /// assert!(rule.is_order_dependent());
    /// // There is no path yet.
    /// assert!("*.gz: reset-on-accept".parse::<Rule>().is_err());
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn reset_on_accept() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check_missed, check_on_accept, whole};
    use crate::decision::plan::Step::{Rst, Wait};
    use std::time::Duration;

    #[test]
    fn it_happens_to_the_connection() {
        check_on_accept("reset-on-accept", &[Rst]);
        check_on_accept("reset-on-accept delay=1s", &[Wait(Duration::from_secs(1)), Rst]);
    }

    #[test]
    fn it_does_not_happen_to_a_request() {
        check_missed("reset-on-accept", whole(10));
        check_missed("reset-on-accept", bodiless(10));
    }
}
