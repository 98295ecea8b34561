//! `chunk-extension`.

use crate::units::ByteSize;

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "chunk-extension",
    area: Area::Chunked,
    takes: Takes::SmallSize(|size, draft| {
        if draft.chunked() {
            draft.form.chunk_extension = size;
        }
    }),
    summary: "give each chunk this many bytes of extensions",
    example: "chunk-extension=1kB",
    shows: &[Show {
        entry: "chunk-extension=10",
        wire: r#"GET head{-content-length; transfer-encoding: chunked} "3e8;flaky=xxx\r\n" body "\r\n" "0;flaky=xxx\r\n\r\n" open"#,
    }],
    ..Spec::FAULT
};

impl Fault {
    /// `chunk-extension=SIZE`: gives each chunk, and the last one, extensions of exactly so many bytes.
    ///
    /// Up to 64 MiB. It implies `framing=chunked`.
    ///
    /// # On the wire
    ///
    /// `;flaky=xxx`, as long as it takes, behind each chunk's size. A client must ignore extensions that it does not know (RFC
    /// 9112 §7.1.1), and may have a limit.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::chunk_extension(ByteSize::kb(1)).to_string(), "chunk-extension=1kB");
    /// ```
    pub fn chunk_extension(size: ByteSize) -> Self {
        Self::new(&SPEC, Value::Size(size))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};
    use crate::Framing;

    #[test]
    fn it_makes_chunks() {
        let plan = plan("chunk-extension=1kB", whole(9));
        assert_eq!((plan.form().chunk_extension(), plan.framing()), (1_000, Framing::Chunked));
    }
}
