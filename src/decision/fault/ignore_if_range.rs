//! `ignore-if-range`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "ignore-if-range",
    area: Area::Range,
    takes: Takes::Nothing(super::Draft::ignore_if_range),
    role: Role::Revision,
    summary: "answer a request for a range with it whatever its `If-Range` says",
    example: "ignore-if-range",
    shows: &[
        Show {
            entry: "ignore-if-range",
            wire: r#"GET{range: bytes=500-; if-range: "x"} reply(206 body[500..]){content-range: bytes 500-999/1000} open"#,
        },
        Show {
            entry: "revision=2 ignore-if-range",
            wire: r#"GET{range: bytes=500-; if-range: "x"} reply(206 revised[500..]){content-range: bytes 500-999/1000; etag: ..-r2"} open"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `ignore-if-range`: answers a request for a range with it, whatever its `If-Range` says.
    ///
    /// So does a server that knows ranges and not `If-Range`. Beside [`revision`](Self::revision) the client gets a part of
    /// a file that has changed: it must not put that together with what it has (RFC 9110 §15.3.7.3), and has nothing but
    /// the other entity tag to tell. It does not apply where `If-Range` would have made no difference.
    ///
    /// # On the wire
    ///
    /// The reply as it would be without `If-Range`.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::ignore_if_range().to_string(), "ignore-if-range");
    /// ```
    pub fn ignore_if_range() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, part, plan, whole};
    use crate::decision::plan::Step::{End, Head};

    #[test]
    fn it_is_about_ranges() {
        check("ignore-if-range", part(5, 10, 20), &[Head, End], true);
        check("ignore-if-range", whole(20), &[Head, End], false);
        assert!(plan("ignore-if-range", part(5, 10, 20)).answer().ignores_if_range());
    }
}
