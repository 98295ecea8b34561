//! `bare-lf`.

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "bare-lf",
    area: Area::Head,
    takes: Takes::Nothing(|draft| draft.form.bare_lf = true),
    summary: "end the lines of the head with LF alone",
    example: "bare-lf",
    shows: &[Show { entry: "bare-lf", wire: "GET head{lf} body open" }],
    ..Spec::FAULT
};

impl Fault {
    /// `bare-lf`: ends the lines of the head with LF alone.
    ///
    /// # On the wire
    ///
    /// A correct reply without a CR in its head. A client may recognize a single LF as the end of a line (RFC 9112 §2.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::bare_lf().to_string(), "bare-lf");
    /// ```
    pub fn bare_lf() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};

    #[test]
    fn the_form_has_it() {
        assert!(plan("bare-lf", whole(9)).form().has_bare_lf());
        assert!(!plan("ok", whole(9)).form().has_bare_lf());
    }
}
