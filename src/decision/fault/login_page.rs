//! `login-page`.

use super::{
    Fault,
    body::has_no_body,
    spec::{Role, Sets, Show, Spec},
    value::{Takes, Value},
};
use crate::decision::answer::Body;

pub(super) static SPEC: Spec = Spec {
    name: "login-page",
    takes: Takes::Nothing(|draft| {
        draft.answer.body = Some(Body::LoginPage);
        draft.default_status(200);
    }),
    role: Role::MadeUp,
    against: has_no_body,
    sets: Sets::Other("the body"),
    changes_content: |_| true,
    summary: "reply with 200 and a page to log in on in the place of the file, as a captive portal does",
    example: "login-page",
    shows: &[
        Show {
            entry: "login-page",
            wire: r#"GET reply(200){"content-type: text/html; charset=utf-8"; -etag; -last-modified; -accept-ranges} open"#,
        },
        Show {
            entry: "status=511 login-page",
            wire: r#"GET{range: bytes=500-} reply(511){"content-type: text/html; charset=utf-8"; -etag} open"#,
        },
    ],
    ..Spec::FAULT
};

impl Fault {
    /// `login-page`: replies with a page to log in on in the place of the file, as a captive portal does.
    ///
    /// It says 200, whatever was asked for: nothing but the type of the content, its length and the missing validators tells
    /// it from the file. An honest portal says 511 (RFC 6585 §6): `status=511 login-page`.
    ///
    /// # On the wire
    ///
    /// 200 and an HTML page with a form, always the same; without `ETag`, `Last-Modified` and `Accept-Ranges`.
    ///
    /// # Examples
    ///
    /// ```
    /// use flaky_server::Fault;
    ///
    /// assert_eq!(Fault::login_page().to_string(), "login-page");
    /// ```
    pub fn login_page() -> Self {
        Self::new(&SPEC, Value::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{bodiless, check, part, plan, whole};
    use crate::decision::{
        Body, Entry,
        plan::Step::{Body as BodyTo, Drain, End, Head, Rst},
    };

    #[test]
    fn it_says_200_unless_a_status_stands_beside_it() {
        for (entry, status) in [("login-page", 200), ("login-page status=511", 511), ("status=511 login-page", 511)] {
            let plan = plan(entry, whole(20));
            assert_eq!((plan.status(), plan.answer().body()), (Some(status), Some(&Body::LoginPage)));
        }
    }

    #[test]
    fn it_always_happens() {
        for facts in [whole(20), bodiless(20), part(5, 5, 20)] {
            check("login-page", facts, &[Head, End], true);
        }
        check("login-page reset-after=5", whole(20), &[Head, BodyTo(5), Drain, Rst], true);
    }

    #[test]
    fn nothing_of_the_file_is_sent() {
        for other in ["revision=2", "gzip=1", "ignore-range"] {
            let error = format!("login-page {other}").parse::<Entry>().unwrap_err();
            assert!(error.message().ends_with("`login-page` sends nothing of the file"), "{error}");
        }
    }
}
