//! `unknown-total`.

use super::{
    Fault,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value},
};
use crate::decision::said::ContentRange;

pub(super) static SPEC: Spec = Spec {
    name: "unknown-total",
    area: Area::Range,
    takes: Takes::Nothing(|draft| draft.content_range(ContentRange::UnknownTotal)),
    role: Role::Revision,
    sets: Sets::Header("content-range"),
    summary: "say `*` for the length of the whole in the `Content-Range` header of a 206 or a 416",
    example: "unknown-total",
    shows: &[
        Show {
            entry: "unknown-total",
            wire: "GET{range: bytes=500-} head{content-range: bytes 500-999/*} body[500..] open",
        },
        Show {
            entry: "unknown-total unsatisfiable",
            wire: "GET{range: bytes=500-} reply(416){content-range: bytes */*} open",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `unknown-total`: says `*` for the length of the whole in the `Content-Range` header of a 206 or a 416.
    ///
    /// In a 206 a server may, if it does not know the length (RFC 9110 §14.4): a client that wants the whole file cannot
    /// tell from this reply that it has all of it. In a 416 it is no valid value. Of several parts, each says so. It does not
    /// apply to other replies.
    ///
    /// # On the wire
    ///
    /// The reply as it would be, with `bytes 500-999/*` in the header, or `bytes */*`.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::unknown_total().to_string(), "unknown-total");
    /// ```
    pub fn unknown_total() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, part, plan, whole};
    use crate::decision::{
        plan::Step::{End, Head},
        said::ContentRange,
    };

    #[test]
    fn the_answer_says_so() {
        check("unknown-total", part(5, 10, 20), &[Head, End], true);
        check("unknown-total", whole(20), &[Head, End], false);
        let said = plan("unknown-total", part(5, 10, 20)).answer().content_range().cloned();
        assert_eq!(said, Some(ContentRange::UnknownTotal));
    }
}
