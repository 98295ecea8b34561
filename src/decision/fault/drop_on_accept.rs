//! `drop-on-accept`.

use crate::decision::plan::Step;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "drop-on-accept",
    area: Area::Connection,
    takes: Takes::Nothing(|draft| draft.on_accept(Some(Step::Fin))),
    role: Role::Connection,
    summary: "close a connection as soon as it is accepted",
    example: "drop-on-accept",
    shows: &[
        Show { entry: "drop-on-accept", wire: "FIN" },
        Show { entry: "delay=200ms drop-on-accept", wire: "~200ms FIN" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `drop-on-accept`: closes the connection as soon as it is accepted.
    ///
    /// What is said of scripts about connections at [`reset_on_accept`](Self::reset_on_accept) holds here, too.
    ///
    /// # On the wire
    ///
    /// The handshake, and then a FIN: end of file before a byte. What the client sends all the same is read and thrown away
    /// for up to 2 s, as a close with unread bytes would be a reset.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::drop_on_accept().to_string(), "drop-on-accept");
    /// ```
    pub fn drop_on_accept() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check_missed, check_on_accept, whole};
    use crate::decision::plan::Step::{Fin, Wait};
    use std::time::Duration;

    #[test]
    fn it_happens_to_the_connection() {
        check_on_accept("drop-on-accept", &[Fin]);
        check_on_accept("drop-on-accept delay=1s", &[Wait(Duration::from_secs(1)), Fin]);
    }

    #[test]
    fn it_does_not_happen_to_a_request() {
        check_missed("drop-on-accept", whole(10));
        check_missed("drop-on-accept", bodiless(10));
    }
}
