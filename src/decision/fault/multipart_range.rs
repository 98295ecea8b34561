//! `multipart-range`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};
use crate::decision::answer::Ranges;

pub(super) static SPEC: Spec = Spec {
    name: "multipart-range",
    area: Area::Range,
    takes: Takes::Nothing(|draft| draft.ranges(Ranges::Multipart)),
    role: Role::Range,
    changes_content: |_| true,
    summary: "answer a request for one range with a multipart/byteranges that has one part",
    example: "multipart-range",
    shows: &[Show {
        entry: "multipart-range",
        wire: r#"GET{range: bytes=500-} head{-content-range; content-length: 665; "content-type: multipart/byteranges; boundary=flaky-d5efe75cf03379f37ac669adce31d457"} "--flaky-d5efe75cf03379f37ac669adce31d457\r\ncontent-type: application/octet-stream\r\ncontent-range: bytes 500-999/1000\r\n\r\n" body[500..] "\r\n--flaky-d5efe75cf03379f37ac669adce31d457--\r\n" open"#,
    }],
    ..Spec::FAULT
};

impl Fault {
    /// `multipart-range`: answers a request for one range with a `multipart/byteranges` that has one part.
    ///
    /// A server must not (RFC 9110 §15.3.7.2). A client that appends all that comes has a delimiter and a head in its
    /// file. It does not apply to what has a content coding, where no range is asked for, or none that there is; several
    /// ranges get several parts anyway.
    ///
    /// # On the wire
    ///
    /// A 206 without `Content-Range`, which its part has in its place.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::multipart_range().to_string(), "multipart-range");
    /// ```
    pub fn multipart_range() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_about_ranges, part};
    use crate::decision::answer::Ranges;

    #[test]
    fn it_is_about_ranges() {
        check_about_ranges("multipart-range", part(5, 10, 20), Ranges::Multipart);
    }
}
