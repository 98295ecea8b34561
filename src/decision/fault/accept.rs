//! `accept`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec, TermKind},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "accept",
    area: Area::Connection,
    takes: Takes::Nothing(|draft| draft.on_accept(None)),
    kind: TermKind::Modifier,
    role: Role::Connection,
    summary: "let a connection pass, in a script that is about connections",
    example: "accept",
    shows: &[Show { entry: "accept", wire: "GET head body open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `accept`: the connection is as it should be.
    ///
    /// It is for scripts about connections, and is consumed by the next new one: `accept, reset-on-accept` resets the
    /// second. What is said of such scripts at [`reset_on_accept`](Self::reset_on_accept) holds here, too. A `delay` beside
    /// it comes before the first byte is read.
    ///
    /// # On the wire
    ///
    /// Requests and replies.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Rule};
    ///
    /// assert_eq!(Fault::accept().to_string(), "accept");
    /// let every_third = Rule::any().script("accept x2, reset-on-accept, accept x2, reset-on-accept")?;
    /// # Ok::<(), flaky_server::ParseError>(())
    /// ```
    pub fn accept() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_missed, check_on_accept, whole};
    use crate::decision::plan::Step::Wait;
    use std::time::Duration;

    #[test]
    fn the_connection_goes_on() {
        check_on_accept("accept", &[]);
        check_on_accept("delay=1s accept", &[Wait(Duration::from_secs(1))]);
    }

    #[test]
    fn it_is_not_for_requests() {
        check_missed("accept", whole(10));
    }
}
