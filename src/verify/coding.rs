//! The content coding. Nothing else of the check knows it.

use std::io::{Read as _, Write as _};

use flate2::{Compression, bufread::GzDecoder, write::GzEncoder};

/// These bytes with the coding, in one of the ways that there are.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).expect("a vector takes all")
}

/// What was coded, and how long it is with the coding; `None` if that has no end yet, or is something else.
pub(super) fn gunzip(mut coded: &[u8]) -> Option<(Vec<u8>, usize)> {
    let len = coded.len();
    let mut plain = Vec::new();
    GzDecoder::new(&mut coded).read_to_end(&mut plain).ok()?;
    Some((plain, len - coded.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_found() {
        let coded = gzip(b"some bytes");
        let with_more = [&coded[..], b"HTTP/1.1"].concat();
        assert_eq!(gunzip(&with_more), Some((b"some bytes".to_vec(), coded.len())));
        assert_eq!(gunzip(&coded[..coded.len() - 1]), None);
        assert_eq!(gunzip(b"some bytes"), None);
        assert_eq!(gunzip(b""), None);
    }
}
