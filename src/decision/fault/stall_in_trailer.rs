//! `stall-in-trailer`.

use crate::units::Offset;

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "stall-in-trailer",
    area: Area::Chunked,
    takes: Takes::Offset(|offset, draft| draft.stall_in_trailer(offset)),
    role: Role::Stall,
    sets: Sets::Other("what happens in the trailer section"),
    summary: "send nothing more behind this many bytes of the trailer section",
    example: "stall-in-trailer=0",
    shows: &[
        Show {
            entry: "stall-in-trailer=0",
            wire: r#"GET head{-content-length; transfer-encoding: chunked} chunk(body) "0\r\n" silence"#,
        },
        Show {
            entry: "stall-in-trailer=10 stall-for=200ms",
            wire: r#"GET head{-content-length; transfer-encoding: chunked} chunk(body) "0\r\n" "flaky-trai" ~200ms "ler: of no use\r\n\r\n" open"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `stall-in-trailer=OFFSET`: sends nothing more behind exactly so many bytes of the trailer section.
    ///
    /// With `stall-for` it goes on later. The section has 28 bytes. It implies `framing=chunked`.
    ///
    /// # On the wire
    ///
    /// The whole body in chunks, the last chunk's size line `0`, the first N bytes of the trailer section, and then silence. The
    /// client has every byte of the body, but not the end of the message (RFC 9112 §7.1).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::stall_in_trailer(0).to_string(), "stall-in-trailer=0");
    /// ```
    pub fn stall_in_trailer(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::testing::{bodiless, check, check_missed, whole};
    use crate::decision::plan::Step::{Body, Drain, End, Head, Stop, TrailerTo, Wait};

    #[test]
    fn it_stalls_for_ever_or_for_a_time() {
        check("stall-in-trailer=5", whole(9), &[Head, Body(9), TrailerTo(5), Drain, Stop], true);
        let steps = [Head, Body(9), TrailerTo(5), Drain, Wait(Duration::from_secs(1)), End];
        check("stall-in-trailer=5 stall-for=1s", whole(9), &steps, true);
        check_missed("stall-in-trailer=5", bodiless(9));
    }
}
