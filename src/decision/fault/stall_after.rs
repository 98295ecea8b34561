//! `stall-after`.

use crate::units::Offset;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "stall-after",
    area: Area::Body,
    takes: Takes::Offset(|offset, draft| draft.stall_after(offset)),
    role: Role::Stall,
    summary: "send nothing more behind exactly this many body bytes of the reply",
    example: "stall-after=1MB",
    shows: &[
        Show { entry: "stall-after=50%", wire: "GET head body[..500] silence" },
        Show { entry: "stall-after=0", wire: "GET head silence" },
        Show {
            entry: "stall-after=end framing=chunked",
            wire: "GET head{-content-length; transfer-encoding: chunked} chunk(body) silence",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `stall-after=OFFSET`: sends nothing more behind exactly so many body bytes of this response.
    ///
    /// For ever, or with [`stall-for`](Self::stall_for) for a time. It applies if the body has so many bytes.
    ///
    /// # On the wire
    ///
    /// The head, with the length of the whole body, and the first N bytes of the body. Then silence, on a connection that
    /// stays open until the client closes it.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::stall_after(ByteSize::mb(1)).to_string(), "stall-after=1MB");
    /// ```
    pub fn stall_after(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, check_missed, part};
    use crate::decision::plan::Step::{Body, Drain, Head, Stop};

    #[test]
    fn it_counts_the_bytes_of_this_response() {
        for n in [0, 999, 1_000] {
            let entry = format!("stall-after={n}");
            check(&entry, part(5_000, 1_000, 9_000), &[Head, Body(n), Drain, Stop], true);
        }
        check_missed("stall-after=1001", part(5_000, 1_000, 9_000));
        check_missed("stall-after=0", bodiless(1_000));
    }
}
