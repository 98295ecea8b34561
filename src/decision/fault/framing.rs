//! `framing`.

use crate::decision::plan::Framing;

use super::{
    Fault,
    spec::{Area, Role, Show, Spec, TermKind},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "framing",
    area: Area::Body,
    takes: Takes::Framing(|framing, draft| draft.framing = framing),
    kind: TermKind::Modifier,
    role: Role::Reply,
    summary: "make the end of the body known in this way",
    example: "framing=chunked",
    shows: &[
        Show { entry: "framing=length", wire: "GET head body open" },
        Show {
            entry: "framing=chunked",
            wire: "GET head{-content-length; transfer-encoding: chunked} chunk(body) last-chunk open",
        },
        Show { entry: "framing=close", wire: "GET head{-content-length; connection: close} body FIN" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `framing=length|chunked|close`: how the end of the body is made known.
    ///
    /// It modifies any reply, also a correct one. Without it, the length is told.
    ///
    /// # On the wire
    ///
    /// A `Content-Length` header; or `Transfer-Encoding: chunked`; or neither, and the end of the connection is the end of
    /// the body (RFC 9112 §6.3).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Framing};
    ///
    /// assert_eq!(Fault::framing(Framing::Chunked).to_string(), "framing=chunked");
    /// ```
    pub fn framing(framing: Framing) -> Self {
        Self::new(&SPEC, Value::Framing(framing))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, plan, whole};
    use crate::decision::plan::{
        Framing,
        Step::{End, Head},
    };

    #[test]
    fn the_plan_has_the_framing() {
        for (entry, framing) in [
            ("ok", Framing::Length),
            ("framing=length", Framing::Length),
            ("framing=chunked", Framing::Chunked),
            ("ok framing=close", Framing::Close),
        ] {
            check(entry, whole(20), &[Head, End], true);
            assert_eq!(plan(entry, whole(20)).framing(), framing);
        }
    }

    #[test]
    fn another_one_is_an_error() {
        let error = "framing=gzip".parse::<super::Fault>().unwrap_err();
        assert_eq!(error.message(), "unknown framing `gzip`");
    }
}
