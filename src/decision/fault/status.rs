//! `status`.

use super::{
    Fault,
    spec::{Area, Role, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "status",
    area: Area::Reply,
    takes: Takes::Status(|code, draft| draft.status(code)),
    role: Role::MadeUp,
    // A success without anything of the file, or a 304 that nobody asked for.
    changes_content: |fault| matches!(fault.value, Value::Status(200..=299 | 304)),
    summary: "reply with this status in the place of the correct one",
    example: "status=503",
    shows: &[
        Show { entry: "status=503", wire: r#"GET reply(503 "503 Service Unavailable\n"){-etag} open"# },
        Show { entry: "status=204", wire: "GET reply(204){-content-length} open" },
        Show { entry: "status=304", wire: "GET reply(304){-content-length; -etag} open" },
        Show { entry: "status=511", wire: r#"GET reply(511 "511 Network Authentication Required\n"){-etag} open"# },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `status=CODE`: replies with this status, from 200 to 599, in the place of the correct one.
    ///
    /// A code out of this range is an error when the schedule is built. Offsets of other faults beside it are those of the
    /// reply that is sent with this status.
    ///
    /// # On the wire
    ///
    /// A well-formed reply with this status and a short body that names it, but for 204, 205 and 304, which have none
    /// (RFC 9110 §6.4.1, §15.3.6). [`body`](Self::body) and [`problem`](Self::problem) put another one in its place.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::status(503).to_string(), "status=503");
    /// ```
    pub fn status(code: u16) -> Self {
        Self::new(&SPEC, Value::Status(code))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, plan, whole};
    use crate::decision::plan::Step::{Body, Drain, End, Head, Rst};

    #[test]
    fn the_plan_has_the_status() {
        check("status=503", whole(20), &[Head, End], true);
        assert_eq!(plan("status=503", whole(20)).status(), Some(503));
        assert_eq!(plan("ok", whole(20)).status(), None);
    }

    #[test]
    fn it_goes_with_a_break() {
        check("status=503 reset-after=5", whole(20), &[Head, Body(5), Drain, Rst], true);
        assert_eq!(plan("status=503 reset-after=5", whole(20)).status(), Some(503));
    }
}
