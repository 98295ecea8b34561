//! `range-shorter`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};
use crate::{decision::answer::Ranges, units::Offset};

pub(super) static SPEC: Spec = Spec {
    name: "range-shorter",
    area: Area::Range,
    takes: Takes::Offset(|bytes, draft| draft.ranges(Ranges::Shorter(bytes))),
    role: Role::Range,
    changes_content: |_| true,
    summary: "answer a request for a range with so many bytes less at its end, and say so",
    example: "range-shorter=50%",
    shows: &[
        Show {
            entry: "range-shorter=50%",
            wire: "GET{range: bytes=500-} reply(206 body[500..750]){content-range: bytes 500-749/1000} open",
        },
        Show {
            entry: "range-shorter=end-1",
            wire: "GET{range: bytes=500-} reply(206 body[500..501]){content-range: bytes 500-500/1000} open",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `range-shorter=OFFSET`: answers a request for a range with so many bytes less at its end.
    ///
    /// Percentages are of what was asked for, and `end-1kB` leaves 1,000 bytes of it; one byte is always left. The answer
    /// does not lie, and is a whole message: a client that wants more than `Content-Range` says it got has to ask again
    /// (RFC 9110 §15.3.7). It does not apply where that comes to nothing less, where no range is asked for, or none that
    /// there is, and where several are.
    ///
    /// # On the wire
    ///
    /// A 206 that begins where it was asked to, and ends so much earlier.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Offset};
    ///
    /// assert_eq!(Fault::range_shorter(Offset::percent(50)).to_string(), "range-shorter=50%");
    /// ```
    pub fn range_shorter(bytes: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(bytes.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, part, plan, whole};
    use crate::{
        Offset,
        decision::{
            answer::Ranges,
            plan::Step::{End, Head},
        },
    };

    #[test]
    fn it_is_about_ranges() {
        check("range-shorter=50%", part(5, 15, 20), &[Head, End], true);
        check("range-shorter=50%", whole(20), &[Head, End], false);
        let half = Ranges::Shorter(Offset::percent(50));
        assert_eq!(plan("range-shorter=50%", part(5, 15, 20)).answer().ranges(), half);
    }
}
