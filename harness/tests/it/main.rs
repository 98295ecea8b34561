//! One binary, one module for each capability.

mod random;
mod samples;
