//! `stall-at`.

use crate::units::Offset;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "stall-at",
    area: Area::Body,
    takes: Takes::Offset(|offset, draft| draft.stall_at(offset)),
    role: Role::Stall,
    once: true,
    summary: "send nothing more from this byte of the fixture on, once",
    example: "stall-at=50%",
    shows: &[Show { entry: "stall-at=750", wire: "GET{range: bytes=500-} head body[500..750] silence" }],
    ..Spec::FAULT
};

impl Fault {
    /// `stall-at=OFFSET`: sends nothing more from this byte of the fixture on, once per offset and target.
    ///
    /// For ever, or with [`stall-for`](Self::stall_for) for a time. The offset is understood as by
    /// [`reset_at`](Self::reset_at).
    ///
    /// # On the wire
    ///
    /// As [`stall_after`](Self::stall_after): the body's bytes up to the offset, and then silence.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Offset};
    ///
    /// assert_eq!(Fault::stall_at(Offset::percent(50)).to_string(), "stall-at=50%");
    /// ```
    pub fn stall_at(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_missed, part};
    use crate::decision::plan::Step::{Body, Drain, Head, Stop};

    #[test]
    fn it_counts_from_the_start_of_the_fixture() {
        check("stall-at=5kB", part(4_000, 2_000, 9_000), &[Head, Body(1_000), Drain, Stop], true);
        check_missed("stall-at=6kB", part(4_000, 2_000, 9_000));
    }
}
