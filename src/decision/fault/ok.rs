//! `ok`.

use super::{
    Fault,
    spec::{Role, Spec, TermKind},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "ok",
    takes: Takes::Nothing(|_| {}),
    kind: TermKind::Fault,
    role: Role::Nothing,
    needs: &[],
    once: false,
    summary: "let nothing go wrong",
    example: "ok",
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
