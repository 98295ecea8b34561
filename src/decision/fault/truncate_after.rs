//! `truncate-after`.

use crate::{decision::plan::Step, units::Offset};

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "truncate-after",
    area: Area::Body,
    takes: Takes::Offset(|offset, draft| draft.break_after(offset, Step::Fin)),
    role: Role::Break,
    summary: "close the connection behind exactly this many body bytes of the reply",
    example: "truncate-after=50%",
    shows: &[
        Show { entry: "truncate-after=50%", wire: "GET head body[..500] FIN" },
        Show { entry: "truncate-after=0", wire: "GET head FIN" },
        Show {
            entry: "truncate-after=end framing=chunked",
            wire: "GET head{-content-length; transfer-encoding: chunked} chunk(body) FIN",
        },
        Show {
            entry: "truncate-after=50% framing=close",
            wire: "GET head{-content-length; connection: close} body[..500] FIN",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `truncate-after=OFFSET`: closes the connection in order, behind exactly so many body bytes of this response.
    ///
    /// It applies if the body has so many bytes; at its length, the end comes behind the last byte.
    ///
    /// # On the wire
    ///
    /// The head, with the length of the whole body, and the first N bytes of the body. When the client's kernel has
    /// acknowledged them all, a FIN: the client reads N bytes, and then EOF. With chunked framing the last chunk is
    /// missing. With `framing=close` nothing tells the client that there should be more.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::truncate_after(ByteSize::kb(64)).to_string(), "truncate-after=64kB");
    /// ```
    pub fn truncate_after(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, check_missed, part};
    use crate::decision::plan::Step::{Body, Drain, Fin, Head};

    #[test]
    fn it_counts_the_bytes_of_this_response() {
        for n in [0, 999, 1_000] {
            let entry = format!("truncate-after={n}");
            check(&entry, part(5_000, 1_000, 9_000), &[Head, Body(n), Drain, Fin], true);
        }
        check_missed("truncate-after=1001", part(5_000, 1_000, 9_000));
        check_missed("truncate-after=0", bodiless(1_000));
    }
}
