//! `reset-at`.

use crate::{decision::plan::Step, units::Offset};

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "reset-at",
    area: Area::Body,
    takes: Takes::Offset(|offset, draft| draft.break_at(offset, Step::Rst)),
    role: Role::Break,
    once: true,
    summary: "reset the connection before this byte of the fixture, once",
    example: "reset-at=1MB",
    shows: &[
        Show { entry: "reset-at=750", wire: "GET{range: bytes=500-} head body[500..750] RST" },
        Show { entry: "reset-at=499", wire: "GET{range: bytes=500-} head body[500..] open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `reset-at=OFFSET`: resets the connection before this byte of the fixture, once per offset and target.
    ///
    /// The offset counts from the start of the fixture, so that it still means the same byte when a client resumes with
    /// a Range request. It applies to the response that has this byte, and `end` to the one that has the last byte;
    /// when it has fired, later responses pass the place unharmed.
    ///
    /// # On the wire
    ///
    /// As [`reset_after`](Self::reset_after): the body's bytes up to the offset, and when they are all acknowledged a RST.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::reset_at(ByteSize::mib(1)).to_string(), "reset-at=1MiB");
    /// ```
    pub fn reset_at(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_missed, part, whole};
    use crate::decision::plan::Step::{Body, Drain, Head, Rst};

    #[test]
    fn it_counts_from_the_start_of_the_fixture() {
        check("reset-at=5kB", whole(9_000), &[Head, Body(5_000), Drain, Rst], true);
        check("reset-at=5kB", part(4_000, 2_000, 9_000), &[Head, Body(1_000), Drain, Rst], true);
        check("reset-at=5kB", part(5_000, 1, 9_000), &[Head, Body(0), Drain, Rst], true);
        check_missed("reset-at=5kB", part(5_001, 10, 9_000));
        check_missed("reset-at=5kB", part(4_000, 1_000, 9_000));
    }

    #[test]
    fn the_end_belongs_to_the_last_part() {
        check("reset-at=end", part(4_000, 5_000, 9_000), &[Head, Body(5_000), Drain, Rst], true);
        check("reset-at=50%", part(4_000, 5_000, 9_000), &[Head, Body(500), Drain, Rst], true);
        check("reset-at=end", whole(0), &[Head, Body(0), Drain, Rst], true);
        check_missed("reset-at=end", part(4_000, 4_999, 9_000));
        check_missed("reset-at=9001", whole(9_000));
    }

    #[test]
    fn the_largest_fixture_does_not_overflow() {
        let facts = part(u64::MAX - 1, 1, u64::MAX);
        check("reset-at=end", facts, &[Head, Body(1), Drain, Rst], true);
        check_missed("reset-at=end-2", facts);
    }
}
