//! A tar archive of two files, in the format of GNU tar, which all others read.

use super::{Noise, Payload};

/// Everything in an archive comes in these.
const RECORD: u64 = 512;

/// What the head of an archive takes: a header and a text, and the header of the data.
pub(super) const HEAD: u64 = 3 * RECORD;

/// The end of an archive: two records of zeros.
const END: u64 = 2 * RECORD;

/// The smallest archive has a record of data: another seed is to be another archive.
pub(super) const LEAST: u64 = HEAD + RECORD + END;

/// 2020-01-01, in UTC.
const MODIFIED: u64 = 1_577_836_800;

/// The longest name of the directory: room for the names in it.
const NAME: usize = 80;

/// The archive of exactly `len` bytes, at least [`LEAST`]. What does not fill a record follows behind the end of the
/// archive, as zeros: readers stop there.
pub(super) fn archive(name: &str, len: u64, noise: Noise) -> Payload {
    let behind = len % RECORD;
    let data = len - behind - HEAD - END;
    Payload { head: head(&directory(name), data), data, zeros: END + behind, noise }
}

/// The largest archive of whole records that has no more than `len` bytes.
pub(super) fn whole(len: u64) -> u64 {
    len - len % RECORD
}

fn head(directory: &str, data: u64) -> Vec<u8> {
    let text =
        format!("`data.bin` has {data} pseudo-random bytes. It was made to be downloaded, and for nothing else.\n");
    let mut head = header(&format!("{directory}/README.txt"), text.len() as u64).to_vec();
    head.extend_from_slice(text.as_bytes());
    head.resize(2 * RECORD as usize, 0);
    head.extend_from_slice(&header(&format!("{directory}/data.bin"), data));
    head
}

/// The directory in an archive of this name, such as `app` for `app.tar.gz`.
fn directory(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let end = [".tar.gz", ".tgz", ".tar"].iter().find_map(|end| lower.strip_suffix(end)).map_or(name.len(), str::len);
    let portable = |c: char| if c.is_ascii_alphanumeric() || "-._+".contains(c) { c } else { '_' };
    let name: String = name[..end].chars().take(NAME).map(portable).collect();
    if name.trim_matches('.').is_empty() { "data".to_owned() } else { name }
}

/// The header of a regular file: a `struct posix_header` with the magic of GNU tar.
fn header(name: &str, size: u64) -> [u8; RECORD as usize] {
    let mut header = [0; RECORD as usize];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, name.as_bytes());
    put(100, b"0000644\0");
    put(108, b"0000000\0");
    put(116, b"0000000\0");
    put(124, &number(size));
    put(136, &number(MODIFIED));
    put(148, b"        ");
    put(156, b"0");
    put(257, b"ustar  \0");
    put(265, b"root");
    put(297, b"root");
    // The sum is taken while blanks stand in its place.
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

/// Octal digits; what they cannot hold, from 8 GiB on, in base 256, with the highest bit set.
fn number(n: u64) -> [u8; 12] {
    let mut field = [0; 12];
    if n < 1 << 33 {
        field[..11].copy_from_slice(format!("{n:011o}").as_bytes());
    } else {
        field[0] = 0x80;
        field[4..].copy_from_slice(&n.to_be_bytes());
    }
    field
}

#[cfg(test)]
mod tests {
    use super::{HEAD, archive, directory, head, number};
    use crate::content::generated::Noise;

    #[test]
    fn directories_are_named_after_the_archive() {
        for (name, expected) in [
            ("app.tar.gz", "app"),
            ("APP.TGZ", "APP"),
            ("a-1.2+x_y.tar", "a-1.2+x_y"),
            ("ä b\\c.tar", "__b_c"),
            (".tar.gz", "data"),
            ("...tar", "data"),
            (&"x".repeat(200), &"x".repeat(80)),
        ] {
            assert_eq!(directory(name), expected, "{name}");
        }
    }

    #[test]
    fn sizes_beyond_8_gib() {
        assert_eq!(&number((1 << 33) - 1), b"77777777777\0");
        assert_eq!(number(1 << 33), [0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
        assert_eq!(number(u64::MAX)[4..], [0xff; 8]);
        assert_eq!(head(&"x".repeat(80), u64::MAX).len() as u64, HEAD);
    }

    #[test]
    fn headers_as_others_read_them() {
        for data in [512, 5 << 30, (1 << 33) - 512, 1 << 33, (1 << 40) + 512] {
            let payload = archive("app.tar", HEAD + data + 1024 + 3, Noise::new([0; 32]));
            let mut archive = tar::Archive::new(payload.head.as_slice());
            let mut entries = archive.entries().unwrap();
            let entry = entries.next().unwrap().unwrap();
            assert_eq!(entry.path().unwrap().to_str(), Some("app/README.txt"));
            drop(entry);
            let entry = entries.next().unwrap().unwrap();
            assert_eq!(entry.path().unwrap().to_str(), Some("app/data.bin"));
            let facts = entry.header();
            assert_eq!((entry.size(), facts.mode().unwrap(), facts.mtime().unwrap()), (data, 0o644, 1_577_836_800));
            assert_eq!(payload.zeros, 1024 + 3);
        }
    }
}
