//! Bodies that are made up.

use flaky_server::FlakyServer;

use super::ask;
use crate::support::{Framing, Reply, Request, content, get, serve, settled};

fn server(script: &str) -> FlakyServer {
    serve(script, content(1000))
}

/// The reply to the first attempt, which the entry decides.
#[track_caller]
fn reply(entry: &str, request: &Request) -> Reply {
    let server = server(entry);
    let reply = ask(server.addr(), request);
    let exchange = settled(server.journal(), 1).remove(0);
    assert_eq!((exchange.plan.as_str(), exchange.applied, exchange.note), (entry, true, None));
    reply
}

/// The names of all headers, in order.
fn names(reply: &Reply) -> Vec<&str> {
    let mut names: Vec<&str> = reply.head.headers.iter().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names
}

#[test]
fn a_text_in_the_place_of_the_short_body() {
    let reply = reply("status=503 body=%00a%0D%0A%FF", &get("/f"));
    assert_eq!((reply.status(), reply.body.as_slice(), reply.complete), (503, &b"\0a\r\n\xff"[..], true));
    assert_eq!(reply.framing, Framing::Length(5));
    assert_eq!(reply.header("content-type"), Some("text/plain; charset=utf-8"));
    assert_eq!(names(&reply), ["content-length", "content-type", "date"]);
}

#[test]
fn any_status_with_any_body_and_any_headers() {
    let entry = "status=200 content-type=text/html body=<p>no%20file header-line=x-a:%201 header-line=x-b:%202";
    let reply = reply(entry, &get("/f"));
    assert_eq!((reply.status(), reply.text().as_str()), (200, "<p>no file"));
    assert_eq!(names(&reply), ["content-length", "content-type", "date", "x-a", "x-b"]);
    assert_eq!(
        [reply.header("content-type"), reply.header("x-a"), reply.header("x-b")],
        [Some("text/html"), Some("1"), Some("2")]
    );
}

#[test]
fn a_body_is_cut_and_framed_as_any_other() {
    let reply = reply("status=503 body=0123456789 framing=chunked truncate-after=50%", &get("/f"));
    assert_eq!((reply.framing, reply.body.as_slice(), reply.complete), (Framing::Chunked, &b"01234"[..], false));
}

#[test]
fn a_problem() {
    let reply = reply("status=429 problem=a%20%22b%22%0A%C3%A4", &get("/f"));
    let expected = "{\"type\":\"about:blank\",\"title\":\"Too Many Requests\",\"status\":429,\
                    \"detail\":\"a \\\"b\\\"\\n\u{e4}\"}";
    assert_eq!((reply.status(), reply.text().as_str()), (429, expected));
    assert_eq!(reply.header("content-type"), Some("application/problem+json"));
    assert_eq!(names(&reply), ["content-length", "content-type", "date"]);
}

#[test]
fn a_captive_portal_says_200_to_everything() {
    let requests = [
        get("/f"),
        get("/absent"),
        get("/f").range("bytes=500-"),
        get("/f").header("if-none-match", "*"),
        Request::new("POST", "/f").body(b"x"),
    ];
    let mut pages = requests.map(|request| {
        let page = reply("login-page", &request);
        assert_eq!((page.status(), page.complete), (200, true));
        assert_eq!(page.header("content-type"), Some("text/html; charset=utf-8"));
        assert_eq!(names(&page), ["content-length", "content-type", "date"]);
        page.body
    });
    assert!(pages[0].starts_with(b"<!DOCTYPE html>"));
    pages.sort_unstable();
    assert_eq!(pages.first(), pages.last());

    let head = reply("login-page", &Request::new("HEAD", "/f"));
    assert_eq!(head.header("content-length"), Some(pages[0].len().to_string().as_str()));
}

#[test]
fn an_honest_portal_says_511() {
    let reply = reply("status=511 login-page", &get("/f"));
    assert_eq!((reply.status(), reply.head.reason.as_str()), (511, "Network Authentication Required"));
    assert!(reply.text().contains("<form"));
}
