//! Bodies that are made up.

use bytes::Bytes;
use http::{HeaderValue, StatusCode};

use crate::decision::Body;

/// What a captive portal sends in the place of all else.
const LOGIN_PAGE: &str = include_str!("login_page.html");

/// The bytes of a body, and what they are.
pub(super) fn page(body: &Body, status: StatusCode) -> (HeaderValue, Bytes) {
    match body {
        Body::LoginPage => {
            (HeaderValue::from_static("text/html; charset=utf-8"), Bytes::from_static(LOGIN_PAGE.as_bytes()))
        }
        Body::Problem(detail) => (HeaderValue::from_static("application/problem+json"), problem(status, detail).into()),
        Body::Text(text) => (HeaderValue::from_static("text/plain; charset=utf-8"), Bytes::copy_from_slice(text)),
    }
}

/// A problem that has no more to it than its status (RFC 9457 §4.2.1).
fn problem(status: StatusCode, detail: &str) -> String {
    let title = status.canonical_reason().map(|reason| format!(r#""title":{},"#, json(reason))).unwrap_or_default();
    format!(r#"{{"type":"about:blank",{title}"status":{},"detail":{}}}"#, status.as_str(), json(detail))
}

/// A string (RFC 8259 §7).
fn json(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => json += "\\\"",
            '\\' => json += "\\\\",
            '\n' => json += "\\n",
            '\r' => json += "\\r",
            '\t' => json += "\\t",
            c if c.is_control() => json += &format!("\\u{:04x}", u32::from(c)),
            c => json.push(c),
        }
    }
    json + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_json() {
        let unavailable = problem(StatusCode::SERVICE_UNAVAILABLE, "a \"b\" \\ \u{e4}\u{1f600}");
        assert_eq!(
            unavailable,
            "{\"type\":\"about:blank\",\"title\":\"Service Unavailable\",\"status\":503,\
             \"detail\":\"a \\\"b\\\" \\\\ \u{e4}\u{1f600}\"}"
        );
        assert_eq!(
            problem(StatusCode::from_u16(599).unwrap(), "\r\n\t\0\x1f\x7f"),
            r#"{"type":"about:blank","status":599,"detail":"\r\n\t\u0000\u001f\u007f"}"#
        );
    }

    #[test]
    fn a_login_page_has_a_form() {
        let (content_type, page) = page(&Body::LoginPage, StatusCode::OK);
        assert_eq!(content_type, "text/html; charset=utf-8");
        let page = str::from_utf8(&page).unwrap();
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<form") && page.ends_with("</html>\n"));
    }
}
