//! Media types by file name.

use std::borrow::Cow;

/// What is said of bytes that nothing is known of (RFC 9110 §8.3).
const UNKNOWN: &str = "application/octet-stream";

/// The value of `Content-Type` for a file of this name.
///
/// Archives keep the type of their outermost layer, and never get a `Content-Encoding`: a client
/// that decoded it would store something else than what was published. Text is taken to be UTF-8.
pub(super) fn media_type(name: &str) -> Cow<'static, str> {
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension).to_ascii_lowercase();
    let guess = match extension.as_str() {
        // Registries serve crates as what they are.
        "crate" | "gz" | "tgz" => "application/gzip",
        "rpm" => "application/x-rpm",
        "tbz2" => "application/x-bzip2",
        "txz" => "application/x-xz",
        "tzst" | "zst" => "application/zstd",
        // A zip archive by its bytes, but what PyPI says.
        "whl" => UNKNOWN,
        other => mime_guess::from_ext(other).first_raw().unwrap_or(UNKNOWN),
    };
    if guess.starts_with("text/") { Cow::Owned(format!("{guess}; charset=utf-8")) } else { Cow::Borrowed(guess) }
}

#[cfg(test)]
mod tests {
    use super::media_type;

    #[track_caller]
    fn check(name: &str, expected: &str) {
        assert_eq!(media_type(name), expected, "{name}");
    }

    #[test]
    fn types_by_name() {
        check("app.tar.gz", "application/gzip");
        check("APP.TGZ", "application/gzip");
        check("log.gz", "application/gzip");
        check("serde-1.0.0.crate", "application/gzip");
        check("app.tar.zst", "application/zstd");
        check("app.tar.xz", "application/x-xz");
        check("app.tar", "application/x-tar");
        check("app.zip", "application/zip");
        check("pip-25.0-py3-none-any.whl", "application/octet-stream");
        check("a.rpm", "application/x-rpm");
        check("index.html", "text/html; charset=utf-8");
        check("notes.txt", "text/plain; charset=utf-8");
        check("data.json", "application/json");
        check("a.svg", "image/svg+xml");
        check("a.unheard-of", "application/octet-stream");
        check("gz", "application/octet-stream");
        check("", "application/octet-stream");
    }
}
