//! `silent-close`.

use crate::decision::plan::Step;

use super::{
    Fault,
    draft::After,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "silent-close",
    area: Area::Connection,
    takes: Takes::Nothing(|draft| draft.afterwards(After::Now(Step::Fin))),
    sets: Sets::Other("what becomes of the connection"),
    summary: "close the connection behind the reply without having said so",
    example: "silent-close",
    shows: &[
        Show { entry: "silent-close", wire: "GET head body FIN" },
        Show {
            entry: "silent-close framing=chunked",
            wire: "GET head{-content-length; transfer-encoding: chunked} chunk(body) last-chunk FIN",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `silent-close`: closes the connection in order behind the whole reply.
    ///
    /// # On the wire
    ///
    /// A whole reply without `Connection: close`, and a FIN right behind it. A client that has sent another request meanwhile has
    /// to send it again (RFC 9112 §9.3.1).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::silent_close().to_string(), "silent-close");
    /// ```
    pub fn silent_close() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, whole};
    use crate::decision::plan::Step::{Body, Drain, End, Fin, Head, Rst};

    #[test]
    fn the_message_is_whole() {
        check("silent-close", whole(9), &[Head, End, Drain, Fin], true);
        check("silent-close reset-after=5", whole(9), &[Head, Body(5), Drain, Rst], false);
    }
}
