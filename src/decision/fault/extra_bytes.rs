//! `extra-bytes`.

use crate::{decision::plan::Step, units::ByteSize};

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "extra-bytes",
    area: Area::Body,
    takes: Takes::Size(|size, draft| draft.behind_end(Step::Extra(size))),
    summary: "send this many bytes behind the end of the message",
    example: "extra-bytes=1kB",
    shows: &[
        Show { entry: "extra-bytes=10", wire: r#"GET head body "x"*10 open"# },
        Show {
            entry: "extra-bytes=10 framing=chunked",
            wire: r#"GET head{-content-length; transfer-encoding: chunked} chunk(body) last-chunk "x"*10 open"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `extra-bytes=SIZE`: sends so many bytes behind the end of the message.
    ///
    /// They are no part of the body, also not in the journal. If something ends the reply before its end, it does not apply.
    ///
    /// # On the wire
    ///
    /// A whole reply, so many bytes `x` behind its last one, and a connection that lives on. A client must not take them for a
    /// response, and should close the connection (RFC 9112 §6.3, §9.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::extra_bytes(ByteSize::kb(1)).to_string(), "extra-bytes=1kB");
    /// ```
    pub fn extra_bytes(size: ByteSize) -> Self {
        Self::new(&SPEC, Value::Size(size))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, whole};
    use crate::decision::plan::Step::{Body, Drain, End, Extra, Head, Rst};

    #[test]
    fn they_come_behind_the_end() {
        check("extra-bytes=1kB", whole(9), &[Head, End, Extra(1_000)], true);
        check("extra-bytes=1kB", bodiless(9), &[Head, End, Extra(1_000)], true);
        check("extra-bytes=1kB reset-after=5", whole(9), &[Head, Body(5), Drain, Rst], false);
    }
}
