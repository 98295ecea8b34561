//! `bad-chunk-size`.

use crate::units::Offset;

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "bad-chunk-size",
    area: Area::Chunked,
    takes: Takes::Offset(|offset, draft| draft.bad_chunk(offset)),
    summary: "send `ZZZ` as the size of the chunk that begins behind this many body bytes",
    example: "bad-chunk-size=50%",
    shows: &[
        Show {
            entry: "bad-chunk-size=50%",
            wire: r#"GET head{-content-length; transfer-encoding: chunked} chunk(body[..500]) "ZZZ\r\n" body[500..] "\r\n" last-chunk open"#,
        },
        Show {
            entry: "bad-chunk-size=0",
            wire: r#"GET head{-content-length; transfer-encoding: chunked} "ZZZ\r\n" body "\r\n" last-chunk open"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `bad-chunk-size=OFFSET`: sends something that is no number as the size of a chunk.
    ///
    /// It is the chunk that begins behind so many body bytes of this response; there has to be a byte in it. It implies
    /// `framing=chunked`.
    ///
    /// # On the wire
    ///
    /// N bytes in chunks as they should be, then `ZZZ` where the size of the next one should stand, and then everything else as it
    /// should be. A message whose chunks cannot be decoded is incomplete (RFC 9112 §8).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Offset};
    ///
    /// assert_eq!(Fault::bad_chunk_size(Offset::percent(50)).to_string(), "bad-chunk-size=50%");
    /// ```
    pub fn bad_chunk_size(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, plan, whole};

    #[test]
    fn there_is_a_byte_in_the_chunk() {
        for (at, bad) in [("0", Some(0)), ("50%", Some(4)), ("8", Some(8)), ("9", None), ("end", None)] {
            let plan = plan(&format!("bad-chunk-size={at}"), whole(9));
            assert_eq!((plan.form().bad_chunk(), plan.applied()), (bad, bad.is_some()), "{at}");
        }
        assert!(!plan("bad-chunk-size=0", bodiless(9)).applied());
    }
}
