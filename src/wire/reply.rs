//! From a reply and its plan to what goes out: through hyper where it can, raw where it cannot.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::SystemTime;

use http::request::Parts;
use http::{HeaderValue, Response, Version, header};
use hyper::ext::ReasonPhrase;

use super::body::PlannedBody;
use super::chunks::Chunks;
use super::conn::Conn;
use super::h1::Settings;
use super::head::{Terms, head};
use super::hold::Then;
use super::message::Message;
use super::reader::Reader;
use super::takeover::Takeover;
use crate::decision::{Framing, Plan, StartLine, Step};
use crate::respond::{self, Reply, ReplyBody};

/// Performs a plan up to the head, and hands the rest to hyper.
///
/// Where the plan has no head, or a reply that hyper will not write, the driver takes over, and this never returns.
pub(crate) async fn send(
    conn: &Arc<Conn>,
    mut reply: Reply,
    plan: &Plan,
    request: &Parts,
    settings: &Settings,
) -> Response<PlannedBody> {
    let mut steps: VecDeque<Step> = plan.steps().iter().copied().collect();
    while let Some(Step::Wait(duration)) = steps.front() {
        tokio::time::sleep(*duration).await;
        steps.pop_front();
    }
    if !steps.contains(&Step::Head) && !steps.iter().any(|step| matches!(step, Step::HeadTo(_))) {
        return hand_over(conn, Takeover::rest(steps)).await;
    }
    // Nothing is waited for any more, but where bytes of the head are.
    respond::stamp(&mut reply, SystemTime::now());
    let framing = framing(plan, request.version);
    // hyper would say both `close` and `keep-alive` to an old client that asked to be kept.
    let contradicts = request.version < Version::HTTP_11 && says_close(&reply) && is_kept(request);
    if plan.is_raw() || contradicts || (reply.facts.has_body && framing == Framing::Close) {
        return hand_over(conn, raw(conn, reply, plan, framing, request, steps)).await;
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

/// How the end of the body is made known to a client of this version.
fn framing(plan: &Plan, version: Version) -> Framing {
    match plan.framing() {
        _ if *plan.form().start() == StartLine::None => Framing::Close,
        // HTTP/1.0 knows no chunks (RFC 9112 §7.1). hyper would fall back to the connection's end (§6.3 item 8) by itself,
        // but in doing so it declares HTTP/1.0, and keeps the connection if it was asked to.
        Framing::Chunked if version < Version::HTTP_11 => Framing::Close,
        framing => framing,
    }
}

/// Whether the connection may live on behind the reply (RFC 9112 §9.3).
fn is_kept(request: &Parts) -> bool {
    let options = request.headers.get_all(header::CONNECTION);
    let has = |option: &str| {
        let values = options.iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|value| value.trim().eq_ignore_ascii_case(option))
    };
    !has("close") && (request.version >= Version::HTTP_11 || has("keep-alive"))
}

/// A reply that hyper will not write.
fn raw(conn: &Conn, reply: Reply, plan: &Plan, framing: Framing, request: &Parts, steps: VecDeque<Step>) -> Takeover {
    let form = plan.form();
    let has_body = reply.facts.has_body;
    if framing != plan.framing() && plan.framing() == Framing::Chunked {
        conn.missed();
    }
    let ends = has_body && framing == Framing::Close;
    let keep = is_kept(request)
        && !ends
        && !says_close(&reply)
        && matches!(form.start(), StartLine::Proper | StartLine::Text(_));
    let len = plan.short_body().unwrap_or(reply.facts.len);
    let head = head(&reply, form, Terms { version: request.version, framing, len, keep }).unwrap_or_else(|other| {
        conn.missed();
        conn.note(format!("the head has {} bytes without a filler", other.len()));
        other
    });
    if !keep && (form.says_close() || plan.steps().contains(&Step::End) && plan.steps().last() == Some(&Step::Fin)) {
        // The connection is to be closed anyway, and says so.
        conn.missed();
    }
    let body = if has_body { reply.body } else { ReplyBody::Empty };
    let message = Message::new(head, reply.status.as_u16(), Reader::new(body, plan))
        .keep(keep, plan.text())
        .paced(form.head_pace());
    let message = match framing {
        Framing::Chunked if has_body => message.chunked(Chunks::new(form)),
        Framing::Close if has_body => message.until_close(),
        _ => message,
    };
    Takeover::raw(steps, if form.start().tells_status() { message } else { message.without_status() })
}

fn says_close(reply: &Reply) -> bool {
    reply.headers.get(header::CONNECTION).is_some_and(|value| value == "close")
}

/// The value of `Date` (RFC 9110 §6.6.1).
pub(super) fn now() -> String {
    httpdate::fmt_http_date(SystemTime::now())
}
