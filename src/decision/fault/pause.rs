//! `pause`.

use std::time::Duration;

use super::{
    Fault,
    spec::{Area, Needs, Role, Show, Spec, TermKind},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "pause",
    area: Area::Body,
    takes: Takes::Duration(|duration, draft| draft.pause(duration)),
    kind: TermKind::Modifier,
    role: Role::Wait,
    needs: Needs::Break,
    summary: "wait this long before the break",
    example: "reset-after=1MB pause=300ms",
    shows: &[Show { entry: "reset-after=500 pause=200ms", wire: "GET head body[..500] ~200ms RST" }],
    ..Spec::FAULT
};

impl Fault {
    /// `pause=DURATION`: waits this long before the break beside it.
    ///
    /// It modifies `reset-after`, `reset-at`, `truncate-after`, `truncate-at`, `drop` and `reset`. A client that is slow to
    /// read what its kernel has acknowledged has read it by then.
    ///
    /// # On the wire
    ///
    /// When all bytes before the break are acknowledged, nothing for this long, and then the RST or FIN.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::pause(Duration::from_millis(300)).to_string(), "pause=300ms");
    /// ```
    pub fn pause(duration: Duration) -> Self {
        Self::new(&SPEC, Value::Duration(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, whole};
    use std::time::Duration;

    use crate::decision::plan::Step::{Body, Drain, End, Fin, Head, Rst, Wait};

    const PAUSE: Duration = Duration::from_millis(300);

    #[test]
    fn it_comes_between_the_drain_and_the_break() {
        let steps = [Wait(Duration::from_millis(200)), Head, Body(1_000), Drain, Wait(PAUSE), Rst];
        check("delay=200ms reset-after=1000 pause=300ms", whole(4_000), &steps, true);
        let steps = [Head, Body(1_000), Drain, Wait(PAUSE), Fin];
        check("pause=300ms truncate-at=1000", whole(4_000), &steps, true);
        check("reset pause=300ms", whole(4_000), &[Wait(PAUSE), Rst], true);
    }

    #[test]
    fn there_is_none_without_a_break() {
        check("reset-after=5kB pause=300ms", whole(4_000), &[Head, End], false);
    }
}
