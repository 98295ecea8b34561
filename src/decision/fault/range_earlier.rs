//! `range-earlier`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};
use crate::{decision::answer::Ranges, units::ByteSize};

pub(super) static SPEC: Spec = Spec {
    name: "range-earlier",
    area: Area::Range,
    takes: Takes::Size(|size, draft| draft.ranges(Ranges::Earlier(size))),
    role: Role::Range,
    changes_content: |_| true,
    summary: "answer a request for a range from so many bytes before it on, and say so",
    example: "range-earlier=1kB",
    shows: &[
        Show {
            entry: "range-earlier=100",
            wire: "GET{range: bytes=500-} reply(206 body[400..]){content-range: bytes 400-999/1000} open",
        },
        Show {
            entry: "range-earlier=1kB",
            wire: "GET{range: bytes=500-599} reply(206 body[..600]){content-range: bytes 0-599/1000} open",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `range-earlier=SIZE`: answers a request for a range from so many bytes before it on, or from the start of the
    /// fixture.
    ///
    /// The answer does not lie: its `Content-Range` says where it starts, and a client has to look (RFC 9110 §15.3.7).
    /// Caches that fetch whole blocks do so. It does not apply where the fixture is asked for from its start, where no
    /// range is asked for, or none that there is, and where several are.
    ///
    /// # On the wire
    ///
    /// A 206 that begins so much earlier, and ends where it was asked to.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::range_earlier(ByteSize::kb(1)).to_string(), "range-earlier=1kB");
    /// ```
    pub fn range_earlier(size: ByteSize) -> Self {
        Self::new(&SPEC, Value::Size(size))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_about_ranges, part};
    use crate::decision::answer::Ranges;

    #[test]
    fn it_is_about_ranges() {
        check_about_ranges("range-earlier=5", part(5, 15, 20), Ranges::Earlier(5));
    }
}
