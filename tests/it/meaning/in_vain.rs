//! Terms that are planned, and make no difference: the journal does not say that they have happened.

use crate::support::{Raw, Request, content, get, serve, settled};

/// Checks the status, whether the plan has been applied, and which of its terms the note says are missed.
#[track_caller]
fn check(entry: &str, request: &[u8], status: u16, applied: bool, missed: Option<&str>) {
    let server = serve(entry, content(1000));
    let mut raw = Raw::connect(server.addr());
    raw.send(request);
    let method = if request.starts_with(b"OPTIONS") { "OPTIONS" } else { "GET" };
    assert_eq!(raw.reply(method).status(), status, "{entry}");
    let exchange = settled(server.journal(), 1).remove(0);
    let note = exchange.note.as_deref().and_then(|note| note.strip_prefix("not here: "));
    assert_eq!((exchange.applied, note), (applied, missed), "{entry}: {exchange:?}");
}

#[test]
fn a_refusal_is_not_the_reply_that_was_planned() {
    // No host, and HTTP/1.1 (RFC 9112 §3.2).
    let unhosted = b"GET /f HTTP/1.1\r\n\r\n";
    check("status=400", unhosted, 400, false, None);
    check("status=400 body=x retry-after=5s", unhosted, 400, false, None);
    check("status=400 retry-after-date=5s", unhosted, 400, false, None);
    check("content-type=a/b delay=1ms", unhosted, 400, false, Some("`content-type=a/b`"));
    check("status=400", &get("/f").to_bytes(), 400, true, None);
}

#[test]
fn what_is_said_already() {
    let get = get("/f").to_bytes();
    check("content-type=application/octet-stream", &get, 200, false, None);
    check("content-type=a/b", &get, 200, true, None);
    check("accept-ranges=bytes", &get, 200, false, None);
    check("revision=1", &get, 200, false, None);
    check("revision=1 delay=1ms", &get, 200, false, Some("`revision=1`"));
}

#[test]
fn where_there_is_no_fixture() {
    let other = Request::new("OPTIONS", "/f").to_bytes();
    check("revision=2", &other, 200, false, None);
    check("revision=2", &get("/none").to_bytes(), 404, false, None);
    check("revision=2", &get("/f").to_bytes(), 200, true, None);
}
