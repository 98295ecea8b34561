//! `range-later`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};
use crate::{decision::answer::Ranges, units::ByteSize};

pub(super) static SPEC: Spec = Spec {
    name: "range-later",
    area: Area::Range,
    takes: Takes::Size(|size, draft| draft.ranges(Ranges::Later(size))),
    role: Role::Range,
    changes_content: |_| true,
    summary: "answer a request for a range from so many bytes behind its first one on, and say so",
    example: "range-later=1kB",
    shows: &[
        Show {
            entry: "range-later=100",
            wire: "GET{range: bytes=500-} reply(206 body[600..]){content-range: bytes 600-999/1000} open",
        },
        Show {
            entry: "range-later=100",
            wire: "GET{range: bytes=500-599} reply(206 body[500..600]){content-range: bytes 500-599/1000} open",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `range-later=SIZE`: answers a request for a range from so many bytes behind its first one on.
    ///
    /// The answer does not lie: its `Content-Range` says where it starts, and a client that appends it without a look has
    /// a hole in its file (RFC 9110 §15.3.7). It does not apply where nothing would be left of what was asked for, where
    /// no range is asked for, or none that there is, and where several are.
    ///
    /// # On the wire
    ///
    /// A 206 that begins so much later, and ends where it was asked to.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::range_later(ByteSize::b(1)).to_string(), "range-later=1");
    /// ```
    pub fn range_later(size: ByteSize) -> Self {
        Self::new(&SPEC, Value::Size(size))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_about_ranges, part};
    use crate::decision::answer::Ranges;

    #[test]
    fn it_is_about_ranges() {
        check_about_ranges("range-later=5", part(5, 15, 20), Ranges::Later(5));
    }
}
