//! `drop`.

use crate::decision::plan::Step;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "drop",
    area: Area::Reply,
    takes: Takes::Nothing(|draft| draft.no_reply(Step::Fin)),
    role: Role::NoReply,
    summary: "close the connection without a byte of a reply",
    example: "drop",
    shows: &[Show { entry: "drop", wire: "GET FIN" }, Show { entry: "drop pause=200ms", wire: "GET ~200ms FIN" }],
    ..Spec::FAULT
};

impl Fault {
    /// `drop`: closes the connection without a byte of a reply.
    ///
    /// # On the wire
    ///
    /// The request is read to its end, and then comes a FIN: the client reads EOF in the place of a status line.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::drop().to_string(), "drop");
    /// ```
    pub fn drop() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, whole};
    use std::time::Duration;

    use crate::decision::plan::Step::{Fin, Wait};

    #[test]
    fn there_is_no_reply() {
        check("drop", whole(1_000), &[Fin], true);
        check("drop", bodiless(1_000), &[Fin], true);
    }

    #[test]
    fn delay_and_pause_add_up() {
        let steps = [Wait(Duration::from_secs(1)), Wait(Duration::from_secs(2)), Fin];
        check("drop pause=2s delay=1s", whole(1_000), &steps, true);
    }
}
