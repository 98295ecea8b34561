//! `reset-after`.

use crate::{decision::plan::Step, units::Offset};

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "reset-after",
    area: Area::Body,
    takes: Takes::Offset(|offset, draft| draft.break_after(offset, Step::Rst)),
    role: Role::Break,
    summary: "reset the connection behind exactly this many body bytes of the reply",
    example: "reset-after=1MB",
    shows: &[
        Show { entry: "reset-after=50%", wire: "GET head body[..500] RST" },
        Show { entry: "reset-after=0", wire: "GET head RST" },
        Show { entry: "reset-after=end", wire: "GET head body RST" },
        Show {
            entry: "reset-after=500 framing=chunked",
            wire: "GET head{-content-length; transfer-encoding: chunked} chunk(body[..500]) RST",
        },
        Show { entry: "reset-after=end framing=close", wire: "GET head{-content-length; connection: close} body RST" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `reset-after=OFFSET`: resets the connection behind exactly so many body bytes of this response.
    ///
    /// It applies if the body has so many bytes; at its length, the reset comes behind the last byte.
    ///
    /// # On the wire
    ///
    /// The head, with the length of the whole body, and the first N bytes of the body. When the client's kernel has
    /// acknowledged them all, a RST: the client reads N bytes, and then gets ECONNRESET.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault, Offset};
    ///
    /// assert_eq!(Fault::reset_after(ByteSize::mb(1)).to_string(), "reset-after=1MB");
    /// assert_eq!(Fault::reset_after(Offset::percent(50)).to_string(), "reset-after=50%");
    /// assert_eq!(Fault::reset_after(999).to_string(), "reset-after=999");
    /// ```
    pub fn reset_after(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, check_missed, part, whole};
    use crate::decision::plan::Step::{Body, Drain, End, Head, Rst};

    #[test]
    fn it_counts_the_bytes_of_this_response() {
        for n in [0, 1, 999, 1_000] {
            let entry = format!("reset-after={n}");
            check(&entry, part(5_000, 1_000, 9_000), &[Head, Body(n), Drain, Rst], true);
        }
        check("reset-after=50%", whole(999), &[Head, Body(499), Drain, Rst], true);
        check("reset-after=0", whole(0), &[Head, Body(0), Drain, Rst], true);
    }

    #[test]
    fn beyond_the_end_the_reply_is_correct() {
        check_missed("reset-after=1001", whole(1_000));
        check_missed("reset-after=end-1001", whole(1_000));
    }

    #[test]
    fn without_a_body_the_reply_is_correct() {
        check_missed("reset-after=0", bodiless(1_000));
        check("reset-after=0", bodiless(1_000), &[Head, End], false);
    }
}
