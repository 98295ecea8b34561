//! `chunk-size`.

use crate::units::ByteSize;

use super::{
    Fault,
    spec::{Area, Show, Spec, TermKind},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "chunk-size",
    area: Area::Chunked,
    takes: Takes::Size(|size, draft| {
        if draft.chunked() {
            draft.form.chunk_size = Some(size);
        }
    }),
    kind: TermKind::Modifier,
    summary: "send the body in chunks of exactly this size",
    example: "chunk-size=64kB truncate-after=50%",
    shows: &[
        Show {
            entry: "chunk-size=300",
            wire: "GET head{-content-length; transfer-encoding: chunked} chunk(body[..300]) chunk(body[300..600]) chunk(body[600..900]) chunk(body[900..]) last-chunk open",
        },
        Show {
            entry: "chunk-size=300 truncate-after=400",
            wire: r#"GET head{-content-length; transfer-encoding: chunked} chunk(body[..300]) "12c\r\n" body[300..400] FIN"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `chunk-size=SIZE`: sends the body in chunks, each of exactly this size but for the last.
    ///
    /// It implies `framing=chunked`. A break whose place is not at the end of a chunk cuts a chunk.
    ///
    /// # On the wire
    ///
    /// `Transfer-Encoding: chunked`; the size of each chunk in lower-case hexadecimal, without zeros in front (RFC 9112 §7.1). A
    /// chunk tells its whole size even if it is cut.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::chunk_size(ByteSize::b(1)).to_string(), "chunk-size=1");
    /// ```
    pub fn chunk_size(size: ByteSize) -> Self {
        Self::new(&SPEC, Value::Size(size))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, plan, whole};
    use crate::{Entry, Framing};

    #[test]
    fn it_makes_chunks() {
        let plan = plan("chunk-size=7", whole(9));
        assert_eq!((plan.form().chunk_size(), plan.framing()), (Some(7), Framing::Chunked));
    }

    #[test]
    fn there_are_none_without_a_body() {
        assert!(!super::super::testing::plan("chunk-size=7", bodiless(9)).applied());
    }

    #[test]
    fn other_framings_have_none() {
        assert!("chunk-size=7 framing=chunked".parse::<Entry>().is_ok());
        for framing in ["length", "close"] {
            let error = format!("chunk-size=7 framing={framing}").parse::<Entry>().unwrap_err();
            assert_eq!(
                error.message(),
                "`chunk-size` and `framing` cannot stand together: `chunk-size` needs `framing=chunked`"
            );
        }
    }
}
