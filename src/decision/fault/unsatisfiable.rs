//! `unsatisfiable`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};
use crate::decision::answer::Ranges;

pub(super) static SPEC: Spec = Spec {
    name: "unsatisfiable",
    area: Area::Range,
    takes: Takes::Nothing(|draft| draft.ranges(Ranges::Refused)),
    role: Role::Range,
    summary: "answer a request for a range with 416, wherever it lies",
    example: "unsatisfiable",
    shows: &[Show {
        entry: "unsatisfiable",
        wire: "GET{range: bytes=500-} reply(416){content-range: bytes */1000} open",
    }],
    ..Spec::FAULT
};

impl Fault {
    /// `unsatisfiable`: answers a request for a range with 416, wherever it lies.
    ///
    /// The answer has the right length of the fixture, so that a client can see that it is wrong (RFC 9110 §15.5.17).
    /// Where no range is asked for, or none that there is, it does not apply.
    ///
    /// # On the wire
    ///
    /// A 416 with `Content-Range: bytes */LENGTH` and a short body.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::unsatisfiable().to_string(), "unsatisfiable");
    /// ```
    pub fn unsatisfiable() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_about_ranges, part};
    use crate::decision::answer::Ranges;

    #[test]
    fn it_is_about_ranges() {
        check_about_ranges("unsatisfiable", part(5, 15, 20), Ranges::Refused);
    }
}
