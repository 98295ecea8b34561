//! The notation of the wire, in a few lines.

/// What is written, and what it is; more of it at [`Show`](crate::decision::Show).
pub(super) const LEGEND: [(&str, &str); 13] = [
    (
        "GET, HEAD, GET{range: bytes=500-}",
        "the client asks for a file of 1,000 bytes, with further header lines in braces",
    ),
    ("head, headers, head[..9]", "the head of the correct reply, the same without its status line, some bytes of it"),
    ("head{content-length: 500; -etag}", "the same with this line in the place of its own, and without that one"),
    ("body, body[..50%], body[500..]", "bytes of the file"),
    ("flipped[500..501], other[500..]", "the same inverted, and bytes of another file"),
    ("chunk(...), last-chunk, gzip(...)", "the same as a chunk, the end of chunks, the same with the content coding"),
    ("\"ZZZ\\r\\n\", \"x\"*10", "these bytes, and many of them"),
    ("reply(503){retry-after: 2}", "a whole reply with this status, and this line among others"),
    ("reply(503){retry-after: date(-1m/rfc850)}", "the same with a date that is so far away, written in this form"),
    ("~200ms", "what comes next does so no earlier than this long after the client asked"),
    ("RST, FIN", "the connection ends with a reset, in order"),
    ("silence", "it stays open, and nothing more comes"),
    ("open", "it stays open, and the next requests on it get correct replies"),
];
