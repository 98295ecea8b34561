//! Bytes with a head, noise behind it, and zeros at the end.

use super::Noise;

/// Bytes that are fixed at the start, noise behind it, and zero at the end.
#[derive(Clone, Debug)]
pub(super) struct Payload {
    pub(super) head: Vec<u8>,
    /// How many bytes of noise there are.
    pub(super) data: u64,
    /// How many bytes at the end are 0.
    pub(super) zeros: u64,
    pub(super) noise: Noise,
}

impl Payload {
    /// Noise alone.
    pub(super) fn noise(data: u64, noise: Noise) -> Self {
        Self { head: Vec::new(), data, zeros: 0, noise }
    }

    pub(super) fn len(&self) -> u64 {
        self.head.len() as u64 + self.data + self.zeros
    }

    /// Replaces `bytes`, which are zero, by those from `offset` on; the noise is combined with the mask.
    pub(super) fn fill(&self, offset: u64, mask: u8, bytes: &mut [u8]) {
        debug_assert!(offset + bytes.len() as u64 <= self.len(), "it lies within");
        let head = self.head.get(usize::try_from(offset).unwrap_or(usize::MAX)..).unwrap_or_default();
        let (fixed, rest) = bytes.split_at_mut(head.len().min(bytes.len()));
        fixed.copy_from_slice(&head[..fixed.len()]);
        let offset = offset + fixed.len() as u64;
        let left = (self.head.len() as u64 + self.data).saturating_sub(offset);
        let data = rest.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        self.noise.fill(offset, mask, &mut rest[..data]);
    }
}
