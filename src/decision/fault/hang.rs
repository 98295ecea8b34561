//! `hang`.

use crate::decision::plan::Step;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "hang",
    area: Area::Reply,
    takes: Takes::Nothing(|draft| draft.no_reply(Step::Stop)),
    role: Role::NoReply,
    summary: "never answer, and keep the connection open",
    example: "hang",
    shows: &[Show { entry: "hang", wire: "GET silence" }],
    ..Spec::FAULT
};

impl Fault {
    /// `hang`: never answers.
    ///
    /// # On the wire
    ///
    /// The request is read to its end, and then comes nothing, on a connection that stays open until the client closes it.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::hang().to_string(), "hang");
    /// ```
    pub fn hang() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, whole};
    use std::time::Duration;

    use crate::decision::plan::Step::{Stop, Wait};

    #[test]
    fn there_is_no_reply() {
        check("hang", whole(1_000), &[Stop], true);
        check("hang", bodiless(1_000), &[Stop], true);
        check("delay=1s hang", whole(1_000), &[Wait(Duration::from_secs(1)), Stop], true);
    }
}
