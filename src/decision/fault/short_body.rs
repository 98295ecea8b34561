//! `short-body`.

use crate::units::Offset;

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "short-body",
    area: Area::Body,
    takes: Takes::Offset(|offset, draft| draft.short_body(offset)),
    changes_content: |_| true,
    summary: "send this many bytes of the body, and say in the head that these are all",
    example: "short-body=50%",
    shows: &[
        Show { entry: "short-body=50%", wire: "GET head{content-length: 500} body[..500] open" },
        Show { entry: "short-body=0", wire: "GET head{content-length: 0} open" },
        Show { entry: "short-body=1kB", wire: "GET head body open" },
        Show { entry: "short-body=50%", wire: "HEAD head{content-length: 500} open" },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `short-body=OFFSET`: the body is the first so many bytes of what it would be, and the head says so.
    ///
    /// So does a server whose disk was full, or a cache that kept the beginning: nothing on the wire tells that something
    /// is missing. All other headers are those of the whole, the entity tag among them, and `Content-Range` in a reply to a
    /// request for a range. A reply to HEAD says the same length. It does not apply at the end and beyond it, nor where
    /// neither a body nor a length is sent.
    ///
    /// Offsets and percentages of terms beside it count in what the body would have been; what they name behind the short
    /// end is missed.
    ///
    /// # On the wire
    ///
    /// A well-formed reply with so many bytes, and with this `Content-Length`; chunked or delimited by the connection's end
    /// with so many bytes.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{Fault, Offset};
    ///
    /// assert_eq!(Fault::short_body(Offset::percent(50)).to_string(), "short-body=50%");
    /// assert_eq!(Fault::short_body(0).to_string(), "short-body=0");
    /// ```
    pub fn short_body(offset: impl Into<Offset>) -> Self {
        Self::new(&SPEC, Value::Offset(offset.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, check_missed, part, plan, whole};
    use crate::decision::plan::Step::{Body, Drain, End, Head, Rst};

    #[test]
    fn the_body_is_shorter() {
        for (n, len) in [("0", 0), ("50%", 500), ("999", 999), ("end-1", 999)] {
            let entry = format!("short-body={n}");
            for facts in [whole(1_000), part(5_000, 1_000, 9_000), bodiless(1_000)] {
                check(&entry, facts, &[Head, End], true);
                assert_eq!(plan(&entry, facts).short_body(), Some(len), "{entry} {facts:?}");
            }
        }
    }

    #[test]
    fn it_is_never_longer() {
        for (n, len) in [("1000", 1_000), ("1001", 1_000), ("end", 1_000), ("100%", 1_000), ("0", 0), ("50%", 0)] {
            check_missed(&format!("short-body={n}"), whole(len));
            assert_eq!(plan(&format!("short-body={n}"), whole(len)).short_body(), None);
        }
    }

    #[test]
    fn there_is_a_body_or_a_length() {
        check_missed("short-body=50% framing=chunked", bodiless(1_000));
        check("short-body=50% framing=chunked", whole(1_000), &[Head, End], true);
    }

    #[test]
    fn what_lies_behind_its_end_is_missed() {
        for (term, applied) in [
            ("corrupt-after=499", true),
            ("corrupt-after=500", false),
            ("zeros-after=499", true),
            ("zeros-after=500", false),
            ("splice=/b@499", true),
            ("splice=/b@500", false),
            ("corrupt-bytes=1000", false),
        ] {
            check(&format!("short-body=50% {term}"), whole(1_000), &[Head, End], applied);
        }
        // Percentages are of the whole.
        let broken = [Head, Body(500), Drain, Rst];
        check("reset-after=50% short-body=50%", whole(1_000), &broken, true);
        check("reset-after=501 short-body=50%", whole(1_000), &[Head, End], false);
        let plan = plan("corrupt-bytes=1000 zeros-after=500 short-body=3", whole(1_000));
        assert_eq!((plan.flips(), plan.zeros()), ([0, 1, 2].as_slice(), None));
    }
}
