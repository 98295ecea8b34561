//! `range-longer`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};
use crate::{decision::answer::Ranges, units::ByteSize};

pub(super) static SPEC: Spec = Spec {
    name: "range-longer",
    area: Area::Range,
    takes: Takes::Size(|size, draft| draft.ranges(Ranges::Longer(size))),
    role: Role::Range,
    changes_content: |_| true,
    summary: "answer a request for a range with so many bytes more at its end, and say so",
    example: "range-longer=1kB",
    shows: &[
        Show {
            entry: "range-longer=100",
            wire: "GET{range: bytes=500-599} reply(206 body[500..700]){content-range: bytes 500-699/1000} open",
        },
        Show {
            entry: "range-longer=1kB",
            wire: "GET{range: bytes=500-599} reply(206 body[500..]){content-range: bytes 500-999/1000} open",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `range-longer=SIZE`: answers a request for a range with so many bytes more at its end, or with all that there are.
    ///
    /// The answer does not lie: its `Content-Range` says where it ends. A client that fetches parts side by side, and
    /// writes all that comes, writes over the part of another (RFC 9110 §15.3.7). It does not apply where the end of the
    /// fixture was asked for, where no range is asked for, or none that there is, and where several are.
    ///
    /// # On the wire
    ///
    /// A 206 that begins where it was asked to, and ends so much later.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::range_longer(ByteSize::kb(1)).to_string(), "range-longer=1kB");
    /// ```
    pub fn range_longer(size: ByteSize) -> Self {
        Self::new(&SPEC, Value::Size(size))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_about_ranges, part};
    use crate::decision::answer::Ranges;

    #[test]
    fn it_is_about_ranges() {
        check_about_ranges("range-longer=5", part(5, 10, 20), Ranges::Longer(5));
    }
}
