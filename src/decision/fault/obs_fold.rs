//! `obs-fold`.

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

/// The line, without its end.
const LINE: &[u8] = b"flaky-fold: one\r\n two";

pub(super) static SPEC: Spec = Spec {
    name: "obs-fold",
    area: Area::Head,
    takes: Takes::Nothing(|draft| draft.form.lines.push(LINE.into())),
    summary: "fold a header over two lines, which is obsolete",
    example: "obs-fold",
    shows: &[Show { entry: "obs-fold", wire: r#"GET head{"flaky-fold: one\r\n two"} body open"# }],
    ..Spec::FAULT
};

impl Fault {
    /// `obs-fold`: folds a header over two lines.
    ///
    /// # On the wire
    ///
    /// A correct reply with one more header, whose value goes on in a second line that begins with a space. That is obsolete; a
    /// client must take the fold for spaces (RFC 9112 §5.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::obs_fold().to_string(), "obs-fold");
    /// ```
    pub fn obs_fold() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};

    #[test]
    fn the_line_is_added() {
        assert_eq!(plan("obs-fold", whole(9)).form().lines().collect::<Vec<_>>(), [super::LINE]);
    }
}
