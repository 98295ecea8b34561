//! When faults happen, and who says so.

mod closures;
mod conditions;
mod replacement;
