//! `ignore-range`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};
use crate::decision::answer::Ranges;

pub(super) static SPEC: Spec = Spec {
    name: "ignore-range",
    area: Area::Range,
    takes: Takes::Nothing(|draft| draft.ranges(Ranges::Ignored)),
    role: Role::Range,
    changes_content: |_| true,
    summary: "answer a request for a range with the whole",
    example: "ignore-range",
    shows: &[Show {
        entry: "ignore-range",
        wire: "GET{range: bytes=500-} reply(200 body){-content-range; content-length: 1000} open",
    }],
    ..Spec::FAULT
};

impl Fault {
    /// `ignore-range`: answers a request for a range with the whole, as a server may (RFC 9110 §14.2).
    ///
    /// A client that resumes has to start over. Where no range is asked for, it does not apply.
    ///
    /// # On the wire
    ///
    /// A 200 with the whole fixture, and no `Content-Range`.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::ignore_range().to_string(), "ignore-range");
    /// ```
    pub fn ignore_range() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_about_ranges, part};
    use crate::decision::answer::Ranges;

    #[test]
    fn it_is_about_ranges() {
        check_about_ranges("ignore-range", part(5, 15, 20), Ranges::Ignored);
    }
}
