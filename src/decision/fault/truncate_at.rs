//! `truncate-at`.

use crate::{decision::plan::Step, units::Offset};

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "truncate-at",
    area: Area::Body,
    takes: Takes::Offset(|offset, draft| draft.break_at(offset, Step::Fin)),
    role: Role::Break,
    once: true,
    summary: "close the connection before this byte of the fixture, once",
    example: "truncate-at=end-1",
    shows: &[
        Show { entry: "truncate-at=end-1", wire: "GET head body[..999] FIN" },
        Show { entry: "truncate-at=750", wire: "GET{range: bytes=500-} head body[500..750] FIN" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `truncate-at=OFFSET`: closes the connection in order before this byte of the fixture, once per offset and target.
    ///
    /// The offset is understood as by [`reset_at`](Self::reset_at).
    ///
    /// # On the wire
    ///
    /// As [`truncate_after`](Self::truncate_after): the body's bytes up to the offset, and when they are all acknowledged
    /// a FIN.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault, Offset};
    ///
    /// let fault = Fault::truncate_at(Offset::before_end(ByteSize::b(1)));
    /// assert_eq!(fault.to_string(), "truncate-at=end-1");
    /// ```
    pub fn truncate_at(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_missed, part};
    use crate::decision::plan::Step::{Body, Drain, Fin, Head};

    #[test]
    fn it_counts_from_the_start_of_the_fixture() {
        check("truncate-at=5kB", part(4_000, 2_000, 9_000), &[Head, Body(1_000), Drain, Fin], true);
        check("truncate-at=end-1", part(4_000, 5_000, 9_000), &[Head, Body(4_999), Drain, Fin], true);
        check_missed("truncate-at=3999", part(4_000, 2_000, 9_000));
    }
}
