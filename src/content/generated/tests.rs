//! Layouts as a whole: exact lengths, archives that unpack, parts that are those of the whole.

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use proptest::prelude::*;

use super::gzip::STORED;
use super::layout::TooSmall;
use super::{Generated, Layout, tar};
use crate::ByteSize;

/// The least length of each kind.
const KINDS: [(&str, u64); 4] = [("app.tar.gz", 3096), ("app.gz", 24), ("app.tar", 3072), ("app.bin", 0)];

fn layout(name: &str, len: u64) -> Result<Layout, TooSmall> {
    Layout::new(name, Generated::new(ByteSize::b(len)), [7; 32])
}

/// All bytes, as they come.
fn read(layout: &Layout, mask: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let more = layout.bytes(bytes.len() as u64, u64::MAX, mask);
        if more.is_empty() {
            return bytes;
        }
        bytes.extend_from_slice(&more);
    }
}

/// What is in a gzip file; the decoder compares checksum and length.
#[track_caller]
fn unzip(bytes: &[u8]) -> Vec<u8> {
    let mut unzipped = Vec::new();
    MultiGzDecoder::new(bytes).read_to_end(&mut unzipped).unwrap_or_else(|error| panic!("{}: {error}", bytes.len()));
    unzipped
}

/// The data in a tar archive, behind the text.
#[track_caller]
fn untar(bytes: &[u8]) -> Vec<u8> {
    let mut archive = ::tar::Archive::new(bytes);
    let mut entries = archive.entries().unwrap();
    let mut text = String::new();
    entries.next().unwrap().unwrap().read_to_string(&mut text).unwrap();
    let mut data = Vec::new();
    entries.next().unwrap().unwrap().read_to_end(&mut data).unwrap();
    assert!(entries.next().is_none());
    assert!(text.contains(&format!(" {} ", data.len())), "{text}");
    data
}

/// Lengths around everything that has a boundary.
fn lengths(least: u64) -> impl Iterator<Item = u64> {
    let near = |len: u64| len - 3..=len + 3;
    let around = [512, 1024, STORED, STORED + 5, 2 * STORED + 10].map(|step| near(least + step));
    (least..least + 5)
        .chain(around.into_iter().flatten())
        .chain((0..20).map(move |n| least + n * 8199))
        .chain(near(1 << 20))
        .chain([100_000, 1_000_000])
}

#[test]
fn lengths_are_exact_and_archives_unpack() {
    for (name, least) in KINDS {
        for len in lengths(least) {
            let layout = layout(name, len).unwrap();
            assert_eq!(layout.len(), len);
            let bytes = read(&layout, 0);
            assert_eq!(bytes.len() as u64, len, "{name}");
            match name {
                "app.tar.gz" => assert!(untar(&unzip(&bytes)).len() as u64 + 3096 > len - len / 6000 - 1200, "{len}"),
                "app.gz" => assert_eq!(unzip(&bytes).len() as u64, len - 23 - (len - 24) / (STORED + 5) * 5),
                "app.tar" => assert_eq!(untar(&bytes).len() as u64, len / 512 * 512 - 2560),
                _ => {}
            }
        }
    }
}

#[test]
fn there_is_a_least_length() {
    for (name, least) in KINDS {
        assert!(layout(name, least).is_ok(), "{name}");
        for len in [0, 1, least.saturating_sub(1)].into_iter().filter(|len| *len < least) {
            assert_eq!(layout(name, len).unwrap_err(), TooSmall { least }, "{name} {len}");
        }
    }
}

#[test]
fn kinds_follow_names_in_any_case() {
    for (name, least) in
        [("A.TGZ", 3096), ("A.Tar.Gz", 3096), (".tar.gz", 3096), ("a.GZ", 24), ("tar.gz", 24), ("gz", 0), ("a.zip", 0)]
    {
        assert_eq!(layout(name, 0).err().map_or(0, |too_small| too_small.least), least, "{name}");
    }
}

