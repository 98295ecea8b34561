//! `stale-close`.

use crate::decision::plan::Step;

use super::{
    Fault,
    draft::After,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "stale-close",
    area: Area::Connection,
    takes: Takes::Nothing(|draft| draft.afterwards(After::Asked(Step::Fin))),
    sets: Sets::Other("what becomes of the connection"),
    summary: "close the connection when the next request arrives on it",
    example: "stale-close",
    shows: &[Show { entry: "stale-close", wire: "GET head body GET FIN" }],
    ..Spec::FAULT
};

impl Fault {
    /// `stale-close`: closes a kept connection when the next request arrives on it.
    ///
    /// It is the race between a server that gives up an idle connection and a client that uses it again, lost on purpose. The
    /// request counts as an attempt for its target, or without one if its head was not there yet; no rule decides it. On a
    /// connection that is to be closed anyway, or on which no other request comes, it does not apply; its record comes when
    /// that is known.
    ///
    /// # On the wire
    ///
    /// A whole reply. At the first byte that the client sends behind it, a FIN in the place of a response. A client ought to send an
    /// idempotent request again, once (RFC 9112 §9.3.1, RFC 9110 §9.2.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::stale_close().to_string(), "stale-close");
    /// ```
    pub fn stale_close() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, whole};
    use crate::decision::plan::Step::{Await, Drain, End, Extra, Fin, Head};

    #[test]
    fn it_waits_for_the_next_request() {
        check("stale-close", whole(9), &[Head, End, Drain, Await, Fin], true);
        check("stale-close extra-bytes=1", whole(9), &[Head, End, Extra(1), Drain, Await, Fin], true);
    }
}
