//! `delay`.

use std::time::Duration;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "delay",
    area: Area::Reply,
    takes: Takes::Duration(|duration, draft| draft.delay(duration)),
    role: Role::Wait,
    summary: "wait this long before the reply",
    example: "delay=200ms",
    shows: &[Show { entry: "delay=200ms", wire: "GET ~200ms head body open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `delay=DURATION`: waits this long before the reply.
    ///
    /// # On the wire
    ///
    /// The request is read to its end. Then comes nothing for this long, and then the first byte of the head, or whatever
    /// else the entry has in its place. Beside a term that is about connections it begins when the connection is accepted,
    /// and nothing is read meanwhile; a client that closes its side before it is over has left, and `applied` is false.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::delay(Duration::from_millis(200)).to_string(), "delay=200ms");
    /// ```
    pub fn delay(duration: Duration) -> Self {
        Self::new(&SPEC, Value::Duration(duration))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, whole};
    use std::time::Duration;

    use crate::decision::plan::Step::{Body, Drain, End, Head, Rst, Wait};

    const DELAY: Duration = Duration::from_millis(200);

    #[test]
    fn it_comes_first() {
        check("delay=200ms", whole(1_000), &[Wait(DELAY), Head, End], true);
        let steps = [Wait(DELAY), Head, Body(5), Drain, Rst];
        check("reset-after=5 delay=200ms", whole(1_000), &steps, true);
        check("delay=0s", whole(1_000), &[Head, End], true);
    }

    #[test]
    fn it_happens_also_where_a_body_fault_cannot() {
        check("delay=200ms reset-after=5", bodiless(1_000), &[Wait(DELAY), Head, End], false);
    }
}
