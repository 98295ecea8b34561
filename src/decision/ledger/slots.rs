//! What is known of many targets, apart as long as there is room.

use std::collections::BTreeMap;

use super::slot::Slot;
use crate::decision::target::Target;

/// What is known of many targets. New ones beyond the limit share one slot.
#[derive(Debug)]
pub(super) struct Slots {
    slots: BTreeMap<Target, Slot>,
    limit: usize,
    overflow: Slot,
}

impl Slots {
    pub(super) fn new(limit: usize) -> Self {
        Self { slots: BTreeMap::new(), limit, overflow: Slot::default() }
    }

    /// What is known of this target; room for it is made, if there is any.
    pub(super) fn of(&mut self, target: &Target) -> &mut Slot {
        if self.slots.len() < self.limit && !self.slots.contains_key(target) {
            self.slots.insert(target.clone(), Slot::default());
        }
        self.known(target)
    }

    /// What is known of this target, or else of all for which there was no room.
    pub(super) fn known(&mut self, target: &Target) -> &mut Slot {
        self.slots.get_mut(target).unwrap_or(&mut self.overflow)
    }

    /// What those for which there was no room share.
    pub(super) fn overflow(&self) -> &Slot {
        &self.overflow
    }

    /// Those that there was room for, in the order of their targets.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&Target, &Slot)> {
        self.slots.iter()
    }

    /// All of them.
    pub(super) fn values_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        self.slots.values_mut().chain([&mut self.overflow])
    }

    #[cfg(test)]
    pub(super) fn values(&self) -> impl ExactSizeIterator<Item = &Slot> {
        self.slots.values()
    }
}
