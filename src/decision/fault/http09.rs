//! `http09`.

use crate::decision::form::StartLine;

use super::{
    Fault,
    spec::{Area, Sets, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "http09",
    area: Area::Head,
    takes: Takes::Nothing(|draft| draft.form.start = StartLine::None),
    against: |other| match other {
        other if other.spec.area == Area::Head || matches!(other.sets(), Sets::Header(_)) => {
            Some("`http09` sends no head")
        }
        other if other.makes_chunks() => Some("`http09` knows no chunks"),
        _ => None,
    },
    sets: Sets::Other("what the head begins with"),
    summary: "answer in HTTP/0.9: the body, without a head, and the end of the connection",
    example: "http09",
    shows: &[Show { entry: "http09", wire: "GET body FIN" }],
    ..Spec::FAULT
};

impl Fault {
    /// `http09`: answers with the body alone.
    ///
    /// # On the wire
    ///
    /// The first byte is that of the body; behind the last one a FIN. The journal has no status.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::http09().to_string(), "http09");
    /// ```
    pub fn http09() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};
    use crate::decision::{
        Entry, StartLine,
        plan::Step::{End, Head},
    };

    #[test]
    fn there_is_no_head() {
        let plan = plan("http09", whole(9));
        assert_eq!((plan.steps(), plan.form().start()), (&[Head, End][..], &StartLine::None));
    }

    #[test]
    fn nothing_can_be_wrong_with_it_then() {
        let error = "http09 obs-fold".parse::<Entry>().unwrap_err();
        assert_eq!(error.message(), "`http09` and `obs-fold` cannot stand together: `http09` sends no head");
    }
}
