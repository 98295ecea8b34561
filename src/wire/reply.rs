//! From a reply and its plan to what goes out: through hyper where it can, raw where it cannot.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::SystemTime;

use bytes::{BufMut as _, Bytes, BytesMut};
use http::{HeaderValue, Response, Version, header};
use hyper::ext::ReasonPhrase;

use super::body::PlannedBody;
use super::conn::{Conn, Then};
use super::h1::Settings;
use super::reader::Reader;
use super::takeover::Takeover;
use crate::decision::{Framing, Plan, Step};
use crate::respond::{Reply, ReplyBody};

/// Performs a plan up to the head, and hands the rest to hyper.
///
/// Where the plan has no head, or a reply that hyper will not write, the driver takes over, and this never returns.
pub(crate) async fn send(
    conn: &Arc<Conn>,
    reply: Reply,
    plan: &Plan,
    version: Version,
    settings: &Settings,
) -> Response<PlannedBody> {
    let mut steps: VecDeque<Step> = plan.steps().iter().copied().collect();
    while let Some(Step::Wait(duration)) = steps.front() {
        tokio::time::sleep(*duration).await;
        steps.pop_front();
    }
    if steps.front() != Some(&Step::Head) {
        return hand_over(conn, Takeover::rest(steps)).await;
    }
    let has_body = reply.facts.has_body;
    // HTTP/1.0 knows no chunks (RFC 9112 §7.1); hyper would fall back to the connection's end by itself, but in doing
    // so it declares HTTP/1.0, and keeps the connection if it was asked to.
    let close = plan.framing() == Framing::Close || (plan.framing() == Framing::Chunked && version < Version::HTTP_11);
    if has_body && close {
        let head = raw_head(&reply, version);
        let reader = Reader::new(reply.body, plan);
        return hand_over(conn, Takeover::raw(steps, head, reader)).await;
    }
    steps.pop_front();
    response(conn, reply, plan, steps, settings)
}

fn response(
    conn: &Arc<Conn>,
    reply: Reply,
    plan: &Plan,
    steps: VecDeque<Step>,
    settings: &Settings,
) -> Response<PlannedBody> {
    let declared = plan.framing() == Framing::Length;
    let has_length = reply.has_length();
    let mut response = Response::new(());
    *response.status_mut() = reply.status;
    if reply.status.canonical_reason().is_none() {
        // It may be empty (RFC 9112 §4); hyper would write `<none>`.
        response.extensions_mut().insert(ReasonPhrase::from_static(b""));
    }
    *response.headers_mut() = reply.headers;
    let body = if reply.facts.has_body { reply.body } else { ReplyBody::Empty };
    if !reply.facts.has_body && declared && has_length {
        response
            .headers_mut()
            .insert(header::CONTENT_LENGTH, HeaderValue::from(plan.short_body().unwrap_or(reply.facts.len)));
    }
    let declared = declared || !reply.facts.has_body;
    let reader = Reader::new(body, plan);
    response.map(|()| PlannedBody::new(Arc::clone(conn), reader, steps, declared, settings.drain_deadline))
}

/// Lets hyper flush what it still has to say, then dismisses it, this future with it.
async fn hand_over(conn: &Conn, takeover: Takeover) -> Response<PlannedBody> {
    conn.hold(Then::TakeOver(Box::new(takeover)));
    std::future::pending().await
}

/// A head without any framing: the body ends with the connection (RFC 9112 §6.3 item 8). Its version is the one that
/// hyper would give it: HTTP/1.0 is answered in kind.
fn raw_head(reply: &Reply, version: Version) -> Bytes {
    let mut head = BytesMut::with_capacity(512);
    head.put_slice(if version < Version::HTTP_11 { b"HTTP/1.0 " } else { b"HTTP/1.1 " });
    head.put_slice(reply.status.as_str().as_bytes());
    head.put_slice(b" ");
    head.put_slice(reply.status.canonical_reason().unwrap_or("").as_bytes());
    head.put_slice(b"\r\n");
    for (name, value) in &reply.headers {
        head.put_slice(name.as_str().as_bytes());
        head.put_slice(b": ");
        head.put_slice(value.as_bytes());
        head.put_slice(b"\r\n");
    }
    head.put_slice(b"connection: close\r\ndate: ");
    head.put_slice(now().as_bytes());
    head.put_slice(b"\r\n\r\n");
    head.freeze()
}

/// The value of `Date` (RFC 9110 §6.6.1).
pub(super) fn now() -> String {
    httpdate::fmt_http_date(SystemTime::now())
}
