//! `nul-in-header`.

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

/// The line, without its end.
const LINE: &[u8] = b"flaky-nul: a\0b";

pub(super) static SPEC: Spec = Spec {
    name: "nul-in-header",
    area: Area::Head,
    takes: Takes::Nothing(|draft| draft.form.lines.push(LINE.into())),
    summary: "send a NUL byte in the value of a header",
    example: "nul-in-header",
    shows: &[Show { entry: "nul-in-header", wire: r#"GET head{"flaky-nul: a\0b"} body open"# }],
    ..Spec::FAULT
};

impl Fault {
    /// `nul-in-header`: sends a NUL byte in the value of a header.
    ///
    /// # On the wire
    ///
    /// A correct reply with one more header, `flaky-nul`, in whose value is a NUL. It is invalid and dangerous; whoever gets one
    /// must reject the message, or replace the byte by a space (RFC 9110 §5.5).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::nul_in_header().to_string(), "nul-in-header");
    /// ```
    pub fn nul_in_header() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};

    #[test]
    fn the_line_is_added() {
        assert_eq!(plan("nul-in-header", whole(9)).form().lines().collect::<Vec<_>>(), [super::LINE]);
    }
}