#[test]
fn a_mask_changes_all_data_and_leaves_an_archive() {
    for (name, least) in KINDS {
        for len in [least.max(1), 100_000] {
            let layout = layout(name, len).unwrap();
            let (first, second) = (read(&layout, 0), read(&layout, 3));
            assert_eq!(second.len() as u64, len);
            let data = |bytes: &[u8]| match name {
                "app.tar.gz" => untar(&unzip(bytes)),
                "app.gz" => unzip(bytes),
                "app.tar" => untar(bytes),
                _ => bytes.to_vec(),
            };
            let (first, second) = (data(&first), data(&second));
            let same = first.iter().zip(&second).filter(|(a, b)| a == b).count();
            // Seals may agree by chance.
            assert!(same <= first.len() / STORED as usize * 4, "{name} {len}: {same} of {}", first.len());
            assert!(!first.is_empty() && first.len() == second.len());
        }
    }
}

/// Beyond 4 GiB the length in the trailer wraps around; beyond 8 GiB the tar header has another form. Nothing of what
/// is between is needed: the CRC at the start of the last block follows from the seal of the one before.
#[test]
fn huge_archives_end_as_they_must() {
    for len in [(4 << 30) + 1, 9 << 30, (1 << 40) - 7, u64::MAX] {
        let layout = layout("app.tar.gz", len).unwrap();
        let tail = layout.bytes(len - 8, u64::MAX, 0);
        let (crc, size) = tail.split_at(4);
        // The whole file without its sealed blocks but the first and the last two.
        let head = layout.bytes(0, STORED, 0);
        let data =
            ::tar::Archive::new(&head[header_len(&head) + 5..]).entries().unwrap().nth(1).unwrap().unwrap().size();
        let tar_len = tar::HEAD + data + 1024;
        assert_eq!(size, (tar_len as u32).to_le_bytes(), "{len}");
        // Where the last block begins: all blocks before it are of the same length.
        let mut blocks = (tar_len - 3072) / STORED;
        let at = |block: u64| header_len(&head) as u64 + block * (STORED + 5);
        let kind = |block: u64| layout.bytes(at(block), at(block) + 1, 0)[0];
        while kind(blocks) == 0 {
            blocks += 1;
        }
        assert_eq!((kind(blocks), kind(blocks - 1)), (1, 0));
        let last = tar_len - blocks * STORED;
        assert_eq!(at(blocks) + 5 + last + 8, len, "{len}");
        let part = |from: u64, len: u64| {
            let mut bytes = Vec::new();
            while (bytes.len() as u64) < len {
                bytes.extend_from_slice(&layout.bytes(from + bytes.len() as u64, from + len, 0));
            }
            bytes
        };
        // A file with the last two blocks alone has the same checksum, if the first of them is sealed to itself.
        let before = part(at(blocks - 1) + 5, STORED);
        let mut hasher = crc32fast::Hasher::new_with_initial(!0);
        hasher.update(&before);
        assert_eq!(hasher.clone().finalize(), !0, "{len}");
        hasher.update(&part(at(blocks) + 5, last));
        assert_eq!(crc, hasher.finalize().to_le_bytes(), "{len}");
    }
}

fn header_len(bytes: &[u8]) -> usize {
    let comment = bytes[10..].iter().position(|&byte| byte == 0).unwrap();
    // There are readers that take no more.
    assert!(comment <= 511, "{comment}");
    10 + comment + 1
}

proptest! {
    #[test]
    fn any_part_is_that_of_the_whole(
        kind in 0..KINDS.len(),
        more in 0_u64..100_000,
        parts in prop::collection::vec((any::<u64>(), 0_u64..150_000), 1..10),
        mask in prop_oneof![Just(0), any::<u8>()],
    ) {
        let (name, least) = KINDS[kind];
        let layout = layout(name, least + more).unwrap();
        let whole = read(&layout, mask);
        for (offset, len) in parts {
            let offset = offset % (layout.len() + 2);
            let part = layout.bytes(offset, offset + len, mask);
            let end = (offset + len).min(layout.len());
            prop_assert!(!part.is_empty() || offset >= end);
            let expected = whole.get(offset as usize..).unwrap_or_default();
            prop_assert!(part.len() as u64 <= len && expected.starts_with(&part), "{} from {}", len, offset);
        }
    }

    #[test]
    fn no_length_panics(kind in 0..KINDS.len(), len: u64, shift in 0..64, back in 0_u64..100_000) {
        let len = len >> shift;
        if let Ok(layout) = layout(KINDS[kind].0, len) {
            prop_assert_eq!(layout.len(), len);
            prop_assert_eq!(layout.bytes(len.saturating_sub(back), u64::MAX, 0).is_empty(), len == 0 || back == 0);
        }
    }
}
