//! `ok`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "ok",
    area: Area::Reply,
    takes: Takes::Nothing(|_| {}),
    role: Role::Nothing,
    summary: "let nothing go wrong",
    example: "ok",
    shows: &[Show { entry: "ok", wire: "GET head body open" }, Show { entry: "ok", wire: "HEAD head open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `ok`: nothing goes wrong.
    ///
    /// It says so where an entry needs to say something; beside it may stand only a modifier of the reply.
    ///
    /// # On the wire
    ///
    /// The correct reply.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::ok().to_string(), "ok");
    /// ```
    pub fn ok() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, whole};
    use crate::decision::plan::Step::{End, Head};

    #[test]
    fn the_reply_is_correct() {
        check("ok", whole(1_000), &[Head, End], true);
        check("ok", bodiless(1_000), &[Head, End], true);
    }
}
