//! `burst`.

use crate::units::ByteSize;

use super::{
    Fault,
    spec::{Area, Needs, Show, Spec, TermKind},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "burst",
    area: Area::Body,
    takes: Takes::Size(|bytes, draft| draft.burst(bytes)),
    kind: TermKind::Modifier,
    needs: Needs::Names(&["throttle"]),
    summary: "send this much of the body at full speed before the throttle begins",
    example: "throttle=1MB/s burst=64kB",
    shows: &[Show { entry: "throttle=1kB/s burst=500", wire: "GET head body[..999] ~400ms body[999..] open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `burst=SIZE`: sends so much of the body at full speed, and the rest at the rate beside it.
    ///
    /// It modifies [`throttle`](Self::throttle), and makes it one that a token bucket would make. A client that guesses the
    /// time that is left from the first bytes is wrong. It does not apply where the body has no more bytes than this.
    ///
    /// # On the wire
    ///
    /// The head and so many bytes of the body at once; the rest in pieces, at the rate over any longer time.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::burst(ByteSize::kb(64)).to_string(), "burst=64kB");
    /// ```
    pub fn burst(size: impl Into<ByteSize>) -> Self {
        Self::new(&SPEC, Value::Size(size.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, plan, whole};
    use crate::decision::plan::Step::{End, Head};

    #[test]
    fn the_plan_has_the_burst() {
        check("throttle=1MB/s burst=999", whole(1_000), &[Head, End], true);
        assert_eq!(plan("burst=999 throttle=1MB/s", whole(1_000)).burst(), 999);
        assert_eq!(plan("throttle=1MB/s", whole(1_000)).burst(), 0);
    }

    #[test]
    fn something_has_to_be_left_for_the_throttle() {
        check("throttle=1MB/s burst=1000", whole(1_000), &[Head, End], false);
        check("throttle=1MB/s burst=1", bodiless(1_000), &[Head, End], false);
        assert_eq!(plan("throttle=1MB/s burst=1000", whole(1_000)).burst(), 0);
    }
}
