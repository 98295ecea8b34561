//! `hang-on-accept`.

use crate::decision::plan::Step;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "hang-on-accept",
    area: Area::Connection,
    takes: Takes::Nothing(|draft| draft.on_accept(Some(Step::Stop))),
    role: Role::Connection,
    summary: "accept a connection, and neither read nor answer",
    example: "hang-on-accept",
    shows: &[Show { entry: "hang-on-accept", wire: "GET silence" }],
    ..Spec::FAULT
};

impl Fault {
    /// `hang-on-accept`: accepts the connection, and then neither reads nor answers.
    ///
    /// What is said of scripts about connections at [`reset_on_accept`](Self::reset_on_accept) holds here, too. The exchange
    /// ends as `stalled`, when the client closes or the server stops. A client whose writes are blocked cannot tell that it
    /// closes, as nothing comes past the bytes that nobody reads: that is noticed when its kernel has given up on them,
    /// after some minutes (six, measured on Linux), or at once if it resets.
    ///
    /// # On the wire
    ///
    /// The handshake, and then silence. What the client sends stays in the kernel; when the buffers on both sides are
    /// full, after some megabytes at most, its writes block. A client that closes its write side is taken to have left, and
    /// gets a RST.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::hang_on_accept().to_string(), "hang-on-accept");
    /// ```
    pub fn hang_on_accept() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check_missed, check_on_accept, whole};
    use crate::decision::plan::Step::{Stop, Wait};
    use std::time::Duration;

    #[test]
    fn it_happens_to_the_connection() {
        check_on_accept("hang-on-accept", &[Stop]);
        check_on_accept("hang-on-accept delay=1s", &[Wait(Duration::from_secs(1)), Stop]);
    }

    #[test]
    fn it_does_not_happen_to_a_request() {
        check_missed("hang-on-accept", whole(10));
        check_missed("hang-on-accept", bodiless(10));
    }
}
