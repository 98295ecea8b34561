//! `non-ascii-header`.

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

/// The line, without its end.
const LINE: &[u8] = b"flaky-text: \xe4\xff";

pub(super) static SPEC: Spec = Spec {
    name: "non-ascii-header",
    area: Area::Head,
    takes: Takes::Nothing(|draft| draft.form.lines.push(LINE.into())),
    summary: "send bytes that are not ASCII in the value of a header",
    example: "non-ascii-header",
    shows: &[Show { entry: "non-ascii-header", wire: r#"GET head{"flaky-text: \xe4\xff"} body open"# }],
    ..Spec::FAULT
};

impl Fault {
    /// `non-ascii-header`: sends bytes that are not ASCII in the value of a header.
    ///
    /// # On the wire
    ///
    /// A correct reply with one more header, `flaky-text`, whose value is `E4 FF` in hexadecimal: text in ISO 8859-1, but not in
    /// UTF-8. A client should take such bytes as they are (RFC 9110 §5.5).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::non_ascii_header().to_string(), "non-ascii-header");
    /// ```
    pub fn non_ascii_header() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};

    #[test]
    fn the_line_is_added() {
        assert_eq!(plan("non-ascii-header", whole(9)).form().lines().collect::<Vec<_>>(), [super::LINE]);
    }
}
