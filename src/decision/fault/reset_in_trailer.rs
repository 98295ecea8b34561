//! `reset-in-trailer`.

use crate::{decision::plan::Step, units::Offset};

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "reset-in-trailer",
    area: Area::Chunked,
    takes: Takes::Offset(|offset, draft| draft.break_in_trailer(offset, Step::Rst)),
    role: Role::Break,
    sets: Sets::Other("what happens in the trailer section"),
    summary: "reset the connection behind this many bytes of the trailer section",
    example: "reset-in-trailer=0",
    shows: &[
        Show {
            entry: "reset-in-trailer=0",
            wire: r#"GET head{-content-length; transfer-encoding: chunked} chunk(body) "0\r\n" RST"#,
        },
        Show {
            entry: "reset-in-trailer=10",
            wire: r#"GET head{-content-length; transfer-encoding: chunked} chunk(body) "0\r\n" "flaky-trai" RST"#,
        },
        Show {
            entry: "reset-in-trailer=end-1",
            wire: r#"GET head{-content-length; transfer-encoding: chunked} chunk(body) "0\r\n" "flaky-trailer: of no use\r\n\r" RST"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `reset-in-trailer=OFFSET`: resets the connection behind exactly so many bytes of the trailer section.
    ///
    /// The section has 28 bytes: one field, and the empty line that ends the message. It implies `framing=chunked`.
    ///
    /// # On the wire
    ///
    /// The whole body in chunks, the last chunk's size line `0`, and the first N bytes of the trailer section (RFC 9112 §7.1.2).
    /// When the client's kernel has acknowledged them all, a RST. Only at `end` the message is whole.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::reset_in_trailer(0).to_string(), "reset-in-trailer=0");
    /// ```
    pub fn reset_in_trailer(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check_missed, plan, whole};
    use crate::{
        Framing,
        decision::plan::Step::{Body, Drain, Head, Rst, TrailerTo},
    };

    #[test]
    fn it_counts_the_bytes_of_the_section() {
        for (at, n) in [("0", 0), ("1", 1), ("50%", 14), ("end", 28)] {
            let plan = plan(&format!("reset-in-trailer={at}"), whole(9));
            assert_eq!(plan.steps(), [Head, Body(9), TrailerTo(n), Drain, Rst], "{at}");
            assert_eq!((plan.framing(), plan.applied()), (Framing::Chunked, true));
        }
        check_missed("reset-in-trailer=29", whole(9));
        check_missed("reset-in-trailer=0", bodiless(9));
    }
}
