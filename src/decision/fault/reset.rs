//! `reset`.

use crate::decision::plan::Step;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "reset",
    area: Area::Reply,
    takes: Takes::Nothing(|draft| draft.no_reply(Step::Rst)),
    role: Role::NoReply,
    summary: "reset the connection without a byte of a reply",
    example: "reset",
    shows: &[Show { entry: "reset", wire: "GET RST" }, Show { entry: "reset pause=200ms", wire: "GET ~200ms RST" }],
    ..Spec::FAULT
};

impl Fault {
    /// `reset`: resets the connection without a byte of a reply.
    ///
    /// # On the wire
    ///
    /// The request is read to its end, and then comes a RST: the client gets ECONNRESET in the place of a status line.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::reset().to_string(), "reset");
    /// ```
    pub fn reset() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, whole};
    use crate::decision::plan::Step::Rst;

    #[test]
    fn there_is_no_reply() {
        check("reset", whole(1_000), &[Rst], true);
        check("reset", bodiless(1_000), &[Rst], true);
    }
}
