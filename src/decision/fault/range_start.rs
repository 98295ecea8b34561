//! `range-start`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};
use crate::{decision::answer::Ranges, units::Offset};

pub(super) static SPEC: Spec = Spec {
    name: "range-start",
    area: Area::Range,
    takes: Takes::Byte(|at, draft| draft.ranges(Ranges::From(at))),
    role: Role::Range,
    changes_content: |_| true,
    summary: "answer a request for a range from this byte on, whatever was asked for",
    example: "range-start=0",
    shows: &[
        Show {
            entry: "range-start=0",
            wire: "GET{range: bytes=500-} reply(206 body){content-range: bytes 0-999/1000} open",
        },
        Show {
            entry: "range-start=501",
            wire: "GET{range: bytes=500-} reply(206 body[501..]){content-range: bytes 501-999/1000} open",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `range-start=OFFSET`: answers a request for a range from this byte of the fixture on, whatever was asked for.
    ///
    /// The answer does not lie: its `Content-Range` says where it starts, and a client has to look (RFC 9110 §15.3.7).
    /// Where no range is asked for, behind the end of the fixture, and where that is what was asked for, it does not
    /// apply.
    ///
    /// # On the wire
    ///
    /// A 206 from that byte to the end of what was asked for, or to the end of the fixture if that comes before it. Of
    /// several ranges, what was asked for ends with the last byte of all.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Offset};
    ///
    /// assert_eq!(Fault::range_start(Offset::bytes(0)).to_string(), "range-start=0");
    /// ```
    pub fn range_start(at: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(at.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, part, whole};
    use crate::decision::plan::Step::{End, Head};

    #[test]
    fn it_is_about_ranges() {
        check("range-start=0", part(5, 15, 20), &[Head, End], true);
        check("range-start=19", part(5, 15, 20), &[Head, End], true);
        check("range-start=20", part(5, 15, 20), &[Head, End], false);
        check("range-start=0", whole(20), &[Head, End], false);
    }
}
