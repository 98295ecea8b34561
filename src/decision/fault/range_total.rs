//! `range-total`.

use super::{
    Fault, Length,
    spec::{Area, Role, Sets, Show, Spec},
    value::{Takes, Value},
};
use crate::decision::said::ContentRange;

pub(super) static SPEC: Spec = Spec {
    name: "range-total",
    area: Area::Range,
    takes: Takes::Length(|length, draft| draft.content_range(ContentRange::Total(length.clone()))),
    role: Role::Revision,
    sets: Sets::Header("content-range"),
    changes_content: |_| true,
    summary: "say this for the length of the whole in the `Content-Range` header of a 206 or a 416",
    example: "range-total=end+1kB",
    shows: &[
        Show {
            entry: "range-total=end+1kB",
            wire: "GET{range: bytes=500-} head{content-range: bytes 500-999/2000} body[500..] open",
        },
        Show {
            entry: "range-total=50% unsatisfiable",
            wire: "GET{range: bytes=500-} reply(416){content-range: bytes */500} open",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `range-total=LENGTH`: says this for the length of the whole in the `Content-Range` header of a 206 or a 416.
    ///
    /// It is said of the length of the fixture, as `end+1kB` and `50%`, or in digits that are sent as they are. A client
    /// that knows the length from an earlier reply can see that something is wrong; one that has just as many bytes as a
    /// 416 says there are takes its file for complete (RFC 9110 §14.4, §15.5.17). Of several parts, each says so. It does
    /// not apply to other replies, and where it is the right length.
    ///
    /// # On the wire
    ///
    /// The reply as it would be, with this length behind the slash.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault, Length};
    ///
    /// let fault = Fault::range_total(Length::beyond_end(ByteSize::b(1)));
    /// assert_eq!(fault.to_string(), "range-total=end+1");
    /// ```
    pub fn range_total(length: impl Into<Length>) -> Self {
        Self::new(&SPEC, Value::Length(length.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, part, plan, whole};
    use crate::decision::plan::Step::{End, Head};

    #[test]
    fn the_answer_says_so() {
        check("range-total=end+1", part(5, 10, 20), &[Head, End], true);
        check("range-total=end+1", whole(20), &[Head, End], false);
        for (length, said) in [("end+1", "21"), ("50%", "10"), ("-1", "-1"), ("0", "0")] {
            let answer = plan(&format!("range-total={length}"), part(5, 10, 20)).answer().clone();
            assert_eq!(answer.content_range().and_then(|range| range.total(20)).as_deref(), Some(said));
        }
    }
}
