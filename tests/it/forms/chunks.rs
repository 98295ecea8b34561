use super::{holds, holds_at_first};
use crate::support::{Raw, get, serve, settled};

const HEAD: &str = "head{-content-length; transfer-encoding: chunked}";

/// The last chunk's size line, and the trailer section behind it.
const TRAILER: &str = "flaky-trailer: of no use\\r\\n\\r\\n";

#[test]
fn chunks_of_any_size() {
    for (size, count) in [(1, 1000), (500, 2), (999, 1), (1000, 1), (1001, 1)] {
        let chunks: String =
            (0..count).map(|i| format!("chunk(body[{}..{}]) ", i * size, ((i + 1) * size).min(1000))).collect();
        let rest = if size == 999 { "chunk(body[999..]) " } else { "" };
        holds(&format!("chunk-size={size}"), &format!("GET {HEAD} {chunks}{rest}last-chunk open"));
    }
}

#[test]
fn a_cut_chunk_has_told_its_whole_size() {
    for (ending, wire) in [("truncate-after", "FIN"), ("reset-after", "RST"), ("stall-after", "silence")] {
        for (n, chunks) in [
            ("0", ""),
            ("1", "\"12c\\r\\n\" body[..1]"),
            ("299", "\"12c\\r\\n\" body[..299]"),
            ("300", "chunk(body[..300])"),
            ("30.1%", "chunk(body[..300]) \"12c\\r\\n\" body[300..301]"),
            ("end-1", "chunk(body[..300]) chunk(body[300..600]) chunk(body[600..900]) \"64\\r\\n\" body[900..999]"),
            ("end", "chunk(body[..300]) chunk(body[300..600]) chunk(body[600..900]) chunk(body[900..])"),
        ] {
            holds(&format!("chunk-size=300 {ending}={n}"), &format!("GET {HEAD} {chunks} {wire}"));
        }
    }
}

#[test]
fn a_stall_within_a_chunk_goes_on_in_it() {
    holds(
        "chunk-size=600 stall-after=50% stall-for=5ms",
        &format!(
            "GET {HEAD} \"258\\r\\n\" body[..500] ~5ms body[500..600] \"\\r\\n\" chunk(body[600..]) last-chunk open"
        ),
    );
}

#[test]
fn a_size_that_is_no_number() {
    for n in [1, 499, 500, 501, 999] {
        holds(
            &format!("bad-chunk-size={n}"),
            &format!("GET {HEAD} chunk(body[..{n}]) \"ZZZ\\r\\n\" body[{n}..] \"\\r\\n\" last-chunk open"),
        );
    }
    holds(
        "bad-chunk-size=50% chunk-size=400",
        &format!(
            "GET {HEAD} chunk(body[..400]) chunk(body[400..500]) \"ZZZ\\r\\n\" body[500..800] \"\\r\\n\" \
             chunk(body[800..]) last-chunk open"
        ),
    );
    holds("bad-chunk-size=50% reset-after=500", &format!("GET {HEAD} chunk(body[..500]) RST"));
    holds("bad-chunk-size=end", "GET head body open");
}

#[test]
fn extensions_have_their_size() {
    for (size, extension) in [(1, ";"), (6, ";flaky"), (7, ";flaky="), (8, ";flaky=x")] {
        holds(
            &format!("chunk-extension={size} chunk-size=500"),
            &format!(
                "GET {HEAD} \"1f4{extension}\\r\\n\" body[..500] \"\\r\\n\" \"1f4{extension}\\r\\n\" body[500..] \"\\r\\n\" \
                 \"0{extension}\\r\\n\\r\\n\" open"
            ),
        );
    }
}

#[test]
fn it_breaks_behind_each_byte_of_the_trailer_section() {
    let section = TRAILER.replace("\\r", "\r").replace("\\n", "\n");
    for n in 0..=section.len() {
        let sent = section[..n].replace('\r', "\\r").replace('\n', "\\n");
        let wire = format!("GET {HEAD} chunk(body) \"0\\r\\n{sent}\"");
        holds(&format!("truncate-in-trailer={n}"), &format!("{wire} FIN"));
        holds(&format!("reset-in-trailer={n}"), &format!("{wire} RST"));
    }
    holds("truncate-in-trailer=29", "GET head body open");
    holds(
        "stall-in-trailer=end-1",
        &format!("GET {HEAD} chunk(body) \"0\\r\\n{}\" silence", &TRAILER[..TRAILER.len() - 2]),
    );
}

#[test]
fn there_are_no_chunks_without_a_body() {
    for entry in ["chunk-size=5", "chunk-extension=5", "bad-chunk-size=0", "truncate-in-trailer=0"] {
        holds_at_first(entry, "HEAD head open");
    }
}

#[test]
fn parts_and_texts_come_in_chunks_as_well() {
    holds(
        "chunk-size=200",
        &format!("GET{{range: bytes=700-999}} {HEAD} chunk(body[700..900]) chunk(body[900..]) last-chunk open"),
    );
    let lines = "\"content-type: text/plain; charset=utf-8\"; transfer-encoding: chunked; -content-length; -etag; -last-modified; \
                 -accept-ranges";
    holds(
        "bad-chunk-size=50% status=503",
        &format!(
            "GET \"HTTP/1.1 503 Service Unavailable\\r\\n\" headers{{{lines}}} chunk(\"503 Service \") \"ZZZ\\r\\n\" \
             \"Unavailable\\n\" \"\\r\\n\" last-chunk open"
        ),
    );
}

#[test]
fn an_old_client_gets_none() {
    let server = serve("chunk-size=5 x*", &[b'x'; 100]);
    let reply = Raw::connect(server.addr()).ask(&get("/f").http10());
    assert!(reply.complete && reply.body == [b'x'; 100]);
    assert_eq!(reply.header("transfer-encoding"), None);
    let exchange = &settled(server.journal(), 1)[0];
    assert!(!exchange.applied && exchange.is_complete(), "{exchange:?}");
}
