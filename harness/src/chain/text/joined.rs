//! Errors in one line: `could not install: gave up after 3 attempts: connection refused`.

/// The errors of a line, between which there is `: `.
///
/// Not inside of quotes and brackets; and an address or a path is no error, but belongs to the one before it.
pub(super) fn split(line: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    for piece in pieces(line) {
        match links.last_mut() {
            Some(last) if is_place(piece) => {
                last.push_str(": ");
                last.push_str(piece);
            }
            _ => links.push(piece.to_owned()),
        }
    }
    links
}

fn is_place(piece: &str) -> bool {
    piece.contains('/') && !piece.contains(char::is_whitespace)
}

fn pieces(line: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut depth = 0_usize;
    let mut quote: Option<u8> = None;
    let bytes = line.as_bytes();
    for (at, &byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'`') => quote = Some(byte),
            (None, b'(' | b'[' | b'{') => depth += 1,
            (None, b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            (None, b':') if depth == 0 && bytes.get(at + 1) == Some(&b' ') => {
                pieces.push(&line[start..at]);
                start = at + 2;
            }
            _ => {}
        }
    }
    if quote.is_some() || depth > 0 {
        // A quote or a bracket of no pair: they mean nothing here.
        return line.split(": ").map(str::trim).filter(|piece| !piece.is_empty()).collect();
    }
    pieces.push(&line[start..]);
    pieces.into_iter().map(str::trim).filter(|piece| !piece.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colons_join() {
        assert_eq!(split("a: b: c"), ["a", "b", "c"]);
        assert_eq!(
            split("dial tcp [::1]:80: connect: connection refused"),
            ["dial tcp [::1]:80", "connect", "connection refused"]
        );
        assert_eq!(split(""), [""; 0]);
    }

    #[test]
    fn quotes_and_brackets_keep_together() {
        assert_eq!(split("open `a: b`: no (in c: d)"), ["open `a: b`", "no (in c: d)"]);
        assert_eq!(split("it is 5\" wide: no"), ["it is 5\" wide", "no"]);
        assert_eq!(split("a (: b"), ["a (", "b"]);
    }

    #[test]
    fn an_address_is_no_error() {
        assert_eq!(
            split("failed to fetch: http://h/a: 503 Service Unavailable"),
            ["failed to fetch: http://h/a", "503 Service Unavailable"]
        );
        assert_eq!(split("http://h/a: 503"), ["http://h/a", "503"]);
    }
}
