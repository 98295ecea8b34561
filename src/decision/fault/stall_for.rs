//! `stall-for`.

use std::time::Duration;

use super::{
    Fault,
    spec::{Area, Needs, Role, Show, Spec, TermKind},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "stall-for",
    area: Area::Body,
    takes: Takes::Duration(|duration, draft| draft.stall_for(duration)),
    kind: TermKind::Modifier,
    role: Role::Reply,
    needs: Needs::Stall,
    summary: "let a stall end after this long, and go on",
    example: "stall-after=1MB stall-for=5s",
    shows: &[
        Show { entry: "stall-after=500 stall-for=200ms", wire: "GET head body[..500] ~200ms body[500..] open" },
        Show {
            entry: "stall-after=500 stall-for=200ms reset-after=750",
            wire: "GET head body[..500] ~200ms body[500..750] RST",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `stall-for=DURATION`: the stall beside it ends after this long, and the body goes on.
    ///
    /// It modifies [`stall-after`](Self::stall_after), [`stall-at`](Self::stall_at) and the stalls in head and trailer section,
    /// and makes room for a break further on.
    ///
    /// # On the wire
    ///
    /// When the bytes before the stall are acknowledged, silence for this long, and then the rest of the message.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::stall_for(Duration::from_secs(5)).to_string(), "stall-for=5s");
    /// ```
    pub fn stall_for(duration: Duration) -> Self {
        Self::new(&SPEC, Value::Duration(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, whole};
    use std::time::Duration;

    use crate::decision::plan::Step::{Body, Drain, End, Head, Rst, Wait};

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn the_body_goes_on() {
        let steps = [Head, Body(400), Drain, Wait(SECOND), End];
        check("stall-after=400 stall-for=1s", whole(1_000), &steps, true);
        check("stall-for=1s stall-at=400", whole(1_000), &steps, true);
    }

    #[test]
    fn a_break_may_follow() {
        let steps = [Head, Body(400), Drain, Wait(SECOND), Body(600), Drain, Rst];
        check("stall-after=400 stall-for=1s reset-after=600", whole(1_000), &steps, true);
        let steps = [Head, Body(400), Drain, Wait(SECOND), Rst];
        check("reset-after=400 stall-after=400 stall-for=1s", whole(1_000), &steps, true);
    }

    #[test]
    fn a_stall_behind_the_break_is_missed() {
        let steps = [Head, Body(400), Drain, Rst];
        check("stall-after=401 stall-for=1s reset-after=400", whole(1_000), &steps, false);
    }
}
