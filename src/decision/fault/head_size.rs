//! `head-size`.

use crate::units::ByteSize;

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "head-size",
    area: Area::Head,
    takes: Takes::SmallSize(|size, draft| draft.form.head_size = Some(size)),
    summary: "fill the head up to exactly this many bytes",
    example: "head-size=64kB",
    shows: &[Show { entry: "head-size=600", wire: "GET head{flaky-filler: ..xx} body open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `head-size=SIZE`: fills the head up to exactly so many bytes.
    ///
    /// It goes up to 64 MiB. A head that is larger already, or lacks less than 17 bytes, stays as it is, and the fault does not
    /// apply.
    ///
    /// # On the wire
    ///
    /// One more header, `flaky-filler`, as long as it takes: from the status line to the empty line behind the headers there are
    /// exactly so many bytes. A client may refuse a head that is too large for it (RFC 9110 §5.4).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::{ByteSize, Fault};
    ///
    /// assert_eq!(Fault::head_size(ByteSize::mb(2)).to_string(), "head-size=2MB");
    /// ```
    pub fn head_size(size: ByteSize) -> Self {
        Self::new(&SPEC, Value::Size(size))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Fault,
        testing::{plan, whole},
    };

    #[test]
    fn the_size_is_that_of_the_whole_head() {
        assert_eq!(plan("head-size=2MB", whole(9)).form().head_size(), Some(2_000_000));
    }

    #[test]
    fn it_has_to_be_held_in_memory() {
        assert!("head-size=64MiB".parse::<Fault>().is_ok());
        let error = "head-size=65MiB".parse::<Fault>().unwrap_err();
        assert_eq!((error.message(), error.help()), ("`65MiB` is too much here", Some("64MiB is the most")));
    }
}
