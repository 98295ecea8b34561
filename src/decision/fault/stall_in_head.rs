//! `stall-in-head`.

use crate::units::Offset;

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "stall-in-head",
    area: Area::Head,
    takes: Takes::Offset(|offset, draft| draft.stall_in_head(offset)),
    role: Role::Stall,
    sets: Sets::Other("what happens in the head"),
    summary: "send nothing more behind this many bytes of the head",
    example: "stall-in-head=50%",
    shows: &[
        Show { entry: "stall-in-head=50%", wire: "GET head[..50%] silence" },
        Show { entry: "stall-in-head=50% stall-for=200ms", wire: "GET head[..50%] ~200ms head[50%..] body open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `stall-in-head=OFFSET`: sends nothing more behind exactly so many bytes of the head.
    ///
    /// With `stall-for` it goes on later. In a head that is shorter it does not apply.
    ///
    /// # On the wire
    ///
    /// The first N bytes of the head, and then silence on a connection that stays open until the client closes it.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::stall_in_head(9).to_string(), "stall-in-head=9");
    /// ```
    pub fn stall_in_head(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{check, whole};
    use crate::{
        decision::plan::Step::{Body, Drain, Head, HeadTo, Rst, Stop, Wait},
        units::Offset,
    };

    #[test]
    fn it_stalls_for_ever_or_for_a_time() {
        check("stall-in-head=9", whole(9), &[HeadTo(Offset::bytes(9)), Drain, Stop], true);
        let steps = [HeadTo(Offset::bytes(9)), Drain, Wait(Duration::from_secs(1)), Head, Body(5), Drain, Rst];
        check("stall-in-head=9 stall-for=1s reset-after=5", whole(9), &steps, true);
    }
}
