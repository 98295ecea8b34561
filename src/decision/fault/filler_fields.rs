//! `filler-fields`.

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value},
};

pub(super) static SPEC: Spec = Spec {
    name: "filler-fields",
    area: Area::Head,
    takes: Takes::Count(|count, draft| draft.form.filler_fields = count),
    summary: "add this many header lines that say nothing",
    example: "filler-fields=200",
    shows: &[Show {
        entry: "filler-fields=3",
        wire: "GET head{flaky-filler-1: x; flaky-filler-2: x; flaky-filler-3: x} body open",
    }],
    ..Spec::FAULT
};

impl Fault {
    /// `filler-fields=N`: adds so many header lines that say nothing.
    ///
    /// From 1 to 100,000.
    ///
    /// # On the wire
    ///
    /// A correct reply with `flaky-filler-1: x` and so on among its headers. Many clients have a limit: 100 lines in hyper and in
    /// Python's `http.client`.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::filler_fields(200).to_string(), "filler-fields=200");
    /// ```
    pub fn filler_fields(count: u32) -> Self {
        Self::new(&SPEC, Value::Number(count))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        Fault,
        testing::{plan, whole},
    };

    #[test]
    fn they_are_counted() {
        assert_eq!(plan("filler-fields=200", whole(9)).form().filler_fields(), 200);
        let error = "filler-fields=100001".parse::<Fault>().unwrap_err();
        assert_eq!(
            (error.message(), error.help()),
            ("`100001` is not a number from 1 to 100000", Some("100000 lines are held in memory at most"))
        );
    }
}
