//! `truncate-in-head`.

use crate::{decision::plan::Step, units::Offset};

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "truncate-in-head",
    area: Area::Head,
    takes: Takes::Offset(|offset, draft| draft.break_in_head(offset, Step::Fin)),
    role: Role::Break,
    sets: Sets::Other("what happens in the head"),
    summary: "close the connection behind this many bytes of the head",
    example: "truncate-in-head=50%",
    shows: &[
        Show { entry: "truncate-in-head=0", wire: "GET FIN" },
        Show { entry: "truncate-in-head=9", wire: "GET head[..9] FIN" },
        Show { entry: "truncate-in-head=50%", wire: "GET head[..50%] FIN" },
        Show { entry: "truncate-in-head=end-1", wire: "GET head[..end-1] FIN" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `truncate-in-head=OFFSET`: closes the connection in order behind exactly so many bytes of the head.
    ///
    /// The head has a few hundred bytes, from the status line to the empty line behind the headers; interim responses are no part
    /// of it. In a head that is shorter the fault does not apply, and the reply is correct. Behind 9 bytes the status line is
    /// cut right before its code.
    ///
    /// # On the wire
    ///
    /// The first N bytes of the head. When the client's kernel has acknowledged them all, a FIN. At `end` the head is whole, and the
    /// body does not begin.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::truncate_in_head(9).to_string(), "truncate-in-head=9");
    /// ```
    pub fn truncate_in_head(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{bodiless, check, whole};
    use crate::{
        decision::plan::Step::{Drain, Fin, HeadTo, Wait},
        units::Offset,
    };

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn it_counts_the_bytes_of_the_head() {
        for facts in [whole(9), bodiless(9)] {
            check("truncate-in-head=9", facts, &[HeadTo(Offset::bytes(9)), Drain, Fin], true);
        }
        check(
            "truncate-in-head=50% pause=1s",
            whole(9),
            &[HeadTo(Offset::percent(50)), Drain, Wait(SECOND), Fin],
            true,
        );
    }

    #[test]
    fn what_comes_later_is_missed() {
        check("truncate-in-head=9 corrupt-at=0", whole(9), &[HeadTo(Offset::bytes(9)), Drain, Fin], false);
        check("truncate-in-head=9 extra-bytes=1", whole(9), &[HeadTo(Offset::bytes(9)), Drain, Fin], false);
    }
}
