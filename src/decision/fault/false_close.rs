//! `false-close`.

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "false-close",
    area: Area::Connection,
    takes: Takes::Nothing(|draft| draft.form.says_close = true),
    summary: "say `Connection: close`, and keep the connection",
    example: "false-close",
    shows: &[Show { entry: "false-close", wire: "GET head{connection: close} body open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `false-close`: says that the connection will be closed, and keeps it.
    ///
    /// # On the wire
    ///
    /// A whole reply with `Connection: close`, on a connection that lives on and answers further requests. A client must not send
    /// any (RFC 9112 §9.6), and closes.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::false_close().to_string(), "false-close");
    /// ```
    pub fn false_close() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};
    use crate::decision::plan::Step::{End, Head};

    #[test]
    fn it_is_said_and_not_done() {
        let plan = plan("false-close", whole(9));
        assert_eq!(plan.steps(), [Head, End]);
        assert!(plan.form().says_close());
    }
}
