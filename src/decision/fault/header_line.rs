//! `header-line`.

use super::{
    Fault,
    spec::{Area, Show, Spec},
    value::{Takes, Value, bytes},
};

pub(super) static SPEC: Spec = Spec {
    name: "header-line",
    area: Area::Head,
    takes: Takes::Text(|text, draft| draft.form.lines.push(bytes(text).into())),
    repeats: true,
    summary: "add this line to the head as it is; `%20` is a space",
    example: "header-line=set-cookie:%20a=b",
    shows: &[
        Show { entry: "header-line=set-cookie:%20a=b", wire: "GET head{set-cookie: a=b} body open" },
        Show {
            entry: "header-line=set-cookie:%20a=b header-line=set-cookie:%20c=d",
            wire: "GET head{set-cookie: a=b; set-cookie: c=d} body open",
        },
        Show { entry: "header-line=no-colon", wire: r#"GET head{"no-colon"} body open"# },
        Show {
            entry: "header-line=transfer-encoding:%20chunked",
            wire: "GET head{transfer-encoding: chunked; content-length: 1000} body open",
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `header-line=TEXT`: adds a line to the head, whatever it is.
    ///
    /// `%` and two hexadecimal digits stand for a byte; only printable ASCII without commas stands for itself. What cannot be read
    /// is an error when the schedule is built. Nothing checks that it is a header, or that the head has none of that name yet.
    /// An entry may have several, which go out in alphabetical order.
    ///
    /// # On the wire
    ///
    /// The bytes and a line end, behind the other headers and before `Connection` and `Date`.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::header_line("etag:%20%22x%22").to_string(), "header-line=etag:%20%22x%22");
    /// ```
    pub fn header_line(text: &str) -> Self {
        Self::new(&SPEC, Value::Text(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{plan, whole};

    #[test]
    fn it_is_sent_as_it_is() {
        let plan = plan("header-line=a:%0D%0A%00%2C", whole(9));
        assert_eq!(plan.form().lines().collect::<Vec<_>>(), [b"a:\r\n\0,"]);
    }
}
