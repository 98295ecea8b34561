//! `drip`.

use super::{
    Drip, Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "drip",
    area: Area::Body,
    takes: Takes::Drip(|drip, draft| draft.drip(drip)),
    sets: Sets::Other("the pace of the body"),
    summary: "send the body in pieces of this size, this long apart",
    example: "drip=1kB/50ms",
    shows: &[Show { entry: "drip=500/200ms", wire: "GET head body[..500] ~200ms body[500..] open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `drip=SIZE/DURATION`: sends the body in pieces of this size, each at once, and with so much time between them.
    ///
    /// The first one goes out with the head. The last one before a break or a stall, and the last of all, may be smaller.
    /// Large pieces are bursts: `drip=1MB/1s` is as fast as [`throttle=1MB/s`](Self::throttle), and nothing like it.
    /// Without a body, as in a reply to HEAD, it cannot apply.
    ///
    /// # On the wire
    ///
    /// The head and the first piece at once; each other piece at once, this long after the one before it. Pieces that a client
    /// is too slow to read run together.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use flaky_server::{ByteSize, Drip, Fault};
    ///
    /// let drip = Drip { piece: ByteSize::kb(1), every: Duration::from_millis(50) };
    /// assert_eq!(Fault::drip(drip).to_string(), "drip=1kB/50ms");
    /// ```
    pub fn drip(drip: Drip) -> Self {
        Self::new(&SPEC, Value::Drip(drip))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{bodiless, check, check_missed, plan, whole};
    use crate::{
        ByteSize, Drip,
        decision::plan::Step::{Body, Drain, End, Head, Rst},
    };

    #[test]
    fn the_plan_has_the_pieces() {
        check("drip=1kB/50ms", whole(5_000), &[Head, End], true);
        let drip = Drip { piece: ByteSize::kb(1), every: Duration::from_millis(50) };
        assert_eq!(plan("drip=1kB/50ms", whole(5_000)).drip(), Some(drip));
        check("drip=1kB/50ms reset-after=1500", whole(5_000), &[Head, Body(1_500), Drain, Rst], true);
    }

    #[test]
    fn there_is_nothing_to_drip_without_a_body() {
        check_missed("drip=1kB/50ms", bodiless(5_000));
        assert_eq!(plan("drip=1kB/50ms", bodiless(5_000)).drip(), None);
    }
}
