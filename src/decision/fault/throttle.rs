//! `throttle`.

use crate::units::Rate;

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "throttle",
    area: Area::Body,
    takes: Takes::Rate(|rate, draft| draft.throttle(rate)),
    role: Role::Reply,
    sets: Sets::Other("the pace of the body"),
    summary: "send the body no faster than this",
    example: "throttle=1MB/s",
    shows: &[Show {
        entry: "throttle=5kB/s",
        wire: "GET head body[..100] ~20ms body[100..900] ~180ms body[900..] open",
    }],
    ..Spec::FAULT
};

impl Fault {
    /// `throttle=RATE`: sends the body no faster than this.
    ///
    /// Without a body, as in a reply to HEAD, it cannot apply.
    ///
    /// # On the wire
    ///
    /// The head at once; the body in pieces, at this rate over any longer time.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault, Rate};
    ///
    /// let rate = Rate::try_new(ByteSize::mb(1))?;
    /// assert_eq!(Fault::throttle(rate).to_string(), "throttle=1MB/s");
    /// # Ok::<(), flaky_server::UnitError>(())
    /// ```
    pub fn throttle(rate: Rate) -> Self {
        Self::new(&SPEC, Value::Rate(rate))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, check_missed, plan, whole};
    use crate::decision::plan::Step::{End, Head};

    #[test]
    fn the_plan_has_the_rate() {
        check("throttle=1MB/s", whole(1_000), &[Head, End], true);
        let rate = plan("throttle=1MB/s", whole(1_000)).rate().unwrap();
        assert_eq!(rate.bytes_per_second(), 1_000_000);
        assert_eq!(plan("ok", whole(1_000)).rate(), None);
    }

    #[test]
    fn there_is_nothing_to_throttle_without_a_body() {
        check_missed("throttle=1MB/s", bodiless(1_000));
        assert_eq!(plan("throttle=1MB/s", bodiless(1_000)).rate(), None);
    }
}
